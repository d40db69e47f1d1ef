"""Standard deviations and correlations of the coefficients of a bar."""

from __future__ import annotations

from itertools import combinations
from typing import NamedTuple, cast

import numpy as np

from ...compiling import FloatArray
from ...formulas import Grouping
from ...priors.joint import Decov
from ...priors.univariate import Prior
from ...regression.prepare.prior_rows import is_decov, shape_of
from ..prepared import Prepared
from .blocks import Blocks, bar
from .priors import Shown, bounds, declare_vector, number, statement, statements


class Term(NamedTuple):
    """A bar, or of a categorical outcome a bar of one category."""

    t: int
    """Its number among the groupings of the design, from 0."""
    bar: int
    """Number of the bar in the formula, from 1: names of its data end in it."""
    label: str
    """What the names of its parameters end in."""
    category: int
    """Number of its linear predictor, from 1; 0 if there is only one."""
    grouping: Grouping
    columns: FloatArray
    """Its columns in the rows of the data, shape (N, K)."""

    @property
    def size(self) -> int:
        """Number of its coefficients."""
        return len(self.grouping.names)

    @property
    def correlated(self) -> bool:
        """Whether it has correlations."""
        return self.grouping.correlated and self.size > 1


def scales_and_correlations(model: Prepared, blocks: Blocks, term: Term) -> None:
    """Declare the sds, ``sd_`` or at the predictors' means ``sd_mean_``, and the correlations."""
    g, label, t = term.grouping, term.label, term.t
    if is_decov(model.priors, t):
        _decov(model, blocks, term)
    else:
        _scales(model, blocks, term)
    if term.correlated:
        size, shape = term.size, number(shape_of(model.priors, t))
        declared = f"cholesky_factor_corr[{size}] L_{label};  // root of the correlations"
        blocks.parameters.append(declared)
        blocks.priors.append(f"L_{label} ~ lkj_corr_cholesky({shape});")
        _generated(blocks, term, turned(model, t) is not None)
        for i, j in combinations(range(size), 2):
            name = f"cor({g.name}: {g.names[i]}, {g.names[j]})"
            blocks.names[f"cor_{label}[{i + 1},{j + 1}]"] = name
    for k, name in enumerate(g.names):
        element = f"sd_{label}" + (f"[{k + 1}]" if term.size > 1 else "")
        blocks.names[element] = f"sd({g.name}: {name})"


def turned(model: Prepared, t: int) -> FloatArray | None:
    """Return the map from effects at the predictors' means to effects at 0, (K, K), if any.

    Its diagonal is 1.
    """
    turn = model.units.terms[t].turn
    if turn is None:
        return None
    scaled = turn / model.units.terms[t].scale[:, np.newaxis]
    return np.asarray(scaled / np.diag(scaled))


def _scales(model: Prepared, blocks: Blocks, term: Term) -> None:
    g, name = term.grouping, sd_name(model, term)
    chosen = [
        Shown(_in_data_units(model, term.t, k), f"sd({g.name}: {coefficient})")
        for k, coefficient in enumerate(g.names)
    ]
    if term.size == 1:
        blocks.parameters.append(f"real{bounds(chosen[0].prior, positive=True)} {name};")
        blocks.priors.append(statement(name, *chosen[0]))
        return
    at = ", predictors at their means" * name.startswith("sd_mean_")
    declare_vector(blocks, name, chosen, positive=True, comment=f"sds of {bar(g)}{at}")
    blocks.priors += statements(name, chosen)


def sd_name(model: Prepared, term: Term) -> str:
    """Name the sds that have priors."""
    return f"sd_{term.label}" if turned(model, term.t) is None else f"sd_mean_{term.label}"


def _in_data_units(model: Prepared, t: int, k: int) -> Prior:
    """Return the prior of an sd in the units of the data."""
    one, term = model.priors.varying[t][k], model.units.terms[t]
    if one.coordinate is None:
        return one.prior
    turn = 1.0 if term.turn is None else float(term.turn[k, k])
    return one.coordinate.in_units(float(term.scale[k]) / (model.units.y_scale * turn))


def _decov(model: Prepared, blocks: Blocks, term: Term) -> None:
    """Declare a total sd and, of several coefficients, shares of its square."""
    prior = cast(Decov, model.priors.varying[term.t][0].prior)
    label, size, unit = term.label, term.size, _unit_of_decov(model)
    total = f"{unit}{number(prior.scale)} * total_{label}"
    blocks.parameters.append(f"real<lower=0> total_{label};  // decov: sds of {bar(term.grouping)}")
    blocks.priors.append(f"total_{label} ~ gamma({number(prior.shape)}, 1);")
    if size == 1:
        blocks.transformed.append(f"real sd_{label} = {total};")
        return
    blocks.parameters.append(f"vector<lower=0>[{size}] zeta_{label};  // their shares, unscaled")
    blocks.priors.append(f"zeta_{label} ~ gamma({number(prior.concentration)}, 1);")
    share = f"zeta_{label} / sum(zeta_{label})"
    line = f"vector[{size}] sd_{label} = {total} * sqrt({size} * {share});"
    blocks.transformed.append(line)


def _unit_of_decov(model: Prepared) -> str:
    """Return the factor of sds under decov: the noise, where there is one."""
    if model.family.has_sigma:
        return "sigma * "
    return "" if model.units.y_scale == 1.0 else f"{number(model.units.y_scale)} * "


def _generated(blocks: Blocks, term: Term, turned: bool) -> None:
    """Add correlations and, if these have priors elsewhere, sds where predictors are 0."""
    label, size = term.label, term.size
    if not turned:
        line = f"matrix[{size}, {size}] cor_{label} = multiply_lower_tri_self_transpose(L_{label});"
        blocks.generated.append(line)
        return
    root = f"turn_{term.bar} * diag_pre_multiply(sd_mean_{label}, L_{label})"
    blocks.generated += [
        f"matrix[{size}, {size}] cov_{label} = tcrossprod({root});  // predictors at 0",
        f"vector[{size}] sd_{label} = sqrt(diagonal(cov_{label}));",
        f"matrix[{size}, {size}] cor_{label} = quad_form_diag(cov_{label}, 1 ./ sd_{label});",
    ]
