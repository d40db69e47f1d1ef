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
# # 14 · Is my model any good? Predictive checks, LOO, leave-one-group-out
#
# **The question.** Three models of the drivers who slept too little (lesson 09): all alike, each with his
# own level, each with his own level and slope. R-hat is 1.00 for all three, so the *sampler* is content.
# *Which of them may I believe, and for what?* Convergence says that we have the posterior of the model we
# wrote. It is silent on whether we ought to have written it.

# %%
import matplotlib.pyplot as plt
import numpy as np
from scipy.special import logsumexp
from scipy.stats import norm

import mcmc_edu as me

data = me.datasets.sleepstudy()
y = data["Reaction"]
drivers = data["Subject"][::10].tolist()
PRIORS = {"sd": me.HalfT(3, 40)}
LEVELS, LINES = "(1 | Subject)", "(Days | Subject)"


def fit_of(bar, columns="", rows=data, **settings):
    """Fit `Reaction ~ Days`, further columns, and a bar."""
    return me.Model(f"Reaction ~ Days{columns} + {bar}", rows, **settings).fit(seed=1)


fits = {
    "alike": fit_of(LINES, pooling="complete"),
    "levels": fit_of(LEVELS, priors=PRIORS),
    "lines": fit_of(LINES, priors=PRIORS),
}
for name, fit in fits.items():
    worst = max(row["rhat"] for row in fit.draws.summary().rows.values())
    print(f"{name:8s} largest R-hat {worst:.3f}")
    assert worst < 1.02

# %% [markdown]
# ## Predict
#
# 1. Each model makes up data of its own (`predict`). Whose made-up data have about the same mean as the
#    observed? The same sd? The same sd *between drivers*?
# 2. Add forty columns of random numbers to the best model. How well will it fit the data, as
#    measured on these data? And on others?
# 3. Is the best model for the next night of these drivers also the best for the next driver?
#
# ## A check passes, and another does not
#
# A *predictive check*: draw parameters from the posterior, and from them a new data set; do it a thousand
# times; ask whether the observed data would be at home among them. "At home" needs a number to look at.
# Here are six, with the share of made-up data sets in which it is at least the observed one:

# %%
design = np.column_stack([np.ones(10), np.arange(10.0)])
hat = design @ np.linalg.pinv(design)


def by_driver(y):
    return y.reshape(*y.shape[:-1], 18, 10)


def sd_of_levels(y):
    """Sd of the drivers' means."""
    return by_driver(y).mean(axis=-1).std(axis=-1)


def sd_of_slopes(y):
    """Sd of the slopes of the drivers' own lines."""
    return (by_driver(y) @ np.linalg.pinv(design)[1]).std(axis=-1)


def largest_residual(y):
    """Largest distance from a driver's own line, in sds of all of them."""
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


def shares(fit, y, statistics):
    """Share of replicated data sets whose statistic is at least the observed, by name."""
    replicated = fit.predict(seed=1)  # (chain, draw, row)
    return {name: (of(replicated) >= of(y)).mean() for name, of in statistics.items()}


print(" " * 10, *(f"{name:>16s}" for name in STATISTICS))
print("observed  ", *(f"{of(y):16.1f}" for of in STATISTICS.values()))
checked = {name: shares(fit, y, STATISTICS) for name, fit in fits.items()}
for name, found in checked.items():
    print(f"{name:10s}", *(f"{share:16.3f}" for share in found.values()))
for found in checked.values():
    assert all(0.1 < found[name] < 0.9 for name in ("mean", "sd", "max"))
    assert found["largest residual"] < 0.01
assert checked["alike"]["sd of levels"] < 0.005
assert checked["levels"]["sd of slopes"] < 0.01
assert 0.3 < checked["levels"]["sd of levels"] < 0.7
assert all(0.3 < checked["lines"][name] < 0.7 for name in ("sd of levels", "sd of slopes"))

# %% [markdown]
# Look at the first three columns and all is well with everyone, even with the model that has never heard of
# drivers. No wonder: mean and sd are what its parameters are there to fit. *A check passes if it asks for
# what the model was told.* Ask for what it was not told. The sd between drivers finds the first model out,
# the sd of their slopes the second. So start from the question: if you want to say something about
# differences among drivers has to check these.
#
# The last column is bad news for all three. One night lies 5.8 sds from its driver's line, and no normal
# distribution does that in 180 nights. Keep it in mind.
#
# > **Not a p value.** That share is often called a posterior predictive p value. But the data have been
# > used twice, to fit and to judge, and if the model is *right*, the share is not uniform:


