"""Claims of the answers to lesson 06."""

from claims.reading import Lesson


def claims(lesson: Lesson) -> None:
    """Check what each answer says in words."""
    lesson.given("Answers to 06", "Six steps of 0.6", "that of sd 0.5, too")
    lesson.holds("the gradient on the whole line is right", lesson.check)
    raw, resonant, mended = lesson.gammas.values()
    lesson.holds("resonance is worse", resonant[2] < 0.1 * raw[2])
    lesson.holds("half a swing is better than independent", mended[2] > 5000)
    lesson.holds("and right", abs(mended[0] - 3) < 6.4 * mended[1])
    equal, different = lesson.spread_worth.values()
    lesson.holds("all ten resonate", equal.max() < 20)
    lesson.holds("the direction of sd 1", different.argmin() == 3 and different[3] < 20)
    lesson.holds("that of sd 0.5, too", different[0] < 80)
    lesson.holds(
        "near sd 1 somewhat", 80 < different[[2, 4]].min() <= different[[2, 4]].max() < 600
    )
    lesson.holds("the others do not", different[[1, 5, 6, 7, 8, 9]].min() > 700)
    lesson.holds("mean better than independent draws", lesson.by_mean > 4000)
    lesson.holds("the spread loses", lesson.by_sd < 2000)
    p = lesson.p_values
    lesson.holds("right is not refused", p["right"] > 1e-3)
    lesson.holds("U alone is seen", p["judged by U alone"] < 1e-6)
    lesson.holds("the common push is seen", p["the same push for all"] < 1e-6)
    lesson.holds("not with 0.9", p["no last half kick, 0.9"] > 1e-2)
    lesson.holds("but with 0.55", p["no last half kick, 0.55"] < 1e-3)
