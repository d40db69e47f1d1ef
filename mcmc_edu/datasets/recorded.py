"""What others computed, kept as they found it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..compiling import FloatArray


@dataclass(frozen=True, eq=False)
class RecordedRun:
    """Estimates and diagnostics of a chain that ran elsewhere."""

    alpha: FloatArray
    """Posterior means of the intercepts, shape (groups,)."""
    beta: FloatArray
    """Posterior means of the slopes, shape (groups,)."""
    accept_rate: float
    rhat_max: float
    """Largest R-hat of all parameters."""
    ess_min: float
    """Smallest bulk effective sample size of all parameters."""


def boelstad_run(pooling: str) -> RecordedRun:
    """Look up what the seed post's own code gives, run in R 4.2.2 after ``set.seed(1)``.

    A Metropolis chain of 10 000 iterations for each of the post's two models, the first 2000
    dropped, on the data of ``boelstad(seed=1)``.  The figures are recorded: this package has the
    post's data and its models, but not the starting values and the step of its sampler, so that
    the chains cannot be replayed here.

    Parameters
    ----------
    pooling
        ``"none"`` or ``"partial"``.

    Source
    ------
    J. Bølstad (2018), *The Benefits of Bayesian Hierarchical Modeling*, boelstad.net.
    """
    text = (Path(__file__).parent / "boelstad_run.json").read_text(encoding="utf-8")
    run = json.loads(text)[pooling]
    return RecordedRun(
        alpha=np.array(run["alpha"]),
        beta=np.array(run["beta"]),
        accept_rate=run["accept_rate"],
        rhat_max=run["rhat_max"],
        ess_min=run["ess_min"],
    )
