"""The general hierarchical regression: one log posterior for every formula, with its gradient.

    eta_i = x_i . beta + sum_t z_ti . b_t[g_t(i)] + offset_i                    y_i ~ family(eta_i)
    b_tj ~ N(0, T_t T_t'),    T_t = diag(tau_t) L_t,    L_t L_t' a correlation matrix ~ LKJ

A term t, such as ``(x | g)``, has a grouping factor of J_t levels and K_t coefficients, in one of
four forms (`covariance` says how T comes about, `forms` how b does):

    noncentered   theta holds xi_j ~ N(0, I), and b_j = T xi_j
    centered      theta holds c_j = m_j + b_j, where m_j is what those common coefficients come to
                  that belong to the group's own line; nothing is left of them in x_i . beta
    collapsed     theta holds nothing of b: it is integrated out (Gaussian outcomes, one term)
    unpooled      no pooling: theta holds c_j, each coefficient with a prior of its own

Where all there is of a group is its own line, `lines` has the same density for half the work.

`log_posterior` goes forward through the model, and then backward through the same steps: each turns
the derivative by its result into the derivative by its inputs.  `lines.posterior` has functions of
the same names in the same order.
"""

from __future__ import annotations

from typing import NamedTuple

from ....compiling import FloatArray, compiled, exp, inlined, uncounted
from ....densities.sums import dot
from .. import forms, horseshoe, thresholds
from ..evaluate import evaluate
from ..layout import (
    CENTERED,
    COLLAPSED,
    NONCENTERED,
    UNPOOLED,
    coordinates,
    effect_chol_of,
    effects_of,
    term_of,
)
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
from .collapsed import collapse
from .data import Regression, data_without_refcount
from .rows import add_to_levels, add_to_rows


class Workspace(NamedTuple):
    """What one evaluation works with; `d_x` is the derivative of the log posterior by x."""

    population: Population
    b: FloatArray
    """Effects of all terms, flat, but for those of a centred term: theta has c, mean included."""
    d_b: FloatArray
    xi: FloatArray
    """The effects as standard normals, but for those of a non-centred term: theta has them."""
    eta: FloatArray
    """Linear predictor, then the derivative of the log likelihood by it; shape (rows,)."""
    matrices: FloatArray
    """Three matrices (K, K) for each level of the collapsed term, flat."""


@compiled
def log_density(theta: FloatArray, grad: FloatArray, data: Regression) -> float:
    """Compute the log posterior of theta and its gradient, log-Jacobians included.

    theta is unconstrained.  It holds beta, the family's own parameters and the horseshoe, then the
    scales, correlations and effects of every term.
    """
    data = data_without_refcount(data)
    return evaluate(log_posterior, workspace_size, workspace, theta, grad, data)


@uncounted
def log_posterior(theta: FloatArray, grad: FloatArray, data: Regression, work: Workspace) -> float:
    """Go forward over the terms, through the likelihood, and backward; see `log_density`."""
    logp = data.constant + population(theta, grad, data, work)
    for t in range(data.terms.shape[0]):
        logp += coefficients(theta, grad, data, work, t)
    marginal = 0.0
    for t in range(data.terms.shape[0]):
        if term_of(data.terms, t).form == COLLAPSED:  # once all others are in eta
            marginal += coefficients_collapsed(data, work, t)
    logp += marginal + likelihood(data, work)
    pull_back(theta, grad, data, work)
    return logp


@uncounted
def population(theta: FloatArray, grad: FloatArray, data: Regression, work: Workspace) -> float:
    """Fill beta, the family's own parameters and their part of eta; returns their log prior.

    The gradient begins here, at 0.
    """
    for i in range(grad.size):
        grad[i] = 0.0
    shared = work.population
    common = shared.beta.size
    logp = common_coefficients(theta, grad, data.common_priors, shared)
    end = common + shared.own.size
    logp += own_parameters(theta[common:end], grad[common:end], data, shared)
    if data.shrunk.size > 0:
        u, d_u = horseshoe_coordinates(theta, data, end), horseshoe_coordinates(grad, data, end)
        logp += horseshoe.fill(u, data.horseshoe, data.shrunk_units, data.shrunk, shared.beta, d_u)
    eta = work.eta
    for i in range(eta.size):
        eta[i] = data.offset[i]
    for q in range(common):
        if data.in_group_mean[q] == 0:
            for i in range(eta.size):
                eta[i] += data.common[q, i] * shared.beta[q]
    return logp


