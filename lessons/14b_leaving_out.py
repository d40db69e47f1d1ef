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
# # 14b · Leaving out: which model predicts best, and what?
#
# **You need** lesson 14a. **It takes** about 40 minutes.
# **Afterwards you can** compute a leave-one-out score from its definition, read Pareto's k and the
# error of a difference, and leave out what your question is about.
#
# **The question.** Three models of the drivers again: all alike; own levels; own levels and slopes.
# A check compares a model with the data it has seen. Now we *compare models*: which one predicts
# best? But predicts what? A night that was not recorded? Tomorrow? A driver whom we have not met?
# *Do these three questions have the same answer?*

# %%
import matplotlib.pyplot as plt
import numpy as np
from scipy.special import logsumexp
from scipy.stats import norm

import mcmc_edu as me

SEED = 1  # another seed moves the numbers
data = me.datasets.sleepstudy()
y = data["Reaction"]
drivers = data["Subject"][::10].tolist()
PRIORS = {"sd": me.HalfT(3, 40)}
LEVELS, LINES = "(1 | Subject)", "(Days | Subject)"


def fit_of(bar, columns="", rows=data, **settings):
    """Fit `Reaction ~ Days`, further columns, and a bar."""
    return me.Model(f"Reaction ~ Days{columns} + {bar}", rows, **settings).fit(
        seed=SEED, progress=False
    )


MODELS = {
    "alike": {"bar": LINES, "pooling": "complete"},
    "levels": {"bar": LEVELS, "priors": PRIORS},
    "lines": {"bar": LINES, "priors": PRIORS},
}
fits = {name: fit_of(**settings) for name, settings in MODELS.items()}

# %% [markdown]
# ## Predict
#
# 1. We add forty columns of random numbers to the best model. Will the data that it was fitted to
#    be more or less probable under it than before? And data that it has not seen?
# 2. The model `lines` predicts a night that was left out better than `levels` does. Is it also
#    better for the *next* night, from the nights before? And for the next driver?

# %%
my_guess = "?"  # write your guess between the quotes, e.g. "1 less, less; 2 yes, no"

# %% [markdown]
# ## Investigate: leave one out, from the definition
#
# To compare models, let them predict, and score each by the log of the density that it gave to what
# came. The data are all there is. So leave out a row $i$, fit to the others, and score $y_i$. The
# sum is the *expected log predictive density*:
#
# $$\text{elpd} = \sum_i \log p(y_i \mid y_{-i}), \qquad
# \frac{1}{p(y_i \mid y_{-i})} = E\left[ \frac{1}{p(y_i \mid \theta)} \,\Big|\, y \right].$$
#
# The second equation saves 180 fits. Take draws given *all* data. Weight them by
# $1 / p(y_i \mid \theta)$. Then they are draws given all but $y_i$: the weight takes out what row
# $i$ had put in. All it needs is the log density of every row for every draw:

# %%
lines = fits["lines"]
log_lik = norm.logpdf(y, lines.linpred(), lines.draws["sigma"][:, :, None])  # (chain, draw, row)
draws = log_lik.shape[0] * log_lik.shape[1]
by_hand = np.log(draws) - logsumexp(-log_lik, axis=(0, 1))  # a harmonic mean, row by row
loo = lines.loo()
print(f"by hand {by_hand.sum():.1f}")
print(loo)

# %% [markdown]
# Nearly the same, with a warning. If $y_i$ surprised the model, few draws expect so little of it,
# and those few get enormous weights. Then an average of 4000 draws is an average of a handful.
# `loo` smooths the largest weights, and measures their tail by *Pareto's k*. Below 0.7 the result
# is sound; above, it is not. For those rows, fit the model again without them:

