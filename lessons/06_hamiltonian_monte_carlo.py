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
# # 06 · Hamiltonian Monte Carlo, and how to break it
#
# **The question.** Lesson 05 ended with a ball that rolls through the posterior and hardly changes its
# energy. That alone is no sampler: one push, one energy, for ever. How do we make it visit *all* of the
# posterior in the right proportion? And once we can, in how many ways can we spoil it?

# %%
import math

import matplotlib.pyplot as plt
import numpy as np
from numba import njit

import mcmc_edu as me

y = np.array([4.9, 6.1, 5.2, 7.4, 5.8, 6.6])  # as in lesson 05


@njit  # for speed, as the loop below is plain Python
def log_posterior(theta, grad, data):
    """Log density of (mu, log sigma), flat priors, log-Jacobian of sigma included."""
    (y,) = data
    residuals, squares = 0.0, 0.0
    for i in range(y.size):
        residuals += y[i] - theta[0]
        squares += (y[i] - theta[0]) * (y[i] - theta[0])
    precision = np.exp(-2.0 * theta[1])
    grad[0] = precision * residuals
    grad[1] = -y.size + squares * precision + 1.0
    return -y.size * theta[1] - 0.5 * squares * precision + theta[1]


# %% [markdown]
# ## Fifteen lines
#
# Give the position a *fresh random push*, $p \sim N(0, 1)$ for each parameter. Roll for some leapfrog
# steps. Then be a Metropolis sampler, with the energy $H = -\log p(\theta) + \frac12 p^\top p$ in the
# place of height: accept the end with probability $\min(1, e^{H_\text{start} - H_\text{end}})$, else
# stay. The leapfrog keeps the energy nearly, so far ends are accepted nearly always; the push chooses a
# new energy each time; and because rolling can be undone and keeps volume, there is nothing to correct.


# %%
def hmc(log_density, theta, step, steps, n, rng, data):
    draws, grad = [], np.empty(theta.size)
    logp = log_density(theta, grad, data)
    for _ in range(n):
        p = rng.standard_normal(theta.size)  # a fresh push
        new, slope, energy = theta.copy(), grad.copy(), 0.5 * p @ p - logp
        for _ in range(steps):
            p += 0.5 * step * slope
            new += step * p
            new_logp = log_density(new, slope, data)
            p += 0.5 * step * slope
        if math.log(rng.random()) < energy - (0.5 * p @ p - new_logp):
            theta, grad, logp = new, slope, new_logp
        draws.append(theta)
    return np.array(draws)


# %% [markdown]
# ## Predict
#
# Ten leapfrog steps each, of length 0.01, 0.3 and 0.6. The posterior is about half a unit wide in
# both directions. Which accepts most? Which has the most effective draws? In lesson 02 the answers
# to these two questions differed.

# %%
effective, accepted = {}, {}
for step in (0.01, 0.3, 0.6):
    walk = hmc(log_posterior, np.array([6.0, 0.0]), step, 10, 4000, np.random.default_rng(1), (y,))
    accepted[step] = np.any(np.diff(walk, axis=0) != 0.0, axis=1).mean()
    effective[step] = me.ess_bulk(walk[None, :, 1])
    print(
        f"step {step:4.2f}: accepted {accepted[step]:.2f}, effective draws of log sigma "
        f"{effective[step]:6.1f} of {len(walk)}"
    )
walker = me.sample(
    log_posterior,
    [6.0, 0.0],
    data=(y,),
    sampler=me.Metropolis(scale=0.9),
    draws=4000,
    chains=1,
    seed=1,
)
blind = me.ess_bulk(walker.array[:, :, 1])
print(f"random walk: accepted {walker.accept_rate:.2f}, effective draws of log sigma {blind:6.1f}")
assert accepted[0.01] > 0.99
assert accepted[0.6] < 0.05
assert effective[0.3] > 5 * max(effective[0.01], effective[0.6])
assert 4000 / 4 < effective[0.3] < 4000 / 1.4
assert effective[0.3] > 2 * blind

