"""The general hierarchical regression: its density, and the way to it and back."""
