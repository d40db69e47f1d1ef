"""Exercise: Metropolis' random walk."""
