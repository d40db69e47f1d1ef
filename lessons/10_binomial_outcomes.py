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
# **You need** lesson 09. **It takes** about 35 minutes.
# **Afterwards you can** model counts out of totals, turn coefficients into chances, and say which
# average answers which question.
#
# **The question.** The Dutch research council gives grants to young researchers. *Do men and women
# have the same chance?* An article of 2015 has the numbers of three years, by discipline. It set
# off a dispute. A lecture on hierarchical models prints the table, with a misprint. We will find
# that, too.

# %%
import matplotlib.pyplot as plt
import numpy as np

import mcmc_edu as me

SEED = 1  # another seed moves the numbers

data = me.datasets.funding()
men = data["male"] == 1
disciplines = data["discipline"][men].tolist()  # the women's rows are in the same order
applied = {"men": data["applications"][men], "women": data["applications"][~men]}
awarded = {"men": data["awards"][men], "women": data["awards"][~men]}

for who in applied:
    print(
        f"{who:6s} {awarded[who].sum()} of {applied[who].sum()} applications, "
        f"{awarded[who].sum() / applied[who].sum():.1%}"
    )

# %% [markdown]
# Of 100 applications by men, nearly three more succeed than of 100 by women. That is the table with
# all disciplines added up. Now one by one, in order of the share of women among those who apply:

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
print(f"women are ahead in {ahead} of 9")

# %% [markdown]
# Women are ahead in four of nine. And they apply more where fewer of either succeed. This lowers
# their total even if every discipline treats everybody alike. Adding up mixes the two. (In
# *Simpson's paradox* the mix even turns the sign; here it does not go so far.)
#
# ## Predict
#
# Each cell of the table is a count out of a total:
# $\text{awards} \sim \text{Binomial}(\text{applications}, p)$. A chance $p$ stays between 0 and 1,
# but a straight line does not. So the line is drawn for something that has no bounds. *Odds* are
# $p/(1-p)$: a chance of 20% is odds of 1 to 4. Their logarithm is the *logit*:
#
# $$\operatorname{logit} p = \log \frac{p}{1-p} = \text{intercept} + \text{coefficient} \times \text{male}$$
#
# The function between $p$ and the line is called the *link*, and numbers such as these coefficients
# are *on the link scale*. A coefficient of 0.2 multiplies the odds by $e^{0.2}$, that is, by 1.22.
# Three models:
#
# 1. `~ male`: complete pooling, one discipline;
# 2. `~ male + (1 | discipline)`: disciplines differ in how many succeed;
# 3. `~ male + (male | discipline)`: and in the difference between men and women.
#
# How will the estimate of `male` change from one to the next, and how its uncertainty? And of the
# nine differences in 3: which discipline's will be pulled farthest from what the table says? Write
# that one down.

# %%
my_guess = "?"  # write your guess between the quotes

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
        seed=SEED, draws=2000
    )


VARYING = " + (male | discipline)"
fits = {bar: fit_of(bar) for bar in ("", " + (1 | discipline)", VARYING)}
male = {bar: fit.draws["male"] for bar, fit in fits.items()}
for bar, draws in male.items():
    print(
        f"~ male{bar:24s} male {draws.mean():.2f} ± {draws.std():.2f}, positive in {(draws > 0).mean():.0%} of draws"
    )
partial = fits[VARYING]
print(partial.summary())
print(partial.prior_summary())

# %% [markdown]
# The second model compares men and women within disciplines: the estimate is smaller. The third
# lets every discipline have its own difference. Now `male` is the *mean of a population of
# disciplines*. We have seen nine of them, so it is less certain.
#
# The priors are those of the lecture. Normal(0, 4) on the link scale is wide (a logit of ±4 is a
# chance of 2% or 98%). The sds have HalfCauchy(1). LKJ(4), for the correlation (lesson 09), makes
# strong correlations unlikely. Read the note under the table: the intercept's prior is set where
# all predictors are at their mean; the table reports the intercept for women.
#
# ## The figure worth keeping
#
# Few people think in logits. `epred` gives the expected number of awards, and for *one* application
# that is the chance. Take the difference of two chances within each draw: so it carries the
# uncertainty of everything that went into it.


