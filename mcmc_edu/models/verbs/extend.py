"""More draws of a fit."""

from __future__ import annotations

import os
from concurrent.futures import Executor

from ..fitted import FittedT


def extend(
    fit: FittedT,
    n: int,
    *,
    threads: int | None = None,
    progress: bool | None = None,
    file: str | os.PathLike[str] | None = None,
    executor: Executor | None = None,
) -> FittedT:
    """Continue the run: bit for bit the fit that more draws would have given from the start.

    It works for fits from files as well.

    Parameters
    ----------
    n
        Iterations to add to each chain; a multiple of `thin`.
    threads, progress, file, executor
        As in `mcmc_edu.sample`.

    Returns
    -------
    Fit
        With all draws, old and new ones; this one does not change.  Effects that were
        integrated out are drawn again for all of them.

    Raises
    ------
    ValueError
        If `n` is not a positive multiple of `thin`; or the draws were made by another version
        of the package, or by one that did not keep where chains ended.

    Examples
    --------
    >>> example_fit().extend(100, progress=False)
    Fit(Model('Reaction ~ Days + (Days | Subject)', gaussian, partial pooling, 180 rows), \
2 chains of 600 draws)
    """
    made = fit.model.assembled
    longer = fit.draws.extend(
        n,
        log_density=made.log_density,
        data=made.data,
        natural=fit.model.natural,
        threads=threads,
        progress=progress,
        file=file,
        executor=executor,
    )
    return type(fit)(fit.model, longer)
