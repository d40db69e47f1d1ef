"""Claims of the answers to lesson 07b."""

from claims.reading import Lesson


def claims(lesson: Lesson) -> None:
    """Check what each answer says in words."""
    lesson.given("Answers to 07b", "A default of 0.8")
    worth, diverged = lesson.worth, lesson.diverged
    normal = [worth["normal", accept] for accept in (0.6, 0.7, 0.8, 0.9)]
    bold, cautious = worth["normal", 0.5], [worth["normal", a] for a in (0.95, 0.99)]
    lesson.given("from 0.95 on")
    lesson.holds("the boldest does best", bold > max(normal))
    lesson.holds("about a third, or less", max(cautious) < 0.37 * bold)
    lesson.holds("up and down", normal != sorted(normal) and normal != sorted(normal)[::-1])
    lesson.holds("the bold ones diverge", diverged["banana", 0.5] > 50)
    lesson.holds("the cautious hardly", diverged["banana", 0.95] < 0.1 * diverged["banana", 0.5])
    np = lesson.np
    lesson.holds("the geometric mean", np.allclose(lesson.many, lesson.middle, rtol=0.03))
    apart = (lesson.variance / lesson.inside).min()
    lesson.holds("far apart", apart > 10)
    lesson.holds("three points: no", not np.allclose(lesson.three, lesson.middle, rtol=0.2))
    near, far = lesson.reuse.values()
    again = lesson.per_1000_gradients(lesson.first)
    lesson.holds("as good as before", near[0] > 0.5 * again and far[0] > 0.5 * again)
    lesson.holds("the way in is in the draws", far[1] > 6 and near[1] < 6)
    lesson.holds("and later gone", far[2] < 6)
