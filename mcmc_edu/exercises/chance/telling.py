"""Words for draws: numbers that a student can compute, too, beside those of a right answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...compiling import FloatArray
from ..grading.finding import shown


@dataclass(frozen=True)
class Look:
    """What can be seen of a chain at a glance; arrays have one number for each unknown."""

    mean: FloatArray
    sd: FloatArray
    repeats: float
    """Share of draws that repeat the one before."""
    move: FloatArray
    """Root mean square of the moves."""
    draws: int

    def as_chain(self) -> str:
        """Return in words how a chain of proposals and decisions looks."""
        parts = [f"mean {_one(self.mean)}, sd {_one(self.sd)}"]
        parts.append(f"{self.repeats:.0%} of the draws repeat the one before")
        if np.isfinite(self.move).all():
            parts.append(f"the others are {_one(self.move)} away from it (root mean square)")
        return "; ".join(parts)

    def as_parts(self, names: tuple[str, ...]) -> str:
        """Return mean and sd of each unknown."""
        parts = zip(names, self.mean, self.sd, strict=True)
        return "; ".join(
            f"{name}: mean {shown(float(mean), 3)}, sd {shown(float(sd), 3)}"
            for name, mean, sd in parts
        )


def _one(numbers: FloatArray) -> str:
    return shown(float(numbers[0]), 3) if numbers.size == 1 else shown(numbers, 3)


def look(path: FloatArray) -> Look:
    """Look at start and draws, of shape (n + 1,) or (n + 1, unknowns)."""
    path = path[:, None] if path.ndim == 1 else path
    steps = np.diff(path, axis=0)
    moved = (steps != 0.0).any(axis=1)
    nan = np.full(path.shape[1], np.nan)
    away = np.sqrt((steps[moved] ** 2).mean(axis=0)) if moved.any() else nan
    draws = path[1:]
    return Look(draws.mean(axis=0), draws.std(axis=0), float(1.0 - moved.mean()), away, len(draws))


def thought(got: Look, rule: Look) -> str:
    """Return where to look first, by how the draws differ from those of a right answer."""
    error = np.sqrt(max(rule.repeats * (1.0 - rule.repeats), 0.01) / got.draws)
    apart = (got.repeats - rule.repeats) / error
    if got.repeats == 1.0:
        return "It never moves. Where is a proposal taken, and where is it recorded?"
    # two sds of the mean of squares of normal numbers
    far = np.abs(np.log(got.move / rule.move)) > 3.0 / np.sqrt(got.draws * (1.0 - got.repeats) + 1)
    if abs(apart) > 5.0:
        less = "less" if apart < 0.0 else "more"
        return (
            f"It stays {less} often than a right answer{_width(got, rule)}. How is the next state "
            "chosen: what is compared with what? And what is recorded when the chain stays?"
        )
    if far.any():
        size = "longer" if (got.move > rule.move)[far].any() else "shorter"
        return (
            f"It stays as often as a right answer, but its moves are {size}. Look at how a move is "
            "made: from where, and how far?"
        )
    return (
        "It stays about as often as a right answer, and moves as far. So where does it go? Look "
        "at the direction of the moves, and at the decision for moves up and for moves down."
    )


def _width(got: Look, rule: Look) -> str:
    """Say that draws are far too wide or too narrow, if they are."""
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(got.sd / rule.sd)
    if not np.isfinite(logs).all() or np.abs(logs).max() < np.log(2.0):
        return ""
    wide = logs[np.argmax(np.abs(logs))] > 0.0
    return f", and its draws are far too {'wide' if wide else 'narrow'}"


def thought_of_parts(got: Look, rule: Look, names: tuple[str, ...]) -> str:
    """Return which unknowns to look at first, where each has its own draw in an iteration."""
    scale = rule.sd / np.sqrt(got.draws / 4.0)
    wrong = (np.abs(got.mean - rule.mean) > 4.0 * scale) | (
        np.abs(np.log(np.maximum(got.sd, 1e-300) / rule.sd)) > 0.4
    )
    found = [name for name, bad in zip(names, wrong, strict=True) if bad]
    if not found:
        return (
            "What is seen at a glance is right. Write both conditional densities out again, and "
            "look at the first row: which value of the other unknown is it drawn with?"
        )
    return (
        f"The draws of {' and of '.join(found)} are not as they should be. Write the conditional "
        "density out, and see which numbers the function that draws takes: an sd or a variance, a "
        "rate or a scale?"
    )
