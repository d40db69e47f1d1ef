"""Claims of lesson 07b: step size, metric, windows."""

from claims.reading import Lesson


def claims(lesson: Lesson) -> None:
    """Check the numbers and the claims in words."""
    lesson.given("about 30 minutes", "in 25 dimensions with sds from 0.01 to 1", "all 25 variances")
    lesson.given("know the 25 variances", "to within 10 %", "the narrowest sd, 0.01")
    lesson.given("above the 0.8 asked", "Acceptance 0.8 is an", "fewer than 150 iterations")
    lesson.given("with a long warm-up and with one of 100", "100 iterations do not teach")
    step = lesson.average[-1]
    lesson.holds(
        "ours is the library's", all(0.75 < step / theirs < 1.33 for theirs in lesson.theirs)
    )
    lesson.holds("near the narrowest sd", 0.005 < step < 0.02)
    lesson.holds("exact by gradients", lesson.wrong_by[0] < 1e-8)
    lesson.holds("wrong a thousandfold by variances", lesson.wrong_by[1] > 1000)
    windows(lesson)
    way_in, later = lesson.ratios.values()
    lesson.holds("the way in looks wide", way_in > 5)
    lesson.holds("later draws do not", later < 2)
    rate, diverged = lesson.acceptance, lesson.diverged
    lesson.holds("young: cautious", rate["normal", 25] > rate["normal", 1000] + 0.02)
    lesson.holds("old: as asked", abs(rate["normal", 1000] - 0.8) < 0.05)
    lesson.given("the searches of 150 and of 1000", "A search of 25 may end anywhere")
    lesson.holds("so on the banana", rate["banana", 150] > rate["banana", 1000] + 0.01)
    lesson.holds(
        "the old one diverges more", diverged["banana", 1000] > 1.5 * diverged["banana", 150]
    )
    race = lesson.race
    lesson.says(
        "With gradients, {} iterations make a gradient worth about half of what {} do", 100, 1000
    )
    kept = race["scores", False, 100] / race["scores", False, 1000]
    lesson.holds("about half, or more", kept > 0.35)
    lost = race["dense", False, 100] < 0.6 * race["dense", False, 1000]
    lesson.holds("not enough for the dense metric", lost)
    others = max(race[name, True, 100] for name in ("none", "variance", "scores"))
    lesson.holds("still nothing else helps", race["dense", True, 100] > 5 * others)


def windows(lesson: Lesson) -> None:
    """Where the first windows begin, and what is left after the last."""
    (first, last), (ours, our_last) = lesson.stan_windows(1000)[0], lesson.early_windows(1000)[0]
    lesson.says(
        "in a warm-up of {}, Stan's first window begins at iteration {} and has {} draws",
        1000,
        first,
        last - first + 1,
    )
    lesson.says("ours begins at {} and has {}", ours, our_last - ours + 1)
    lesson.says(
        "Of {} iterations the last search has {} (Stan's has {})",
        1000,
        999 - lesson.early_windows(1000)[-1][1],
        999 - lesson.stan_windows(1000)[-1][1],
    )
