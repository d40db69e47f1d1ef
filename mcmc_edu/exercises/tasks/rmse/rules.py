"""How `rmse` is examined."""

from __future__ import annotations

import numpy as np

from ....compiling import FloatArray
from ...grading.exact import Bugs, Exact


def answer(bugs: Bugs, estimate: FloatArray, truth: FloatArray) -> float:
    """Return the root mean squared error, or what these bugs make of it."""
    error = estimate - truth
    if "sd-of-errors" in bugs:
        error = error - error.mean()
    score = np.abs(error) if "mean-absolute" in bugs else error**2
    total = score.sum() if "sum-for-mean" in bugs else score.mean()
    return float(total if bugs & {"root-missing", "mean-absolute"} else np.sqrt(total))


def probes(rng: np.random.Generator) -> list[list[FloatArray]]:
    """Return estimates and truths of several numbers of groups."""
    calls = [[rng.normal(2.0, 3.0, n), rng.normal(0.0, 2.0, n)] for n in (7, 2, 40, 1)]
    far = 1e6 + rng.normal(0.0, 2.0, 6)  # errors that are small beside the numbers
    return [*calls, [far + rng.normal(0.0, 1.0, 6), far]]


RULES = Exact(
    arguments=("estimate", "truth"),
    probes=probes,
    answer=answer,
    bugs=("mean-absolute", "root-missing", "sum-for-mean", "sd-of-errors"),
)
