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
# # 13 · Stein's paradox: eighteen batters
#
# **You need** lesson 03; lesson 10 for the binomial model. **It takes** about 35 minutes.
# **Afterwards you can** shrink averages by hand, say what Stein's theorem promises and to whom, and
# say what a model adds to the formula.
#
# **The question.** Early in the season of 1970, eighteen baseball players had each been at bat 45
# times. Clemente had hit 18 times, an average of .400. Alvis had hit 7 times, .156. *What will they
# hit in the rest of the season?* The obvious guess is a player's own average so far. How could the
# other seventeen, who play for other teams in other towns, be of any use?

# %%
import matplotlib.pyplot as plt
import numpy as np
from scipy.stats import poisson

import mcmc_edu as me

SEED = 1  # another seed moves the numbers
data = me.datasets.efron_morris()
players = data["player"].tolist()
early = data["hits"] / data["at_bats"]
rest = data["rest_hits"] / data["rest_at_bats"]
mean = early.mean()
print("            45 at-bats   rest of the season")
for name, so_far, later, n in zip(players, early, rest, data["rest_at_bats"], strict=True):
    print(f"{name:12s} {so_far:9.3f} {later:20.3f} of {n}")

# %% [markdown]
# This is a rare table: it comes with the answer. A method can be judged by the right-hand column,
# which no method has seen.
#
# ## Predict
#
# 1. Pull all eighteen averages towards their mean, .265, by the same factor. The sum of the squared
#    errors will fall. By a tenth? By half? By more?
# 2. How many of the eighteen will be worse off than with their own average?
# 3. How many players does one need for it to work at all? Would two do?

# %%
my_guess = "?"  # write your guess between the quotes, e.g. "1 by a tenth; 2 six; 3 two"

# %% [markdown]
# ## Investigate: by hand
#
# The theorem is about normal variables of known variance. An average of 45 tries has the variance
# $p(1-p)/45$, which depends on $p$. But on a crooked scale it is about 1 for everybody:
#
# $$x = \sqrt{45}\, \arcsin(2 p - 1), \qquad x_j \sim N(\theta_j, 1) \text{ approximately.}$$
#
# James and Stein, for $k$ players, shrink towards the players' mean $\bar x$. The factor comes from
# the data themselves:
#
# $$\hat\theta_j = \bar x + \left(1 - \frac{k - 3}{S}\right) (x_j - \bar x), \qquad
# S = \sum_j (x_j - \bar x)^2.$$
#
# The more the averages differ, the larger is $S$, and the less they are pulled together.


# %%
def crooked(p):
    """From averages to the scale on which 45 at-bats have variance 1."""
    return np.sqrt(45) * np.arcsin(2 * p - 1)


def straight(x):
    """Back from there to averages."""
    return (1 + np.sin(x / np.sqrt(45))) / 2


def kept(x):
    """James and Stein's factor for deviations from the mean of x."""
    return 1 - (x.size - 3) / ((x - x.mean()) ** 2).sum()


def stein(x):
    return x.mean() + kept(x) * (x - x.mean())


def squares(estimate, truth):
    """Total squared error."""
    return ((estimate - truth) ** 2).sum()


x, theta = crooked(early), crooked(rest)
of_averages, of_stein = squares(x, theta), squares(stein(x), theta)
print(f"S = {((x - x.mean()) ** 2).sum():.2f}, of every deviation {kept(x):.3f} is kept")
print(
    f"total squared error: own averages {of_averages:.2f}, James and Stein {of_stein:.2f}, "
    f"ratio {of_averages / of_stein:.2f}"
)
print("the paper:                         17.56                   5.01        3.50")
james_stein = straight(stein(x))
worse = [
    name
    for name, a, b, t in zip(players, early, james_stein, rest, strict=True)
    if abs(b - t) > abs(a - t)
]
print(
    f"you guessed {my_guess}; the error falls by {1 - of_stein / of_averages:.0%}, and worse off "
    f"than with their own average are {worse}"
)

