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
# # 14a · Is my model any good? Predictive checks
#
# **You need** lesson 09. **It takes** about 30 minutes.
# **Afterwards you can** write a predictive check that asks your own question, read its result, and
# say which checks can hardly fail.
#
# **The question.** Three models of the drivers who slept too little (lesson 09): all drivers alike;
# each with his own level; each with his own level and slope. R-hat is 1.00 for all three, so the
# *sampler* did its work. It drew from the posterior of the model that we wrote down. But should we
# have written down that model? *Which of the three may I believe, and for what?*

# %%
import matplotlib.pyplot as plt
import numpy as np

import mcmc_edu as me

SEED = 1  # another seed moves the numbers
data = me.datasets.sleepstudy()
y = data["Reaction"]  # 18 drivers, 10 days each, in milliseconds
PRIORS = {"sd": me.HalfT(3, 40)}
LEVELS, LINES = "(1 | Subject)", "(Days | Subject)"


def fit_of(bar, **settings):
    """Fit `Reaction ~ Days` and a bar."""
    return me.Model(f"Reaction ~ Days + {bar}", data, **settings).fit(seed=SEED)


fits = {
    "alike": fit_of(LINES, pooling="complete"),
    "levels": fit_of(LEVELS, priors=PRIORS),
    "lines": fit_of(LINES, priors=PRIORS),
}
worst = {
    name: max(row["rhat"] for row in fit.draws.summary().rows.values())
    for name, fit in fits.items()
}
for name, rhat in worst.items():
    print(f"{name:8s} largest R-hat {rhat:.3f}")

# %% [markdown]
# ## Predict
#
# A model can make up data. Draw its parameters from the posterior; from these parameters draw 180
# reaction times; do this 4000 times. Made-up data should look like the observed ones. That is a
# *predictive check*. It needs a number to look at. We take six:
#
# 1. the mean of the 180 nights, 2. their sd, 3. their maximum;
# 4. the sd of the drivers' own means ("sd of levels");
# 5. the sd of the slopes of the drivers' own lines ("sd of slopes");
# 6. the largest distance of a night from its driver's own line, in sds of all these distances
#    ("largest residual").
#
# The model `alike` has one line for all 18 drivers, and normal noise. Which of the six will its
# made-up data get wrong? And which will `lines` get wrong?

# %%
my_guess = "?"  # write your guess between the quotes, e.g. "1, 2"

# %% [markdown]
# ## Investigate: a check passes, and another does not
#
# For each number, here is the share of made-up data sets in which it is at least as large as the
# observed one. A share near 0 or 1 means that the observed data would be a stranger among the
# made-up ones.

# %%
design = np.column_stack([np.ones(10), np.arange(10.0)])
hat = design @ np.linalg.pinv(design)  # from ten nights to the line through them


def by_driver(y):
    return y.reshape(*y.shape[:-1], 18, 10)


def sd_of_levels(y):
    return by_driver(y).mean(axis=-1).std(axis=-1)


def sd_of_slopes(y):
    return (by_driver(y) @ np.linalg.pinv(design)[1]).std(axis=-1)


def largest_residual(y):
    residual = by_driver(y) - by_driver(y) @ hat
    return np.abs(residual).max(axis=(-2, -1)) / residual.std(axis=(-2, -1))


STATISTICS = {
    "mean": lambda y: y.mean(axis=-1),
    "sd": lambda y: y.std(axis=-1),
    "max": lambda y: y.max(axis=-1),
    "sd of levels": sd_of_levels,
    "sd of slopes": sd_of_slopes,
    "largest residual": largest_residual,
}


def shares(made_up, y, statistics):
    """Share of made-up data sets whose statistic is at least the observed one."""
    return {name: (of(made_up) >= of(y)).mean() for name, of in statistics.items()}


checked = {
    name: shares(fit.predict(seed=SEED), y, STATISTICS)  # predict: (chain, draw, row)
    for name, fit in fits.items()
}
observed_residual = largest_residual(y)
print(" " * 10, *(f"{name:>16s}" for name in STATISTICS))
print("observed  ", *(f"{of(y):16.1f}" for of in STATISTICS.values()))
for name, found in checked.items():
    print(f"{name:10s}", *(f"{share:16.3f}" for share in found.values()))
