"""The problems in PyMC's language, for PyMC and for nutpie."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import arviz as az
import numpy as np
import pymc as pm
import pytensor.tensor as pt

from .protocol import Groups, Result, collapsed_log_likelihood, sums, with_lines


class Built(NamedTuple):
    """A model, and the groups' sums where the lines remain to be drawn afterwards."""

    model: pm.Model
    groups: Groups | None = None


def build(problem: str, data: dict[str, np.ndarray]) -> Built:
    groups = sums(data) if problem == "boelstad_collapsed" else None
    with pm.Model() as model:
        MODELS[problem](data)
    return Built(model, groups)


def population() -> dict[str, Any]:
    return {
        "mu_alpha": pm.Normal("mu_alpha", 0.0, 3.0),
        "mu_beta": pm.Normal("mu_beta", 0.0, 3.0),
        "sigma_alpha": pm.Uniform("sigma_alpha", 0.0, 10.0),
        "sigma_beta": pm.Uniform("sigma_beta", 0.0, 10.0),
        "sigma": pm.Uniform("sigma", 0.0, 10.0),
    }


def lines(alpha: Any, beta: Any, sigma: Any, data: dict[str, np.ndarray]) -> None:
    group = data["group"]
    pm.Normal("y", alpha[group] + beta[group] * data["x"], sigma, observed=data["y"])


def boelstad_centered(data: dict[str, np.ndarray]) -> None:
    p, n = population(), int(data["group"].max()) + 1
    alpha = pm.Normal("alpha", p["mu_alpha"], p["sigma_alpha"], shape=n)
    beta = pm.Normal("beta", p["mu_beta"], p["sigma_beta"], shape=n)
    lines(alpha, beta, p["sigma"], data)


def boelstad_noncentered(data: dict[str, np.ndarray]) -> None:
    p, n = population(), int(data["group"].max()) + 1
    z_alpha = pm.Normal("z_alpha", 0.0, 1.0, shape=n)
    z_beta = pm.Normal("z_beta", 0.0, 1.0, shape=n)
    alpha = pm.Deterministic("alpha", p["mu_alpha"] + p["sigma_alpha"] * z_alpha)
    beta = pm.Deterministic("beta", p["mu_beta"] + p["sigma_beta"] * z_beta)
    lines(alpha, beta, p["sigma"], data)


def boelstad_collapsed(data: dict[str, np.ndarray]) -> None:
    pm.Potential("y", collapsed_log_likelihood(pt.log, sums(data), population()).sum())


def eight_schools_centered(data: dict[str, np.ndarray]) -> None:
    mu, tau = pm.Normal("mu", 0.0, 5.0), pm.HalfCauchy("tau", 5.0)
    theta = pm.Normal("theta", mu, tau, shape=data["y"].size)
    pm.Normal("y", theta, data["sd"], observed=data["y"])


def eight_schools_noncentered(data: dict[str, np.ndarray]) -> None:
    mu, tau = pm.Normal("mu", 0.0, 5.0), pm.HalfCauchy("tau", 5.0)
    z = pm.Normal("z", 0.0, 1.0, shape=data["y"].size)
    theta = pm.Deterministic("theta", mu + tau * z)
    pm.Normal("y", theta, data["sd"], observed=data["y"])


def ill_conditioned_normal(data: dict[str, np.ndarray]) -> None:
    pm.Normal("theta", 0.0, data["sd"], shape=data["sd"].size)


MODELS: dict[str, Callable[[dict[str, np.ndarray]], None]] = {
    f.__name__: f
    for f in (
        boelstad_centered,
        boelstad_noncentered,
        boelstad_collapsed,
        eight_schools_centered,
        eight_schools_noncentered,
        ill_conditioned_normal,
    )
}


def draws_of(idata: Any, groups: Groups | None, seed: int) -> dict[str, np.ndarray]:
    draws = {
        str(name): values.values
        for name, values in idata.posterior.items()
        if not str(name).startswith("z") and not str(name).endswith("__")
    }
    return with_lines(draws, groups, seed) if groups is not None else draws


def summarize(result: Result) -> Any:
    names: Sequence[str] = list(result.draws)
    return az.summary(az.from_dict(posterior={name: result.draws[name] for name in names}))


def log_density(built: Built, point: dict[str, np.ndarray]) -> float:
    model = built.model
    values = {rv.name: point[rv.name] for rv in model.free_RVs}
    transformed = {}
    for rv, value in model.rvs_to_values.items():
        if rv not in model.free_RVs:
            continue
        transform = model.rvs_to_transforms[rv]
        x = pt.as_tensor(values[rv.name])
        free = transform.forward(x, *rv.owner.inputs) if transform else x
        transformed[value.name] = free.eval()
    return float(model.compile_logp(jacobian=False)(transformed))
