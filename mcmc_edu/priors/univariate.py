"""Priors as a user writes them: `Normal(0, 2.5)`, `HalfT(3, 1)`, ...

Coefficients take `Normal`, `StudentT`, `Cauchy`, `Uniform` or `Flat`; standard deviations and other
positive parameters `HalfNormal`, `HalfT`, `HalfCauchy`, `Exponential`, `Gamma` or `Uniform` from 0,
and phi and shape `Overdispersion` too; priors of several parameters together are in `joint`.

With ``autoscale=True`` a prior is meant for data in units of their own: its scale is multiplied by
sd(y) / sd(x), in the manner of rstanarm.

Source: B. Goodrich, J. Gabry, I. Ali, S. Brilleman, *rstanarm*, for defaults and decov;
A. Gelman (2006), *Bayesian Analysis* 1, 515-534, for priors of standard deviations.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from typing import ClassVar, Self

import numpy as np

from ..compiling import FloatArray
from ..densities import priors as kinds


def row_of(kind: float, *numbers: float) -> FloatArray:
    """Return a prior's row for the compiled densities: kind, parameters and constant."""
    row = np.zeros(5)
    row[: 1 + len(numbers)] = kind, *numbers
    row[4] = kinds.log_constant(row)
    return row


@dataclass(frozen=True)
class Prior:
    """Base class of priors: checked parameters, units, and a row for the compiled density."""

    kind: ClassVar[float]
    """Number in `densities.priors`."""
    locations: ClassVar[tuple[str, ...]] = ()
    """Fields that are a location on the axis, any finite number; all others are positive."""
    scales: ClassVar[tuple[str, ...]] = ()
    """Fields that are a distance on the axis."""

    def __post_init__(self) -> None:
        for name, value in self.numbers().items():
            is_location = name in self.locations
            if not (math.isfinite(value) and (is_location or value > 0.0)):
                allowed = "finite" if is_location else "positive and finite"
                raise ValueError(
                    f"{name} of {type(self).__name__} is {value}; it must be {allowed}"
                )

    def numbers(self) -> dict[str, float]:
        """Return the parameters by name, in order."""
        named = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "autoscale"}
        return {name: float(value) for name, value in named.items()}

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}({', '.join(f'{v + 0.0:.4g}' for v in self.numbers().values())})"
        )

    def in_units(self, unit: float, origin: float = 0.0) -> Self:
        """Return the prior of (parameter - origin) / unit."""
        numbers = self.numbers()
        changed = {name: numbers[name] / unit for name in self.scales}
        changed |= {name: (numbers[name] - origin) / unit for name in self.locations}
        return replace(self, **changed)

    def row(self) -> FloatArray:
        """Return the row that `location_prior` and `scale_prior` read, shape (5,)."""
        return row_of(self.kind, *self.numbers().values())

    @property
    def autoscales(self) -> bool:
        """Whether the prior's scale is multiplied by the scale of the data."""
        return getattr(self, "autoscale", False)


@dataclass(frozen=True, repr=False)
class Normal(Prior):
    """Normal distribution of a coefficient."""

    location: float = 0.0
    scale: float = 2.5
    autoscale: bool = False

    kind = kinds.NORMAL
    locations, scales = ("location",), ("scale",)

    def draw(self, rng: np.random.Generator, size: int) -> FloatArray:
        """Draw from the prior, shape (size,)."""
        return rng.normal(self.location, self.scale, size)


@dataclass(frozen=True, repr=False)
class StudentT(Prior):
    """Student's t distribution of a coefficient."""

    df: float = 3.0
    location: float = 0.0
    scale: float = 2.5
    autoscale: bool = False

    kind = kinds.STUDENT_T
    locations, scales = ("location",), ("scale",)

    def draw(self, rng: np.random.Generator, size: int) -> FloatArray:
        """Draw from the prior, shape (size,)."""
        return self.location + self.scale * rng.standard_t(self.df, size)


@dataclass(frozen=True, repr=False)
class Cauchy(Prior):
    """Cauchy distribution of a coefficient."""

    location: float = 0.0
    scale: float = 2.5
    autoscale: bool = False

    locations, scales = ("location",), ("scale",)

    def row(self) -> FloatArray:
        """Return the row of Student's t with one degree of freedom."""
        return row_of(kinds.STUDENT_T, 1.0, self.location, self.scale)

    def draw(self, rng: np.random.Generator, size: int) -> FloatArray:
        """Draw from the prior, shape (size,)."""
        return self.location + self.scale * rng.standard_cauchy(size)


