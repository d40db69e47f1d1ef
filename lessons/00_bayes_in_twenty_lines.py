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
# # 00 · Bayes in twenty lines
#
# **You need** linear regression. **It takes** about 20 minutes.
# **Afterwards you can** multiply a prior by a likelihood on a grid, read a posterior and its 90 %
# interval, and say what a prior does with few and with many data.
#
# **The question.** A regression gives you a slope and its standard error. You would like to say how
# probable it is that the slope is positive, or that it lies between 1 and 3. The regression does
# not say that. What has to be added so that you may?

# %%
import matplotlib.pyplot as plt
import numpy as np

import mcmc_edu as me

SEED = 1  # another seed moves the numbers
TRUTH = 2.0  # points gained per hour of practice: we made the data, so we know
SIGMA = 6.0  # the sd of the noise, taken as known in this lesson

# %% [markdown]
# ## What you know already
#
# Students practise some hours more or less than usual (`hours`, 0 is usual), and gain points in a
# test. We say that $\text{gain} = \beta \cdot \text{hours} + \text{noise}$. So there is one
# unknown, the slope $\beta$. We have made 400 students, but for now only six have been observed.
# Least squares:

# %%
rng = np.random.default_rng(SEED)
noise = SIGMA * rng.standard_normal(400)
hours = rng.uniform(-4.0, 4.0, 400)
gain = TRUTH * hours + noise


def least_squares(x, y):
    """The slope and its standard error."""
    return (x * y).sum() / (x * x).sum(), SIGMA / np.sqrt((x * x).sum())


estimate, error = least_squares(hours[:6], gain[:6])
print(f"six students: slope {estimate:.2f}, standard error {error:.2f}")

# %% [markdown]
# The standard error is about *other data*. If the experiment were repeated many times, the
# estimates would scatter around the true slope with this standard deviation (sd). We want a
# statement about *the slope*, given the data that we have.
#
# ## What has to be added
#
# Write down what you believe about the slope *before* you see these data: the **prior**. Here is a
# sceptic's, who has seen many ways of practising: most do little, so $\beta \sim N(0, 1)$.
#
# For each possible slope, ask how well it predicts the data: the **likelihood**, $p(y \mid \beta)$.
# Multiply the two, and divide by the sum, so that the probabilities add up to 1. The result is the
# **posterior**, what you believe afterwards:
#
# $$p(\beta \mid y) = \frac{p(\beta)\, p(y \mid \beta)}{\text{sum over all slopes}}.$$
#
# That is Bayes' rule.
#
# ## Predict
#
# The sceptic says 0, give or take 1. The six students say what is printed above. Where will the
# mean of the posterior be: nearer to the prior or to the estimate? Will its sd be larger or smaller
# than both? And with all 400 students?

# %%
my_guess = "?"  # write your guess between the quotes

# %% [markdown]
# ## Twenty lines
#
# The possible slopes are the points of a grid. All of Bayes is in `posterior`; the rest reads it.
# (Why `- log_likelihood.max()`? With many data every likelihood is so small that the computer takes
# it for 0. So we divide all of them by the largest, which cancels when the weights are made to add
# up to 1.)

# %%
slopes = np.linspace(-10.0, 10.0, 4001)
sceptic = np.exp(-0.5 * slopes**2)
flat = np.ones_like(slopes)


def posterior(prior, x, y):
    """Probabilities of the slopes on the grid, given the data."""
    residuals = y - slopes[:, None] * x  # one row per slope, one column per student
    log_likelihood = -0.5 * ((residuals / SIGMA) ** 2).sum(axis=1)
    weights = prior * np.exp(log_likelihood - log_likelihood.max())
    return weights / weights.sum()


def describe(weights):
    """Mean, sd and 90 % interval."""
    mean = (slopes * weights).sum()
    sd = np.sqrt(((slopes - mean) ** 2 * weights).sum())
    low, high = np.interp([0.05, 0.95], weights.cumsum(), slopes)
    return mean, sd, low, high


for who, prior in {"flat": flat, "sceptic": sceptic}.items():
    for n in (6, 400):
        weights = posterior(prior, hours[:n], gain[:n])
        mean, sd, low, high = describe(weights)
        print(f"{who:7s} n {n:3d}: mean {mean:.2f}, sd {sd:.2f}, 90 % in [{low:.2f}, {high:.2f}]")

