"""Claims of lesson 03.  Nearly all of its numbers are exact: formulas, integrals, counts."""

import numpy as np
import numpy.typing as npt

import mcmc_edu as me

from .reading import Lesson


def parts_by_formula(lesson: Lesson, m: int) -> tuple[float, float, float]:
    """Return variance without pooling, squared bias and variance of shrinkage, of intercepts.

    Both estimates are linear in y: with W = S (S + V)^-1 the bias is (W - 1) (theta - mu), the
    variance W V W'.
    """
    x = me.datasets.boelstad(seed=1, observations=m).x.reshape(75, m)
    X = np.stack([np.ones_like(x), x], axis=-1)
    V = 4.0 * np.linalg.inv(X.transpose(0, 2, 1) @ X)
    W = np.linalg.inv(np.eye(2) + V)
    bias = (W - np.eye(2)) @ (lesson.true_lines - [2.0, -2.0])[..., np.newaxis]
    after = W @ V @ W.transpose(0, 2, 1)
    return V[:, 0, 0].mean(), (bias[:, 0, 0] ** 2).mean(), after[:, 0, 0].mean()


def turned(lesson: Lesson) -> npt.NDArray[np.float64]:
    """Return the cosine between each arrow and the way to the mean, in sds of the population."""
    way = (lesson.center - lesson.alone) / lesson.sds
    move = (lesson.pooled - lesson.alone) / lesson.sds
    lengths = np.linalg.norm(way, axis=1) * np.linalg.norm(move, axis=1)
    return np.asarray((way * move).sum(axis=1) / lengths)