# %% [markdown]
# Four fifths of every difference are thrown away, and the total error falls by a factor of 3.5.
# Fifteen of eighteen gain. Three lose, among them Clemente, who really was better than the others.
# (He loses by a hair: .400 was too high by about as much as the shrunk guess is too low.) The
# promise is about the total. It is no promise to anyone in it.
#
# ## Is it luck? The risk for all $\theta$
#
# One season is an anecdote. The theorem is about the *risk*, the expected total squared error. That
# of the $x_j$ themselves is $k$. In 1956 Stein showed that something else is better for *every*
# $\theta$ as soon as $k \ge 3$; in 1961 James and Stein gave the rule. It holds if the $\theta_j$
# are wildly different. It holds if they are a batting average, the price of tea and the speed of
# light, each in units of its known error.
#
# In its simplest form the rule shrinks towards 0, a point fixed beforehand, with $k - 2$ in place
# of $k - 3$. Only the length of $\theta$ matters then, and the risk is known exactly:
#
# $$k - (k - 2)^2\, E\, \frac{1}{k - 2 + 2 N}, \qquad N \sim \text{Poisson}(|\theta|^2 / 2).$$


# %%
rng = np.random.default_rng(SEED)


def loss_difference(theta, c, size=100_000):
    """Loss of (1 - c / |x|^2) x, less that of x, for many x (if k = 2, the factor is >= 0)."""
    x = theta + rng.standard_normal((size, theta.size))
    factor = 1 - c / (x**2).sum(axis=1, keepdims=True)
    if theta.size == 2:
        factor = np.maximum(factor, 0)
    return ((factor * x - theta) ** 2).sum(axis=1) - ((x - theta) ** 2).sum(axis=1)


def exact_difference(length, k):
    n = np.arange(2000)
    return -((k - 2) ** 2) * (poisson.pmf(n, length**2 / 2) / (k - 2 + 2 * n)).sum()


lengths = (0, 1, 2, 4, 8, 16)
gain = {}
print("what shrinking adds to the risk, for |theta| of", *(f"{length:7d}" for length in lengths))
for k in (18, 6, 3, 2):
    for c in (k - 2,) if k > 2 else (0.5, 1.0):
        simulated = [loss_difference(np.append(length, np.zeros(k - 1)), c) for length in lengths]
        gain[k, c] = [(d.mean(), d.std() / np.sqrt(d.size)) for d in simulated]
        print(
            f"k = {k:2d}, c = {c:4.1f}                            ",
            *(f"{average:7.3f}" for average, _ in gain[k, c]),
        )

# %% [markdown]
# For $k = 18, 6, 3$ every number is negative: always a gain. Near 0 all but 2 of the $k$ is saved;
# far out next to nothing; but it is never a loss. With $k = 2$ the rule itself, $c = k - 2 = 0$,
# does nothing. Forced to shrink, it wins near 0 and loses further out.
#
# How many *players* does that make? Their rule shrinks towards their own mean, and the mean uses up
# one of them: $k$ numbers around their mean are like $k - 1$ numbers around 0. So the rule with
# $k - 3$ needs at least *four* players. With three it does nothing.
#
# So who pays? The total falls for every $\theta$, but not each part of it. The worst case is to be
# the only one who is different:

# %%
print("one of 18 is different, by    his own risk   all together   (without shrinking: 1 and 18)")
own_risk = []
for away in (0, 2, 4, 6, 12):
    different = np.append(float(away), np.zeros(17))
    X = different + rng.standard_normal((100_000, 18))
    error = (1 - 16 / (X**2).sum(axis=1, keepdims=True)) * X - different
    own_risk.append((error[:, 0] ** 2).mean())
    print(f"{away:26d} {own_risk[-1]:14.2f} {(error**2).sum(axis=1).mean():14.2f}")

# %% [markdown]
# A true outlier is estimated more than four times as badly as if he had been left alone, so that
# the others may gain more. If you are paid by the team's total, shrink. If you are Clemente's
# agent, don't.
#
# ## The model
#
# As a formula this was a paradox. Said as a model it is common sense: the players come from a
# population, and the averages differ more than the players do. No crooked scale is needed either,
# since hits can be binomial:

# %%
PRIORS = {"sd": me.HalfNormal(1)}
FORMULA = "hits | trials(at_bats) ~ 1 + (1 | player)"


def fit_of(rows=data, priors=PRIORS, pooling="partial"):
    model = me.Model(FORMULA, rows, family="binomial", priors=priors, pooling=pooling)
    return model.fit(seed=SEED, draws=4000, progress=False)


partial, alone, same = fit_of(), fit_of(priors={}, pooling="none"), fit_of(pooling="complete")
print(partial.summary())
once = {"player": players, "at_bats": [1] * 18}
p = partial.epred(once)  # chance of a hit: (chain, draw, player)
pooled = p.mean(axis=(0, 1))

