"""Random-walk Metropolis: propose a step, accept it or stay.

    proposal = theta + increment,      increment symmetric around 0
    accept the proposal with probability min(1, p(proposal) / p(theta)), else stay at theta

A rejection is a draw too: the point where the chain stays is recorded once more.  On the log
scale, with u ~ U(0, 1), the test reads  log u < log p(proposal) - log p(theta).

Source: N. Metropolis, A. W. Rosenbluth, M. N. Rosenbluth, A. H. Teller, E. Teller (1953),
*Journal of Chemical Physics* 21, 1087-1092.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .._old_names import old_attributes
from ..compiling import (
    DENSITY,
    FLAGS,
    FLOAT,
    MATRIX,
    PACKED,
    VECTOR,
    BoundDensity,
    FloatArray,
    compiled,
    entry,
    log,
)
from .machinery.errors import INFINITE, DensityError


class State(NamedTuple):
    """Where the chain is; the log density travels with the point and is never computed again."""

    theta: FloatArray
    logp: float


class Info(NamedTuple):
    """What happened in a step."""

    accepted: bool


@compiled
def accepts(log_uniform: float, log_ratio: float) -> bool:
    """Metropolis' test on logarithms; a ratio of NaN is not accepted."""
    return log_uniform < log_ratio


@compiled
def step(
    state: State,
    increment: FloatArray,
    log_uniform: float,
    density: Callable[..., float],
    data: NDArray[np.int64],
) -> tuple[State, Info]:
    """One transition; `density` and `data` are the log density and its data, bound."""
    proposal = state.theta + increment
    logp = density(proposal, np.empty(proposal.size), data)
    if accepts(log_uniform, logp - state.logp):
        return State(proposal, logp), Info(True)
    return state, Info(False)


@entry(DENSITY, PACKED, VECTOR, FLOAT, MATRIX, VECTOR, MATRIX, VECTOR, FLAGS)
def walk(
    density: Callable[..., float],
    data: NDArray[np.int64],
    theta: FloatArray,
    logp: float,
    increments: FloatArray,
    uniforms: FloatArray,
    draws: FloatArray,
    logps: FloatArray,
    accepted: NDArray[np.bool_],
) -> int:
    """Walk from `theta`, a row of `increments` (n, dim) and an entry of `uniforms` (n,) a step.

    Fills `draws` (n, dim), `logps` (n,) and `accepted` (n,).  Returns the number of steps done:
    n, or fewer if the log density became +inf, where the last draw says.
    """
    state = State(theta, logp)
    for t in range(uniforms.size):
        state, info = step(state, increments[t], log(uniforms[t]), density, data)
        draws[t] = state.theta
        logps[t] = state.logp
        accepted[t] = info.accepted
        if state.logp == math.inf:
            return t
    return uniforms.size


@dataclass(frozen=True)
class Metropolis:
    """Random-walk Metropolis with normal increments.

    Parameters
    ----------
    scale
        Standard deviation of the increments, on the scale of theta: one number, or one for each
        parameter, shape ``(dim,)``.
    covariance
        Covariance matrix of the increments instead, shape ``(dim, dim)``.

    Notes
    -----
    Near 2.4 / sqrt(dim) posterior standard deviations, where about a quarter of the proposals is
    accepted, is the best step for a normal posterior (Roberts, Gelman and Gilks 1997, *Annals of
    Applied Probability* 7, 110-120).
    """

    scale: ArrayLike | None = None
    covariance: ArrayLike | None = None

    needs_gradient: ClassVar[bool] = False

    if not TYPE_CHECKING:
        __getattr__ = old_attributes(root="increment_chol")

    def __post_init__(self) -> None:
        if (self.scale is None) == (self.covariance is None):
            raise ValueError(
                "Metropolis has both scale and covariance: pass one of them"
                if self.scale is not None
                else "Metropolis needs the size of its steps: pass scale (sd) or covariance"
            )

    def load(self) -> None:
        """Compile the chain, or find it compiled."""
        walk.load()

    def check(self, dim: int) -> None:
        """Refuse settings that do not fit `dim` parameters."""
        self.increment_chol(dim)

    def chain(
        self, density: BoundDensity, theta: FloatArray, warmup: int, seed: np.random.SeedSequence
    ) -> MetropolisChain:
        """Start a chain at `theta` (dim,).  Nothing is adapted in its `warmup`."""
        return MetropolisChain(
            density, State(theta, density(theta)), self.increment_chol(theta.size), seed
        )

    def increment_chol(self, dim: int) -> FloatArray:
        """Find what turns standard normals into increments.

        It is sds (dim,), or the Cholesky factor of `covariance` (dim, dim).

        Raises
        ------
        ValueError
            If `scale` or `covariance` does not fit `dim` parameters or is not positive.
        """
        if self.covariance is None:
            scale = np.asarray(self.scale, dtype=float)
            if scale.shape not in ((), (dim,)):
                raise ValueError(
                    f"scale has shape {scale.shape}; for {dim} parameters it must be one number "
                    f"or have shape ({dim},); a matrix goes into covariance"
                )
            if not (np.isfinite(scale).all() and (scale > 0.0).all()):
                raise ValueError(f"scale is {self.scale}; standard deviations must be positive")
            return np.broadcast_to(scale, (dim,)).copy()
        covariance = np.asarray(self.covariance, dtype=float)
        if covariance.shape != (dim, dim):
            raise ValueError(
                f"covariance has shape {covariance.shape}; for {dim} parameters it must be "
                f"({dim}, {dim})"
            )
        if not np.isfinite(covariance).all():
            raise ValueError("covariance holds numbers that are not finite")
        if not np.allclose(covariance, covariance.T):
            raise ValueError("covariance is not symmetric; pass a symmetric matrix")
        try:
            return np.linalg.cholesky(covariance)
        except np.linalg.LinAlgError:
            raise ValueError(
                "covariance is not positive definite; every parameter must be able to move"
            ) from None