# %%
shown = sorted(np.argsort(loo.pareto_k)[-3:].tolist())
exact = lines.loo(refit=True)
print("row  driver, day   Pareto k  largest weight   by hand  smoothed     refit")
largest = {}
for i in shown:
    weight = np.exp(-log_lik[:, :, i] - (-log_lik[:, :, i]).max())
    largest[i] = (weight / weight.sum()).max()
    print(
        f"{i:3d} {data['Subject'][i]:>7s}, {data['Days'][i]:3d} {loo.pareto_k[i]:10.2f}"
        f" {largest[i]:15.0%} {by_hand[i]:9.2f} {loo.pointwise[i]:9.2f} {exact.pointwise[i]:9.2f}"
    )
print(f"elpd: {loo.elpd:.1f} smoothed, {exact.elpd:.1f} with the untrusted rows fitted again")

# %% [markdown]
# Two of the three are nights of one driver, 332. So k is not only about arithmetic: it points at
# the rows that the model did not expect. Here the sum moves by about one, which is little. It need
# not be so.
#
# ## The same data twice
#
# Why not ask how probable the data are under the fitted model, without leaving anything out? Try it
# on four models. The fourth is the third with forty columns of random numbers:

# %%
rng = np.random.default_rng(SEED)
noise = {f"noise{k}": column for k, column in enumerate(rng.standard_normal((40, y.size)))}
fits["lines + noise"] = fit_of(
    LINES, "".join(f" + {name}" for name in noise), rows={**data, **noise}, priors=PRIORS
)
loos = {name: fit.loo() for name, fit in fits.items() if name != "lines"} | {"lines": exact}
inside, outside = {}, {}
print("                same data    left out")
for name, fit in fits.items():
    expected, sigma = fit.linpred().mean(axis=(0, 1)), fit.draws["sigma"].mean()
    inside[name] = norm.logpdf(y, expected, sigma).sum()  # at the posterior mean
    outside[name] = loos[name].elpd
    print(f"{name:14s} {inside[name]:10.1f} {outside[name]:11.1f}")
print(
    f"you guessed {my_guess}; forty columns of noise change the score on the same data by "
    f"{inside['lines + noise'] - inside['lines']:+.1f}, on rows left out by "
    f"{outside['lines + noise'] - outside['lines']:+.1f}"
)

# %% [markdown]
# On the data that it was fitted to, the larger model wins every time. Noise is welcome: it is
# another 40 ways to come close. On rows left out, noise loses more than it seemed to gain.
#
# What does a model gain by having seen a row? Take the log of the row's mean density over all
# draws, and subtract its score when it is left out. The sum over rows is called `p_loo`, the
# *effective number of parameters*. Do not read it as a number of parameters. Where does it come
# from in `lines`?

# %%
seen = logsumexp(log_lik, axis=(0, 1)) - np.log(draws)
surprise = seen - exact.pointwise
top = np.sort(surprise)[::-1]
print(f"p_loo {surprise.sum():.1f}; three nights make {top[:3].sum():.1f} of it")
made_up = lines.predict(seed=SEED)  # (chain, draw, row)
own = []
for chain in range(4):
    itself = {**data, "Reaction": made_up[chain, 0]}
    own.append(fit_of(LINES, rows=itself, priors=PRIORS).loo().p_loo)
print("p_loo of four data sets that the model made up itself:", *(f"{p:.0f}" for p in own))

# %% [markdown]
# Where the model is right, p_loo is about 30: there are 36 levels and slopes, pooled somewhat, and
# a few common parameters. In the real data it is larger, and three nights of 180 make almost half
# of it. That is surprise at strange nights. A large p_loo from a few rows says that the model does
# not fit them, not that it has many parameters.
#
# ## How sure is the difference?

# %%
table = me.compare({name: loos[name] for name in ("alike", "levels", "lines")})
print(table)


def with_se(values):
    """Sum of differences, and its standard error: their sd times the root of their number."""
    return values.sum(), np.sqrt(values.size) * values.std(ddof=1)


def by_driver(values):
    return values.reshape(*values.shape[:-1], 18, 10)


