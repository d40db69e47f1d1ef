"""The post's three models by gradient densities, against the textbook, dense normals, differences.

The tests think in the post's own coordinates: means and lines in the units of the data, scales as
log(s / (10 - s)).  `value` and `natural` take theta there from the model's units and back.
"""

import os
import subprocess
import sys
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

import mcmc_edu as me
from mcmc_edu.datasets import GroupedData, boelstad, grouped
from mcmc_edu.driver.sample import sample
from mcmc_edu.models import complete_pooling, no_pooling, partial_pooling, textbook
from mcmc_edu.regression.prepare.summaries import triangles_of_lines


def awkward(offset: float = 0.0) -> GroupedData:
    """Groups of 1, 2, 9 and 3 rows, of which one has a constant x; y may lie far from 0."""
    rng = np.random.default_rng(5)
    group = np.repeat(["one", "two", "many", "constant"], [1, 2, 9, 3])
    x = rng.normal(1.0, 2.0, group.size)
    x[group == "constant"] = 0.7
    return grouped(offset + 1.0 - 2.0 * x + rng.normal(size=group.size), x, group)


FORMS = ("collapsed", "noncentered", "centered")
DATA = {"post": boelstad(seed=7, individuals=6, observations=3), "awkward": awkward()}


def sigmoid(v):
    return 1.0 / (1.0 + np.exp(-np.asarray(v)))


MODELS = {
    "unpooled": no_pooling,
    "one line": complete_pooling,
    **{form: partial(partial_pooling, form=form) for form in FORMS},
}


def units(model: str, data: GroupedData, dim: int):
    """What each entry of theta is multiplied by on the way to the post's coordinates, shape (dim,),
    and the scale of y.
    """
    y_scale, found = data.y.std(ddof=1), np.ones(dim)
    coefficients = np.array([y_scale, y_scale / data.x.std(ddof=1)])
    if model in FORMS:
        found[:2] = coefficients
    if model == "centered":
        found[5:] = np.repeat(coefficients, data.groups)
    return found, y_scale


def value(model: str, theta, data: GroupedData, summary=None):
    """Log density and gradient, with the log-Jacobian of the units of y and of theta."""
    unit, y_scale = units(model, data, theta.size)
    grad, made = np.full(theta.size, np.nan), MODELS[model](data)
    logp = made.log_density(theta / unit, grad, made.data if summary is None else summary)
    return logp - data.y.size * np.log(y_scale) - np.log(unit).sum(), grad / unit


def natural(model: str, theta, data: GroupedData, rng=None):
    """Quantities of theta, shape (dim, chain, draw)."""
    unit = units(model, data, theta.shape[0])[0][:, np.newaxis, np.newaxis]
    rng = np.random.default_rng(1) if rng is None else rng
    return MODELS[model](data).natural(theta / unit, rng)


def points(dim: int, n: int = 12):
    rng = np.random.default_rng(3)
    for k in range(n):
        yield rng.normal(scale=[0.3, 1.0, 2.0][k % 3], size=dim)


def corners(dim: int):
    """Scales of 1e-8 and next to 10, one at a time and together."""
    for chosen in ([3], [4], [2], [3, 4], [2, 3, 4]):
        for v in (-20.0, 12.0):
            theta = np.full(dim, 0.2)
            theta[chosen] = v
            yield theta


def log_prior(theta) -> float:
    """Of (mu, v) as they stand on paper, with the log-Jacobians of the three scales."""
    s = sigmoid(theta[2:5])
    return stats.norm(0, 3).logpdf(theta[:2]).sum() + np.log(s * (1.0 - s)).sum()


def dense(data: GroupedData, theta) -> float:
    """Log density of all rows at once, the groups' lines integrated out."""
    sigma, tau_0, tau_1 = 10.0 * sigmoid(theta[2:5])
    same = data.group[:, np.newaxis] == data.group
    covariance = same * (tau_0**2 + tau_1**2 * np.outer(data.x, data.x))
    covariance = covariance + sigma**2 * np.eye(data.y.size)
    return stats.multivariate_normal(theta[0] + theta[1] * data.x, covariance).logpdf(data.y)


