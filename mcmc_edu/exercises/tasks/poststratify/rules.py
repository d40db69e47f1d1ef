"""How `poststratify` is examined."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import expit, logit

from ....compiling import FloatArray
from ...grading.exact import ANYTHING, Bugs, Exact, way_of

BUGS = (
    "unweighted/all cells",
    "unweighted/cells with people",
    "counts-returned",
    "draws-averaged/one number",
    "draws-averaged/one entry",
    "draws-averaged/repeated",
    "averaged-on-logits",
    "divided-by-cells/number",
    "divided-by-cells/of shares",
    "inverse-weights/normalised",
    "inverse-weights/not normalised",
    "inverse-weights/by cells",
    "sum-over-draws/of people who say yes",
    "sum-over-draws/of shares in a cell",
    "sum-over-draws/of results",
    "sum-over-draws/of all people",
    "sum-over-draws/number",
    "rounded/in cells",
    "rounded/in all",
    "rounded/down in cells",
    "rounded/down in all",
    "rounded/up in cells",
    "rounded/up in all",
    "most-common-cell",
    "weights-squared/normalised",
    "weights-squared/once",
    "weights-of-rooted-counts/normalised",
    "weights-of-rooted-counts/once",
)
WAYS_TO_ROUND: dict[str, Callable[[FloatArray], FloatArray]] = {
    "": np.round,
    "down ": np.floor,
    "up ": np.ceil,
}


def answer(bugs: Bugs, p: FloatArray, people: Any) -> Any:
    """Return the share of yes in the population in each draw, or what these bugs make of it."""
    if way_of(bugs, "inverse-weights") is not None and (people == 0).any():
        return ANYTHING
    averaged = way_of(bugs, "draws-averaged")
    if averaged is not None:
        share = np.atleast_1d(share_of(bugs, p.mean(axis=0, keepdims=True), people))
        return {"one number": share[0], "one entry": share[:1]}.get(
            averaged, np.repeat(share[:1], len(p))
        )
    return share_of(bugs, p, people)


def share_of(bugs: Bugs, p: FloatArray, people: Any) -> Any:
    """Return the share in each draw."""
    weight, total = weights(bugs, people.astype(float))
    on_logits = "averaged-on-logits" in bugs
    rounds = way_of(bugs, "rounded")
    yes = (logit(p) if on_logits else p) * weight
    if rounds is not None and rounds.endswith("in cells"):
        yes = WAYS_TO_ROUND[rounds.removesuffix("in cells")](yes)
    if way_of(bugs, "sum-over-draws") == "of shares in a cell":
        yes = yes / p.sum(axis=0)
    count = yes.sum(axis=1)
    if rounds is not None and rounds.endswith("in all"):
        count = WAYS_TO_ROUND[rounds.removesuffix("in all")](count)
    share = count / divisor(bugs, count, total, len(people), len(p))
    if way_of(bugs, "sum-over-draws") == "of results":
        share = share / share.sum()
    return expit(share) if on_logits else share


def weights(bugs: Bugs, people: FloatArray) -> tuple[FloatArray, float]:
    """Return the weight of each cell, and by what the sum is divided."""
    weight: Any = people
    once = False
    if (way := way_of(bugs, "unweighted")) is not None:
        weight = np.ones(people.shape) if way == "all cells" else 1.0 * (people > 0)
    elif (way := way_of(bugs, "inverse-weights")) is not None:
        weight = 1.0 / people
        if way != "normalised":
            return weight, 1.0 if way == "not normalised" else float(len(people))
    elif (way := way_of(bugs, "weights-squared")) is not None:
        weight, once = people**2, way == "once"
    elif (way := way_of(bugs, "weights-of-rooted-counts")) is not None:
        weight, once = np.sqrt(people), way == "once"
    if "most-common-cell" in bugs:
        weight, once = weight * (np.arange(len(people)) == np.argmax(people)), False
    return weight, float(people.sum() if once else weight.sum())


def divisor(bugs: Bugs, count: FloatArray, total: float, cells: int, draws: int) -> Any:
    """Return by what the sum over cells is divided."""
    if "counts-returned" in bugs:
        return 1.0
    if (way := way_of(bugs, "divided-by-cells")) is not None:
        return cells if way == "number" else cells * total
    return {
        "of people who say yes": count.sum(),
        "of all people": draws * total,
        "number": draws,
    }.get(way_of(bugs, "sum-over-draws") or "", total)


def probes(rng: np.random.Generator) -> list[list[Any]]:
    """Return surveys with few and many people, with empty cells, one draw, and one cell."""
    calls: list[list[Any]] = []
    for draws, cells in ((6, 4), (5, 3), (3, 7), (1, 5), (4, 1), (7, 6), (2, 5)):
        people = 3 * rng.permutation(np.arange(1, 3 * cells + 1))[:cells]
        people += rng.integers(0, 3, cells)
        calls.append([rng.uniform(0.03, 0.97, (draws, cells)), people])
        if cells == 7:  # shares near 0 and 1
            calls[-1][0][:, :4] = calls[-1][0][:, :4] ** 6
    calls[2][1] = calls[2][1] * 1731
    for call in calls[-2:]:
        call[1][rng.permutation(len(call[1]))[:2]] = 0
    return calls


RULES = Exact(
    arguments=("p", "N"),
    probes=probes,
    answer=answer,
    bugs=BUGS,
    unfinished={
        "It returns the number of people in each cell who say yes. How many are there in all?": (
            lambda p, people: p * people
        )
    },
)
