"""Exercise: the leapfrog."""
