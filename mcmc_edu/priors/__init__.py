"""Priors, as a user writes them.

univariate    of one coefficient, one sd, one own parameter
joint         of several at once: correlations, covariances, the horseshoe
"""

from typing import TYPE_CHECKING

from .._lazy import later
from .univariate import (
    Cauchy,
    Exponential,
    Flat,
    Gamma,
    HalfCauchy,
    HalfNormal,
    HalfT,
    Normal,
    Overdispersion,
    Prior,
    StudentT,
    Uniform,
)

if TYPE_CHECKING:
    from .joint import LKJ, Decov, RegularizedHorseshoe

__all__ = [
    "LKJ",
    "Cauchy",
    "Decov",
    "Exponential",
    "Flat",
    "Gamma",
    "HalfCauchy",
    "HalfNormal",
    "HalfT",
    "Normal",
    "Overdispersion",
    "Prior",
    "RegularizedHorseshoe",
    "StudentT",
    "Uniform",
]

LATER = {"LKJ": "joint", "Decov": "joint", "RegularizedHorseshoe": "joint"}
"""Names imported at first use: the post's models need none of them."""

if not TYPE_CHECKING:  # or a checker would take any name to be there
    __getattr__, __dir__ = later(__name__, LATER)