# %%
rng = np.random.default_rng(1)
right = rng.standard_normal((1000, 1, 20))  # 1000 data sets of 20 rows, for which N(mu, 1) is right
mu = right.mean(axis=-1, keepdims=True) + rng.standard_normal((1000, 400, 1)) / np.sqrt(20)
made_up = mu + rng.standard_normal((1000, 400, 20))
share_sd, rejected = {}, {}
for name in ("mean", "max", "sd"):
    of = STATISTICS[name]
    share = (of(made_up) >= of(right)).mean(axis=1)
    share_sd[name] = share.std()
    rejected[name] = ((share < 0.05) | (share > 0.95)).mean()
    print(
        f"{name:5s} shares have mean {share.mean():.2f} and sd {share.std():.3f} (uniform: 0.289), "
        f"beyond 5% or 95% in {rejected[name]:.0%} of data sets (uniform: 10%)"
    )
assert share_sd["mean"] < 0.05
assert 0.2 < share_sd["max"] < 0.275
assert share_sd["sd"] > 0.26
assert rejected["mean"] == 0.0
assert rejected["max"] < 0.07

# %% [markdown]
# The mean's is always about one half, whatever the data: a test that can never reject. The maximum's is too
# seldom extreme. Only for a number that the fit does not touch (here the sd, since the model knows that it
# is 1) is it uniform. So an extreme share counts for more than it seems, and an innocent one for less.
# There is no 0.05 here; ask *how* the data differ, and whether that matters.
#
# ## The figure worth keeping

# %%
robust = fit_of(LINES, priors=PRIORS, family="student")
figure, axes = plt.subplots(2, 2, figsize=(10.0, 7.0), layout="constrained")
fits["alike"].pp_check("density", seed=1, ax=axes[0, 0])
for ax, fit, statistic in (
    (axes[0, 1], fits["alike"], sd_of_levels),
    (axes[1, 0], fits["lines"], largest_residual),
    (axes[1, 1], robust, largest_residual),
):
    fit.pp_check("stat", stat=statistic, seed=1, ax=ax)
    ax.set_xlabel(statistic.__name__.replace("_", " "))
for ax, title in zip(
    axes.flat,
    (
        "all alike: nothing to see",
        "all alike: fails",
        "own lines, normal: fails",
        "own lines, Student's t: passes",
    ),
    strict=True,
):
    share = ax.get_title(loc="left")
    ax.set_title(f"{title}\n{share}" if share else title, loc="left", fontsize=11)
plt.show()
checked["robust"] = shares(robust, y, STATISTICS)
print("Student's t:", {name: round(float(share), 2) for name, share in checked["robust"].items()})
print(f"nu {robust.draws['nu'].mean():.1f}")
assert 0.1 < checked["robust"]["largest residual"] < 0.5
assert robust.draws["nu"].mean() < 5

# %% [markdown]
# Above: one model and one data set, and on the left nothing that a glance would object to. Below: the
# fourth model, which the failed check suggested. With Student's t for the nights (`family="student"`) such
# a night is no surprise.
#
# ## Leave one out, from the definition
#
# A check compares a model with its own ideas. To compare *models*, let them predict, and score each by the
# log of the density that it gave to what came. But what comes? The data are all there is; so leave out a
# row $i$, fit to the others, and score $y_i$:
#
# $$\text{elpd} = \sum_i \log p(y_i \mid y_{-i}), \qquad
# \frac{1}{p(y_i \mid y_{-i})} = E\left[ \frac{1}{p(y_i \mid \theta)} \,\Big|\, y \right].$$
#
# The second equation saves 180 fits. Draws given *all* data, weighted by $1 / p(y_i \mid \theta)$, are
# draws given all but $y_i$: the weight takes out what row $i$ had put in. All it takes is the log density
# of every row given every draw:

