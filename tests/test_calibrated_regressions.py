"""Simulation-based calibration of the general regression, correlated coefficients and all."""

from types import SimpleNamespace

import numpy as np
import pytest

import mcmc_edu as me
from mcmc_edu.densities.transforms import correlation_cholesky, lkj_draw
from mcmc_edu.families import family_of
from mcmc_edu.verification import sampled, sbc

GROUPS, ROWS = 8, 5
X = np.random.default_rng(20).normal(0.5, 1.0, GROUPS * ROWS)
GROUP = np.repeat(np.arange(GROUPS), ROWS)
PRIORS = {
    "Intercept": me.Normal(0.3, 0.8),
    "b": me.Normal(0.0, 0.7),
    "sd": me.HalfNormal(0.7),
    "cor": me.LKJ(2.0),
}
OWN = {
    "gaussian": {"sigma": me.Exponential(1.0)},
    "negbin": {"phi": me.Gamma(3.0, 1.0)},
    "gamma": {"shape": me.Gamma(3.0, 1.0)},
    "lognormal": {"sigma": me.Exponential(1.0)},
    "beta": {"phi": me.Gamma(3.0, 0.5)},
}
NAMES = ("Intercept", "x", "sd_0", "sd_1", "cor", "b_0", "b_1")


def prior_of(family: str):
    own = OWN.get(family, {})

    def prior(rng):
        beta = float(PRIORS["b"].draw(rng, 1)[0])
        intercept = float(PRIORS["Intercept"].draw(rng, 1)[0]) - X.mean() * beta
        sd = PRIORS["sd"].draw(rng, 2)
        factor = np.empty((2, 2))
        correlation_cholesky(lkj_draw(rng, 2.0, 2), factor)
        b = sd[:, None] * (factor @ rng.standard_normal((2, GROUPS)))
        values = (intercept, beta, sd[0], sd[1], factor[1, 0], b[0], b[1])
        return dict(zip(NAMES, values, strict=True)) | {
            name: float(p.draw(rng, 1)[0]) for name, p in own.items()
        }

    return prior


def predictor(p):
    """Eta of every row, shape (rows, n) or (rows,)."""
    line = p["Intercept"] + p["b_0"][GROUP]
    x = X[:, None] if np.ndim(line) == 2 else X
    return line + (p["x"] + p["b_1"][GROUP]) * x


def simulate_of(family: str):
    kind = family_of(family)

    def simulate(rng, p):
        return kind.draw(rng, predictor(p), np.full(X.size, 6), p)

    return simulate


def model_of(family: str, y, form: str):
    trials = {"trials": np.full(X.size, 6)} if family == "binomial" else {}
    return me.Model.from_arrays(
        y,
        X[:, None],
        GROUP,
        family=family,
        parameterization=form,
        priors=PRIORS | OWN.get(family, {}),
        names=["x"],
        **trials,
    )


def posterior_of(family: str, form: str):
    def posterior(y):
        model = model_of(family, y, form)

        def natural(theta, rng):
            q = model.natural(theta, rng)
            found = {"Intercept": q["Intercept"], "x": q["x"]}
            for k, name in enumerate(("Intercept", "x")):
                found[f"sd_{k}"], found[f"b_{k}"] = q[f"sd(group: {name})"], q[f"b(group: {name})"]
            found["cor"] = q["cor(group: Intercept, x)"]
            return {n: found[n] for n in NAMES} | {n: q[n] for n in OWN.get(family, {})}

        assembled = model.assembled
        return SimpleNamespace(
            log_density=assembled.log_density,
            data=assembled.data,
            start=np.zeros(len(assembled.names)),
            natural=natural,
        )

    return posterior


def quantities_of(family: str):
    kind = family_of(family)

    def quantities(p, y):
        own = {name: p[name] for name in OWN.get(family, {})}
        logp = kind.log_density(np.asarray(y)[:, None], predictor(p), 6.0, own).sum(axis=0)
        scalars = {name: value for name, value in p.items() if value.ndim == 1}
        return scalars | {"b_0[0]": p["b_0"][0], "b_1[0]": p["b_1"][0], "log_likelihood": logp}

    return quantities


def calibrate(family: str, form: str, posterior=None):
    fit = sampled(
        posterior or posterior_of(family, form),
        sampler=me.NUTS(target_accept=0.95),
        warmup=400,
        draws=1000,
    )
    return sbc(
        prior_of(family),
        simulate_of(family),
        fit,
        quantities_of(family),
        replicates=200,
        seed=7,
        level=0.99,  # eight models: 92 % for all of them together
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("family", "form"),
    [
        ("gaussian", "collapsed"),
        ("gaussian", "noncentered"),
        ("binomial", "noncentered"),
        ("poisson", "noncentered"),
        ("negbin", "noncentered"),
        ("gamma", "noncentered"),
        ("lognormal", "collapsed"),
        ("beta", "noncentered"),
    ],
)
def test_regressions_are_calibrated(family: str, form: str) -> None:
    result = calibrate(family, form)
    assert list(result.outside) == [], result


@pytest.mark.slow
def test_a_correlation_of_the_wrong_sign_is_seen() -> None:
    """The same posterior with the sign of the correlation turned round in what it reports."""
    right = posterior_of("gaussian", "collapsed")

    def wrong(y):
        found = right(y)
        natural = found.natural

        def turned_round(theta, rng):
            q = natural(theta, rng)
            return q | {"cor": -q["cor"]}

        found.natural = turned_round
        return found

    assert "cor" in calibrate("gaussian", "collapsed", wrong).outside
