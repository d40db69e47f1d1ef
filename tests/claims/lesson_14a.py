"""What lesson 14a says: predictive checks that pass, checks that do not, and a check of lines."""

from claims.reading import Lesson

SHARE = 0.06
"""Of shares from 4000 draws: 4.5 * sqrt(2) standard errors of at most 0.009."""


def claims(lesson: Lesson) -> None:
    """Compare lesson 14a with what it computes."""
    checked, told, extreme = lesson.checked, lesson.told, lesson.extreme
    lesson.says("R-hat is {} for all three", max(lesson.worst.values()), within=0.015)
    lesson.given("about 30 minutes", "180 reaction times", "4000 times", "all 18 drivers")
    lesson.given("of the 180 nights", "in 180 nights")
    lesson.says("One night lies {} sds from its driver's line", lesson.observed_residual)
    lesson.holds(
        "mean, sd and maximum pass with every model",
        all(0.1 < checked[fit][of] < 0.9 for fit in lesson.fits for of in ("mean", "sd", "max")),
    )
    alike, levels, lines = (checked[name] for name in ("alike", "levels", "lines"))
    lesson.holds("the sd of levels finds out the first", alike["sd of levels"] < 0.01)
    lesson.holds("the sd of slopes finds out the second", levels["sd of slopes"] < 0.01)
    lesson.holds("levels passes for levels", abs(levels["sd of levels"] - 0.5) < 0.1 + SHARE)
    lesson.holds(
        "lines passes for both",
        all(abs(lines[name] - 0.5) < 0.1 + SHARE for name in ("sd of levels", "sd of slopes")),
    )
    lesson.holds(
        "the largest residual is bad news for all three",
        all(checked[name]["largest residual"] < 0.01 for name in lesson.fits),
    )
    lesson.holds("Student's t passes", 0.1 < checked["robust"]["largest residual"] < 0.9)
    lesson.holds("tails are longer", lesson.nu < 5)
    lesson.given("below 0.05 in 5% of data sets", "1000 data sets of 20 rows", "limit of 0.05")
    lesson.holds("the share of the mean is always about one half", lesson.share_sd["mean"] < 0.05)
    lesson.holds("and can never fail", extreme["mean"] == 0)
    lesson.holds("the maximum's is extreme too seldom", extreme["max"] < 0.07)
    lesson.holds("the sd's are uniform", 0.07 < extreme["sd"] < 0.13)
    lesson.holds("the check of the sd condemns the line", lesson.line_share < 0.02)
    lesson.holds("a third lie outside", abs(1 - lesson.inside["the line"] - 1 / 3) < 0.05)
    lesson.holds("new data have more than 90%", lesson.inside["new data"] > 0.92)
    lesson.given("more than 90% inside", "in 15 groups")
    lesson.holds("the Poisson's mean passes", 0.3 < told["poisson"]["mean"] < 0.7)
    lesson.holds("so does its maximum", 0.15 < told["poisson"]["max"] < 0.85)
    lesson.holds("its zeros do not", told["poisson"]["zeros"] < 0.01)
    lesson.holds("the right model has the zeros", 0.1 < told["negbin"]["zeros"] < 0.9)
    lesson.holds(
        "the slope is far less certain than Poisson says",
        lesson.slope_sd["negbin"] > 1.4 * lesson.slope_sd["poisson"],
    )
