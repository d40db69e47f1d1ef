"""Replicated intervals along a predictor: ``pp_check("ribbon", x=..., group=...)``."""

import matplotlib
import numpy as np
import pytest
from matplotlib.colors import to_rgba
from test_verbs import fitted, made_up, table

import mcmc_edu as me
from mcmc_edu import plots
from mcmc_edu.models.verbs.checks import replicated
from mcmc_edu.plots.along import MOST_PANELS, bands
from mcmc_edu.plots.canvas import VERMILION

matplotlib.use("agg")
import matplotlib.pyplot as plt


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def fit() -> me.Fit:
    data = table()
    data["day"] = np.arange(80) % 5
    return fitted("y ~ day + x + (day | g) + (1 | h)", data=data)


def band(panel, k: int) -> np.ndarray:
    """Lower and upper ends of a band by place: shape (place, 3), x first."""
    corners = panel.collections[k].get_paths()[0].vertices
    places = np.unique(corners[:, 0])
    at = [corners[corners[:, 0] == x, 1] for x in places]
    return np.array([[x, v.min(), v.max()] for x, v in zip(places, at, strict=True)])


def test_a_panel_a_level_with_the_intervals_of_its_rows(fit) -> None:
    ax = fit.pp_check("ribbon", x="day", group="g", seed=3)
    y_rep = replicated(fit, 1000, 3)
    (g, _), y = fit.model.design.groupings, fit.model.design.y
    day = np.arange(80) % 5
    assert [panel.get_title() for panel in ax.child_axes] == list(g.levels)
    outside = 0
    for j, panel in enumerate(ax.child_axes):
        rows = g.index == j
        for k, (low, high) in enumerate(((0.05, 0.95), (0.25, 0.75))):
            for x, bottom, top in band(panel, k):
                here = y_rep[:, rows & (day == x)]
                assert bottom == pytest.approx(np.quantile(here, low))
                assert top == pytest.approx(np.quantile(here, high))
        median, inside, out = panel.lines
        assert median.get_xdata().tolist() == np.unique(day[rows]).tolist()
        points = np.vstack([inside.get_xydata(), out.get_xydata()])
        expected = np.column_stack([day[rows], y[rows]])
        assert sorted(points.tolist()) == sorted(expected.tolist())
        ends = {x: (low, high) for x, low, high in band(panel, 0)}
        assert all(not ends[x][0] <= value <= ends[x][1] for x, value in out.get_xydata())
        assert all(ends[x][0] <= value <= ends[x][1] for x, value in inside.get_xydata())
        assert to_rgba(out.get_color()) == to_rgba(VERMILION)
        outside += len(out.get_xydata())
    texts = [t.get_text() for t in ax.get_legend().get_texts()]
    assert texts[:4] == ["replicated, 90 %", "50 %", "median", "observed"]
    assert texts[4:] == ([f"outside ({outside} of 80)"] if outside else [])
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("day, by g", "y")
    first = ax.child_axes[0]
    assert all(p.get_xlim() == first.get_xlim() for p in ax.child_axes)
    assert all(p.get_ylim() == first.get_ylim() for p in ax.child_axes)


def test_without_a_group_there_is_one_panel(fit) -> None:
    _, own = plt.subplots()
    ax = fit.pp_check("ribbon", x="day", ax=own, seed=3)
    assert ax is own
    assert not ax.child_axes
    found = band(ax, 0)
    y_rep = replicated(fit, 1000, 3)
    assert found[:, 0].tolist() == [0, 1, 2, 3, 4]
    assert found[2, 1] == pytest.approx(np.quantile(y_rep[:, 2::5], 0.05))
    assert ax.get_xlabel() == "day"


def test_many_places_are_put_together() -> None:
    """Bins of as many rows, that reach from the first place to the last."""
    rng = np.random.default_rng(1)
    x, data_sets = rng.normal(size=200), rng.normal(size=(30, 200))
    places, found, place = bands(x, data_sets)
    assert np.bincount(place).tolist() == [10] * 20
    assert (places[0], places[-1]) == (x.min(), x.max())
    lowest = np.argsort(x)[:10]
    assert found[:, 0] == pytest.approx(
        np.quantile(data_sets[:, lowest], [0.05, 0.25, 0.5, 0.75, 0.95])
    )


