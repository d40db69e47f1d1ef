"""Predictive checks and residuals: what the pictures hold, against arithmetic done otherwise."""

import matplotlib as mpl
import numpy as np
import pytest
from scipy import stats

mpl.use("Agg")

import matplotlib.pyplot as plt

from mcmc_edu import plots
from mcmc_edu.draws import Draws
from mcmc_edu.models import Fit, Model
from mcmc_edu.models.verbs.checks import level_means, replicated
from mcmc_edu.models.verbs.prediction.few_draws import subset_draws
from mcmc_edu.plots import predictive
from mcmc_edu.plots.estimates import ellipse

GROUP = np.repeat(["a", "b", "c"], [4, 10, 6])
RNG = np.random.default_rng(6)
Y = RNG.normal(10.0, 2.0, GROUP.size)
for level, mean in (("a", 12.0), ("b", 10.3), ("c", 12.6)):
    Y[level == GROUP] += mean - Y[level == GROUP].mean()


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


def fit_of(model: Model, **natural) -> Fit:
    shape = next(iter(natural.values())).shape[:2]
    return Fit(model, Draws(np.zeros((*shape, 1)), ["~"], {}, natural, {}, {}))


def gaussian(shape=(2, 300)) -> Fit:
    """A fit whose draws are all the same but for noise of 0.1 in the mean."""
    rng = np.random.default_rng(7)
    return fit_of(
        Model.from_arrays(Y, group=GROUP),
        Intercept=rng.normal(10.0, 0.1, shape),
        sigma=np.full(shape, 2.0),
        **{"sd(group: Intercept)": np.full(shape, 1.0)},
        **{"b(group: Intercept)": np.tile([-3.0, 0.0, 3.0], (*shape, 1))},
    )


def counts(family: str, **own: float) -> Fit:
    """A fit of counts, positive numbers or shares, eta = -0.5, -0.4, ..."""
    y = np.array([0.0, 2.0, 1.0, 0.0, 5.0])
    y = {"gamma": y + 0.5, "lognormal": y + 0.5, "beta": (y + 0.5) / 6.0}.get(family, y)
    trials = {"trials": np.array([1.0, 4.0, 3.0, 2.0, 9.0])} if family == "binomial" else {}
    model = Model.from_arrays(y, family=family, **trials)
    draws = np.linspace(-0.5, 0.4, 10).reshape(2, 5)
    return fit_of(model, Intercept=draws, **{k: np.full((2, 5), x) for k, x in own.items()})


def test_replicated_data_have_the_models_mean_and_spread() -> None:
    data = replicated(gaussian(), 600, seed=1)
    assert data.shape == (600, 20)
    error = np.hypot(2.0, 0.1) / np.sqrt(600)
    np.testing.assert_allclose(data[:, 0].mean(), 7.0, atol=4.5 * error)
    np.testing.assert_allclose(data[:, 19].mean(), 13.0, atol=4.5 * error)
    np.testing.assert_allclose(data[:, 5].std(), np.hypot(2.0, 0.1), rtol=0.15)


def test_replicated_data_are_of_different_draws_and_reproducible() -> None:
    fit = gaussian((2, 5))
    assert replicated(fit, 50, seed=1).shape == (10, 20)
    np.testing.assert_array_equal(replicated(fit, 4, seed=1), replicated(fit, 4, seed=1))
    assert (replicated(fit, 4, seed=1) != replicated(fit, 4, seed=2)).all()
    with pytest.raises(ValueError, match=r"draws is 2\.5; it must be an integer"):
        fit.pp_check(draws=2.5)
    with pytest.raises(ValueError, match="draws is 0; it must be an integer, 1 or more"):
        replicated(fit, 0, seed=1)


@pytest.mark.parametrize("stat", [lambda y: y.max(), lambda y: y[..., :2]])
def test_a_statistic_is_a_number_for_each_data_set(stat) -> None:
    with pytest.raises(ValueError, match=r"of data of shape \(30, \d+\); it must give a number"):
        gaussian().pp_check("stat", stat=stat, draws=30, seed=1)


