"""What wrong answers have in common with right ones, where no bug is known that explains them.

A clue is true, computed from all answers, and says where to look; it is not the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from ...compiling import FloatArray
from .finding import numbers, shown

Agree = Callable[[Any, Any], bool]
"""Says whether two answers, or two of their parts, agree."""
PRINT = (
    "Print what each line makes of these arguments. Which is the first number that you did not "
    "expect?"
)
"""What to do where answers have nothing in common."""


def clue(
    names: Sequence[str],
    calls: Sequence[Sequence[Any]],
    values: Sequence[Any],
    right: Sequence[Any],
    agree: Agree,
) -> str:
    """Return a sentence about wrong answers.

    Parameters
    ----------
    names
        Of the arguments.
    calls
        The arguments of each question.
    values, right
        What came back, and what would be right.
    agree
        Says whether an answer is right.
    """
    wrong = [k for k in range(len(calls)) if not agree(values[k], right[k])]
    both = {k: (finite(values[k]), finite(right[k])) for k in wrong}
    known = {
        k: (v, r)
        for k, (v, r) in both.items()
        if v is not None and r is not None and v.shape == r.shape
    }
    pairs = list(known.values())
    every = "every time" if len(pairs) == len(calls) else "wherever it is wrong and finite"
    if pairs and all(np.allclose(v, r, rtol=1e-3, atol=0.0) for v, r in pairs):
        return (
            "It is nearly right: the first digits are, and further ones are not. Which of your "
            "numbers is rounded, or only nearly what it should be?"
        )
    if all(isinstance(r, bool | np.bool_) for r in right):
        return _truths([bool(right[k]) for k in wrong], len(calls))
    ratio = common([_ratio(*pair) for pair in pairs])
    if ratio is not None and abs(ratio) > 1e-9:
        return f"It is {shown(ratio)} times what it should be, {every}."
    if (shift := common([_shift(*pair) for pair in pairs])) is not None:
        return (
            f"It is too {'high' if shift > 0.0 else 'low'} by {shown(abs(shift))}, {every}. Which "
            "part of it does not depend on the arguments?"
        )
    if len(pairs) > 2 and (words := _transformed(pairs)):
        return words
    if len(pairs) > 2 and (
        words := _off_by_argument(names, [calls[k] for k in known], pairs, every)
    ):
        return words
    if words := _parts([values[k] for k in wrong], [right[k] for k in wrong], agree):
        return words
    zero = [k for k in range(len(calls)) if np.array_equal(right[k], -np.inf)]
    if zero and sorted(wrong + zero) == list(range(len(calls))):
        return f"It is right where the density is zero (-inf), and wrong everywhere else. {PRINT}"
    if len(wrong) <= len(calls) / 2:
        return (
            f"{len(calls) - len(wrong)} of {len(calls)} answers were right; this one was not. "
            "What is special about its arguments?"
        )
    return PRINT


def _truths(right: Sequence[bool], calls: int) -> str:
    """Say of which kind the wrong decisions are, by what would be right in their place."""
    verb = "is" if len(right) == 1 else "are"
    kinds = f"where {right[0]} is right" if len(set(right)) == 1 else "of both kinds"
    return (
        f"{len(right)} of {calls} decisions {verb} wrong, {kinds}. Compute by hand what is "
        "compared in this one."
    )


def finite(value: Any) -> FloatArray | None:
    """Return the entries of an answer, or None if they are not all finite numbers."""
    found = numbers(value)
    return found.ravel() if found is not None and found.size and np.isfinite(found).all() else None


def common(values: Sequence[float | None]) -> float | None:
    """Return the first of more than two numbers, if all are the same; None if they are not."""
    known = [value for value in values if value is not None]
    all_same = 2 < len(known) == len(values) and np.allclose(known, known[0], rtol=1e-6)
    return known[0] if all_same else None


def _ratio(value: FloatArray, right: FloatArray) -> float | None:
    """Return by what an answer is multiplied, if all its entries are by the same."""
    if not right.all():
        return None
    ratios = value / right
    return float(ratios[0]) if np.allclose(ratios, ratios[0], rtol=1e-6) else None


def _shift(value: FloatArray, right: FloatArray) -> float | None:
    """Return by what an answer is too high, if all its entries are by the same."""
    shifts = value - right
    return float(shifts[0]) if np.allclose(shifts, shifts[0], rtol=1e-6, atol=1e-9) else None


_TRANSFORMED: dict[str, Callable[[FloatArray], FloatArray]] = {
    "It is the logarithm of what it should be.": np.log,
    "It is what it should be the logarithm of.": np.exp,
    "It is the square of what it should be.": np.square,
    "It is the root of what it should be.": np.sqrt,
    "It is 1 divided by what it should be.": lambda right: 1.0 / right,
}


def _transformed(pairs: Sequence[tuple[FloatArray, FloatArray]]) -> str:
    """Say of which function of the right answers the answers are values."""
    with np.errstate(all="ignore"):
        for words, function in _TRANSFORMED.items():
            if all(np.allclose(v, function(r), rtol=1e-8, atol=1e-10) for v, r in pairs):
                return words
    return ""


def _off_by_argument(
    names: Sequence[str],
    calls: Sequence[Sequence[Any]],
    pairs: Sequence[tuple[FloatArray, FloatArray]],
    every: str,
) -> str:
    """Say which argument, or its logarithm, the answers are off by a multiple of."""
    if any(v.size != 1 for v, _ in pairs):
        return ""
    shifts = np.array([float(v[0] - r[0]) for v, r in pairs])
    for place, name in enumerate(names):
        given = [call[place] for call in calls if len(call) == len(names)]
        if len(given) != len(calls) or not all(isinstance(x, int | float) for x in given):
            continue
        x = np.array(given, dtype=float)
        with np.errstate(all="ignore"):
            ways = {f"`{name}`": x, f"the logarithm of `{name}`": np.log(x)}
        for words, by in ways.items():
            if not np.isfinite(by).all() or np.ptp(by) == 0.0 or not by.all():
                continue
            times = common(list(shifts / by))
            if times is not None:
                return (
                    f"It is off by {shown(times)} times {words}, {every}. Which of your terms has "
                    "that in it?"
                )
    return ""


def _parts(values: Sequence[Any], right: Sequence[Any], agree: Agree) -> str:
    """Say which parts of all these answers are right, and which are not."""
    if isinstance(right[0], tuple):
        what, split = "value", list
    elif np.ndim(right[0]) == 1:
        what, split = "entry", list
    else:
        return ""
    try:
        rows = [
            [agree(v, r) for v, r in zip(split(value), split(wanted), strict=True)]
            for value, wanted in zip(values, right, strict=True)
        ]
    except (TypeError, ValueError):
        return ""
    if len({len(row) for row in rows}) > 1:
        return "" if what == "value" else _ends(rows)
    good = [k for k in range(len(rows[0])) if all(row[k] for row in rows)]
    bad = [k for k in range(len(rows[0])) if not any(row[k] for row in rows)]
    if not good or len(good) + len(bad) < len(rows[0]):
        return ""
    if good == [0] and len(rows[0]) == 2:
        return f"The first {what} is right, every time. Look at what makes the second one."
    if good == [1] and len(rows[0]) == 2:
        return f"The second {what} is right, every time. Look at what makes the first one."
    return _ends(rows)


def _ends(rows: Sequence[Sequence[bool]]) -> str:
    """Say whether only the first or the last entries are right, or wrong."""
    if all(row[0] and not any(row[1:]) for row in rows if len(row) > 1):
        return "The first entry is right, and those after it are not. What changes from it on?"
    if all(all(row[1:]) and not row[0] for row in rows if len(row) > 1):
        return "All entries are right but the first. What is different there?"
    if all(all(row[:-1]) and not row[-1] for row in rows if len(row) > 1):
        return "All entries are right but the last. What is different there?"
    return ""


_PARTS: dict[str, Any] = {
    "`{name}`. Where does it come in?": ...,
    "the first {part} of `{name}`. Over which does your loop or your slice go?": 0,
    "the last {part} of `{name}`. Over which does your loop or your slice go?": -1,
}
"""With what an answer may not change, and where an argument is changed to see it."""


def changed_in_a_part(
    names: Sequence[str], call: Sequence[Any]
) -> Iterator[tuple[str, list[list[Any]]]]:
    """Yield what to say if an answer stays as it was, and several changes that could change it.

    Each argument is changed as a whole, then an array in its first entry or row, and in its last:
    a little and much, up and down.  What is positive stays so.
    """
    for k, (name, argument) in enumerate(zip(names, call, strict=True)):
        old = np.asarray(argument)
        if callable(argument) or old.dtype.kind != "f":
            continue
        sizes = np.linspace(1.0, 0.9, old.size).reshape(old.shape)  # no shift: none may count
        far = 1.0 + np.abs(old)
        down = 0.95 * old if (old > 0.0).all() else 10.0 * far
        steps = (0.3 * far, 10.0 * far, -down, -0.1 * down)
        for words, where in _PARTS.items():
            if where is not ... and (not old.ndim or len(old) < 2):
                continue
            told = words.format(name=name, part="entry" if old.ndim == 1 else "row")
            others = []
            for step in steps:
                new = old.copy()
                new[where] += (sizes * step)[where]
                others.append([*call[:k], new if old.ndim else float(new), *call[k + 1 :]])
            yield f"Your result does not change with {told}", others
