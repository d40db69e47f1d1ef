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
    p_values = {}
    for name, runs in RUNS.items():
        styles = find(name).bank.right
        found = []
        for seed in range(runs):
            result = examine_here(find(name), styles[seed % len(styles)][1], 10_000 + seed)
            assert result.passed, result.message
            found.append(result.evidence["p"])
        p_values[name] = np.array(found)
    assert sum(RUNS.values()) == 1000
    together = np.concatenate(list(p_values.values()))
    assert stats.kstest(together, "uniform").pvalue > 1e-3
    for found in p_values.values():
        assert stats.kstest(found, "uniform").pvalue > 1e-3 / len(RUNS)
