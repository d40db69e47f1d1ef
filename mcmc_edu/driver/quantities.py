"""Quantities that follow from theta: what `natural` gives, checked and laid out.

A user's function maps theta to what a person wants: sigma, not log sigma.  Where that is random, as
effects that were integrated out are, it takes a second argument, a generator.  Every chain has one
of its own, so that the quantities of chain k are the same however many chains there are.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from ..compiling import FloatArray

Natural = Callable[..., Mapping[str, ArrayLike]]
"""``natural(theta)`` or ``natural(theta, rng)``, see `mcmc_edu.sample`."""


def names_of(names: Sequence[str] | None, dim: int) -> list[str]:
    """Name the entries of theta: as given, or ``theta[0], theta[1], ...``.

    Raises
    ------
    TypeError, ValueError
        If a name is not text, there are too few or too many, or two are the same.
    """
    if names is None:
        return [f"theta[{i}]" for i in range(dim)]
    given = [] if isinstance(names, str) else list(names)
    _check_text("names", given)
    if len(given) != dim or len(set(given)) != dim:
        raise ValueError(f"names is {names!r}; theta has {dim} entries: give {dim} different names")
    return [str(name) for name in given]


def _check_text(where: str, names: Sequence[object]) -> None:
    for name in names:
        if not isinstance(name, str) or not name.strip():
            raise TypeError(
                f"{where} has the name {name!r}; a name is text that is not empty: pass for "
                "example 'sigma', or str(name)"
            )


def takes_generator(natural: Natural) -> bool:
    """Tell whether a function is of the form ``natural(theta, rng)``."""
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    try:
        parameters = inspect.signature(natural).parameters.values()
    except ValueError:  # a builtin does not always say
        return False
    by_place = [p for p in parameters if p.kind in kinds]
    needed = [p for p in by_place if p.default is inspect.Parameter.empty]
    return len(needed) == 2 or (len(needed) < 2 and [p.name for p in by_place[1:2]] == ["rng"])


def quantities_of(
    natural: Natural | None, array: FloatArray, seeds: Sequence[np.random.SeedSequence]
) -> dict[str, FloatArray]:
    """Compute the quantities of all draws.

    Parameters
    ----------
    natural
        The user's function; None gives no quantities.
    array
        Draws of theta, shape (chain, draw, dim).
    seeds
        One for each chain, from which its generator is made.

    Returns
    -------
    dict
        Shape (chain, draw) or (chain, draw, k) by name.

    Raises
    ------
    TypeError, ValueError
        If `natural` does not return a mapping, or a value has another shape.
    """
    if natural is None:
        return {}
    theta = np.moveaxis(array.copy(), 2, 0)  # whatever is done to it, the draws stay as they are
    if not takes_generator(natural):
        return _checked(natural(theta), theta.shape)
    chains = [
        _checked(natural(theta[:, [k]], np.random.default_rng(seed)), (len(theta), 1, len(draws)))
        for k, (seed, draws) in enumerate(zip(seeds, array, strict=True))
    ]
    return {name: np.concatenate([chain[name] for chain in chains]) for name in chains[0]}


def _checked(quantities: object, shape: tuple[int, ...]) -> dict[str, FloatArray]:
    """Refuse what is not ``{name: (chain, draw) or (k, chain, draw)}``; put the axis k last."""
    if not isinstance(quantities, Mapping):
        raise TypeError(f"natural returns {type(quantities).__name__}; it must be {{name: value}}")
    _check_text("what natural returns", list(quantities))
    found = {}
    for name, value in quantities.items():
        values = np.array(value, dtype=float)  # its own, and not the draws' or the next chain's
        if values.shape[-2:] != shape[1:] or values.ndim > 3:
            raise ValueError(
                f"natural gives {name!r} the shape {values.shape}; theta is passed with shape "
                f"{shape} and a quantity must have shape {shape[1:]} or "
                f"(k, {', '.join(map(str, shape[1:]))}): use NumPy functions, such as np.exp, on "
                "theta's entries"
            )
        found[name] = np.moveaxis(values, 0, 2) if values.ndim == 3 else values
    return found
