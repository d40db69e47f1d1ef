"""Claims of lesson 09b, on deviations, totals and someone new."""

import numpy as np

from claims.reading import Lesson


def claims(lesson: Lesson) -> None:
    """Compare the lesson's prose with its results."""
    truth, matrix = lesson.truth, lesson.matrix
    lesson.given(
        "about 25 minutes",
        "(arousal, 0 to 100)",
        "an sd of 20, in",
        "of the same kind",
        "Make 50",
        "the second person is number 10",
        "1, 10, 11, ..., 2, 20, 3",
        "counts from 1 to 20",
    )
    lesson.says("in slope by {}, and", truth.sd[1])
    lesson.says("correlated by {}. What", truth.correlation)
    lesson.says("the population has {}, but", truth.sd[0])
    lesson.says("drawn here differ by {}", lesson.of_these[0])
    far = lesson.far
    lesson.holds("most are near", sum(z < 1.5 for z in far.values()) >= 4)
    lesson.holds("the sd of intercepts is not", 1.5 < far["sd(person: Intercept)"] < 3.0)
    lesson.says("a matrix with {} columns", matrix.shape[1])
    lesson.holds("a row for each draw", matrix.shape[0] == 4000)
    lesson.holds("the same draws", "the same draws: True" in lesson.printed)
    common = lesson.fit.fixef()
    for name in ("Intercept", "arousal"):
        gap = lesson.totals["1"][name] - lesson.deviations["1"][name]
        lesson.holds("total = common + deviation", abs(gap - common[name]["mean"]) < 1e-9)
        sum_of_all = np.mean([row[name] for row in lesson.deviations.rows.values()])
        lesson.holds("deviations sum to about 0", abs(sum_of_all) < common[name]["sd"])
    ratio = lesson.pooled_error / lesson.own_error
    lesson.holds("smaller by a sixth", (np.abs(ratio - 5 / 6) < 0.04).all())
    lesson.says("only some {}% off", 100 * (1 - lesson.ratios.mean()), within=1.5)
    harm = 1 - lesson.helped / 50
    lesson.holds("harm in one of five", ((harm > 0.1) & (harm < 0.3)).all())
    lesson.holds("a negative correlation", np.corrcoef(lesson.lines.T)[0, 1] < -0.3)
    left, middle, right = lesson.apart
    lesson.holds("together up to the middle", 45 < lesson.nearest < 60 and middle < 0.8 * left)
    lesson.holds("on the right nearly as on the left", 0.9 < right / left < 1)
    drawn = [np.std(lesson.lines @ [1.0, a], ddof=1) for a in (0.0, 97.0)]
    lesson.holds("nor do the twenty agree on the right", drawn[1] > drawn[0])
    lesson.holds("dictionary", lesson.order[1] == "10")
    lesson.holds("strangers", (lesson.of_strangers > 2.0 * lesson.pooled_error).all())
    lesson.holds("someone new is wider", (lesson.times > 1.3).all())
    lesson.holds("ratings go together", lesson.together > 0.5)
