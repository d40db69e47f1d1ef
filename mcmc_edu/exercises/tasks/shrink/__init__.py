"""Exercise: shrinkage, the population being known."""