def conditional(data: GroupedData, theta, j: int):
    """Mean and covariance of the line of group j given everything else."""
    mu, (sigma, tau_0, tau_1) = theta[:2], 10.0 * sigmoid(theta[2:5])
    rows = data.group == j
    design = np.column_stack([np.ones(rows.sum()), data.x[rows]])
    prior = np.diag([tau_0**-2, tau_1**-2])
    covariance = np.linalg.inv(design.T @ design / sigma**2 + prior)
    return covariance @ (design.T @ data.y[rows] / sigma**2 + prior @ mu), covariance


@pytest.mark.parametrize("name", DATA)
def test_centered_is_the_textbook_with_jacobians(name: str) -> None:
    data = DATA[name]
    for theta in points(5 + 2 * data.groups):
        s = sigmoid(theta[2:5])
        paper = np.concatenate([theta[5:], theta[:2], 10.0 * s[[1, 2, 0]]])
        expected = textbook.partial_pooling(paper, textbook.observations(data))
        expected += np.log(10.0 * s * (1.0 - s)).sum()
        assert value("centered", theta, data)[0] == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("name", DATA)
def test_noncentered_is_centered_after_a_change_of_variables(name: str) -> None:
    data = DATA[name]
    for theta in points(5 + 2 * data.groups):
        tau = 10.0 * sigmoid(theta[3:5])
        other = theta.copy()
        other[5:] = (theta[:2, None] + tau[:, None] * theta[5:].reshape(2, -1)).ravel()
        expected = value("centered", other, data)[0] + data.groups * np.log(tau).sum()
        assert value("noncentered", theta, data)[0] == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("name", DATA)
def test_collapsed_is_the_normal_of_all_rows(name: str) -> None:
    data = DATA[name]
    for theta in points(5):
        expected = log_prior(theta) + dense(data, theta)
        assert value("collapsed", theta, data)[0] == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("name", DATA)
def test_collapsed_times_the_effects_given_the_rest_is_the_joint(name: str) -> None:
    data = DATA[name]
    for theta in points(5 + 2 * data.groups):
        effects = theta[5:].reshape(2, -1)
        total = value("collapsed", theta[:5], data)[0]
        for j in range(data.groups):
            mean, covariance = conditional(data, theta, j)
            total += stats.multivariate_normal(mean, covariance).logpdf(effects[:, j])
        assert value("centered", theta, data)[0] == pytest.approx(total, rel=1e-9)


def test_collapsed_is_right_where_a_scale_is_tiny_and_where_it_is_large() -> None:
    for theta in corners(5):
        if theta[2] > -10.0:  # with sigma = 1e-8 the dense covariance is singular in rounding
            logp, grad = value("collapsed", theta, DATA["awkward"])
            expected = log_prior(theta) + dense(DATA["awkward"], theta)
            assert logp == pytest.approx(expected, rel=1e-6)
            assert np.isfinite(grad).all()


DIMS = {"centered": 13, "noncentered": 13, "collapsed": 5, "unpooled": 9, "one line": 3}


def difference(model, theta, data, i: int) -> float:
    """Central difference of fourth order along entry i."""
    h = 1e-3 * (1.0 + 0.1 * abs(theta[i]))
    total = 0.0
    for step, weight in ((1, 8.0), (-1, -8.0), (2, -1.0), (-2, 1.0)):
        moved = theta.copy()
        moved[i] += step * h
        total += weight * value(model, moved, data)[0]
    return total / (12.0 * h)


@pytest.mark.parametrize("name", DIMS)
def test_gradients(name: str) -> None:
    data, dim = DATA["awkward"], DIMS[name]
    places = list(points(dim, 4))
    if name in ("noncentered", "collapsed"):
        places += corners(dim)
    for theta in places:
        logp, grad = value(name, theta, data)
        size = max(abs(grad).max(), 1e-2 * abs(logp), 1.0)
        expected = [difference(name, theta, data, i) for i in range(dim)]
        np.testing.assert_allclose(grad, expected, rtol=1e-6, atol=1e-8 * size)


