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
# # 08 · The funnel in the post's own data
#
# **You need** lessons 03, 06 and 07. **It takes** about 40 minutes.
# **Afterwards you can** recognise a funnel, write a hierarchical model in three forms, choose among
# them, and say what divergences, E-BFMI and `ess_tail` warn of.
#
# **The question.** We have a sampler that finds its own length, step and metric (lesson 07) and the 75
# people of lesson 03. Partial pooling has 155 unknowns, and NUTS does not mind that many. So we write
# the model down as it is spoken, run it, and everything should be well. Is it?

# %%
import math

import matplotlib.pyplot as plt
import numpy as np

import mcmc_edu as me
from mcmc_edu import targets

SEED = 1  # another seed moves the numbers
data = me.datasets.boelstad(seed=SEED)  # with 1, the data of lesson 03


def run(data, form, seed=SEED):
    """Four chains of the partial pooling model, written in one of three forms."""
    p = me.models.partial_pooling(data, form)
    return me.sample(
        p.log_density, p.start, data=p.data, names=p.names, natural=p.natural, seed=seed
    )


POPULATION = ("mu_alpha", "mu_beta", "sigma_alpha", "sigma_beta", "sigma")
centered = run(data, "centered")
print(centered.summary(*POPULATION))
print(f"{centered.stats['divergent'].sum()} divergent")

# %% [markdown]
# Next to nothing diverged, and not one of the means is absurd. But read what is written under the
# table. The unknown that it names first is `sigma_alpha`, the sd of the population of intercepts.
#
# - `ess_bulk` says what the draws are worth for the middle of the posterior. `ess_tail` says it for the
#   ends: it is the effective number of draws for the 5% or the 95% quantile, the smaller of the two.
# - *E-BFMI* is about the energy of lesson 06. During a trajectory the energy stays as it is; it changes
#   only when a new momentum is drawn. E-BFMI compares these jumps with the spread of the energy over the
#   whole run. Near 1, one jump takes you anywhere. Below 0.3, the chain needs many jumps to get from
#   places of low energy to places of high energy, and rarely completes the way.
#
# Which places are these? Plot `sigma_alpha` against somebody's intercept.

# %%
log_sigma = np.log(centered["sigma_alpha"])
figure, axes = plt.subplots(1, 2, figsize=(9.5, 4.0), layout="constrained", sharey=True)
me.plots.pairs({"alpha[0]": centered["alpha[0]"], "log sigma_alpha": log_sigma}, axes=axes[0])
axes[0].set_title("A funnel: the lower, the narrower")
me.plots.trace(log_sigma, axes[1], name="log sigma_alpha")
axes[1].set_title("The way of each chain", y=1.08)
me.plots.show(
    figure,
    """Left, log sigma_alpha against the first person's intercept: a cloud that is wide at the top and
    narrow at the bottom. Right, log sigma_alpha of four chains in time: they wander slowly, seldom
    go down, and once down stay there for many draws.""",
)

wide, narrow = log_sigma > np.quantile(log_sigma, 0.9), log_sigma < np.quantile(log_sigma, 0.1)
spread_wide, spread_narrow = (centered["alpha[0]"][part].std() for part in (wide, narrow))
print(f"sd of alpha[0] at the top {spread_wide:.2f}, at the bottom {spread_narrow:.2f}")

# %% [markdown]
# A *funnel*. If people are nearly alike ($\sigma_\alpha$ small), every $\alpha_j$ is tied to $\mu_\alpha$;
# if they differ, it is free. And 75 intercepts hang on $\sigma_\alpha$ like this, all at once. A step that
# suits the wide mouth is too long for the narrow neck, and a metric is one scale for both. So chains
# seldom get down there, and one that does needs many draws to climb out. The clumps of dots low on the left
# are such visits: many draws of one chain, close together. How far down does the posterior go? This run
# cannot tell.
#
# ## Three ways to write one model
#
# | form | what is sampled | the effects |
# |---|---|---|
# | centred | $\alpha_j \sim N(\mu_\alpha, \sigma_\alpha)$ | as they are |
# | non-centred | $z_j \sim N(0, 1)$ | $\alpha_j = \mu_\alpha + \sigma_\alpha z_j$ |
# | collapsed | only $\mu$ and the $\sigma$s | integrated out with pencil and paper, and drawn afterwards |
#
# On paper they are the same. For a sampler they are three different landscapes. In the non-centred one
# the $z_j$ know nothing of $\sigma_\alpha$, *as far as the prior goes*. The collapsed one has 5 numbers left
# of 155: given those, each person's line is normal, so the integral over it is a formula.

