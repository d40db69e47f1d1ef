"""Stan through PyStan: a program by hand, non-centred, as `stan/regression.stan` has it."""

from string import Template

import numpy as np

from .. import pystan
from ..protocol import Result, Settings
from . import models

PACKAGES = pystan.PACKAGES

LIKELIHOODS = {
    "gaussian": {
        "outcome": "vector[rows] y; vector<lower=0>[2] prior_sigma;",
        "own": "real<lower=0> sigma;",
        "likelihood": "sigma ~ student_t(prior_sigma[1], 0, prior_sigma[2]); "
        "y ~ normal_id_glm(x, eta, slope, sigma);",
    },
    "bernoulli": {
        "outcome": "array[rows] int<lower=0, upper=1> y;",
        "own": "",
        "likelihood": "y ~ bernoulli_logit_glm(x, eta, slope);",
    },
    "binomial": {
        "outcome": "array[rows] int<lower=0> trials; array[rows] int<lower=0> y;",
        "own": "",
        "likelihood": "y ~ binomial_logit(trials, eta + x * slope);",
    },
}


def build(problem: str, data: dict[str, np.ndarray]) -> pystan.Built:
    r, form = models.of(problem)
    if form != "lkj":
        raise ValueError(f"form is {form!r}; the program has LKJ correlations")
    x = data[r.predictor].astype(float)
    index, groups = models.indexed(data[r.group])
    stan_data = {
        "rows": x.size,
        "groups": groups,
        "group": index + 1,
        "y": data[r.outcome],
        "x": (x - x.mean())[:, np.newaxis],
        "w": x,
        "mean_x": x.mean(),
        "prior_intercept": r.intercept,
        "prior_slope": r.slope,
        "prior_sd": r.sd,
        "shape": r.cor,
    }
    if r.sigma:
        stan_data["prior_sigma"] = r.sigma
    if r.trials:
        stan_data["trials"] = data[r.trials]
    template = Template((pystan.PROGRAMS / "regression.stan").read_text())
    plain = {k: v.tolist() if hasattr(v, "tolist") else v for k, v in stan_data.items()}
    return pystan.Built(template.substitute(LIKELIHOODS[r.family]), plain, None)


compile = pystan.compile  # noqa: A001


def sample(built: pystan.Built, settings: Settings, seed: int) -> Result:
    fit = pystan.fit(built, settings, seed)
    draws = {name: pystan.by_chain(fit[name], settings) for name in ("Intercept", "cor")}
    draws["slope"] = pystan.by_chain(fit["slope"], settings)
    sd = pystan.by_chain(fit["sd"], settings)
    draws |= {"sd_Intercept": sd[:, :, 0], "sd_slope": sd[:, :, 1]}
    if "sigma" in fit.param_names:
        draws["sigma"] = pystan.by_chain(fit["sigma"], settings)
    return pystan.result(fit, draws, settings)


summarize = pystan.summarize


def log_density(built: pystan.Built, point: dict[str, np.ndarray]) -> float:
    """At the intercept after centring, and standardised effects `z` of shape (2, groups)."""
    cor = float(point["cor"])
    values = {
        "intercept": point["Intercept"],
        "slope": [point["slope"]],
        "sd": [point["sd_Intercept"], point["sd_slope"]],
        "root": [[1.0, 0.0], [cor, np.sqrt(1.0 - cor * cor)]],
        "z": point["z"],
    } | ({"sigma": point["sigma"]} if "sigma" in point else {})
    return pystan.log_density(built, values)
