# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     name: python3
# ---

# %% [markdown]
# # 03 · One likelihood, three priors
#
# **You need** lessons 01 and 02, and matrices times vectors. **It takes** about 55 minutes.
# **Afterwards you can** choose between no, complete and partial pooling, shrink an estimate by
# hand, and say what shrinkage costs, what it saves and when it stops to matter.
#
# **The question.** 75 people, five noisy observations each, and every person has a line of their
# own: $y_i = \alpha_j + \beta_j x_i + \text{noise}$ for observation $i$ of person $j$. We want all
# 75 lines. Should each be estimated from the person's own five points? From everybody's? Or is
# there something in between?
#
# The data come from a blog post by Jørgen Bølstad. It fixed the seed of R's random numbers, so we
# have its 375 observations to the last bit, *and the true lines they were made from*. So we can
# keep score.

# %%
import matplotlib.pyplot as plt
import numpy as np

import mcmc_edu as me

SEED = 1  # another seed moves the numbers
data = me.datasets.boelstad(seed=SEED)
truth, n = data.truth, data.groups
print(f"{data.y.size} observations of {n} people, mean of y {data.y.mean():.6f}")
print(
    f"spread of the true intercepts {truth.alpha.std():.2f}, of the slopes {truth.beta.std():.2f}; "
    "noise 2.00"
)

# %% [markdown]
# ## Three models that share everything but the prior
#
# Open `mcmc_edu/models/textbook.py` beside this lesson; it is written to be read. All three log
# posteriors end in the same call of `log_likelihood`. They differ in what is believed about the
# lines beforehand:
#
# | | prior of the lines | in words |
# |---|---|---|
# | complete pooling | one $\alpha$ and one $\beta$ for all, each $U(-100, 100)$ | everybody is the same |
# | no pooling | $\alpha_j, \beta_j \sim U(-100, 100)$ | no person says anything about another |
# | partial pooling | $\alpha_j \sim N(\mu_\alpha, \sigma_\alpha)$, $\beta_j \sim N(\mu_\beta, \sigma_\beta)$; $\mu_\alpha, \mu_\beta \sim N(0, 3)$; $\sigma_\alpha, \sigma_\beta \sim U(0, 10)$ | people are a population |
#
# In all three the noise has $\sigma \sim U(0, 10)$. The second number of $N$ is a standard
# deviation.
#
# Only the last model *learns* how alike people are: $\sigma_\alpha$ and $\sigma_\beta$ are
# unknowns, too. At $\sigma_\alpha = \sigma_\beta = 0$ it is the first model (but for the prior of
# the one line), and the larger they are, the nearer it comes to the second.

# %% [markdown]
# ## Predict
#
# We estimate every line by its posterior mean, and measure the distance from the truth by the root
# mean squared error (RMSE) over the 75 people.
#
# `me.exact` finds the posterior means without a chain, so they have no Monte Carlo error. Under the
# two flat priors they are the lines of least squares: one line through all points, or one line for
# each person. Under partial pooling there are 155 unknowns, too many for a grid (lesson 01). But
# only the three standard deviations need one; given these, all else follows by formula, the 150
# lines included.
#
# Rank the three models from best to worst, for the intercepts.

# %%
my_guess = "?"  # write your guess between the quotes

# %%
words = {"complete": "complete pooling", "none": "no pooling", "partial": "partial pooling"}
answers = {pooling: me.exact(data, pooling=pooling) for pooling in words}
rmse_alpha, rmse_beta = {}, {}
for pooling, answer in answers.items():
    rmse_alpha[pooling] = me.comparison.rmse(np.broadcast_to(answer["alpha"].mean, n), truth.alpha)
    rmse_beta[pooling] = me.comparison.rmse(np.broadcast_to(answer["beta"].mean, n), truth.beta)
    print(
        f"{words[pooling]:17s} RMSE of the intercepts {rmse_alpha[pooling]:.3f}, "
        f"of the slopes {rmse_beta[pooling]:.3f}"
    )
print(f"you guessed {my_guess}; best to worst: {', '.join(sorted(rmse_alpha, key=rmse_alpha.get))}")