def test_a_level_of_one_place_has_a_band_that_can_be_seen() -> None:
    ax = plots.predictive_along([0, 0, 1, 2], [1, 2, 3, 4], np.zeros((5, 4)), "aabb")
    (x0, *_), (x1, *_) = band(ax.child_axes[0], 0)
    assert x1 - x0 == pytest.approx(0.08)


def test_levels_and_categories_in_their_order() -> None:
    fit = fitted("col ~ x + (1 | h)", "ordered")
    ax = fit.pp_check("ribbon", x="x", group="h", seed=1, draws=20)
    assert [panel.get_title() for panel in ax.child_axes] == ["h0", "h1", "h2", "h3"]
    labels = [t.get_text() for t in ax.child_axes[0].get_yticklabels()]
    assert labels == ["red", "green", "blue"]
    ax.figure.canvas.draw()


def test_arrays_trials_and_columns_that_are_no_predictor() -> None:
    data = table()
    arrays = made_up(me.Model.from_arrays(data["y"], data["x"], data["h"], names=["x"]))
    assert arrays.pp_check("ribbon", x="x", group="group", seed=1).child_axes
    counts = fitted("k | trials(n) ~ x + offset(t) + (1 | g)", "binomial")
    for x in ("x", "n", "t", "g"):
        assert counts.pp_check("ribbon", x=x, draws=20).get_xlabel() == x
    complete = fitted("y ~ x + (x | g)", pooling="complete")
    assert len(complete.pp_check("ribbon", x="x", group="g", draws=20).child_axes) == 6


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        ({"x": "week"}, "x is 'week', which is no column that the model uses; .* 'y', 'day'"),
        ({"x": "h"}, "x is 'h', which is no numbers"),
        ({"x": 3}, "x is 3, which is no column"),
        ({"x": "day", "group": "day"}, "group is 'day'; it must be one of 'g', 'h'"),
        ({"x": "day", "kind": "density"}, "x is 'day', along which only kind 'ribbon' goes"),
        ({"x": "day", "draws": 0}, "draws is 0"),
    ],
    ids=["absent", "text", "a number", "group", "kind", "draws"],
)
def test_what_is_refused(fit, arguments: dict, match: str) -> None:
    with pytest.raises(ValueError, match=match):
        fit.pp_check(**{"kind": "ribbon"} | arguments)


def test_too_many_groups_and_none() -> None:
    data = table(120)
    data["g"] = np.arange(120) % (MOST_PANELS + 1)
    many = fitted("y ~ x + (1 | g)", data=data)
    with pytest.raises(ValueError, match="group is 'g', which has 43 levels, and 42 at most"):
        many.pp_check("ribbon", x="x", group="g")
    with pytest.raises(ValueError, match="none, for the model has no groups"):
        fitted("y ~ x").pp_check("ribbon", x="x", group="g")
    words = fitted("col ~ x + (1 | h)", "categorical")
    with pytest.raises(ValueError, match="category without an order"):
        words.pp_check("ribbon", x="x")
    with pytest.raises(ValueError, match="43 levels, of which 42"):
        plots.predictive_along(range(43), range(43), np.zeros((2, 43)), list(map(str, range(43))))


@pytest.mark.parametrize(
    ("x", "y", "reps", "groups", "match"),
    [
        ([1, 2], [1], np.zeros((3, 2)), None, "x has shape"),
        ([1, 2], [1, 2], np.zeros((3, 1)), None, "x has shape"),
        ([], [], np.zeros((3, 0)), None, "x has shape"),
        ([1, 2], [1, 2], np.zeros((3, 2)), ["a"], "groups has 1 names; there are 2 rows"),
    ],
    ids=["y", "data sets", "nothing", "groups"],
)
def test_shapes_that_disagree(x, y, reps, groups, match: str) -> None:
    with pytest.raises(ValueError, match=match):
        plots.predictive_along(x, y, reps, groups)
