"""One planted fault for each exercise, and a copy of the exercise with the fault in it.

A fault is what an author could get wrong: a solution that is wrong, a stub that is right, a right
answer of the bank that is wrong, a wrong one that is right or of another kind, rules that let a
known bug pass or fail a right answer.
"""

import contextlib
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from mutants.bug import PACKAGE, Mutant, planted

from mcmc_edu.exercises import catalogue, tasks
from mcmc_edu.exercises.catalogue import Exercise


class Fault(NamedTuple):
    """A fault in a file of an exercise, and the problems that `verify` finds then."""

    exercise: str
    file: str
    right: str
    """Stands once in the file, or in `function`; the fault has `wrong` in its place."""
    wrong: str
    problems: list[str]
    """Their first lines, without the name of the exercise."""
    only: tuple[str, ...] = ()
    """What `verify` looks at; if empty, everything."""
    function: str = ""

    @property
    def source(self) -> str:
        """Text of the file with the fault in it."""
        file = f"exercises/tasks/{self.exercise}/{self.file}"
        name = f"a fault in {self.exercise}"
        return planted(Mutant(name, file, self.function, self.right, self.wrong, ""))


@contextlib.contextmanager
def exercise_with(fault: Fault, folder: Path) -> Iterator[Exercise]:
    """Copy the exercise into a folder, with the fault in it, and load it from there.

    The copy has the name of the original, whose modules are put back at the end.
    """
    name = catalogue.find(fault.exercise).name  # reads the list of all before it is patched
    package = f"{tasks.__name__}.{name}"
    shutil.copytree(
        PACKAGE / "exercises" / "tasks" / name,
        folder / name,
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    (folder / name / fault.file).write_text(fault.source, encoding="utf-8")
    loaded = {n: m for n, m in sys.modules.items() if f"{n}.".startswith(f"{package}.")}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue, "TASKS", folder)
        patch.setattr(tasks, "__path__", [str(folder), *tasks.__path__])
        patch.setattr(tasks, name, getattr(tasks, name, None), raising=False)
        for module in loaded:
            del sys.modules[module]
        try:
            exercise = Exercise(name)
            assert exercise.rules is not None
            assert Path(sys.modules[f"{package}.rules"].__file__ or "").is_relative_to(folder)
            yield exercise
        finally:
            for module in [n for n in sys.modules if f"{n}.".startswith(f"{package}.")]:
                del sys.modules[module]
            sys.modules.update(loaded)


