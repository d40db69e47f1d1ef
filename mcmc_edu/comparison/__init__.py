"""Models side by side: the shrinkage demonstration and the error of estimates."""

from .errors import rmse
from .exact import Exact, exact
from .post_chain import SingleChain, post_chain, replay
from .report import Row, ShrinkageReport
from .shrinkage import demonstration, shrinkage

__all__ = [
    "Exact",
    "Row",
    "ShrinkageReport",
    "SingleChain",
    "demonstration",
    "exact",
    "post_chain",
    "replay",
    "rmse",
    "shrinkage",
]
