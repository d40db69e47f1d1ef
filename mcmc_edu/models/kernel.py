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

from ..compiling import FloatArray, compiled, exp, log
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
    """What of the log likelihood depends on no parameter."""
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


@compiled
def log_posterior(theta: FloatArray, grad: FloatArray, data: Regression) -> float:
    """Log posterior of (beta, own, then of every term: scales, correlations, effects), all of it
    unconstrained; log-Jacobians included.
    """
    room = make_room(data)
    grad[:] = 0.0
    logp = data.constant + common_coefficients(theta, grad, data, room)
    for t in range(data.terms.shape[0]):
        logp += effects_of_term(theta, grad, data, room, t)
    if logp == -math.inf:
        return logp
    logp += likelihood(data, room)
    for t in range(data.terms.shape[0]):
        pull_back_term(theta, grad, data, room, t)
    pull_back_common(theta, grad, data, room)
    return logp


@compiled
def term_of(data: Regression, t: int) -> Layout:
    """Where the numbers of term t are."""
    row = data.terms[t]
    return Layout(row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8], row[9])


@compiled
def make_room(data: Regression) -> Room:
    """Room for every intermediate result; derivatives begin at 0."""
    common, own, varying = data.absorbed.size, data.own_priors.shape[0], data.varying.shape[0]
    squares, effects_of_all = 0, 0
    for t in range(data.terms.shape[0]):
        term = term_of(data, t)
        squares += term.size * term.size
        effects_of_all += term.size * term.levels
    return Room(
        np.empty(common), np.zeros(common), np.empty(own), np.zeros(own),
        np.empty(varying), np.zeros(varying), np.zeros(squares), np.zeros(squares),
        np.empty(effects_of_all), np.zeros(effects_of_all), np.empty(effects_of_all),
        np.empty(data.y.size),
    )  # fmt: skip


@compiled
def common_coefficients(
    theta: FloatArray, grad: FloatArray, data: Regression, room: Room
) -> float:
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


@compiled
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


@compiled
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


@compiled
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


@compiled
def likelihood(data: Regression, room: Room) -> float:
    """Log likelihood; turns eta into its derivative.  A collapsed term's effects are found here."""
    logp = 0.0
    for t in range(data.terms.shape[0]):
        if data.terms[t, 2] == COLLAPSED:
            logp += integrate_out(data, room, t, np.empty(data.root.shape))
    return logp + families.log_likelihood(
        data.family, room.eta, data.y, data.trials, data.observations, data.rss, room.own,
        room.d_own,
    )  # fmt: skip


@compiled
def integrate_out(data: Regression, room: Room, t: int, inverse: FloatArray) -> float:
    """Put a term's effects where the density is highest, into eta too; returns what that adds.

    `inverse` receives C_j^-1 (see `collapsing`), shape (K, K, J).
    """
    term = term_of(data, t)
    b, xi, root = block(room.b, term), block(room.xi, term), square(room.roots, term)
    eta = room.eta
    for i in range(eta.size):
        eta[i] = data.y[i] - eta[i]
    for k in range(term.size):
        b[k, :] = 0.0
        add_to_levels(b[k], data.varying[term.first + k], eta, data.group[t])
    determinant = collapse(
        b, root, data.root, exp(room.own[0]), xi, inverse, square(room.d_roots, term)
    )
    room.d_own[0] += determinant.d_log_sigma
    logp = effects.noncentered(xi, root, b) + 0.5 * xi.size * effects.LOG_2_PI
    for i in range(eta.size):
        eta[i] = data.y[i] - eta[i]
    for k in range(term.size):
        add_to_rows(eta, data.varying[term.first + k], b[k], data.group[t])
    return logp - determinant.value


@compiled
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


@compiled
def block(flat: FloatArray, term: Layout) -> FloatArray:
    """The part of a term in an array of effects, shape (K_t, J_t)."""
    end = term.room + term.size * term.levels
    return flat[term.room : end].reshape((term.size, term.levels))


@compiled
def held_by(theta: FloatArray, term: Layout) -> FloatArray:
    """What theta, or its gradient, holds of a term's effects, shape (K_t, J_t)."""
    end = term.effects + term.size * term.levels
    return theta[term.effects : end].reshape((term.size, term.levels))


@compiled
def square(flat: FloatArray, term: Layout) -> FloatArray:
    """The matrix of a term in an array of such matrices, shape (K_t, K_t)."""
    end = term.square + term.size * term.size
    return flat[term.square : end].reshape((term.size, term.size))


@compiled
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
    grad = np.empty(thetas.shape[1])
    for i in range(thetas.shape[0]):
        room = make_room(data)
        common_coefficients(thetas[i], grad, data, room)
        for t in range(data.terms.shape[0]):
            effects_of_term(thetas[i], grad, data, room, t)
        for t in range(data.terms.shape[0]):
            if data.terms[t, 2] == COLLAPSED:
                draw_effects(data, room, t, block(zeta[i], term_of(data, t)))
            if data.terms[t, 2] == CENTERED:
                term = term_of(data, t)
                xi, root = block(room.xi, term), square(room.roots, term)
                effects.noncentered(xi, root, block(room.b, term))
        beta[i, :], own[i, :], log_tau[i, :] = room.beta, room.own, room.log_tau
        roots[i, :], b[i, :] = room.roots, room.b


@compiled
def draw_effects(data: Regression, room: Room, t: int, zeta: FloatArray) -> None:
    """Draw a collapsed term's effects given everything else: xi_j = h_j + C_j^-T zeta_j."""
    term = term_of(data, t)
    inverse = np.empty(data.root.shape)
    integrate_out(data, room, t, inverse)
    xi = block(room.xi, term)
    for k in range(term.size):
        for m in range(k, term.size):
            for j in range(term.levels):
                xi[k, j] += inverse[m, k, j] * zeta[m, j]
    effects.noncentered(xi, square(room.roots, term), block(room.b, term))
