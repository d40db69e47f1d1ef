"""Models and fits."""

from typing import TYPE_CHECKING

from .._lazy import lazy
from . import textbook

if TYPE_CHECKING:
    from .fit import Fit
    from .loading import load_fit
    from .model import Model
    from .post import Posterior, complete_pooling, no_pooling, partial_pooling
    from .verbs.loo.compare import compare
    from .verbs.loo.result import Loo

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

LAZY = {
    "Fit": "fit",
    "Loo": "verbs.loo.result",
    "Model": "model",
    "compare": "verbs.loo.compare",
    "load_fit": "loading",
    "Posterior": "post",
    "complete_pooling": "post",
    "no_pooling": "post",
    "partial_pooling": "post",
}
"""Names that are imported when first used: models without a formula do not wait for them."""

if not TYPE_CHECKING:  # or a checker would take any name to be there
    __getattr__, __dir__ = lazy(__name__, LAZY)
