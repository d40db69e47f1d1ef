"""Levels that were not fitted, for all factors or for each; and rows that lack the group."""

import numpy as np
import pytest
from scipy import stats
from test_verbs import fitted, made_up, table

import mcmc_edu as me

NEW = {"x": [1.0, 2.0, -1.0], "g": [77, 0, 77], "h": ["h0", "nobody", "nobody"]}
ROWS = {"x": [1.0, 2.0, -1.0]}


@pytest.fixture(scope="module")
def fit() -> me.Fit:
    return fitted("y ~ x + (x | g) + (1 | h)")


def line(fit: me.Fit) -> np.ndarray:
    x = np.array(ROWS["x"])
    return fit.draws["Intercept"][:, :, np.newaxis] + fit.draws["x"][:, :, np.newaxis] * x


def test_each_factor_has_its_own_word(fit) -> None:
    """With one sampled and one at zero, what is drawn is of the one; fitted levels are as ever."""
    eta = fit.linpred(NEW, new_groups={"g": "sample", "h": "zero"}, seed=1)
    h0 = fit.draws["b(h: Intercept)[h0]"]
    g0 = fit.draws["b(g: Intercept)[0]"] + 2.0 * fit.draws["b(g: x)[0]"]
    np.testing.assert_allclose(eta[..., 1], line(fit)[..., 1] + g0, rtol=1e-12)
    drawn = eta[..., 0] - line(fit)[..., 0] - h0
    sd = [fit.draws[f"sd(g: {c})"] for c in ("Intercept", "x")]
    r = fit.draws["cor(g: Intercept, x)"]
    z = drawn / np.sqrt(sd[0] ** 2 + sd[1] ** 2 + 2.0 * r * sd[0] * sd[1])
    assert stats.kstest(z.ravel(), "norm").pvalue > 1e-4
    other = fit.linpred(NEW, new_groups={"g": "zero", "h": "sample"}, seed=1)
    np.testing.assert_allclose(other[..., 0], line(fit)[..., 0] + h0, rtol=1e-12)
    drawn = (other[..., 2] - line(fit)[..., 2]) / fit.draws["sd(h: Intercept)"]
    assert stats.kstest(drawn.ravel(), "norm").pvalue > 1e-4


@pytest.mark.parametrize("word", ["sample", "zero"])
@pytest.mark.parametrize("verb", ["linpred", "epred", "predict"])
def test_a_word_is_that_word_for_every_factor(fit, verb: str, word: str) -> None:
    one, two = (
        getattr(fit, verb)(NEW, new_groups=groups, seed=3)
        for groups in (word, {"g": word, "h": word})
    )
    assert np.array_equal(one, two)


def test_a_factor_that_is_left_out_is_an_error_if_it_has_a_new_level(fit) -> None:
    with pytest.raises(ValueError, match="h has 1 level that was not fitted: 'nobody'"):
        fit.predict(NEW, new_groups={"g": "sample"})
    known = {**NEW, "h": ["h0", "h1", "h2"]}
    assert fit.predict(known, new_groups={"g": "sample"}).shape == (2, 60, 3)


@pytest.mark.parametrize(
    ("groups", "match"),
    [
        ({"person": "sample"}, "new_groups names 'person', which is no grouping .* 'g', 'h'$"),
        ({"g": "guess"}, r"new_groups\['g'\] is 'guess'; it must be one of 'error', 'sample', 'z"),
        ("guess", "new_groups is 'guess'; it must be one of 'error'"),
        (None, "new_groups is None"),
        ({"g": ["sample"]}, r"new_groups\['g'\] is \['sample'\]"),
    ],
    ids=["factor", "word of one", "word", "none", "list"],
)
def test_unknown_factors_and_words_are_refused_by_name(fit, groups, match: str) -> None:
    for new in (NEW, None):
        with pytest.raises(ValueError, match=match):
            fit.predict(new, new_groups=groups)


