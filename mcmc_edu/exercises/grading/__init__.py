"""Examinations of programs whose answers are exact, and what all examinations share.

student       the submission, asked
finding       what is found
exact         answers compared with those of the right program and of each known bug
differences   answers up to a constant
clues         where answers differ, in words
"""
