"""Claims of the answers to lesson 00."""

import numpy as np

from claims.reading import Lesson


def claims(lesson: Lesson) -> None:
    """Two halves are one whole; precisions decide; flat priors differ."""
    lesson.given("Answers to 00")
    lesson.holds("in two parts as at once", np.allclose(lesson.in_two, lesson.in_one, atol=1e-12))
    shares = lesson.shares
    lesson.holds(
        "half where the prior has the standard error", abs(shares[lesson.error] - 0.5) < 1e-6
    )
    lesson.holds("narrow wins, wide gives way", shares[0.1] < 0.01 and shares[10.0] > 0.98)
    exact = [8 / 12, 7 / 10]
    lesson.holds("exact means", np.allclose(list(lesson.means.values()), exact, atol=1e-4))
