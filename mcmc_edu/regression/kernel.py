"""The general hierarchical regression: one log posterior for every formula, with its gradient.

    eta_i = x_i . beta + sum_t z_ti . b_t[g_t(i)] + offset_i                    y_i ~ family(eta_i)
    b_tj ~ N(0, T_t T_t'),    T_t = diag(tau_t) L_t,    L_t L_t' a correlation matrix ~ LKJ

A term t, such as ``(x | g)``, has a grouping factor of J_t levels and K_t coefficients, in one of
four forms (`covariance` says how T comes about, `effects` how b does):

    noncentered   theta holds xi_j ~ N(0, I), and b_j = T xi_j
    centered      theta holds c_j = m_j + b_j, where m_j is what those common coefficients come to
                  that belong to the group's own line; nothing is left of them in x_i . beta
    collapsed     theta holds nothing of b: it is integrated out (Gaussian outcomes, one term)
    apart         no pooling: theta holds c_j, each coefficient with a prior of its own

`log_posterior` goes forward through the model, and then backward through the same steps, each of
which turns the derivative with respect to what it made into that of what it was made of.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..compiling import FloatArray, borrow, compiled, exp, inlined, log, uncounted
from ..densities import families
from ..densities.priors import location_prior, scale_prior
from . import covariance, effects
from .collapsing import collapse
from .rows import add_to_levels, add_to_rows, dot

NONCENTERED, CENTERED, COLLAPSED, APART = 0, 1, 2, 3
"""Forms of a term."""


class Layout(NamedTuple):
    """Where a term's numbers are: the columns of `Regression.terms`."""

    size: int
    """K_t, coefficients of each level."""
    levels: int
    """J_t."""
    form: int
    first: int
    """Its first row in `varying` and in `varying_priors`."""
    scales: int
    """Where in theta its scales begin,"""
    correlations: int
    """its correlations,"""
    effects: int
    """and its effects."""
    room: int
    """Where its effects begin in `Room.b`,"""
    square: int
    """and T in `Room.roots`."""
    decov: int
    """1 if its scales have the decov prior."""


class Regression(NamedTuple):
    """The data of the log posterior: T terms, Q common coefficients, K = sum of all K_t."""

    family: int
    """Its number in `families`."""
    y: FloatArray
    """Outcome, shape (rows,)."""
    trials: FloatArray
    """Of binomial outcomes, shape (rows,); else (0,)."""
    offset: FloatArray
    """Shape (rows,)."""
    common: FloatArray
    """Predictors of the common coefficients, shape (Q, rows)."""
    varying: FloatArray
    """Predictors of the varying coefficients, term by term, shape (K, rows)."""
    group: NDArray[np.int64]
    """Level of each row, shape (T, rows); or (T, 0), if row i is of level i mod J of one term."""
    terms: NDArray[np.int64]
    """A `Layout` a row, shape (T, 10)."""
    absorbed: NDArray[np.int64]
    """1 for common coefficients that are in `mean`, or that coefficients apart replace; (Q,)."""
    mean: FloatArray
    """What common coefficient q adds to the mean of varying coefficient k in group j, where a term
    is centred, shape (K, Q, J); else (0, 0, 0)."""
    root: FloatArray
    """Of the collapsed term: R_j upper triangular, R_j' R_j = Z_j' Z_j, shape (K, K, J)."""
    constant: float
    """What of the log likelihood depends on no parameter, y being in the kernel's units."""
    observations: float
    """How many there are: rows of a Gaussian model may be summaries."""
    rss: float
    """Sum of squares that the summaries leave out."""
    common_priors: FloatArray
    """A row a coefficient, see `location_prior`, shape (Q, 4)."""
    own_priors: FloatArray
    """A row a parameter of the family, see `scale_prior`, shape (own, 4)."""
    varying_priors: FloatArray
    """A row a varying coefficient: `scale_prior` of its tau or `location_prior`, shape (K, 4)."""
    lkj: FloatArray
    """Shape parameter of the prior of each term's correlations, shape (T,)."""


class Room(NamedTuple):
    """What one evaluation works with; `d_x` is the derivative of the log posterior by x."""

    beta: FloatArray
    d_beta: FloatArray
    own: FloatArray
    """The family's parameters, as logarithms."""
    d_own: FloatArray
    log_tau: FloatArray
    """Of all terms, shape (K,)."""
    d_log_tau: FloatArray
    roots: FloatArray
    """T of all terms, one after the other, flat."""
    d_roots: FloatArray
    b: FloatArray
    """Effects of all terms, flat; of a centred term c, mean included."""
    d_b: FloatArray
    xi: FloatArray
    """The effects as standard normals."""
    eta: FloatArray
    """Linear predictor, then what the likelihood has to say of it; shape (rows,)."""
    matrices: FloatArray
    """Three matrices (K, K) for each level of the collapsed term, flat."""


