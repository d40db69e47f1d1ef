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
# **You need** lessons 09 and 11. **It takes** about 35 minutes.
# **Afterwards you can** model how an effect depends on who people are, say how sure you are of a
# small group, and compare two groups without the trap of "significant here, not there".
#
# **The question.** People read that a country is under attack. Some are told that it is an ally.
# Would they send soldiers to help? Being told of an ally makes more people say yes. *Who are they?*
# Hawks, or those who would not fight otherwise? Men or women? And what of white women who are very
# hawkish and very internationalist, of whom the survey asked eight?
#
# The answers are simulated, with the numbers that a text on such an experiment prints (see
# Sources), so that we know the true effect in every group.

# %%
import numpy as np

import mcmc_edu as me

SEED = 1  # another seed moves the numbers

made = me.datasets.simulate_alliance(seed=SEED)
people = made.people.to_pandas()
MODIFIERS = ["white", "male", "hawk", "intl"]
print(people[["support", "ally", *MODIFIERS]].head())
told = people["ally"] == 1
average = people["support"][told].mean() - people["support"][~told].mean()
print(f"support with an ally {people['support'][told].mean():.3f}")
print(f"without              {people['support'][~told].mean():.3f}")
print(f"the average effect   {average:.3f}, in truth {made.truth():.3f}")
few = people.query("white == 1 and male == 0 and hawk == 5 and intl == 5")
print(f"white women, as hawkish and as internationalist as can be: {len(few)}")

# %% [markdown]
# `support` is 0 or 1, so an effect of 0.31 is 31 points: of 100 people, 31 more say yes. `ally` was
# drawn by lot. The *modifiers* are the people's own: `white`, `male`, `hawk` (how hawkish) and
# `intl` (how internationalist), the last two from 1 to 5.
#
# ## Predict
#
# 1. There are 2 × 2 × 5 × 5 = 100 groups of people who are alike in all four, and 1200 people were
#    asked. In how many groups was either everyone told of an ally, or not one person?
# 2. In truth, the effect varies among the groups with an sd of 0.11. Compute every group's own
#    difference of means. What sd will these have?
# 3. Which comes nearest to the 100 true effects: each group's own difference, the average effect
#    for everyone, or a model in between?

# %%
my_guess = "?"  # write your three guesses between the quotes

# %% [markdown]
# ## By hand: each group's own difference

# %%
arms = people.groupby([*MODIFIERS, "ally"])["support"].agg(["mean", "size"]).unstack()
own = (arms["mean"][1] - arms["mean"][0]).to_numpy()  # nan in groups without one arm
size = arms["size"].sum(axis=1).to_numpy()
truth = np.array([made.truth(**dict(zip(MODIFIERS, key, strict=True))) for key in arms.index])
both = ~np.isnan(own)


def rmse(estimate, chosen=both):
    """Return the root mean squared error in the groups chosen."""
    return np.sqrt(np.mean((np.broadcast_to(estimate, truth.shape) - truth)[chosen] ** 2))


print(f"{size.size} groups, median size {np.median(size):g}")
print(f"you guessed {my_guess}; without one arm: {(~both).sum()}; ", end="")
print(f"sd of true effects {truth[both].std():.2f}, of the groups' own {own[both].std():.2f}")
print(f"RMSE of the groups' own {rmse(own):.2f}, of one effect for all {rmse(average):.2f}")

# %% [markdown]
# The groups' own differences are mostly noise: their sd is more than three times that of what they
# estimate. To say "the same effect for everyone" comes three times nearer to the truth, though we
# know that this is wrong, too.
#
# ## Investigate: a model in between
#
# Person $i$ is in group $g$, has been told of an ally ($T_i = 1$) or not ($T_i = 0$), and has
# modifiers $z_g$, which everyone in the group shares:
#
# $$ y_i \sim N(\alpha + z_g \beta + \alpha_g + \theta_g T_i,\ \sigma), \qquad
#    \theta_g \sim N(\lambda_0 + z_g \lambda,\ \sigma_\theta) $$
#
# Every group has a level $\alpha + z_g \beta + \alpha_g$ and an effect $\theta_g$ of its own. The
# second formula is the *effect equation*. $\lambda_0 + z_g \lambda$ is what to expect of a group
# with these modifiers, and $\sigma_\theta$ is how far groups differ beyond that. So a small group
# is pulled, not to the average of all, but to groups like itself. In one formula: the products of
# `ally` with the modifiers are $\lambda$, and the term with the bar brings $\alpha_g$ and
# $\sigma_\theta$.

