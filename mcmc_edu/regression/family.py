"""What a family of outcomes is outside the sampler: its link, mean, noise and exact log density.

`densities.families` has the same densities with gradients, for the sampler; here they are as they
are needed afterwards, for any array of linear predictors at once, every constant included.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from ..compiling import FloatArray
from ..densities import families

Own = Mapping[str, Any]
"""The family's own parameters: sigma (sd), nu (degrees of freedom), phi; arrays that broadcast."""


@dataclass(frozen=True)
class Family:
    """A family of outcomes with its link."""

    name: str
    number: int
    link: str
    own: tuple[str, ...]
    """Its own parameters."""
    mean: Callable[[FloatArray], FloatArray]
    """Inverse link: the mean of an outcome, of one trial if it is binomial, from eta."""
    log_density: Callable[..., FloatArray]
    """Of (y, eta, trials, own)."""
    draw: Callable[..., FloatArray]
    """New outcomes from (rng, eta, trials, own)."""
    continuous: bool = False
    has_trials: bool = False


def _normal_log_density(y: Any, eta: Any, trials: Any, own: Own) -> Any:
    z = (y - eta) / own["sigma"]
    return -0.5 * z * z - np.log(own["sigma"]) - 0.5 * math.log(2.0 * math.pi)


def _student_log_density(y: Any, eta: Any, trials: Any, own: Own) -> Any:
    nu, z = own["nu"], (y - eta) / own["sigma"]
    constant = special.gammaln(0.5 * (nu + 1.0)) - special.gammaln(0.5 * nu)
    constant = constant - 0.5 * np.log(nu * math.pi) - np.log(own["sigma"])
    return constant - 0.5 * (nu + 1.0) * np.log1p(z * z / nu)


def log_choose(y: Any, trials: Any) -> Any:
    """Log of the binomial coefficient."""
    return (
        special.gammaln(trials + 1.0) - special.gammaln(y + 1.0) - special.gammaln(trials - y + 1.0)
    )


def _logit_log_density(y: Any, eta: Any, trials: Any, own: Own) -> Any:
    return log_choose(y, trials) + y * eta - trials * np.logaddexp(0.0, eta)


def _probit_log_density(y: Any, eta: Any, trials: Any, own: Own) -> Any:
    up, down = special.log_ndtr(eta), special.log_ndtr(-eta)
    return log_choose(y, trials) + y * up + (trials - y) * down


def _poisson_log_density(y: Any, eta: Any, trials: Any, own: Own) -> Any:
    return y * eta - np.exp(eta) - special.gammaln(y + 1.0)


def _negative_binomial_log_density(y: Any, eta: Any, trials: Any, own: Own) -> Any:
    phi = own["phi"]
    x = eta - np.log(phi)
    constant = special.gammaln(y + phi) - special.gammaln(phi) - special.gammaln(y + 1.0)
    return constant - y * np.logaddexp(0.0, -x) - phi * np.logaddexp(0.0, x)


def _draw_binomial(mean: Callable[[FloatArray], FloatArray]) -> Callable[..., FloatArray]:
    def draw(rng: np.random.Generator, eta: FloatArray, trials: Any, own: Own) -> FloatArray:
        return rng.binomial(np.asarray(trials, dtype=np.int64), mean(eta)).astype(float)

    return draw


def _sigmoid(eta: FloatArray) -> FloatArray:
    return np.asarray(special.expit(eta))


def _phi(eta: FloatArray) -> FloatArray:
    return np.asarray(special.ndtr(eta))


def _identity(eta: FloatArray) -> FloatArray:
    return eta


FAMILIES = {
    ("gaussian", "identity"): Family(
        "gaussian", families.GAUSSIAN, "identity", ("sigma",), _identity, _normal_log_density,
        lambda rng, eta, trials, own: rng.normal(eta, own["sigma"]), continuous=True,
    ),
    ("student", "identity"): Family(
        "student", families.STUDENT, "identity", ("sigma", "nu"), _identity, _student_log_density,
        lambda rng, eta, trials, own: (
            eta + own["sigma"] * rng.standard_t(np.broadcast_to(own["nu"], eta.shape))
        ),
        continuous=True,
    ),
    ("binomial", "logit"): Family(
        "binomial", families.BINOMIAL, "logit", (), _sigmoid, _logit_log_density,
        _draw_binomial(_sigmoid), has_trials=True,
    ),
    ("binomial", "probit"): Family(
        "binomial", families.PROBIT, "probit", (), _phi, _probit_log_density,
        _draw_binomial(_phi), has_trials=True,
    ),
    ("poisson", "log"): Family(
        "poisson", families.POISSON, "log", (), np.exp, _poisson_log_density,
        lambda rng, eta, trials, own: rng.poisson(np.exp(eta)).astype(float),
    ),
    ("negbin", "log"): Family(
        "negbin", families.NEGATIVE_BINOMIAL, "log", ("phi",), np.exp,
        _negative_binomial_log_density,
        lambda rng, eta, trials, own: (
            rng.poisson(rng.gamma(own["phi"], np.exp(eta) / own["phi"])).astype(float)
        ),
    ),
}  # fmt: skip
"""By name and link; a Bernoulli outcome is a binomial one of one trial."""

ALIASES = {
    "bernoulli": "binomial", "neg_binomial_2": "negbin", "negative_binomial": "negbin",
    "normal": "gaussian",
}  # fmt: skip


def family_of(name: str, link: str | None = None) -> Family:
    """Look a family up; its usual link is the first that is listed.

    Raises
    ------
    ValueError
        If there is none of that name or with that link.
    """
    known = ALIASES.get(name, name)
    links = [key[1] for key in FAMILIES if key[0] == known]
    if not links:
        names = dict.fromkeys([*(key[0] for key in FAMILIES), "bernoulli"])
        raise ValueError(f"family is {name!r}; it must be one of {', '.join(map(repr, names))}")
    if link is not None and link not in links:
        raise ValueError(f"link is {link!r}; the {name} family has {' or '.join(map(repr, links))}")
    return FAMILIES[known, link or links[0]]
