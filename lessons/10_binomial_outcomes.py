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
# # 10 · Binomial outcomes: the funding table, and its misprint
#
# **The question.** The Dutch research council gives grants to young researchers. *Have men and women the
# same chance?* An article of 2015 has the numbers of three years, by discipline. It set off a dispute, and
# a lecture on hierarchical models prints the table, with a mistake in it. We will find that, too.

# %%
import matplotlib.pyplot as plt
import numpy as np

import mcmc_edu as me

data = me.datasets.funding()
men = data["male"] == 1
disciplines = data["discipline"][men].tolist()  # the women's rows are in the same order
applied = {"men": data["applications"][men], "women": data["applications"][~men]}
awarded = {"men": data["awards"][men], "women": data["awards"][~men]}
assert data["discipline"][~men].tolist() == disciplines

for who in applied:
    print(
        f"{who:6s} {awarded[who].sum()} of {applied[who].sum()} applications, "
        f"{awarded[who].sum() / applied[who].sum():.1%}"
    )

# %% [markdown]
# Of a hundred applications by men nearly three more succeed than of a hundred by women. That is the table
# with all disciplines added up. Now one by one, in order of the share of women among those who apply:

# %%
share = applied["women"] / (applied["men"] + applied["women"])
rate = {who: awarded[who] / applied[who] for who in applied}
overall = (awarded["men"] + awarded["women"]) / (applied["men"] + applied["women"])
order = np.argsort(share)
for j in order:
    print(
        f"{disciplines[j]:20s} women {share[j]:3.0%}   anyone succeeds {overall[j]:3.0%}   "
        f"men {rate['men'][j]:5.1%} of {applied['men'][j]:3d}   women {rate['women'][j]:5.1%} of {applied['women'][j]:3d}"
    )
ahead = int((rate["women"] > rate["men"]).sum())
few, many = overall[order[:4]].mean(), overall[order[-2:]].mean()
print(f"women are ahead in {ahead} of 9")
assert ahead == 4
assert few > many + 0.05

# %% [markdown]
# Women are ahead in four of nine. And they apply more where fewer of either succeed, which lowers their
# total even if every discipline treats everybody alike. Adding up mixes the two (Simpson's paradox is the
# case where that turns the sign; here it does not go so far).
#
# ## Predict
#
# Three models of the counts, with $\text{awards} \sim \text{Binomial}(\text{applications}, p)$ and a
# linear $\operatorname{logit} p = \log \frac{p}{1 - p}$:
#
# 1. `~ male`: complete pooling, one discipline;
# 2. `~ male + (1 | discipline)`: disciplines differ in how many succeed;
# 3. `~ male + (male | discipline)`: and in the difference between men and women.
#
# How will the estimate of `male` change from one to the next, and how its uncertainty? As for the nine
# differences in 3: which will be pulled farthest from what the table says?

# %%
FORMULA = "awards | trials(applications) ~ male"
PRIORS = {
    "Intercept": me.Normal(0, 4),
    "b": me.Normal(0, 4),
    "sd": me.HalfCauchy(1),
    "cor": me.LKJ(4),
}


def fit_of(bar, rows=data, priors=PRIORS, **settings):
    """Fit awards to male and a bar."""
    return me.Model(FORMULA + bar, rows, family="binomial", priors=priors, **settings).fit(
        seed=1, draws=2000
    )


VARYING = " + (male | discipline)"
fits = {bar: fit_of(bar) for bar in ("", " + (1 | discipline)", VARYING)}
male = {bar: fit.draws["male"] for bar, fit in fits.items()}
for bar, draws in male.items():
    print(
        f"~ male{bar:24s} male {draws.mean():.2f} ± {draws.std():.2f}, positive in {(draws > 0).mean():.0%} of draws"
    )
