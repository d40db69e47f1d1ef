"""How to move through a posterior."""

from .metropolis import Metropolis

__all__ = ["Metropolis"]
