"""`sample`, the one driver: from a log density to draws, whatever the sampler."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .checkpoint import Checkpoint
from .compiling import bind, compiling_announced, threads_for
from .draws import Draws
from .edges import edges_near, step_scale
from .identity import identity_of
from .quantities import Natural, names_of, quantities_of
from .running import Run, processors
from .samplers import GIST, HMC, NUTS, DensityError, Metropolis
from .seeds import Seed, seed_sequence
from .starts import Start, check_density, find_starts

Sampler = Metropolis | HMC | GIST | NUTS


def sample(
    log_density: Callable[..., float],
    theta0: ArrayLike | Start,
    *,
    data: Any = (),
    sampler: Sampler = NUTS(),  # noqa: B008 (it is immutable)
    draws: int = 1000,
    warmup: int = 1000,
    chains: int = 4,
    seed: Seed = None,
    names: Sequence[str] | None = None,
    natural: Natural | None = None,
    threads: int | None = None,
    progress: bool = True,
    file: str | Path | None = None,
    on_error: str = "raise",
) -> Draws:
    """Draw from a posterior.

    Parameters
    ----------
    log_density
        ``f(theta, grad, data) -> float``: the log density up to a constant, ``-inf`` outside the
        support; the gradient is written into `grad`.  ``f(theta, data)`` is enough for
        Metropolis.  Plain Python: it is compiled here.
    theta0
        Where to start: one point for all chains, shape ``(dim,)``; one for each, shape
        ``(chains, dim)``; or a rule, ``theta0(rng) -> (dim,)``, that draws a point with a chain's
        own generator and is asked again, up to 100 times, where the density is zero.  Chains
        that start far apart and agree in the end tell more.
    data
        Passed to `log_density` as they are: numbers and numeric arrays, in a tuple or NamedTuple.
    sampler
        How to move: ``NUTS()``, ``GIST()``, ``HMC(steps=10)`` or ``Metropolis(scale=0.1)``.
    draws, warmup
        Iterations of each chain that are kept, and that are dropped before them.  Hamiltonian
        samplers find their step size and metric during warm-up.
    chains
        Number of chains; chain k is the same however many there are.
    seed
        Seed of the random numbers: an integer, 0 or more, or a SeedSequence.  A Generator gives an
        integer and moves on, None takes one from the operating system; it is recorded in
        ``settings["seed"]``.
    names
        Name of each entry of theta; ``theta[0], theta[1], ...`` if not given.
    natural
        Maps theta to the quantities a person wants, ``{name: value}``.  ``natural(theta)`` is
        called once, with theta of shape ``(dim, chain, draw)``, so that ``theta[0]`` is all draws
        of the first entry; a value has shape ``(chain, draw)`` or ``(k, chain, draw)``.  Where
        quantities are random given theta, write ``natural(theta, rng)``: it is called for each
        chain by itself, with theta of shape ``(dim, 1, draw)`` and a generator of the chain's own.
    threads
        How many chains run at a time; as many as there are processors if not given.
    progress
        Whether to show a progress bar, where someone can see it (on a terminal).
    file
        Where to save the draws, ``name.npz``.  The run is written to ``name.partial.npz`` as it
        goes; called again with the same arguments, it goes on from there.  First the log density
        and gradient are computed anew at places where the run has been: a density that differs in
        any bit is refused.
    on_error
        What an exception in `log_density` does on the way: ``"raise"`` ends the run, ``"reject"``
        takes the density to be zero there.  With `file`, a run that was ended goes on with
        ``"reject"``.

    Returns
    -------
    Draws
        After Ctrl-C those so far, with ``complete`` False.

    Raises
    ------
    TypeError, ValueError, IndexError
        If an argument is not what it should be, the log density is not finite at a start, leaves
        its gradient unwritten, or reaches beyond an array.
    DensityError
        A ValueError: if the log density raises, or is +inf anywhere on the way; with chain,
        iteration and position.  Its ``draws`` are those until then, or None.
    FileExistsError, FileNotFoundError
        If `file` is there already, or its folder is not.
    KeyboardInterrupt
        If Ctrl-C comes before there are draws.

    Examples
    --------
    >>> def log_density(theta, data):
    ...     return -0.5 * theta[0] * theta[0]
    >>> draws = sample(log_density, [0.0], sampler=Metropolis(scale=2.4), seed=1)
    >>> draws.array.shape
    (4, 1000, 1)
    """
    if on_error not in ("raise", "reject"):
        raise ValueError(f"on_error is {on_error!r}; it must be 'raise' or 'reject'")
    _check_arguments(sampler, draws=draws, warmup=warmup, chains=chains, threads=threads)
    checkpoint = None if file is None else Checkpoint(file)
    if file is not None and seed is None:
        raise ValueError("seed is None; a run that can be resumed needs one: pass seed=1")
    fresh = seed_sequence(seed)
    ways = [own.spawn(3) for own in fresh.spawn(chains)]  # for the start, the way, the quantities
    noise = [of_quantities for _, _, of_quantities in ways]

    begin = time.perf_counter()
    with _compiling(progress):
        density = bind(log_density, data, on_error)
        if sampler.needs_gradient and not density.has_gradient:
            raise TypeError(
                f"log_density has no gradient, which {type(sampler).__name__} needs; write "
                "f(theta, grad, data) that fills grad, or pass me.finite_difference(log_density)"
            )
        starts = find_starts(theta0, chains, density, [start for start, _, _ in ways])
        names = names_of(names, starts.shape[1])
        sampler.check(starts.shape[1])
        check_density(log_density, density, starts, data)
        quantities_of(natural, np.stack([starts, starts], axis=1), noise)  # now, not in an hour
        sampler.load()
    at_a_time = threads_for(density.parallel, min(threads or processors(), chains))
    compiled = time.perf_counter()

    earlier = None
    if checkpoint is not None:
        identity = identity_of(
            sampler=sampler, draws=int(draws), warmup=int(warmup), chains=int(chains), seed=fresh,
            theta0=starts, data=data,
        )  # fmt: skip
        earlier = checkpoint.resume(identity, density, int(warmup))
    walkers = [
        sampler.chain(density.of_a_chain(), starts[k], warmup, way)
        for k, (_, way, _) in enumerate(ways)
    ]
    run = Run(walkers, warmup, warmup + draws, earlier)

    def so_far() -> Draws:
        array, stats, divergences = run.result()
        tuning = [walker.tuned() for walker in walkers] if sampler.needs_gradient else []
        edges = edges_near(density, divergences, step_scale(tuning[0]), names) if tuning else []
        return Draws(
            array=array,
            names=names,
            stats=stats,
            natural=quantities_of(natural, array, noise),
            settings={
                "sampler": sampler, "draws": draws, "warmup": warmup, "chains": chains,
                "seed": seed if isinstance(seed, np.random.SeedSequence) else fresh.entropy,
                **({"max_depth": sampler.max_depth} if isinstance(sampler, NUTS) else {}),
                **({"edges": edges} if edges else {}),
            },
            seconds={"compile": compiled - begin, "sample": run.seconds},
            tuning=tuning,
            complete=run.complete,
            divergences=divergences,
        )  # fmt: skip

    try:
        _run(run, at_a_time, progress, checkpoint)
    except DensityError as error:
        if run.has_draws:
            with contextlib.suppress(Exception):  # of `natural`: this error is told first
                error.draws = so_far()
        if error.draws is not None:
            error.add_note(
                "The draws of all chains until then are in `draws` of this error: "
                "except me.DensityError as error: draws = error.draws"
            )
        raise
    if not run.has_draws:
        raise KeyboardInterrupt("stopped during warm-up: there are no draws yet")
    result = so_far()
    if checkpoint is not None and run.complete:
        checkpoint.finish(result)
    return result


def _check_arguments(sampler: Any, threads: Any, **counts: Any) -> None:
    if threads is not None:
        counts["threads"] = threads
    for name, value in counts.items():
        least = 0 if name == "warmup" else 1
        whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
        if not whole or value < least:
            raise ValueError(f"{name} is {value!r}; it must be an integer, {least} or more")
    if not isinstance(sampler, Sampler):
        raise TypeError(
            f"sampler is {sampler!r}; pass for example me.NUTS() or me.Metropolis(scale=0.1)"
        )


def _run(run: Run, threads: int, progress: bool, checkpoint: Checkpoint | None) -> None:
    """Run to the end, or to Ctrl-C, with a progress bar and a file where they are wanted."""
    with _bar(run, progress) as bar:
        if checkpoint is None:
            run.go(threads, bar.update)
            return
        try:
            run.go(threads, bar.update, lambda: checkpoint.write_now_and_then(run))
        finally:  # whatever stopped it, nothing is lost
            if not run.complete:
                checkpoint.write(run)


def _visible(progress: bool) -> bool:
    """Whether progress is wanted and there is a terminal to show it on."""
    return progress and sys.stderr is not None and sys.stderr.isatty()


@contextlib.contextmanager
def _compiling(progress: bool) -> Iterator[None]:
    """The first phase, on a terminal.  Elsewhere it is told only if the package itself has to be
    compiled, which is once and takes long.
    """
    if not progress:
        yield
    elif not _visible(progress):
        with compiling_announced():
            yield
    else:
        begin = time.perf_counter()
        print("compiling ...", end="", file=sys.stderr, flush=True)
        try:
            yield
        finally:
            print(f" {time.perf_counter() - begin:.1f} s", file=sys.stderr, flush=True)


def _bar(run: Run, progress: bool) -> Any:
    """The second phase: a bar."""
    if not _visible(progress):
        return contextlib.nullcontext(SimpleNamespace(update=lambda n: None))
    from tqdm import tqdm

    total = len(run.chains) * run.iterations
    return tqdm(total=total, initial=run.steps, desc="sampling", unit="it", file=sys.stderr)