# %%
who = me.effects.heterogeneous("support", "ally", MODIFIERS, data=people)
print("formula:", who.formula)
fit = who.fit(seed=SEED, progress=False)
for name, row in fit.modifiers().coefficients.rows.items():
    print(f"{name:20s} {row['estimate']:6.3f} ({row['conf_low']:6.3f} to {row['conf_high']:6.3f})")

# %% [markdown]
# `rescale` centres hawk and intl and divides them by two sds, so that their coefficients compare
# with those of 0 and 1. An outcome of 0 and 1 with a normal likelihood is a *linear probability
# model*: effects are in points of support. (Exercise 2 takes the logit of lesson 10.)
#
# How near to the truth is it, and what does each of its parts bring? Take the groups without their
# modifiers, the modifiers without groups, and both.

# %%
groups = fit.group_effects()
bar = "(1 + ally | white:male:hawk:intl)"
alone = me.Model(f"support ~ ally + {bar}", people).fit(seed=SEED, progress=False)
line = me.Model(who.formula.removesuffix(f" + {bar}"), people).fit(seed=SEED, progress=False)
line_effects = line.effect("ally", by=MODIFIERS, newdata=people).draws
estimates = {
    "each group's own": own,
    "one effect for all": average,
    "groups, no modifiers": alone.effect("ally", by=MODIFIERS).draws.mean(axis=(0, 1)),
    "modifiers, no groups": line_effects.mean(axis=(0, 1)),
    "groups with modifiers": groups.effect.draws.mean(axis=(0, 1)),
}
print("RMSE in the groups that have both arms")
for name, estimate in estimates.items():
    print(f"   {name:22s} {rmse(estimate):.3f}")


def ends(draws):
    """Return the ends of the 95% intervals, shape (2, groups)."""
    return np.quantile(draws, [0.025, 0.975], axis=(0, 1))


hits = {}
for name, draws in (("modifiers, no groups", line_effects), ("with groups", groups.effect.draws)):
    low, high = ends(draws)
    hits[name] = int(((low <= truth) & (truth <= high)).sum())
    print(f"95% intervals that hold the truth, {name}: {hits[name]} of 100")

# %% [markdown]
# The modifiers do the work: with or without groups, the error is the same. What are the groups for?
# They say how unsure we are. Without them, the model believes that the modifiers explain
# everything, and here its intervals are too short. (With some other seeds this is less clear.)
#
# ### Is there heterogeneity at all?
#
# That is: do effects differ? Compare the posterior of $\sigma_\theta$ with its prior, and compute,
# within each draw, the share of the variance of effects that the modifiers explain:

# %%
evidence = fit.heterogeneity()
for name, row in evidence.rows.items():
    print(f"{name:37s} {row['estimate']:.2f} ({row['conf_low']:.3f} to {row['conf_high']:.2f})")

# %% [markdown]
# Effects differ, and most of that is due to the modifiers, though the interval of the share is
# wide. (In some draws the rest happens to go against the modifiers; then the share is above 1.)
# *Beyond* the modifiers nothing is certain: the posterior of the sd is near 0 and reaches down to
# it. The prior did not put it there; its median is more than ten times as large. These 100 groups
# say "small", and cannot say "none".
#
# ### What small groups can and cannot say

# %%
low, high = ends(groups.effect.draws)
print("people in group   groups   RMSE own   RMSE model   interval's width")
by_size = {}
for least, most in ((1, 4), (5, 14), (15, 99)):
    chosen = (size >= least) & (size <= most)
    by_size[least] = rmse(own, both & chosen), rmse(estimates["groups with modifiers"], chosen)
    print(
        f"{least:7d} to {most:2d} {chosen.sum():11d} {by_size[least][0]:10.2f} {by_size[least][1]:12.2f}"
        f" {(high - low)[chosen].mean():18.2f}"
    )
