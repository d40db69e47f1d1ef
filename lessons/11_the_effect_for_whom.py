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
# # 11 · The effect for whom? Ladders, intersections, populations
#
# **The question.** A shop sends an offer to half of its customers, by lot, and looks at what they spend.
# *What does the offer do?* The experiment answers: so many dollars, on average. The next questions are
# harder. For men? For Black men? For millennials with kids? For the people of another city? Each of these
# has fewer rows than the one before, and the last one has none.
#
# The data are simulated, so that every answer can be checked.

# %%
import matplotlib.pyplot as plt
import numpy as np

import mcmc_edu as me

made = me.datasets.simulate_marketing(seed=3, people=1200)
people = made.people
spend, offer = people["spend"], people["offer"]
FACTORS = ["gender", "race", "generation"]
SHORT = {"draws": 500, "warmup": 500, "seed": 1}


def difference(rows):
    """Difference of means between the arms, in some rows, and its standard error."""
    arms = [spend[rows & (offer == z)] for z in (0, 1)]
    return arms[1].mean() - arms[0].mean(), np.sqrt(sum(arm.var(ddof=1) / arm.size for arm in arms))


everyone = np.ones(spend.size, dtype=bool)
average, error = difference(everyone)
print(f"all: {average:.1f} ± {error:.1f} dollars (truth {made.truth():.1f})")
assert abs(average - made.truth()) < 2 * error

# %% [markdown]
# ## Predict
#
# 1. There are 18 combinations of gender, race and generation. Take each one's own difference of means. The
#    combination with the largest difference: is its true effect larger than that, smaller, or about the same?
# 2. Three ways to estimate 18 effects: one number for all; 18 separate differences; something in between.
#    Order them by their error.
# 3. In a poll, older people answer more often. The model knows everybody's age. Is that enough to say how
#    the *country* will vote?
#
# ## Eighteen small experiments
#
# Every combination is an experiment of its own, since the lot was drawn for everyone:

# %%
cells = [
    {"gender": gender, "race": race, "generation": generation}
    for gender in ("female", "male")
    for race in ("Black", "other", "white")
    for generation in ("X", "boomer", "millennial")
]
rows_of = [np.all([people[name] == cell[name] for name in FACTORS], axis=0) for cell in cells]
truth = np.array([made.truth(**cell) for cell in cells])
separate, errors = np.array([difference(rows) for rows in rows_of]).T
for cell, rows, d, se, t in zip(cells, rows_of, separate, errors, truth, strict=True):
    print(
        f"{' '.join(cell.values()):26s} {rows.sum():4d} people  {d:6.1f} ± {se:4.1f}   truth {t:5.1f}"
    )


def rmse(estimate):
    """Root mean square error over the combinations, each counted once."""
    return np.sqrt(np.mean((estimate - truth) ** 2))


first = separate.argmax()
print(f"largest: {separate[first]:.1f}, truth {truth[first]:.1f}")
print(f"error of separate estimates {rmse(separate):.2f}, of one for all {rmse(average):.2f}")
assert separate[first] > truth[first] + 3
assert rmse(separate) > rmse(average)

# %% [markdown]
# The largest of 18 noisy numbers is large partly because its noise is: the truth is smaller. And here the 18
# separate numbers are, on the whole, *worse* than the one number that ignores who somebody is. That is no
# argument for the one number. It misses all that we asked about.
#
# ## A ladder
#
# Between one number and eighteen there are models. Each lets the effect differ in one more way, and learns
# from the data how much it does. `me.effects.ladder` writes them down:

# %%
ladder = me.effects.ladder("spend", "offer", FACTORS, data=people, truth=made.truth)
print(ladder)
assert ladder.subgroups == cells

# %% [markdown]
# Read `(1 + offer | race)` as: every race has a level of spending and an effect of its own, drawn from a
# population whose sd is learnt. The last step has one such bar for every factor, every pair and the triple.
#
# With two or three levels there is little to learn an sd from, so priors matter. Those of the ladder say what
# most of us believe: interactions are smaller than what they are made of. Their scale starts
# at half the sd of spending, and halves with each order:

# %%
summary = ladder.models["full"].prior_summary()
NAMES = ("sd(race: Intercept)", "sd(race: offer)", "sd(gender:race: offer)")
for name in NAMES:
    print(f"{name:24s} {summary[name]['written']} dollars")
scales = [float(summary[name]["written"].strip("HalfNorm()")) for name in NAMES]
assert np.allclose(np.divide(scales[:-1], scales[1:]), 2, rtol=0.01)

