"""Predictors of a model, and the places at which conditional effects evaluate them.

All places lie within the data.  Beyond the data a model says little, and an expression such as
``log(w)`` may be undefined.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ....compiling import FloatArray
from ....formulas import INTERCEPT, parse
from ....formulas import columns as tables
from ...prepared import Prepared
from ...source import named

FEW = 3
"""Number of places of a second predictor."""
QUANTILES = (0.16, 0.5, 0.84)
"""Quantiles of a normal distribution at the mean and one sd to either side."""


@dataclass(frozen=True)
class Predictor:
    """A column of numbers, or a factor."""

    numbers: FloatArray
    levels: tuple[Any, ...] = ()

    @property
    def held(self) -> Any:
        """Value if the predictor does not vary: the mean, or the first level."""
        if self.levels:
            return self.levels[0]
        # a mean of equal numbers may be rounded to one beyond them
        return float(np.clip(self.numbers.mean(), self.numbers.min(), self.numbers.max()))

    def few(self) -> list[Any]:
        """Return all levels, or three places within the data.

        The places are the mean and one standard deviation to either side, as in brms.  If one of
        these is beyond the data, three quantiles are used.
        """
        if self.levels:
            return list(self.levels)
        sd = float(self.numbers.std(ddof=1))
        places = [self.held - sd, self.held, self.held + sd]
        if self.numbers.min() <= places[0] < places[-1] <= self.numbers.max():
            return places
        return self._quantiles()

    def _quantiles(self) -> list[float]:
        """Return up to three different places of a skewed or coarse predictor."""
        values = np.unique(self.numbers)
        if values.size <= FEW:
            return values.tolist()  # type: ignore[no-any-return]
        places = np.quantile(self.numbers, QUANTILES)
        if np.unique(places).size < FEW:  # most of the numbers are the same
            places = np.quantile(values, (0.0, 0.5, 1.0))
        return places.tolist()  # type: ignore[no-any-return]

    def many(self, grid: int) -> list[Any]:
        """Return all levels, or `grid` places from the smallest number to the largest."""
        if self.levels:
            return list(self.levels)
        return list(np.linspace(self.numbers.min(), self.numbers.max(), grid))


def predictors_of(model: Prepared) -> dict[str, Predictor]:
    """Find all predictors by column name; a column used only in an offset is excluded."""
    model = model.of_observations()  # over which means and quantiles are taken
    source = model.source
    if source.formula is None:
        if "Z" in source.values:
            raise ValueError(
                "the model was made of arrays with a Z of its own, of which it is not known how it "
                "goes with X; predict for rows of your own, fit.epred({'X': ..., 'Z': ...})"
            )
        design = model.full_design
        columns = zip(design.names, design.columns.T, strict=True)
        return {name: Predictor(column) for name, column in columns if name != INTERCEPT}
    parsed, frame = parse(source.formula), source.values
    terms = [parsed.common, *(bar.coefficients for bar in parsed.bars)]
    kept = dict.fromkeys(named(terms, frame))
    return {name: _predictor(name, frame[name], " ".join(terms)) for name in kept}


def numbers_of(model: Prepared, name: str) -> FloatArray:
    """Return a numeric column of the model's data, whatever its role, shape (row,).

    Raises
    ------
    ValueError
        If there is no such column, or the column is not numeric.
    """
    source, design = model.source, model.full_design
    if source.formula is None:
        columns = zip(design.names, design.columns.T, strict=True)
        numbers = {n: column for n, column in columns if n != INTERCEPT}
        there = list(numbers)
    else:
        frame = source.values
        there = list(map(str, frame))
        kept = [n for n in there if tables.is_number(frame[n]) and not tables.is_boolean(frame[n])]
        numbers = {n: frame[n].to_numpy(dtype=np.float64) for n in kept}
    if not isinstance(name, str) or name not in numbers:
        why = "is no numbers" if name in there else "is no column that the model uses"
        known = ", ".join(map(repr, numbers)) or "none"
        raise ValueError(f"x is {name!r}, which {why}; there are the numbers {known}")
    return np.asarray(numbers[name])


def _predictor(name: str, column: Any, terms: str) -> Predictor:
    nothing = np.empty(0)
    if tables.is_boolean(column):
        return Predictor(nothing, tables.BOOLEAN)
    if tables.is_factor(column):
        return Predictor(nothing, tables.coded(column)[1])
    if re.search(rf"\b(?:C|factor)\(\s*`?{re.escape(name)}`?\s*[,)]", terms):
        return Predictor(nothing, tuple(np.unique(tables.exact(column)).tolist()))
    return Predictor(np.asarray(column.to_numpy(dtype=np.float64)))


def names_of(effect: str, found: Mapping[str, Predictor]) -> list[str]:
    """Return the names of the one or two predictors in `effect`."""
    if not isinstance(effect, str):
        raise TypeError(f"effect is {effect!r}; give the name of a predictor, or two, 'x:z'")
    plain = effect.replace("`", "").strip()
    names = [plain] if plain in found else [name.strip() for name in plain.split(":")]
    for name in names:
        if name not in found:
            known = ", ".join(found) or "none"
            raise ValueError(f"effect names {name!r}, which is no predictor; there are {known}")
    if len(names) > 2 or len(set(names)) < len(names):
        raise ValueError(f"effect is {effect!r}; it must be one predictor, or two that differ")
    return names


def check_levels(levels: Mapping[str, Any], known: Sequence[str]) -> None:
    """Refuse values of what is not known."""
    for name in levels:
        if name not in known:
            raise ValueError(
                f"levels names {name!r}, which is no predictor; there are {', '.join(known)}"
            )


def places_of(
    found: Mapping[str, Predictor], names: Sequence[str], levels: Mapping[str, Any], grid: int
) -> tuple[list[list[Any]], dict[str, Any]]:
    """Return the values of the predictors that vary, and the fixed values of the others."""
    given = {name: _given(name, found[name], value) for name, value in levels.items()}
    usual = [found[names[0]].many(grid), *(found[name].few() for name in names[1:])]
    values = [given.get(name, places) for name, places in zip(names, usual, strict=True)]
    held = {name: predictor.held for name, predictor in found.items() if name not in names}
    for name in held.keys() & given.keys():
        if len(given[name]) > 1:
            raise ValueError(
                f"levels has {len(given[name])} values for {name!r}, which does not vary; give "
                f"one, or make it the second predictor, '{names[0]}:{name}'"
            )
        held[name] = given[name][0]
    return values, held


def _given(name: str, predictor: Predictor, value: Any) -> list[Any]:
    values = [value] if isinstance(value, str) or np.ndim(value) == 0 else list(value)
    if predictor.levels:
        text = isinstance(predictor.levels[0], str)
        values = [str(v) if text else v for v in values]
        wrong = [v for v in values if v not in predictor.levels]
        allowed = f"among {', '.join(map(str, predictor.levels))}"
    else:
        wrong = [v for v in values if not _is_number(v)]
        allowed = "finite numbers"
    if wrong or not values:
        raise ValueError(f"levels of {name!r} are {value!r}; they must be {allowed}")
    return values


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.number) and bool(np.isfinite(value))
