"""Copies from the workspace of one draw to its row of the results."""

from __future__ import annotations

from ....compiling import FloatArray, inlined, uncounted
from ..population import Population


@uncounted
def copy_out(
    population: Population,
    beta: FloatArray,
    own: FloatArray,
    tau: FloatArray,
    effect_chols: FloatArray,
) -> None:
    """Copy the parameters that are not of one level."""
    overwrite_flat(beta, population.beta)
    overwrite_flat(own, population.own)
    overwrite_flat(tau, population.tau)
    overwrite_flat(effect_chols, population.effect_chols)


@inlined
def overwrite_flat(target: FloatArray, source: FloatArray) -> None:
    """Fill the target with as many numbers of the source."""
    for i in range(target.size):
        target[i] = source[i]
