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
# # Answers to 02 · Metropolis in twelve lines

# %%
import math

import numpy as np

import mcmc_edu as me

data = me.datasets.boelstad(seed=1)
rows = data.group == 1
x, y = data.x[rows], data.y[rows]
X = np.column_stack([np.ones_like(x), x])
covariance = 4.0 * np.linalg.inv(X.T @ X)
exact_mean, exact_sd = covariance @ X.T @ y / 4.0, np.sqrt(np.diag(covariance))


def log_posterior(theta, data):
    """Log density of (alpha, beta), flat prior, noise of known sd 2; up to a constant."""
    x, y = data
    total = 0.0
    for i in range(x.size):
        z = (y[i] - theta[0] - theta[1] * x[i]) / 2.0
        total -= 0.5 * z * z
    return total


# %% [markdown]
# ## 1 · The posterior is stationary
#
# All walkers at once, one row each.

# %%
rng = np.random.default_rng(1)
walkers = 40_000
before = rng.multivariate_normal(exact_mean, covariance, walkers)
proposals = before + 6.0 * rng.standard_normal(before.shape)


def heights(points):
    """Log density of many points, a row each."""
    return -0.5 * (((y - points[:, :1] - points[:, 1:] * x) / 2.0) ** 2).sum(axis=1)


accepted = np.log(rng.random(walkers)) < heights(proposals) - heights(before)
after = np.where(accepted[:, None], proposals, before)
sds, errors = {}, {}
for label, points in {
    "before": before,
    "after": after,
    "accepted only": proposals[accepted],
}.items():
    sds[label] = points[:, 1].std()
    errors[label] = sds[label] / math.sqrt(2 * len(points))
    print(f"{label:13s}: sd of beta {sds[label]:.3f}, give or take {errors[label]:.3f}")
print(f"exact        : {exact_sd[1]:.3f}")

# %% [markdown]
# One step leaves the spread as it was: as many walkers came to each place as left it. The accepted
# ones alone are spread too widely. From the top nearly every step leads down, so walkers there are
# refused most often, and leaving out the refusals leaves out the top.

# %% [markdown]
# ## 2 · A proposal that is not symmetric


# %%
def log_gamma(theta):
    return 2.0 * math.log(theta) - theta


def walk(corrected, rng, n=100_000):
    theta, draws = 3.0, []
    for _ in range(n):
        proposal = theta * math.exp(0.5 * rng.standard_normal())
        log_ratio = log_gamma(proposal) - log_gamma(theta)
        if corrected:
            log_ratio += math.log(proposal / theta)  # q(there -> here) / q(here -> there)
        if math.log(rng.random()) < log_ratio:
            theta = proposal
        draws.append(theta)
    return np.array(draws)


left_as_it_is, with_ratio = walk(False, rng), walk(True, rng)
for label, draws in (("as it is", left_as_it_is), ("with ratio", with_ratio)):
    error = me.mcse_mean(draws[None, :])
    print(f"{label:10s}: mean {draws.mean():.3f}, give or take {error:.3f} (target 3)")

# %% [markdown]
# Without the correction the mean is 2: the chain samples Gamma(2, 1). A factor up covers a wide
# stretch, the same factor down a narrow one, so each place below is proposed more often than each
# place above. What is missing is Hastings' ratio, which makes up for it.

# %% [markdown]
# ## 3 · The best step

# %%
effective, shares = {}, {}
for c in (0.5, 1.0, 1.5, 2.0, 2.4, 3.0, 4.0, 6.0):
    found = me.sample(
        log_posterior,
        exact_mean,
        data=(x, y),
        sampler=me.Metropolis(covariance=c**2 / 2 * covariance),
        draws=20_000,
        seed=1,
        progress=False,
    )
    shares[c] = found.accept_rate
    effective[c] = me.ess_bulk(found.array[:, :, 1])
    print(f"c {c:.1f}: accepted {shares[c]:.2f}, effective draws {effective[c]:.0f} of 80000")
best = max(effective, key=effective.get)
print(f"best: c = {best}, accepted {shares[best]:.2f}")

# %% [markdown]
# The top is flat: anything that accepts between a quarter and a half is nearly as good as the best.
# So a rough choice of the step will do, and the share of accepted proposals is the gauge.
