"""Coefficients, group effects and effects of a treatment in subgroups, against brms.

An experiment is simulated by `reference/alliance.R`, and brms's effects are means over rows of
differences of `posterior_epred`, taken within each draw.
"""

import json
import sys
from pathlib import Path

import pytest
from monte_carlo import z_of_mean, z_of_sd

sys.path.append(str(Path(__file__).parent.parent / "benchmarks"))

import effect_times as times

FOUND = json.loads((times.REFERENCE / "alliance.json").read_text())


@pytest.mark.parametrize("family", times.FAMILIES)
def test_effects_are_those_of_brms(family) -> None:
    model = times.model_of(family, times.experiment())
    fit = model.fit(draws=700, warmup=700, seed=1, progress=False)
    ours = times.quantities(fit, (FOUND["largest"], FOUND["smallest"]))
    theirs = FOUND["posterior"][family]["quantities"]
    assert ours.keys() == theirs.keys()
    assert len(theirs) == {"gaussian": 25, "bernoulli": 24}[family]
    for name, found in theirs.items():
        assert abs(z_of_mean(ours[name], found["mean"], found["mcse_mean"])) < 4.0, name
        assert abs(z_of_sd(ours[name], found["sd"], found["mcse_sd"])) < 4.0, name
