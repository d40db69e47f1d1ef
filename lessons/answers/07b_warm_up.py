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
# # Answers to 07b · Warm-up: step size, metric, and windows

# %%
import numpy as np

import mcmc_edu as me

SEED = 1

target = me.targets.ill_conditioned_normal(dim=25, condition=1e4)
banana = me.targets.banana(sd=2.0, bend=0.35)

# %% [markdown]
# ## 1 · Other acceptances


# %%
def per_1000_gradients(draws):
    """Effective draws per 1000 gradients: the worst entry of theta."""
    worst = min(me.ess_bulk(draws.array[:, :, k]) for k in range(draws.array.shape[2]))
    return 1000.0 * worst / draws.stats["n_gradients"].sum()


worth, diverged = {}, {}
for accept in (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99):
    for name, posterior in (("normal", target), ("banana", banana)):
        draws = me.sample(
            posterior.log_density,
            posterior.start,
            data=posterior.data,
            sampler=me.NUTS(target_accept=accept),
            seed=SEED,
        )
        worth[name, accept] = per_1000_gradients(draws)
        diverged[name, accept] = draws.stats["divergent"].sum()
    print(
        f"asked for {accept:.2f}: effective draws per 1000 gradients: normal "
        f"{worth['normal', accept]:5.0f}, banana {worth['banana', accept]:5.1f}; "
        f"divergent on the banana {diverged['banana', accept]}"
    )

# %% [markdown]
# On the normal the boldest does best, and from 0.95 on a gradient is worth about a third of that, or
# less. In between, the numbers go up and down: trajectories grow by doubling, so their lengths jump.
# On the banana the bold ones diverge: the draws then avoid its thin ends, and a high
# number of effective draws means nothing. A default of 0.8 leaves some room; with divergences, ask
# for more.
#
# ## 2 · Three points on the turned normal

# %%
turned = me.targets.ill_conditioned_normal(dim=25, condition=1e4, rotation_seed=1)


def spread_by_spread(points):
    slopes = np.empty(points.shape)
    for point, slope in zip(points, slopes, strict=True):
        turned.log_density(point, slope, turned.data)
    return points.std(axis=0) / slopes.std(axis=0)


three = spread_by_spread(np.random.default_rng(SEED).uniform(-1.0, 1.0, (3, 25)))
many_draws = turned.exact_draws(np.random.default_rng(SEED), 100_000)
many = spread_by_spread(many_draws)
variance = turned.sd**2
inside = 1.0 / np.diag(np.linalg.inv(np.cov(many_draws.T)))  # given all other entries
middle = np.sqrt(variance * inside)
for name, estimate in (("three points", three), ("many exact draws", many)):
    print(
        f"{name:17s} largest relative error as geometric mean: "
        f"{np.abs(estimate / middle - 1).max():.3f}"
    )
print(f"variance by the mean: at least {(variance / middle).min():.1f}")
print(f"the mean by 1 / diagonal of the inverse: at least {(middle / inside).min():.1f}")

# %% [markdown]
# With exact draws it estimates the geometric mean of two variances: that of the parameter, and that
# of the parameter when all the others are known (1 over the diagonal of the inverse covariance). On
# the axes the two are the same. On the turned normal they are far apart, and a number in between
# cannot repair either. Three arbitrary points now give something else again: there is no shortcut.
#
# ## 3 · Warm-up used again

# %%
first = me.sample(
    target.log_density, target.start, data=target.data, sampler=me.NUTS(), draws=500, seed=SEED
)
tuned = first.tuning[0]
reuse = {}
for name, starts in (
    ("from the last draws", first.array[:, -1]),
    ("from far away", first.array[:, -1] + 30.0 * target.sd),
):
    again = me.sample(
        target.log_density,
        starts,
        data=target.data,
        sampler=tuned,
        draws=500,
        warmup=0,
        seed=SEED + 1,
    )
    distance = np.abs(again.array / target.sd).max(axis=(0, 2))
    reuse[name] = per_1000_gradients(again), distance[:50].max(), distance[-50:].max()
    print(
        f"{name:20s}: effective draws per 1000 gradients {reuse[name][0]:.0f}; farthest from "
        f"the middle, in sds: first 50 draws {reuse[name][1]:.1f}, last 50 draws {reuse[name][2]:.1f}"
    )

# %% [markdown]
# Step size and metric are saved, and are as good as before. The way in is not: from far away the
# first draws are not draws of the posterior, and now no warm-up throws them away. Start where the
# run ended.
