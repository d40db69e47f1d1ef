"""Functions that give inf or nan, compiled or not, where plain Python raises."""

from __future__ import annotations

import math

from .entries import compiled


@compiled
def log(x: float) -> float:
    """Natural logarithm: -inf at 0, nan below."""
    if x > 0.0:
        return math.log(x)
    return -math.inf if x == 0.0 else math.nan


@compiled
def exp(x: float) -> float:
    """Exponential: inf where it overflows."""
    return math.inf if x > 709.782712893384 else math.exp(x)


@compiled
def sqrt(x: float) -> float:
    """Square root: nan below 0."""
    return math.sqrt(x) if x >= 0.0 else math.nan


@compiled
def nan_to_minus_inf(logp: float) -> float:
    """Let no NaN through: the one gate, between every density and every sampler."""
    return logp if logp == logp else -math.inf
