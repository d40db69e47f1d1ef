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
# **You need** lessons 09 and 10. **It takes** about 40 minutes.
# **Afterwards you can** estimate an effect in small subgroups, compare two of them, carry it to
# another population, and name what it takes to call it a cause.
#
# **The question.** A shop sends an offer to half of its customers, by lot, and looks at what they
# spend. *What does the offer do?* The experiment answers: so many dollars, on average. The next
# questions are harder. For men? For Black men? For Black men of the youngest generation? For the
# customers of another branch? Each of these has fewer rows than the one before; the last has none.
#
# The data are simulated, so that every answer can be checked.

# %%
import numpy as np

import mcmc_edu as me

SEED = 1  # another seed moves the numbers

made = me.datasets.simulate_marketing(seed=SEED, people=1200)
people = made.people
spend, offer = people["spend"], people["offer"]
FACTORS = ["gender", "race", "generation"]


def difference(y, z):
    """Return the difference of means between the arms, and its standard error."""
    arms = y[z == 0], y[z == 1]
    error = np.sqrt(sum(arm.var(ddof=1) / arm.size for arm in arms))
    return arms[1].mean() - arms[0].mean(), error


average, error = difference(spend, offer)
print(f"all customers: {average:.1f} ± {error:.1f} dollars (truth {made.truth():.1f})")

# %% [markdown]
# ## Predict
#
# There are 18 combinations of gender, race and generation.
#
# 1. Take each one's own difference of means. The combination with the largest difference: is its
#    true effect larger than that, smaller, or about the same?
# 2. Three ways to estimate the 18 effects: one number for all; 18 separate differences; a model in
#    between, with partial pooling. Order them by their error, and write that down.

# %%
my_guess = "?"  # write your guess between the quotes

# %% [markdown]
# ## Eighteen small experiments
#
# Every combination is an experiment of its own, because the lots were drawn for everyone:

# %%
cells = [
    {"gender": gender, "race": race, "generation": generation}
    for gender in ("female", "male")
    for race in ("Black", "other", "white")
    for generation in ("X", "boomer", "millennial")
]


def experiments(made):
    """Return each combination's people, difference, standard error and true effect."""
    found = []
    for cell in cells:
        rows = np.all([made.people[name] == cell[name] for name in FACTORS], axis=0)
        own = difference(made.people["spend"][rows], made.people["offer"][rows])
        found.append((rows.sum(), *own, made.truth(**cell)))
    return np.array(found).T


size, separate, errors, truth = experiments(made)
for cell, n, d, e, t in zip(cells, size, separate, errors, truth, strict=True):
    print(f"{' '.join(cell.values()):24s} {n:4.0f} people  {d:6.1f} ± {e:4.1f}   truth {t:5.1f}")


def rmse(estimate, truth=truth):
    """Return the root mean square error over the combinations, each counted once."""
    return np.sqrt(np.mean((estimate - truth) ** 2))


first = separate.argmax()
print(f"the largest: {separate[first]:.1f}, truth {truth[first]:.1f}")
print(f"error of 18 separate numbers {rmse(separate):.2f}, of one for all {rmse(average):.2f}")

too_large = separate_is_worse = 0
for seed in range(SEED, SEED + 100):
    other = me.datasets.simulate_marketing(seed=seed, people=1200)
    one, _ = difference(other.people["spend"], other.people["offer"])
    _, d, _, t = experiments(other)
    too_large += d.max() > t[d.argmax()]
    separate_is_worse += rmse(d, t) > rmse(one, t)
print(f"of 100 such data sets: the largest is too large in {too_large}")
print(f"                       separate numbers are worse than one in {separate_is_worse}")

# %% [markdown]
# The largest of 18 noisy numbers is large partly because its noise is: the truth is smaller, here
# and in 93 of 100 data sets. And here the 18 separate numbers are, on the whole, *worse* than the
# one number that ignores who the customers are. That happens in 43 of 100 data sets. But the one
# number does not answer what we asked.
#
# ## Investigate: a ladder
#
# Between one number and eighteen there are models. Each lets the effect differ in one more way, and
# learns from the data by how much. `me.effects.ladder` writes them down:

# %%
ladder = me.effects.ladder("spend", "offer", FACTORS, data=people, truth=made.truth)
print(ladder)

