"""What is fitted."""

from . import textbook

__all__ = ["textbook"]
