"""Parameters from their priors, and fake data from them."""
