"""Exercise: the log likelihood of many lines."""
