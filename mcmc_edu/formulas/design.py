"""Designs from a formula and a table: the arrays of a hierarchical model.

    design("Reaction ~ Days + (Days | Subject)", sleepstudy)

`formula` splits the text, formulaic makes the matrix of the common terms and of each bar, and
groups become integer indices.  Factors have treatment coding, the first level as the baseline.
Needs pandas and formulaic: ``pip install 'mcmc_edu[formula]'``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from ..compiling import FloatArray
from . import columns as tables
from .arrays import Design, Grouping, Index, collinear, grouping
from .bare_arrays import from_arrays
from .factors import Factors, prepared
from .formula import Bar, Formula, FormulaError, parse
from .matrices import Matrices
from .names import unknown, used
from .weights import ALLOWED, called, checked, of_rows, times

__all__ = ["Design", "Grouping", "collinear", "design", "from_arrays"]


@dataclass(frozen=True, eq=False)
class _Fitted:
    """Parts of the fit's design that new rows reuse."""

    matrices: Mapping[str, Any]
    """formulaic's description of each matrix, by its text: constants of transformations, levels."""
    factors: Factors
    groups: Mapping[str, tuple[str, ...]]
    """Levels of each group."""
    outcome_levels: tuple[str, ...]
    outcome_in_order: bool
    outcome_declared: tuple[str, ...]


def design(formula: str, data: Any, missing: str = "error", weights: str | None = None) -> Design:
    """Make the arrays of a formula's model.

    Parameters
    ----------
    formula
        As `formula.parse` reads it; in terms, ``log``, ``sqrt``, ``exp``, ``I``, ``scale``,
        ``center``, ``rescale`` (centred and divided by two sds), ``poly``, ``bs``, ``C`` or
        ``factor`` and NumPy's functions as ``np.name``.
    data
        A pandas data frame, a mapping from names to one-dimensional arrays or lists, or anything
        with ``to_pandas()``.  Text, categoricals and truth values are factors; a categorical
        keeps the order of its levels, unused ones are dropped.  Expressions such as
        ``I(flag == True)`` see columns as they were given, true counting as 1.
    missing
        What to do with rows where a column in use has no value: ``"error"`` or ``"drop"``.
    weights
        The column that says how many observations each row stands for: whole numbers.  Rows of
        weight 0 are left out, and so are levels that have no other row.

    Returns
    -------
    The design; an outcome of truth values or of words is 0, 1, ..., in the order of its levels.

    Raises
    ------
    ValueError
        If the formula cannot be read or names what the data lack; if a value is missing or not
        finite; if the columns differ in length or have no rows.
    ImportError
        If pandas or formulaic is not installed.

    Examples
    --------
    >>> made = design("y ~ x + (1 | g)", {"y": [1, 2, 3], "x": [0, 1, 5], "g": ["b", "a", "b"]})
    >>> made.names, made.columns.tolist()
    (('Intercept', 'x'), [[1.0, 0.0], [1.0, 1.0], [1.0, 5.0]])
    >>> made.groupings[0].levels, made.groupings[0].index.tolist()
    (('a', 'b'), [1, 0, 1])
    """
    need_libraries()
    if missing not in ("error", "drop"):
        raise ValueError(f'missing is {missing!r}; it must be "error" or "drop"')
    parsed = parse(formula)
    columns = tables.table(data)
    needed = [*_used(_response(parsed), columns), *_used(_terms(parsed), columns)]
    used_columns = [*needed, *_group_columns(parsed), *([weights] if weights else [])]
    frame, dropped = tables.whole(_select(columns, used_columns), missing)
    if weights is None:
        return replace(_assemble(parsed, frame, needed, None), dropped=dropped)
    counts = weights_of(frame, weights)
    lost = int((counts == 0).sum())
    made = _assemble(parsed, frame.iloc[times(counts)], needed, None)
    counts = counts[counts > 0]
    first = np.cumsum(counts) - counts
    return replace(of_rows(made, first), dropped=dropped + lost, weights=counts)


