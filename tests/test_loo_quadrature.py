"""Groups that are left out, their effects integrated out by quadrature, against other integrals."""

from itertools import pairwise

import numpy as np
import pytest
from scipy import stats
from scipy.integrate import quad
from scipy.special import expit, gammaln

from mcmc_edu.draws import Draws
from mcmc_edu.models import Fit, Model
from mcmc_edu.models.verbs.loo import leave_out, quadrature
from mcmc_edu.models.verbs.loo.leave_out import log_density_of_group, select_rows
from mcmc_edu.models.verbs.loo.loo import log_mean

GROUP = np.repeat(np.arange(5), [1, 3, 2, 4, 5])
AT = [(0, 0), (1, 1), (0, 2)]


def fit_of(model: Model, **natural) -> Fit:
    shape = next(iter(natural.values())).shape[:2]
    return Fit(model, Draws(np.zeros((*shape, 1)), ["~"], {}, natural, {}, {}))


def made(family: str, slopes: bool, draws: int = 3, **own) -> Fit:
    """A fit of some outcomes with six draws of no particular posterior."""
    rng = np.random.default_rng(4)
    n = GROUP.size
    x, offset = rng.normal(size=n), 0.3 * rng.normal(size=n)
    trials = rng.integers(1, 30, n) if family == "binomial" else None
    y = {
        "gaussian": rng.normal(size=n),
        "student": rng.normal(size=n),
        "poisson": rng.poisson(3.0, n),
        "binomial": rng.binomial(1 if trials is None else trials, 0.3),
        "negbin": rng.poisson(3.0, n),
    }[family]
    model = Model.from_arrays(
        y, x if slopes else None, GROUP, offset=offset, family=family, trials=trials
    )
    names = ("Intercept", "x1") if slopes else ("Intercept",)
    natural = {name: rng.normal(size=(2, draws)) for name in names}
    natural |= {f"sd(group: {name})": rng.gamma(4.0, 0.3, (2, draws)) for name in names}
    natural |= {f"b(group: {name})": rng.normal(size=(2, draws, 5)) for name in names}
    if slopes:
        natural["cor(group: Intercept, x1)"] = rng.uniform(-0.9, 0.9, (2, draws))
    return fit_of(model, **natural, **{k: np.full((2, draws), v) for k, v in own.items()})


def ours(fit: Fit, j: int) -> np.ndarray:
    design = fit.model.design
    return log_density_of_group(fit, select_rows(design, np.flatnonzero(j == GROUP), design))


def log_mass(family: str, y, eta, trials, own) -> np.ndarray:
    """Log probability, written here a second time."""
    if family == "poisson":
        return y * eta - np.exp(eta) - gammaln(y + 1.0)
    if family == "negbin":
        phi = own["phi"]
        return stats.nbinom(phi, phi / (phi + np.exp(eta))).logpmf(y)
    if family == "student":
        return stats.t(own["nu"], eta, own["sigma"]).logpdf(y)
    return stats.binom(trials, expit(eta)).logpmf(y)


def integral(fit: Fit, j: int, at: tuple[int, int]) -> float:
    """Integrate over eight sd of the effect to either side, scaled by the largest on a grid."""
    design, family, natural = fit.model.design, fit.model.family, fit.draws.natural
    rows = np.flatnonzero(j == GROUP)
    eta = natural["Intercept"][at] + design.offset[rows]
    sd = natural["sd(group: Intercept)"][at]
    own = {name: natural[name][at] for name in family.own}
    trials = None if design.trials is None else design.trials[rows]

    def log_f(u: float) -> float:
        terms = log_mass(family.name, design.y[rows], eta + sd * u, trials, own)
        return float(terms.sum() + stats.norm.logpdf(u))

    grid = np.linspace(-8.0, 8.0, 81)
    heights = [log_f(u) for u in grid]
    top, mode = max(heights), grid[int(np.argmax(heights))]
    edges = sorted({-8.0, *np.clip([mode - 1.0, mode, mode + 1.0], -8.0, 8.0), 8.0})
    pieces = pairwise(edges)
    found = sum(quad(lambda u: np.exp(log_f(u) - top), *p, epsabs=1e-10)[0] for p in pieces)
    return top + float(np.log(found))


@pytest.mark.parametrize("slopes", [False, True])
def test_quadrature_of_gaussian_outcomes_is_the_exact_answer(slopes: bool, monkeypatch) -> None:
    fit = made("gaussian", slopes, sigma=0.7)
    for j in range(5):
        exact = ours(fit, j)
        design = fit.model.design
        rows = select_rows(design, np.flatnonzero(j == GROUP), design)
        eta = leave_out.linear_predictor(fit, rows, "zero", np.random.default_rng(0))
        z, c = leave_out.new_columns(fit, rows)
        found = leave_out.by_quadrature(fit, rows, eta, z, c)
        np.testing.assert_allclose(found, exact, rtol=0.0, atol=1e-8)
        monkeypatch.setattr(leave_out, "AT_ONCE", 1)  # one draw at a time
        one = leave_out.by_quadrature(fit, rows, eta, z, c)
        np.testing.assert_allclose(one, exact, rtol=0.0, atol=1e-8)
        monkeypatch.undo()


