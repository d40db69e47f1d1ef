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
# # Answers to 08 · The funnel in the post's own data

# %%
import math

import numpy as np

import mcmc_edu as me
from mcmc_edu import targets

POPULATION = ("mu_alpha", "mu_beta", "sigma_alpha", "sigma_beta", "sigma")


def per_1000_gradients(draws, names=POPULATION):
    """Effective draws per 1000 gradients of the worst of these quantities."""
    worst = min(me.ess_bulk(values) for _, values in draws.quantities(*names))
    return 1000.0 * worst / draws.stats["n_gradients"].sum()


# %% [markdown]
# ## 1 · Poor and rich people together

# %%
found = {}
print(
    " k   form          effective per 1000 gradients   1% quantile of sigma_alpha   ESS of the poor"
)
for k in (0, 3, 38):
    data = me.datasets.simulate(75, [2] * (75 - k) + [100] * k, seed=1)
    for form in ("centered", "noncentered"):
        p = me.models.partial_pooling(data, form)
        draws = me.sample(
            p.log_density, p.start, data=p.data, names=p.names, natural=p.natural, seed=1
        )
        low = np.quantile(draws["sigma_alpha"], 0.01)
        poor = np.median([me.ess_bulk(draws[f"alpha[{j}]"]) for j in range(75 - k)])
        found[k, form] = per_1000_gradients(draws), low, poor
        print(f"{k:2d}   {form:12s} {found[k, form][0]:29.1f} {low:28.2f} {poor:17.0f}")

# %% [markdown]
# With no one well observed, the centred form serves the poorly observed people badly: `sigma_alpha` may be
# near zero, and there is a neck. With 38 well-observed people it serves everybody, also those with two
# observations each. The funnel needs a `sigma_alpha` that the data leave open, and 38 rich people settle it.
# Three rich people are enough to close the neck, but not to settle `sigma_alpha`; there the non-centred form
# is still the cheaper one. So the rule of thumb is about the data set as a whole, not about each person.
#
# ## 2 · Shorter steps in the eight schools

# %%
target = targets.eight_schools_centered()
runs = {}
print("seed  target  divergent   mean of tau   R-hat   smallest log tau of each chain   per 1000")
for seed in range(1, 6):
    for accept in (0.8, 0.99):
        runs[seed, accept] = draws = me.sample(
            target.log_density,
            target.start,
            data=target.data,
            names=target.names,
            draws=2500,
            seed=seed,
            sampler=me.NUTS(target_accept=accept),
            natural=lambda theta: {"tau": np.exp(theta[1]), "log_tau": theta[1]},
        )
        tau, log_tau = draws["tau"], draws["log_tau"]
        print(
            f"{seed:4d} {accept:7.2f} {draws.stats['divergent'].sum():10d} {tau.mean():7.2f} ± "
            f"{me.mcse_mean(tau):.2f} {me.rhat(log_tau):8.3f}   {log_tau.min(axis=1).round(1)}"
            f" {per_1000_gradients(draws, ['tau']):9.2f}"
        )
price, depth, divergent = (
    {accept: np.array([of(runs[seed, accept]) for seed in range(1, 6)]) for accept in (0.8, 0.99)}
    for of in (
        lambda draws: per_1000_gradients(draws, ["tau"]),
        lambda draws: draws["log_tau"].min(axis=1).mean(),
        lambda draws: draws.stats["divergent"].sum(),
    )
)

# %% [markdown]
# The divergences do not go. In most runs there are fewer of them, but a chain may also get deep into the
# neck and stay there: such a run has many divergences, a large R-hat, and a mean of $\tau$ that is far too
# *small*. In the other runs the mean is still too large. Chains get a little further down, and an effective
# draw costs more. Short steps treat the symptom; another form of the model is the cure.
#
# ## 3 · The centred form by hand


# %%
def schools_centered(theta, grad, data):
    """Log posterior of (mu, log tau, theta_1, ..., theta_8), up to a constant."""
    y, error = data
    mu, tau = theta[0], math.exp(theta[1])
    tail = 1.0 + (tau / 5.0) ** 2
    logp = -0.5 * (mu / 5.0) ** 2 - math.log(tail) + theta[1]
    grad[0] = -mu / 25.0
    grad[1] = 1.0 - 2.0 * (tau / 5.0) ** 2 / tail
    for j in range(y.size):
        z = (theta[2 + j] - mu) / tau
        residual = (y[j] - theta[2 + j]) / error[j]
        logp -= 0.5 * (z * z + residual * residual) + theta[1]  # a normal density has 1 / sd
        grad[0] += z / tau
        grad[1] += z * z - 1.0
        grad[2 + j] = residual / error[j] - z / tau
    return logp


rng = np.random.default_rng(1)
points = rng.standard_normal((5, 10))
check = me.check_gradient(schools_centered, points[0], tuple(target.data))
print("gradient", "right" if check.ok else "wrong")
gaps = [
    schools_centered(point, np.empty(10), target.data)
    - target.log_density(point, np.empty(10), target.data)
    for point in points
]
print("difference of the two log densities at five points:", np.round(gaps, 6))

# %% [markdown]
# The same constant everywhere, so it is the same posterior. What is easy to forget is the `- theta[1]` for
# each effect: the density of $N(\mu, \tau)$ has a factor $1/\tau$, and here $\tau$ is a parameter. In the
# non-centred form $z_j \sim N(0, 1)$ has no such factor. Without it the gradient may still be right, of
# another density; the comparison with a known one finds it.
