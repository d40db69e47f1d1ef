"""From theta to coefficients, scales and effects, draw by draw: the kernel's steps forward."""

from __future__ import annotations

import numpy as np

from ....compiling import FloatArray, compiled, inlined, uncounted
from .. import forms as effects
from ..general.posterior import common_coefficients, effects_of_term, integrate_out
from ..layout import CENTERED, COLLAPSED, Regression, block, make_room, room_size, square, term_of
from .lines import hand_over


@compiled
def unravel(
    thetas: FloatArray,
    zeta: FloatArray,
    data: Regression,
    beta: FloatArray,
    own: FloatArray,
    tau: FloatArray,
    roots: FloatArray,
    b: FloatArray,
) -> None:
    """Bring draws back from theta to coefficients, all as the kernel has them.

    Parameters
    ----------
    thetas
        Shape (n, dim).
    zeta
        Standard normals with which the effects of a collapsed term are drawn, shape of `b`.
    beta, own, tau, roots, b
        Receive what `Room` has under these names, shape (n, ...); `b` without the mean, but for
        coefficients apart.
    """
    grad, scratch = np.empty(thetas.shape[1]), np.empty(room_size(data))
    for i in range(thetas.shape[0]):
        unravel_one(
            thetas[i], grad, data, scratch, zeta[i], beta[i], own[i], tau[i], roots[i], b[i]
        )


@uncounted
def unravel_one(
    theta: FloatArray,
    grad: FloatArray,
    data: Regression,
    scratch: FloatArray,
    zeta: FloatArray,
    beta: FloatArray,
    own: FloatArray,
    tau: FloatArray,
    roots: FloatArray,
    b: FloatArray,
) -> None:
    """Do it for one draw."""
    room = make_room(data, scratch)
    common_coefficients(theta, grad, data, room)
    for t in range(data.terms.shape[0]):
        effects_of_term(theta, grad, data, room, t)
    for t in range(data.terms.shape[0]):
        term = term_of(data.terms, t)
        xi, root = block(room.xi, term), square(room.roots, term)
        if term.form == COLLAPSED:
            integrate_out(data, room, t)
            inverse = room.matrices.reshape((3, term.size, term.size, term.levels))[2]
            disturb(xi, inverse, block(zeta, term))
        if term.form == CENTERED or term.form == COLLAPSED:
            effects.noncentered(xi, root, block(room.b, term))
    hand_over(room, beta, own, tau, roots, b)


@inlined
def disturb(xi: FloatArray, inverse: FloatArray, zeta: FloatArray) -> None:
    """Draw xi_j = h_j + C_j^-T zeta_j in the place of h_j: what is not known given all else."""
    for k in range(xi.shape[0]):
        for m in range(k, xi.shape[0]):
            for j in range(xi.shape[1]):
                xi[k, j] += inverse[m, k, j] * zeta[m, j]
