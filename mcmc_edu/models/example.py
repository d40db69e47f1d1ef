"""A fit for examples to look at."""

from __future__ import annotations

from functools import cache

from ..datasets import sleepstudy
from .fit import Fit
from .model import Model


@cache
def example_fit() -> Fit:
    """Fit the sleepstudy model, with few draws."""
    model = Model("Reaction ~ Days + (Days | Subject)", sleepstudy())
    return model.fit(draws=500, warmup=300, chains=2, seed=1, progress=False)
