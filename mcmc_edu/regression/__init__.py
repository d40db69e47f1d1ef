"""The general hierarchical regression: its density, and the way to it and back."""

from .family import FAMILIES, Family, family_of
from .joint_priors import LKJ, Decov, RegularizedHorseshoe
from .priors import (
    Cauchy,
    Exponential,
    Flat,
    Gamma,
    HalfCauchy,
    HalfNormal,
    HalfT,
    Normal,
    Prior,
    StudentT,
    Uniform,
)  # fmt: skip

__all__ = [
    "FAMILIES",
    "LKJ",
    "Cauchy",
    "Decov",
    "Exponential",
    "Family",
    "Flat",
    "Gamma",
    "HalfCauchy",
    "HalfNormal",
    "HalfT",
    "Normal",
    "Prior",
    "RegularizedHorseshoe",
    "StudentT",
    "Uniform",
    "family_of",
]
