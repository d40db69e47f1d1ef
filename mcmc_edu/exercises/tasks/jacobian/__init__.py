"""Exercise: the Jacobian of a logarithm."""
