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
# # 02 · Metropolis in twelve lines
#
# **The question.** In lesson 01 we drew the posterior of one person's line point by point. With more
# than a handful of unknowns that is hopeless. Can we *walk* on the hill instead, so that the time we
# spend in each place is proportional to its height?
#
# Metropolis, the Rosenbluths and the Tellers found in 1953 that we can, and that the walker needs to
# know only one thing: how high it is here, compared with there.

# %%
import math

import matplotlib.pyplot as plt
import numpy as np

import mcmc_edu as me

data = me.datasets.boelstad(seed=1)
rows = data.group == 0  # the same person as in lesson 01
x, y = data.x[rows], data.y[rows]


def log_posterior(theta, data):
    """Log density of (alpha, beta), flat prior, noise of known sd 2; up to a constant."""
    x, y = data
    total = 0.0
    for i in range(x.size):
        z = (y[i] - theta[0] - theta[1] * x[i]) / 2.0
        total -= 0.5 * z * z
    return total


# %% [markdown]
# ## Twelve lines
#
# Propose a step. If it goes up, take it. If it goes down to a fraction $r$ of the height, take it
# with probability $r$. Otherwise *stay, and count the place once more*. On logarithms the test reads
# $\log u < \log p(\text{proposal}) - \log p(\text{here})$, with $u$ uniform between 0 and 1.


# %%
def metropolis(log_density, theta, scale, n, rng):
    draws, accepted = [], 0
    logp = log_density(theta, (x, y))
    for _ in range(n):
        proposal = theta + scale * rng.standard_normal(theta.size)
        proposal_logp = log_density(proposal, (x, y))
        if math.log(rng.random()) < proposal_logp - logp:
            theta, logp = proposal, proposal_logp
            accepted += 1
        draws.append(theta)
    return np.array(draws), accepted / n


# %% [markdown]
# ## Predict
#
# We will run it with steps of sd 0.05, 2 and 30. The hill is about 1 to 2 wide (lesson 01). Which of
# the three accepts most of its proposals? Which gives the best answer? Are they the same?

# %%
X = np.column_stack([np.ones_like(x), x])
covariance = 4.0 * np.linalg.inv(X.T @ X)  # lesson 01: the exact posterior is normal
exact_mean, exact_sd = covariance @ X.T @ y / 4.0, np.sqrt(np.diag(covariance))

walks = {}
for scale in (0.05, 2.0, 30.0):
    draws, rate = metropolis(
        log_posterior, np.array([6.0, 4.0]), scale, 4000, np.random.default_rng(1)
    )
    walks[scale] = draws
    print(
        f"step {scale:5.2f}: accepted {rate:.2f}, "
        f"beta {draws[:, 1].mean():6.2f} (exact {exact_mean[1]:.2f}), "
        f"effective draws {me.ess_bulk(draws[None, :, 1]):6.1f} of {len(draws)}"
    )
effective = {scale: me.ess_bulk(draws[None, :, 1]) for scale, draws in walks.items()}
assert effective[2.0] > 10 * max(effective[0.05], effective[30.0])

# %% [markdown]
# A high acceptance rate is no virtue. The timid walker accepts nearly everything and gets nowhere;
# the bold one is almost always refused and stands still. In between lies a step about as long as the
# hill is wide.
#
# ## The figure worth keeping

# %%
figure, axes = plt.subplots(
    3, 1, figsize=(8.5, 5.5), sharex=True, sharey=True, layout="constrained"
)
for ax, (scale, draws) in zip(axes, walks.items(), strict=True):
    ax.axhspan(
        exact_mean[1] - 2 * exact_sd[1], exact_mean[1] + 2 * exact_sd[1], color="0.9", zorder=0
    )
    ax.plot(draws[:1500, 1], color="#0072B2", linewidth=0.8)
    ax.set_ylabel(rf"$\beta$,  step {scale:g}")