# %%
FORMS = ("centered", "noncentered", "collapsed")
for form in FORMS:
    print(f"{form:12s} {me.models.partial_pooling(data, form).dim:4d} parameters")

# %% [markdown]
# ## Predict
#
# Here are the post's data, 5 observations each with noise of sd 2, and others of the same kind: 50
# observations each, and people who really differ ($\sigma_\alpha = \sigma_\beta = 4$). Lesson 03 had
# the weight $\tau^2 / (\tau^2 + s^2)$ that a person's own data have. In which data set do the observations
# tie $\alpha_j$ down, whatever $\sigma_\alpha$ is? What becomes of $z_j = (\alpha_j - \mu_\alpha) / \sigma_\alpha$
# then? Rank the three forms, best first, once for each data set.

# %%
my_guess = "?"  # write your guess between the quotes

# %%
rich = me.datasets.simulate(75, 50, sigma_alpha=4.0, sigma_beta=4.0, seed=SEED)
sets = {"the post's": data, "rich": rich}
exact = {name: me.exact(d) for name, d in sets.items()}
own_weight = {}
for name, d in sets.items():
    tau, sigma = exact[name]["sigma_alpha"].mean, exact[name]["sigma"].mean
    own_weight[name] = tau**2 / (tau**2 + sigma**2 * d.groups / d.y.size)
    print(f"{name:10s} sigma_alpha {tau:.2f}, weight of one's own data {own_weight[name]:.2f}")


# %%
def per_1000_gradients(draws, names=POPULATION):
    """Effective draws per 1000 gradients of the worst of these quantities."""
    worst = min(me.ess_bulk(values) for _, values in draws.quantities(*names))
    return 1000.0 * worst / draws.stats["n_gradients"].sum()


fits, worth = {}, {}
print("effective draws per 1000 gradients, the worst of five")
print("              post's    rich")
for form in FORMS:
    for name, d in sets.items():
        fits[form, name] = run(d, form)
        worth[form, name] = per_1000_gradients(fits[form, name])
    print(f"{form:12s}", *(f"{worth[form, name]:7.1f}" for name in sets))
print(f"you guessed {my_guess}")

# %% [markdown]
# The collapsed form is best in both. The order of the other two is reversed, and by a large factor:
# "always non-centre" is as wrong as "never". Where the data pin $\alpha_j$ down, the centred coordinates are
# nearly independent, while $z_j$ must follow every move of $\mu_\alpha$ and $\sigma_\alpha$ to leave
# $\alpha_j$ where it is. A rule of thumb: *centred where the weight of one's own data is well above one
# half, non-centred where it is well below;* in between, try both.
#
# ## The figure worth keeping
#
# What the sampler sees. Above, the post's data: the funnel is in the centred form. Below, the rich data:
# nothing is wrong with the centred form, and the non-centred one is a narrow ridge. One $z_j$ alone would
# not show it. All 75 have to move together with $\mu_\alpha$, so look at their mean.

# %%
views = {  # what is drawn to the right, what is drawn upwards
    ("centered", "the post's"): ("alpha[0]", "log sigma_alpha"),
    ("noncentered", "the post's"): ("z_alpha[0]", "log sigma_alpha"),
    ("collapsed", "the post's"): ("mu_alpha", "log sigma_alpha"),
    ("centered", "rich"): ("mean of alpha", "mu_alpha"),
    ("noncentered", "rich"): ("mean of z_alpha", "mu_alpha"),
    ("collapsed", "rich"): ("log sigma_alpha", "mu_alpha"),
}


def along(draws, name):
    """A quantity, its logarithm, or the mean of all people's."""
    if name.startswith("mean of "):
        stem = name.removeprefix("mean of ")
        return np.mean([draws[f"{stem}[{j}]"] for j in range(75)], axis=0)
    return np.log(draws[name[4:]]) if name.startswith("log ") else draws[name]


figure, axes = plt.subplots(2, 3, figsize=(9.5, 5.6), layout="constrained", sharey="row")
for ax, ((form, name), (horizontal, vertical)) in zip(axes.flat, views.items(), strict=True):
    draws = fits[form, name]
    x, y = along(draws, horizontal), along(draws, vertical)
    ax.plot(x.ravel(), y.ravel(), ".", color="#0072B2", markersize=1.5, alpha=0.35, rasterized=True)
    ax.set(xlabel=horizontal, ylabel=vertical)
    ax.set_title(f"{form}, {name} data: {worth[form, name]:.1f}", fontsize=10)