# %%
fit = ladder.fit(**SHORT)
print(fit)
table = fit.table
assert rmse(separate) > table["constant"]["rmse"] > table["varying by each"]["rmse"]
assert table["varying by each"]["rmse"] > table["with interactions"]["rmse"]
assert abs(table["full"]["rmse"] - table["with interactions"]["rmse"]) < 0.3
assert abs(table["full"]["difference"] - table["with interactions"]["difference"]) < 2
assert table["constant"]["difference"] < -2 * table["constant"]["se"]

# %% [markdown]
# Two columns tell the same story. `rmse` needs the truth, which is there in simulations only. `elpd` is
# how well each step predicts rows that were left out (lesson 14), which anybody can compute. Both improve
# down to the step with interactions, and neither can tell the last two apart: the triple adds little, and
# costs nothing.
#
# ## The figure worth keeping
#
# `fit.subgroup(...)` says how the effect in one subgroup moves down the ladder, and `fit.plot(...)` draws it.

# %%
asked = [{"gender": "male"}, {"gender": "male", "race": "Black"}, cells[first]]
ax = fit.plot(*asked)
plt.show()

# %% [markdown]
# In words: steps from top to bottom, dollars from left to right. Three subgroups, each a marker with its 95%
# interval, start from one common effect and move apart; dashed lines are their true effects. Men move most
# when gender comes in. Black men go on to move, most of all with race. The last, an intersection of three,
# ends well short of its own rows' difference.


# %%
for where in asked:
    path = fit.subgroup(where).table
    print(where)
    for step in ("constant", "varying by each", "full"):
        row = path[step]
        print(
            f"   {step:16s} {row['estimate']:5.1f} ({row['conf_low']:5.1f} to {row['conf_high']:4.1f})"
        )
    print(f"   {'truth':16s} {path['full']['truth']:5.1f}")
last = fit.subgroup(cells[first]).table["full"]["estimate"]
assert average < last < separate[first]
black_men = fit.subgroup({"gender": "male", "race": "Black"}).table["full"]
assert black_men["conf_high"] < black_men["truth"]
covered = {}
for step, effects in fit.effects.items():
    low, high = np.quantile(effects, [0.025, 0.975], axis=(0, 1))
    covered[step] = ((low < truth) & (truth < high)).sum()
    print(f"{step:18s} {covered[step]:2d} of 18 intervals hold the truth")
missed = ~((low < truth) & (truth < high))
print("missed by the last:", "; ".join(" ".join(cells[i].values()) for i in np.flatnonzero(missed)))
assert covered["constant"] <= 9
assert covered["full"] >= 14
count = {race: (people["race"] == race).sum() for race in ("Black", "other", "white")}
assert min(count, key=count.get) == "Black"
assert max(count, key=lambda race: made.truth(race=race)) == "Black"
medians = np.median(fit.effects["full"], axis=(0, 1))
assert all(
    m < t for cell, m, t in zip(cells, medians, truth, strict=True) if cell["race"] == "Black"
)
assert all(cells[i]["race"] == "Black" and high[i] < truth[i] for i in np.flatnonzero(missed))

# %% [markdown]
# The interval of the one number is narrow, and holds few of the truths: it is an interval for the average.
# That of the full model is not perfect either. All that it misses are Black customers, the smallest race
# here and the one on whom the offer works best, and all of their effects are estimated too low. This is the
# price of pooling: the errors of all together are smaller, and it is wrong for those who are both rare and
# extreme. More of them in
# the sample is the remedy; a lower step is not.
#
# ## Investigate
#
# **Are two subgroups different?** Take the difference within each draw. The effects of two subgroups share
# all that they have in common, and it cancels:

# %%
full = fit.fits["full"]
effect = full.effect("offer", by=["gender", "generation"])
one, other = "gender=male, generation=boomer", "gender=male, generation=millennial"
joint = effect.difference(one, other).draws[:, :, 0]
draws = {label: effect.draws[:, :, i] for i, label in enumerate(effect.labels)}
shuffled = np.random.default_rng(1).permutation(draws[other].ravel())
independent = draws[one].ravel() - shuffled
print(effect.difference(one, other))
print(f"sd of the difference: joint {joint.std():.2f}, shuffled {independent.std():.2f}")
assert joint.std() < 0.97 * independent.std()

# %% [markdown]
# > **What could go wrong: averages of intervals.** To get the effect in a subgroup, some programs summarise
# > each *row* first and average the ends of the intervals afterwards (bambi, issue 1004). The average of
# > uncertain numbers is more certain than each of them, and the average of intervals does not know it:

