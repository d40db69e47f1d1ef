"""How `gradient` is examined."""

from __future__ import annotations

import numpy as np

from ....compiling import FloatArray
from ...grading.exact import Bugs, Exact, way_of


def answer(bugs: Bugs, theta: FloatArray, y: FloatArray) -> FloatArray:
    """Return the gradient, or what these bugs make of it."""
    mu, sigma, n = theta[0], np.exp(theta[1]), len(y)
    if "exp-missing" in bugs:
        sigma = theta[1]
    by_mu = (y - mu).sum() / (sigma if "sigma-not-squared" in bugs else sigma**2)
    squares = (((y - mu) / sigma) ** 2).sum()
    if "half-for-whole" in bugs:
        squares /= 2.0
    if len(bugs & {"log-sigma-missing", "jacobian-missing", "log-sigma-gone"}) > 1:
        raise ValueError("both missing, or the Jacobian counted for every row: log-sigma-gone")
    rows = 0.0 if "log-sigma-missing" in bugs else n
    jacobian = 0.0 if "jacobian-missing" in bugs else 1.0
    if "log-sigma-gone" in bugs:
        jacobian = n
    divisor = 1.0
    mean = way_of(bugs, "mean-for-sum")
    if mean is not None:
        by_mu /= n
        squares, rows = squares / n, rows / n
        divisor = n if mean == "with the Jacobian" else 1.0
    by_sigma = squares - rows
    chain = way_of(bugs, "chain-rule-missing")
    if chain is None:
        second = by_sigma + jacobian / divisor
    else:
        second = by_sigma / sigma + {"": 1.0 / sigma, "before the Jacobian": 1.0}[chain] * jacobian
    sign = -1.0 if "sign-flipped" in bugs else 1.0
    if "sign-of-mu" in bugs:
        by_mu = -by_mu
    return np.array([sign * by_mu, sign * second])


def probes(rng: np.random.Generator) -> list[list[FloatArray]]:
    """Return places with small and large sigmas, and outcomes of several numbers, one far off."""
    calls: list[list[FloatArray]] = []
    for n, log_sigma in ((4, 0.7), (7, -0.5), (3, 1.3), (20, 0.4), (1, -0.8), (6, 2.0)):
        theta = np.array([rng.normal(0.0, 1.0), log_sigma + rng.uniform(-0.1, 0.1)])
        calls.append([theta, theta[0] + rng.normal(1.0, 1.5 * np.exp(theta[1]), n)])
    far = np.array([1000.0 + rng.normal(), -3.5 + rng.uniform(-0.1, 0.1)])
    return [*calls, [far, far[0] + rng.normal(0.0, 0.5, 5)]]


RULES = Exact(
    arguments=("theta", "y"),
    probes=probes,
    answer=answer,
    bugs=(
        "jacobian-missing",
        "log-sigma-gone",
        "chain-rule-missing",
        "chain-rule-missing/before the Jacobian",
        "sigma-not-squared",
        "exp-missing",
        "sign-flipped",
        "sign-of-mu",
        "log-sigma-missing",
        "half-for-whole",
        "mean-for-sum",
        "mean-for-sum/with the Jacobian",
    ),
    tolerance=1e-6,
    changed="input-changed",
)