figure.suptitle("One posterior in three forms; effective draws per 1000 gradients")
me.plots.show(
    figure,
    """Draws in three forms, for the post's data above and the rich data below. Above, the centred form
    is a funnel and the other two reach much further down. Below, the non-centred form is a thin slanting
    ridge, and the other two are round clouds.""",
)

# %% [markdown]
# How narrow is the ridge? Scale every coordinate to sd 1, as the metric of lesson 07 does, and compare the
# longest direction of the cloud with its shortest: the square root of the *condition number*, the ratio of
# the largest and the smallest eigenvalue of the correlation matrix. A sampler's steps must fit the shortest,
# and its way is as long as the longest. The collapsed run draws best, and everybody's line comes with it, so
# take its draws and write them in each form.


# %%
def longest_to_shortest(draws, form):
    """Ratio of the longest and shortest direction of the posterior, in the coordinates of a form."""
    columns = [draws["mu_alpha"], draws["mu_beta"]]
    columns += [np.log(draws[name]) for name in ("sigma_alpha", "sigma_beta", "sigma")]
    for line in ("alpha", "beta"):
        effects = [draws[f"{line}[{j}]"] for j in range(75)]
        if form == "centered":
            columns += effects
        elif form == "noncentered":
            columns += [(a - draws[f"mu_{line}"]) / draws[f"sigma_{line}"] for a in effects]
    eigenvalues = np.linalg.eigvalsh(np.corrcoef([column.ravel() for column in columns]))
    return math.sqrt(eigenvalues[-1] / eigenvalues[0])


ratio = {}
print("longest to shortest   post's    rich")
for form in FORMS:
    for name in sets:
        ratio[form, name] = longest_to_shortest(fits["collapsed", name], form)
    print(f"{form:20s}", *(f"{ratio[form, name]:7.1f}" for name in sets))

# %% [markdown]
# In the rich data the non-centred ridge is some 60 times as long as it is wide, and that explains the table.
# In the post's data this number does not explain it: the centred 6 is harmless. A funnel is not a ridge. It
# has another width at every height, and no single scaling cures that.
#
# ## Investigate: what is missing, and is the rest right?
#
# In the upper row the same posterior is drawn three times, on the same vertical scale, and the centred
# chains do not reach as far down as the others. How much is missing? A run whose chains disagree cannot
# tell, so take eight of each form, with other seeds.

# %%
share, smallest = {}, {}
for form in FORMS:
    again = [run(data, form, seed)["sigma_alpha"] for seed in range(SEED, SEED + 8)]
    share[form] = np.array([(sigma_alpha < 0.1).mean() for sigma_alpha in again])
    smallest[form] = np.median([sigma_alpha.min() for sigma_alpha in again])
    print(
        f"{form:12s} smallest of a run {smallest[form]:.4f}; below 0.1: {share[form].mean():.1%} of "
        f"the draws, from {share[form].min():.1%} to {share[form].max():.1%} of a run"
    )

# %% [markdown]
# The centred form misses most of the neck: many a run never gets below 0.1, and one that does may stay
# there for too long. Nothing in such a run says which of the two it was.
#
# Is it so in all data of this kind? No. Make 100 data sets as the post's were made, and see in how many of
# them more than 1% of the posterior lies below 0.1.

# %%
necks = []
for seed in range(SEED, SEED + 100):
    p = me.models.partial_pooling(me.datasets.boelstad(seed=seed), "collapsed")
    short = {"draws": 500, "warmup": 500, "chains": 2, "seed": SEED}
    draws = me.sample(p.log_density, p.start, data=p.data, natural=p.natural, **short)
    necks.append((draws["sigma_alpha"] < 0.1).mean() > 0.01)
print(f"{np.sum(necks)} of 100 data sets have a neck that deep")

# %% [markdown]
# About one in ten: the post's data are a hard case. In the others the centred form is slower than the
# non-centred one, but seldom as bad as here.
#
# Are the means right? `me.exact` integrates instead of sampling, to five digits and more. All 155 means, in
# each of three forms, should lie within a few Monte Carlo standard errors of it. (Of 155 the worst may well
# be at 3.)


# %%
def errors(draws, exact):
    """(mean - exact mean) in Monte Carlo standard errors, for every quantity."""
    return {
        name: (values.mean() - exact[name].mean) / me.mcse_mean(values)
        for name, values in draws.quantities()
    }


worst = {}
for (form, name), draws in fits.items():
    z = errors(draws, exact[name])
    worst[form, name] = [max(abs(z[q]) for q in some) for some in (POPULATION, z)]
    of_population, of_all = worst[form, name]
    print(f"{form:12s} {name:10s} worst of the population {of_population:.1f}, of all {of_all:.1f}")
