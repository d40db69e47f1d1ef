"""Carry out a run that is set up: chains on their way, a file beside them, and what comes of it."""

from __future__ import annotations

import contextlib
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..compiling import BoundDensity, FloatArray, bind, threads_for, users_line
from ..draws import Draws
from ..draws.extending import Source
from ..draws.summary import WARMUP, zero_gradient
from ..progress import Screen
from ..samplers import NUTS, DensityError, Metropolis
from ..samplers.machinery.base import HamiltonianSampler
from ..samplers.machinery.own import OwnSampler
from .checkpoint import Checkpoint
from .edges import edges_near, step_scale
from .identity import Identity, identity_of
from .parallel import Recipe, remotely
from .quantities import quantities_of
from .runner import Chain, Runner, processors

WAYS = 4
"""What a chain's seed is spawned for: its start, its way, and the quantities of its draws and of
its warm-up."""


@dataclass(frozen=True)
class Plan:
    """What decides the draws of a run, checked."""

    sampler: Any
    draws: int
    """Iterations of each chain after warm-up."""
    warmup: int
    chains: int
    seed: np.random.SeedSequence
    given_seed: Any
    """As it is recorded."""
    thin: int
    keep_warmup: bool
    on_error: str

    @cached_property
    def seeds(self) -> list[list[np.random.SeedSequence]]:
        """Of each chain, `WAYS` seeds."""
        fresh = np.random.SeedSequence(self.seed.entropy, spawn_key=self.seed.spawn_key)
        return [own.spawn(WAYS) for own in fresh.spawn(self.chains)]

    def seeds_for(self, way: int) -> list[np.random.SeedSequence]:
        """One seed of each chain."""
        return [own[way] for own in self.seeds]

    def identity(self, starts: FloatArray, data: Any) -> Identity:
        """Return what another run must have in common with this one to continue it."""
        return identity_of(
            sampler=self.sampler,
            draws=int(self.draws),
            warmup=int(self.warmup),
            chains=int(self.chains),
            seed=self.seed,
            theta0=starts,
            data=data,
            thin=int(self.thin),
            keep_warmup=bool(self.keep_warmup),
        )

    def settings(self) -> dict[str, Any]:
        """Return what `Draws.settings` says of the plan."""
        return {
            "sampler": self.sampler,
            "draws": self.draws,
            "warmup": self.warmup,
            "chains": self.chains,
            "seed": self.given_seed,
            "thin": self.thin,
            "keep_warmup": self.keep_warmup,
            "on_error": self.on_error,
            **({"max_depth": self.sampler.max_depth} if isinstance(self.sampler, NUTS) else {}),
        }

    def bind(self, source: Source) -> BoundDensity:
        """Compile the log density of the run.

        Raises
        ------
        TypeError
            If it has no gradient and the sampler needs one.
        """
        density = bind(source.log_density, source.data, self.on_error)
        if self.sampler.needs_gradient and not density.has_gradient:
            raise TypeError(
                f"log_density has no gradient, which {type(self.sampler).__name__} needs; write "
                "f(theta, grad, data) that fills grad, or pass me.finite_difference(log_density)"
            )
        return density


