"""Priors of several parameters together: correlations, covariances, and many coefficients.

`LKJ` is a prior of a term's correlations, `Decov` of its standard deviations and correlations.
`RegularizedHorseshoe` is a prior of many coefficients of which few are expected to matter.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..compiling import FloatArray
from ..densities.transforms import correlation_cholesky, lkj_draw
from .univariate import Prior


@dataclass(frozen=True, repr=False)
class LKJ(Prior):
    """Prior of a term's correlation matrix R, with density proportional to det(R)^(shape - 1)."""

    shape: float = 1.0

    def draw(self, rng: np.random.Generator, size: int, k: int = 2) -> FloatArray:
        """Draw correlation matrices of k coefficients, shape (size, k, k)."""
        roots = self.draw_roots(rng, size, k)
        return np.asarray(roots @ roots.swapaxes(1, 2))

    def draw_roots(self, rng: np.random.Generator, size: int, k: int) -> FloatArray:
        """Draw lower triangular Cholesky factors L, R = L L', shape (size, k, k)."""
        roots = np.empty((size, k, k))
        for root in roots:
            correlation_cholesky(lkj_draw(rng, self.shape, k), root)
        return roots


@dataclass(frozen=True, repr=False)
class Decov(Prior):
    """Prior of a term's covariance: LKJ correlations and jointly scaled standard deviations.

    Correlations are LKJ(regularization).  The sum of the K variances is K times the square of a
    Gamma(shape, scale) variable.  It is multiplied by sigma^2 if the outcome is Gaussian or
    Student's.  A Dirichlet(concentration) variable divides the sum among the coefficients.
    """

    regularization: float = 1.0
    concentration: float = 1.0
    shape: float = 1.0
    scale: float = 1.0

    def draw(
        self, rng: np.random.Generator, size: int, k: int = 1, noise: FloatArray | float = 1.0
    ) -> FloatArray:
        """Draw the standard deviations of k coefficients, shape (size, k).

        tau_j = noise t scale sqrt(k pi_j),  t ~ Gamma(shape, 1),  pi ~ Dirichlet(concentration)

        The correlations that go with them are those of ``LKJ(regularization)``.

        Parameters
        ----------
        rng
            Random generator.
        size
            Number of draws.
        k
            Number of coefficients of the term.
        noise
            Residual sd, sigma, of every draw, shape (size,) or (), if the outcome is Gaussian or
            Student's; the unit of outcomes with known standard errors; 1 for others.
        """
        total = noise * self.scale * rng.standard_gamma(self.shape, size)
        shares = rng.dirichlet(np.full(k, self.concentration), size)
        return np.asarray(total[:, np.newaxis] * np.sqrt(shares) * math.sqrt(k))


@dataclass(frozen=True, repr=False)
class RegularizedHorseshoe(Prior):
    """Prior of coefficients of which most are near 0 and few large; see `horseshoe`.

    All coefficients with this prior share the global scale and the slab.  If about p of H are
    expected to matter in n rows, Piironen and Vehtari (2017) use a global scale of
    p / (H - p) / sqrt(n).  It is for predictors in units of their sd and outcomes in units of the
    noise.
    """

    global_scale: float = 0.01
    slab_scale: float = 2.5
    slab_df: float = 4.0
    df: float = 1.0
    global_df: float = 1.0
    autoscale: bool = False

    scales = ("global_scale", "slab_scale")

    def row(self) -> FloatArray:
        """Return the row that `horseshoe.fill` reads, shape (5,)."""
        return np.array([self.df, self.global_df, self.global_scale, self.slab_df, self.slab_scale])

    def draw_scales(self, rng: np.random.Generator, size: int, coefficients: int) -> FloatArray:
        """Draw the standard deviations of coefficients together, shape (size, coefficients)."""
        return self.draw_all(rng, size, coefficients)[2]

    def draw_all(
        self, rng: np.random.Generator, size: int, coefficients: int
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Draw the global scale and the slab, shape (size,), and the standard deviations.

        The standard deviations have shape (size, coefficients).
        """
        tau = self.global_scale * np.abs(rng.standard_t(self.global_df, (size, 1)))
        local = np.abs(rng.standard_t(self.df, (size, coefficients)))
        shape = 0.5 * self.slab_df
        slab2 = shape * self.slab_scale**2 / rng.gamma(shape, size=(size, 1))
        scales = tau * local / np.sqrt(1.0 + (tau * local) ** 2 / slab2)
        return tau[:, 0], np.sqrt(slab2[:, 0]), np.asarray(scales)
