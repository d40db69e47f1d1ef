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
# # 12 · Who responds?
#
# **The question.** People read that a country is under attack. Some are told that it is an ally. Would they
# send soldiers to help? Being told of an ally makes more people say yes. *Who are they?* Do hawks respond, or
# those who would not fight otherwise? Men or women? And what of white women who are very hawkish
# and very internationalist, of whom the survey asked eight?
#
# The answers are simulated, with the numbers that a text on such an experiment prints (see Sources), so that
# we know the true effect in every group.

# %%
import matplotlib.pyplot as plt
import numpy as np

import mcmc_edu as me

made = me.datasets.simulate_alliance(seed=1)
people = made.people.to_pandas()
print(people.head())
told = people["ally"] == 1
average = people["support"][told].mean() - people["support"][~told].mean()
print(f"support with an ally {people['support'][told].mean():.3f}")
print(f"without              {people['support'][~told].mean():.3f}")
print(f"the average effect   {average:.3f}, in truth {made.truth():.3f}")
few = people.query("white == 1 and male == 0 and hawk == 5 and intl == 5")
print(f"white women, as hawkish and as internationalist as can be: {len(few)}")
assert len(few) == 8

# %% [markdown]
# `ally` was drawn by lot, and so were four things about the country: its regime, the stakes, the costs, the
# region. White, male, hawk and intl (internationalism), the latter two from 1 to 5, are the people's own.
#
# ## Predict
#
# 1. There are 2 × 2 × 5 × 5 = 100 kinds of people, and 1200 of them were asked. Of how many kinds was no one
#    told of an ally, or everyone?
# 2. In truth, the effect varies among the kinds by an sd of about 0.11. Compute every kind's own difference
#    of means. By what sd will these vary?
# 3. Which of these comes nearest to the 100 true effects: each kind's own difference, the average effect for
#    everyone, or something between?
#
# ## By hand: each group's own difference

# %%
MODIFIERS = ["white", "male", "hawk", "intl"]
arms = people.groupby([*MODIFIERS, "ally"])["support"].agg(["mean", "size"]).unstack()
own = (arms["mean"][1] - arms["mean"][0]).to_numpy()
size = arms["size"].fillna(0.0).sum(axis=1).to_numpy()
truth = np.array([made.truth(**dict(zip(MODIFIERS, key, strict=True))) for key in arms.index])
both = ~np.isnan(own)


def rmse(estimate, chosen=both):
    """Root mean squared error among the groups that have people in both arms."""
    return np.sqrt(np.mean((np.broadcast_to(estimate, truth.shape) - truth)[chosen] ** 2))


print(
    f"{both.size} groups, {(~both).sum()} of them without one arm; median size {np.median(size):g}"
)
print(f"sd of the true effects {truth[both].std():.2f}, of the groups' own {own[both].std():.2f}")
print(
    f"RMSE of the groups' own differences {rmse(own):.2f}, of one effect for all {rmse(average):.2f}"
)
assert both.size == 100
assert 15 <= (~both).sum() <= 23
assert own[both].std() > 3 * truth[both].std()
assert rmse(own) > 3 * rmse(average)

# %% [markdown]
# The groups' own differences are mostly noise: they vary three times as much as what they estimate, and
# to say "the same effect for everybody" is three times nearer to the truth, though that is wrong, too.
#
# ## Investigate: the model that is between
#
# $$ y_i \sim N(\alpha + z_i \beta + \alpha_g + \theta_g T_i,\ \sigma), \qquad
#    \theta_g \sim N(\lambda_0 + z_g \lambda,\ \sigma_\theta) $$
#
# Every group $g$ has an effect $\theta_g$ of its own. The *effect equation* $\lambda_0 + z_g \lambda$ says what
# to expect of a group with these modifiers; $\sigma_\theta$ says how far groups differ beyond that. One call
# writes it as a formula: the products of `ally` with the modifiers are $\lambda$, the bar is the rest.

# %%
who = me.effects.heterogeneous("support", "ally", MODIFIERS, data=people)
print(who)
fit = who.fit(seed=1, progress=False)
print(fit.modifiers())

# %% [markdown]
# *rescale* centres hawk and intl and divides them by two sds, so that the coefficients can be compared with
# those of 0 and 1. Outcomes of 0 and 1 with a normal likelihood are a *linear probability model*: effects are
# in points of support. (Exercise 2 takes the logit.)
#
# How near to the truth is it, and what does each of its parts bring? One after another: the groups without
# their modifiers, the modifiers without groups, and both.

# %%
groups = fit.group_effects()
alone = me.Model("support ~ ally + (1 + ally | white:male:hawk:intl)", people).fit(
    seed=1, progress=False
)
line = me.Model(who.formula.split(" + (1 + ally")[0], people).fit(seed=1, progress=False)
estimates = {
    "each group's own": own,
    "one effect for all": average,
    "groups, no modifiers": alone.effect("ally", by=MODIFIERS).draws.mean(axis=(0, 1)),
    "modifiers, no groups": line.effect("ally", by=MODIFIERS, newdata=people).draws.mean(
        axis=(0, 1)
    ),
    "groups with modifiers": groups.effect.draws.mean(axis=(0, 1)),
}
print("RMSE among the groups with both arms, and among all 100:")
for name, estimate in estimates.items():
    all_groups = "-" if name == "each group's own" else f"{rmse(estimate, size > 0):.3f}"
    print(f"  {name:22s} {rmse(estimate):.3f}   {all_groups}")
