"""Data of a regression whose line varies from group to group, of any family, with its truth.

eta = (beta_0 + b_0g) + (beta_1 + b_1g) x,   (b_0g, b_1g) normal with mean 0, sd (2), correlation

gaussian   y ~ N(eta, sigma)             student   y = eta + sigma t,  t ~ Student(nu)
bernoulli  y ~ Bernoulli(logistic(eta))  binomial  y ~ Binomial(trials, logistic(eta))
poisson    y ~ Poisson(exp(eta))         negbin    y ~ Poisson(exp(eta) u),  u ~ Gamma(phi) / phi
gamma      y ~ Gamma(shape), mean exp(eta)
lognormal  log y ~ N(eta, sigma)
beta       y ~ Beta(m phi, (1 - m) phi),  m = logistic(eta)
ordered    P(y <= k) = logistic(threshold_k - eta)
categorical  P(y = k) in proportion to exp(loading_k eta), loading_0 = 0
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..compiling import FloatArray
from ..families.registry import RECORDS, family_of
from .columns import Columns
from .simulated import _positive

OWN: Mapping[str, Mapping[str, Any]] = {
    "gaussian": {"sigma": 1.0},
    "student": {"sigma": 1.0, "nu": 4.0},
    "bernoulli": {},
    "binomial": {"trials": 10},
    "poisson": {},
    "negbin": {"phi": 2.0},
    "ordered": {"thresholds": (-1.0, 0.0, 1.0)},
    "categorical": {"loadings": (1.0, -0.5)},
    **{family.name: family.typical for family in RECORDS if family.typical},
}
"""What a family has beside eta, and its value unless given."""
LARGEST_RATE = 1e9  # mean of a count; far beyond it 64 bits do not hold one


@dataclass(frozen=True, eq=False)
class RegressionTruth:
    """True parameters of simulated data."""

    beta: FloatArray
    """Intercept and slope of the population, shape (2,), on the scale of eta."""
    b: FloatArray
    """Deviations of each group's intercept and slope from them, shape (groups, 2)."""
    sd: FloatArray
    """Population sd of the deviations, shape (2,)."""
    correlation: float
    """Population correlation of the two deviations."""
    sigma: float | None = None
    """Noise: an sd (gaussian; lognormal, of log y), or the scale of the t (student)."""
    nu: float | None = None
    """Degrees of freedom (student)."""
    phi: float | None = None
    """Concentration (negbin, beta): the variance of y is mu + mu^2 / phi, where mu is its mean, or
    mu (1 - mu) / (1 + phi)."""
    thresholds: FloatArray | None = None
    """Where one category ends and the next begins (ordered), on the scale of eta."""
    loadings: FloatArray | None = None
    """Of every category but the first (categorical): the log of its odds against the first is so
    many times eta, so that its coefficients are beta and b times that."""
    own: Mapping[str, Any] = field(default_factory=dict)
    """All that the family has beside eta, by name."""


@dataclass(frozen=True, eq=False)
class SimulatedRegression:
    """Data and the truth behind them."""

    columns: Columns
    """`y`, `x`, `group` (0 to groups - 1: a row of ``truth.b``), and `trials` if binomial."""
    truth: RegressionTruth


def simulate_regression(
    family: str = "gaussian",
    groups: int = 30,
    observations: int | Sequence[int] = 10,
    *,
    beta: ArrayLike = (0.5, -1.0),
    sd: ArrayLike = (0.5, 0.5),
    correlation: float = 0.0,
    seed: int | np.random.SeedSequence | None = None,
    **own: ArrayLike,
) -> SimulatedRegression:
    """Make data of a regression with varying intercepts and slopes.

    Parameters
    ----------
    family
        "gaussian", "student", "bernoulli", "binomial", "poisson", "negbin", "gamma",
        "lognormal", "beta", "ordered" or "categorical".
    groups
        Number of groups, at least 2.
    observations
        Observations of each group: one number, or one for each group.
    beta
        Intercept and slope of the population, shape (2,), on the scale of eta: of y itself, of
        log y (lognormal), of the log odds of the mean (bernoulli, binomial, beta), or of the log
        mean (poisson, negbin, gamma).
    sd
        Population sd of the groups' deviations from each, shape (2,), 0 or more, same scale.
    correlation
        Of the two deviations, from -1 to 1.
    seed
        Seed of the random numbers.
    **own
        What the family has of its own: `sigma` (gaussian, student; 1 unless given; lognormal,
        0.5), `nu` (student; 4), `phi` (negbin, 2; beta, 8), `shape` (gamma; 3), `trials` (binomial;
        10, an integer, or one for each row), `thresholds` (ordered; -1, 0, 1), `loadings`
        (categorical; 1, -0.5).

    Returns
    -------
    SimulatedRegression
        Rows group by group, x standard normal; with the truth.

    Raises
    ------
    ValueError
        If an argument is not of its kind, or a count's mean would exceed 1e9.

    Examples
    --------
    >>> made = simulate_regression("binomial", 3, [1, 2, 4], trials=20, seed=1)
    >>> list(made.columns), made.columns["group"].tolist()
    (['y', 'x', 'group', 'trials'], [0, 1, 1, 2, 2, 2, 2])
    >>> made.truth.b.shape
    (3, 2)
    """
    if family not in OWN:
        raise ValueError(f"family is {family!r}; it must be one of {', '.join(map(repr, OWN))}")
    _positive("groups", groups, 2)
    group = np.repeat(np.arange(groups), _counts(observations, groups))
    values = _own_values(family, own, group.size)
    beta, sd = _pair("beta", beta, -np.inf), _pair("sd", sd, 0.0)
    if not (isinstance(correlation, Real) and -1.0 <= correlation <= 1.0):
        raise ValueError(f"correlation is {correlation!r}; it must be a number from -1 to 1")

    rng = np.random.default_rng(seed)
    z = rng.standard_normal((groups, 2))
    z[:, 1] = correlation * z[:, 0] + np.sqrt(1.0 - correlation * correlation) * z[:, 1]
    b = sd * z
    x = rng.standard_normal(group.size)
    eta = (beta[0] + b[group, 0]) + (beta[1] + b[group, 1]) * x
    y = _draw(rng, family, eta, values)

    trials = {"trials": values.pop("trials")} if family == "binomial" else {}
    columns = Columns({"y": y, "x": x, "group": group, **trials})
    known = {one.name for one in fields(RegressionTruth)}
    named = {name: value for name, value in values.items() if name in known}
    truth = RegressionTruth(beta, b, sd, float(correlation), **named, own=values)
    return SimulatedRegression(columns, truth)


