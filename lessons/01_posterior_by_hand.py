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
# # 01 · A posterior you can draw by hand
#
# **You need** lesson 00. **It takes** about 15 minutes.
# **Afterwards you can** draw the posterior of two unknowns on a grid, read means, intervals and
# probabilities from it, and say why this stops at a handful of unknowns.
#
# **The question.** One person has been observed five times: five values of $x$, five of $y$, with a
# lot of noise. You believe that $y = \alpha + \beta x + \text{noise}$. What do five points tell you
# about $\alpha$ and $\beta$, and how sure may you be?
#
# You need no sampler for this. The posterior of two numbers is a hill over a plane, and a hill can
# be drawn point by point.

# %%
import matplotlib.pyplot as plt
import numpy as np

import mcmc_edu as me

SEED = 1  # another seed moves the numbers
PERSON = 1  # of 75 people, counted from 0
SIGMA = 2.0  # the sd of the noise, taken as known in this lesson

data = me.datasets.boelstad(seed=SEED)
rows = data.group == PERSON
x, y = data.x[rows], data.y[rows]
for xi, yi in zip(x, y, strict=True):
    print(f"x = {xi:6.2f}   y = {yi:6.2f}")

# %% [markdown]
# ## Predict
#
# Before you run the next cell, sketch the five points on paper and draw the line you would bet on.
# Its intercept $\alpha$ is its height at $x = 0$. Then draw the lowest and the highest line that
# you could still believe. Between which two intercepts would you bet, nine to one, that the true
# one lies?

# %%
my_guess = "?"  # write your guess between the quotes

# %% [markdown]
# ## The hill
#
# Bayes' rule on a grid, as in lesson 00. For each pair $(\alpha, \beta)$:
#
# $$\log p(\alpha, \beta \mid y) = \sum_i \log N(y_i \mid \alpha + \beta x_i, \sigma)
# + \log p(\alpha, \beta) + \text{const}.$$
#
# The prior here is flat, so the second term is a constant as well. We add *logarithms* and take the
# exponential only at the end; why, you will see in the box below.


# %%
def log_likelihood(alpha, beta):
    """Sum of log N(y_i | alpha + beta x_i, SIGMA), without constants, such as log(1 / SIGMA)."""
    return sum(-0.5 * ((yi - alpha - beta * xi) / SIGMA) ** 2 for xi, yi in zip(x, y, strict=True))


alphas = np.linspace(-8.0, 12.0, 401)
betas = np.linspace(-20.0, 10.0, 401)
log_hill = log_likelihood(alphas[:, None], betas[None, :])  # (401, 401)

hill = np.exp(log_hill - log_hill.max())
hill /= hill.sum()  # probabilities of the grid points: they add up to 1
edge = hill.sum() - hill[1:-1, 1:-1].sum()
print(f"probability at the edge of the grid: {edge:.0e} (if it is not tiny, widen the grid)")

# %% [markdown]
# Everything you want to know is now a weighted sum over grid points: means, standard deviations,
# intervals, the probability of any statement.

# %%
alpha_weights, beta_weights = hill.sum(axis=1), hill.sum(axis=0)


def mean_and_sd(grid, weights):
    """Mean and sd of a distribution on grid points."""
    mean = (grid * weights).sum()
    return mean, np.sqrt(((grid - mean) ** 2 * weights).sum())


alpha_mean, alpha_sd = mean_and_sd(alphas, alpha_weights)
beta_mean, beta_sd = mean_and_sd(betas, beta_weights)
low, high = np.interp([0.05, 0.95], alpha_weights.cumsum(), alphas)
falling = beta_weights[betas < 0].sum()
true_alpha, true_beta = data.truth.alpha[PERSON], data.truth.beta[PERSON]
print(f"you guessed {my_guess}; nine to one, alpha lies between {low:.2f} and {high:.2f}")
print(f"alpha   mean {alpha_mean:6.2f}   sd {alpha_sd:.2f}   truth {true_alpha:.2f}")
print(f"beta    mean {beta_mean:6.2f}   sd {beta_sd:.2f}   truth {true_beta:.2f}")
print(f"probability that the line falls: {falling:.3f}")

# %% [markdown]
# If your range was narrower, you were surer than five points by themselves allow. And look at the
# truth: for this person, the posterior mean of $\beta$ misses it by more than one sd. A posterior
# mean is not the truth. It is the middle of what five points leave possible.
#
# ## Investigate: is the drawing right?
#
# With a flat prior and known noise there is a formula to check against: the posterior is normal,
# its mean is the least-squares line, and its covariance is $\sigma^2 (X^\top X)^{-1}$.

# %%
X = np.column_stack([np.ones_like(x), x])
covariance = SIGMA**2 * np.linalg.inv(X.T @ X)
exact_mean = covariance @ X.T @ y / SIGMA**2
exact_sd = np.sqrt(np.diag(covariance))
print("exact  ", *np.round([exact_mean[0], exact_sd[0], exact_mean[1], exact_sd[1]], 3))
print("by hand", *np.round([alpha_mean, alpha_sd, beta_mean, beta_sd], 3))

# %% [markdown]
# ## The figure worth keeping
#
# Left, lines drawn at random from the hill. Right, the hill from above, with the smallest regions
# that hold 50, 90 and 99 % of the probability.