# %%
def chances(fit):
    """Return the chance of a man and of a woman, each of shape (chain, draw, discipline)."""
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
ax.plot(standard.mean(), -1.2, "D", color="#D55E00", label="average over all applications")
ax.axvline(0, color="black", linewidth=0.8)
labels = [f"{disciplines[j]} ({applied['men'][j]} m, {applied['women'][j]} f)" for j in order]
ax.set_yticks([-1.2, *place], ["average over all applications", *labels])
ax.set_xlabel("chance of a man minus chance of a woman, with 90% intervals")
ax.legend(frameon=False, loc="upper left")
me.plots.show(
    figure,
    "For each of nine disciplines, the chance of a man minus that of a woman, with 90% intervals: "
    "grey alone, blue partially pooled. Pooled intervals are shorter and nearer to each other, "
    "most clearly for Physics. An orange diamond, the average over all applications, is just "
    "above zero.",
)

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
print(f"you guessed {my_guess}; the farthest pulled is {max(moved, key=moved.get)}")

# %% [markdown]
# Alone, the nine range from −10 points to +10. Pooled, they have come together. Interdisciplinary
# went farthest, because it is both small and far from the others. The social sciences, with 834
# applications, hardly moved. In Physics women applied nine times; its own difference happened to be
# near the others, so it stays, with about a third of the uncertainty it had. Seven intervals hold
# both signs; two begin at about zero.
#
# ## Three averages, three questions
#
# What about *the* difference? There are two averages of the chances over these disciplines. They
# differ in whom they average over. (To weigh each cell's chance by a number of people is called
# *poststratification*.) And there is the difference in a discipline that is not in the table.

# %%
p = chances(partial)
mixes = {
    "each gender's own applications": (applied["men"], applied["women"]),
    "average over all applications": (everyone, everyone),
}
averages = {}
for name, (of_men, of_women) in mixes.items():
    averages[name] = p["men"] @ (of_men / of_men.sum()) - p["women"] @ (of_women / of_women.sum())
someone = {"discipline": ["another"] * 2, "male": [1, 0], "applications": [1, 1]}
new = partial.epred(someone, new_groups="sample", seed=SEED)
averages["a tenth discipline"] = new[:, :, 0] - new[:, :, 1]
for name, draws in averages.items():
    low, high = np.quantile(draws, [0.05, 0.95])
    print(
        f"{name:38s} {draws.mean():.3f} ± {draws.std():.3f}, 90% from {low:6.3f} to {high:.3f}, "
        f"positive {(draws > 0).mean():.0%}"
    )
added, same, tenth = averages.values()
print(f"part of the first that is where people apply: {1 - same.mean() / added.mean():.0%}")

# %% [markdown]
# The first is the gap of the start, now with its uncertainty. The second gives men and women the
# same mix of disciplines: about a quarter of the gap was that women apply where it is hard. About
# the third we know next to nothing. So "is there a difference?" has no single answer. The
# probability of one in favour of men is about 93% for these 2823 applications, about 82% for the
# mean of all disciplines there could be (`male` above), and about 69% for one more discipline.
#
# ## Investigate: find the misprint
#
# The lecture prints these estimates for model 3: Intercept −1.62 (0.14), male 0.15 (0.17), sds 0.28
# and 0.33, correlation −0.18. Ours, above, agree. But if you type the table *from the slides* you
# get others. In that table the medical sciences have 200 and 190 applications. MCSE is the Monte
# Carlo error (lesson 04).

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

# %% [markdown]
# The intercepts are only a third of a posterior sd apart. But two runs of one model differ by Monte
# Carlo errors, by two or three of them at most. This is another posterior. So it is not the
# sampler; and if the priors are the same, it is the data. Data like these can be checked without
# any model: *awards + rejects = applications*.

# %%
try:
    me.datasets.check_funding(typed)
except ValueError as refusal:
    print(refusal)

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

# %% [markdown]
# Two rows do not add up. Corrected by the arithmetic, the table is that of the article, with 2823
# applications. The slides' estimates were made with the right numbers. One line of checking before
# the first chain saves every reader an evening.
#
# > **What could go wrong: averaging on the wrong side of the link.** To average chances, average
# > logits (`linpred`) and transform the average: the result is between 0 and 1 and looks like a
# > chance. But the inverse logit is not straight, so it is another number. *Transform first, then
# > average.* How would you notice? Multiply by the applications: the council must come out with
# > about as many awards as it made. (Thanks to the users and authors of marginaleffects, a package
# > for R, who found this in public: 0.24 where the average chance was 0.53.)


