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
# **The question.** We have a sampler that finds its own length, step and metric (lesson 07) and the 75 people of lesson
# 03. Partial pooling has 155 unknowns, and NUTS does not mind that many. So we write the model down as
# it is spoken, run it, and everything should be well. Is it?

# %%
import math

import matplotlib.pyplot as plt
import numpy as np

import mcmc_edu as me
from mcmc_edu import targets

data = me.datasets.boelstad(seed=1)


def run(data, form, seed=1):
    """Four chains of the partial pooling model, written in one of three forms."""
    p = me.models.partial_pooling(data, form)
    return me.sample(
        p.log_density, p.start, data=p.data, names=p.names, natural=p.natural, seed=seed
    )


POPULATION = ("mu_alpha", "mu_beta", "sigma_alpha", "sigma_beta", "sigma")
centered = run(data, "centered")
print(centered.summary(*POPULATION))
print(f"{centered.stats['divergent'].sum()} divergent")
assert centered.stats["divergent"].mean() < 0.01
assert me.ess_bulk(centered["sigma_alpha"]) < 400

# %% [markdown]
# Next to nothing diverged, and not one of the means is absurd. But read what is written under the
# table: where `sigma_alpha` is concerned, the sd of the population of intercepts, 4000 draws are worth
# a few hundred at best. Plot it against somebody's intercept, and the reason shows.

# %%
log_sigma = np.log(centered["sigma_alpha"])
me.plots.pairs({"alpha[0]": centered["alpha[0]"], "log sigma_alpha": log_sigma})
plt.show()

wide, narrow = log_sigma > np.quantile(log_sigma, 0.9), log_sigma < np.quantile(log_sigma, 0.1)
spread_wide, spread_narrow = (centered["alpha[0]"][part].std() for part in (wide, narrow))
print(f"sd of alpha[0] at the top {spread_wide:.2f}, at the bottom {spread_narrow:.2f}")
assert spread_wide > 1.5 * spread_narrow

# %% [markdown]
# A *funnel*. If people are nearly alike ($\sigma_\alpha$ small), every $\alpha_j$ is tied to $\mu_\alpha$;
# if they differ, it is free. Now 75 intercepts hang on $\sigma_\alpha$ like this, all at once. A step that
# suits the mouth is too long for the neck, and a metric is one scale for both. How far down does the
# posterior go? This chain cannot tell, for it has not been there.
#
# ## Three ways to write one model
#
# | form | what is sampled | the effects |
# |---|---|---|
# | centred | $\alpha_j \sim N(\mu_\alpha, \sigma_\alpha)$ | as they are |
# | non-centred | $z_j \sim N(0, 1)$ | $\alpha_j = \mu_\alpha + \sigma_\alpha z_j$ |
# | collapsed | only $\mu$ and the $\sigma$s | integrated out with pencil and paper, and drawn afterwards |
#
# On paper they are the same. For a walker they are three different landscapes. In the non-centred one
# the $z_j$ know nothing of $\sigma_\alpha$, *as far as the prior goes*. The collapsed one has 5 numbers left
# of 155: given those, each person's line is normal, so the integral over it is a formula.

# %%
for form in ("centered", "noncentered", "collapsed"):
    print(f"{form:12s} {me.models.partial_pooling(data, form).dim:4d} parameters")

# %% [markdown]
# ## Predict
#
# Here are the post's data, 5 observations each with noise of sd 2, and others of the same kind: 50
# observations each, and people who really differ ($\sigma_\alpha = \sigma_\beta = 4$). In lesson 03 we met
# the weight $\tau^2 / (\tau^2 + s^2)$ that a person's own data have. In which data set do the observations
# tie $\alpha_j$ down, whatever $\sigma_\alpha$ is? What becomes of $z_j = (\alpha_j - \mu_\alpha) / \sigma_\alpha$
# then? Rank the three forms, for either data set.

