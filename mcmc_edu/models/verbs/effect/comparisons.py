"""How an average under one treatment is compared with that under another, within each draw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ....compiling import FloatArray

Compare = Callable[[FloatArray, FloatArray], Any]
"""``f(high, low)``, averages of shape (chain, draw, row) each, to the same shape."""


@dataclass(frozen=True)
class Comparison:
    """A way to compare two averages."""

    name: str
    compare: Compare
    text: str
    """What is compared, with places for high and low."""
    nothing: float = 0.0
    """Its value where the treatment does nothing."""
    positive: bool = False
    """Whether both averages must be above 0."""

    def __call__(self, high: FloatArray, low: FloatArray) -> FloatArray:
        """Compare averages draw by draw.

        Raises
        ------
        ValueError
            If an average is not above 0 where it must be; or a user's function gives another shape.
        """
        least = min(float(high.min()), float(low.min()))
        if self.positive and least <= 0.0:
            raise ValueError(
                f"comparison={self.name!r}: expected averages above 0, and the least of a draw is "
                f"{least:.3g}. Take comparison='difference'"
            )
        found = np.asarray(self.compare(high, low), dtype=float)
        if found.shape != high.shape:
            raise ValueError(
                f"comparison={self.name}: expected values of shape {high.shape}, one for each "
                f"average, and it returned {found.shape}. Compare entry by entry"
            )
        return found

    def contrast(self, high: Any, low: Any) -> str:
        """Name what is compared."""
        return self.text.format(high=high, low=low)


KNOWN = {
    one.name: one
    for one in (
        Comparison("difference", lambda high, low: high - low, "{high} - {low}"),
        Comparison("ratio", lambda high, low: high / low, "{high} / {low}", 1.0, True),
        Comparison(
            "lift", lambda high, low: high / low - 1.0, "({high} - {low}) / {low}", 0.0, True
        ),
    )
}


def comparison_of(given: str | Compare) -> Comparison:
    """Return the comparison of a name, or of a function of the user's.

    Raises
    ------
    ValueError
        If it is neither.
    """
    if isinstance(given, str) and given in KNOWN:
        return KNOWN[given]
    if callable(given):
        name = getattr(given, "__name__", "f")
        return Comparison(
            name, given, "f({high}, {low})" if name == "<lambda>" else name + "({high}, {low})"
        )
    known = ", ".join(map(repr, KNOWN))
    raise ValueError(f"comparison={given!r}: expected {known} or a function f(high, low)")
