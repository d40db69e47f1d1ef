"""What is fitted."""

from . import textbook
from .fit import Fit
from .hierarchical import Posterior, complete_pooling, no_pooling, partial_pooling
from .loo import Loo, compare
from .model import Model
from .saving import load_fit

__all__ = [
    "Fit",
    "Loo",
    "Model",
    "Posterior",
    "compare",
    "complete_pooling",
    "load_fit",
    "no_pooling",
    "partial_pooling",
    "textbook",
]
