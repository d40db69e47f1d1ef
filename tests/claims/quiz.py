"""Claims of the quiz: its numbers are those of lessons 00, 02, 03 and 04, which compare them."""

from collections.abc import Callable

import numpy as np

from .reading import Lesson


def of_00(quiz: Lesson) -> None:
    """The sceptic and the six students."""
    few, many = quiz.few, quiz.many
    flat_few, flat_many = (
        quiz.describe(quiz.posterior(quiz.flat, quiz.hours[:n], quiz.gain[:n])) for n in (6, 400)
    )
    quiz.says("posterior interval [{}, {}] for the slope", few[2], few[3])
    quiz.says("lies between {} and {} with probability 90 %", few[2], few[3])
    quiz.says("have a slope between {} and {}.", few[2], few[3])
    quiz.says("positive with probability {}.", quiz.positive)
    slow = 100 * quiz.slow_by_minutes, 100 * quiz.slow_by_pages
    quiz.says("The two say {} % and {} % about", *slow, within=0.5)
    quiz.says("mean, {}, is nearly that of the flat prior, {}.", many[0], flat_many[0])
    quiz.says("the two are {} and {} (lesson 00)", few[0], flat_few[0])
    quiz.holds("two times out of three", abs(quiz.confidence_holds - 2 / 3) < 0.04)


def of_02(quiz: Lesson) -> None:
    """The walkers, and the bug of the box."""
    timid, good = 100 * quiz.rates[0.1], 100 * quiz.rates[2.0]
    quiz.says("One accepts {} % of its proposals, the other {} %.", timid, good, within=1.0)
    quiz.says("better: {} % is near the best rate", good, within=1.0)
    quiz.holds("worth about one", quiz.effective[0.1] < 3)
    quiz.holds("more than a hundred, less than 400", 110 < quiz.effective[2.0] < 390)
    quiz.says(
        "the sd of the slope is {} in place of {}",
        quiz.only_accepted[:, 1].std(),
        quiz.exact_sd[1],
        within=0.05,
    )
    arrived = np.abs(quiz.walks[2.0][:100, 1] - quiz.exact_mean[1]) < 2 * quiz.exact_sd[1]
    quiz.holds("step 2 arrives within 100", arrived.any())


def of_03(quiz: Lesson) -> None:
    """Bias, variance and RMSE."""
    (_, own), (bias, variance) = (
        quiz.parts[model, 5] for model in ("no pooling", "partial pooling")
    )
    quiz.says("the squared bias is {}, but", bias, within=0.01)
    quiz.says("the variance falls from {} to {}", own, variance, within=0.02)
    quiz.says("reaches an RMSE of {} (", quiz.rmse_alpha["partial"])
    quiz.says("of the intercepts ({}) than", quiz.rmse_alpha["complete"])
    quiz.says("than no pooling ({}).", quiz.rmse_alpha["none"])


def of_04(quiz: Lesson) -> None:
    """The post's chains, which are the same everywhere, and two hills."""
    accepted = 100 * quiz.posts["none"].accept_rate
    quiz.says("without pooling accepts {} %, and its", accepted)
    quiz.says("8000 × {} %, because {} %", accepted, accepted)
    quiz.says("The post's chain accepts {} %.", accepted)
    quiz.says("its R-hat goes up to {} (", quiz.rhats["none"].max())
    passed = np.sum(quiz.rhats["none"] <= 1.01)
    quiz.says("Of the {} parameters without", len(quiz.posts["none"].names))
    quiz.says("only {} pass R-hat", passed)
    quiz.says("estimates are {} off", quiz.off[0])
    quiz.says("posterior's sd is {}.", quiz.width)
    quiz.says("That is what {} independent", quiz.worth)
    quiz.says("exact means from {} to {} (", np.mean(quiz.off[1:]), np.mean(quiz.off_long))
    quiz.says("a mean R-hat of {} for", quiz.of_four["N(0, 10)"])
    quiz.says("off by {} (lesson 04)", quiz.off_by_start["N(0, 10)"])
    same, both = (quiz.found[where] for where in ("the same hill", "both hills"))
    quiz.says("R-hat is {} and the mean is {}.", quiz.me.rhat(same), same.mean(), within=0.05)
    quiz.says("The exact mean is {} (", quiz.hills.mean[0])
    quiz.says("on both hills it is {}.", quiz.me.rhat(both), within=0.05)


CLAIMS: dict[str, Callable[[Lesson], None]] = {"00": of_00, "02": of_02, "03": of_03, "04": of_04}
"""By the lesson whose results they need."""


def given(quiz: Lesson) -> None:
    """Say which numbers are settings."""
    quiz.given(
        "[00](",
        "[01](",
        "[02](",
        "[02b](",
        "[03](",
        "[04](",
        "makes 4000 draws",
        "the 400 of lesson 02b",
        "## 2. A 90 % interval",
        "the 90 % posterior",
        "many times, 90 % of",
        "with probability 90 %",
        "**C.** 90 % of",
        "the 90 % confidence",
        "with 400 students",
        "has 8000 draws",
        "the 75 intercepts",
        "As well as 8000 independent",
        "as 8000 ×",
        "4000 draws of NUTS",
        "than 4000 independent",
        "## 7. R-hat is 1.00",
        "R-hat 1.00 for all unknowns, more than 400 effective",
        "R-hat above 1.01",
        "60 000 iterations",
        "over the 75 people",
        "With 500 points",
        "## 10. A chain",
        "last 500 iterations",
        "about 30 %",
        "at least 10 000",
        "The walker with step 0.1 in lesson 02 is so slow that 500",
        "post ran 10 000",
        "arrives within 100",
    )
