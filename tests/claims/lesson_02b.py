"""Claims of lesson 02b: a step of one's own, on one's own density."""

import numpy as np

import mcmc_edu as me
from claims.reading import Lesson


def claims(lesson: Lesson) -> None:
    """Chains agree after warm-up, with a step that is long enough, and the answer is exact."""
    lesson.given(
        "about 40 minutes",
        "R-hat is above 1.01",
        "above 1.01 we do not use the draws",
        "first 100 steps",
        "drops 200 steps as warm-up and keeps the next 4000",
        "less than 15 % accepted",
        "ESS below 400",
        "nothing: R-hat is 1.00",
        "R-hat is at most 1.01",
        "are at least 400",
        "above 1.01, and the summary"
        if "above 1.01, and the" in lesson.prose
        else "far above 1.01",
    )
    rates = np.exp(np.array(lesson.starts)[:, 0])
    lesson.says("which are 1, 3, {} and {} emails a day", rates[2], rates[3])
    lesson.says("The posterior is about {} wide", lesson.draws["log_rate"].std(), within=0.002)
    lesson.holds("without warm-up they do not agree", lesson.rhat_raw > 1.1)
    lesson.holds("after warm-up they do", lesson.rhat_draws < 1.01)
    lesson.holds("the answer is exact", abs(lesson.found - lesson.exact) < 4.5 * lesson.error)
    meet = np.abs(lesson.raw["log_rate"][:, 60:] - lesson.exact)
    lesson.holds("they meet within some 50 steps", meet.max() < 8 * 0.1)

    lesson.prints("accepted 0.9")
    timid, bold = lesson.tried[0.04], lesson.tried[0.32]
    lesson.holds("the timid accept nearly all", timid[0] > 0.85)
    lesson.prints("above 1.01 (and 1 more): the chains do not agree")  # at the first scale
    lesson.holds("longer steps agree", bold[1] < 1.01 and 0.15 < bold[0] < 0.5)
    enough = [
        min(me.ess_bulk(d), me.ess_tail(d)) for d in (lesson.mine["mu"], lesson.mine["log_sigma"])
    ]
    lesson.holds("and have enough effective draws", min(enough) > 400)

    for stretch in (0.0, 1.0):
        lesson.holds(
            "the chains on the waits agree", me.rhat(lesson.bus[stretch]["log_rate"]) < 1.01
        )
    lesson.holds("without the Jacobian far off", lesson.off[0.0] < -9)
    lesson.holds("with it not", abs(lesson.off[1.0]) < 4.5)

    lesson.holds("same draws", np.array_equal(lesson.frugal.array, lesson.draws.array))
    lesson.holds("half are accepted", 0.35 < lesson.wandering.accept_rate < 0.65)
    lesson.holds("the chain wanders", lesson.sd_wrong > 5 * lesson.sd_right)
