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
# # Answers to 06 · Hamiltonian Monte Carlo, and how to break it

# %%
import math

import numpy as np
from scipy import stats

import mcmc_edu as me

SEED = 1


def hmc(log_density, theta, step, steps, n, rng, data):
    """The fifteen lines of the lesson."""
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
        if math.log(rng.random()) < energy - (0.5 * p @ p - new_logp):
            theta, grad, logp = new, slope, new_logp
        draws.append(theta)
    return np.array(draws)


# %% [markdown]
# ## 1 · The Gamma on the whole line
#
# With $s = \log x$ the log density $2 \log x - x$ becomes $2 s - e^s$, and the Jacobian adds $s$.
# The slope is $3 - e^s$.


# %%
def log_gamma(theta, grad, data):
    """The lesson's: 2 log x - x, meant for x > 0 only."""
    with np.errstate(invalid="ignore", divide="ignore"):
        grad[0] = 2.0 / theta[0] - 1.0
        return 2.0 * np.log(theta[0]) - theta[0]


def log_gamma_repaired(theta, grad, data):
    """Log density of s = log x."""
    x = math.exp(theta[0])
    grad[0] = 3.0 - x
    return 3.0 * theta[0] - x


check = me.check_gradient(log_gamma_repaired, [[1.0], [-2.0], [2.0]])
print(check)
gammas = {}
for name, density, start, step in (
    ("as it was, step 0.6", log_gamma, 3.0, 0.6),
    ("repaired, step 0.6", log_gamma_repaired, math.log(3.0), 0.6),
    ("repaired, step 0.3", log_gamma_repaired, math.log(3.0), 0.3),
):
    rng = np.random.default_rng(SEED)
    x = hmc(density, np.array([start]), step, 6, 5000, rng, ())[:, 0]
    x = np.exp(x) if density is log_gamma_repaired else x
    gammas[name] = x.mean(), me.mcse_mean(x[None]), me.ess_bulk(x[None])
    print(
        f"{name:20s} mean {x.mean():.3f} ± {gammas[name][1]:.3f} (exact 3), effective draws "
        f"{gammas[name][2]:.0f}"
    )
print(
    f"six steps of 0.6 last {6 * 0.6:.2f}, one swing lasts about {2 * math.pi / math.sqrt(3):.2f}"
)

# %% [markdown]
# It is the first break, the resonance. Six steps of 0.6 are almost exactly one whole swing, so the
# ball comes back to where it began. Half the step is half a swing: the ball ends on the other side,
# draws alternate about the middle, and the mean is even better than from independent draws. (`hmc`
# has no jitter, so for the spread half a swing is no better. `me.HMC` has.)
#
# ## 2 · Ten directions at half a period

# %%
half_period = 2.0 * math.sin(math.pi / 20)
sds = np.array([0.5, 0.7, 0.9, 1.0, 1.1, 1.3, 1.6, 2.0, 2.5, 3.0])
spread_worth = {}
for name, target in (
    ("ten sds of 1", me.targets.normal(np.ones(10))),
    ("ten different", me.targets.normal(sds**2)),
):
    found = me.sample(
        target.log_density,
        target.exact_draws(np.random.default_rng(SEED), 4),
        data=target.data,
        sampler=me.HMC(steps=10, step_size=half_period, inv_metric=np.ones(10), jitter=0.0),
        warmup=0,
        seed=SEED,
    )
    spread_worth[name] = np.array([me.ess_sd(found.array[:, :, k]) for k in range(10)])
    print(f"{name}: effective draws for the sds", *spread_worth[name].round().astype(int))

uneven = me.targets.ill_conditioned_normal(dim=10, condition=1e4)
found = me.sample(
    uneven.log_density,
    me.around(uneven.mean, uneven.sd),
    data=uneven.data,
    sampler=me.HMC(steps=3),
    seed=SEED,
)
by_mean = min(me.ess_mean(found.array[:, :, k]) for k in range(10))
by_sd = min(me.ess_sd(found.array[:, :, k]) for k in range(10))
print(f"units learnt, 3 steps: of 4000 draws, for the mean {by_mean:.0f}, for the sd {by_sd:.0f}")

# %% [markdown]
# With equal sds all ten resonate. With different ones the direction of sd 1 does, and that of sd
# 0.5, too: it swings twice as fast, so it comes back to where it began. The directions near sd 1
# suffer somewhat, and the others swing in other periods. A metric makes all directions alike. That saves steps, but then they also
# resonate *together*: three steps come near half a period for all of them, and the mean gains while
# the spread loses. The jitter keeps it from getting worse.
#
# ## 3 · One transition from exact draws

# %%
rng = np.random.default_rng(SEED)
x = rng.standard_normal(10_000)  # exact draws of N(0, 1), one for each of 10 000 chains
own = rng.standard_normal(10_000)
log_u = np.log(rng.random(10_000))


def one_transition(p, judge="H", last_half_kick=True, step=0.9, steps=2):
    """All chains at once: where they are after one transition of HMC."""
    new, before = x.copy(), 0.5 * x**2 + (0.5 * p**2 if judge == "H" else 0.0)
    for i in range(steps):
        p = p - 0.5 * step * new
        new = new + step * p
        if i < steps - 1 or last_half_kick:
            p = p - 0.5 * step * new
    after = 0.5 * new**2 + (0.5 * p**2 if judge == "H" else 0.0)
    return np.where(log_u < before - after, new, x)


p_values = {}
for name, after in (
    ("right", one_transition(own)),
    ("judged by U alone", one_transition(own, judge="U")),
    ("no last half kick, 0.9", one_transition(own, last_half_kick=False)),
    ("no last half kick, 0.55", one_transition(own, last_half_kick=False, step=0.55)),
    ("the same push for all", one_transition(np.full(10_000, own[0]))),
):
    p_values[name] = stats.kstest(after, "norm").pvalue
    print(f"{name:24s} sd {after.std():.3f}, p value of the comparison {p_values[name]:.2g}")

# %% [markdown]
# A small p value says: these are no longer draws of $N(0, 1)$. Judging by $U$ alone is seen: the
# draws crowd in the middle. The common push is seen as well, because all chains are thrown the same
# way. The missing half kick is seen with short steps, but not with the longer ones, where lesson 05
# found the mean of $x^2$ right by luck: test at *more than one* setting. And no histogram after one
# transition shows that a chain does not get around. For that you need R-hat and effective draws.
