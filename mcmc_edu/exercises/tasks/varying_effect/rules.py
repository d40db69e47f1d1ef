"""How `varying_effect` is examined."""

from __future__ import annotations

from typing import Any

import numpy as np

from ....compiling import FloatArray
from ...grading.exact import ANYTHING, Bugs, Exact, Raises, way_of

BUGS = (
    "average-forgotten",
    "unnamed-at-first-level",
    "unnamed-averaged",
    "intercepts-added/named",
    "intercepts-added/all",
    "intercepts-for-effects",
    "levels-from-one/one less",
    "levels-from-one/one more",
    "deviation-averaged-over-draws",
    "draws-averaged/one number",
    "draws-averaged/one entry",
    "draws-averaged/repeated",
    "last-factor-only/of where",
    "last-factor-only/of draws",
    "first-factor-only/of where",
    "first-factor-only/of draws",
    "mean-of-parts/all",
    "mean-of-parts/deviations",
    "deviations-multiplied/product of all",
    "deviations-multiplied/one plus each",
    "deviations-multiplied/one plus sum",
    "deviations-multiplied/among each other",
    "deviations-centred/over levels",
    "deviations-centred/over draws",
    "deviations-centred/over both",
)
Draws = dict[str, FloatArray]


def answer(bugs: Bugs, draws: Draws, where: dict[str, int]) -> Any:
    """Return the effect in each posterior draw, or what these bugs make of it."""
    if not where and bugs & {"average-forgotten", "deviations-multiplied/among each other"}:
        return ANYTHING
    try:
        parts = deviations(bugs, draws, where)
    except IndexError:
        return Raises("IndexError")
    effect = combined(bugs, draws["z"], parts)
    averaged = way_of(bugs, "draws-averaged")
    if averaged is None:
        return effect
    mean = effect.mean()
    return {"one number": mean, "one entry": np.array([mean])}.get(
        averaged, np.full(effect.shape, mean)
    )


def combined(bugs: Bugs, z: FloatArray, parts: list[FloatArray]) -> Any:
    """Return what is made of the average effect and deviations."""
    average = np.zeros(z.shape) if "average-forgotten" in bugs else z
    match way_of(bugs, "deviations-multiplied"):
        case "product of all":
            return np.prod([average, *parts], axis=0)
        case "one plus each":
            return average * np.prod([1.0 + part for part in parts], axis=0)
        case "one plus sum":
            return average * (1.0 + sum(parts))
        case "among each other":
            return average + np.prod(parts, axis=0)
    match way_of(bugs, "mean-of-parts"):
        case "all":
            return (average + sum(parts)) / (1 + len(parts))
        case "deviations":
            return average + sum(parts) / max(len(parts), 1)
    return average + sum(parts)


def deviations(bugs: Bugs, draws: Draws, where: dict[str, int]) -> list[FloatArray]:
    """Return the deviation in each draw for each factor that counts."""
    known = [name.removeprefix("z:") for name in draws if name.startswith("z:")]
    shift = {"one less": -1, "one more": 1}.get(way_of(bugs, "levels-from-one") or "", 0)
    prefix = "" if "intercepts-for-effects" in bugs else "z:"
    parts = []
    for factor in counting(bugs, known, list(where)):
        part = centred(bugs, draws[prefix + factor])[:, where[factor] + shift]
        parts.append(over_draws(bugs, part))
    unnamed = [factor for factor in known if factor not in where]
    for factor in unnamed:
        matrix = centred(bugs, draws[prefix + factor])
        if "unnamed-at-first-level" in bugs:
            parts.append(over_draws(bugs, matrix[:, 0]))
        if "unnamed-averaged" in bugs:
            parts.append(over_draws(bugs, matrix.mean(axis=1)))
    added = way_of(bugs, "intercepts-added")
    if added is not None:
        parts += [draws[factor][:, level + shift] for factor, level in where.items()]
    if added == "all":
        parts += [draws[factor].mean(axis=1) for factor in unnamed]
    return parts


def counting(bugs: Bugs, known: list[str], named: list[str]) -> list[str]:
    """Return the factors in `where` that count."""
    for kind, place in (("last-factor-only", -1), ("first-factor-only", 0)):
        order = way_of(bugs, kind)
        if order is not None and named:
            return [([f for f in known if f in named] if order == "of draws" else named)[place]]
    return named


def centred(bugs: Bugs, matrix: FloatArray) -> Any:
    """Return the deviations of all levels of a factor, shape (S, levels)."""
    match way_of(bugs, "deviations-centred"):
        case "over levels":
            return matrix - matrix.mean(axis=1, keepdims=True)
        case "over draws":
            return matrix - matrix.mean(axis=0)
        case "over both":
            return matrix - matrix.mean()
    return matrix


def over_draws(bugs: Bugs, part: FloatArray) -> FloatArray:
    """Return the deviation in each draw, or its average in each."""
    return np.full(part.shape, part.mean()) if "deviation-averaged-over-draws" in bugs else part


def probes(rng: np.random.Generator) -> list[list[Any]]:
    """Return draws of models with three factors: two named, one, three, none, another order.

    In the last one, names begin and end as others do.
    """
    three = {"region": 4, "age": 3, "school": 5}
    alike = {"age_band": 4, "age": 3, "cottage": 5, "zone": 2}
    calls: list[list[Any]] = []
    for names, levels in (
        (("region", "school"), three),
        (("age",), three),
        (tuple(three), three),
        ((), three),
        (("school", "age"), three),
        (("age",), three),
        (("age", "zone"), alike),
    ):
        size = 1 if len(calls) == 5 else 6
        draws = {"sigma": rng.uniform(1.0, 2.0, size), "z": rng.normal(2.0, 1.0, size)}
        for factor, count in levels.items():
            draws[factor] = rng.normal(0.5, 1.0, (size, count))
            draws[f"z:{factor}"] = rng.normal(-0.4, 1.0, (size, count))
        where = {name: int(rng.integers(levels[name] - 1)) for name in names}
        if len(calls) == 2:
            where |= {"region": 0, "age": 2}
        calls.append([draws, where])
    return calls


RULES = Exact(
    arguments=("draws", "where"),
    probes=probes,
    answer=answer,
    bugs=BUGS,
    changed="input-changed",
    unfinished={
        "It returns the average effect: levels make no difference yet.": (
            lambda draws, where: draws["z"]
        )
    },
)
