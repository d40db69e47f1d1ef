"""Add draws to a run that has ended: `Draws.extend`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..compiling import BoundDensity
from ..draws import Draws
from ..draws.extending import Source
from ..draws.summary import WARMUP
from ..progress import screen
from ..seeds import seed_sequence
from .checkpoint import Checkpoint
from .identity import Visited, difference, identity_of, other_argument
from .journey import Journey, Plan, as_sampler, check_count, check_thin, stopwatch
from .kept import Kept
from .parallel import check_executor
from .quantities import quantities_of

AS_IT_WAS = "extend draws with the function, data and objects that they were made with"


def extended(
    draws: Draws,
    n: int,
    *,
    log_density: Any,
    data: Any,
    natural: Any,
    threads: int | None,
    progress: bool | None,
    file: Any,
    sampler: Any = None,
    executor: Executor | None = None,
) -> Draws:
    """Go on from where the chains ended: see `Draws.extend`."""
    check_count("n", n)
    if threads is not None:
        check_count("threads", threads)
    if executor is not None:
        check_executor(executor)
    end = _end(draws)
    plan = _longer(draws, int(n), sampler)
    source = _source(draws, log_density, data, natural)
    shown = screen(progress)
    checkpoint = None if file is None else Checkpoint(file)
    before, now = end["identity"], identity_of(sampler=plan.sampler, data=source.data)
    if (other := other_argument(before, now)) is not None:
        raise ValueError(f"the draws are of a run with {other}; {AS_IT_WAS}")
    visited = [Visited(*states) for states in end["visited"]]
    starts = np.stack([states.theta[0] for states in visited])
    with stopwatch() as seconds, shown.compiling():
        density = plan.bind(source)
        _check_density(draws, density, visited, plan)
        twice = np.stack([starts, starts], axis=1)
        quantities_of(source.natural, twice, plan.seeds_for(2))
        plan.sampler.load()
    earlier: Mapping[str, Any] | None = None
    if checkpoint is not None:
        earlier = checkpoint.resume(
            plan.identity(starts, source.data), density, int(plan.warmup), int(plan.thin)
        )
    if earlier is None:
        earlier = _state(draws, end)
    compiled = draws.seconds.get("compile", 0.0) + seconds[0]
    journey = Journey(plan, source, density, starts, draws.names, compiled, earlier, executor)
    longer = journey.go(threads, shown, checkpoint)
    return replace(longer, labels=draws.labels)


def _end(draws: Draws) -> Mapping[str, Any]:
    if draws.settings.get("phase") == WARMUP:
        raise ValueError("these are draws of warm-up; extend the draws after it: draws.extend(n)")
    if draws.end is None:
        raise ValueError(
            "the draws do not say where their chains ended: they were made by hand, or saved by an "
            "earlier version; sample again with more draws"
        )
    return draws.end


def _longer(draws: Draws, n: int, sampler: Any) -> Plan:
    """Make the plan of the run that has `n` iterations more than these draws."""
    settings = draws.settings
    if sampler is None:
        sampler = settings["sampler"]
    if isinstance(sampler, str):
        raise ValueError(
            f"sampler is missing, which no file keeps if it is your own; pass sampler={sampler}, "
            "as it was passed to me.sample"
        )
    thin = settings["thin"]
    check_thin("n", n, thin)
    return Plan(
        as_sampler(sampler),
        draws.array.shape[1] * thin + n,
        settings["warmup"],
        settings["chains"],
        seed=seed_sequence(settings["seed"]),
        given_seed=settings["seed"],
        thin=thin,
        keep_warmup=settings["keep_warmup"],
        on_error=settings["on_error"],
    )


def _source(draws: Draws, log_density: Any, data: Any, natural: Any) -> Source:
    """Return what was given, or else what the draws remember."""
    if draws.source is not None:
        given = {"log_density": log_density, "data": data, "natural": natural}
        return draws.source._replace(**{k: v for k, v in given.items() if v is not None})
    if log_density is None:
        raise ValueError(
            "log_density is missing, which no file keeps; pass draws.extend(n, log_density=f, "
            "data=data), as they were passed to me.sample; or, of a fit, take fit.extend(n)"
        )
    if draws.natural and natural is None:
        raise ValueError(
            f"natural is missing, and the draws have {', '.join(list(draws.natural)[:5])}; pass "
            "natural= as it was passed to me.sample"
        )
    return Source(log_density, () if data is None else data, natural)


def _check_density(draws: Draws, density: BoundDensity, visited: list[Visited], plan: Plan) -> None:
    """Refuse another density than the one of the draws."""
    known = list(zip(draws.array, draws.stats["logp"], strict=True))
    found = difference(density, visited, known, int(plan.warmup), int(plan.thin))
    if found is not None:
        raise ValueError(f"the draws are of a run with another log_density: {found}; {AS_IT_WAS}")


def _state(draws: Draws, end: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `Runner.state` was when the draws were made."""
    in_warmup, afterwards = end["diverged"]
    chains, thin = len(draws.array), draws.settings["thin"]
    parts = _parts(draws, afterwards, thin)
    none: list[list[Kept]] = [[] for _ in range(chains)]
    return {
        "snapshots": end["snapshots"],
        "visited": end["visited"],
        "parts": [[part, Kept(*more)] for part, more in zip(parts, end["ahead"], strict=True)],
        "warmup_parts": none
        if draws.warmup is None
        else [[part] for part in _parts(draws.warmup, in_warmup, thin)],
        "seconds": draws.seconds.get("sample", 0.0),
    }


def _parts(draws: Draws, diverged: Sequence[NDArray[np.int64]], thin: int) -> list[Kept]:
    """Take the chains of draws apart again; at which iterations they diverged is given."""
    whens = [when[when < draws.array.shape[1] * thin] for when in diverged]
    wheres = np.split(draws.divergences, np.cumsum([when.size for when in whens])[:-1])
    return [
        Kept(array, {name: values[k] for name, values in draws.stats.items()}, where, when)
        for k, (array, where, when) in enumerate(zip(draws.array, wheres, whens, strict=True))
    ]