# %% [markdown]
# Read `(1 + offer | race)` as in lesson 09: every race has a level of spending and an effect of its
# own, drawn from a population whose sd is learned. `gender:race` is the same for every pair of a
# gender and a race. The last step has one such term for every factor, every pair and the triple.
#
# Two or three levels say little about an sd, so priors matter. The ladder's say that interactions
# are smaller than what they are made of: they start at half the sd of spending, and halve from the
# levels to their effects, and again from one factor to a pair.

# %%
summary = ladder.models["full"].prior_summary()
for name in ("sd(race: Intercept)", "sd(race: offer)", "sd(gender:race: offer)"):
    print(f"{name:24s} {summary[name]['written']} dollars")

SHORT = {"draws": 400, "warmup": 400, "seed": SEED}
fit = ladder.fit(**SHORT)
table = fit.table
for step in fit.steps:
    row = table[step]
    print(
        f"{step:18s} elpd {row['elpd']:.0f}, from the best {row['difference']:5.1f} ± {row['se']:4.1f}"
        f"   rmse {row['rmse']:.2f}"
    )
order = {"one number": rmse(average), "separate": rmse(separate), "full": table["full"]["rmse"]}
print(f"you guessed {my_guess}; from best to worst: {', '.join(sorted(order, key=order.get))}")

# %% [markdown]
# `rmse` needs the truth, which only simulations have. `elpd` says how well a step predicts rows
# that were left out (lesson 14b): larger is better. It can be computed from any data, and the
# difference from the best step has a standard error. Here the two agree that one effect for all is
# worst, and that letting each factor count is far better. They do not agree about the pairs: `elpd`
# gains much by them, and the error of the effects stays as it was. The reason is that `elpd` is
# about what people spend. Pairs differ in that without an offer, too; effects are a part of it.
# The last two steps cannot be told apart: the triple adds little, and costs nothing.
#
# ## The figure worth keeping
#
# How does the effect in one subgroup move down the ladder?

# %%
asked = [{"gender": "male"}, {"gender": "male", "race": "Black"}, cells[first]]
ax = fit.plot(*asked)
me.plots.show(
    ax.figure,
    "Steps of the ladder from top to bottom, the effect in dollars from left to right. Three "
    "subgroups start from one common effect and move apart; each has a colour and a marker, with its "
    "95% intervals, and a dashed line at the truth. Men move when gender comes in, Black men when "
    "race comes in and back with the interactions, the last subgroup by far the most.",
)
for where in asked:
    path = fit.subgroup(where).table
    print(where)
    for step in ("constant", "varying by each", "full"):
        row = path[step]
        interval = f"{row['conf_low']:5.1f} to {row['conf_high']:4.1f}"
        print(f"   {step:16s} {row['estimate']:5.1f} ({interval})")
    print(f"   {'truth':16s} {path['full']['truth']:5.1f}")

# %% [markdown]
# All three start from one effect. (It is not quite the difference of means at the start: these
# models know how much each group spends without an offer.) Men move when gender comes in. The
# subgroup with the largest difference of its own, 26.6, moves farthest, and stops well short of it.
# Black men go up with race, and come back with the interactions. How often do such intervals hold
# the truth?

# %%
covered = {}
for step, effects in fit.effects.items():
    low, middle, high = np.quantile(effects, [0.025, 0.5, 0.975], axis=(0, 1))
    covered[step] = int(((low < truth) & (truth < high)).sum())
    print(f"{step:18s} {covered[step]:2d} of 18 intervals hold the truth")
black_men = [
    i for i, cell in enumerate(cells) if cell["gender"] == "male" and cell["race"] == "Black"
]
for i in black_men:
    print(f"{' '.join(cells[i].values()):24s} full {middle[i]:4.1f}, truth {truth[i]:4.1f}")

# %% [markdown]
# The interval of the one number is narrow, and holds few of the 18 truths: it is an interval for
# the average. Those of the full model hold nearly all. Yet all three groups of Black men are
# estimated too low. They are few: 89 of the 1200. Their own rows happen to show too little of the
# effect, and no model can know that. Partial pooling makes the errors of all groups together
# smaller, not every single one. The wide intervals say so; more Black men in the sample would help.
#
# ## Are two subgroups different?
#
# Take the difference within each draw. What two subgroups have in common, such as the effect of
# being a Black woman, cancels. Shuffle the draws of one of them, and it does not:

