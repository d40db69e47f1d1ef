"""The peers of `regressions.py`: a hierarchical regression from a formula, each in its own way."""
