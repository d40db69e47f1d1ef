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
# **The question.** Eighteen drivers spent ten days in a laboratory. After the first nights they were
# allowed three hours in bed, and every day their reaction time was measured. *How slow will a driver be
# on day 9, who was not among them?* What would we answer for one who was? And for drivers in general?

# %%
import matplotlib.pyplot as plt
import numpy as np

import mcmc_edu as me

data = me.datasets.sleepstudy()
print(data)

days = np.arange(10.0)
reaction = data["Reaction"].reshape(18, 10)  # (driver, day)
drivers = data["Subject"][::10].tolist()
X = np.column_stack([np.ones(10), days])
own = np.linalg.lstsq(X, reaction.T, rcond=None)[
    0
].T  # each driver's own line: (driver, intercept and slope)
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
# with $T$ lower triangular. It needs a prior for the sds $\tau_0, \tau_1$, and one for $\rho$.
#
# ## Predict
#
# 1. Of the four, which is surest of the slope of `Days`, and which is least sure? Rank them.
# 2. Driver 309 has a slope of 2.3 of his own, where the mean is 10.5. Will partial pooling raise it?

# %%
PRIORS = {"sd": me.HalfT(3, 40), "cor": me.LKJ(1)}
INTERCEPT, DAYS = "sd(Subject: Intercept)", "sd(Subject: Days)"
COR = "cor(Subject: Intercept, Days)"


def fit_of(bar, rows=data, priors=PRIORS, **settings):
    """Fit `Reaction ~ Days` and a bar."""
    return me.Model(f"Reaction ~ Days{bar}", rows, priors=priors).fit(seed=1, **settings)


CORRELATED = " + (Days | Subject)"
fits = {bar: fit_of(bar) for bar in ("", " + (1 | Subject)", " + (Days || Subject)", CORRELATED)}
surely = {bar: fit.draws["Days"].std() for bar, fit in fits.items()}
for bar, fit in fits.items():
    print(
        f"Reaction ~ Days{bar:20s}  Days {fit.draws['Days'].mean():5.2f} ± {surely[bar]:.2f}, "
        f"sigma {fit.draws['sigma'].mean():.1f}"
    )
nothing, intercepts, _, both = surely.values()
assert intercepts < 0.75 * nothing
assert both > 1.8 * intercepts

fit = fits[CORRELATED]
print(fit.summary())
partial = np.array([[row["Intercept"], row["Days"]] for row in fit.coef()["Subject"].rows.values()])
at = drivers.index("309")
print(f"driver 309: own line {own[at].round(1)}, partially pooled {partial[at].round(1)}")
assert partial[at, 0] > own[at, 0] + 3.0
assert partial[at, 1] < own[at, 1] - 0.2

# %% [markdown]
# The surest is the second, and it has no reason to be. It takes the ten days of a driver for ten
# independent witnesses of one common slope; but slopes differ, and we have seen eighteen. The last two know
# that, and are half as sure. (Varying intercepts alone do worse here than no bar: they take the
# differences in level out of `sigma` and leave those in slope where they were.)
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
assert np.allclose(
    [*mean, *shown(people), sigma], [251.405, 10.467, 24.74, 5.92, 0.066, 25.59], atol=0.005
)
assert shown(V)[2] < -0.8

# %% [markdown]
# All six, to the last digit printed. Look at the middle row: the *errors* of a driver's intercept and slope are
# correlated by −0.84, for a line that starts too low must be too steep to end where the points end. 309
# starts at 205. If that is too low, as the population says, then 2.3 is too steep. Partial pooling
# knows: it pulls by a matrix, $\Sigma (\Sigma + V)^{-1}$, and not by a weight for each number.

# %%
pull = people @ np.linalg.inv(lines)
print(pull.round(2))
print(f"driver 309: {(mean + pull @ (own[at] - mean)).round(1)}")
apart = np.abs(mean + (own - mean) @ pull.T - partial).max(axis=0)
print(
    f"from the posterior means these are at most {apart[0]:.1f} ms and {apart[1]:.2f} ms a day apart"
)
assert (pull @ (own[at] - mean))[1] + mean[1] < own[at, 1]
assert apart[0] < 4.0
assert apart[1] < 0.8

