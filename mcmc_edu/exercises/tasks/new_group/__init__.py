"""Exercise: outcomes of a new group."""
