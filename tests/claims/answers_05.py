"""Claims of the answers to lesson 05."""

from claims.reading import Lesson


def claims(lesson: Lesson) -> None:
    """Check what each answer says in words."""
    lesson.given("Answers to 05")
    lesson.holds("the gradient with priors is right", lesson.right)
    lesson.holds("the check finds the forgotten term", not lesson.forgotten)
    (right, right_error, rate), (slack, slack_error, other) = lesson.runs.values()
    lesson.holds("means agree", abs(right - slack) < 6.4 * (right_error**2 + slack_error**2) ** 0.5)
    lesson.holds("they accept as often", abs(rate - other) < 0.03)
    ratio, missed, volume = lesson.swapped_promises
    lesson.holds("swapped: a quarter", 3.5 < ratio < 4.5)
    lesson.holds("swapped: undone", missed < 1e-9)
    lesson.holds("swapped: keeps volume", abs(volume - 1) < 1e-7)
    ratio, missed, volume = lesson.kick_first_promises
    lesson.holds("kick first: half", 1.8 < ratio < 2.2)
    lesson.holds("kick first: misses home", missed > 1e-3)
    lesson.holds("kick first: keeps volume", abs(volume - 1) < 1e-7)