# %% [markdown]
# Partial pooling is best. Look at the other two. Here, believing that everybody is *the same*,
# which is false, beats believing that everybody stands alone. Five noisy points are few: the noise
# that a person's own estimate picks up costs more than ignoring the person altogether.
#
# That was one data set. Is it luck? Least squares costs nothing, so let us ask a hundred data sets
# from the same generator.


# %%
def own_lines(x, y):
    """Least squares for each person: x and y have shape (people, points), lines (people, 2)."""
    from_mean = x - x.mean(axis=1, keepdims=True)
    slope = (from_mean * y).sum(axis=1) / (from_mean**2).sum(axis=1)
    return np.column_stack([y.mean(axis=1) - slope * x.mean(axis=1), slope])


def error(lines, truth):
    """RMSE of intercepts and of slopes; lines of shape (people, 2), or (2,) for one line."""
    return np.sqrt(((lines - np.column_stack([truth.alpha, truth.beta])) ** 2).mean(axis=0))


wins = np.zeros(2)
for seed in range(SEED, SEED + 100):
    other = me.datasets.boelstad(seed=seed)
    x, y = other.x.reshape(n, 5), other.y.reshape(n, 5)
    one_line = own_lines(x.reshape(1, -1), y.reshape(1, -1))[0]
    wins += error(one_line, other.truth) < error(own_lines(x, y), other.truth)
print(f"complete beats no pooling in {wins[0]:.0f} of 100 for intercepts, {wins[1]:.0f} for slopes")

# %% [markdown]
# For the slopes it is nearly always so, in 98 of 100; for the intercepts in 75 of 100. The post's
# data (seed 1) are typical, but they are no law: with the next seeds, 2, 3 and 4, the order of the
# intercepts is reversed.
#
# ## The figure worth keeping
#
# Each arrow is a person. It starts where no pooling puts the line (open) and ends where partial
# pooling puts it (filled). That movement is called *shrinkage*.

# %%
alone, pooled = (
    np.column_stack([answers[pooling]["alpha"].mean, answers[pooling]["beta"].mean])
    for pooling in ("none", "partial")
)
partial = answers["partial"]
center = np.array([partial["mu_alpha"].mean, partial["mu_beta"].mean])
sds = np.array([partial["sigma_alpha"].mean, partial["sigma_beta"].mean])
figure, ax = plt.subplots(figsize=(7.5, 6.5), layout="constrained")
me.plots.shrinkage_arrows(alone, pooled, center, np.diag(sds**2), ax)
ax.axvline(center[0], color="0.8", linewidth=0.8, zorder=0)
ax.axhline(center[1], color="0.8", linewidth=0.8, zorder=0)
me.plots.show(
    figure,
    "Intercept against slope of 75 people, an arrow each from no pooling to partial pooling. All "
    "arrows point inwards, to the ellipses of the estimated population, whose mean is where the thin "
    "lines cross; the longest start farthest out.",
)

# %% [markdown]
# The ellipses show the population that the model has learnt. The wildest estimates move most. But
# two people who start equally far out do not move equally far, and some arrows point past the mean.
# Why?
#
# ## Investigate: shrinkage by hand
#
# Keep the population fixed at mean $\mu$ and sd $\tau$, and look at one number $\theta$ with an
# estimate $\hat\theta$ of standard error $s$. The posterior mean is a compromise, weighted by
# precision:
#
# $$E[\theta \mid \hat\theta] = w\,\hat\theta + (1 - w)\,\mu, \qquad w = \frac{\tau^2}{\tau^2 + s^2}.$$
#
# With the intercepts' true population, mean 2 and sd 1, we can shrink the 75 estimates ourselves:

