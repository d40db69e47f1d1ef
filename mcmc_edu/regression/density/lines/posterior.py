"""Gaussian models in which all there is of a group is its own line: the kernel without its rows.

    y_i ~ N(z_i . c_g(i), sigma)             c_j = m_j + b_j,      m_kj = sum_q mean_kqj beta_q
    b_j ~ N(0, T T')

There is at most one term, of one or two coefficients, and every common coefficient belongs to its
lines: ``y ~ x``, ``y ~ 1 + (1 | g)``, ``y ~ x + (x | g)``, the commonest formulas of all.  Of the
rows of group j nothing then matters but two numbers and a triangle,

    ||y_j - Z_j c||^2 = ||q_j - R_j c||^2 + rss_j        for every c,     R_j upper triangular,

so that the likelihood is one of lines (`joint`; `marginal`, where they are integrated out), with no
linear predictor, and no going from levels to rows and back.  It is the density that `kernel` has of
these models, of the same theta in the same forms, for half the work and less than half the code to
compile.

Source: G. Golub (1965), *Numerische Mathematik* 7, 206-216, for least squares by QR.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ....compiling import FloatArray, borrow, compiled, exp, inlined, matrix, uncounted
from .. import forms as effects
from ..layout import (
    APART,
    CENTERED,
    COLLAPSED,
    COMMON,
    Layout,
    Room,
    block,
    held_by,
    square,
    term_of,
)
from ..population import (
    coefficients,
    covariance_of_term,
    own_scales,
    pull_back_coefficients,
    pull_back_covariance,
    pull_back_own_scales,
)
from . import sampled as joint
from .collapsed import marginal


class Lines(NamedTuple):
    """The data: J groups whose lines have K coefficients, and Q common coefficients.

    What has the name of a field of `Regression` is what it is there.
    """

    root: FloatArray
    """R_j of every group, shape (2, 2, J); zeros in the place of a second coefficient."""
    outcome: FloatArray
    """q_j, shape (2, J)."""
    rss: float
    """Sum of all rss_j."""
    observations: float
    mean: FloatArray
    mean_of: NDArray[np.int64]
    terms: NDArray[np.int64]
    """Shape (1, 10), also where there is no term: its form is then `COMMON`."""
    constant: float
    priors: FloatArray
    """Those of Q common coefficients, of sigma and of K varying ones, shape (Q + 1 + K, 5)."""
    lkj: float


@compiled
def log_posterior(theta: FloatArray, grad: FloatArray, data: Lines) -> float:
    """Log posterior of (beta, sigma, then scales, correlations and effects of the term), all of it
    unconstrained; log-Jacobians included.  -inf where a scale is 0 in rounding.
    """
    data = borrow_lines(data)
    scratch = np.empty(room_size(data))
    room = make_room(data, borrow(scratch))
    theta, grad = borrow(theta), borrow(grad)
    term = term_of(data.terms, 0)
    for i in range(term.effects):
        grad[i] = 0.0
    logp = data.constant + population(theta, grad, data, room)
    if logp == -math.inf:
        return logp
    if term.form == COLLAPSED:
        logp += integrate_out(data, room)
    elif has_population(term):
        logp += follow(theta, grad, data, room)
    else:
        logp += stand_alone(theta, grad, data, room)
    pull_back_population(theta, grad, data, room)
    scratch[0] = logp  # what was borrowed must be there until here
    return logp


@inlined
def has_population(term: Layout) -> bool:
    """Whether the lines vary around their means with scales that are learnt."""
    return term.form != APART and term.form != COMMON


@uncounted
def population(theta: FloatArray, grad: FloatArray, data: Lines, room: Room) -> float:
    """Fill beta, log sigma, tau and T; returns their log prior, -inf where a scale is 0."""
    term, common = term_of(data.terms, 0), room.beta.size
    end = common + 1
    logp = coefficients(theta, grad, data.priors, room)
    logp += own_scales(theta[common:end], grad[common:end], data.priors[common:end], room)
    if has_population(term) and logp > -math.inf:
        priors = data.priors[end:]
        logp += covariance_of_term(theta, grad, term, priors, data.lkj, room.own[0], room)
    return logp


@uncounted
def pull_back_population(theta: FloatArray, grad: FloatArray, data: Lines, room: Room) -> None:
    """From T, sigma and beta to theta."""
    term, common = term_of(data.terms, 0), room.beta.size
    if has_population(term):
        room.d_own[0] += pull_back_covariance(theta, grad, term, room)
    pull_back_own_scales(room, grad[common : common + 1])
    pull_back_coefficients(room, grad)


@uncounted
def follow(theta: FloatArray, grad: FloatArray, data: Lines, room: Room) -> float:
    """Log density of observations and lines that theta holds, and that follow a population."""
    term, m, sigma = term_of(data.terms, 0), means(data, room), exp(room.own[0])
    held, d_held = held_by(theta, term), held_by(grad, term)
    root, d_root, zeros = square(room.roots, term), square(room.d_roots, term), spare(data, room)
    if term.size == 1:
        for j in range(term.levels):
            zeros[0, j] = 0.0
    if term.form == CENTERED:
        found = joint.centered(held, m, root, sigma, data.root, data.outcome, d_held, d_root, zeros)
    else:
        found = joint.noncentered(
            held, m, root, sigma, data.root, data.outcome, d_held, d_root, zeros
        )
    effects.pull_back_mean(m, data.mean, data.mean_of, 0, room.d_beta)
    return found.logp + of_noise(found.noise, 0.0, sigma, data, room)


@uncounted
def integrate_out(data: Lines, room: Room) -> float:
    """Log density of the observations, whatever the lines are that follow the population."""
    term, m, sigma = term_of(data.terms, 0), means(data, room), exp(room.own[0])
    root, d_root, det = square(room.roots, term), square(room.d_roots, term), spare(data, room)[0]
    found = marginal(m, root, sigma, data.root, data.outcome, d_root, det)
    effects.pull_back_mean(m, data.mean, data.mean_of, 0, room.d_beta)
    for q in range(room.d_beta.size):
        room.d_beta[q] /= sigma * sigma
    logp = of_noise(found.noise, found.freedom, sigma, data, room)
    return logp - 0.5 * (found.log_det + found.effects)


@uncounted
def stand_alone(theta: FloatArray, grad: FloatArray, data: Lines, room: Room) -> float:
    """Log density of observations and lines that follow none: all are the same, or each has priors
    of its own.
    """
    term, c, sigma, logp = term_of(data.terms, 0), means(data, room), exp(room.own[0]), 0.0
    priors = data.priors[room.beta.size + 1 :]
    if term.form == APART:
        b = block(room.d_b, term)
        logp += effects.apart(held_by(theta, term), priors, b)
        for k in range(term.size):
            for j in range(term.levels):
                c[k, j] += b[k, j]
    noise = joint.given(c, sigma, data.root, data.outcome)
    effects.pull_back_mean(c, data.mean, data.mean_of, 0, room.d_beta)
    if term.form == APART:
        effects.pull_back_apart(held_by(theta, term), priors, c, held_by(grad, term))
    return logp + of_noise(noise, 0.0, sigma, data, room)


@uncounted
def of_noise(squares: float, freedom: float, sigma: float, data: Lines, room: Room) -> float:
    """Log density of noise with this sum of squares, in units of sigma, and of what no line
    explains; with its derivative, and what there is of it besides.
    """
    squares += data.rss / (sigma * sigma)
    room.d_own[0] += squares + freedom - data.observations
    log_sigma: float = room.own[0]
    return -0.5 * squares - data.observations * log_sigma


@inlined
def means(data: Lines, room: Room) -> FloatArray:
    """Means of the lines, shape (2, J)."""
    m = matrix(room.b, 2, data.outcome.shape[1])
    effects.fill_mean(m, room.beta, data.mean, data.mean_of, 0)
    return m


@inlined
def spare(data: Lines, room: Room) -> FloatArray:
    """Room for as many numbers, not empty."""
    return matrix(room.d_b, 2, data.outcome.shape[1])


@inlined
def borrow_lines(data: Lines) -> Lines:
    """Do what `borrow` does for its arrays."""
    return Lines(
        borrow(data.root),
        borrow(data.outcome),
        data.rss,
        data.observations,
        borrow(data.mean),
        borrow(data.mean_of),
        borrow(data.terms),
        data.constant,
        borrow(data.priors),
        data.lkj,
    )


@inlined
def room_size(data: Lines) -> int:
    """Numbers that its `Room` holds."""
    size, numbers = term_of(data.terms, 0).size, data.priors.shape[0]
    few: int = 3 * numbers + 2 * size * size
    return few + 2 * data.outcome.size


@inlined
def make_room(data: Lines, scratch: FloatArray) -> Room:
    """Divide up an array of `room_size`; derivatives of what is not of a line begin at 0."""
    term, numbers, lines = term_of(data.terms, 0), data.priors.shape[0], data.outcome.size
    a = term.scales - 1
    b = a + 1
    c = numbers
    d = c + term.size * term.size
    for i in range(d):
        scratch[i] = 0.0
    rest, nothing = scratch[d:], scratch[:0]
    e = d + numbers
    f = e + lines
    return Room(
        rest[:a],
        scratch[:a],
        rest[d:e],
        rest[a:b],
        scratch[a:b],
        rest[b:c],
        scratch[b:c],
        rest[c:d],
        scratch[c:d],
        rest[e:f],
        rest[f : f + lines],
        nothing,
        nothing,
        nothing,
    )