class Journey:
    """A run of a plan, from its starts to its draws.

    Parameters
    ----------
    plan, source
        What decides the draws.
    density
        The log density, bound.
    starts
        Where chains begin, shape (chain, dim).
    names
        Of the entries of theta.
    compiled
        Seconds that compiling took.
    earlier
        The `state` of a run to go on from.
    executor
        Where iterations are made; None to make them here, in threads.
    """

    def __init__(
        self,
        plan: Plan,
        source: Source,
        density: BoundDensity,
        starts: FloatArray,
        names: Sequence[str],
        compiled: float,
        earlier: Mapping[str, Any] | None,
        executor: Executor | None = None,
    ) -> None:
        self.plan, self.source, self.density = plan, source, density
        self.names, self.compiled = names, compiled
        self.identity = plan.identity(starts, source.data)
        self.walkers = [
            plan.sampler.chain(density.of_a_chain(), start, plan.warmup, way)
            for start, way in zip(starts, plan.seeds_for(1), strict=True)
        ]
        self.remote = executor is not None
        self.run = Runner(
            self.walkers if executor is None else self._remotely(executor),
            plan.warmup,
            plan.warmup + plan.draws,
            earlier,
            thin=plan.thin,
            keep_warmup=plan.keep_warmup,
            remote=self.remote,
        )

    def _remotely(self, executor: Executor) -> Sequence[Chain]:
        """Let an executor make the iterations of the chains."""
        plan, source = self.plan, self.source
        sampler = plan.sampler.given if isinstance(plan.sampler, OwnSampler) else plan.sampler
        recipe = Recipe(
            sampler, source.log_density, source.data, plan.on_error, plan.warmup, self.density
        )
        return remotely(self.walkers, executor, recipe)

    def go(self, threads: int | None, shown: Screen, checkpoint: Checkpoint | None) -> Draws:
        """Make all draws, or those until Ctrl-C.

        Raises
        ------
        DensityError
            With the draws so far.
        KeyboardInterrupt
            If Ctrl-C comes before there are draws.
        """
        try:
            self._run(self._at_a_time(threads), shown, checkpoint)
        except DensityError as error:
            if self.run.has_draws:
                with contextlib.suppress(Exception):  # of `natural`: this error is told first
                    error.draws = self.draws()
            if error.draws is not None:
                error.add_note(
                    "The draws of all chains until then are in `draws` of this error: "
                    "except me.DensityError as error: draws = error.draws"
                )
            raise
        if not self.run.has_draws:
            raise KeyboardInterrupt("stopped during warm-up: there are no draws yet")
        result = self.draws()
        if names := result.settings.get("zero_gradient"):
            warnings.warn(zero_gradient(names), stacklevel=users_line())
        if checkpoint is not None and self.run.complete:
            checkpoint.finish(result)
        return result

    def _at_a_time(self, threads: int | None) -> int:
        """How many chains run at a time."""
        chains = len(self.walkers)
        most = chains if self.remote else processors()
        return threads_for(self.density.parallel, min(threads or most, chains))

    def _run(self, threads: int, shown: Screen, checkpoint: Checkpoint | None) -> None:
        """Run to the end, or to Ctrl-C, with progress and a file where they are wanted."""
        run = self.run
        total = len(run.chains) * run.iterations
        with shown.counting("sampling", "iterations", total, run.steps) as counter:
            if checkpoint is None:
                run.run(threads, counter.advance, counter.look)
                return

            def look() -> None:
                counter.look()
                checkpoint.write_now_and_then(run)

            try:
                run.run(threads, counter.advance, look)
            finally:  # whatever stopped it, nothing is lost
                if not run.complete:
                    checkpoint.write(run)

    def draws(self) -> Draws:
        """Return what has been made so far."""
        array, stats, divergences = self.run.result()
        plan = self.plan
        tuning = [one.tuned() for one in self.walkers] if plan.sampler.needs_gradient else []
        return Draws(
            array=array,
            names=self.names,
            stats=stats,
            natural=quantities_of(self.source.natural, array, plan.seeds_for(2)),
            settings=plan.settings() | self._oddities(divergences, tuning),
            seconds={"compile": self.compiled, "sample": self.run.seconds},
            tuning=tuning,
            complete=self.run.complete,
            divergences=divergences,
            warmup=self._warmup(),
            end=self.run.end() | {"identity": self.identity},
            source=self.source,
        )

    def _oddities(self, divergences: FloatArray, tuning: Sequence[Any]) -> dict[str, list[str]]:
        """Name entries beyond whose edges trajectories went, and entries with a zero gradient.

        The latter had gradient 0 in all of warm-up, and have it now.
        """
        if not tuning:
            return {}
        edges = edges_near(self.density, divergences, step_scale(tuning[0]), self.names)
        flat = np.logical_and.reduce([one.flat & (one.state.grad == 0.0) for one in self.walkers])
        zero = [n for n, always in zip(self.names, flat, strict=True) if always and n not in edges]
        found = {"edges": edges, "zero_gradient": zero}
        return {kind: names for kind, names in found.items() if names}

    def _warmup(self) -> Draws | None:
        """Return the draws of warm-up, if they were kept."""
        found = self.run.warmup_result()
        if found is None:
            return None
        array, stats, divergences = found
        plan = self.plan
        return Draws(
            array=array,
            names=self.names,
            stats=stats,
            natural=quantities_of(self.source.natural, array, plan.seeds_for(3)),
            settings=plan.settings() | {"draws": plan.warmup, "warmup": 0, "phase": WARMUP},
            seconds={},
            divergences=divergences,
        )


def as_sampler(sampler: Any) -> Any:
    """Return one of our samplers as it is, and a step of the user's as the driver takes it.

    Raises
    ------
    TypeError
        If it is neither.
    """
    ready = isinstance(sampler, (HamiltonianSampler, Metropolis, OwnSampler))
    return sampler if ready else OwnSampler(sampler)


@contextmanager
def stopwatch() -> Iterator[list[float]]:
    """Measure how long this lasts, in seconds; what it yields holds it afterwards."""
    begin, found = time.perf_counter(), [0.0]
    yield found
    found[0] = time.perf_counter() - begin


def check_count(name: str, value: Any, least: int = 1) -> None:
    """Refuse what is not an integer, or too small a one."""
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not whole or value < least:
        raise ValueError(f"{name} is {value!r}; it must be an integer, {least} or more")


def check_thin(name: str, iterations: int, thin: int) -> None:
    """Refuse a number of iterations of which not every `thin`-th can be kept evenly."""
    if iterations % thin:
        near = max(1, round(iterations / thin)) * thin
        raise ValueError(
            f"{name} is {iterations}, which thin = {thin} does not divide: these are iterations, "
            f"of which every {thin} one is kept; pass for example {name}={near}"
        )
