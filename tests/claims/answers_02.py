"""Claims of the answers to lesson 02."""

import mcmc_edu as me
from claims.reading import Lesson


def claims(lesson: Lesson) -> None:
    """The posterior is stationary; asymmetry needs Hastings; about 0.35 is best."""
    lesson.given("Answers to 02")
    exact, sds, errors = lesson.exact_sd[1], lesson.sds, lesson.errors
    lesson.holds("one step changes nothing", abs(sds["after"] - exact) < 4.5 * errors["after"])
    bug = sds["accepted only"]
    lesson.holds("the bug is seen", bug - exact > 3 * errors["accepted only"])
    for draws, mean in ((lesson.left_as_it_is, 2), (lesson.with_ratio, 3)):
        error = me.mcse_mean(draws[None, :])
        lesson.holds(f"the mean is {mean}", abs(draws.mean() - mean) < 4.5 * error)
    shares, effective = lesson.shares, lesson.effective
    lesson.holds("about 0.35", 0.2 < shares[lesson.best] < 0.5)
    near = [effective[c] for c, share in shares.items() if 0.25 <= share <= 0.5]
    lesson.holds("the top is flat", len(near) >= 2 and min(near) > 0.7 * max(near))
    lesson.holds("the ends are not", max(effective[0.5], effective[6.0]) < 0.6 * max(near))
