"""Effects of the levels of a bar, ``r_``, and their place in the linear predictor."""

from __future__ import annotations

from collections.abc import Iterator

from ...regression.coordinates.units import rows_of_block
from ..prepared import Prepared
from . import unpooled
from .blocks import Blocks, bar, commented, listed
from .covariance import Term, scales_and_correlations, sd_name, turned


def bars(model: Prepared, blocks: Blocks) -> None:
    """Declare the effects of all bars with their priors, and add them to the predictor."""
    for term in _terms(model):
        _declare_data(model, blocks, term)
        if model.pooling == "none":
            unpooled.coefficients(model, blocks, term)
        else:
            scales_and_correlations(model, blocks, term)
            _effects(model, blocks, term)
        _add(model, blocks, term)
        for j, level in enumerate(term.grouping.levels):
            for k, name in enumerate(term.grouping.names):
                vector = term.size == 1 and model.pooling != "none"
                at = f"[{j + 1}]" if vector else f"[{j + 1},{k + 1}]"
                blocks.names[f"r_{term.label}{at}"] = f"b({term.grouping.name}: {name})[{level}]"


def _terms(model: Prepared) -> Iterator[Term]:
    design = model.design
    for t, g in enumerate(design.groupings):
        if design.blocks is None:
            yield Term(t, t + 1, str(t + 1), 0, g, g.columns)
        else:
            number, c = t // design.blocks + 1, t % design.blocks + 1
            columns, _ = rows_of_block(g, design.blocks)
            yield Term(t, number, f"{number}_{c + 1}", c, g, columns)


def _declare_data(model: Prepared, blocks: Blocks, term: Term) -> None:
    """Declare the levels and columns of a bar; those of a later category are the first's."""
    g, number, size = term.grouping, term.bar, term.size
    if term.category <= 1:
        levels = len(g.levels)
        blocks.give(
            "int<lower=1>", f"J_{number}", levels, f"levels of {g.name}: {listed(g.levels)}"
        )
        index = g.index[: model.design.y.size] + 1
        blocks.give(f"array[N] int<lower=1, upper=J_{number}>", f"g_{number}", index, g.name)
        names = listed(g.names)
        if size > 1 or model.pooling == "none":
            blocks.give(f"matrix[N, {size}]", f"Z_{number}", term.columns, names)
        elif not _constant(term):
            blocks.give("vector[N]", f"Z_{number}", term.columns[:, 0], names)
    turn = turned(model, term.t) if model.pooling != "none" else None
    if turn is not None and f"turn_{number}" not in blocks.values:
        what = "from effects at the predictors' means to effects at 0"
        blocks.give(f"matrix[{size}, {size}]", f"turn_{number}", turn, what)


def _constant(term: Term) -> bool:
    """Return whether the only coefficient of a bar is its intercept."""
    return term.size == 1 and bool((term.columns == 1.0).all())


def _effects(model: Prepared, blocks: Blocks, term: Term) -> None:
    """Declare the effects of a bar, centred if the sampler has them so, else non-centred."""
    form = model.choices[term.t].form
    note = {
        "centered": "effects",
        "noncentered": "standardised effects",
        "collapsed": "standardised effects",
    }[form]
    write = _centred if form == "centered" else _noncentred
    out = ", which mcmc_edu integrates out" * (form == "collapsed")
    write(model, blocks, term, f"{note} of {bar(term.grouping)}{out}")


def _noncentred(model: Prepared, blocks: Blocks, term: Term, note: str) -> None:
    label, size, levels, sd = term.label, term.size, f"J_{term.bar}", sd_name(model, term)
    if size == 1:
        blocks.parameters.append(commented(f"vector[{levels}] xi_{label};", note))
        blocks.priors.append(f"xi_{label} ~ std_normal();")
        blocks.transformed.append(f"vector[{levels}] r_{label} = {sd} * xi_{label};")
        return
    blocks.parameters.append(commented(f"matrix[{size}, {levels}] xi_{label};", note))
    blocks.priors.append(f"to_vector(xi_{label}) ~ std_normal();")
    made = f"diag_pre_multiply({sd}, xi_{label})"
    if term.correlated:
        root = f"diag_pre_multiply({sd}, L_{label})"
        turn = f"turn_{term.bar} * " if turned(model, term.t) is not None else ""
        made = f"({turn}{root} * xi_{label})"
    blocks.transformed.append(f"matrix[{levels}, {size}] r_{label} = {made}';")


def _centred(model: Prepared, blocks: Blocks, term: Term, note: str) -> None:
    label, size, levels, sd = term.label, term.size, f"J_{term.bar}", sd_name(model, term)
    if size == 1:
        blocks.parameters.append(commented(f"vector[{levels}] r_{label};", note))
        blocks.priors.append(f"r_{label} ~ normal(0, {sd});")
    elif not term.correlated:
        blocks.parameters.append(commented(f"matrix[{levels}, {size}] r_{label};", note))
        blocks.priors += [f"r_{label}[, {k}] ~ normal(0, {sd}[{k}]);" for k in range(1, size + 1)]
    else:
        line = f"array[{levels}] vector[{size}] c_{label};"
        blocks.parameters.append(commented(line, note))
        zero, root = f"rep_vector(0, {size})", f"diag_pre_multiply({sd}, L_{label})"
        blocks.priors.append(f"c_{label} ~ multi_normal_cholesky({zero}, {root});")
        turn = f"turn_{term.bar} * " if turned(model, term.t) is not None else ""
        each = f"({turn}c_{label}[j])'" if turn else f"c_{label}[j]'"
        blocks.transformed += [
            f"matrix[{levels}, {size}] r_{label};",
            f"for (j in 1:{levels}) r_{label}[j] = {each};",
        ]


def _add(model: Prepared, blocks: Blocks, term: Term) -> None:
    """Add the effects to the linear predictor."""
    label, number = term.label, term.bar
    target = f"eta[, {term.category}]" if term.category else "eta"
    effects = f"r_{label}[g_{number}]"
    if term.size > 1 or model.pooling == "none":
        effects = f"rows_dot_product(Z_{number}, {effects})"
    elif not _constant(term):
        effects = f"Z_{number} .* {effects}"
    blocks.predictor.append(commented(f"{target} += {effects};", bar(term.grouping)))
