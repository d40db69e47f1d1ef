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
# # 09 · Correlated slopes, LKJ, new subjects
#
# **You need** lessons 03, 04 and 08, and matrices times vectors. **It takes** about 45 minutes.
# **Afterwards you can** read the bars of a formula, explain why pooling may push a slope away from the mean,
# choose and defend a prior of a correlation, and predict for someone new.
#
# **The question.** Eighteen drivers spent ten days in a laboratory. After the first nights they were
# allowed three hours in bed, and every day their reaction time was measured. *How slow will a driver be
# on day 9, who was not among them?* What would we answer for one who was? And for drivers in general?

# %%
import matplotlib.pyplot as plt
import numpy as np

import mcmc_edu as me

SEED = 1  # another seed moves the numbers
data = me.datasets.sleepstudy()
print(data)

days = np.arange(10.0)
reaction = data["Reaction"].reshape(18, 10)  # (driver, day)
drivers = data["Subject"][::10].tolist()
X = np.column_stack([np.ones(10), days])
own = np.linalg.lstsq(X, reaction.T, rcond=None)[0].T  # own lines: (driver, intercept and slope)
mean = own.mean(axis=0)
print(f"mean of the drivers' own lines: {mean[0]:.3f} ms + {mean[1]:.3f} ms a day")
print(f"driver 309: {own[drivers.index('309')].round(1)}")

# %% [markdown]
# In a formula, what is left of the bar varies among the levels of what is right of it:
#
# | formula | drivers differ in |
# |---|---|
# | `Reaction ~ Days` | nothing |
# | `… + (1 \| Subject)` | the intercept |
# | `… + (Days \|\| Subject)` | intercept and slope, which have nothing to do with each other |
# | `… + (Days \| Subject)` | intercept and slope, with a correlation |
#
# The last one says, of driver $j$,
#
# $$\begin{pmatrix} b_{0j} \\ b_{1j} \end{pmatrix} \sim N(0, \Sigma), \qquad
# \Sigma = \begin{pmatrix} \tau_0^2 & \rho\,\tau_0 \tau_1 \\ \rho\,\tau_0 \tau_1 & \tau_1^2 \end{pmatrix} = T T'$$
#
# with $T$ lower triangular: if $z$ is two independent $N(0, 1)$ numbers, then $T z$ has covariance $\Sigma$. It
# needs a prior for the sds $\tau_0, \tau_1$, and one for $\rho$. For the sds we take a *half-t*: the positive
# half of Student's $t$, here with 3 degrees of freedom and a scale of 40 ms. It finds sds up to some 40 likely,
# and much larger ones possible. For the correlation we take `LKJ(1)`: all values are equally likely. (More on
# LKJ below.)
#
# ## Predict
#
# 1. Of the four, which is surest of the slope of `Days`, and which is least sure?
# 2. Driver 309 has a slope of 2.3 of his own, where the mean is 10.5. Will partial pooling raise it, or lower it?

# %%
my_guess = "?"  # write your guess between the quotes, such as "surest ..., 309 ..."

# %%
PRIORS = {"sd": me.HalfT(3, 40), "cor": me.LKJ(1)}
INTERCEPT, DAYS = "sd(Subject: Intercept)", "sd(Subject: Days)"
COR = "cor(Subject: Intercept, Days)"


def fit_of(bar, rows=data, priors=PRIORS, **settings):
    """Fit `Reaction ~ Days` and a bar."""
    return me.Model(f"Reaction ~ Days{bar}", rows, priors=priors).fit(seed=SEED, **settings)


CORRELATED = " + (Days | Subject)"
fits = {bar: fit_of(bar) for bar in ("", " + (1 | Subject)", " + (Days || Subject)", CORRELATED)}
surely = {bar: fit.draws["Days"].std() for bar, fit in fits.items()}
for bar, fit in fits.items():
    print(
        f"Reaction ~ Days{bar:20s}  Days {fit.draws['Days'].mean():5.2f} ± {surely[bar]:.2f}, "
        f"sigma {fit.draws['sigma'].mean():.1f}"
    )