# %% [markdown]
# The same lesson again: timid steps are always accepted and go nowhere, bold ones fall off the
# trajectory. But look at the middle one: an effective draw for about every two draws. The random
# walk of lesson 02, which the last line sends over this posterior with a good step, is far from that.
# (It pays one density per draw, HMC ten gradients. We come to the cost below.)
#
# ## Investigate: is it right, and what does the library do?
#
# The truth by quadrature, as in lesson 05; our fifteen lines; and `me.HMC`, which finds a step size
# during warm-up.

# %%
grid = np.linspace(-4.0, 6.0, 4001)
weight = np.exp(-(y.size - 2) * grid - 0.5 * ((y - y.mean()) ** 2).sum() * np.exp(-2 * grid))
truth = (grid * weight).sum() / weight.sum()
ours = hmc(log_posterior, np.array([6.0, 0.0]), 0.3, 10, 20_000, np.random.default_rng(2), (y,))
library = me.sample(
    log_posterior,
    me.around([6.0, 0.0], 0.5),
    data=(y,),
    sampler=me.HMC(steps=5),
    draws=5000,
    seed=1,
    names=["mu", "log_sigma"],
    natural=lambda t: {"mu": t[0], "sigma": np.exp(t[1]), "log_sigma": t[1]},
)
print(library.summary())
print(f"\nmean of log sigma: quadrature {truth:.3f}")
for who, draws in (("fifteen lines", ours[None, :, 1]), ("me.HMC", library["log_sigma"])):
    error = me.mcse_mean(draws)
    print(f"{who:14s} {draws.mean():.3f} +- {error:.3f}")
    assert abs(draws.mean() - truth) < 4.5 * error

# %% [markdown]
# Two numbers are ours to choose: the length of a step and how many to take. A gradient is the unit of
# cost, so count effective draws *per 1000 gradients*: for the middle of the posterior and for its
# spread, of every parameter, whichever are fewest.


# %%
def per_1000_gradients(draws):
    parameters = np.moveaxis(draws.array, 2, 0)  # each of shape (chain, draw)
    fewest = min(min(me.ess_bulk(x), me.ess_sd(x)) for x in parameters)
    return 1000 * fewest / draws.stats["n_gradients"].sum()


table = {}
print("            " + "".join(f"{n:4d} steps  " for n in (1, 3, 6, 12, 24)))
for step in (0.1, 0.3, 0.5, 0.8):
    line = f"step {step:.1f}  "
    for n in (1, 3, 6, 12, 24):
        found = me.sample(
            log_posterior,
            [6.0, 0.0],
            data=(y,),
            sampler=me.HMC(steps=n, step_size=step, inv_metric=[1.0, 1.0]),
            warmup=100,
            seed=1,
        )
        table[step, n] = per_1000_gradients(found)
        line += f"{table[step, n]:6.0f}      "
    print(line)
assert table[0.3, 3] > 2 * max(table[0.1, 1], table[0.1, 3])  # too short a way
assert table[0.3, 3] > 4 * table[0.3, 24]  # too long a way
assert table[0.1, 12] > 1.4 * table[0.1, 24]
assert table[0.3, 3] > 10 * table[0.8, 3]  # too long a step
assert table[0.8, 1] > 3 * table[0.8, 3]
assert max(table, key=table.get) in {(0.3, 1), (0.3, 3), (0.5, 1), (0.8, 1)}

# %% [markdown]
# Too short a way is a random walk (top left); too long a one comes back towards where it began, and
# costs (right); too long a step is refused, the more so the more of them there are (below). The best
# pairs here go a way of 0.3 to 0.9 in one step or three, about as far as the posterior is wide. In
# another posterior they are others, not easy to know beforehand: finding the *number* of steps by
# itself is what NUTS is for (lesson 07).
#
# ## How to break it, 1: in step with the posterior
#
# A ball in a round valley swings with one period, whatever the push: on $N(0, 1)$ it is $2\pi$. Let the
# trajectory last exactly half of it, and the ball ends at $-\theta$. *Always.* Here are three
# chains, started at 0.3, 1 and 2, with the length just so (for ten steps: $2 \sin(\pi / 20)$ each).

