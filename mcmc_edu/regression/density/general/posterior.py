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

Where all there is of a group is its own line, `lines` has the same density for half the work.

`log_posterior` goes forward through the model, and then backward through the same steps, each of
which turns the derivative with respect to what it made into that of what it was made of.
"""

from __future__ import annotations

import numpy as np

from ....compiling import FloatArray, borrow, compiled, exp, inlined, uncounted
from ....densities.sums import dot
from ....families import likelihood as families
from .. import forms as effects
from .. import horseshoe, thresholds
from ..layout import (
    APART,
    CENTERED,
    COLLAPSED,
    NONCENTERED,
    Regression,
    Room,
    block,
    borrow_data,
    held_by,
    make_room,
    room_size,
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
from .collapsed import collapse
from .rows import add_to_levels, add_to_rows


@compiled
def log_posterior(theta: FloatArray, grad: FloatArray, data: Regression) -> float:
    """Log posterior of (beta, own, horseshoe, then of every term: scales, correlations, effects),
    all of it unconstrained; log-Jacobians included.
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


@uncounted
def common_coefficients(theta: FloatArray, grad: FloatArray, data: Regression, room: Room) -> float:
    """Fill beta, the family's own parameters and their part of eta; returns their log prior."""
    common = room.beta.size
    logp = coefficients(theta, grad, data.common_priors, room)
    end = common + room.own.size
    logp += own_parameters(theta[common:end], grad[common:end], data, room)
    if data.shrunk.size > 0:
        u, d_u = held_by_horseshoe(theta, data, end), held_by_horseshoe(grad, data, end)
        logp += horseshoe.fill(u, data.horseshoe, data.shrunk_units, data.shrunk, room.beta, d_u)
    eta = room.eta
    for i in range(eta.size):
        eta[i] = data.offset[i]
    for q in range(common):
        if data.absorbed[q] == 0:
            for i in range(eta.size):
                eta[i] += data.common[q, i] * room.beta[q]
    return logp


@inlined
def held_by_horseshoe(theta: FloatArray, data: Regression, at: int) -> FloatArray:
    """What theta, or its gradient, holds of the horseshoe, from `at` on; shape (2 + H,)."""
    return theta[at : at + 2 + data.shrunk.size]


@uncounted
def own_parameters(u: FloatArray, grad: FloatArray, data: Regression, room: Room) -> float:
    """Fill the family's own parameters, thresholds or logarithms of scales; returns their prior."""
    if data.family == families.ORDERED:
        return thresholds.fill(u, data.own_priors, room.own)
    return own_scales(u, grad, data.own_priors, room)


@uncounted
def pull_back_common(theta: FloatArray, grad: FloatArray, data: Regression, room: Room) -> None:
    """From eta and the priors to beta and the family's own parameters."""
    common = room.beta.size
    for q in range(common):
        if data.absorbed[q] == 0:
            room.d_beta[q] += dot(data.common[q], room.eta)
    end = common + room.own.size
    if data.shrunk.size > 0:
        u, d_u = held_by_horseshoe(theta, data, end), held_by_horseshoe(grad, data, end)
        horseshoe.pull_back(u, data.shrunk_units, data.shrunk, room.beta, room.d_beta, d_u)
    pull_back_coefficients(room, grad)
    pull_back_own(theta[common:end], data, room, grad[common:end])


@uncounted
def pull_back_own(u: FloatArray, data: Regression, room: Room, grad: FloatArray) -> None:
    """From what the likelihood says of the family's own parameters to their part of theta."""
    if data.family == families.ORDERED:
        thresholds.pull_back(u, data.own_priors, room.own, room.d_own, grad)
    else:
        pull_back_own_scales(room, grad)


@uncounted
def effects_of_term(
    theta: FloatArray, grad: FloatArray, data: Regression, room: Room, t: int
) -> float:
    """Fill the covariance and the effects of a term, and add them to eta; returns their log prior.

    Of a collapsed term the effects are found by `likelihood`, once all others are in eta.
    """
    term = term_of(data.terms, t)
    logp = 0.0
    if term.form != APART:
        log_sigma = room.own[0] if families.has_sigma(data.family) else 0.0
        logp += covariance_of_term(
            theta, grad, term, data.varying_priors, data.lkj[t], log_sigma, room
        )
    if term.form == COLLAPSED:
        return logp
    b, root, held = block(room.b, term), square(room.roots, term), held_by(theta, term)
    if term.form == APART:
        priors = data.varying_priors[term.first : term.first + term.size]
        logp += effects.apart(held, priors, b)
    elif term.form == CENTERED:
        xi = block(room.xi, term)
        effects.fill_mean(xi, room.beta, data.mean, data.mean_of, term.first)
        logp += effects.centered(held, root, xi)
        b = held
    else:
        logp += effects.noncentered(held, root, b)
    for k in range(term.size):
        add_to_rows(room.eta, data.varying[term.first + k], b[k], data.group[t])
    return logp


@uncounted
def likelihood(data: Regression, room: Room) -> float:
    """Log likelihood; turns eta into its derivative.  A collapsed term's effects are found here."""
    logp = 0.0
    for t in range(data.terms.shape[0]):
        if term_of(data.terms, t).form == COLLAPSED:
            logp += integrate_out(data, room, t)
    return logp + families.log_likelihood(
        data.family,
        room.eta,
        data.y,
        data.trials,
        data.observations,
        data.rss,
        room.own,
        room.d_own,
    )


@uncounted
def integrate_out(data: Regression, room: Room, t: int) -> float:
    """Put a term's effects where the density is highest, into eta too; returns what that adds."""
    term = term_of(data.terms, t)
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
    term = term_of(data.terms, t)
    d_b = block(room.d_b, term)
    for k in range(term.size):
        add_to_levels(d_b[k], data.varying[term.first + k], room.eta, data.group[t])
    if term.form == APART:
        priors = data.varying_priors[term.first : term.first + term.size]
        effects.pull_back_apart(held_by(theta, term), priors, d_b, held_by(grad, term))
        return
    b, xi = block(room.b, term), block(room.xi, term)
    root, d_root = square(room.roots, term), square(room.d_roots, term)
    if term.form == CENTERED:
        effects.pull_back_centered(xi, root, d_b, d_root, b, held_by(grad, term))
        effects.pull_back_mean(b, data.mean, data.mean_of, term.first, room.d_beta)
    elif term.form == NONCENTERED:
        effects.pull_back_noncentered(held_by(theta, term), root, d_b, held_by(grad, term), d_root)
    else:
        effects.pull_back_noncentered(xi, root, d_b, b, d_root)
    d_log_sigma = pull_back_covariance(theta, grad, term, room)
    if families.has_sigma(data.family):
        room.d_own[0] += d_log_sigma