# %%
def height_that_holds(share):
    """The height of the hill above which this share of the probability lies."""
    heights = np.sort(hill.ravel())[::-1]
    return heights[np.searchsorted(heights.cumsum(), share)]


figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 4.2), layout="constrained")
rng = np.random.default_rng(SEED)
picks = rng.choice(hill.size, size=60, p=hill.ravel())
line_x = np.array([x.min() - 0.5, x.max() + 0.5])
for k in picks:
    i, j = np.unravel_index(k, hill.shape)
    left.plot(line_x, alphas[i] + betas[j] * line_x, color="0.75", linewidth=0.7, zorder=1)
left.plot(line_x, true_alpha + true_beta * line_x, color="#D55E00", label="truth")
left.plot(x, y, "o", color="#0072B2", label="observed")
left.set(xlabel="x", ylabel="y", title="60 lines drawn from the hill")
left.legend(frameon=False)
levels = [height_that_holds(share) for share in (0.99, 0.9, 0.5)]
lines = right.contour(alphas, betas, hill.T, levels=levels, colors="#0072B2")
right.clabel(lines, fmt=dict(zip(levels, ("99 %", "90 %", "50 %"), strict=True)), fontsize=8)
right.plot(*exact_mean, "+", color="#0072B2", markersize=10, label="posterior mean")
right.plot(true_alpha, true_beta, "o", color="#D55E00", label="truth")
right.set(
    xlim=exact_mean[0] + np.array([-4.5, 4.5]) * exact_sd[0],
    ylim=exact_mean[1] + np.array([-4.5, 4.5]) * exact_sd[1],
    xlabel=r"$\alpha$",
    ylabel=r"$\beta$",
    title="the hill: 50, 90 and 99 % inside",
)
right.legend(frameon=False, loc="upper left")
me.plots.show(
    figure,
    """Left, five points and 60 lines drawn from the posterior: they fan out, most of all where
    there are no points. Right, contours of the posterior of intercept and slope: a tilted
    ellipse. The truth is not in its middle, but near the contour that holds 50 %.""",
)

# %% [markdown]
# The hill is tilted: alpha and beta are correlated. Nearly all $x$ are negative, so a line with a
# higher intercept must be less steep to go through the same points.
#
# > **What could go wrong: a product that is zero.** The likelihood is a *product* of densities, and
# > a product of many small numbers is exactly 0 in a computer. With five observations nothing
# > happens. With all 375 of the 75 people the product is 0, every grid point gets probability 0/0,
# > and the picture is empty. The sum of logarithms has no such trouble, which is why every density
# > in this toolkit returns a logarithm.

# %%
everyone = np.exp(-0.5 * ((data.y - 2.0 + 2.0 * data.x) / SIGMA) ** 2) / (
    SIGMA * np.sqrt(2 * np.pi)
)
print("product of 375 densities:", np.prod(everyone))
print("sum of their logarithms: ", np.log(everyone).sum().round(2))

# %% [markdown]
# ## Modify
#
# Why do we not always do this? Count the grid points. For 2 numbers we evaluated the density at
# $401^2$ points. One model of lesson 03 has 155 unknown numbers.

# %%
print(f"grid points for 2 unknowns:   {401**2:,}")
print(f"grid points for 155 unknowns: 10^{155 * np.log10(401):.0f}")

# %% [markdown]
# No computer will ever draw that hill. What we need is a way to *walk* on it: lesson 02.
#
# ## Make
#
# 1. *A person whom the prior helps.* Give $\beta$ the prior $N(-2, 1)$, from which the 75 slopes
#    were in fact drawn: add its logarithm, `-0.5 * (betas[None, :] + 2.0) ** 2`, to `log_hill`.
#    Where do both means go? Is that luck? Do it for all 75 people, and count for how many the mean
#    of $\beta$ comes nearer to the truth, and for how many that of $\alpha$. Compare the root of
#    the mean squared error, too. (With the formula it is quick: add 1 to the lower right of
#    $X^\top X/\sigma^2$, and $-2$ to the second entry of $X^\top y/\sigma^2$.)
# 2. Take $\sigma$ as unknown, flat between 0.5 and 6: a grid of three dimensions. `log_likelihood`
#    left out the factor $1/\sigma$ of each of the $n$ densities, $-n \log\sigma$ in all, which does
#    not matter while $\sigma$ is fixed. Now it does: put it back (and see what happens without it).
#    Use a grid of $\alpha$ from −20 to 25 and of $\beta$ from −45 to 35. Is $\alpha$ more or less
#    certain than before?
# 3. Find the fewest grid points per axis, on the ranges of this lesson, with which both posterior
#    means are still within 0.01 of the exact ones. How far apart are these points, in posterior
#    sds?
#
# The grader examines `log_likelihood`: `.venv/bin/mcmc-edu exercises start log_likelihood` writes
# a file to begin with, and `.venv/bin/mcmc-edu exercises check log_likelihood.py` says what is
# wrong with yours.
#
# ## Sources
#
# The data: J. Bølstad (2018), *The Benefits of Bayesian Hierarchical Modeling*, boelstad.net.
# Bayes' rule on a grid: A. Gelman et al. (2013), *Bayesian Data Analysis*, 3rd edition, section
# 3.7.