# %%
each = full.effect("offer", by=FACTORS)
weight = each.weight / each.weight.sum()
ends = np.quantile(each.draws, [0.025, 0.975], axis=(0, 1)) @ weight
right = np.quantile(each.draws @ weight, [0.025, 0.975])
print(f"averaged within each draw {right[0]:.1f} to {right[1]:.1f}")
print(f"averaged ends             {ends[0]:.1f} to {ends[1]:.1f}")
assert np.ptp(ends) > 2 * np.ptp(right)
row = full.effect("offer").table["offer"]
assert np.allclose([row["conf_low"], row["conf_high"]], right)

# %% [markdown]
# ## Strata and clusters
#
# Gender, race and generation are *strata*: all of their levels are in the data, and the questions are about
# these. Cities would be *clusters*: we have some of many, and may ask about another one. It is the same
# formula, `(1 + z | city)`, and there are three questions:

# %%
rng = np.random.default_rng(5)
city = np.repeat(np.arange(12), 40)
z = np.tile([0, 1], 240)
own = rng.normal(4.0, 2.0, 12)  # the effect in each city: mean 4, sd 2
sales = {"y": own[city] * z + rng.normal(0, 3, 480), "z": z, "city": city}
cities = me.Model("y ~ z + (1 + z | city)", sales).fit(**SHORT)
widths = {}
for question, groups in (
    ("these twelve cities", "fitted"),
    ("the average city", "zero"),
    ("a new city", "sample"),
):
    row = cities.effect("z", groups=groups, seed=1).table["z"]
    widths[groups] = row["conf_high"] - row["conf_low"]
    print(f"{question:20s} {row['estimate']:.1f} ({row['conf_low']:.1f} to {row['conf_high']:.1f})")
assert widths["fitted"] < widths["zero"] < 0.7 * widths["sample"]

# %% [markdown]
# More people in each city narrow the first interval as far as you like. The second needs more *cities*. The
# third never gets narrower than cities differ. Say which one you report.
#
# ## Modify: another population
#
# The average effect is one *of these customers*. The mail-order branch has others: many boomers, few
# millennials. An average over its cells needs no new experiment, as long as what makes the effect differ is
# in the cells:

# %%
share = {"X": 0.15, "boomer": 0.75, "millennial": 0.10}
branch = {name: [cell[name] for cell in cells] for name in FACTORS}
within = np.array([rows.sum() for rows in rows_of], dtype=float)
generation = np.array(branch["generation"])
for name in share:  # generation as in the branch, gender and race as here
    within[generation == name] *= share[name] / within[generation == name].sum()
here = full.effect("offer").table["offer"]["estimate"]
there = full.effect("offer", newdata=branch | {"N": within}, wts="N").table["offer"]
print(f"here {here:.1f}; in the branch {there['estimate']:.1f}, truth {within @ truth:.1f}")
assert there["estimate"] > here + 2
assert there["conf_low"] < within @ truth < there["conf_high"]

# %% [markdown]
# A poll is the same sum. Older people answer more often, so the sample is not the country. A model of the
# answers, and a table of how many people each cell has, make it the country again: *multilevel regression
# and poststratification*, Mister P.

# %%
poll = me.datasets.simulate_poll(seed=4)
asked_people = poll.poll
raw = asked_people["votes"].sum() / asked_people["n"].sum()
votes = me.Model(
    "votes | trials(n) ~ gender + density + (1 | region) + (1 | age) + (1 | income) + (1 | region:age)",
    asked_people,
    "binomial",
).fit(**SHORT)
country = votes.poststratify(poll.population, wts="N").table["votes"]
sample = votes.poststratify(asked_people, wts="n").table["votes"]
print(f"raw {raw:.3f}; the model, averaged over the sample {sample['estimate']:.3f}")
print(
    f"averaged over the country {country['estimate']:.3f} "
    f"({country['conf_low']:.3f} to {country['conf_high']:.3f}), truth {poll.truth():.3f}"
)
assert abs(sample["estimate"] - raw) < 0.002
assert abs(country["estimate"] - poll.truth()) < 0.5 * abs(raw - poll.truth())
assert country["conf_low"] < poll.truth() < country["conf_high"]

# %% [markdown]
# The model knew everybody's age, and its average over the *sample* is still the raw share. Knowing is not
# enough: the average has to be taken over the country.
#
# ## What P(y | do(x)) needs
#
# All of this was an experiment. Let us spoil another one, with very many customers. Offers are not drawn by
# lot: somebody sends most of them to boomers, who spend less than others. (We keep the rows that fit this
# story.)

