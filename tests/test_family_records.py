"""Every record of a family against its own draws, and the lists that name the families."""

import inspect
import re

import numpy as np
import pytest

from mcmc_edu import Model
from mcmc_edu.cli import main
from mcmc_edu.families.registry import RECORDS, names

DRAWS = 400_000
ETA = 0.4
TRIALS = 7
OWN = {"sigma": 0.6, "nu": 9.0, "phi": 6.5, "shape": 3.2}
CUTS = {"threshold(0|1)": -0.7, "threshold(1|2)": 0.9}

with_mean = pytest.mark.parametrize(
    "family",
    [record for record in RECORDS if record.probabilities is None],
    ids=lambda record: f"{record.name}-{record.link}",
)
of_categories = pytest.mark.parametrize(
    "family",
    [record for record in RECORDS if record.probabilities is not None],
    ids=lambda record: record.name,
)


def own_of(family):
    if family.thresholds:
        return CUTS
    return {name: OWN[name] for name in family.own}


@with_mean
def test_mean_and_variance_are_those_of_draws(family):
    trials = np.full(DRAWS, TRIALS if family.has_trials else 1)
    y = family.draw(np.random.default_rng(1), np.full(DRAWS, ETA), trials, own_of(family))
    mean = family.mean(np.array(ETA), own_of(family)) * trials[0]
    variance = family.variance(np.array(mean), trials[0], own_of(family))
    assert y.mean() == pytest.approx(mean, abs=5.0 * y.std() / DRAWS**0.5)
    squares = (y - y.mean()) ** 2
    assert squares.mean() == pytest.approx(float(variance), abs=5.0 * squares.std() / DRAWS**0.5)


@with_mean
def test_density_adds_up_to_one(family):
    trials = TRIALS if family.has_trials else 1
    step = 1e-3 if family.continuous else 1.0
    y = np.arange(-200.0, 200.0, step) + 0.5 * step if family.continuous else np.arange(0.0, 200.0)
    y = y[y <= trials] if family.has_trials else y
    if family.continuous:
        for wrong, *_ in family.refused(y, None):
            y = y[~wrong]
    log_p = family.log_density(y, np.full(y.size, ETA), np.full(y.size, trials), own_of(family))
    assert np.exp(log_p).sum() * step == pytest.approx(1.0, abs=1e-6)


@of_categories
def test_probabilities_are_the_density_and_the_frequencies(family):
    eta = np.full(DRAWS, ETA) if family.thresholds else np.tile([ETA, -0.8], (DRAWS, 1))
    p = family.probabilities(eta[:1], own_of(family))[0]
    assert p.sum() == pytest.approx(1.0)
    one = np.repeat(eta[:1], p.size, axis=0)
    log_p = family.log_density(np.arange(p.size), one, None, own_of(family))
    assert np.exp(log_p) == pytest.approx(p)
    y = family.draw(np.random.default_rng(2), eta, None, own_of(family))
    assert np.bincount(y.astype(int)) / DRAWS == pytest.approx(p, abs=5.0 * 0.5 / DRAWS**0.5)
    with pytest.raises(ValueError, match="categories have no variance"):
        family.variance(np.zeros(1), None, own_of(family))


def test_command_line_and_docstring_name_all_families(capsys):
    with pytest.raises(SystemExit):
        main(["fit", "--help"])
    said = " ".join(capsys.readouterr().out.split())
    said = said[said.index("--family NAME gaussian") :].split("--link")[0]
    assert set(re.findall(r"[a-z]+", said)) - {"family", "default", "or"} == set(names())
    section = inspect.getdoc(Model).split("\nfamily\n")[1].split("\nlink\n")[0]
    assert set(re.findall(r'``"([a-z]+)"``', section)) == set(names())
