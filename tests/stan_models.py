"""Models of every kind that `Model.stan` writes, small."""

import numpy as np

import mcmc_edu as me


def table():
    """Forty rows with an outcome for every family."""
    rng = np.random.default_rng(20261127)
    n = 40
    x, z = rng.normal(3.0, 2.0, n), rng.normal(-1.0, 0.5, n)
    g, h = np.arange(n) % 6, rng.integers(0, 4, n)
    eta = 0.3 * x + 0.4 * z + rng.normal(0.0, 0.5, 6)[g]
    m = rng.integers(2, 9, n)
    share = 1.0 / (1.0 + np.exp(-eta))
    return {
        "y": 5.0 + 4.0 * eta + rng.normal(0.0, 2.0, n),
        "yes": (rng.random(n) < share).astype(int),
        "m": m,
        "k": rng.binomial(m, share),
        "count": rng.poisson(np.exp(0.5 * eta)),
        "size": rng.gamma(3.0, np.exp(0.3 * eta)),
        "part": rng.beta(4.0 * share, 4.0 * (1.0 - share)),
        "grade": rng.integers(1, 5, n),
        "color": np.array(["blue", "green", "red"])[rng.integers(0, 3, n)],
        "x": x,
        "z": z,
        "f": np.array(["a", "b", "c"])[rng.integers(0, 3, n)],
        "g": np.array(list("pqrstü"))[g],
        "h": np.array(list("kmno"))[h],
        "t": rng.uniform(0.5, 3.0, n),
        "s": rng.uniform(0.5, 2.0, n),
        "w": rng.integers(1, 4, n),
    }


COVARIANCE = {"covariance": me.Decov(2.0, 1.5, 1.2, 0.7)}
MIXED = {
    "x": me.Uniform(-3.0, 4.0),
    "z": me.Cauchy(0.5, 2.0),
    "Intercept": me.StudentT(4.0, 1.0, 3.0),
    "sd": me.HalfCauchy(1.5),
    "sd(h)": me.Uniform(0.0, 5.0),
}
SEPARATE = {
    "b": me.Normal(0.0, 1.0),
    "sd(g: x)": me.Uniform(0.0, 3.0),
    "sd": me.HalfT(4.0, 2.0, autoscale=True),
    "cor": me.LKJ(3.0),
}
MODELS = {
    "gaussian": ("y ~ x + (x | g)", "gaussian", {}),
    "gaussian, two bars": (
        "y ~ x + z + offset(t) + (x | g) + (1 | h)",
        "gaussian",
        {"parameterization": {"g": "centered", "h": "noncentered"}},
    ),
    "gaussian, separate": ("y ~ x + (x | g)", "gaussian", {"priors": SEPARATE, "weights": "w"}),
    "gaussian, brms": ("y ~ x + z + (x | g)", "gaussian", {"priors": "brms"}),
    "gaussian, rstanarm": ("y ~ x + (x | g)", "gaussian", {"priors": "rstanarm"}),
    "gaussian, centred": (
        "y ~ x + (x || g) + (0 + z | h)",
        "gaussian",
        {"parameterization": "centered", "priors": {"sd": me.HalfNormal(2.0)}},
    ),
    "gaussian, horseshoe": (
        "y ~ x + z + f",
        "gaussian",
        {"priors": {"b": me.RegularizedHorseshoe(0.1), "z": me.Flat()}},
    ),
    "gaussian, horseshoe in units": (
        "y ~ x + z + f",
        "gaussian",
        {"priors": {"b": me.RegularizedHorseshoe(0.1, autoscale=True)}},
    ),
    "gaussian, no pooling": ("y ~ x + z + (x | g)", "gaussian", {"pooling": "none"}),
    "gaussian, no pooling, given": (
        "y ~ x + (x | g)",
        "gaussian",
        {"pooling": "none", "priors": {"b": me.Uniform(-9.0, 9.0), "Intercept": me.Normal(2, 9)}},
    ),
    "gaussian, no pooling, one given": (
        "y ~ x + (x | g)",
        "gaussian",
        {"pooling": "none", "priors": {"x": me.StudentT(4.0, 0.0, 3.0)}},
    ),
    "gaussian, levels": ("y ~ 0 + f + x", "gaussian", {"pooling": "complete"}),
    "known errors": ("y | se(s) ~ x + (1 | g)", "gaussian", {}),
    "known errors, decov": ("y | se(s) ~ x + (x | g)", "gaussian", {"priors": COVARIANCE}),
    "student": ("y ~ x + (1 | g)", "student", {"priors": {"sigma": me.HalfT(3.0, 4.0)}}),
    "student, decov": ("y ~ x + (x | g)", "student", {"priors": COVARIANCE}),
    "lognormal": ("size ~ x + (x | g)", "lognormal", {"priors": COVARIANCE}),
    "gamma": ("size ~ x * z", "gamma", {}),
    "beta": ("part ~ x + (1 | g)", "beta", {"priors": {"phi": me.Gamma(2.0, 0.1)}}),
    "beta, overdispersed": ("part ~ x + (1 | g)", "beta", {"weights": "w"}),
    "bernoulli": ("yes ~ x + z + (1 | g) + (1 | h)", "bernoulli", {"priors": MIXED}),
    "bernoulli, weights": ("yes ~ f + (x | g)", "bernoulli", {"weights": "w"}),
    "probit": ("yes ~ x + (1 | g)", "bernoulli", {"link": "probit"}),
    "binomial": ("k | trials(m) ~ x + (x | g)", "binomial", {"priors": COVARIANCE}),
    "binomial, probit": (
        "k | trials(m) ~ x + (1 | g)",
        "binomial",
        {"link": "probit", "weights": "w", "priors": {"sd": me.Exponential(2.0)}},
    ),
    "poisson": ("count ~ x + offset(log(t)) + (1 | g)", "poisson", {"priors": COVARIANCE}),
    "negbin": ("count ~ x + f + (x || g)", "negbin", {}),
    "ordered": ("grade ~ x + f + (1 | g)", "ordered", {}),
    "ordered, thresholds": (
        "grade ~ 1 + (x | g)",
        "ordered",
        {"priors": {"threshold": me.Cauchy(0.0, 3.0)}, "weights": "w"},
    ),
    "ordered, no pooling": ("grade ~ x + (0 + x | g)", "ordered", {"pooling": "none"}),
    "categorical": ("color ~ x + f + (x | g)", "categorical", {}),
    "categorical, weights": (
        "color ~ x + offset(t) + (1 | g)",
        "categorical",
        {"weights": "w", "priors": {"b": me.Normal(0.0, 1.0), "sd": me.Gamma(2.0, 0.5)}},
    ),
    "categorical, one given": (
        "color ~ x + (x | g)",
        "categorical",
        {"priors": {"sd(g: green: x)": me.HalfT(3.0, 2.0), "red: x": me.Normal(0.0, 2.0)}},
    ),
    "categorical, no pooling": ("color ~ x + (1 | g)", "categorical", {"pooling": "none"}),
}


def model_of(name, sampled=True):
    """Make a model; if `sampled`, effects that could be integrated out are not."""
    formula, family, options = MODELS[name]
    if sampled and options.get("pooling") != "none":
        options = {"parameterization": "noncentered"} | options
    return me.Model(formula, table(), family, **options)
