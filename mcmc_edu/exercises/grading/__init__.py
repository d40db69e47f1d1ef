"""Examinations: exact answers, programs that draw, and what is found."""
