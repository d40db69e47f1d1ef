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
# **The question.** 75 people, five noisy observations each, and every person has a line of their own:
# $y_{ij} = \alpha_i + \beta_i x_{ij} + \text{noise}$. We want all 75 lines. Should each be estimated
# from the person's own five points? From everybody's? Or is there something in between?
#
# The data come from a blog post by Jørgen Bølstad, and because it fixed R's random seed, we have its
# 375 observations to the last bit, *and the true lines they were made from*. So we can keep score.

# %%
import matplotlib.pyplot as plt
import numpy as np

import mcmc_edu as me
from mcmc_edu.models import textbook

data = me.datasets.boelstad(seed=1)
print(f"{data.y.size} observations of {data.groups} people, mean of y {data.y.mean():.6f}")
print(
    f"spread of the true intercepts {data.truth.alpha.std():.2f}, of the slopes "
    f"{data.truth.beta.std():.2f}; noise 2.00"
)

# %% [markdown]
# ## Three models that share everything but the prior
#
# Open `mcmc_edu/models/textbook.py` beside this lesson; it is written to be read. All three log
# posteriors end in the same call of `log_likelihood`. They differ in what is believed about the lines
# beforehand:
#
# | | prior on the lines | in words |
# |---|---|---|
# | complete pooling | all lines are one line | everybody is the same |
# | no pooling | $\alpha_i, \beta_i \sim U(-100, 100)$ | no person says anything about another |
# | partial pooling | $\alpha_i \sim N(\mu_\alpha, \sigma_\alpha)$, $\beta_i \sim N(\mu_\beta, \sigma_\beta)$ | people are a population |
#
# The last is the only one that *learns* how alike people are: $\sigma_\alpha$ and $\sigma_\beta$ are
# unknowns too. At $\sigma_\alpha = \sigma_\beta = 0$ it is the first model, at $\infty$ the second.

# %%
observations = textbook.observations(data)
n = data.groups
lines = np.r_[data.truth.alpha, data.truth.beta]  # evaluate all three at the truth
of_none = textbook.no_pooling(np.r_[lines, 2.0], observations)
of_partial = textbook.partial_pooling(np.r_[lines, 2.0, -2.0, 1.0, 1.0, 2.0], observations)
likelihood = textbook.log_likelihood(data.truth.alpha, data.truth.beta, 2.0, observations)
print(f"log likelihood {likelihood:9.3f}")
print(f"no pooling     {of_none:9.3f}   its prior adds {of_none - likelihood:9.3f}")
print(f"partial        {of_partial:9.3f}   its prior adds {of_partial - likelihood:9.3f}")

# %% [markdown]
# ## Predict
#
# We will compare the estimates with the truth by their root mean squared error. Two of the three can
# be had without any sampling, for with a flat prior the posterior mean is the least-squares line.
#
# Rank the three models from best to worst, for the intercepts and for the slopes. Most people who
# have not met this before say that no pooling must be best, as it alone lets everybody be themselves.

# %%
report = me.comparison.demonstration(seed=1)
for method in ("least squares", "post's run, replayed"):
    for row in report.rows:
        if row.method == method:
            print(
                f"{row.model:9s} {method:20s} RMSE of alpha {row.rmse_alpha:.3f}, "
                f"of beta {row.rmse_beta:.3f}"
            )

# %% [markdown]
# Look at the exact rows first. Believing that everybody is *the same*, which is false, beats believing
# that everybody stands alone. Five noisy points are too few to trust: the noise that a
# person's own estimate picks up costs more than ignoring the person altogether.

# %%
complete, none = report.row("complete", "least squares"), report.row("none", "least squares")
assert complete.rmse_alpha < none.rmse_alpha
assert complete.rmse_beta < none.rmse_beta

# %% [markdown]
# ## The figure worth keeping
#
# Each person twice: where they are (open) and where the model puts them (filled), tied by a line.
# No pooling scatters the estimates far beyond the truth; complete pooling collapses them to a
# point; partial pooling draws the wild ones in, the wildest most. That movement is called *shrinkage*.

# %%
report.plot()
plt.show()

