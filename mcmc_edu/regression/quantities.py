"""Named quantities in the units of the data, computed from draws of theta."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..compiling import FloatArray
from ..families.family import Family
from ..formulas import Design, Grouping
from .coordinates.units import Units
from .density.layout import UNPOOLED
from .density.recover.chain import Recovered, recover_chain
from .prepare.assembly import Assembled
from .prepare.quantity_names import HORSESHOE


@dataclass(frozen=True, eq=False)
class Quantities:
    """Maps theta, shape (dim, chain, draw), to named quantities.

    Scalars have shape (chain, draw): a common coefficient by its name, ``sd(g: x)``,
    ``cor(g: x, z)``, the family's own, and ``hs(global)`` and ``hs(slab)`` of a horseshoe prior.
    Effects, ``b(g: x)``, have shape (chain, draw, J); they are deviations from the common
    coefficients.

    The effects of a collapsed term are drawn here, with the generator: see `chain`.
    """

    design: Design
    family: Family
    units: Units
    assembled: Assembled

    def __call__(self, theta: FloatArray, rng: np.random.Generator) -> dict[str, FloatArray]:
        """Compute the quantities of all draws."""
        parts = [self._of_chain(theta[:, k], rng) for k in range(theta.shape[1])]
        return {
            name: np.moveaxis(np.stack([part[name] for part in parts]), 0, -2)
            if parts[0][name].ndim == 2
            else np.stack([part[name] for part in parts])
            for name in parts[0]
        }

    def _of_chain(self, theta: FloatArray, rng: np.random.Generator) -> dict[str, FloatArray]:
        """Compute the quantities of one chain from theta (dim, draw).

        Scalars have shape (draw,), effects (J, draw).
        """
        model = self.assembled
        found = recover_chain(
            model.recover,
            theta,
            rng,
            model.data,
            len(self.design.names),
            len(self.family.own),
            model.layouts,
        )
        return (
            dict(zip(self.design.names, self.units.coefficients(found.beta).T, strict=True))
            | self._own(found.own, found.beta)
            | self._horseshoe(theta)
            | self._varying(found)
        )

    def _own(self, own: FloatArray, beta: FloatArray) -> dict[str, FloatArray]:
        if self.family.thresholds:
            shift = self.units.shift(self.units.slopes(beta))[:, 0]
            return dict(zip(self.family.own, own.T + shift, strict=True))
        found = dict(zip(self.family.own, np.exp(own).T, strict=True))
        if "sigma" in found:
            found["sigma"] = found["sigma"] * self.units.y_scale
        return found

    def _horseshoe(self, theta: FloatArray) -> dict[str, FloatArray]:
        """Return the global scale and the slab, in the units of the prior as written."""
        if f"~{HORSESHOE[0]}" not in self.assembled.names:
            return {}
        at = len(self.design.names) + len(self.family.own)
        return {name: np.exp(theta[at + k]) for k, name in enumerate(HORSESHOE)}

    def _varying(self, found: Recovered) -> dict[str, FloatArray]:
        scales: dict[str, FloatArray] = {}
        correlations: dict[str, FloatArray] = {}
        effects: dict[str, FloatArray] = {}
        units = self.units
        shift = units.shift(units.slopes(found.beta))
        for t, (g, layout) in enumerate(
            zip(self.design.groupings, self.assembled.layouts, strict=True)
        ):
            size = layout.size
            held = found.b[:, layout.effects_start : layout.effects_start + size * layout.levels]
            held = held.reshape(-1, size, layout.levels)
            if layout.form == UNPOOLED:
                values = units.lines(t, g, held, shift)
            else:
                values = units.y_scale * units.terms[t].effects(g, held)
                effect_chols = found.effect_chols[
                    :, layout.chol_start : layout.chol_start + size * size
                ]
                effect_chol = units.y_scale * units.terms[t].effect_chol(
                    effect_chols.reshape(-1, size, size)
                )
                lengths = np.sqrt(np.einsum("nkm,nkm->nk", effect_chol, effect_chol))
                for k, name in enumerate(g.names):
                    scales[f"sd({g.name}: {name})"] = lengths[:, k]
                if layout.effects > layout.correlations:
                    correlations |= correlations_of(g, effect_chol / lengths[:, :, np.newaxis])
            for k, name in enumerate(g.names):
                effects[f"b({g.name}: {name})"] = values[:, k].T
        return scales | correlations | effects


def correlations_of(g: Grouping, factor: FloatArray) -> dict[str, FloatArray]:
    """Compute the correlations of a bar's coefficients from a Cholesky factor.

    `factor`, shape (n, K, K), has rows of length 1.
    """
    return {
        f"cor({g.name}: {g.names[j]}, {g.names[i]})": np.einsum(
            "nk,nk->n", factor[:, i], factor[:, j]
        )
        for i in range(len(g.names))
        for j in range(i)
    }
