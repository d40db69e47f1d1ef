"""Claims of the answers to lesson 03: exact, as no chain enters them."""

from .reading import Lesson


def claims(lesson: Lesson) -> None:
    """Compare the prose with what was computed."""
    lesson.given("Answers to 03")
    lesson.holds("a large minority is harmed", 0.25 < lesson.farther.mean() < 0.5)
    outside, farther = lesson.outside, lesson.farther
    lesson.holds("unusual people", outside[farther].mean() > 1.3 * outside[~farther].mean())
    change = lesson.change
    lesson.holds("less than half", change[farther].sum() < -0.5 * change[~farther].sum())

    alike, different = lesson.alike, lesson.different
    lesson.holds("alike: complete wins", min(alike, key=alike.get) == "complete")
    lesson.holds("partial comes close", alike["partial"] - alike["complete"] < 0.15 * alike["none"])
    lesson.holds("different: complete is far off", different["complete"] > 3 * different["none"])
    lesson.holds("as good", abs(different["partial"] / different["none"] - 1) < 0.1)

    for name, hand in lesson.by_hand.items():
        lesson.holds(f"{name} beats no pooling", hand < 0.85 * lesson.without[name])
    lesson.holds("no verdict without a truth", lesson.report.verdict() is None)
    lesson.holds("no errors", all(row.rmse_alpha is None for row in lesson.report.rows))