# %%
lines = fits["lines"]
log_lik = norm.logpdf(y, lines.linpred(), lines.draws["sigma"][:, :, None])  # (chain, draw, row)
assert np.allclose(log_lik, lines.log_lik())
draws = log_lik.shape[0] * log_lik.shape[1]
by_hand = np.log(draws) - logsumexp(-log_lik, axis=(0, 1))  # a harmonic mean, row by row
loo = lines.loo()
print(f"by hand {by_hand.sum():.1f}")
print(loo)
assert abs(by_hand.sum() - loo.elpd) < 4
assert abs(loo.elpd + 861.5) < 3

# %% [markdown]
# Nearly the same, and where it is not, a warning. If $y_i$ surprised the model, few draws expect it, and
# those that do not expect it get enormous weights: an average of 4000 becomes one of a handful. Pareto's
# $k$ measures that tail. Below 0.7 the smoothed estimate is sound, above it is not. For these rows, fit
# again without them:

# %%
shown = sorted(np.argsort(loo.pareto_k)[-3:].tolist())
exact = lines.loo(refit=True)
print("row  driver, day   Pareto k  largest weight   by hand  smoothed     refit")
largest = {}
for i in shown:
    weight = np.exp(-log_lik[:, :, i] - (-log_lik[:, :, i]).max())
    largest[i] = (weight / weight.sum()).max()
    print(
        f"{i:3d} {data['Subject'][i]:>7s}, {data['Days'][i]:3d} {loo.pareto_k[i]:10.2f} {largest[i]:15.0%} "
        f"{by_hand[i]:9.2f} {loo.pointwise[i]:9.2f} {exact.pointwise[i]:9.2f}"
    )
rest = {name: np.delete(column, 59) for name, column in data.items()}
without = fit_of(LINES, rows=rest, priors=PRIORS)
row = {name: column[59:60] for name, column in data.items()}
density = norm.logpdf(y[59:60], without.linpred(row), without.draws["sigma"][:, :, None])
refit = logsumexp(density) - np.log(draws)
print(f"row 59, our own fit without it: {refit:.2f}")
print(f"elpd: {loo.elpd:.1f} smoothed, {exact.elpd:.1f} with the untrusted rows fitted again")
residual = by_driver(y) - by_driver(y) @ hat
print(f"the residual of {largest_residual(y):.1f} sds is that of row {np.abs(residual).argmax()}")
assert np.abs(residual).argmax() in exact.refitted
assert {56, 59} <= set(exact.refitted) & set(shown)
assert len(exact.refitted) <= 6
assert max(largest.values()) > 0.1
assert abs(refit - exact.pointwise[59]) < 1.2
assert abs(exact.elpd + 862.0) < 1.5

# %% [markdown]
# Two of the three are nights of one driver, 332, and one of them is the residual of 5.8 sds. So $k$ is not
# a nuisance of the arithmetic: it points at the rows that the model did not expect. The refitted sum moved
# by about one, which is nothing here; it need not be so. And two fits without row 59 do not
# agree to the last digit: so far out in the tail, even the average over draws that have not seen the row
# has a Monte Carlo error of a few tenths.
#
# ## Investigate: the same data twice
#
# Why not just ask how probable the data are under the fitted model, without leaving anything out? The log
# of the *mean* likelihood looks like a fair score. In 1991 it was even proposed (of all rows together) in
# place of the Bayes factor. Try it on four models, the last of which is the third with forty columns of
# random numbers:

# %%
noise = {f"noise{k}": column for k, column in enumerate(rng.standard_normal((40, 180)))}
fits["lines + noise"] = fit_of(
    LINES, "".join(f" + {name}" for name in noise), rows={**data, **noise}, priors=PRIORS
)


def log_mean_likelihood(fit):
    """Row by row, of the data that were fitted."""
    return (logsumexp(fit.log_lik(), axis=(0, 1)) - np.log(draws)).sum()


loos = {name: fit.loo() for name, fit in fits.items() if name != "lines"} | {"lines": exact}
inside, outside = {}, {}
print("                same data    left out    difference")
for name, fit in fits.items():
    inside[name], outside[name] = log_mean_likelihood(fit), loos[name].elpd
    print(f"{name:14s} {inside[name]:10.1f} {outside[name]:11.1f} {loos[name].p_loo:13.1f}")
assert inside["alike"] < inside["levels"] < inside["lines"] - 20
assert inside["lines"] + 2 < inside["lines + noise"]
assert outside["lines"] - outside["lines + noise"] > 3 * (inside["lines + noise"] - inside["lines"])
assert 28 < loos["lines"].p_loo < 41

