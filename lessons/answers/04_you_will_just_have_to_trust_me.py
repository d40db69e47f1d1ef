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
# # Answers to 04 · "You will just have to trust me"

# %%
import numpy as np

import mcmc_edu as me

SEED = 1  # another seed moves the numbers
data = me.datasets.boelstad(seed=SEED)
exact = {pooling: me.exact(data, pooling=pooling) for pooling in ("none", "partial")}


def four(pooling, step=None):
    """Four chains of the post's kind; none has the data's seed."""
    return [
        me.comparison.post_chain(pooling, data, me.RStream(SEED + k), step=step)
        for k in (1, 2, 3, 4)
    ]


def off(runs, pooling):
    """Mean distance of the chains' estimates of the intercepts from the exact means."""
    means = exact[pooling]["alpha"].mean
    return np.mean([me.comparison.rmse(run.means("alpha"), means) for run in runs])


# %% [markdown]
# ## 1 · Four chains for partial pooling

# %%
distance, width, rhats = {}, {}, {}
for pooling in ("none", "partial"):
    runs = four(pooling)
    kept = np.stack([run.kept for run in runs])
    distance[pooling] = off(runs, pooling)
    width[pooling] = np.sqrt(np.mean(exact[pooling]["alpha"].sd ** 2))
    rhats[pooling] = np.median([me.rhat(kept[:, :, k]) for k in range(kept.shape[2])])
    print(
        f"{pooling:8s} median R-hat {rhats[pooling]:.2f}; off by {distance[pooling]:.2f}, "
        f"posterior sd {width[pooling]:.2f}, ratio {distance[pooling] / width[pooling]:.2f}"
    )

# %% [markdown]
# In units of the posterior's sd, the chains for partial pooling are off even farther. But the prior
# makes that sd less than half as wide, so the same share of an sd is a smaller distance. R-hat and
# ESS measure in sds: they cannot tell you that an error is small enough for your purpose.

# %% [markdown]
# ## 2 · Another step

# %%
off_by_step = {}
for step in (0.03, 0.0625, 0.125, 0.25, 0.5):
    runs = four("none", step)
    off_by_step[step] = off(runs, "none")
    accepted = np.mean([run.accept_rate for run in runs])
    print(f"step {step:6.4f}: accepted {accepted:.3f}, off by {off_by_step[step]:.2f}")

# %% [markdown]
# Too small a step creeps, too large a step is refused. The post's step is about as good as any, and
# none is good: in 151 dimensions a random walk is the wrong vehicle. No share of accepted
# proposals, by itself, says that a chain has converged.

# %% [markdown]
# ## 3 · Where to stop the sum

# %%
chain = four("none")[0].kept[:, 0]
x = chain - chain.mean()
rho = np.array([x[:-k] @ x[k:] for k in range(1, x.size)]) / (x @ x)
first = int(np.argmax(rho <= 0.05))  # how many are above
ess = {
    "the lesson's rule": x.size / (1 + 2 * rho[:first].sum()),
    "stop at lag 10": x.size / (1 + 2 * rho[:10].sum()),
}
for rule, value in ess.items():
    print(f"{rule:17s}: {value:.0f} effective draws of {x.size}")
total = rho.sum()
print(f"sum of all rho: {total:.12f}; 1 + 2 * sum = {1 + 2 * total:.1e}")

# %% [markdown]
# Stopping at lag 10 is far too kind: the memory goes on for hundreds of steps. Summing everything
# fails altogether. The deviations from the chain's own mean add up to zero. Square that sum: the
# squares, plus twice all products of pairs, are zero. So all estimated correlations add up to
# exactly minus one half, for any chain, and you divide by zero.
