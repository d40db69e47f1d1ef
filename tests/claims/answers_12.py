"""What the answers to lesson 12 say."""

import numpy as np

from .reading import Lesson


def claims(lesson: Lesson) -> None:
    """Check the claims of the answers."""
    lesson.given("Answers to 12")
    apart = np.median(lesson.as_they_are) - np.median(lesson.alike)
    lesson.holds("the answers hardly differ", abs(apart) < 0.03)
    lesson.holds("white people are like the others", (np.ptp(lesson.means, axis=0) < 0.15).all())

    lesson.holds("in most groups within a few points", np.median(lesson.apart) < 0.05)
    widest = lesson.labels[int(lesson.apart.argmax())]
    lesson.holds("farthest apart at the edge", "hawk=1" in widest or "hawk=5" in widest)
    lesson.holds("neither is much nearer", abs(lesson.rmse["linear"] - lesson.rmse["logit"]) < 0.02)
    lesson.holds("the linear model expects more than 1", lesson.expected["linear"].max() > 1.01)
    lesson.holds("of those told of an ally", (lesson.outside["ally"] == 1).all())
    logit = lesson.expected["logit"]
    lesson.holds("the logit does not", 0 < logit.min() < logit.max() < 1)

    found = lesson.real["estimate"]
    lesson.holds("sds beyond are small", max(lesson.beyond) < 0.1)
    lesson.holds("sds of effects are below", max(lesson.total_sd) < 0.9 * found)
    lesson.holds("and not negligible", min(lesson.total_sd) > 0.02)
    lesson.holds("a large share of noise", np.mean(lesson.share_of_modifiers) > 0.4)
    names = {name for name, _ in lesson.likeliest}
    lesson.holds("not the same group in all", len(names) >= 2)
    lesson.holds("each with a small probability", max(p for _, p in lesson.likeliest) < 0.4)
