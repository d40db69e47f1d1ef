"""Examinations: exact answers, laws of chains, and what is found."""
