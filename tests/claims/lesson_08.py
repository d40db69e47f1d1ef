"""Claims of lesson 08, on the funnel.

Chains differ between processors, so what is said of the centred form, whose chains do not mix, is
claimed with the room that ten other seeds took.
"""

import math

import numpy as np

import mcmc_edu as me
from claims.reading import Lesson

POST, RICH = "the post's", "rich"


def claims(lesson: Lesson) -> None:
    """Compare the lesson's prose with its results."""
    lesson.given(
        "about 40 minutes",
        "the 75 people of lesson 03",
        "155 unknowns",
        "the 5% or the 95% quantile",
        "Below 0.3, the chain",
        "75 intercepts",
        "5 numbers left of 155",
        "with noise of sd 2, and others of the same kind: 50 observations",
        "All 75 have to move",
        "gets below 0.1",
        "Make 100 data sets",
        "lies below 0.1",
        "All 155 means",
        "(Of 155 the worst",
        "standard errors of 9 to 18 points",
        "issue 1003",
    )
    _first_run(lesson)
    _three_forms(lesson)
    _neck(lesson)
    _schools(lesson)
    v = lesson.v
    lesson.holds("the centred funnel is cut off", (v["centred"] < -6.0).mean() < 0.005)
    lesson.holds("its draws are worth little", me.ess_bulk(v["centred"]) < 250)
    right = v["non-centred"]
    lesson.holds("the other one is right", abs(right.mean()) < 6.4 * me.mcse_mean(right))
    lesson.holds("it reaches the neck", 0.013 < (right < -6.0).mean() < 0.035)


def _first_run(lesson: Lesson) -> None:
    run = lesson.centered
    lesson.holds("next to nothing diverged", run.stats["divergent"].mean() < 0.01)
    lesson.holds("sigma_alpha mixes badly", me.ess_bulk(run["sigma_alpha"]) < 400)
    lesson.holds("so do its tails", me.ess_tail(run["sigma_alpha"]) < 400)
    lesson.holds("the energy is slow", me.ebfmi(run.stats["energy"]).min() < 0.45)
    lesson.holds("a funnel", lesson.spread_wide > 1.5 * lesson.spread_narrow)


def _three_forms(lesson: Lesson) -> None:
    worth, ratio = lesson.worth, lesson.ratio
    lesson.holds("own data weigh little", lesson.own_weight[POST] < 0.4)
    lesson.holds("or nearly all", lesson.own_weight[RICH] > 0.95)
    lesson.holds("non-centred", worth["noncentered", POST] > 4 * worth["centered", POST])
    lesson.holds("centred", worth["centered", RICH] > 20 * worth["noncentered", RICH])
    for name in (POST, RICH):
        others = max(worth[form, name] for form in ("centered", "noncentered"))
        lesson.holds("the collapsed form is best", worth["collapsed", name] > 1.2 * others)
    for form in ("noncentered", "collapsed"):
        fit = lesson.fits[form, POST]
        ess = min(me.ess_bulk(values) for _, values in fit.quantities(*lesson.POPULATION))
        lesson.holds(f"{form} is sound", ess > 400 and fit.stats["divergent"].mean() < 0.001)
    lesson.says(  # ten seeds gave 59.7 to 62.4 and 5.98 to 6.43
        "is some {} times as long", round(ratio["noncentered", RICH], -1), within=5
    )
    lesson.holds("61 to 1", 56 < ratio["noncentered", RICH] < 67)
    lesson.holds("the centred ratio is 6", 5.6 < ratio["centered", POST] < 6.8)
    lesson.holds("no ratio explains the funnel", ratio["centered", POST] < 10)


def _neck(lesson: Lesson) -> None:
    share, smallest = lesson.share, lesson.smallest
    for form in ("noncentered", "collapsed"):
        lesson.holds("others go deeper", smallest[form] < 0.3 * smallest["centered"])
        lesson.holds("others are there", share[form].min() > 0.01)
        lesson.holds("the neck is missed", share["centered"].mean() < 0.7 * share[form].mean())
        lesson.holds("a few per cent", 0.02 < share[form].mean() < 0.06)
    lesson.holds("many a run never gets there", (share["centered"] == 0).sum() >= 2)
    lesson.says("more than {}% of the posterior", 1)
    lesson.holds("about one in ten", 4 <= np.sum(lesson.necks) <= 16)
    lesson.holds("exact", max(answer.error for answer in lesson.exact.values()) < 1e-5)
    for of_population, of_all in lesson.worst.values():
        lesson.holds("errors as the error bars say", of_population < 5.5 and of_all < 6.5)
    lesson.holds("error bars are larger", lesson.effort > 2.5)


def _schools(lesson: Lesson) -> None:
    bad, good, exact = lesson.bad, lesson.good, lesson.TAU
    lesson.says("The exact mean of $\\tau$ is {}", exact)
    diverged = [draws.stats["divergent"].sum() for draws in (bad, good)]
    lesson.holds("divergences are the alarm", diverged[0] > 3 * diverged[1])
    lesson.holds("the mean is too high", bad["tau"].mean() > exact)
    lesson.holds("the neck is missing", bad["log_tau"].min() > good["log_tau"].min() + 2.5)
    error = 4.5 * math.sqrt(2) * me.mcse_mean(good["tau"])
    lesson.holds("non-centred is right", abs(good["tau"].mean() - exact) < error)
    price = [lesson.per_1000_gradients(draws, ["tau"]) for draws in (bad, good)]
    lesson.holds("and cheaper", price[1] > 10 * price[0])
    lesson.holds("they say where", lesson.low_share > 0.6)
    kept, dropped = lesson.by_hand[1.0], lesson.by_hand[0.0]
    lesson.holds("by hand is right", abs(kept["tau"].mean() - exact) < error)
    lesson.holds(
        "the gradient is right", lesson.check.ok and "gradient wrong" not in lesson.printed
    )
    lesson.holds("R-hat is in order", max(me.rhat(x) for _, x in dropped.quantities()) < 1.01)
    lesson.holds("no flood", dropped.stats["divergent"].mean() < 0.005)
    error = 4.5 * math.sqrt(2) * me.mcse_mean(dropped["mu"])
    lesson.holds("mu has its prior's mean", abs(dropped["mu"].mean()) < error)
    lesson.holds("mu has its prior's sd", abs(dropped["mu"].std() - 5.0) < 0.4)
    lesson.holds("tau is larger", dropped["tau"].mean() > kept["tau"].mean() + 0.15)
