"""Claims of the answers to lesson 09b."""

from claims.reading import Lesson


def claims(lesson: Lesson) -> None:
    """Compare the answers' prose with their results."""
    lesson.given("Answers to 09b")
    slopes = lesson.slopes
    lesson.holds("as good as certain", lesson.above["2"] > 0.95)
    lesson.holds("and true", slopes[2] > slopes[1])
    lesson.holds("as likely as not", 0.3 < lesson.above["1"] < 0.75)
    lesson.holds("in truth below", slopes[2] < slopes[0])
    moved = {name: abs(z) for name, z in lesson.moved.items()}
    most = max(moved, key=moved.get)
    lesson.holds("the sd of intercepts", most == "sd(person: Intercept)")
    open_ones = ("sd(person: Intercept)", "cor(person: Intercept, arousal)")
    rest = max(z for name, z in moved.items() if name not in open_ones)
    lesson.holds("the others hardly", rest < 0.2 < moved[open_ones[1]])
    lesson.holds("a few per cent", 0.005 < lesson.outside < 0.1)
    lesson.holds("the data have a few", 0 < lesson.in_data < 0.05)