best = min(rmse(estimates[name]) for name in ("modifiers, no groups", "groups with modifiers"))
assert best < 0.9 * rmse(average) < 0.9 * rmse(own)
assert (
    abs(rmse(estimates["modifiers, no groups"]) - rmse(estimates["groups with modifiers"])) < 0.02
)

# %% [markdown]
# The modifiers do the work: with or without groups, the error is the same. So what are the groups for? They
# say how unsure we are. Count the intervals that hold the truth:

# %%
low, high = np.quantile(groups.effect.draws, [0.025, 0.975], axis=(0, 1))
inside = (low <= truth) & (truth <= high)
equation = line.effect("ally", by=MODIFIERS, newdata=people).draws
low_line, high_line = np.quantile(equation, [0.025, 0.975], axis=(0, 1))
inside_line = (low_line <= truth) & (truth <= high_line)
print(f"95 % intervals that hold the truth: with groups {inside.sum()} of 100, ", end="")
print(f"modifiers alone {inside_line.sum()} of 100")
assert inside.sum() >= 85
assert inside.sum() > inside_line.sum()

# %% [markdown]
# ### Is there heterogeneity at all?
#
# The posterior of $\sigma_\theta$ stands beside its prior, and the share of the variation that the modifiers
# explain is computed within each draw:

# %%
evidence = fit.heterogeneity()
print(evidence)
sd = fit.fit.draws["sd(white:male:hawk:intl: ally)"]
prior = evidence["sd(ally) beyond modifiers: prior"]["estimate"]
print(f"median of the sd: prior {prior:.2f}, posterior {np.median(sd):.2f}")
assert prior > 10 * np.median(sd)

# %% [markdown]
# Effects differ, by the median most of it by the modifiers, though the share's interval is wide. *Beyond* them nothing is certain: the posterior of the sd
# has its mass near 0 and reaches down to it. The prior did not put it there (its median is more than ten times
# as large); these 100 groups, of a dozen people on average, say "small", and cannot say
# "none". (A share above 1 occurs in draws where the rest happens to go against the modifiers.)
#
# ### What small groups can and cannot say

# %%
table = groups.table
random = groups.effect.draws - groups.systematic.draws
print("size of group   groups   RMSE own   RMSE model   interval's width")
for least, most in ((1, 4), (5, 14), (15, 99)):
    chosen = (size >= least) & (size <= most)
    width = (high - low)[chosen].mean()
    print(
        f"{least:5d} to {most:2d} {chosen.sum():11d} {rmse(own, both & chosen):10.2f} "
        f"{rmse(estimates['groups with modifiers'], chosen):12.2f} {width:18.2f}"
    )
print(groups.best(3))  # n_low, n_high: people not told, and told, of an ally
likeliest = next(iter(groups.best(1)))
p_best = groups.best(1)[likeliest]["p_best"]
print(f"the truly best group is {groups.labels[int(truth.argmax())]}")
small = size <= 4
assert rmse(own, both & small) > 3 * rmse(estimates["groups with modifiers"], small)
assert p_best < 0.7

# %% [markdown]
# A group of four says next to nothing by itself; the model answers for it from the effect equation, and says
# so with an interval. "Which group responds most?" has no certain answer: the likeliest one is the best with
# a probability that is shown, and no one should name it without that number.
#
# > **What could go wrong: significant here, not there.** One group's interval excludes 0, another one's does not. It is tempting to say
# > that the first responds and the second does not. The question is whether they *differ*, which is asked of
# > the draws of both together.

# %%
clear = low > 0.0
first = int(np.flatnonzero(clear)[np.argmin(low[clear])])  # excludes 0, just so
rows = np.flatnonzero(~clear & (groups.effect.draws.mean(axis=(0, 1)) > 0.0))
second = int(rows[np.argmax(low[rows])])  # holds 0, just so
a, b = groups.labels[first], groups.labels[second]
difference = groups.effect.difference(a, b)
row = next(iter(difference.table.rows.values()))
print(f"{a}: {low[first]:.3f} to {high[first]:.3f}")
print(f"{b}: {low[second]:.3f} to {high[second]:.3f}")
print(f"their difference: {row['conf_low']:.2f} to {row['conf_high']:.2f}")
assert low[first] > 0.0 >= low[second]
assert row["conf_low"] < 0.0 < row["conf_high"]

# %% [markdown]
# ### The same for situations
#
# What the country is like was drawn by lot as well, so that it can be a modifier as well as what people are
# like: 32 situations, each seen by some forty people.

