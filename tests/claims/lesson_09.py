"""Claims of lesson 09, on correlated slopes.

What the subtraction gives is exact.  Sampled means may move by 4.5 sqrt(2) standard errors, as
chains go another way on another processor.
"""

import math

import numpy as np

import mcmc_edu as me
from claims.reading import Lesson

ROOM = 4.5 * math.sqrt(2)
LME4 = {"mean": (251.405, 10.467), "sd": (24.74, 5.92), "cor": 0.066, "sigma": 25.59}


def claims(lesson: Lesson) -> None:
    """Compare the lesson's prose with its results."""
    lesson.given(
        "about 45 minutes",
        "a scale of 40 ms",
        "up to some 40 likely",
        "and prints: 251.405 and 10.467 for the common line, sds 24.74 and 5.92, correlation",
        "correlation 0.066, residual 25.59",
        "Driver 309",
        "And 309's",
        "309 starts at",
        "lme4 has 24.74 and 5.92",
        "after 180 observations",
        "only 18 points",
        'lme4\'s "correlation 0.07"',
        "and lme4's 0.066 is that",
        "the ellipses hold 50% and 90%",
        "Day 9, 90% intervals",
        "the 90% intervals hold",
    )
    _sure(lesson)
    _matrix(lesson)
    _priors(lesson)
    _zero(lesson)
    _new(lesson)


def _sure(lesson: Lesson) -> None:
    none, levels, apart, both = lesson.surely.values()
    lesson.holds("the second is the surest", levels < 0.75 * min(none, apart, both))
    lesson.holds(
        "uncertainty is twice as large", 1.8 < both / levels < 2.5 and apart > 1.8 * levels
    )
    lesson.holds("surer than no bar", levels < none)
    own, at, mean = lesson.own, lesson.at, lesson.mean
    lesson.says("309 has a slope of {} of his own, where the mean is {}", own[at, 1], mean[1])
    lesson.holds("309's slope is lowered", lesson.partial[at, 1] < own[at, 1] - 0.2)
    lesson.holds("its intercept raised", lesson.partial[at, 0] > own[at, 0] + 3.0)


def _matrix(lesson: Lesson) -> None:
    found = [*lesson.mean, *lesson.shown(lesson.people), lesson.sigma]
    printed = [*LME4["mean"], *LME4["sd"], LME4["cor"], LME4["sigma"]]
    places = [5e-4, 5e-4, 5e-3, 5e-3, 5e-4, 5e-3]
    lesson.holds("all six", (np.abs(np.subtract(found, printed)) < places).all())
    lesson.says("correlated by {}: a line", lesson.shown(lesson.V)[2])
    own, at, mean = lesson.own, lesson.at, lesson.mean
    lesson.says("309 starts at {}. If", own[at, 0])
    lesson.says("then {} is too steep", own[at, 1])
    lesson.holds("pulled down and to the right", (lesson.together - own[at])[1] < 0)
    lesson.holds("right", (lesson.together - own[at])[0] > 0)
    lesson.holds("weights apart lead up", lesson.one_by_one[1] > own[at, 1] + 1.0)
    gap = np.linalg.solve(lesson.people, lesson.together - mean)
    gap += np.linalg.solve(lesson.V, lesson.together - own[at])
    lesson.holds("the ellipses touch", np.abs(gap).max() < 1e-9)
    far = np.abs(mean + (own - mean) @ lesson.pull.T - lesson.partial).max(axis=0)
    lesson.holds("posterior means are near", far[0] < 4.0 and far[1] < 0.8)


def _priors(lesson: Lesson) -> None:
    draws = lesson.fit.draws
    sds = [draws[name] for name in (lesson.INTERCEPT, lesson.DAYS)]
    for form, sd in zip(("says {} and", "and {} for the two"), sds, strict=True):
        lesson.says(form, sd.mean(), within=ROOM * me.mcse_mean(sd))
    for (average, median), peak in zip(lesson.skew["flat"], LME4["sd"], strict=True):
        lesson.holds("mean above median above peak", average > median + 0.1 > peak + 0.3)
    drop = lesson.skew["half-t"][0][0] - lesson.skew["decov"][0][0]
    lesson.holds("by nearly half of its sd", 0.3 < drop / sds[0].std() < 0.6)
    rho = lesson.rho
    low, high = np.quantile(rho, [0.05, 0.95])
    lesson.says("reaches from about {} to {}, after", low, high, within=0.07)
    lesson.holds("known lines would not settle it", 0.2 < lesson.r.std() < rho.std() - 0.03)
    for eta, sd in lesson.prior_sd.items():
        lesson.holds("LKJ's sd", abs(sd - (2 * eta + 1) ** -0.5) < 0.01)
    lesson.says("its sd alone is {}", 9**-0.5)
    posterior = lesson.posterior_sd
    lesson.holds("narrower", posterior[4] < posterior[1] - 0.03)
    lesson.holds("the prior's doing", posterior[4] > 0.6 * 9**-0.5)


def _zero(lesson: Lesson) -> None:
    shift, shown = lesson.shift, lesson.shown
    moved = shown(shift @ lesson.people @ shift.T)[2]
    lesson.says("From {} to {}, and nothing", shown(lesson.people)[2], moved)
    lesson.says("Call the middle of the experiment 0: `Days - 4.5`")
    lesson.holds("so do our draws", lesson.by_formula.mean() > 0.65)
    lesson.holds("narrowest just before day 0", -0.5 < lesson.knot < 0.0)
    lesson.says("with day {} as 0 differs a little", lesson.MIDDLE)
    lesson.says("about day 0 and about day {}, and compute", lesson.MIDDLE)
    lesson.holds("errors uncorrelated there", abs(lesson.tilt_middle) < 1e-10)


def _new(lesson: Lesson) -> None:
    width, share = lesson.width, lesson.share
    lesson.holds("wide", width["someone new"][9] > 3 * width["the middle"][9])
    lesson.holds("known best", width["someone new"][9] > 3 * width["308"][9])
    of_line, of_measurement = lesson.outside["308"]
    lesson.holds("points outside the line's band", of_line >= 3)
    lesson.holds("most inside the other", of_measurement <= 3)
    lesson.holds("sample holds", 0.82 < share["sample"] < 0.95)
    lesson.holds("zero does not", share["zero"] < 0.79)
    sd = lesson.spreads
    lesson.holds("T z does not move", np.allclose(*sd["T z"], rtol=1e-9))
    for name in ("independent", "T' z"):
        change = sd[name][1] / sd[name][0]
        lesson.holds(f"{name} moves", change[0] > 1.4 and change[1] < 0.85)
        lesson.holds("hardly seen at day 0", np.abs(sd[name][0] / sd["T z"][0] - 1).max() < 0.1)
    lesson.holds("linpred", np.abs(lesson.package / sd["T z"][0] - 1).max() < 0.08)
