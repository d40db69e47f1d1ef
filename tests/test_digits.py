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
        "mean": diagnostics.mcse_mean(x), "sd": diagnostics.mcse_sd(x),
        **{f"q{q}": diagnostics.mcse_quantile(x, q / 100) for q in (5, 50, 95)},
    }  # fmt: skip
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