noise = (rest * (1 - rest) / data["rest_at_bats"]).sum()
print("                       RMSE of the average   total squared error")
errors = {}
for name, estimate in (
    ("own averages", early),
    ("complete pooling", same.epred(once).mean(axis=(0, 1))),
    ("James-Stein", james_stein),
    ("partial pooling", pooled),
):
    errors[name] = me.comparison.rmse(estimate, rest)
    print(f"{name:20s} {errors[name]:15.4f} {squares(estimate, rest):22.4f}")
print(f"luck of the rest of the season                    {noise:.4f}")
ratio = (squares(early, rest) - noise) / (squares(pooled, rest) - noise)
print(
    f"own averages over partial pooling: {squares(early, rest) / squares(pooled, rest):.1f}, "
    f"without that luck {ratio:.1f}"
)

# %% [markdown]
# Partial pooling and James-Stein agree, in their estimates and in their error. Two things temper
# the triumph. *Complete* pooling, one number for all, is nearly as good. And more than half of the
# remaining error is not ours, because the judge is noisy, too: the rest of the season is itself a
# sample, of 70 to 586 at-bats. Take that luck away from both, and the ratio becomes one of about 7.
#
# ## What the model adds
#
# James and Stein's factor is an estimate, and it is used as if it were known. It amounts to an sd
# of the population. Around their mean, the $x_j$ vary by $1 + \tau^2$, and the $\theta_j$ by
# $\tau^2$. So $1 - (k - 3) / S$ estimates $\tau^2 / (1 + \tau^2)$. Solve for $\tau$, and go over to
# logits, where a step of 1 in $x$ is $1 / \sqrt{45\, p (1 - p)}$:

# %%
SD = "sd(player: Intercept)"
unit = (45 * mean * (1 - mean)) ** -0.5  # sampling sd of a logit
plug_in = unit * np.sqrt(kept(x) / (1 - kept(x)))
sd = partial.draws[SD]
share = sd**2 / (sd**2 + unit**2)
print(
    f"sd of logits: plug-in {plug_in:.3f}; posterior mean {sd.mean():.3f}, 90% from "
    f"{np.quantile(sd, 0.05):.3f} to {np.quantile(sd, 0.95):.3f}"
)
print(
    f"kept of a deviation: plug-in {kept(x):.2f}; posterior mean {share.mean():.2f}, 90% from "
    f"{np.quantile(share, 0.05):.2f} to {np.quantile(share, 0.95):.2f}"
)

tau_2 = kept(x) / (1 - kept(x))
S = (1 + tau_2) * rng.chisquare(17, 100_000)  # of other seasons with such players
print(f"other seasons in which 1 - 15 / S is negative: {(S < 15).mean():.0%}")
luck = rng.chisquare(17, 100_000)  # S of players who do not differ
print(
    f"S if players did not differ: {luck.mean():.1f} on average, above ours in "
    f"{(luck > ((x - x.mean()) ** 2).sum()).mean():.0%}"
)

# %% [markdown]
# The plug-in lies in the middle of the posterior, and the posterior is *wide*: it reaches from
# "they are all the same" to "keep half". Eighteen times 45 at-bats hardly tell whether the players
# differ. Were they all alike, one season in three would show averages as different as these. The
# draws of the model average over all of that. The formula knows one number. In about one season of
# five this number would be negative, and the best hitters would become the worst. (One then takes
# 0, and is certain that all are alike.)
#
# ## Intervals, and what they are intervals of
#
# Is the rest of the season inside the 90% intervals? There are two ways to ask, and one is wrong.
# `epred` draws *the chance* $p_j$. But the right-hand column is not a chance. It is a number of
# hits, and `predict` draws those, for as many at-bats as there were.

# %%
later = {"player": players, "at_bats": data["rest_at_bats"]}
inside = {}
print("90% intervals             hold the season's rest as chances   as hits   width (chances)")
for name, fit in (("no pooling", alone), ("partial pooling", partial), ("complete pooling", same)):
    low, high = np.quantile(fit.epred(once), [0.05, 0.95], axis=(0, 1))
    least, most = np.quantile(fit.predict(later, seed=SEED), [0.05, 0.95], axis=(0, 1))
    as_chance = (low < rest) & (rest < high)
    as_hits = (least <= data["rest_hits"]) & (data["rest_hits"] <= most)
    inside[name] = as_chance.sum(), as_hits.sum(), (high - low).mean()
    print(
        f"{name:25s} {as_chance.sum():20d} of 18 {as_hits.sum():9d} of 18 "
        f"{(high - low).mean():10.3f}"
    )
    if name == "partial pooling":
        missed = [player for player, held in zip(players, as_hits, strict=True) if not held]
