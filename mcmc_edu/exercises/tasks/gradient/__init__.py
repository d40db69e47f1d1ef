"""Exercise: the gradient of a normal model."""
