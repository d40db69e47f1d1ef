"""All draws as one matrix, a row a draw and a column a parameter: R's ``as.matrix``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

import numpy as np

from ..compiling import FloatArray


@dataclass(frozen=True, eq=False)
class Matrix:
    """Draws of several quantities, with their names.

    ``np.asarray(matrix)`` is `array`, and ``matrix["sigma"]`` one column of it.

    Attributes
    ----------
    array
        Shape (draw, quantity): the chains end to end.
    names
        Of the columns.

    Examples
    --------
    >>> made = Matrix(np.array([[1.0, 5.0], [2.0, 6.0]]), ("mu", "b(g: x)[a]"))
    >>> made
    Matrix(2 draws of 2 quantities: mu, b(g: x)[a])
    >>> made["b(g: x)[a]"].tolist(), np.asarray(made).shape
    ([5.0, 6.0], (2, 2))
    """

    array: FloatArray = field(repr=False)
    names: tuple[str, ...]

    @property
    def shape(self) -> tuple[int, int]:
        """Number of draws and of quantities."""
        return self.array.shape[0], self.array.shape[1]

    def __getitem__(self, name: str) -> FloatArray:
        if name not in self.names:
            near = get_close_matches(str(name), self.names, 3) or self.names
            raise KeyError(f"no column {name!r}; there are {', '.join(near)}")
        return np.asarray(self.array[:, self.names.index(name)])

    def __len__(self) -> int:
        return len(self.array)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> FloatArray:
        return np.array(self.array, dtype=dtype, copy=copy)

    def to_pandas(self) -> Any:
        """Return the draws as a pandas data frame (needs pandas)."""
        import pandas

        return pandas.DataFrame(self.array, columns=list(self.names))

    def __repr__(self) -> str:
        shown = ", ".join(self.names[:8]) + (", ..." if len(self.names) > 8 else "")
        return f"Matrix({len(self)} draws of {len(self.names)} quantities: {shown})"


def matrix(quantities: Iterable[tuple[str, FloatArray]]) -> Matrix:
    """Put together quantities by name, each of shape (chain, draw)."""
    found = dict(quantities)
    columns = [np.asarray(values, dtype=np.float64).reshape(-1) for values in found.values()]
    return Matrix(np.column_stack(columns), tuple(found))
