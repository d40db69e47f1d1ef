"""Claims of the answers to lesson 07."""

from claims.reading import Lesson


def claims(lesson: Lesson) -> None:
    """Check what each answer says in words."""
    lesson.given("Answers to 07", "are all 6.4, and $2\\pi$ is 6.28")
    lesson.given("With steps of 0.3 and 0.5")
    for ratios, errors, _, _ in lesson.farther.values():
        lesson.holds("sds are right", (abs(ratios - 1) < 6.4 * errors).all())
    (_, _, moves, worth), (_, _, far_moves, far_worth) = lesson.farther.values()
    lesson.holds("fewer moves are accepted", far_moves < moves - 0.1)
    lesson.holds("worth less", far_worth < worth)
    (sd, worth), (other_sd, other_worth) = lesson.choices[True], lesson.choices[False]
    lesson.holds("both have the right sds", max(abs(sd - 1), abs(other_sd - 1)) < 0.06)
    lesson.holds("the new half is worth more", worth > 1.4 * other_worth)
    for step_size, (with_checks, without) in lesson.lengths.items():
        longer = step_size in (0.1, 0.2, 0.4)
        lesson.holds(f"longer at {step_size}", (without > 1.3 * with_checks) == longer)