def weights_of(frame: Any, name: str) -> Index:
    """Weights of the rows of a frame that `columns.whole` made."""
    if not tables.is_number(frame[name]) or tables.is_boolean(frame[name]):
        raise ValueError(f"{called(name)} are no numbers; {ALLOWED}")
    return checked(tables.floats(frame[name]), name, np.asarray(frame.index, dtype=np.int64))


def need_libraries() -> None:
    """Check that what formulas need is installed.

    Raises
    ------
    ImportError
        If pandas or formulaic is not.
    """
    try:
        import formulaic  # noqa: F401
        import pandas  # noqa: F401
    except ImportError as error:
        raise ImportError(
            f"a formula needs pandas and formulaic ({error}): pip install 'mcmc_edu[formula]'; or "
            "use from_arrays(y, X, group), which needs neither"
        ) from error


def _response(parsed: Formula) -> list[str]:
    response = parsed.response
    return [text for text in (response.outcome, response.trials, response.se) if text]


def _terms(parsed: Formula) -> list[str]:
    return [parsed.common, *(bar.coefficients for bar in parsed.bars), *parsed.offsets]


def _group_columns(parsed: Formula) -> list[str]:
    return [name for bar in parsed.bars for name in bar.group]


def _used(texts: Sequence[str], columns: Mapping[str, Any]) -> list[str]:
    return [name for text in texts for name in used(text, columns)]


