"""How far draws are from what is known, in Monte Carlo standard errors."""

from __future__ import annotations

import numpy as np

from mcmc_edu import diagnostics


def z_of_mean(draws, mean: float, error: float = 0.0) -> float:
    """Of the mean of draws (chain, draw); `error` is the known mean's own standard error."""
    return float((draws.mean() - mean) / np.hypot(diagnostics.mcse_mean(draws), error))


def z_of_sd(draws, sd: float, error: float = 0.0) -> float:
    """Of their standard deviation."""
    return float((draws.std(ddof=1) - sd) / np.hypot(diagnostics.mcse_sd(draws), error))
