"""A fit in one ``.npz`` file: its draws, and all that its model is made of again.

The draws lie in the file as `Draws.save` lays them; beside them, under ``model``, are the columns
that the formula uses, or the arrays; what `Model` was told: family, pooling, priors by name and
numbers; and what that came to: the units and priors of all parameters, and the form of each term.
So a later version, with other defaults, reads the fit as it was.  Nothing of it is pickled.  A
formula is evaluated, however, so one from a file may call only what `source.unsafe` knows, unless
the file is trusted.
"""

from __future__ import annotations

import os
from typing import Any

from ... import storage
from ...draws.result import plain
from ...priors.univariate import Prior
from ...regression.prior_choice import resolved
from ...regression.prior_choice.resolved import Resolved
from ..fitted import Fitted
from ..prepared import Prepared

VERSION = 3
"""Of the part of the file that describes the model: raised when an older mcmc_edu would misread
it.  Fits that an older one reads rightly are written as version 2."""

PathLike = str | os.PathLike[str]


def save(fit: Fitted, path: str | os.PathLike[str]) -> None:
    """Write draws and model to an ``.npz`` file, which `load_fit` reads; nothing is pickled.

    The file contains the data columns that the formula uses.  Do not share it if they are
    private.

    Raises
    ------
    ValueError
        If `path` does not end in ``.npz``.
    OSError
        If the file cannot be written; one that was there stays as it was.

    Examples
    --------
    >>> import tempfile, mcmc_edu as me
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     example_fit().save(f"{folder}/fit.npz")
    ...     list(me.load_fit(f"{folder}/fit.npz").fixef())
    ['Intercept', 'Days']
    """
    storage.write(path, plain(fit.draws) | {"model": describe(fit.model)})


def describe(model: Prepared) -> dict[str, Any]:
    """All that a model is made of, as plain data."""
    return {
        "version": VERSION if needs_format_3(model) else 2,
        "formula": model.source.formula,
        "source": model.source.plain(),
        "keeps_empty_categories": True,
        "family": model.family.name,
        "link": model.family.link,
        "pooling": model.pooling,
        "missing": model.source.missing,
        "defaults": model.defaults,
        "priors": {name: _of_prior(prior) for name, prior in model.given.items()},
        "parameterization": model.parameterization,
        "choices": [choice.plain() for choice in model.choices],
        "resolved": resolved.plain(Resolved(model.units, model.priors), _of_prior),
    }


def needs_format_3(model: Prepared) -> bool:
    """Return whether an older mcmc_edu, which reads version 2, would misread the model."""
    return model.design.weights is not None or model.design.se is not None


def _of_prior(prior: Prior) -> dict[str, Any]:
    return {"kind": type(prior).__name__, "numbers": prior.numbers(), "autoscale": prior.autoscales}
