"""Effects that differ between groups: models put together, fitted and read in one call.

heterogeneous(...)   who responds: effects by group, and what explains them
ladder(...)          from one effect for all to effects of every intersection, step by step
"""

from .heterogeneity.heterogeneous import Heterogeneous, heterogeneous
from .ladder.ladder import ladder

__all__ = ["Heterogeneous", "heterogeneous", "ladder"]
