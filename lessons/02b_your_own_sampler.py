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
# # 02b · Your own sampler
#
# **The question.** In lesson 02 the loop around Metropolis was part of the function. Four chains, seeds,
# a progress bar, a file that survives a crash, R-hat: must every sampler write all that again?
#
# No. A sampler is *one step*. From here on you write the step, and `me.sample` does the rest.

# %%
import math

import matplotlib.pyplot as plt
import numpy as np

import mcmc_edu as me

# %% [markdown]
# ## A model of our own
#
# How many emails does a person get in a day? Eleven days were counted. We say that the counts are
# Poisson with mean $\lambda$, and that $\log\lambda$ has a normal prior, $N(2, 1)$. With
# $\theta = \log\lambda$ the log posterior is, up to a constant,
#
# $$\log p(\theta \mid y) = \theta \sum y_i - n e^\theta - \tfrac12 (\theta - 2)^2.$$

# %%
emails = np.array([12.0, 7.0, 9.0, 15.0, 8.0, 11.0, 6.0, 13.0, 10.0, 9.0, 14.0])


def log_posterior(theta, data):
    (y,) = data
    return theta[0] * y.sum() - y.size * math.exp(theta[0]) - 0.5 * (theta[0] - 2.0) ** 2


# %% [markdown]
# ## The step
#
# A step takes a source of random numbers, the state of the chain and the log density. It returns the next
# state and what happened. For Metropolis the state is $\theta$ itself.


# %%
def metropolis(rng, theta, log_density):
    proposal = theta + 0.2 * rng.standard_normal(theta.size)
    log_ratio = log_density(proposal) - log_density(theta)
    accepted = math.log(rng.random()) < log_ratio
    return (proposal if accepted else theta), {"accepted": accepted}


# %% [markdown]
# The data are bound to `log_density` already. The random numbers must come from `rng` alone: then the
# same seed gives the same draws, and a run that was interrupted can go on where it was.
#
# ## Predict
#
# We start the four chains at $\theta$ = 0, 1, 3 and 5, which are 1, 3, 20 and 148 emails a day. The
# posterior is about 0.1 wide. After 200 steps of warm-up, will the chains agree? After none?

# %%
starts = [[0.0], [1.0], [3.0], [5.0]]
settings = {"data": (emails,), "sampler": metropolis, "seed": 1, "progress": False}
draws = me.sample(log_posterior, starts, draws=4000, warmup=200, names=["log_rate"], **settings)
print(draws.summary())
assert draws.summary()["log_rate"]["rhat"] < 1.01

raw = me.sample(log_posterior, starts, draws=100, warmup=0, names=["log_rate"], **settings)
print(raw.summary())
assert raw.summary()["log_rate"]["rhat"] > 1.05

# %% [markdown]
# With warm-up the chains agree. Without it the summary says that they do not: it keeps the steps in which
# they were still walking in.
#
# ## Investigate
#
# Is the answer right? One parameter is little enough for a sum over a grid, which needs no chain.

# %%
grid = np.linspace(1.5, 3.0, 3001)
weight = np.exp(
    [log_posterior([point], (emails,)) - log_posterior([2.3], (emails,)) for point in grid]
)
exact = (grid * weight).sum() / weight.sum()
found, error = draws["log_rate"].mean(), me.mcse_mean(draws["log_rate"])
print(f"log rate: {found:.4f}, give or take {error:.4f}; exact {exact:.4f}")
assert abs(found - exact) < 4 * error

# %% [markdown]
# ## The figure worth keeping

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.5), layout="constrained")
for k, chain in enumerate(raw["log_rate"]):
    left.plot(chain, linewidth=1.0, label=f"chain {k}")
left.axhline(exact, color="0.6", linestyle="--")
left.set(title="Four starts, no warm-up", xlabel="iteration", ylabel=r"$\theta$ = log rate")
left.legend(frameon=False)
right.hist(draws["log_rate"].ravel(), bins=60, density=True, color="#56B4E9")
right.plot(grid, weight / weight.sum() / (grid[1] - grid[0]), color="0.2", label="exact")
right.set(title="Draws after warm-up", xlabel=r"$\theta$", xlim=(1.9, 2.7))
right.legend(frameon=False)
plt.show()

# %% [markdown]
# ## Modify
#
# A sampler may remember more than $\theta$. Then its state is a dict or a NamedTuple with an entry
# `theta`, and it is an object with `step` and `init`. Here the walker remembers the log density of the
# place where it stands, so that every step computes one density in place of two.


# %%
class Frugal:
    def init(self, theta, log_density, rng):
        return {"theta": theta, "height": log_density(theta)}

    def step(self, rng, state, log_density):
        proposal = state["theta"] + 0.2 * rng.standard_normal(state["theta"].size)
        height = log_density(proposal)
        accepted = math.log(rng.random()) < height - state["height"]
        new = {"theta": proposal, "height": height} if accepted else state
        return new, {"accepted": accepted}


settings["sampler"] = Frugal()
frugal = me.sample(log_posterior, starts, draws=4000, warmup=200, names=["log_rate"], **settings)
print(f"the same draws: {np.array_equal(frugal.array, draws.array)}")
assert np.array_equal(frugal.array, draws.array)

# %% [markdown]
# > **What could go wrong: two names for one array.**
# > `proposal = theta` makes no copy: both names mean the same array, and `proposal += ...` moves the chain
# > itself. A rejected proposal then stays where it is, and the chain wanders without end. It still says
# > that it accepts half of its proposals.


# %%
def careless(rng, theta, log_density):
    here = log_density(theta)
    proposal = theta
    proposal += 0.2 * rng.standard_normal(theta.size)
    accepted = math.log(rng.random()) < log_density(proposal) - here
    return (proposal if accepted else theta), {"accepted": accepted}


settings["sampler"] = careless
wandering = me.sample(log_posterior, [2.3], draws=4000, warmup=0, names=["log_rate"], **settings)
print(
    f"accepted {wandering.accept_rate:.2f}; sd {wandering['log_rate'].std():.2f}, not {draws['log_rate'].std():.2f}"
)
assert wandering["log_rate"].std() > 5 * draws["log_rate"].std()

# %% [markdown]
# ## Make
#
# 1. Give your step a wrong accept test, `rng.random() < log_ratio`, and run it. Which number in the
#    summary tells? Does R-hat?
# 2. Write Gibbs sampling for the mean and the standard deviation of normal data: draw one given the
#    other, in turn. What do you do with `log_density`?
# 3. Put `numba.njit` on `metropolis`, with `None` in place of the dict. How much faster are 100 000
#    draws, the second time?
#
# ## Sources
#
# The idea that a sampler is a step from state to state: A. Cabezas et al. (2024), *BlackJAX*,
# arXiv:2402.10797; the contract itself: `mcmc_edu.samplers.contract`.
