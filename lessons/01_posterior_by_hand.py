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

data = me.datasets.boelstad(seed=1)
rows = data.group == 0  # the first of 75 people
x, y = data.x[rows], data.y[rows]
SIGMA = 2.0  # the sd of the noise, taken as known in this lesson

for xi, yi in zip(x, y, strict=True):
    print(f"x = {xi:6.2f}   y = {yi:6.2f}")

# %% [markdown]
# ## Predict
#
# Before you run the next cell, sketch the five points on paper, draw the line you would bet on, and
# then two more lines you could still believe. How far apart are their intercepts? Write it down.
#
# ## The hill
#
# Bayes' rule on a grid. For each pair $(\alpha, \beta)$:
#
# $$\log p(\alpha, \beta \mid y) = \sum_i \log N(y_i \mid \alpha + \beta x_i, \sigma)
# + \log p(\alpha, \beta) + \text{const}.$$
#
# The prior here is flat, so the second term is a constant as well. We add *logarithms* and take the
# exponential only at the end; why, you will see in the box below.


# %%
def log_likelihood(alpha, beta):
    """Sum of log N(y_i | alpha + beta x_i, SIGMA), without the constant."""
    return sum(-0.5 * ((yi - alpha - beta * xi) / SIGMA) ** 2 for xi, yi in zip(x, y, strict=True))


alphas = np.linspace(-8.0, 11.0, 401)
betas = np.linspace(-11.0, 8.0, 401)
log_hill = log_likelihood(alphas[:, None], betas[None, :])  # (401, 401)

hill = np.exp(log_hill - log_hill.max())
hill /= hill.sum()  # probabilities of the grid points: they add up to 1

# %% [markdown]
# Everything you want to know is now a weighted sum over grid points: means, standard deviations, the
# probability of any statement.

# %%
alpha_weights, beta_weights = hill.sum(axis=1), hill.sum(axis=0)


def mean_and_sd(grid, weights):
    """Mean and sd of a distribution on grid points."""
    mean = (grid * weights).sum()
    return mean, np.sqrt(((grid - mean) ** 2 * weights).sum())


alpha_mean, alpha_sd = mean_and_sd(alphas, alpha_weights)
beta_mean, beta_sd = mean_and_sd(betas, beta_weights)
falling = beta_weights[betas < 0].sum()
print(f"alpha   mean {alpha_mean:6.3f}   sd {alpha_sd:.3f}   truth {data.truth.alpha[0]:.3f}")
print(f"beta    mean {beta_mean:6.3f}   sd {beta_sd:.3f}   truth {data.truth.beta[0]:.3f}")
print(f"probability that the line falls: {falling:.3f}")

# %% [markdown]
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
assert np.allclose([alpha_mean, beta_mean], exact_mean, atol=2e-3)
assert np.allclose([alpha_sd, beta_sd], exact_sd, atol=2e-3)

# %% [markdown]
# ## The figure worth keeping

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 4.2), layout="constrained")
rng = np.random.default_rng(1)
picks = rng.choice(hill.size, size=60, p=hill.ravel())
line_x = np.array([x.min() - 0.5, x.max() + 0.5])
for k in picks:
    i, j = np.unravel_index(k, hill.shape)
    left.plot(line_x, alphas[i] + betas[j] * line_x, color="0.75", linewidth=0.7, zorder=1)
left.plot(line_x, data.truth.alpha[0] + data.truth.beta[0] * line_x, color="#D55E00", label="truth")
left.plot(x, y, "o", color="#0072B2", label="observed")
left.set(xlabel="x", ylabel="y", title="60 lines drawn from the hill")
left.legend(frameon=False)
levels = hill.max() * np.exp(-0.5 * np.array([3.0, 2.0, 1.0]) ** 2)
right.contour(alphas, betas, hill.T, levels=levels, colors="#0072B2")
right.plot(data.truth.alpha[0], data.truth.beta[0], "o", color="#D55E00", label="truth")
right.set(
    xlim=(-4, 7),
    ylim=(-7, 4),
    xlabel=r"$\alpha$",
    ylabel=r"$\beta$",
    title="the hill, at 1, 2 and 3 sd",
)
right.legend(frameon=False)
plt.show()

# %% [markdown]
# > **What could go wrong: a product that is zero.**
# > The likelihood is a *product* of densities, and a product of many small numbers is exactly 0 in a
# > computer. With five observations nothing happens. With all 375 the product underflows, every grid
# > point gets probability 0/0, and the picture is empty. The sum of logarithms has no such trouble,
# > which is why every density in this toolkit returns a logarithm.

# %%
everyone = np.exp(-0.5 * ((data.y - 2.0 + 2.0 * data.x) / SIGMA) ** 2) / (
    SIGMA * np.sqrt(2 * np.pi)
)
print("product of 375 densities:", np.prod(everyone))
print("sum of their logarithms: ", np.log(everyone).sum().round(2))
assert np.prod(everyone) == 0.0

# %% [markdown]
# ## Modify
#
# Why do we not always do this? Count the grid points. For 2 numbers we evaluated the density at
# $401^2$ points. The model of lesson 03 has 155 unknown numbers.

# %%
print(f"grid points for 2 unknowns:   {401**2:,}")
print(f"grid points for 155 unknowns: 10^{155 * np.log10(401):.0f}")

# %% [markdown]
# No computer will ever draw that hill. What we need is a way to *walk* on it: lesson 02.
#
# ## Make
#
# 1. Give $\beta$ the prior $N(-2, 1)$, what lesson 03 will call the population. Add its logarithm to
#    `log_hill` and see where the hill moves. Is the mean nearer to the truth? Is that luck?
# 2. Take $\sigma$ as unknown between 0.5 and 6: a grid of three dimensions. Is $\alpha$ more or less
#    certain than before?
# 3. Find the coarsest grid on which the posterior means are still right to two digits.
#
# ## Sources
#
# The data: J. Bølstad (2018), *The Benefits of Bayesian Hierarchical Modeling*, boelstad.net.
# Bayes' rule on a grid: A. Gelman et al. (2013), *Bayesian Data Analysis*, 3rd edition, section 3.7.