fit = fits[CORRELATED]
print(fit.summary())
partial = np.array([[row["Intercept"], row["Days"]] for row in fit.coef()["Subject"].rows.values()])
at = drivers.index("309")
print(f"driver 309: own line {own[at].round(1)}, partially pooled {partial[at].round(1)}")
print(f"you guessed {my_guess}")

# %% [markdown]
# The surest is the second, and it has no reason to be. It takes the ten days of a driver for ten
# independent witnesses of one common slope; but slopes differ, and we have seen eighteen. The last two know
# that, and their uncertainty is twice as large. (Varying intercepts alone are worse here than no bar: they take
# the differences in level out of `sigma`, and treat those in slope as noise.)
#
# And 309's slope is *lowered*, away from the mean. To see why, we take the lines apart.
#
# ## Investigate: the numbers that lme4 prints
#
# The article on lme4 fits this model to these data by restricted maximum likelihood and prints: 251.405
# and 10.467 for the common line, sds 24.74 and 5.92, correlation 0.066, residual 25.59. With every
# driver observed on the same ten days, no optimiser is needed. A driver's own line is the true one plus
# noise, whose covariance is $V = \sigma^2 (X'X)^{-1}$. So *people = lines − noise*:


# %%
def shown(covariance):
    """Two sds and a correlation."""
    sds = np.sqrt(np.diag(covariance))
    return np.array([*sds, covariance[0, 1] / sds.prod()])


sigma = np.sqrt(((reaction - own @ X.T) ** 2).sum() / (18 * (10 - 2)))
V = sigma**2 * np.linalg.inv(X.T @ X)
lines = np.cov(own.T)
people = lines - V
print("                intercept  slope    cor")
for name, covariance in (("lines as they are", lines), ("noise", V), ("people", people)):
    print("{:18s} {:8.2f} {:6.2f} {:6.3f}".format(name, *shown(covariance)))
print(f"residual sd {sigma:.2f}")

# %% [markdown]
# All six, to the last digit printed. Look at the middle row: the *errors* of a driver's intercept and slope are
# correlated by −0.84: a line that starts too low must be too steep to end where the points end. 309
# starts at 205. If that is too low, as the population says, then 2.3 is too steep. Partial pooling
# knows: it pulls by a matrix, $\Sigma (\Sigma + V)^{-1}$, and not by a weight for each number. For one number
# this matrix is the weight $\tau^2 / (\tau^2 + s^2)$ of lesson 03.

# %%
pull = people @ np.linalg.inv(lines)
print(pull.round(2))
print(f"driver 309: {(mean + pull @ (own[at] - mean)).round(1)}")
together = mean + pull @ (own[at] - mean)
weights = np.diag(people) / np.diag(lines)
one_by_one = mean + weights * (own[at] - mean)
print(f"each number by a weight of its own: {one_by_one.round(1)}")

angle = np.linspace(0, 2 * np.pi, 200)
circle = np.stack([np.cos(angle), np.sin(angle)])


def ellipse(covariance, centre, distance):
    """Points of the ellipse at this distance from the centre, in sds of the covariance."""
    return centre[:, None] + distance * np.linalg.cholesky(covariance) @ circle


figure, ax = plt.subplots(figsize=(7.0, 4.6), layout="constrained")
for covariance, centre, color, style, name in (
    (people, mean, "#999999", "-", "as likely among people"),
    (V, own[at], "#0072B2", "--", "as likely by 309's data"),
):
    gap = together - centre
    touching = np.sqrt(gap @ np.linalg.solve(covariance, gap))
    ax.plot(*ellipse(covariance, centre, touching), style, color=color, linewidth=1.4, label=name)