# %%
many = me.datasets.simulate_marketing(seed=4, people=20_000)
rng = np.random.default_rng(2)
to_boomers = (many.people["generation"] == "boomer") == (many.people["offer"] == 1)
kept = rng.random(20_000) < np.where(to_boomers, 0.9, 0.1)
sent = {name: column[kept] for name, column in many.people.items()}
estimates = {}
for name, terms in (("ignored", "offer"), ("in the model", "offer*generation")):
    model = me.Model(f"spend ~ {terms} + gender + race", sent).fit(**SHORT)
    row = model.effect("offer", newdata=many.people).table["offer"]
    estimates[name] = row
    print(
        f"generation {name:13s} {row['estimate']:5.1f} ({row['conf_low']:5.1f} to {row['conf_high']:5.1f})"
        f"   truth {many.truth():.1f}"
    )
spending = many.people["spend"][many.people["offer"] == 0]
is_boomer = (many.people["generation"] == "boomer")[many.people["offer"] == 0]
assert spending[is_boomer].mean() < spending[~is_boomer].mean() - 5
assert estimates["ignored"]["conf_high"] < 0 < many.truth()
assert estimates["in the model"]["conf_low"] < many.truth() < estimates["in the model"]["conf_high"]

# %% [markdown]
# Ignore generation, and the offer *loses* money, with great certainty: those who got it are mostly people
# who spend little. $P(y \mid z)$ is not $P(y \mid do(z))$. The second line asks for what the offer does
# within each generation, and averages over the generations *of everybody*, not of those who got it:
#
# $$P(y \mid do(z)) = \sum_c P(y \mid z, c)\, P(c)$$
#
# That sum is poststratification, with $c$ for the cells. It needs three things, and the data show none of
# them: $c$ holds all that decides both who gets the offer and what they spend; both arms occur in every
# cell; $c$ comes before the offer and is not changed by it. Drawing lots makes the first true for any $c$,
# also for an empty one. No step of a ladder does: a better `elpd` is a better prediction of rows like these,
# and says nothing about what would happen if offers were sent otherwise.
#
# ## What the priors decide
#
# Two levels of gender and three races leave much to the prior. So ask what the answer would have been with
# others: half as wide, and twice as wide.

# %%
sensitivity = fit.sensitivity(asked[1], step="varying by each")
print(sensitivity)
black = [sensitivity[name]["estimate"] for name in ("half", "as it is", "twice")]
assert black[0] < black[1] < black[2]
assert sensitivity["twice"]["spread"] > sensitivity["half"]["spread"]

# %% [markdown]
# Wider priors leave Black men more of their own, and spread the effects of all subgroups further (`spread`).
# If such a change would change what you do, report all three rows.
#
# ## Make
#
# 1. Add `kids`, the fourth factor, and ask for millennials with kids; it takes a few minutes. Compare the last
#    steps with `horseshoe=True` and `estimates=True`, two other ways to the same 36 effects. Which has the
#    smallest `rmse`? Is it the one with the best `elpd`? Try three seeds before you believe it.
# 2. *Before and after.* Draw a habit for every customer, normal with sd 15. Add it to `spend`, and make an
#    earlier month without offers, `before = made.expected[:, 0] + habit + noise`. Estimate the effect from
#    `spend - before`, from `spend ~ offer + before`, and from long data, `y ~ offer*month + (1 | person)`.
#    Which is most precise? Then let everybody spend 5 dollars more in the second month, leave out the
#    customers without the offer, and see what a before-after comparison takes for its effect.
# 3. In the spoiled experiment, set 0.9 and 0.1 to 1 and 0, so that boomers get offers, all of them, and no
#    one else does. What does `offer*generation` say to that? `offer + (1 + offer | generation)` gives an
#    answer: what is it made of, and which of the three things is missing?
#
# ## Sources
#
# The ladder, its notation and its priors: A. Gelman (2016), *Varying treatment effects*, and the marketing
# experiment asked about in its comments. Poststratification: A. Gelman, T. C. Little (1997), *Survey
# Methodology* 23, 127-135. $P(y \mid do(x))$: J. Pearl (2009), *Causality*, section 3.3. The two ways
# beside the ladder: J. Piironen, A. Vehtari (2017), *Electronic Journal of Statistics* 11, 5018-5051; H. E.
# Jones et al. (2011), *Clinical Trials* 8, 129-143. The averaged intervals: bambinos/bambi, issue 1004.
