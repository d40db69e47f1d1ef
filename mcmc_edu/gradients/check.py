"""Check of a density's gradient against finite differences of its values.

A sampler does not notice a wrong gradient: it still runs, slowly or to the wrong place.  So the
gradient is compared with finite differences, entry by entry.  The common mistakes are named: an
entry never written, a wrong sign, a wrong factor, a forgotten Jacobian.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..compiling import (
    BoundDensity,
    FloatArray,
    ObjectModeWarning,
    bind,
    copied,
    has_single_precision,
    same_data,
)
from ..table import Table
from .differences import derivative
from .report import report

SAME, SINGLE_PRECISION = 1e-6, 1e-3
"""How far apart a density may be in plain Python and in machine code, as a share of its size: sums
are added up in another order.  The other holds where data are of 32 bits or fewer."""


@dataclass(frozen=True, eq=False)
class GradientCheck:
    """Comparison of a written gradient with finite differences; true if they agree.

    It prints as a table with a verdict on every entry, and hints if a mistake is recognised.
    """

    ok: bool
    """Whether every entry could be checked, and agrees."""
    written: FloatArray
    """The gradient as `log_density` writes it, shape (n, dim); NaN where it writes nothing."""
    differences: FloatArray
    """The gradient by differences, shape (n, dim); NaN where there is none."""
    error: FloatArray
    """Relative error, shape (n, dim): the distance of the two as a share of the larger, less
    what the differences cannot resolve."""
    verdicts: NDArray[np.str_]
    """``"ok"``, ``"wrong"``, ``"not written"``, ``"nan"``, ``"added to"`` or ``"cannot tell"``,
    shape (n, dim)."""
    worst: str
    """The entry with the largest error, as ``"grad[2]"`` or, of several points,
    ``"point 0, grad[2]"``."""
    table: Table

    def __bool__(self) -> bool:
        return self.ok

    def __str__(self) -> str:
        return str(self.table)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return self.table._repr_html_()


def check_gradient(
    log_density: Callable[..., float], theta: ArrayLike, data: Any = (), *, rtol: float = 1e-6
) -> GradientCheck:
    """Compare the gradient that a log density writes with finite differences of its values.

    Try several points, also on other scales than 1: a wrong term may be small at some points.

    Parameters
    ----------
    log_density
        ``f(theta, grad, data) -> float``, which writes its gradient into `grad`; plain Python or
        compiled.
    theta
        A point, shape (dim,), or several, (n, dim), inside the support.
    data
        As for `sample`.
    rtol
        Largest relative error of an entry that counts as agreement.

    Returns
    -------
    GradientCheck
        ``.ok``, ``.worst``, the numbers, and a table to print.

    Raises
    ------
    TypeError
        If `log_density` has no gradient.
    ValueError
        If a point is outside the support, or `log_density` writes into `theta`.

    Examples
    --------
    >>> def log_density(theta, grad, data):
    ...     grad[0] = -theta[0]
    ...     grad[1] = theta[1] / 4.0
    ...     return -theta[0] * theta[0] / 2.0 - theta[1] * theta[1] / 8.0
    >>> check = check_gradient(log_density, [1.0, 2.0])
    >>> check.ok
    False
    >>> for note in check.table.notes:
    ...     print(note)
    Wrong: 1 of 2 entries.
    grad[1] has the wrong sign.
    """
    points = _points(theta)
    if not 0.0 < rtol <= 0.1:
        raise ValueError(f"rtol is {rtol!r}; it must be above 0 and at most 0.1")
    with warnings.catch_warnings():  # how fast it runs is not the question here
        warnings.simplefilter("ignore", ObjectModeWarning)
        density = bind(log_density, data)
    if not density.has_gradient:
        raise TypeError(
            "log_density takes (theta, data) and has no gradient to check; write it as "
            "f(theta, grad, data) with grad[:] = ..., or use finite_difference(log_density)"
        )
    check_as_python(log_density, density, points[0], data, "pass one for every parameter")
    found = [_check_at(density, point, rtol) for point in points]
    written, differences, error, verdicts = (np.array(part) for part in zip(*found, strict=True))
    names = [
        f"grad[{i}]" if len(points) == 1 else f"point {k}, grad[{i}]"
        for k, i in np.ndindex(points.shape)
    ]
    worst = names[int(np.where(np.isnan(error), np.inf, error).argmax())]
    return GradientCheck(
        ok=bool((verdicts == "ok").all()),
        written=written,
        differences=differences,
        error=error,
        verdicts=verdicts,
        worst=worst,
        table=report(names, written, differences, error, verdicts),
    )


def _points(theta: ArrayLike) -> FloatArray:
    points = np.array(theta, dtype=float, ndmin=2, order="C")
    if points.ndim != 2 or points.size == 0 or np.ndim(theta) == 0:
        raise ValueError(f"theta has shape {np.shape(theta)}; it must be (dim,) or (n, dim)")
    if not np.isfinite(points).all():
        raise ValueError(f"theta is {theta!r}; every entry must be finite")
    return points


def check_as_python(
    log_density: Callable[..., float],
    density: BoundDensity,
    theta: FloatArray,
    data: Any,
    remedy: str,
) -> None:
    """Run the density once at `theta`, shape (dim,), uncompiled.

    Raises
    ------
    IndexError
        If it reaches beyond an array's end, which machine code does not notice.
    TypeError
        If it does not return a number.
    ValueError
        If it writes into theta.
    """
    point, grad, given = theta.copy(), np.zeros(theta.size), copied(data)
    arguments = (point, grad) if density.has_gradient else (point,)
    try:
        with np.errstate(all="ignore"):
            logp = getattr(log_density, "py_func", log_density)(*arguments, given)
    except IndexError as error:
        raise IndexError(
            f"log_density reaches beyond an array ({error}); theta has {theta.size} entries: "
            f"{remedy}"
        ) from None
    except Exception:  # what else plain Python objects to, such as log(0), compiled code may not
        return
    if np.shape(logp) != () or np.asarray(logp).dtype.kind not in "biuf":
        got = f"shape {np.shape(logp)}" if np.shape(logp) else type(logp).__name__
        raise TypeError(f"log_density returns {got}; it must return one number")
    if (point != theta).any():
        raise ValueError("log_density writes into theta, which belongs to the sampler: copy it")
    if density.mode == "compiled":
        # numba and `writes_anyway` know of all the writing that we know of
        if not (density.copies_data or same_data(given, data)):
            raise ValueError(
                "log_density writes into its data, which all chains share: make the array that it "
                "writes into inside, with np.empty"
            )
        _compare(density, theta, float(logp), grad, data)


def _compare(
    density: BoundDensity, theta: FloatArray, logp: float, grad: FloatArray, data: Any
) -> None:
    """Refuse a density whose value or gradient differs between machine code and Python."""
    written = np.zeros(theta.size)
    try:
        compiled = density.with_gradient(theta.copy(), written)
        if density(theta) != compiled:  # random, as an estimate of a likelihood is
            return
    except Exception:  # which is told where it is sampled
        return
    plain = -math.inf if math.isnan(logp) else logp
    rtol = SINGLE_PRECISION if has_single_precision(data) else SAME
    apart = {"the log density": (plain, compiled)}
    if density.has_gradient and np.isfinite(grad).all() and np.isfinite(written).all():
        i = int(np.abs(grad - written).argmax())
        scale = max(np.abs(grad).max(), np.abs(written).max())
        if abs(grad[i] - written[i]) > rtol * (1.0 + scale):
            apart[f"grad[{i}]"] = (float(grad[i]), float(written[i]))
    if plain == compiled or abs(plain - compiled) <= rtol * (1.0 + max(abs(plain), abs(compiled))):
        del apart["the log density"]
    for what, (as_written, in_machine_code) in apart.items():
        raise ValueError(
            f"{what} at theta = {theta} is {as_written:.10g} in plain Python and "
            f"{in_machine_code:.10g} compiled; in machine code integers have 64 bits and wrap "
            "around, and short ones do not: compute with floats, such as float(n) ** 20 or "
            "np.asarray(x, dtype=float)"
        )


def _check_at(
    density: BoundDensity, point: FloatArray, rtol: float
) -> tuple[FloatArray, FloatArray, FloatArray, list[str]]:
    """Compare at one point: written, differences, relative error, verdicts."""
    logp, written, state = written_gradient(density, point)
    if not math.isfinite(logp):
        raise ValueError(
            f"theta is {point}, where the log density is {logp} (or NaN); check the gradient at a "
            "point where the density is positive and finite"
        )
    differences, doubt = np.array([_difference(density, point, i) for i in range(point.size)]).T
    size = np.fmax(np.abs(written), np.abs(differences))
    distance = np.abs(written - differences)
    with np.errstate(invalid="ignore", divide="ignore"):
        error = np.where(distance == 0.0, 0.0, distance / (size + doubt / rtol))
    # An error of the differences hides nothing if it is below rtol, or next to nothing at all.
    negligible = 1e-9 * (1.0 + abs(logp)) / (1.0 + np.abs(point))
    resolved = (doubt <= rtol * size) | (doubt <= negligible)
    verdicts = [
        state[i] or ("cannot tell" if not resolved[i] else "ok" if error[i] <= rtol else "wrong")
        for i in range(point.size)
    ]
    return written, differences, error, verdicts


def written_gradient(
    density: BoundDensity, point: FloatArray
) -> tuple[float, FloatArray, list[str]]:
    """Return the value, the gradient, and the fault of each gradient entry.

    Faults are "not written", "added to" (the previous content), "nan", or "" for none.  `grad`
    holds NaN at first.  A second call with another number in `grad` separates entries that were
    not written from entries written as NaN.
    """
    grad, again = np.full(point.size, np.nan), np.full(point.size, 0.75)
    logp = density.with_gradient(point.copy(), grad)
    density.with_gradient(point.copy(), again)
    state = []
    for first, second in zip(grad, again, strict=True):
        if first == first:
            state.append("")
        elif second != second:
            state.append("nan")
        else:
            state.append("not written" if second == 0.75 else "added to")
    return logp, grad, state


def _difference(density: BoundDensity, point: FloatArray, i: int) -> tuple[float, float]:
    moved, unused = point.copy(), np.empty(point.size)

    def along(x: float) -> float:
        moved[i] = x
        return density.with_gradient(moved, unused)

    return derivative(along, float(point[i]))