effort = math.sqrt(worth["collapsed", "the post's"] / worth["centered", "the post's"])
print(f"errors for the same work, centred to collapsed, the post's data: {effort:.1f} to 1")

# %% [markdown]
# No error is larger than the error bars say. But for the same work the centred chains' error bars are
# larger, by that factor. And one thing no error bar shows: an error bar is computed from places where the
# chain has been, and the lowest few per cent of $\sigma_\alpha$ are not among them.
#
# What we gave up for the collapsed form is not accuracy: the lines come back by an exact draw for each
# draw of the five. It is generality. It needs normal noise and normal effects; for counts or yes-and-no
# answers (lesson 10) there is no such formula, and the choice is between the first two.
#
# ## When it is worse than slow
#
# Eight schools, Rubin's classic: eight effects of coaching, measured with standard errors of 9 to 18 points,
# so that their spread $\tau$ may well be zero. Here the neck is narrow enough to throw trajectories off: they
# *diverge* (lesson 07). The exact mean of $\tau$ is 3.598.

# %%
TAU = 3.597705  # by quadrature, see mcmc_edu/targets/eight_schools.py
schools = {}
for target in (targets.eight_schools_centered(), targets.eight_schools_noncentered()):
    draws = me.sample(
        target.log_density,
        target.start,
        data=target.data,
        names=target.names,
        draws=2500,
        seed=SEED,
        natural=lambda theta: {"mu": theta[0], "tau": np.exp(theta[1]), "log_tau": theta[1]},
    )
    schools[target.name] = draws
    tau, error = draws["tau"].mean(), me.mcse_mean(draws["tau"])
    print(
        f"{target.name:27s} tau {tau:.2f} ± {error:.2f}, {draws.stats['divergent'].sum():3d} "
        f"divergent, {per_1000_gradients(draws, ['tau']):5.1f} effective per 1000 gradients"
    )
bad, good = schools.values()

# %% [markdown]
# The mean is too high, as the small values are those that are missing, and more draws of the same kind
# would hardly bring them. Divergences are the alarm, and they say *where*: look at the draws whose
# trajectories diverged.

# %%
figure, axes = plt.subplots(1, 2, figsize=(9.5, 4.0), layout="constrained", sharey=True)
for ax, (name, draws), effect in zip(axes, schools.items(), ("theta[1]", "z[1]"), strict=True):
    me.plots.pairs(
        {effect: draws.array[:, :, 2], "log tau": draws["log_tau"]},
        divergent=draws.stats["divergent"],
        axes=ax,
    )
    ax.set_title(name)
me.plots.show(
    figure,
    """Log tau against the first school's effect, centred on the left and non-centred on the right.
    Left, the cloud ends near log tau = 0, and divergent draws, in orange, crowd there. Right, the cloud
    goes on far below, and few draws are divergent.""",
)
where = bad["log_tau"][bad.stats["divergent"]]
lowest = np.quantile(bad["log_tau"], 0.25)
low_share = (where < lowest).mean()
print(f"{low_share:.0%} of the divergent draws lie in the lowest quarter of log tau")

# %% [markdown]
# The lower end of the cloud on the left is not the end of the posterior. It is the end of the sampler, and
# the orange dots crowd there. On the right the same posterior goes on, and on.
#
# > **What could go wrong: non-centring that drops the mean.**
# > $\theta_j = \mu + \tau z_j$ has two terms, and it is easy to write the second only. (We thank bambi's
# > issue 1003 for the example.) Here are the eight schools by hand; `keep = 0` is the bug.


# %%
def schools_by_hand(theta, grad, data):
    """Log posterior of (mu, log tau, z_1, ..., z_8), up to a constant."""
    y, error, keep = data
    mu, tau = theta[0], math.exp(theta[1])
    tail = 1.0 + (tau / 5.0) ** 2  # tau ~ half-Cauchy(0, 5)
    logp = -0.5 * (mu / 5.0) ** 2 - math.log(tail) + theta[1]  # mu ~ N(0, 5); log-Jacobian
    grad[0] = -mu / 25.0
    grad[1] = 1.0 - 2.0 * (tau / 5.0) ** 2 / tail
    for j in range(y.size):
        z = theta[2 + j]  # z ~ N(0, 1)
        residual = (y[j] - keep * mu - tau * z) / error[j]
        logp -= 0.5 * (z * z + residual * residual)
        pull = residual / error[j]
        grad[0] += keep * pull
        grad[1] += pull * tau * z
        grad[2 + j] = pull * tau - z
    return logp