print(f"not held by partial pooling: {missed}")

# %% [markdown]
# Ninety percent of 18 are 16.2. Asked rightly, all three pass, and the intervals of partial pooling
# are about half as wide as those without pooling. Asked wrongly, complete pooling looks far too
# sure of itself. A part of that is the luck of the rest, which no interval for $p$ can contain. The
# one who escapes is Munson: 8 of 45, then .316. He became Rookie of the Year. (Eighteen players do
# not tell 85% from 95%; lesson 15 counts in thousands.)
#
# ## The figure worth keeping

# %%
figure, (ax, right_ax) = plt.subplots(
    1, 2, figsize=(10.5, 5.4), layout="constrained", width_ratios=[2, 1]
)
NAMED = {
    "Clemente": (0, 0),
    "Munson": (0, 0),
    "Alvis": (0, -4),
    "Scott": (0, 0),
    "Johnstone": (0, 0),
}
for name, *path in zip(players, early, pooled, rest, strict=True):
    color, above = ("#0072B2", 3) if name in NAMED else ("#BBBBBB", 2)
    ax.plot([0, 1], path[:2], "o-", color=color, markersize=4, linewidth=1.2, zorder=above)
    ax.plot([1, 2], path[1:], "o:", color=color, markersize=4, linewidth=1.2, zorder=above)
    if name in NAMED:
        shift = NAMED[name][1]
        ax.annotate(
            f"{name} ",
            (0, path[0]),
            (0, shift),
            textcoords="offset points",
            ha="right",
            va="center",
        )
        ax.annotate(f" {name}", (2, path[2]), (0, shift), textcoords="offset points", va="center")
ax.axhline(mean, color="#D55E00", linewidth=0.8, zorder=0)
ax.annotate("mean", (-0.44, mean), (0, 3), textcoords="offset points", color="#D55E00")
ax.set_xticks([0, 1, 2], ["45 at-bats", "partial pooling", "rest of season"])
ax.set(xlim=(-0.45, 2.45), ylabel="batting average")
ax.set_title(
    f"RMSE {errors['own averages']:.3f} before, {errors['partial pooling']:.3f} after pooling"
)
grid = np.linspace(0, 0.6, 200)
right_ax.hist(
    sd.ravel(), 60, range=(0, 0.6), density=True, color="#0072B2", alpha=0.5, label="posterior"
)
right_ax.plot(
    grid, 2 * np.exp(-(grid**2) / 2) / np.sqrt(2 * np.pi), color="black", linewidth=1, label="prior"
)
right_ax.axvline(plug_in, color="#D55E00", label="James-Stein's plug-in")
right_ax.set(xlabel="sd of the players' logits", yticks=[], title="how much do they differ?")
right_ax.legend(frameon=False, loc="upper right", handlelength=1.0, fontsize=9)
me.plots.show(
    figure,
    """Left: every player's average in 45 at-bats, his estimate by partial pooling, and the rest of
    his season. The wide fan of first averages closes to a narrow one around the mean, and opens
    again somewhat. Right: the posterior of the sd of the players is highest near 0 and reaches
    to 0.4; the number that James and Stein's formula takes lies in its middle.""",
)
spreads = [values.std() for values in (early, pooled, rest)]
print("sd of the averages: 45 at-bats {:.3f}, partial pooling {:.3f}, rest {:.3f}".format(*spreads))

# %% [markdown]
# Left: the season's rest is closer together than the first averages were, as pooling said. It is
# not so close as the pooled estimates, and it should not be: an estimate is the middle of what is
# possible. The rest has differences that 45 at-bats could not show, and luck of its own. Right:
# what the data say about the sd, and the single number that the formula takes.
#
# ## Modify: a nineteenth number
#
# The theorem does not ask that the numbers belong together. Efron and Morris, in their article for
# the public, threw in the share of imported cars in Chicago. Let us do the same: the nineteenth
# "player" hits 36 of 45. Predict what becomes of the eighteen, by the formula and in the model.