def test_some_draws_keep_together() -> None:
    fit = gaussian((2, 5))
    few = subset_draws(fit, np.array([7, 0]))
    np.testing.assert_array_equal(few.linpred()[0, 0], fit.linpred()[1, 2])
    np.testing.assert_array_equal(few.linpred()[0, 1], fit.linpred()[0, 0])


def test_level_means() -> None:
    model = Model.from_arrays(Y, group=GROUP)
    found = level_means(np.stack([Y, 2.0 * Y]), model.design.groupings[0])
    expected = [Y[level == GROUP].mean() for level in "abc"]
    np.testing.assert_allclose(found, [expected, 2.0 * np.array(expected)], rtol=1e-12)


FAMILIES = {
    "poisson": (lambda eta, n: stats.poisson(np.exp(eta)), {}),
    "binomial": (lambda eta, n: stats.binom(n, 1.0 / (1.0 + np.exp(-eta))), {}),
    "negbin": (lambda eta, n: stats.nbinom(2.5, 2.5 / (2.5 + np.exp(eta))), {"phi": 2.5}),
    "gamma": (lambda eta, n: stats.gamma(1.4, scale=np.exp(eta) / 1.4), {"shape": 1.4}),
    "lognormal": (lambda eta, n: stats.lognorm(0.7, scale=np.exp(eta)), {"sigma": 0.7}),
    "beta": (
        lambda eta, n: stats.beta(3.0 / (1.0 + np.exp(-eta)), 3.0 / (1.0 + np.exp(eta))),
        {"phi": 3.0},
    ),
    "student": (lambda eta, n: stats.t(5.0, eta, 1.5), {"sigma": 1.5, "nu": 5.0}),
    "gaussian": (lambda eta, n: stats.norm(eta, 1.5), {"sigma": 1.5}),
}


@pytest.mark.parametrize("family", FAMILIES)
def test_residuals_are_standardised_by_scipys_variance(family: str) -> None:
    law, own = FAMILIES[family]
    fit = counts(family, **own)
    design = fit.model.design
    eta = fit.draws["Intercept"][:, :, np.newaxis]
    outcome = law(eta, 1.0 if design.trials is None else design.trials)
    raw = design.y - outcome.mean()
    np.testing.assert_allclose(fit.residuals(), np.broadcast_to(raw, (2, 5, 5)), atol=1e-12)
    np.testing.assert_allclose(fit.residuals("pearson"), raw / outcome.std(), atol=1e-12)


def test_a_student_outcome_without_a_variance_has_residuals_of_0() -> None:
    assert (counts("student", sigma=1.0, nu=2.0).residuals("pearson") == 0.0).all()


def test_the_density_check_shows_the_observed_and_the_replicated() -> None:
    ax = gaussian().pp_check(seed=1)
    *data_sets, observed = ax.get_lines()
    assert len(data_sets) == 50
    assert observed.get_label() == "observed"
    assert ax.get_xlabel() == "y"
    for line in (observed, data_sets[3]):
        x, height = line.get_data()
        assert height.sum() * (x[1] - x[0]) == pytest.approx(1.0, abs=0.02)
    x, height = observed.get_data()
    width = predictive.bandwidth(Y)
    exact = stats.norm(Y[:, np.newaxis], width).pdf(x).mean(axis=0)
    np.testing.assert_allclose(height, exact, atol=0.02 * exact.max())


def test_the_width_of_the_kernel() -> None:
    y = np.random.default_rng(1).normal(0.0, 3.0, 500)
    kernel = stats.gaussian_kde(y, "silverman")  # its factor is 1.06, and of the sd alone
    assert predictive.bandwidth(y) == pytest.approx(kernel.factor * y.std() * 0.9 / 1.06, rel=0.1)
    assert predictive.bandwidth(np.zeros(5)) > 0.0


