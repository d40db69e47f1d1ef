"""Designs of every structure for the tests of the general model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import model_on_paper as paper
import numpy as np

from mcmc_edu import priors as P
from mcmc_edu.families import FAMILIES, Family
from mcmc_edu.families.categories import arranged
from mcmc_edu.formulas import INTERCEPT, Design, Grouping
from mcmc_edu.regression.coordinates.units import units_format_1
from mcmc_edu.regression.prepare.assembly import Assembled, assemble
from mcmc_edu.regression.prior_choice.choice import choose
from mcmc_edu.regression.prior_choice.defaults import FORMAT_1
from mcmc_edu.regression.quantities import Quantities

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
    "1|g collapsed, 0+x|g": ([("g", (INTERCEPT,)), ("g", ("x",))], ["collapsed", "noncentered"]),
    "unpooled": ([("g", (INTERCEPT, "x"))], ["unpooled"]),
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
    for form in ("noncentered", "centered", "collapsed", "unpooled")
} | {"line of all": ([], [])}
"""The same where all there is of a group is its line, which also common coefficients move."""

MOVING = {
    (INTERCEPT,): (INTERCEPT, "v"),
    ("x",): ("x", "x:v"),
    (INTERCEPT, "x"): (INTERCEPT, "x", "v", "x:v"),
}
"""Common coefficients that belong to lines of these coefficients."""

PRIORS: dict[str, dict[str, P.Prior]] = {
    "defaults": {},
    "half-t and LKJ": {"sd": P.HalfT(3, 2), "cor": P.LKJ(2), "b": P.StudentT(4, 0.5, 3)},
    "uniform": {"sd": P.Uniform(0, 10), "b": P.Uniform(-50, 50), "Intercept": P.Normal(1, 20)},
    "decov": {"covariance": P.Decov(2, 1.5, 2, 0.7), "b": P.Cauchy(0, 1)},
    "others": {"sd": P.HalfNormal(2), "cor": P.LKJ(0.7)},
    "horseshoe": {"b": P.RegularizedHorseshoe(0.3, 2.0, 5.0, 1.5, 2.5), "sd": P.HalfNormal(2)},
    "horseshoe, scaled": {"b": P.RegularizedHorseshoe(0.3, autoscale=True), "w": P.Normal(0, 1)},
    "scaled": {
        "Intercept": P.Cauchy(0.2, 1.5, autoscale=True),
        "b": P.StudentT(4, 0.5, 3, autoscale=True),
        "sd": P.HalfT(3, 0.7, autoscale=True),
        "sigma": P.HalfNormal(1.3, autoscale=True),
        "cor": P.LKJ(1.5),
    },
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
    seen: Design
    """The design before it is arranged as the family's linear predictors see it."""
    forms: list[str]
    """Of each bar."""

    @property
    def dim(self) -> int:
        return len(self.assembled.names)

    def logp(self, theta) -> tuple[float, np.ndarray]:
        grad = np.full(self.dim, np.nan)
        model = self.assembled
        return model.log_density(np.asarray(theta, dtype=float), grad, model.data), grad

    def natural(self, theta) -> dict[str, np.ndarray]:
        found = Quantities(self.design, self.family, self.units, self.assembled)
        column = np.asarray(theta, dtype=float)[:, np.newaxis, np.newaxis]
        rng = np.random.default_rng(1)
        return {name: values[..., 0, 0] for name, values in found(column, rng).items()}

    @property
    def on_paper(self) -> paper.Model:
        """What an oracle that knows nothing of the package is told of it."""
        d, ordered = self.seen, self.family.thresholds
        kept = [q for q, name in enumerate(d.names) if not (ordered and name == INTERCEPT)]
        categories = d.outcome_levels[1:] if self.family.name == "categorical" else ()
        terms = tuple(
            paper.Term(g.name, g.index, len(g.levels), g.names, g.columns, g.correlated, form)
            for g, form in zip(d.groupings, self.forms, strict=True)
        )
        return paper.Model(
            self.family.name,
            self.family.link,
            d.y,
            d.trials,
            d.offset,
            tuple(d.names[q] for q in kept),
            d.columns[:, kept],
            terms,
            self.family.own,
            tuple(f"{level}: " for level in categories) or ("",),
            {chosen.name: chosen.written for chosen in self.priors.all()},
        )


def case(
    family: tuple[str, str],
    structure: str,
    priors: str = "defaults",
    correlated: bool = True,
    scale: float = 1.0,
    by_rows: bool = False,
) -> Case:
    """A small model; `scale` multiplies a continuous outcome."""
    kind, (terms, forms) = FAMILIES[family], (STRUCTURES | LINES)[structure]
    rng = np.random.default_rng(1)
    index = {"g": rng.integers(0, 6, ROWS), "h": rng.integers(0, 4, ROWS)}
    index["g"][:6], index["h"][:4] = np.arange(6), np.arange(4)
    columns = {INTERCEPT: np.ones(ROWS), "x": rng.normal(3, 2, ROWS), "w": rng.normal(size=ROWS)}
    columns["v"] = rng.normal(size=6)[index["g"]]  # constant in each group
    columns["x:v"] = columns["x"] * columns["v"]
    names = ("w",) if structure == "unpooled" else (INTERCEPT, "x", "w", "v", "x:v")
    if structure in LINES:
        names = MOVING[terms[0][1]] if terms else (INTERCEPT, "x")
    if structure in LINES and "unpooled" in structure:
        names = ()
    trials = None
    if kind.has_trials:
        trials = rng.integers(1, 9, ROWS).astype(float)
        y = np.minimum(np.floor(trials * rng.random(ROWS) * 1.2), trials)
    elif kind.probabilities is not None:
        y = rng.permutation(np.arange(ROWS) % 4).astype(float)
    elif kind.name == "beta":
        y = rng.uniform(size=ROWS)
    elif kind.name in ("gamma", "lognormal"):
        y = np.exp(rng.normal(size=ROWS))
    elif kind.continuous:
        y = scale * (5.0 + 3.0 * rng.normal(size=ROWS))
    else:
        y = rng.poisson(3.0, ROWS).astype(float)
    groupings = tuple(
        Grouping(
            name,
            tuple(map(str, range(index[name].max() + 1))),
            index[name],
            coefficients,
            np.column_stack([columns[c] for c in coefficients]),
            correlated,
        )
        for name, coefficients in terms
    )
    offset = scale * rng.normal(size=ROWS) if kind.continuous else 0.3 * rng.normal(size=ROWS)
    matrix = np.column_stack([np.zeros((ROWS, 0)), *(columns[name] for name in names)])
    levels = ("a", "b", "c", "d") if kind.probabilities is not None else ()
    design = Design("", "y", y, trials, offset, names, matrix, groupings, outcome_levels=levels)
    kind = kind.of_levels(levels)
    seen, design = design, arranged(design, kind)
    of_blocks = [form for form in forms for _ in range(design.blocks or 1)]
    given = PRIORS[priors]
    if not terms:
        given = {name: p for name, p in given.items() if name in ("b", INTERCEPT)}
    if structure in LINES and INTERCEPT not in names:
        given = {name: p for name, p in given.items() if name != INTERCEPT}
    units = units_format_1(design, kind)
    chosen = choose(design, kind, units, given, "unpooled" in structure, FORMAT_1)
    made = assemble(design, kind, units, chosen, of_blocks, by_rows=by_rows)
    return Case(design, kind, made, chosen, units, given, seen, forms)