# %%
few, many = (describe(posterior(sceptic, hours[:n], gain[:n])) for n in (6, 400))
print(f"you guessed {my_guess}; the sceptic's mean is {few[0]:.2f} with 6, {many[0]:.2f} with 400")

# %% [markdown]
# Three things to see.
#
# - With the **flat prior**, which gives every slope the same weight, the posterior has the mean and
#   the sd that least squares call estimate and standard error.
# - With **few data** the prior pulls: the sceptic's mean lies between 0 and the estimate. Its sd is
#   smaller than both the prior's and the standard error, because two sources know more than one.
# - With **many data** the prior hardly matters: the two posteriors are nearly the same.
#
# ## How to read a posterior
#
# The *posterior mean* is the average of all slopes, each weighted by its probability. The
# *posterior sd* says how far from it the slope may be. The *90 % interval* leaves 5 % of the
# probability below it and 5 % above. For any other question, add up the weights:

# %%
weights = posterior(sceptic, hours[:6], gain[:6])
positive = weights[slopes > 0].sum()
print(f"sceptic, 6 students: the slope is positive with probability {positive:.2f}")

# %% [markdown]
# ## The figure worth keeping

# %%
figure, axes = plt.subplots(1, 2, figsize=(9.5, 3.6), layout="constrained")
for ax, n in zip(axes, (6, 400), strict=True):
    for label, weights, color, style in (
        ("prior", sceptic / sceptic.sum(), "#999999", "--"),
        ("likelihood", posterior(flat, hours[:n], gain[:n]), "#E69F00", "-."),
        ("posterior", posterior(sceptic, hours[:n], gain[:n]), "#0072B2", "-"),
    ):
        ax.plot(slopes, weights / (slopes[1] - slopes[0]), style, color=color, label=label)
    ax.axvline(TRUTH, color="black", linewidth=0.8, linestyle=":", label="truth")
    ax.set(xlim=(-3.5, 7.0), ylim=0, xlabel=r"slope $\beta$", title=f"{n} students")
axes[0].set_ylabel("density")
axes[0].legend(frameon=False)
me.plots.show(
    figure,
    """Prior, likelihood and posterior of the slope, left with 6 students, right with 400. Left, the
    posterior lies between prior and likelihood and is narrower than both. Right, posterior and
    likelihood are one narrow peak near the true slope.""",
)

# %% [markdown]
# The prior is N(0, 1). The likelihood is drawn so that its area is 1, too.
#
# ## Investigate: is it right?
#
# For a normal prior there is a formula. Say *precision* for 1/sd². Precisions add up, and the mean
# is the average of the prior's mean and the estimate, weighted by their precisions.

# %%
of_prior, of_data = 1 / 1.0**2, 1 / error**2
exact_mean = (of_prior * 0.0 + of_data * estimate) / (of_prior + of_data)
exact_sd = 1 / np.sqrt(of_prior + of_data)
print(
    f"formula: mean {exact_mean:.4f}, sd {exact_sd:.4f}; grid: mean {few[0]:.4f}, sd {few[1]:.4f}"
)

# %% [markdown]
# A second check needs no formula, and says what a posterior *is*. Make a million worlds. In each,
# nature draws a slope from the prior, and six students with our hours give an estimate. Keep the
# worlds whose estimate is like ours. Where are *their* slopes?

# %%
worlds = rng.normal(0.0, 1.0, 1_000_000)  # a slope each
estimates = worlds + error * rng.standard_normal(worlds.size)
like_ours = np.abs(estimates - estimate) < 0.05
posterior_holds = np.mean((worlds[like_ours] > few[2]) & (worlds[like_ours] < few[3]))
half_width = 1.645 * error  # of the 90 % confidence interval around an estimate
confidence_everywhere = np.mean(np.abs(worlds - estimates) < half_width)
confidence_holds = np.mean(np.abs(worlds[like_ours] - estimate) < half_width)
print(f"worlds like ours: {like_ours.sum()}, mean slope {worlds[like_ours].mean():.2f}")
chance = np.sqrt(0.9 * 0.1 / like_ours.sum())  # standard error of such a share
print(
    f"90 % posterior interval: has the slope in {posterior_holds:.1%} of the worlds like ours "
    f"(give or take {chance:.1%})"
)
print(f"90 % confidence interval: in {confidence_everywhere:.0%} of all worlds, each its own,")
print(f"                          in {confidence_holds:.0%} of the worlds like ours")

