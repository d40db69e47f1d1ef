"""The log posterior of the general model on paper: an oracle that has no line of the package.

It takes the data in their own units, priors as a user writes them, and theta.  `theta_on_paper`
says what theta means; from there on there are only the data, their units and scipy.stats:

    log p(theta) = log p(y | parameters) + log p(parameters) + log |d parameters / d theta|

up to a constant.  The last term is by complex steps, f(x + ih) = f(x) + ih f'(x): it is exact, and
no formula of a Jacobian is used.  A collapsed term is a covariance of all rows at once, dense.

Rule: this file and the three others of the name import Python's own modules, numpy and scipy, and
nothing of the package (`test_kernel.py` looks at them).  A prior is anything with the name of its
class and with attributes.

Source: W. Squire, G. Trapp (1998), *SIAM Review* 40, 110-112, for complex steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from laws_on_paper import law_of, log_outcome
from model_on_paper import INTERCEPT, Model, Term, correlations_of, names_of, size, units_of
from scipy import stats
from theta_on_paper import decov_of, parameters, scales_of, shift, spread_of_shrunk

STEP = 1e-30
Parameters = Mapping[str, Any]


def log_density(m: Model, theta: np.ndarray) -> float:
    """The log posterior of theta up to a constant."""
    p = {name: np.real(value) for name, value in parameters(m, theta).items()}
    return log_likelihood(m, p) + log_prior(m, p) + log_jacobian(m, theta)


def quantities(m: Model, theta: np.ndarray) -> dict[str, np.ndarray]:
    """What a person asks for: parameters, and scales that follow from them."""
    p = {name: np.real(value) for name, value in parameters(m, theta).items()}
    for term in m.terms:
        for prefix in m.prefixes if term.form != "unpooled" else ():
            sds = scales_of(m, term, prefix, p)
            p |= {f"sd({n})": sd for n, sd in zip(names_of(term, prefix), sds, strict=True)}
    internal = ("hs(local)", "size(", "shares(")
    return {name: value for name, value in p.items() if not name.startswith(internal)}


def log_jacobian(m: Model, theta: np.ndarray) -> float:
    """Log |d parameters / d theta|."""
    steps = STEP * 1j * np.eye(theta.size)
    columns = [np.hstack([*parameters(m, theta + s).values()]).imag / STEP for s in steps]
    return float(np.linalg.slogdet(columns)[1]) if columns else 0.0


def log_likelihood(m: Model, p: Parameters) -> float:
    """Of the outcomes; where a term is collapsed, whatever its effects are."""
    eta = np.array([linear_predictor(m, prefix, p) for prefix in m.prefixes])
    collapsed = [term for term in m.terms if term.form == "collapsed"]
    if not collapsed:
        rows = eta if m.family == "categorical" else eta[0]
        own = {name: p[name] for name in m.own}
        return float(log_outcome(m.family, m.link, m.y, m.trials, rows, own).sum())
    (term,) = collapsed
    together = term.index[:, np.newaxis] == term.index
    between = term.columns @ covariance_of(m, term, "", p) @ term.columns.T
    noise = p["sigma"] ** 2 * np.eye(m.y.size)
    return float(stats.multivariate_normal(eta[0], together * between + noise).logpdf(m.y))


def linear_predictor(m: Model, prefix: str, p: Parameters) -> np.ndarray:
    """Of every row, but for what is collapsed."""
    eta = m.offset + m.columns @ np.array([p[prefix + name] for name in m.names])
    for term in m.terms:
        if term.form != "collapsed":
            for name, z in zip(names_of(term, prefix), term.columns.T, strict=True):
                eta = eta + p[f"b({name})"][term.index] * z
    return eta


def log_prior(m: Model, p: Parameters) -> float:
    """Of all parameters."""
    u, total = units_of(m), 0.0
    for prefix in m.prefixes:
        for q, name in enumerate(m.names):
            prior, value, unit = m.priors[prefix + name], p[prefix + name], u.y_scale / u.x_scale[q]
            if prefix + name in m.shrunk:
                total += stats.norm(0.0, spread_of_shrunk(m, p, prefix + name)).logpdf(value)
            elif name == INTERCEPT:  # where all predictors are at their means
                at_means = value + shift(m, p, prefix)
                total += law_of(prior, unit, u.y_center).logpdf(at_means)
            else:
                total += law_of(prior, unit).logpdf(value)
    for name in m.own:
        at_means = p[name] - (shift(m, p, "") if m.family == "ordered" else 0.0)
        total += law_of(m.priors[name], u.y_scale if name == "sigma" else 1.0).logpdf(at_means)
    if m.shrunk:
        total += log_prior_of_horseshoe(m.priors[m.shrunk[0]], p)
    terms = ((term, prefix) for term in m.terms for prefix in m.prefixes)
    return float(total + sum(log_prior_of_term(m, term, prefix, p) for term, prefix in terms))


def log_prior_of_horseshoe(prior: Any, p: Parameters) -> float:
    """Of its scales: tau and local scales half-t, the slab's square inverse gamma."""
    c, half = p["hs(slab)"], prior.slab_df / 2.0
    slab = stats.invgamma(half, scale=half * prior.slab_scale**2).logpdf(c**2) + np.log(2.0 * c)
    tau = stats.t(prior.global_df, 0.0, prior.global_scale).logpdf(p["hs(global)"])
    return float(slab + tau + stats.t(prior.df).logpdf(p["hs(local)"]).sum())


def log_prior_of_term(m: Model, term: Term, prefix: str, p: Parameters) -> float:
    """Of its scales, correlations and effects."""
    names, decov, total = names_of(term, prefix), decov_of(m, term, prefix), 0.0
    units = units_of(m).y_scale / np.array([size(z) for z in term.columns.T])
    if term.form == "unpooled":
        laws = [law_of(m.priors[n], unit) for n, unit in zip(names, units, strict=True)]
        return sum(law.logpdf(p[f"b({n})"]).sum() for n, law in zip(names, laws, strict=True))
    if decov:
        total += stats.gamma(decov.shape).logpdf(p[f"size({names[0]})"])
        total += stats.gamma(decov.concentration).logpdf(p[f"shares({names[0]})"]).sum()
    else:
        for name, unit in zip(names, units, strict=True):
            total += law_of(m.priors[f"sd({name})"], unit).logpdf(p[f"sd({name})"])
    if term.correlated and len(names) > 1:
        of = ", ".join(prefix + name for name in term.names)
        shape = decov.regularization if decov else m.priors[f"cor({term.name}: {of})"].shape
        total += (shape - 1.0) * np.linalg.slogdet(correlation_of(term, prefix, p))[1]  # LKJ
    if term.form != "collapsed":
        b = np.array([p[f"b({name})"] for name in names])
        covariance = covariance_of(m, term, prefix, p)
        total += stats.multivariate_normal(np.zeros(len(b)), covariance).logpdf(b.T).sum()
    return float(total)


def correlation_of(term: Term, prefix: str, p: Parameters) -> np.ndarray:
    """The matrix."""
    found = np.eye(len(term.names))
    for name, i, j in correlations_of(term, prefix):
        found[i, j] = found[j, i] = p[name]
    return found


def covariance_of(m: Model, term: Term, prefix: str, p: Parameters) -> np.ndarray:
    """Of the effects of one level, shape (K, K)."""
    sd = scales_of(m, term, prefix, p)
    return correlation_of(term, prefix, p) * np.outer(sd, sd)
