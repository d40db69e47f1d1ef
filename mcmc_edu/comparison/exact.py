"""The exact posterior by quadrature: what every sampler's answer is compared with.

Given the standard deviations everything in the three models is normal, so that means, variances
and p(y | scales) are closed forms (`conditional_normal`).  What is left is an integral over three
standard deviations, or over one.  No random numbers, and an error that a finer grid tells.

Source: the model is Bølstad's (2018), *The Benefits of Bayesian Hierarchical Modeling*; the method
is that of Gelman et al. (2013), *Bayesian Data Analysis*, 3rd ed., section 5.4.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from ..compiling import FloatArray
from ..datasets import GroupedData
from ..models.post import LIMIT, SCALE_UPPER
from ..table import Table
from .conditional_normal import LineSummaries, NormalGivenSds, line_summaries
from .errors import least_squares, least_squares_by_group, line_inside_prior, lines_inside_prior
from .quadrature import Grid, LogDensity, find_box, on_grid

SIZES = (20, 26, 36, 50, 70)
"""Points an axis: the next size is taken until two agree."""
TOLERANCE = 5e-6
"""What they may differ in, relative to the posterior sd; the finer of the two is far better."""
NEGLIGIBLE_WEIGHT = 1e-15
"""Of a point of the grid, where the effects' moments are not worth computing."""


class Moments(NamedTuple):
    """Posterior mean and sd, numbers or arrays."""

    mean: float | FloatArray
    sd: float | FloatArray


@dataclass(frozen=True, eq=False)
class Exact:
    """Exact posterior means and sds; ``exact["sigma"].mean``, ``exact["alpha"].sd``."""

    pooling: str
    """``"partial"``, ``"none"`` or ``"complete"``."""
    names: list[str]
    """Name of each quantity."""
    mean: FloatArray = field(repr=False)
    """Posterior mean of each, shape (quantities,)."""
    sd: FloatArray = field(repr=False)
    """Posterior sd of each, shape (quantities,)."""
    log_evidence: float
    """log p(y), with every constant."""
    error: float
    """What a finer grid changes: in a mean or sd, in units of the sd, or in `log_evidence`."""

    def __getitem__(self, name: str) -> Moments:
        """Moments of one quantity, or of all groups' for the stems ``"alpha"`` and ``"beta"``."""
        if name in self.names:
            i = self.names.index(name)
            return Moments(float(self.mean[i]), float(self.sd[i]))
        found = [i for i, n in enumerate(self.names) if n.startswith(f"{name}[")]
        if not found:
            raise KeyError(f"no quantity {name!r}; there are {', '.join(self.names)}")
        return Moments(self.mean[found], self.sd[found])

    def table(self) -> Table:
        """Means and sds as a table."""
        return Table(
            {
                name: {"mean": float(mean), "sd": float(sd)}
                for name, mean, sd in zip(self.names, self.mean, self.sd, strict=True)
            },
            formats={"mean": ".6f", "sd": ".6f"},
            notes=(
                f"{self.pooling} pooling, exact by quadrature; log p(y) = {self.log_evidence:.6f};"
                f" numerical error {self.error:.0e} of an sd.",
            ),
        )

    def __str__(self) -> str:
        return str(self.table())

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def exact(data: GroupedData, pooling: str = "partial") -> Exact:
    """Integrate the posterior instead of sampling from it.

    Parameters
    ----------
    data
        Observations of at least two groups.
    pooling
        ``"partial"``, ``"none"`` or ``"complete"``: the three models of `models.textbook`.  For
        ``"none"`` and ``"complete"`` the prior U(-100, 100) is taken as flat: its ends must be far
        from the posterior.

    Raises
    ------
    ValueError
        If `pooling` is none of the three, a flat prior leaves a line undetermined or cuts its
        posterior off, or there is no noise in the data.
    ArithmeticError
        If the integral does not converge.

    Examples
    --------
    >>> from mcmc_edu.datasets import boelstad
    >>> answer = exact(boelstad())
    >>> round(answer["sigma_alpha"].mean, 6)
    0.568426
    """
    models = {"partial": _partial, "none": _none, "complete": _complete}
    if pooling not in models:
        raise ValueError(
            f"pooling is {pooling!r}; it must be one of {', '.join(map(repr, models))}"
        )
    return models[pooling](data)


class _Answer(NamedTuple):
    """All moments by one grid."""

    mean: FloatArray
    variance: FloatArray
    log_evidence: float


def _converged(pooling: str, names: list[str], answers: Iterator[_Answer]) -> Exact:
    """Take finer grids until two agree."""
    last, error = next(answers), np.inf
    for answer in answers:
        sd = np.sqrt(answer.variance)
        changes = [
            np.abs(answer.mean - last.mean) / sd,
            np.abs(np.sqrt(last.variance) / sd - 1.0),
            np.array([abs(answer.log_evidence - last.log_evidence)]),
        ]
        error, last = float(np.concatenate(changes).max()), answer
        if error < TOLERANCE:
            return Exact(pooling, names, last.mean, sd, last.log_evidence, error)
    raise ArithmeticError(
        f"the integral has not converged: the finest grid still changes it by {error:.1e} of an sd"
    )


