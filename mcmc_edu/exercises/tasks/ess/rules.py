"""How `ess` is examined."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from ....compiling import FloatArray
from ...grading.exact import ANYTHING, Bugs, Exact, way_of

ALONE = ("V is acov_0", "V is W", "shares of acov_0")
"""Ways to compute correlations without a variance between chains."""
BUGS = (
    "not-split",
    "not-monotone",
    "no-truncation/pairs",
    "no-truncation/pairs made monotone",
    "no-truncation/lags",
    "no-truncation/lags from 1",
    "first-negative-lag/lags",
    "first-negative-lag/lags from 1",
    "first-negative-lag/lags made monotone",
    "first-negative-lag/lags from 1 made monotone",
    "first-negative-lag/pairs",
    "first-negative-lag/pairs made monotone",
    "first-negative-lag/half a pair",
    "two-missing/sum",
    "two-missing/sum less one",
    "two-missing/one and the others",
    "lag-0-twice/sum",
    "lag-0-twice/one more",
    *(f"between-ignored/{way}" for way in (*ALONE, "shares in each chain")),
    "time-returned",
    "one-chain-counted/bound of all",
    "one-chain-counted/bound of one",
    "unbiased-autocovariance/terms",
    "unbiased-autocovariance/terms less one",
    "circular",
    *(
        f"chains-one-by-one/{unit}, {way}, {bound}"
        for unit in ("half", "whole")
        for way in ALONE
        for bound in ("own bound", "bound of all")
    ),
    "chains-one-by-one/split, own bound",
    "chains-one-by-one/split, bound of all",
)
STOPPING = ("not-monotone", "no-truncation", "first-negative-lag")
"""Kinds that differ in chains alone whose correlations have some patterns."""


def answer(bugs: Bugs, chains: FloatArray) -> Any:
    """Return the effective sample size, or what these bugs make of it."""
    size = 2 * len(chains) * (chains.shape[1] // 2)
    one_by_one = way_of(bugs, "chains-one-by-one")
    if one_by_one is not None:
        unit, bound = one_by_one.split(", ")[0], one_by_one.split(", ")[-1]
        rows = halves_of(chains) if unit == "half" else chains
        groups = [row[None] if unit != "split" else halves_of(row[None]) for row in rows]
        return sum(size_of(bugs, g, size if bound == "bound of all" else g.size) for g in groups)
    groups_of_all = chains if "not-split" in bugs else halves_of(chains)
    if len(groups_of_all) == 1:
        return ANYTHING
    own = way_of(bugs, "one-chain-counted") == "bound of one"
    return size_of(bugs, groups_of_all, groups_of_all.shape[1] if own else groups_of_all.size)


def halves_of(chains: FloatArray) -> FloatArray:
    """Return first halves, then second ones, without the middle draw."""
    n = chains.shape[1] // 2
    return np.concatenate([chains[:, :n], chains[:, chains.shape[1] - n :]])


def size_of(bugs: Bugs, groups: FloatArray, bound: int) -> float:
    """Return the effective sample size of these chains, which are not split any more."""
    tau = max(time_of(bugs, correlations(bugs, groups)), 1.0 / np.log10(bound))
    if "time-returned" in bugs:
        return float(tau)
    counted = way_of(bugs, "one-chain-counted") is not None
    return float((groups.shape[1] if counted else groups.size) / tau)


def correlations(bugs: Bugs, groups: FloatArray) -> Any:
    """Return rho_t for all lags."""
    n = groups.shape[1]
    each = autocovariances(bugs, groups)
    acov = each.mean(axis=0)
    within = acov[0] * n / (n - 1)
    alone = way_of(bugs, "between-ignored")
    if alone is None and len(groups) == 1:
        alone = (way_of(bugs, "chains-one-by-one") or ", , ").split(", ")[1]
    if alone == "shares in each chain":
        return (each / each[:, :1]).mean(axis=0)
    if alone == "shares of acov_0":
        return acov / acov[0]
    if alone == "V is W":
        return acov / within
    between = 0.0 if alone is not None else groups.mean(axis=1).var(ddof=1)
    return 1.0 - (within - acov) / (acov[0] + between)


def autocovariances(bugs: Bugs, groups: FloatArray) -> Any:
    """Return the autocovariances of each chain, shape (M, N)."""
    n = groups.shape[1]
    x = groups - groups.mean(axis=1, keepdims=True)
    lags = np.arange(n)
    sums = np.array([np.correlate(row, row, "full")[n - 1 :] for row in x])
    if "circular" in bugs:
        sums[:, 1:] += sums[:, :0:-1]
    way = way_of(bugs, "unbiased-autocovariance")
    if way is None:
        return sums / n
    return sums / (n - lags if way == "terms" else np.maximum(n - lags - 1, 1))


def time_of(bugs: Bugs, rho: FloatArray) -> float:
    """Return tau."""
    cut, monotone = way_of(bugs, "no-truncation"), "not-monotone" not in bugs
    negative = way_of(bugs, "first-negative-lag")
    pairs = rho[: len(rho) // 2 * 2].reshape(-1, 2)
    lags = [way for way in (negative, cut) if way is not None and way.startswith("lags")]
    if lags:
        kept = rho[: first(rho < 0.0)] if lags == [negative] else rho
        kept = np.append(1.0, kept[1:]) if "from 1" in lags[0] else kept
        monotone = lags[0].endswith("monotone")
    elif cut is not None:
        kept, monotone = pairs.sum(axis=1), cut == "pairs made monotone"
    elif negative is not None:
        stop = first(pairs.min(axis=1) < 0.0)
        kept, monotone = pairs[:stop].sum(axis=1), negative != "pairs"
        if negative == "half a pair" and stop < len(pairs) and pairs[stop, 0] > 0.0:
            kept = np.append(kept, pairs[stop, 0])
    else:
        sums = pairs.sum(axis=1)
        kept = sums[: 1 + first(sums[1:] <= 0.0)]
    total = float((np.minimum.accumulate(kept) if monotone else kept).sum())
    return {
        ("sum", None): total,
        ("sum less one", None): total - 1.0,
        ("one and the others", None): 1.0 + total - float(rho[0]),
        (None, "sum"): 2.0 * total,
        (None, "one more"): 2.0 * total + 1.0,
    }.get((way_of(bugs, "two-missing"), way_of(bugs, "lag-0-twice")), 2.0 * total - 1.0)


def first(where: Any) -> int:
    """Return the first place that is true, or the number of places if none is."""
    return int(np.argmax(where)) if where.any() else len(where)


def probes(rng: np.random.Generator) -> list[list[Any]]:
    """Return chains of all sorts, by which rules for stopping are told apart."""
    for _ in range(50):
        calls = chains_of_all_sorts(rng)
        sizes = {
            way: np.array([answer(frozenset([way] if way else []), *call) for call in calls[:-1]])
            for way in ("", *(bug for bug in BUGS if bug.startswith(STOPPING)))
        }
        if all(
            np.count_nonzero(~np.isclose(sizes[one], sizes[other], rtol=1e-4)) >= 2
            for one, other in itertools.combinations(sizes, 2)
            if one.partition("/")[0] != other.partition("/")[0]
        ):
            break
    return calls


def chains_of_all_sorts(rng: np.random.Generator) -> list[list[Any]]:
    """Return chains of high, low and negative correlation, of even and odd lengths; then one."""
    calls: list[list[Any]] = []
    for m, n, phi, apart in (
        (3, 40, 0.6, 0.5),
        (2, 31, 0.8, 0.0),
        (4, 70, 0.3, 0.0),
        (2, 60, 0.9, 1.0),
        (3, 80, 0.5, 0.0),
        (2, 91, 0.4, 0.0),
        (3, 25, -0.5, 0.4),
        (2, 12, 0.4, 0.0),
        (4, 30, -0.95, 0.0),
        (2, 1240, 0.5, 5.0),  # chains far apart: all 620 lags count
        (1, 45, 0.7, 0.0),
    ):
        chains = rng.standard_normal((m, n))
        for t in range(1, n):
            chains[:, t] = phi * chains[:, t - 1] + np.sqrt(1.0 - phi**2) * chains[:, t]
        calls.append([chains + 2.0 + apart * rng.standard_normal((m, 1))])
    return calls


RULES = Exact(arguments=("chains",), probes=probes, answer=answer, bugs=BUGS)