def test_the_funnels_neck_has_a_finite_gradient() -> None:
    for form in FORMS:
        for v in (-23.0, -400.0, 40.0, 800.0):
            theta = np.full(DIMS[form], 0.2)
            theta[3:5] = v
            logp, grad = value(form, theta, DATA["awkward"])
            assert np.isfinite(logp)
            assert np.isfinite(grad).all()
        theta[3:5] = -800.0  # a scale of 0 in rounding
        assert value(form, theta, DATA["awkward"])[0] == -np.inf


def test_many_groups_do_not_overflow_the_determinants() -> None:
    data = boelstad(seed=2, individuals=150, observations=2)
    theta = np.array([2.0, -2.0, -4.0, 3.0, 3.0])  # tau / sigma is about 50
    expected = log_prior(theta) + dense(data, theta)
    assert value("collapsed", theta, data)[0] == pytest.approx(expected, rel=1e-9)


def test_nothing_cancels_where_y_is_far_from_0() -> None:
    near, far = awkward(), awkward(1e6)
    theta = np.array([0.3, -1.5, -1.0, 0.0, 0.0])
    shifted = theta + np.array([1e6, 0.0, 0.0, 0.0, 0.0])
    prior = 0.5 * (shifted[0] ** 2 - theta[0] ** 2) / 9.0
    found, expected = value("collapsed", shifted, far), value("collapsed", theta, near)
    assert found[0] + prior == pytest.approx(expected[0], rel=1e-4)  # the prior itself is -6e10
    np.testing.assert_allclose(found[1][1:], expected[1][1:], rtol=1e-6)


def test_a_group_without_rows_says_nothing() -> None:
    data = DATA["post"]
    known = partial_pooling(data).data
    z = np.column_stack([np.ones(data.y.size), data.x])
    z, y_scale = z / [1.0, data.x.std(ddof=1)], data.y.std(ddof=1)
    qr_r, outcome, rss = triangles_of_lines(z, data.y / y_scale, data.group, data.groups + 1)
    mean, terms = np.ones((2, data.groups + 1)), known.terms.copy()
    terms[0, 1] += 1
    more = known._replace(qr_r=qr_r, outcome=outcome, rss=rss, group_mean_x=mean, terms=terms)
    for theta in points(5, 3):
        logp, grad = value("collapsed", theta, data, more)
        expected = value("collapsed", theta, data)
        assert logp == pytest.approx(expected[0], rel=1e-12)
        np.testing.assert_allclose(grad, expected[1], rtol=1e-10)


def test_rows_may_come_in_any_order() -> None:
    data = DATA["awkward"]
    order = np.random.default_rng(1).permutation(data.y.size)
    mixed = GroupedData(data.y[order], data.x[order], data.group[order], data.levels)
    theta = next(points(5))
    expected = value("collapsed", theta, data)[0]
    assert value("collapsed", theta, mixed)[0] == pytest.approx(expected, rel=1e-12)


def test_unpooled_is_the_textbook_with_jacobians() -> None:
    data = DATA["awkward"]
    for theta in points(9):
        s = sigmoid(theta)
        natural = np.append(200.0 * s[1:] - 100.0, 10.0 * s[0])
        expected = textbook.no_pooling(natural, textbook.observations(data))
        expected += np.log(s * (1.0 - s)).sum() + np.log(10.0) + 8 * np.log(200.0)
        assert value("unpooled", theta, data)[0] == pytest.approx(expected, rel=1e-9)
    for theta in points(3):
        s = sigmoid(theta)
        natural = np.append(200.0 * s[:2] - 100.0, 10.0 * s[2])
        expected = textbook.complete_pooling(natural, textbook.observations(data))
        expected += np.log(s * (1.0 - s)).sum() + np.log(10.0) + 2 * np.log(200.0)
        assert value("one line", theta, data)[0] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("name", DATA)
