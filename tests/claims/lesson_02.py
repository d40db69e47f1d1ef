"""Claims of lesson 02: islands, and Metropolis on one person's hill."""

import math

import numpy as np

import mcmc_edu as me
from claims.reading import LESSONS, Lesson

PATH = LESSONS / "02_metropolis_in_twelve_lines.py"


def claims(lesson: Lesson) -> None:
    """Flows balance; a step in between is the best; the library finds the exact answer."""
    lesson.given(
        "about 35 minutes",
        "of 10 000 doctors",
        "1000 on A, 2000 on B",
        "From A to B: 1000 doctors",
        "From B to A: 2000 doctors",
        "of these 1000/2000 go",
        "steps of sd 0.1, 2 and 30",
        "so 4000 of them tell less than 4000 independent ones",
        "walkers start at 20",
        "dropping none, 500 (the dashed line) or 2000",
        "Dropping 500 is",
        "for step 0.1",
        "the first 1000 iterations",
        "90 % of it lies",
        "Above 1.01",
    )
    lines = PATH.read_text(encoding="utf-8").split("def metropolis")[1].split("\n\n")[0]
    lesson.holds("Metropolis has twelve lines", len(lines.splitlines()) == 12)
    population = lesson.people / lesson.people.sum()
    # 100 000 days, each worth at least a tenth of an independent one
    error = 4.5 * np.sqrt(population * (1 - population) / 10_000)
    lesson.holds("days are as people are", np.all(np.abs(lesson.visits - population) < error))
    flow = lesson.people[:, None] * lesson.move
    lesson.says("all of these go: {}", flow[0, 1])
    lesson.says("of these 1000/2000 go: {}", flow[1, 0])
    lesson.holds("flows balance", np.allclose(flow, flow.T))
    lesson.says("after {} days they are spread", 30)
    after = np.linalg.matrix_power(lesson.move, 30)[0]
    lesson.holds("the start is forgotten", np.allclose(after, population, atol=1e-3))
    after = np.linalg.matrix_power(lesson.move, 3)[0]
    lesson.holds("but not at once", np.max(np.abs(after - population)) > 0.03)

    rates, effective = lesson.rates, lesson.effective
    lesson.holds("the timid accepts nearly all", rates[0.1] > 0.85)
    lesson.holds("the bold is nearly always refused", rates[30.0] < 0.05)
    lesson.holds(
        "in between lies the best", effective[2.0] > 3 * max(effective[0.1], effective[30.0])
    )
    timid, good = lesson.walks[0.1][:, 1], lesson.walks[2.0][:, 1]
    top = lesson.exact_mean[1] + 2 * lesson.exact_sd[1]
    lesson.holds("the timid is not there after 500", np.all(timid[:500] > top))
    lesson.holds("with step 2 it takes less than 500", np.any(good[:300] < lesson.exact_mean[1]))
    lesson.holds("the first steps are about the start", np.all(good[:10] > top))
    lesson.holds(
        "500 are too few for the timid",
        np.mean(timid[500:]) > lesson.exact_mean[1] + lesson.exact_sd[1],
    )
    every, accepted = lesson.long_walk[:, 1].std(), lesson.only_accepted[:, 1].std()
    lesson.holds("all iterations give the sd", abs(every / lesson.exact_sd[1] - 1) < 0.06)
    lesson.holds("accepted ones are too wide", accepted / lesson.exact_sd[1] > 1.08)

    beta, exact = lesson.draws["beta"], lesson.exact_mean[1]
    lesson.holds("the library is right", abs(beta.mean() - exact) < 4.5 * lesson.error)
    lesson.holds("four walkers agree", me.rhat(beta) < 1.01)
    lesson.holds("mcse is of the mean", math.isclose(lesson.error, me.mcse_mean(beta), rel_tol=0.2))
    shaped = me.ess_bulk(lesson.shaped["beta"])
    lesson.holds("a shaped step is better", shaped > 1.4 * me.ess_bulk(beta))