def _select(columns: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    for name in names:
        if name not in columns:
            raise unknown(name, columns)
    return {name: columns[name] for name in dict.fromkeys(names)}


def _new_rows(
    parsed: Formula, fitted: _Fitted, data: Any, groups: bool, optional: Sequence[str]
) -> Design:
    """Make the design of new rows; absent parts of the response are left out."""
    columns = tables.table(data)
    bars = [bar for bar in parsed.bars if groups and not _lacking(bar, columns, optional)]
    parsed = replace(parsed, bars=tuple(bars))
    needed = _used(_terms(parsed), columns)
    outcome, *others = (_there(text, columns) for text in _response(parsed))
    needed += [name for names in others for name in names]
    for name in _group_columns(parsed):
        if name not in columns:
            raise FormulaError(
                f"{unknown(name, columns)}. Predictions of the population's own line, "
                "new_groups='zero' (of an effect, groups='zero'), need no column of the group"
            )
    chosen = _select(columns, [*needed, *_group_columns(parsed)])
    frame, _ = tables.whole(chosen, "new", tables.size(columns))
    made = _assemble(parsed, frame, needed, fitted)
    return replace(made, y=_new_outcome(parsed, fitted, _select(columns, outcome), len(frame)))


def _lacking(bar: Bar, columns: Mapping[str, Any], optional: Sequence[str]) -> bool:
    """Return whether a column of the bar's group is absent and optional."""
    return ":".join(bar.group) in optional and not all(name in columns for name in bar.group)


def _new_outcome(
    parsed: Formula, fitted: _Fitted, columns: Mapping[str, Any], rows: int
) -> FloatArray:
    """Return the outcome of new rows, or an empty array if it is absent or invalid."""
    if not columns:
        return np.empty(0)
    try:
        frame, _ = tables.whole(columns, "new")
        ready = prepared(frame, columns, fitted.factors)
        make = Matrices(frame, ready, dict(fitted.matrices), False)
        y, _, _ = _outcome(parsed.response.outcome, make, fitted)
    except (TypeError, ValueError):
        return np.empty(0)
    return y if y.size == rows else np.empty(0)


def _there(text: str, columns: Mapping[str, Any]) -> list[str]:
    """Return the columns in an expression, or none if one of them is absent."""
    try:
        return used(text, columns)
    except FormulaError:
        return []


def _assemble(parsed: Formula, frame: Any, needed: Sequence[str], fitted: _Fitted | None) -> Design:
    """Make all parts of a design, learnt from the frame or, for new rows, as `fitted`."""
    columns = prepared(frame, dict.fromkeys(needed), None if fitted is None else fitted.factors)
    make = Matrices(frame, columns, {} if fitted is None else dict(fitted.matrices), fitted is None)
    names, common = make.matrix(parsed.common, f"the common terms `{parsed.common}`")
    groups = {} if fitted is None else dict(fitted.groups)
    groupings = tuple(_grouping(bar, frame, make, groups) for bar in parsed.bars)
    _refuse_shared(groupings)
    offsets = [make.one(text, f"the offset `{text}`") for text in parsed.offsets]
    response = parsed.response
    declared = _declared(response.outcome, make) if fitted is None else fitted.outcome_declared
    if fitted is None:
        y, levels, in_order = _outcome(response.outcome, make, None)
    else:
        y, levels, in_order = np.empty(0), fitted.outcome_levels, fitted.outcome_in_order
    trials = se = None
    if response.trials and make.has(response.trials):
        trials = make.one(response.trials, f"trials({response.trials})")
    if response.se and make.has(response.se):
        se = make.one(response.se, f"se({response.se})")
    known = (
        _Fitted(make.made, columns.factors, groups, levels, in_order, declared)
        if fitted is None
        else fitted
    )
    return Design(
        formula=parsed.text,
        outcome=response.outcome,
        y=y,
        trials=trials,
        se=se,
        offset=np.sum([np.zeros(len(frame)), *offsets], axis=0),
        names=names,
        columns=common,
        groupings=groupings,
        outcome_levels=levels,
        outcome_in_order=in_order,
        outcome_declared=declared,
        make_again=partial(_new_rows, parsed, known),
    )


def _grouping(bar: Bar, frame: Any, make: Matrices, groups: dict[str, tuple[str, ...]]) -> Grouping:
    name = ":".join(bar.group)
    text = f"the bar `({bar.coefficients} {'|' if bar.correlated else '||'} {name})`"
    names, columns = make.matrix(bar.coefficients, text)
    if not names:
        raise FormulaError(f"{text} has no coefficient; write (1 | {name})")
    codes, labels = tables.combined(frame, bar.group)
    made = grouping(name, codes, labels, names, columns, bar.correlated, groups.get(name))
    if make.first:
        groups[name] = made.levels
    return made


def _refuse_shared(groupings: Sequence[Grouping]) -> None:
    """Refuse two bars of one group that share a coefficient.

    The data would determine only the sum of the coefficient's variances.
    """
    seen: set[tuple[str, str]] = set()
    for one in groupings:
        for name in one.names:
            if (one.name, name) in seen:
                raise FormulaError(
                    f"two bars give the levels of {one.name} the coefficient {name!r}; leave it "
                    f"out of one of them, an intercept by 0 +, as in (1 | {one.name}) + "
                    f"(0 + x | {one.name})"
                )
            seen.add((one.name, name))


def _declared(text: str, make: Matrices) -> tuple[str, ...]:
    """All levels of an outcome that is a categorical."""
    name = text.strip("`")
    return tables.declared(make.frame[name]) if name in make.columns.factors else ()


def _outcome(
    text: str, make: Matrices, fitted: _Fitted | None
) -> tuple[FloatArray, tuple[str, ...], bool]:
    """Return the outcome as numbers, its levels if it is a factor, and whether they are ordered."""
    before = () if fitted is None else fitted.outcome_levels
    if not make.has(text):
        return np.empty(0), before, True
    name = text.strip("`")
    factor = make.columns.factors.get(name)
    if factor is None:
        return make.one(text, f"the outcome `{text}`"), before, True
    codes = np.asarray(make.ready[name].cat.codes, dtype=np.float64)
    return codes, before or factor.levels, not tables.is_text(make.frame[name])
