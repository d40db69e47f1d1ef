"""What a family of outcomes is outside the sampler: its link, mean, noise and exact log density.

`families.likelihood` has the same densities with gradients, for the sampler; here they are as they
are needed afterwards, for any array of linear predictors at once, every constant included.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from scipy import special

from ..compiling import FloatArray
from . import likelihood as families

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
    probabilities: Callable[..., FloatArray] | None = None
    """Of outcomes that are one of several categories: the probability of each, a last axis, from
    (eta, own)."""
    thresholds: bool = False
    """Whether thresholds between categories stand in the place of an intercept."""

    def of_levels(self, levels: Sequence[str]) -> Family:
        """The family for outcomes with these levels: its parameters have their names."""
        if not self.thresholds:
            return self
        return replace(self, own=tuple(f"threshold({a}|{b})" for a, b in pairwise(levels)))


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


def _ends(eta: Any, own: Own) -> list[tuple[Any, Any]]:
    """Of every category how far its lower and its upper threshold are from eta."""
    cuts = [-math.inf, *own.values(), math.inf]
    return [(lower - eta, upper - eta) for lower, upper in pairwise(cuts)]


def _ordered_log_density(y: Any, eta: Any, trials: Any, own: Own) -> Any:
    found = np.full(np.shape(eta), -math.inf)
    for k, (lower, upper) in enumerate(_ends(eta, own)):
        between = np.log(-np.expm1(lower - upper))
        log_p = between - np.logaddexp(0.0, -upper) - np.logaddexp(0.0, lower)
        found = np.where(y == k, log_p, found)
    return found


def _ordered_probabilities(eta: FloatArray, own: Own) -> FloatArray:
    parts = [special.expit(upper) - special.expit(lower) for lower, upper in _ends(eta, own)]
    return np.stack(np.broadcast_arrays(*parts), axis=-1)


def _categorical_log_density(y: Any, eta: Any, trials: Any, own: Own) -> Any:
    with_first = np.concatenate([np.zeros_like(eta[..., :1]), eta], axis=-1)
    chosen = np.take_along_axis(
        with_first, np.broadcast_to(y.astype(np.int64), eta.shape[:-1])[..., np.newaxis], axis=-1
    )
    return chosen[..., 0] - special.logsumexp(with_first, axis=-1)


def _categorical_probabilities(eta: FloatArray, own: Own) -> FloatArray:
    with_first = np.concatenate([np.zeros_like(eta[..., :1]), eta], axis=-1)
    return np.asarray(special.softmax(with_first, axis=-1))


def _draw_category(probabilities: Callable[..., FloatArray]) -> Callable[..., FloatArray]:
    def draw(rng: np.random.Generator, eta: FloatArray, trials: Any, own: Own) -> FloatArray:
        below = np.cumsum(probabilities(eta, own), axis=-1)[..., :-1]
        return np.asarray((rng.random((*below.shape[:-1], 1)) > below).sum(axis=-1), dtype=float)

    return draw


def _no_mean(eta: FloatArray) -> FloatArray:
    raise ValueError("categories have no mean; they have probabilities")


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
        "gaussian",
        families.GAUSSIAN,
        "identity",
        ("sigma",),
        _identity,
        _normal_log_density,
        lambda rng, eta, trials, own: rng.normal(eta, own["sigma"]),
        continuous=True,
    ),
    ("student", "identity"): Family(
        "student",
        families.STUDENT,
        "identity",
        ("sigma", "nu"),
        _identity,
        _student_log_density,
        lambda rng, eta, trials, own: (
            eta + own["sigma"] * rng.standard_t(np.broadcast_to(own["nu"], eta.shape))
        ),
        continuous=True,
    ),
    ("binomial", "logit"): Family(
        "binomial",
        families.BINOMIAL,
        "logit",
        (),
        _sigmoid,
        _logit_log_density,
        _draw_binomial(_sigmoid),
        has_trials=True,
    ),
    ("binomial", "probit"): Family(
        "binomial",
        families.PROBIT,
        "probit",
        (),
        _phi,
        _probit_log_density,
        _draw_binomial(_phi),
        has_trials=True,
    ),
    ("poisson", "log"): Family(
        "poisson",
        families.POISSON,
        "log",
        (),
        np.exp,
        _poisson_log_density,
        lambda rng, eta, trials, own: rng.poisson(np.exp(eta)).astype(float),
    ),
    ("negbin", "log"): Family(
        "negbin",
        families.NEGATIVE_BINOMIAL,
        "log",
        ("phi",),
        np.exp,
        _negative_binomial_log_density,
        lambda rng, eta, trials, own: rng.poisson(
            rng.gamma(own["phi"], np.exp(eta) / own["phi"])
        ).astype(float),
    ),
    ("ordered", "logit"): Family(
        "ordered",
        families.ORDERED,
        "logit",
        ("threshold",),
        _no_mean,
        _ordered_log_density,
        _draw_category(_ordered_probabilities),
        probabilities=_ordered_probabilities,
        thresholds=True,
    ),
    ("categorical", "logit"): Family(
        "categorical",
        families.CATEGORICAL,
        "logit",
        (),
        _no_mean,
        _categorical_log_density,
        _draw_category(_categorical_probabilities),
        probabilities=_categorical_probabilities,
    ),
}
"""By name and link; a Bernoulli outcome is a binomial one of one trial."""

ALIASES = {
    "bernoulli": "binomial",
    "neg_binomial_2": "negbin",
    "negative_binomial": "negbin",
    "normal": "gaussian",
    "cumulative": "ordered",
}


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