# %%
with_odd = crooked(np.append(early, 36 / 45))
odd_stein = stein(with_odd)[:18]
print(f"kept: {kept(x):.2f} without, {kept(with_odd):.2f} with the odd one")
print(
    f"total squared error of the 18: {of_stein:.2f} without, {squares(odd_stein, theta):.2f} with"
)
rows = {"player": [*players, "odd"], "hits": [*data["hits"], 36], "at_bats": [45] * 19}
odd_fit = fit_of(rows)
odd = odd_fit.epred(once).mean(axis=(0, 1))
print(
    f"partial pooling: sd {sd.mean():.2f} without, {odd_fit.draws[SD].mean():.2f} with; "
    f"RMSE {errors['partial pooling']:.4f} without, {me.comparison.rmse(odd, rest):.4f} with, "
    f"own averages {errors['own averages']:.4f}"
)

# %% [markdown]
# It is still better than each for himself, but more than half of the gain is gone. One stranger
# makes the population look wide, and a wide population teaches little about any of its members. The
# theorem needs no kinship among the numbers; a *large* gain does. Whom to pool with whom is a
# judgement about the world, and the formula does not make it for you.
#
# > **What could go wrong: a join by surname.**
# > When we first computed the factor of 3.5, it came out as 3.2. The counts that circulate on the
# > web (they go with Stan's example models, with thanks) have another row for Williams: 195 hits of
# > 591 in the rest of the season, where R's package pscl has 69 of 270. The paper gives averages
# > only, but its totals tell which row it used. There were two men called Williams in Chicago that
# > year. Take each player's season from another table, *by his name*, and subtract the 45 at-bats:

# %%
seasons = [  # first name, surname, town, team, at-bats, hits
    ("Walt", "Williams", "Chicago", "White Sox", 315, 79),
    ("Billy", "Williams", "Chicago", "Cubs", 636, 205),
]
by_surname = {surname: (n, hits) for _, surname, _, _, n, hits in seasons}  # the last one wins
by_team = {(surname, team): (n, hits) for _, surname, _, team, n, hits in seasons}
ratios = {}
for key, (n, hits) in (
    ("surname", by_surname["Williams"]),
    ("surname and team", by_team["Williams", "White Sox"]),
):
    joined = rest.copy()
    joined[players.index("Williams")] = (hits - 10) / (n - 45)
    errors_of = squares(x, crooked(joined)), squares(stein(x), crooked(joined))
    ratios[key] = errors_of[0] / errors_of[1]
    print(f"joined by {key:17s}: {hits - 10:3d} of {n - 45}; ", end="")
    print("errors {:.2f} and {:.2f}".format(*errors_of), f"ratio {ratios[key]:.2f}")
print("the paper:                               17.56     5.01       3.50")

# %% [markdown]
# Nothing crashes, and every number is plausible. How would you notice? Ask whether the key is
# unique, and compare a total with a published one.
#
# ## Make
#
# 1. Clemente had led his league in batting four times before 1970, and those who knew that knew
#    more than 45 at-bats. Tell the model: a column `champion`, 1 for him and 0 for the others, as a
#    predictor. What happens to his estimate, and why is one champion not enough to learn from?
# 2. Wait longer. Take the posterior means of partial pooling as the true chances, simulate many
#    seasons, and compare the total squared error of own averages and of James and Stein, on the
#    crooked scale, after 45, 200, 500 and 5000 at-bats. When is less than a tenth saved?
# 3. Replace $1 - c/|x|^2$ by $\max(0, 1 - c/|x|^2)$, the positive part, and repeat the table of
#    risks for $k = 6$, $c = 4$. Where does it help most, and can it ever hurt?
#
# The grader examines `james_stein`: `.venv/bin/mcmc-edu exercises start james_stein` writes a
# file to begin with, and `.venv/bin/mcmc-edu exercises check james_stein.py` says what is wrong
# with yours.
#
# ## Sources
#
# C. Stein (1956), *Proc. Third Berkeley Symposium* 1, 197-206 (better than the averages, for
# $k \ge 3$). W. James, C. Stein (1961), *Proc. Fourth Berkeley Symposium* 1, 361-379. B. Efron, C.
# Morris (1975), *Journal of the American Statistical Association* 70, 311-319; (1977), *Scientific
# American* 236 (5), 119-127. The two tables of counts: stan-dev/example-models (B. Carpenter, 2015)
# and R's pscl (S. Jackman). The binomial model of these data: B. Carpenter (2015), *Hierarchical
# partial pooling for repeated binary trials*.
