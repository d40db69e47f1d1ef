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
# **You need** lessons 02, 04 and 05. **It takes** about 45 minutes.
# **Afterwards you can** write Hamiltonian Monte Carlo, explain why it is right, say what it costs
# and when it pays, and recognise the ways in which it breaks.
#
# **The question.** Lesson 05 ended with a ball that rolls through the posterior and hardly changes
# its energy. That alone is no sampler: one push, one energy, for ever. How do we make it visit
# *all* of the posterior in the right proportion? And once we can, in how many ways can we spoil it?

# %%
import math

import matplotlib.pyplot as plt
import numpy as np
from numba import njit

import mcmc_edu as me

SEED = 1  # another seed moves the numbers

y = np.array([4.9, 6.1, 5.2, 7.4, 5.8, 6.6])  # as in lesson 05


@njit  # numba compiles it at its first call; me.sample would do so by itself, our own loop does not
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
# ## The one idea: sample the place and the push together
#
# Lesson 05 gave the ball an energy, $H(\theta, p) = U(\theta) + \frac12 p^\top p$, where $U$ is
# minus the log density of the posterior. Now read $e^{-H}$ as a density of *both*, place and
# momentum:
#
# $$e^{-H(\theta, p)} = e^{-U(\theta)} \times e^{-\frac12 p^\top p}.$$
#
# The first factor is the posterior of $\theta$. The second is $N(0, 1)$ for every entry of $p$. The
# two do not depend on each other. So if we have draws of the pair $(\theta, p)$, we *drop $p$*, and
# what is left are draws of the posterior. Nothing else of the physics matters for the answer.
#
# One draw of the pair is made like this:
#
# 1. Draw a random push $p$ from $N(0, 1)$. That is an exact draw of the second factor.
# 2. Roll for some leapfrog steps.
# 3. The roll is reversible and keeps volume, so that start → end is as likely as end → start.
# 4. Only the small energy error is left. Accept the end with probability $\min(1,
#    e^{-\text{error}})$, error $= H_\text{end} - H_\text{start}$. Otherwise stay, and count the
#    start once more.
#
# Steps 2 to 4 are Metropolis (lesson 02) with the roll as its proposal. The roll keeps the energy
# nearly, so far ends are accepted nearly always. Step 1 chooses a new energy each time, so that all
# heights of the hill are reached.
#
# ## Fifteen lines


# %%
def hmc(log_density, theta, step, steps, n, rng, data):
    draws, grad = [], np.empty(theta.size)
    logp = log_density(theta, grad, data)
    for _ in range(n):
        p = rng.standard_normal(theta.size)  # a fresh push
        new, slope, energy = theta.copy(), grad.copy(), 0.5 * p @ p - logp  # H, as U is -logp
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
# both directions. Which step accepts most? Which has the most effective draws? In lesson 02 the
# answers to these two questions differed.

# %%
my_guess = "?"  # write your guess between the quotes

# %%
effective, accepted = {}, {}
for step in (0.01, 0.3, 0.6):
    rng = np.random.default_rng(SEED)
    walk = hmc(log_posterior, np.array([5.5, 0.0]), step, 10, 4000, rng, (y,))
    accepted[step] = np.any(np.diff(walk, axis=0) != 0.0, axis=1).mean()
    effective[step] = me.ess_bulk(walk[None, :, 1])
    print(
        f"step {step:4.2f}: accepted {accepted[step]:.2f}, effective draws of log sigma "
        f"{effective[step]:6.1f} of {len(walk)}"
    )
print(f"you guessed {my_guess}")

# %% [markdown]
# The same lesson again: timid steps are always accepted and go nowhere, bold ones fall off the
# trajectory. But look at the middle one: an effective draw for every two or three draws.
#
# **And the price?** Here is the random walk of lesson 02, with a good step, on the same posterior.

# %%
wide = me.Metropolis(scale=0.9)
walker = me.sample(log_posterior, [5.5, 0.0], data=(y,), sampler=wide, draws=40_000, seed=SEED)
blind = me.ess_bulk(walker.array[:, :, 1]) / 40  # four chains: for 4000 draws
print("effective draws   of 4000 draws   for 1000 evaluations")
print(f"HMC               {effective[0.3]:13.0f}   {effective[0.3] / 40:20.0f}")
print(f"random walk       {blind:13.0f}   {blind / 4:20.0f}")