@compiled
def log_posterior(theta: FloatArray, grad: FloatArray, data: Regression) -> float:
    """Log posterior of (beta, own, then of every term: scales, correlations, effects), all of it
    unconstrained; log-Jacobians included.
    """
    data = borrow_data(data)
    scratch = np.empty(room_size(data))
    room = make_room(data, borrow(scratch))
    theta, grad = borrow(theta), borrow(grad)
    for i in range(grad.size):
        grad[i] = 0.0
    logp = data.constant + common_coefficients(theta, grad, data, room)
    for t in range(data.terms.shape[0]):
        logp += effects_of_term(theta, grad, data, room, t)
    logp += likelihood(data, room)
    for t in range(data.terms.shape[0]):
        pull_back_term(theta, grad, data, room, t)
    pull_back_common(theta, grad, data, room)
    scratch[0] = logp  # what was borrowed must be there until here
    return logp


@inlined
def borrow_data(data: Regression) -> Regression:
    """Do what `borrow` does for its arrays."""
    return Regression(
        data.family, borrow(data.y), borrow(data.trials), borrow(data.offset), borrow(data.common),
        borrow(data.varying), borrow(data.group), borrow(data.terms), borrow(data.absorbed),
        borrow(data.mean), borrow(data.root), data.constant, data.observations, data.rss,
        borrow(data.common_priors), borrow(data.own_priors), borrow(data.varying_priors),
        borrow(data.lkj),
    )  # fmt: skip


@inlined
def term_of(data: Regression, t: int) -> Layout:
    """Where the numbers of term t are."""
    row = data.terms[t]
    return Layout(row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8], row[9])


@inlined
def room_size(data: Regression) -> int:
    """Numbers that a `Room` holds."""
    squares, effects_of_all = 0, 0
    for t in range(data.terms.shape[0]):
        term = term_of(data, t)
        squares += term.size * term.size
        effects_of_all += term.size * term.levels
    few: int = 2 * (data.absorbed.size + data.own_priors.shape[0] + data.varying.shape[0] + squares)
    return few + 3 * effects_of_all + data.y.size + 3 * data.root.size


@inlined
def make_room(data: Regression, scratch: FloatArray) -> Room:
    """Divide up an array of `room_size`; derivatives begin at 0."""
    squares, effects_of_all = 0, 0
    for t in range(data.terms.shape[0]):
        term = term_of(data, t)
        squares += term.size * term.size
        effects_of_all += term.size * term.levels
    common, own, varying = data.absorbed.size, data.own_priors.shape[0], data.varying.shape[0]
    a = common
    b = a + own
    c = b + varying
    d = c + squares
    e = d + effects_of_all
    zeros, rest = scratch[:e], scratch[e:]
    for i in range(e):
        zeros[i] = 0.0
    f = e + effects_of_all
    g = f + data.y.size
    return Room(
        rest[:a], zeros[:a], rest[a:b], zeros[a:b], rest[b:c], zeros[b:c], rest[c:d], zeros[c:d],
        rest[d:e], zeros[d:e], rest[e:f], rest[f:g], rest[g:],
    )  # fmt: skip


@uncounted
def common_coefficients(theta: FloatArray, grad: FloatArray, data: Regression, room: Room) -> float:
    """Fill beta, the family's own parameters and their part of eta; returns their log prior."""
    common, logp = room.beta.size, 0.0
    for q in range(common):
        coefficient = location_prior(theta[q], data.common_priors[q])
        room.beta[q] = coefficient.value
        logp += coefficient.logp
    for a in range(room.own.size):
        scale = scale_prior(theta[common + a], data.own_priors[a])
        if scale.tau == 0.0:
            return -math.inf
        room.own[a] = log(scale.tau)
        logp += scale.logp
    eta = room.eta
    for i in range(eta.size):
        eta[i] = data.offset[i]
    for q in range(common):
        if data.absorbed[q] == 0:
            for i in range(eta.size):
                eta[i] += data.common[q, i] * room.beta[q]
    return logp


@uncounted
def pull_back_common(theta: FloatArray, grad: FloatArray, data: Regression, room: Room) -> None:
    """From eta and the priors to beta and the family's own parameters."""
    common = room.beta.size
    for q in range(common):
        if data.absorbed[q] == 0:
            room.d_beta[q] += dot(data.common[q], room.eta)
        coefficient = location_prior(theta[q], data.common_priors[q])
        grad[q] = coefficient.d_logp + coefficient.slope * room.d_beta[q]
    for a in range(room.own.size):
        scale = scale_prior(theta[common + a], data.own_priors[a])
        grad[common + a] = scale.d_logp + scale.d_tau / scale.tau * room.d_own[a]


