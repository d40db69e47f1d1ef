"""Claims of the answers to lesson 09."""

import numpy as np

from claims.reading import Lesson


def claims(lesson: Lesson) -> None:
    """Compare the answers' prose with their results."""
    lesson.given("Answers to 09", "LKJ(1)")
    ten, late = lesson.both.draws, lesson.shortened.draws
    lesson.holds("steeper", late["Days"].mean() > ten["Days"].mean() + 0.3)
    for name in (lesson.DAYS, lesson.COR):
        lesson.holds(
            "by less than an sd", abs(late[name].mean() - ten[name].mean()) < late[name].std()
        )
    change = {
        bar: np.abs(lesson.spread[bar, 4.5] / lesson.spread[bar, 0.0] - 1)
        for bar in ("(Days || Subject)", "(Days | Subject)")
    }
    lesson.holds("by much", (change["(Days || Subject)"] > 0.2).all())
    lesson.holds("little is left", (change["(Days | Subject)"] < 0.2).all())
    for what in ("line", "measurement"):
        narrower = lesson.width["days 0, 1 and 2", what] / lesson.width["no measurement", what]
        lesson.holds("by about a fifth", 0.68 < narrower < 0.9)
    alike, default, near = lesson.fits.values()
    lesson.holds("alike in slope", alike.draws[lesson.DAYS].mean() < 0.1)
    sigma = [fit.draws["sigma"].mean() for fit in (alike, default)]
    lesson.holds("sigma has grown", sigma[0] > sigma[1] + 3.0)
    gap = default.draws[lesson.DAYS].mean() - near.draws[lesson.DAYS].mean()
    lesson.holds("the default is not touched", abs(gap) < 0.4)
    lesson.holds("almost perfectly", lesson.correlation < -0.9999)
    lesson.holds("thousands of ms", lesson.variance > 5000.0**2)