# %%
rich = me.datasets.simulate(75, 50, sigma_alpha=4.0, sigma_beta=4.0, seed=1)
sets = {"the post's": data, "rich": rich}
exact = {name: me.exact(d) for name, d in sets.items()}
for name, d in sets.items():
    tau, sigma = exact[name]["sigma_alpha"].mean, exact[name]["sigma"].mean
    weight = tau**2 / (tau**2 + sigma**2 * d.groups / d.y.size)
    print(f"{name:10s} sigma_alpha {tau:.2f}, weight of one's own data about {weight:.2f}")
    assert (weight > 0.5) == (name == "rich")


# %%
def per_1000_gradients(draws, names=POPULATION):
    """Effective draws per 1000 gradients of the worst of these quantities."""
    worst = min(me.ess_bulk(values) for _, values in draws.quantities(*names))
    return 1000.0 * worst / draws.stats["n_gradients"].sum()


fits, worth = {}, {}
print("effective draws per 1000 gradients, the worst of five")
print("              post's    rich")
for form in ("centered", "noncentered", "collapsed"):
    for name, d in sets.items():
        fits[form, name] = run(d, form)
        worth[form, name] = per_1000_gradients(fits[form, name])
    print(f"{form:12s}", *(f"{worth[form, name]:7.1f}" for name in sets))
assert worth["noncentered", "the post's"] > 2 * worth["centered", "the post's"]
assert worth["centered", "rich"] > 20 * worth["noncentered", "rich"]
for name in sets:
    assert worth["collapsed", name] == max(worth[form, name] for form, n in worth if n == name)
for form in ("noncentered", "collapsed"):
    fit = fits[form, "the post's"]
    ess = min(me.ess_bulk(values) for _, values in fit.quantities(*POPULATION))
    print(f"{form}, the post's: ess {ess:.0f}, {fit.stats['divergent'].sum()} divergent")
    assert ess > 400
    assert fit.stats["divergent"].mean() < 0.001

# %% [markdown]
# The order of the first two is reversed, and by a large factor: "always non-centre" is as wrong as
# "never". Where the data pin $\alpha_j$ down, the centred coordinates are nearly independent, while
# $z_j$ must follow every move of $\mu_\alpha$ and $\sigma_\alpha$ to leave $\alpha_j$ where it is.
# A rule of thumb: *centred where the weight of one's own data is well above one half, non-centred where
# it is well below;* in between, try both.
#
# ## The figure worth keeping
#
# What the walker sees. Above, the post's data: the funnel is in the centred form. Below, the rich data:
# nothing is wrong with the centred form, and the non-centred one is a narrow ridge.

# %%
views = {  # on each axis, a function of the draws
    ("centered", "the post's"): ("alpha[0]", "log sigma_alpha"),
    ("noncentered", "the post's"): ("z_alpha[0]", "log sigma_alpha"),
    ("collapsed", "the post's"): ("mu_alpha", "log sigma_alpha"),
    ("centered", "rich"): ("alpha[0]", "mu_alpha"),
    ("noncentered", "rich"): ("z_alpha[0]", "mu_alpha"),
    ("collapsed", "rich"): ("log sigma_alpha", "mu_alpha"),
}


def along(draws, name):
    """A quantity, or its logarithm."""
    stem = name.removeprefix("log ")
    values = draws[stem]
    return np.log(values) if name != stem else values


figure, axes = plt.subplots(2, 3, figsize=(9.5, 5.6), layout="constrained", sharey="row")
for ax, ((form, name), (horizontal, vertical)) in zip(axes.flat, views.items(), strict=True):
    draws = fits[form, name]
    x, y = along(draws, horizontal), along(draws, vertical)
    ax.plot(x.ravel(), y.ravel(), ".", color="#0072B2", markersize=1.5, alpha=0.35, rasterized=True)
    ax.set(xlabel=horizontal, ylabel=vertical)
    ax.set_title(f"{form}, {name} data: {worth[form, name]:.1f}", fontsize=10)