class MetropolisChain:
    """One chain on its way.

    Increments and uniforms come from streams of their own, so that the draws do not depend on the
    blocks in which they are asked for.
    """

    BLOCK = 1000  # rows of increments in memory at a time

    def __init__(
        self,
        density: BoundDensity,
        state: State,
        increment_chol: FloatArray,
        seed: np.random.SeedSequence,
    ) -> None:
        self.density = density
        self.state = state
        self.increment_chol = increment_chol
        self.steps = 0  # made so far, those before the draws that are kept included
        self._normals, self._uniforms = (np.random.default_rng(s) for s in seed.spawn(2))

    def run(self, n: int) -> tuple[FloatArray, dict[str, NDArray[Any]], FloatArray]:
        """Make `n` steps.

        Returns
        -------
        draws, stats, where
            Shape ``(n, dim)``; ``logp`` and ``accepted``, shape ``(n,)`` each; and nothing, for
            here no trajectory can diverge, shape ``(0, dim)``.

        Raises
        ------
        DensityError
            If the log density raises, or becomes +inf.
        """
        draws = np.empty((n, self.increment_chol.shape[0]))
        logps, accepted = np.full(n, math.nan), np.empty(n, dtype=bool)
        for begin in range(0, n, self.BLOCK):
            block = slice(begin, min(begin + self.BLOCK, n))
            self._walk(draws[block], logps[block], accepted[block])
        return draws, {"logp": logps, "accepted": accepted}, draws[:0]

    def _walk(self, draws: FloatArray, logps: FloatArray, accepted: NDArray[np.bool_]) -> None:
        n, dim = draws.shape
        z = self._normals.standard_normal((n, dim))
        # einsum adds up each row alike however many there are; BLAS does not
        increments = (
            z * self.increment_chol
            if self.increment_chol.ndim == 1
            else np.einsum("nj,ij->ni", z, self.increment_chol)
        )
        try:
            done = walk(
                self.density.adapter,
                self.density.packed,
                *self.state,
                increments,
                self._uniforms.random(n),
                draws,
                logps,
                accepted,
            )
        except Exception as error:
            done = int(np.isnan(logps).argmax())  # the step that was never recorded
            before = draws[done - 1] if done else self.state.theta
            raise DensityError(
                f"log_density raised {error!r}", self.steps + done, before + increments[done]
            ) from error
        if done < n:
            raise DensityError(INFINITE, self.steps + done, draws[done])
        self.steps += n
        self.state = State(draws[-1].copy(), float(logps[-1]))

    def snapshot(self) -> dict[str, Any]:
        """All that the chain needs to go on from here, as plain data."""
        generators = (self._normals, self._uniforms)
        return {
            "steps": self.steps,
            "state": self.state,
            "generators": [json.dumps(g.bit_generator.state) for g in generators],
        }

    def restore(self, snapshot: dict[str, Any]) -> None:
        """Go on from a snapshot."""
        self.steps, self.state = snapshot["steps"], snapshot["state"]
        for g, state in zip((self._normals, self._uniforms), snapshot["generators"], strict=True):
            g.bit_generator.state = json.loads(state)

    def tuned(self) -> None:
        """Nothing has been tuned."""
