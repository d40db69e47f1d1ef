"""Exercise: the log prior of lines from a population."""