# %% [markdown]
# On the data that it was fitted to, the larger model wins every time, and noise is welcome: it has another
# 40 ways to come close. On rows left out it loses several times what it had gained. The difference between
# the columns is what a model gains by having seen the answer, and is called its *effective number of
# parameters*; of 18 intercepts and 18 slopes, pooled, about 35 are left, together with the few common ones.
#
# ## How sure is the difference?

# %%
table = me.compare({name: loos[name] for name in ("alike", "levels", "lines")})
print(table)
difference = loos["lines"].pointwise - loos["levels"].pointwise
per_driver = by_driver(difference).sum(axis=-1)
deviations = np.sort((difference - difference.mean()) ** 2)
print(
    f"share of three rows in the variance of the differences: {deviations[-3:].sum() / deviations.sum():.0%}"
)
assert deviations[-3:].sum() > 0.5 * deviations.sum()
at = drivers.index("332")
others = np.delete(by_driver(difference), at, axis=0).ravel()


def with_se(values):
    return values.sum(), np.sqrt(values.size) * values.std(ddof=1)


print("lines - levels: {:.1f} ± {:.1f}".format(*with_se(difference)))
print(f"better for {np.sum(per_driver > 0)} of 18 drivers; 332: {per_driver[at]:.1f}")
print("without driver 332: {:.1f} ± {:.1f}".format(*with_se(others)))
robust_loo = {
    "t, levels": fit_of(LEVELS, priors=PRIORS, family="student").loo(),
    "t, lines": robust.loo(),
}
by_t = with_se(robust_loo["t, lines"].pointwise - robust_loo["t, levels"].pointwise)
print("both with Student's t: {:.1f} ± {:.1f}".format(*by_t))
print(me.compare({"lines": exact} | robust_loo))
total, se = with_se(difference)
assert 1.4 < total / se < 2.5
assert np.sum(per_driver > 0) >= 14
assert per_driver[at] < -8
assert np.divide(*with_se(others)) > 3
assert np.divide(*by_t) > 4
assert robust_loo["t, lines"].elpd > exact.elpd + 20
assert not robust_loo["t, lines"].untrusted

# %% [markdown]
# That drivers differ in slope is plain to see, and here the difference is a mere 2 standard errors. Is it
# doubtful? No: it is *one driver*. With 332 left out of the sum it is about 4 se, and with Student's t
# about 5. The standard error is the sd of 180 differences times $\sqrt{180}$, and three nights make most of
# it. Note also that the t is better by 33 and has no $k$ above 0.7; the check, the $k$s and the elpd all
# pointed the same way.
#
# What do 2 se mean, then? That another 180 rows *of this kind* would probably rank the models alike, if the
# differences are many, independent, and none dominates. What it is not: a probability that a model is true,
# a test with 5% errors, or a statement on how large the effect is. Here is the case that fools people: two
# models that hardly differ. The truth is N(0, 1), one model knows it, the other has to estimate the mean,
# and leave-one-out is exact.

# %%
n = 100
print("true mean  larger model better by  said to be  its se  more than 2 se off (normal: 5%)")
off = {}
for true_mean in (0.0, 0.1, 0.4):
    Y = true_mean + rng.standard_normal((20_000, n))
    others_mean = (Y.sum(axis=1, keepdims=True) - Y) / (n - 1)
    gain = norm.logpdf(Y, others_mean, np.sqrt(1 + 1 / (n - 1))) - norm.logpdf(Y)
    said, said_se = gain.sum(axis=1), np.sqrt(n) * gain.std(axis=1, ddof=1)
    variance = 1 + 1 / n
    fitted_error = (Y.mean(axis=1) - true_mean) ** 2
    true_gain = n / 2 * (1 + true_mean**2 - (1 + fitted_error) / variance - np.log(variance))
    off[true_mean] = (np.abs(said - true_gain) > 2 * said_se).mean()
    print(
        f"{true_mean:9.1f} {true_gain.mean():23.2f} {said.mean():11.2f} {said_se.mean():7.2f} "
        f"{off[true_mean]:11.0%}"
    )
    assert abs(said.mean() - true_gain.mean()) < 0.1
assert off[0.0] > 0.25
assert off[0.1] > 0.2
assert off[0.4] < 0.1

