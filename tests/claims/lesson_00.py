"""Claims of lesson 00: one unknown slope, a prior and a likelihood on a grid."""

import math

import numpy as np

from claims.reading import LESSONS, Lesson

PATH = LESSONS / "00_bayes_in_twenty_lines.py"


def claims(lesson: Lesson) -> None:
    """Grid, formula and worlds agree; the prior pulls with few data only."""
    lesson.given(
        "about 20 minutes",
        "read a posterior and its 90 % interval",
        "have made 400 students",
        "And with all 400 students",
        "The *90 % interval* leaves 5 %",
        "in all experiments, 90 % have",
        "far fewer than 90 %",
        "with probability 90 %",
        "the 90 % are not right",
        "Flat from −10 to 10",
        "in 1 to 10 minutes, so 0.1 to 1 page",
    )
    text = PATH.read_text(encoding="utf-8")
    cell = next(cell for cell in text.split("\n# %%") if "def posterior" in cell)
    lines = [line for line in cell.splitlines() if line.strip()]
    lesson.holds("the cell has twenty lines", len(lines) == 20)

    flat_few = lesson.describe(lesson.posterior(lesson.flat, lesson.hours[:6], lesson.gain[:6]))
    flat_many = lesson.describe(lesson.posterior(lesson.flat, lesson.hours, lesson.gain))
    mean, sd, low, high = lesson.few
    lesson.holds(
        "with a flat prior, mean and sd are estimate and standard error",
        np.allclose(flat_few[:2], [lesson.estimate, lesson.error], atol=1e-6),
    )
    lesson.holds(
        "with a flat prior, both intervals have the same ends",
        np.allclose(
            flat_few[2:],
            [lesson.estimate - lesson.half_width, lesson.estimate + lesson.half_width],
            atol=0.01,
        ),
    )
    lesson.holds("the sceptic's mean lies between", 0 < mean < lesson.estimate)
    lesson.holds("its sd is the smallest", sd < min(1.0, lesson.error))
    lesson.holds(
        "with many data the posteriors are nearly the same",
        abs(lesson.many[0] - flat_many[0]) < 0.05,
    )
    lesson.holds(
        "grid and formula agree",
        np.allclose([mean, sd], [lesson.exact_mean, lesson.exact_sd], atol=1e-6),
    )
    kept = lesson.like_ours.sum()
    lesson.holds(
        "the slopes of worlds like ours have the posterior's mean",
        abs(lesson.worlds[lesson.like_ours].mean() - mean) < 4.5 * sd / math.sqrt(kept) + 0.002,
    )
    share_error = 4.5 * math.sqrt(0.9 * 0.1 / kept)
    lesson.holds("posterior interval 90 %", abs(lesson.posterior_holds - 0.9) < share_error)
    lesson.holds("confidence interval 90 %", abs(lesson.confidence_everywhere - 0.9) < 0.0015)
    lesson.holds("but not in worlds like ours", lesson.confidence_holds < 0.75)
    inside = (lesson.slopes > low) & (lesson.slopes < high)
    weights = lesson.posterior(lesson.sceptic, lesson.hours[:6], lesson.gain[:6])
    lesson.holds("the interval has 90 %", abs(weights[inside].sum() - 0.9) < 0.003)
    lesson.holds(
        "nine times out of ten beyond one point",
        abs(np.mean(np.abs(lesson.slopes) > 1) - 0.9) < 1e-3,
    )
    lesson.holds(
        "the two say different things", lesson.slow_by_minutes > 0.5 > 0.2 > lesson.slow_by_pages
    )
    lesson.holds("sceptic and enthusiast come together", lesson.gaps[400] < 0.1 < lesson.gaps[100])
    stubborn = lesson.describe(lesson.posterior(lesson.stubborn, lesson.hours, lesson.gain))
    lesson.holds("the stubborn lean against 0", -0.05 < stubborn[0] <= 0 and stubborn[1] < 0.05)
    lesson.prints(  # the quiz asks about these
        "positive with probability 0.93",
        "mean 1.15, sd 0.76, 90 % in [-0.11, 2.41]",
        "mean 2.78",
        "mean 2.10",
        "1.15 with 6, 2.06 with 400",
        "flat in minutes: 55%; flat in pages: 11%",
    )
