"""Loading of fits that `fit.save` wrote.

Evaluating a formula runs code.  Unless the file is trusted, its formula may only call functions
that `source.unsafe` accepts.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from .. import priors, storage
from ..draws.result import of_plain
from ..priors.univariate import Prior
from ..regression.prepare.form_choice import FormChoice
from ..regression.prior_choice import resolved
from ..regression.prior_choice.resolved import Resolve
from .fit import Fit
from .model import Model
from .prepared import prepare
from .source import Source, unsafe
from .verbs.saving import VERSION, PathLike


def load_fit(path: PathLike, *, trust: bool = False) -> Fit:
    """Read a fit that `Fit.save` wrote.

    Parameters
    ----------
    path
        The ``.npz`` file.
    trust
        Whether the formula in the file may call any function.  Evaluating a formula runs code, so
        an untrusted file may only call the usual functions and NumPy's elementwise functions.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file holds no fit, is damaged, was written by a newer version, or has a formula
        that needs `trust`.

    Examples
    --------
    >>> import tempfile
    >>> from mcmc_edu.models.example import example_fit
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     example_fit().save(f"{folder}/fit.npz")
    ...     load_fit(f"{folder}/fit.npz")
    Fit(Model('Reaction ~ Days + (Days | Subject)', gaussian, partial pooling, 180 rows), \
2 chains of 500 draws)
    """
    if not os.path.exists(path):
        raise FileNotFoundError(
            f"path is {str(path)!r}, where there is no file; fits are saved by fit.save('name.npz')"
        )
    found = storage.read(path)
    if "model" not in found:
        raise ValueError(
            f"{str(path)!r} holds draws without a model: read it with me.load, or save the fit "
            "they are of by fit.save"
        )
    description = found.pop("model")
    _check(path, description, trust)
    try:
        draws = of_plain(found)
        model = rebuild(description)
        names = model.assembled.names
    except ImportError:
        raise
    except Exception as error:  # what was tampered with can raise anything
        raise _damaged(path, f"{type(error).__name__}: {error}") from None
    if list(draws.names) != names:
        raise _damaged(path, "the draws are not of its model")
    return Fit(model, draws)


def _check(path: PathLike, description: Any, trust: bool) -> None:
    """Refuse descriptions that must not be rebuilt, before anything in them is evaluated."""
    try:
        version = description["version"]
        newer = version > VERSION
        reason = None if newer or trust else unsafe(description["formula"], description["source"])
    except (AttributeError, KeyError, TypeError) as error:
        raise _damaged(path, f"{type(error).__name__}: {error}") from None
    if newer:
        raise ValueError(
            f"{str(path)!r} has a fit in format {version}; this mcmc_edu reads up to format "
            f"{VERSION}: install a newer one"
        )
    if reason is not None:
        raise ValueError(
            f"{str(path)!r} has the formula {description['formula']!r}, with {reason}; to load it "
            "is to run that: pass trust=True if you know who made the file"
        )


def _damaged(path: PathLike, why: str) -> ValueError:
    return ValueError(
        f"{str(path)!r} holds no fit of mcmc_edu, or is damaged ({why}); give a file that fit.save "
        "wrote, or save the fit again"
    )


def rebuild(description: Mapping[str, Any]) -> Model:
    """Build the model from the description in a file."""
    source = Source.of_plain(description["formula"], description["missing"], description["source"])
    if not description.get("keeps_empty_categories", False):
        source = source.without_empty_categories()
    priors: dict[str, Any] = {name: _prior(v) for name, v in description["priors"].items()}
    if package := description.get("defaults"):
        priors["defaults"] = package
    made = prepare(
        source.design(),
        source,
        description["family"],
        description["link"],
        description["pooling"],
        priors,
        description["parameterization"],
        _resolve(description),
    )
    choices = tuple(FormChoice.of_plain(*choice) for choice in description["choices"])
    return Model.of(made.changed(fixed_choices=choices))


def _resolve(description: Mapping[str, Any]) -> Resolve:
    """Take units and priors from the file; a file of format 1 has the defaults of its time."""
    if description["version"] == 1:
        return resolved.resolve_format_1
    found = resolved.from_plain(description["resolved"], _prior)
    return lambda design, family, given, unpooled: found


def _prior(value: Mapping[str, Any]) -> Prior:
    kinds = {name: getattr(priors, name) for name in priors.__all__}
    kind = kinds.get(value["kind"])
    if not (isinstance(kind, type) and issubclass(kind, Prior)):
        raise ValueError(f"{value['kind']} is no prior")
    scaled = {"autoscale": True} if value["autoscale"] else {}
    made: Prior = kind(**value["numbers"], **scaled)
    return made
