"""mcmc_edu: learn Markov chain Monte Carlo and hierarchical models from code you can read."""

from typing import TYPE_CHECKING

from . import datasets, densities, models, plots, targets
from ._lazy import lazy
from ._old_names import install, old_names
from ._version import __version__
from .compiling import ObjectModeWarning
from .diagnostics import (
    ebfmi,
    ess_bulk,
    ess_mean,
    ess_quantile,
    ess_sd,
    ess_tail,
    mcse_mean,
    mcse_quantile,
    mcse_sd,
    rhat,
)
from .draws import Draws, load
from .driver.sample import sample
from .driver.starts import around, uniform_start
from .gradients import check_gradient, finite_difference
from .rstream import RStream
from .samplers import GIST, HMC, NUTS, DensityError, Metropolis, trajectory, tree

if TYPE_CHECKING:
    from . import comparison, effects, exercises, verification
    from .comparison.exact import exact
    from .formulas import FormulaError
    from .models import Fit, Loo, Model, compare, load_fit
    from .priors import (
        LKJ,
        Cauchy,
        Decov,
        Exponential,
        Flat,
        Gamma,
        HalfCauchy,
        HalfNormal,
        HalfT,
        Normal,
        Overdispersion,
        RegularizedHorseshoe,
        StudentT,
        Uniform,
    )

__all__ = [
    "GIST",
    "HMC",
    "LKJ",
    "NUTS",
    "Cauchy",
    "Decov",
    "DensityError",
    "Draws",
    "Exponential",
    "Fit",
    "Flat",
    "FormulaError",
    "Gamma",
    "HalfCauchy",
    "HalfNormal",
    "HalfT",
    "Loo",
    "Metropolis",
    "Model",
    "Normal",
    "ObjectModeWarning",
    "Overdispersion",
    "RStream",
    "RegularizedHorseshoe",
    "StudentT",
    "Uniform",
    "__version__",
    "around",
    "check_gradient",
    "compare",
    "comparison",
    "datasets",
    "densities",
    "ebfmi",
    "effects",
    "ess_bulk",
    "ess_mean",
    "ess_quantile",
    "ess_sd",
    "ess_tail",
    "exact",
    "exercises",
    "finite_difference",
    "load",
    "load_fit",
    "mcse_mean",
    "mcse_quantile",
    "mcse_sd",
    "models",
    "plots",
    "rhat",
    "sample",
    "targets",
    "trajectory",
    "tree",
    "uniform_start",
    "verification",
]

LAZY = dict.fromkeys(("Fit", "Loo", "Model", "compare", "load_fit"), "models")
LAZY |= {"FormulaError": "formulas", "exact": "comparison.exact"}
LAZY |= {name: name for name in ("comparison", "effects", "exercises", "verification")}
LAZY |= dict.fromkeys((name for name in __all__ if name not in {*globals(), *LAZY}), "priors")
"""Names that are imported when first used, so that scripts without them do not wait.  What is left
of `__all__` are priors."""

if not TYPE_CHECKING:  # or a checker would take any name to be there
    __getattr__, __dir__ = lazy(__name__, LAZY, old_names(__name__))
    install()
