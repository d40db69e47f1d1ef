"""Exercise: whether a trajectory turns round."""
