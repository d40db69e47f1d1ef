"""The post's three models ready for a gradient sampler: density, data, start, names, the way back.

    draws = partial_pooling(data, "collapsed").sample(seed=1)

Every group has a line of its own, y_i ~ N(alpha_j + beta_j x_i, sigma), and the models differ in
what is believed about the lines; `textbook` has them as they stand on paper.  Their density is
`regression.lines`, which is that of every formula whose groups have lines, with the post's priors:

    alpha_j ~ N(mu_alpha, sigma_alpha)      beta_j ~ N(mu_beta, sigma_beta)      mu ~ N(0, 3)
    all scales ~ U(0, 10)                   lines that are not pooled: alpha, beta ~ U(-100, 100)

in unconstrained coordinates, with gradients, and at a cost that does not grow with the
observations.  `natural` brings draws of theta back to what a person asks for.

Source: J. Bølstad (2018), *The Benefits of Bayesian Hierarchical Modeling*, boelstad.net.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..compiling import FloatArray
from ..datasets import GroupedData
from ..draws import Draws
from ..regression.chain import Unravelled, unravel_chain
from ..regression.layout import APART, CENTERED, COLLAPSED, COMMON, NONCENTERED, Layout
from ..regression.lines import Lines, log_posterior
from ..regression.priors import Normal, Prior, Uniform, scale_row
from ..regression.reduction import triangles_of_lines
from ..regression.unravel_lines import unravel_lines
from ..sample import sample

Quantities = dict[str, FloatArray]

MEAN_SD, SCALE_UPPER, LIMIT = 3.0, 10.0, 100.0
"""The post's priors: means ~ N(0, 3), scales ~ U(0, 10), flat coefficients ~ U(-100, 100)."""

FORMS = {"collapsed": COLLAPSED, "noncentered": NONCENTERED, "centered": CENTERED}
POPULATION = ("mu_alpha", "mu_beta")
SCALES = ("sigma_alpha", "sigma_beta")


@dataclass(frozen=True, eq=False)
class Posterior:
    """All that `sample` needs of a model."""

    log_density: Callable[..., float] = field(repr=False)
    """``f(theta, grad, data) -> float``, in unconstrained coordinates."""
    data: Lines = field(repr=False)
    """What the observations come to."""
    start: FloatArray = field(repr=False)
    """A point not far from where the mass is, shape (dim,)."""
    names: list[str]
    """Name of each entry of theta; ``logit_sigma`` is log(sigma / (10 - sigma))."""
    natural: Callable[[FloatArray], Quantities] = field(repr=False)
    """Maps theta, shape (dim, chain, draw), to alpha, beta, their population and sigma."""

    def sample(self, **settings: Any) -> Draws:
        """Draw from it: `mcmc_edu.sample` with everything above; `settings` are the rest."""
        given: dict[str, Any] = {
            "theta0": self.start, "data": self.data, "names": self.names, "natural": self.natural,
        }  # fmt: skip
        return sample(self.log_density, **given | settings)

    @property
    def dim(self) -> int:
        """Number of entries of theta."""
        return self.start.size


def partial_pooling(data: GroupedData, form: str = "collapsed") -> Posterior:
    """The lines are a population, which is learnt as well.

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
        If `form` is none of the three.
    """
    if form not in FORMS:
        raise ValueError(f"form is {form!r}; it must be one of {', '.join(map(repr, FORMS))}")
    term = Layout(2, data.groups, FORMS[form], 0, 3, 5, 5, 0, 0, 0)
    scales = [Uniform(0.0, SCALE_UPPER)] * 3
    found = lines_of(data, data.group, data.groups, term, [Normal(0.0, MEAN_SD)] * 2, scales)
    stem = {"collapsed": None, "noncentered": "z_{}", "centered": "{}"}[form]
    names = [*POPULATION, *_logits("sigma", *SCALES)]
    if stem is not None:
        names += _effect_names(stem, data.groups)
    mu, noise = _one_line(found)
    scale = np.full(3, noise) * [0.8, 0.5, 0.5]
    effects = np.repeat(mu, data.groups) if form == "centered" else np.zeros(2 * data.groups)
    start = np.concatenate([mu, _logit(scale / SCALE_UPPER), effects])[: len(names)]
    return Posterior(log_posterior, found, start, names, partial(_of_population, found))


def no_pooling(data: GroupedData) -> Posterior:
    """Each line stands alone, alpha_j and beta_j ~ U(-100, 100)."""
    term = Layout(2, data.groups, APART, 0, 1, 1, 1, 0, 0, 0)
    flat, scale = [Uniform(-LIMIT, LIMIT)] * 2, [Uniform(0.0, SCALE_UPPER)]
    found = lines_of(data, data.group, data.groups, term, [], scale, flat)
    names = [*_logits("sigma"), *_effect_names("logit_{}", data.groups)]
    coefficients, noise = _flat_start(found)
    start = np.concatenate([noise, np.repeat(coefficients, data.groups)])
    return Posterior(log_posterior, found, start, names, partial(_of_lines, found))


