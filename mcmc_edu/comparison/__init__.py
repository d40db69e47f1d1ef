"""Models side by side: the shrinkage demonstration and the error of estimates."""

from .errors import rmse
from .replay import Replay, replay
from .shrinkage import Row, ShrinkageReport, demonstration, shrinkage

__all__ = ["Replay", "Row", "ShrinkageReport", "demonstration", "replay", "rmse", "shrinkage"]
