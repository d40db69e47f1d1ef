"""The priors of a model in a table, as they were written and in the units of the data."""

from __future__ import annotations

from ..table import Table
from . import prior_notes
from .prepared import Prepared


def prior_summary(model: Prepared) -> Table:
    """List the prior of every parameter, as it was written and in the units of the data.

    Beneath: what a user must know of them, and classes that were given a prior and have no
    member in this model.
    """
    rows = {
        chosen.name: {
            "written": f"{chosen.written!r}{', autoscaled' * chosen.written.autoscales}",
            "in the data's units": repr(chosen.prior),
        }
        for chosen in model.priors.all()
    }
    return Table(rows, notes=prior_notes.of_model(model))
