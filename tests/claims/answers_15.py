"""What the answers to lesson 15 say."""

from claims.reading import Lesson


def claims(lesson: Lesson) -> None:
    """Compare the answers to 15 with what they compute."""
    lesson.given("Answers to 15", "a mere 200 replicates", "to the power 1.2", "the root of 1.2")
    lesson.given("The 200 replicates", "and 400 are", "Only 1600 see it", "of 20 000 states")
    right, momentum, accepted = lesson.rows.values()
    lesson.holds("the right one passes", right[0] > 1e-4 and right[1] < 4.5 and not right[2])
    lesson.holds("exact start and moments see the momentum", momentum[0] < 1e-9 and momentum[1] > 9)
    lesson.holds("the exact start hardly notices", accepted[0] > 1e-6)
    lesson.holds("the moments see it clearly", accepted[1] > 7)
    lesson.holds("the ranks see neither", not momentum[2] and not accepted[2])
    outside = lesson.forgotten.outside
    lesson.holds("twenty suffice, by the distance alone", outside == ("|lambda - mean of y|",))
    lesson.holds("low ranks", lesson.forgotten.table().rows[outside[0]]["mean rank"] < 0.3)
    lesson.holds("the right sampler passes", lesson.checked.inside)
    p = lesson.narrow_p
    lesson.holds(
        "just outside, inside again, outside", 0.005 < p[200] < 0.05 < p[400] > 10 * p[1600]
    )
    lesson.holds("1600 see it", p[1600] < 0.05)
    lesson.holds("one exact start sees it at once", lesson.start_p < 1e-6)
    lesson.says("Intervals of {}% cover about {}%", 95, 100 * lesson.cover)
