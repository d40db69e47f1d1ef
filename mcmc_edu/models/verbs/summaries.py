"""Summary tables of a fit: estimates, diagnostics and warnings."""

from __future__ import annotations

from dataclasses import replace

from ...draws import Matrix
from ...table import Table
from .. import prior_notes
from ..fitted import Fitted


def summary(fit: Fitted, *names: str) -> Table:
    """Summarise estimates and diagnostics of all parameters but effects, or of those named.

    Notes beneath give the form of every term, and warnings, effects included.

    Examples
    --------
    >>> table = example_fit().summary("Days", "sigma")
    >>> list(table), bool(table["Days"]["rhat"] < 1.05)
    (['Days', 'sigma'], True)
    """
    shown = names or tuple(n for n in fit.draws.natural if not n.startswith("b("))
    table = fit.draws.summary(*shown)
    return replace(table, notes=[*remarks(fit), *_warnings(fit, table, shown)])


def remarks(fit: Fitted) -> list[str]:
    """List the form of every term, and notes on results that default priors decide."""
    choices = zip(fit.model.design.groupings, fit.model.choices, strict=True)
    forms = [f"{g.name}: {choice.form} ({choice.reason})." for g, choice in choices]
    return [*forms, *prior_notes.of_fit(fit)]


def _warnings(fit: Fitted, table: Table, shown: tuple[str, ...]) -> list[str]:
    """Return warnings on the rows shown, or on the effects if only these have problems."""
    if list(table.notes) or set(shown) == set(fit.draws.natural):
        return list(table.notes)
    return list(fit.draws.summary().notes)


def matrix(fit: Fitted, *names: str) -> Matrix:
    """Put all draws into one matrix, one row per draw and one column per parameter.

    See `Draws.matrix`.

    Examples
    --------
    >>> made = example_fit().matrix()
    >>> made.shape, made["b(Subject: Days)[308]"].shape
    ((1000, 42), (1000,))
    """
    return fit.draws.matrix(*names)
