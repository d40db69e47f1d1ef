"""What it is all about: mcmc_edu, its NUTS as it comes."""

from typing import Any, NamedTuple

import numpy as np

import mcmc_edu as me
from mcmc_edu import targets

from .protocol import Result, Settings

PACKAGES = ["mcmc_edu", "numba", "numpy"]


class Problem(NamedTuple):
    """What `me.sample` needs to know."""

    log_density: Any
    start: np.ndarray
    data: Any
    names: Any
    natural: Any


def build(problem: str, data: dict[str, np.ndarray]) -> Problem:
    stem, _, form = problem.rpartition("_")
    if stem == "boelstad":
        observed = me.datasets.grouped(data["y"], data["x"], data["group"])
        p = me.models.partial_pooling(observed, form)
        return Problem(p.log_density, p.start, p.data, p.names, p.natural)
    if stem == "eight_schools":
        target = getattr(targets, problem)()
        natural = {"centered": of_centered, "noncentered": of_noncentered}[form]
    else:
        target = targets.ill_conditioned_normal(dim=data["sd"].size, condition=1e4)
        natural = of_normal
    return Problem(target.log_density, target.start, target.data, target.names, natural)


def of_centered(u: np.ndarray) -> dict[str, np.ndarray]:
    return {"mu": u[0], "tau": np.exp(u[1]), "theta": u[2:]}


def of_noncentered(u: np.ndarray) -> dict[str, np.ndarray]:
    return {"mu": u[0], "tau": np.exp(u[1]), "theta": u[0] + np.exp(u[1]) * u[2:]}


def of_normal(u: np.ndarray) -> dict[str, np.ndarray]:
    return {"theta": u}


def compile(problem: Problem, settings: Settings) -> Problem:  # noqa: A001
    """Leave it to `me.sample`, which compiles, or finds on disk, what it needs."""
    return problem


def sample(p: Problem, settings: Settings, seed: int) -> Result:
    def run() -> me.Draws:
        return me.sample(
            p.log_density,
            p.start,
            data=p.data,
            names=p.names,
            natural=p.natural,
            sampler=me.NUTS(),
            draws=settings.draws,
            warmup=settings.warmup,
            chains=settings.chains,
            seed=seed,
        )

    draws = run()
    return Result(
        draws=dict(draws.natural),
        gradients=int(draws.stats["n_gradients"].sum()),
        divergences=int(draws.stats["divergent"].sum()),
        native=draws,
        again=run,
    )


def summarize(result: Result) -> str:
    return str(result.native.summary())