for point, marker, color, name in (
    (mean, "*", "#D55E00", "population"),
    (own[at], "o", "#0072B2", "309's own line"),
    (one_by_one, "x", "black", "each number by its own weight"),
    (together, "s", "#009E73", "pulled by the matrix"),
):
    ax.plot(*point, marker, color=color, markersize=9, linestyle="none", label=name)
ax.set(xlabel="intercept, ms", ylabel="slope, ms a day", title="Where does 309 go?")
ax.set(xlim=(190, 262), ylim=(-1, 13))
ax.legend(frameon=False, fontsize=9, loc="upper left", bbox_to_anchor=(1.0, 1.0))
me.plots.show(
    figure,
    """Slope against intercept. Part of a wide ellipse about the population and a thin, falling one about
    309's own line touch in one point, below and to the right of the own line: the partially pooled
    one. Weights for each number apart would lead upwards, straight to the population.""",
)

# %% [markdown]
# The pooled line is where the two ellipses touch: no other line is at once as likely for a person and as well
# in agreement with the data. The data allow a move along their thin ellipse, where a higher intercept goes
# with a smaller slope, and hardly any move across it. So the way leads down and to the right.
#
# Our table says 26.5 and 6.6 for the two sds, where lme4 has 24.74 and 5.92. Is it the prior? Try three: flat
# ones for everything, ours, and *decov*, the default of rstanarm. It draws one size for all differences
# together, in units of `sigma`, and then divides it between intercept and slope at random. Where the noise is
# small, decov expects people to differ little.

# %%
flat = {"Intercept": me.Flat(), "b": me.Flat(), "sd": me.Uniform(0, 1000), "cor": me.LKJ(1)}
print("             sd of intercepts: mean, median      sd of slopes: mean, median")
skew = {}
for name, tried in (
    ("flat", fit_of(CORRELATED, priors=flat)),
    ("half-t", fit),
    ("decov", fit_of(CORRELATED, priors="rstanarm")),
):
    skew[name] = [(tried.draws[sd].mean(), np.median(tried.draws[sd])) for sd in (INTERCEPT, DAYS)]
    (a, a_median), (b, b_median) = skew[name]
    print(f"{name:12s} {a:24.2f} {a_median:7.2f} {b:24.2f} {b_median:7.2f}")
print(f"lme4         {24.74:24.2f} {'':7s} {5.92:24.2f}")

# %% [markdown]
# Even with flat priors the mean is larger. The posterior of a sd leans: it cannot go below 0, and has a
# long tail above. lme4 reports a *peak* (of all sds at once); the median is above it, and the mean above
# the median. None of them is wrong, they summarise one hill in different ways; say which you quote.
# (Lesson 09c asks when a peak is not enough.) decov, on the other hand, does pull the intercepts' sd down, by
# nearly half of its posterior sd: eighteen drivers do not settle it, so say which prior, too.
#
# ## Why is the correlation so uncertain?
#
# The posterior of $\rho$ reaches from about −0.4 to 0.6, after 180 observations. But a correlation *of
# drivers* has only 18 points to go by, and we do not even see them, just their noisy lines.
# Suppose we saw them:

# %%
rng = np.random.default_rng(SEED)
seen = rng.multivariate_normal([0, 0], people, size=(4000, 18))
seen -= seen.mean(axis=1, keepdims=True)
cross = (seen[:, :, 0] * seen[:, :, 1]).sum(axis=1)
r = cross / np.sqrt((seen**2).sum(axis=1).prod(axis=1))
rho = fit.draws[COR]
print(f"correlation of 18 drivers whose true lines are known: sd {r.std():.2f}")
print(
    f"posterior of rho: mean {rho.mean():.2f}, sd {rho.std():.2f}, "
    f"90% from {np.quantile(rho, 0.05):.2f} to {np.quantile(rho, 0.95):.2f}"
)

