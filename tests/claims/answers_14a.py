"""What the answers to lesson 14a say."""

from claims.reading import Lesson


def claims(lesson: Lesson) -> None:
    """Compare the answers to 14a with what they compute."""
    lesson.given("Answers to 14a")
    spread, pooled, nights = lesson.spread, lesson.pooled, lesson.alike_nights
    normal = ("alike", "levels", "lines")
    lesson.holds("by the sds the normal models fail", all(spread[n]["sd"] < 0.01 for n in normal))
    lesson.holds("by the medians all pass", all(0.5 < spread[n]["median"] < 0.9 for n in spread))
    lesson.holds("means lie between", all(0.03 < spread[n]["mean"] < 0.35 for n in spread))
    lesson.holds("Student's t does not expect them late", spread["robust"]["sd"] < 0.15)
    lesson.holds("the largest three are in the second half", min(lesson.days) >= 5)
    lesson.holds(
        "mean, sd and maximum pass",
        all(0.1 < pooled["none"][name] < 0.95 for name in ("mean", "sd", "max")),
    )
    lesson.holds("the largest residual fails", pooled["none"]["largest"] < 0.01)
    lesson.holds("slopes are too large in most made-up data", pooled["none"]["slopes"] > 0.75)
    lesson.holds("with pooling near one half", 0.4 < pooled["lines"]["slopes"] < 0.6)
    lesson.holds("the models expect a negative number", lesson.expected < -0.15)
    lesson.holds("the observed one is above zero", lesson.neighbours(lesson.y) > 0)
    lesson.holds("hardly any has that", all(row["neighbours"] < 0.01 for row in nights.values()))
    lesson.holds("alike says the same", nights["alike"]["neighbours"] < 0.01)
