"""Designs of every structure for the tests of the general model, and its posterior on paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special, stats

from mcmc_edu import regression as P
from mcmc_edu.densities.transforms import lkj
from mcmc_edu.formulas import INTERCEPT, Design, Grouping
from mcmc_edu.regression.assembly import Assembled, assemble
from mcmc_edu.regression.categories import arranged
from mcmc_edu.regression.family import FAMILIES, Family
from mcmc_edu.regression.natural import Natural
from mcmc_edu.regression.prior_choice import choose
from mcmc_edu.regression.units import units_of

ROWS = 40

STRUCTURES: dict[str, tuple[list[tuple[str, tuple[str, ...]]], list[str]]] = {
    "no terms": ([], []),
    "1|g": ([("g", (INTERCEPT,))], ["noncentered"]),
    "x|g noncentered": ([("g", (INTERCEPT, "x"))], ["noncentered"]),
    "x|g centered": ([("g", (INTERCEPT, "x"))], ["centered"]),
    "0+x|g centered": ([("g", ("x",))], ["centered"]),
    "x+w|g centered": ([("g", (INTERCEPT, "x", "w"))], ["centered"]),
    "x|g, 1|h": ([("g", (INTERCEPT, "x")), ("h", (INTERCEPT,))], ["noncentered", "centered"]),
    "1|g, 0+x|g": ([("g", (INTERCEPT,)), ("g", ("x",))], ["noncentered", "centered"]),
    "1|g collapsed, 0+x|g": (
        [("g", (INTERCEPT,)), ("g", ("x",))],
        ["collapsed", "noncentered"],
    ),
    "apart": ([("g", (INTERCEPT, "x"))], ["apart"]),
    "x+w|g noncentered": ([("g", (INTERCEPT, "x", "w"))], ["noncentered"]),
    "x|g collapsed": ([("g", (INTERCEPT, "x"))], ["collapsed"]),
    "x+w|g collapsed": ([("g", (INTERCEPT, "x", "w"))], ["collapsed"]),
    "x|g collapsed, x|h": (
        [("g", (INTERCEPT, "x")), ("h", (INTERCEPT, "x"))],
        ["collapsed", "noncentered"],
    ),
}
"""Terms (grouping factor, coefficients), and their forms."""

LINES: dict[str, tuple[list[tuple[str, tuple[str, ...]]], list[str]]] = {
    f"line {', '.join(names)}|g {form}": ([("g", names)], [form])
    for names in ((INTERCEPT,), ("x",), (INTERCEPT, "x"))
    for form in ("noncentered", "centered", "collapsed", "apart")
} | {"line of all": ([], [])}
"""The same where all there is of a group is its line, which also common coefficients move."""

MOVING = {
    (INTERCEPT,): (INTERCEPT, "v"), ("x",): ("x", "x:v"),
    (INTERCEPT, "x"): (INTERCEPT, "x", "v", "x:v"),
}  # fmt: skip
"""Common coefficients that belong to lines of these coefficients."""

PRIORS: dict[str, dict[str, P.Prior]] = {
    "defaults": {},
    "half-t and LKJ": {"sd": P.HalfT(3, 2), "cor": P.LKJ(2), "b": P.StudentT(4, 0.5, 3)},
    "uniform": {"sd": P.Uniform(0, 10), "b": P.Uniform(-50, 50), "Intercept": P.Normal(1, 20)},
    "decov": {"covariance": P.Decov(2, 1.5, 2, 0.7), "b": P.Cauchy(0, 1)},
    "others": {"sd": P.HalfNormal(2), "cor": P.LKJ(0.7)},
    "horseshoe": {"b": P.RegularizedHorseshoe(0.3, 2.0, 5.0, 1.5, 2.5), "sd": P.HalfNormal(2)},
    "horseshoe, scaled": {"b": P.RegularizedHorseshoe(0.3, autoscale=True), "w": P.Normal(0, 1)},
    "flat": {"sd": P.Gamma(2, 0.5), "cor": P.LKJ(1), "b": P.Flat()},
}


@dataclass(frozen=True)
class Case:
    """A model of the tests."""

    design: Design
    family: Family
    assembled: Assembled
    priors: Any
    units: Any
    given: dict[str, P.Prior]

    @property
    def dim(self) -> int:
        return len(self.assembled.names)

    def logp(self, theta) -> tuple[float, np.ndarray]:
        grad = np.full(self.dim, np.nan)
        model = self.assembled
        return model.log_density(np.asarray(theta, dtype=float), grad, model.data), grad

    def natural(self, theta) -> dict[str, np.ndarray]:
        found = Natural(self.design, self.family, self.units, self.assembled)
        column = np.asarray(theta, dtype=float)[:, np.newaxis, np.newaxis]
        rng = np.random.default_rng(1)
        return {name: values[..., 0, 0] for name, values in found(column, rng).items()}


def case(
    family: tuple[str, str], structure: str, priors: str = "defaults", correlated: bool = True,
    scale: float = 1.0, by_rows: bool = False,
) -> Case:  # fmt: skip
    """A small model; `scale` multiplies a continuous outcome."""
    kind, (terms, forms) = FAMILIES[family], (STRUCTURES | LINES)[structure]
    rng = np.random.default_rng(1)
    index = {"g": rng.integers(0, 6, ROWS), "h": rng.integers(0, 4, ROWS)}
    index["g"][:6], index["h"][:4] = np.arange(6), np.arange(4)
    columns = {INTERCEPT: np.ones(ROWS), "x": rng.normal(3, 2, ROWS), "w": rng.normal(size=ROWS)}
    columns["v"] = rng.normal(size=6)[index["g"]]  # constant in each group
    columns["x:v"] = columns["x"] * columns["v"]
    names = ("w",) if structure == "apart" else (INTERCEPT, "x", "w", "v", "x:v")
    if structure in LINES:
        names = MOVING[terms[0][1]] if terms else (INTERCEPT, "x")
    if structure in LINES and "apart" in structure:
        names = ()
    trials = None
    if kind.has_trials:
        trials = rng.integers(1, 9, ROWS).astype(float)
        y = np.minimum(np.floor(trials * rng.random(ROWS) * 1.2), trials)
    elif kind.probabilities is not None:
        y = rng.permutation(np.arange(ROWS) % 4).astype(float)
    elif kind.continuous:
        y = scale * (5.0 + 3.0 * rng.normal(size=ROWS))
    else:
        y = rng.poisson(3.0, ROWS).astype(float)
    groupings = tuple(
        Grouping(
            name, tuple(map(str, range(index[name].max() + 1))), index[name], coefficients,
            np.column_stack([columns[c] for c in coefficients]), correlated,
        )
        for name, coefficients in terms
    )  # fmt: skip
    offset = scale * rng.normal(size=ROWS) if kind.continuous else 0.3 * rng.normal(size=ROWS)
    matrix = np.column_stack([np.zeros((ROWS, 0)), *(columns[name] for name in names)])
    levels = ("a", "b", "c", "d") if kind.probabilities is not None else ()
    design = Design("", "y", y, trials, offset, names, matrix, groupings, outcome_levels=levels)
    kind = kind.of_levels(levels)
    design = arranged(design, kind)
    forms = [form for form in forms for _ in range(design.blocks or 1)]
    given = PRIORS[priors]
    if not terms:
        given = {name: p for name, p in given.items() if name in ("b", INTERCEPT)}
    if structure in LINES and INTERCEPT not in names:
        given = {name: p for name, p in given.items() if name != INTERCEPT}
    units = units_of(design, kind)
    chosen = choose(design, kind, units, given, apart="apart" in structure)
    made = assemble(design, kind, units, chosen, forms, by_rows=by_rows)
    return Case(design, kind, made, chosen, units, given)


def log_density_on_paper(model: Case, theta) -> float:
    """The log posterior of a theta in non-centred or centred form up to a constant, written out in
    the units of the data with scipy.stats; no term collapsed.
    """
    q = model.natural(theta)
    d, total, at = model.design, 0.0, len(model.design.names)
    eta = d.offset + sum((q[name] * x for name, x in zip(d.names, d.columns.T, strict=True)), 0.0)
    for g in d.groupings:
        for name, z in zip(g.names, g.columns.T, strict=True):
            eta = eta + q[f"b({g.name}: {name})"][g.index] * z
    total += outcome(model, q, eta).sum()
    for i, chosen in enumerate(model.priors.common):
        value = q[chosen.name]
        if isinstance(chosen.prior, P.RegularizedHorseshoe):
            continue
        if chosen.name.endswith(INTERCEPT):  # at the means of its own category's predictors
            category = chosen.name.removesuffix(INTERCEPT)
            others = zip(d.names, model.units.x_center, strict=True)
            mine = [(name, c) for name, c in others if name.startswith(category)]
            value = value + sum(q[name] * center for name, center in mine)
        total += location(chosen.prior, value, theta[i])
    if any(isinstance(chosen.prior, P.RegularizedHorseshoe) for chosen in model.priors.common):
        total += of_horseshoe(model, q, theta, at + len(model.family.own))
    if model.family.thresholds:
        total += of_thresholds(model, q, theta[at : at + len(model.family.own)])
    for i, chosen in enumerate(() if model.family.thresholds else model.priors.own):
        total += scale_on_paper(chosen.prior, q[chosen.name], theta[at + i])
    for t, (g, layout) in enumerate(zip(d.groupings, model.assembled.layouts, strict=True)):
        total += of_term(model, theta, q, t, g, layout)
    return float(total)


def outcome(model: Case, q, eta):
    """Log density of each outcome by scipy.stats."""
    y, n = model.design.y, model.design.trials
    if model.family.name == "gaussian":
        return stats.norm(eta, q["sigma"]).logpdf(y)
    if model.family.name == "student":
        return stats.t(q["nu"], eta, q["sigma"]).logpdf(y)
    if model.family.name == "poisson":
        return stats.poisson(np.exp(eta)).logpmf(y)
    if model.family.name == "negbin":
        phi = q["phi"]
        return stats.nbinom(phi, phi / (phi + np.exp(eta))).logpmf(y)
    if model.family.name == "ordered":
        cuts = [-np.inf, *(q[name] for name in model.family.own), np.inf]
        at = y.astype(int)
        below, above = np.take(cuts, at), np.take(cuts, at + 1)
        return np.log(stats.logistic.cdf(above - eta) - stats.logistic.cdf(below - eta))
    if model.family.name == "categorical":
        odds = np.exp(np.vstack([np.zeros(y.size), eta.reshape(-1, y.size)]))
        return np.log(odds[y.astype(int), np.arange(y.size)] / odds.sum(axis=0))
    up, down = stats.norm.logcdf(eta), stats.norm.logcdf(-eta)
    if model.family.link == "logit":
        up, down = stats.logistic.logcdf(eta), stats.logistic.logcdf(-eta)
    return np.log(special.binom(n, y)) + y * up + (n - y) * down


def location(prior: P.Prior, value: float, u: float) -> float:
    if isinstance(prior, P.Normal):
        return stats.norm(prior.location, prior.scale).logpdf(value)
    if isinstance(prior, P.StudentT):
        return stats.t(prior.df, prior.location, prior.scale).logpdf(value)
    if isinstance(prior, P.Cauchy):
        return stats.cauchy(prior.location, prior.scale).logpdf(value)
    if isinstance(prior, P.Uniform):  # the Jacobian of the logit alone
        return np.log(special.expit(u) * special.expit(-u))
    return 0.0


def of_horseshoe(model: Case, q, theta, at: int) -> float:
    """Coefficients from z and scales, and the priors of these by scipy.stats."""
    shrunk = [
        i for i, c in enumerate(model.priors.common) if isinstance(c.prior, P.RegularizedHorseshoe)
    ]
    tau, c = q["hs(global)"], q["hs(slab)"]
    local = np.exp(theta[at + 2 : at + 2 + len(shrunk)])
    prior = model.priors.common[shrunk[0]].written
    np.testing.assert_allclose([tau, c], np.exp(theta[at : at + 2]), rtol=1e-13)
    for i, lam in zip(shrunk, local, strict=True):
        regularized = np.sqrt(c**2 * lam**2 / (c**2 + tau**2 * lam**2))
        unit = 1.0
        if prior.autoscale:
            x = model.design.columns[:, i]
            y = model.design.y if model.family.continuous else np.array([0.0, np.sqrt(2.0)])
            unit = y.std(ddof=1) / x.std(ddof=1)
        expected = theta[i] * tau * regularized * unit
        np.testing.assert_allclose(q[model.design.names[i]], expected, rtol=1e-12)
    total = stats.norm.logpdf(theta[shrunk]).sum()
    total += Half(stats.t(prior.global_df, 0, prior.global_scale)).logpdf(tau) + np.log(tau)
    total += (Half(stats.t(prior.df, 0, 1.0)).logpdf(local) + np.log(local)).sum()
    slab = stats.invgamma(prior.slab_df / 2, scale=prior.slab_df / 2 * prior.slab_scale**2)
    return float(total + slab.logpdf(c**2) + np.log(2.0 * c**2))


def of_thresholds(model: Case, q, u) -> float:
    """Where all predictors are at their means; the Jacobian by differences."""
    means = sum(q[n] * c for n, c in zip(model.design.names, model.units.x_center, strict=True))
    cuts = np.array([q[name] for name in model.family.own]) - means
    total = sum(location(p.prior, c, 0.0) for p, c in zip(model.priors.own, cuts, strict=True))

    def increasing(u):
        return np.cumsum([u[0], *np.exp(u[1:])])

    np.testing.assert_allclose(cuts, increasing(u), rtol=1e-12)
    steps = 1e-6 * np.eye(u.size)
    jacobian = [(increasing(u + step) - increasing(u - step)) / 2e-6 for step in steps]
    return float(total + np.linalg.slogdet(jacobian)[1])


def scale_on_paper(prior: P.Prior, value: float, u: float) -> float:
    """Of log value, or of its logit."""
    if isinstance(prior, P.Uniform):
        return np.log(special.expit(u) * special.expit(-u))
    law = {
        P.HalfNormal: lambda p: stats.halfnorm(0, p.scale),
        P.HalfT: lambda p: Half(stats.t(p.df, 0, p.scale)),
        P.HalfCauchy: lambda p: stats.halfcauchy(0, p.scale),
        P.Exponential: lambda p: stats.expon(scale=1.0 / p.rate),
        P.Gamma: lambda p: stats.gamma(p.shape, scale=1.0 / p.rate),
    }[type(prior)](prior)
    return law.logpdf(value) + np.log(value)


@dataclass(frozen=True)
class Half:
    """A symmetric distribution folded at 0."""

    whole: Any

    def logpdf(self, x):
        return self.whole.logpdf(x) + np.log(2.0)


def of_term(model: Case, theta, q, t: int, g, layout) -> float:
    """Log prior of a term's scales, correlations and effects."""
    k, total = layout.size, 0.0
    effects = theta[layout.effects :][: k * layout.levels].reshape(k, layout.levels)
    chosen = model.priors.varying[t]
    if layout.scales == layout.effects:  # apart
        return sum(
            location(chosen[i].prior, q[f"b({g.name}: {name})"][j], effects[i, j])
            for i, name in enumerate(g.names)
            for j in range(layout.levels)
        )
    u = theta[layout.scales : layout.correlations]
    y = theta[layout.correlations : layout.effects]
    sd = np.array([q[f"sd({g.name}: {name})"] for name in g.names])
    shape = 1.0
    if isinstance(chosen[0].prior, P.Decov):
        prior = chosen[0].prior
        shape = prior.regularization
        total += stats.gamma(prior.shape).logpdf(np.exp(u[0])) + u[0]
        zeta = np.exp(u[1:]) if k > 1 else np.ones(1)
        if k > 1:
            total += (stats.gamma(prior.concentration).logpdf(zeta) + u[1:]).sum()
        size = q.get("sigma", 1.0)
        expected = size * prior.scale * np.exp(u[0]) * np.sqrt(k * zeta / zeta.sum())
        np.testing.assert_allclose(sd, expected, rtol=1e-12)
    else:
        for i in range(k):
            total += scale_on_paper(chosen[i].prior, sd[i], u[i])
        if model.priors.correlations[t] is not None:
            shape = model.priors.correlations[t].prior.shape
    correlation = np.eye(k)
    if y.size:
        total += lkj(y, shape, k, np.zeros(y.size))
        for i in range(k):
            for j in range(i):
                name = f"cor({g.name}: {g.names[j]}, {g.names[i]})"
                correlation[i, j] = correlation[j, i] = q[name]
    b = np.array([q[f"b({g.name}: {name})"] for name in g.names])
    law = stats.multivariate_normal(np.zeros(k), correlation * np.outer(sd, sd))
    total += law.logpdf(b.T).sum()
    if layout.form == 0:  # non-centred: xi, whose Jacobian is det T for every level
        log_det = np.log(sd).sum() + 0.5 * np.linalg.slogdet(correlation)[1]
        total += layout.levels * log_det
    return float(total)