estimates, sds = zip(*((draws.mean(), draws.std()) for draws in male.values()), strict=True)
assert estimates[0] > estimates[1] + 0.02
assert estimates[0] > estimates[2] + 0.03
assert sds[2] > 1.4 * sds[0]

partial = fits[VARYING]
print(partial.summary())
print(partial.prior_summary())

# %% [markdown]
# The second compares men and women within disciplines: the estimate is smaller. The third no longer
# believes that one number will do for nine disciplines; now `male` is the *mean of a population of
# disciplines*, of which we have seen nine, and its uncertainty is that of nine.
#
# The priors are those of the lecture: Normal(0, 4) on the logit scale is wide (a logit of ±4 is a chance
# of 2% or 98%), HalfCauchy(1) for the sds, LKJ(4) for the correlation (lesson 09), which doubts strong
# ones. Do not skip the note: the prior that is called the intercept's is about the average of the rows,
# half of them men's, while the intercept in the table of estimates is about women.
#
# ## The figure worth keeping
#
# No one asks for a logit. `epred` gives the expected number of awards, and of *one* application that
# is the chance. The difference of two chances, taken draw by draw, carries the uncertainty of everything
# that went into it.


# %%
def chances(fit):
    """Chance of an award of a man and of a woman, each of shape (chain, draw, discipline)."""
    return {
        who: fit.epred({"discipline": disciplines, "male": [value] * 9, "applications": [1] * 9})
        for who, value in (("men", 1), ("women", 0))
    }


alone = fit_of(VARYING, priors={}, pooling="none")
gap = {}
for name, fit in (("no pooling", alone), ("partial pooling", partial)):
    p = chances(fit)
    gap[name] = p["men"] - p["women"]

figure, ax = plt.subplots(figsize=(8.5, 4.8), layout="constrained")
place = np.arange(9.0)
for name, up, color in (("no pooling", 0.16, "#999999"), ("partial pooling", -0.16, "#0072B2")):
    low, high = np.quantile(gap[name][:, :, order], [0.05, 0.95], axis=(0, 1))
    ax.hlines(place + up, low, high, color=color)
    ax.plot(gap[name].mean(axis=(0, 1))[order], place + up, "o", color=color, label=name)
everyone = applied["men"] + applied["women"]
standard = gap["partial pooling"] @ (everyone / everyone.sum())
ax.hlines(-1.2, *np.quantile(standard, [0.05, 0.95]), color="#D55E00", linewidth=2)
ax.plot(standard.mean(), -1.2, "D", color="#D55E00", label="all who applied")
ax.axvline(0, color="black", linewidth=0.8)
labels = [f"{disciplines[j]} ({applied['men'][j]} m, {applied['women'][j]} f)" for j in order]
ax.set_yticks([-1.2, *place], ["average over applications", *labels])
ax.set_xlabel("chance of a man minus chance of a woman, with 90% intervals")
ax.legend(frameon=False, loc="upper left")
plt.show()

print(f"{'men - women':20s}    table  no pooling      partial pooling: mean, 90%, positive")
raw = rate["men"] - rate["women"]
for j in order[::-1]:
    own, pooled = (gap[name][:, :, j] for name in ("no pooling", "partial pooling"))
    low, high = np.quantile(pooled, [0.05, 0.95])
    print(
        f"{disciplines[j]:20s} {raw[j]:8.3f} {own.mean():6.3f} ± {own.std():.3f} {pooled.mean():12.3f}, "
        f"{low:6.3f} to {high:.3f}, {(pooled > 0).mean():.0%}"
    )