# %%
full = fit.fits["full"]
effect = full.effect("offer", by=FACTORS)
one = "gender=female, race=Black, generation=X"
other = "gender=female, race=Black, generation=boomer"
within = effect.difference(one, other)
draws = {label: effect.draws[:, :, i] for i, label in enumerate(effect.labels)}
shuffled = np.random.default_rng(SEED).permutation(draws[other].ravel())
row = within.table[f"({one}) - ({other})"]
print(f"difference {row['estimate']:.1f} ({row['conf_low']:.1f} to {row['conf_high']:.1f})")
joint, apart = within.draws[:, :, 0].std(), (draws[one].ravel() - shuffled).std()
print(f"sd of the difference: within draws {joint:.2f}, shuffled {apart:.2f}")

# %% [markdown]
# > **What could go wrong: averages of intervals.** For the effect in a subgroup, it is tempting to
# > summarise each *row* first, and to average the ends of the intervals afterwards. But an average
# > of uncertain numbers is more certain than each of them, and the averaged ends do not know it.
# > (Thanks to the users of Bambi, who found it there and said so.)

# %%
weight = effect.weight / effect.weight.sum()  # people in each of the 18 combinations
right = np.quantile(effect.draws @ weight, [0.025, 0.975])
ends = np.quantile(effect.draws, [0.025, 0.975], axis=(0, 1)) @ weight
print(f"all customers, averaged within each draw: {right[0]:.1f} to {right[1]:.1f}")
print(f"all customers, averaged ends:             {ends[0]:.1f} to {ends[1]:.1f}")

# %% [markdown]
# ## Strata and clusters
#
# Gender, race and generation are *strata*: all of their levels are in the data, and the questions
# are about these. Cities would be *clusters*: we have some of many, and may ask about another one.
# The formula is the same, `(1 + z | city)`, but there are three questions:

# %%
rng = np.random.default_rng(SEED + 1)
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
    row = cities.effect("z", groups=groups, seed=SEED).table["z"]
    widths[groups] = row["conf_high"] - row["conf_low"]
    print(f"{question:20s} {row['estimate']:.1f} ({row['conf_low']:.1f} to {row['conf_high']:.1f})")

# %% [markdown]
# More people in each city make the first interval as narrow as you like. The second needs more
# *cities*. The third never gets narrower than cities differ. Say which one you report.
#
# ## Modify: another population
#
# The average effect is one *of these customers*. Another branch has others: three quarters of them
# are millennials. Its average is a weighted sum over the same cells, and needs no new experiment,
# as long as what makes the effect differ is in the cells:

# %%
share = {"X": 0.10, "boomer": 0.15, "millennial": 0.75}
branch = {name: [cell[name] for cell in cells] for name in FACTORS}
weights = size.copy()
generation = np.array(branch["generation"])
for name in share:  # generation as in the branch, gender and race as here
    weights[generation == name] *= share[name] / size[generation == name].sum()
here = full.effect("offer").table["offer"]["estimate"]
there = full.effect("offer", newdata=branch | {"N": weights}, wts="N").table["offer"]
print(f"here {here:.1f}; in the branch {there['estimate']:.1f}, truth {weights @ truth:.1f}")

# %% [markdown]
# A poll is the same sum. Older people answer more often, so the sample is not like the country. A
# model says how people of each kind vote; a table says how many of them the country has. The two
# together are called *multilevel regression and poststratification*, or MRP.
#
# One more prediction: the model knows everybody's age. Is that enough, or what else is needed?

# %%
poll = me.datasets.simulate_poll(seed=SEED + 1)
sample = poll.poll
raw = sample["votes"].sum() / sample["n"].sum()
bars = "(1 | region) + (1 | age) + (1 | income) + (1 | region:age)"
votes = me.Model(f"votes | trials(n) ~ gender + density + {bars}", sample, "binomial").fit(**SHORT)
over_sample = votes.poststratify(sample, wts="n").table["votes"]
country = votes.poststratify(poll.population, wts="N").table["votes"]
interval = f"{country['conf_low']:.3f} to {country['conf_high']:.3f}"
print(f"raw share                {raw:.3f}")
print(f"model, over the sample   {over_sample['estimate']:.3f}")
print(f"model, over the country  {country['estimate']:.3f} ({interval}), truth {poll.truth():.3f}")

