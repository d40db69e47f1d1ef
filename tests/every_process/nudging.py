"""Another machine: results of `numpy.linalg` and `scipy.linalg` off by a unit in the last place.

LAPACK's last digit depends on the processor and the library.  Chains that start there go another
way, and no test may depend on it.
"""

import functools
import os
from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.linalg

VARIABLE = "MCMC_EDU_NUDGE"
"""The environment variable by which processes are told: the machine's number, from 1."""

ARRANGING = {"block_diag", "diagonal", "matrix_transpose", "toeplitz"}
"""Functions that move numbers and compute none."""


def nudged(found: Any) -> Any:
    """Take the next floating-point number, up or down, in the place of each, in tuples too.

    Integers stay, and the zeros and ones of triangles, permutations and signs.  Equal numbers go
    the same way, and which way that is depends on the number of the machine.
    """
    if isinstance(found, tuple):
        moved = map(nudged, found)
        return type(found)(*moved) if hasattr(found, "_fields") else tuple(moved)
    if np.iscomplexobj(found):
        return nudged(np.real(found)) + 1j * nudged(np.imag(found))
    values = np.asarray(found)
    if values.dtype.kind != "f":
        return found
    with np.errstate(invalid="ignore"):
        scale = 2.0 ** (19 + int(os.environ.get(VARIABLE) or 1))
        bits = np.frexp(values)[0] * scale % 2.0  # from 0 to 2, as good as at random
    moved = np.asarray(np.nextafter(values, np.copysign(np.inf, 1.0 - bits)))
    np.copyto(moved, values, where=np.isin(abs(values), [0.0, 1.0]) | ~np.isfinite(values))
    return moved if isinstance(found, np.ndarray) else type(found)(moved)


def nudging(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make the same function with its results nudged."""

    @functools.wraps(function)
    def other(*arguments: Any, **options: Any) -> Any:
        return nudged(function(*arguments, **options))

    other.is_nudging = True  # type: ignore[attr-defined]
    return other


def install() -> None:
    """Nudge all public functions of both modules from now on; a second time does nothing."""
    for module in (np.linalg, scipy.linalg):
        for name in set(module.__all__) - ARRANGING:
            function = getattr(module, name)
            known = isinstance(function, type) or hasattr(function, "is_nudging")
            if callable(function) and not known:
                setattr(module, name, nudging(function))
