"""The likelihood of each family in Stan's language, and the family's own parameters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...families.categories import by_row
from ...priors.univariate import Overdispersion
from ..prepared import Prepared
from .blocks import Blocks, commented, listed
from .priors import Shown, bounds, number, statement, statements


@dataclass(frozen=True)
class Likelihood:
    """How a family's outcomes are written."""

    distribution: str
    """Stan's distribution."""
    arguments: str
    """Its arguments for all rows; ``{eta}`` is the linear predictor, ``{n}`` the row's index."""
    continuous: bool = True
    bounds: str = ""
    """Bounds of the outcome."""


LIKELIHOODS = {
    ("gaussian", "identity"): Likelihood("normal", "{eta}, sigma"),
    ("gaussian with known errors", "identity"): Likelihood("normal", "{eta}, se{n}"),
    ("student", "identity"): Likelihood("student_t", "nu, {eta}, sigma"),
    ("lognormal", "identity"): Likelihood("lognormal", "{eta}, sigma", bounds="<lower=0>"),
    ("gamma", "log"): Likelihood("gamma", "shape, shape * exp(-{eta})", bounds="<lower=0>"),
    ("beta", "logit"): Likelihood(
        "beta_proportion", "inv_logit({eta}), phi", bounds="<lower=0, upper=1>"
    ),
    ("bernoulli", "logit"): Likelihood("bernoulli_logit", "{eta}", False, "<lower=0, upper=1>"),
    ("bernoulli", "probit"): Likelihood("bernoulli", "Phi({eta})", False, "<lower=0, upper=1>"),
    ("binomial", "logit"): Likelihood("binomial_logit", "trials{n}, {eta}", False, "<lower=0>"),
    ("binomial", "probit"): Likelihood("binomial", "trials{n}, Phi({eta})", False, "<lower=0>"),
    ("poisson", "log"): Likelihood("poisson_log", "{eta}", False, "<lower=0>"),
    ("negbin", "log"): Likelihood("neg_binomial_2_log", "{eta}, phi", False, "<lower=0>"),
    ("ordered", "logit"): Likelihood("ordered_logistic", "{eta}, threshold", False, "<lower=1>"),
    ("categorical", "logit"): Likelihood(
        "categorical_logit", "append_row(0, {eta}')", False, "<lower=1>"
    ),
}
"""The likelihood by family and link.  A Bernoulli outcome is a binomial one without trials."""


def likelihood_of(model: Prepared) -> Likelihood:
    """Find how the outcomes of a model are written.

    Raises
    ------
    ValueError
        If the family is one that `stan` does not know.
    """
    family = model.family
    name = "bernoulli" if family.has_trials and model.design.trials is None else family.name
    if family.known_se:
        name = "gaussian with known errors"
    if (name, family.link) not in LIKELIHOODS:
        known = ", ".join(f"{a} ({b})" for a, b in LIKELIHOODS)
        raise ValueError(
            f"family is {name} with link {family.link}, which `stan` cannot write; it can write "
            f"{known}"
        )
    return LIKELIHOODS[name, family.link]


def outcomes(model: Prepared, blocks: Blocks) -> None:
    """Declare rows, outcomes and what belongs to them."""
    design, kind = model.design, likelihood_of(model)
    blocks.give("int<lower=1>", "N", int(design.y.size), "rows")
    if kind.continuous:
        blocks.give(f"vector{kind.bounds}[N]", "Y", design.y, design.outcome)
    else:
        first = 1 if model.family.probabilities is not None else 0
        levels = f": {listed(design.outcome_levels)}" if design.outcome_levels else ""
        y = design.y.astype(np.int64) + first
        blocks.give(f"array[N] int{kind.bounds}", "Y", y, f"{design.outcome}{levels}")
    if model.family.has_trials and design.trials is not None:
        trials = design.trials.astype(np.int64)
        blocks.give("array[N] int<lower=0>", "trials", trials, "number of trials")
    if model.family.known_se:
        blocks.give("vector<lower=0>[N]", "se", design.se, "known standard errors")
    if design.weights is not None:
        weights = design.weights.astype(np.int64)
        blocks.give("array[N] int<lower=1>", "weights", weights, "observations of each row")
    if design.offset.any():
        offsets = by_row(design.offset, design)
        kinds = "vector[N]" if design.blocks is None else f"matrix[N, {design.blocks}]"
        blocks.give(kinds, "offsets", offsets, "sum of the offsets")


def likelihood(model: Prepared, blocks: Blocks) -> None:
    """Write the likelihood of all rows."""
    kind, weighted = likelihood_of(model), model.design.weights is not None
    if not weighted and model.design.blocks is None:
        arguments = kind.arguments.format(eta="eta", n="")
        blocks.likelihood.append(f"Y ~ {kind.distribution}({arguments});")
        return
    arguments = kind.arguments.format(eta="eta[n]", n="[n]")
    line = f"  Y[n] ~ {kind.distribution}({arguments});"
    if weighted:
        density = f"{kind.distribution}_{'lpdf' if kind.continuous else 'lpmf'}"
        line = f"  target += weights[n] * {density}(Y[n] | {arguments});"
    blocks.likelihood += ["for (n in 1:N) {", line, "}"]


def own_parameters(model: Prepared, blocks: Blocks) -> None:
    """Declare the family's own parameters with their priors."""
    if model.family.thresholds:
        _thresholds(model, blocks)
        return
    for chosen in model.priors.own:
        name, prior = chosen.name, chosen.prior
        blocks.names[name] = name
        if isinstance(prior, Overdispersion):
            blocks.parameters.append(f"real<lower=0> inv_sqrt_{name};  // 1 / sqrt({name})")
            blocks.transformed.append(f"real {name} = inv_square(inv_sqrt_{name});")
            blocks.priors.append(f"inv_sqrt_{name} ~ exponential({number(prior.rate)});")
        else:
            blocks.parameters.append(f"real{bounds(prior, positive=True)} {name};")
            blocks.priors.append(statement(name, prior))


def _thresholds(model: Prepared, blocks: Blocks) -> None:
    """Declare thresholds, which have their priors where the predictors are at their means."""
    own = model.priors.own
    centred = bool(model.units.x_center.any())
    at_means = ", where the predictors are at their means" * centred
    blocks.names |= {f"threshold[{k + 1}]": chosen.name for k, chosen in enumerate(own)}
    name = "cut" if centred else "threshold"
    declared = f"ordered[{len(own)}] {name};"
    blocks.parameters.append(commented(declared, f"thresholds{at_means}"))
    blocks.priors += statements(name, [Shown(one.prior, "") for one in own])
    if centred:
        line = f"vector[{len(own)}] threshold = cut + dot_product(x_center, b);"
        blocks.transformed.append(line)