after, before = gap["partial pooling"].mean(axis=(0, 1)), gap["no pooling"].mean(axis=(0, 1))
moved = dict(zip(disciplines, np.abs(after - before), strict=True))
assert max(moved, key=moved.get) == "Interdisciplinary"
assert moved["Social sciences"] < 0.025
assert (gap["partial pooling"].std(axis=(0, 1)) < gap["no pooling"].std(axis=(0, 1))).all()
assert np.ptp(after) < 0.6 * np.ptp(before)
low, high = np.quantile(gap["partial pooling"], [0.05, 0.95], axis=(0, 1))
begin = [name for name, lowest in zip(disciplines, low, strict=True) if lowest > -0.004]
assert begin == ["Earth/life sciences", "Medical sciences"]
assert low.max() < 0.012
assert (high > 0.01).all()
physics = [g[:, :, disciplines.index("Physics")].std() for g in gap.values()]
assert physics[1] < 0.45 * physics[0]

# %% [markdown]
# Alone, the nine range from −10 points to +10. Pooled, they have come together. Interdisciplinary went
# farthest, for it is both small and far from the others; the social sciences, with 834 applications,
# hardly moved; and Physics, where women applied nine times, was near the others by accident and stays, with
# about a third of the uncertainty it had. Seven intervals hold both signs; two begin at about zero.
#
# ## Three averages, three questions
#
# What about *the* difference? Besides the coefficient there are two averages of the chances, and they differ
# in whom they average over (*poststratification*: weigh each cell's chance by the number of people).

# %%
p = chances(partial)
mixes = {
    "each gender's own applications": (applied["men"], applied["women"]),
    "all applications, as men or as women": (everyone, everyone),
}
averages = {}
for name, (of_men, of_women) in mixes.items():
    averages[name] = p["men"] @ (of_men / of_men.sum()) - p["women"] @ (of_women / of_women.sum())
someone = {"discipline": ["another"] * 2, "male": [1, 0], "applications": [1, 1]}
new = partial.epred(someone, new_groups="sample", seed=1)
averages["a tenth discipline"] = new[:, :, 0] - new[:, :, 1]
for name, draws in averages.items():
    low, high = np.quantile(draws, [0.05, 0.95])
    print(
        f"{name:38s} {draws.mean():.3f} ± {draws.std():.3f}, 90% from {low:6.3f} to {high:.3f}, "
        f"positive {(draws > 0).mean():.0%}"
    )
added, same, tenth = averages.values()
print(f"part of the first that is where people apply: {1 - same.mean() / added.mean():.0%}")
assert abs(added.mean() - 0.0284) < 0.003
assert same.mean() < added.mean() - 0.004
assert tenth.std() > 3 * same.std()
assert 0.88 < (same > 0).mean() < 0.98
assert 0.74 < (male[VARYING] > 0).mean() < 0.88
assert 0.62 < (tenth > 0).mean() < 0.78

# %% [markdown]
# The first is the gap of the start, now with its uncertainty. The second gives men and women the same mix
# of disciplines: about a quarter of the gap was that women apply where it is hard. The third asks about a
# discipline that is not in the table, and knows next to nothing. So "is there a difference?" has no single
# answer. That there is one, in favour of men, has a probability of some 94% for these 2823 applications,
# 82% for the mean of all conceivable disciplines (`male` above), and 70% for the next discipline.
#
# ## Investigate: find the misprint
#
# The lecture prints these estimates for model 3: Intercept −1.62 (0.14), male 0.15 (0.17), sds 0.28 and
# 0.33, correlation −0.18. Ours are above; but if you type the table *from the slides* you get others. In that
# table the medical sciences have 200 and 190 applications.

# %%
typed = {name: column.copy() for name, column in data.items()}
medical = typed["discipline"] == "Medical sciences"
typed["applications"][medical] = [200, 190]
NAMES = [
    "Intercept",
    "male",
    "sd(discipline: Intercept)",
    "sd(discipline: male)",
    "cor(discipline: Intercept, male)",
]
PRINTED = [-1.62, 0.15, 0.28, 0.33, -0.18]
from_slides = fit_of(VARYING, rows=typed)
print(f"{'':34s} printed   our table   slides' table   apart, in MCSE")
off = {}
for name, printed in zip(NAMES, PRINTED, strict=True):
    ours, theirs = partial.draws[name], from_slides.draws[name]
    error = np.hypot(me.mcse_mean(ours), me.mcse_mean(theirs))
    off[name] = abs(ours.mean() - theirs.mean()) / error
    print(f"{name:34s} {printed:6.2f} {ours.mean():10.2f} {theirs.mean():13.2f} {off[name]:15.1f}")
    assert abs(ours.mean() - printed) < 0.02
