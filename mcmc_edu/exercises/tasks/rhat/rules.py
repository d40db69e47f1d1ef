"""How `rhat` is examined."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import ndtri

from ....compiling import FloatArray
from ...grading.exact import ANYTHING, Bugs, Exact, way_of

BUGS = (
    "not-split",
    "root-missing",
    "whole-length/throughout",
    "whole-length/in B",
    "whole-length/but in B",
    "whole-length/in variances, too",
    "between-not-divided",
    "within-divided-by-n",
    "between-divided-by-m",
    "both-biased",
    "factor-missing",
    "term-of-1992",
    "interleaved/last dropped",
    "interleaved/middle dropped",
    "interleaved/first dropped",
    "interleaved/none dropped",
    "rank-normalised/ranks",
    "rank-normalised/scores",
    "rank-normalised/scores without shift",
    "rank-normalised/scores with half",
    "rank-normalised/ranks, after splitting",
    "rank-normalised/scores, after splitting",
    "rank-normalised/scores without shift, after splitting",
    "rank-normalised/scores with half, after splitting",
    "axes-swapped/before splitting",
    "axes-swapped/not split",
    "axes-swapped/after splitting",
    "axes-swapped/after splitting, N kept",
    "axes-swapped/chains split",
    "first-half-dropped/not split",
    "first-half-dropped/middle kept, not split",
    "first-half-dropped/then split",
    "first-half-dropped/middle kept, then split",
)
SCORES: dict[str, Callable[[FloatArray], FloatArray]] = {
    "ranks": lambda rank: rank,
    "scores": lambda rank: ndtri((rank - 0.375) / (rank.size + 0.25)),
    "scores without shift": lambda rank: ndtri(rank / (rank.size + 1.0)),
    "scores with half": lambda rank: ndtri((rank - 0.5) / rank.size),
}


def answer(bugs: Bugs, chains: FloatArray) -> Any:
    """Return split R-hat, or what these bugs make of it."""
    if bugs >= {"within-divided-by-n", "between-divided-by-m"}:
        raise ValueError("both: both-biased")
    if bugs and not defined(bugs, chains):
        return ANYTHING
    groups = groups_of(bugs, ranked(bugs, chains, before=True))
    groups = [ranked(bugs, group, before=False) for group in groups]
    biased = "both-biased" in bugs
    inner = 0 if biased or "within-divided-by-n" in bugs else 1
    outer = 0 if biased or "between-divided-by-m" in bugs else 1
    means = np.concatenate([group.mean(axis=1) for group in groups])
    variances = np.concatenate([group.var(axis=1, ddof=inner) for group in groups])
    n, n_in_b = lengths(bugs, chains, groups)
    if way_of(bugs, "whole-length") == "in variances, too":
        variances = variances * (groups[0].shape[1] - inner) / (n - inner)
    between, within = n_in_b * means.var(ddof=outer), variances.mean()
    shrunk = 1.0 if "factor-missing" in bugs else (n - 1) / n
    divisor = 1 if "between-not-divided" in bugs else n
    square = (shrunk * within + between / divisor) / within
    if "term-of-1992" in bugs:
        square += between / divisor / len(means) / within
    return float(square if "root-missing" in bugs else np.sqrt(square))


def lengths(bugs: Bugs, chains: FloatArray, groups: list[FloatArray]) -> tuple[int, int]:
    """Return what is taken for N in R-hat, and in B."""
    whole, half = chains.shape[1], chains.shape[1] // 2
    if way_of(bugs, "axes-swapped") == "after splitting, N kept":
        return half, half
    n = groups[0].shape[1] if len(groups) == 1 else half
    way = way_of(bugs, "whole-length")
    if way is None:
        return n, n
    return {"in B": (n, whole), "but in B": (whole, n)}.get(way, (whole, whole))


def defined(bugs: Bugs, chains: FloatArray) -> bool:
    """Say whether these bugs leave two groups or more, of two draws or more."""
    groups = groups_of(bugs, chains)
    return sum(len(g) for g in groups) >= 2 and all(g.shape[1] >= 2 for g in groups)


def ranked(bugs: Bugs, chains: FloatArray, before: bool) -> FloatArray:
    """Return draws, or what their ranks are replaced by, before or after splitting."""
    way = way_of(bugs, "rank-normalised")
    if way is None or way.endswith(", after splitting") == before:
        return chains
    rank = 1 + np.argsort(np.argsort(chains, axis=None)).reshape(chains.shape)
    return SCORES[way.removesuffix(", after splitting")](rank.astype(float))


def halves_of(chains: FloatArray) -> FloatArray:
    """Return first halves, then second ones, without the middle draw."""
    n = chains.shape[1] // 2
    return np.concatenate([chains[:, :n], chains[:, chains.shape[1] - n :]])


def groups_of(bugs: Bugs, chains: FloatArray) -> list[FloatArray]:
    """Return what is compared, in one array if all have the same length."""
    axes, dropped = way_of(bugs, "axes-swapped"), way_of(bugs, "first-half-dropped")
    pairs = way_of(bugs, "interleaved")
    if axes in ("before splitting", "not split"):
        chains = chains.T
    if dropped is not None:
        n = chains.shape[1]
        chains = chains[:, n // 2 if dropped.startswith("middle kept") else n - n // 2 :]
    if "not-split" in bugs or axes == "not split" or (dropped or "").endswith("not split"):
        return [chains]
    if pairs is not None:
        if chains.shape[1] % 2 and pairs != "none dropped":
            n = chains.shape[1]
            place = {"last dropped": n - 1, "middle dropped": n // 2, "first dropped": 0}[pairs]
            chains = np.delete(chains, place, axis=1)
        even, odd = chains[:, ::2], chains[:, 1::2]
        return [np.concatenate([even, odd])] if even.shape == odd.shape else [even, odd]
    if axes == "chains split":
        m = len(chains) // 2
        return [np.concatenate([chains[:m], chains[len(chains) - m :]], axis=1)]
    halves = halves_of(chains)
    return [halves.T] if (axes or "").startswith("after splitting") else [halves]


def probes(rng: np.random.Generator) -> list[list[Any]]:
    """Return chains that agree, that do not, that drift; of even and odd lengths; and one."""
    calls: list[list[Any]] = []
    for m, n, apart, drift in (
        (4, 20, 0.5, 0.0),
        (5, 11, 1.5, 0.0),
        (4, 9, 0.3, 1.5),
        (8, 14, 0.0, 2.0),
        (6, 13, 0.0, 0.0),
        (2, 4, 1.0, 0.0),
        (1, 17, 0.0, 1.0),
    ):
        means = apart * rng.standard_normal((m, 1)) + drift * np.linspace(-1.0, 1.0, n)
        calls.append([means + rng.standard_normal((m, n))])
    agree = np.tile(rng.standard_normal(6), (3, 2))  # below 1: halves with nearly the same mean
    agree = agree + 0.01 * rng.standard_normal((3, 12))
    return [*calls, [agree], [1e5 + rng.standard_normal((3, 12))]]


def parts(chains: FloatArray) -> tuple[float, float]:
    """Return B and W."""
    halves = halves_of(chains)
    between = halves.shape[1] * halves.mean(axis=1).var(ddof=1)
    return float(between), float(halves.var(axis=1, ddof=1).mean())


RULES = Exact(
    arguments=("chains",),
    probes=probes,
    answer=answer,
    bugs=BUGS,
    unfinished={
        "It returns B. R-hat is made of B and W.": lambda chains: parts(chains)[0],
        "It returns W. R-hat is made of B and W.": lambda chains: parts(chains)[1],
    },
)