women = groups.labels.index("white=1, male=0, hawk=5, intl=5")
print(
    f"very hawkish, internationalist white women: own {own[women]:.2f}, model "
    f"{estimates['groups with modifiers'][women]:.2f} ({low[women]:.2f} to {high[women]:.2f}), "
    f"truth {truth[women]:.2f}"
)
best = groups.best(3)
for name, row in best.rows.items():
    print(f"largest effect? {name}: probability {row['p_best']:.2f}")
print(f"in truth        {groups.labels[int(truth.argmax())]}")

# %% [markdown]
# A group of four says next to nothing by itself. The model answers for it from the effect equation,
# and says with an interval how unsure that is. For the eight women of the question this interval is
# more than 30 points wide. "Which group responds most?" has no certain answer. Give the likeliest
# one together with its probability, never alone.
#
# > **What could go wrong: significant here, not there.** One group's interval excludes 0, another
# > one's does not. It is tempting to say that the first responds and the second does not. The
# > question is whether they *differ*. Ask it of the draws of both together. (Thanks to A. Gelman
# > and H. Stern, who gave this trap its name.)

# %%
clear = low > 0
first = int(np.flatnonzero(clear)[low[clear].argmin()])  # excludes 0, just so
second = int(np.flatnonzero(~clear)[low[~clear].argmax()])  # holds 0, just so
a, b = groups.labels[first], groups.labels[second]
print(f"{a}: {low[first]:.3f} to {high[first]:.3f}")
print(f"{b}: {low[second]:.3f} to {high[second]:.3f}")
apart = groups.effect.draws[:, :, first] - groups.effect.draws[:, :, second]
apart_low, apart_high = np.quantile(apart, [0.025, 0.975])
print(f"their difference: {apart_low:.2f} to {apart_high:.2f}")

# %% [markdown]
# ## The figure worth keeping

# %%
axes = groups.plot()
me.plots.show(
    axes.flat[0].figure,
    "Four panels, one for each combination of white and male: the effect of an ally in points, "
    "hawkishness from top to bottom, internationalism by colour and marker, with 95% intervals. In "
    "every panel the effect falls with hawkishness and rises with internationalism.",
)

# %% [markdown]
# From top to bottom people are more hawkish, and the effect falls. Within a row, by colour, people
# are more internationalist, and the effect rises; but of this we are less sure, because the
# interval of the coefficient holds 0. All panels look alike because the effect equation has no
# interactions.
#
# ### The same for situations
#
# Four more things about the country were drawn by lot: its regime, the stakes, the costs, and the
# region. A *situation* can modify the effect as well as a person can. There are 32 of them, and
# each was seen by some forty people.

# %%
STORY = ["regime", "stakes", "costs", "region"]
situations = me.effects.heterogeneous("support", "ally", STORY, data=people)
effects = situations.fit(seed=SEED, progress=False).group_effects()
axes = effects.plot(along="region", color="regime", facets=["stakes", "costs"])
me.plots.show(
    axes.flat[0].figure,
    "Four panels, one for each combination of stakes and costs: the effect of an ally in points, four "
    "regions from top to bottom, the regime by colour and marker, with 95% intervals. The effect is "
    "smallest in Eastern Europe, larger for dictatorships, and larger where stakes are low.",
)
middle = effects.effect.draws.mean(axis=(0, 1))
for word, at in (("least", middle.argmin()), ("most", middle.argmax())):
    print(f"{word:5s} {effects.labels[int(at)]}: {middle[at]:.2f}")
true_effects = [made.truth(**values) for values in situations.groups.values]
print(f"correlation with the truth {np.corrcoef(middle, true_effects)[0, 1]:.2f}")

# %% [markdown]
# For a democracy in Eastern Europe, with high stakes and low costs, an ally makes next to no
# difference. For a dictatorship elsewhere, with low stakes and high costs, it is about 50 points.
# The order of the situations is found well: the correlation with the true effects is 0.91.
#
# ## Modify: three ways to set the groups
#
# The groups of all combinations are one choice. Fewer and larger ones are another: answers of 1 to
# 5 binned in two (the effect equation still has them as they are), or no groups but white and male,
# with hawk and intl in the effect equation alone. What will change?