@uncounted
def coefficients(
    theta: FloatArray, grad: FloatArray, data: Regression, work: Workspace, t: int
) -> float:
    """Fill the covariance and the effects of a term, and add them to eta; returns their log prior.

    Those of a collapsed term wait for `coefficients_collapsed`.
    """
    term = term_of(data.terms, t)
    if term.form == UNPOOLED:
        return coefficients_unpooled(theta, data, work, t)
    shared = work.population
    log_sigma = shared.own[0] if data.has_sigma else 0.0
    logp = covariance_of_term(
        theta, grad, term, data.varying_priors, data.lkj[t], log_sigma, shared
    )
    if term.form != COLLAPSED:
        logp += coefficients_sampled(theta, data, work, t)
    return logp


@uncounted
def coefficients_sampled(theta: FloatArray, data: Regression, work: Workspace, t: int) -> float:
    """Fill effects that theta holds, centred or not; returns their log prior given T."""
    term, shared = term_of(data.terms, t), work.population
    u, b = coordinates(theta, term), effects_of(work.b, term)
    effect_chol = effect_chol_of(shared.effect_chols, term)
    if term.form == CENTERED:
        xi = effects_of(work.xi, term)
        forms.fill_mean(xi, shared.beta, data.group_mean_x, data.group_mean_index, term.first)
        logp = forms.centered(u, effect_chol, xi)
        b = u
    else:
        logp = forms.noncentered(u, effect_chol, b)
    for k in range(term.size):
        add_to_rows(work.eta, data.varying[term.first + k], b[k], data.group[t])
    return logp


@uncounted
def coefficients_collapsed(data: Regression, work: Workspace, t: int) -> float:
    """Put effects where the density is highest, into eta too; returns what integration adds."""
    term, shared, eta = term_of(data.terms, t), work.population, work.eta
    b, xi = effects_of(work.b, term), effects_of(work.xi, term)
    effect_chol = effect_chol_of(shared.effect_chols, term)
    d_effect_chol = effect_chol_of(shared.d_effect_chols, term)
    for i in range(eta.size):
        eta[i] = data.y[i] - eta[i]
    for k in range(term.size):
        for j in range(term.levels):
            b[k, j] = 0.0
        add_to_levels(b[k], data.varying[term.first + k], eta, data.group[t])
    matrices = work.matrices.reshape((3, term.size, term.size, term.levels))
    sigma = exp(shared.own[0]) if data.has_sigma else 1.0
    determinant = collapse(b, effect_chol, data.qr_r, sigma, xi, matrices, d_effect_chol)
    if data.has_sigma:
        shared.d_own[0] += determinant.d_log_sigma
    logp = forms.noncentered(xi, effect_chol, b) + 0.5 * xi.size * forms.LOG_2_PI
    for i in range(eta.size):
        eta[i] = data.y[i] - eta[i]
    for k in range(term.size):
        add_to_rows(eta, data.varying[term.first + k], b[k], data.group[t])
    return logp - determinant.value


@uncounted
def coefficients_unpooled(theta: FloatArray, data: Regression, work: Workspace, t: int) -> float:
    """Fill coefficients that have priors of their own; returns their log prior."""
    term = term_of(data.terms, t)
    b, priors = effects_of(work.b, term), data.varying_priors[term.first : term.first + term.size]
    logp = forms.unpooled(coordinates(theta, term), priors, b)
    for k in range(term.size):
        add_to_rows(work.eta, data.varying[term.first + k], b[k], data.group[t])
    return logp


@uncounted
def likelihood(data: Regression, work: Workspace) -> float:
    """Log likelihood; turns eta into its derivative."""
    logp: float = data.log_likelihood(
        work.eta,
        data.y,
        data.trials,
        data.observations,
        data.rss,
        work.population.own,
        work.population.d_own,
    )
    return logp


@uncounted
def pull_back(theta: FloatArray, grad: FloatArray, data: Regression, work: Workspace) -> None:
    """Carry the derivative from eta to effects and covariances, then to population parameters."""
    for t in range(data.terms.shape[0]):
        pull_back_coefficients(theta, grad, data, work, t)
    pull_back_population(theta, grad, data, work)


@inlined
def workspace_size(data: Regression) -> int:
    """Numbers that a `Workspace` holds."""
    chols, effects = sizes_of(data)
    common, own, varying = data.in_group_mean.size, data.own_priors.shape[0], data.varying.shape[0]
    shared: int = population_size(common, own, varying, chols)
    return shared + 3 * effects + data.y.size + 3 * data.qr_r.size