# %%
STORY = ["regime", "stakes", "costs", "region"]
situations = me.effects.heterogeneous("support", "ally", STORY, data=people).fit(
    seed=1, progress=False
)
effects = situations.group_effects()
effects.plot(along="region", color="regime", facets=["stakes", "costs"])
plt.show()
true = np.array([made.truth(**values) for values in situations.question.groups.values])
middle = effects.effect.draws.mean(axis=(0, 1))
least, most = effects.labels[int(middle.argmin())], effects.labels[int(middle.argmax())]
print(f"least: {least}: {middle.min():.2f}")
print(f"most:  {most}: {middle.max():.2f}")
assert "Eastern Europe" in least
assert "democracy" in least
assert "dictatorship" in most
assert np.corrcoef(middle, true)[0, 1] > 0.7

# %% [markdown]
# ## Modify: three ways to set the groups
#
# A hundred groups of all combinations are one choice. Fewer and larger ones are another: answers of 1 to 5 binned
# in two (the effect equation still has them as they are), or no groups but white and male, with hawk and
# intl in the effect equation alone. What changes?

# %%
ways = {
    "all combinations": fit,
    "answers binned in two": me.effects.heterogeneous(
        "support", "ally", MODIFIERS, data=people, bins={"hawk": [1, 3.5, 5], "intl": [1, 3.5, 5]}
    ).fit(seed=1, progress=False),
    "white and male": me.effects.heterogeneous(
        "support",
        "ally",
        ["white", "male"],
        ["rescale(hawk)", "rescale(intl)"],
        data=people,
        effect_formula="white + male + rescale(hawk) + rescale(intl)",
    ).fit(seed=1, progress=False),
}
error = {}
for name, other in ways.items():
    found = other.effect(newdata=people, by=MODIFIERS)
    error[name] = rmse(found.draws.mean(axis=(0, 1)), size > 0)
    sd = np.median(other.fit.draws[f"sd({other.question.factor}: ally)"])
    count = len(other.question.groups.labels)
    print(f"{name:22s} {count:3d} groups   sd beyond modifiers {sd:.3f}   RMSE {error[name]:.3f}")
assert max(error.values()) < 1.25 * min(error.values())

# %% [markdown]
# Little changes: the effect equation carries the estimates, whatever the groups are. With four groups the sd beyond
# the modifiers rests on four numbers, and its prior decides much. Small groups are not a fault as long as
# they are partially pooled; what they cost is that much of the answer is the equation's.
#
# ### Beside a forest
#
# Machine learning estimates effects, too. A random forest for each arm (a "T-learner") predicts everyone's support
# with and without an ally; the difference is an effect, averaged by group.

# %%
try:
    from sklearn.ensemble import RandomForestRegressor
except ImportError:
    print("the forest needs scikit-learn: pip install scikit-learn")
else:
    x = people[MODIFIERS].to_numpy()
    predicted = []
    for arm in (1, 0):
        forest = RandomForestRegressor(n_estimators=300, min_samples_leaf=15, random_state=1)
        forest.fit(x[people["ally"] == arm], people["support"][people["ally"] == arm])
        predicted.append(forest.predict(np.array(arms.index.tolist())))
    of_forest = rmse(predicted[0] - predicted[1], size > 0)
    print(f"RMSE of the forest {of_forest:.3f}, of the model {error['all combinations']:.3f}")
    assert of_forest > 0.8 * error["all combinations"]

# %% [markdown]
# The forest was told nothing of lines, and finds out by itself; where effects are lines, that costs. It has no
# interval for a group, and no word on how far effects differ beyond what it sees. With many modifiers and
# many thousand people, or effects that bend, its turn would come.
#
# ## The figure worth keeping
#
# The effect in each group, with its interval. From row to row the effect is estimated to fall with
# hawkishness, and within a row, by colour, to rise with internationalism; for the latter the interval of the
# coefficient holds 0. That all panels show it alike is the effect equation, which has no interactions.

# %%
groups.plot()
plt.show()

# %% [markdown]
# ## Make
#
# 1. Is the effect larger for white people *of the same hawkishness and internationalism*? `fit.effect(by="white")`
#    and the coefficient `ally:white` answer two questions. Which is which? (Each group counts by its people in
#    the first.)
# 2. Fit the same with `family="bernoulli"`. The effects of groups are in points again: how far do the two
#    models differ, and in which groups? Where is a linear probability model in trouble?
# 3. Make an experiment without heterogeneity: give everybody a fresh `ally` by lot and draw support with one
#    effect for all. What do `heterogeneity()` and `best()` say now? Do it ten times.
#
# ## Sources
#
# J. Alley (2023), *Using Bayesian Hierarchical Models to Estimate Heterogeneous Effects*: the model, the
# experiment (M. Tomz and J. Weeks 2021), its two figures and the estimates that these data are made with.
# The difference between significant and not: A. Gelman and H. Stern (2006), *The American Statistician* 60,
# 328-331. Two sds: A. Gelman (2008), *Statistics in Medicine* 27, 2865-2873. T-learner: S. Künzel et al.
# (2019), *PNAS* 116, 4156-4165.