def _draw(
    rng: np.random.Generator, family: str, eta: FloatArray, own: Mapping[str, Any]
) -> NDArray[Any]:
    """Outcomes given the linear predictor of each row."""
    match family:
        case "gaussian":
            return rng.normal(eta, own["sigma"])
        case "student":
            t: FloatArray = rng.standard_t(own["nu"], eta.size)
            return eta + float(own["sigma"]) * t
        case "bernoulli":
            return rng.binomial(1, _logistic(eta))
        case "binomial":
            return rng.binomial(own["trials"], _logistic(eta))
        case "poisson":
            return rng.poisson(_rate(eta))
        case "ordered":
            noisy = eta + rng.logistic(size=eta.size)
            return np.searchsorted(own["thresholds"], noisy)
        case "categorical":
            score = np.multiply.outer(eta, np.append(0.0, own["loadings"]))
            return np.asarray(np.argmax(score + rng.gumbel(size=score.shape), axis=1))
        case "negbin":
            phi = own["phi"]
            return rng.poisson(_rate(eta) * rng.gamma(phi, 1.0 / phi, eta.size))
        case _:
            return family_of(family).draw(rng, eta, 1.0, own)


def _logistic(eta: FloatArray) -> FloatArray:
    return 0.5 * (1.0 + np.tanh(0.5 * eta))  # 1 / (1 + exp(-eta)) overflows


def _rate(eta: FloatArray) -> FloatArray:
    if eta.max() > np.log(LARGEST_RATE):
        raise ValueError(
            f"eta reaches {eta.max():.3g}, and the mean of a count is exp(eta), at most "
            f"{LARGEST_RATE:.0e} here; choose smaller beta or sd"
        )
    return np.exp(eta)


def _own_values(family: str, given: Mapping[str, Any], rows: int) -> dict[str, Any]:
    unknown = [name for name in given if name not in OWN[family]]
    if unknown:
        raise ValueError(
            f"{unknown[0]} is not an argument of the family {family!r}, which has "
            f"{', '.join(OWN[family]) or 'none'} of its own; leave it out"
        )
    values = {**OWN[family], **given}
    return {name: _own_value(name, value, rows) for name, value in values.items()}


def _own_value(name: str, value: Any, rows: int) -> Any:
    if name == "trials":
        return _trials(value, rows)
    if name in ("thresholds", "loadings"):
        return _numbers(name, value)
    return _positive_number(name, value)


def _numbers(name: str, value: Any) -> FloatArray:
    numbers = np.array(value, dtype=np.float64)
    increasing = name == "loadings" or bool((np.diff(numbers, axis=-1) > 0.0).all())
    if numbers.ndim != 1 or not numbers.size or not np.isfinite(numbers).all() or not increasing:
        order = " in increasing order" * (name == "thresholds")
        raise ValueError(f"{name} is {value!r}; it must be one or more finite numbers{order}")
    return numbers


def _positive_number(name: str, value: Any) -> float:
    if not (isinstance(value, Real) and 0.0 < float(value) < np.inf):
        raise ValueError(f"{name} is {value!r}; it must be a positive number")
    return float(value)


def _trials(value: Any, rows: int) -> NDArray[np.int64]:
    trials = np.asarray(value)
    if trials.shape not in ((), (rows,)) or trials.dtype.kind not in "iu" or (trials < 1).any():
        raise ValueError(
            f"trials is {value!r}; it must be a positive integer, or {rows} of them, one for each "
            "row"
        )
    return np.full(rows, trials, dtype=np.int64)


def _counts(observations: int | Sequence[int], groups: int) -> NDArray[np.int64]:
    counts = np.asarray(observations)
    if counts.shape not in ((), (groups,)) or counts.dtype.kind not in "iu" or (counts < 1).any():
        raise ValueError(
            f"observations is {observations!r}; it must be a positive integer, or {groups} of "
            "them, one for each group"
        )
    return np.full(groups, counts, dtype=np.int64)


def _pair(name: str, values: ArrayLike, least: float) -> FloatArray:
    try:
        pair = np.array(values, dtype=float)
    except (TypeError, ValueError):
        pair = np.empty(0)
    if pair.shape != (2,) or not np.isfinite(pair).all() or (pair < least).any():
        raise ValueError(
            f"{name} is {values!r}; it must be 2 finite numbers{', 0 or more' * (least == 0.0)}: "
            "intercept and slope"
        )
    return pair
