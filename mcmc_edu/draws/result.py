"""`Draws`: the draws of all chains, and what they can be asked."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, fields
from functools import partial
from typing import Any

from .. import storage
from ..table import Table
from .arviz import to_arviz
from .extending import extend
from .matrix import Matrix, matrix
from .record import Record
from .summary import FORMATS, errors, row, warnings_for


@dataclass(frozen=True, eq=False, repr=False)
class Draws(Record):
    """Draws of all chains.

    Attributes
    ----------
    array
        The draws of theta, shape (chain, draw, dim).
    names
        Name of each entry of theta, dim of them.
    stats
        What the sampler recorded at each draw, shape (chain, draw) each.  All: ``logp``.
        Metropolis: ``accepted``.  Hamiltonian samplers: ``accept_prob``, ``energy``,
        ``divergent``, ``n_gradients``, ``reached_limit`` (the trajectory may not be longer),
        ``step_size`` (as tuned, before HMC's jitter), and ``depth`` of NUTS' tree (0 elsewhere).
    natural
        Quantities computed from theta, shape (chain, draw) or (chain, draw, k) each; empty where
        none were asked for.
    settings
        The sampler, the seed and the numbers of iterations: ``draws`` after warm-up, of which
        every ``thin``-th is kept; ``max_depth`` where there are depths; ``zero_gradient``, names of
        entries of theta whose gradient was always 0, where there are such.
    seconds
        Wall time of ``"compile"`` and of ``"sample"``.
    tuning
        The sampler with the step size and metric it ended with, one for each chain; empty for
        Metropolis.
    complete
        False if sampling was interrupted: fewer iterations than ``settings["draws"]``.
    divergences
        The last place before a trajectory diverged (NUTS), or where it began (HMC, GIST), shape
        (n, dim); also of iterations that were thinned out.
    labels
        Names of the entries of natural quantities of shape (chain, draw, k), such as the levels of
        a group; ``alpha[0], alpha[1], ...`` where there are none.
    warmup
        The draws of warm-up, which are no draws from the posterior; None unless they were kept.
    end
        Where the chains ended, for `extend`; None if that is not known.
    source
        The log density, its data and `natural`; None if the draws come from a file.
    """

    warmup: Draws | None = None

    def summary(self, *names: str) -> Table:
        """Summarise each quantity, and warn of what is not to be trusted.

        Parameters
        ----------
        names
            Quantities to show, as in ``summary("mu", "alpha")``; all if none is named.

        Returns
        -------
        Table
            Columns mean, sd, the 5 %, 50 % and 95 % quantiles, Monte Carlo standard error of the
            mean (mcse), bulk and tail effective sample size and R-hat; printed to the digits that
            the Monte Carlo error of each number leaves.  Beneath, a line for each
            kind of trouble with the rows or with the sampler, its remedy included.
        """
        found = dict(self.quantities(*names))
        rows = {name: row(values) for name, values in found.items()}
        return Table(rows, FORMATS, warnings_for(self, rows), partial(errors, found))

    def matrix(self, *names: str) -> Matrix:
        """Put all draws into one matrix, shape (draw, quantity), the chains end to end.

        Parameters
        ----------
        names
            Quantities to take, as in `summary`; all if none is named.
        """
        return matrix(self.quantities(*names))

    def extend(
        self,
        n: int,
        *,
        log_density: Callable[..., float] | None = None,
        data: Any = None,
        natural: Callable[..., Mapping[str, Any]] | None = None,
        threads: int | None = None,
        progress: bool | None = None,
        file: str | os.PathLike[str] | None = None,
        sampler: Any = None,
        executor: Executor | None = None,
    ) -> Draws:
        """Continue the run: bit for bit the draws of one that was longer from the start.

        Parameters
        ----------
        n
            Iterations to add to each chain; a multiple of `thin`, of which every `thin`-th is kept.
        log_density, data, natural
            As they were passed to `mcmc_edu.sample`.  They are needed for draws that were read from
            a file.  Data that differ in a bit are refused, and so is a density that gives another
            value or gradient where the run has been.
        threads, progress, file, executor
            As in `mcmc_edu.sample`.
        sampler
            As it was passed to `mcmc_edu.sample`.  It is needed for draws that were read from a
            file if it is your own.

        Returns
        -------
        Draws
            All draws, old and new ones, which may be extended again; these do not change.
            Natural quantities are computed again for all of them: where they are random given
            theta, old ones become those of the longer run.

        Raises
        ------
        ValueError
            If `n` is not a positive multiple of `thin`; the log density is missing, or it, the
            data or the version of the package is not that of the run; or these are draws of
            warm-up, or were saved by a version that did not keep where chains ended.

        Examples
        --------
        >>> import mcmc_edu as me
        >>> def log_density(theta, data):
        ...     return -0.5 * theta[0] * theta[0]
        >>> draws = me.sample(log_density, [0.0], sampler=me.Metropolis(scale=2.4), seed=1)
        >>> draws.extend(500).array.shape
        (4, 1500, 1)
        """
        longer: Draws = extend(
            self,
            n,
            log_density=log_density,
            data=data,
            natural=natural,
            threads=threads,
            progress=progress,
            file=file,
            sampler=sampler,
            executor=executor,
        )
        return longer

    def to_arviz(self) -> Any:
        """Hand the draws to ArviZ, as an xarray DataTree.

        Its groups are posterior, with the natural quantities, or else theta, of which
        ``alpha[0], alpha[1], ...`` become one variable ``alpha``; sample_stats; and, where warm-up
        was kept, warmup_posterior and warmup_sample_stats.  A slash in a name becomes a bar, and a
        name that is taken, such as ``draw`` or ``chain``, ends in ``_``.  A warning says which are
        renamed.

        Raises
        ------
        ImportError
            If arviz-base is not installed.
        """
        return to_arviz(self)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write everything to an ``.npz`` file, which `load` reads, or replace it if it is there.

        Arrays lie in it under names such as ``array`` and ``stats/logp``, so that ``numpy.load``
        reads them as well.  A value that is not plain data, such as a function, comes back as
        its printed form.

        Raises
        ------
        ValueError
            If `path` does not end in ``.npz``.
        OSError
            If the file cannot be written; one that was there stays as it was.
        """
        storage.write(path, plain(self))


def load(path: str | os.PathLike[str]) -> Draws:
    """Read draws that `Draws.save` wrote.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it holds no draws, or a fit; is damaged, or was written by a newer version.
    """
    found = storage.read(path)
    if "model" in found:
        raise ValueError(
            f"{str(path)!r} holds a fit, draws and model: read it with me.load_fit, and take its "
            "draws from fit.draws"
        )
    missing = {"array", "names", "stats", "natural", "settings", "seconds"} - set(found)
    if missing:
        raise storage.not_draws(path, f"{', '.join(sorted(missing))} missing")
    return of_plain(found)


def plain(draws: Draws) -> dict[str, Any]:
    """Make plain data of draws, for a file."""
    found = {f.name: getattr(draws, f.name) for f in fields(draws) if f.name != "source"}
    return found | {"warmup": None if draws.warmup is None else plain(draws.warmup)}


def of_plain(found: Mapping[str, Any]) -> Draws:
    """Make draws of what `plain` made of them; of a version that kept less, as much as it kept."""
    given = {f.name: found[f.name] for f in fields(Draws) if f.name in found}
    warmup = given.get("warmup")
    return Draws(**given | {"warmup": None if warmup is None else of_plain(warmup)})