# %% [markdown]
# Where data say so little, the prior has a voice. The usual one is LKJ: the density of a correlation matrix $R$
# is in proportion to $|R|^{\eta - 1}$. Of two effects, $|R| = 1 - \rho^2$, and $(\rho + 1) / 2$ is
# Beta$(\eta, \eta)$; so it is easy to draw from. $\eta = 1$ takes all $\rho$ as equally likely, and larger
# $\eta$ doubts strong correlations, in either direction.

# %%
figure, axes = plt.subplots(1, 3, figsize=(9.5, 3.0), layout="constrained", sharey=True)
bins = np.linspace(-1, 1, 41)
prior_sd, posterior_sd = {}, {}
for ax, eta in zip(axes, (1, 2, 4), strict=True):
    prior = 2 * rng.beta(eta, eta, size=40_000) - 1
    posterior = fit_of(CORRELATED, priors=PRIORS | {"cor": me.LKJ(eta)}).draws[COR]
    weight = (1 - rho**2) ** (eta - 1)  # of the draws that we have, with eta = 1
    again = np.average(rho, weights=weight)
    prior_sd[eta], posterior_sd[eta] = prior.std(), posterior.std()
    print(
        f"LKJ({eta}): prior sd {prior.std():.2f}, posterior mean {posterior.mean():.2f} (by weights "
        f"{again:.2f}), sd {posterior.std():.2f}"
    )
    ax.hist(prior, bins, density=True, color="#BBBBBB", label="prior")
    ax.hist(
        posterior.ravel(),
        bins,
        density=True,
        histtype="step",
        color="#0072B2",
        label="posterior",
        linewidth=1.8,
    )
    ax.set(title=f"LKJ({eta})", xlabel="correlation", xlim=(-1, 1))
axes[0].set_ylabel("density")
axes[0].legend(frameon=False)
me.plots.show(
    figure,
    """Prior and posterior of the correlation for LKJ(1), LKJ(2) and LKJ(4). The prior is flat on the left
    and a narrow hill on the right; the posterior is a wide hill near 0 that narrows along with it.""",
)

# %% [markdown]
# At $\eta = 4$ the posterior is narrower, and most of that is the prior's doing: its sd alone is 0.33. The
# drivers have added little.
#
# ## Modify: move day 0
#
# Does lme4's "correlation 0.07" mean that slow drivers suffer no more from short nights than quick ones? Call the
# middle of the experiment 0: `Days - 4.5`. The drivers are the same and so are their lines; an intercept is
# now the level in mid-experiment. Predict the correlation.

# %%
MIDDLE = 4.5
shift = np.array([[1.0, MIDDLE], [0.0, 1.0]])  # intercept at the new zero, slope
sd_0, sd_1 = fit.draws[INTERCEPT], fit.draws[DAYS]
sd_middle = np.sqrt(sd_0**2 + 2 * MIDDLE * rho * sd_0 * sd_1 + MIDDLE**2 * sd_1**2)
by_formula = (rho * sd_0 + MIDDLE * sd_1) / sd_middle
print(f"lme4's numbers, moved:  {shown(shift @ people @ shift.T)[2]:.2f}")
print(f"our draws, moved:       {by_formula.mean():.2f} ± {by_formula.std():.2f}")
knot = -people[0, 1] / people[1, 1]
print(f"by lme4's numbers the correlation is 0 if day {knot:.1f} is called 0")

