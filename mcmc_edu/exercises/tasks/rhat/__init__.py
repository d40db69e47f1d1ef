"""Exercise: split R-hat."""