axes[0].set_title("Three walkers on one hill; the band holds 95 % of the posterior")
axes[-1].set_xlabel("iteration")
plt.show()

# %% [markdown]
# > **What could go wrong: recording only what was accepted.**
# > It looks like a waste to write the same point down again and again, so programs have been written
# > that append to `draws` only inside the `if`. They run, they look lively, and they are wrong: the
# > waiting time at a point *is* its probability. In the next cell the bug makes the posterior too
# > wide, and no error message will ever tell.

# %%
long_walk, _ = metropolis(log_posterior, exact_mean, 6.0, 60_000, np.random.default_rng(2))
moved = np.any(np.diff(long_walk, axis=0) != 0.0, axis=1)
only_accepted = long_walk[1:][moved]
print(f"sd of beta, exact:              {exact_sd[1]:.3f}")
print(f"every iteration recorded:       {long_walk[:, 1].std():.3f}")
print(f"only accepted points recorded:  {only_accepted[:, 1].std():.3f}")
assert abs(long_walk[:, 1].std() / exact_sd[1] - 1) < 0.06
assert only_accepted[:, 1].std() / exact_sd[1] > 1.1

# %% [markdown]
# ## Investigate: the library's Metropolis
#
# Ours are the same twelve lines, compiled, with several chains at once: see `step` and `walk` in
# `mcmc_edu/samplers/metropolis.py`. You pass the function you wrote above as it is.

# %%
draws = me.sample(
    log_posterior,
    [[6.0, 4.0], [-6.0, 4.0], [6.0, -8.0], [-6.0, -8.0]],  # four chains, far apart
    data=(x, y),
    sampler=me.Metropolis(scale=2.0),
    draws=10_000,
    seed=1,
    names=["alpha", "beta"],
)
print(draws.summary())

# %% [markdown]
# Four walkers started in four corners, and cannot be told apart in the end: that is what an R-hat of
# 1.00 says (lesson 04). `ess_bulk` says how many independent draws these are worth, and with it how
# far off the mean may be.

# %%
beta = draws["beta"]
error = beta.std() / math.sqrt(me.ess_bulk(beta))
print(f"beta {beta.mean():.3f}, give or take {error:.3f}; exact {exact_mean[1]:.3f}")
assert abs(beta.mean() - exact_mean[1]) < 4 * error

# %% [markdown]
# ## Modify
#
# Alpha and beta have different widths, and they are correlated. Give the walker steps of the shape
# of the hill, `me.Metropolis(covariance=...)`, and compare the effective draws.

# %%
shaped = me.sample(
    log_posterior,
    exact_mean,
    data=(x, y),
    sampler=me.Metropolis(covariance=2.4**2 / 2 * covariance),
    draws=10_000,
    seed=1,
    names=["alpha", "beta"],
)
for name, found in (("one sd", draws), ("shaped", shaped)):
    print(
        f"{name}: accepted {found.accept_rate:.2f}, "
        f"effective draws of beta {me.ess_bulk(found['beta']):.0f}"
    )
assert me.ess_bulk(shaped["beta"]) > me.ess_bulk(draws["beta"])

# %% [markdown]
# ## Make
#
# 1. Prove to yourself that it works: start 10 000 walkers from *exact* draws of the posterior
#    (`rng.multivariate_normal(exact_mean, covariance)`), let each make a single step, and compare
#    the histogram before and after. Then plant the bug from the box, and look again.
# 2. Write a proposal that is not symmetric, `theta * exp(0.5 * rng.standard_normal())` for a positive
#    parameter, leave the accept test as it is, and find the bias. What is missing in the test?
# 3. Find the step that gives the most effective draws, by trying. What share does it accept?
#
# ## Sources
#
# N. Metropolis et al. (1953), *Journal of Chemical Physics* 21, 1087-1092. The best share of accepted
# proposals: G. O. Roberts, A. Gelman, W. R. Gilks (1997), *Annals of Applied Probability* 7, 110-120.