# %% [markdown]
# A draw of HMC is worth several draws of the walk. But it took ten gradients, and the walk took one
# density. Per evaluation the walk is ahead, and a gradient costs about two or three densities.
# *With two parameters these ten steps do not pay.* Below we look for better settings, and at the
# end for the problems that HMC is made for.
#
# ## Investigate: is it right, and what does the library do?
#
# The truth on a grid, as in lesson 05; our fifteen lines; and `me.HMC`, which finds a step size
# during warm-up.

# %%
grid = np.linspace(-4.0, 6.0, 4001)
weight = np.exp(-(y.size - 2) * grid - 0.5 * ((y - y.mean()) ** 2).sum() * np.exp(-2 * grid))
truth = (grid * weight).sum() / weight.sum()
rng = np.random.default_rng(SEED + 1)
ours = hmc(log_posterior, np.array([5.5, 0.0]), 0.3, 10, 20_000, rng, (y,))
library = me.sample(
    log_posterior,
    me.around([5.5, 0.0], 0.5),
    data=(y,),
    sampler=me.HMC(steps=5),
    draws=5000,
    seed=SEED,
    names=["mu", "log_sigma"],
    natural=lambda t: {"mu": t[0], "sigma": np.exp(t[1]), "log_sigma": t[1]},
)
print(library.summary())
print(f"\nmean of log sigma: on the grid {truth:.3f}")
means = {}
for who, draws in (("fifteen lines", ours[None, :, 1]), ("me.HMC", library["log_sigma"])):
    means[who] = draws.mean(), me.mcse_mean(draws)
    print(f"{who:14s} {draws.mean():.3f} ± {means[who][1]:.3f}")

# %% [markdown]
# Two numbers are ours to choose: the length of a step and how many to take. A gradient is the unit
# of cost, so count effective draws *per 1000 gradients*: for the middle of the posterior
# (`me.ess_bulk`) and for its tails (`me.ess_tail`), of every parameter, whichever are fewest.
#
# In the code, `inv_metric` holds one number per parameter: what the sampler takes for the
# *variance* of the posterior in that direction. Ones say "all directions are alike", which is what
# our fifteen lines assume. Unless you give it, warm-up learns it (more under "units" below).


# %%
def per_1000(draws, evaluations):
    """Effective draws per 1000 evaluations: the parameter, and the use of it, with the fewest."""
    parameters = np.moveaxis(draws.array, 2, 0)  # each of shape (chain, draw)
    fewest = min(min(me.ess_bulk(x), me.ess_tail(x)) for x in parameters)
    return 1000 * np.nan_to_num(fewest) / evaluations  # nan if no chain has moved at all


table = {}
print("            " + "".join(f"{n:4d} steps  " for n in (1, 3, 6, 12, 24)))
for step in (0.1, 0.3, 0.5, 0.8):
    line = f"step {step:.1f}  "
    for n in (1, 3, 6, 12, 24):
        found = me.sample(
            log_posterior,
            [5.5, 0.0],
            data=(y,),
            sampler=me.HMC(steps=n, step_size=step, inv_metric=[1.0, 1.0]),
            draws=2000,
            warmup=100,
            seed=SEED,
        )
        table[step, n] = per_1000(found, found.stats["n_gradients"].sum())
        line += f"{table[step, n]:6.0f}      "
    print(line)
walk_worth = per_1000(walker, 4 * 40_000)
print(f"random walk: {walk_worth:.0f} per 1000 densities")

# %% [markdown]
# Too short a way is a random walk (top left). Too long a way comes back towards where it began, and
# costs (right). Too long a step is refused, the more so the more of them there are (below). The
# best pairs here go about as far as the posterior is wide, in one step or a few. (HMC with *one*
# step has a name of its own, the Langevin sampler.) In another posterior they are others, not easy
# to know beforehand. Finding the *number* of steps by itself is what NUTS is for (lesson 07).
#
# The last line puts the walk to the same test. The best pair makes up to about twice as many
# effective draws per gradient as the walk makes per density. But a gradient costs as much as two or
# three densities, so nothing is won, and most of the table is far worse than the walk. The honest
# answer for two dimensions is "HMC does not pay".
#
# ## How to break it, 1: in step with the posterior
#
# A ball in a round valley swings with one period, whatever the push: on $N(0, 1)$ it is $2\pi$. Let
# the trajectory last exactly half of it, and the ball ends at $-\theta$. *Always.* Here are three
# chains, started at 0.3, 1 and 2, with the length just so (for ten steps: $2 \sin(\pi / 20)$ each).

