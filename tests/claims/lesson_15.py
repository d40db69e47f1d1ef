"""What lesson 15 says: which check sees which planted bug."""

from math import asin, sqrt

import numpy as np

from claims.reading import Lesson


def claims(lesson: Lesson) -> None:
    """Compare lesson 15 with what it computes."""
    seen, p_values = lesson.seen, lesson.p_values
    lesson.given("about 45 minutes", "R-hat is 1.00", "from the other 99", "Do it 200 times")
    lesson.given("0, 1, ..., 99", "the 200 ranks", "`mean rank` 0.5")
    lesson.holds(
        "the right samplers pass", not any([*seen["HMC"].values(), *seen["walk"].values()])
    )
    bugs = lesson.bugs
    lesson.holds("every bug is seen", all(any(seen[bug].values()) for bug in bugs))
    lesson.holds("no check sees all", not any(all(seen[b][c] for b in bugs) for c in lesson.checks))
    wrong = seen["wrong sign in gradient"]
    lesson.holds("the gradient check finds the sign", wrong["gradient"])
    lesson.holds("nothing is biased", not wrong["exact start"] and not wrong["moments"])
    lesson.holds("calibration notices", wrong["ranks of lambda"])
    lesson.given(
        "only that 40 steps", "Only 20 000 exact starts", "After 40 steps", "at least 95 of 100"
    )
    dropped = seen["last half-step dropped"]
    lesson.holds("reversibility finds it", dropped["integrator"])
    lesson.holds("the exact start missed it", not dropped["exact start"])
    lesson.holds("the moments do see it", dropped["moments"])
    only = [check for check, found in seen["lognormal, same mean, sd"].items() if found]
    lesson.holds("only exact starts see the lognormal", only == ["exact start"])
    only = [check for check, found in seen["data forgotten"].items() if found]
    lesson.holds("only the log likelihood sees it", only == ["ranks of log lik."])
    for key, p in p_values.items():
        lesson.holds(f"large steps show it: {key}", (p < 1e-6) == (key[0] == 0.8))
        lesson.holds(f"right ones pass: {key}", lesson.right_p[key] > 1e-4)
    lesson.given("whose mean is 3, comes out with mean 2.0")
    for name, mean in (("walk", 3), ("walk, no correction", 2), ("Jacobian left out", 2)):
        lesson.holds(f"mean of {name}", abs(lesson.gamma_means[name] - mean) < 0.05)
    lesson.holds("R-hat sees nothing", lesson.rhat < 1.01)
    calibrated = lesson.calibrated
    lesson.holds("the right one is inside", calibrated["HMC"].inside)
    lesson.holds("lambda is outside", "lambda" in calibrated["Jacobian left out"].outside)
    below = calibrated["Jacobian left out"].ecdf_difference()[0]
    lesson.holds("the draws are too small, so below 0", below.mean() < -0.05)
    lesson.holds("forgotten", calibrated["data forgotten"].outside == ("log likelihood",))
    lesson.holds("the calibration refuses a kernel that swings", not lesson.refused.inside)
    lesson.holds("which is right", lesson.swinging_p > 1e-4)
    lesson.holds("it remembers its start at a = 22 only", lesson.off[22, 0.0] < -0.5)
    for a in (15, 30):
        lesson.holds(f"and not at {a}", abs(lesson.off[a, 0.0]) < 0.15)
    lesson.holds("nor with jitter", all(abs(lesson.off[a, 0.5]) < 0.15 for a in (15, 22, 30)))
    lesson.holds("formula: sd", np.round(1 / sqrt(22), 2) == 0.21)
    radians = 2 * asin(0.25 * sqrt(22) / 2)
    lesson.holds("formula: radians", round(radians, 2) == 1.25 and round(5 * radians, 2) == 6.26)
    lesson.given("A leapfrog step of 0.25")
    lesson.holds("the library passes", min(lesson.library_p.values()) > 1e-4)
    lesson.holds("and its model", lesson.hierarchical.inside)
    lesson.given("make 200, in two forms")
