"""What is not of one level alone: common coefficients, scales of the noise, and how levels vary.

Each goes from theta and its prior into the `Room`, and back: the derivative by what was made
becomes that of theta.
"""

from __future__ import annotations

import math

from ...compiling import FloatArray, inlined, log, uncounted
from ...densities.priors import location_prior, scale_prior
from . import covariance
from .layout import Layout, Room, square


@uncounted
def coefficients(theta: FloatArray, grad: FloatArray, priors: FloatArray, room: Room) -> float:
    """Fill beta; returns its log prior, whose gradient goes into `grad`."""
    logp = 0.0
    for q in range(room.beta.size):
        coefficient = location_prior(theta[q], priors[q])
        room.beta[q] = coefficient.value
        room.slopes[q] = coefficient.slope
        grad[q] = coefficient.d_logp
        logp += coefficient.logp
    return logp


@uncounted
def pull_back_coefficients(room: Room, grad: FloatArray) -> None:
    """Add the derivative that comes through beta."""
    for q in range(room.beta.size):
        grad[q] += room.slopes[q] * room.d_beta[q]


@uncounted
def own_scales(u: FloatArray, grad: FloatArray, priors: FloatArray, room: Room) -> float:
    """Fill logarithms of the family's own scales; returns their log prior, -inf where one is 0,
    which it never is but in rounding.
    """
    slopes, logp = slopes_of_own(room), 0.0
    for a in range(u.size):
        scale = scale_prior(u[a], priors[a])
        if scale.tau == 0.0:
            return -math.inf
        room.own[a] = log(scale.tau)
        slopes[a] = scale.d_tau / scale.tau
        grad[a] = scale.d_logp
        logp += scale.logp
    return logp


@uncounted
def pull_back_own_scales(room: Room, grad: FloatArray) -> None:
    """Add the derivative that comes through them."""
    slopes = slopes_of_own(room)
    for a in range(slopes.size):
        grad[a] += slopes[a] * room.d_own[a]


@inlined
def slopes_of_own(room: Room) -> FloatArray:
    """Derivatives of the family's own logarithms by their coordinates."""
    return room.slopes[room.beta.size : room.beta.size + room.own.size]


@inlined
def slopes_of_term(room: Room, term: Layout) -> FloatArray:
    """Derivatives of log tau of a term by its coordinates, shape (K_t,)."""
    first = room.beta.size + room.own.size + term.first
    return room.slopes[first : first + term.size]


@uncounted
def covariance_of_term(
    theta: FloatArray,
    grad: FloatArray,
    term: Layout,
    varying_priors: FloatArray,
    lkj: float,
    log_sigma: float,
    room: Room,
) -> float:
    """Fill tau and T of a term; returns their log prior, whose gradient goes into `grad`.

    `log_sigma` is the noise's, in which decov measures; 0 if the family has none.
    """
    tau = room.tau[term.first : term.first + term.size]
    priors = varying_priors[term.first : term.first + term.size]
    u, d_u = theta[term.scales : term.correlations], grad[term.scales : term.correlations]
    if term.decov == 1:
        logp = covariance.decov_scales(u, priors, log_sigma, d_u, tau)
    else:
        slopes = slopes_of_term(room, term)
        logp = covariance.independent_scales(u, priors, d_u, tau, slopes)
    y, d_y = theta[term.correlations : term.effects], grad[term.correlations : term.effects]
    return logp + covariance.fill_root(y, lkj, tau, d_y, square(room.roots, term))


@uncounted
def pull_back_covariance(theta: FloatArray, grad: FloatArray, term: Layout, room: Room) -> float:
    """From T to a term's scales and correlations; returns the derivative by `log_sigma`."""
    root, d_root = square(room.roots, term), square(room.d_roots, term)
    tau = room.tau[term.first : term.first + term.size]
    d_log_tau = room.d_log_tau[term.first : term.first + term.size]
    y, d_y = theta[term.correlations : term.effects], grad[term.correlations : term.effects]
    covariance.pull_back_root(y, tau, root, d_root, d_y, d_log_tau)
    u, d_u = theta[term.scales : term.correlations], grad[term.scales : term.correlations]
    if term.decov == 1:
        return covariance.pull_back_decov(u, d_log_tau, d_u)
    covariance.pull_back_scales(slopes_of_term(room, term), d_log_tau, d_u)
    return 0.0