@inlined
def workspace(data: Regression, scratch: FloatArray) -> Workspace:
    """Divide up an array of `workspace_size`; derivatives begin at 0."""
    chols, effects = sizes_of(data)
    common, own, varying = data.in_group_mean.size, data.own_priors.shape[0], data.varying.shape[0]
    a = population_size(common, own, varying, chols)
    b = a + effects
    c = b + effects
    d = c + effects
    e = d + data.y.size
    d_b = scratch[a:b]
    for i in range(d_b.size):
        d_b[i] = 0.0
    return Workspace(
        population=population_of(scratch[:a], common, own, varying, chols),
        b=scratch[b:c],
        d_b=d_b,
        xi=scratch[c:d],
        eta=scratch[d:e],
        matrices=scratch[e:],
    )


@inlined
def sizes_of(data: Regression) -> tuple[int, int]:
    """Count the entries of T of all terms, and their effects."""
    chols, effects = 0, 0
    for t in range(data.terms.shape[0]):
        term = term_of(data.terms, t)
        chols += term.size * term.size
        effects += term.size * term.levels
    return chols, effects


@inlined
def horseshoe_coordinates(theta: FloatArray, data: Regression, at: int) -> FloatArray:
    """Return the horseshoe's part of theta or its gradient, from `at` on; shape (2 + H,)."""
    return theta[at : at + 2 + data.shrunk.size]


@uncounted
def own_parameters(u: FloatArray, grad: FloatArray, data: Regression, shared: Population) -> float:
    """Fill the family's own parameters, thresholds or logarithms of scales; returns their prior."""
    if data.thresholds:
        return thresholds.fill(u, data.own_priors, shared.own)
    return own_scales(u, grad, data.own_priors, shared)


@uncounted
def pull_back_own(u: FloatArray, data: Regression, shared: Population, grad: FloatArray) -> None:
    """Add the derivative through the family's own parameters to `grad`."""
    if data.thresholds:
        thresholds.pull_back(u, data.own_priors, shared.own, shared.d_own, grad)
    else:
        pull_back_own_scales(shared, grad)


@uncounted
def pull_back_population(
    theta: FloatArray, grad: FloatArray, data: Regression, work: Workspace
) -> None:
    """Carry the derivative back from eta to beta and the family's own parameters."""
    shared = work.population
    common = shared.beta.size
    for q in range(common):
        if data.in_group_mean[q] == 0:
            shared.d_beta[q] += dot(data.common[q], work.eta)
    end = common + shared.own.size
    if data.shrunk.size > 0:
        u, d_u = horseshoe_coordinates(theta, data, end), horseshoe_coordinates(grad, data, end)
        horseshoe.pull_back(u, data.shrunk_units, data.shrunk, shared.beta, shared.d_beta, d_u)
    pull_back_common_coefficients(shared, grad)
    pull_back_own(theta[common:end], data, shared, grad[common:end])


@uncounted
def pull_back_coefficients(
    theta: FloatArray, grad: FloatArray, data: Regression, work: Workspace, t: int
) -> None:
    """Carry the derivative from eta to a term's effects, scales and correlations."""
    term, shared = term_of(data.terms, t), work.population
    d_b = effects_of(work.d_b, term)
    for k in range(term.size):
        add_to_levels(d_b[k], data.varying[term.first + k], work.eta, data.group[t])
    if term.form == UNPOOLED:
        priors = data.varying_priors[term.first : term.first + term.size]
        forms.pull_back_unpooled(coordinates(theta, term), priors, d_b, coordinates(grad, term))
        return
    b, xi = effects_of(work.b, term), effects_of(work.xi, term)
    effect_chol = effect_chol_of(shared.effect_chols, term)
    d_effect_chol = effect_chol_of(shared.d_effect_chols, term)
    if term.form == CENTERED:
        d_u = coordinates(grad, term)
        forms.pull_back_centered(xi, effect_chol, d_b, d_effect_chol, b, d_u)
        forms.pull_back_mean(b, data.group_mean_x, data.group_mean_index, term.first, shared.d_beta)
    elif term.form == NONCENTERED:
        u, d_u = coordinates(theta, term), coordinates(grad, term)
        forms.pull_back_noncentered(u, effect_chol, d_b, d_u, d_effect_chol)
    else:
        forms.pull_back_noncentered(xi, effect_chol, d_b, b, d_effect_chol)
    d_log_sigma = pull_back_covariance(theta, grad, term, shared)
    if data.has_sigma:
        shared.d_own[0] += d_log_sigma