# %% [markdown]
# But our table says 26.5 and 6.5, where lme4 has 24.74 and 5.92. Is it the prior? Try three: flat ones for
# everything, ours, and the default of rstanarm (decov, which ties the sds to `sigma`).

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
for (average, median), published in zip(skew["flat"], (24.74, 5.92), strict=True):
    assert average > median + 0.1 > published + 0.4
assert skew["decov"][0][0] < skew["half-t"][0][0] - 2.0

# %% [markdown]
# Even with flat priors the mean is larger. The posterior of a sd leans: it cannot go below 0, and has a
# long tail above. lme4 reports a *peak* (of all sds at once); the median is above it, and the mean above
# the median. None of them is wrong, they summarise one hill in different ways; say which you quote.
# decov, on the other hand, does pull the intercepts' sd down, by half of its posterior sd: eighteen
# drivers do not settle it, so say which prior, too.
#
# ## Why is the correlation so uncertain?
#
# The posterior of $\rho$ reaches from about −0.4 to 0.6, after 180 observations. But a correlation *of
# drivers* has only 18 points to go by, and we do not even see them, just their noisy lines.
# Suppose we saw them:

# %%
rng = np.random.default_rng(1)
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
assert 0.2 < r.std() < rho.std() - 0.03
assert np.quantile(rho, 0.05) < -0.3
assert np.quantile(rho, 0.95) > 0.5

# %% [markdown]
# Where data say so little, the prior has a voice. The usual one is LKJ: the density of a correlation matrix $R$
# is in proportion to $|R|^{\eta - 1}$. Of two effects, $|R| = 1 - \rho^2$, and $(\rho + 1) / 2$ is
# Beta$(\eta, \eta)$; so it is easy to draw from. $\eta = 1$ takes all $\rho$ as equally likely, and larger
# $\eta$ doubts strong correlations, in either direction.

# %%
figure, axes = plt.subplots(1, 3, figsize=(9.5, 3.0), layout="constrained", sharey=True)
bins = np.linspace(-1, 1, 41)
posterior_sd = {}
for ax, eta in zip(axes, (1, 2, 4), strict=True):
    prior = 2 * rng.beta(eta, eta, size=40_000) - 1
    posterior = fit_of(CORRELATED, priors=PRIORS | {"cor": me.LKJ(eta)}).draws[COR]
    weight = (1 - rho**2) ** (eta - 1)  # of the draws that we have, with eta = 1
    again = np.average(rho, weights=weight)
    posterior_sd[eta] = posterior.std()
    print(
        f"LKJ({eta}): prior sd {prior.std():.2f}, posterior mean {posterior.mean():.2f} (by weights "
        f"{again:.2f}), sd {posterior.std():.2f}"
    )
    assert abs(prior.std() - (2 * eta + 1) ** -0.5) < 0.01
    assert abs(posterior.mean() - again) < 0.04
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
plt.show()
assert posterior_sd[4] < posterior_sd[1] - 0.03
assert posterior_sd[4] > 0.6 * 9**-0.5

# %% [markdown]
# At $\eta = 4$ the posterior is narrower, and most of that is the prior's doing: its sd alone is 0.33. The
# drivers have added little.
#
# ## Modify: move day 0
#
# Does "correlation 0.07" mean that slow drivers suffer no more from short nights than quick ones? Call the
# middle of the experiment 0: `Days - 4.5`. The drivers are the same and so are their lines; an intercept is
# now the level in mid-experiment. Predict the correlation.

# %%
MIDDLE = 4.5
moved = fit_of(CORRELATED, rows={**data, "Days": data["Days"] - MIDDLE})
shift = np.array([[1.0, MIDDLE], [0.0, 1.0]])  # intercept at the new zero, slope
sd_0, sd_1 = fit.draws[INTERCEPT], fit.draws[DAYS]
sd_middle = np.sqrt(sd_0**2 + 2 * MIDDLE * rho * sd_0 * sd_1 + MIDDLE**2 * sd_1**2)
by_formula = (rho * sd_0 + MIDDLE * sd_1) / sd_middle
print(f"lme4's numbers, moved:  {shown(shift @ people @ shift.T)[2]:.2f}")
print(f"our draws, moved:       {by_formula.mean():.2f} ± {by_formula.std():.2f}")
print(f"fitted again:           {moved.draws[COR].mean():.2f} ± {moved.draws[COR].std():.2f}")
assert abs(shown(shift @ people @ shift.T)[2] - 0.753) < 0.002
assert by_formula.mean() > 0.65
assert moved.draws[COR].mean() > 0.55