# %% [markdown]
# The model knew everybody's age, and its average over the *sample* is still the raw share. Knowing
# is not enough: the average has to be taken over the country.
#
# ## When is it a cause?
#
# All of this was an experiment. Let us spoil another one. The offers are not drawn by lot: somebody
# sends nearly all of them to the generation that spends least. (We keep the rows that fit this
# story.)

# %%
many = me.datasets.simulate_marketing(seed=SEED + 1, people=10_000)
generation, spending = many.people["generation"], many.people["spend"]
without = many.people["offer"] == 0
spent = {str(name): spending[without & (generation == name)].mean() for name in set(generation)}
least = min(spent, key=spent.get)
fits_story = (generation == least) == ~without
kept = np.random.default_rng(SEED).random(10_000) < np.where(fits_story, 0.9, 0.1)
sent = {name: column[kept] for name, column in many.people.items()}
estimates = {}
for name, terms in (("ignored", "offer"), ("in the model", "offer*generation")):
    model = me.Model(f"spend ~ {terms} + gender + race", sent).fit(**SHORT)
    row = estimates[name] = model.effect("offer", newdata=many.people).table["offer"]
    interval = f"{row['conf_low']:5.1f} to {row['conf_high']:5.1f}"
    print(f"generation {name:13s} {row['estimate']:5.1f} ({interval})   truth {many.truth():.1f}")

# %% [markdown]
# Ignore generation, and the offer *loses* money here, with great certainty: most of those who got
# it are people who spend little. What customers with an offer spend, $P(y \mid z)$, is not what
# they would spend if we sent it, $P(y \mid do(z))$. The second line takes the effect within each
# generation, and averages over *all* customers, not over those who got the offer:
#
# $$P(y \mid do(z)) = \sum_c P(y \mid z, c)\, P(c)$$
#
# That sum is poststratification, with $c$ for the cells. It needs three things, and the data show
# only the second:
#
# 1. $c$ holds everything that decides both who gets the offer and what they spend;
# 2. both arms occur in every cell;
# 3. $c$ comes before the offer and is not changed by it.
#
# Drawing lots makes the first true, even with no $c$ at all. No step of a ladder does: a better
# `elpd` is a better prediction of rows like these, and does not say what would happen if offers
# were sent otherwise (lesson 14c).
#
# ## Make
#
# 1. What do the priors decide? The ladder of the lesson has `me.effects.ladder(..., scale=0.5)`.
#    Fit its step `ladder.models["varying by each"]` with scales of 0.03, 0.5 and 2 instead. What
#    becomes of the sd of the 18 effects, and of the effect for Black men? First predict the
#    directions.
# 2. *Before and after.* Draw a habit for every customer, normal with sd 15, and add it to `spend`.
#    Make an earlier month without offers, `before = made.expected[:, 0] + habit + noise`, where the
#    noise is normal with sd 15, too. Estimate the effect by least squares from `spend` alone, from
#    `spend - before`, and from a regression of `spend` on `offer` and `before`. Order the standard
#    errors. Do it again with weak habits, of sd 3 dollars. Then let all spend 5 dollars more in the
#    second month, keep only the customers with the offer, and look at the mean of `spend - before`:
#    what is it an estimate of?
# 3. In the spoiled experiment, set 0.9 and 0.1 to 1 and 0: one generation gets all the offers, and
#    no other does. Which of the three things is missing? Fit `offer`, `offer*generation` and
#    `offer + (1 + offer | generation)`, always with `+ gender + race`, and average the effect as
#    before. Which of them do you believe? Fit the last one again with the prior
#    `{"sd(generation)": me.HalfNormal(3)}`: what is its answer made of?
#
# The grader examines `varying_effect`: `.venv/bin/mcmc-edu exercises start varying_effect` writes
# a file to begin with, and `.venv/bin/mcmc-edu exercises check varying_effect.py` says what is
# wrong with yours.
#
# ## Sources
#
# The ladder, its notation and its priors: A. Gelman (2016), *Varying treatment effects*, and the
# marketing experiment asked about in its comments. Poststratification: A. Gelman, T. C. Little
# (1997), *Survey Methodology* 23, 127-135. $P(y \mid do(x))$: J. Pearl (2009), *Causality*, section
# 3.3. The averaged intervals: bambinos/bambi, issue 1004.
