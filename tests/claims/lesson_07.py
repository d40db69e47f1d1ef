"""Claims of lesson 07: GIST's factor, NUTS draw by draw, the shared array, and the metric."""

from claims.reading import Lesson


def claims(lesson: Lesson) -> None:
    """Check the numbers and the claims in words."""
    lesson.given("about 45 minutes", "in 50 dimensions", "per 1000 gradients")
    lesson.given("Stan, pull request 2800", "1000 iterations unless you say otherwise")
    lesson.given("is below 0.8", "in 25 dimensions, with sds from 0.01 to 1")
    (right, error), (wrong, wrong_error) = lesson.spreads[True], lesson.spreads[False]
    lesson.holds("with the factor it is right", (abs(right - 1) < 6.4 * error).all())
    lesson.holds("without it too wide", wrong[1] > 1 + 4 * wrong_error[1])
    lesson.holds("without it too wide, in both", (wrong > 1 + 1.5 * wrong_error).all())
    lesson.holds("it turned", lesson.tree.ended_by == "turn")
    lesson.holds("a doubling is thrown away", not lesson.tree.kept.all())
    shares = lesson.weights / lesson.weights.sum()
    lesson.holds("tickets win by weight", (abs(lesson.wins - shares) < 0.01).all())
    lesson.holds("draw by draw the library's", max(lesson.differences.values()) < 1e-7)
    lesson.holds("some diverge", lesson.library.stats["divergent"].any())
    same_steps = lesson.steps.sum() == lesson.library.stats["n_gradients"].sum()
    lesson.holds("and in as many steps", same_steps)
    gist, nuts = lesson.worth.values()
    lesson.holds("worth the trouble", nuts > 2 * gist)
    shared_array(lesson)
    metric(lesson)


def shared_array(lesson: Lesson) -> None:
    """At one step size the answer looks right; draw by draw it never does."""
    sd = {key: path.std(axis=0).mean() for key, path in lesson.found.items()}
    good, bad = lesson.leapfrog, lesson.leapfrog_in_place
    lesson.holds("ours is right", abs(sd[good, 0.4] - 1) < 0.05 and abs(sd[good, 0.6] - 1) < 0.05)
    lesson.holds("at 0.4 the answer looks right", abs(sd[bad, 0.4] - 1) < 0.05)
    lesson.holds("at 0.6 it does not", sd[bad, 0.6] < 0.88)
    lesson.holds("within the first few draws", max(lesson.first_to_differ.values()) <= 5)


def metric(lesson: Lesson) -> None:
    """A diagonal metric cures what is stretched along the parameters, a dense one the rest."""
    race = lesson.race
    for name in ("variance", "scores", "dense"):
        lesson.holds(f"{name} on the axes", race[name, False] > 20 * race["none", False])
    best = max(race[name, True] for name in ("none", "variance", "scores"))
    lesson.holds("only the dense one when turned", race["dense", True] > 5 * best)