figure.suptitle("One posterior in three forms; effective draws per 1000 gradients")
plt.show()

# %% [markdown]
# In the upper row the same posterior is drawn thrice, on the same vertical scale, and the centred chains
# do not reach as far down as the others. How much is missing? A run whose chains disagree cannot tell, so
# take eight of each form, with other seeds.

# %%
share, smallest = {}, {}
for form in ("centered", "noncentered", "collapsed"):
    again = [run(data, form, seed)["sigma_alpha"] for seed in range(1, 9)]
    share[form] = np.array([(sigma_alpha < 0.1).mean() for sigma_alpha in again])
    smallest[form] = np.median([sigma_alpha.min() for sigma_alpha in again])
    print(
        f"{form:12s} smallest of a run {smallest[form]:.4f}; below 0.1: {share[form].mean():.1%} of "
        f"the draws, from {share[form].min():.1%} to {share[form].max():.1%} of a run"
    )
for form in ("noncentered", "collapsed"):
    assert smallest[form] < 0.3 * smallest["centered"]
    assert share["centered"].mean() < 0.7 * share[form].mean()
    assert share[form].min() > 0.01

# %% [markdown]
# The centred form misses most of the neck: many a run never gets below 0.1, and one that does may stay
# there for too long. Nothing in such a run says which of the two it was.

# %% [markdown]
# ## Investigate: is it the same posterior?
#
# `me.exact` integrates instead of sampling, to five digits and more. All 155 means, in each of three forms,
# should lie within a few Monte Carlo standard errors of the truth. (Of 155 the worst may well be at 3.)


# %%
def errors(draws, exact):
    """(mean - exact mean) in Monte Carlo standard errors, for every quantity."""
    return {
        name: (values.mean() - exact[name].mean) / me.mcse_mean(values)
        for name, values in draws.quantities()
    }


for (form, name), draws in fits.items():
    z = errors(draws, exact[name])
    of_population, of_all = (max(abs(z[q]) for q in some) for some in (POPULATION, z))
    print(f"{form:12s} {name:10s} worst of the population {of_population:.1f}, of all {of_all:.1f}")
    assert exact[name].error < 1e-5
    assert of_population < 5.0
    assert of_all < 6.0
ratio = worth["collapsed", "the post's"] / worth["centered", "the post's"]
print(
    f"errors for the same work, centred to collapsed, the post's data: {math.sqrt(ratio):.1f} to 1"
)
assert math.sqrt(ratio) > 2.5

# %% [markdown]
# The same, as far as the errors let us see. The centred chains' are larger for the same work, by that
# factor; and what they miss, the lowest few per cent of $\sigma_\alpha$, no error bar accounts for.
# It makes their mean of $\sigma_\alpha$ too large, if anything. (With another seed a chain may find the way
# down and stay there for dozens of draws, which is no better.)
#
# What we gave up for the collapsed form is not accuracy: the lines come back by an exact draw for each
# draw of the five. It is generality. It needs normal noise and normal effects; for counts or yes-and-no
# answers (lesson 10) there is no such formula, and the choice is between the first two.
#
# ## When it is worse than slow
#
# Eight schools, Rubin's classic: eight effects with standard errors of 9 to 18 points, so that their spread
# $\tau$ may well be zero. Here the neck is narrow enough to throw trajectories off: they *diverge*.
# The exact mean of $\tau$ is 3.598.

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
        seed=1,
        natural=lambda theta: {"mu": theta[0], "tau": np.exp(theta[1]), "log_tau": theta[1]},
    )
    schools[target.name] = draws
    tau, error = draws["tau"].mean(), me.mcse_mean(draws["tau"])
    print(
        f"{target.name:27s} tau {tau:.2f} ± {error:.2f}, {draws.stats['divergent'].sum():3d} "
        f"divergent, {per_1000_gradients(draws, ['tau']):5.1f} effective per 1000 gradients"
    )