# %%
def inverse_logit(eta):
    """Return the chance that belongs to a logit."""
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
    right_total = total * (inverse_logit(eta) @ data["applications"] / total)
    wrong_total = total * inverse_logit(eta @ data["applications"] / total)
    awards[name] = right_total.mean(), wrong_total.mean()
    print(
        f"{name:16s} awards in all: {right_total.mean():.0f}, by way of logits {wrong_total.mean():.0f}; "
        f"too few in {(wrong_total < right_total).mean():.0%} of draws"
    )
print(f"in the table: {data['awards'].sum()}")

# %% [markdown]
# Awards are lost, in every draw: below one half the inverse logit bends upwards, so the chance at
# the average logit is below the average of the chances. The more the cells differ, the more is
# lost, so pooling hides some of it. No diagnostic can notice, because the chains are in order. It
# is the last line of the analysis that is wrong.
#
# ## Modify: how much does the pooling owe to its prior?
#
# Nine disciplines say little about a sd. Give the sds a prior that wants them near zero, and one
# that leaves them free. Look at the medical sciences and at the average over all applications.
# Predict which of the two changes more.

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

# %% [markdown]
# HalfCauchy(1) hardly differs from a prior ten times as wide. The one that insists on small sds is
# nearly complete pooling: the medical sciences give way, and the average returns towards the gap of
# the start. It moves less, because what one discipline loses another one gains.
#
# ## What the data do not say
#
# They do not say whether anyone was treated unfairly. Gender is not a treatment that somebody
# assigned. The table does not know what was proposed, by whom, or who chose not to apply; and a
# model of the table knows no more. Here is a council that treats everybody alike. Let the medical
# sciences be two fields: in one a quarter of all applications succeed, in the other 8%:

# %%
EASY, HARD = 0.25, 0.08
for who in ("men", "women"):
    in_easy = (rate[who][at] - HARD) / (EASY - HARD)
    explained = EASY * in_easy + HARD * (1 - in_easy)
    print(
        f"{who:6s} {in_easy:.0%} apply in the easy field: {explained:.1%} succeed (table: {rate[who][at]:.1%})"
    )

# %% [markdown]
# These are the rows of the table, without a trace of bias, by the arithmetic that explained a
# quarter of the gap before. We made the fields up: nothing here says that it was so, or that it was
# not. (One reply to the article looked at finer fields, in the social sciences.) What the model
# does say is how large the differences in success are, and how sure we can be of each. (Lesson 14c
# has more on this.)
#
# ## Make
#
# 1. Use `predict` instead of `epred` for the table's own rows. Between which numbers of awards
#    would each discipline's women lie, if the council went through the years again? Count how many
#    of the 18 numbers of awards are outside their own 90% interval. You might expect about two, but
#    you will find fewer: these counts were used twice, to fit and to check (lesson 14a). So draw
#    new counts from the model, and see how many of those are outside.
# 2. Reverse the coding: `female = 1 - male`. What happens to the intercept, to the sd of the
#    intercepts, and to the correlation? (Lesson 09 moved a zero, too.) And to the chance of women
#    in the chemical sciences? It moves by far more than a Monte Carlo error, so this is not the
#    same model. Draw sds and a correlation from the priors: which gender's chances vary more among
#    disciplines, before any data, in each coding?
# 3. Make another misprint, which no sum can find: move $k$ awards from the women of the social
#    sciences to the women of the medical sciences, and as many rejects back. Every row and all
#    totals still add up. Does `predict` for the rows of the fit notice it? (The counts are used
#    twice, again.) So leave the row of the social sciences' women out, fit the others, predict this
#    row, and find out how large $k$ must be until its awards are outside the 99% interval.
#
# The grader examines `poststratify`: `.venv/bin/mcmc-edu exercises start poststratify` writes a
# file to begin with, and `.venv/bin/mcmc-edu exercises check poststratify.py` says what is wrong
# with yours.
#
# ## Sources
#
# The table: R. van der Lee, N. Ellemers (2015), *PNAS* 112, 12349-12353. The dispute: C. J. Albers
# (2015), *PNAS* 112, E6828-E6829; B. Volker, W. Steenbeek (2015), *PNAS* 112, E7036-E7037. Priors,
# estimates and the misprint: B. Goodrich, lecture on hierarchical models. Averages on the link
# scale: vincentarelbundock/marginaleffects, issues 692 and 895.
