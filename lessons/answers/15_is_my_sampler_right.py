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
# # Answers to 15 · Is my sampler right? Calibration, exact starts, planted bugs
#
# The lesson's samplers, each as a function of a generator, the states, and the posterior's a and b:

# %%
import numpy as np
from scipy.stats import norm

import mcmc_edu as me

SEED = 1


def hmc(rng, x, a, b, momentum_sd=1.0, narrower=1.0):
    """One transition of every chain, targeting Gamma(a, b) to the power `narrower`."""
    u, p = np.log(x), momentum_sd * rng.standard_normal(x.size)
    step = 0.25 * (1 + 0.5 * rng.uniform(-1, 1, x.size))

    def potential(u):
        return -narrower * (a * u - b * np.exp(u))

    def slope(u):
        return narrower * (a - b * np.exp(u))

    end, q = u, p
    for _ in range(5):
        q = q + step / 2 * slope(end)
        end = end + step * q
        q = q + step / 2 * slope(end)
    error = potential(end) + q**2 / 2 - potential(u) - p**2 / 2
    return np.where(np.log(rng.random(x.size)) < -error, np.exp(end), x)


def walk(rng, x, a, b, until_accepted=False):
    """One transition of every chain; or as many proposals as it takes until one is accepted."""
    new, waiting = x.copy(), np.ones(x.size, dtype=bool)
    while waiting.any():
        proposal = x * np.exp(rng.standard_normal(x.size) / 2)
        ratio = a * np.log(proposal / x) - b * (proposal - x)
        taken = waiting & (np.log(rng.random(x.size)) < ratio)
        new[taken] = proposal[taken]
        waiting &= ~taken
        if not until_accepted:
            break
    return new


def exact_start(move):
    """p value of one transition from exact draws of Gamma(3, 1)."""

    def draws(rng, n):
        return rng.gamma(3.0, 1.0, (n, 1))

    def one(rng, x):
        return move(rng, x[:, 0], 3, 1)[:, None]

    return me.verification.exact_start(one, draws, seed=SEED, names=["lambda"]).p_value


def moments(move, chains=2000, iterations=300):
    """Standard errors between the mean and square found, and those of Gamma(3, 1)."""
    rng, x = np.random.default_rng(SEED), np.full(chains, 2.0)
    sums = np.zeros((2, chains))
    for i in range(iterations):
        x = move(rng, x, 3, 1)
        if i >= 100:
            sums += np.array([x, (x - 3) ** 2]) / (iterations - 100)
    z = (sums.mean(axis=1) - 3) / (sums.std(axis=1) / np.sqrt(chains))
    return np.abs(z).max()


def calibrate(move, quantities, replicates, length=40):
    """Ranks of the truth among 99 chains."""

    def prior(rng):
        return {"lambda": rng.gamma(3.0, 1.0)}

    def simulate(rng, parameters):
        return rng.poisson(parameters["lambda"], 4)

    def fit(y, seed):
        rng, x = np.random.default_rng(seed), np.full(99, 2.0)
        for _ in range(length):
            x = move(rng, x, 3 + y.sum(), 1 + y.size)
        return {"lambda": x}

    return me.verification.sbc(prior, simulate, fit, quantities, replicates=replicates, seed=SEED)


def usual(parameters, y):
    x = parameters["lambda"]
    return {"lambda": x, "log likelihood": y.sum() * np.log(x) - y.size * x}


# %% [markdown]
# ## 1 · Two bugs

# %%
bugs = {
    "right": hmc,
    "momentum with sd 1.2": lambda rng, x, a, b: hmc(rng, x, a, b, momentum_sd=1.2),
    "only accepted recorded": lambda rng, x, a, b: walk(rng, x, a, b, until_accepted=True),
}
rows = {}
for name, move in bugs.items():
    rows[name] = exact_start(move), moments(move), calibrate(move, usual, 200).outside
    p_value, errors, outside = rows[name]
    print(
        f"{name:24s} exact start: p = {p_value:.1g}; moments: {errors:.1f} standard errors off; ",
        end="",
    )
    print(f"ranks outside: {outside}")

# %% [markdown]
# The gradient, the integrator and the accept test are right in both, so the first three checks are
# blind. With too much momentum the energy belongs to another density of momentum than the one that
# was drawn: the exact start and the moments see it. Recording accepted proposals only is the bug of
# lesson 02: a place where many proposals are refused loses the repetitions that it is due. One
# step from exact draws changes little, so the exact start hardly notices. Over many steps the error
# accumulates, and the moments see it clearly. The ranks of a mere 200 replicates see neither.
#
# ## 2 · Another quantity that knows the data


# %%
def prior_again(rng, x, a, b):
    """Exact draws of the prior: the data are forgotten."""
    return rng.gamma(3.0, 1.0, x.size)


def distance(parameters, y):
    x = parameters["lambda"]
    return {"lambda": x, "|lambda - mean of y|": np.abs(x - y.mean())}


forgotten = calibrate(prior_again, distance, 20, length=1)
print(forgotten)
checked = calibrate(hmc, distance, 200)
print("the right sampler stays inside:", checked.inside)

# %% [markdown]
# Twenty replicates suffice here. The truth is near to the data that it made; draws of the prior are
# not, so the truth's distance has low ranks. Again the ranks of lambda see nothing. Any quantity
# that ties the parameters to the data will do.
#
# ## 3 · A little too narrow


# %%
def narrow(rng, x, a, b):
    """HMC whose log density and gradient are multiplied by 1.2."""
    return hmc(rng, x, a, b, narrower=1.2)


narrow_p = {}
for replicates in (200, 400, 1600):
    result = calibrate(narrow, usual, replicates)
    narrow_p[replicates] = result.p_value
    print(f"{replicates:5d} replicates: outside {result.outside}, p = {result.p_value:.2g}")
start_p = exact_start(narrow)
print(f"one exact start: p = {start_p:.1g}")
cover = 2 * norm.cdf(norm.ppf(0.975) / np.sqrt(1.2)) - 1
print(f"95% intervals cover {cover:.1%}, for a posterior that is near a normal")

# %% [markdown]
# A posterior to the power 1.2 is too narrow by the root of 1.2. The 200 replicates are just outside
# their band here, and 400 are inside again: that was luck. Only 1600 see it. One exact start, which
# costs one transition of 20 000 states, sees it at once. It looks at many draws of one posterior,
# and calibration at one number per data set. Intervals of 95% cover about 93%: a bug of this size
# does little harm, and it takes that much to see it.
