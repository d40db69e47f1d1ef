"""What the answers to lesson 10 say."""

import numpy as np

import mcmc_edu as me

from .reading import Lesson


def claims(lesson: Lesson) -> None:
    """Check the claims of the answers."""
    lesson.given("Answers to 10", "intervals hold 90% of", "more than its 90%.")
    lesson.holds("none is outside", lesson.outside == 0)
    lesson.holds("of new ones, one or two", 1.0 < lesson.new_outside.mean() < 1.8)
    sds = [
        fit.draws[f"sd(discipline: {name})"].mean()
        for fit, name in ((lesson.fit, "male"), (lesson.reverse, "female"))
    ]
    lesson.holds("the sds change", abs(sds[0] - sds[1]) > 0.02)
    error = np.hypot(me.mcse_mean(lesson.one), me.mcse_mean(lesson.two))
    moved = lesson.two.mean() - lesson.one.mean()
    lesson.holds("far more than a Monte Carlo error", moved > 10 * error)
    lesson.holds("half a sd", 0.4 < moved / lesson.one.std() < 0.75)
    lesson.holds("those coded 1 vary more a priori", lesson.more > 0.75)
    lesson.holds("the fitted row never objects", not any(own for own, _ in lesson.noticed.values()))
    lesson.holds("nor does the row left out in the true table", not lesson.noticed[0][1])
    lesson.holds("it does at last", lesson.noticed[20][1])
    lesson.says("$k$ = {} on", lesson.first, within=5)
