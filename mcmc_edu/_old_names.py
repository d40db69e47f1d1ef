"""Names that changed, and still work until 0.3.0, each with a warning that says the new one.

MODULES    modules that moved
NAMES      names of a package that are elsewhere now
STATS      names of what a sampler records of each draw
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

MODULES = {
    "calibration": "verification",
    "calibration.bands": "verification.bands",
    "calibration.exact_start": "verification.exact_start",
    "calibration.fits": "verification.fits",
    "calibration.result": "verification.result",
    "calibration.simulation": "verification.simulation",
    "checkpoint": "driver.checkpoint",
    "compiling.callees": "compiling.binding.callees",
    "compiling.object_mode": "compiling.binding.object_mode",
    "compiling.parallel": "compiling.binding.parallel",
    "compiling.references": "compiling.binding.references",
    "compiling.writing": "compiling.binding.writing",
    "comparison.given_scales": "comparison.conditional_normal",
    "densities.differences": "gradients.differences",
    "densities.eight_schools": "targets.eight_schools",
    "densities.families": "families",
    "densities.gradients": "gradients.check",
    "densities.normals": "targets.normals",
    "densities.target": "targets.target",
    "densities.targets": "targets",
    "densities.verdicts": "gradients.report",
    "draws.exporting": "draws.arviz",
    "draws.storage": "storage",
    "identity": "driver.identity",
    "models.checks": "models.verbs.checks",
    "models.comparing": "models.verbs.loo.compare",
    "models.conditional": "models.verbs.conditional.effects",
    "models.conditions": "models.verbs.conditional.conditions",
    "models.estimates": "models.verbs.estimates",
    "models.exporting": "models.verbs.arviz",
    "models.few_draws": "models.verbs.prediction.few_draws",
    "models.hypotheses": "models.verbs.hypothesis",
    "models.left_out": "models.verbs.loo.leave_out",
    "models.loo": "models.verbs.loo.loo",
    "models.new_groups": "models.verbs.prediction.new_groups",
    "models.prediction": "models.verbs.prediction.linear_predictor",
    "models.predictions": "models.verbs.prediction.predictions",
    "models.predictors": "models.verbs.conditional.predictors",
    "models.saving": "models.verbs.saving",
    "quantities": "driver.quantities",
    "regression.assembly": "regression.prepare.assembly",
    "regression.bars": "regression.coordinates.bars",
    "regression.categories": "families.categories",
    "regression.chain": "regression.density.recover.chain",
    "regression.collapsing": "regression.density.general.collapsed",
    "regression.common_columns": "regression.coordinates.common_columns",
    "regression.covariance": "regression.density.covariance",
    "regression.defaults": "regression.prior_choice.defaults",
    "regression.effects": "regression.density.forms",
    "regression.family": "families.family",
    "regression.horseshoe": "regression.density.horseshoe",
    "regression.joint": "regression.density.lines.sampled",
    "regression.joint_priors": "priors.joint",
    "regression.kernel": "regression.density.general.posterior",
    "regression.layout": "regression.density.layout",
    "regression.line_data": "regression.prepare.lines_data",
    "regression.lines": "regression.density.lines.posterior",
    "regression.lines_apart": "regression.coordinates.lines_unpooled",
    "regression.marginal": "regression.density.lines.collapsed",
    "regression.means": "regression.coordinates.group_means",
    "regression.natural": "regression.quantities",
    "regression.observations": "regression.prepare.rows_data",
    "regression.outcomes": "families.outcomes",
    "regression.packages": "regression.prior_choice.packages",
    "regression.parameterization": "regression.prepare.form_choice",
    "regression.population": "regression.density.population",
    "regression.prior_rows": "regression.prepare.prior_rows",
    "regression.priors": "priors.univariate",
    "regression.reduction": "regression.prepare.summaries",
    "regression.resolved": "regression.prior_choice.resolved",
    "regression.rows": "regression.density.general.rows",
    "regression.shares": "regression.prepare.shares",
    "regression.thresholds": "regression.density.thresholds",
    "regression.turns": "regression.coordinates.turns",
    "regression.units": "regression.coordinates.units",
    "regression.unravel": "regression.density.recover.general",
    "regression.unravel_lines": "regression.density.recover.lines",
    "running": "driver.runner",
    "samplers.chain": "samplers.machinery.chain",
    "samplers.doubling": "samplers.subtree",
    "samplers.loops": "samplers.machinery.loops",
    "samplers.paths": "samplers.trajectories",
    "samplers.settings": "samplers.machinery.settings",
    "samplers.trouble": "samplers.machinery.errors",
    "starts": "driver.starts",
}

"""All but ``sample``, which is a function's name, too."""

