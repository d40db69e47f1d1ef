"""Table of a model's priors, as written and in the units of the data."""

from __future__ import annotations

from ..table import Table
from . import prior_notes
from .prepared import Prepared


def prior_summary(model: Prepared) -> Table:
    """List the prior of every parameter, as written and in the units of the data.

    Notes beneath the table explain the priors.  They also name parameter classes that were given a
    prior but have no member in this model.
    """
    rows = {
        chosen.name: {
            "written": f"{chosen.written!r}{', autoscaled' * chosen.written.autoscales}",
            "in the data's units": repr(chosen.prior),
        }
        for chosen in model.priors.all()
    }
    return Table(rows, notes=prior_notes.of_model(model))
