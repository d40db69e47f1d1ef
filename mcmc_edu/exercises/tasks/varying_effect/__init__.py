"""Exercise: the effect for whom."""
