"""Exercise: Gibbs sampling of a mean and a standard deviation."""