def _grids(log_density: LogDensity, data: LineSummaries, dims: int) -> Iterator[Grid]:
    """Grids of every size over the box where the posterior is."""
    noise = math.sqrt(data.rss / data.observations)
    smallest = 1e-3 * SCALE_UPPER
    if noise > 0.0:
        smallest = max(1e-3 * smallest, min(smallest, 0.3 * noise))
    box = find_box(log_density, SCALE_UPPER, dims, smallest)
    for n in SIZES:
        yield on_grid(log_density, box, n)


def _names(*stems: str, groups: int) -> list[str]:
    return [*stems, *(f"{stem}[{j}]" for stem in ("alpha", "beta") for j in range(groups))]


def _partial(data: GroupedData) -> Exact:
    summary = line_summaries(data)
    _check_noise(summary, int(np.maximum(np.bincount(data.group) - 2, 0).sum()))
    given = NormalGivenSds(summary)

    def answers() -> Iterator[_Answer]:
        for grid in _grids(given.log_evidence, summary, 3):
            scale_mean = grid.points @ grid.weights
            scale_variance = (grid.points - scale_mean[:, np.newaxis]) ** 2 @ grid.weights
            counts = grid.weights > NEGLIGIBLE_WEIGHT
            mean, variance = given.moments(grid.points[:, counts], grid.weights[counts])
            yield _Answer(
                np.concatenate([mean[:2], scale_mean, mean[2:]]),
                np.concatenate([variance[:2], scale_variance, variance[2:]]),
                grid.log_integral - 3.0 * math.log(SCALE_UPPER),
            )

    stems = ("mu_alpha", "mu_beta", "sigma_alpha", "sigma_beta", "sigma")
    return _converged("partial", _names(*stems, groups=data.groups), answers())


def _none(data: GroupedData) -> Exact:
    found = least_squares_by_group(data)
    if found is None:
        raise ValueError(
            f"no line is determined for {', '.join(data.without_own_line())}: a flat prior needs "
            'two different values of x in every group; use pooling="partial"'
        )
    _check_ends(lines_inside_prior(data, *found), "no_pooling")
    names = [f"{stem}[{j}]" for stem in ("alpha", "beta") for j in range(data.groups)]
    return _flat("none", names, line_summaries(data))


def _complete(data: GroupedData) -> Exact:
    least_squares(data)  # refuses a constant x
    _check_ends(line_inside_prior(data), "complete_pooling")
    return _flat("complete", ["alpha", "beta"], line_summaries(data, one_line=True))


def _check_ends(inside: bool, model: str) -> None:
    if not inside:
        raise ValueError(
            "the ends of the prior U(-100, 100) are not far from the posterior, and the exact "
            "answer is for a flat one; express y or x in other units, or sample from "
            f"me.models.{model}(data)"
        )


def _check_noise(data: LineSummaries, freedom: int) -> None:
    """Refuse rows that lie on their lines though they need not: p(y) is infinite."""
    if freedom > 0 and data.rss <= 1e-20 * float((data.outcome**2).sum()):
        raise ValueError("y lies on the lines exactly; without noise sigma is 0: look at the data")


def _flat(pooling: str, names: list[str], data: LineSummaries) -> Exact:
    """Flat coefficients: given sigma normal around least squares, which leaves p(sigma | y).

    With P coefficients, log p(y | sigma) = -(N - P) log sigma - rss / (2 sigma^2) + constant.
    """
    qr_r, outcome = np.moveaxis(data.qr_r, 2, 0), data.outcome.T[..., np.newaxis]
    estimates = np.linalg.solve(qr_r, outcome)[..., 0].T.ravel()
    inverse = np.linalg.inv(qr_r)
    unit_variances = (inverse * inverse).sum(axis=2).T.ravel()  # diagonal of (R' R)^-1
    freedom = data.observations - estimates.size
    _check_noise(data, freedom)

    def log_density(points: FloatArray) -> FloatArray:
        sigma = points[0]
        return np.asarray(-freedom * np.log(sigma) - 0.5 * data.rss / (sigma * sigma))

    constant = -0.5 * freedom * math.log(2.0 * math.pi) - np.log(np.abs(np.linalg.det(qr_r))).sum()
    constant -= estimates.size * math.log(2.0 * LIMIT) + math.log(SCALE_UPPER)

    def answers() -> Iterator[_Answer]:
        for grid in _grids(log_density, data, 1):
            sigma = grid.points[0]
            mean = float(sigma @ grid.weights)
            variance = float((sigma - mean) ** 2 @ grid.weights)
            spread = (mean * mean + variance) * unit_variances
            yield _Answer(
                np.append(estimates, mean),
                np.append(spread, variance),
                grid.log_integral + constant,
            )

    return _converged(pooling, [*names, "sigma"], answers())