def test_the_density_check_of_counts_is_bars() -> None:
    ax = counts("poisson").pp_check(seed=1)
    heights = {round(b.get_x() + b.get_width() / 2): b.get_height() for b in ax.patches}
    assert [heights[k] for k in (0, 1, 2, 3, 5)] == pytest.approx([0.4, 0.2, 0.2, 0.0, 0.2])


def test_intervals_of_counts_are_quantiles_of_shares() -> None:
    rng = np.random.default_rng(3)
    data = rng.binomial(3, 0.4, (200, 50)).astype(float)
    ax = plots.predictive_density(data[0], data, whole=True)
    shares = np.array([(row == 1.0).mean() for row in data])
    segment = ax.collections[0].get_segments()[1]
    np.testing.assert_allclose(segment[:, 1], np.quantile(shares, [0.05, 0.95]))
    assert segment[0, 0] == 1.0


def test_many_counts_are_put_together() -> None:
    data = np.arange(1000.0)
    edges = predictive.count_edges(data, data[np.newaxis])
    assert edges.size <= 42
    assert edges[0] == -0.5
    assert edges[-1] >= 999.5
    assert set(np.diff(edges)) == {25.0}


def test_the_ribbon_marks_groups_outside_their_interval() -> None:
    fit = gaussian()  # whose effects the data have not
    ax = fit.pp_check("ribbon", seed=1)
    lines = {line.get_label(): line for line in ax.get_lines()}
    order = ["b", "a", "c"]  # of the means, 10.3, 12.0 and 12.6
    assert [text.get_text() for text in ax.get_xticklabels()] == order
    median = dict(zip(order, lines["median"].get_ydata(), strict=True))
    for level, expected in zip("abc", (7.0, 10.0, 13.0), strict=True):
        assert median[level] == pytest.approx(expected, abs=0.2)
    for level, center in zip("abc", (7.0, 10.0, 13.0), strict=True):
        half = 1.645 * np.hypot(2.0 / np.sqrt((level == GROUP).sum()), 0.1)
        segment = ax.collections[0].get_segments()[order.index(level)]
        np.testing.assert_allclose(segment[:, 1], [center - half, center + half], atol=0.25)
    assert lines["outside (1 of 3)"].get_ydata() == pytest.approx([12.0])
    assert lines["observed"].get_ydata() == pytest.approx([10.3, 12.6])
    assert ax.get_xlabel() == "group"


def test_a_statistic_and_its_tail() -> None:
    fit = gaussian()
    ax = fit.pp_check("stat", stat="sd", seed=1)
    data = replicated(fit, 1000, seed=1)
    share = np.mean(data.std(axis=1, ddof=1) >= Y.std(ddof=1))
    assert ax.get_title(loc="left") == f"P(replicated ≥ observed) = {share:.2f}"
    assert ax.get_lines()[0].get_xdata()[0] == Y.std(ddof=1)
    assert sum(bar.get_height() for bar in ax.patches) == 600
    assert ax.get_xlabel() == "sd of y"


def test_a_tie_counts_as_reached() -> None:
    ax = plots.predictive_statistic(1.0, [0.0, 1.0, 1.0, 2.0])
    assert ax.get_title(loc="left").endswith("0.75")


