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
# # 09c · Why not maximum likelihood?
#
# **You need** lesson 09, and standard errors from regression. **It takes** about 30 minutes.
# **Afterwards you can** write the likelihood of a mixed model with its effects integrated out, maximise it,
# recognise a solution in a corner, and say what a posterior does about it.
#
# **The question.** In lesson 09 lme4 had the same six numbers as we, without a single chain and in the blink
# of an eye. It *maximises the likelihood*: it looks for the one setting of the sds and the correlation under
# which these data are most probable, and reports it. Why do we go to the trouble of a whole posterior?
#
# One answer is that with many drivers we need not. So here is the sleep study as it would be in a smaller
# laboratory: 6 drivers, each measured on days 0, 2, 4, 6 and 8. The truth is the one that lme4 found in the
# large study, and we make 200 such small studies.

# %%
import matplotlib.pyplot as plt
import numpy as np
from scipy.optimize import minimize
from scipy.stats import norm

import mcmc_edu as me

SEED = 1  # another seed moves the numbers
STUDIES, DRIVERS = 200, 6
days = np.array([0.0, 2.0, 4.0, 6.0, 8.0])
X = np.column_stack([np.ones(5), days])

TRUE_LINE = np.array([251.4, 10.47])  # intercept in ms, slope in ms a day
TRUE_SD, TRUE_RHO, TRUE_SIGMA = np.array([24.74, 5.92]), 0.066, 25.59
TRUE_COVARIANCE = np.outer(TRUE_SD, TRUE_SD) * np.array([[1.0, TRUE_RHO], [TRUE_RHO, 1.0]])

rng = np.random.default_rng(SEED)
true_lines = rng.multivariate_normal(TRUE_LINE, TRUE_COVARIANCE, size=(STUDIES, DRIVERS))
reaction = true_lines @ X.T + TRUE_SIGMA * rng.standard_normal((STUDIES, DRIVERS, 5))
print(f"{STUDIES} studies of {DRIVERS} drivers on {days.size} days: {reaction.shape}")

# %% [markdown]
# ## The likelihood, with the drivers integrated out
#
# A driver's own least-squares line is the true line plus noise, and both are normal (lesson 09). The sum of
# two normals is normal. So, over all lines that the driver might have,
#
# $$\text{own line}_j \sim N(\mu,\ \Sigma + V), \qquad V = \sigma^2 (X'X)^{-1}.$$
#
# That is the *collapsed* density of lesson 08: no driver is left in it. What the points scatter about their
# own line tells about $\sigma$ alone. The best $\mu$ is the mean of the own lines, whatever the rest is. Four
# unknowns remain: the three numbers of a triangle $T$, with $\Sigma = \sigma^2 T T'$, and $\log\sigma$.
# (In units of $\sigma$, as in lme4, all four are of the size of 1, which optimisers like.)


# %%
INVERSE = np.linalg.inv(X.T @ X)
DF = DRIVERS * (5 - 2)  # what the own lines leave over for sigma


def summaries(study):
    """Mean of the own lines, their products about it, and the sum of squares about the lines."""
    own = study @ X @ INVERSE  # (driver, intercept and slope)
    apart = own - own.mean(axis=0)
    return own.mean(axis=0), apart.T @ apart, ((study - own @ X.T) ** 2).sum()


def minus_log_likelihood(unknown, products, squares):
    """Minus the log likelihood of T[0, 0], T[1, 0], T[1, 1] and log sigma, mu at its best."""
    a, b, c, log_sigma = unknown
    T = np.array([[a, 0.0], [b, c]])
    variance = np.exp(2 * log_sigma)
    total = variance * (T @ T.T + INVERSE)  # covariance of own lines: people + noise
    of_lines = DRIVERS * np.log(np.linalg.det(total)) + np.trace(np.linalg.solve(total, products))
    of_points = 2 * DF * log_sigma + squares / variance
    return 0.5 * (of_lines + of_points)


def maximise(products, squares):
    """The two sds, the correlation and sigma under which the data are most probable."""
    start = [1.0, 0.0, 0.2, np.log(25.0)]
    a, b, c, log_sigma = minimize(minus_log_likelihood, start, (products, squares)).x
    sds = np.array([abs(a), np.hypot(b, c)])  # in units of sigma
    return np.array([*np.exp(log_sigma) * sds, a * b / sds.prod(), np.exp(log_sigma)])


# %% [markdown]
# ## Predict
#
# 1. Drivers differ in level and in slope, and the two have nearly nothing to do with each other. In how many
#    of 200 studies does the maximum of the likelihood lie in a *corner* of what is possible: an sd that is 0
#    (no one differs), or a correlation of 1 or −1 (the slope is settled by the level)?
# 2. Take the usual 95% interval for the mean slope, 1.96 standard errors to either side, with the sds as
#    estimated. In how many per cent of the studies does it hold the true slope?

