"""Exercise: Metropolis' decision."""
