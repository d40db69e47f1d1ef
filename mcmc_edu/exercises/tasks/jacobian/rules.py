"""How `jacobian` is examined."""

from __future__ import annotations

import numpy as np

from ...grading.exact import Bugs, Exact, Raises, way_of

LEAST = -700.0
"""Logarithm below which a density is zero in a computer; the questions keep well away from it."""

HALF_NORMALS = {
    "": (-1.0, np.log(2.0 / np.pi) / 2, 0.5),
    "of sd rate": (1.0, np.log(2.0 / np.pi) / 2, 0.5),
    "normal": (-1.0, -np.log(2.0 * np.pi) / 2, 0.5),
    "normal of sd rate": (1.0, -np.log(2.0 * np.pi) / 2, 0.5),
    "up to a constant": (-1.0, 0.0, 0.5),
    "of sd rate, up to a constant": (1.0, 0.0, 0.5),
}
"""Ways to take an exponential for a half-normal: power of rate that is the sd, constant, half."""


def log_prior(bugs: Bugs, sigma: float, rate: float) -> float:
    """Return the log density of sigma, or what these bugs make of it."""
    if "scale-for-rate" in bugs:
        rate = 1.0 / rate
    half_normal = way_of(bugs, "sd-prior")
    constant = 0.0 if "constant-missing" in bugs else 1.0
    if half_normal is None:
        return float(constant * np.log(rate) - rate * sigma)
    if half_normal == "sigma squared":
        return float(constant * np.log(rate) - rate * sigma**2)
    if half_normal == "rate as precision":
        root = np.log(2.0 * rate / np.pi) / 2
        return float(constant * root - rate * sigma**2 / 2)
    if half_normal == "sigma squared, halved":
        return float(constant * np.log(rate) - rate * sigma**2 / 2)
    power, log_constant, half = HALF_NORMALS[half_normal]
    sd = rate**power
    return float(constant * (log_constant - np.log(sd)) - half * (sigma / sd) ** 2)


def answer(bugs: Bugs, u: float, rate: float) -> float | Raises:
    """Return the log density of u, or what these bugs make of it."""
    sigma = np.exp(u)
    exp_missing = way_of(bugs, "exp-missing")
    prior = log_prior(bugs, sigma if exp_missing is None else u, rate)
    jacobian = u
    if exp_missing is not None and exp_missing != "":
        if u < 0.0 and exp_missing == "log by math":
            return Raises("ValueError")
        jacobian = float(np.log(u))
    if "jacobian-sign" in bugs:
        jacobian = -jacobian
    if "jacobian-not-logged" in bugs:
        jacobian = np.exp(jacobian)
    if "jacobian-missing" in bugs:
        if len(bugs & {"jacobian-sign", "jacobian-not-logged"}):
            raise ValueError("it is missing")
        jacobian = 0.0
    logarithm = way_of(bugs, "log-of-density")
    if logarithm is not None:
        small = prior + jacobian if logarithm in ("", "math") else prior
        if small < LEAST:
            return Raises("ValueError") if "math" in logarithm else -np.inf
    if "density-for-log" in bugs:
        return float(np.exp(prior + jacobian))
    return float(prior + jacobian)


def probes(rng: np.random.Generator) -> list[list[float]]:
    """Return places near the bulk of sigma, and far out on both sides."""
    calls = [
        [float(rng.uniform(low, low + 0.4)), float(rate * rng.uniform(0.9, 1.1))]
        for low, rate in ((0.3, 2.0), (-0.9, 0.4), (1.2, 1.4), (-2.5, 10.0), (0.9, 0.3))
    ]
    return [*calls, [8.0, 3.0], [-5.0, 0.2], [-1000.0, 2.0], [40.0, 0.5], [700.0, 0.01]]


RULES = Exact(
    arguments=("u", "rate"),
    probes=probes,
    answer=answer,
    bugs=(
        "jacobian-missing",
        "jacobian-sign",
        "jacobian-not-logged",
        "scale-for-rate",
        "constant-missing",
        "exp-missing",
        "exp-missing/log",
        "exp-missing/log by math",
        "density-for-log",
        "log-of-density",
        "log-of-density/math",
        "log-of-density/of sigma",
        "log-of-density/of sigma by math",
        *(f"sd-prior/{way}".rstrip("/") for way in HALF_NORMALS),
        "sd-prior/sigma squared",
        "sd-prior/sigma squared, halved",
        "sd-prior/rate as precision",
    ),
)
