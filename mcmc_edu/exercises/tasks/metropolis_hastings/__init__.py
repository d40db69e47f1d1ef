"""Exercise: Metropolis-Hastings, for positive parameters."""