print(f"you guessed {my_guess} for alike; its shares are below 0.01 for", end=" ")
print(*(f"{k}." for k, share in enumerate(checked["alike"].values(), 1) if share < 0.01))

# %% [markdown]
# The first three columns are content with every model, even with the one that knows no drivers. No
# wonder: mean and sd are what its parameters are there to fit. *A check passes if it asks for what
# the model was fitted to.* Ask for something else. The sd of levels finds out the first model. The
# sd of slopes finds out the second. So start from your question: if you want to say something about
# differences between drivers, check differences between drivers.
#
# The last column is bad news for all three. One night lies 5.8 sds from its driver's line. No
# normal distribution does that in 180 nights.
#
# ## The figure worth keeping
#
# The failed check suggests a fourth model: Student's t instead of the normal for the nights
# (`family="student"`). Its tails are longer, so a strange night is no surprise to it.

# %%
robust = fit_of(LINES, priors=PRIORS, family="student")
checked["robust"] = shares(robust.predict(seed=SEED), y, STATISTICS)
nu = robust.draws["nu"].mean()
print(f"Student's t, with nu = {nu:.1f} degrees of freedom:")
print({name: round(float(share), 2) for name, share in checked["robust"].items()})

figure, axes = plt.subplots(2, 2, figsize=(10.0, 7.0), layout="constrained")
fits["alike"].pp_check("density", seed=SEED, ax=axes[0, 0])
for ax, fit, statistic in (
    (axes[0, 1], fits["alike"], sd_of_levels),
    (axes[1, 0], fits["lines"], largest_residual),
    (axes[1, 1], robust, largest_residual),
):
    fit.pp_check("stat", stat=statistic, seed=SEED, ax=ax)
    ax.set_xlabel(statistic.__name__.replace("_", " "))
for ax, title in zip(
    axes.flat,
    (
        "all alike:\nnothing to see",
        "all alike: fails",
        "own lines, normal: fails",
        "own lines, Student's t: passes",
    ),
    strict=True,
):
    share = ax.get_title(loc="left")
    ax.set_title(f"{title}\n{share}" if share else title, loc="left", fontsize=11)
me.plots.show(
    figure,
    """Four predictive checks, observed against made-up data. Above, the model of drivers who are
    all alike: its densities follow the observed one, but its sd of levels lies far below the
    observed. Below, the largest residual: the observed 5.8 lies outside what normal noise makes
    up, and inside what Student's t makes up.""",
)

# %% [markdown]
# Above are one model and one data set. On the left, a glance finds nothing to object to. On the
# right, the right question does. Below, the model that the failed check suggested.
#
# ## It is not a p value
#
# The share is often called a posterior predictive p value. But the data have been used twice: to
# fit and to judge. A p value of a *right* model would be uniform: below 0.05 in 5% of data sets.
# Try it on 1000 data sets of 20 rows from N(0, 1), with a model that knows the sd, 1, and fits the
# mean:

# %%
rng = np.random.default_rng(SEED)
right = rng.standard_normal((1000, 1, 20))
mu = right.mean(axis=-1, keepdims=True) + rng.standard_normal((1000, 400, 1)) / np.sqrt(20)
made_up = mu + rng.standard_normal((1000, 400, 20))
share_sd, extreme = {}, {}
for name in ("mean", "max", "sd"):
    of = STATISTICS[name]
    share = (of(made_up) >= of(right)).mean(axis=1)
    share_sd[name] = share.std()
    extreme[name] = ((share < 0.05) | (share > 0.95)).mean()
    print(
        f"{name:5s} sd of the shares {share.std():.3f} (uniform: 0.289), "
        f"below 5% or above 95% in {extreme[name]:.1%} of data sets (uniform: 10%)"
    )

