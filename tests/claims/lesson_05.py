"""Claims of lesson 05: the Jacobian, the leapfrog's promises, and what a wrong gradient costs."""

from claims.reading import Lesson


def claims(lesson: Lesson) -> None:
    """Check the numbers and the claims in words."""
    lesson.given("about 45 minutes", "a lot for the 155 of lesson 03", "steps of length 0.1")
    lesson.given("with steps of 1.9 and of 2.1")
    lesson.prints("All 6 entries agree")
    same = lesson.np.allclose(lesson.written, lesson.differences, rtol=1e-7)
    lesson.holds("differences give the same gradient", same)
    jacobian(lesson)
    promises(lesson)
    wrong_gradients(lesson)
    lesson.holds(
        "stable below 2", all((lesson.farthest[h] < 15) == (h < 2) for h in lesson.farthest)
    )
    narrow, lucky, wide = (lesson.kicks[step] for step in (0.55, 0.9, 0.3))
    for right, _, rate in (narrow, lucky, wide):
        lesson.holds("with the last half kick it is right", abs(right - 1) < 0.04)
        lesson.holds("a healthy acceptance", rate > 0.7)
    lesson.holds("too narrow", 0.7 < narrow[1] < 0.9)
    lesson.holds("by luck nearly right", 0.9 < lucky[1] < 1.1)
    lesson.holds("far too wide", wide[1] > 3)


def jacobian(lesson: Lesson) -> None:
    """Bars keep their area; ratios of their widths are sigma."""
    edges, np = lesson.edges, lesson.np
    middles = 0.5 * (edges[1:] + edges[:-1])
    ratios = np.diff(edges) / np.diff(np.log(edges))
    lesson.holds("the ratio of the widths is sigma", np.allclose(ratios, middles, rtol=0.05))
    inside = (lesson.fine > 0.4) & (lesson.fine < 4.0)
    whole = np.trapezoid(lesson.curve[inside] / lesson.total, lesson.fine[inside])
    lesson.holds("bars hold what the curve does", abs(lesson.probability.sum() - whole) < 1e-3)


def promises(lesson: Lesson) -> None:
    """Euler drifts; the leapfrog's error shrinks fourfold, and it is reversible, keeps volume."""
    np = lesson.np
    lesson.holds("ours is the library's", np.allclose(lesson.path.theta, lesson.by_leapfrog[0]))
    lesson.holds("Euler gains with every step", (np.diff(lesson.by_euler[2]) > 0).all())
    gain = np.diff(lesson.by_euler[2])
    lesson.holds("most of it at the bends", np.sort(gain)[-12:].sum() > 0.8 * gain.sum())
    (low, high), first_out = lesson.window["ylim"], lesson.by_euler[0][:, 1]
    lesson.holds("off the picture after one bend", (first_out[20:25] > high).all() and low < high)
    lesson.holds("the leapfrog's error does not grow", lesson.swing_longer < 1.5 * lesson.swing)
    lesson.holds("a quarter", ((lesson.ratios > 3.5) & (lesson.ratios < 4.5)).all())
    lesson.holds("it can be undone", np.abs(lesson.back.theta[-1] - lesson.start).max() < 1e-9)
    lesson.holds("Euler cannot", np.abs(lesson.undone[-1] - lesson.start).max() > 0.1)
    lesson.holds("it keeps volume", abs(lesson.volume(lesson.leapfrog) - 1) < 1e-7)
    lesson.holds("Euler does not", abs(lesson.volume(lesson.euler) - 1) > 0.1)


def wrong_gradients(lesson: Lesson) -> None:
    """A wrong gradient is slow, a wrong density is wrong."""
    for text in (
        "grad[1] has the wrong sign",
        "grad[1] is 2 times",
        "log-Jacobian",
        "was never written",
    ):
        lesson.prints(text)
    lesson.holds("the fourth is refused", lesson.refused)
    off = {name: abs(mean - lesson.truth) / e for name, (mean, e, _, _) in lesson.results.items()}
    for name in ("log_posterior", "twice", "jacobian_forgotten"):
        lesson.holds(f"{name} is right", off[name] < 6.4)
    lesson.holds("a wrong density is wrong", off["density_without_jacobian"] > 20)
    share = {
        name: worth / lesson.results["log_posterior"][3]
        for name, (_, _, _, worth) in lesson.results.items()
    }
    lesson.holds("twice costs about a third", 0.5 < share["twice"] < 0.8)
    lesson.holds("the Jacobian about half", 0.4 < share["jacobian_forgotten"] < 0.65)
    lesson.holds("the wrong sign nearly all", share["wrong_sign"] < 0.05)
    lesson.holds("the wrong sign accepts hardly ever", lesson.results["wrong_sign"][2] < 0.05)
    large = lesson.results["wrong_sign"][1] > 5 * lesson.results["log_posterior"][1]
    lesson.holds("and knows how little it knows", large)
    lesson.holds("the wrong density looks healthy", share["density_without_jacobian"] > 0.7)
    healthy = lesson.results["density_without_jacobian"][2]
    lesson.holds("it accepts as often", healthy > 0.8)
