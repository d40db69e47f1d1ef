"""Exercise: the effective sample size."""
