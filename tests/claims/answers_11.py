"""What the answers to lesson 11 say."""

import numpy as np

from .reading import Lesson


def claims(lesson: Lesson) -> None:
    """Check the claims of the answers."""
    lesson.given("Answers to 11")
    spread, black = lesson.spread, {k: np.median(v) for k, v in lesson.black_men.items()}
    lesson.holds("small sds pull together", spread[0.03] < 0.6 * spread[0.5])
    lesson.holds("and take from Black men", black[0.03] < black[0.5] - 1)
    lesson.holds("wider priors: nearly as it was", spread[2] < 1.2 * spread[0.5])
    lesson.holds("for Black men, too", abs(black[2] - black[0.5]) < 1)

    strong, weak = lesson.errors[15], lesson.errors[3]
    lesson.holds("the regression always wins", all(e[2] < min(e[:2]) for e in (strong, weak)))
    lesson.holds("the difference pays with strong habits", strong[1] < 0.9 * strong[0])
    lesson.holds("and not with weak ones", weak[1] > 0.99 * weak[0])
    lesson.holds("without a control group it is off", lesson.only.mean() > lesson.made.truth() + 4)

    lesson.prints("offer*generation: predictors")
    width = {name: high - low for name, (low, high) in lesson.intervals.items()}
    low, high = lesson.intervals["offer"]
    lesson.holds(
        "narrow and wrong", not low - 2 < lesson.many.truth() < high + 2 and high - low < 4
    )
    lesson.holds("so wide that it says nothing", width["with a bar"] > 60)
    lesson.holds(
        "another prior, another interval", width["other prior"] < 0.5 * width["with a bar"]
    )