before, after = fit.linpred(), moved.linpred()
spread = before.std(axis=(0, 1))
change = np.abs(after.mean(axis=(0, 1)) - before.mean(axis=(0, 1)))
print(
    f"180 predictions: changed by {change.mean():.2f} ms on average, {(change / spread).max():.2f} "
    "of their sd at most"
)
assert (change / spread).max() < 0.25
knot = -people[0, 1] / people[1, 1]
print(f"by lme4's numbers the correlation is 0 if day {knot:.1f} is called 0")
assert -0.5 < knot < 0.0

# %% [markdown]
# From 0.07 to 0.75, and nothing has happened. The lines open like a fan; where it is narrowest,
# just before day 0, level and slope are uncorrelated, and later the slow ones are those with
# the steeper lines. So never quote such a correlation without saying where 0 is, and do not drop it
# (`||`) because it is "not significant": whether it may be dropped depends on where 0 is.
#
# The predictions have moved a little. The likelihood is the same, but the *priors* are not: LKJ(1) makes all
# correlations equally likely at whatever day is called 0, and cannot do so for two days at once.
#
# ## What a prior about 0 can do
#
# A little, because 0 was never far. Suppose the ten days had been in the year 2000 of some calendar, and fit with a
# prior that is about day 0, as rstanarm's default is, and as ours once was. Predict the sd of the slopes.

# %%
FAR = {**data, "Days": data["Days"] + 2000}
far = {
    "about day 0 (decov)": fit_of(CORRELATED, rows=FAR, priors="rstanarm"),
    "about the mean day (default)": fit_of(CORRELATED, rows=FAR, priors=None),
}
for name, tried in far.items():
    draws = tried.draws
    print(
        f"{name:30s} sd of slopes {draws[DAYS].mean():6.3f}, sigma {draws['sigma'].mean():5.1f}, "
        f"elpd {tried.loo().elpd:.0f}, divergent {draws.stats['divergent'].sum()}"
    )
near = fit_of(CORRELATED, priors=None)
print(
    f"the default, days 0 to 9:      sd of slopes {near.draws[DAYS].mean():6.3f}, "
    f"sigma {near.draws['sigma'].mean():5.1f}, elpd {near.loo().elpd:.0f}"
)
spoilt, sound = far.values()
assert spoilt.draws[DAYS].mean() < 0.1
assert spoilt.draws["sigma"].mean() > sound.draws["sigma"].mean() + 3.0
assert abs(sound.draws[DAYS].mean() - near.draws[DAYS].mean()) < 0.3
assert near.loo().elpd - spoilt.loo().elpd > 15.0

# %% [markdown]
# The drivers have become all alike, and nothing says so. Lines that differ in slope by 6 ms a day differ by
# 12,000 ms on day 0, two thousand days before anyone was measured, and with intercept and slope correlated by
# −0.9999. A prior that thinks of intercepts of some 60 ms, and of all correlations as equally likely, will not
# hear of that: it would rather give the slopes up, and call the differences noise.
#
# So the default of `me.Model` is a prior of the lines *where the rows are*: of their level at the mean of `Days`,
# and of the slope, whatever day is called 0. The correlation is still *reported* at 0, as lme4 does. What you
# give yourself is taken as written, about 0: then put 0 among the rows.
#
# ## The figure worth keeping
#
# Each arrow goes from a driver's own line to the partially pooled one; the ellipses hold 50% and 90% of
# the population. Left as fitted, right the very same draws with the middle of the experiment as 0.

