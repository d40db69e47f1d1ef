"""What a family of outcomes is: one record, which all of the package asks.

A family is a file of `records`: its likelihood with the derivative, for the sampler; its exact
log density, mean, variance and new outcomes, for what is asked afterwards, of any array of linear
predictors at once; which outcomes it takes; and the default priors of its own parameters.  To add
one, write the file and list its record in `registry`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..compiling import FLOAT, VECTOR, FloatArray, FunctionValue
from ..priors.univariate import Prior

Own = Mapping[str, Any]
"""The family's own parameters, such as sigma, nu, phi or shape; arrays that broadcast."""

LIKELIHOOD = (FLOAT, VECTOR, VECTOR, VECTOR, FLOAT, FLOAT, VECTOR, VECTOR)
"""Signature of every log likelihood, for the sampler: see `Family.log_likelihood`."""

Wrong = tuple[NDArray[np.bool_], FloatArray, str, str]
"""Rows whose values are refused, the values, what they are called (empty: the outcome), and what
is allowed."""


def unchanged(y: FloatArray) -> FloatArray:
    """Return the outcome as it was given."""
    return y


@dataclass(frozen=True)
class Family:
    """A family of outcomes with its link."""

    name: str
    link: str
    log_likelihood: FunctionValue
    """``(eta, y, trials, observations, rss, own, d_own) -> float``, compiled: adds up the log
    density of the outcomes of all rows, less what depends on no parameter, and leaves its
    derivative in the place of eta.  The derivative by the family's own parameters, on the scale on
    which they are sampled, is added to `d_own`.  It must be safe where eta is far out (+-700)."""
    log_density: Callable[..., FloatArray]
    """Of (y, eta, trials, own), every constant included."""
    mean: Callable[[FloatArray, Own], FloatArray]
    """The mean of an outcome, of one trial if it is binomial, from (eta, own)."""
    variance: Callable[..., FloatArray]
    """Of an outcome, from (mean, trials, own); the mean is that of all trials."""
    draw: Callable[..., FloatArray]
    """New outcomes from (rng, eta, trials, own)."""
    constant: Callable[[FloatArray, FloatArray], float]
    """What `log_likelihood` leaves out, of all rows, from (y, trials)."""
    refused: Callable[..., Iterable[Wrong]]
    """Outcomes that cannot be, from (y, trials), of which the first kind that occurs is told."""
    own: tuple[str, ...] = ()
    """Names of its own parameters; sigma, the scale of the noise in units of the outcome, first."""
    own_priors: Mapping[str, Prior] = field(default_factory=dict, hash=False)
    """Default priors of its own parameters."""
    elsewhere: Mapping[str, Mapping[str, Prior]] = field(default_factory=dict, hash=False)
    """Packages that have the same model, and their default priors of its own parameters; that of
    sigma, which they scale to the outcome, is left out."""
    on_scale: Callable[[FloatArray], FloatArray] = unchanged
    """The outcome as `log_likelihood` takes it; where the linear predictor is in units of the
    outcome, these are the units."""
    typical: Mapping[str, float] = field(default_factory=dict, hash=False)
    """Values of its own parameters in simulated data; a family without is not simulated by its
    record."""
    continuous: bool = False
    has_trials: bool = False
    exactly_normal: bool = False
    """Whether outcomes are normal, so that effects can be integrated out and rows summarised."""
    known_se: bool = False
    """Whether outcomes have known standard errors, `Design.se`, in the place of sigma."""
    robust: bool = False
    """Whether default priors take the median and the MAD of the outcome in place of mean and sd."""
    unit: float = 1.0
    """How wide the linear predictor's default priors are; on the logit scale 1."""
    level: Callable[[float], float] | None = None
    """The link: eta of a mean, if the mean is a probability."""
    probabilities: Callable[..., FloatArray] | None = None
    """Of outcomes that are one of several categories: the probability of each, a last axis, from
    (eta, own)."""
    thresholds: bool = False
    """Whether thresholds between categories stand in the place of an intercept."""
    also_called: tuple[str, ...] = ()
    """Other names under which users know it."""

    @property
    def has_sigma(self) -> bool:
        """Whether its first own parameter is sigma, in whose units effects may vary."""
        return self.own[:1] == ("sigma",)

    @property
    def in_units_of_outcome(self) -> bool:
        """Whether the linear predictor is in the units of the outcome on its scale."""
        return self.link == "identity"

    def of_levels(self, levels: Sequence[str]) -> Family:
        """Make the family for outcomes with these levels: its parameters have their names."""
        if not self.thresholds:
            return self
        return replace(self, own=tuple(f"threshold({a}|{b})" for a, b in pairwise(levels)))


def whole_numbers(y: FloatArray) -> Wrong:
    """Find outcomes that are no counts."""
    return ~((y == np.round(y)) & (y >= 0.0)), y, "", "a whole number, 0 or more"


def no_mean(eta: FloatArray, own: Own) -> FloatArray:
    """Refuse to give categories a mean."""
    raise ValueError("categories have no mean; they have probabilities")


def no_variance(mean: FloatArray, trials: Any, own: Own) -> FloatArray:
    """Refuse to give categories a variance."""
    raise ValueError("categories have no variance; they have probabilities")


def nothing_left_out(y: FloatArray, trials: FloatArray) -> float:
    """Return 0: the likelihood is complete."""
    return 0.0


def none_refused(y: FloatArray, trials: FloatArray | None) -> Iterable[Wrong]:
    """Take any number."""
    return ()


def draw_category(probabilities: Callable[..., FloatArray]) -> Callable[..., FloatArray]:
    """Make the function that draws one of several categories."""

    def draw(rng: np.random.Generator, eta: FloatArray, trials: Any, own: Own) -> FloatArray:
        below = np.cumsum(probabilities(eta, own), axis=-1)[..., :-1]
        return np.asarray((rng.random((*below.shape[:-1], 1)) > below).sum(axis=-1), dtype=float)

    return draw
