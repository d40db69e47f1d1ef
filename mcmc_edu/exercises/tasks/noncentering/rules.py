"""How `noncentering` is examined."""

from __future__ import annotations

from typing import Any

import numpy as np

from ....compiling import FloatArray
from ...grading.differences import UpToConstant
from ...grading.exact import Bugs, Exact, Raises, kinds_of, way_of


def log_prior_of_tau(bugs: Bugs, tau: Any) -> Any:
    """Return the log density of tau, up to a constant."""
    normal = way_of(bugs, "half-normal")
    if normal is not None:
        return -0.5 * (tau / (1.0 if normal == "of scale one" else 5.0)) ** 2
    return -np.log1p((tau / (1.0 if "cauchy-of-scale-one" in bugs else 5.0)) ** 2)


def log_prior_of_z(bugs: Bugs, z: FloatArray, mu: Any, tau: Any) -> Any:
    """Return the log density of z, or of what these bugs take it for."""
    log_tau = np.log(tau)
    if "prior-of-z-missing" in bugs:
        return 0.0
    centred = way_of(bugs, "centred")
    if centred is not None:
        width = 0.0 if centred == "up to a constant" else len(z) * log_tau
        normal = -0.5 * ((z - mu) / tau) ** 2 if centred != "likelihood" else -0.5 * z**2
        return normal.sum() - (0.0 if centred == "likelihood" else width)
    scaled = way_of(bugs, "prior-of-z-scaled")
    if scaled is not None:
        return -0.5 * ((z / tau) ** 2).sum() - (len(z) * log_tau if scaled == "" else 0.0)
    return -0.5 * (z**2).sum()


def answer(bugs: Bugs, theta: FloatArray, y: FloatArray, se: FloatArray) -> Any:
    """Return the log density, or what these bugs make of it."""
    mu, log_tau, z = theta[0], theta[1], theta[2:]
    tau = tau_of_effects = np.exp(log_tau)
    jacobian = log_tau
    as_tau = way_of(bugs, "log-tau-as-tau")
    if as_tau is not None:
        tau = tau if as_tau == "in effects" else log_tau
        tau_of_effects = tau_of_effects if as_tau == "in the prior" else log_tau
        if as_tau == "log by math" and tau <= 0.0:
            return Raises("ValueError")
        if as_tau.startswith("log"):
            jacobian = np.log(tau)
    of_z = way_of(bugs, "jacobian-of-z")
    if of_z is not None:
        jacobian = jacobian * (len(z) + 1 if of_z == "" else len(z))
    if "jacobian-missing" in bugs:
        if of_z is not None:
            raise ValueError("there is a Jacobian")
        jacobian = 0.0
    if "jacobian-subtracted" in bugs:
        if "jacobian-missing" in bugs:
            raise ValueError("there is a Jacobian")
        jacobian = -jacobian
    effect = mu + tau_of_effects ** (2 if "tau-squared" in bugs else 1) * z
    if way_of(bugs, "centred") is not None:
        if kinds_of(bugs) & WITH_Z:
            raise ValueError("there is no z")
        effect = z
    dropped = way_of(bugs, "mean-dropped")
    if dropped is not None:
        effect = effect - mu
    variance = se if "se-as-variance" in bugs else se**2
    of_mu = -(mu**2) / (10.0 if "variance-5" in bugs else 50.0)
    if dropped == "everywhere":
        of_mu = 0.0
    total = of_mu + log_prior_of_tau(bugs, tau) + jacobian + log_prior_of_z(bugs, z, mu, tau)
    return float(total - 0.5 * ((y - effect) ** 2 / variance).sum())


WITH_Z = {"jacobian-of-z", "mean-dropped", "prior-of-z-missing", "prior-of-z-scaled", "tau-squared"}


def probes(rng: np.random.Generator) -> list[list[FloatArray]]:
    """Return two places for each of several sets of schools."""
    calls: list[list[FloatArray]] = []
    places = (
        (3, 0.5, 1.4),
        (8, 0.3, 1.2),
        (2, 0.8, 2.0),
        (4, 2.5, 0.6),
        (8, 1.0, -1.0),
        (10, -9.0, 7.0),
        (5, -30.0, 2.0),
        (4, 2.0, 25.0),
    )
    for n, low, high in places:
        y, se = rng.normal(6.0, 8.0, n), rng.uniform(4.0, 12.0, n)
        for log_tau in (low, high):
            mu, z = rng.normal(4.0, 3.0), rng.normal(size=n)
            calls.append([np.array([mu, log_tau + rng.uniform(-0.1, 0.1), *z]), y, se])
    return calls


RULES = UpToConstant(
    Exact(
        arguments=("theta", "y", "se"),
        probes=probes,
        answer=answer,
        bugs=(
            "jacobian-missing",
            "jacobian-subtracted",
            "mean-dropped",
            "mean-dropped/everywhere",
            "prior-of-z-missing",
            "prior-of-z-scaled",
            "prior-of-z-scaled/up to a constant",
            "jacobian-of-z",
            "jacobian-of-z/in place",
            "log-tau-as-tau",
            "log-tau-as-tau/in effects",
            "log-tau-as-tau/in the prior",
            "log-tau-as-tau/log",
            "log-tau-as-tau/log by math",
            "half-normal",
            "half-normal/of scale one",
            "cauchy-of-scale-one",
            "variance-5",
            "se-as-variance",
            "centred",
            "centred/up to a constant",
            "centred/likelihood",
            "tau-squared",
        ),
    )
)
