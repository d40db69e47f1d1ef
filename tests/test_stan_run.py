"""Programs of `Model.stan`, compiled and evaluated by Stan itself, through PyStan."""

import json
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from stan_models import model_of
from stan_points import point

import mcmc_edu as me

HERE = Path(__file__).parent
PEERS = HERE.parent / "benchmarks" / ".environments" / "pystan"


def python_with_stan():
    """This Python, or that of the benchmarks, if it has PyStan."""
    for python in (sys.executable, PEERS / "bin" / "python"):
        if Path(python).exists():
            command = [str(python), "-c", "import stan"]
            if not subprocess.run(command, capture_output=True, check=False).returncode:
                return str(python)
    return None


@pytest.fixture(scope="module")
def python():
    found = python_with_stan()
    if found is None:
        pytest.skip("there is no PyStan: pip install pystan, which needs a C++ compiler")
    return found


def run(python, folder, program, points=(), variables=(), settings=None):
    """What Stan has of a program."""
    task, result = folder / "task.json", folder / "result.json"
    asked = {"code": program.code, "data": program.plain(), "points": list(points)}
    task.write_text(json.dumps(asked | {"variables": list(variables), "settings": settings}))
    command = [python, str(HERE / "run_pystan.py"), str(task), str(result)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stdout[-3000:] + done.stderr[-3000:]
    return json.loads(result.read_text())


BY_DENSITY = (
    "gaussian, two bars",
    "gaussian, centred",
    "gaussian, horseshoe in units",
    "gaussian, no pooling, one given",
    "student, decov",
    "bernoulli",
    "binomial, probit",
    "negbin",
    "ordered, thresholds",
    "categorical, weights",
)
"""Models of which every kind of parameter, prior and likelihood is in one at least."""


@pytest.mark.slow
@pytest.mark.parametrize("name", BY_DENSITY)
def test_stan_has_the_density_of_the_model(python, tmp_path, name: str) -> None:
    model = model_of(name)
    program, made = model.stan(), model.assembled
    thetas = np.random.default_rng(5).normal(0.0, 0.5, (4, len(made.names)))
    ours = [made.log_density(theta, np.zeros_like(theta), made.data) for theta in thetas]
    points = [point(model, program, theta) for theta in thetas]
    stans = run(python, tmp_path, program, points)["log_densities"]
    assert np.ptp(ours) > 0.5
    assert np.ptp(np.subtract(stans, ours)) < 1e-7 * max(np.ptp(ours), 1.0)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["gaussian, two bars", "bernoulli"])
def test_stan_finds_the_same_posterior(python, tmp_path, name: str) -> None:
    """Means within 4 of their Monte Carlo errors, ours and Stan's together."""
    model = model_of(name)
    program = model.stan()
    fit = model.fit(seed=3, progress=False)
    variables = sorted({element.partition("[")[0] for element in program.names})
    settings = {"num_chains": 4, "num_samples": 1000, "num_warmup": 1000}
    found = run(python, tmp_path, program, variables=variables, settings=settings)["draws"]
    compared = 0
    for element, ours in program.names.items():
        variable, _, indices = element.partition("[")
        at = tuple(int(i) - 1 for i in indices.rstrip("]").split(",") if i)
        stans = np.asarray(found[variable])[at or (0,)].reshape(-1, 4).T
        mine = fit.draws[ours]
        error = math.hypot(me.diagnostics.mcse_mean(stans), me.diagnostics.mcse_mean(mine))
        assert abs(stans.mean() - mine.mean()) < 4.0 * error, ours
        compared += 1
    assert compared > 10
