"""From theta to coefficients, scales and effects, draw by draw: the density's steps forward."""

from __future__ import annotations

import numpy as np

from ....compiling import FloatArray, compiled, inlined, uncounted
from .. import forms
from ..general.data import Regression
from ..general.posterior import (
    coefficients,
    coefficients_collapsed,
    population,
    workspace,
    workspace_size,
)
from ..layout import CENTERED, COLLAPSED, effect_chol_of, effects_of, term_of
from .copy_out import copy_out, overwrite_flat


@compiled
def recover(
    thetas: FloatArray,
    zeta: FloatArray,
    data: Regression,
    beta: FloatArray,
    own: FloatArray,
    tau: FloatArray,
    effect_chols: FloatArray,
    b: FloatArray,
) -> None:
    """Bring draws back from theta to coefficients, as the density has them.

    Parameters
    ----------
    thetas
        Shape (n, dim).
    zeta
        Standard normals with which the effects of a collapsed term are drawn, shape of `b`.
    beta, own, tau, effect_chols, b
        Receive what the workspace has under these names, shape (n, ...); `b` without the mean,
        except for unpooled coefficients.
    """
    grad, scratch = np.empty(thetas.shape[1]), np.empty(workspace_size(data))
    for i in range(thetas.shape[0]):
        recover_draw(
            thetas[i], grad, data, scratch, zeta[i], beta[i], own[i], tau[i], effect_chols[i], b[i]
        )


@uncounted
def recover_draw(
    theta: FloatArray,
    grad: FloatArray,
    data: Regression,
    scratch: FloatArray,
    zeta: FloatArray,
    beta: FloatArray,
    own: FloatArray,
    tau: FloatArray,
    effect_chols: FloatArray,
    b: FloatArray,
) -> None:
    """Bring one draw back: see `recover`."""
    work = workspace(data, scratch)
    population(theta, grad, data, work)
    for t in range(data.terms.shape[0]):
        coefficients(theta, grad, data, work, t)
    for t in range(data.terms.shape[0]):
        term = term_of(data.terms, t)
        xi = effects_of(work.xi, term)
        if term.form == COLLAPSED:
            coefficients_collapsed(data, work, t)
            inverse = work.matrices.reshape((3, term.size, term.size, term.levels))[2]
            draw_effects(xi, inverse, effects_of(zeta, term))
        if term.form == CENTERED or term.form == COLLAPSED:
            effect_chol = effect_chol_of(work.population.effect_chols, term)
            forms.noncentered(xi, effect_chol, effects_of(work.b, term))
    copy_out(work.population, beta, own, tau, effect_chols)
    overwrite_flat(b, work.b)


@inlined
def draw_effects(xi: FloatArray, inverse: FloatArray, zeta: FloatArray) -> None:
    """Draw xi_j = h_j + C_j^-T zeta_j in the place of h_j."""
    for k in range(xi.shape[0]):
        for m in range(k, xi.shape[0]):
            for j in range(xi.shape[1]):
                xi[k, j] += inverse[m, k, j] * zeta[m, j]