def test_effects_are_drawn_from_their_conditional(name: str) -> None:
    """The draw is a linear map of zeta: its mean and covariance are read off, not estimated."""
    data = DATA[name]
    zeta = np.zeros((3, 2, data.groups))
    zeta[1, 0] = zeta[2, 1] = 1.0
    known = SimpleNamespace(standard_normal=lambda shape: zeta.reshape(shape))
    for theta in points(5):
        found = natural(
            "collapsed", np.tile(theta[:, np.newaxis, np.newaxis], (1, 1, 3)), data, known
        )
        effects = np.moveaxis([found["alpha"][:, 0], found["beta"][:, 0]], 2, 0)
        root = effects[1:] - effects[0]
        for j in range(data.groups):
            mean, covariance = conditional(data, theta, j)
            np.testing.assert_allclose(effects[0, :, j], mean, rtol=1e-8, atol=1e-10)
            np.testing.assert_allclose(root[:, :, j].T @ root[:, :, j], covariance, rtol=1e-8)


def test_natural_gives_back_what_a_person_asks_for() -> None:
    data = DATA["post"]
    theta = np.random.default_rng(2).normal(size=(5 + 2 * data.groups, 3, 7))
    tau = 10.0 * sigmoid(theta[3:5])
    assert tau.shape == (2, 3, 7)
    expected = {
        "centered": theta[5:].reshape(2, data.groups, 3, 7),
        "noncentered": theta[:2, None] + tau[:, None] * theta[5:].reshape(2, data.groups, 3, 7),
    }
    for form in ("centered", "noncentered", "collapsed"):
        found = natural(form, theta[:5] if form == "collapsed" else theta, data)
        assert list(found) == [
            "alpha",
            "beta",
            "mu_alpha",
            "mu_beta",
            "sigma_alpha",
            "sigma_beta",
            "sigma",
        ]
        np.testing.assert_allclose(found["mu_beta"], theta[1], rtol=1e-12)
        np.testing.assert_allclose(found["sigma_beta"], tau[1], rtol=1e-12)
        assert found["alpha"].shape == (data.groups, 3, 7)
        if form in expected:
            np.testing.assert_allclose([found["alpha"], found["beta"]], expected[form], rtol=1e-12)


def test_natural_of_flat_coefficients() -> None:
    data = DATA["post"]
    theta = np.random.default_rng(2).normal(size=(1 + 2 * data.groups, 2, 3))
    found = natural("unpooled", theta, data)
    expected = 200.0 * sigmoid(theta[1:]).reshape(2, data.groups, 2, 3) - 100.0
    np.testing.assert_allclose([found["alpha"], found["beta"]], expected, rtol=1e-12)
    np.testing.assert_allclose(found["sigma"], 10.0 * sigmoid(theta[0]), rtol=1e-12)
    line = natural("one line", theta[:3], data)
    np.testing.assert_allclose(line["beta"], 200.0 * sigmoid(theta[1]) - 100.0, rtol=1e-12)
    np.testing.assert_allclose(line["sigma"], 10.0 * sigmoid(theta[2]), rtol=1e-12)


def test_the_effects_of_chain_k_are_the_same_whatever_the_number_of_chains() -> None:
    posterior = partial_pooling(DATA["post"])
    settings = {"seed": 1, "draws": 20, "warmup": 20, "progress": False}
    three, two = (posterior.sample(chains=chains, **settings)["alpha"] for chains in (3, 2))
    np.testing.assert_array_equal(three[:2], two)


