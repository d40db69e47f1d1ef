"""Fast path for Gaussian models with one term of at most two coefficients.

    y_i ~ N(z_i . c_g(i), sigma)             c_j = m_j + b_j,      m_kj = sum_q mean_kqj beta_q
    b_j ~ N(0, T T')

Every common coefficient belongs to the term's lines.  This covers the commonest formulas:
``y ~ x``, ``y ~ 1 + (1 | g)``, ``y ~ x + (x | g)``.  The rows of group j then reduce to q_j (at
most two numbers), a triangle R_j and a residual sum of squares,

    ||y_j - Z_j c||^2 = ||q_j - R_j c||^2 + rss_j        for every c,     R_j upper triangular.

The likelihood is a function of the lines (`sampled`), or the lines are integrated out
(`collapsed`).  No linear predictor over rows is needed.  The density equals `general.posterior` for
these models, with the same theta in the same forms.  It takes half the work, and less than half the
code to compile.  The functions have the same names in the same order.

Source: G. Golub (1965), *Numerische Mathematik* 7, 206-216, for least squares by QR.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from ....compiling import FloatArray, as_matrix, compiled, exp, inlined, uncounted
from .. import forms
from ..evaluate import evaluate
from ..layout import CENTERED, COLLAPSED, UNPOOLED, coordinates, effect_chol_of, term_of
from ..population import (
    Population,
    common_coefficients,
    covariance_of_term,
    own_scales,
    population_of,
    population_size,
    pull_back_common_coefficients,
    pull_back_covariance,
    pull_back_own_scales,
)
from . import sampled
from .collapsed import marginal
from .data import Lines, lines_without_refcount


class Workspace(NamedTuple):
    """Scratch arrays of one evaluation."""

    population: Population
    lines: FloatArray
    """Means of the lines, or the lines; later the derivative by them; shape (2, J)."""
    spare: FloatArray
    """Scratch array, shape (2, J), uninitialised."""


class LineSums(NamedTuple):
    """Sums over all lines."""

    logp: float
    """Log prior of the lines' part of theta.

    If the lines are integrated out: minus half of the log determinants and of the squared expected
    effects.
    """
    noise: float
    """Sum of squared residuals, in units of sigma."""
    freedom: float
    """Number of effects that the data decide, if the effects are integrated out."""


@compiled
def log_density(theta: FloatArray, grad: FloatArray, data: Lines) -> float:
    """Compute the log posterior of theta and its gradient, log-Jacobians included.

    theta is unconstrained.  It holds beta and sigma, then the scales, correlations and effects of
    the term.  Returns -inf if a scale underflows to 0.
    """
    data = lines_without_refcount(data)
    return evaluate(log_posterior, workspace_size, workspace, theta, grad, data)


@uncounted
def log_posterior(theta: FloatArray, grad: FloatArray, data: Lines, work: Workspace) -> float:
    """Go from the population to the lines and their likelihood, and back; see `log_density`."""
    logp = data.constant + population(theta, grad, data, work)
    if logp == -math.inf:
        return logp
    sigma = sigma_of(data, work)
    sums = coefficients(theta, grad, sigma, data, work)
    logp += sums.logp + likelihood(sums, sigma, data, work)
    pull_back(theta, grad, sigma, data, work)
    return logp


@uncounted
def population(theta: FloatArray, grad: FloatArray, data: Lines, work: Workspace) -> float:
    """Fill beta, log sigma, tau and T; returns their log prior, -inf where a scale is 0.

    Their gradient begins here, at 0.
    """
    shared = work.population
    common = shared.beta.size
    end = common + shared.own.size
    for i in range(term_of(data.terms, 0).effects if data.terms.shape[0] == 1 else end):
        grad[i] = 0.0
    logp = common_coefficients(theta, grad, data.priors, shared)
    logp += own_scales(theta[common:end], grad[common:end], data.priors[common:end], shared)
    if has_scales(data) and logp > -math.inf:
        term, log_sigma = term_of(data.terms, 0), shared.own[0] if data.has_sigma else 0.0
        priors = data.priors[end:]
        logp += covariance_of_term(theta, grad, term, priors, data.lkj, log_sigma, shared)
    return logp


@uncounted
def coefficients(
    theta: FloatArray, grad: FloatArray, sigma: float, data: Lines, work: Workspace
) -> LineSums:
    """Find the lines, or integrate them out."""
    if not has_scales(data):
        return coefficients_unpooled(theta, sigma, data, work)
    if term_of(data.terms, 0).form == COLLAPSED:
        return coefficients_collapsed(sigma, data, work)
    return coefficients_sampled(theta, grad, sigma, data, work)


@uncounted
def coefficients_sampled(
    theta: FloatArray, grad: FloatArray, sigma: float, data: Lines, work: Workspace
) -> LineSums:
    """Take lines that theta holds, centred or not, and that follow a population."""
    term, m = term_of(data.terms, 0), fill_means(data, work)
    u, d_u, zeros = coordinates(theta, term), coordinates(grad, term), work.spare
    effect_chol = effect_chol_of(work.population.effect_chols, term)
    d_effect_chol = effect_chol_of(work.population.d_effect_chols, term)
    r, q = data.qr_r, data.outcome
    if term.size == 1:
        for j in range(term.levels):
            zeros[0, j] = 0.0
    if term.form == CENTERED:
        found = sampled.centered(u, m, effect_chol, sigma, r, q, d_u, d_effect_chol, zeros)
    else:
        found = sampled.noncentered(u, m, effect_chol, sigma, r, q, d_u, d_effect_chol, zeros)
    return LineSums(found.logp, found.noise, 0.0)


@uncounted
def coefficients_collapsed(sigma: float, data: Lines, work: Workspace) -> LineSums:
    """Integrate out lines that follow a population."""
    term, m = term_of(data.terms, 0), fill_means(data, work)
    effect_chol = effect_chol_of(work.population.effect_chols, term)
    d_effect_chol = effect_chol_of(work.population.d_effect_chols, term)
    det = work.spare[0]
    found = marginal(m, effect_chol, sigma, data.qr_r, data.outcome, d_effect_chol, det)
    return LineSums(-0.5 * (found.log_det + found.effects), found.noise, found.freedom)


@uncounted
def coefficients_unpooled(
    theta: FloatArray, sigma: float, data: Lines, work: Workspace
) -> LineSums:
    """Take lines that follow no population: each has priors of its own, or all are the same."""
    c, logp = fill_means(data, work), 0.0
    if data.terms.shape[0] == 1:
        term, b = term_of(data.terms, 0), work.spare
        priors = varying_priors(data, work)
        logp += forms.unpooled(coordinates(theta, term), priors, b)
        for k in range(term.size):
            for j in range(term.levels):
                c[k, j] += b[k, j]
    return LineSums(logp, sampled.given(c, sigma, data.qr_r, data.outcome), 0.0)


@uncounted
def likelihood(sums: LineSums, sigma: float, data: Lines, work: Workspace) -> float:
    """Gaussian log likelihood from sums of squares; also adds its derivative by log sigma."""
    squares = sums.noise + data.rss / (sigma * sigma)
    if not data.has_sigma:
        return -0.5 * squares
    log_sigma: float = work.population.own[0]
    work.population.d_own[0] += squares + sums.freedom - data.observations
    return -0.5 * squares - data.observations * log_sigma


@uncounted
def pull_back(
    theta: FloatArray, grad: FloatArray, sigma: float, data: Lines, work: Workspace
) -> None:
    """Carry the derivative from the lines to their means, to T, sigma and beta, and to theta."""
    shared, d_c = work.population, work.lines
    common = shared.beta.size
    forms.pull_back_mean(d_c, data.group_mean_x, data.group_mean_index, 0, shared.d_beta)
    if data.terms.shape[0] == 1:
        term = term_of(data.terms, 0)
        if term.form == COLLAPSED:  # `marginal` leaves sigma^2 times the derivative
            for q in range(common):
                shared.d_beta[q] /= sigma * sigma
        if term.form == UNPOOLED:
            u, d_u = coordinates(theta, term), coordinates(grad, term)
            forms.pull_back_unpooled(u, varying_priors(data, work), d_c, d_u)
        else:
            d_log_sigma = pull_back_covariance(theta, grad, term, shared)
            if data.has_sigma:
                shared.d_own[0] += d_log_sigma
    pull_back_own_scales(shared, grad[common : common + shared.own.size])
    pull_back_common_coefficients(shared, grad)


@inlined
def workspace_size(data: Lines) -> int:
    """Numbers that a `Workspace` holds."""
    size, numbers, own = size_of_term(data), data.priors.shape[0], 1 if data.has_sigma else 0
    shared: int = population_size(numbers - own - size, own, size, size * size)
    return shared + 2 * data.outcome.size


@inlined
def workspace(data: Lines, scratch: FloatArray) -> Workspace:
    """Divide up an array of `workspace_size`; derivatives by population parameters begin at 0."""
    size, numbers, levels = size_of_term(data), data.priors.shape[0], data.outcome.shape[1]
    own, chols = 1 if data.has_sigma else 0, size * size
    common = numbers - own - size
    a = population_size(common, own, size, chols)
    b = a + 2 * levels
    return Workspace(
        population=population_of(scratch[:a], common, own, size, chols),
        lines=as_matrix(scratch[a:b], 2, levels),
        spare=as_matrix(scratch[b : b + 2 * levels], 2, levels),
    )


@inlined
def sigma_of(data: Lines, work: Workspace) -> float:
    """Sd of the noise; 1 where rows are divided by their known standard errors."""
    return exp(work.population.own[0]) if data.has_sigma else 1.0


@inlined
def varying_priors(data: Lines, work: Workspace) -> FloatArray:
    """Priors of the term's scales, or of its unpooled coefficients, shape (K, 5)."""
    return data.priors[work.population.beta.size + work.population.own.size :]


@inlined
def has_scales(data: Lines) -> bool:
    """Return whether the lines vary around their means with learnt scales."""
    return data.terms.shape[0] == 1 and term_of(data.terms, 0).form != UNPOOLED


@inlined
def size_of_term(data: Lines) -> int:
    """K, or 0 where there is no term."""
    return data.terms[0, 0] if data.terms.shape[0] == 1 else 0


@inlined
def fill_means(data: Lines, work: Workspace) -> FloatArray:
    """Means of the lines, shape (2, J)."""
    forms.fill_mean(work.lines, work.population.beta, data.group_mean_x, data.group_mean_index, 0)
    return work.lines
