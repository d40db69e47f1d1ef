"""Exercises: write it yourself, and learn what is wrong with it.

catalogue   the exercises, in the order of the lessons
exercise    parts of an exercise
tasks       a folder for each: stub, solution, hints, known bugs, rules
checking    `check`: examine a student's function
grading     how it is examined, where the answer is one number or array
chance      how it is examined, where it draws
laws        of programs that draw, right or wrong
sandbox     the process in which it runs
result      the grader's answer
"""

from .catalogue import Exercise, exercises, find
from .checking import NotRightError, check
from .result import Result
from .sandbox import Limits

__all__ = ["Exercise", "Limits", "NotRightError", "Result", "check", "exercises", "find"]