bad, good = schools.values()
assert bad.stats["divergent"].sum() > 3 * good.stats["divergent"].sum()
assert bad["tau"].mean() > TAU
assert bad["log_tau"].min() > good["log_tau"].min() + 3
assert abs(good["tau"].mean() - TAU) < 4 * me.mcse_mean(good["tau"])
assert per_1000_gradients(good, ["tau"]) > 10 * per_1000_gradients(bad, ["tau"])

# %% [markdown]
# The mean is too high, as the small values are those that are missing, and more draws of the same kind
# would hardly bring them. Divergences are the alarm, and they say *where*: look at the draws whose trajectories
# diverged.

# %%
figure, axes = plt.subplots(1, 2, figsize=(9.5, 4.0), layout="constrained", sharey=True)
for ax, (name, draws), effect in zip(axes, schools.items(), ("theta[1]", "z[1]"), strict=True):
    me.plots.pairs(
        {effect: draws.array[:, :, 2], "log tau": draws["log_tau"]},
        divergent=draws.stats["divergent"],
        axes=ax,
    )
    ax.set_title(name)
plt.show()
where = bad["log_tau"][bad.stats["divergent"]]
lowest = np.quantile(bad["log_tau"], 0.25)
print(f"{(where < lowest).mean():.0%} of the divergent draws lie in the lowest quarter of log tau")
assert (where < lowest).mean() > 0.5

# %% [markdown]
# The lower end of the cloud on the left is not the end of the posterior. It is the end of the sampler, and
# the orange dots crowd there. On the right the same posterior goes on, and on.
#
# > **What could go wrong: non-centring that drops the mean.**
# > $\alpha_j = \mu_\alpha + \sigma_\alpha z_j$ has two terms, and it is easy to write the second only. A
# > well-known package did so when a population was given a mean of its own, and did not say so (bambi, issue
# > 1003). The density below can do it as well. Note who does *not* complain: the gradient is right (of the
# > wrong density), R-hat is in order, and nothing diverges.


# %%
def lines(theta, grad, data):
    """Log posterior of (mu_a, mu_b, log sigma_a, log sigma_b, log sigma, z_a..., z_b...).

    The log-Jacobians of the three sds, which are their logarithms, are included.  `keep` multiplies
    the population means where they enter the effects: 1, or 0 for the bug.
    """
    y, x, group, keep = data
    people = (theta.size - 5) // 2
    for i in range(theta.size):
        grad[i] = -theta[i]  # z ~ N(0, 1)
    for i in range(2):
        grad[i] = -theta[i] / 9.0  # mu ~ N(0, 3)
    for i in range(2, 5):
        if theta[i] > math.log(10.0):  # sd ~ U(0, 10)
            return -math.inf
        grad[i] = 1.0
    logp = theta[2] + theta[3] + theta[4] - (theta[0] * theta[0] + theta[1] * theta[1]) / 18.0
    for i in range(5, theta.size):
        logp -= 0.5 * theta[i] * theta[i]

    sd_a, sd_b, sigma = math.exp(theta[2]), math.exp(theta[3]), math.exp(theta[4])
    for i in range(y.size):
        a, b = 5 + group[i], 5 + people + group[i]  # where this person's z are
        alpha = keep * theta[0] + sd_a * theta[a]
        beta = keep * theta[1] + sd_b * theta[b]
        z = (y[i] - alpha - beta * x[i]) / sigma
        logp -= 0.5 * z * z + theta[4]
        pull = z / sigma
        grad[0] += keep * pull
        grad[1] += keep * pull * x[i]
        grad[2] += pull * sd_a * theta[a]
        grad[3] += pull * x[i] * sd_b * theta[b]
        grad[4] += z * z - 1.0
        grad[a] += pull * sd_a
        grad[b] += pull * x[i] * sd_b
    return logp


