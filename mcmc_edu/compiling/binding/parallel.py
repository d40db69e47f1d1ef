"""Densities that run in threads of their own, by ``@njit(parallel=True)``.

numba has several libraries for such threads, its *threading layers*.  One of them, ``workqueue``,
which is all that macOS often has, ends the process if two chains use it at the same time.
"""

from __future__ import annotations

import warnings
from typing import Any

import numba

from .references import reached


def is_parallel(log_density: Any) -> bool:
    """Whether a function, or one that it calls, was compiled to run in threads of its own."""
    return any(
        bool(getattr(value, "targetoptions", {}).get("parallel")) for value in reached(log_density)
    )


def threads_for(parallel: bool, wanted: int) -> int:
    """Return how many chains may run at a time: as many as `wanted`, or one.

    Warns
    -----
    UserWarning
        If it is one because two could end the process: numba's threading layer is workqueue, or
        is not known yet.
    """
    if not parallel or wanted == 1 or _layer() not in ("workqueue", None):
        return wanted
    warnings.warn(
        "log_density runs in threads of its own (parallel=True), on numba's threading layer "
        f"{_layer() or 'that is not known yet'!r}, which two chains may not use at the same time: "
        "chains run one after the other; install tbb, which allows it, or leave out parallel=True",
        stacklevel=3,
    )
    return 1


def _layer() -> str | None:
    """Name of the threading layer; None before it was used."""
    try:
        return str(numba.threading_layer())
    except ValueError:
        return None