# %%
normal = me.targets.normal([1.0])
half_period = 2.0 * math.sin(math.pi / 20)
starts = [[0.3], [1.0], [2.0]]
swings, worths = {}, {}
for jitter in (0.0, 0.2):
    found = me.sample(
        normal.log_density,
        starts,
        data=normal.data,
        sampler=me.HMC(steps=10, step_size=half_period, inv_metric=[1.0], jitter=jitter),
        draws=2000,
        warmup=0,
        chains=3,
        seed=SEED,
    )
    x = swings[jitter] = found.array[:, :, 0]
    worths[jitter] = me.ess_mean(x), me.ess_sd(x), found.accept_rate
    print(
        f"jitter {jitter}: accepted {found.accept_rate:.3f}, effective draws for the mean "
        f"{me.ess_mean(x):.0f}, for the sd {me.ess_sd(x):.0f}, R-hat {me.rhat(x):.2f}"
    )

# %% [markdown]
# Every proposal is accepted, and the mean is *better* than from independent draws, as each draw
# cancels the one before. And yet each chain has seen two points only. The remedy is to vary the
# length at random from trajectory to trajectory. `me.HMC` does so by 20 % unless told `jitter=0`.
# Such a swing in step with the posterior is called a *resonance*.
#
# ## The figure worth keeping
#
# For $N(0, 1)$ and a trajectory that lasts $T$ the correlation of $\theta$ from one draw to the
# next is $\cos T$, that of $\theta^2$ is $\cos^2 T$. With lesson 04's formula, $n$ draws are worth
# $n\,\sin^2 T / (1 + \cos^2 T)$ for the spread: nothing at half a period and nothing at a whole
# one.

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
            seed=SEED,
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
me.plots.show(
    figure,
    "Left: three chains against the draw number, each swinging between two points only, plus "
    "and minus its start. Right: effective draws for the spread against the length of a "
    "trajectory. Without jitter they fall to zero at half a period and at a whole one, as the "
    "formula says; with jitter they stay above zero.",
)

# %% [markdown]
# ## How to break it, 2: units
#
# Measure one parameter in millimetres and another in kilometres. The narrowest direction limits the
# step (lesson 05: below twice its sd), the widest says how far to go, and the number of steps is
# the ratio. The cure is a *metric*. Tell the sampler the variances (`inv_metric`), and it moves in
# each direction in units of its sd. During warm-up `me.HMC` learns the variances by itself.

# %%
uneven = me.targets.ill_conditioned_normal(dim=10, condition=1e4)  # sds from 0.01 to 1
units = {}
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
        seed=SEED,
    )
    units[what] = per_1000(found, found.stats["n_gradients"].sum())
    print(
        f"{what:20s}: accepted {found.accept_rate:.2f}, "
        f"effective draws per 1000 gradients {units[what]:7.2f}"
    )

# %% [markdown]
# ## How to break it, 3: never push again
#
# Draw the momentum once and keep it. The chain is then one endless trajectory, accepted all the
# way, and never leaves the energy it began with:

# %%
endless = me.trajectory(
    normal.log_density, [0.5], [0.4], steps=20_000, step_size=0.3, data=normal.data
)
x = endless.theta[:, 0]
print(
    f"sd {x.std():.3f} (exact 1), farthest from the middle {np.abs(x).max():.3f}, "
    f"energy from {endless.energy.min():.3f} to {endless.energy.max():.3f}"
)

# %% [markdown]
# The sd is far from 1, and the acceptance rate does not show it. The fresh push is not a detail: it
# is step 1.
#
# > **What could go wrong: a slope that was never written.**
# > The fourth mistake of lesson 05, `grad = ...` for `grad[:] = ...`, in our fifteen lines.
# > `np.empty` makes an array without filling it, so the slope is whatever was in the memory before.


# %%
def never_written(theta, grad, data):
    right = np.empty(2)
    logp = log_posterior(theta, right, data)
    grad = right  # noqa: F841 (a second name for `right`; the sampler's array stays as it was)
    return logp


rng = np.random.default_rng(SEED)
stuck = hmc(never_written, np.array([5.5, 0.0]), 0.3, 10, 2000, rng, (y,))
moved = np.any(np.diff(stuck, axis=0) != 0.0, axis=1).mean()
print(f"no error, no warning; the chain moved in {moved:.1%} of 2000 transitions")