# %% [markdown]
# The share of the mean is always about one half: that check can never fail. The share of the
# maximum is extreme too seldom. Only the sd, which this model does not fit, has uniform shares. So
# an extreme share is worse news than the same p value, and a middling share is weaker comfort.
# There is no limit of 0.05 here. Ask *how* the data differ, and whether that matters for your
# question.
#
# > **What could go wrong: the line instead of the data.**
# > Most packages have two functions with similar names: one for the *expected* outcome (here
# > `linpred`, elsewhere `fitted` or `posterior_epred`), one for *new data* (here `predict`,
# > elsewhere `posterior_predict`). A check needs new data. With the first, the noise is missing:

# %%
line = fits["lines"].linpred()
new_data = fits["lines"].predict(seed=SEED)
inside = {}
for name, values in (("new data", new_data), ("the line", line)):
    low, high = np.quantile(values, [0.05, 0.95], axis=(0, 1))
    inside[name] = ((low < y) & (y < high)).mean()
    print(
        f"{name}: share of the check of the sd {shares(values, y, STATISTICS)['sd']:.3f}; "
        f"{inside[name]:.0%} of nights inside their 90% interval"
    )
line_share = shares(line, y, STATISTICS)["sd"]

# %% [markdown]
# The same model, the same draws. With the line in place of data, the check of the sd condemns it,
# and a third of the nights lie outside of their intervals. Nothing is wrong with the model: an
# interval for the *expected* night is not an interval for a night. When you see a band around a
# line, ask which of the two it is. (New data have more than 90% inside, since the few strange
# nights make the sd of the noise large for all the others.)
#
# ## Modify: counts
#
# Now data whose truth we know: counts in 15 groups. They vary more than Poisson counts do. Which of
# these numbers will give a Poisson model away: the mean, the share of zeros, the largest count?

# %%
made = me.datasets.simulate_regression(
    "negbin", 15, 10, beta=(1.0, 0.3), sd=(0.3, 0.1), phi=1.5, seed=SEED + 2
)
counts = made.columns["y"]
ASKED = {
    "mean": STATISTICS["mean"],
    "zeros": lambda y: (y == 0).mean(axis=-1),
    "max": STATISTICS["max"],
}
told, slope_sd = {}, {}
for family in ("poisson", "negbin"):
    fit = me.Model("y ~ x + (1 | group)", made.columns, family=family).fit(seed=SEED)
    told[family] = shares(fit.predict(seed=SEED), counts, ASKED)
    slope_sd[family] = fit.draws["x"].std()
    print(
        f"{family:8s}",
        {name: round(float(share), 3) for name, share in told[family].items()},
        f"slope {fit.draws['x'].mean():.2f} ± {slope_sd[family]:.2f}",
    )

# %% [markdown]
# The mean passes: it is fitted. Here the maximum passes, too, since the effects of the groups
# stretch to reach it. (With other seeds it often fails.) The zeros do not. And it matters: by the negative binomial model (`negbin`,
# the right one), the slope is far less certain than Poisson says. Check the zeros if zeros matter
# to you (no one came, nothing broke), not because they are on a list.
#
# ## Make
#
# 1. Does the spread of a driver's nights grow with the days? Write three statistics, of the
#    distances from the drivers' own lines (`residual` above) on days 5 to 9 and on days 0 to 4: the
#    difference of the mean $|$residual$|$, the ratio of the sds, and the ratio of the medians of
#    $|$residual$|$. Before you run them: will they agree? Look at all four models. What do you
#    answer?
# 2. Fit the drivers without pooling, `pooling="none"`: each line on its own. Which of the six
#    numbers can you predict? Look at the sd of slopes: is it nearer to one half or to 1, and why?
# 3. Is a night more like the night before than the model says? Write a statistic for it, from
#    products of neighbours `residual[..., 1:] * residual[..., :-1]`. What does the model `lines`
#    expect of it: zero? And what does `alike` say?
#
# ## Sources
#
# A. Gelman, X.-L. Meng, H. Stern (1996), *Statistica Sinica* 6, 733-807 (checks). J. Gabry, D.
# Simpson, A. Vehtari, M. Betancourt, A. Gelman (2019), *Journal of the Royal Statistical Society A*
# 182, 389-402 (checks as pictures). M. Bayarri, J. Berger (2000), *Journal of the American
# Statistical Association* 95, 1127-1142 (the shares are not p values). G. Belenky and others
# (2003), *Journal of Sleep Research* 12, 1-12 (the drivers).
