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
# # Answers to 11 · The effect for whom? Ladders, intersections, populations

# %%
import numpy as np

import mcmc_edu as me

SEED = 1  # another seed moves the numbers

made = me.datasets.simulate_marketing(seed=SEED, people=1200)
people = made.people
spend, offer = people["spend"], people["offer"]
FACTORS = ["gender", "race", "generation"]

# %% [markdown]
# ## 1 · What the priors decide

# %%
spread, black_men = {}, {}
for scale in (0.03, 0.5, 2):
    ladder = me.effects.ladder("spend", "offer", FACTORS, data=people, scale=scale)
    fit = ladder.models["varying by each"].fit(seed=SEED, draws=500, warmup=500)
    effects = fit.effect("offer", by=FACTORS).draws.reshape(-1, 18)
    spread[scale] = np.median(effects.std(axis=1))
    by = fit.effect("offer", by=["gender", "race"])
    black_men[scale] = by.draws[:, :, by.labels.index("gender=male, race=Black")]
    low, high = np.quantile(black_men[scale], [0.025, 0.975])
    print(
        f"scale {scale:4.2f}: sd of the effects {spread[scale]:.1f}; "
        f"Black men {np.median(black_men[scale]):.1f} ({low:.1f} to {high:.1f})"
    )
print(f"truth: Black men {made.truth(gender='male', race='Black'):.1f}")

# %% [markdown]
# Priors that want small sds pull all effects together, and take from Black men part of what is
# their own. Wider priors than the lesson's leave nearly everything as it was: from there on the
# data decide. If such a change would change what you do, report all of these rows.
#
# ## 2 · Before and after

# %%
rng = np.random.default_rng(SEED)


def least_squares(y, *columns):
    """Return the coefficient of the first column, and its standard error."""
    x = np.column_stack([*columns, np.ones(y.size)])
    coefficients = np.linalg.solve(x.T @ x, x.T @ y)
    variance = np.sum((y - x @ coefficients) ** 2) / (y.size - x.shape[1])
    return coefficients[0], np.sqrt(variance * np.linalg.inv(x.T @ x)[0, 0])


errors = {}
for sd in (15, 3):
    habit = rng.normal(0, sd, offer.size)
    after = spend + habit
    before = made.expected[:, 0] + habit + rng.normal(0, 15, offer.size)
    found = {
        "spend": least_squares(after, offer),
        "spend - before": least_squares(after - before, offer),
        "spend, given before": least_squares(after, offer, before),
    }
    for name, (effect, error) in found.items():
        print(
            f"habits of sd {sd:2d}: {name:20s} {effect:5.1f} ± {error:.2f}, truth {made.truth():.1f}"
        )
    errors[sd] = [error for _, error in found.values()]
    only = (after + 5 - before)[offer == 1]
    print(f"                 before and after, no control group: {only.mean():.1f}")

# %% [markdown]
# The regression on `before` always wins: it finds out how much of the earlier month to subtract.
# The plain difference subtracts all of it, noise included. With strong habits that still pays; with
# weak habits it is no better than to ignore the earlier month. All three estimate the same effect,
# because the lots were drawn. Without a control group, the mean of after minus before estimates the
# effect *plus* what the month has done to all.
#
# ## 3 · One generation gets all the offers

# %%
many = me.datasets.simulate_marketing(seed=SEED + 1, people=10_000)
generation, without = many.people["generation"], many.people["offer"] == 0
spent = {str(g): many.people["spend"][without & (generation == g)].mean() for g in set(generation)}
kept = (generation == min(spent, key=spent.get)) == ~without
sent = {name: column[kept] for name, column in many.people.items()}
try:
    me.Model("spend ~ offer*generation + gender + race", sent)
except ValueError as refusal:
    print("offer*generation:", refusal)

intervals = {}
for name, terms, priors in (
    ("offer", "offer", {}),
    ("with a bar", "offer + (1 + offer | generation)", {}),
    ("other prior", "offer + (1 + offer | generation)", {"sd(generation)": me.HalfNormal(3)}),
):
    model = me.Model(f"spend ~ {terms} + gender + race", sent, priors=priors)
    fit = model.fit(seed=SEED, draws=500, warmup=500)
    row = fit.effect("offer", newdata=many.people).table["offer"]
    intervals[name] = row["conf_low"], row["conf_high"]
    print(f"{name:12s} {row['estimate']:5.1f} ({row['conf_low']:5.1f} to {row['conf_high']:4.1f})")
print(f"truth {many.truth():.1f}")

# %% [markdown]
# In no generation do both arms occur: the second thing is missing. So nothing separates an effect from
# a difference between generations, and the refusal of `offer*generation` is the honest answer.
# `offer` alone answers with a narrow interval, and it is wrong: it takes for granted that
# generations spend alike. With a bar the interval is so wide that it says nothing. Another prior
# gives another interval, which shows what it is made of: the priors. More rows would not help.
