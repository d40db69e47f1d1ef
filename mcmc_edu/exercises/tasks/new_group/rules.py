"""How `new_group` is examined.

Outcomes of all rows are jointly normal, given the posterior draws, for a right program and for one
with a known bug; so the likelihood of what is returned tells them apart.  What passes that is asked
for many more groups: with little noise, where outcomes show the law of lines, and with so much of
it that they show that of noise.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.special import ndtri

from ....compiling import FloatArray
from ...chance.evidence import Setting
from ...chance.examining import Chance
from ...grading.finding import Finding, Stop, numbers, shown
from ...grading.student import Student, global_state
from ...laws.fit import combined
from ...laws.normal import ROOTS, Root, RowsNormal, cholesky, fit_of_rows, fit_of_shape


@dataclass(frozen=True)
class Posterior:
    """Posterior draws, and where outcomes are wanted: the arguments of `new_group`."""

    beta: FloatArray
    sigma_matrix: FloatArray
    sigma: FloatArray
    x: FloatArray

    @property
    def lines(self) -> FloatArray:
        """What intercept and slope are multiplied with, shape (n, 2)."""
        return np.stack([np.ones(self.x.shape), self.x], axis=1)

    def arguments(self, rng: np.random.Generator) -> list[Any]:
        """Return the arguments of a call, with a new generator."""
        seed = {"$rng": int(rng.integers(1 << 40))}
        return [self.beta, self.sigma_matrix, self.sigma, self.x, seed]

    def averaged(self, *names: str) -> Posterior:
        """Return the same with the draws of these names replaced by their average."""
        means = {}
        for name in names:
            draws = getattr(self, name)
            means[name] = np.broadcast_to(draws.mean(axis=0), draws.shape)
        return replace(self, **means)


def posterior(size: int, x: FloatArray, noise: float = 1.0) -> Posterior:
    """Return some posterior draws, always the same, with little noise or with more of it."""
    rng = np.random.default_rng(20)
    sds = np.array([1.6, 0.7]) * rng.uniform(0.7, 1.4, (size, 2))
    correlation = rng.uniform(0.6, 0.9, size)
    matrices = sds[:, :, None] * sds[:, None, :]
    matrices[:, 0, 1] *= correlation
    matrices[:, 1, 0] *= correlation
    beta = np.array([2.0, -0.8]) + np.array([0.9, 0.4]) * rng.standard_normal((size, 2))
    sigma = noise * np.sort(rng.uniform(0.2, 0.6, size))
    return Posterior(beta, matrices, sigma, x)


@dataclass(frozen=True)
class Way:
    """How rows are made that are independent: rightly by default."""

    covariance: Callable[[FloatArray], FloatArray] = lambda matrix: matrix
    """That of a line, made of Sigma."""
    variance: Callable[[FloatArray], FloatArray] = lambda sigma: sigma**2
    """That of the noise, made of sigma."""
    new_line: bool = False
    """Whether each outcome has a line of its own."""
    same_noise: bool = False
    """Whether all outcomes of a row have the same noise."""
    swapped: bool = False
    """Whether intercept and slope are."""
    averaged: tuple[str, ...] = ()
    """What is averaged over posterior draws first."""

    def law(self, post: Posterior) -> RowsNormal:
        """Return the law of the rows."""
        lines = post.lines[:, ::-1] if self.swapped else post.lines
        post = post.averaged(*self.averaged)
        each = np.array([lines @ self.covariance(m) @ lines.T for m in post.sigma_matrix])
        diagonal = np.eye(len(lines))
        noise = np.ones(diagonal.shape) if self.same_noise else diagonal
        each = each * diagonal if self.new_line else each
        each = each + self.variance(post.sigma)[:, None, None] * noise
        return RowsNormal(post.beta @ lines.T, each)


WAYS: dict[str, list[dict[str, Any]]] = {
    "correlation-forgotten": [{"covariance": lambda m: np.diag(np.diag(m))}],
    "factor-transposed": [{"covariance": lambda m: cholesky(m).T @ cholesky(m)}],
    "covariance-as-factor": [{"covariance": lambda m: m @ m}],
    "noise-missing": [{"variance": lambda sigma: 0.0 * sigma}],
    "variation-missing": [{"covariance": lambda m: 0.0 * m}],
    "new-line-for-every-x": [{"new_line": True}],
    "noise-shared": [{"same_noise": True}],
    "variance-for-sd": [{"variance": lambda sigma: sigma}],
    "draws-averaged": [
        {"averaged": ("beta", "sigma_matrix", "sigma")},
        {"averaged": ("beta", "sigma_matrix")},
        {"averaged": ("beta",)},
    ],
    "coefficients-swapped": [{"swapped": True}],
}
"""Ways to make mistakes that leave rows independent."""
ALIKE = ({"variation-missing", "new-line-for-every-x"}, {"noise-missing", "noise-shared"})
"""Of these, the first makes the second invisible."""


def one_group(post: Posterior, root: Root, noise: str, line: str = "same") -> RowsNormal:
    """Return the law of rows that are made of the same random numbers: line, noise or both."""
    size, n = len(post.sigma), len(post.x)
    lines = np.array([post.lines @ root(matrix) for matrix in post.sigma_matrix])
    joint = np.einsum("sik,tjk->sitj", lines, lines)
    if line == "own":
        joint *= np.eye(size)[:, None, :, None]
    scale = np.outer(post.sigma, post.sigma) if noise == "same" else np.diag(post.sigma**2)
    joint += scale[:, None, :, None] * np.eye(n)[None, :, None, :]
    mean = (post.beta @ post.lines.T).reshape(1, size * n)
    return RowsNormal(mean, joint.reshape(1, size * n, size * n))


def one_line(post: Posterior, noise: str) -> RowsNormal:
    """Return the law of rows that have one line, of the first posterior draw or of their means."""
    mean = post.averaged("beta", "sigma_matrix") if noise.startswith("mean") else post
    first = [np.broadcast_to(part[0], part.shape) for part in (mean.beta, mean.sigma_matrix)]
    same = replace(post, beta=first[0], sigma_matrix=first[1])
    return one_group(same, cholesky, noise.removeprefix("mean "))


def laws(post: Posterior) -> tuple[RowsNormal, dict[str, list[RowsNormal]]]:
    """Return the right law and those of all kinds of bugs, alone and two at once."""
    known = {kind: [Way(**way).law(post) for way in ways] for kind, ways in WAYS.items()}
    for one, other in itertools.combinations(WAYS, 2):
        both = [
            Way(**first, **second).law(post)
            for first, second in itertools.product(WAYS[one], WAYS[other])
            if not first.keys() & second.keys()
        ]
        if both and {one, other} not in ALIKE:
            known[f"{one} + {other}"] = both
    known["one-group-for-all-draws"] = [
        *(one_group(post, root, noise) for root in ROOTS for noise in ("same", "own")),
        one_group(post, cholesky, "same", line="own"),
        *(one_line(post, noise) for noise in ("same", "own", "mean same", "mean own")),
    ]
    return Way().law(post), known


ADVICE = (
    "Take sigma = 0: which spread is left, by the covariance matrix Sigma? Take Sigma = 0: which "
    "is left, by the standard deviation sigma? Which random numbers do outcomes of a draw share?"
)
"""What to think about, if no name fits."""


def outcomes_of(value: Any, size: int, n: int) -> FloatArray:
    """Return outcomes as an array (S, n) of numbers; raise `Stop` if they are none."""
    asked = f"outcomes at {n} places for {size} posterior draws"
    expected = f"an array of shape ({size}, {n})"
    outcomes = numbers(value)
    if outcomes is None:
        advice = "Return an array of numbers."
        raise Stop(Finding(False, asked, expected, shown(value), advice=advice))
    if outcomes.shape != (size, n):
        got = f"an array of shape {outcomes.shape}"
        advice = "Return an array with a row for each posterior draw and a column for each x."
        raise Stop(Finding(False, asked, expected, got, advice=advice))
    if not np.isfinite(outcomes).all():
        got = f"{np.count_nonzero(~np.isfinite(outcomes))} of the numbers are nan or infinite"
        raise Stop(Finding(False, asked, expected, got, advice="Which step makes it so?"))
    return outcomes


def shape(student: Student, rng: np.random.Generator) -> Finding | None:
    """Require an array of the right shape, for one place and one posterior draw, too."""
    for size, n in ((5, 3), (3, 5), (4, 1), (1, 1)):
        post = posterior(size, np.linspace(-1.0, 1.5, n))
        try:
            outcomes_of(student.ask(*post.arguments(rng)).value, size, n)
        except Stop as stop:
            return stop.finding
    return None


def varies(student: Student, rng: np.random.Generator) -> Finding | None:
    """Require outcomes that are not all the same number."""
    post = posterior(4, np.array([-1.0, 2.0]))
    outcomes = outcomes_of(student.ask(*post.arguments(rng)).value, 4, 2)
    if np.ptp(outcomes) > 0.0:
        return None
    return Finding(
        False,
        "outcomes at 2 places for 4 posterior draws",
        "numbers that differ from each other",
        f"all are {shown(outcomes[0, 0])}",
        advice="A line is drawn for each posterior draw, and noise for each outcome.",
    )


def rng_alone(student: Student, rng: np.random.Generator) -> Finding | None:
    """Require that NumPy's global random state is left alone, in the calls before this one."""
    return global_state(("rng",)) if student.global_random else None


