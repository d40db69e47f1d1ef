"""What lesson 10 says about the funding table and its misprint."""

import numpy as np

import mcmc_edu as me

from .reading import Lesson

RUNS = 4.5 * np.sqrt(2.0)
"""Monte Carlo errors by which another machine's chains may differ from these."""


def room(draws: np.ndarray) -> float:
    """Return how far the mean of such draws may move with another run."""
    return float(RUNS * me.mcse_mean(draws))


def claims(lesson: Lesson) -> None:
    """Check the numbers and the claims of the lesson."""
    applied, awarded, rate = lesson.applied, lesson.awarded, lesson.rate
    table = {who: awarded[who].sum() / applied[who].sum() for who in applied}
    lesson.given(
        "about 35 minutes",
        "Of 100 applications by men",
        "than of 100 by women",
        "20% is odds of 1 to 4",
    )
    lesson.holds("nearly three more", 0.025 < table["men"] - table["women"] < 0.03)
    lesson.holds(
        "order of disciplines",
        lesson.data["discipline"][~lesson.men].tolist() == lesson.disciplines,
    )
    lesson.holds("women are ahead in four of nine", lesson.ahead == 4)
    order, overall = lesson.order, lesson.overall
    lesson.holds(
        "they apply where few succeed",
        overall[order[:4]].mean() > overall[order[-2:]].mean() + 0.05,
    )
    lesson.says("A coefficient of {} multiplies", 0.2)
    lesson.says("that is, by {}.", np.exp(0.2))

    draws = list(lesson.male.values())
    mean, sd = [d.mean() for d in draws], [d.std() for d in draws]
    lesson.holds("the estimate is smaller within disciplines", mean[0] > mean[1] + 0.02)
    lesson.holds("and with varying differences", mean[0] > mean[2] + 0.03)
    lesson.holds("which is less certain", sd[2] > 1.4 * sd[0])
    lesson.says("a chance of {}% or {}%)", *(100 * lesson.inverse_logit(x) for x in (-4.0, 4.0)))

    own, pooled = lesson.gap["no pooling"], lesson.gap["partial pooling"]
    worst = RUNS * max(me.mcse_mean(own[:, :, j]) for j in range(9))
    lesson.says(
        "range from {} points to {}",
        100 * lesson.before.min(),
        100 * lesson.before.max(),
        within=100 * worst,
    )
    lesson.holds("they have come together", np.ptp(lesson.after) < 0.6 * np.ptp(lesson.before))
    moved = lesson.moved
    others = [value for name, value in moved.items() if name != "Interdisciplinary"]
    lesson.holds("Interdisciplinary went farthest", moved["Interdisciplinary"] > max(others) + 0.02)
    lesson.prints("the farthest pulled is Interdisciplinary")
    at = lesson.disciplines.index
    lesson.says("with {} applications, hardly moved", lesson.everyone[at("Social sciences")])
    lesson.holds("social sciences hardly moved", moved["Social sciences"] < 0.025)
    lesson.holds("nine women in Physics", applied["women"][at("Physics")] == 9)
    lesson.holds("Physics stays", moved["Physics"] < 0.035)
    physics = [g[:, :, at("Physics")].std() for g in (own, pooled)]
    lesson.holds("with a third of the uncertainty", 0.3 < physics[1] / physics[0] < 0.43)
    lesson.holds("all are less uncertain", (pooled.std(axis=(0, 1)) < own.std(axis=(0, 1))).all())
    low, high = np.quantile(pooled, [0.05, 0.95], axis=(0, 1))
    two = [name for name, lowest in zip(lesson.disciplines, low, strict=True) if lowest > -0.0045]
    lesson.holds(
        "two begin at about zero", sorted(two) == ["Earth/life sciences", "Medical sciences"]
    )
    lesson.holds("and hardly above", low.max() < 0.012)
    lesson.holds("seven hold both signs", (high > 0.01).all())

    added, same, tenth = lesson.added, lesson.same, lesson.tenth
    lesson.holds(
        "the first is the gap of the start",
        abs(added.mean() - (table["men"] - table["women"])) < 0.003,
    )
    share = 1 - same.mean() / added.mean()
    lesson.holds("a quarter is where people apply", 0.2 < share < 0.28)
    lesson.holds("next to nothing is known of a tenth", tenth.std() > 3 * same.std())
    for words, difference in (
        ("is about {}% for these", same),
        ("about {}% for the mean of all", lesson.male[lesson.VARYING]),
        ("about {}% for one more", tenth),
    ):
        lesson.says(words, 100 * (difference > 0).mean(), within=100 * room(difference > 0))
    total = int(lesson.data["applications"].sum())
    lesson.says("for these {} applications", total)
    lesson.says("with {} applications. The slides", total)
    lesson.holds("is the average drawn in the figure", np.allclose(lesson.standard, same))

    lesson.given(
        "Intercept −1.62 (0.14), male 0.15 (0.17), sds 0.28 and 0.33, correlation −0.18",
        "have 200 and 190 applications",
        "0.24 where the average chance was 0.53",
    )
    for name, printed in zip(lesson.NAMES, lesson.PRINTED, strict=True):
        ours = lesson.partial.draws[name]
        lesson.holds(f"ours agrees in {name}", abs(ours.mean() - printed) < 0.012 + room(ours))
    slides = lesson.from_slides.draws
    intercepts = lesson.partial.draws["Intercept"], slides["Intercept"]
    apart = (intercepts[1].mean() - intercepts[0].mean()) / intercepts[0].std()
    lesson.holds("a third of a posterior sd", 0.22 < apart < 0.42)
    lesson.holds("far more than Monte Carlo errors", lesson.off["Intercept"] > 6)
    lesson.holds(
        "two rows do not add up",
        lesson.misprinted.tolist() == np.flatnonzero(lesson.medical).tolist(),
    )
    lesson.holds(
        "corrected, it is the table",
        all(np.array_equal(lesson.typed[n], lesson.data[n]) for n in lesson.data),
    )
    lesson.prints("correct the row")

    for name, (right, wrong) in lesson.awards.items():
        lesson.holds(
            f"{name}: as many awards as were made", abs(right - lesson.data["awards"].sum()) < 5
        )
        lesson.holds(f"{name}: awards are lost", wrong < right - 4)
    lesson.holds("in every draw", (lesson.wrong_total < lesson.right_total).all())
    lesson.holds(
        "pooling hides some",
        lesson.awards["no pooling"][1] < lesson.awards["partial pooling"][1] - 4,
    )
    lesson.holds(
        "epred adds up to it", np.allclose(lesson.fit.epred().sum(axis=-1), lesson.right_total)
    )

    medical, average = lesson.medical_gap, lesson.average_gap
    lesson.holds("the medical sciences give way", medical[0] < medical[1] - 0.008)
    lesson.holds("the average returns", average[0] > average[1] + 0.002)
    lesson.holds("it moves less", np.ptp(average) < 0.7 * np.ptp(medical))
    lesson.holds("ten times as wide hardly differs", abs(medical[1] - medical[2]) < 0.008)
    lesson.given("in the other 8%")
    lesson.holds(
        "two fields explain the rows",
        0 < lesson.in_easy < 1 and abs(lesson.explained - rate["women"][lesson.at]) < 1e-12,
    )
