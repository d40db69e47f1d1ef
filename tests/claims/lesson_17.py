"""Claims of lesson 17: fake studies, a check that fails, another family, and the report."""

import numpy as np

from claims.reading import Lesson


def claims(lesson: Lesson) -> None:
    """The first model recovers itself, fails a check, and costs coverage; the second does not."""
    lesson.given(
        "about 40 minutes",
        "of 24 schools, drawn by lot",
        "is 30% more books",
        "fewer than 1 or more than 16",
        "more than 100 books",
        "means 30% more books",
        "make 40 fake studies",
        "look at the 90% interval",
        "of the 40 intervals",
        "intervals of 90% should",
        "took 240 children",
        "90% intervals hold",
        "of 40 fake studies, and no",
    )
    shares = lesson.beyond
    lesson.holds("one child in eight", abs(shares["modest"] - 1 / 8) < 0.02)
    lesson.holds("those thought about allow few", shares["thought about"] < 0.01)
    most = lesson.me.Model(
        lesson.FORMULA, lesson.plan, "poisson", priors=lesson.modest
    ).prior_predictive(1000, seed=1)
    lesson.holds("one borrows many billions", most.max() > 1e10)
    typical = np.exp(np.log(4) + 0.7 * np.array([-2, 2]))
    lesson.holds("1 to 16 books are two sds", np.allclose(typical, [1, 16], rtol=0.05))

    # another machine's draws move the end of an interval by some hundredths of its length: of 40
    # intervals perhaps two change sides
    held, above = lesson.counts(lesson.own)
    lesson.holds("about nine in ten hold the truth", 32 <= held <= 40)
    lesson.holds("nearly all lie above 0", above >= 36)
    missed, _ = lesson.counts(lesson.flattered)
    lesson.says("in only about {} of 40 fake studies", missed, within=3)
    right, fewer = lesson.counts(lesson.honest)
    lesson.holds("the right one holds the truth in about nine of ten", 32 <= right <= 40)
    lesson.holds("fewer of the honest ones lie above 0", fewer < above - 5)
    lesson.holds("more than a third misses", lesson.STUDIES - missed > 10)

    lesson.says("Not one of {} data sets", lesson.zeros.size)
    lesson.holds("no data set has so many zeros", lesson.zeros.max() < lesson.observed)
    share = (lesson.better_zeros >= lesson.observed).mean()
    lesson.holds("now it is an ordinary share", 0.1 < share < 0.9)
    # each sd has an error of about 1.5 %, at 2000 effective draws
    lesson.says("its sd is {} times", lesson.wider, within=4.5 * 2**0.5 * 0.015 * 1.8)
    for fit in (lesson.fit, lesson.better):
        notes = fit.summary().notes[len(fit.remarks()) :]
        lesson.holds("no warnings", not list(notes))
    notes = " ".join(lesson.hasty.summary().notes)
    lesson.holds("a hasty run is warned of", "R-hat of" in notes and "ess_bulk" in notes)
    lesson.holds("much less than its uncertainty", lesson.shift < 0.4)
    lesson.says("the truth, {} times", np.exp(lesson.TRUE))
    lesson.holds("the interval holds it", lesson.low < 1.28 and lesson.high > 1.32)
