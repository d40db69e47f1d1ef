"""Claims of the answers to lesson 09c."""

from claims.reading import Lesson


def claims(lesson: Lesson) -> None:
    """Compare the answers' prose with their results."""
    lesson.given("Answers to 09c", "The share must be 95%, exactly")
    lesson.holds("exactly 95%", abs(lesson.share_of_many - 0.95) < 0.0065)  # 4 standard errors
    lesson.holds("here about that", abs(lesson.share - 0.95) < 0.05)
    lesson.holds("REML has corners", 0.2 < lesson.by_reml < lesson.by_likelihood)
    lesson.holds("more frequent", lesson.alike > lesson.by_likelihood)
    lesson.holds("but not by much", lesson.alike < 2 * lesson.by_likelihood)
    lesson.holds("many studies of six", lesson.of_real > 0.15)
