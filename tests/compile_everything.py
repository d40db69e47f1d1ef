"""Compile what the tests share and leave it on disk: chains, and the densities of models."""

import importlib
import pkgutil
import subprocess
import sys

import numpy as np

import mcmc_edu as me
from mcmc_edu.compiling import Entry, bind, compiling_announced


def chains() -> None:
    """Load all that has one signature."""
    for found in pkgutil.walk_packages(me.__path__, "mcmc_edu."):
        if not found.name.endswith("__main__"):
            module = importlib.import_module(found.name)
            for value in list(vars(module).values()):
                if isinstance(value, Entry):
                    value.load()


def model_of(family: str) -> me.Model:
    """Make a model of lines, if the outcome is Gaussian, or else one of rows."""
    return me.Model("y ~ 1 + (1 | g)", {"y": [1, 0, 1], "g": [1, 1, 2]}, family=family)


def rows() -> None:
    """Ask for the density of a model of rows and for what follows from a draw."""
    model = model_of("bernoulli")
    theta = np.zeros(len(model.assembled.names))
    bind(model.assembled.log_density, model.assembled.data).value_and_gradient(theta)
    model.natural(theta[:, np.newaxis, np.newaxis], np.random.default_rng(1))


def fit(family: str) -> None:
    """Draw from a model, which needs chains and its density."""
    model_of(family).fit(draws=2, warmup=2, chains=1, seed=1, progress=False)


def in_two_processes() -> None:
    """Compile for models of rows in the one, all else in the other, which take about as long."""
    command = [sys.executable, "-m", "tests.compile_everything", "rows"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL):
        chains()
        fit("gaussian")
        me.comparison.demonstration(1, 4, 5)
    fit("bernoulli")


if __name__ == "__main__":
    if sys.argv[1:] == ["rows"]:
        rows()
    else:
        with compiling_announced():
            in_two_processes()
