"""Exercise: the root mean squared error."""
