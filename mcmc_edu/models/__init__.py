"""What is fitted."""

from typing import TYPE_CHECKING, Any

from . import textbook
from .hierarchical import Posterior, complete_pooling, no_pooling, partial_pooling

if TYPE_CHECKING:
    from .comparing import compare
    from .fit import Fit
    from .loo import Loo
    from .model import Model
    from .saving import load_fit

__all__ = [
    "Fit",
    "Loo",
    "Model",
    "Posterior",
    "compare",
    "complete_pooling",
    "load_fit",
    "no_pooling",
    "partial_pooling",
    "textbook",
]

LATER = {
    "Fit": "fit", "Loo": "loo", "Model": "model", "compare": "comparing", "load_fit": "saving",
}  # fmt: skip
"""What is imported when it is first used: whoever needs no formula shall not wait for them."""


def __getattr__(name: str) -> Any:
    if name not in LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{LATER[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *LATER})
