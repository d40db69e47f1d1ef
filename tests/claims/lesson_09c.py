"""Claims of lesson 09c, on maximum likelihood in small studies.

The likelihood's part is exact; the 200 posteriors are sampled, 1000 draws each, whose quantiles
move the share of intervals that hold by a study or two.
"""

import numpy as np

from claims.reading import Lesson


def claims(lesson: Lesson) -> None:
    """Compare the lesson's prose with its results."""
    lesson.given(
        "about 30 minutes",
        "we make 200 such small studies",
        "In how many of 200 studies",
        "usual 95% interval for the mean slope, 1.96 standard errors",
        "with a scale of 40 ms",
        "of the first 50 studies",
        "take 2000 studies each",
        "With 50 drivers",
    )
    lesson.says("The truth is {}, and no reader", lesson.TRUE_RHO)
    lesson.holds("about every second study", 0.4 < lesson.corner.mean() < 0.6)
    lesson.holds("nearly always correlations", lesson.zero.sum() <= 2)
    lesson.holds("corners are counted right", lesson.corner.sum() == lesson.negative.sum())
    lesson.holds("the same corners", (lesson.corner == lesson.negative).mean() > 0.98)
    lesson.holds("elsewhere the same sds", lesson.gap < 0.02)
    missed = 1 - lesson.likelihood_share
    lesson.holds("about twice as often as it should", 0.085 < missed < 0.13)
    average = np.sqrt((lesson.standard_error**2).mean())
    lesson.holds("standard errors are too small", average < 0.95 * lesson.means[:, 1].std())
    lesson.holds("sds are too small on average", (lesson.fits[:, 1] ** 2).mean() < 5.92**2)
    lesson.given("Their 95% are an average", "about as often as 95% says")
    lesson.holds("they hold the truth as often", 0.93 < lesson.posterior_share < 0.99)
    lesson.holds("somewhat more", 0.955 < lesson.new_posterior < 0.99)
    lesson.holds("falls short", lesson.likelihood_share < 0.92)
    lesson.holds("and more so", lesson.new_likelihood < lesson.likelihood_share - 0.02)
    lesson.holds("posterior means lie around 0", abs(lesson.averages).max() < 0.95)
    correlations, heights = np.transpose(lesson.printed_by_tolerance)
    lesson.holds("first lines look like a finding", 0.5 < correlations[0] < 0.995)
    lesson.holds("the last like a corner", correlations[-1] > 0.9999)
    lesson.holds("at nearly the same height", np.ptp(heights) < 0.1)
    lesson.holds("nearly any correlation", lesson.low < -0.4 and lesson.high > 0.8)
    lesson.holds("corners go", lesson.corners[50] < 0.03 < 0.4 < lesson.corners[6])
    lesson.holds("intervals come right", 0.93 < lesson.shares[50] < 0.96)
    lesson.holds("and were not", lesson.shares[6] < 0.9)