def claims(lesson: Lesson) -> None:
    """Compare the prose with what was computed."""
    lesson.given("about 55 minutes", "in 98 of 100;", "in 75 of 100.")
    lesson.given("75 people, five noisy", "its 375 observations", "We want all 75 lines")
    lesson.given("over the 75 people", "the same 375 numbers", "can shrink the 75 estimates")
    lesson.given("Keep the 75 true lines", "of the same 75 people. We observe them 400 times")
    lesson.given("give everybody 5, 50 or 500 points", "from 5 to 500 points")
    lesson.given("10 000 steps, and threw the first 2000 away")
    alpha, beta = lesson.rmse_alpha, lesson.rmse_beta
    lesson.holds("partial pooling is best", min(alpha, key=alpha.get) == "partial")
    lesson.holds("of slopes, too", min(beta, key=beta.get) == "partial")
    lesson.holds("everybody the same beats everybody alone", alpha["complete"] < alpha["none"])
    lesson.holds("of slopes, too", beta["complete"] < beta["none"])
    lesson.says("in {} of 100; for the intercepts in {} of 100", lesson.wins[1], lesson.wins[0])
    for seed in (2, 3, 4):
        other = me.datasets.boelstad(seed=seed)
        x, y = other.x.reshape(75, 5), other.y.reshape(75, 5)
        one = lesson.own_lines(x.reshape(1, -1), y.reshape(1, -1))[0]
        own = lesson.own_lines(x, y)
        lesson.holds(
            f"seed {seed} reverses the order of the intercepts",
            lesson.error(one, other.truth)[0] > lesson.error(own, other.truth)[0],
        )
    lesson.says("there are {} unknowns", 2 * lesson.n + 5)
    lesson.says("the {} lines included", 2 * lesson.n)
    lesson.holds(
        "own lines are exact", np.allclose(lesson.own_lines(lesson.x, y=lesson.y), lesson.alone)
    )

    start = np.linalg.norm((lesson.alone - lesson.center) / lesson.sds, axis=1)
    end = np.linalg.norm((lesson.pooled - lesson.center) / lesson.sds, axis=1)
    length = np.linalg.norm((lesson.pooled - lesson.alone) / lesson.sds, axis=1)
    lesson.holds("all arrows point inwards", (end < start).all())
    lesson.holds("the longest start farthest out", np.corrcoef(start, length)[0, 1] > 0.9)
    lesson.holds("some point past the mean", 10 < (turned(lesson) < np.cos(0.17)).sum() < 30)
    equally_far = np.abs(start[:, np.newaxis] - start) < 0.05
    lesson.holds("not equally far", np.abs(length[:, np.newaxis] - length)[equally_far].max() > 0.5)

    lesson.holds("weights differ", lesson.weight.max() > 2 * lesson.weight.min())
    lesson.holds("by hand beats the full model", lesson.by_hand < alpha["partial"])
    lesson.holds("the matrix beats the weight", lesson.told_alpha < lesson.by_hand)
    lesson.holds(
        "what was learnt is nearly the full model",
        abs(lesson.learnt_alpha - alpha["partial"]) < 0.01,
    )
    lesson.holds(
        "intercepts are thought more alike than they are", lesson.sds[0] < lesson.truth.alpha.std()
    )
    lesson.given("and 75 people are enough")
    rest = sorted(lesson.prices[1:])
    lesson.holds("the highest price of the ten", lesson.prices[0] > 2 * rest[-1])
    lesson.holds("a few hundredths or less", rest[4] < 0.025 and rest[-1] < 0.06)
    misread = lesson.misread
    lesson.holds("the noise notices", misread["sd"] < misread["variance"] < misread["precision"])

    full, fall = lesson.full, lesson.fall
    lesson.holds("error like the root of m", 7 < fall["no pooling"] < 14)
    lesson.holds("distance like m", 80 < fall["distance"] < 140)
    lesson.holds("the distance vanishes faster", full["distance"][2] < 0.15 * full["no pooling"][2])
    lesson.holds("complete pooling never gets better", np.ptp(full["complete"]) < 0.001)
    for m in (5, 50, 500):
        variance, bias, shrunk = parts_by_formula(lesson, m)
        (of_none, v_none), (of_partial, v_partial) = (
            lesson.parts[model, m] for model in ("no pooling", "partial pooling")
        )
        # 75 x 400 errors: the variances within 5 standard errors, generously
        lesson.holds(f"variance of no pooling, {m}", abs(v_none / variance - 1) < 0.06)
        lesson.holds(f"variance of shrinkage, {m}", abs(v_partial / shrunk - 1) < 0.06)
        lesson.holds(f"squared bias, {m}", abs(of_partial / bias - 1) < 0.15 + 0.1 * (m == 500))
        lesson.holds(f"no bias without pooling, {m}", of_none < 0.003 * variance)
    (v_5, b_5, s_5), (v_50, b_50, s_50), (v_500, b_500, s_500) = (
        parts_by_formula(lesson, m) for m in (5, 50, 500)
    )
    lesson.holds("a very good bargain", b_5 + s_5 < 0.5 * v_5)
    lesson.says("From {} to {} points the variance", *lesson.points[1:])
    lesson.says("At {} points that", lesson.points[0])
    lesson.holds("variance to a tenth", 0.09 < s_500 / s_50 < 0.13 and 0.08 < v_500 / v_50 < 0.12)
    lesson.holds("squared bias to a hundredth", 0.009 < b_500 / b_50 < 0.0145)
    lesson.holds("the variances become equal", abs(v_500 / s_500 - 1) < 0.03)

    report = lesson.report
    exact, chain = report.row("none", "least squares"), report.row("none", "post's run, replayed")
    lesson.says("answer, {}, and the chain misses it: {}", exact.rmse_alpha, chain.rmse_alpha)
    lesson.holds("as the post's code prints in R", round(chain.rmse_alpha, 6) == 1.228333)
    for model in ("none", "partial"):
        lesson.holds("not to trust", report.row(model, "post's run, replayed").trust == "no")
        lesson.holds("to trust", report.row(model, "NUTS").trust == "yes")
    lesson.holds("one exact answer", np.isclose(exact.rmse_alpha, alpha["none"], rtol=1e-12))
