"""What the answers to lesson 14b say."""

import numpy as np

from claims.reading import Lesson


def claims(lesson: Lesson) -> None:
    """Compare the answers to 14b with what they compute."""
    lesson.given("Answers to 14b")
    lesson.prints("refused: ")
    lesson.holds("an absurd amount", lesson.logs.elpd - lesson.plain.elpd > 500)
    lesson.holds("about two errors", 1.5 < np.divide(*lesson.with_se(lesson.gain)) < 2.6)
    lost = lesson.lost
    lesson.holds("lines loses most", lost["lines"] > lost["levels"] + 0.1)
    lesson.holds("alike all but nothing", abs(lost["alike"]) < 0.05 < lost["levels"])
    total, se = lesson.with_se(lesson.ahead["lines"] - lesson.ahead["levels"])
    lesson.holds("the error is as large as the difference", abs(total) < 1.4 * se)
    lesson.holds("a third of the rows or more", all(4 <= k <= 13 for k in lesson.large.values()))
    lesson.holds("about one standard error", abs(lesson.grant_gain[0]) < 2 * lesson.grant_gain[1])
    lesson.holds("below 4", abs(lesson.grant_gain[0]) < 4)
