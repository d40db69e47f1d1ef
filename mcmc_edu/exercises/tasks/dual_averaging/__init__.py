"""Exercise: the step size by dual averaging."""