def test_rows_without_a_group_are_of_the_population(fit) -> None:
    np.testing.assert_allclose(fit.linpred(ROWS, new_groups="zero"), line(fit), rtol=1e-12)
    with_h = {**ROWS, "h": ["h1", "h1", "h1"]}
    eta = fit.linpred(with_h, new_groups={"g": "zero"})
    h1 = fit.draws["b(h: Intercept)[h1]"][:, :, np.newaxis]
    np.testing.assert_allclose(eta, line(fit) + h1, rtol=1e-12)


def test_rows_without_a_group_need_its_word_to_be_zero(fit) -> None:
    for groups in ("error", "sample", {"g": "zero"}):
        with pytest.raises(ValueError, match=r"no column '[gh]'.*new_groups='zero'.*need no col"):
            fit.epred(ROWS, new_groups=groups)


def test_a_group_of_two_columns_is_new_if_either_is_absent() -> None:
    nested = fitted("y ~ x + (1 | h/g)")
    eta = nested.linpred({**ROWS, "h": ["h1", "h0", "h1"]}, new_groups={"h:g": "zero"})
    h = np.stack([nested.draws[f"b(h: Intercept)[{name}]"] for name in ("h1", "h0", "h1")], -1)
    np.testing.assert_allclose(eta, line(nested) + h, rtol=1e-12)


def test_what_only_a_bar_uses_is_not_needed_either() -> None:
    fit = fitted("y ~ x + (t | g)")
    np.testing.assert_allclose(fit.linpred(ROWS, new_groups="zero"), line(fit), rtol=1e-12)


@pytest.mark.parametrize("pooling", ["partial", "complete"])
def test_categories_without_a_group(pooling: str) -> None:
    fit = fitted("col ~ x + (1 | g)", "categorical", pooling=pooling)
    some = {**ROWS, "g": [77, 77, 77]}
    one, two = (fit.epred(new, new_groups={"g": "zero"}) for new in (ROWS, some))
    assert np.array_equal(one, two)
    assert one.shape == (2, 60, 3, 3)


@pytest.mark.parametrize("z", [None, "Z"], ids=["as X", "Z"])
def test_arrays_without_a_group(z) -> None:
    data, x = table(), np.array(ROWS["x"])
    more = {} if z is None else {"Z": np.ones(80)}
    groups = {"g": data["g"], "h": data["h"]}
    fit = made_up(me.Model.from_arrays(data["y"], data["x"], groups, names=["x"], **more))
    np.testing.assert_allclose(fit.linpred({"X": x}, new_groups="zero"), line(fit), rtol=1e-12)
    new = {"X": x, "group": {"h": ["h0"] * 3}} | ({} if z is None else {"Z": np.ones(3)})
    one = fit.linpred(new, new_groups={"g": "zero"})
    new["group"]["g"] = [77] * 3
    assert np.array_equal(one, fit.linpred(new, new_groups={"g": "zero"}))
    with pytest.raises(ValueError, match=r"group is missing|group lacks"):
        fit.linpred({"X": x}, new_groups={"g": "zero"})


def test_conditional_effects_with_a_word_for_each(fit) -> None:
    places = {"effect": "x", "levels": {"x": [0.0, 3.0]}, "kind": "linpred", "seed": 5}
    new = {"x": [0.0, 3.0], "g": ["?", "?"], "h": ["?", "?"]}
    for groups in ({"g": "sample"}, {"h": "sample", "g": "zero"}):
        found = fit.conditional_effects(**places, new_groups=groups)
        whole = {"g": "zero", "h": "zero"} | groups
        eta = fit.linpred(new, new_groups=whole, seed=5)
        np.testing.assert_allclose(found.mean, eta.mean(axis=(0, 1)))
    with pytest.raises(ValueError, match=r"new_groups\['g'\] is 'error'"):
        fit.conditional_effects("x", new_groups={"g": "error"})
