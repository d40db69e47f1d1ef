"""mcmc_edu: learn Markov chain Monte Carlo and hierarchical models from code you can read."""

from . import comparison, datasets, models
from ._version import __version__
from .compiling import ObjectModeWarning
from .diagnostics import ess_bulk, ess_tail, rhat
from .draws import Draws, load
from .sample import sample
from .samplers import GIST, HMC, NUTS, DensityError, Metropolis

__all__ = [
    "GIST",
    "HMC",
    "NUTS",
    "DensityError",
    "Draws",
    "Metropolis",
    "ObjectModeWarning",
    "__version__",
    "comparison",
    "datasets",
    "ess_bulk",
    "ess_tail",
    "load",
    "models",
    "rhat",
    "sample",
]
