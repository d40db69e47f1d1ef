"""What all peers share: settings, result, and the algebra of the collapsed model.

Needs nothing but NumPy, because it runs in every peer's environment.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib import metadata
from typing import Any, NamedTuple

import numpy as np


@dataclass(frozen=True)
class Settings:
    """How much to draw; the same for everybody."""

    draws: int = 1000
    warmup: int = 1000
    chains: int = 4
    cores: int = 2


@dataclass
class Result:
    """What a peer's `sample` gives back."""

    draws: dict[str, np.ndarray]
    """Natural parameters, shape (chain, draw) or (chain, draw, k)."""
    gradients: int | None
    """Evaluations of the gradient for the draws that are kept, over all chains."""
    warmup_gradients: int | None = None
    """The same for warm-up; None where the peer does not tell."""
    divergences: int | None = None
    native: Any = None
    """The peer's own object, for its own summary."""
    sample_seconds: float | None = None
    """Sampling alone, where `sample` does more and the peer tells."""
    rest: str = "compile"
    """What the other seconds of `sample` were spent on."""
    again: Callable[[], Any] | None = None
    """Samples again without compiling, where the peer compiles within `sample` and does not."""
    versions: dict[str, str] = field(default_factory=dict)
    """Of what is no Python package."""
    note: str = ""
    """What the peer decided by itself, for the table."""


def versions(packages: Sequence[str]) -> dict[str, str]:
    return {package: metadata.version(package) for package in packages}


class Groups(NamedTuple):
    """Sums over each group's rows, shape (groups,) each: all the lines' likelihood needs."""

    n: np.ndarray
    x: np.ndarray
    y: np.ndarray
    xx: np.ndarray
    xy: np.ndarray
    yy: np.ndarray


def sums(data: dict[str, np.ndarray]) -> Groups:
    x, y, group = data["x"], data["y"], data["group"]
    return Groups(
        *(np.bincount(group, weights=w) for w in (np.ones_like(x), x, y, x * x, x * y, y * y))
    )


def collapsed_log_likelihood(log: Callable[[Any], Any], g: Groups, p: dict[str, Any]) -> Any:
    """Each group's log density of y with its line integrated out, up to a constant, (groups,).

    y_j ~ N(X_j m, sigma^2 I + X_j D^2 X_j'), with m = (mu_alpha, mu_beta) and D the diagonal of
    (sigma_alpha, sigma_beta).  By the determinant and inversion lemmas only the 2 x 2 matrix
    H = I + D X'X D / sigma^2 is left.  Arithmetic alone, and so good for any array library.
    """
    (h11, h12, h22), (q1, q2), rr = _pieces(g, p)
    determinant = h11 * h22 - h12 * h12
    v = p["sigma"] * p["sigma"]
    explained = (h22 * q1 * q1 - 2.0 * h12 * q1 * q2 + h11 * q2 * q2) / (determinant * v)
    return -0.5 * (g.n * log(v) + log(determinant) + (rr - explained) / v)


def _pieces(g: Groups, p: dict[str, Any]) -> Any:
    """H, D X'r and r'r of residuals r about the population's line."""
    a, b, s, t = p["mu_alpha"], p["mu_beta"], p["sigma_alpha"], p["sigma_beta"]
    v = p["sigma"] * p["sigma"]
    h = (1.0 + s * s * g.n / v, s * t * g.x / v, 1.0 + t * t * g.xx / v)
    q = (s * (g.y - g.n * a - g.x * b), t * (g.xy - g.x * a - g.xx * b))
    rr = g.yy - 2.0 * a * g.y - 2.0 * b * g.xy + g.n * a * a + 2.0 * a * b * g.x + g.xx * b * b
    return h, q, rr


def with_lines(draws: dict[str, np.ndarray], g: Groups, seed: int) -> dict[str, np.ndarray]:
    """Add draws of alpha and beta given those of the other five: exact, one for each.

    (alpha, beta)_j = m + D (H^-1 D X'r / sigma^2 + C'^-1 z) with H = C C' and z standard normal.
    """
    p = {name: values[..., np.newaxis] for name, values in draws.items()}
    (h11, h12, h22), (q1, q2), _ = _pieces(g, p)
    determinant = h11 * h22 - h12 * h12
    v = p["sigma"] * p["sigma"]
    z1, z2 = np.random.default_rng(seed).standard_normal((2, *h12.shape))
    c11 = np.sqrt(h11)
    c21 = h12 / c11
    c22 = np.sqrt(determinant / h11)
    w2 = z2 / c22
    w1 = (z1 - c21 * w2) / c11
    alpha = p["mu_alpha"] + p["sigma_alpha"] * ((h22 * q1 - h12 * q2) / (determinant * v) + w1)
    beta = p["mu_beta"] + p["sigma_beta"] * ((h11 * q2 - h12 * q1) / (determinant * v) + w2)
    return {**draws, "alpha": alpha, "beta": beta}
