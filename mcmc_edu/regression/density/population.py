"""Population-level parameters: common coefficients, noise scales, covariance of group effects.

The forward functions fill the workspace from theta and add the log priors.  The `pull_back`
functions carry derivatives back to theta.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from ...compiling import FloatArray, inlined, log, uncounted
from ...densities.priors import location_prior, scale_prior
from . import covariance
from .layout import TermLayout, effect_chol_of


class Population(NamedTuple):
    """Population-level part of a workspace.

    `d_x` is the derivative of the log posterior by x.  There are Q common coefficients, and K
    varying coefficients over all terms.
    """

    beta: FloatArray
    d_beta: FloatArray
    slopes: FloatArray
    """Derivatives of beta, own parameters and log tau by theta, shape (Q + own + K,)."""
    own: FloatArray
    """The family's own parameters: log scales, or thresholds."""
    d_own: FloatArray
    tau: FloatArray
    """Standard deviations of all terms, shape (K,)."""
    d_log_tau: FloatArray
    effect_chols: FloatArray
    """T of all terms, one after the other, flat."""
    d_effect_chols: FloatArray


@inlined
def population_size(common: int, own: int, varying: int, chols: int) -> int:
    """Count the numbers of a `Population`, `chols` of which are those of T of all terms."""
    return 3 * (common + own + varying) + 2 * chols


@inlined
def population_of(
    scratch: FloatArray, common: int, own: int, varying: int, chols: int
) -> Population:
    """Divide up an array of `population_size`; derivatives begin at 0."""
    a = common
    b = a + own
    c = b + varying
    d = c + chols
    zeros, rest = scratch[:d], scratch[d:]
    for i in range(d):
        zeros[i] = 0.0
    return Population(
        beta=rest[:a],
        d_beta=zeros[:a],
        slopes=rest[d : d + c],
        own=rest[a:b],
        d_own=zeros[a:b],
        tau=rest[b:c],
        d_log_tau=zeros[b:c],
        effect_chols=rest[c:d],
        d_effect_chols=zeros[c:d],
    )


@uncounted
def common_coefficients(
    theta: FloatArray, grad: FloatArray, priors: FloatArray, population: Population
) -> float:
    """Fill beta and return its log prior, whose gradient goes into `grad`."""
    logp = 0.0
    for q in range(population.beta.size):
        coefficient = location_prior(theta[q], priors[q])
        population.beta[q] = coefficient.value
        population.slopes[q] = coefficient.slope
        grad[q] = coefficient.d_logp
        logp += coefficient.logp
    return logp


@uncounted
def pull_back_common_coefficients(population: Population, grad: FloatArray) -> None:
    """Add the derivative through beta to `grad`."""
    for q in range(population.beta.size):
        grad[q] += population.slopes[q] * population.d_beta[q]


@uncounted
def own_scales(
    u: FloatArray, grad: FloatArray, priors: FloatArray, population: Population
) -> float:
    """Fill the logarithms of the family's own scales.

    Returns their log prior and writes its gradient into `grad`.  The log prior is -inf if a scale
    underflows to 0.
    """
    slopes, logp = slopes_of_own(population), 0.0
    for a in range(u.size):
        scale = scale_prior(u[a], priors[a])
        if scale.tau == 0.0:
            return -math.inf
        population.own[a] = log(scale.tau)
        slopes[a] = scale.d_tau / scale.tau
        grad[a] = scale.d_logp
        logp += scale.logp
    return logp


@uncounted
def pull_back_own_scales(population: Population, grad: FloatArray) -> None:
    """Add the derivative through the family's own scales to `grad`."""
    slopes = slopes_of_own(population)
    for a in range(slopes.size):
        grad[a] += slopes[a] * population.d_own[a]


@inlined
def slopes_of_own(population: Population) -> FloatArray:
    """Return the derivatives of the family's own log scales by theta."""
    common, own = population.beta.size, population.own.size
    return population.slopes[common : common + own]


@inlined
def slopes_of_term(population: Population, term: TermLayout) -> FloatArray:
    """Return the derivatives of log tau of a term by theta, shape (K_t,)."""
    first = population.beta.size + population.own.size + term.first
    return population.slopes[first : first + term.size]


@uncounted
def covariance_of_term(
    theta: FloatArray,
    grad: FloatArray,
    term: TermLayout,
    varying_priors: FloatArray,
    lkj: float,
    log_sigma: float,
    population: Population,
) -> float:
    """Fill tau and T of a term; return their log prior, whose gradient goes into `grad`.

    `log_sigma` is the log noise scale, which decov uses as its unit; 0 if the family has no sigma.
    """
    tau = population.tau[term.first : term.first + term.size]
    priors = varying_priors[term.first : term.first + term.size]
    u, d_u = theta[term.scales : term.correlations], grad[term.scales : term.correlations]
    if term.decov == 1:
        logp = covariance.decov_scales(u, priors, log_sigma, d_u, tau)
    else:
        slopes = slopes_of_term(population, term)
        logp = covariance.independent_scales(u, priors, d_u, tau, slopes)
    y, d_y = theta[term.correlations : term.effects], grad[term.correlations : term.effects]
    effect_chol = effect_chol_of(population.effect_chols, term)
    return logp + covariance.fill_effect_chol(y, lkj, tau, d_y, effect_chol)


@uncounted
def pull_back_covariance(
    theta: FloatArray, grad: FloatArray, term: TermLayout, population: Population
) -> float:
    """Carry the derivative by T back to theta; return the derivative by `log_sigma`."""
    effect_chol = effect_chol_of(population.effect_chols, term)
    d_effect_chol = effect_chol_of(population.d_effect_chols, term)
    tau = population.tau[term.first : term.first + term.size]
    d_log_tau = population.d_log_tau[term.first : term.first + term.size]
    y, d_y = theta[term.correlations : term.effects], grad[term.correlations : term.effects]
    covariance.pull_back_effect_chol(y, tau, effect_chol, d_effect_chol, d_y, d_log_tau)
    u, d_u = theta[term.scales : term.correlations], grad[term.scales : term.correlations]
    if term.decov == 1:
        return covariance.pull_back_decov(u, d_log_tau, d_u)
    covariance.pull_back_scales(slopes_of_term(population, term), d_log_tau, d_u)
    return 0.0