# %%
normal = me.targets.normal([1.0])
half_period = 2.0 * math.sin(math.pi / 20)
starts = [[0.3], [1.0], [2.0]]
swings = {}
for jitter in (0.0, 0.2):
    found = me.sample(
        normal.log_density,
        starts,
        data=normal.data,
        sampler=me.HMC(steps=10, step_size=half_period, inv_metric=[1.0], jitter=jitter),
        draws=2000,
        warmup=0,
        chains=3,
        seed=1,
    )
    x = swings[jitter] = found.array[:, :, 0]
    print(
        f"jitter {jitter}: accepted {found.accept_rate:.3f}, effective draws for the mean "
        f"{me.ess_mean(x):.0f}, for the sd {me.ess_sd(x):.0f}, R-hat {me.rhat(x):.2f}"
    )
assert np.allclose(np.abs(swings[0.0]), starts, atol=1e-9)
assert me.ess_mean(swings[0.0]) > 1.5 * swings[0.0].size
assert me.ess_sd(swings[0.0]) < 20 < 400 < me.ess_sd(swings[0.2])

# %% [markdown]
# Every proposal is accepted, and the mean is *better* than from independent draws, as each draw cancels
# the one before. And yet each chain has seen two points only. The remedy is to vary the length at
# random from trajectory to trajectory. `me.HMC` does so by 20 % unless told `jitter=0`.
#
# ## The figure worth keeping
#
# For $N(0, 1)$ and a trajectory that lasts $T$ the correlation of $\theta$ from one draw to the next is
# $\cos T$, that of $\theta^2$ is $\cos^2 T$. With lesson 04's formula, $n$ draws are worth
# $n\,\sin^2 T / (1 + \cos^2 T)$ for the spread: nothing at half a period and nothing at a whole one.

# %%
lengths = np.linspace(0.2, 7.0, 35)
worth = {0.0: [], 0.2: []}
for jitter, found in worth.items():
    for T in lengths:
        sampler = me.HMC(steps=20, step_size=T / 20, inv_metric=[1.0], jitter=jitter)
        x = me.sample(
            normal.log_density,
            me.around([0.0], 1.0),
            data=normal.data,
            sampler=sampler,
            warmup=0,
            seed=1,
        ).array[:, :, 0]
        found.append(me.ess_sd(x) / x.size)

figure, (left, right) = plt.subplots(
    1, 2, figsize=(11.5, 4.2), width_ratios=[1, 1.25], layout="constrained"
)
for x, colour in zip(swings[0.0], ("#0072B2", "#E69F00", "#009E73"), strict=True):
    left.plot(x[:40], ".-", color=colour, linewidth=0.8)
left.set(xlabel="draw", ylabel=r"$\theta$", title="Half a period, no jitter: three chains")
fine = np.linspace(0.01, 7.0, 500)
formula = np.sin(fine) ** 2 / (1 + np.cos(fine) ** 2)
right.plot(fine, formula, color="0.6", label=r"formula, no jitter")
right.plot(lengths, worth[0.0], "o", color="#D55E00", markersize=5, label="no jitter")
right.plot(
    lengths, worth[0.2], "s-", color="#0072B2", markersize=4, linewidth=1, label="jitter 0.2"
)
right.set_xticks([0, np.pi / 2, np.pi, 1.5 * np.pi, 2 * np.pi], ["0", "π/2", "π", "3π/2", "2π"])
right.set(
    xlabel="how long a trajectory lasts",
    ylabel="effective draws, as a share of all",
    title="What the draws are worth for the spread",
)
right.set_ylim(top=1.2)
right.legend(frameon=False, loc="upper center", ncols=3)
plt.show()
for resonance in (np.pi, 2 * np.pi):
    at = int(np.argmin(np.abs(lengths - resonance)))
    assert worth[0.0][at] < 0.05 < worth[0.2][at]

