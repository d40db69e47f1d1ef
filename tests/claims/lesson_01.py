"""Claims of lesson 01: the posterior of one person's line, on a grid."""

import numpy as np

from claims.reading import Lesson


def claims(lesson: Lesson) -> None:
    """Grid and formula agree, and the truth is not in the middle."""
    lesson.given(
        "about 15 minutes",
        "50, 90 and 99 % of the probability",
        "With all 375 of the 75 people",
        "One model of lesson 03 has 155 unknown numbers",
    )
    lesson.holds(
        "375 observations of 75 people", (lesson.data.y.size, lesson.data.groups) == (375, 75)
    )
    lesson.holds(
        "the grid has the exact mean",
        np.allclose([lesson.alpha_mean, lesson.beta_mean], lesson.exact_mean, atol=2e-3),
    )
    lesson.holds(
        "the grid has the exact sd",
        np.allclose([lesson.alpha_sd, lesson.beta_sd], lesson.exact_sd, atol=2e-3),
    )
    lesson.holds("nothing is at the edge", lesson.edge < 1e-9)
    inside = (lesson.alphas > lesson.low) & (lesson.alphas < lesson.high)
    lesson.holds("nine to one", abs(lesson.alpha_weights[inside].sum() - 0.9) < 0.02)
    miss = (lesson.beta_mean - lesson.true_beta) / lesson.beta_sd
    lesson.holds("the mean of beta misses by more than one sd", 1 < abs(miss) < 1.2)
    for level, share in zip(lesson.levels, (0.99, 0.9, 0.5), strict=True):
        held = lesson.hill[lesson.hill >= level].sum()
        lesson.holds(f"the contour holds {share}", abs(held - share) < 1e-3)
    true = [lesson.true_alpha, lesson.true_beta] - lesson.exact_mean
    held = 1 - np.exp(-0.5 * true @ np.linalg.solve(lesson.covariance, true))
    lesson.holds("the truth is near the contour of 50 %", abs(held - 0.5) < 0.05)
    lesson.holds("nearly all x are negative", np.sum(lesson.x < 0) == 4)
    lesson.holds("the hill is tilted", lesson.covariance[0, 1] > 0)
    lesson.holds("a product is 0, and its logarithm is not", np.prod(lesson.everyone) == 0)
    lesson.prints("sum of their logarithms:  -894.2", "155 unknowns: 10^403", "160,801")