# %% [markdown]
# From 0.07 to 0.75, and nothing has happened. The lines open like a fan; where it is narrowest,
# just before day 0, level and slope are uncorrelated, and later the slow ones are those with
# the steeper lines. So never quote such a correlation without saying where 0 is, and do not drop it
# (`||`) because it is "not significant": whether it may be dropped depends on where 0 is.
#
# We moved the draws. A new *fit* with day 4.5 as 0 differs a little, because its prior is another one: LKJ(1)
# makes all correlations equally likely at whatever day is called 0, and cannot do so for two days at once
# (exercise 2). A prior about a 0 that is far from the data can do real harm (exercise 4).
#
# ## The figure worth keeping
#
# Each arrow goes from a driver's own line to the partially pooled one; the ellipses hold 50% and 90% of
# the population. Left as fitted, right the very same draws with the middle of the experiment as 0.
#
# The ellipses are those of the mean of $\Sigma$ over all draws, and the title has *their* correlation. It is not
# the mean of $\rho$ in our table, because a mean of ratios is not the ratio of means; and lme4's 0.066 is that of
# the peak. Three summaries of one wide posterior: do not read anything into the difference.

# %%
Sigma = np.zeros((2, 2))
for i, j, entry in ((0, 0, sd_0**2), (1, 1, sd_1**2), (0, 1, rho * sd_0 * sd_1)):
    Sigma[i, j] = Sigma[j, i] = entry.mean()
population = np.array([fit.draws["Intercept"].mean(), fit.draws["Days"].mean()])

figure, axes = plt.subplots(1, 2, figsize=(10.5, 5.0), layout="constrained", sharey=True)
for ax, to, where in zip(axes, (np.eye(2), shift), ("day 0", "day 4.5"), strict=True):
    start, end, centre = own @ to.T, partial @ to.T, to @ population
    for held in (0.5, 0.9):
        around = ellipse(to @ Sigma @ to.T, centre, np.sqrt(-2 * np.log(1 - held)))
        ax.plot(*around, color="#999999", linewidth=1)
    for tail, head in zip(start, end, strict=True):
        ax.annotate(
            "",
            head,
            tail,
            arrowprops={"arrowstyle": "->", "color": "#0072B2", "shrinkA": 0, "shrinkB": 0},
        )
    ax.plot(*start.T, "o", mfc="white", mec="#0072B2", markersize=4, label="own line")
    ax.plot(*end.T, "o", color="#0072B2", markersize=4, label="partially pooled")
    ax.plot(*centre, "*", color="#D55E00", markersize=13, label="population")
    for name in ("308", "309", "335", "370"):
        point = start[drivers.index(name)]
        ax.annotate(name, point, (0, -12), textcoords="offset points", ha="center", fontsize=9)
    correlation = shown(to @ Sigma @ to.T)[2]
    ax.set(
        xlabel=f"reaction time on {where}, ms", title=f"correlation on {where}: {correlation:.2f}"
    )
axes[0].set_ylabel("slope, ms a day")
axes[0].legend(loc="lower right", frameon=False)
me.plots.show(
    figure,
    """Slope against reaction time, on day 0 and on day 4.5, with an arrow from each driver's own line to
    the pooled one, and ellipses of the population. Left, the ellipses are upright and the arrows run side by
    side past the population's star; right, the ellipses rise and the arrows lead to their long axis.""",
)

tilt_0, tilt_middle = (shown(to @ V @ to.T)[2] for to in (np.eye(2), shift))
print(f"correlation of a driver's errors: {tilt_0:.2f} at day 0, {abs(tilt_middle):.2f} at day 4.5")

# %% [markdown]
# On the left the arrows run side by side, along the thin ellipse of the errors, and pass the star. On the right, where a
# driver's two errors are uncorrelated, they make for the long axis of the ellipse. Drivers who are far out
# *along* that axis keep nearly all they have: that is how people differ.
#
# ## Three answers to one question
#
# Day 9, 90% intervals, of a line and of one day's measurement, which has noise in addition.

