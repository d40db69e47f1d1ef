"""The three models ready for a gradient sampler: density, data, start, names, and the way back.

    draws = partial_pooling(data, "collapsed").sample(seed=1)

Every group has a line of its own, y_i ~ N(alpha_j + beta_j x_i, sigma), and the models differ in
what is believed about the lines; `textbook` has them as they stand on paper.  Here they are in
unconstrained coordinates with gradients, and at a cost that does not grow with the observations.
`natural` brings draws of theta back to what a person asks for.

`regression.kernel`, which has every formula's model, has these as well.  They are kept beside it to
be read first, and because they know what it must ask, which makes them faster on this model.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from ..compiling import FloatArray, compiling_announced
from ..datasets import GroupedData
from ..draws import Draws
from ..sample import sample
from .collapsed import collapsed, draw_effects
from .joint import centered, noncentered
from .summaries import Summary, lines, one_line
from .unpooled import unpooled

Quantities = dict[str, FloatArray]


@dataclass(frozen=True, eq=False)
class Posterior:
    """All that `sample` needs of a model."""

    log_density: Callable[..., float] = field(repr=False)
    """``f(theta, grad, data) -> float``, in unconstrained coordinates."""
    data: Summary = field(repr=False)
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
    log_density, effect, natural = FORMS[form]
    summary = lines(data)
    names = [*POPULATION, *_scale_names("sigma_alpha", "sigma_beta", "sigma")]
    if effect is not None:
        names += _effect_names(effect, data.groups)
    mu, noise = _one_line(summary)
    scales = np.full(3, noise) * [0.5, 0.5, 0.8]
    effects = np.repeat(mu, data.groups) if form == "centered" else np.zeros(2 * data.groups)
    start = np.concatenate([mu, _logit(scales / summary.scale_upper), effects])
    return Posterior(log_density, summary, start[: len(names)], names, partial(natural, summary))


def no_pooling(data: GroupedData) -> Posterior:
    """Each line stands alone, alpha_j and beta_j ~ U(-100, 100)."""
    summary = lines(data)
    names = [*_scale_names("sigma"), *_effect_names("logit_{}", data.groups)]
    return Posterior(unpooled, summary, _flat_start(summary), names, partial(_of_lines, summary))


def complete_pooling(data: GroupedData) -> Posterior:
    """All lines are one line, alpha and beta ~ U(-100, 100): no pooling of a single group."""
    summary = one_line(data)
    names = _scale_names("sigma", "alpha", "beta")
    return Posterior(unpooled, summary, _flat_start(summary), names, partial(_of_line, summary))


POPULATION = ("mu_alpha", "mu_beta")
SCALES = ("sigma_alpha", "sigma_beta", "sigma")


def _scale_names(*names: str) -> list[str]:
    return [f"logit_{name}" for name in names]


def _effect_names(pattern: str, groups: int) -> list[str]:
    return [f"{pattern.format(stem)}[{j}]" for stem in ("alpha", "beta") for j in range(groups)]


def _one_line(data: Summary) -> tuple[FloatArray, float]:
    """Least squares through all rows, and the residual sd, kept away from the prior's ends."""
    size = data.outcome.shape[0]
    root = np.moveaxis(data.root, 2, 0).reshape(-1, size)
    outcome = data.outcome.T.reshape(-1)
    coefficients = np.asarray(np.linalg.lstsq(root, outcome)[0], dtype=np.float64)
    residuals = outcome - root @ coefficients
    noise = np.sqrt((data.rss + residuals @ residuals) / data.rows)
    return coefficients, float(np.clip(noise, 1e-3, 0.9 * data.scale_upper))


def _flat_start(data: Summary) -> FloatArray:
    coefficients, noise = _one_line(data)
    share = 0.5 + 0.5 * np.clip(coefficients / data.limit, -0.9, 0.9)
    repeated = np.repeat(_logit(share), data.outcome.shape[1])
    return np.concatenate([[_logit(noise / data.scale_upper)], repeated])


def _logit(share: Any) -> Any:
    return np.log(share) - np.log1p(-share)


def _sigmoid(v: FloatArray) -> FloatArray:
    return np.asarray(np.exp(-np.logaddexp(0.0, -v)))


def _of_population(data: Summary, theta: FloatArray) -> Quantities:
    scales = data.scale_upper * _sigmoid(theta[2:5])
    return dict(zip(POPULATION, theta[:2], strict=True)) | dict(zip(SCALES, scales, strict=True))


def _effects(data: Summary, theta: FloatArray, first: int) -> FloatArray:
    """The effects' part of theta, shape (K, J, chain, draw)."""
    return theta[first:].reshape(*data.outcome.shape, *theta.shape[1:])


def _of_centered(data: Summary, theta: FloatArray) -> Quantities:
    alpha, beta = _effects(data, theta, 5)
    return {"alpha": alpha, "beta": beta} | _of_population(data, theta)


def _of_noncentered(data: Summary, theta: FloatArray) -> Quantities:
    population = _of_population(data, theta)
    z_alpha, z_beta = _effects(data, theta, 5)
    alpha = population["mu_alpha"] + population["sigma_alpha"] * z_alpha
    beta = population["mu_beta"] + population["sigma_beta"] * z_beta
    return {"alpha": alpha, "beta": beta} | population


def _of_collapsed(data: Summary, theta: FloatArray) -> Quantities:
    """Draw the lines given everything else, chain by chain.

    The number of the chain and its first draws are the seed: the same effects again for the same
    draws, and other noise for others.
    """
    population = _of_population(data, theta)
    means, scales = (
        np.ascontiguousarray(np.moveaxis(np.array([population[n] for n in names]), 0, 2))
        for names in (POPULATION, SCALES)
    )
    _, chains, draws = theta.shape
    size, groups = data.outcome.shape
    effects = np.empty((chains, draws, size, groups))
    with compiling_announced():
        for k in range(chains):
            bits = np.ascontiguousarray(theta[:, k]).view(np.uint32).ravel()[:16]
            zeta = np.random.default_rng([k, *bits]).standard_normal((draws, groups, size))
            draw_effects(means[k], scales[k], zeta, data, effects[k])
    alpha, beta = np.moveaxis(effects, (2, 3), (0, 1))
    return {"alpha": alpha, "beta": beta} | population


def _of_lines(data: Summary, theta: FloatArray) -> Quantities:
    alpha, beta = 2.0 * data.limit * _sigmoid(_effects(data, theta, 1)) - data.limit
    return {"alpha": alpha, "beta": beta, "sigma": data.scale_upper * _sigmoid(theta[0])}


def _of_line(data: Summary, theta: FloatArray) -> Quantities:
    """The same of everybody's one line, whose alpha and beta have shape (chain, draw)."""
    found = _of_lines(data, theta)
    return found | {name: found[name][0] for name in ("alpha", "beta")}


FORMS: dict[str, tuple[Callable[..., float], str | None, Callable[..., Quantities]]] = {
    "collapsed": (collapsed, None, _of_collapsed),
    "noncentered": (noncentered, "z_{}", _of_noncentered),
    "centered": (centered, "{}", _of_centered),
}
"""Of each form of partial pooling: the density, how its effects are called, and the way back."""
