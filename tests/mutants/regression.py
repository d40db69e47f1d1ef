"""Bugs planted in `regression/`, by file."""

from .bug import Mutant

MUTANTS = [
    Mutant(
        "scales are reported in the kernel's units",
        "regression/quantities.py",
        "Quantities._varying",
        "effect_chol = units.y_scale * units.terms[t].effect_chol(effect_chols.reshape(-1, "
        "size, size))",
        "effect_chol = units.terms[t].effect_chol(effect_chols.reshape(-1, size, size))",
        "test_kernel.py::test_quantities_are_those_on_paper",
    ),
    Mutant(
        "sigma is reported in the kernel's units",
        "regression/quantities.py",
        "Quantities._own",
        'found["sigma"] = found["sigma"] * self.units.y_scale',
        'found["sigma"] = found["sigma"]',
        "test_kernel.py::test_quantities_are_those_on_paper",
    ),
    Mutant(
        "thresholds stay where they are for centred predictors",
        "regression/quantities.py",
        "Quantities._own",
        "own.T + shift",
        "own.T",
        "test_kernel.py::test_quantities_are_those_on_paper[ordered logit; no terms; defaults]",
    ),
]
