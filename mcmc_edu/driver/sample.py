"""`sample`, the one driver: from a log density to draws, whatever the sampler."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..draws import Draws
from ..draws.extending import Source, driver
from ..progress import screen
from ..samplers import GIST, HMC, NUTS, Metropolis
from ..samplers.contract import HasStep, Step
from ..seeds import Seed, seed_sequence
from .checkpoint import Checkpoint
from .extending import extended
from .journey import Journey, Plan, as_sampler, check_count, check_thin, stopwatch
from .parallel import check_executor
from .quantities import Natural, names_of, quantities_of
from .starts import Start, check_density, find_starts

Sampler = Metropolis | HMC | GIST | NUTS


def sample(
    log_density: Callable[..., float],
    theta0: ArrayLike | Start,
    *,
    data: Any = (),
    sampler: Sampler | Step | HasStep = NUTS(),  # noqa: B008 (it is immutable)
    draws: int = 1000,
    warmup: int = 1000,
    chains: int = 4,
    seed: Seed = None,
    names: Sequence[str] | None = None,
    natural: Natural | None = None,
    threads: int | None = None,
    progress: bool | None = None,
    file: str | Path | None = None,
    on_error: str = "raise",
    thin: int = 1,
    keep_warmup: bool = False,
    executor: Executor | None = None,
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
        How to move: ``NUTS()``, ``GIST()``, ``HMC(steps=10)`` or ``Metropolis(scale=0.1)``; or
        your own, a function ``step(rng, state, log_density) -> (state, info)`` or an object with
        such a method: see `mcmc_edu.samplers.contract`.
    draws, warmup
        Iterations of each chain, after warm-up and in it.  Those of warm-up, in which Hamiltonian
        samplers find their step size and metric, are dropped.
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
        How many chains run at a time.  None takes as many as there are processors, or all if
        there is an executor.
    progress
        Whether to show how far it is.  None guesses: a bar in a terminal, a line of text in a
        notebook, and in a pipe or log a line now and then, if it takes longer than three seconds.
        True writes lines from the beginning where there is neither terminal nor notebook.  False
        writes nothing.
    file
        Where to save the draws, ``name.npz``.  The run is written to ``name.partial.npz`` as it
        goes; called again with the same arguments, it goes on from there.  First the log density
        and gradient are computed again at places where the run has been: a density that differs in
        any bit is refused.
    on_error
        What an exception in `log_density` does on the way: ``"raise"`` ends the run, ``"reject"``
        takes the density to be zero there.  With `file`, a run that was ended goes on with
        ``"reject"``.
    thin
        Keep one of every `thin` iterations, the first.  As in Stan, `draws` counts iterations:
        each chain has ``draws / thin`` draws, which are ``array[:, ::thin]`` of the same run with
        ``thin=1``.  It must divide `draws`.  Warm-up that is kept is thinned as well.
        Divergences are counted in all iterations; other diagnostics use the draws kept.
    keep_warmup
        Whether to keep warm-up's draws, in ``warmup`` of the result.  The other draws do not
        change.  `natural` is then called for warm-up as well, with another generator.
    executor
        Where chains run: any ``concurrent.futures.Executor``, of processes or machines.  None runs
        them here, in threads.  The draws are the same, bit for bit.  What is sent to processes
        must be picklable: functions of a module, or any with cloudpickle installed.

    Returns
    -------
    Draws
        After Ctrl-C those so far, with ``complete`` False.  ``draws.extend(n)`` adds more.

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

    Warns
    -----
    UserWarning
        If the gradient was always 0 in an entry of theta, which is named.

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
    moving = as_sampler(sampler)
    _check_arguments(
        draws=draws,
        warmup=warmup,
        chains=chains,
        thin=thin,
        **({} if threads is None else {"threads": threads}),
    )
    check_thin("draws", draws, thin)
    if executor is not None:
        check_executor(executor)
    shown = screen(progress)
    checkpoint = None if file is None else Checkpoint(file)
    if file is not None and seed is None:
        raise ValueError("seed is None; a run that can be resumed needs one: pass seed=1")
    fresh = seed_sequence(seed)
    plan = Plan(
        moving,
        draws,
        warmup,
        chains,
        seed=fresh,
        given_seed=seed if isinstance(seed, np.random.SeedSequence) else fresh.entropy,
        thin=thin,
        keep_warmup=keep_warmup,
        on_error=on_error,
    )
    source = Source(log_density, data, natural)
    with stopwatch() as seconds, shown.compiling():
        density = plan.bind(source)
        starts = find_starts(theta0, chains, density, plan.seeds_for(0))
        names = names_of(names, starts.shape[1])
        moving.check(starts.shape[1])
        check_density(log_density, density, starts, data)
        twice = np.stack([starts, starts], axis=1)
        quantities_of(natural, twice, plan.seeds_for(2))  # now, not in an hour
        moving.load()
    earlier = None
    if checkpoint is not None:
        earlier = checkpoint.resume(plan.identity(starts, data), density, int(warmup), int(thin))
    journey = Journey(plan, source, density, starts, names, seconds[0], earlier, executor)
    return journey.go(threads, shown, checkpoint)


def _check_arguments(**counts: Any) -> None:
    for name, value in counts.items():
        check_count(name, value, 0 if name == "warmup" else 1)


driver(extended)  # of `Draws.extend`, which may not import it