# %% [markdown]
# ## How to break it, 2: units
#
# Measure one parameter in millimetres and another in kilometres. The narrowest direction limits the
# step (lesson 05: below twice its sd), the widest says how far to go, and the number of steps is the
# ratio. The cure is a *metric*: tell the sampler the variances (`inv_metric`), and it pushes each
# direction accordingly. During warm-up `me.HMC` learns them by itself.

# %%
uneven = me.targets.ill_conditioned_normal(dim=10, condition=1e4)  # sds from 0.01 to 1
per_1000 = {}
for what, sampler in (
    ("all alike, short way", me.HMC(steps=5, step_size=0.015, inv_metric=np.ones(10))),
    ("all alike, long way", me.HMC(steps=100, step_size=0.015, inv_metric=np.ones(10))),
    ("true variances", me.HMC(steps=2, step_size=0.8, inv_metric=uneven.sd**2)),
    ("learnt in warm-up", me.HMC(steps=2)),
):
    found = me.sample(
        uneven.log_density,
        me.around(uneven.mean, uneven.sd),
        data=uneven.data,
        sampler=sampler,
        seed=1,
    )
    per_1000[what] = per_1000_gradients(found)
    print(
        f"{what:20s}: accepted {found.accept_rate:.2f}, "
        f"effective draws per 1000 gradients {per_1000[what]:7.2f}"
    )
assert per_1000["all alike, long way"] > 1.3 * per_1000["all alike, short way"]
assert per_1000["true variances"] > 20 * per_1000["all alike, long way"]
assert per_1000["learnt in warm-up"] > 20 * per_1000["all alike, long way"]

# %% [markdown]
# ## How to break it, 3: never push again
#
# Draw the momentum once and keep it. The chain is then one endless trajectory, accepted all the way,
# and never leaves the energy it began with:

# %%
endless = me.trajectory(
    normal.log_density, [0.5], [0.4], steps=20_000, step_size=0.3, data=normal.data
)
x = endless.theta[:, 0]
print(
    f"sd {x.std():.3f} (exact 1), farthest from the middle {np.abs(x).max():.3f}, "
    f"energy from {endless.energy.min():.3f} to {endless.energy.max():.3f}"
)
assert np.abs(x).max() < 0.7

# %% [markdown]
# > **What could go wrong: a number that is not a number.**
# > In Python `min(1, nan)` is 1, because the comparison with `nan` is false and the first one stays.
# > A sampler that computes `min(1, np.exp(...))` therefore *accepts* whatever has no energy at all.
# > minimc, a fine small HMC to learn from, did. Here is a density in a positive parameter, a Gamma
# > with mean 3, that was not moved to the whole line; beyond zero its logarithm is `nan`.


# %%
def log_gamma(theta, grad, data):
    """2 log x - x: log density of Gamma(3, 1), meant for x > 0 only."""
    with np.errstate(invalid="ignore", divide="ignore"):
        grad[0] = 2.0 / theta[0] - 1.0
        return 2.0 * np.log(theta[0]) - theta[0]


def careless_hmc(log_density, theta, step, steps, n, rng, data):
    """As `hmc`, but for the line with min."""
    draws, grad = [], np.empty(theta.size)
    logp = log_density(theta, grad, data)
    for _ in range(n):
        p = rng.standard_normal(theta.size)
        new, slope, energy = theta.copy(), grad.copy(), 0.5 * p @ p - logp
        for _ in range(steps):
            p += 0.5 * step * slope
            new += step * p
            new_logp = log_density(new, slope, data)
            p += 0.5 * step * slope
        if rng.random() < min(1, np.exp(energy - (0.5 * p @ p - new_logp))):
            theta, grad, logp = new, slope, new_logp
        draws.append(theta)
    return np.array(draws)