assert abs(from_slides.draws["Intercept"].mean() + 1.58) < 0.02
assert abs(from_slides.draws["sd(discipline: Intercept)"].mean() - 0.23) < 0.02
assert abs(from_slides.draws["cor(discipline: Intercept, male)"].mean() + 0.12) < 0.03
assert off["Intercept"] > 6

# %% [markdown]
# The intercepts are a third of a posterior sd apart, and one might shrug. But two runs of one model differ
# by Monte Carlo errors (lesson 04), and by two or three of them at most. This is another posterior. Not the
# sampler, then; and if the priors are the same, it is the data. Data like these can be checked without
# any model: *awards + rejects = applications*.

# %%
try:
    me.datasets.check_funding(typed)
except ValueError as refusal:
    print(refusal)
else:
    raise AssertionError("the misprint was let through")

decided = typed["awards"] + typed["rejects"]
misprinted = np.flatnonzero(decided != typed["applications"])
for row in misprinted:
    print(
        f"row {row + 1}: {typed['discipline'][row]}, {typed['gender'][row]}: printed "
        f"{typed['applications'][row]}, by arithmetic {decided[row]}"
    )
print(f"applications: {typed['applications'].sum()} as printed, {decided.sum()} by arithmetic")
typed["applications"] = decided
me.datasets.check_funding(typed)
assert misprinted.tolist() == np.flatnonzero(medical).tolist()
assert all(np.array_equal(typed[name], data[name]) for name in data)

# %% [markdown]
# Two rows do not add up. Corrected by the arithmetic, the table is that of the article, 2823 applications;
# and its estimates are those on the slides, which were made with the right numbers then. One line of
# checking before the first chain saves every reader an evening.
#
# > **What could go wrong: averaging on the wrong side of the link.**
# > To average chances, average logits (`linpred`) and transform the average: a number between 0 and 1, which
# > looks like a chance. A much used package for R had this as its default for logistic regression
# > (marginaleffects, issues 692 and 895), and its users found 0.24 where the average chance was 0.53. The
# > inverse logit is not straight, so *transform first, then average*. How would you notice? Multiply by
# > the applications: the council must come out with about as many awards as it made.


# %%
def inverse_logit(eta):
    return 1 / (1 + np.exp(-eta))


two = np.array([0.02, 0.60])
print(
    f"two chances, 2% and 60%: average {two.mean():.0%}, by way of logits "
    f"{inverse_logit(np.log(two / (1 - two)).mean()):.0%}"
)
total = data["applications"].sum()
awards = {}
for name, fit in (("no pooling", alone), ("partial pooling", partial)):
    eta = fit.linpred()  # (chain, draw, row)
    right = total * (inverse_logit(eta) @ data["applications"] / total)
    wrong = total * inverse_logit(eta @ data["applications"] / total)
    awards[name] = right.mean(), wrong.mean()
    print(
        f"{name:16s} awards in all: {right.mean():.0f}, by way of logits {wrong.mean():.0f}; "
        f"too few in {(wrong < right).mean():.0%} of draws"
    )
    assert abs(right.mean() - data["awards"].sum()) < 5
    assert (wrong < right).all()
    assert np.allclose(fit.epred().sum(axis=-1), right)
print(f"in the table: {data['awards'].sum()}")
assert awards["no pooling"][1] < 455
assert awards["partial pooling"][1] < awards["partial pooling"][0] - 4

