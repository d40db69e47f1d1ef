"""nutpie: the model in PyMC, its log density by numba, the sampler in Rust; no defaults changed."""

from typing import Any, NamedTuple

import nutpie

from .protocol import Groups, Result, Settings
from .pymc_models import Built, build, draws_of, log_density, summarize

__all__ = ["build", "compile", "log_density", "sample", "summarize"]

PACKAGES = ["nutpie", "pymc", "pytensor", "numba", "numpy", "arviz"]


class Compiled(NamedTuple):
    """The same with its log density as machine code."""

    model: Any
    groups: Groups | None


def compile(built: Built, settings: Settings) -> Compiled:  # noqa: A001
    return Compiled(nutpie.compile_pymc_model(built.model), built.groups)


def sample(compiled: Compiled, settings: Settings, seed: int) -> Result:
    idata = nutpie.sample(
        compiled.model,
        tune=settings.warmup,
        draws=settings.draws,
        chains=settings.chains,
        cores=settings.cores,
        seed=seed,
        progress_bar=False,
    )
    return Result(
        draws=draws_of(idata, compiled.groups, seed),
        gradients=int(idata.sample_stats["n_steps"].sum()),
        warmup_gradients=int(idata.warmup_sample_stats["n_steps"].sum()),
        divergences=int(idata.sample_stats["diverging"].sum()),
    )
