"""Log densities that a submission is given, made in its own process from a description.

A description is a dict with a `kind` and numbers; the grader's expected values are not in it.  Each
density counts how often it is called, and can be asked to keep where.
This file runs in the process of the submission and imports NumPy alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

Function = Callable[..., Any]


class Counted:
    """A function of theta that counts its calls and keeps the first places where it was called."""

    def __init__(self, function: Function, count: Function, keep: int = 0) -> None:
        self._function, self._count, self._keep = function, count, keep
        self.calls = 0
        self.places: list[Any] = []

    def __call__(self, theta: Any) -> Any:
        """Call the function."""
        self.calls += 1
        self._count()
        if len(self.places) < self._keep:
            self.places.append(np.array(theta, dtype=float, copy=True))
        return self._function(theta)

    @property
    def alike(self) -> bool:
        """Whether all places that were kept have one shape."""
        return len({place.shape for place in self.places}) == 1


def log_density(description: dict[str, Any]) -> Function:
    """Return ``f(theta) -> float``, the log density of a description."""
    return _MAKERS[description["kind"]](description)


def gradient(description: dict[str, Any]) -> Function:
    """Return ``f(theta) -> array (dim,)``, the gradient of the log density of a description."""
    return _GRADIENTS[description["kind"]](description)


def _point(theta: Any, dim: int = 1, name: str = "log_density") -> Any:
    """Return theta as an array, if it has as many entries as there are unknowns."""
    point = np.atleast_1d(np.asarray(theta, dtype=float))
    if point.shape != (dim,):
        raise ValueError(f"{name} is given an array of shape {point.shape}; it takes ({dim},)")
    return point


def _normal(description: dict[str, Any]) -> Function:
    """Return a normal with a mean and a precision matrix, times any constant."""
    mean, precision = description["mean"], description["precision"]
    constant = description.get("constant", 0.0)

    def f(theta: Any) -> float:
        away = _point(theta, len(mean)) - mean
        return float(constant - 0.5 * away @ precision @ away)

    return f


def _normal_gradient(description: dict[str, Any]) -> Function:
    mean, precision = description["mean"], description["precision"]

    def f(theta: Any) -> Any:
        _point(theta, len(mean), "gradient")
        away = np.asarray(theta, dtype=float) - mean
        return -(precision @ np.atleast_1d(away)).reshape(np.shape(away))

    return f


def _steps(description: dict[str, Any]) -> Function:
    """Return a density of one unknown, constant between edges and zero outside them."""
    edges, logs = description["edges"], description["log_heights"]

    def f(theta: Any) -> float:
        x = float(_point(theta)[0])
        place = int(np.searchsorted(edges, x, side="right")) - 1
        return float(logs[place]) if 0 <= place < len(logs) else -math.inf

    return f


def _steps_gradient(description: dict[str, Any]) -> Function:
    return lambda theta: np.zeros(np.shape(theta))


def _gamma(description: dict[str, Any]) -> Function:
    """Return a gamma with shape and rate of each positive unknown."""
    shape, rate = description["shape"], description["rate"]
    constant = description.get("constant", 0.0)

    def f(theta: Any) -> float:
        x = _point(theta, len(shape))
        if not (x > 0.0).all():
            return -math.inf
        return float(constant + ((shape - 1.0) * np.log(x) - rate * x).sum())

    return f


def _mixture(description: dict[str, Any]) -> Function:
    """Return a mixture of normals of one unknown."""
    weights, means, sds = (description[name] for name in ("weights", "means", "sds"))

    def f(theta: Any) -> float:
        z = (float(_point(theta)[0]) - means) / sds
        return float(np.log((weights / sds * np.exp(-0.5 * z * z)).sum() + 1e-300))

    return f


def _mixture_gradient(description: dict[str, Any]) -> Function:
    weights, means, sds = (description[name] for name in ("weights", "means", "sds"))

    def f(theta: Any) -> Any:
        x = np.asarray(theta, dtype=float)
        z = (float(x.reshape(-1)[0]) - means) / sds
        parts = weights / sds * np.exp(-0.5 * z * z)
        return np.full(x.shape, -(parts * z / sds).sum() / (parts.sum() + 1e-300))

    return f


_MAKERS = {"normal": _normal, "steps": _steps, "gamma": _gamma, "mixture": _mixture}
_GRADIENTS = {"normal": _normal_gradient, "mixture": _mixture_gradient, "steps": _steps_gradient}
