"""What lesson 12 says about who responds."""

import numpy as np

import mcmc_edu as me

from .reading import Lesson

RUNS = 4.5 * np.sqrt(2.0)
"""Monte Carlo errors by which another machine's chains may differ from these."""


def claims(lesson: Lesson) -> None:
    """Check the numbers and the claims of the lesson."""
    lesson.given("about 35 minutes")
    lesson.holds("eight were asked", len(lesson.few) == 8)
    average, truth, both, size = lesson.average, lesson.truth, lesson.both, lesson.size
    lesson.says("an effect of {} is {} points", average, 100 * average)
    lesson.says("of {} people, {} more say yes", 100, 100 * average)
    lesson.says("= {} groups of people", size.size)
    lesson.says("and {} people were asked", size.sum())
    lesson.says("with an sd of {}. Compute", truth[both].std())
    lesson.says("nearest to the {} true effects", truth.size)

    rmse, estimates = lesson.rmse, lesson.estimates
    own = lesson.own
    lesson.holds("mostly noise", own[both].std() > 3 * truth[both].std())
    lesson.holds("one effect is three times nearer", rmse(own) > 3 * rmse(average))
    lesson.holds("some lack an arm", 15 <= (~both).sum() <= 23)

    error = {name: rmse(estimate) for name, estimate in estimates.items()}
    with_groups, without = error["groups with modifiers"], error["modifiers, no groups"]
    lesson.holds(
        "modifiers do the work", max(with_groups, without) < 0.9 * error["one effect for all"]
    )
    lesson.holds(
        "groups alone do not", error["groups, no modifiers"] > 0.93 * error["one effect for all"]
    )
    lesson.holds("the error is the same", abs(with_groups - without) < 0.015)
    lesson.holds("intervals without groups are too short", lesson.hits["modifiers, no groups"] < 89)
    lesson.holds("with groups they are not", lesson.hits["with groups"] > 92)

    evidence = lesson.evidence
    share = evidence["share explained by modifiers"]
    lesson.holds("most is due to the modifiers", share["estimate"] > 0.75)
    lesson.holds("the share's interval is wide", share["conf_high"] - share["conf_low"] > 0.4)
    lesson.holds("in some draws above 1", share["conf_high"] > 1)
    prior, posterior = (evidence[f"sd(ally) beyond modifiers: {x}"] for x in ("prior", "posterior"))
    lesson.holds("the posterior reaches down to 0", posterior["conf_low"] < 0.02)
    lesson.holds(
        "the prior's median is ten times as large", prior["estimate"] > 10 * posterior["estimate"]
    )
    lesson.says("These {} groups say", size.size)

    lesson.holds(
        "a group of four says next to nothing", lesson.by_size[1][0] > 3 * lesson.by_size[1][1]
    )
    lesson.given("more than 30 points wide")
    lesson.holds(
        "the women's interval is wide", lesson.high[lesson.women] - lesson.low[lesson.women] > 0.32
    )
    lesson.holds(
        "which responds most is not certain",
        all(row["p_best"] < 0.6 for row in lesson.best.rows.values()),
    )
    lesson.holds(
        "one excludes 0, one does not", lesson.low[lesson.first] > 0 >= lesson.low[lesson.second]
    )
    lesson.holds("they do not differ", lesson.apart_low < -0.1 and lesson.apart_high > 0.1)

    middle = dict(
        zip(lesson.arms.index, np.median(lesson.groups.effect.draws, axis=(0, 1)), strict=True)
    )
    lesson.holds(
        "effects fall with hawkishness",
        all(
            middle[w, m, 1, i] > middle[w, m, 5, i] + 0.1
            for w in (0, 1)
            for m in (0, 1)
            for i in range(1, 6)
        ),
    )
    lesson.holds(
        "and rise with internationalism",
        all(
            middle[w, m, h, 5] > middle[w, m, h, 1]
            for w in (0, 1)
            for m in (0, 1)
            for h in range(1, 6)
        ),
    )
    intl = lesson.fit.fit.draws["ally:rescale(intl)"]
    low = np.quantile(intl, 0.025) + RUNS * me.mcse_quantile(intl, 0.025)
    lesson.holds("the interval for intl holds 0", low < 0)

    effects = dict(zip(lesson.effects.labels, lesson.middle, strict=True))
    lesson.says("There are {} of them", len(effects))
    lesson.holds("each seen by some forty", 35 < len(lesson.people) / len(effects) < 45)
    none = "regime=democracy, stakes=high, costs=low, region=Eastern Europe"
    lesson.holds(
        "next to no difference",
        abs(effects[none]) < 0.07 and effects[none] == min(effects.values()),
    )
    most = [
        effects[f"regime=dictatorship, stakes=low, costs=high, region={region}"]
        for region in ("Africa", "Asia", "Latin America")
    ]
    lesson.says("it is about {} points", 100 * np.mean(most), within=4)
    lesson.holds("these are the largest", max(effects.values()) == max(most))
    correlation = np.corrcoef(lesson.middle, lesson.true_effects)[0, 1]
    lesson.says("with the true effects is {}.", correlation, within=0.015)

    of_way = lesson.error
    lesson.holds("errors hardly change", max(of_way.values()) < 1.1 * min(of_way.values()))
    lesson.holds(
        "white and male: the prior decides",
        lesson.beyond["white and male"] > 2 * lesson.beyond["all combinations"],
    )
    counts = [len(question.groups.labels) for question in lesson.ways.values()]
    lesson.holds("fewer and larger groups", counts == [100, 16, 4])
    if "of_forest" in lesson.names:  # scikit-learn is there
        lesson.holds(
            "lines have an advantage", lesson.of_forest > 1.15 * of_way["all combinations"]
        )
