"""Exercise: poststratification."""
