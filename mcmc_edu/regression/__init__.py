"""The general hierarchical regression: its density, and the way to it and back."""

from typing import TYPE_CHECKING

from .._lazy import later
from .priors import (
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
)  # fmt: skip

if TYPE_CHECKING:
    from .family import FAMILIES, Family, family_of
    from .joint_priors import LKJ, Decov, RegularizedHorseshoe

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
    "Overdispersion",
    "Prior",
    "RegularizedHorseshoe",
    "StudentT",
    "Uniform",
    "family_of",
]

LATER = {
    "FAMILIES": "family", "Family": "family", "family_of": "family",
    "LKJ": "joint_priors", "Decov": "joint_priors", "RegularizedHorseshoe": "joint_priors",
}  # fmt: skip
"""What is imported when it is first used: the post's models need none of it."""

if not TYPE_CHECKING:  # or a checker would take any name to be there
    __getattr__, __dir__ = later(__name__, LATER)
