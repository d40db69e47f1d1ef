"""Prior predictive draws: parameters from their priors, then outcomes given the parameters.

    parameters ~ priors,    y ~ family(eta)

All quantities are in the units of the data.
"""

from __future__ import annotations

import numpy as np

from ..compiling import FloatArray
from ..seeds import Seed, generator
from .prepared import Prepared
from .simulation.parameters import (
    draw_one,
    draw_outcomes,
    draw_parameters,
    draw_roots,
    draw_scales,
    sds_of,
)

NARROWER = "the priors allow that; take narrower ones, such as priors={'b': me.Normal(0, 1)}"


def prior_predictive(model: Prepared, draws: int = 1000, seed: Seed = None) -> FloatArray:
    """Draw outcomes from the priors alone, shape (draw, row).

    Every draw takes parameters from their priors, then effects of all levels from the population,
    then one outcome for every row, whatever its weight.  Autoscaled priors take their scales from
    the data; nothing else uses the outcome.

    Raises
    ------
    ValueError
        If a prior is `Flat`, or so wide that counts overflow.

    Examples
    --------
    >>> data = {"y": [1.0, 2.0, 4.0], "x": [0.0, 1.0, 2.0]}
    >>> from mcmc_edu import Model, Normal
    >>> model = Model("y ~ x", data, priors={"b": Normal(0, 1)})
    >>> model.prior_predictive(draws=50, seed=1).shape
    (50, 3)
    """
    if not isinstance(draws, int | np.integer) or draws < 1:
        raise ValueError(f"draws is {draws!r}; it must be an integer, 1 or more")
    rng = generator(seed)
    return draw_outcomes(model, rng, draw_parameters(model, rng, int(draws)), NARROWER)


def prior_sds(model: Prepared, draws: int = 4000, seed: Seed = None) -> dict[str, FloatArray]:
    """Draw the sds of varying coefficients from their prior, as a fit names them.

    Returns
    -------
    dict
        ``sd(group: coefficient)``, shape (draws,), in the units of the data.

    Raises
    ------
    ValueError
        If a prior is `Flat`.

    Examples
    --------
    >>> list(prior_sds(example_fit().model, draws=10, seed=1))
    ['sd(Subject: Intercept)', 'sd(Subject: Days)']
    """
    rng = generator(seed)
    found: dict[str, FloatArray] = {}
    sigma = [chosen for chosen in model.priors.own if chosen.name == "sigma"]
    own = {one.name: draw_one(one, rng, draws) for one in sigma}
    for t in range(len(model.design.groupings) if model.pooling == "partial" else 0):
        tau = draw_scales(model, t, rng, draws, own)
        sds, _ = sds_of(model, t, tau, draw_roots(model, t, rng, draws))
        found |= sds
    return found
