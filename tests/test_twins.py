"""Simulated twins of radon and rats: models from formulas against their exact posteriors."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from monte_carlo import z_of_mean, z_of_sd
from scipy import linalg, stats

import mcmc_edu as me
from mcmc_edu import diagnostics

REFERENCE = Path(__file__).parent / "reference"
sys.path.append(str(REFERENCE))
import exact_quadrature as quadrature  # noqa: E402
import twins  # noqa: E402

NAMES = ("radon", "rats")
FORMS = ("collapsed", "noncentered", "centered")


def known(name: str) -> dict:
    return json.loads((REFERENCE / "twins.json").read_text(encoding="utf-8"))[name]


def table(name: str) -> dict[str, np.ndarray]:
    file = REFERENCE / f"{name}_twin.csv"
    header = file.read_text(encoding="utf-8").split("\n", 1)[0].split(",")
    return dict(zip(header, np.loadtxt(file, delimiter=",", skiprows=1).T, strict=True))


def model_of(name: str, form: str) -> me.Model:
    priors = {
        q: getattr(me, kind)(*numbers) for q, (kind, *numbers) in known(name)["priors"].items()
    }
    return me.Model(known(name)["formula"], table(name), priors=priors, parameterization=form)


def assert_exact(draws, moments: dict) -> None:
    """Means and sds of everything within 4 Monte Carlo standard errors."""
    worst = {}
    for name, exact in moments.items():
        values = np.atleast_3d(draws[name])
        pairs = zip(np.atleast_1d(exact["mean"]), np.atleast_1d(exact["sd"]), strict=True)
        for j, (mean, sd) in enumerate(pairs):
            worst[f"{name}[{j}]"] = abs(z_of_mean(values[..., j], mean))
            worst[f"sd of {name}[{j}]"] = abs(z_of_sd(values[..., j], sd))
    assert len(worst) == 2 * sum(np.size(exact["mean"]) for exact in moments.values())
    assert max(worst.values()) < 4.0, max(worst, key=worst.get)


@pytest.mark.parametrize("name", NAMES)
def test_the_tables_are_those_simulated(name: str) -> None:
    simulated, stored = twins.SIMULATE[name](), table(name)
    assert list(stored) == list(simulated)
    for column, values in simulated.items():
        np.testing.assert_array_equal(stored[column], values)


def test_the_twins_have_the_shape_of_the_tables() -> None:
    houses = np.bincount(table("radon")["county"].astype(int))[1:]
    assert (houses.size, houses.min()) == (85, 1)
    assert 90 < houses.max() < 120
    assert 800 < houses.sum() < 1000
    assert np.bincount(table("rats")["rat"].astype(int))[1:].tolist() == [5] * 30


def dense(name: str) -> tuple:
    """The arrays of everything at once: X, Z of all effects, y, and the priors of X's part."""
    twin, columns = twins.TWINS[name], table(name)
    x = np.column_stack([columns[predictor] for predictor in twin.predictors])
    x = np.column_stack([np.ones(len(x)), x - x.mean(axis=0)])
    member = columns[twin.group][:, np.newaxis] == 1.0 + np.arange(columns[twin.group].max())
    z = np.hstack([member, member * columns[twin.varying][:, np.newaxis]])
    priors = [twin.priors[name][1:] for name in ("Intercept", *twin.predictors)]
    return x, z, columns[twin.outcome], *np.array(priors).T


SCALES = {"radon": (0.7, 0.2, 0.4, -0.3), "rats": (6.0, 11.0, 0.6, 0.2)}


@pytest.mark.parametrize("name", NAMES)
def test_given_the_scales_all_is_one_dense_normal(name: str) -> None:
    """The means and variances of 6 to 173 unknowns at once, and the density of all rows."""
    x, z, y, mean, sd = dense(name)
    sigma, one, other, r = SCALES[name]
    c = np.array([[one * one, r * one * other], [r * one * other, other * other]])
    every, levels = np.hstack([x, z]), z.shape[1] // 2
    prior = np.zeros((every.shape[1], every.shape[1]))
    prior[: sd.size, : sd.size] = np.diag(sd**2)
    prior[sd.size :, sd.size :] = np.kron(c, np.eye(levels))
    root = np.linalg.cholesky(every @ prior @ every.T + sigma**2 * np.eye(y.size))
    gain = linalg.cho_solve((root, True), every @ prior).T
    unknown = np.concatenate([mean, np.zeros(2 * levels)]) + gain @ (y - x @ mean)
    left = prior - gain @ every @ prior
    twin = twins.TWINS[name]
    to_zero = np.eye(every.shape[1])
    centers = [table(name)[predictor].mean() for predictor in twin.predictors]
    to_zero[0, 1 : sd.size] = -np.array(centers)
    unknown, variance = to_zero @ unknown, np.diag(to_zero @ left @ to_zero.T)

    model, at = twins.model_of(twin, table(name)), np.array(SCALES[name])[:, np.newaxis]
    found = [np.delete(part[0], np.s_[sd.size : sd.size + 4]) for part in model.moments(at)]
    np.testing.assert_allclose(found[0], unknown, rtol=1e-8, atol=1e-8 * np.abs(unknown).max())
    np.testing.assert_allclose(found[1], variance, rtol=1e-7)
    law = stats.multivariate_normal(x @ mean, stats.Covariance.from_cholesky(root))
    assert model.given(at).log_evidence[0] == pytest.approx(law.logpdf(y), rel=1e-10)


def assert_moments(found: quadrature.Moments, name: str, tolerance: float) -> None:
    stored, made = known(name), twins.summary(twins.TWINS[name], found, 0.0)
    assert made["log_evidence"] == pytest.approx(stored["log_evidence"], abs=tolerance)
    assert list(made["posterior"]) == list(stored["posterior"])
    for q, exact in stored["posterior"].items():
        sd = np.array(exact["sd"])
        for moment in ("mean", "sd"):
            error = np.abs(np.array(made["posterior"][q][moment]) - exact[moment])
            assert (error < tolerance * sd).all(), (q, moment)


def by_step(name: str, h: float) -> quadrature.Moments:
    twin = twins.TWINS[name]
    model, log_prior = twins.model_of(twin, table(name)), twins.log_prior_of(twin)
    return quadrature.by_grids(model, log_prior, [h])[0]


def test_the_stored_moments_are_those_of_a_coarse_grid() -> None:
    assert_moments(by_step("rats", 0.4), "rats", 3e-4)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_stored_moments_are_what_the_script_computes(name: str) -> None:
    """By the coarser of its two grids; the numbers are known to a millionth of a sd."""
    assert known(name)["error"] < 2e-6
    assert_moments(by_step(name, quadrature.STEPS[0]), name, 2e-6)


@pytest.mark.parametrize("name", NAMES)
def test_a_model_from_a_formula_is_exact(name: str) -> None:
    fit = model_of(name, "collapsed").fit(seed=1, draws=4000, progress=False)
    assert_exact(fit.draws, known(name)["posterior"])


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", NAMES)
def test_every_parameterization_has_the_same_posterior(name: str, form: str) -> None:
    sampler = me.NUTS(target_accept=0.95)
    fit = model_of(name, form).fit(seed=1, draws=10_000, sampler=sampler, progress=False)
    scalars = [q for q, exact in known(name)["posterior"].items() if np.ndim(exact["mean"]) == 0]
    assert max(diagnostics.rhat(fit.draws[q]) for q in scalars) < 1.01
    assert_exact(fit.draws, known(name)["posterior"])