# %% [markdown]
# Awards are lost, and in every draw: below one half the inverse logit bends upwards, so that the chance at
# the average logit is below the average of the chances. The more the cells differ, the more it is, and so
# pooling hides some of it. No diagnostic can tell, for the chains are in order; it is the last line of the
# analysis that is wrong.
#
# ## Modify: how much does the pooling owe to its prior?
#
# Nine disciplines say little about a sd. Give the sds a prior that wants them near zero, and one that
# leaves them free, and see what becomes of the medical sciences and of the average. Predict which of
# the two is more sensitive.

# %%
at = disciplines.index("Medical sciences")
medical_gap, average_gap = [], []
for prior in (me.HalfNormal(0.05), me.HalfCauchy(1), me.HalfNormal(10)):
    p = chances(fit_of(VARYING, priors=PRIORS | {"sd": prior}))
    difference = p["men"] - p["women"]
    average = difference @ (everyone / everyone.sum())
    medical_gap.append(difference[:, :, at].mean())
    average_gap.append(average.mean())
    print(
        f"sd ~ {prior!r:16} medical sciences {difference[:, :, at].mean():.3f} ± {difference[:, :, at].std():.3f}, "
        f"average {average.mean():.3f} ± {average.std():.3f}"
    )
assert np.ptp(medical_gap) > 0.01
assert np.ptp(average_gap) < np.ptp(medical_gap)
assert abs(medical_gap[1] - medical_gap[2]) < 0.008

# %% [markdown]
# HalfCauchy(1) hardly differs from a prior ten times as wide. The one that insists on small sds is nearly
# complete pooling: the medical sciences give way, and the average returns towards the gap of the start.
# It moves less, since what is taken from one discipline is given to another.
#
# ## What the data do not say
#
# Whether anyone was treated unfairly. Gender is not a treatment that somebody assigned; the table knows
# neither what was proposed, nor by whom, nor who chose not to apply, and a model of the table knows no more.
# Here is a council that treats everybody alike. Let the medical sciences be two fields, one in which a
# quarter of all succeed, and one in which eight in a hundred do:

# %%
EASY, HARD = 0.25, 0.08
for who in ("men", "women"):
    in_easy = (rate[who][at] - HARD) / (EASY - HARD)
    explained = EASY * in_easy + HARD * (1 - in_easy)
    print(
        f"{who:6s} {in_easy:.0%} apply in the easy field: {explained:.1%} succeed (table: {rate[who][at]:.1%})"
    )
    assert 0 < in_easy < 1
    assert abs(explained - rate[who][at]) < 1e-12

# %% [markdown]
# The very rows of the table, without a trace of bias, by the arithmetic that explained a quarter of the gap
# before. We made the fields up: nothing here says that it was so, just as nothing says that it was not. (One
# reply to the article looked at finer fields, in the social sciences.) What the model does say is
# how large the differences in success are, and how sure one can be of each.
#
# ## Make
#
# 1. Use `predict` instead of `epred` for the table's own rows: between which numbers of awards would each
#    discipline's women lie, if the council went through the years again? How many of the 18 counts are
#    outside their 90% interval?
# 2. Reverse the coding: `female = 1 - male`. What happens to the intercept, the sd of the intercepts, and the
#    correlation? (Lesson 09 moved a zero, too.) And to the chances?
# 3. Change one count in the table so that every row still adds up, and the totals too. Which check could
#    find that? Write one that uses `fit.predict`, and see how large an error it takes.
#
# ## Sources
#
# The table: R. van der Lee, N. Ellemers (2015), *PNAS* 112, 12349-12353. The dispute: C. J. Albers (2015),
# *PNAS* 112, E6828-E6829; B. Volker, W. Steenbeek (2015), *PNAS* 112, E7036-E7037. Priors, estimates and the
# misprint: B. Goodrich, lecture on hierarchical models. The bug:
# vincentarelbundock/marginaleffects, issues 692 and 895.
