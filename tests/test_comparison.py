"""The report: errors against the published ones, verdicts, figure."""

import json
import math
from dataclasses import replace
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest

import mcmc_edu as me
from mcmc_edu.comparison.errors import (
    least_squares,
    least_squares_by_group,
    least_squares_noise,
    lines_inside_prior,
)
from mcmc_edu.comparison.report import ONE_CHAIN, REPLAYED
from mcmc_edu.comparison.shrinkage import _diagnosed
from mcmc_edu.compiling import bind
from mcmc_edu.datasets import stream_after
from mcmc_edu.models import textbook
from mcmc_edu.rstream import RStream

mpl.use("agg")


@pytest.fixture(scope="module")
def report() -> me.comparison.ShrinkageReport:
    return me.comparison.demonstration(seed=1)


REFERENCE = json.loads((Path(__file__).parent / "reference" / "boelstad_run.json").read_text())
"""What the post's own code gives in R."""


@pytest.fixture(scope="module")
def chains() -> dict[str, me.comparison.SingleChain]:
    return me.comparison.replay(me.datasets.boelstad(seed=1))


@pytest.mark.parametrize("pooling", ["none", "partial"])
def test_the_replay_is_the_run_in_r(chains, pooling: str) -> None:
    """Every posterior mean to nine digits, acceptance exactly, R-hat and ESS as noted."""
    run, recorded = chains[pooling], REFERENCE[pooling]
    means = run.draws[2000:].mean(axis=0)
    np.testing.assert_allclose(means, recorded["means"], rtol=0, atol=1e-9)
    assert run.accept_rate == recorded["accept_rate"]
    rhats = [me.rhat(x[np.newaxis]) for x in run.kept.T]
    ess = [me.ess_bulk(x[np.newaxis]) for x in run.kept.T]
    assert round(max(rhats), 2) == recorded["rhat_max"]
    assert round(min(ess), 1) == recorded["ess_min"]


def test_errors_of_the_last_digit_do_not_grow(chains) -> None:
    """The replay promises nine digits on every platform: start off by 1e-12, and it stays that."""
    stream = stream_after(me.datasets.boelstad(seed=1))
    data = me.datasets.boelstad(seed=1)
    start = chains["none"].start
    stream.rnorm(150), stream.runif(1)  # what the start took
    run = me.comparison.post_chain("none", data, stream, start=start + 1e-12)
    np.testing.assert_allclose(run.draws, chains["none"].draws, rtol=0, atol=2e-12)


def test_the_chain_draws_in_the_posts_order() -> None:
    """Starting values, then normals for every parameter and a uniform, an iteration at a time."""
    data = me.datasets.simulate(3, 4, seed=1)
    run = me.comparison.post_chain("partial", data, RStream(2), iterations=2040)
    r = RStream(2)
    lines = [r.rnorm(3, 2, 0.75), r.rnorm(3, -2, 0.75)]
    population = [r.rnorm(1, 2, 0.25), r.rnorm(1, -2, 0.25)]
    scales = [r.runif(1, 0.75, 1.25), r.runif(1, 0.75, 1.25), r.runif(1, 1.75, 2.25)]
    theta = np.concatenate([*lines, *population, *scales])
    np.testing.assert_array_equal(run.start, theta)
    density = bind(textbook.partial_pooling, textbook.observations(data))
    for draw in run.draws[:40]:
        proposal = theta + 0.1 * r.rnorm(theta.size)
        if math.log(r.runif(1)[0]) < density(proposal) - density(theta):
            theta = proposal
        np.testing.assert_array_equal(draw, theta)
    moved = (np.diff(run.draws, axis=0, prepend=run.start[np.newaxis]) != 0.0).any(axis=1)
    assert run.accept_rate == moved.mean()


