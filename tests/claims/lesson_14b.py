"""What lesson 14b says: leave-one-out by hand, p_loo, and three questions about prediction."""

import numpy as np

from claims.reading import Lesson


def claims(lesson: Lesson) -> None:
    """Compare lesson 14b with what it computes.

    Sums over rows that were left out have Monte Carlo errors of about 0.3 each.
    """
    lesson.given("about 40 minutes", "saves 180 fits", "average of 4000 draws", "Below 0.7")
    lesson.holds("by hand it is nearly the same", abs(lesson.by_hand.sum() - lesson.loo.elpd) < 4)
    lesson.holds(
        "log densities are the library's", np.allclose(lesson.log_lik, lesson.lines.log_lik())
    )
    lesson.holds("with a warning", len(lesson.loo.untrusted) > 0)
    drivers = [lesson.data["Subject"][i] for i in lesson.shown]
    lesson.holds("two of the three are driver 332's", drivers.count("332") == 2)
    lesson.given("nights of one driver, 332", "one driver*, 332")
    lesson.holds("a few draws carry much weight", max(lesson.largest.values()) > 0.05)
    lesson.holds("the sum moves by about one", abs(lesson.exact.elpd - lesson.loo.elpd) < 2.5)
    inside, outside = lesson.inside, lesson.outside
    lesson.holds(
        "on the same data the larger model wins every time",
        inside["alike"] < inside["levels"] - 30
        and inside["levels"] < inside["lines"] - 20
        and inside["lines"] < inside["lines + noise"] - 5,
    )
    lesson.given("another 40 ways")
    lost = outside["lines"] - outside["lines + noise"]
    gained = inside["lines + noise"] - inside["lines"]
    lesson.holds("on rows left out noise loses more than it gained", lost > gained + 8)
    lesson.says("p_loo is about {}", np.mean(lesson.own), within=6)
    lesson.says("there are {} levels and slopes", 2 * len(lesson.drivers))
    lesson.holds("in the real data it is larger", lesson.surprise.sum() > np.mean(lesson.own) + 3)
    lesson.given("three nights of 180")
    share = lesson.top[:3].sum() / lesson.surprise.sum()
    lesson.holds("three nights make almost half of it", 0.37 < share < 0.5)
    total, se = lesson.with_se(lesson.difference)
    lesson.holds("two standard errors", 1.5 < total / se < 2.4)
    lesson.holds("three nights make most of the error", lesson.three > 0.6)
    lesson.holds(
        "and without the driver about 4", 3.3 < np.divide(*lesson.with_se(lesson.others)) < 4.5
    )
    lesson.holds("with Student's t about 5", 4.5 < np.divide(*lesson.with_se(lesson.by_t)) < 5.5)
    lesson.holds("by drivers about 3", 2.5 < np.divide(*lesson.with_se(lesson.sums)) < 3.5)
    best = lesson.robust["t, lines"]
    lesson.holds("t is far better", best.elpd > lesson.exact.elpd + 20)
    lesson.holds("t has no large k", not best.untrusted)
    lesson.given("Another 180 rows", "5% errors")
    gains = {name: lesson.with_se(gain["levels"]) for name, gain in lesson.gains.items()}
    same = lesson.with_se(lesson.same_days["levels"])
    lesson.holds("less on the same days, mostly from days 0 to 3", same[0] < 0.45 * total)
    lesson.holds("and it is not clear", same[0] < 1.3 * same[1])
    lesson.holds("nor for tomorrow", gains["tomorrow"][0] < 1.4 * gains["tomorrow"][1])
    lesson.holds("nights", lesson.nights[1] == lesson.gains["tomorrow"]["levels"].size)
    lesson.holds("about even for the last day", abs(lesson.last) < 3)
    loses = {name: gain["alike"].sum() for name, gain in lesson.gains.items()}
    lesson.holds(
        "for the next driver, forgetting drivers loses less",
        loses["the next driver"] < loses["another night"] - 8,
    )
    lesson.holds(
        "332 is much worse in all three", all(score[lesson.at] < -4 for score in lesson.scores)
    )
    worse = [np.sum(score < -0.5) for score in lesson.scores]
    lesson.holds("less clearly so for tomorrow", worse[1] > max(worse[0], worse[2]))
    naive = lesson.naive.sum() - lesson.groups["lines"].elpd
    lesson.holds("rows added up flatter by as much as models differ", 8 < naive < 40)
    lesson.holds("few draws carry the weight", np.median(lesson.effective) < 250)
    lesson.given("20 000 data sets of 100 rows", "no k above 0.7", "issue 111", "issue 2059")
    lesson.holds("the estimate is right on average", max(map(abs, lesson.bias.values())) < 0.15)
    lesson.holds("a third miss", 0.28 < lesson.off[0.0] < 0.38)
    lesson.holds("far apart it can be trusted", lesson.off[0.4] < 0.1)