def same_seed(student: Student, rng: np.random.Generator) -> Finding | None:
    """Require the same outcomes from generators in the same state."""
    arguments = posterior(5, np.array([0.0, 1.0])).arguments(rng)
    first, second = (outcomes_of(student.ask(*arguments).value, 5, 2) for _ in range(2))
    if np.array_equal(first, second):
        return None
    return Finding(
        False,
        "the same call twice, with generators of the same seed",
        "the same outcomes",
        "other outcomes the second time",
        advice="Take random numbers from `rng` alone, and keep nothing from call to call.",
    )


def setting(size: int, x: list[float], noise: float = 1.0, chains: int = 1) -> Setting:
    """Return the setting of some posterior draws."""
    post = posterior(size, np.array(x), noise)
    right, bugs = laws(post)

    def path(arguments: list[Any], value: Any) -> FloatArray:
        return np.append(0.0, outcomes_of(value, size, len(x)))

    def described(path: FloatArray) -> str:
        rest = path[1:] - right.mean.ravel()
        by_rule = np.sqrt(np.diagonal(right.covariance, axis1=1, axis2=2).mean())
        return (
            f"y less beta_s[0] + beta_s[1] x has a mean of {rest.mean():.3g} and an sd of "
            f"{np.sqrt((rest**2).mean()):.3g} (by the rule 0 and about {by_rule:.3g}, in all)"
        )

    words = f"outcomes at x = {shown(post.x, 3)} for {size} posterior draws"

    def arguments(rng: np.random.Generator, n: int) -> list[Any]:
        return post.arguments(rng)

    return Setting(words, arguments, path, [right], bugs, size, chains, described, ADVICE)


