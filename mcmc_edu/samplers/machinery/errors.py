"""What a sampler says when a density lets it down."""

from __future__ import annotations

from typing import Any

from ...compiling import FloatArray

INFINITE = "the log density is +inf (it must be finite or -inf: look for an overflow)"


class DensityError(ValueError):
    """A log density that raised, or was +inf: what happened, at which iteration, and where.

    `me.sample` leaves the draws of all chains until then in `draws`; None if there are none.
    """

    draws: Any = None

    def __init__(self, what: str, iteration: int, theta: FloatArray) -> None:
        super().__init__(f"{what} at iteration {iteration}, theta = {theta}")
        self.what = what
        self.iteration = iteration
        self.theta = theta

    def __reduce__(self) -> Any:
        """Let it come back from another process."""
        return DensityError, (self.what, self.iteration, self.theta), {"args": self.args}

    def of_chain(self, k: int) -> DensityError:
        """Return the error with the number of its chain in front."""
        error = DensityError(self.what, self.iteration, self.theta)
        error.args = (f"chain {k}: {self}",)
        error.__cause__ = self.__cause__
        return error
