"""Exact relations of programs that draw, in whatever order they use their random numbers.

Each takes the student and a generator, and returns a finding if the relation fails, else None.
They are for functions that draw n states of a chain from a log density and a start.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

from ...compiling import FloatArray
from ..grading.finding import Finding, Stop, numbers, shown
from ..grading.student import Student
from ..laws.fit import combined

Description = dict[str, Any]


@dataclass(frozen=True)
class Target:
    """A target of several unknowns that exact draws are known of."""

    of: Callable[[int], Description]
    """Description of the target in as many dimensions."""
    flat: Callable[[int], Description]
    """Description of a target where every proposal is accepted."""
    starts: Callable[[np.random.Generator, int], FloatArray]
    """Exact draws of two unknowns."""
    uniforms: Callable[[FloatArray], FloatArray]
    """Draws of two unknowns as uniform numbers, if they are exact."""
    steps: Callable[[FloatArray], FloatArray] = lambda x: x
    """The scale on which steps are added."""


PRECISION = np.array([[1.5, -0.9], [-0.9, 1.1]])
MEAN = np.array([1.0, -2.0])
ROOT = np.linalg.cholesky(np.linalg.inv(PRECISION))
SHAPE, RATE = np.array([3.0, 2.0, 4.0]), np.array([1.5, 0.5, 2.0])


def _normal(dim: int) -> Description:
    if dim == 2:
        return {"kind": "normal", "mean": MEAN, "precision": PRECISION}
    return {"kind": "normal", "mean": np.zeros(dim), "precision": np.eye(dim)}


def _flat(dim: int) -> Description:
    precision = np.zeros((dim, dim))
    return {"kind": "normal", "mean": np.zeros(dim), "precision": precision, "words": "flat"}


NORMAL = Target(
    _normal,
    _flat,
    lambda rng, n: MEAN + rng.standard_normal((n, 2)) @ ROOT.T,
    lambda x: stats.norm.cdf(np.linalg.solve(ROOT, (x - MEAN).T)),
)
GAMMA = Target(
    lambda dim: {"kind": "gamma", "shape": SHAPE[:dim], "rate": RATE[:dim]},
    lambda dim: {"kind": "gamma", "shape": np.zeros(dim), "rate": np.zeros(dim), "words": "1/x"},
    lambda rng, n: rng.gamma(SHAPE[:2], 1.0 / RATE[:2], (n, 2)),
    lambda x: np.asarray(stats.gamma.cdf(x, SHAPE[:2], scale=1.0 / RATE[:2])).T,
    np.log,
)


def rows_of(value: Any, dim: int, least: int = 1) -> FloatArray:
    """Return draws, `least` or more; raise `Stop` if there is no telling which they are."""
    draws = numbers(value)
    if draws is not None and draws.ndim == 2 and len(draws) >= least:
        return draws_of(draws, len(draws), dim)
    return draws_of(value, least, dim)


def draws_of(value: Any, n: int, dim: int) -> FloatArray:
    """Return draws as an array (n, dim) of numbers; raise `Stop` if they are none."""
    asked, expected = f"{n} draws of {dim} unknowns", f"an array of shape ({n}, {dim})"
    draws = numbers(value)
    if draws is None:
        raise Stop(Finding(False, asked, expected, shown(value), advice="Return numbers alone."))
    if draws.shape != (n, dim):
        advice = "Return an array with a row for each iteration and a column for each unknown."
        if draws.ndim == 2 and draws.shape[1] == dim and draws.shape[0] == n + 1:
            advice = "There is one row too many. Is the start among the draws?"
        elif draws.ndim == 2 and draws.shape[1] == dim and draws.shape[0] < n:
            advice = "There is a row for each iteration, also where the proposal was refused."
        got = f"an array of shape {draws.shape}"
        raise Stop(Finding(False, asked, expected, got, advice=advice))
    if not np.isfinite(draws).all():
        got = f"{np.count_nonzero(~np.isfinite(draws))} of the numbers are nan or infinite"
        raise Stop(Finding(False, asked, expected, got, advice="Which step makes it so?"))
    return draws


def repeated(path: FloatArray) -> FloatArray:
    """Return a path in which what repeats up to rounding repeats: back by `x -= step`, say."""
    path = path.copy()
    near = np.isclose(path[1:], path[:-1], rtol=1e-11, atol=1e-13)
    for t in np.flatnonzero(near if path.ndim == 1 else near.all(axis=1)):
        path[t + 1] = path[t]
    return path


@dataclass(frozen=True)
class Relations:
    """Relations of a function that draws from a log density.

    Parameters
    ----------
    call
        ``call(density, start, n, rng)``: the arguments of a call, with a new generator for the
        student.
    target
        A target of several unknowns.
    randomness
        Name of the bug of taking random numbers from elsewhere, if it has one.
    start_recorded
        Name of the bug of recording the start, if it has one.
    """

    call: Callable[[Description, FloatArray, int, np.random.Generator], list[Any]]
    target: Target = NORMAL
    randomness: str | None = None
    start_recorded: str | None = None

    def shape_of_draws(self, student: Student, rng: np.random.Generator) -> Finding | None:
        """Require an array of the right shape, for one unknown and for more."""
        for n, dim in ((7, 2), (5, 1), (30, 3)):
            value = student.ask(*self.call(self.target.of(dim), np.ones(dim), n, rng)).value
            try:
                draws_of(value, n, dim)
            except Stop as stop:
                return stop.finding
        return None

    def same_seed(self, student: Student, rng: np.random.Generator) -> Finding | None:
        """Require the same draws from generators of the same seed, and others from another."""
        arguments = self.call(self.target.of(2), np.array([0.5, 1.5]), 60, rng)
        other = self.call(self.target.of(2), np.array([0.5, 1.5]), 60, rng)
        calls = (arguments, arguments, other)
        first, second, third = (rows_of(student.ask(*call).value, 2) for call in calls)
        bugs = (self.randomness,) if self.randomness else ()
        advice = (
            "Take random numbers from `rng` alone, keep nothing from call to call, and write each "
            "row of what `np.empty` makes."
        )
        if not np.array_equal(first, second):
            return Finding(
                False,
                "the same call twice, with generators of the same seed",
                "the same draws",
                "other draws the second time",
                bug=self.randomness,
                bugs=bugs,
                sure=True,
                advice="" if bugs else advice,
            )
        if np.array_equal(first, third) and len(np.unique(first, axis=0)) > 2:
            return Finding(
                False,
                "the same call twice, with generators of different seeds",
                "other draws the second time",
                "the same draws",
                bug=self.randomness,
                bugs=bugs,
                sure=True,
                advice="" if bugs else advice,
            )
        return None

    def adds_constant(self, student: Student, rng: np.random.Generator) -> Finding | None:
        """Require the same draws if a constant is added to the log density."""
        start, seed = np.array([0.5, 1.5]), int(rng.integers(1 << 40))
        draws = []
        for constant in (0.0, 8.0, -1024.0):
            density = self.target.of(2) | {"constant": constant}
            arguments = self.call(density, start, 60, np.random.default_rng(seed))
            draws.append(rows_of(student.ask(*arguments).value, 2))
        same = all(other.shape == draws[0].shape for other in draws) and all(
            np.allclose(draws[0], other, rtol=1e-9, atol=1e-9) for other in draws[1:]
        )
        if not same:
            return Finding(
                False,
                "the same call with 8, and with -1024, added to the log density",
                "the same draws: only differences of log densities count",
                "other draws",
                advice="Do you compare densities by a difference of logarithms, and never by "
                "the logarithms themselves or their exponentials?",
            )
        return None

    def flat_target(self, student: Student, rng: np.random.Generator) -> Finding | None:
        """Require that every proposal is taken where all are equally good."""
        arguments = self.call(self.target.flat(1), np.array([3.0]), 100, rng)
        draws = rows_of(student.ask(*arguments).value, 1)[:, 0]
        path = np.concatenate([[3.0], draws])
        moved = int((~np.isclose(path[1:], path[:-1], rtol=1e-12, atol=0.0)).sum())
        if 0 < moved < len(draws) and path[1] != path[0]:
            return Finding(
                False,
                "100 draws from a density at which every proposal is accepted",
                "100 moves",
                f"{moved} moves",
                advice="With which probability is a proposal accepted that is as good as the "
                "present state?",
            )
        return None

    def one_number(self, student: Student, rng: np.random.Generator) -> Finding | None:
        """Require that two coordinates have steps of their own."""
        arguments = self.call(self.target.flat(2), np.array([1.0, 2.0]), 30, rng)
        draws = rows_of(student.ask(*arguments).value, 2)
        path = np.concatenate([[[1.0, 2.0]], draws])
        with np.errstate(all="ignore"):
            steps = np.diff(self.target.steps(path), axis=0)
        moved = steps[(np.abs(steps) > 1e-12).any(axis=1)]
        if len(moved) > 5 and np.allclose(moved[:, 0], moved[:, 1], rtol=1e-6, atol=1e-9):
            return Finding(
                False,
                "30 draws of two unknowns",
                "steps in all directions of the plane",
                "both coordinates make the same step, each time",
                bug="one-number",
                bugs=("one-number",),
                sure=True,
            )
        return None

    def rows_filled(self, student: Student, rng: np.random.Generator) -> Finding | None:
        """Require that no row is left as `np.zeros` has made it."""
        for start in self.target.starts(rng, 2):
            arguments = self.call(self.target.of(2), start, 60, rng)
            draws = rows_of(student.ask(*arguments).value, 2)
            empty = int((draws == 0.0).all(axis=1).sum())
            if 0 < empty < len(draws):
                return Finding(
                    False,
                    f"60 draws of two unknowns, from {shown(start, 3)}",
                    "each row is a place where the chain has been",
                    f"row {int(np.argmax((draws == 0.0).all(axis=1)))} has nothing but zeros; of "
                    f"such rows there {'is 1' if empty == 1 else f'are {empty}'}",
                    sure=True,
                    advice="Has the chain ever been at zero? In which iterations is nothing "
                    "written into the row, and where is the chain then?",
                )
        return None

    def moves_together(self, student: Student, rng: np.random.Generator) -> Finding | None:
        """Require that a draw repeats both coordinates of the one before, or neither."""
        for start in self.target.starts(rng, 2):
            arguments = self.call(self.target.of(2), start, 80, rng)
            draws = rows_of(student.ask(*arguments).value, 2)
            path = np.concatenate([start[None], draws])
            same = np.isclose(path[1:], path[:-1], rtol=1e-11, atol=0.0)
            far = ~np.isclose(path[1:], path[:-1], rtol=1e-4, atol=0.0)
            alone = int((same.any(axis=1) & far.any(axis=1)).sum())
            if alone:
                return Finding(
                    False,
                    "80 draws of two unknowns",
                    "each draw repeats the one before, or both of its coordinates are new",
                    f"in {alone} draws one coordinate is new, and the other is not",
                    sure=True,
                    advice="A proposal is a place: how many of its coordinates does it change, and "
                    "for how many of them is a decision made?",
                )
        return None

    def start_first(self, student: Student, rng: np.random.Generator) -> Finding | None:
        """Find whether the start is the first draw, where it is hardly ever stayed at."""
        start, twice = np.array([3.0]), 0
        for _ in range(12):
            arguments = self.call(self.target.flat(1), start, 2, rng)
            draws = rows_of(student.ask(*arguments).value, 1)
            if not np.array_equal(draws[0], start):
                return None
            twice += int(np.array_equal(draws[-1], start))
        if twice > 6:  # it hardly moves at all
            return None
        bugs = (self.start_recorded,) if self.start_recorded else ()
        return Finding(
            False,
            "2 draws from a density that is the same everywhere, twelve times",
            "the first draw is where the chain is after one step",
            "The first draw is theta0, each time",
            bug=self.start_recorded,
            bugs=bugs,
            advice="" if bugs else "How many decisions had been made before the first row?",
        )

    def no_density(self, student: Student, rng: np.random.Generator) -> Finding | None:
        """Require that no draw lies where the density is zero."""
        edges, logs = np.array([0.0, 1.0, 2.0, 3.0]), np.log(np.array([1.0, 3.0, 2.0]))
        density = {"kind": "steps", "edges": edges, "log_heights": logs, "words": "three-step"}
        arguments = self.call(density, np.array([1.5]), 200, rng)
        draws = rows_of(student.ask(*arguments).value, 1)
        outside = int(((draws < 0.0) | (draws >= 3.0)).sum())
        if outside:
            return Finding(
                False,
                "200 draws from a density that is zero outside 0 to 3 (its log is -inf there)",
                "no draw outside",
                f"{outside} draws outside",
                advice="What does your test do with a proposal whose log density is -inf? Is a "
                "proposal that is refused really left behind, everywhere?",
            )
        return None

    def not_a_number(self, student: Student, rng: np.random.Generator) -> Finding | None:
        """Require that no draw lies where the log density is NaN."""
        edges = np.array([0.0, 1.0, 2.0, 3.0, 9.0])
        logs = np.array([0.0, np.nan, 0.5, np.nan])
        density = {"kind": "steps", "edges": edges, "log_heights": logs, "words": "three-step"}
        arguments = self.call(density, np.array([0.5]), 200, rng)
        draws = rows_of(student.ask(*arguments).value, 1)
        inside = int((((draws >= 1.0) & (draws < 2.0)) | (draws >= 3.0)).sum())
        if inside:
            return Finding(
                False,
                "200 draws from a log density that is NaN from 1 to 2 and beyond 3",
                "no draw in these places",
                f"{inside} draws there",
                bug="nan-accepted",
                bugs=("nan-accepted",),
            )
        return None

    def exact_starts(
        self, student: Student, rng: np.random.Generator, chains: int = 600, steps: int = 3
    ) -> tuple[dict[str, float], Finding]:
        """Start many chains of two unknowns from exact draws: the ends must be exact, too."""
        starts = self.target.starts(rng, chains)
        calls = [self.call(self.target.of(2), start, steps, rng) for start in starts]
        replies = student.ask_many(calls, seconds=60.0)
        ends = np.array([draws_of(reply.value, steps, 2)[-1] for reply in replies])
        with np.errstate(all="ignore"):
            uniforms = self.target.uniforms(ends)
        p = combined([float(stats.kstest(row, "uniform").pvalue) for row in uniforms])
        exact = self.target.starts(np.random.default_rng(1), 20_000)
        finding = Finding(
            False,
            f"{chains} chains of two unknowns, {steps} steps each, from exact draws",
            f"the ends have means {shown(exact.mean(axis=0), 2)} and sds "
            f"{shown(exact.std(axis=0), 2)}, as the starts",
            f"means {shown(ends.mean(axis=0), 3)}, sds {shown(ends.std(axis=0), 3)}",
            advice="With one unknown it is right, with two it is not. Does each unknown have a "
            "step of its own, and is there one decision for all of them?",
        )
        return {"exact starts": p}, finding
