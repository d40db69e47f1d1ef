"""What it is all about: mcmc_edu's `Model`, its parameterisation and sampler as they come."""

import time
from typing import Any

import numpy as np

import mcmc_edu as me

from ..protocol import Result, Settings
from . import models

PACKAGES = ["mcmc_edu", "numba", "numpy"]


def build(problem: str, data: dict[str, np.ndarray]) -> me.Model:
    regression, form = models.of(problem)
    return me.Model(
        formula(regression, form), data, regression.family, priors=priors(regression, form)
    )


def formula(r: models.Regression, form: str) -> str:
    outcome = f"{r.outcome} | trials({r.trials})" if r.trials else r.outcome
    bar = "||" if form == "independent" else "|"
    return f"{outcome} ~ {r.predictor} + ({r.predictor} {bar} {r.group})"


def priors(r: models.Regression, form: str) -> dict[str, Any]:
    found: dict[str, Any] = {"Intercept": me.Normal(*r.intercept), "b": me.Normal(*r.slope)}
    if form == "decov":
        found["covariance"] = me.Decov(r.cor, 1.0, 1.0, 1.0)
    else:
        found["sd"] = me.HalfT(*r.sd)
    if form == "lkj":
        found["cor"] = me.LKJ(r.cor)
    if r.sigma:
        found["sigma"] = me.HalfT(*r.sigma)
    return found


def compile(model: me.Model, settings: Settings) -> me.Model:  # noqa: A001
    """Choose the form of the effects, which looks at the data; the rest is `fit`'s."""
    assert model.assembled
    return model


def sample(model: me.Model, settings: Settings, seed: int) -> Result:
    """Fit; seconds of sampling are all of it but compiling, the effects' own draws included."""
    begin = time.perf_counter()
    fit = model.fit(draws=settings.draws, warmup=settings.warmup, chains=settings.chains, seed=seed)
    seconds = time.perf_counter() - begin - fit.draws.seconds["compile"]
    return Result(
        draws=named(fit),
        gradients=int(fit.draws.stats["n_gradients"].sum()),
        divergences=int(fit.draws.stats["divergent"].sum()),
        native=fit,
        sample_seconds=seconds,
        note=" and ".join(dict.fromkeys(choice.form for choice in model.choices)),
    )


def named(fit: me.Fit) -> dict[str, np.ndarray]:
    """Our names, such as `sd(Subject: Days)`, to everybody's."""
    (slope,) = (name for name in fit.model.design.names if name != "Intercept")
    group = fit.model.design.groupings[0].name
    names = {
        "Intercept": "Intercept",
        slope: "slope",
        f"sd({group}: Intercept)": "sd_Intercept",
        f"sd({group}: {slope})": "sd_slope",
        f"cor({group}: Intercept, {slope})": "cor",
        "sigma": "sigma",
    }
    return {to: fit.draws[name] for name, to in names.items() if name in fit.draws.natural}


def summarize(result: Result) -> str:
    return str(result.native.summary())