def complete_pooling(data: GroupedData) -> Posterior:
    """All lines are one line, alpha and beta ~ U(-100, 100)."""
    term = Layout(0, 1, COMMON, 0, 3, 3, 3, 0, 0, 0)
    flat, scale = [Uniform(-LIMIT, LIMIT)] * 2, [Uniform(0.0, SCALE_UPPER)]
    found = lines_of(data, np.zeros_like(data.group), 1, term, flat, scale)
    names = _logits("alpha", "beta", "sigma")
    start = np.concatenate(_flat_start(found))
    return Posterior(log_posterior, found, start, names, partial(_of_line, found))


def lines_of(
    data: GroupedData, group: NDArray[np.int64], groups: int, term: Layout,
    common: Sequence[Prior], scales: Sequence[Prior], apart: Sequence[Prior] = (),
) -> Lines:  # fmt: skip
    """Put the data of the density together.

    Parameters
    ----------
    group, groups
        Group of each row, and how many there are.
    term
        Form of the lines, and where theta has what.
    common
        Priors of intercept and slope of all, where there are such.
    scales
        Priors of sigma and of the lines' scales.
    apart
        Priors of the coefficients of lines that stand alone.
    """
    z = np.column_stack([np.ones(data.x.size), data.x])
    root, outcome, rss = triangles_of_lines(z, data.y, group, groups)
    rows = [prior.row() for prior in common] + [scale_row(prior) for prior in scales]
    rows += [prior.row() for prior in apart]
    q = len(common)
    return Lines(
        root=root,
        outcome=outcome,
        rss=rss,
        observations=float(data.y.size),
        mean=np.ones((q, groups)),
        mean_of=np.repeat(np.arange(q)[:, np.newaxis], 2, axis=1),
        terms=np.array([term], dtype=np.int64),
        constant=-0.5 * data.y.size * math.log(2.0 * math.pi),
        priors=np.array(rows),
        lkj=1.0,
    )


def _logits(*names: str) -> list[str]:
    return [f"logit_{name}" for name in names]


def _effect_names(pattern: str, groups: int) -> list[str]:
    return [f"{pattern.format(stem)}[{j}]" for stem in ("alpha", "beta") for j in range(groups)]


def _one_line(data: Lines) -> tuple[FloatArray, float]:
    """Least squares through all rows, and the residual sd, kept away from the prior's ends."""
    root = np.moveaxis(data.root, 2, 0).reshape(-1, 2)
    outcome = data.outcome.T.reshape(-1)
    coefficients = np.asarray(np.linalg.lstsq(root, outcome)[0], dtype=np.float64)
    residuals = outcome - root @ coefficients
    noise = np.sqrt((data.rss + residuals @ residuals) / data.observations)
    return coefficients, float(np.clip(noise, 1e-3, 0.9 * SCALE_UPPER))


def _flat_start(data: Lines) -> tuple[FloatArray, FloatArray]:
    """The same as theta has it where priors are flat."""
    coefficients, noise = _one_line(data)
    share = 0.5 + 0.5 * np.clip(coefficients / LIMIT, -0.9, 0.9)
    return _logit(share), _logit(np.array([noise / SCALE_UPPER]))


def _logit(share: FloatArray) -> FloatArray:
    return np.asarray(np.log(share) - np.log1p(-share))


def _natural(data: Lines, theta: FloatArray) -> Unravelled:
    """Of all chains, the draws as the last axes: shapes (..., chain, draw), and b (K, J, ...)."""
    term = Layout(*data.terms[0])
    common = data.priors.shape[0] - 1 - term.size
    chains = [
        unravel_chain(unravel_lines, theta[:, k], k, data, common, 1, [term])
        for k in range(theta.shape[1])
    ]
    found = Unravelled(*(np.moveaxis(np.array(part), 2, 0) for part in zip(*chains, strict=True)))
    return found._replace(b=found.b.reshape(term.size, term.levels, *theta.shape[1:]))


def _of_population(data: Lines, theta: FloatArray) -> Quantities:
    """Of partial pooling; a line is what is common to all and its deviation from that."""
    found = _natural(data, theta)
    alpha, beta = (found.b[k] + found.beta[k] for k in range(2))
    return {
        "alpha": alpha, "beta": beta, **dict(zip(POPULATION, found.beta, strict=True)),
        **dict(zip(SCALES, found.tau, strict=True)), "sigma": np.exp(found.own[0]),
    }  # fmt: skip


def _of_lines(data: Lines, theta: FloatArray) -> Quantities:
    found = _natural(data, theta)
    return {"alpha": found.b[0], "beta": found.b[1], "sigma": np.exp(found.own[0])}


def _of_line(data: Lines, theta: FloatArray) -> Quantities:
    found = _natural(data, theta)
    return {"alpha": found.beta[0], "beta": found.beta[1], "sigma": np.exp(found.own[0])}
