"""The rows of a summary, and the warnings under it.

A warning names the worst case, its value, the threshold and a remedy.  What is in order is not
mentioned.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import diagnostics
from ..compiling import FloatArray
from ..digits import ERROR_OF_ERROR
from .record import Record

DEPTH_SHARE = 0.01
"""Share of trajectories that may be cut off: a rare one costs speed, and little of that."""

FORMATS = {"ess_bulk": ".0f", "ess_tail": ".0f", "rhat": ".3f"}
"""How a summary prints what is not on the scale of the quantity."""

WARMUP = "warm-up"
"""What ``settings["phase"]`` is of draws of warm-up."""

OF_WARMUP = (
    "These are draws of warm-up, in which the sampler looks for the posterior and is tuned: "
    "nothing above estimates the posterior."
)

Row = Mapping[str, float]


def row(values: FloatArray) -> dict[str, float]:
    """Estimates and diagnostics of one quantity, from its draws (chain, draw)."""
    x = np.ascontiguousarray(values, dtype=float)
    with np.errstate(all="ignore"):  # of draws that are not finite
        q5, q50, q95 = (float(q) for q in np.quantile(x, [0.05, 0.5, 0.95]))
        mean, sd = float(x.mean()), float(x.std(ddof=1)) if x.size > 1 else float("nan")
    long = x.shape[1] >= diagnostics.MIN_DRAWS
    return {
        "mean": mean,
        "sd": sd,
        "q5": q5,
        "q50": q50,
        "q95": q95,
        "mcse": diagnostics.mcse_mean(x) if long else float("nan"),
        "ess_bulk": diagnostics.ess_bulk(x) if long else float("nan"),
        "ess_tail": diagnostics.ess_tail(x) if long else float("nan"),
        "rhat": diagnostics.rhat(x) if long else float("nan"),
    }


def errors(quantities: Mapping[str, FloatArray], name: str) -> dict[str, float]:
    """Monte Carlo standard errors of what `row` says of one of the quantities, by column."""
    x = np.ascontiguousarray(quantities[name], dtype=float)
    if x.shape[1] < diagnostics.MIN_DRAWS:
        return {}
    mean = diagnostics.mcse_mean(x)
    quantiles = {f"q{q}": diagnostics.mcse_quantile(x, q / 100.0) for q in (5, 50, 95)}
    return {"mean": mean, "sd": diagnostics.mcse_sd(x), **quantiles, "mcse": ERROR_OF_ERROR * mean}


def warnings_for(draws: Record, rows: Mapping[str, Row]) -> list[str]:
    """One line for each kind of trouble, the gravest first."""
    if draws.settings.get("phase") == WARMUP:
        return [OF_WARMUP]
    told = {name: row for name, row in rows.items() if not np.isnan(row["rhat"])}
    return [
        *_interruption(draws),
        *_stuck_chains(draws),
        *_zero_gradient(draws),
        *_undefined(rows, draws.array.shape[1]),
        *_disagreement(told),
        *_divergences(draws),
        *_few_effective(told, draws.array.shape[0]),
        *_slow_energy(draws),
        *_reached_limit(draws),
    ]


def _interruption(draws: Record) -> Iterator[str]:
    if not draws.complete:
        yield f"Stopped early: {draws.array.shape[1]} of {_wanted(draws)} draws a chain."


def _wanted(draws: Record) -> Any:
    """How many draws of each chain there would be of the whole run."""
    iterations = draws.settings.get("draws", "?")
    return iterations if iterations == "?" else iterations // draws.settings.get("thin", 1)


def _zero_gradient(draws: Record) -> Iterator[str]:
    names = draws.settings.get("zero_gradient", ())
    if names:
        yield zero_gradient(names)


def zero_gradient(names: Sequence[str]) -> str:
    """Say that the gradient in these entries of theta was always 0, and what to do."""
    return (
        f"The gradient in {_listing(names)} was 0 at all times: the log density does not depend on "
        f"{'it' if len(names) == 1 else 'them'}, and nothing says where "
        f"{'it is' if len(names) == 1 else 'they are'}; or the gradient is wrong, which "
        "me.check_gradient finds out. Leave out of theta what is not used, or give it a prior."
    )


def _stuck_chains(draws: Record) -> Iterator[str]:
    n = draws.array.shape[1]
    stuck = np.flatnonzero((draws.array == draws.array[:, :1]).all(axis=(1, 2)))
    if n > 1 and stuck.size:
        yield (
            f"{_chains(stuck)} never moved in {n} draws: nothing above is to be trusted. Take "
            "smaller steps, warm up longer, or start elsewhere."
        )


def _undefined(rows: Mapping[str, Row], n: int) -> Iterator[str]:
    reasons: dict[str, list[str]] = {}
    for name, found in rows.items():
        if np.isnan(found["rhat"]):
            reasons.setdefault(_why_silent(found, n), []).append(name)
    for reason, names in reasons.items():
        yield f"{_listing(names)}: no diagnostics: {reason}."


def _why_silent(found: Row, n: int) -> str:
    if not np.isfinite(found["mean"]):
        return "some draws are not finite; look for an overflow or a logarithm of zero"
    if n < diagnostics.MIN_DRAWS:
        return f"{n} draws a chain are too few, {diagnostics.MIN_DRAWS} are the least"
    return "all draws are equal"


def _disagreement(told: Mapping[str, Row]) -> Iterator[str]:
    limit = diagnostics.RHAT_LIMIT
    above = [name for name in told if told[name]["rhat"] > limit]
    if above:
        worst = max(above, key=lambda name: told[name]["rhat"])
        yield (
            f"R-hat of {worst} is {_above(told[worst]['rhat'], limit)}, above {limit}"
            f"{_and_others(above)}: the chains do not agree; nothing above is to be trusted. Run "
            "longer, or find out where they disagree."
        )


def _few_effective(told: Mapping[str, Row], chains: int) -> Iterator[str]:
    """Warn of few effective draws.

    A tail without draws (a quantity with few values) has no ESS and needs none.
    """
    needed = diagnostics.ESS_PER_CHAIN * chains
    for column, missing in (("ess_bulk", 0.0), ("ess_tail", np.inf)):
        size = {name: np.nan_to_num(row[column], nan=missing) for name, row in told.items()}
        below = [name for name in size if size[name] < needed]
        if below:
            worst = min(below, key=lambda name: size[name])
            yield (
                f"{column} of {worst} is {told[worst][column]:.0f}, below {needed} "
                f"({diagnostics.ESS_PER_CHAIN} a chain){_and_others(below)}: too few effective "
                "draws to tell. Draw more (`extend`), or take another sampler or "
                "parameterization."
            )


def _divergences(draws: Record) -> Iterator[str]:
    divergent, thin = draws.stats.get("divergent"), draws.settings.get("thin", 1)
    if divergent is None:
        return
    # of all iterations, if some were thinned out
    count = len(draws.divergences) if thin > 1 else int(divergent.sum())
    if count:
        yield (
            f"{count} {'trajectory' if count == 1 else 'trajectories'} diverged after warm-up "
            f"({count / (divergent.size * thin):.2%} of the "
            f"{'draws' if thin == 1 else 'iterations'}; there should be none): the draws avoid "
            f"the places in draws.divergences and may be biased. {_remedy(draws)}"
        )


def _remedy(draws: Record) -> str:
    edges = draws.settings.get("edges", [])
    if not edges:
        return "Use the non-centred or the collapsed form of the model, or raise target_accept."
    return (
        f"Most left the support, which has an edge in {_listing(edges)}: the log density is -inf "
        "beyond. Transform what is bounded to the whole line, such as a scale to its logarithm, "
        "with the log-Jacobian (me.densities.transforms)."
    )


def _slow_energy(draws: Record) -> Iterator[str]:
    energy = draws.stats.get("energy")
    if energy is None or energy.shape[1] < diagnostics.MIN_DRAWS:
        return
    ebfmi, limit = diagnostics.ebfmi(energy), diagnostics.EBFMI_LIMIT
    low = np.flatnonzero(ebfmi < limit)
    if low.size:
        yield (
            f"E-BFMI of {_chains(low, 'chain')} is {', '.join(f'{ebfmi[k]:.2f}' for k in low)}, "
            f"below {limit}: the energy changes too slowly to reach the tails. Use another form "
            "of the model, non-centred or collapsed for a hierarchical one, or run longer."
        )


def _reached_limit(draws: Record) -> Iterator[str]:
    share = float(np.mean(draws.stats.get("reached_limit", False)))
    if share > DEPTH_SHARE:
        limit, remedy = "their longest", "let them be longer"
        if "max_depth" in draws.settings:
            limit, remedy = f"max_depth = {draws.settings['max_depth']}", "raise max_depth"
        yield (
            f"{share:.1%} of the trajectories were cut off at {limit}, more than "
            f"{DEPTH_SHARE:.0%}: slow, not wrong. Warm up longer, rescale the parameters, or "
            f"{remedy}."
        )


def _above(value: float, limit: float) -> str:
    """Two decimals, or as many as show that the value is above the limit."""
    return f"{value:.2f}" if float(f"{value:.2f}") > limit else f"{value:.4f}"


def _chains(numbers: NDArray[np.intp], word: str = "Chain") -> str:
    return f"{word}{'s' if numbers.size > 1 else ''} {', '.join(map(str, numbers))}"


def _and_others(names: Sequence[str]) -> str:
    return f" (and {len(names) - 1} more)" if len(names) > 1 else ""


def _listing(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
