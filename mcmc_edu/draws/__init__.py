"""What comes back from sampling: `Draws`, its summary with warnings, and its file."""

from .matrix import Matrix
from .result import Draws, load

__all__ = ["Draws", "Matrix", "load"]
