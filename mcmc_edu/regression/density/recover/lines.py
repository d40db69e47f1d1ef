"""From theta to coefficients, scales and effects where a model is one of lines, draw by draw."""

from __future__ import annotations

import numpy as np

from ....compiling import FloatArray, compiled, uncounted
from .. import forms
from ..layout import CENTERED, COLLAPSED, UNPOOLED, coordinates, effect_chol_of, effects_of, term_of
from ..lines.collapsed import draw
from ..lines.data import Lines
from ..lines.posterior import (
    Workspace,
    fill_means,
    population,
    sigma_of,
    varying_priors,
    workspace,
    workspace_size,
)
from .copy_out import copy_out


@compiled
def recover_lines(
    thetas: FloatArray,
    zeta: FloatArray,
    data: Lines,
    beta: FloatArray,
    own: FloatArray,
    tau: FloatArray,
    effect_chols: FloatArray,
    b: FloatArray,
) -> None:
    """Bring draws back from theta to coefficients, as `general.recover` does for any model."""
    grad, scratch = np.empty(thetas.shape[1]), np.empty(workspace_size(data))
    for i in range(thetas.shape[0]):
        work = workspace(data, scratch)
        population(thetas[i], grad, data, work)
        if data.terms.shape[0] == 1:
            fill_effects(thetas[i], zeta[i], data, work, b[i])
        copy_out(work.population, beta[i], own[i], tau[i], effect_chols[i])


@uncounted
def fill_effects(
    theta: FloatArray, zeta: FloatArray, data: Lines, work: Workspace, flat: FloatArray
) -> None:
    """Fill what the lines differ by from their means; of unpooled lines, the lines."""
    term = term_of(data.terms, 0)
    effect_chol, b = effect_chol_of(work.population.effect_chols, term), effects_of(flat, term)
    if term.form == COLLAPSED:
        mean, xi = fill_means(data, work), work.spare[: term.size]
        draw(
            mean,
            effect_chol,
            sigma_of(data, work),
            data.qr_r,
            data.outcome,
            effects_of(zeta, term),
            xi,
        )
        forms.noncentered(xi, effect_chol, b)
    elif term.form == CENTERED:
        u, mean = coordinates(theta, term), fill_means(data, work)
        for k in range(term.size):
            for j in range(term.levels):
                b[k, j] = u[k, j] - mean[k, j]
    elif term.form == UNPOOLED:
        forms.unpooled(coordinates(theta, term), varying_priors(data, work), b)
    else:
        forms.noncentered(coordinates(theta, term), effect_chol, b)