difference = loos["lines"].pointwise - loos["levels"].pointwise
per_driver = by_driver(difference).sum(axis=-1)
deviations = np.sort((difference - difference.mean()) ** 2)
three = deviations[-3:].sum() / deviations.sum()
at = drivers.index("332")
others = np.delete(by_driver(difference), at, axis=0).ravel()
print("lines - levels: {:.1f} ± {:.1f}".format(*with_se(difference)))
print(f"better for {np.sum(per_driver > 0)} of 18 drivers; for 332: {per_driver[at]:.1f}")
print(f"share of three nights in the variance: {three:.0%}")
print("without driver 332: {:.1f} ± {:.1f}".format(*with_se(others)))

STUDENT = {"priors": PRIORS, "family": "student"}
robust = {"t, levels": fit_of(LEVELS, **STUDENT).loo(), "t, lines": fit_of(LINES, **STUDENT).loo()}
by_t = robust["t, lines"].pointwise - robust["t, levels"].pointwise
print("both with Student's t: {:.1f} ± {:.1f}".format(*with_se(by_t)))
sums = by_driver(by_t).sum(axis=-1)  # ten nights of a driver are one witness
print("the same, by drivers:  {:.1f} ± {:.1f}".format(*with_se(sums)))
print(me.compare({"lines": exact} | robust))

# %% [markdown]
# That drivers differ in slope is plain to see. Yet here the difference is a mere 2 standard errors.
# Is it doubtful? No: it is *one driver*, 332, whose strange nights make most of the standard error.
# Without him it is about 4 standard errors, and with Student's t in both models it is about 5. The
# t is also far better than the normal, and has no k above 0.7. The check of lesson 14a, the ks and
# the elpd all point the same way.
#
# What do 2 standard errors mean? Another 180 rows *of this kind* would probably rank the models
# alike, if the differences are many, independent, and not ruled by a few. Here they are not
# independent: the nights of a driver share his slope, so their differences go together. Take each
# driver's sum for one difference, and the 5 standard errors become 3. That is about drivers like
# these, and still clear. Standard errors are not the probability that a model is true, nor a test
# with 5% errors.
#
# ## What do you want to predict?
#
# - **Another night of the same ten.** So far we left out single rows. Then days before *and* after
#   are known. That is right for a night that was not recorded. It is *not* the next night.
# - **Tomorrow.** Fit to the days before, score the next day: *leave-future-out*. We do it for
#   days 4 to 9, with a fit each.
# - **The next driver.** Leave out all ten nights of a driver at once: *leave-one-group-out*. His
#   level and slope then come from the population, and are integrated out.

# %%
day = np.asarray(data["Days"])


def next_day(name, t):
    """Log density of day t of every driver, by a fit to the days before."""
    past = {column: values[day < t] for column, values in data.items()}
    future = {column: values[day == t] for column, values in data.items()}
    fit = fit_of(rows=past, **MODELS[name])
    density = norm.logpdf(future["Reaction"], fit.linpred(future), fit.draws["sigma"][:, :, None])
    return logsumexp(density, axis=(0, 1)) - np.log(density[..., 0].size)


tomorrow = {  # (driver, day)
    name: np.column_stack([next_day(name, t) for t in range(4, 10)]) for name in MODELS
}
groups = {name: fits[name].loo(groups="Subject", refit=True) for name in MODELS}
gains = {
    "another night": {n: exact.pointwise - loos[n].pointwise for n in ("levels", "alike")},
    "tomorrow": {n: (tomorrow["lines"] - tomorrow[n]).ravel() for n in ("levels", "alike")},
    "the next driver": {
        n: groups["lines"].pointwise - groups[n].pointwise for n in ("levels", "alike")
    },
}
print(f"you guessed {my_guess}")
print("lines better by:       than levels          than alike")
for asked, gain in gains.items():
    print(f"{asked:16s}", *("{:12.1f} ± {:4.1f}".format(*with_se(gain[n])) for n in gain))
same_days = {n: by_driver(gain)[:, 4:].ravel() for n, gain in gains["another night"].items()}
print("another night, days 4 to 9 only: lines better than levels by", end=" ")
print("{:.1f} ± {:.1f}".format(*with_se(same_days["levels"])))
last = (tomorrow["lines"] - tomorrow["levels"])[:, -1].sum()
print(f"the last day alone, from the nine before: lines better than levels by {last:.1f}")

