"""Compile what the tests share, once, and leave it on disk: chains, and the densities of models."""

import importlib
import pkgutil

import mcmc_edu as me
from mcmc_edu.compiling import Entry, compiling_announced


def chains() -> None:
    """Load all that has one signature."""
    for found in pkgutil.walk_packages(me.__path__, "mcmc_edu."):
        if not found.name.endswith("__main__"):
            module = importlib.import_module(found.name)
            for value in list(vars(module).values()):
                if isinstance(value, Entry):
                    value.load()


def models() -> None:
    """Fit a model of lines and one of rows."""
    data = {"y": [1, 0, 1], "g": [1, 1, 2]}
    for family in ("gaussian", "bernoulli"):
        model = me.Model("y ~ 1 + (1 | g)", data, family=family)
        model.fit(draws=2, warmup=2, chains=1, seed=1, progress=False)
    me.comparison.demonstration(1, 4, 5)


if __name__ == "__main__":
    with compiling_announced():
        chains()
        models()
