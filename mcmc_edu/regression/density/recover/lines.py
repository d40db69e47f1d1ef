"""From theta to coefficients, scales and effects where a model is one of lines, draw by draw."""

from __future__ import annotations

import numpy as np

from ....compiling import FloatArray, compiled, exp, inlined, uncounted
from .. import forms as effects
from ..layout import APART, CENTERED, COLLAPSED, COMMON, Room, block, held_by, square, term_of
from ..lines import posterior as lines
from ..lines.collapsed import draw
from ..lines.posterior import Lines


@compiled
def unravel_lines(
    thetas: FloatArray,
    zeta: FloatArray,
    data: Lines,
    beta: FloatArray,
    own: FloatArray,
    tau: FloatArray,
    roots: FloatArray,
    b: FloatArray,
) -> None:
    """Bring draws back from theta to coefficients, as `unravel` does for any model."""
    grad, scratch = np.empty(thetas.shape[1]), np.empty(lines.room_size(data))
    for i in range(thetas.shape[0]):
        room = lines.make_room(data, scratch)
        lines.population(thetas[i], grad, data, room)
        effects_of_lines(thetas[i], zeta[i], data, room)
        hand_over(room, beta[i], own[i], tau[i], roots[i], b[i])


@uncounted
def effects_of_lines(theta: FloatArray, zeta: FloatArray, data: Lines, room: Room) -> None:
    """Fill what the lines differ by from their means; of lines apart, the lines."""
    term = term_of(data.terms, 0)
    if term.form == COMMON:
        return
    root, b = square(room.roots, term), block(room.b, term)
    if term.form == COLLAPSED:
        xi, mean = block(room.d_b, term), lines.means(data, room)
        draw(mean, root, exp(room.own[0]), data.root, data.outcome, block(zeta, term), xi)
        effects.noncentered(xi, root, b)
    elif term.form == CENTERED:
        held, mean = held_by(theta, term), lines.means(data, room)
        for k in range(term.size):
            for j in range(term.levels):
                b[k, j] = held[k, j] - mean[k, j]
    elif term.form == APART:
        effects.apart(held_by(theta, term), data.priors[room.beta.size + 1 :], b)
    else:
        effects.noncentered(held_by(theta, term), root, b)


@uncounted
def hand_over(
    room: Room, beta: FloatArray, own: FloatArray, tau: FloatArray, roots: FloatArray, b: FloatArray
) -> None:
    """Keep what was found."""
    overwrite_flat(beta, room.beta)
    overwrite_flat(own, room.own)
    overwrite_flat(tau, room.tau)
    overwrite_flat(roots, room.roots)
    overwrite_flat(b, room.b)


@inlined
def overwrite_flat(target: FloatArray, source: FloatArray) -> None:
    """Fill the target with as many numbers of the source."""
    for i in range(target.size):
        target[i] = source[i]