# %%
ways = {
    "all combinations": who,
    "answers binned in two": me.effects.heterogeneous(
        "support", "ally", MODIFIERS, data=people, bins={"hawk": [1, 3.5, 5], "intl": [1, 3.5, 5]}
    ),
    "white and male": me.effects.heterogeneous(
        "support",
        "ally",
        ["white", "male"],
        ["rescale(hawk)", "rescale(intl)"],
        data=people,
        effect_formula="white + male + rescale(hawk) + rescale(intl)",
    ),
}
error, beyond = {}, {}
for name, question in ways.items():
    other = fit if question is who else question.fit(seed=SEED, progress=False)
    found = other.effect(newdata=people, by=MODIFIERS).draws.mean(axis=(0, 1))
    error[name] = rmse(found, size > 0)
    beyond[name] = np.median(other.fit.draws[f"sd({question.factor}: ally)"])
    count = len(question.groups.labels)
    print(
        f"{name:22s} {count:3d} groups   sd beyond modifiers {beyond[name]:.3f}   "
        f"RMSE of all 100 effects {error[name]:.3f}"
    )

# %% [markdown]
# The errors hardly change: the effect equation carries the estimates, whatever the groups are. With
# four groups, the sd beyond the modifiers rests on four numbers, and its prior decides much. Small
# groups are not a fault as long as they are partially pooled. Their price is that much of the
# answer is the equation's.
#
# ### Beside a forest
#
# Machine learning estimates effects, too. One random forest for each arm (a *T-learner*) predicts
# everyone's support with and without an ally. The difference is an effect.

# %%
try:
    from sklearn.ensemble import RandomForestRegressor
except ImportError:
    print("the forest needs scikit-learn: pip install scikit-learn")
else:
    predicted = []
    for arm in (people[~told], people[told]):
        forest = RandomForestRegressor(n_estimators=300, min_samples_leaf=15, random_state=SEED)
        forest.fit(arm[MODIFIERS].to_numpy(), arm["support"])
        predicted.append(forest.predict(np.array(arms.index.tolist())))
    of_forest = rmse(predicted[1] - predicted[0], size > 0)
    print(
        f"RMSE of the forest {of_forest:.3f}, of the model {error['all combinations']:.3f}, ",
        end="",
    )
    print(f"of one effect for all {rmse(average, size > 0):.3f}")

# %% [markdown]
# The forest knows nothing of lines and has to find them. Here the true effects are close to lines
# (on the scale of a logit), and a model that supposes lines has an advantage. The forest gives no
# interval for a group, and no word on how far effects differ. With many modifiers, many thousand
# people, or effects that bend, its turn would come.
#
# ## Make
#
# 1. `fit.effect(by="white")` and the coefficient `ally:white` answer two questions: one compares
#    white people with others as they are, the other compares people who are alike in all else.
#    Which is which? Do the answers differ here, and what would have to be different for them to do
#    so?
# 2. Fit the same with `family="bernoulli"`. The effects of groups are in points again. How far
#    apart are the two models at most, and which comes nearer to the truth? Where is a linear
#    probability model in trouble? (Look at the support that it expects, `fit.fit.epred()`.)
# 3. Make an experiment without heterogeneity: give each person a new `ally` by lot, and draw
#    `support` with the same chance for all, 0.48 without and 0.79 with an ally. What do
#    `heterogeneity()` and `best(1)` say now? Do it five times.
#
# ## Sources
#
# J. Alley (2023), *Using Bayesian Hierarchical Models to Estimate Heterogeneous Effects*: the
# model, the experiment (M. Tomz and J. Weeks 2021), its two figures and the estimates that these
# data are made with. The difference between significant and not: A. Gelman and H. Stern (2006),
# *The American Statistician* 60, 328-331. Two sds: A. Gelman (2008), *Statistics in Medicine* 27,
# 2865-2873. T-learner: S. Künzel et al. (2019), *PNAS* 116, 4156-4165.
