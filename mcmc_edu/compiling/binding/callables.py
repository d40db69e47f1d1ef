"""A bound log density as functions of theta alone: for samplers that a user writes."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from ..entries import FloatArray
from ..private import ONE_SIGNATURE, UNCOMPILED, add_method
from .bound import BoundDensity


class LogDensity:
    """A log density with its data bound: ``log_density(theta)``.

    If the density has a gradient there is ``log_density.value_and_gradient(theta)``, too, which
    returns both.
    """

    def __init__(self, density: BoundDensity) -> None:
        self._density = density
        if density.has_gradient:
            self.value_and_gradient = self._value_and_gradient

    def __call__(self, theta: FloatArray) -> float:
        """Log density at theta, shape ``(dim,)``; -inf where it is NaN."""
        return self._density.with_gradient(theta, np.empty(np.size(theta)))

    def _value_and_gradient(self, theta: FloatArray) -> tuple[float, FloatArray]:
        """Log density at theta and its gradient, shape ``(dim,)``, a new array."""
        gradient = np.empty(np.size(theta))
        return self._density.with_gradient(theta, gradient), gradient

    def __getattr__(self, name: str) -> Any:
        if name == "value_and_gradient":
            raise AttributeError(
                "the log density has no gradient; write f(theta, grad, data) that fills grad, or "
                "pass me.finite_difference(log_density)"
            )
        raise AttributeError(f"the log density has no attribute {name!r}")


def is_compiled(function: Any) -> bool:
    """Whether a function is machine code, which calls machine code only."""
    return hasattr(function, "py_func")


def log_density_for(step: Any, density: BoundDensity) -> Any:
    """Return what a step calls: a `LogDensity`, or machine code if the step is compiled."""
    if UNCOMPILED or not is_compiled(step) or not ONE_SIGNATURE.works:
        return LogDensity(density)
    adapter, slots = density.adapter, tuple(density.packed.tolist()) or (0,)

    def log_density(theta: FloatArray) -> Any:
        return adapter(theta, np.empty(theta.size), np.array(slots))

    def value_and_gradient(theta: FloatArray) -> Any:
        gradient = np.empty(theta.size)
        logp = adapter(theta, gradient, np.array(slots))
        return logp, gradient

    made: Any = numba.njit(log_density)
    if density.has_gradient:
        made.value_and_gradient = numba.njit(value_and_gradient)
        add_method(made, "value_and_gradient", made.value_and_gradient)
    made.kept_alive = density
    return made
