"""Printed digits are no finer than the Monte Carlo error of the number."""

import re

import numpy as np
import pytest
from scipy import stats
from test_verbs import fitted

import mcmc_edu as me
from mcmc_edu import diagnostics
from mcmc_edu.digits import decimals, rounded
from mcmc_edu.draws.summary import errors
from mcmc_edu.table import Table


@pytest.mark.parametrize("error", 10.0 ** np.linspace(-9, 6, 61), ids=lambda e: f"{e:.1e}")
def test_the_last_digit_is_of_the_size_of_the_error(error: float) -> None:
    unit = 10.0 ** -decimals(error)
    assert 0.4999 * unit <= error <= 5.0001 * unit


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        (1.47792, 0.0088, "1.48"),
        (251.416, 0.122, "251.4"),
        (-0.0004, 0.1, "0.0"),
        (19234.1, 31.0, "19230"),
        (19234.1, 600.0, "19000"),
        (12.0, 600.0, "0"),
        (0.000012345, 2e-7, "0.0000123"),
        (1.2345e-20, 3e-22, "1.23e-20"),
        (0.0, 1e-20, "0e+00"),
        (np.inf, 0.1, "inf"),
    ],
)
def test_numbers_by_hand(value: float, error: float, text: str) -> None:
    assert rounded(value, error) == text


def unit(text: str) -> float:
    """One unit in the last place that is not a zero before the point."""
    whole, _, places = text.lstrip("-").partition(".")
    return 10.0 ** -len(places) if places else 10.0 ** (len(whole) - len(whole.rstrip("0") or "0"))


def normal(scale: float, seed: int = 1) -> me.Draws:
    """A quantity whose chains are autoregressive, at a place far from 0."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(4, 500))
    for t in range(1, 500):
        x[:, t] = 0.5 * x[:, t - 1] + np.sqrt(0.75) * x[:, t]
    theta = scale * (7.0 + x)[:, :, np.newaxis]
    return me.Draws(theta, ["mu"], {}, {}, {}, {})


@pytest.mark.parametrize("scale", [1e-5, 1.0, 3.0, 400.0, 1e6])
def test_a_summary_is_no_finer_than_its_errors(scale: float) -> None:
    """The errors are the diagnostics', held to what independent normals of that ESS have."""
    draws = normal(scale)
    x, lines = draws["mu"], str(draws.summary()).splitlines()
    found = dict(zip(lines[0].split(), lines[1].split()[1:], strict=True))
    known = {
        "mean": diagnostics.mcse_mean(x),
        "sd": diagnostics.mcse_sd(x),
        **{f"q{q}": diagnostics.mcse_quantile(x, q / 100) for q in (5, 50, 95)},
    }
    for name, error in known.items():
        assert unit(found[name]) >= error / 5.001, name
        assert abs(float(found[name]) - draws.summary()["mu"][name]) <= 1.001 * error, name
    n = diagnostics.ess_mean(x)
    assert known["mean"] == pytest.approx(scale / np.sqrt(n), rel=0.15)
    q = stats.norm.ppf(0.95)
    of_q95 = scale * np.sqrt(0.05 * 0.95 / diagnostics.ess_quantile(x, 0.95)) / stats.norm.pdf(q)
    assert known["q95"] == pytest.approx(of_q95, rel=0.5)
    assert errors({"mu": x}, "mu").items() >= known.items()


def test_the_numbers_themselves_stay_whole() -> None:
    pytest.importorskip("pandas")
    draws = normal(1.0)
    assert draws.summary()["mu"]["mean"] == draws["mu"].mean()
    assert draws.summary().to_pandas().loc["mu", "q5"] == np.quantile(draws["mu"], 0.05)


def test_beneath_stands_how_well_intervals_are_known() -> None:
    draws = normal(1.0)
    found = errors({"mu": draws["mu"]}, "mu")
    row = draws.summary()["mu"]
    share = 100.0 * max(found["q5"], found["q95"]) / (row["q95"] - row["q5"])
    line = f"Monte Carlo error at q5 and q95: at most {share:.0f} % of the distance between them."
    assert str(draws.summary()).splitlines()[-1] == line
    assert f"<p>{line}</p>" in draws.summary()._repr_html_()
    assert draws.summary().notes == []