print("min(1, nan) =", min(1, math.nan), "  nan < 0:", math.nan < 0)
for sampler in (hmc, careless_hmc):
    x = sampler(log_gamma, np.array([3.0]), 0.6, 6, 5000, np.random.default_rng(1), ())[:, 0]
    print(
        f"{sampler.__name__:13s} mean {x.mean():12.2f} (exact 3), draws below zero {np.mean(x < 0):.0%}, "
        f"accepted {np.mean(np.diff(x) != 0):.0%}"
    )
    assert (np.mean(x < 0) > 0.5) == (sampler is careless_hmc)
    assert (np.mean(np.diff(x) != 0) > 0.99) == (sampler is careless_hmc)

# %% [markdown]
# Once beyond zero the energy is `nan` at both ends, every proposal is "better", and the chain falls
# for ever with a perfect acceptance rate. Our fifteen lines were safe, for a comparison with `nan` is
# false and false means *stay*. The library turns every `nan` of a density into $-\infty$, in one place.
#
# ## Modify: many dimensions
#
# Metropolis on $N(0, 1)$ in $d$ dimensions, with the best step, $2.4 / \sqrt d$; HMC with steps of
# $d^{-1/4}$. Predict: by which factor do they suffer when $d$ goes from 10 to 100?

# %%
worth = {}
for dim in (1, 10, 100):
    target = me.targets.normal(np.ones(dim))
    begin = target.exact_draws(np.random.default_rng(1), 4)
    step = dim**-0.25
    for name, sampler, n in (
        ("Metropolis", me.Metropolis(scale=2.4 / math.sqrt(dim)), 20_000),
        ("HMC", me.HMC(steps=round(1.5 / step), step_size=step, inv_metric=np.ones(dim)), 1000),
    ):
        found = me.sample(
            target.log_density, begin, data=target.data, sampler=sampler, draws=n, warmup=0, seed=1
        )
        evaluations = found.stats["n_gradients"].sum() if name == "HMC" else 4 * n
        x = found.array[:, :, 0]
        worth[name, dim] = 1000 * min(me.ess_bulk(x), me.ess_sd(x)) / evaluations
        print(
            f"{dim:4d} dimensions, {name:10s}: accepted {found.accept_rate:.2f}, effective draws "
            f"per 1000 evaluations {worth[name, dim]:6.1f}"
        )
assert worth["Metropolis", 10] > 4 * worth["Metropolis", 100]
assert worth["HMC", 10] < 4 * worth["HMC", 100]
assert worth["HMC", 100] > 8 * worth["Metropolis", 100]

# %% [markdown]
# A gradient costs more than a density, two or three times as much as a rule, so take off that factor;
# and still. The random walk pays for each dimension (theory: $1 / d$), rolling pays hardly
# ($d^{-1/4}$). The model of lesson 03 has 155.
#
# ## Make
#
# 1. Mend the Gamma: sample $s = \log x$ instead, with the Jacobian, check the gradient, and compare the
#    effective draws with those of `hmc(log_gamma, ...)` from the box.
# 2. Turn `jitter` off at half a period and use `me.targets.normal` in 10 dimensions with sds
#    of 1, then with ten different ones, one of them still 1. Which directions resonate now? Among the
#    "units", `me.HMC(steps=3)` learns to treat all directions alike. Compare its `me.ess_mean` with its
#    `me.ess_sd`: why is that a mixed blessing?
# 3. Prove the fifteen lines as in lesson 02: start 10 000 of them from exact draws of $N(0, 1)$, make one
#    transition, and compare the histograms. Then forget to draw `p` again, judge by $-\log p$ alone
#    instead of $H$, or leave out the last half kick. Which of these does the histogram see?
#
# ## Sources
#
# HMC: S. Duane, A. D. Kennedy, B. J. Pendleton, D. Roweth (1987), *Physics Letters B* 195, 216-222;
# R. M. Neal (2011), *Handbook of Markov Chain Monte Carlo*, chapter 5, also for periods and dimensions.
# Dimensions: A. Beskos et al. (2013), *Bernoulli* 19, 1501-1534. `min(1, np.exp(...))`: minimc
# (C. Carroll), `hamiltonian_monte_carlo`.
