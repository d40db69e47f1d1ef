"""The priors that a parameter has unless it is given one.

A saved fit keeps what its defaults came to.  Fits of format 1 do not: for them the defaults of that
time are kept here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from .joint_priors import LKJ, Decov
from .priors import Exponential, Gamma, Normal, Prior, StudentT


@dataclass(frozen=True)
class Defaults:
    """A prior for each class of parameters."""

    intercept: Prior
    """Of the intercept after centring all predictors."""
    coefficient: Prior
    unpooled: Prior
    """Of a coefficient of a level without pooling, at the level's own line."""
    threshold: Prior
    covariance: Prior
    sd: Prior
    """Where correlations were given a prior, which excludes one for covariances."""
    correlation: LKJ
    own: Mapping[str, Prior] = field(hash=False)
    """Of the family's parameters."""


FORMAT_1 = Defaults(
    intercept=Normal(0.0, 2.5, autoscale=True),
    coefficient=Normal(0.0, 2.5, autoscale=True),
    unpooled=Normal(0.0, 10.0, autoscale=True),
    threshold=StudentT(3.0, 0.0, 2.5),
    covariance=Decov(),
    sd=Exponential(1.0, autoscale=True),
    correlation=LKJ(1.0),
    own=MappingProxyType(
        {
            "sigma": Exponential(1.0, autoscale=True),
            "nu": Gamma(2.0, 0.1),
            "phi": Exponential(1.0),
        }
    ),
)
"""Of fits that were saved by version 0.1.0."""

TODAY = FORMAT_1