# %% [markdown]
# The estimate is right on average. But where the models are within a unit or two of each other, the
# standard error is too small, and a third of the intervals miss. Where they are far apart it can be
# trusted. The rule of thumb: below a difference of 4, do not look at the se at all; take the model that
# makes more sense.
#
# ## Leave one driver out
#
# Another night of a driver one has met, or a driver one has not met? Leaving out a row asks the first: nine
# nights of the same driver are still there. For the second, leave out all ten nights at once. The level
# and slope of the newcomer come from the population then, and have to be integrated out:

# %%
groups = {
    name: fits[name].loo(groups="Subject", refit=True) for name in ("alike", "levels", "lines")
}
by_group = me.compare(groups)
print(by_group)
by_row = {name: table[name]["difference"] for name in groups}
print("lost against lines:      next night  next driver")
for name in ("levels", "alike"):
    print(f"{name:24s} {by_row[name]:10.1f} {by_group[name]['difference']:12.1f}")
none = fit_of(LINES, pooling="none")
none_loo = none.loo()
print(f"no pooling: next night {none_loo.elpd:.1f}, against {exact.elpd:.1f} of partial pooling")
try:
    none.loo(groups="Subject")
except ValueError as refusal:
    print(f"next driver: {refusal}")
else:
    raise AssertionError("no pooling predicted a new driver")
assert list(by_group) == list(table) == ["lines", "levels", "alike"]
assert by_group["alike"]["difference"] > by_row["alike"] + 8
assert abs(groups["lines"].elpd + 886.2) < 2
assert 0 < exact.elpd - none_loo.elpd < 6

# %% [markdown]
# The ranking is the same this time. But the model that forgets the drivers loses less, as it should: that
# drivers differ is worth less to know if one knows nothing of this driver. And the model without pooling,
# which for the next night is all but as good as ours, has no answer at all for the next driver. It is
# another question, and it is the question in almost every study: no one wants to know how these eighteen
# would do on an eleventh day.
#
# > **What could go wrong: the rows of a group, added up.**
# > "How do I leave out groups instead of rows?" is asked often, and the answer in stan-dev/loo, issue 111,
# > is: sum the log densities of the rows of each group, for every draw, and go on as before. That is right
# > for a model without effects of groups. In a hierarchical one (arviz, issue 2059, expects it to fail)
# > these densities are *given the driver's own level and slope*, which were learnt from the rows that are
# > supposed to be left out, and the weights would have to move them to where hardly any draw is. How would
# > you notice? Count the draws that carry the weight.

# %%
summed = by_driver(log_lik).sum(axis=-1)  # (chain, draw, driver)
naive = np.log(draws) - logsumexp(-summed, axis=(0, 1))
weights = np.exp(-summed - logsumexp(-summed, axis=(0, 1)))
effective = 1 / (weights**2).sum(axis=(0, 1))
print(f"rows added up: elpd {naive.sum():.1f}; effects integrated out, {groups['lines'].elpd:.1f}")
print(
    f"draws that carry the weight, of {draws}: median {np.median(effective):.0f}, least {effective.min():.0f}"
)
print(f"too optimistic for {np.sum(naive > groups['lines'].pointwise)} of 18 drivers")
assert naive.sum() > groups["lines"].elpd + 10
assert np.median(effective) < 150
assert effective.min() < 10
assert np.sum(naive > groups["lines"].pointwise) >= 13

# %% [markdown]
# About twenty too good: of the size of the differences that are to be judged, and of the sign that
# flatters. (For outcomes that are not normal, where the effects cannot be integrated out by a formula,
# `loo(groups=...)` refuses; fit again without each group, as lesson 09 did.)
#
# ## Modify: counts
#
# Now data whose truth we know: counts in 15 groups, more variable than Poisson. Predict which of these
# numbers gives the Poisson model away: the mean, the share of zeros, the largest count.

