"""The density of lines: every level is reduced to a 2x2 triangle, and rows are gone."""
