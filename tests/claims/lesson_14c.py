"""What lesson 14c says: one table, three causes, and a score that cannot tell them apart."""

import numpy as np

from claims.reading import Lesson


def claims(lesson: Lesson) -> None:
    """Compare lesson 14c with what it computes; all but three pairs of fits is exact or OLS."""
    lesson.given("about 25 minutes")
    effects, slopes = lesson.effects, lesson.slopes
    for name in effects:
        lesson.holds(f"{name}: with z, by far", lesson.gains[name][0] > 8 * lesson.gains[name][1])
        lesson.holds(f"{name}: looks the same", abs(slopes[name]["without z"].mean() - 0.5) < 0.15)
        lesson.holds(f"{name}: with z lowers", abs(slopes[name]["with z"].mean() + 0.5) < 0.15)
    a, b, c = effects.values()
    lesson.says("In A the drug lowers the pressure by {}", -a, within=1e-6)
    lesson.says("*raises* the pressure by {}", b, within=1e-6)
    lesson.holds("in C, too", abs(c - b) < 1e-6)
    lesson.says("What is left, {}, is the *direct* effect", -0.5)
    tables = list(lesson.covariances.values())
    lesson.holds(
        "three tables have the same distribution",
        all(np.abs(table - tables[0]).max() < 0.02 for table in tables),
    )
    exact = np.array([[1.0, 0.8, 0.5], [0.8, 1.0, 0.85], [0.5, 0.85, 1.8125]])
    lesson.holds("and it is this one", np.abs(tables[0] - exact).max() < 0.02)
    lesson.given("Here are 100 per hospital")
    lesson.holds("z predicts better in all", all(wins == 100 for wins in lesson.wins.values()))
    hits = list(lesson.hits.values())
    lesson.holds("only in A the winner is right", hits[0] >= 80 and hits[1] == hits[2] == 0)
    lesson.holds("the winner takes both", {"mediator", "collider"} <= set(lesson.best))
    _, slope, error = lesson.scores[lesson.best]
    lesson.holds("its slope is far from 1, its error small", abs(slope - 1) > 15 * error)
    plain, with_before = lesson.scores[()], lesson.scores[("before",)]
    lesson.holds("before leaves the slope right", abs(with_before[1] - 1) < 3 * with_before[2])
    lesson.holds("and makes it more precise", with_before[2] < 0.9 * plain[2])
    lot = lesson.by_lot
    lesson.holds(
        "in A both are right with a lot, and the error is smaller with age",
        all(abs(s + 0.5) < 4 * e for s, e in lot["A: age"].values())
        and lot["A: age"]["with z"][1] < 0.8 * lot["A: age"]["without z"][1],
    )
    for name in ("B: weight", "C: visits"):
        right, wrong = lot[name]["without z"][0], lot[name]["with z"][0]
        lesson.holds(f"{name} goes wrong as before", abs(right - 0.5) < 0.06 > abs(wrong + 0.5))