# %%
Sigma = np.zeros((2, 2))
for i, j, entry in ((0, 0, sd_0**2), (1, 1, sd_1**2), (0, 1, rho * sd_0 * sd_1)):
    Sigma[i, j] = Sigma[j, i] = entry.mean()
population = np.array([fit.draws["Intercept"].mean(), fit.draws["Days"].mean()])
circle = np.stack([np.cos(np.linspace(0, 2 * np.pi, 200)), np.sin(np.linspace(0, 2 * np.pi, 200))])

figure, axes = plt.subplots(1, 2, figsize=(10.5, 5.0), layout="constrained", sharey=True)
for ax, to, where in zip(axes, (np.eye(2), shift), ("day 0", "day 4.5"), strict=True):
    start, end, centre = own @ to.T, partial @ to.T, to @ population
    root = np.linalg.cholesky(to @ Sigma @ to.T)
    for held in (0.5, 0.9):
        ellipse = centre[:, None] + np.sqrt(-2 * np.log(1 - held)) * root @ circle
        ax.plot(*ellipse, color="#999999", linewidth=1)
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
plt.show()

tilt_0, tilt_middle = (shown(to @ V @ to.T)[2] for to in (np.eye(2), shift))
print(f"correlation of a driver's errors: {tilt_0:.2f} at day 0, {abs(tilt_middle):.2f} at day 4.5")
assert abs(tilt_middle) < 1e-10

# %% [markdown]
# On the left the arrows run side by side, along the errors, and pass the star. On the right, where a
# driver's two errors are uncorrelated, they make for the long axis of the ellipse. Drivers who are far out
# *along* that axis keep nearly all they have: that is how people differ.
#
# ## Three answers to one question
#
# Day 9, 90% intervals, of the line and of one day's measurement.

# %%
QUESTIONS = {
    "308": ("error", "what will 308 do, whom we know?"),
    "someone new": ("sample", "what will a driver do whom we have never met?"),
    "the middle": ("zero", "where is the line in the middle of all drivers?"),
}
figure, ax = plt.subplots(figsize=(6.5, 4.4), layout="constrained")
width = {}
for (who, (new_groups, question)), color in zip(
    QUESTIONS.items(), ("#0072B2", "#BBBBBB", "#D55E00"), strict=True
):
    rows = {"Days": days, "Subject": [who] * 10}
    line = fit.linpred(rows, new_groups=new_groups, seed=1)  # (chain, draw, day)
    measured = fit.predict(rows, new_groups=new_groups, seed=1)
    low, high = np.quantile(line, [0.05, 0.95], axis=(0, 1))
    m_low, m_high = np.quantile(measured[:, :, 9], [0.05, 0.95])
    width[who] = high - low
    print(
        f"{question:50s} line {low[9]:.0f} to {high[9]:.0f}, measured {m_low:.0f} to {m_high:.0f}"
    )
    ax.fill_between(days, low, high, color=color, alpha=0.5, label=question, linewidth=0)
ax.plot(days, reaction[drivers.index("308")], ".", color="black", label="308, measured")
ax.set(xlabel="day", ylabel="reaction time, ms")
ax.legend(frameon=False, fontsize=8, loc="upper left")
plt.show()
assert width["someone new"][9] > 3 * width["the middle"][9]
assert width["someone new"][9] > 3 * width["308"][9]

# %% [markdown]
# `new_groups="zero"` is about the *average*, and would shrink to nothing with ever more drivers. `"sample"`
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
            fit_rest.predict(left_out, new_groups=new_groups, seed=1), [0.05, 0.95], axis=(0, 1)
        )
        counts.append((low < data["Reaction"][out]) & (data["Reaction"][out] < high))
share = {new_groups: np.mean(counts) for new_groups, counts in held.items()}
print(f"held by intervals of 90%: sample {share['sample']:.0%}, zero {share['zero']:.0%}")
assert 0.82 < share["sample"] < 0.95
assert share["zero"] < 0.79