def test_another_start_and_another_step() -> None:
    data = me.datasets.simulate(3, 4, seed=1)
    start = np.array([1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 3.0])
    run = me.comparison.post_chain("none", data, RStream(2), start=start, step=0.01)
    increments = np.diff(run.draws, axis=0, prepend=start[np.newaxis])
    moves = increments[(increments != 0.0).any(axis=1)]
    assert run.accept_rate > 0.9
    assert moves.std() == pytest.approx(0.01, rel=0.03)  # 7 x 9500 normals: 0.4 % each


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"pooling": "complete"}, "pooling is 'complete'"),
        ({"step": 0.0}, "step is 0.0"),
        ({"step": math.nan}, "step is nan"),
        ({"iterations": 2000}, "iterations is 2000"),
        (
            {"start": np.zeros(8)},
            r"start has shape \(8,\); theta has 7 entries, alpha\[0\] to sigma",
        ),
        ({"start": np.zeros(7)}, "start has log posterior -inf"),
    ],
)
def test_a_chain_that_cannot_run_is_refused(changes, words: str) -> None:
    arguments = {"pooling": "none"} | changes
    data = me.datasets.simulate(3, 4, seed=1)
    with pytest.raises(ValueError, match=words):
        me.comparison.post_chain(arguments.pop("pooling"), data, RStream(1), **arguments)


def test_only_the_posts_data_have_a_run_to_replay() -> None:
    """Not a part of them, nor values typed by hand, nor what another simulator made."""
    posts = me.datasets.boelstad(seed=3, individuals=4)
    others = (
        me.datasets.simulate(4, 5, seed=1),
        me.datasets.grouped(posts.y, posts.x, posts.group),
        replace(posts, y=posts.y + 1e-15),
        replace(posts, y=posts.y[:-1], x=posts.x[:-1], group=posts.group[:-1]),
        replace(posts, post_seed=4),
    )
    for data in others:
        with pytest.raises(ValueError, match="no run of the post to replay"):
            me.comparison.replay(data)


def test_rows_are_replayed_for_the_posts_data_alone() -> None:
    posts = me.datasets.boelstad(seed=3, individuals=4)
    typed = me.datasets.grouped(posts.y, posts.x, posts.group)
    for data, there, absent in ((posts, REPLAYED, ONE_CHAIN), (typed, ONE_CHAIN, REPLAYED)):
        methods = {row.method for row in me.comparison.shrinkage(data).rows}
        assert there in methods
        assert absent not in methods


def test_the_second_chain_goes_on_where_the_first_ended() -> None:
    """Data, start and 10 000 iterations of no pooling; then the start of partial pooling."""
    stream = RStream(2)
    data = me.datasets.boelstad_from(stream, 2, 3)
    stream.rnorm(4), stream.runif(1)
    stream.rows(10_000, 5)
    found = me.comparison.replay(me.datasets.boelstad(2, 2, 3))["partial"]
    np.testing.assert_array_equal(found.start[:2], stream.rnorm(2, 2.0, 0.75))
    assert data.groups == 2


@pytest.mark.parametrize("seed", [2, -7])
def test_any_seed_is_replayed_and_our_own_seed_does_not_matter(seed: int) -> None:
    data = me.datasets.boelstad(seed, 5)
    one, two = (me.comparison.shrinkage(data, seed=s).row("none", REPLAYED) for s in (1, 2))
    np.testing.assert_array_equal(one.alpha, two.alpha)
    np.testing.assert_array_equal(one.alpha, me.comparison.replay(data)["none"].means("alpha"))


def test_means_leave_the_first_draws_out() -> None:
    data = me.datasets.simulate(3, 4, seed=1)
    run = me.comparison.post_chain("none", data, RStream(2))
    expected = [math.fsum(run.draws[2000:, k]) / 8000 for k in (3, 4, 5)]
    np.testing.assert_allclose(run.means("beta"), expected, rtol=1e-12)
    assert run.draws.shape == (10_000, 7)


@pytest.mark.parametrize(
    ("model", "method", "alpha", "beta"),
    [
        ("complete", "least squares", 0.918504, 0.883490),
        ("none", "least squares", 0.966519, 1.503788),
        ("none", REPLAYED, 1.228333, 1.738596),
        ("partial", REPLAYED, 0.771073, 0.795468),
    ],
)
def test_the_errors_of_the_post(report, model: str, method: str, alpha: float, beta: float) -> None:
    row = report.row(model, method)
    assert round(row.rmse_alpha, 6) == alpha
    assert round(row.rmse_beta, 6) == beta