@uncounted
def effects_of_term(
    theta: FloatArray, grad: FloatArray, data: Regression, room: Room, t: int
) -> float:
    """Fill the covariance and the effects of a term, and add them to eta; returns their log prior.

    Of a collapsed term the effects are found by `likelihood`, once all others are in eta.
    """
    term = term_of(data, t)
    b, xi, root = block(room.b, term), block(room.xi, term), square(room.roots, term)
    logp = 0.0 if term.form == APART else covariance_of_term(theta, grad, data, room, t)
    if term.form == COLLAPSED:
        return logp
    held = held_by(theta, term)
    if term.form == APART:
        priors = data.varying_priors[term.first : term.first + term.size]
        logp += effects.apart(held, priors, b)
    elif term.form == CENTERED:
        mean = data.mean[term.first : term.first + term.size]
        overwrite(b, held)
        logp += effects.centered(b, room.beta, mean, root, xi)
    else:
        overwrite(xi, held)
        logp += effects.noncentered(xi, root, b)
    for k in range(term.size):
        add_to_rows(room.eta, data.varying[term.first + k], b[k], data.group[t])
    return logp


@uncounted
def covariance_of_term(
    theta: FloatArray, grad: FloatArray, data: Regression, room: Room, t: int
) -> float:
    """Fill log tau and T of a term; returns their log prior, whose gradient goes into `grad`."""
    term = term_of(data, t)
    log_tau = room.log_tau[term.first : term.first + term.size]
    priors = data.varying_priors[term.first : term.first + term.size]
    u, d_u = theta[term.scales : term.correlations], grad[term.scales : term.correlations]
    if term.decov == 1:
        log_sigma = room.own[0] if families.has_sigma(data.family) else 0.0
        logp = covariance.decov_scales(u, priors, log_sigma, d_u, log_tau)
    else:
        logp = covariance.independent_scales(u, priors, d_u, log_tau)
    y, d_y = theta[term.correlations : term.effects], grad[term.correlations : term.effects]
    return logp + covariance.fill_root(y, data.lkj[t], log_tau, d_y, square(room.roots, term))


@uncounted
def likelihood(data: Regression, room: Room) -> float:
    """Log likelihood; turns eta into its derivative.  A collapsed term's effects are found here."""
    logp = 0.0
    for t in range(data.terms.shape[0]):
        if term_of(data, t).form == COLLAPSED:
            logp += integrate_out(data, room, t)
    return logp + families.log_likelihood(
        data.family, room.eta, data.y, data.trials, data.observations, data.rss, room.own,
        room.d_own,
    )  # fmt: skip


@uncounted
def integrate_out(data: Regression, room: Room, t: int) -> float:
    """Put a term's effects where the density is highest, into eta too; returns what that adds."""
    term = term_of(data, t)
    b, xi, root = block(room.b, term), block(room.xi, term), square(room.roots, term)
    eta = room.eta
    for i in range(eta.size):
        eta[i] = data.y[i] - eta[i]
    for k in range(term.size):
        for j in range(term.levels):
            b[k, j] = 0.0
        add_to_levels(b[k], data.varying[term.first + k], eta, data.group[t])
    matrices = room.matrices.reshape((3, term.size, term.size, term.levels))
    determinant = collapse(
        b, root, data.root, exp(room.own[0]), xi, matrices, square(room.d_roots, term)
    )
    room.d_own[0] += determinant.d_log_sigma
    logp = effects.noncentered(xi, root, b) + 0.5 * xi.size * effects.LOG_2_PI
    for i in range(eta.size):
        eta[i] = data.y[i] - eta[i]
    for k in range(term.size):
        add_to_rows(eta, data.varying[term.first + k], b[k], data.group[t])
    return logp - determinant.value


