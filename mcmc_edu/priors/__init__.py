"""Priors, as a user writes them.

univariate    of one coefficient, one sd, one own parameter
joint         of several at once: correlations, covariances, the horseshoe
"""

from .joint import LKJ, Decov, RegularizedHorseshoe
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
