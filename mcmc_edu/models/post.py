"""The post's three models, ready for a gradient sampler: `Model` with the post's priors and names.

    draws = partial_pooling(data, "collapsed").sample(seed=1)

Every group has a line of its own, y_i ~ N(alpha_j + beta_j x_i, sigma).  `textbook` has the three
models as they stand on paper; here they are

    y ~ 0 + alpha + beta + (0 + alpha + beta || group)

with a column of ones under the name alpha and x under the name beta, so that the coefficients have
the post's names and their priors stand at x = 0.

Source: J. Bølstad (2018), *The Benefits of Bayesian Hierarchical Modeling*, boelstad.net.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..compiling import FloatArray
from ..datasets import GroupedData
from ..draws import Draws
from ..driver.sample import sample
from ..priors.univariate import Normal, Prior, Uniform
from .model import Model

Quantities = dict[str, FloatArray]
Rename = Callable[[Quantities], Quantities]

MEAN_SD, SCALE_UPPER, LIMIT = 3.0, 10.0, 100.0
"""The post's priors: means ~ N(0, 3), scales ~ U(0, 10), flat coefficients ~ U(-100, 100)."""

FORMS = ("collapsed", "noncentered", "centered")
COEFFICIENTS = ("alpha", "beta")


@dataclass(frozen=True, eq=False)
class Posterior:
    """All that `sample` needs of a model."""

    log_density: Callable[..., float] = field(repr=False)
    """``f(theta, grad, data) -> float``, in unconstrained coordinates."""
    data: Any = field(repr=False)
    """What `log_density` is passed: the observations, summarised."""
    start: FloatArray = field(repr=False)
    """The origin of theta, shape (dim,): all is of the size of 1 in its coordinates."""
    names: list[str]
    """Name of each entry of theta; ``~`` marks unconstrained coordinates in the model's units, and
    ``z_alpha[0]`` is the first line's intercept less the mean, in units of sigma_alpha."""
    natural: Callable[[FloatArray, np.random.Generator], Quantities] = field(repr=False)
    """Maps theta, shape (dim, chain, draw), to alpha, beta, their population and sigma, all in the
    units of the data.  The generator draws the lines where they were integrated out."""

    def sample(self, **settings: Any) -> Draws:
        """Draw from it: `mcmc_edu.sample` with everything above; `settings` are the rest."""
        given: dict[str, Any] = {
            "theta0": self.start,
            "data": self.data,
            "names": self.names,
            "natural": self.natural,
        }
        return sample(self.log_density, **given | settings)

    @property
    def dim(self) -> int:
        """Number of entries of theta."""
        return self.start.size


def partial_pooling(data: GroupedData, form: str = "collapsed") -> Posterior:
    """Make the model in which the lines are a population that is learnt as well.

    Parameters
    ----------
    data
        Observations of at least two groups.
    form
        ``"collapsed"`` samples the population and the noise, 5 parameters, and draws the lines
        exactly afterwards; ``"noncentered"`` and ``"centered"`` sample the lines too.

    Raises
    ------
    ValueError
        If `form` is none of the three, or x has a single value.
    """
    if form not in FORMS:
        raise ValueError(f"form is {form!r}; it must be one of {', '.join(map(repr, FORMS))}")
    scale = Uniform(0.0, SCALE_UPPER)
    return _posterior(data, "partial", form, _of_population, b=Normal(0.0, MEAN_SD), sd=scale)


def no_pooling(data: GroupedData) -> Posterior:
    """Make the model in which each line stands alone, alpha_j and beta_j ~ U(-100, 100)."""
    return _posterior(data, "none", "auto", _of_lines, b=Uniform(-LIMIT, LIMIT))


def complete_pooling(data: GroupedData) -> Posterior:
    """Make the model in which all lines are one line, alpha and beta ~ U(-100, 100)."""
    return _posterior(data, "complete", "auto", _of_one_line, b=Uniform(-LIMIT, LIMIT))


def model(data: GroupedData, pooling: str, form: str, **priors: Prior) -> Model:
    """Make the model of the three that has this pooling, with these priors beside sigma's."""
    columns = np.column_stack([np.ones(data.x.size), data.x])
    return Model.from_arrays(
        data.y,
        columns,
        data.group,
        names=COEFFICIENTS,
        Z=columns,
        z_names=COEFFICIENTS,
        intercept=False,
        correlated=False,
        pooling=pooling,
        parameterization=form,
        priors={"sigma": Uniform(0.0, SCALE_UPPER), **priors},
    )


def _posterior(
    data: GroupedData, pooling: str, form: str, rename: Rename, **priors: Prior
) -> Posterior:
    made = model(data, pooling, form, **priors)
    natural, assembled = made.natural, made.assembled
    return Posterior(
        log_density=assembled.log_density,
        data=assembled.data,
        start=np.zeros(len(assembled.names)),
        names=_names_of_theta(assembled.names, pooling, form),
        natural=lambda theta, rng: rename(natural(theta, rng)),
    )


def _names_of_theta(names: list[str], pooling: str, form: str) -> list[str]:
    """Turn the model's names of theta's entries into the post's."""
    line = "z_" if form == "noncentered" else "~"
    stems = {f"~group: {name}": f"{line}{name}" for name in COEFFICIENTS}
    if pooling == "partial":
        stems |= {f"~{name}": f"~mu_{name}" for name in COEFFICIENTS}
        stems |= {f"~sd(group: {name})": f"~sigma_{name}" for name in COEFFICIENTS}
    split = [name.partition("[") for name in names]
    return [stems.get(stem, stem) + bracket + index for stem, bracket, index in split]


def _of_population(found: Quantities) -> Quantities:
    """Name what partial pooling has; a line is the population's mean and a deviation from it."""
    lines = {name: found[name] + found[f"b(group: {name})"] for name in COEFFICIENTS}
    means = {f"mu_{name}": found[name] for name in COEFFICIENTS}
    scales = {f"sigma_{name}": found[f"sd(group: {name})"] for name in COEFFICIENTS}
    return lines | means | scales | {"sigma": found["sigma"]}


def _of_lines(found: Quantities) -> Quantities:
    """Name what no pooling has."""
    return {name: found[f"b(group: {name})"] for name in COEFFICIENTS} | {"sigma": found["sigma"]}


def _of_one_line(found: Quantities) -> Quantities:
    """Name what complete pooling has."""
    return {name: found[name] for name in (*COEFFICIENTS, "sigma")}
