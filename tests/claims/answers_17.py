"""Claims of the answers to lesson 17."""

import numpy as np

from claims.reading import Lesson


def claims(lesson: Lesson) -> None:
    """Schools matter to the intercept; an sd of effects is hard to learn; ranks show priors."""
    lesson.given(
        "Answers to 17", "length of 90% intervals over 10 fake studies", "and 240 of them are 240"
    )
    letter, intercept = (np.array([lesson.lengths[s][k] for s in (48, 8)]) for k in range(2))
    lesson.holds("letter is about as well known", 0.8 < letter[1] / letter[0] < 1.25)
    lesson.holds("the intercept is not", intercept[1] > 1.4 * intercept[0])

    draws = lesson.varying_fit.draws["sd(school: letter)"]
    low, high = np.quantile(draws, [0.05, 0.95])
    lesson.holds("the truth is in the interval", low < 0.18 and high > 0.22)
    lesson.holds("from about half of the effect", 0.3 < low / lesson.TRUE < 0.7)
    lesson.holds("to more than twice the effect", high > 2.1 * lesson.TRUE)
    lesson.holds("about half the prior's", 0.35 < lesson.posterior_sd / lesson.prior_sd < 0.7)

    right, wrong = (np.array(x) for x in lesson.ranks.values())
    # 25 ranks: the mean's sd is 0.06, that of the share 0.1
    lesson.holds("mean near one half", abs(right.mean() - 0.5) < 0.2)
    middle = np.mean((right > 0.25) & (right < 0.75))
    lesson.holds("about half in the middle", 0.25 < middle < 0.75)
    lesson.holds("the wrong prior's heap up near 0", wrong.mean() < 0.25 and np.median(wrong) < 0.1)