def test_where_nothing_is_known_of_the_error_nothing_changes() -> None:
    short = me.Draws(np.array([[[1.0], [2.0], [4.0]]]), ["mu"], {}, {}, {}, {})
    assert str(short.summary()).splitlines()[1].split()[:3] == ["mu", "2.333", "1.528"]
    equal = me.Draws(np.ones((2, 50, 1)), ["mu"], {}, {}, {}, {})
    assert str(equal.summary()).splitlines()[1].split()[:3] == ["mu", "1.000", "0.000"]
    assert "Monte Carlo error at" not in str(equal.summary())


def test_errors_are_asked_for_the_rows_that_are_printed() -> None:
    asked = []

    def of_row(name: str) -> dict[str, float]:
        asked.append(name)
        return {"mean": 0.1}

    table = Table({f"a[{i}]": {"mean": float(i)} for i in range(100)}, errors=of_row)
    assert str(table).splitlines()[1].split() == ["a[0]", "0.0"]
    assert set(asked) == {"a[0]", "a[1]", "a[2]", "a[99]"}


@pytest.fixture(scope="module")
def fit() -> me.Fit:
    return fitted("y ~ x + (x | g) + (1 | h)")


def numbers(table: object) -> list[dict[str, str]]:
    """Cells of the rows of a printed table, by column."""
    lines = str(table).split("\n\n")[0].splitlines()
    head = re.split(r" {2,}", lines[0].strip())
    return [dict(zip(head, re.split(r" {2,}", line)[1:], strict=True)) for line in lines[1:]]


def assert_no_finer(cell: str, error: float) -> None:
    assert unit(cell) >= error / 5.001


def test_every_table_of_a_fit(fit) -> None:
    draws = fit.draws
    for table in (fit.fixef(), fit.varcorr(), fit.summary()):
        for name, row in zip(table, numbers(table), strict=True):
            assert_no_finer(row["mean"], diagnostics.mcse_mean(draws[name]))
            assert_no_finer(row["q95"], diagnostics.mcse_quantile(draws[name], 0.95))
    for common, tables in ((0.0, fit.ranef()), (draws["x"], fit.coef())):
        for level, row in zip(tables["g"], numbers(tables["g"]), strict=True):
            effect = draws[f"b(g: x)[{level}]"] + common
            assert_no_finer(row["x"], diagnostics.mcse_mean(effect))
            assert_no_finer(row["sd(x)"], diagnostics.mcse_sd(effect))
    (row,) = numbers(fit.hypothesis("x > 0"))
    assert_no_finer(row["mean"], diagnostics.mcse_mean(draws["x"]))
    assert_no_finer(row["q5"], diagnostics.mcse_quantile(draws["x"], 0.05))
    assert_no_finer(row["probability"], diagnostics.mcse_mean(draws["x"] > 0))


def test_predictions_and_conditional_effects(fit) -> None:
    new, places = {"x": [0.0, 3.0]}, {"x": [0.0, 3.0]}
    draws = fit.epred(new, new_groups="zero")
    effects = fit.conditional_effects("x", levels=places).table
    for i, row in enumerate(numbers(effects)):
        for name, q in (("q5", 0.05), ("q95", 0.95)):
            assert_no_finer(row[name], diagnostics.mcse_quantile(draws[..., i], q))
        assert_no_finer(row["mean"], diagnostics.mcse_mean(draws[..., i]))
    for i, row in enumerate(numbers(fit.predictions(new, new_groups="zero"))):
        assert_no_finer(row["mean"], diagnostics.mcse_mean(draws[..., i]))
        assert_no_finer(row["q95"], 0.4 * diagnostics.mcse_quantile(draws[..., i], 0.95))
    assert "Monte Carlo error at" in str(effects)


