"""The level of the examinations by chance: p-values of right answers are uniform."""

import numpy as np
import pytest
from scipy import stats

from mcmc_edu.exercises.catalogue import find
from mcmc_edu.exercises.checking import examine_here

RUNS = {
    "accept": 250,
    "metropolis": 170,
    "metropolis_hastings": 170,
    "gibbs": 170,
    "hmc": 150,
    "nuts": 30,
    "new_group": 60,
}


@pytest.mark.slow
def test_p_values_of_right_answers_are_uniform():
    """Each test of an examination has p-values of its own: all of them are uniform."""
    found: dict[str, dict[str, list[float]]] = {}
    for name, runs in RUNS.items():
        styles = find(name).bank.right
        for seed in range(runs):
            result = examine_here(find(name), styles[seed % len(styles)][1], 10_000 + seed)
            assert result.passed, result.message
            tests = result.evidence.get("p_values") or {"decisions": result.evidence["p"]}
            for test, p in tests.items():
                found.setdefault(test, {}).setdefault(name, []).append(p)
    assert sum(RUNS.values()) == 1000
    together = {test: np.concatenate(list(of.values())) for test, of in found.items()}
    first = np.concatenate([together["values along"], together["decisions"], together["values"]])
    assert len(first) == 1000
    assert stats.kstest(first, "uniform").pvalue > 1e-3
    for p_values in together.values():
        assert stats.kstest(p_values, "uniform").pvalue > 1e-3 / len(together)
    alone = [p_values for of in found.values() for p_values in of.values()]
    for p_values in alone:
        assert stats.kstest(p_values, "uniform").pvalue > 1e-3 / len(alone)
