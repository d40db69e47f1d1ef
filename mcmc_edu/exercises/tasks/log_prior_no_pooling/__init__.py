"""Exercise: the log prior of unrelated lines."""
