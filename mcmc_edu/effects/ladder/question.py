"""The question of a ladder: outcome, treatment, factors and data, checked together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from ...formulas import columns as tables
from ...formulas import parse
from ...formulas.names import used
from ...formulas.scanning import quoted
from ...models.verbs.effect.rows import several

FAMILIES = ("gaussian", "student", "bernoulli", "binomial", "poisson", "negbin")
"""Families with one effect for each subgroup, on a scale whose unit is known."""
MANY = 20
"""A column of numbers with more values than this is no factor."""
SHOWN = 5
"""Levels, rows or columns that an error names."""


@dataclass(frozen=True, eq=False)
class Question:
    """What a ladder is asked."""

    outcome: str
    treatment: str
    factors: tuple[str, ...]
    controls: tuple[str, ...]
    covariates: tuple[str, ...]
    frame: Any
    """The data, a pandas data frame."""
    family: str
    values: tuple[Any, Any]
    """Low and high value of the treatment."""

    @property
    def low(self) -> Any:
        """Value of the treatment in the first arm."""
        return self.values[0]

    @property
    def high(self) -> Any:
        """Value of the treatment in the second arm."""
        return self.values[1]

    @property
    def width(self) -> float:
        """Distance between the two values if the treatment is a number, or 1."""
        column = self.frame[self.treatment]
        if tables.is_boolean(column) or not tables.is_number(column):
            return 1.0
        return abs(float(self.high) - float(self.low))

    @property
    def dose(self) -> bool:
        """Whether the treatment is a number of more than two values, whose effect is a line."""
        column = self.frame[self.treatment]
        number = tables.is_number(column) and not tables.is_boolean(column)
        return number and len(values_of(column)) > 2

    def levels(self, factor: str) -> list[Any]:
        """List the levels of a factor that occur, in order."""
        return values_of(self.frame[factor])

    def subgroups(self) -> list[dict[str, Any]]:
        """List the combinations of levels that occur, in order, the first factor slowest."""
        found = self.frame[list(self.factors)].drop_duplicates()
        places = [{v: i for i, v in enumerate(self.levels(name))} for name in self.factors]
        rows = [tuple(row) for row in found.itertuples(index=False)]
        rows.sort(key=lambda row: [place[v] for place, v in zip(places, row, strict=True)])
        return [dict(zip(self.factors, row, strict=True)) for row in rows]

    def check_where(self, where: Any) -> None:
        """Refuse a subgroup that names no factor, or a level that is not in the data.

        Raises
        ------
        ValueError
            If it does.
        """
        if not isinstance(where, Mapping) or not where:
            first = self.factors[0]
            raise ValueError(
                f"where={where!r}: expected levels by factor. Pass for example "
                f"{{{first!r}: {self.levels(first)[0]!r}}}"
            )
        for name, asked in where.items():
            if name not in self.factors:
                raise ValueError(
                    f"where={where!r}: {name!r} is no factor of this ladder. Name some of "
                    f"{', '.join(self.factors)}"
                )
            there = self.levels(name)
            wrong = [value for value in several(asked) if value not in there]
            if wrong:
                raise ValueError(
                    f"where={where!r}: {wrong[0]!r} is no level of {name}. Its levels are "
                    f"{some(there)}"
                )


def values_of(column: Any) -> list[Any]:
    """List the values of a column that occur: categories in their order, others sorted."""
    import pandas

    if isinstance(column.dtype, pandas.CategoricalDtype):
        there = set(column.dropna())
        return [level for level in column.cat.categories if level in there]
    return sorted(column.dropna().unique().tolist())


def some(values: Sequence[Any]) -> str:
    """Write the first few values."""
    return ", ".join(map(repr, values[:SHOWN])) + ", ..." * (len(values) > SHOWN)


def question_of(
    outcome: str,
    treatment: str,
    factors: Sequence[str],
    controls: Sequence[str],
    covariates: Sequence[str],
    data: Any,
    family: str,
    values: Sequence[Any] | None,
) -> Question:
    """Check what is asked, against the data and within itself.

    Raises
    ------
    ValueError
        If a column is absent or has missing values; there are fewer than two factors; the treatment
        is constant, is a factor too, or has more than two values and none are named; a factor is a
        number with many values, or constant; the family has no single effect.
    """
    import pandas

    frame = pandas.DataFrame(dict(data)) if not isinstance(data, pandas.DataFrame) else data
    if family not in FAMILIES:
        raise ValueError(f"family={family!r}: expected one of {', '.join(map(repr, FAMILIES))}")
    named = {
        "factors": listed("factors", factors),
        "controls": listed("controls", controls),
        "covariates": listed("covariates", covariates),
    }
    outcome = quoted(outcome) if outcome in frame else outcome
    response = parse(f"{outcome} ~ 1").response
    of_outcome = used(response.outcome, frame)
    trials = used(response.trials, frame) if response.trials else []
    _check_columns(frame, [*of_outcome, *trials], treatment, named)
    _check_factors(frame, outcome, of_outcome, treatment, named["factors"])
    for name in named["covariates"]:
        if not tables.is_number(frame[name]) or tables.is_boolean(frame[name]):
            raise ValueError(
                f"covariates: {name!r} is not a number. Pass it among factors= if it has levels"
            )
        if name in (treatment, *named["factors"]):
            raise ValueError(f"covariates: {name!r} is the treatment or a factor. Leave it out")
    pair = _values(frame[treatment], treatment, values)
    return Question(
        outcome,
        treatment,
        tuple(named["factors"]),
        tuple(quoted(term) if term in frame else term for term in named["controls"]),
        tuple(named["covariates"]),
        frame,
        family,
        pair,
    )


def listed(argument: str, names: Any) -> list[str]:
    """Return names as a list; one name may stand alone."""
    found = [names] if isinstance(names, str) else list(names)
    twice = [name for i, name in enumerate(found) if name in found[:i]]
    if twice:
        raise ValueError(f"{argument}={names!r}: {twice[0]!r} is there twice. Name it once")
    return found


def _check_columns(
    frame: Any, of_response: Sequence[str], treatment: str, named: Mapping[str, Sequence[str]]
) -> None:
    """Refuse columns that are absent or have missing values; controls may be terms."""
    asked = [("treatment", treatment)] + [(k, name) for k, names in named.items() for name in names]
    there = [str(name) for name in frame]
    for argument, name in asked:
        if name in frame or argument == "controls":
            continue
        near = get_close_matches(str(name), there, 3) or there[:SHOWN]
        raise ValueError(
            f"{argument}: {name!r} is no column of the data. Columns are {', '.join(near)}"
        )
    for name in dict.fromkeys([*of_response, *(name for _, name in asked)]):
        if name not in frame:
            continue
        missing = frame[name].isna().to_numpy().nonzero()[0].tolist()
        if missing:
            raise ValueError(
                f"data: {name!r} is missing in {len(missing)} rows, the first of them row "
                f"{missing[0]} (counted from 0). Leave such rows out, "
                f"data.dropna(subset=[{name!r}]), so that all steps have the same rows"
            )


def _check_factors(
    frame: Any, outcome: str, of_outcome: Sequence[str], treatment: str, factors: Sequence[str]
) -> None:
    if treatment in of_outcome:
        raise ValueError(f"treatment: {treatment!r} is the outcome, or in it. Name another column")
    if treatment in factors:
        raise ValueError(
            f"factors={factors!r}: {treatment!r} is the treatment. Name what modifies its effect"
        )
    for name in factors:
        if name in of_outcome:
            raise ValueError(
                f"factors={factors!r}: {name!r} is the outcome, or in it. Leave it out"
            )
    if len(factors) < 2:
        z = quoted(treatment)
        raise ValueError(
            f"factors={factors!r}: expected two or more. With one, fit "
            f"me.Model('{outcome} ~ {z} + (1 + {z} | {''.join(map(quoted, factors)) or 'g'})')"
        )
    for name in factors:
        levels = values_of(frame[name])
        if len(levels) < 2:
            raise ValueError(
                f"factors: {name!r} is {levels[0]!r} in every row, and modifies nothing. Leave it "
                "out"
            )
        if tables.is_number(frame[name]) and len(levels) > MANY:
            raise ValueError(
                f"factors: {name!r} is a number with {len(levels)} values. Bin it, for example "
                f"pandas.cut(data[{name!r}], 5).astype(str), or pass it in covariates="
            )


def _values(column: Any, treatment: str, values: Sequence[Any] | None) -> tuple[Any, Any]:
    """Return the two values of the treatment, low and high."""
    there = values_of(column)
    if len(there) < 2:
        raise ValueError(
            f"treatment: {treatment!r} is {there[0]!r} in every row. Its effect cannot be told "
            "from these data; take rows of both arms"
        )
    if values is None:
        if len(there) > 2:
            raise ValueError(
                f"values: expected the two values of {treatment!r} to compare, which has "
                f"{len(there)} ({some(there)}). Pass for example values=({there[0]!r}, "
                f"{there[-1]!r})"
            )
        return there[0], there[1]
    pair = list(values) if isinstance(values, list | tuple) else []
    if len(pair) != 2 or pair[0] == pair[1]:
        raise ValueError(
            f"values={values!r}: expected two that differ, (low, high). Pass for example "
            f"values=({there[0]!r}, {there[1]!r})"
        )
    wrong = [v for v in pair if v not in there and not _is_dose(column, v)]
    if wrong:
        raise ValueError(f"values={values!r}: {wrong[0]!r} is none of {some(there)}")
    return pair[0], pair[1]


def _is_dose(column: Any, value: Any) -> bool:
    """Whether a treatment is measured in numbers, of which this is one."""
    return tables.is_number(column) and isinstance(value, int | float)