def test_chains_in_the_same_place_have_different_effects() -> None:
    """Each chain's noise is its own, and that of another seed is another."""
    posterior = partial_pooling(DATA["post"])
    settings = {"draws": 200, "warmup": 0, "progress": False, "chains": 2}
    stay = me.NUTS(step_size=1e-300)
    noise = [posterior.sample(seed=seed, sampler=stay, **settings)["alpha"] for seed in (1, 1, 2)]
    np.testing.assert_array_equal(noise[0], noise[1])
    for one, other in ((noise[0][0], noise[0][1]), (noise[0], noise[2])):
        correlation = np.corrcoef(one[..., 0].ravel(), other[..., 0].ravel())[0, 1]
        assert abs(correlation) < 4.5 / np.sqrt(one[..., 0].size)


def test_more_draws_leave_the_effects_of_the_first_as_they_are() -> None:
    theta = np.random.default_rng(2).normal(size=(5, 1, 50))
    few, many = (natural("collapsed", theta[:, :, :n], DATA["post"])["beta"] for n in (20, 50))
    np.testing.assert_array_equal(many[:, :, :20], few)


@pytest.mark.parametrize("form", ["collapsed", "noncentered", "centered"])
def test_starts_are_finite_and_named(form: str) -> None:
    for data in (boelstad(), awkward(), awkward(1e4)):
        for p in (partial_pooling(data, form), no_pooling(data), complete_pooling(data)):
            grad = np.full(p.dim, np.nan)
            logp = p.log_density(p.start, grad, p.data)
            assert np.isfinite(logp)
            assert np.isfinite(grad).all()
            assert len(set(p.names)) == p.dim == p.start.size
    assert partial_pooling(awkward(), "centered").names[:6] == [
        "~mu_alpha",
        "~mu_beta",
        "~sigma",
        "~sigma_alpha",
        "~sigma_beta",
        "~alpha[0]",
    ]


def test_an_unknown_form_is_refused() -> None:
    with pytest.raises(ValueError, match="form is 'centred'; it must be one of 'collapsed'"):
        partial_pooling(awkward(), "centred")


def test_sampling_the_collapsed_form_gives_the_exact_answer() -> None:
    """Oracle: quadrature by an independent code (sd of alpha[0]: 0.53679; mean 1.99086)."""
    p, (unit, _) = partial_pooling(boelstad()), units("collapsed", boelstad(), 5)
    draws = sample(
        p.log_density,
        p.start,
        data=p.data,
        names=p.names,
        natural=p.natural,
        seed=4,
        draws=8000,
        sampler=me.Metropolis(scale=[0.15, 0.17, 0.07, 0.5, 0.25] / unit),
    )
    for name, mean, sd in (
        ("mu_alpha", 2.0465059, 0.1400441),
        ("sigma_alpha", 0.5684256, 0.2348691),
        ("sigma", 2.2124709, 0.0996286),
    ):
        assert draws[name].mean() == pytest.approx(mean, abs=0.15 * sd)
    assert draws["alpha"][..., 0].mean() == pytest.approx(1.9908622, abs=0.06 * 0.53678761)
    assert draws["alpha"][..., 0].std() == pytest.approx(0.53678761, rel=0.05)
    assert draws["beta"][..., 0].mean() == pytest.approx(-2.1873057, abs=0.06 * 0.70726197)


def test_compiled_and_uncompiled_agree_to_the_last_bit() -> None:
    code = (
        "import numpy as np\n"
        "from mcmc_edu.datasets import boelstad\n"
        "from mcmc_edu.models import no_pooling, partial_pooling\n"
        "d = boelstad(seed=7, individuals=6, observations=3)\n"
        "ps = [partial_pooling(d, f) for f in ('collapsed', 'noncentered', 'centered')]\n"
        "for p in [*ps, no_pooling(d)]:\n"
        "    theta = np.random.default_rng(1).normal(size=p.dim)\n"
        "    grad = np.empty(p.dim)\n"
        "    print(float(p.log_density(theta, grad, p.data)).hex(), grad.tobytes().hex())\n"
        "    rng = np.random.default_rng(2)\n"
        "    print(p.natural(theta.reshape(-1, 1, 1), rng)['alpha'].tobytes().hex())\n"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"NUMBA_DISABLE_JIT": jit},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for jit in "01"
    }
    assert len(outputs) == 1