def test_a_fixed_format_bounds_the_digits() -> None:
    table = Table(
        {"a": {"x": 3.14159, "y": 3.14159}},
        {"x": ".1f", "y": ".6f"},
        errors=lambda _: {"x": 0.001, "y": 0.001},
    )
    assert str(table).splitlines()[1].split() == ["a", "3.1", "3.142"]


def test_loo_and_comparisons(fit) -> None:
    """The error of each unit's density is that of a mean of 1 / p; of sums, by differences."""
    pytest.importorskip("arviz_stats")
    found = fit.loo()
    ratios = np.exp(-fit.log_lik()[..., 0])
    error = diagnostics.mcse_mean(ratios) / ratios.mean()
    assert found.errors[0] == pytest.approx(error)
    (elpd, p_loo, looic), row = numbers(found.table()), found.table().errors("elpd_loo")
    assert row["estimate"] == pytest.approx(np.sqrt(np.sum(found.errors**2)))
    moved = [np.sqrt(80) * (found.pointwise + 1e-6 * np.eye(80)[i]).std(ddof=1) for i in range(80)]
    slopes = (np.array(moved) - found.se) / 1e-6
    assert row["se"] == pytest.approx(np.linalg.norm(slopes * found.errors), rel=1e-3)
    assert_no_finer(elpd["estimate"], row["estimate"])
    assert_no_finer(p_loo["estimate"], row["estimate"])
    assert_no_finer(looic["estimate"], 2.0 * row["estimate"])
    other = fitted("y ~ 1 + (1 | g)").loo()
    table = me.compare({"one": found, "other": other})
    last = list(table)[-1]
    both = np.sqrt(np.sum(found.errors**2 + other.errors**2))
    assert table.errors(last)["difference"] == pytest.approx(both)
    assert_no_finer(numbers(table)[-1]["difference"], both)


def test_the_shrinkage_report() -> None:
    """Rows with Monte Carlo error have the digits that it leaves; exact and quoted ones, all."""
    from mcmc_edu.comparison.report import Row, ShrinkageReport

    sampled = {"mcse_alpha": 0.002, "mcse_beta": 0.0001, "mcse_accepted": 0.004}
    all_have = {"rmse_alpha": 0.1234567, "rmse_beta": 0.7654321, "accept_rate": 0.43219}
    rows = (Row("partial", "NUTS", **all_have, **sampled), Row("partial", "exact", **all_have))
    report = ShrinkageReport(me.datasets.boelstad(seed=1), rows)
    one, other = str(report.table()).splitlines()[1:3]
    assert one.split()[3:6] == ["0.123", "0.7654", "0.432"]
    assert other.split()[3:6] == ["0.123457", "0.765432", "0.4322"]


def test_the_error_of_an_rmse_is_that_of_its_estimates() -> None:
    """Held to the spread of the RMSE over many means of independent draws."""
    from mcmc_edu.comparison.shrinkage import _errors

    data = me.datasets.boelstad(seed=1)
    true, rng = data.truth, np.random.default_rng(3)
    n, groups = 400, data.groups

    def draws(seed: int) -> me.Draws:
        rng = np.random.default_rng(seed)
        names = ["alpha", "beta"]
        natural = {k: getattr(true, k) + 0.5 + rng.normal(size=(2, n, groups)) for k in names}
        stats_of = {"accept_prob": rng.uniform(size=(2, n))}
        return me.Draws(np.zeros((2, n, 1)), ["~"], stats_of, natural, {}, {})

    found = _errors(data, draws(1))
    means = true.alpha + 0.5 + rng.normal(size=(3000, groups)) / np.sqrt(2 * n)
    spread = np.sqrt(np.mean((means - true.alpha) ** 2, axis=1)).std()
    assert found["mcse_alpha"] == pytest.approx(spread, rel=0.2)
    assert found["mcse_accepted"] == pytest.approx(np.sqrt(1 / 12 / (2 * n)), rel=0.2)