# %% [markdown]
# > It runs to the end without a word, and stands still nearly all the time. (How often it moves
# > depends on what the memory held.) Always look at the acceptance rate and at the trace.
# > `me.check_gradient` finds this mistake, and `me.sample` refuses it.
#
# > **What could go wrong: a number that is not a number.**
# > In Python `min(1, nan)` is 1, because the comparison with `nan` is false and the first one
# > stays. A sampler that computes `min(1, np.exp(...))` therefore *accepts* a place that has no
# > energy at all. (Found in minimc, a fine small HMC to learn from; thanks to its author.) Here is
# > a density in a positive parameter, a Gamma with mean 3, that was not moved to the whole line;
# > beyond zero its logarithm is `nan`.


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
gammas = {}
for sampler in (hmc, careless_hmc):
    rng = np.random.default_rng(SEED)
    x = gammas[sampler] = sampler(log_gamma, np.array([3.0]), 0.6, 6, 5000, rng, ())[:, 0]
    print(
        f"{sampler.__name__:13s} mean {x.mean():12.2f} (exact 3), draws below zero "
        f"{np.mean(x < 0):.0%}, accepted {np.mean(np.diff(x) != 0):.0%}"
    )

# %% [markdown]
# Once beyond zero the energy is `nan` at both ends, every proposal is "better", and the chain falls
# for ever with a perfect acceptance rate. Our fifteen lines were safe, because a comparison with
# `nan` is false and false means *stay*. The library turns every `nan` of a density into $-\infty$,
# in one place.
#
# ## Modify: many dimensions
#
# Metropolis on $N(0, 1)$ in $d$ dimensions, with the best step, $2.4 / \sqrt d$; HMC with steps of
# $d^{-1/4}$. Predict: by which factor do they suffer when $d$ goes from 10 to 100?

# %%
dims = {}
for dim in (1, 10, 100):
    target = me.targets.normal(np.ones(dim))
    begin = target.exact_draws(np.random.default_rng(SEED), 4)
    step = dim**-0.25
    for name, sampler, n in (
        ("Metropolis", me.Metropolis(scale=2.4 / math.sqrt(dim)), 20_000),
        ("HMC", me.HMC(steps=round(1.5 / step), step_size=step, inv_metric=np.ones(dim)), 1000),
    ):
        found = me.sample(
            target.log_density,
            begin,
            data=target.data,
            sampler=sampler,
            draws=n,
            warmup=0,
            seed=SEED,
        )
        evaluations = found.stats["n_gradients"].sum() if name == "HMC" else 4 * n
        x = found.array[:, :, 0]
        dims[name, dim] = 1000 * min(me.ess_bulk(x), me.ess_sd(x)) / evaluations
        print(
            f"{dim:4d} dimensions, {name:10s}: accepted {found.accept_rate:.2f}, effective draws "
            f"per 1000 evaluations {dims[name, dim]:6.1f}"
        )
# %% [markdown]
# Here is what HMC is made for. In 100 dimensions it is more than ten times ahead, and still well
# ahead when you take off the factor of two or three for the gradient. The random walk pays for each
# dimension (theory: $1 / d$), rolling pays hardly ($d^{-1/4}$). The model of lesson 03 has 155.
#
# ## Make
#
# 1. Repair the Gamma of the box. Sample $s = \log x$ instead, with the Jacobian, and check the
#    gradient. Compare the effective draws with those of `hmc(log_gamma, ...)`. With the settings of
#    the box, 6 steps of 0.6, the repaired chain is *worse*. Which of the breaks above is it? (The
#    curvature of the log density at its top is 3, so one swing takes about $2\pi / \sqrt 3$.) Then
#    use steps of 0.3.
# 2. Turn `jitter` off at half a period and use `me.targets.normal` (it takes variances) in 10
#    dimensions with sds of 1, then with ten different ones, of which one is still 1: which
#    directions resonate now? On `uneven`, `me.HMC(steps=3)` learns to treat all directions alike.
#    Compare its `me.ess_mean` with its `me.ess_sd`: why is that a mixed blessing?
# 3. Prove the fifteen lines as in lesson 02. Start 10 000 of them from exact draws of $N(0, 1)$,
#    make one transition, and compare the histograms. Then judge by $U$ alone instead of $H$; leave
#    out the last half kick; give all 10 000 the same push instead of one each. Which of these does
#    the histogram see, with steps of 0.9, and of 0.55?
#
# The grader examines `hmc`: `.venv/bin/mcmc-edu exercises start hmc` writes a file to begin with,
# and `.venv/bin/mcmc-edu exercises check hmc.py` says what is wrong with yours.
#
# ## Sources
#
# HMC: S. Duane, A. D. Kennedy, B. J. Pendleton, D. Roweth (1987), *Physics Letters B* 195, 216-222;
# R. M. Neal (2011), *Handbook of Markov Chain Monte Carlo*, chapter 5, also for periods and
# dimensions. Dimensions: A. Beskos et al. (2013), *Bernoulli* 19, 1501-1534. `min(1, np.exp(...))`:
# minimc (C. Carroll), `hamiltonian_monte_carlo`.