# %%
my_guess = "?"  # write your guess between the quotes, such as "10 of 200, 95%"

# %%
found = [summaries(study) for study in reaction]
means = np.array([mean for mean, _, _ in found])
fits = np.array([maximise(products, squares) for _, products, squares in found])
sd_0, sd_1, rho, sigma = fits.T

zero, one = np.minimum(sd_0, sd_1) < 0.01, np.abs(rho) > 0.999
corner = zero | one
print(f"an sd of 0: {zero.sum()}, correlation 1: {(rho > 0.999).sum()}, ", end="")
print(f"correlation -1: {(rho < -0.999).sum()}; in a corner: {corner.sum()} of {STUDIES}")


def covariance(sd_0, sd_1, rho):
    """Covariance matrices of intercept and slope, stacked."""
    off = rho * sd_0 * sd_1
    return np.moveaxis(np.array([[sd_0**2, off], [off, sd_1**2]]), (0, 1), (-2, -1))


of_mean = (covariance(sd_0, sd_1, rho) + sigma[:, None, None] ** 2 * INVERSE) / DRIVERS
standard_error = np.sqrt(of_mean[:, 1, 1])
likelihood_low, likelihood_high = means[:, 1] + 1.96 * np.outer([-1, 1], standard_error)
likelihood_holds = (likelihood_low < TRUE_LINE[1]) & (TRUE_LINE[1] < likelihood_high)
likelihood_share = likelihood_holds.mean()
print(f"the mean slope is in its 95% interval in {likelihood_share:.0%} of the studies")
print(
    f"standard errors {np.sqrt((standard_error**2).mean()):.2f} in quadratic mean, "
    f"while the estimates vary with an sd of {means[:, 1].std():.2f}"
)
print(f"you guessed {my_guess}")

# %% [markdown]
# In about every second study the maximum lies in a corner, nearly always that of a correlation of 1 or −1:
# the slower a driver is to begin with, the more short nights cost (or the less), without any exception. The
# truth is 0.07, and no reader should believe such a result. But a peak has no way to say *I do not know*. And
# the interval of the mean slope misses the truth about twice as often as it should.
#
# ## Investigate: where does the corner come from?
#
# For this balanced design lesson 09 did the estimate by a subtraction: *people = lines − noise*. The maximum
# of the likelihood is this difference too, with the mean of the products over all 6 drivers as "lines". But a
# difference of two covariance matrices need not be one: with 6 drivers the lines may happen to vary *less*
# than noise alone would make them, in some direction. Then the difference has a negative variance there, and
# the best that a covariance matrix can do is 0 in that direction. So the corners can be counted without any
# optimiser: where the smallest eigenvalue of the difference is negative. (That direction is seldom that of
# an axis. It is some mixture of level and slope, and a variance of 0 there means a correlation of 1 or −1.)

# %%
differences = np.array(
    [products / DRIVERS - squares / DF * INVERSE for _, products, squares in found]
)
negative = np.linalg.eigvalsh(differences)[:, 0] < 0
print(f"the difference has a negative variance in {negative.sum()} studies, corners {corner.sum()}")
by_hand = np.sqrt(differences[~negative][:, [0, 1], [0, 1]])
gap = np.abs(by_hand - fits[~negative, :2]).max()
print(f"in the others subtraction and optimiser differ by at most {gap:.4f} in an sd")

# %% [markdown]
# The optimiser is innocent. The peak of the likelihood is really there, and the trouble is that one reports a
# peak.
#
# Why are the standard errors too small? They take the estimated sds for the true ones. First, these are too
# small on average: the 6 lines are compared with their own mean, which lies closest to them. Second, they are
# uncertain, and an interval from sds that happen to be small is much too short, while one from sds that
# happen to be large is only somewhat too long.
#
# ## The same studies, with a posterior
#
# A posterior does not report a peak. It averages over all sds and correlations that the data leave possible,
# and small sds are only some of them. The priors are those of lesson 09: half-t for the sds, with a scale of
# 40 ms, and all correlations equally likely. We also ask both about *someone new*: an interval for a
# newcomer's true reaction time on day 8.


# %%
def posterior(study):
    """Draws of intercept, slope, two sds and their correlation."""
    rows = {
        "Reaction": study.ravel(),
        "Days": np.tile(days, DRIVERS),
        "Subject": np.repeat([f"driver {j}" for j in range(DRIVERS)], 5),
    }
    priors = {"sd": me.HalfT(3, 40), "cor": me.LKJ(1)}
    model = me.Model("Reaction ~ Days + (Days | Subject)", rows, priors=priors)
    fit = model.fit(chains=2, warmup=500, draws=500, seed=SEED, progress=False)
    names = ("Intercept", "Days", "sd(Subject: Intercept)", "sd(Subject: Days)")
    return [fit.draws[name].ravel() for name in (*names, "cor(Subject: Intercept, Days)")]