# %%
x, y = data.x.reshape(n, 5), data.y.reshape(n, 5)
sigma, mu, tau = 2.0, 2.0, 1.0
from_mean = x - x.mean(axis=1, keepdims=True)
s = sigma * np.sqrt(1 / 5 + x.mean(axis=1) ** 2 / (from_mean**2).sum(axis=1))
weight = tau**2 / (tau**2 + s**2)
by_hand = me.comparison.rmse(weight * alone[:, 0] + (1 - weight) * mu, truth.alpha)
print(f"weights of people's own data: from {weight.min():.2f} to {weight.max():.2f}")
print(f"RMSE of alpha, own data only:  {rmse_alpha['none']:.3f}")
print(f"RMSE of alpha, shrunk by hand: {by_hand:.3f}")
print(f"RMSE of alpha, full model:     {rmse_alpha['partial']:.3f}")

# %% [markdown]
# Each person has a weight of their own. It depends on where the five $x$ happened to lie, because
# some people's points determine a line better than others'.
#
# But here, with seed 1, our one-line formula beats the full model! Is the model bad? No: we told
# the formula $\mu$, $\tau$ and $\sigma$, and the model has to learn them from the same 375 numbers.
# Let us separate the two, and shrink intercept and slope together. Instead of one weight there are
# four numbers, a 2 × 2 matrix $W$: how far an unusual intercept, or an unusual slope, of a person's
# own line is believed, and how far each tells about the other. It compares two spreads, of people
# and of errors: with $\Sigma$ the population's covariance and $V$ that of a person's own estimate,
#
# $$E[\theta \mid \hat\theta] = \mu + W (\hat\theta - \mu), \qquad W = \Sigma\,(\Sigma + V)^{-1}.$$


# %%
def matrices(x, sds, sigma):
    """W of each person, shape (people, 2, 2)."""
    X = np.stack([np.ones_like(x), x], axis=-1)  # (people, points, 2)
    V = sigma**2 * np.linalg.inv(X.transpose(0, 2, 1) @ X)
    population = np.diag(np.square(sds))
    return population @ np.linalg.inv(population + V)


def shrink(lines, x, mean, sds, sigma):
    """Pull each person's own line (people, 2) to the population's mean, by a matrix each."""
    W = matrices(x, sds, sigma)
    return mean + (W @ (lines - mean)[..., np.newaxis])[..., 0]


true_mean, true_sds = np.array([2.0, -2.0]), np.array([1.0, 1.0])
print("W of the first person (rows: new intercept, slope; columns: own intercept, slope):")
print(matrices(x, true_sds, 2.0)[0].round(2))
told = shrink(alone, x, true_mean, true_sds, 2.0)
learnt = shrink(alone, x, center, sds, partial["sigma"].mean)
told_alpha, learnt_alpha = error(told, truth)[0], error(learnt, truth)[0]
print(f"RMSE of alpha, matrix, the true population:       {told_alpha:.3f}")
print(f"RMSE of alpha, matrix, the population as learnt:  {learnt_alpha:.3f}")
print(
    f"sd of the intercepts: population 1.00, these 75 people {truth.alpha.std():.2f}, "
    f"learnt {sds[0]:.2f} ± {partial['sigma_alpha'].sd:.2f}"
)

# %% [markdown]
# With the true population the matrix does better still. If a person's five $x$ are not centred on
# 0, an error in the slope goes with an error in the intercept. The weight cannot use that, the
# matrix does, and that is why some arrows point past the mean.
#
# With the population that the model has learnt, the same matrix gives nearly the full model's RMSE.
# So the difference is the price of learning. Here the model believes that the intercepts are more
# alike than they are, and pulls too hard. Is that typical? Ten data sets:

# %%
prices = []
for seed in range(SEED, SEED + 10):
    other = me.datasets.boelstad(seed=seed)
    x_other = other.x.reshape(n, 5)
    own = own_lines(x_other, other.y.reshape(n, 5))
    told_error = error(shrink(own, x_other, true_mean, true_sds, 2.0), other.truth)[0]
    full_error = me.comparison.rmse(me.exact(other)["alpha"].mean, other.truth.alpha)
    prices.append(full_error - told_error)
print("price of learning, RMSE of alpha:", *(f"{price:.3f}" for price in prices))