y, error = target.data
by_hand = {}
for keep in (1.0, 0.0):
    check = me.check_gradient(schools_by_hand, np.full(10, 0.5), (y, error, keep))
    by_hand[keep] = draws = me.sample(
        schools_by_hand,
        np.zeros(10),
        data=(y, error, keep),
        draws=2500,
        seed=SEED,
        natural=lambda theta: {"mu": theta[0], "tau": np.exp(theta[1])},
    )
    print(
        f"mu {'kept' if keep else 'dropped'}: gradient {'right' if check.ok else 'wrong'}, "
        f"{draws.stats['divergent'].sum()} divergent, largest R-hat "
        f"{max(me.rhat(values) for _, values in draws.quantities()):.3f}, "
        f"mu {draws['mu'].mean():.2f} ± {draws['mu'].std():.2f}, tau {draws['tau'].mean():.2f}"
    )

# %% [markdown]
# Note which checks say nothing: the gradient is right (of the wrong density), R-hat is in order, and there is
# no flood of divergences. But with the mean dropped, $\mu$ hangs in the air: its posterior is its prior,
# $N(0, 5)$. And $\tau$ is larger, because it has to explain why the effects are away from 0. Shrinkage is
# towards zero now. An independent answer finds that, and so does a look at a parameter that has learnt
# nothing.
#
# ## Modify: Neal's funnel
#
# The shape in its purest form, with a known answer: $v \sim N(0, 3)$ and, given $v$, nine
# $x_i \sim N(0, e^{v/2})$. No data at all, so which form should win? Write it with $x_i = e^{v/2} z_i$, and
# there is hardly anything left to write.


# %%
def funnel_noncentered(theta, grad, data):
    """Log density of (v, z_1, ..., z_9), which are independent."""
    grad[0] = -theta[0] / 9.0
    logp = 0.5 * theta[0] * grad[0]
    for i in range(1, theta.size):
        grad[i] = -theta[i]
        logp -= 0.5 * theta[i] * theta[i]
    return logp


funnel = targets.funnel(10)
v = {}
for name, density in (("centred", funnel.log_density), ("non-centred", funnel_noncentered)):
    draws = me.sample(density, funnel.start, data=funnel.data, names=funnel.names, seed=SEED)
    v[name] = draws["v"]
    print(
        f"{name:11s} v: mean {v[name].mean():5.2f} (0), sd {v[name].std():.2f} (3), "
        f"below -6 {(v[name] < -6).mean():.1%} (2.3%), "
        f"{draws.stats['divergent'].sum()} divergent, effective {me.ess_bulk(v[name]):.0f}"
    )

# %% [markdown]
# ## Make
#
# 1. Poor and rich together: observe most of 75 people twice and the rest a hundred times, with
#    `me.datasets.simulate(75, [2] * (75 - k) + [100] * k, seed=1)` for `k` of 0, 3 and 38. Guess first: in
#    which of the three does the centred form serve the poorly observed people badly? Then compare
#    `per_1000_gradients` of the first two forms, and the 1% quantile of `sigma_alpha`. Is there a funnel if
#    somebody else pins `sigma_alpha`?
# 2. Eight schools, centred, with `sampler=me.NUTS(target_accept=0.99)`: steps become short enough for
#    the neck, or do they? Take the seeds 1 to 5, each with 0.8 (the default) and 0.99. What becomes of the
#    divergences, of the mean of $\tau$, of the smallest `log_tau` of each chain, and of the price per
#    effective draw?
# 3. Turn `schools_by_hand` into the centred form: sample the effects $\theta_j$ themselves. Check the
#    gradient with `me.check_gradient`, and the density against `targets.eight_schools_centered()`: at any
#    two points the two log densities must differ by the same constant.
#
# The grader examines `noncentering`: `.venv/bin/mcmc-edu exercises start noncentering` writes a
# file to begin with, and `.venv/bin/mcmc-edu exercises check noncentering.py` says what is wrong
# with yours.
#
# ## Sources
#
# The funnel: R. M. Neal (2003), *Annals of Statistics* 31, 705-767. Which form when: O. Papaspiliopoulos,
# G. O. Roberts, M. Sköld (2007), *Statistical Science* 22, 59-73; M. Betancourt, M. Girolami (2015),
# arXiv:1312.0906. E-BFMI: M. Betancourt (2016), arXiv:1604.00695. Eight schools: D. B. Rubin (1981),
# *Journal of Educational Statistics* 6, 377-401. Integrating effects out: A. Gelman et al. (2013), *Bayesian
# Data Analysis*, 3rd edition, section 5.4. The dropped mean: bambinos/bambi, issue 1003.