draws = np.array([posterior(study) for study in reaction])  # (study, quantity, draw)
posterior_low, posterior_high = np.quantile(draws[:, 1], [0.025, 0.975], axis=1)
posterior_holds = (posterior_low < TRUE_LINE[1]) & (TRUE_LINE[1] < posterior_high)
posterior_share = posterior_holds.mean()

day_8 = np.array([1.0, 8.0])
centre, spread = day_8 @ TRUE_LINE, np.sqrt(day_8 @ TRUE_COVARIANCE @ day_8)


def share_of_newcomers(low, high):
    """Probability that a newcomer's true reaction time is in the interval, averaged over studies."""
    return np.mean(norm.cdf(high, centre, spread) - norm.cdf(low, centre, spread))


on_day_8 = means @ day_8
newcomer_sd = np.sqrt(day_8 @ (covariance(sd_0, sd_1, rho) + of_mean) @ day_8)
new_likelihood = share_of_newcomers(on_day_8 - 1.96 * newcomer_sd, on_day_8 + 1.96 * newcomer_sd)
deviation = np.sqrt(day_8 @ covariance(*np.moveaxis(draws[:, 2:], 1, 0)) @ day_8)
newcomers = draws[:, 0] + 8.0 * draws[:, 1] + deviation * rng.standard_normal(deviation.shape)
new_posterior = share_of_newcomers(*np.quantile(newcomers, [0.025, 0.975], axis=1))

print("intervals of 95%         mean slope    a newcomer on day 8")
print(f"maximum likelihood {likelihood_share:15.0%} {new_likelihood:22.0%}")
print(f"posterior          {posterior_share:15.0%} {new_posterior:22.0%}")

# %% [markdown]
# The posterior's intervals hold the truth about as often as 95% says, and for the newcomer somewhat more: with six
# drivers the prior's large sds have a say, and the intervals are rather long. (This they do not promise. Their
# 95% are an average over truths drawn from the prior; here there is one truth, so it had to be tried.) Maximum likelihood falls short, and more so
# for the newcomer. Its intervals take an estimate of how people differ for the truth, though six people cannot
# settle it.
#
# ## The figure worth keeping
#
# Left, the correlation: what maximum likelihood says in each study, and the posterior mean. Right, the
# intervals for the mean slope of the first 50 studies.

# %%
figure, axes = plt.subplots(1, 2, figsize=(10.5, 4.6), layout="constrained")
BLUE, ORANGE = "#0072B2", "#E69F00"
bins = np.linspace(-1, 1, 21)
averages = draws[:, 4].mean(axis=1)
axes[0].hist(rho[~zero], bins, color=BLUE, alpha=0.6, label="maximum likelihood")
axes[0].hist(averages, bins, histtype="step", color=ORANGE, linewidth=2, label="posterior mean")
axes[0].axvline(TRUE_RHO, color="black", linestyle="--", label="truth")
axes[0].set(
    xlabel="correlation of intercept and slope", ylabel="studies", title="Estimates in 200 studies"
)
axes[0].legend(frameon=False)
for x, low, high, holds, color, name in (
    (-0.18, likelihood_low, likelihood_high, likelihood_holds, BLUE, "maximum likelihood"),
    (0.18, posterior_low, posterior_high, posterior_holds, ORANGE, "posterior"),
):
    for k in range(50):
        width = 1.2 if holds[k] else 3.0
        axes[1].plot([k + x, k + x], [low[k], high[k]], color=color, linewidth=width)
    axes[1].plot([], [], color=color, label=name)
axes[1].axhline(TRUE_LINE[1], color="black", linestyle="--", label="truth")
axes[1].set(xlabel="study", ylabel="slope, ms a day", title="95% intervals; thick: truth missed")
axes[1].legend(frameon=False, ncols=3, loc="upper center", fontsize=9)
axes[1].set_ylim(top=axes[1].get_ylim()[1] + 4)
me.plots.show(
    figure,
    """Left, histograms of 200 estimated correlations: by maximum likelihood there is a tall bar at
    each end, at -1 and 1; posterior means lie around 0. Right, intervals for the mean slope of 50
    studies by both methods: those of the posterior are longer and miss the truth less often.""",
)