# %% [markdown]
# > **What could go wrong: a newcomer drawn from the wrong ellipse.**
# > Two ways, both from real code. Draw intercept and slope independently, each with its sd, and forget the
# > correlation: brms did so for effects shared between parts of a model (issue 779). Or take $T'$ for
# > $T$: $T z$ has covariance $T T'$, and $T' z$ has $T' T$, another matrix. Stan 2.18 drew its
# > momenta with such a slip for dense metrics (issue 2671); NumPy's generator (issue 15871) and JAX (1869)
# > each had a transpose wrong in their multivariate normals. Rows `z @ T` look as good as `z @ T.T`.
# > How would you notice? A prediction must not depend on which day is called 0.


# %%
def spread_of_newcomers(fit, zero, draw):
    """Sd of a newcomer's true reaction time, on days 0 and 9."""
    d = fit.draws
    tau, rho = np.stack([d[INTERCEPT], d[DAYS]], axis=-1), d[COR]
    T = np.zeros((*rho.shape, 2, 2))
    T[..., 0, 0] = tau[..., 0]
    T[..., 1, 0], T[..., 1, 1] = rho * tau[..., 1], np.sqrt(1 - rho**2) * tau[..., 1]
    z = np.random.default_rng(1).standard_normal(tau.shape)
    b = draw(tau, T, z)
    day = np.array([0.0, 9.0]) - zero
    line = (d["Intercept"] + b[..., 0])[..., None] + (d["Days"] + b[..., 1])[..., None] * day
    return line.std(axis=(0, 1))


WAYS = {
    "T z": lambda tau, T, z: np.einsum("...km,...m->...k", T, z),
    "independent": lambda tau, T, z: tau * z,
    "T' z": lambda tau, T, z: np.einsum("...mk,...m->...k", T, z),
}
print("sd of a newcomer on   day 0:  0 is day 0, day 4.5     day 9:  0 is day 0, day 4.5")
spreads = {}
for name, draw in WAYS.items():
    a, b = (spread_of_newcomers(f, zero, draw) for f, zero in ((fit, 0.0), (moved, MIDDLE)))
    spreads[name] = np.array([a, b])
    print(f"    {name:12s} {a[0]:25.1f} {b[0]:8.1f} {a[1]:24.1f} {b[1]:8.1f}")
ratio = {name: s[1] / s[0] for name, s in spreads.items()}
assert np.abs(ratio["T z"] - 1).max() < 0.2
for name in ("independent", "T' z"):
    assert ratio[name][0] > 1.4
    assert ratio[name][1] < 0.85
newcomer = {"Days": np.array([0.0, 9.0]) - MIDDLE, "Subject": ["new", "new"]}
package = moved.linpred(newcomer, new_groups="sample", seed=2).std(axis=(0, 1))
print(f"the package, 0 is day 4.5: day 0 {package[0]:.1f}, day 9 {package[1]:.1f}")
assert np.abs(package / spreads["T z"][1] - 1).max() < 0.08

# %% [markdown]
# With day 0 as 0 no reader would have noticed: there the correlation happens to be small, and so is what a
# bug does to it. A test of code like this needs a correlation that is far from 0.
#
# ## Make
#
# 1. Days 0 and 1 were for practice, and the shorter nights began after day 2. Leave out the first two days
#    and count from day 2. What becomes of the slopes, of their sd, and of the correlation?
# 2. Fit `(Days || Subject)` with day 0 and with day 4.5 as 0, and compare predictions for a newcomer on
#    days 0 and 9. Why does `||` depend on the zero, and `|` not?
# 3. Give the model a newcomer's measurements of days 0, 1 and 2 (append them to the data, from one of the drivers
#    left out), and predict day 9. How much narrower is the interval than for someone never met?
#
# ## Sources
#
# Data: G. Belenky et al. (2003), *Journal of Sleep Research* 12, 1-12. lme4's numbers: D. Bates, M. Mächler,
# B. Bolker, S. Walker (2015), *Journal of Statistical Software* 67 (1). LKJ: D. Lewandowski, D. Kurowicka,
# H. Joe (2009), *Journal of Multivariate Analysis* 100, 1989-2001. decov: B. Goodrich et al., *rstanarm*.
# The bugs: paul-buerkner/brms, issue 779; stan-dev/stan, issue 2671; numpy/numpy, issue 15871; jax-ml/jax, issue 1869.