# %% [markdown]
# Compare the sums with care: tomorrow has six days only. On the same six days, the slopes gain less
# by rows than the first line says, and then neither this gain nor that for tomorrow is clear. Most
# of what slopes gain by leaving out rows comes from days 0 to 3. There a line through the *later*
# days helps to tell the early ones, which is the wrong way round. For the last day alone, from the
# nine before, the two models are about even. So by rows one would have said that the slopes help;
# for tomorrow these data do not tell.
#
# For the next driver, all that the model says about *these* drivers is of no use, so the model that
# forgets the drivers loses less. Say which of the three you mean. In most studies it is the next
# person.
#
# ## The figure worth keeping

# %%
KNOWN, SCORED, UNUSED = "#56B4E9", "#D55E00", "#DDDDDD"
figure, axes = plt.subplots(
    2, 3, figsize=(10.0, 6.6), layout="constrained", height_ratios=[1.3, 1.0]
)
pictures = np.zeros((3, 18, 10), dtype=int)
pictures[0, 7, 6] = 1
pictures[1, :, 6], pictures[1, :, 7:] = 1, 2
pictures[2, 7] = 1
colours = np.array([plt.matplotlib.colors.to_rgb(c) for c in (KNOWN, SCORED, UNUSED)])
scores = [
    per_driver,
    (tomorrow["lines"] - tomorrow["levels"]).sum(axis=1),
    gains["the next driver"]["levels"],
]
nights = (180, 108, 180)
for k, (asked, gain) in enumerate(gains.items()):
    above, below = axes[:, k]
    above.imshow(colours[pictures[k]], aspect="auto")
    above.set(title=asked, xlabel="day", xticks=[0, 3, 6, 9], yticks=[])
    above.set_xticks(np.arange(0.5, 9), minor=True)
    above.set_yticks(np.arange(0.5, 17), minor=True)
    above.grid(which="minor", color="white", linewidth=0.8)
    above.tick_params(which="minor", length=0)
    order = np.argsort(per_driver)
    below.axhline(0.0, color="black", linewidth=0.8)
    is_332 = order == at
    below.bar(np.arange(18), scores[k][order], color=np.where(is_332, "black", "#999999"))
    below.set(xlabel="drivers, in the same order (black: 332)", xticks=[])
    below.set_title(
        "lines - levels: {:.0f} ± {:.0f}, {} nights".format(*with_se(gain["levels"]), nights[k]),
        fontsize=11,
    )
    below.sharey(axes[1, 0])
axes[0, 0].set_ylabel("driver")
axes[1, 0].set_ylabel("lines better by (log density)")
for colour, name in ((KNOWN, "known"), (SCORED, "scored"), (UNUSED, "not used")):
    axes[0, 0].bar(0, 0, color=colour, label=name)
axes[0, 0].set(xlim=(-0.5, 9.5), ylim=(17.5, -0.5))
figure.legend(loc="outside upper center", ncols=3, frameon=False)
me.plots.show(
    figure,
    """Above, three tables of 18 drivers by 10 days show what is known (blue) and what is scored
    (orange): one night; one day, with the days after it not used (grey); all nights of one driver.
    Below, by how much the model with slopes scores better than the one with levels only, driver by
    driver: mostly somewhat better, less clearly so for tomorrow, and for driver 332 (black) much
    worse in all three.""",
)

# %% [markdown]
# > **What could go wrong: the rows of a group, added up.**
# > "How do I leave out groups instead of rows?" is asked often. One answer (stan-dev/loo, issue
# > 111, with thanks) is: for every draw, sum the log densities of the rows of each group, and go on
# > as before. That is right for a model without effects of groups. In ours these densities are
# > *given the driver's own level and slope*, which were learnt from the very rows that are left
# > out. The weights would have to move them to where hardly any draw is (arviz, issue 2059, expects
# > this to fail). How would you notice? Count the draws that carry the weight.