# %% [markdown]
# > **What could go wrong: a corner that is not reported.**
# > Many programs optimise the logarithm of an sd, so that it cannot become negative. Then 0 is infinitely far
# > away. The optimiser walks towards it until it loses patience, and says that it is done. What is printed
# > depends on when it stopped. (lme4 keeps 0 within reach, and says "boundary (singular) fit" when it is
# > there. Thanks to its authors for that message, and for `isSingular`.)

# %%
study = np.flatnonzero(rho > 0.999)[0]  # the first with a correlation of 1
_, products, squares = found[study]


def with_logarithms(unknown):
    """The same function of log T[0, 0], T[1, 0], log T[1, 1] and log sigma."""
    a, b, c, log_sigma = unknown
    return minus_log_likelihood([np.exp(a), b, np.exp(c), log_sigma], products, squares)


printed_by_tolerance = []
for tolerance in (1e-1, 1e-2, 1e-3, 1e-5):
    result = minimize(with_logarithms, [0.0, 0.0, -1.0, 3.2], options={"gtol": tolerance})
    correlation = np.cos(np.arctan2(np.exp(result.x[2]), result.x[1]))
    printed_by_tolerance.append((correlation, result.fun))
    print(
        f"tolerance {tolerance:.0e}: correlation {correlation:.5f}, minus log likelihood "
        f"{result.fun:.4f}, {'done' if result.success else 'not done'}"
    )
low, high = np.quantile(draws[study, 4], [0.05, 0.95])
print(f"posterior of the correlation in this study: 90% from {low:.2f} to {high:.2f}")

# %% [markdown]
# Only the last lines look like a corner, and the first look like a finding. The posterior of this study says
# what is the case: nearly any correlation is possible.
#
# ## Modify: more drivers
#
# How many drivers does it take? With the eigenvalue there is nothing to optimise, so take 2000 studies each.

# %%
corners, shares = {}, {}
for drivers in (6, 12, 18, 50):
    own = rng.multivariate_normal(
        TRUE_LINE, TRUE_COVARIANCE + TRUE_SIGMA**2 * INVERSE, size=(2000, drivers)
    )
    apart = own - own.mean(axis=1, keepdims=True)
    lines = np.einsum("sji,sjk->sik", apart, apart) / drivers  # sums over j: the drivers
    df = drivers * 3
    noise = TRUE_SIGMA**2 * rng.chisquare(df, size=2000) / df
    smallest = np.linalg.eigvalsh(lines - noise[:, None, None] * INVERSE)[:, 0]
    corners[drivers] = np.mean(smallest < 0)
    inside = np.abs(own.mean(axis=1)[:, 1] - TRUE_LINE[1]) < 1.96 * np.sqrt(
        lines[:, 1, 1] / drivers
    )
    shares[drivers] = inside.mean()
    print(
        f"{drivers:3d} drivers: corners in {corners[drivers]:4.0%}, "
        f"the 95% interval for the mean slope holds in {shares[drivers]:.0%}"
    )

# %% [markdown]
# (The standard error here is $\sqrt{\text{lines}/J}$, which is what maximum likelihood gives where there is no
# corner.) With 50 drivers both problems are all but gone, and maximum likelihood is quick and good. With
# few groups, report a posterior, or at least know what you have in hand: *REML* and $t$ quantiles mend the
# interval of the mean (exercise 1), but neither mends a corner. A program that adds a weak prior to the
# likelihood and reports the peak of the product mends the corner, but not the interval.
#
# ## Make
#
# 1. REML divides the products of the own lines by `DRIVERS - 1` instead of `DRIVERS`. For the mean slope, use
#    the standard error $\sqrt{\text{lines}_{11} / J}$ with this divisor, and the 97.5% quantile of Student's $t$
#    with 5 degrees of freedom instead of 1.96. What share of the 200 intervals holds? Which share must it be,
#    and why? How many studies have a corner now?
# 2. Does "sd 0" mean that people do not differ? Make 200 studies in which the slopes really do not differ, and
#    count the corners. Compare with the studies above: how much does a corner tell you?
# 3. Real drivers: take 6 of the 18 of `me.datasets.sleepstudy()` at random and the days 0, 2, 4, 6 and 8, 200
#    times. In what share is there a corner? Why is it another share than with the simulated drivers?
#
# ## Sources
#
# Maximum likelihood and REML for mixed models: D. Bates, M. Mächler, B. Bolker, S. Walker (2015), *Journal of
# Statistical Software* 67 (1); its `isSingular`. Corners and a weak prior against them: Y. Chung,
# S. Rabe-Hesketh, V. Dorie, A. Gelman, J. Liu (2013), *Psychometrika* 78, 685-709. Integrating effects
# out: A. Gelman et al. (2013), *Bayesian Data Analysis*, 3rd edition, section 5.4.
