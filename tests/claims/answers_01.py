"""Claims of the answers to lesson 01."""

import numpy as np

from claims.reading import Lesson


def claims(lesson: Lesson) -> None:
    """The prior helps slopes; unknown noise widens; a coarse grid is enough."""
    lesson.given("Answers to 01")
    flat, helped = lesson.means.values()
    lesson.holds(
        "the slope was off and lands at the truth",
        abs(flat[1] - lesson.truth[1]) > 2 and abs(helped[1] - lesson.truth[1]) < 0.1,
    )
    lesson.holds("nearer for most people", lesson.nearer[1] == 55)
    lesson.holds("of intercepts fewer than half", lesson.nearer[0] == 34)
    lesson.holds(
        "gain more than the others lose",
        (lesson.rms(lesson.with_prior) < lesson.rms(lesson.without)).all(),
    )
    lesson.holds("nearly all such data sets", (lesson.smaller >= 97).all())
    (_, right, mode), (_, wrong, edge) = lesson.found.values()
    lesson.holds("alpha is less certain", right > 1.5 * lesson.known_sd)
    lesson.holds("the truncated density runs to the edge", mode < 3 and edge == 6 and wrong > right)
    lesson.holds("twelve are enough", lesson.worst[12] < 0.01 < lesson.worst[11])
    lesson.holds("more than one sd apart", np.all(np.array([20, 30]) / 11 > lesson.exact_sd))
