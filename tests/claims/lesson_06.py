"""Claims of lesson 06: what HMC costs, when it pays, and how it breaks."""

from claims.reading import Lesson


def claims(lesson: Lesson) -> None:
    """Check the numbers and the claims in words."""
    lesson.given(
        "about 45 minutes",
        "of length 0.01, 0.3 and 0.6",
        "*per 1000 gradients*",
        "lesson 03 has 155",
    )
    lesson.given("started at 0.3, 1 and 2", "does so by 20 %", "when $d$ goes from 10 to 100?")
    lesson.given("In 100 dimensions it is more than ten times ahead")
    price(lesson)
    for mean, error in lesson.means.values():
        lesson.holds("both are right", abs(mean - lesson.truth) < 6.4 * error)
    table_of_steps(lesson)
    resonance(lesson)
    slow, long, true, learnt = lesson.units.values()
    lesson.holds("a long way is better than a short one", long > 1.3 * slow)
    lesson.holds("the metric is the cure, given or learnt", min(true, learnt) > 20 * long)
    spoilt = abs(lesson.endless.theta[:, 0]).max()
    lesson.holds("never another push: the sd is far from 1", spoilt < 0.7)
    lesson.holds("the slope never written: it stands still nearly always", lesson.moved < 0.3)
    safe, careless = lesson.gammas.values()
    lesson.holds("ours is safe", (safe < 0).mean() < 0.01)
    lesson.holds("min(1, nan) falls for ever", (careless < 0).mean() > 0.5)
    accepting = (lesson.np.diff(careless) != 0).mean()
    lesson.holds("with a perfect acceptance rate", accepting > 0.99)
    dims = lesson.dims
    lesson.holds("the walk pays", dims["Metropolis", 10] > 4 * dims["Metropolis", 100])
    lesson.holds("rolling hardly", dims["HMC", 10] < 4 * dims["HMC", 100])
    ahead = dims["HMC", 100] / dims["Metropolis", 100]
    lesson.holds("more than ten times ahead, and well ahead after a factor of three", ahead > 10)


def price(lesson: Lesson) -> None:
    """Neither timid nor bold; and the walk is cheaper in two dimensions."""
    accepted, effective = lesson.accepted, lesson.effective
    lesson.holds("timid steps are accepted", accepted[0.01] > 0.99)
    lesson.holds("bold ones are not", accepted[0.6] < 0.05)
    best = effective[0.3]
    lesson.holds("0.3 is best", best > 5 * max(effective[0.01], effective[0.6]))
    lesson.holds("an effective draw for about every two or three", 4000 / 5 < best < 4000 / 1.4)
    lesson.holds("a draw is worth several of the walk's", best > 2 * lesson.blind)
    lesson.holds("per evaluation the walk is ahead", lesson.blind / 4 > 1.2 * best / 40)


def table_of_steps(lesson: Lesson) -> None:
    """Too short, too long, and about as far as the posterior is wide."""
    table = lesson.table
    lesson.holds("too short a way", table[0.3, 3] > 2 * max(table[0.1, 1], table[0.1, 3]))
    lesson.holds("too long a way", table[0.3, 3] > 4 * table[0.3, 24])
    lesson.holds("too long a step", table[0.3, 3] > 10 * table[0.8, 3])
    lesson.holds("the more so the more of them", table[0.8, 1] > 3 * table[0.8, 3])
    best = max(table, key=table.get)
    lesson.holds("the best pairs", best in {(0.3, 1), (0.3, 3), (0.5, 1), (0.8, 1)})
    lesson.holds("better per evaluation", table[best] > lesson.walk_worth)
    lesson.holds("up to about twice", table[best] < 2.8 * lesson.walk_worth)
    worse = sum(worth < lesson.walk_worth for worth in table.values())
    lesson.holds("most of the table is worse than the walk", worse > 12)


def resonance(lesson: Lesson) -> None:
    """Two points for each chain; the formula for the spread."""
    np, swings = lesson.np, lesson.swings
    lesson.holds("two points only", np.allclose(np.abs(swings[0.0]), lesson.starts, atol=1e-9))
    (mean, sd, rate), (_, jittered, _) = lesson.worths.values()
    lesson.holds("every proposal is accepted", rate > 0.999)
    lesson.holds("the mean is better than independent", mean > 1.5 * swings[0.0].size)
    lesson.holds("the spread is not seen", sd < 20 < 300 < jittered)
    for length in (np.pi, 2 * np.pi):
        at = int(np.argmin(np.abs(lesson.lengths - length)))
        lesson.holds("nothing in resonance", lesson.worth[0.0][at] < 0.05 < lesson.worth[0.2][at])