SETTINGS = {
    3: setting(80, [-1.0, 0.5, 2.0]),
    4: setting(60, [3.0, -2.0, 0.0, 1.0], noise=8.0),
    2: setting(2, [1.0, 2.5], chains=10),
}
"""Settings by their number of places."""


def fit(settings: Sequence[Setting], uniforms: Sequence[FloatArray]) -> float:
    """Return the p-value that these numbers of all runs are independent and uniform."""
    return combined(
        [
            fit_of_rows([u for s, u in zip(settings, uniforms, strict=True) if s is one], n)
            for n, one in SETTINGS.items()
        ]
    )


MANY = 2500
"""Posterior draws where the law of lines and that of noise are looked at closely."""
CLOSELY = {
    "line": ("outcomes nearly without noise", [0.0, 1.0], 0.01),
    "noise": ("outcomes with noise much larger than all else", [-1.0, 0.5, 2.0], 300.0),
}
"""Words, places and noise of these questions, by what they show."""


def closely(student: Student, rng: np.random.Generator) -> tuple[dict[str, float], Finding]:
    """Return the p-value of many lines and of much noise, and what to say if it is small."""
    p: list[float] = []
    findings = []
    for part, (words, places, noise) in CLOSELY.items():
        post = posterior(MANY, np.array(places), noise)
        law, n = Way().law(post), len(places)
        uniforms = []
        for _ in range(2):
            value = student.ask(*post.arguments(rng), seconds=60.0).value
            outcomes = outcomes_of(value, MANY, n)
            uniforms.append(law.uniforms(np.append(0.0, outcomes), rng))
        first, second = (ndtri(np.clip(u, 1e-300, 1.0 - 1e-16)) for u in uniforms)
        shape_p, shape_words = fit_of_shape(first, rng)
        p += [shape_p, fit_of_rows(uniforms[1:], n)]
        asked = f"{words}, for {MANY} posterior draws"
        findings += [
            Finding(
                False,
                asked,
                "numbers that are normal about their mean",
                shape_words,
                advice=f"Which distribution do the random numbers of the {part} have?",
            ),
            Finding(
                False,
                asked,
                "mean and sd of the rule, and rows that are independent of each other",
                "less the mean and divided by the sd of the rule, all together have mean "
                f"{second.mean():.3f} and sd {second.std():.3f}",
                advice="Should these be 0 and 1? If they nearly are: which rows or columns have "
                "random numbers in common?",
            ),
        ]
    return {"closely": combined(p)}, findings[int(np.argmin(p))]


RULES = Chance(
    arguments=("beta", "Sigma", "sigma", "x", "rng"),
    relations=(shape, rng_alone, varies, same_seed),
    settings=tuple(SETTINGS.values()),
    fit=fit,
    closely=(closely,),
    least=3,
    lenient=True,
)
