"""`stan`: the Stan program and data of a model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ..prepared import Prepared
from .blocks import Blocks
from .common import coefficients
from .effects import bars
from .families import likelihood, outcomes, own_parameters


@dataclass(frozen=True, eq=False, repr=False)
class StanProgram:
    """A Stan program with its data; printing shows the program and a summary of the data."""

    code: str
    """The program, for Stan 2.26 or later."""
    data: Mapping[str, Any]
    """Data by the name of the variable: integers, and arrays."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Our names by those of the program: ``{"b[2]": "Days", "sd_1[1]": "sd(g: x)", ...}``."""

    def __repr__(self) -> str:
        lines = [f"// {name}: {_described(value)}" for name, value in self.data.items()]
        return "\n".join([self.code, "// The data", *lines])

    def to_json(self) -> str:
        """Return the data as JSON, as CmdStan, CmdStanPy and PyStan read them."""
        return json.dumps(self.plain())

    def plain(self) -> dict[str, Any]:
        """Return the data as integers and lists."""
        return {
            name: value.tolist() if isinstance(value, np.ndarray) else value
            for name, value in self.data.items()
        }

    def write(self, folder: str | Path, name: str = "model") -> tuple[Path, Path]:
        """Write the program and its data to ``name.stan`` and ``name.json`` in a folder.

        Parameters
        ----------
        folder
            Where to write; it is made if it is not there.
        name
            Name of the files without their endings.

        Returns
        -------
        The paths of program and data.
        """
        where = Path(folder)
        where.mkdir(parents=True, exist_ok=True)
        program, data = where / f"{name}.stan", where / f"{name}.json"
        program.write_text(self.code, encoding="utf-8")
        data.write_text(self.to_json() + "\n", encoding="utf-8")
        return program, data


def stan(model: Prepared) -> StanProgram:
    r"""Write the model as a Stan program, with its data.

    The program has the posterior of the model: the same likelihood and the priors of
    `prior_summary`, in the units of the data, with numbers of eight digits.  Group effects are
    centred or non-centred as the sampler has them, and non-centred where it integrates them out.
    ``b``, ``sd_1``, ``cor_1`` and ``r_1``, of the first bar, ``sigma`` and other parameters of the
    family have their meaning in `Fit.draws`: `StanProgram.names` says what each is called there.

    Returns
    -------
    A `StanProgram` with `code`, `data` and `names`.  It prints itself, gives JSON by `to_json` and
    writes files by `write`.

    Raises
    ------
    ValueError
        If the model has a family or a prior that cannot be written.

    Examples
    --------
    >>> from mcmc_edu import Model
    >>> program = Model("y ~ x", {"y": [1.0, 2.0, 4.0], "x": [0.0, 1.0, 2.0]}).stan()
    >>> print("\n".join(program.code.splitlines()[-4:]))
      b_centred[1] ~ student_t(3, 2.3333333, 3.8188131);  // Intercept, predictors at their means
      b_centred[2] ~ normal(0, 3.8188131);  // x
      sigma ~ exponential(0.65465367);
    }
    >>> program.data["X"].shape
    (3, 2)
    """
    blocks = Blocks()
    outcomes(model, blocks)
    coefficients(model, blocks)
    own_parameters(model, blocks)
    bars(model, blocks)
    likelihood(model, blocks)
    formula = " ".join(model.design.formula.split())
    pooling = f"{'no' if model.pooling == 'none' else model.pooling} pooling"
    family = f"{model.family.name}, {model.family.link} link, {pooling}"
    title = f"// {formula}\n// {family}; written by mcmc_edu"
    return StanProgram(blocks.code(title), blocks.values, blocks.names)


def _described(value: Any) -> str:
    """Describe a variable of the data in a line."""
    if not isinstance(value, np.ndarray):
        return str(value)
    shape = " x ".join(map(str, value.shape))
    if not value.size:
        return shape
    return f"{shape}, {value.min():.6g} to {value.max():.6g}"
