"""Draws as ArviZ has them: an xarray DataTree with a group for each kind of numbers.

Models add groups of their own: `models.verbs.arviz`.  Needs arviz-base.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from ..compiling import FloatArray, users_line
from .record import Record

SAMPLE_STATS = {
    "divergent": "diverging",
    "energy": "energy",
    "logp": "lp",
    "depth": "tree_depth",
    "n_gradients": "n_steps",
    "accept_prob": "acceptance_rate",
    "accepted": "accepted",
    "step_size": "step_size",
}
"""What ArviZ calls what we record."""

SHOWN = 8
"""How many names a warning lists."""

Groups = Mapping[str, Mapping[str, Any]]
"""Arrays by group and name."""


def to_arviz(draws: Record) -> Any:
    """Make a DataTree: see `Draws.to_arviz`."""
    if draws.natural:
        return tree(
            {"posterior": draws.natural, "sample_stats": sample_stats(draws), **warmup(draws)},
            {name: [f"{name}_dim_0"] for name in draws.labels},
            {f"{name}_dim_0": labels for name, labels in draws.labels.items()},
        )
    posterior = _of_theta(draws)
    entries = {
        stem: [_index(name) for name in draws.names if name.startswith(f"{stem}[")]
        for stem, values in posterior.items()
        if values.ndim == 3
    }
    return tree(
        {"posterior": posterior, "sample_stats": sample_stats(draws), **warmup(draws)},
        {stem: [f"{stem}_dim_0"] for stem in entries},
        {f"{stem}_dim_0": labels for stem, labels in entries.items()},
    )


def warmup(draws: Record) -> Groups:
    """Return the groups of warm-up; none if it was not kept."""
    if draws.warmup is None:
        return {}
    posterior = draws.warmup.natural or _of_theta(draws.warmup)
    return {"warmup_posterior": posterior, "warmup_sample_stats": sample_stats(draws.warmup)}


def _of_theta(draws: Record) -> dict[str, FloatArray]:
    """Entries of theta, those of one stem together."""
    stems = dict.fromkeys(_stem(name, draws.names) for name in draws.names)
    return {stem: draws[stem] for stem in stems}


def _stem(name: str, names: Sequence[str]) -> str:
    """``alpha`` of ``alpha[0]``, unless that is a quantity of its own."""
    stem = name.partition("[")[0]
    return name if stem in names else stem


def _index(name: str) -> int | str:
    label = name.partition("[")[2].removesuffix("]")
    return int(label) if label.isdecimal() else label


def sample_stats(draws: Record) -> dict[str, Any]:
    """Return what the sampler recorded, under ArviZ' names."""
    return {SAMPLE_STATS[ours]: x for ours, x in draws.stats.items() if ours in SAMPLE_STATS}


def tree(
    groups: Groups,
    dims: Mapping[str, Sequence[str]] | None = None,
    coords: Mapping[str, Sequence[Any]] | None = None,
    renamed: Mapping[str, str] | None = None,
) -> Any:
    """Make a DataTree of groups, with names of dimensions and labels along them.

    Parameters
    ----------
    groups, dims, coords
        Arrays by group and name, names of their dimensions beyond chain and draw, and labels.
    renamed
        Names that were changed already, by what they were.

    Warns
    -----
    UserWarning
        If names are others in the tree.

    Raises
    ------
    ImportError
        If arviz-base is not installed.
    """
    try:
        from arviz_base import from_dict
    except ImportError as error:
        raise ImportError(
            f"to_arviz needs arviz-base ({error}): pip install 'mcmc_edu[arviz]'"
        ) from error
    dims, coords = dims or {}, coords or {}
    axis = legal((dim for own in dims.values() for dim in own), set())
    name = legal((n for values in groups.values() for n in values), {*axis.values()})
    _say_what_is_renamed([axis, name, renamed or {}])
    return from_dict(
        {group: {name[n]: x for n, x in values.items()} for group, values in groups.items()},
        dims={name[n]: [axis[dim] for dim in own] for n, own in dims.items()},
        coords={axis[dim]: np.asarray(labels) for dim, labels in coords.items()},
        save_warmup=True,  # if there is any
    )


def _say_what_is_renamed(maps: Iterable[Mapping[str, str]]) -> None:
    """Warn the caller, who may look for the old names."""
    pairs = (pair for names in maps for pair in names.items())
    changed = list(dict.fromkeys(f"{old!r} is {new!r}" for old, new in pairs if new != old))
    if changed:
        more = f" and {len(changed) - SHOWN} more" if len(changed) > SHOWN else ""
        warnings.warn(
            f"in the tree {', '.join(changed[:SHOWN])}{more}: chain, draw and row are its "
            "dimensions, a slash begins a group, and no two names may be alike",
            stacklevel=users_line(),
        )


def legal(names: Iterable[str], taken: set[str]) -> dict[str, str]:
    """Names for a DataTree, by name: a slash would begin a new group, and no two may be alike."""
    found: dict[str, str] = {}
    for name in dict.fromkeys(names):
        new = name.replace("/", "|")
        while new in {"chain", "draw", *taken, *found.values()}:
            new += "_"
        found[name] = new
    return found