def test_which_rows_may_be_trusted(report) -> None:
    assert "edges" not in str(report)  # the note is for rows of least squares with "no"
    assert [(row.model, row.method, row.trust) for row in report.rows] == [
        ("complete", "least squares", "exact"),
        ("complete", "Metropolis", "yes"),
        ("none", "least squares", "exact"),
        ("none", "NUTS", "yes"),
        ("none", REPLAYED, "no"),
        ("partial", "exact", "exact"),
        ("partial", "NUTS", "yes"),
        ("partial", REPLAYED, "no"),
    ]
    for row in report.rows:
        if row.trust == "no":
            assert row.rhat_max > 1.5
            assert row.ess_min < 2
        if row.trust == "yes":
            assert row.rhat_max <= 1.01
            assert row.ess_min >= 400


def test_the_verdict_on_chains() -> None:
    """Independent draws are trusted; the same, shifted in one chain, and too few, are not."""
    a, b = np.random.default_rng(1).normal(size=(2, 4, 500))
    assert _diagnosed([a, b])["trust"] == "yes"
    assert _diagnosed([a, b])["draws"] == 2000
    assert _diagnosed([a[:, :50], b[:, :50]])["trust"] == "no"
    b[0] += 1.0
    found = _diagnosed([a, b])
    assert found["trust"] == "no"
    assert found["rhat_max"] == me.rhat(b)
    assert found["ess_min"] == me.ess_bulk(b)


def test_the_exact_row(report) -> None:
    """RMSE of the exact posterior means, from an integration that shares no code with ours."""
    row = report.row("partial", "exact")
    assert abs(row.rmse_alpha - 0.736070) < 1e-6
    assert abs(row.rmse_beta - 0.763986) < 1e-6


@pytest.mark.parametrize(("model", "method"), [("none", "least squares"), ("partial", "exact")])
def test_nuts_agrees_with_the_exact_means(report, model: str, method: str) -> None:
    """All 150 coefficients within 4.5 Monte Carlo standard errors."""
    exact, sampled = report.row(model, method), report.row(model, "NUTS")
    answer = me.exact(report.data, pooling=model)
    for name in ("alpha", "beta"):
        error = answer[name].sd / math.sqrt(sampled.ess_min)
        difference = getattr(sampled, name) - getattr(exact, name)
        assert np.abs(difference / error).max() < 4.5


def test_the_verdict_takes_the_gap_apart(report) -> None:
    """From the four RMSEs of the post's run and the four exact ones."""
    assert "post's run" in report.verdict()
    for number in (
        1.228333 - 0.771073,
        1.738596 - 0.795468,  # shown
        0.966519 - 0.736070,
        1.503788 - 0.763986,  # shrinkage
        1.228333 - 0.771073 - 0.966519 + 0.736070,
        1.738596 - 0.795468 - 1.503788 + 0.763986,
    ):
        assert f"{number:.3f}" in report.verdict()
    assert str(report).endswith(report.verdict())
    assert me.comparison.ShrinkageReport(report.data, report.rows[:4]).verdict() is None
    doubtful = [replace(r, trust="no") for r in report.rows]
    assert me.comparison.ShrinkageReport(report.data, tuple(doubtful)).verdict() is None


def test_our_chain_agrees_with_least_squares(report) -> None:
    """Two ways to one posterior mean, within Monte Carlo error."""
    exact, sampled = (report.row("complete", m) for m in ("least squares", "Metropolis"))
    noise = least_squares_noise(report.data)
    error = noise / math.sqrt(report.data.y.size) / math.sqrt(sampled.ess_min)
    assert abs(exact.alpha[0] - sampled.alpha[0]) < 4.5 * error
    error = error / report.data.x.std()
    assert abs(exact.beta[0] - sampled.beta[0]) < 4.5 * error


def test_least_squares_against_numpy() -> None:
    data = me.datasets.simulate(4, [3, 4, 5, 6], seed=9)
    design = np.column_stack([np.ones_like(data.x), data.x])
    (a, b), residual, *_ = np.linalg.lstsq(design, data.y)
    np.testing.assert_allclose(least_squares(data), (a, b), rtol=1e-12)
    assert least_squares_noise(data) == pytest.approx(math.sqrt(residual[0] / 16), rel=1e-12)
    alpha, beta = least_squares_by_group(data)
    for j in range(4):
        rows = data.group == j
        expected = np.linalg.lstsq(design[rows], data.y[rows])[0]
        np.testing.assert_allclose((alpha[j], beta[j]), expected, rtol=1e-11)


