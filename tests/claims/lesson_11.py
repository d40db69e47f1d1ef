"""What lesson 11 says about effects in subgroups and populations."""

import numpy as np

from .reading import Lesson


def claims(lesson: Lesson) -> None:
    """Check the numbers and the claims of the lesson."""
    lesson.given("about 40 minutes", "There are 18 combinations", "the 18 effects")
    lesson.given("18 separate differences", "of 18 noisy numbers", "the 18 separate numbers")
    separate, truth, first = lesson.separate, lesson.truth, lesson.first
    lesson.holds("all combinations are there", lesson.ladder.subgroups == lesson.cells)
    lesson.holds("the largest is too large here", separate[first] > truth[first] + 3)
    lesson.says("in {} of {} data sets. And here", lesson.too_large, 100)
    lesson.holds("separate numbers are worse", lesson.rmse(separate) > lesson.rmse(lesson.average))
    lesson.says("happens in {} of {} data sets", lesson.separate_is_worse, 100)

    scales = [
        float(lesson.summary[name]["written"].strip("HalfNorm()"))
        for name in ("sd(race: Intercept)", "sd(race: offer)", "sd(gender:race: offer)")
    ]
    lesson.holds("half the sd of spending", abs(scales[0] - lesson.spend.std() / 2) < 0.1)
    lesson.holds("halved twice", np.allclose(np.divide(scales[:-1], scales[1:]), 2, rtol=0.01))

    table = lesson.table
    rmse = {step: table[step]["rmse"] for step in lesson.fit.steps}
    worst = max(rmse, key=rmse.get)
    lesson.holds("one effect for all is worst, by the truth", worst == "constant")
    lesson.holds("and by elpd", table["constant"]["elpd"] < table["varying by gender"]["elpd"] - 1)
    lesson.holds("each factor is far better", rmse["varying by each"] < rmse["constant"] - 1.5)
    gain = table["varying by each"]["difference"] - table["constant"]["difference"]
    lesson.holds("by elpd, too", gain > 12)
    pairs = table["with interactions"]["difference"] - table["varying by each"]["difference"]
    lesson.holds("elpd gains much by pairs", pairs > 20)
    same = abs(rmse["with interactions"] - rmse["varying by each"])
    lesson.holds("the error stays", same < 0.6)
    last = table["with interactions"]["difference"] - table["full"]["difference"]
    lesson.holds("the triple adds little", abs(last) < 3)
    lesson.holds("and costs nothing", rmse["full"] < rmse["with interactions"] + 0.5)
    lesson.prints("you guessed ?; from best to worst: full, one number, separate")

    path = {
        step: [lesson.fit.subgroup(who).table[step]["estimate"] for who in lesson.asked]
        for step in lesson.fit.steps
    }
    lesson.holds("all start from one effect", np.ptp(path["constant"]) < 1e-9)
    lesson.holds("men move with gender", path["varying by gender"][0] > path["constant"][0] + 1.5)
    black = [path[step][1] for step in ("varying by gender", "varying by each", "full")]
    lesson.holds(
        "Black men go up with race and come back", black[1] > max(black[0], black[2]) + 1.5
    )
    lesson.says("difference of its own, {}, moves farthest", separate[first])
    lesson.holds(
        "stops well short of it", path["constant"][2] + 10 < path["full"][2] < separate[first] - 4
    )

    lesson.given("few of the 18 truths")
    lesson.holds("one number holds few truths", lesson.covered["constant"] <= 6)
    lesson.holds("the full model nearly all", lesson.covered["full"] >= 15)
    few = np.array(lesson.black_men)
    lesson.holds("Black men are estimated too low", (lesson.middle[few] < truth[few] - 1).all())
    lesson.holds("their own rows show too little", (separate[few] < truth[few] - 2).all())
    lesson.says("They are few: {} of the {}.", lesson.size[few].sum(), lesson.size.sum())

    lesson.holds("what is shared cancels", lesson.joint < 0.95 * lesson.apart)
    row = lesson.full.effect("offer").table["offer"]
    lesson.holds(
        "draws averaged first", np.allclose([row["conf_low"], row["conf_high"]], lesson.right)
    )
    lesson.holds("averaged ends are too wide", np.ptp(lesson.ends) > 2 * np.ptp(lesson.right))

    widths = lesson.widths
    lesson.holds(
        "three questions", 1.3 * widths["fitted"] < widths["zero"] < 0.7 * widths["sample"]
    )

    lesson.holds("the branch differs", lesson.there["estimate"] > lesson.here + 1.5)
    lesson.holds(
        "and its interval holds the truth",
        lesson.there["conf_low"] < lesson.weights @ truth < lesson.there["conf_high"],
    )
    lesson.holds("weights are people", np.isclose(lesson.weights.sum(), 1.0))
    lesson.holds(
        "the sample's average is raw", abs(lesson.over_sample["estimate"] - lesson.raw) < 0.004
    )
    far, near = (abs(x - lesson.poll.truth()) for x in (lesson.raw, lesson.country["estimate"]))
    lesson.holds("over the country it is nearer", near < 0.4 * far)

    ignored, modelled = lesson.estimates["ignored"], lesson.estimates["in the model"]
    lesson.holds(
        "the offer loses money, with certainty", ignored["conf_high"] < -1 < 0 < lesson.many.truth()
    )
    lesson.holds(
        "not so within generations",
        modelled["conf_low"] < lesson.many.truth() < modelled["conf_high"],
    )
    lesson.holds("and far from zero", modelled["conf_low"] > 1)
