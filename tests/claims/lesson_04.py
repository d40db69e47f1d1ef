"""Claims of lesson 04.

The post's chains are replayed, and those of its kind run, on R's stream: the same everywhere.  Only
the draws of NUTS and of the two hills are another sample on another processor.
"""

import numpy as np

import mcmc_edu as me

from .reading import Lesson


def claims(lesson: Lesson) -> None:
    """Compare the prose with what was computed."""
    lesson.given("about 60 minutes", "has 10 000 iterations", "The first 2000 are dropped")
    lesson.given("estimates 75 intercepts", "its 8000 draws", "post's 8000 draws told it")
    lesson.given(
        "Above 1.01 we do not",
        "of the 75, the lower",
        "falls below 0.05",
        "in the middle of all 151",
    )
    lesson.given("after 200 steps of Metropolis", "4000 such draws", "than 4000 independent ones")
    lesson.given("its first 75 random numbers", "warm-up of 2000 and 8000 draws")
    posts = lesson.posts
    lesson.holds("as in R", posts["none"].accept_rate == 0.3057)
    lesson.holds("as in R, too", posts["partial"].accept_rate == 0.0997)
    lesson.holds("as the post's code prints in R", round(lesson.rmses[0], 6) == 1.228333)
    lesson.holds("worth four or five", 4 < lesson.worth < 5)
    lesson.holds("all five are too high", min(lesson.rmses) > lesson.rmse_exact)
    squares = [
        lesson.rmse_exact**2 + off**2 + c for off, c in zip(lesson.off, lesson.crossed, strict=True)
    ]
    lesson.holds("squares add up with the third term", np.allclose(np.sqrt(squares), lesson.rmses))
    lesson.holds("the post had bad luck", lesson.crossed[0] > 0.2 > max(np.abs(lesson.crossed[1:])))
    lesson.holds("all have the second part", 0.4 < min(lesson.off) < max(lesson.off) < 0.7)

    passed = {pooling: np.sum(found <= 1.01) for pooling, found in lesson.rhats.items()}
    lesson.says(
        "Of the {} parameters without pooling {} pass", len(posts["none"].names), passed["none"]
    )
    lesson.says(
        "of the {} with partial pooling {}.", len(posts["partial"].names), passed["partial"]
    )
    for pooling, found in lesson.effective.items():
        lesson.holds(
            f"{pooling}: not converged", lesson.rhats[pooling].max() > 1.8 and found.min() < 2
        )
        lesson.holds(f"{pooling}: hardly any effective draws", np.median(found) < 15)
    chain, answer = posts["partial"], lesson.exact["partial"]["sigma_alpha"]
    drawn = chain.kept[:, chain.names.index("sigma_alpha")]
    lesson.holds("never visits the lower part", drawn.min() > answer.mean - 0.8 * answer.sd)
    chain, answer = posts["none"], lesson.exact["none"][f"alpha[{lesson.middle}]"]
    drawn = chain.kept[:, lesson.middle]
    away = np.abs(drawn - answer.mean) < 2 * answer.sd
    lesson.holds("creeps through the band", away.mean() > 0.8)
    lesson.holds(
        "R-hat in the middle",
        lesson.rhats["none"][lesson.middle] == np.median(lesson.rhats["none"][:75]),
    )

    library = lesson.library
    lesson.holds("several see more", np.sum(library <= 1.01) < passed["none"])
    lesson.holds("and the median is larger", np.median(library) > np.median(lesson.rhats["none"]))
    lesson.holds("by hand is near", abs(lesson.ess_by_hand(lesson.known) / 2105 - 1) < 0.2)
    lesson.holds("and the library's", abs(me.ess_mean(lesson.known[np.newaxis]) / 2105 - 1) < 0.2)
    lesson.holds("together worth less than the sum", lesson.together < 0.9 * lesson.each.sum())

    good, bad, memory = lesson.good, lesson.bad, lesson.memory
    lesson.holds("memory still large after 200 steps", memory(bad, 200) > 0.5)
    lesson.holds("begins negative", memory(good, 1) < -0.2)
    lesson.holds("gone after a few", max(abs(memory(good, k)) for k in range(6, 201)) < 0.1)
    lesson.holds("pins the mean down better", me.ess_mean(good) > 1.3 * good.size)
    lesson.holds("not the spread", me.ess_sd(good) < 0.8 * good.size)
    lesson.holds("agree", me.rhat(good) < 1.02)

    lesson.says("and it says {}. And a test", lesson.rhat_by_hand(lesson.drifting), within=0.005)
    lesson.holds("splitting sees the drift", me.rhat(lesson.drifting) > 1.3)
    lesson.holds("a test that refuses nothing", lesson.refused == [])
    lesson.prints("the data's seed: the start's correlation with the truth 1.00")

    shares = [
        100 * (1 - lesson.gap_exact[stem] / lesson.gap_shown[stem]) for stem in ("alpha", "beta")
    ]
    lesson.says("For the intercepts, {}% of the gap", shares[0])
    lesson.says("for the slopes, {}% (with seed 1).", shares[1])
    lesson.holds("the direction survives", min(lesson.gap_exact.values()) > 0.2)
    other = lesson.not_shrinkage
    lesson.holds("the first of five is the post's", abs(100 * other[0] - shares[0]) < 1e-6)
    lesson.holds("not always larger", min(other) < -0.2 and max(other) > 0.2)
    lesson.holds(
        "sigma is right",
        abs(lesson.nuts["sigma"].mean() - lesson.exact["none"]["sigma"].mean)
        < 6.4 * me.mcse_mean(lesson.nuts["sigma"]),
    )
    lesson.holds("fewer digits", me.mcse_mean(bad) > 8 * me.mcse_mean(good))
    lesson.holds(
        "four times as long, half as far",
        1.7 < np.mean(lesson.off[1:]) / np.mean(lesson.off_long) < 2.6,
    )
    lesson.holds("NUTS is nearer", lesson.off_nuts < 0.2 * np.mean(lesson.off_long))
    by_start = lesson.off_by_start
    lesson.holds("zero is near enough", by_start["all at 0"] < 1.1 * by_start["the post's rule"])
    lesson.holds("four times the sd", abs(by_start["N(0, 10)"] / lesson.width - 4) < 0.2)
    lesson.holds(
        "R-hat warns each time", min(*lesson.alone.values(), *lesson.of_four.values()) > 1.1
    )
    lesson.holds(
        "most loudly far apart", lesson.of_four["N(0, 10)"] > 1.5 * lesson.of_four["all at 0"]
    )
    same, both = (lesson.found[where] for where in ("the same hill", "both hills"))
    lesson.says("An R-hat of {} does not prove", me.rhat(same), within=0.01)
    lesson.says("An R-hat of {} shows that", me.rhat(both), within=0.05)
    for found in (same, both):
        lesson.holds("the mean is wrong", abs(found.mean() - lesson.hills.mean[0]) > 1.5)
