"""What draws need to be continued: where their chains ended, and the density they are of.

The ends of the chains are plain data, and are saved with the draws.  A log density is code, and is
not: it is given again for draws that were read from a file.  `Draws.extend` calls the driver, which
this room may not import and which therefore registers itself here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar

Driver = TypeVar("Driver", bound=Callable[..., Any])


class Source(NamedTuple):
    """What draws were made from and no file keeps: see the arguments of `mcmc_edu.sample`."""

    log_density: Callable[..., float]
    data: Any
    natural: Callable[..., Mapping[str, Any]] | None


End = Mapping[str, Any]
"""Identity of a run, and of each chain: its state (``snapshots``), states that it has been in
(``visited``), what it made beyond the draws if the run was interrupted (``ahead``), and at which
iterations it diverged (``diverged``: in warm-up if that was kept, and after it)."""

_drivers: list[Callable[..., Any]] = []


def driver(function: Driver) -> Driver:
    """Let `Draws.extend` call this function."""
    _drivers[:] = [function]
    return function


def extend(draws: Any, n: int, **given: Any) -> Any:
    """Add draws: see `Draws.extend`."""
    return _drivers[0](draws, n, **given)
