"""Claims of the answers to lesson 08."""

import numpy as np

import mcmc_edu as me
from claims.reading import Lesson


def claims(lesson: Lesson) -> None:
    """Compare the answers' prose with their results."""
    lesson.given("Answers to 08", "With 38 well-observed people", "and 38 rich people")
    found = {k: [lesson.found[k, form] for form in ("centered", "noncentered")] for k in (0, 3, 38)}
    worth = {k: (centered[0], other[0]) for k, (centered, other) in found.items()}
    lesson.holds("38: centred is the cheaper", worth[38][0] > 3 * worth[38][1])
    lesson.holds("3: non-centred is the cheaper", worth[3][1] > 2 * worth[3][0])
    lesson.holds("0: non-centred is much cheaper", worth[0][1] > 4 * worth[0][0])
    lesson.holds("badly", found[0][0][2] < 0.5 * found[0][1][2])
    lesson.holds("it serves everybody", found[38][0][2] > 4000)
    lesson.holds("a neck with none", found[0][1][1] < 0.1)
    lesson.holds("no neck with three", found[3][1][1] > 0.3)
    price, depth, divergent = lesson.price, lesson.depth, lesson.divergent
    lesson.holds("divergences stay", (divergent[0.99] > 0).all())
    lesson.holds("an effective draw costs more", np.median(price[0.99]) < np.median(price[0.8]))
    lesson.holds("a little further down", depth[0.99].mean() < depth[0.8].mean() - 0.3)
    high = [draws["tau"].mean() for (_, accept), draws in lesson.runs.items() if accept == 0.99]
    lesson.holds("the mean is too large in most", np.sum(np.array(high) > 3.598) >= 3)
    lesson.holds("gradient", lesson.check.ok)
    lesson.holds("a constant", np.ptp(lesson.gaps) < 1e-9)
    # That one of five runs gets stuck is so here; another processor may need other seeds.
    stuck = max(me.rhat(draws["log_tau"]) for draws in lesson.runs.values())
    lesson.holds("chains disagree", stuck > 1.01)
