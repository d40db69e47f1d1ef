"""Claims of the answers to lesson 02b."""

import math

import numpy as np

import mcmc_edu as me
from claims.reading import Lesson


def claims(lesson: Lesson) -> None:
    """A wrong test is seen, Gibbs is exact, and a density can be tested."""
    lesson.given("Answers to 02b")
    lesson.holds("hardly anything is accepted", lesson.stuck.accept_rate < 0.002)
    lesson.holds("the sd is far too small", lesson.stuck["log_rate"].std() < 0.05)
    lesson.holds("R-hat is huge", me.rhat(lesson.stuck["log_rate"]) > 2)

    mu = lesson.by_gibbs["mu"]
    lesson.holds(
        "the mean is exact", abs(mu.mean() - lesson.nights.mean()) < 4.5 * me.mcse_mean(mu)
    )
    error = lesson.exact_sd / math.sqrt(2 * me.ess_bulk(mu))
    lesson.holds("the sd is exact", abs(mu.std() - lesson.exact_sd) < 8 * error)  # heavy tails
    lesson.holds("nearly as many effective draws", me.ess_bulk(mu) > 0.8 * mu.size)

    python = lesson.long["a step in Python"]
    lesson.holds("compiling costs more than it saves", lesson.long["a step with njit"] > python)
    lesson.holds("a compiled loop is faster", lesson.long["me.Metropolis"] < 0.7 * python)
    lesson.holds("the right density passes", np.all(lesson.held >= 14))
    lesson.holds("without its term it does not", lesson.held_wrong[1] < 3)
