"""The statement of each prior in Stan's language, such as ``sigma ~ exponential(0.018)``.

Half-priors are those of the whole line, of a parameter that is declared with ``<lower=0>``: Stan
needs no constants.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from ...priors.univariate import (
    Cauchy,
    Exponential,
    Flat,
    Gamma,
    HalfCauchy,
    HalfNormal,
    HalfT,
    Normal,
    Prior,
    StudentT,
    Uniform,
)
from .blocks import Blocks, commented, listed


def number(value: float) -> str:
    """Write a number with eight digits."""
    return f"{value + 0.0:.8g}"


DISTRIBUTIONS: dict[type[Prior], Callable[[Any], tuple[str, tuple[float, ...]]]] = {
    Normal: lambda p: ("normal", (p.location, p.scale)),
    StudentT: lambda p: ("student_t", (p.df, p.location, p.scale)),
    Cauchy: lambda p: ("cauchy", (p.location, p.scale)),
    Uniform: lambda p: ("uniform", (p.low, p.high)),
    HalfNormal: lambda p: ("normal", (0.0, p.scale)),
    HalfT: lambda p: ("student_t", (p.df, 0.0, p.scale)),
    HalfCauchy: lambda p: ("cauchy", (0.0, p.scale)),
    Exponential: lambda p: ("exponential", (p.rate,)),
    Gamma: lambda p: ("gamma", (p.shape, p.rate)),
}
"""Name and parameters of Stan's distribution for each prior."""


class Shown(NamedTuple):
    """A parameter with its prior, as the program has it."""

    prior: Prior
    comment: str


def distribution(prior: Prior) -> str:
    """Write a prior as a distribution.

    Raises
    ------
    ValueError
        If Stan has no distribution for it here.
    """
    if type(prior) not in DISTRIBUTIONS:
        raise ValueError(
            f"prior is {prior!r}, which `stan` cannot write; it can write "
            f"{', '.join(kind.__name__ for kind in DISTRIBUTIONS)}"
        )
    name, numbers = DISTRIBUTIONS[type(prior)](prior)
    return f"{name}({', '.join(map(number, numbers))})"


def bounds(prior: Prior, positive: bool = False) -> str:
    """Return the bounds of a parameter with this prior, as its declaration has them."""
    if isinstance(prior, Uniform):
        return f"<lower={number(prior.low)}, upper={number(prior.high)}>"
    return "<lower=0>" if positive else ""


def statement(name: str, prior: Prior, comment: str = "") -> str:
    """Write the prior of a parameter as a statement, or a comment if it is flat."""
    if isinstance(prior, Flat):
        return commented(f"// {name} has a flat prior", comment)
    return commented(f"{name} ~ {distribution(prior)};", comment)


def declare_vector(
    blocks: Blocks,
    name: str,
    chosen: Sequence[Shown],
    positive: bool = False,
    comment: str | None = None,
) -> None:
    """Declare a vector of parameters.

    Elements with bounds of their own are declared each by itself, and put together.
    """
    size, same = len(chosen), {bounds(one.prior, positive) for one in chosen}
    if len(same) == 1:
        about = listed([one.comment for one in chosen]) if comment is None else comment
        blocks.parameters.append(commented(f"vector{same.pop()}[{size}] {name};", about))
        return
    single = [f"{name}_{k + 1}" for k in range(size)]
    for x, one in zip(single, chosen, strict=True):
        declared = f"real{bounds(one.prior, positive)} {x};"
        blocks.parameters.append(commented(declared, one.comment))
    blocks.transformed.append(f"vector[{size}] {name} = [{', '.join(single)}]';")


def statements(name: str, chosen: Sequence[Shown]) -> list[str]:
    """Write the priors of the elements of a vector; neighbours with one prior share a statement."""
    found, first = [], 1
    for _, run in groupby(chosen, key=lambda one: statement("", one.prior)):
        members = list(run)
        last = first + len(members) - 1
        where = f"[{first}]" if first == last else f"[{first}:{last}]"
        whole = last - first + 1 == len(chosen) > 1
        comment = listed([one.comment for one in members if one.comment])
        found.append(statement(name if whole else name + where, members[0].prior, comment))
        first = last + 1
    return found