# %%
made = me.datasets.simulate_regression(
    "negbin", 15, 10, beta=(1.0, 0.3), sd=(0.3, 0.1), phi=1.5, seed=3
)
counts = made.columns["y"]
ASKED = {
    "mean": STATISTICS["mean"],
    "zeros": lambda y: (y == 0).mean(axis=-1),
    "max": STATISTICS["max"],
}
count_fits, told = {}, {}
for family in ("poisson", "negbin"):
    fit = me.Model("y ~ x + (1 | group)", made.columns, family=family).fit(seed=1)
    count_fits[family], told[family] = fit, shares(fit, counts, ASKED)
    print(
        f"{family:8s}",
        {name: round(float(share), 3) for name, share in told[family].items()},
        f"slope {fit.draws['x'].mean():.2f} ± {fit.draws['x'].std():.2f}",
    )
compared = me.compare(count_fits)
print(compared)
assert 0.3 < told["poisson"]["mean"] < 0.7
assert told["poisson"]["zeros"] < 0.005
assert 0.15 < told["poisson"]["max"] < 0.85
assert 0.1 < told["negbin"]["zeros"] < 0.9
assert list(compared) == ["negbin", "poisson"]
assert compared["poisson"]["difference"] < -25
sds = {family: fit.draws["x"].std() for family, fit in count_fits.items()}
assert sds["negbin"] > 1.4 * sds["poisson"]

# %% [markdown]
# The mean passes, it is what is fitted. So does the maximum, since the groups' effects stretch to reach it.
# The zeros do not. And it matters: the slope's uncertainty is almost twice what Poisson says. For a paper one
# would check the zeros if zeros matter (no one came, nothing broke), not because they are on a list.
#
# ## What none of this says
#
# Here $x$ raises $y$ by 1, and $z$ is measured afterwards and depends on both. Which model predicts better?
# Which tells the effect of $x$?

# %%
cause = rng.standard_normal(200)
effect = cause + rng.standard_normal(200)
after = cause + effect + rng.standard_normal(200)
columns = {"x": cause, "y": effect, "z": after}
causal = {formula: me.Model(formula, columns).fit(seed=1) for formula in ("y ~ x", "y ~ x + z")}
predictive = me.compare(causal)
print(predictive)
for formula, fit in causal.items():
    slope = fit.draws["x"]
    passed = shares(fit, effect, {name: STATISTICS[name] for name in ("mean", "sd", "max")})
    print("checks:", *(f"{share:.2f}" for share in passed.values()))
    assert all(0.05 < share < 0.95 for share in passed.values())
    print(f"{formula:10s} slope of x {slope.mean():.2f} ± {slope.std():.2f} (truth: 1)")
assert next(iter(predictive)) == "y ~ x + z"
assert predictive["y ~ x"]["difference"] < -4 * predictive["y ~ x"]["se"]
assert abs(causal["y ~ x"].draws["x"].mean() - 1) < 0.2
assert abs(causal["y ~ x + z"].draws["x"].mean()) < 0.3

# %% [markdown]
# Leave-one-out prefers the second by many standard errors, and rightly: to guess $y$, look at what $y$ has
# caused. But in it the slope of $x$ is about 0. Mean, sd and maximum pass in both. What causes what is not
# in the columns; it has to be known from elsewhere.
#
# ## Make
#
# 1. Write a check for the question "does the *spread* of a driver's nights grow with the days?" and see
#    which of the four models passes. What would the model look like that does?
# 2. Compare `Reaction` and its logarithm as outcomes. `me.compare` refuses; why? Which term has to be added
#    to each log density of the second to make the two comparable?
# 3. `me.datasets.funding`: fit the awards with and without `(male | discipline)`, and look at `loo`. How
#    many rows have a large $k$, why are 18 rows too few to decide, and what does `pp_check("ribbon")` show?
#
# ## Sources
#
# A. Gelman, X.-L. Meng, H. Stern (1996), *Statistica Sinica* 6, 733-807 (checks). A. Vehtari, A. Gelman, J.
# Gabry (2017), *Statistics and Computing* 27, 1413-1432 (PSIS-LOO). T. Sivula, M. Magnusson, A. A.
# Matamoros, A. Vehtari, *Uncertainty in Bayesian leave-one-out cross-validation based model comparison*,
# arXiv 2008.10296 (small differences). E. Merkle, D. Furr, S. Rabe-Hesketh (2019), *Psychometrika* 84,
# 802-829 (given the effects, or not). The mean likelihood: M. Aitkin (1991), *Journal of the Royal
# Statistical Society B* 53, 111-142, with discussion. The box: stan-dev/loo, issue 111; arviz-devs/arviz,
# issue 2059.