def test_a_statistic_of_ones_own() -> None:
    def spread(y):
        return y.max(axis=-1) - y.min(axis=-1)

    ax = gaussian().pp_check("stat", stat=spread, draws=30, seed=1)
    assert ax.get_xlabel() == "spread of y"
    assert sum(bar.get_height() for bar in ax.patches) == 30


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda fit: fit.pp_check("densty"), "kind is 'densty'; it must be one of 'density'"),
        (lambda fit: fit.pp_check("stat", stat="mode"), "stat is 'mode'; it must be one of 'mean'"),
        (lambda fit: fit.pp_check("ribbon", group="h"), "group is 'h'; it must be one of 'group'"),
        (lambda fit: fit.residuals("raw"), "kind is 'raw'; it must be 'response' or 'pearson'"),
    ],
)
def test_errors_say_what_is_allowed(call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call(gaussian())


def test_a_ribbon_needs_groups() -> None:
    with pytest.raises(ValueError, match="the model has no groups"):
        counts("poisson").pp_check("ribbon")


def test_pictures_refuse_shapes_that_do_not_fit() -> None:
    with pytest.raises(ValueError, match=r"y has shape \(3,\) and replicated \(2, 4\)"):
        plots.predictive_density(np.zeros(3), np.zeros((2, 4)))
    with pytest.raises(ValueError, match="levels has 1 names; give one for each of the 2 groups"):
        plots.predictive_ribbon(np.zeros(2), np.zeros((3, 2)), ["a"])
    with pytest.raises(ValueError, match="its values finite"):
        plots.predictive_statistic(1.0, [np.nan])
    with pytest.raises(ValueError, match=r"both must be \(group, 2\)"):
        plots.shrinkage_arrows(np.zeros((3, 2)), np.zeros((2, 2)), np.zeros(2), np.eye(2))
    with pytest.raises(ValueError, match="a name for each quantity"):
        plots.intervals(np.zeros((2, 3, 4)), ["a"])
    with pytest.raises(ValueError, match="nothing to draw"):
        plots.intervals({})


def test_intervals_are_quantiles() -> None:
    draws = np.random.default_rng(2).normal(size=(2, 400, 2))
    ax = plots.intervals(draws, ["a", "b"], reference=0.0)
    outer, inner, median = ax.get_lines()[3:6]
    flat = draws[:, :, 1].ravel()
    np.testing.assert_allclose(outer.get_xdata(), np.quantile(flat, [0.05, 0.95]))
    np.testing.assert_allclose(inner.get_xdata(), np.quantile(flat, [0.25, 0.75]))
    assert median.get_xdata()[0] == np.median(flat)
    assert [text.get_text() for text in ax.get_yticklabels()] == ["a", "b"]
    bottom, top = ax.get_ylim()
    assert bottom > top  # the first name is on top
    by_name = plots.intervals({"x": draws[:, :, 1], "y": draws[:, :, 0]}, ["x"])
    np.testing.assert_allclose(by_name.get_lines()[0].get_xdata(), outer.get_xdata())


def test_the_ellipse_holds_its_share() -> None:
    covariance = np.array([[4.0, -1.5], [-1.5, 1.0]])
    outline = ellipse([1.0, 2.0], covariance, 0.9) - [1.0, 2.0]
    distance = np.einsum("ni,ij,nj->n", outline, np.linalg.inv(covariance), outline)
    np.testing.assert_allclose(distance, stats.chi2(2).ppf(0.9), rtol=1e-10)


def test_arrows_go_from_no_pooling_to_partial_pooling() -> None:
    apart, pooled = np.array([[0.0, 1.0], [4.0, 3.0]]), np.array([[1.0, 1.5], [3.0, 2.5]])
    ax = plots.shrinkage_arrows(apart, pooled, [2.0, 2.0], np.eye(2), levels=["one", "two"])
    lines = {line.get_label(): line.get_xydata() for line in ax.get_lines()}
    np.testing.assert_array_equal(lines["no pooling"], apart)
    np.testing.assert_array_equal(lines["partial pooling"], pooled)
    arrows = [note for note in ax.texts if note.arrow_patch is not None]
    assert [tuple(note.xyann) for note in arrows] == [tuple(a) for a in apart]
    assert [tuple(note.xy) for note in arrows] == [tuple(b) for b in pooled]
    assert [note.get_text() for note in ax.texts if note.arrow_patch is None] == ["one", "two"]


def test_nothing_is_shown_and_the_axes_given_are_used() -> None:
    ax = plt.figure().add_subplot()
    assert gaussian().pp_check("stat", ax=ax, seed=1) is ax
    assert plots.intervals({"a": [[1.0, 2.0]]}, ax=ax) is ax
    assert len(plt.get_fignums()) == 1
