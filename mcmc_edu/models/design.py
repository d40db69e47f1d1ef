from __future__ import annotations
from dataclasses import dataclass
import numpy as np
from numpy.typing import NDArray
from ..compiling import FloatArray


@dataclass(frozen=True, eq=False)
class Grouping:
    name: str
    levels: tuple[str, ...]
    index: NDArray[np.int64]
    names: tuple[str, ...]
    columns: FloatArray
    correlated: bool
    unseen: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Design:
    formula: str
    outcome: str
    y: FloatArray
    trials: FloatArray | None
    offset: FloatArray
    names: tuple[str, ...]
    columns: FloatArray
    groupings: tuple[Grouping, ...]
    dropped: int = 0