# %%
QUESTIONS = {
    "308": ("error", "what will 308 do, whom we know?"),
    "someone new": ("sample", "what will a driver do whom we have never met?"),
    "the middle": ("zero", "where is the line in the middle of all drivers?"),
}
figure, axes = plt.subplots(1, 3, figsize=(10.5, 4.2), layout="constrained", sharey=True)
width, outside = {}, {}
of_308 = reaction[drivers.index("308")]
for ax, (who, (new_groups, question)) in zip(axes, QUESTIONS.items(), strict=True):
    rows = {"Days": days, "Subject": [who] * 10}
    line = fit.linpred(rows, new_groups=new_groups, seed=SEED)  # (chain, draw, day)
    measured = fit.predict(rows, new_groups=new_groups, seed=SEED)
    low, high = np.quantile(line, [0.05, 0.95], axis=(0, 1))
    m_low, m_high = np.quantile(measured, [0.05, 0.95], axis=(0, 1))
    width[who] = high - low
    outside[who] = [((of_308 < a) | (of_308 > b)).sum() for a, b in ((low, high), (m_low, m_high))]
    print(
        f"{question:50s} line {low[9]:.0f} to {high[9]:.0f}, "
        f"measured {m_low[9]:.0f} to {m_high[9]:.0f}"
    )
    ax.fill_between(days, m_low, m_high, color="#DDDDDD", label="a measurement", linewidth=0)
    ax.fill_between(days, low, high, color="#56B4E9", label="the line", linewidth=0)
    ax.set_xlabel("day")
    ax.set_title("308" if who == "308" else f'{who}: "{new_groups}"', fontsize=10)
axes[0].plot(days, of_308, ".", color="black", label="measured")
axes[0].set_ylabel("reaction time, ms")
axes[0].legend(frameon=False, fontsize=9, loc="upper left")
me.plots.show(
    figure,
    """Reaction time against day, with 90% bands for the line and for a measurement, of driver 308, of
    someone new, and of the middle. The line's band is narrow for 308 and for the middle, wide for someone
    new; most measurements of 308 lie in the wider band.""",
)
print(
    f"of 308's ten measurements outside: line {outside['308'][0]}, measurement {outside['308'][1]}"
)

# %% [markdown]
# The points are measurements, so they need not lie in the band of the line. `new_groups="zero"` is about the
# *average*, and would shrink to nothing with ever more drivers. `"sample"`
# draws the newcomer's intercept and slope from $N(0, \Sigma)$, with each draw's own $\Sigma$, and would still
# be wide with a thousand drivers, as people differ. The one we know best is the one we have met. Which of
# the two is right for a newcomer can be tried: leave out each driver in turn, and count how many of his
# measurements the 90% intervals hold.

# %%
held = {"sample": [], "zero": []}
for driver in drivers:
    out = data["Subject"] == driver
    rest = {name: column[~out] for name, column in data.items()}
    left_out = {"Days": data["Days"][out], "Subject": data["Subject"][out]}
    fit_rest = fit_of(CORRELATED, rest, draws=500, warmup=500)
    for new_groups, counts in held.items():
        low, high = np.quantile(
            fit_rest.predict(left_out, new_groups=new_groups, seed=SEED), [0.05, 0.95], axis=(0, 1)
        )
        counts.append((low < data["Reaction"][out]) & (data["Reaction"][out] < high))
share = {new_groups: np.mean(counts) for new_groups, counts in held.items()}
print(f"held by intervals of 90%: sample {share['sample']:.0%}, zero {share['zero']:.0%}")

# %% [markdown]
# > **What could go wrong: a newcomer drawn from the wrong ellipse.**
# > Two ways. Draw intercept and slope independently, each with its sd, and forget the correlation. Or take
# > $T'$ for $T$: $T z$ has covariance $T T'$, and $T' z$ has $T' T$, another matrix. Both have happened in good
# > software, and we thank those who reported it (brms #779; Stan #2671, NumPy #15871, JAX #1869).
# > How would you notice? A prediction must not depend on which day is called 0. Take the same draws, write each
# > $\Sigma$ about day 0 and about day 4.5, and compute the sd of a newcomer's line.