# %%
summed = by_driver(log_lik).sum(axis=-1)  # (chain, draw, driver)
naive = np.log(draws) - logsumexp(-summed, axis=(0, 1))
weights = np.exp(-summed - logsumexp(-summed, axis=(0, 1)))
effective = 1 / (weights**2).sum(axis=(0, 1))
flattered = np.sum(naive > groups["lines"].pointwise)
print(f"rows added up: elpd {naive.sum():.1f}; effects integrated out: {groups['lines'].elpd:.1f}")
print(f"draws that carry the weight, of {draws}: median {np.median(effective):.0f}, ", end="")
print(f"least {effective.min():.0f}; too good for {flattered} of 18 drivers")

# %% [markdown]
# It is too good, by about as much as the models differ. (For
# outcomes that are not normal, the effects cannot be integrated out by a formula, and
# `loo(groups=...)` refuses. Then fit again without each group, as lesson 09 did.)
#
# ## Modify: two models that hardly differ
#
# How far can the standard error be trusted? Here leave-one-out is exact. The truth is a normal with
# sd 1. One model knows that its mean is 0, and may be wrong. The larger one estimates the mean.
# There are 20 000 data sets of 100 rows. Change `true_mean`:

# %%
n, sets = 100, 20_000
print("true mean  larger model better by  said to be  its se  more than 2 se off (normal: 5%)")
off, bias = {}, {}
for true_mean in (0.0, 0.1, 0.4):
    Y = true_mean + rng.standard_normal((sets, n))
    others_mean = (Y.sum(axis=1, keepdims=True) - Y) / (n - 1)
    gain = norm.logpdf(Y, others_mean, np.sqrt(1 + 1 / (n - 1))) - norm.logpdf(Y)
    said, said_se = gain.sum(axis=1), np.sqrt(n) * gain.std(axis=1, ddof=1)
    variance = 1 + 1 / n
    fitted_error = (Y.mean(axis=1) - true_mean) ** 2
    true_gain = n / 2 * (1 + true_mean**2 - (1 + fitted_error) / variance - np.log(variance))
    off[true_mean] = (np.abs(said - true_gain) > 2 * said_se).mean()
    bias[true_mean] = said.mean() - true_gain.mean()
    print(
        f"{true_mean:9.1f} {true_gain.mean():23.2f} {said.mean():11.2f} {said_se.mean():7.2f} "
        f"{off[true_mean]:11.0%}"
    )

# %% [markdown]
# The estimate is right on average. But where the models are within a unit or two of each other, the
# standard error is too small: a third of the intervals miss. Where they are far apart, it can be
# trusted. A rule of thumb: below a difference of 4, do not look at the standard error at all; take
# the model that makes more sense.
#
# ## Make
#
# 1. Compare `Reaction` and its logarithm as outcomes of `lines`. `me.compare` refuses; why? Which
#    term has to be added to each log density of the second to make the two comparable? Which is
#    better then?
# 2. Predict the last *three* days from days 0 to 6, and compare the three models. Is the score per
#    night lower than one day ahead, for days 7 to 9? For which model most?
# 3. `me.datasets.funding()`: fit the awards with
#    `awards | trials(applications) ~ male + (1 | discipline)` and with `(male | discipline)`,
#    family `"binomial"`, and look at `loo`. How many of the 18 rows have a large k? Look at the
#    difference and its standard error. Can these data decide?
#
# ## Sources
#
# A. Vehtari, A. Gelman, J. Gabry (2017), *Statistics and Computing* 27, 1413-1432 (leave-one-out by
# weights). P.-C. Bürkner, J. Gabry, A. Vehtari (2020), *Journal of Statistical Computation and
# Simulation* 90, 2499-2523 (leave-future-out). E. Merkle, D. Furr, S. Rabe-Hesketh (2019),
# *Psychometrika* 84, 802-829 (given the effects, or not). T. Sivula, M. Magnusson, A. A. Matamoros,
# A. Vehtari, *Uncertainty in Bayesian leave-one-out cross-validation based model comparison*, arXiv
# 2008.10296 (small differences).
