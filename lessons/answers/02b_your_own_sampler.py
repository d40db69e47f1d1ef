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
# # Answers to 02b · Your own sampler

# %%
import math
import time

import numba
import numpy as np

import mcmc_edu as me

emails = np.array([12.0, 7.0, 9.0, 15.0, 8.0, 11.0, 6.0, 13.0, 10.0, 9.0, 14.0])
nights = np.array([6.5, 7.2, 8.1, 5.9, 7.0, 6.8, 7.7, 8.4, 6.1, 7.3, 6.9, 7.5])
starts = [[0.0], [1.0], [3.0], [5.0]]


def log_posterior(theta, data):
    (y,) = data
    log_prior = -0.5 * (theta[0] - 2.0) ** 2
    log_likelihood = y.sum() * theta[0] - y.size * math.exp(theta[0])
    return log_prior + log_likelihood


# %% [markdown]
# ## 1 · A wrong accept test


# %%
def no_logarithm(rng, theta, log_density):
    proposal = theta + 0.2 * rng.standard_normal(theta.size)
    accepted = rng.random() < log_density(proposal) - log_density(theta)
    return (proposal if accepted else theta), {"accepted": accepted}


stuck = me.sample(
    log_posterior,
    starts,
    data=(emails,),
    names=["log_rate"],
    sampler=no_logarithm,
    draws=4000,
    warmup=200,
    seed=1,
    progress=False,
)
print(f"accepted {stuck.accept_rate:.5f}")
print(stuck.summary())

# %% [markdown]
# The test never goes downhill, so each chain climbs to the top and stays there. The sd is far too
# small, hardly anything is accepted, and R-hat is huge: each chain stands still at its own place
# near the top. With another wrong test, one with which all chains move and agree, R-hat would have
# said nothing.

# %% [markdown]
# ## 2 · Gibbs sampling for twelve nights


# %%
def log_normal(theta, data):
    """Flat priors on mu and log sigma; Gibbs' draws below come from exactly this density."""
    (y,) = data
    z = (y - theta[0]) / math.exp(theta[1])
    return -y.size * theta[1] - 0.5 * (z**2).sum()


def gibbs(rng, theta, log_density):
    sigma = math.exp(theta[1])
    mu = rng.normal(nights.mean(), sigma / math.sqrt(nights.size))
    variance = ((nights - mu) ** 2).sum() / rng.chisquare(nights.size)
    return np.array([mu, 0.5 * math.log(variance)]), None


by_gibbs = me.sample(
    log_normal,
    [[4.0, -1.0], [4.0, 1.0], [12.0, -1.0], [12.0, 1.0]],
    data=(nights,),
    names=["mu", "log_sigma"],
    sampler=gibbs,
    draws=4000,
    warmup=100,
    seed=1,
    progress=False,
)
print(by_gibbs.summary())
n = nights.size
exact_sd = nights.std(ddof=1) / math.sqrt(n) * math.sqrt((n - 1) / (n - 3))
print(f"mu: mean {by_gibbs['mu'].mean():.3f}, exact {nights.mean():.3f}")
print(f"mu: sd {by_gibbs['mu'].std():.3f}, exact {exact_sd:.3f}")

# %% [markdown]
# Gibbs does not use `log_density`. The two draws *are* the density, taken apart. So nothing needs
# tuning, nothing is refused, and the effective draws are nearly as many as the draws. But if you
# change the density and forget the draws, nothing will tell you.

# %% [markdown]
# ## 3 · How fast?


# %%
def metropolis(rng, theta, log_density):
    proposal = theta + 0.2 * rng.standard_normal(theta.size)
    accepted = math.log(rng.random()) < log_density(proposal) - log_density(theta)
    return (proposal if accepted else theta), None


samplers = {
    "a step in Python": metropolis,
    "a step with njit": numba.njit(metropolis),
    "me.Metropolis": me.Metropolis(scale=0.2),
}


def seconds_for(sampler, draws):
    began = time.process_time()  # of this program, whatever else the machine does
    me.sample(
        log_posterior,
        starts,
        data=(emails,),
        sampler=sampler,
        draws=draws,
        warmup=0,
        seed=1,
        progress=False,
    )
    return time.process_time() - began


short, long = {}, {}
for label, sampler in samplers.items():
    short[label] = seconds_for(sampler, 100)  # starting and compiling, above all
    long[label] = seconds_for(sampler, 10_000)
    print(f"{label:16s} 100 draws a chain {short[label]:.2f} s, 10 000 {long[label]:.2f} s")

# %% [markdown]
# The seconds differ from machine to machine and from run to run. Three things do not. The log
# density is compiled in all three. A compiled step takes a second or so to compile, more than it
# saves in a run as short as this: the loop still calls the step from Python, draw by draw, and
# hands over its arguments each time. In `me.Metropolis` the loop itself is compiled (in its first
# run; the second finds that ready), and the draws hardly take time. A compiled step pays in long
# runs, and when there is much work in each step.

# %% [markdown]
# ## 4 · Is my log density right?
#
# Here for the density of the twelve nights in the template. True values come from its prior.


# %%
def my_log_density(theta, data):
    (y,) = data
    mu, log_sigma = theta
    log_prior = -0.5 * ((mu - 8.0) / 2.0) ** 2 - 0.5 * log_sigma**2
    z = (y - mu) / math.exp(log_sigma)
    log_likelihood = -y.size * log_sigma - 0.5 * (z**2).sum()
    return log_prior + log_likelihood


def forgotten(theta, data):
    """The same without -n log sigma."""
    (y,) = data
    return my_log_density(theta, data) + y.size * theta[1]


def intervals_that_hold(log_density, data_sets=20):
    """Of how many data sets does the 90 % interval hold the true mu, the true log sigma?"""
    rng = np.random.default_rng(2)
    held = np.zeros(2, dtype=int)
    for _ in range(data_sets):
        truth = rng.normal([8.0, 0.0], [2.0, 1.0])
        fake = rng.normal(truth[0], math.exp(truth[1]), 12)
        found = me.sample(
            log_density,
            truth,
            data=(fake,),
            sampler=me.Metropolis(scale=[0.7 * math.exp(truth[1]), 0.4]),
            draws=1000,
            seed=1,
            progress=False,
        )
        low, high = np.quantile(found.array.reshape(-1, 2), [0.05, 0.95], axis=0)
        held += (low < truth) & (truth < high)
    return held


held, held_wrong = intervals_that_hold(my_log_density), intervals_that_hold(forgotten, 10)
print(f"right density: mu in {held[0]}, log sigma in {held[1]} of 20")
print(f"forgotten term: mu in {held_wrong[0]}, log sigma in {held_wrong[1]} of 10")

# %% [markdown]
# The right density passes. Without the term, the intervals of log sigma miss the truth nearly
# always, while R-hat is content: the sampler is right, the density is wrong. (That we start at the
# truth is allowed in a test.)
