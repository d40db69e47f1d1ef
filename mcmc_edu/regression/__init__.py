"""The general hierarchical regression: its density, and the way to it and back."""

from .._old_names import old_names

__getattr__ = old_names(__name__)
