"""Exercise: eight schools, non-centred."""
