"""What lesson 13 says: the eighteen batters, the theorem, the model, and the two Williamses."""

import numpy as np

from claims.reading import Lesson


def claims(lesson: Lesson) -> None:
    """Compare lesson 13 with what it computes; the published numbers are Efron and Morris's."""
    lesson.given("about 35 minutes", "at bat 45 times", "Clemente had hit 18 times")
    lesson.says("an average of {}", lesson.early[0])
    lesson.says("Alvis had hit 7 times, {}", lesson.early[lesson.players.index("Alvis")])
    lesson.says("towards their mean, {}", lesson.mean, within=1e-4)
    lesson.given("An average of 45 tries")
    lesson.holds("the factor is the paper's", abs(lesson.kept(lesson.x) - 0.209) < 0.001)
    lesson.holds("own averages as in the paper", abs(lesson.of_averages - 17.56) < 0.03)
    lesson.holds("the paper's 5.01", round(lesson.of_stein, 2) == 5.01)
    lesson.holds("four fifths thrown away", abs(lesson.kept(lesson.x) - 0.2) < 0.02)
    lesson.says("falls by a factor of {}", lesson.of_averages / lesson.of_stein)
    lesson.holds("three lose", lesson.worse == ["Clemente", "Swaboda", "Rodriguez"])
    lesson.says("(He loses by a hair: {} was", lesson.early[0])
    gain = lesson.gain
    for k in (18, 6, 3):
        for length, (average, error) in zip(lesson.lengths, gain[k, k - 2], strict=True):
            exact = lesson.exact_difference(length, k)
            lesson.holds(f"always a gain: k = {k}, {length}", exact < 0)
            lesson.holds(f"as the formula has it: {k}", abs(average - exact) < 5 * error + 0.03)
        lesson.holds("near 0 all but 2 is saved", abs(lesson.exact_difference(0, k) + k - 2) < 1e-9)
    for c in (0.5, 1.0):
        lesson.holds("forced to shrink, two win near 0", gain[2, c][0][0] < -0.5)
        lesson.holds("and lose further out", gain[2, c][3][0] > 3 * gain[2, c][3][1])
    rng = np.random.default_rng(0)
    x = rng.standard_normal((200_000, 4))
    mean = x.mean(axis=1, keepdims=True)
    factor = 1 - 1 / ((x - mean) ** 2).sum(axis=1, keepdims=True)
    risk = ((mean + factor * (x - mean)) ** 2).sum(axis=1).mean()
    lesson.holds("four players are enough, when they are equal", risk < 3.5)
    lesson.holds("the worst is more than four times as bad", 4 < max(lesson.own_risk) < 5)
    lesson.given("of 70 to 586 at-bats")
    rest = lesson.data["rest_at_bats"]
    lesson.holds("70 to 586", (rest.min(), rest.max()) == (70, 586))
    errors = lesson.errors
    agree = errors["James-Stein"] - errors["partial pooling"]
    lesson.holds("partial pooling and James-Stein agree", abs(agree) < 0.001)
    complete = errors["complete pooling"] - errors["partial pooling"]
    lesson.holds("complete pooling is nearly as good", 0.001 < complete < 0.004)
    share = lesson.noise / lesson.squares(lesson.pooled, lesson.rest)
    lesson.holds("more than half of the error is luck", 0.5 < share < 0.65)
    lesson.holds("the ratio becomes about 7", 6.3 < lesson.ratio < 7.6)
    low, high = np.quantile(lesson.share, [0.05, 0.95])
    lesson.holds("from all the same to keep half", low < 0.03 and 0.45 < high < 0.62)
    lesson.holds(
        "the plug-in lies in the middle", abs(lesson.share.mean() - lesson.kept(lesson.x)) < 0.04
    )
    luck = (lesson.luck > ((lesson.x - lesson.x.mean()) ** 2).sum()).mean()
    lesson.holds("one season in three", abs(luck - 1 / 3) < 0.03)
    lesson.holds("one season of five is negative", abs((lesson.S < 15).mean() - 0.2) < 0.03)
    lesson.given("Eighteen times 45 at-bats", "inside the 90% intervals")
    lesson.says("Ninety percent of {} are {}", 18, 0.9 * 18)
    inside = lesson.inside
    lesson.holds("asked rightly, all pass", all(15 <= row[1] <= 18 for row in inside.values()))
    half = inside["partial pooling"][2] / inside["no pooling"][2]
    lesson.holds("about half as wide", 0.45 < half < 0.62)
    lesson.holds("complete pooling looks too sure", inside["complete pooling"][0] <= 11)
    lesson.holds("the one who escapes is Munson", lesson.missed == ["Munson"])
    munson = lesson.players.index("Munson")
    lesson.says("8 of 45, then {}", lesson.rest[munson])
    lesson.given("8 of 45, then", "do not tell 85% from 95%")
    before, after, rest_sd = lesson.spreads
    lesson.holds("closer together than the first, not so close as pooled", before > rest_sd > after)
    lesson.given("differences that 45 at-bats", "hits 36 of 45")
    odd = lesson.squares(lesson.odd_stein, lesson.theta)
    lesson.holds("still better than each for himself", odd < lesson.of_averages - 4)
    gone = (odd - lesson.of_stein) / (lesson.of_averages - lesson.of_stein)
    lesson.holds("more than half of the gain is gone", gone > 0.51)
    odd_error = lesson.me.comparison.rmse(lesson.odd, lesson.rest)
    lesson.holds("in the model, too", odd_error - errors["partial pooling"] > 0.012)
    lesson.holds("but better than alone", odd_error < errors["own averages"] - 0.008)
    lesson.given("195 hits of 591", "69 of 270", "subtract the 45 at-bats")
    wrong, right = lesson.ratios["surname"], lesson.ratios["surname and team"]
    lesson.says("computed the factor of {}, it came out as {}", right, wrong)
    lesson.prints("195 of 591; errors 19.90 and 6.27", "69 of 270; errors 17.54 and 5.01")