NAMES = {
    "": {"calibration": "verification"},
    "densities": {
        "GradientCheck": "gradients.GradientCheck",
        "Target": "targets.Target",
        "check_gradient": "gradients.check_gradient",
        "finite_difference": "gradients.finite_difference",
        "targets": "targets",
    },
    "regression": {
        **{
            name: f"priors.{name}"
            for name in (
                "LKJ",
                "Cauchy",
                "Decov",
                "Exponential",
                "Flat",
                "Gamma",
                "HalfCauchy",
                "HalfNormal",
                "HalfT",
                "Normal",
                "Overdispersion",
                "Prior",
                "RegularizedHorseshoe",
                "StudentT",
                "Uniform",
            )
        },
        **{name: f"families.{name}" for name in ("FAMILIES", "Family", "family_of")},
    },
}


STATS = {"cut_off": "reached_limit"}


def _say(old: str, new: str, level: int) -> None:
    warnings.warn(
        f"mcmc_edu.{old} is mcmc_edu.{new} now; the old name goes with version 0.3.0",
        DeprecationWarning,
        stacklevel=level + 1,
    )


class _Moved(MetaPathFinder, Loader):
    """Imports a module that moved under its old name."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        package, _, old = fullname.partition(".")
        return ModuleSpec(fullname, self) if package == "mcmc_edu" and old in MODULES else None

    def exec_module(self, module: ModuleType) -> None:
        old = module.__name__.partition(".")[2]
        _say(old, MODULES[old], 2)
        sys.modules[module.__name__] = import_module(f"mcmc_edu.{MODULES[old]}")


def install() -> None:
    """Let modules be imported under their old names."""
    sys.meta_path.insert(0, _Moved())  # first: a room that moved is found by others, twice


def old_names(package: str) -> Callable[[str], Any]:
    """Make the ``__getattr__`` of a package from which names moved.

    Examples
    --------
    >>> import warnings
    >>> import mcmc_edu as me
    >>> with warnings.catch_warnings(record=True) as caught:
    ...     warnings.simplefilter("always")
    ...     me.densities.check_gradient is me.check_gradient
    True
    >>> print(caught[0].message)  # doctest: +NORMALIZE_WHITESPACE
    mcmc_edu.densities.check_gradient is mcmc_edu.gradients.check_gradient now; the old name goes
    with version 0.3.0
    """
    own = package.partition(".")[2]

    def getattr_(name: str) -> Any:
        new = NAMES[own].get(name)
        if new is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        _say(f"{own}.{name}".lstrip("."), new, 2)
        module, _, attribute = new.rpartition(".")
        if not module:
            return import_module(f"mcmc_edu.{new}")
        return getattr(import_module(f"mcmc_edu.{module}"), attribute)

    return getattr_


class RenamedStats(dict[str, Any]):
    """Statistics of draws by name, which also answer to their old names."""

    def __init__(self, stats: Mapping[str, Any]) -> None:
        super().__init__({STATS.get(name, name): values for name, values in stats.items()})

    def __missing__(self, name: str) -> Any:
        if STATS.get(name) not in self:
            raise KeyError(name)
        _say(f"Draws.stats[{name!r}]", f"Draws.stats[{STATS[name]!r}]", 2)
        return self[STATS[name]]


def old_attributes(**names: str) -> Callable[[Any, str], Any]:
    """Make the ``__getattr__`` of a class whose attributes have new names."""

    def getattr_(self: Any, name: str) -> Any:
        of = type(self).__name__
        if name not in names:
            raise AttributeError(f"{of!r} object has no attribute {name!r}", name=name, obj=self)
        _say(f"{of}.{name}", f"{of}.{names[name]}", 2)
        return getattr(self, names[name])

    return getattr_