# %% [markdown]
# This is the difference between the two intervals.
#
# - A *confidence interval* is a recipe. Of all the intervals that it makes, in all experiments,
#   90 % have the true slope inside. It says nothing about the one interval in your hand: among the
#   worlds like ours, far fewer than 90 % have it inside.
# - A *posterior interval* is about your data: given them, the slope is inside with probability
#   90 %. It pays for that with a prior. If nature does not draw slopes as the prior says, the 90 %
#   are not right.
#
# With a flat prior the two intervals have the same ends here. So it may seem that you can do without
# a prior. But a flat prior, too, says something about the slope.
#
# ## Flat is not "no information"
#
# Flat from −10 to 10 says that nine times out of ten an hour moves the test by more than one point,
# up or down. Do you believe that? And flat in one unit is not flat in another. Somebody reads a
# page in 1 to 10 minutes, so 0.1 to 1 page a minute. "I know nothing" can be said in two ways:

# %%
minutes = rng.uniform(1.0, 10.0, 100_000)  # flat in minutes per page
pages = rng.uniform(0.1, 1.0, 100_000)  # flat in pages per minute
slow_by_minutes, slow_by_pages = np.mean(minutes > 5.0), np.mean(pages < 1 / 5.0)
print("how probable is it that the reader needs more than 5 minutes a page?")
print(f"flat in minutes: {slow_by_minutes:.0%}; flat in pages: {slow_by_pages:.0%}")

# %% [markdown]
# The two say different things about the same reader. There is no way to say nothing. So choose a
# prior that you can defend, and try another one to see how much hangs on it.
#
# ## Modify
#
# Take an enthusiast, who believes in $N(4, 1)$. How many students does it take until the two agree?

# %%
enthusiast = np.exp(-0.5 * (slopes - 4.0) ** 2)
gaps = {}
for n in (3, 6, 25, 100, 400):
    no, yes = (describe(posterior(p, hours[:n], gain[:n]))[0] for p in (sceptic, enthusiast))
    gaps[n] = yes - no
    print(f"n {n:3d}: sceptic {no:5.2f}, enthusiast {yes:5.2f}, apart {gaps[n]:.2f}")

# %% [markdown]
# > **What could go wrong: a prior of zero.** "Practice can do harm or nothing, but no good." As a
# > prior, that is zero for all positive slopes. Zero times anything is zero, so no data will ever
# > change this mind. The program reports no error, and the sd is small.

# %%
stubborn = np.where(slopes <= 0.0, sceptic, 0.0)
mean, sd, low, high = describe(posterior(stubborn, hours, gain))
print(f"stubborn, 400 students: mean {mean:.3f}, sd {sd:.3f}, 90 % in [{low:.3f}, {high:.3f}]")

# %% [markdown]
# The whole posterior leans against the wall at 0. When yours does that, look at the prior (or, if
# the wall is the end of the grid, widen the grid).
#
# ## Make
#
# 1. *Today's posterior is tomorrow's prior.* Take the sceptic's posterior after the first six
#    students as the prior for the next six. Compare mean and sd with what you get from all twelve
#    at once.
# 2. Give the sceptic's opinion other sds, 0.1, 0.3, 1, 3 and 10, and keep the six students. At
#    which sd is the posterior mean half of the estimate? The formula with the precisions can tell
#    you beforehand.
# 3. Another unknown: 7 of 10 students pass. What is the chance $p$ that the next one does? Put a
#    grid on $p$ between 0 and 1, without 0 and 1 themselves; the likelihood is $p^7 (1-p)^3$. Find
#    the posterior mean with a prior that is flat in $p$, then with $1/(p(1-p))$, which is flat in
#    $\log(p/(1-p))$. (Exact: 8/12 and 7/10.)
#
# ## Sources
#
# Bayes' rule on a grid: R. McElreath (2020), *Statistical Rethinking*, 2nd edition, chapters 2 and
# 3. Known variance and normal prior: A. Gelman et al. (2013), *Bayesian Data Analysis*, 3rd
# edition, section 2.5. What confidence intervals do not say: R. D. Morey et al. (2016),
# *Psychonomic Bulletin & Review* 23, 103-123.