# %%
def spread_of_newcomers(draw_with, zero):
    """Sd of a newcomer's true reaction time on days 0 and 9, with Sigma about the day `zero`."""
    to = np.array([[1.0, zero], [0.0, 1.0]])
    entries = [[sd_0**2, rho * sd_0 * sd_1], [rho * sd_0 * sd_1, sd_1**2]]
    Sigma = to @ np.moveaxis(np.array(entries), (0, 1), (-2, -1)) @ to.T  # (chain, draw, 2, 2)
    M = draw_with(Sigma)  # the newcomer is M z
    spread = []
    for day in (0.0, 9.0):
        x = np.array([1.0, day - zero])
        line = fit.draws["Intercept"] + fit.draws["Days"] * day
        spread.append(np.sqrt((x @ (M @ M.swapaxes(-2, -1)) @ x).mean() + line.var()))
    return np.array(spread)


WAYS = {
    "T z": np.linalg.cholesky,
    "independent": lambda Sigma: np.sqrt(Sigma * np.eye(2)),
    "T' z": lambda Sigma: np.linalg.cholesky(Sigma).swapaxes(-2, -1),
}
print("sd of a newcomer on   day 0:  0 is day 0, day 4.5     day 9:  0 is day 0, day 4.5")
spreads = {}
for name, draw_with in WAYS.items():
    a, b = spreads[name] = [spread_of_newcomers(draw_with, zero) for zero in (0.0, MIDDLE)]
    print(f"    {name:12s} {a[0]:25.1f} {b[0]:8.1f} {a[1]:24.1f} {b[1]:8.1f}")
newcomer = {"Days": np.array([0.0, 9.0]), "Subject": ["new", "new"]}
package = fit.linpred(newcomer, new_groups="sample", seed=SEED).std(axis=(0, 1))
print(f"drawn by `linpred`: {package[0]:.1f} on day 0, {package[1]:.1f} on day 9")

# %% [markdown]
# $T z$ gives the same numbers whatever is called 0, and the other two do not. With day 0 as 0 no reader would
# have noticed: there the correlation happens to be small, and so is what a bug does to it. A test of code like
# this needs a correlation that is far from 0.
#
# ## Make
#
# 1. Days 0 and 1 were for practice, and the shorter nights began after day 2; leave out the first two days
#    and count from there. What becomes of the slopes, of their sd, and of the correlation?
# 2. Fit `(Days || Subject)` and `(Days | Subject)`, each with day 0 and with day 4.5 as 0, and compare the sd
#    of a newcomer's line on days 0 and 9: which depends on the zero by much, which by little, and why does
#    not even `|` give exactly the same?
# 3. Give the model a newcomer's measurements of days 0, 1 and 2 (append them to the data, from one of the drivers
#    left out), and predict day 9: how much narrower is the interval than for someone never met?
# 4. Count the days from another zero, `Days + 2000`, and fit `(Days | Subject)` with `priors="rstanarm"` (decov,
#    about day 0) and with `priors=None` (our default, about the mean day). What becomes of the sd of the
#    slopes and of `sigma`? How large would sd and correlation of the intercepts, on day 0, have to be?
#
# The grader examines `new_group`: `.venv/bin/mcmc-edu exercises start new_group` writes a file to
# begin with, and `.venv/bin/mcmc-edu exercises check new_group.py` says what is wrong with yours.
#
# ## Sources
#
# Data: G. Belenky et al. (2003), *Journal of Sleep Research* 12, 1-12. lme4's numbers: D. Bates, M. Mächler,
# B. Bolker, S. Walker (2015), *Journal of Statistical Software* 67 (1). LKJ: D. Lewandowski, D. Kurowicka,
# H. Joe (2009), *Journal of Multivariate Analysis* 100, 1989-2001. decov: B. Goodrich et al., *rstanarm*.
# The bugs: paul-buerkner/brms, issue 779; stan-dev/stan, issue 2671; numpy/numpy, issue 15871; jax-ml/jax, issue 1869.
