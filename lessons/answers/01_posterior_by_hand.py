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
# # Answers to 01 · A posterior you can draw by hand

# %%
import matplotlib.pyplot as plt
import numpy as np

import mcmc_edu as me

PERSON, SIGMA = 1, 2.0
data = me.datasets.boelstad(seed=1)
rows = data.group == PERSON
x, y = data.x[rows], data.y[rows]
truth = np.array([data.truth.alpha[PERSON], data.truth.beta[PERSON]])


def log_likelihood(alpha, beta, sigma=SIGMA):
    """Sum of log N(y_i | alpha + beta x_i, sigma), without constants; sigma may vary, too."""
    squares = sum((yi - alpha - beta * xi) ** 2 for xi, yi in zip(x, y, strict=True))
    return -0.5 * squares / sigma**2 - x.size * np.log(sigma)


def normalised(log_hill):
    hill = np.exp(log_hill - log_hill.max())
    return hill / hill.sum()


def mean_and_sd(grid, weights):
    mean = (grid * weights).sum()
    return mean, np.sqrt(((grid - mean) ** 2 * weights).sum())


# %% [markdown]
# ## 1 · A person whom the prior helps

# %%
alphas = np.linspace(-8.0, 12.0, 401)
betas = np.linspace(-20.0, 10.0, 401)
log_hill = log_likelihood(alphas[:, None], betas[None, :])
hills = {
    "flat prior": normalised(log_hill),
    "N(-2, 1) on beta": normalised(log_hill - 0.5 * (betas[None, :] + 2.0) ** 2),
}
means = {}
for label, hill in hills.items():
    (alpha, alpha_sd), (beta, beta_sd) = (
        mean_and_sd(alphas, hill.sum(axis=1)),
        mean_and_sd(betas, hill.sum(axis=0)),
    )
    means[label] = np.array([alpha, beta])
    print(
        f"{label:17s} alpha {alpha:5.2f} (sd {alpha_sd:.2f}), beta {beta:5.2f} (sd {beta_sd:.2f})"
    )
print(f"{'truth':17s} alpha {truth[0]:5.2f}           beta {truth[1]:5.2f}")

figure, ax = plt.subplots(figsize=(5.5, 4.5), layout="constrained")
for (label, hill), color in zip(hills.items(), ("#0072B2", "#009E73"), strict=True):
    ax.contour(alphas, betas, hill.T, levels=hill.max() * np.exp([-2.3, -0.7]), colors=color)
    ax.plot(*means[label], "+", color=color, markersize=12, label=label)
ax.plot(*truth, "o", color="#D55E00", label="truth")
ax.set(xlim=(-3, 7), ylim=(-11, 2), xlabel=r"$\alpha$", ylabel=r"$\beta$")
ax.legend(frameon=False, loc="lower right")
me.plots.show(
    figure,
    """Contours of the posterior of intercept and slope with a flat prior and with N(-2, 1) on the
    slope. The prior makes the hill shorter and moves it up the tilted ellipse, to the true slope.""",
)


# %%
def errors(data):
    """Errors of alpha and beta (person, 2), with a flat prior and with N(-2, 1) on beta."""
    x, y = data.x.reshape(75, 5), data.y.reshape(75, 5)
    X = np.stack([np.ones_like(x), x], axis=-1)  # (person, row, 2)
    precision = X.transpose(0, 2, 1) @ X / SIGMA**2
    shift = (X * y[:, :, None]).sum(axis=1)[:, :, None] / SIGMA**2
    prior, prior_shift = np.diag([0.0, 1.0]), np.array([[0.0], [-2.0]])
    true = np.column_stack([data.truth.alpha, data.truth.beta])
    without = np.linalg.solve(precision, shift)[:, :, 0]
    with_prior = np.linalg.solve(precision + prior, shift + prior_shift)[:, :, 0]
    return without - true, with_prior - true


def rms(errors):
    return np.sqrt((errors**2).mean(axis=0))


