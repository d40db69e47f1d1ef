"""What a sampler says when a density lets it down."""

from __future__ import annotations

from ..compiling import FloatArray


class DensityError(ValueError):
    """A log density that raised, or was +inf: what happened, at which iteration, and where."""

    def __init__(self, what: str, iteration: int, theta: FloatArray) -> None:
        super().__init__(f"{what} at iteration {iteration}, theta = {theta}")
        self.iteration = iteration
        self.theta = theta