FAULTS = [
    Fault(
        "rmse",
        "solution.py",
        "np.sqrt(np.mean(error**2))",
        "np.mean(error**2)",
        ["right, but failed: solution"],
    ),
    Fault(
        "log_likelihood",
        "stub.py",
        "raise NotImplementedError",
        "z = (y - alpha[group] - beta[group] * x) / sigma\n"
        "return -0.5 * np.sum(np.log(2 * np.pi) + 2 * np.log(sigma) + z**2)",
        ["the stub passes"],
    ),
    Fault(
        "log_prior_no_pooling",
        "bank.py",
        "if a < -100 or a > 100 or b < -100 or b > 100:",
        "if a < -100 or a > 100 or b < -100:",
        ["right, but failed: loop"],
        function="loop",
    ),
    Fault(
        "log_prior_partial_pooling",
        "rules.py",
        "0.0 < value <= upper",
        "0.0 < value < upper",
        [
            "right, but failed: solution",
            "right, but failed: scipy",
            "right, but failed: loop",
            "right, but failed: vectorised",
        ],
    ),
    Fault(
        "accept",
        "bank.py",
        "rng.random() < logp_new - logp_old",
        "np.log(rng.random()) < logp_new - logp_old",
        ["wrong, but passes: log-forgotten (uniform_below_difference)"],
        ("solution", "stub", "log-forgotten"),
        "uniform_below_difference",
    ),
    Fault(
        "metropolis",
        "bank.py",
        "new = theta + scale * rng.standard_normal()",
        "new = theta + scale * rng.standard_normal(theta.size)",
        ["wrong, but passes: one-number (scalar_step)"],
        ("solution", "stub", "one-number"),
        "scalar_step",
    ),
    Fault(
        "metropolis_hastings",
        "solution.py",
        "logp_proposal - logp + step.sum()",
        "logp_proposal - logp",
        ["right, but failed: solution"],
        ("solution", "stub", "one-number"),
    ),
    Fault(
        "gibbs",
        "bank.py",
        "p = len(y) / v + 1 / 100",
        "p = len(y) / v + 1 / 10",
        ["right, but failed: mu first"],
        ("solution", "stub", "mu first", "prior-variance-10"),
        "mu_first",
    ),
    Fault(
        "gradient",
        "bank.py",
        '@BANK.has_bug("sign-of-mu")\ndef minus_mu(theta, y):',
        '@BANK.has_bug("sign-flipped")\ndef minus_mu(theta, y):',
        ["misnamed: sign-flipped (minus_mu) is called sign-of-mu"],
    ),
    Fault(
        "jacobian",
        "rules.py",
        'constant = 0.0 if "constant-missing" in bugs else 1.0',
        "constant = 0.0",
        [
            "right, but failed: solution",
            "right, but failed: formula",
            "right, but failed: scipy",
            "right, but failed: standard Gumbel of small values",
            "wrong, but passes: constant-missing (no_constant)",
            "wrong, but passes: constant-missing (no_constant_2)",
        ],
    ),
    Fault(
        "leapfrog",
        "bank.py",
        "for _ in range(steps - 1):",
        "for _ in range(steps):",
        ["right, but failed: kicks merged"],
        function="merged",
    ),
    Fault(
        "hmc",
        "stub.py",
        "raise NotImplementedError",
        "draws = np.empty((n, theta0.size))\n"
        "theta = theta0\n"
        "for i in range(n):\n"
        "    p = p0 = rng.standard_normal(theta.size)\n"
        "    q = theta\n"
        "    for _ in range(steps):\n"
        "        p = p + step_size / 2 * gradient(q)\n"
        "        q = q + step_size * p\n"
        "        p = p + step_size / 2 * gradient(q)\n"
        "    rise = log_density(q) - log_density(theta) + p0 @ p0 / 2 - p @ p / 2\n"
        "    if -rng.exponential() < rise:\n"
        "        theta = q\n"
        "    draws[i] = theta\n"
        "return draws",
        ["the stub passes"],
        ("solution", "stub", "one-number"),
    ),
    Fault(
        "dual_averaging",
        "stub.py",
        "raise NotImplementedError",
        "t = np.arange(1, len(accept_probs) + 1)\n"
        "h = np.cumsum(target - accept_probs) / (t + 10)\n"
        "return 10 * step_size0 * np.exp(-np.sqrt(t) * h / 0.05)",
        ["the stub passes"],
    ),
    Fault(
        "u_turn",
        "rules.py",
        'product <= 0.0 if touching in ("", end) else product < 0.0',
        "product <= 0.0",
        [
            "right, but failed: solution",
            "wrong, but passes: touching-stops (at_most_zero)",
            "wrong, but passes: touching-stops (at_most_zero_2)",
        ],
        ("solution", "stub", "touching-stops"),
    ),
    Fault(
        "nuts",
        "solution.py",
        "momentum = rng.standard_normal(theta.size)",
        "momentum = np.random.default_rng().standard_normal(theta.size)",
        ["right, but failed: solution"],
        ("solution", "stub"),
    ),
    Fault(
        "noncentering",
        "bank.py",
        "lp += -np.log(1 + (tau / 5) ** 2)",
        "lp += u - np.log(1 + (tau / 5) ** 2)",
        ["wrong, but passes: jacobian-missing (no_jacobian)"],
        function="no_jacobian",
    ),
    Fault(
        "rhat",
        "solution.py",
        "halves.var(axis=1, ddof=1)",
        "halves.var(axis=1)",
        ["right, but failed: solution"],
    ),
    Fault(
        "ess",
        "bank.py",
        '@BANK.has_bug("no-truncation")\ndef all_lags(chains):',
        '@BANK.has_bug("first-negative-lag")\ndef all_lags(chains):',
        ["misnamed: first-negative-lag (all_lags) is called no-truncation"],
    ),
    Fault(
        "shrink",
        "rules.py",
        "return calls",
        "return [call for call in calls if call[-1] > 0.0]",
        [
            "wrong, but passes: not-at-zero (precisions)",
            "wrong, but passes: not-at-zero (precisions_loop)",
        ],
    ),
    Fault(
        "james_stein",
        "rules.py",
        "(7, 3.0), (12, 2.0), (9, 0.1), (5, 4.0), (8, 0.6), (4, 3.0)",
        "(7, 3.0), (12, 2.0), (9, 3.1), (5, 4.0), (8, 3.6), (4, 3.0)",
        [
            "wrong, but passes: positive-part-missing (unbounded)",
            "wrong, but passes: positive-part-missing (unbounded_loop)",
        ],
    ),
    Fault(
        "new_group",
        "stub.py",
        "raise NotImplementedError",
        "lines = [rng.multivariate_normal(b, S) for b, S in zip(beta, Sigma)]\n"
        "mean = np.array([a + b * x for a, b in lines])\n"
        "return mean + sigma[:, None] * rng.standard_normal(mean.shape)",
        ["the stub passes"],
        ("solution", "stub"),
    ),
    Fault(
        "poststratify",
        "rules.py",
        "calls.append([rng.uniform(0.03, 0.97, (draws, cells)), people])",
        "calls.append([rng.uniform(0.03, 0.97, (1, cells)), people])",
        [
            "wrong, but passes: draws-averaged (mean_first)",
            "wrong, but passes: draws-averaged (mean_first_loop)",
        ],
    ),
    Fault(
        "varying_effect",
        "solution.py",
        'effect = draws["z"] + 0.0\nfor factor, level in where.items():\n    effect = effect +',
        'effect = draws["z"]\nfor factor, level in where.items():\n    effect +=',
        ["right, but failed: solution"],
    ),
]