without, with_prior = errors(data)
nearer = (np.abs(with_prior) < np.abs(without)).sum(axis=0)
print(f"nearer to the truth with the prior: beta of {nearer[1]}, alpha of {nearer[0]} of 75")
for name, k in (("alpha", 0), ("beta", 1)):
    print(f"root mean squared error of {name:5s}: {rms(without)[k]:.2f}, ", end="")
    print(f"with the prior {rms(with_prior)[k]:.2f}")
counts, smaller = [], np.zeros(2)
for seed in range(1, 101):
    before, after = errors(me.datasets.boelstad(seed=seed))
    counts.append((np.abs(after) < np.abs(before)).sum(axis=0))
    smaller += rms(after) < rms(before)
print(f"100 such data sets: nearer, on average: beta {np.mean(counts, axis=0)[1]:.0f}, ", end="")
print(f"alpha {np.mean(counts, axis=0)[0]:.0f} of 75")
print(f"root mean squared error smaller: beta in {smaller[1]:.0f}, alpha in {smaller[0]:.0f}")

# %% [markdown]
# For this person the slope lands next to the truth, and that is luck; but the direction is not. The
# prior brings the slope nearer for most people, because it is where slopes come from. It says
# nothing about intercepts, and still it helps them: alpha and beta are correlated, so a reader who knows
# the slope better knows the intercept better. In these data the count does not show it, since fewer
# than half come nearer. But those who do gain more than the others lose, and in nearly all such
# data sets the error is smaller. A count asks how often, not how much.

# %% [markdown]
# ## 2 · Unknown noise

# %%
wide_alphas = np.linspace(-20.0, 25.0, 181)
wide_betas = np.linspace(-45.0, 35.0, 161)
sigmas = np.linspace(0.5, 6.0, 56)
grid = wide_alphas[:, None, None], wide_betas[None, :, None], sigmas[None, None, :]
log_cube = log_likelihood(*grid)
found = {}
for label, log_values in {
    "right": log_cube,
    "without -n log(sigma)": log_cube + x.size * np.log(grid[2]),
}.items():
    cube = normalised(log_values)
    alpha, alpha_sd = mean_and_sd(wide_alphas, cube.sum(axis=(1, 2)))
    mode = sigmas[cube.sum(axis=(0, 1)).argmax()]
    found[label] = alpha, alpha_sd, mode
    print(f"{label:22s}: alpha {alpha:.2f}, sd {alpha_sd:.2f}; most probable sigma {mode:.1f}")
known_sd = mean_and_sd(alphas, hills["flat prior"].sum(axis=1))[1]
print(f"with sigma known to be 2: sd of alpha {known_sd:.2f}")

# %% [markdown]
# Alpha is less certain than before: now the noise may be larger than 2, and five points cannot rule
# that out. Without the term, larger sigmas always fit better, and sigma runs to the end of its
# grid. If a parameter sits at an edge, suspect the density first.

# %% [markdown]
# ## 3 · The coarsest grid

# %%
X = np.column_stack([np.ones_like(x), x])
covariance = SIGMA**2 * np.linalg.inv(X.T @ X)
exact, exact_sd = covariance @ X.T @ y / SIGMA**2, np.sqrt(np.diag(covariance))
worst = {}
for n in range(6, 21):
    a, b = np.linspace(-8.0, 12.0, n), np.linspace(-20.0, 10.0, n)
    hill = normalised(log_likelihood(a[:, None], b[None, :]))
    off = [(a * hill.sum(axis=1)).sum() - exact[0], (b * hill.sum(axis=0)).sum() - exact[1]]
    worst[n] = np.max(np.abs(off))
    apart = np.array([a[1] - a[0], b[1] - b[0]]) / exact_sd
    print(f"{n:2d} points: off by {worst[n]:.4f}; apart, in sds, {apart.round(2)}")

# %% [markdown]
# Twelve points per axis are enough, more than one sd apart. For a smooth hill that has come down to
# nothing at the edges, a sum over a coarse grid is surprisingly exact: its errors cancel.
