"""PyMC with its own NUTS, and the compiler it takes of its own accord."""

from typing import Any

import pymc as pm

from .protocol import Result, Settings
from .pymc_models import Built, build, draws_of, log_density, summarize

__all__ = ["build", "compile", "log_density", "sample", "summarize"]

PACKAGES = ["pymc", "pytensor", "numpy", "arviz"]


def compile(built: Built, settings: Settings) -> Built:  # noqa: A001
    """Leave it to `pm.sample`, which compiles, and tells how long sampling took afterwards."""
    return built


def sample(built: Built, settings: Settings, seed: int) -> Result:
    with built.model:
        trace: Any = pm.sample(
            tune=settings.warmup,
            draws=settings.draws,
            chains=settings.chains,
            cores=settings.cores,
            random_seed=seed,
            progressbar=False,
            compute_convergence_checks=False,
            return_inferencedata=False,
        )
        idata = pm.to_inference_data(trace, log_likelihood=False)
    return Result(
        draws=draws_of(idata, built.groups, seed),
        gradients=int(idata.sample_stats["n_steps"].sum()),
        divergences=int(idata.sample_stats["diverging"].sum()),
        sample_seconds=trace.report.t_sampling,
    )
