"""What is fitted."""

from . import textbook
from .hierarchical import Posterior, complete_pooling, no_pooling, partial_pooling

__all__ = ["Posterior", "complete_pooling", "no_pooling", "partial_pooling", "textbook"]
