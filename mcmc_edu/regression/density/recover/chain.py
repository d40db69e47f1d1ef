"""All draws of a chain from theta to coefficients, scales and effects."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from ....compiling import FloatArray, compiling_announced
from ..layout import TermLayout


class Recovered(NamedTuple):
    """Coefficients, scales and effects, a draw a row."""

    beta: FloatArray
    own: FloatArray
    tau: FloatArray
    effect_chols: FloatArray
    b: FloatArray


def recover_chain(
    recover: Callable[..., None],
    theta: FloatArray,
    rng: np.random.Generator,
    data: Any,
    common: int,
    own: int,
    layouts: Sequence[TermLayout],
) -> Recovered:
    """Bring the draws of one chain back.

    Parameters
    ----------
    recover
        `general.recover` or `lines.recover_lines`, the one that takes `data`.
    theta
        Shape (dim, draw).
    rng
        Draws the effects that were integrated out: a row of normals for each draw in turn, so that
        more draws leave the effects of the first ones as they are.
    common, own
        How many common coefficients there are, and parameters of the family.
    """
    thetas = np.ascontiguousarray(theta.T)
    n, effects = thetas.shape[0], sum(layout.size * layout.levels for layout in layouts)
    scales, squares = sum(layout.size for layout in layouts), sum(x.size**2 for x in layouts)
    found = Recovered(*(np.empty((n, m)) for m in (common, own, scales, squares, effects)))
    zeta = rng.standard_normal((n, effects))
    with compiling_announced():
        recover(thetas, zeta, data, *found)
    return found