@uncounted
def pull_back_term(
    theta: FloatArray, grad: FloatArray, data: Regression, room: Room, t: int
) -> None:
    """From eta to the effects of a term, its scales and its correlations."""
    term = term_of(data, t)
    b, d_b = block(room.b, term), block(room.d_b, term)
    for k in range(term.size):
        add_to_levels(d_b[k], data.varying[term.first + k], room.eta, data.group[t])
    priors = data.varying_priors[term.first : term.first + term.size]
    if term.form == APART:
        held, d_held = held_by(theta, term), held_by(grad, term)
        effects.pull_back_apart(held, priors, d_b, d_held)
        return
    xi, root, d_root = block(room.xi, term), square(room.roots, term), square(room.d_roots, term)
    if term.form == CENTERED:
        mean = data.mean[term.first : term.first + term.size]
        effects.pull_back_centered(xi, mean, root, d_b, room.d_beta, d_root, b)
        overwrite(held_by(grad, term), d_b)
    elif term.form == NONCENTERED:
        effects.pull_back_noncentered(xi, root, d_b, held_by(grad, term), d_root)
    else:
        effects.pull_back_noncentered(xi, root, d_b, b, d_root)

    log_tau = room.log_tau[term.first : term.first + term.size]
    d_log_tau = room.d_log_tau[term.first : term.first + term.size]
    y, d_y = theta[term.correlations : term.effects], grad[term.correlations : term.effects]
    covariance.pull_back_root(y, log_tau, root, d_root, d_y, d_log_tau)
    u, d_u = theta[term.scales : term.correlations], grad[term.scales : term.correlations]
    if term.decov == 1:
        d_log_sigma = covariance.pull_back_decov(u, d_log_tau, d_u)
        if families.has_sigma(data.family):
            room.d_own[0] += d_log_sigma
    else:
        covariance.pull_back_scales(u, priors, d_log_tau, d_u)


@inlined
def block(flat: FloatArray, term: Layout) -> FloatArray:
    """The part of a term in an array of effects, shape (K_t, J_t)."""
    end = term.room + term.size * term.levels
    return flat[term.room : end].reshape((term.size, term.levels))


@inlined
def held_by(theta: FloatArray, term: Layout) -> FloatArray:
    """What theta, or its gradient, holds of a term's effects, shape (K_t, J_t)."""
    end = term.effects + term.size * term.levels
    return theta[term.effects : end].reshape((term.size, term.levels))


@inlined
def square(flat: FloatArray, term: Layout) -> FloatArray:
    """The matrix of a term in an array of such matrices, shape (K_t, K_t)."""
    end = term.square + term.size * term.size
    return flat[term.square : end].reshape((term.size, term.size))


@inlined
def overwrite(target: FloatArray, source: FloatArray) -> None:
    """Do target[:] = source, shape (K, J)."""
    for k in range(source.shape[0]):
        for j in range(source.shape[1]):
            target[k, j] = source[k, j]


@compiled
def unravel(
    thetas: FloatArray, zeta: FloatArray, data: Regression, beta: FloatArray, own: FloatArray,
    log_tau: FloatArray, roots: FloatArray, b: FloatArray,
) -> None:  # fmt: skip
    """Bring draws back from theta to coefficients, all as the kernel has them.

    Parameters
    ----------
    thetas
        Shape (n, dim).
    zeta
        Standard normals with which the effects of a collapsed term are drawn, shape of `b`.
    beta, own, log_tau, roots, b
        Receive what `Room` has under these names, shape (n, ...); `b` without the mean, but for
        coefficients apart.
    """
    grad, scratch = np.empty(thetas.shape[1]), np.empty(room_size(data))
    for i in range(thetas.shape[0]):
        unravel_one(
            thetas[i], grad, data, scratch, zeta[i], beta[i], own[i], log_tau[i], roots[i], b[i]
        )


@uncounted
def unravel_one(
    theta: FloatArray, grad: FloatArray, data: Regression, scratch: FloatArray, zeta: FloatArray,
    beta: FloatArray, own: FloatArray, log_tau: FloatArray, roots: FloatArray, b: FloatArray,
) -> None:  # fmt: skip
    """Do it for one draw."""
    room = make_room(data, scratch)
    common_coefficients(theta, grad, data, room)
    for t in range(data.terms.shape[0]):
        effects_of_term(theta, grad, data, room, t)
    for t in range(data.terms.shape[0]):
        term = term_of(data, t)
        xi, root = block(room.xi, term), square(room.roots, term)
        if term.form == COLLAPSED:
            integrate_out(data, room, t)
            inverse = room.matrices.reshape((3, term.size, term.size, term.levels))[2]
            disturb(xi, inverse, block(zeta, term))
        if term.form == CENTERED or term.form == COLLAPSED:
            effects.noncentered(xi, root, block(room.b, term))
    overwrite_flat(beta, room.beta)
    overwrite_flat(own, room.own)
    overwrite_flat(log_tau, room.log_tau)
    overwrite_flat(roots, room.roots)
    overwrite_flat(b, room.b)


@inlined
def disturb(xi: FloatArray, inverse: FloatArray, zeta: FloatArray) -> None:
    """Draw xi_j = h_j + C_j^-T zeta_j in the place of h_j: what is not known given all else."""
    for k in range(xi.shape[0]):
        for m in range(k, xi.shape[0]):
            for j in range(xi.shape[1]):
                xi[k, j] += inverse[m, k, j] * zeta[m, j]


@inlined
def overwrite_flat(target: FloatArray, source: FloatArray) -> None:
    """Do target[:] = source."""
    for i in range(source.size):
        target[i] = source[i]
