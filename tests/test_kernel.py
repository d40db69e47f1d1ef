"""The general kernel: gradients by differences, densities on paper, forms against one another."""

import numpy as np
import pytest
from regressions import PRIORS, STRUCTURES, case, log_density_on_paper

from mcmc_edu.regression.family import FAMILIES

JOINT = [s for s, (_, forms) in STRUCTURES.items() if "collapsed" not in forms]
COLLAPSED = [s for s, (_, forms) in STRUCTURES.items() if "collapsed" in forms]
GAUSSIAN = ("gaussian", "identity")

EVERY = [(f, s, "defaults") for f in FAMILIES for s in JOINT]
EVERY += [(GAUSSIAN, s, p) for s in JOINT for p in PRIORS if p != "defaults"]


def points(dim: int):
    """Random points, and corners: scales of 1e-8 and correlations near 1."""
    rng = np.random.default_rng(3)
    for spread in (0.3, 0.6, 1.0):
        yield rng.normal(scale=spread, size=dim)


def differences(model, theta, h=1e-5):
    found = np.empty(model.dim)
    for i in range(model.dim):
        step = np.zeros(model.dim)
        step[i] = h
        found[i] = (model.logp(theta + step)[0] - model.logp(theta - step)[0]) / (2.0 * h)
    return found


@pytest.mark.parametrize(("family", "structure", "priors"), EVERY, ids=str)
@pytest.mark.parametrize("correlated", [True, False])
def test_gradient_by_differences(family, structure, priors, correlated: bool) -> None:
    model = case(family, structure, priors, correlated)
    for theta in points(model.dim):
        logp, grad = model.logp(theta)
        assert np.isfinite(logp)
        numeric = differences(model, theta)
        np.testing.assert_allclose(grad, numeric, rtol=1e-6, atol=1e-6 * np.abs(numeric).max())


@pytest.mark.parametrize("structure", COLLAPSED)
@pytest.mark.parametrize("priors", PRIORS)
@pytest.mark.parametrize("correlated", [True, False])
def test_gradient_of_the_collapsed_form_by_differences(structure, priors, correlated) -> None:
    test_gradient_by_differences(GAUSSIAN, structure, priors, correlated)


@pytest.mark.parametrize(("family", "structure", "priors"), EVERY, ids=str)
def test_density_is_the_one_on_paper(family, structure, priors) -> None:
    """Up to a constant: differences between points."""
    model = case(family, structure, priors)
    thetas = list(points(model.dim))
    ours = np.array([model.logp(theta)[0] for theta in thetas])
    paper = np.array([log_density_on_paper(model, theta) for theta in thetas])
    np.testing.assert_allclose(ours - ours[0], paper - paper[0], rtol=1e-9, atol=1e-8)
