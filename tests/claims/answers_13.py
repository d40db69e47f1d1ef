"""What the answers to lesson 13 say."""

from claims.reading import Lesson


def claims(lesson: Lesson) -> None:
    """Compare the answers to 13 with what they compute."""
    lesson.given("Answers to 13")
    own = lesson.data["hits"][0] / 45
    back = (lesson.new.mean() - lesson.chances[0]) / (own - lesson.chances[0])
    lesson.holds("almost all the way back to his own average", 0.85 < back < 1.1)
    lesson.holds("far wider", lesson.widths["told"] > 1.5 * lesson.widths["not told"])
    lesson.given("from his 45 at-bats", "always have about 18", "after 5000 at-bats")
    lesson.holds("after 5000 more than a tenth is saved", 0.1 < lesson.saved[5000] < 0.2)
    lesson.holds("never harmful", all(part > 0 for part in lesson.saved.values()))
    lesson.holds("own averages always have about 18", 17.5 < lesson.own < 18.5)
    gains = [plain - positive for plain, positive in lesson.risk.values()]
    lesson.holds("it helps most at 0", max(gains) == gains[0] > 0.5)
    lesson.holds("far out not at all", abs(gains[-1]) < 1e-3)
    lesson.holds("it does not hurt", min(gains) >= 0)