def test_least_squares_is_exact_only_inside_the_prior() -> None:
    data = me.datasets.simulate(4, 5, seed=1)
    assert lines_inside_prior(data, *least_squares_by_group(data))
    x = np.where(data.group == 0, 1.0 + 1e-3 * data.x, data.x)  # nearly constant: wild slopes
    wild = me.datasets.grouped(data.y, x, data.group)
    assert not lines_inside_prior(wild, *least_squares_by_group(wild))
    report = me.comparison.shrinkage(wild)
    assert report.row("none", "least squares").trust == "no"
    assert "the prior's edges matter" in report.plot().axes[1].texts[0].get_text()
    assert "edges of this one, -100 and 100, matter" in str(report)
    assert report.row("complete", "least squares").trust == "exact"


def test_the_one_line_is_exact_only_inside_the_prior() -> None:
    """A slope of 75 seen over a tenth of a unit: the prior's end at 100 pulls the mean down."""
    rng = np.random.default_rng(0)
    x = np.linspace(0.0, 0.1, 12)
    steep = me.datasets.grouped(1.0 + 75.0 * x + 2.0 * rng.normal(size=12), x, [0, 1] * 6)
    assert me.comparison.shrinkage(steep).row("complete", "least squares").trust == "no"


def test_few_degrees_of_freedom_do_not_tell_the_noise() -> None:
    data = me.datasets.grouped([0, 1, 2.0001, 1, 3.5], [0, 1, 2, 0, 0.05], list("aaabb"))
    assert not lines_inside_prior(data, *least_squares_by_group(data))


def test_json_has_none_where_a_chain_says_nothing(report) -> None:
    stuck = replace(report.rows[1], rhat_max=math.inf, ess_min=math.nan)
    rows = replace(report, rows=(stuck,)).to_json()["rows"]
    assert (rows[0]["rhat_max"], rows[0]["ess_min"]) == (None, None)


def test_rmse() -> None:
    assert me.comparison.rmse([1, 2, 3], [1, 2, 3]) == 0.0
    assert me.comparison.rmse([0.0, 0.0], [3.0, 4.0]) == math.sqrt(12.5)
    for pair in (([1.0], [1.0, 2.0]), ([], [])):
        with pytest.raises(ValueError, match="estimate has shape"):
            me.comparison.rmse(*pair)


def test_the_report_prints_and_plots(report) -> None:
    text = str(report)
    assert "0.771073" in text
    assert "<table>" in report._repr_html_()
    figure = report.plot()
    titles = [ax.get_title() for ax in figure.axes]
    assert [t.split("\n")[0] for t in titles] == [
        "complete pooling",
        "no pooling",
        "partial pooling",
    ]
    limits = {(ax.get_xlim(), ax.get_ylim()) for ax in figure.axes}
    assert len(limits) == 1
    corner = figure.axes[2].texts[0].get_text()
    assert "0.736" in corner
    assert "not converged" not in corner
    with pytest.raises(KeyError, match="no row"):
        report.row("partial", "least squares")


def test_lines_tie_each_estimate_to_its_truth(report) -> None:
    ax = report.plot().axes[1]
    row, truth = report.row("none", "least squares"), report.data.truth
    ties = ax.lines[: report.data.groups]
    for j, line in enumerate(ties):
        np.testing.assert_array_equal(line.get_xdata(), [truth.alpha[j], row.alpha[j]])
        np.testing.assert_array_equal(line.get_ydata(), [truth.beta[j], row.beta[j]])


def test_without_truth_the_lines_start_where_no_pooling_stands() -> None:
    data = me.datasets.simulate(5, 4, seed=1)
    report = me.comparison.shrinkage(me.datasets.grouped(data.y, data.x, data.group))
    assert all(row.rmse_alpha is None for row in report.rows)
    ax = report.plot().axes[2]
    assert ax.lines[0].get_xdata()[0] == report.row("none", "least squares").alpha[0]
    assert json.dumps(report.to_json(), allow_nan=False)
