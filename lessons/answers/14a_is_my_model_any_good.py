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
# # Answers to 14a · Is my model any good? Predictive checks

# %%
import numpy as np

import mcmc_edu as me

SEED = 1
data = me.datasets.sleepstudy()
y = data["Reaction"]
PRIORS = {"sd": me.HalfT(3, 40)}
LINES = "Reaction ~ Days + (Days | Subject)"
fits = {
    "alike": me.Model(LINES, data, pooling="complete").fit(seed=SEED),
    "levels": me.Model("Reaction ~ Days + (1 | Subject)", data, priors=PRIORS).fit(seed=SEED),
    "lines": me.Model(LINES, data, priors=PRIORS).fit(seed=SEED),
    "robust": me.Model(LINES, data, priors=PRIORS, family="student").fit(seed=SEED),
    "none": me.Model(LINES, data, pooling="none").fit(seed=SEED),
}
design = np.column_stack([np.ones(10), np.arange(10.0)])
hat = design @ np.linalg.pinv(design)


def by_driver(y):
    return y.reshape(*y.shape[:-1], 18, 10)


def residual(y):
    """Distance of every night from its driver's own line."""
    return by_driver(y) - by_driver(y) @ hat


def check(statistics, names):
    """Print and return the shares of made-up data sets at or above the observed statistic."""
    print(f"{'':10s}", *(f"{name:>18s}" for name in statistics))
    print(f"{'observed':10s}", *(f"{of(y):18.2f}" for of in statistics.values()))
    found = {}
    for name in names:
        made_up = fits[name].predict(seed=SEED)
        found[name] = {key: (of(made_up) >= of(y)).mean() for key, of in statistics.items()}
        print(f"{name:10s}", *(f"{share:18.3f}" for share in found[name].values()))
    return found


# %% [markdown]
# ## 1 · Does the spread grow with the days?


# %%
def halves(y):
    """Distances, without their sign, of days 5 to 9 and of days 0 to 4."""
    distance = np.abs(residual(y))
    return distance[..., 5:], distance[..., :5]


def more_on_average(y):
    late, early = halves(y)
    return late.mean(axis=(-2, -1)) - early.mean(axis=(-2, -1))


def ratio_of_sds(y):
    distance = residual(y)
    return distance[..., 5:].std(axis=(-2, -1)) / distance[..., :5].std(axis=(-2, -1))


def ratio_of_medians(y):
    late, early = halves(y)
    return np.median(late, axis=(-2, -1)) / np.median(early, axis=(-2, -1))


spread = check(
    {"mean": more_on_average, "sd": ratio_of_sds, "median": ratio_of_medians},
    ["alike", "levels", "lines", "robust"],
)
largest = np.sort(np.abs(residual(y)).ravel())[-3:]
days = np.argsort(np.abs(residual(y)).ravel())[-3:] % 10
print("the three largest distances:", np.round(largest), "on days", days)

# %% [markdown]
# They do not agree. The ratio of sds says that the spread grows, and the three normal models fail.
# The ratio of medians says that it does not: all models pass. The difference of means lies between.
# The sd looks at squares, and the three largest distances all fall into the second half. So the
# *usual* night does not get wilder here; a few very strange nights came late. If the question is
# the usual night, the median asks it, and no model has to be changed. If it is the strange nights,
# Student's t has them, but does not expect them late. A model with a growing spread would have a
# line for the log of sigma. The honest way is to choose the statistic before looking at it.
#
# ## 2 · No pooling, checked


# %%
def sd_of_levels(y):
    return by_driver(y).mean(axis=-1).std(axis=-1)


def sd_of_slopes(y):
    return (by_driver(y) @ np.linalg.pinv(design)[1]).std(axis=-1)


def largest_residual(y):
    return np.abs(residual(y)).max(axis=(-2, -1)) / residual(y).std(axis=(-2, -1))


pooled = check(
    {
        "mean": lambda y: y.mean(axis=-1),
        "sd": lambda y: y.std(axis=-1),
        "max": lambda y: y.max(axis=-1),
        "levels": sd_of_levels,
        "slopes": sd_of_slopes,
        "largest": largest_residual,
    },
    ["none", "lines"],
)

# %% [markdown]
# Mean, sd and maximum pass, as always. The largest residual fails, because the noise is normal
# here, too. The sd of slopes is too large in most made-up data sets: it was estimated with noise,
# and making up data adds the same noise once more. Partial pooling has taken the noise out of the
# slopes first, so its share is near one half. A model that fits the data most closely makes up data
# that vary too much.
#
# ## 3 · Is a night like the night before?


# %%
def neighbours(y):
    """Correlation of neighbouring nights around a driver's own line."""
    distance = residual(y)
    products = distance[..., 1:] * distance[..., :-1]
    return products.sum(axis=(-2, -1)) / (distance**2).sum(axis=(-2, -1))


alike_nights = check({"neighbours": neighbours}, ["alike", "lines", "robust"])
expected = np.median(neighbours(fits["lines"].predict(seed=SEED)))
print(f"lines expects {expected:.2f}, observed {neighbours(y):.2f}")

# %% [markdown]
# The models expect a *negative* number, not zero: distances from a fitted line sum to zero, so a
# high night needs low ones. The observed one is above zero, and hardly any made-up data set has
# that: nights are more like their neighbours than any of these models says. `alike` says the same
# as `lines`, since the statistic takes each driver's own line out, and what is left is normal noise
# in both. With the observed number alone, 0 against the wrong 0, one would have seen nothing. That
# is what made-up data are for.