@pytest.mark.parametrize(
    "family",
    ["poisson", *(pytest.param(f, marks=pytest.mark.slow) for f in ("binomial", "negbin"))],
)
def test_one_effect_against_quad(family: str) -> None:
    fit = made(family, False, **({"phi": 2.0} if family == "negbin" else {}))
    for j in range(5):
        found = ours(fit, j)
        for at in AT:
            assert found[at] == pytest.approx(integral(fit, j, at), abs=1e-6)


def test_two_effects_against_a_dense_sum() -> None:
    fit = made("poisson", True)
    line = np.linspace(-8.0, 8.0, 401)
    u = np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)
    design, natural = fit.model.design, fit.draws.natural
    for j, at in ((1, (0, 0)), (4, (1, 1))):
        rows = np.flatnonzero(j == GROUP)
        z = design.columns[rows]
        sd = [natural[f"sd(group: {name})"][at] for name in ("Intercept", "x1")]
        r = natural["cor(group: Intercept, x1)"][at]
        t = np.diag(sd) @ np.array([[1.0, 0.0], [r, np.sqrt(1.0 - r * r)]])
        beta = np.array([natural["Intercept"][at], natural["x1"][at]])
        eta = (beta + u @ t.T) @ z.T + design.offset[rows]
        log_f = stats.poisson(np.exp(eta)).logpmf(design.y[rows]).sum(axis=1)
        log_f += stats.norm.logpdf(u).sum(axis=1)
        expected = np.log(np.exp(log_f).sum() * (line[1] - line[0]) ** 2)
        assert ours(fit, j)[at] == pytest.approx(expected, abs=1e-6)


def test_heavy_tails() -> None:
    fit = made("student", False, sigma=0.6, nu=2.5)
    for j in range(5):
        found = ours(fit, j)
        for at in AT:
            assert found[at] == pytest.approx(integral(fit, j, at), abs=0.01)


def test_a_note_says_where_more_nodes_change_the_answer() -> None:
    y = np.r_[np.full(4, -9.0), np.full(4, 9.0), np.zeros(4)]
    group = np.repeat([0, 1], [8, 4])
    model = Model.from_arrays(y, group=group, family="student")
    known = {"Intercept": 0.0, "sigma": 0.3, "nu": 1.0, "sd(group: Intercept)": 8.0}
    natural = {name: np.full((2, 200), value) for name, value in known.items()}
    natural["Intercept"] = np.random.default_rng(2).normal(0.0, 0.1, (2, 200))
    natural["b(group: Intercept)"] = np.zeros((2, 200, 2))
    found = fit_of(model, **natural).loo(groups="group")
    assert found.quadrature_errors[0] > 0.01
    assert "A finer quadrature changes" in str(found)
    calm = made("poisson", False, draws=200).loo(groups="group")
    assert max(calm.quadrature_errors) < 1e-3
    assert "quadrature" not in str(calm)


def test_more_effects_than_two_are_refused() -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(GROUP.size, 2))
    model = Model.from_arrays(rng.poisson(2.0, GROUP.size), x, GROUP, family="poisson")
    with pytest.raises(ValueError, match=r"groups='group': expected at most 2 effects .* got 3"):
        fit_of(model, Intercept=np.zeros((2, 3))).loo(groups="group")


def test_categorical_outcomes_are_refused() -> None:
    y = np.random.default_rng(1).integers(0, 3, GROUP.size)
    model = Model.from_arrays(y, group=GROUP, family="categorical")
    with pytest.raises(ValueError, match="groups='group': expected an outcome with one linear"):
        fit_of(model, Intercept=np.zeros((2, 3))).loo(groups="group")


def test_the_root_of_a_singular_covariance() -> None:
    c = np.array([[4.0, 0.0], [0.0, 0.0]])
    t = quadrature.root(c)
    np.testing.assert_allclose(t @ t.T, c, atol=1e-15)


@pytest.mark.slow
def test_counts_against_fits_without_each_group() -> None:
    rng = np.random.default_rng(8)
    group = np.repeat(np.arange(8), 4)
    y = rng.poisson(np.exp(1.0 + 0.7 * rng.normal(size=8)[group]))
    fit = Model.from_arrays(y, group=group, family="poisson").fit(seed=1, progress=False)
    found = fit.loo(groups="group")
    for j in range(8):
        rows = np.flatnonzero(group == j)
        other = leave_out.refitted(fit, rows)
        left = select_rows(fit.model.design, rows, other.model.design)
        log_p, error = log_mean(log_density_of_group(other, left))
        bound = 4.5 * np.hypot(error, found.errors[j]) + 0.01
        assert abs(found.pointwise[j] - log_p) < bound