# %% [markdown]
# ## Investigate: shrinkage by hand
#
# Where does the movement come from? Keep the population fixed at mean $\mu$ and sd $\tau$, and look at
# one number $\theta$ with an estimate $\hat\theta$ of standard error $s$. The posterior mean is a
# compromise, weighted by precision:
#
# $$E[\theta \mid \hat\theta] = w\,\hat\theta + (1 - w)\,\mu, \qquad w = \frac{\tau^2}{\tau^2 + s^2}.$$
#
# No machine needed. With the intercepts' true population we can shrink the 75 least-squares
# estimates ourselves:

# %%
sigma, mu, tau = 2.0, 2.0, 1.0
standard_error = np.empty(n)
for j in range(n):
    x = data.x[data.group == j]
    spread = ((x - x.mean()) ** 2).sum()
    standard_error[j] = sigma * np.sqrt(1 / x.size + x.mean() ** 2 / spread)
weight = tau**2 / (tau**2 + standard_error**2)
shrunk = weight * none.alpha + (1 - weight) * mu
print(f"weights of people's own data: from {weight.min():.2f} to {weight.max():.2f}")
print(f"RMSE of alpha, own data only: {none.rmse_alpha:.3f}")
print(f"RMSE of alpha, shrunk by hand: {me.comparison.rmse(shrunk, data.truth.alpha):.3f}")
assert me.comparison.rmse(shrunk, data.truth.alpha) < min(none.rmse_alpha, complete.rmse_alpha)

# %% [markdown]
# > **What could go wrong: which of its numbers does N take?**
# > We wrote $\mu \sim N(0, 3)$ and meant a standard deviation of 3. Statistics texts often mean a
# > *variance*, and BUGS and JAGS a *precision* (1/variance). Copying a model from one to the other
# > changes the prior and nothing complains. Always say which.

# %%
for meaning, sd in (("sd", 3.0), ("variance", np.sqrt(3.0)), ("precision", 1 / np.sqrt(3.0))):
    relative = np.exp(-0.5 * (2.0 / sd) ** 2)
    print(
        f"3 as {meaning:9s}: sd {sd:.3f}, the density at the true mean 2 is {relative:.4f} of its peak"
    )

# %% [markdown]
# ## Modify
#
# How much does pooling gain when people are observed more often? Predict first: at 50 observations
# each, which of the two estimates without sampling is better?

# %%
for count in (5, 10, 50):
    many = me.comparison.demonstration(seed=1, observations=count)
    pooled, own = many.row("complete", "least squares"), many.row("none", "least squares")
    print(f"{count:3d} observations: complete {pooled.rmse_alpha:.3f}, none {own.rmse_alpha:.3f}")
assert own.rmse_alpha < pooled.rmse_alpha

# %% [markdown]
# ## One question is left
#
# The rows called "post's run, replayed" are the two Metropolis chains that the post runs in R. We have
# run them again just now, with the same random numbers, so their errors are the post's to the last digit
# shown. Here is everything that the report knows about them:

# %%
print(report)

# %% [markdown]
# The last column says not to trust either of them. For no pooling we know the exact answer, and
# the post's chain misses it:

# %%
post = report.row("none", "post's run, replayed")
print(
    f"no pooling, RMSE of alpha: exact {none.rmse_alpha:.3f}, the post's chain {post.rmse_alpha:.3f}"
)
assert post.rmse_alpha > none.rmse_alpha
assert round(post.rmse_alpha, 6) == 1.228333  # as the post's code prints in R

# %% [markdown]
# So a part of the difference that the post shows between its models is not shrinkage at all: it is the
# error of a chain that had not arrived. How big a part? *Should we have trusted it, and how could
# we have known?* That is lesson 04.
#
# ## Make
#
# 1. Save data of your own as a CSV file with the columns `y, x, group` and run
#    `mcmc-edu shrinkage --data yours.csv`. Without a known truth, what can the figure still tell you?
# 2. Make people more alike: `me.datasets.simulate(sigma_alpha=0.2, sigma_beta=0.2, seed=1)`, then
#    `me.comparison.shrinkage`. Which model should win now? And with `sigma_alpha=5`?
# 3. Shrink the slopes by hand as well, and estimate $\tau$ from the data instead of taking the truth:
#    the variance of the estimates is about $\tau^2$ plus the mean of their squared standard errors.
#
# ## Sources
#
# J. Bølstad (2018), *The Benefits of Bayesian Hierarchical Modeling*, boelstad.net: the data, two of
# the three models, the sampler and the idea of the figure. Shrinkage with known population:
# A. Gelman et al. (2013), *Bayesian Data Analysis*, 3rd edition, section 5.4.
