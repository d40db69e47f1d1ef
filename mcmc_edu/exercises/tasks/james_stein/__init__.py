"""Exercise: the estimator of James and Stein."""