start = np.r_[0.0, 0.0, 0.0, 0.0, 1.0, np.zeros(150)]
by_hand = {}
for keep in (1.0, 0.0):
    observed = (data.y, data.x, data.group, keep)
    check = me.check_gradient(lines, start + 0.1, observed)
    by_hand[keep] = draws = me.sample(
        lines,
        start,
        data=observed,
        seed=1,
        natural=lambda theta: {
            "mu_alpha": theta[0],
            "mu_beta": theta[1],
            "sigma_alpha": np.exp(theta[2]),
            "sigma_beta": np.exp(theta[3]),
            "sigma": np.exp(theta[4]),
        },
    )
    z = errors(draws, exact["the post's"])
    print(
        f"{'mu kept' if keep else 'mu dropped'}: gradient {'right' if check.ok else 'wrong'}, "
        f"{draws.stats['divergent'].sum()} divergent, largest R-hat "
        f"{max(me.rhat(values) for _, values in draws.quantities()):.3f}"
    )
    for name, values in draws.quantities():
        truth = exact["the post's"][name].mean
        print(f"    {name:12s} {values.mean():6.2f}   exact {truth:6.2f}   z {z[name]:7.1f}")
    assert check.ok
    assert (max(map(abs, z.values())) < 4.0) == bool(keep)
dropped = by_hand[0.0]
assert not dropped.stats["divergent"].any()
assert abs(dropped["mu_alpha"].std() - 3.0) < 0.3
assert 3.3 < dropped["sigma_alpha"].mean() / exact["the post's"]["sigma_alpha"].mean < 4.0
assert max(me.rhat(values) for _, values in dropped.quantities()) < 1.02

# %% [markdown]
# With the mean dropped, $\mu_\alpha$ hangs in the air: its posterior is its prior, $N(0, 3)$. And
# $\sigma_\alpha$ is nearly four times too large, because it has to explain why everybody is so far from 0. Shrinkage
# is towards zero now, and too weak. Nothing but an independent answer finds that.
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
for name, density in (("centred", funnel.log_density), ("non-centred", funnel_noncentered)):
    draws = me.sample(density, funnel.start, data=funnel.data, names=funnel.names, seed=1)
    v = draws["v"]
    print(
        f"{name:11s} v: mean {v.mean():5.2f} (0), sd {v.std():.2f} (3), smallest {v.min():6.2f}, "
        f"{draws.stats['divergent'].sum()} divergent, effective {me.ess_bulk(v):.0f}"
    )
    if name == "centred":
        assert (v < -6.0).mean() < 0.005  # of the normal it is 0.023
        assert me.ess_bulk(v) < 200
assert abs(v.mean()) < 4 * me.mcse_mean(v)
assert v.min() < -8.0

# %% [markdown]
# ## Make
#
# 1. Observe half of the people twice and the other half a hundred times:
#    `me.datasets.simulate(75, [2] * 37 + [100] * 38, seed=1)`. Which of the first two forms now? Which
#    people does it serve badly? What would a form look like that is centred for some only?
# 2. Eight schools, centred, with `me.NUTS(target_accept=0.99)`: steps become short enough for the neck.
#    Do the divergences go? Is the mean of $\tau$ right? What does it cost per effective draw?
# 3. Turn `lines` into the centred form: sample `alpha` and `beta` themselves. Check the gradient with
#    `me.check_gradient`, and the answer against `me.exact`.
#
# ## Sources
#
# The funnel: R. M. Neal (2003), *Annals of Statistics* 31, 705-767. Which form when: O. Papaspiliopoulos,
# G. O. Roberts, M. Sköld (2007), *Statistical Science* 22, 59-73; M. Betancourt, M. Girolami (2015),
# arXiv:1312.0906. Eight schools: D. B. Rubin (1981), *Journal of Educational Statistics* 6, 377-401.
# Integrating effects out: A. Gelman et al. (2013), *Bayesian Data Analysis*, 3rd edition, section 15.5.
# The dropped mean: bambinos/bambi, issue 1003.
