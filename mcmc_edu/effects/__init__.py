"""Effects that vary: whole questions in one call, on top of models and their verbs.

heterogeneous(...)   who responds: effects by group, and what explains them
"""

from .heterogeneity.heterogeneous import Heterogeneous, heterogeneous

__all__ = ["Heterogeneous", "heterogeneous"]
