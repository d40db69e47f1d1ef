"""Bugs planted in `priors/`, by file."""

from .bug import Mutant

MUTANTS = [
    Mutant(
        "decov shares the standard deviation out, not the variance",
        "priors/joint.py",
        "Decov.draw",
        "np.sqrt(shares) * math.sqrt(k)",
        "shares * k",
        "test_verbs.py::test_scales_under_decov",
    ),
    Mutant(
        "LKJ draws factors for matrices",
        "priors/joint.py",
        "LKJ.draw",
        "return np.asarray(roots @ roots.swapaxes(1, 2))",
        "return roots",
        "test_verbs.py::test_correlations_are_of_lkj",
    ),
    Mutant(
        "1 / phi is exponential",
        "priors/univariate.py",
        "Overdispersion.row",
        "return row_of(self.kind, 1.0, self.rate, 0.5)",
        "return row_of(self.kind, 1.0, self.rate, 1.0)",
        "test_kernel.py::test_rows_of_priors_are_normalised",
    ),
]
