"""What theta means: the parameters of a model in the units of the data, written again on paper.

This is the one place of the oracle that knows the coordinates in which the package samples.  The
rule of `on_paper` holds here too: nothing of the package is imported.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from laws_on_paper import kind_of
from model_on_paper import INTERCEPT, Model, Term, correlations_of, names_of, size, units_of


class Reader:
    """Theta, read from left to right."""

    def __init__(self, theta: np.ndarray) -> None:
        self.theta, self.at = theta, 0

    def take(self, *shape: int) -> np.ndarray:
        """The next numbers, in an array of that shape."""
        first, self.at = self.at, self.at + int(np.prod(shape))
        return self.theta[first : self.at].reshape(shape)


def parameters(m: Model, theta: np.ndarray) -> dict[str, Any]:
    """From theta to parameters in the units of the data, by name: as many numbers.

    Theta has, in this order: common coefficients; the family's own parameters, as logarithms;
    logarithms of the horseshoe's global scale, slab and local scales; and for every term
    logarithms of its scales, inverse hyperbolic tangents of partial correlations, and effects,
    coefficient by coefficient.  The logit takes the place of all that where a prior has two ends.
    """
    read, p = Reader(theta), {}
    beta, own = read.take(len(m.prefixes), len(m.names)), read.take(len(m.own))
    if m.shrunk:
        p["hs(global)"], p["hs(slab)"] = np.exp(read.take(2))
        p["hs(local)"] = np.exp(read.take(len(m.shrunk)))
    for prefix, numbers in zip(m.prefixes, beta, strict=True):
        read_coefficients(m, prefix, numbers, p)
    read_own(m, own, p)
    taken: set[str] = set()
    for term in m.terms:
        for prefix in m.prefixes:
            read_term(m, term, prefix, read, p, taken)
    assert read.at == theta.size
    return p


def read_coefficients(m: Model, prefix: str, numbers: np.ndarray, p: dict[str, Any]) -> None:
    """Add common coefficients; the intercept is that where all predictors are 0."""
    u = units_of(m)
    for q, name in enumerate(m.names):
        full, unit = prefix + name, u.y_scale / u.x_scale[q]
        if full in m.shrunk:
            p[full] = numbers[q] * spread_of_shrunk(m, p, full)
        else:
            p[full] = place(m.priors[full], numbers[q], unit, u.y_center * (name == INTERCEPT))
    if INTERCEPT in m.names:
        p[prefix + INTERCEPT] = p[prefix + INTERCEPT] - shift(m, p, prefix)


def read_own(m: Model, numbers: np.ndarray, p: dict[str, Any]) -> None:
    """Add thresholds, each above the last, where all predictors are 0; or scales and their like."""
    if m.family == "ordered":
        cuts = np.cumsum([*numbers[:1], *np.exp(numbers[1:])]) + shift(m, p, "")
        p |= dict(zip(m.own, cuts, strict=True))
        return
    for name, number in zip(m.own, numbers, strict=True):
        unit = units_of(m).y_scale if name == "sigma" else 1.0
        p[name] = length(m.priors[name], number, unit)


def read_term(
    m: Model, term: Term, prefix: str, read: Reader, p: dict[str, Any], taken: set[str]
) -> None:
    """Add a term's scales, correlations and effects; `taken` are coefficients in lines already."""
    k, names = len(term.names), names_of(term, prefix)
    units = units_of(m).y_scale / np.array([size(z) for z in term.columns.T])
    if term.form == "unpooled":
        for name, held, unit in zip(names, read.take(k, term.levels), units, strict=True):
            p[f"b({name})"] = place(m.priors[name], held, unit)
        return
    if decov_of(m, term, prefix):
        p[f"size({names[0]})"], p[f"shares({names[0]})"] = (
            np.exp(read.take(*shape)) for shape in ((), (k if k > 1 else 0,))
        )
    else:
        for name, number, unit in zip(names, read.take(k), units, strict=True):
            p[f"sd({name})"] = length(m.priors[f"sd({name})"], number, unit)
    root = root_of(read.take(k * (k - 1) // 2 if term.correlated else 0), k)
    p |= {name: (root @ root.T)[i, j] for name, i, j in correlations_of(term, prefix)}
    if term.form == "collapsed":
        return
    held = read.take(k, term.levels)
    if term.form == "noncentered":
        b = scales_of(m, term, prefix, p)[:, np.newaxis] * (root @ held)
    else:
        b = units[:, np.newaxis] * held - mean_lines(m, term, prefix, p, taken)
    p |= {f"b({name})": row for name, row in zip(names, b, strict=True)}


def place(prior: Any, number: Any, unit: float, origin: float = 0.0) -> Any:
    """A coefficient from its coordinate."""
    if kind_of(prior) == "Uniform":
        return prior.low + (prior.high - prior.low) / (1.0 + np.exp(-number))
    return origin + unit * number


def length(prior: Any, number: Any, unit: float) -> Any:
    """A scale from its coordinate."""
    return place(prior, number, unit) if kind_of(prior) == "Uniform" else unit * np.exp(number)


def root_of(y: np.ndarray, k: int) -> np.ndarray:
    """Cholesky factor of a correlation matrix: every tanh(y) takes its share of what is left of the
    row's length, 1, and the diagonal has the rest.
    """
    root, rest = np.zeros((k, k), dtype=y.dtype), iter(y)
    for i in range(k):
        left = 1.0
        for j in range(i if y.size else 0):
            z = np.tanh(next(rest))
            root[i, j], left = z * left, left * np.sqrt(1.0 - z * z)
        root[i, i] = left
    return root


def shift(m: Model, p: Mapping[str, Any], prefix: str) -> Any:
    """What the linear predictor is at the means of all predictors that are centred, but for the
    intercept.
    """
    center = units_of(m).x_center
    return sum((p[prefix + name] * c for name, c in zip(m.names, center, strict=True)), 0.0)


def spread_of_shrunk(m: Model, p: Mapping[str, Any], full: str) -> Any:
    """The sd of a coefficient that has a horseshoe, given its scales."""
    tau, c, local = p["hs(global)"], p["hs(slab)"], p["hs(local)"][m.shrunk.index(full)]
    unit = units_of(m).y_scale / units_of(m).x_scale[m.common.index(full) % len(m.names)]
    regularized = np.sqrt(c**2 * local**2 / (c**2 + tau**2 * local**2))
    return tau * regularized * (unit if m.priors[full].autoscale else 1.0)


def mean_lines(
    m: Model, term: Term, prefix: str, p: Mapping[str, Any], taken: set[str]
) -> np.ndarray:
    """What common coefficients come to in the lines of a term's groups, shape (K, J): those whose
    predictor is, in every group, a multiple of one of the term's, and which no term before took.

    A predictor that is centred needs the line to have an intercept, which has the rest.
    """
    u, found = units_of(m), np.zeros((len(term.names), term.levels), dtype=complex)
    for q, name in enumerate(m.names):
        x, center = m.columns[:, q], u.x_center[q]
        if prefix + name in taken or (center != 0.0 and INTERCEPT not in term.names):
            continue
        slope = p[prefix + name]
        if name == INTERCEPT:
            slope = slope + shift(m, p, prefix) - u.y_center
        for k, z in enumerate(term.columns.T):
            rows = [term.index == j for j in range(term.levels)]
            multiple = np.array([(x[r] @ z[r]) / (z[r] @ z[r]) for r in rows])
            if np.allclose(x, z * multiple[term.index], rtol=0.0, atol=1e-9 * np.abs(x).max()):
                found[k] += slope * multiple
                if center != 0.0:
                    found[term.names.index(INTERCEPT)] -= slope * center
                taken.add(prefix + name)
                break
    return found


def decov_of(m: Model, term: Term, prefix: str) -> Any:
    """The prior of a term's covariance, if it has one."""
    of = ", ".join(prefix + name for name in term.names)
    return m.priors.get(f"covariance({term.name}: {of})")


def scales_of(m: Model, term: Term, prefix: str, p: Mapping[str, Any]) -> np.ndarray:
    """Standard deviations of a term: K (noise size scale)^2 in all, if decov shares them out."""
    k, names, decov = len(term.names), names_of(term, prefix), decov_of(m, term, prefix)
    if decov is None:
        return np.array([p[f"sd({name})"] for name in names])
    shares = p[f"shares({names[0]})"] if k > 1 else np.ones(1)
    whole = p.get("sigma", 1.0) * decov.scale * p[f"size({names[0]})"]
    return whole * np.sqrt(k * shares / shares.sum())
