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
# # Answers to 12 · Who responds?

# %%
import numpy as np

import mcmc_edu as me

SEED = 1  # another seed moves the numbers

made = me.datasets.simulate_alliance(seed=SEED)
people = made.people.to_pandas()
MODIFIERS = ["white", "male", "hawk", "intl"]


def fit_of(data, **settings):
    """Fit the lesson's model."""
    who = me.effects.heterogeneous("support", "ally", MODIFIERS, data=data, **settings)
    return who.fit(seed=SEED, progress=False)


fit = fit_of(people)

# %% [markdown]
# ## 1 · White people as they are, or all else alike

# %%
by_white = fit.effect(by="white")
as_they_are = by_white.difference("white=1", "white=0").draws[:, :, 0]
alike = fit.fit.draws["ally:white"]
for name, draws in (("as they are", as_they_are), ("all else alike", alike)):
    low, high = np.quantile(draws, [0.025, 0.975])
    print(f"{name:15s} {np.median(draws):.3f} ({low:.3f} to {high:.3f})")
means = people.groupby("white")[["male", "hawk", "intl"]].mean()
print(means.round(2))

# %% [markdown]
# `effect(by="white")` compares white people as they are with the others as they are; each group
# counts by its people. The coefficient compares people who are alike in all else. Here the answers
# hardly differ, because white people are about as male, as hawkish and as internationalist as the
# others. If white people were more hawkish, the first would hold part of what hawkishness does to
# the effect.
#
# ## 2 · With a logit

# %%
logit = fit_of(people, family="bernoulli")
groups = {"linear": fit.group_effects().effect, "logit": logit.group_effects().effect}
labels = groups["linear"].labels
middle = {name: effect.draws.mean(axis=(0, 1)) for name, effect in groups.items()}
keys = people.groupby(MODIFIERS).size().index
truth = np.array([made.truth(**dict(zip(MODIFIERS, key, strict=True))) for key in keys])
rmse = {name: np.sqrt(np.mean((values - truth) ** 2)) for name, values in middle.items()}
apart = np.abs(middle["linear"] - middle["logit"])
print(
    f"apart at most {apart.max():.2f} ({labels[int(apart.argmax())]}), median {np.median(apart):.3f}"
)
for name in middle:
    print(f"RMSE {name:7s} {rmse[name]:.3f}")
expected = {
    name: one.fit.epred().mean(axis=(0, 1)) for name, one in (("linear", fit), ("logit", logit))
}
for name, support in expected.items():
    print(f"{name:7s} expects support from {support.min():.2f} to {support.max():.2f}")
outside = people[(expected["linear"] > 1) | (expected["linear"] < 0)]
print(outside[["ally", *MODIFIERS]].mean().round(2))

# %% [markdown]
# In most groups the two models agree within a few points. They are farthest apart in a small group
# at the edge, where one model draws a line on and the other one bends. Neither is nearer to the
# truth by much. The linear model is in trouble where support is nearly certain: it expects more
# than 1 from some of those who were told of an ally. So take the logit where chances come near 0 or
# 1, above all if you predict support itself.
#
# ## 3 · No heterogeneity

# %%
beyond, total_sd, share_of_modifiers, likeliest = [], [], [], []
for seed in range(SEED, SEED + 5):
    rng = np.random.default_rng(seed)
    ally = rng.integers(0, 2, len(people))
    support = (rng.random(len(people)) < np.where(ally == 1, 0.79, 0.48)).astype(int)
    flat = fit_of(people.assign(ally=ally, support=support))
    evidence = flat.heterogeneity()
    sd, total = evidence["sd(ally) beyond modifiers: posterior"], evidence["sd of group effects"]
    share = evidence["share explained by modifiers"]
    best = next(iter(flat.group_effects().best(1).rows.items()))
    beyond.append(sd["estimate"])
    share_of_modifiers.append(share["estimate"])
    likeliest.append((best[0], best[1]["p_best"]))
    print(
        f"sd beyond {sd['estimate']:.3f}, sd of effects {total['estimate']:.3f} "
        f"({total['conf_low']:.3f} to {total['conf_high']:.3f}), share {share['estimate']:.2f}; "
        f"best: {best[0]} with {best[1]['p_best']:.2f}"
    )
    total_sd.append(total["estimate"])
real = fit.heterogeneity()["sd of group effects"]
print(f"with heterogeneity: sd of effects {real['estimate']:.3f}")

# %% [markdown]
# There is nothing to find, and the sd beyond the modifiers is small. But the sd of effects is not
# 0, since an sd never is, and noise has one. It is below that of the lesson's data, and not
# negligible. The share says how the found variation splits, not whether there is any: here it is a
# large share of noise. And `best(1)` always names a group, not the same one in all experiments,
# each time with a small probability. That number is the warning.