# %% [markdown]
# No: the post's data (seed 1) pay the highest price of the ten. Usually it is a few hundredths or
# less, and 75 people are enough to learn a population from.
#
# > **What could go wrong: which of its numbers does N take?**
# > We write $N(0, 2)$ for the noise and mean a standard deviation of 2. Statistics texts often mean a
# > *variance*, and BUGS and JAGS a *precision* (1/variance). Copying a model from one to the other
# > changes it, and nothing complains. A test on our populations would not notice either: their sd of
# > 1 is the same number all three ways. The noise does notice.

# %%
misread = {}
for meaning, sd in (("sd", 2.0), ("variance", np.sqrt(2.0)), ("precision", 1 / np.sqrt(2.0))):
    lines = shrink(alone, x, true_mean, true_sds, sd)
    misread[meaning] = error(lines, truth)[0]
    print(f"2 as {meaning:9s}: sd of the noise {sd:.2f}, RMSE of alpha {misread[meaning]:.3f}")

# %% [markdown]
# ## Modify: more observations
#
# What does pooling gain when people are observed more often? Do no and partial pooling become the
# same? (*Asymptotically* the same, one says.) Keep the 75 true lines, and give everybody 5, 50 or
# 500 points.
#
# Predict: from 5 to 500 points, by what factor does the error of no pooling fall? And the distance
# between the two models' estimates?

# %%
my_second_guess = "?"  # write your guess between the quotes

# %%
points = np.array([5, 50, 500])
full = {"no pooling": [], "complete": [], "distance": []}
for m in points:
    more = me.datasets.boelstad(seed=SEED, observations=int(m))
    estimates = {pooling: me.exact(more, pooling=pooling)["alpha"].mean for pooling in answers}
    full["no pooling"].append(me.comparison.rmse(estimates["none"], truth.alpha))
    full["complete"].append(me.comparison.rmse(np.full(n, estimates["complete"]), truth.alpha))
    full["distance"].append(me.comparison.rmse(estimates["none"], estimates["partial"]))
labels = ("RMSE of no pooling", "RMSE of complete pooling", "distance, no to partial")
print(f"{'intercepts, points each':24s}", *(f"{m:7d}" for m in points))
for label, values in zip(labels, full.values(), strict=True):
    print(f"{label:24s}", *(f"{value:7.4f}" for value in values))
fall = {name: values[0] / values[-1] for name, values in full.items()}
print(
    f"you guessed {my_second_guess}; the error of no pooling falls by {fall['no pooling']:.0f}, "
    f"the distance from partial pooling by {fall['distance']:.0f}"
)

# %% [markdown]
# With $m$ points each, the error of no pooling falls roughly like $1/\sqrt m$, the distance like
# $1/m$. So yes, asymptotically they are the same: the distance vanishes even faster than the error
# that both of them have. The prior counts once, the observations count $m$ times. Complete pooling
# never gets better: more points do not make a false belief true.
#
# A *mean squared error*, the square of an RMSE, is the sum of two parts. *Bias*, squared: where the
# estimates of one person lie on average, compared with the truth. *Variance*: how they scatter
# about that average. To see them apart we need many data sets of the same 75 people. We observe
# them 400 times, with new noise at the same $x$. (For partial pooling we use the matrix with the
# true population, which is fast.)

# %%
rng = np.random.default_rng(SEED)
true_lines = np.column_stack([truth.alpha, truth.beta])
repeats = 400
parts = {}  # (model, m): squared bias and variance of the intercepts, mean of the 75 people
print("points  model             squared bias  variance      sum")
for m in points:
    x_m = me.datasets.boelstad(seed=SEED, observations=int(m)).x.reshape(n, m)
    expected = true_lines[:, :1] + true_lines[:, 1:] * x_m
    errors = {"no pooling": [], "partial pooling": []}
    for _ in range(repeats):
        own = own_lines(x_m, expected + 2.0 * rng.standard_normal((n, m)))
        both = own, shrink(own, x_m, true_mean, true_sds, 2.0)
        for found, lines in zip(errors.values(), both, strict=True):
            found.append(lines[:, 0] - truth.alpha)
    for model, found in errors.items():
        variance = np.var(found, axis=0, ddof=1).mean()
        squared_bias = (np.mean(found, axis=0) ** 2).mean() - variance / repeats  # less its noise
        parts[model, m] = max(squared_bias, 0.0), variance
        print(f"{m:6d}  {model:16s}  {parts[model, m][0]:12.5f}  {variance:8.5f}", end="")
        print(f"  {sum(parts[model, m]):7.5f}")

