"""rstanarm, by `rstanarm.R`: its covariance prior decov, and its target acceptance of 0.95.

Seconds of sampling are those of Stan's own clock, as for PyStan.  Numbers go from here to R and
back as plain doubles, in a folder that is there for the run only.
"""

import subprocess
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..protocol import Result, Settings
from . import models

PACKAGES = ["numpy"]

SCRIPT = Path(__file__).with_suffix(".R")


class Built(NamedTuple):
    """What R is told, and the data."""

    regression: models.Regression
    data: dict[str, np.ndarray]


def build(problem: str, data: dict[str, np.ndarray]) -> Built:
    regression, form = models.of(problem)
    if form != "decov":
        raise ValueError("rstanarm has no prior of covariances but decov")
    return Built(regression, data)


def compile(built: Built, settings: Settings) -> Built:  # noqa: A001
    """Nothing to do: rstanarm's programs come compiled."""
    return built


def sample(built: Built, settings: Settings, seed: int) -> Result:
    """Load, fit and summarise, all in R's process."""
    r = built.regression
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, r, built.data)
        numbers = {
            "draws": settings.draws,
            "warmup": settings.warmup,
            "chains": settings.chains,
            "cores": settings.cores,
            "seed": seed,
            "intercept": r.intercept,
            "slope": r.slope,
            "sigma": r.sigma or (1.0, 1.0),
            "regularization": r.cor,
        }
        lines = [f'family <- "{r.family}"', *[f"{n} <- {vector(v)}" for n, v in numbers.items()]]
        (folder / "told.R").write_text("\n".join(lines) + "\n")
        subprocess.run(["Rscript", str(SCRIPT), str(folder)], check=True)
        told = dict(line.split(" ", 1) for line in (folder / "told.txt").read_text().splitlines())
        draws = np.fromfile(folder / "draws.bin").reshape(-1, settings.chains, settings.draws)
    quantities = ["Intercept", "slope", "v11", "v21", "v22", *["sigma"] * bool(r.sigma)]
    return Result(
        draws=with_sds(dict(zip(quantities, draws, strict=True))),
        gradients=int(told["gradients"]),
        divergences=int(told["divergences"]),
        sample_seconds=float(told["seconds"]) / settings.cores,
        rest="collect",
        versions={name: told[name] for name in ("R", "rstanarm", "rstan")},
    )


def vector(value: Any) -> str:
    return f"c({', '.join(map(repr, value))})" if isinstance(value, tuple) else repr(value)


def write(folder: Path, r: models.Regression, data: dict[str, np.ndarray]) -> None:
    """Columns y, x, group (index from 1) and trials, one file, column by column."""
    trials = data[r.trials] if r.trials else np.ones(data[r.outcome].size)
    index, _ = models.indexed(data[r.group])
    columns = [data[r.outcome], data[r.predictor], index + 1, trials]
    np.array(columns, dtype=float).tofile(folder / "data.bin")


def with_sds(draws: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Sds and correlation of covariances."""
    v11, v21, v22 = (draws.pop(name) for name in ("v11", "v21", "v22"))
    sds = {"sd_Intercept": np.sqrt(v11), "sd_slope": np.sqrt(v22)}
    return draws | sds | {"cor": v21 / np.sqrt(v11 * v22)}


def summarize(result: Result) -> None:
    """R has done it already."""
