"""What the answers to lesson 14c say."""

from claims.reading import Lesson


def claims(lesson: Lesson) -> None:
    """Compare the answers to 14c with what they compute."""
    lesson.given("Answers to 14c")
    without, with_z, with_u = lesson.instrument.values()
    lesson.holds("z helps to predict", with_z[2] < 0.95 * without[2])
    lesson.holds("the slope gets farther from the truth", with_z[0] > without[0] + 0.1 > 0.7)
    lesson.holds("u would put it right", abs(with_u[0] - 0.5) < 4 * with_u[1])
    lesson.holds("the ratio of covariances is the effect", abs(lesson.ratio - 0.5) < 0.07)
    risk = lesson.risk
    lesson.holds("smoking kills", risk["all", "smokers"] > 1.2 * risk["all", "others"])
    lesson.holds("but not the light", risk["light", "smokers"] < 0.7 * risk["light", "others"])
    bad = lesson.bad
    slopes = [bad[sd] for sd in (0.0, 0.5, 1.0, 2.0)] + [bad["without z"]]
    lesson.holds("the worse, the nearer to the slope without z", slopes == sorted(slopes))
    lesson.holds("more than a third of the way", (bad[0.5] - bad[0.0]) / 1.0 > 0.36)
    lesson.holds("with one sd the wrong sign", bad[1.0] > 0.1)
