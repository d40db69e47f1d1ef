"""Exercises: write it yourself, and learn what is wrong with it."""
