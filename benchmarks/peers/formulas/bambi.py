"""Bambi sampling with nutpie; group effects non-centred and without correlation, as it has them."""

from typing import Any, NamedTuple

import arviz as az
import bambi as bmb
import numpy as np
import pandas as pd

from .. import pymc_models
from ..protocol import Result, Settings
from . import models

PACKAGES = ["bambi", "formulae", "nutpie", "pymc", "pytensor", "numba", "numpy", "arviz"]


class Built(NamedTuple):
    """A model, and Bambi's names of what is to be estimated."""

    model: bmb.Model
    names: dict[str, str]


def build(problem: str, data: dict[str, np.ndarray]) -> Built:
    r, form = models.of(problem)
    if form != "independent":
        raise ValueError("Bambi has no correlation of group effects")
    outcome = f"p({r.outcome}, {r.trials})" if r.trials else r.outcome
    model = bmb.Model(
        f"{outcome} ~ {r.predictor} + ({r.predictor} | {r.group})",
        pd.DataFrame(data),
        family=r.family,
        priors=priors(r),
        categorical=[r.group],
        auto_scale=False,
    )
    model.build()
    names = {
        "Intercept": "Intercept",
        r.predictor: "slope",
        f"1|{r.group}_sigma": "sd_Intercept",
        f"{r.predictor}|{r.group}_sigma": "sd_slope",
        "sigma": "sigma",
    }
    wanted = r.quantities(form)
    return Built(model, {name: to for name, to in names.items() if to in wanted})


def priors(r: models.Regression) -> dict[str, bmb.Prior]:
    varying = bmb.Prior("Normal", mu=0.0, sigma=half_t(r.sd), auto_scale=False)
    found = {
        "Intercept": normal(r.intercept),
        r.predictor: normal(r.slope),
        f"1|{r.group}": varying,
        f"{r.predictor}|{r.group}": varying,
    }
    return found | ({"sigma": half_t(r.sigma)} if r.sigma else {})


def normal(pair: models.Pair) -> bmb.Prior:
    return bmb.Prior("Normal", mu=pair[0], sigma=pair[1], auto_scale=False)


def half_t(pair: models.Pair) -> bmb.Prior:
    return bmb.Prior("HalfStudentT", nu=pair[0], sigma=pair[1], auto_scale=False)


def compile(built: Built, settings: Settings) -> Built:  # noqa: A001
    """Leave it to `fit`, which compiles, and tells how long sampling took afterwards."""
    return built


def sample(built: Built, settings: Settings, seed: int) -> Result:
    idata: Any = built.model.fit(
        inference_method="nutpie",
        tune=settings.warmup,
        draws=settings.draws,
        chains=settings.chains,
        cores=settings.cores,
        random_seed=seed,
        progressbar=False,
        discard_tuned_samples=False,
    )
    return Result(
        draws={to: idata.posterior[name].values for name, to in built.names.items()},
        gradients=int(idata.sample_stats["n_steps"].sum()),
        divergences=int(idata.sample_stats["diverging"].sum()),
        native=(idata, list(built.names)),
        sample_seconds=idata.posterior.attrs["sampling_time"],
    )


def summarize(result: Result) -> Any:
    idata, names = result.native
    return az.summary(idata, var_names=names)


def log_density(built: Built, point: dict[str, np.ndarray]) -> float:
    """At the intercept after centring, and standardised effects `z` of shape (2, groups)."""
    values: dict[str, Any] = {name: point[to] for name, to in built.names.items()}
    offsets = [name for name in built.names if name.endswith("_sigma")]
    for name, z in zip(offsets, point["z"], strict=True):
        values[name.replace("_sigma", "_offset")] = z
    return pymc_models.log_density(pymc_models.Built(built.model.backend.model), values)
