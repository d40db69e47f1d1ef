"""Report of a gradient check: a table, and the mistakes that are recognised."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..compiling import FloatArray
from ..table import Table

ROWS = 20  # a printed check is no longer than this


def report(
    names: list[str],
    written: FloatArray,
    differences: FloatArray,
    error: FloatArray,
    verdicts: NDArray[np.str_],
) -> Table:
    """Lay out a check: a row per entry of `names`, or the worst of them, and notes underneath."""
    columns = (written.ravel(), differences.ravel(), error.ravel(), verdicts.ravel())
    rows = {
        name: {
            "written": float(w),
            "by differences": float(d),
            "relative error": float(e),
            "verdict": str(v),
        }
        for name, w, d, e, v in zip(names, *columns, strict=True)
    }
    order = sorted(rows, key=lambda name: rows[name]["verdict"] == "ok")  # what is amiss first
    shown = order[:ROWS] if len(order) > ROWS else names
    notes = _notes(rows, written, differences, verdicts)
    if len(order) > ROWS:
        notes.insert(0, f"{len(order) - ROWS} more entries are not shown.")
    return Table(
        {name: rows[name] for name in shown},
        {"written": ".8g", "by differences": ".8g", "relative error": ".0e"},
        notes,
    )


ADVICE = {
    "not written": "{} was never written: assign grad[:] = ... (grad = ... only renames).",
    "added to": "{} adds to what grad held before: assign it first, because grad is not cleared.",
    "nan": "{} is written as NaN where the log density is finite.",
    "cannot tell": (
        "{} cannot be checked here: the differences do not settle (a kink, a jump, noise, or the "
        "edge of the support)."
    ),
}


def _notes(
    rows: dict[str, dict[str, Any]],
    written: FloatArray,
    differences: FloatArray,
    verdicts: NDArray[np.str_],
) -> list[str]:
    wrong = verdicts == "wrong"
    if (verdicts == "ok").all():
        return [f"All {verdicts.size} entries agree."]
    notes = [f"Wrong: {wrong.sum()} of {verdicts.size} entries."] if wrong.any() else []
    for verdict, advice in ADVICE.items():
        entries = [name for name, row in rows.items() if row["verdict"] == verdict]
        if entries:
            others = f" (and {len(entries) - 1} more)" if len(entries) > 1 else ""
            notes.append(advice.format(entries[0] + others))
    return (
        notes
        + [
            hint
            for i in range(wrong.shape[1])
            if wrong[:, i].any()
            for hint in _hints(i, written[:, i], differences[:, i])
        ][:ROWS]
    )


def _hints(i: int, written: FloatArray, differences: FloatArray) -> list[str]:
    """Known mistakes that explain entry i at every point."""

    def all_near(values: FloatArray, value: float) -> bool:
        return bool(np.allclose(values, value, rtol=1e-5, atol=1e-7))

    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = written / differences
    excess = written - differences
    if all_near(ratio, -1.0):
        return [f"grad[{i}] has the wrong sign."]
    if all_near(excess, excess[0]) and (excess.size > 1 or all_near(np.abs(excess), 1.0)):
        return [
            f"grad[{i}] is {excess[0]:+.6g} off: is a log-Jacobian (or a log scale) in the density "
            "and not in the gradient, or the other way round?"
        ]
    known = any(all_near(ratio, factor) for factor in (0.0, 0.5, 2.0))  # one point may mislead
    if known or (ratio.size > 1 and all_near(ratio, ratio[0])):
        return [f"grad[{i}] is {ratio[0]:.6g} times what it should be."]
    return []
