"""What is fitted."""

from . import textbook
from .fit import Fit
from .hierarchical import Posterior, complete_pooling, no_pooling, partial_pooling
from .model import Model
from .saving import load_fit

__all__ = [
    "Fit",
    "Model",
    "Posterior",
    "complete_pooling",
    "load_fit",
    "no_pooling",
    "partial_pooling",
    "textbook",
]