@dataclass(frozen=True, repr=False)
class Uniform(Prior):
    """Uniform distribution from `low` to `high`; for a standard deviation, from 0."""

    low: float
    high: float

    kind = kinds.UNIFORM
    locations = ("low", "high")

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.low < self.high:
            raise ValueError(f"high of Uniform is {self.high}; it must be above low, {self.low}")

    def row_of_scale(self) -> FloatArray:
        """Return the row that `scale_prior` reads."""
        if self.low != 0.0:
            raise ValueError(f"low of Uniform is {self.low}; a standard deviation's must be 0")
        return row_of(kinds.UNIFORM_SCALE, self.high)

    def draw(self, rng: np.random.Generator, size: int) -> FloatArray:
        """Draw from the prior, shape (size,)."""
        return rng.uniform(self.low, self.high, size)


@dataclass(frozen=True, repr=False)
class Flat(Prior):
    """Improper flat prior, 1 everywhere, which cannot be drawn from."""

    kind = kinds.FLAT


@dataclass(frozen=True, repr=False)
class HalfNormal(Prior):
    """Half-normal distribution of a standard deviation: that of |N(0, scale)|."""

    scale: float = 1.0
    autoscale: bool = False

    kind = kinds.HALF_NORMAL
    scales = ("scale",)

    def draw(self, rng: np.random.Generator, size: int) -> FloatArray:
        """Draw from the prior, shape (size,)."""
        return np.abs(rng.normal(0.0, self.scale, size))


@dataclass(frozen=True, repr=False)
class HalfT(Prior):
    """Half-t distribution of a standard deviation: that of |t_df(0, scale)|."""

    df: float = 3.0
    scale: float = 2.5
    autoscale: bool = False

    kind = kinds.HALF_T
    scales = ("scale",)

    def draw(self, rng: np.random.Generator, size: int) -> FloatArray:
        """Draw from the prior, shape (size,)."""
        return np.abs(self.scale * rng.standard_t(self.df, size))


@dataclass(frozen=True, repr=False)
class HalfCauchy(Prior):
    """Half-Cauchy distribution of a standard deviation: that of |Cauchy(0, scale)|."""

    scale: float = 1.0
    autoscale: bool = False

    scales = ("scale",)

    def row(self) -> FloatArray:
        """Return the row of half-t with one degree of freedom."""
        return row_of(kinds.HALF_T, 1.0, self.scale)

    def draw(self, rng: np.random.Generator, size: int) -> FloatArray:
        """Draw from the prior, shape (size,)."""
        return np.abs(self.scale * rng.standard_cauchy(size))


@dataclass(frozen=True, repr=False)
class Exponential(Prior):
    """Exponential distribution, mean 1 / rate."""

    rate: float = 1.0
    autoscale: bool = False

    kind = kinds.EXPONENTIAL

    def in_units(self, unit: float, origin: float = 0.0) -> Exponential:
        """Return the prior of parameter / unit."""
        return replace(self, rate=self.rate * unit)

    def draw(self, rng: np.random.Generator, size: int) -> FloatArray:
        """Draw from the prior, shape (size,)."""
        return rng.exponential(1.0 / self.rate, size)


@dataclass(frozen=True, repr=False)
class Gamma(Prior):
    """Gamma distribution, mean shape / rate."""

    shape: float = 2.0
    rate: float = 0.1

    kind = kinds.GAMMA

    def in_units(self, unit: float, origin: float = 0.0) -> Gamma:
        """Return the prior of parameter / unit."""
        return replace(self, rate=self.rate * unit)

    def draw(self, rng: np.random.Generator, size: int) -> FloatArray:
        """Draw from the prior, shape (size,)."""
        return rng.gamma(self.shape, 1.0 / self.rate, size)


@dataclass(frozen=True, repr=False)
class Overdispersion(Prior):
    """Prior of phi such that 1 / sqrt(phi) is Exponential(rate).

    1 / sqrt(phi) is about the sd of the log rate among rows with equal predictors.  It has the same
    unit as every other sd of a model of counts.
    """

    rate: float = 1.0

    kind = kinds.GAMMA_OF_POWER

    def in_units(self, unit: float, origin: float = 0.0) -> Overdispersion:
        """Return the prior of parameter / unit."""
        return replace(self, rate=self.rate / math.sqrt(unit))

    def row(self) -> FloatArray:
        """Return the row of a gamma distribution of the power -1/2."""
        return row_of(self.kind, 1.0, self.rate, 0.5)

    def draw(self, rng: np.random.Generator, size: int) -> FloatArray:
        """Draw from the prior, shape (size,)."""
        return np.asarray(rng.exponential(1.0 / self.rate, size) ** -2.0)


LOCATION = (Normal, StudentT, Cauchy, Uniform, Flat)
"""Priors that a coefficient may have."""
UNBOUNDED = (Normal, StudentT, Cauchy, Flat)
"""Priors that a threshold may have: those of a coefficient that allow every number."""
SCALE = (HalfNormal, HalfT, HalfCauchy, Exponential, Gamma, Uniform)
"""Priors that a standard deviation may have."""


def scale_row(prior: Prior) -> FloatArray:
    """Return the row that `scale_prior` reads."""
    return prior.row_of_scale() if isinstance(prior, Uniform) else prior.row()