# %%
figure, ax = plt.subplots(figsize=(7.0, 4.2), layout="constrained")
for model, color in (("no pooling", "#D55E00"), ("partial pooling", "#0072B2")):
    bias, variance = np.array([parts[model, m] for m in points]).T
    ax.loglog(points, variance, "-o", color=color, label=f"variance, {model}")
    if model == "partial pooling":
        ax.loglog(points, bias, "--s", color=color, label=f"squared bias, {model}")
ax.set_xticks(points, labels=points)
ax.minorticks_off()
ax.set_xlabel("observations per person")
ax.set_ylabel("part of the mean squared error")
ax.legend(frameon=False)
me.plots.show(
    figure,
    "Squared bias and variance of the intercepts, averaged over 75 people, against 5, 50 and 500 "
    "observations, both axes logarithmic. The variances of the two models become equal; the squared "
    "bias of partial pooling falls twice as steeply.",
)

# %% [markdown]
# No pooling has no bias, and a large variance. Partial pooling *buys* a small variance with a bias:
# it pulls unusual people too far in, every time. At 5 points that is a very good bargain. From 50
# to 500 points the variance falls to about a tenth, but the squared bias to about a hundredth. (No
# pooling has no line of squared bias, because a logarithmic axis has no 0.)
#
# ## One question is left
#
# The post did not use formulas. It ran a Metropolis chain for each of its two models, 10 000 steps,
# and threw the first 2000 away as warm-up (lesson 02). `me.comparison.demonstration` makes the data
# of above and fits the three models in every way we have: by formula or integral, by chains of
# ours, and by the post's own two chains, run again with the same random numbers. Then it puts the
# errors into one table, with a verdict on whether to trust each row. (NUTS is the sampler of lesson
# 07.)

# %%
report = me.comparison.demonstration(seed=SEED)
print(report)

# %% [markdown]
# The last column says not to trust the post's chains. For no pooling we know the exact answer,
# 0.967, and the chain misses it: 1.228. So a part of the difference that the post shows between its
# models is not shrinkage at all. It is the error of a chain that had not arrived. How big a part?
# *Should we have trusted it, and how could we have known?* That is lesson 04.
#
# ## Make
#
# 1. Shrinkage is good for the 75 together. Is it good for each? Count the people whose intercept is
#    farther from the truth after partial pooling than before. Which people tend to be among them?
# 2. Make people more alike: `me.datasets.simulate(sigma_alpha=0.2, sigma_beta=0.2, seed=SEED)`, then
#    `me.comparison.shrinkage`. Which model should win now? And with `sigma_alpha=5, sigma_beta=5`?
# 3. Shrink intercepts and slopes by hand, each with its own weight, and estimate $\mu$ and $\tau$ from
#    the data (keep the noise's 2): the variance of the estimates is about $\tau^2$ plus the mean of
#    their squared standard errors. Does it beat no pooling?
# 4. Data of your own have no known truth. Hide it (`dataclasses.replace(data, truth=None)`) and call
#    `me.comparison.shrinkage` and the report's `plot()`. What can they still tell, and what not?
#
# The grader examines `log_prior_no_pooling`, `log_prior_partial_pooling`, `rmse` and `shrink`:
# `.venv/bin/mcmc-edu exercises start log_prior_no_pooling` writes a file to begin with, and
# `.venv/bin/mcmc-edu exercises check log_prior_no_pooling.py` says what is wrong with yours.
#
# ## Sources
#
# J. Bølstad (2018), *The Benefits of Bayesian Hierarchical Modeling*, boelstad.net: the data, two
# of the three models, the sampler and the idea of the figure; the arrows: T. Mahr (2017), *Plotting
# partial pooling in mixed-effects models*, tjmahr.com. Shrinkage with known population: A. Gelman
# et al. (2013), *Bayesian Data Analysis*, 3rd edition, section 5.4.
