"""What the pictures show, read back from the axes."""

import math
import subprocess
import sys
import types
from typing import NamedTuple

import matplotlib as mpl
import numpy as np
import pytest
from scipy import stats

mpl.use("Agg")

import matplotlib.pyplot as plt
from matplotlib.colors import same_color
from matplotlib.quiver import Quiver

from mcmc_edu import plots
from mcmc_edu.plots import chains, density

DRAWS = np.random.default_rng(1).normal(size=(3, 200))
NAMES = ["a", "b", "c", "d", "e", "f"]


class Path(NamedTuple):
    theta: np.ndarray
    momentum: np.ndarray
    energy: np.ndarray


class Leaves(NamedTuple):
    theta: np.ndarray
    momentum: np.ndarray
    energy: np.ndarray
    doubling: np.ndarray
    start: int
    chosen: int
    kept: np.ndarray
    ended_by: str
    turned: tuple[int, int]


def circle(n, dim=3, step=0.3):
    """The exact flow of N(0, 1) in coordinates 0 and 2: positions (cos t, 0, sin t)."""
    t = step * np.arange(n)
    theta, momentum = np.zeros((n, dim)), np.zeros((n, dim))
    theta[:, 0], theta[:, 2] = np.cos(t), np.sin(t)
    momentum[:, 0], momentum[:, 2] = -np.sin(t), np.cos(t)
    return Path(theta, momentum, np.arange(n) * 0.01 + 5.0)


PATH = circle(6)
# forward 1, backward 2, then 3 of 4 forward, of which the first two turned; start is at index 2
TREE = Leaves(*circle(7), np.array([2, 2, 0, 1, 3, 3, 3]), 2, 1, np.arange(7) < 4, "turn", (4, 5))
GROWN = TREE._replace(kept=np.ones(7, bool), chosen=6, ended_by="depth", turned=(-1, -1))


def normal2d(x, y):
    return -0.5 * (x * x + y * y)


DENSITY = (normal2d, (-4.0, 4.0), (-5.0, 5.0))

ONE_AXES = {
    "trace": lambda ax: plots.trace(DRAWS, ax, name="mu"),
    "rank": lambda ax: plots.rank(DRAWS, ax, name="mu"),
    "autocorrelation": lambda ax: plots.autocorrelation(DRAWS, ax, name="mu"),
    "energy": lambda ax: plots.energy(DRAWS, ax),
    "averaged": lambda ax: plots.averaged(
        {"a": ["x", "y"], "b": [0, 1]}, [1, 2], [0, 1], [2, 3], "effect", ax
    ),
    "conditional": lambda ax: plots.conditional({"x": [0, 1]}, [1, 2], [0, 1], [2, 3], "y", ax),
    "density2d": lambda ax: plots.density2d(*DENSITY, ax, points=41),
    "trajectory": lambda ax: plots.trajectory(PATH, ax),
    "trajectory_energy": lambda ax: plots.trajectory_energy(PATH, ax),
    "tree": lambda ax: plots.tree(TREE, ax),
    "tree_diagram": lambda ax: plots.tree_diagram(TREE, ax),
    "ecdf_difference": lambda ax: plots.ecdf_difference({"a": [0.1]}, ([-0.2], [0.2]), ax),
    "pairs": lambda ax: plots.pairs({"a": DRAWS, "b": DRAWS}, None, ax)[0, 0],
    "ladder": lambda ax: plots.ladder("ab", {"x": [[0, 1], [1, 2], [2, 3]]}, "effect", ax),
    "predictive_along": lambda ax: plots.predictive_along(
        [1, 2], [1, 2], [[0, 1], [3, 2]], "ab", ax
    ),
    "predictive_density": lambda ax: plots.predictive_density(DRAWS[0], DRAWS, ax),
    "predictive_ribbon": lambda ax: plots.predictive_ribbon([1, 2], [[0, 1], [3, 2]], "ab", ax),
    "predictive_statistic": lambda ax: plots.predictive_statistic(0.3, DRAWS[0], ax),
    "intervals": lambda ax: plots.intervals({"a": DRAWS, "b": DRAWS}, None, ax),
    "shrinkage_arrows": lambda ax: plots.shrinkage_arrows(
        DRAWS[:, :2], DRAWS[:, 2:4], [0, 0], [[1, 0], [0, 1]], ax
    ),
}


@pytest.fixture(autouse=True)
def closed(monkeypatch):
    """Nothing may be shown; figures do not outlive their test."""
    monkeypatch.setattr(plt, "show", lambda *a, **k: pytest.fail("a picture was shown"))
    yield
    plt.close("all")


def line(ax, label):
    """Points (n, 2) of the one line with this label."""
    found = [drawn for drawn in ax.get_lines() if drawn.get_label() == label]
    assert len(found) == 1, [drawn.get_label() for drawn in ax.get_lines()]
    return np.asarray(found[0].get_xydata())


def band(ax):
    """Lower and upper end of the one grey band."""
    (patch,) = [p for p in ax.patches if "band" in p.get_label() or "indep" in p.get_label()]
    return patch.get_y(), patch.get_y() + patch.get_height()


def texts(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


@pytest.mark.parametrize("name", ONE_AXES)
def test_axes_given_are_drawn_on_and_returned(name) -> None:
    _, (left, right) = plt.subplots(1, 2)
    before = plt.get_fignums()
    assert ONE_AXES[name](right) is right
    assert right.has_data()
    assert not left.has_data()
    assert plt.get_fignums() == before


@pytest.mark.parametrize("name", ONE_AXES)
def test_without_axes_one_figure_of_lesson_size_is_made(name) -> None:
    ax = ONE_AXES[name](None)
    assert plt.get_fignums() == [ax.figure.number]
    assert ax.figure.get_size_inches().tolist() == [8.5, 4.0]
    assert ax.get_xlabel()
    assert ax.get_ylabel()
    ax.figure.canvas.draw()  # no warning on the way


def test_every_picture_is_public() -> None:
    assert set(plots.__all__) == {*ONE_AXES, "averaged_facets", "show"}


def test_a_conditional_effect_is_drawn_where_it_is() -> None:
    grid = {"x": [1.0, 2.0, 1.0, 2.0], "z": [0.5, 0.5, 1.5, 1.5]}
    mean = np.array([1.0, 2.0, 3.0, 5.0])
    ax = plots.conditional(grid, mean, mean - 1.0, mean + 2.0, "y")
    np.testing.assert_array_equal(line(ax, "z = 1.5"), [[1, 3], [2, 5]])
    band = ax.collections[1].get_paths()[0].vertices
    assert (band[:, 1].min(), band[:, 1].max()) == (2.0, 7.0)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("x", "y")
    levels = plots.conditional({"g": ["a", "b"]}, mean[:2], mean[:2] - 1.0, mean[:2] + 2.0)
    assert [t.get_text() for t in levels.get_xticklabels()] == ["a", "b"]
    assert levels.collections[0].get_segments()[1].tolist() == [[1.0, 1.0], [1.0, 4.0]]


def test_a_level_keeps_its_place_where_others_are_missing() -> None:
    grid = {"g": ["a", "b", "b"], "z": [0, 0, 1]}
    ax = plots.conditional(grid, [1, 2, 3], [0, 1, 2], [2, 3, 4])
    assert [t.get_text() for t in ax.get_xticklabels()] == ["a", "b"]
    np.testing.assert_allclose(line(ax, "z = 0"), [[-0.125, 1], [0.875, 2]])
    np.testing.assert_allclose(line(ax, "z = 1"), [[1.125, 3]])


@pytest.mark.parametrize(
    ("grid", "mean", "message"),
    [
        ({}, [1, 2], "grid has 0 predictors"),
        ({"a": [1, 2], "b": [1, 2], "c": [1, 2]}, [1, 2], "grid has 3 predictors"),
        ({"a": [1, 2]}, [1, 2, 3], r"'a': \(2,\), 'mean': \(3,\), .* must be \(points,\)"),
        ({"a": 1}, 1, r"must be \(points,\)"),
    ],
)
def test_conditional_effects_that_cannot_be_drawn(grid, mean, message) -> None:
    with pytest.raises(ValueError, match=message):
        plots.conditional(grid, mean, mean, mean)
    assert plt.get_fignums() == []


def test_import_brings_no_matplotlib() -> None:
    code = (
        "import sys, mcmc_edu.plots as p; p.trace, p.pairs; "
        "print([m for m in ('matplotlib', 'pandas', 'scipy.stats') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_trace_draws_each_chain_and_the_truth() -> None:
    ax = plots.trace(DRAWS, name="mu", truth=0.25)
    for k in range(3):
        np.testing.assert_array_equal(line(ax, f"chain {k}")[:, 1], DRAWS[k])
        np.testing.assert_array_equal(line(ax, f"chain {k}")[:, 0], np.arange(200))
    assert line(ax, "truth")[:, 1].tolist() == [0.25, 0.25]
    assert ax.get_ylabel() == "mu"
    assert texts(ax) == ["chain 0", "chain 1", "chain 2", "truth"]


def test_many_chains_are_drawn_but_not_named() -> None:
    ax = plots.trace(np.zeros((20, 5)))
    assert len(ax.get_lines()) == 20
    assert ax.get_legend() is None


def test_ranks_agree_with_scipy_on_ties() -> None:
    draws = np.random.default_rng(2).integers(0, 9, size=(4, 50)).astype(float)
    np.testing.assert_array_equal(chains.ranks(draws).ravel(), stats.rankdata(draws))


def test_rank_histograms_by_hand() -> None:
    """Ranks 1, 2, 5.5, 5.5 and 3, 4, 7, 8, in bins of two."""
    ax = plots.rank(np.array([[0.1, 0.2, 0.6, 0.6], [0.3, 0.4, 0.8, 0.9]]), bins=4)
    counts = [list(step.get_data().values) for step in ax.patches if hasattr(step, "get_data")]
    assert counts == [[2, 0, 2, 0], [0, 2, 0, 2]]
    edges = [step.get_data().edges for step in ax.patches if hasattr(step, "get_data")]
    np.testing.assert_allclose(edges[0], [0.5, 2.5, 4.5, 6.5, 8.5])


def test_the_rank_band_holds_all_of_99_percent_of_sound_runs() -> None:
    """Shuffled ranks are what chains of independent draws have.  Bonferroni errs to wide."""
    rng, m, n, bins = np.random.default_rng(3), 4, 100, 10
    low, high = chains.rank_band(m, n, bins)
    bin_of = np.repeat(np.arange(bins), m * n // bins)
    runs = 4000
    held = wide = 0
    for _ in range(runs):
        of_chain = rng.permutation(bin_of).reshape(m, n)
        counts = np.apply_along_axis(np.bincount, 1, of_chain, minlength=bins)
        held += low <= counts.min() and counts.max() <= high
        wide += low + 1 < counts.min() and counts.max() < high - 1
    error = math.sqrt(0.99 * 0.01 / runs)
    assert held / runs > 0.99 - 4 * error
    assert wide / runs < 0.99 - 4 * error  # two draws narrower would not do
    assert band(plots.rank(DRAWS[:, :100], bins=10)) == chains.rank_band(3, 100, 10)


def test_a_shifted_chain_leaves_the_rank_band() -> None:
    rng = np.random.default_rng(4)
    draws = rng.normal(size=(4, 1000)) + np.array([[0.0], [0.0], [0.0], [1.0]])
    ax = plots.rank(draws)
    low, high = band(ax)
    last = [step.get_data().values for step in ax.patches if hasattr(step, "get_data")][3]
    assert last[0] < low
    assert last[-1] > high


def test_autocorrelation_is_each_chains_own() -> None:
    x = np.cumsum(DRAWS, axis=1) * 0.1 + DRAWS
    ax = plots.autocorrelation(x, max_lag=7, name="mu")
    for k in range(3):
        centred = x[k] - x[k].mean()
        direct = [centred[: 200 - lag] @ centred[lag:] for lag in range(8)] / (centred @ centred)
        np.testing.assert_allclose(line(ax, f"chain {k}")[:, 1], direct, atol=1e-12)
    np.testing.assert_allclose(band(ax), np.array([-1, 1]) * stats.norm.ppf(0.995) / 200**0.5)


def test_a_chain_that_never_moves_has_no_autocorrelation() -> None:
    ax = plots.autocorrelation(np.stack([DRAWS[0], np.ones(200), np.full(200, np.nan)]))
    assert len(line(ax, "chain 0")) == 51
    assert line(ax, "chain 1: none").size == 0
    assert line(ax, "chain 2: none").size == 0


def test_energy_by_hand() -> None:
    """Squared steps 4 + 4 + 4 and 1 + 9 + 1, over 4 draws; variances 4/3 and 3; one that stays."""
    ax = plots.energy(np.array([[0.0, 2, 0, 2], [10, 11, 14, 13], [7, 7, 7, 7]]), bins=5)
    wanted = [f"chain {k}: E-BFMI {value}" for k, value in enumerate(("2.25", "0.82", "nan"))]
    assert ax.get_legend().get_title().get_text().split("\n") == wanted
    assert texts(ax) == ["energy, centred", "step to the next energy"]


def test_the_e_bfmi_of_many_chains_are_summed_up() -> None:
    ax = plots.energy(np.array([[0.0, 2.0, 0.0, 2.0]] * 19 + [[10.0, 11.0, 14.0, 13.0]]))
    assert ax.get_legend().get_title().get_text() == "20 chains: E-BFMI 0.82 to 2.25"


def test_energy_histograms_are_of_centred_energies_and_of_steps() -> None:
    e = DRAWS + np.array([[0.0], [50.0], [100.0]])
    ax = plots.energy(e, bins=10)
    centred, steps = (e - e.mean(axis=1, keepdims=True)).ravel(), np.diff(e, axis=1).ravel()
    edges = np.linspace(min(centred.min(), steps.min()), max(centred.max(), steps.max()), 11)
    outlines = [patch.get_xy() for patch in ax.patches]
    for outline, values in zip(outlines, (centred, steps), strict=True):
        heights = np.histogram(values, edges, density=True)[0]
        np.testing.assert_allclose(outline[1:21:2, 1], heights)  # up, along, up, along, ...
        np.testing.assert_allclose(outline[1:21:2, 0], edges[:-1])


def test_two_quantities_take_one_panel_with_divergences_on_top() -> None:
    divergent = DRAWS < -1.5
    grid = plots.pairs({"log tau": DRAWS, "theta[0]": DRAWS**2}, divergent)
    assert grid.shape == (1, 1)
    ax = grid[0, 0]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("log tau", "theta[0]")
    drawn, marked = line(ax, "draws"), line(ax, f"divergent: {divergent.sum()}")
    np.testing.assert_array_equal(
        marked, np.stack([DRAWS[divergent], DRAWS[divergent] ** 2], axis=1)
    )
    assert len(drawn) == DRAWS.size - divergent.sum()
    below, above = ax.get_lines()
    assert above.get_zorder() > below.get_zorder()
    assert not same_color(above.get_color(), below.get_color())
    assert texts(ax) == ["draws", f"divergent: {divergent.sum()}"]


@pytest.mark.parametrize("k", [3, 6])
def test_more_quantities_take_the_lower_triangle(k) -> None:
    values = {name: DRAWS * (i + 1) + i for i, name in enumerate(NAMES[:k])}
    grid = plots.pairs(values, DRAWS > 1.5)
    assert grid.shape == (k, k)
    for row in range(k):
        for column in range(k):
            ax = grid[row, column]
            assert ax.get_visible() == (column <= row)
            if column < row:
                points = line(ax, "draws")
                kept = ~(DRAWS > 1.5)
                np.testing.assert_array_equal(points[:, 0], values[NAMES[column]][kept])
                np.testing.assert_array_equal(points[:, 1], values[NAMES[row]][kept])
            if column == row:
                assert sum(bar.get_height() for bar in ax.patches) == DRAWS.size
    assert [ax.get_xlabel() for ax in grid[-1]] == NAMES[:k]
    assert [ax.get_ylabel() for ax in grid[:, 0]] == NAMES[:k]
    assert len(plt.get_fignums()) == 1


def test_pairs_draws_on_a_grid_given_and_says_nothing_of_no_divergence() -> None:
    figure, axes = plt.subplots(3, 3)
    grid = plots.pairs(dict.fromkeys("abc", DRAWS), np.zeros(DRAWS.shape, bool), axes)
    assert (grid == axes).all()
    assert plt.get_fignums() == [figure.number]
    assert len(grid[1, 0].get_lines()) == 1
    assert grid[0, 0].get_legend() is None


def test_a_draw_that_is_not_finite_is_left_out() -> None:
    x = DRAWS.copy()
    x[0, 0] = np.inf
    grid = plots.pairs({"a": x, "b": DRAWS, "c": DRAWS})
    assert sum(bar.get_height() for bar in grid[0, 0].patches) == DRAWS.size - 1
    assert np.isfinite(grid[2, 0].get_xlim()).all()


def contours(ax):
    """Radii of the vertices of each contour line, innermost last."""
    return [
        np.hypot(*path.vertices.T)
        for drawn in ax.collections
        if not getattr(drawn, "filled", True)
        for path in drawn.get_paths()
    ]


def test_regions_of_a_normal_have_their_radii() -> None:
    """Of N(0, I) in two dimensions, P(r <= R) = 1 - exp(-R^2 / 2)."""
    ax = plots.density2d(*DENSITY)
    wanted = [math.sqrt(-2.0 * math.log(1.0 - share)) for share in (0.99, 0.9, 0.5)]
    assert wanted[2] == pytest.approx(math.sqrt(2.0 * math.log(2.0)))
    for radii, radius in zip(contours(ax), wanted, strict=True):
        assert radii == pytest.approx(np.full(len(radii), radius), rel=0.01)
    assert sorted(text.get_text() for text in ax.texts) == ["50 %", "90 %", "99 %"]
    assert (ax.get_xlim(), ax.get_ylim()) == ((-4.0, 4.0), (-5.0, 5.0))


def test_labels_stand_on_their_contour() -> None:
    ax = plots.density2d(*DENSITY, shares=(0.9, 0.2))
    for text in ax.texts:
        share = float(text.get_text().split()[0]) / 100
        x, y = text.get_position()
        assert math.hypot(x, y) == pytest.approx(math.sqrt(-2 * math.log(1 - share)), rel=0.03)


def test_a_grid_does_as_well_as_its_function() -> None:
    """Rows are y: the values of an asymmetric density, offset and with a hole of NaN."""

    def shifted(x, y):
        return normal2d(x - 1.0, 2.0 * y) + 700.0 if x > -2.0 else math.nan

    x, y = np.linspace(-4, 4, 61), np.linspace(-3, 3, 61)
    values = np.array([[shifted(u, v) for u in x] for v in y])
    left = plots.density2d(shifted, (-4, 4), (-3, 3), points=61)
    right = plots.density2d(values, (-4, 4), (-3, 3))
    for a, b in zip(contours(left), contours(right), strict=True):
        np.testing.assert_array_equal(a, b)
    assert np.isnan(values).any()  # and stayed: the grid given is not written to


def test_levels_of_a_flat_density_and_of_a_table() -> None:
    table = np.log(np.array([[0.5, 0.3], [0.15, 0.05]]))
    np.testing.assert_allclose(
        np.exp(density.region_levels(table, (0.4, 0.6, 0.79, 0.99))), [0.5, 0.3, 0.3, 0.05]
    )
    assert contours(plots.density2d(lambda x, y: 0.0, (0, 1), (0, 1), points=5)) == []


def test_a_plateau_is_drawn_whole() -> None:
    """Uniform on a disc of radius 1, -inf around: every region's boundary is the disc's."""
    ax = plots.density2d(lambda x, y: 3.0 if math.hypot(x, y) < 1 else -math.inf, (-2, 2), (-2, 2))
    for radii in contours(ax):
        assert radii == pytest.approx(np.ones(len(radii)), abs=0.03)  # cells of 0.02


def test_a_trajectory_shows_two_of_its_coordinates() -> None:
    ax = plots.trajectory(PATH, dims=(0, 2))
    np.testing.assert_array_equal(line(ax, "5 leapfrog steps"), PATH.theta[:, [0, 2]])
    np.testing.assert_array_equal(line(ax, "start"), PATH.theta[:1, [0, 2]])
    np.testing.assert_array_equal(line(ax, "end"), PATH.theta[-1:, [0, 2]])
    (arrow,) = [c for c in ax.collections if isinstance(c, Quiver)]
    np.testing.assert_array_equal(arrow.XY, PATH.theta[:1, [0, 2]])
    assert arrow.U[0] == 0.0  # the momentum there is (0, 1)
    assert arrow.V[0] > 0.0
    assert ax.get_ylabel() == r"$\theta_{2}$"
    assert ax.get_aspect() == 1.0


def test_a_density_lies_beneath_or_in_the_axes_given() -> None:
    ax = plots.trajectory(PATH, density=DENSITY, names=("a", "b"))
    assert len(contours(ax)) == 3
    assert (ax.get_xlabel(), ax.get_xlim()) == ("a", (-4.0, 4.0))
    ax = plots.tree(TREE, plots.density2d(*DENSITY, points=41, names=("a", "b")), dims=(0, 2))
    assert (ax.get_xlabel(), ax.get_xlim()) == ("a", (-4.0, 4.0))


def test_the_limits_of_a_density_give_way_to_a_path_within_reason() -> None:
    theta = np.array([[0.0, 0.0], [6.0, 1.0], [1.0, 1e9]])
    path = Path(theta, np.ones((3, 2)), np.ones(3))
    ax = plots.trajectory(path, density=DENSITY)
    np.testing.assert_allclose(ax.get_xlim(), [-4.0, 6.0 + 0.05 * 8.0])
    np.testing.assert_allclose(ax.get_ylim(), [-5.0, 15.0])


def test_there_is_room_for_the_arrows() -> None:
    """From (3.9, 0) the momentum points right, its arrow 0.3 of a path 7.8 wide."""
    path = Path(np.array([[3.9, 0.0], [-3.9, 0.0]]), np.array([[5.0, 0.0], [5.0, 0.0]]), np.ones(2))
    ax = plots.trajectory(path, density=DENSITY)
    np.testing.assert_allclose(ax.get_xlim(), [-4.0, 3.9 + 0.3 * 7.8 + 0.05 * 8.0])
    fixed = plots.trajectory(path, plots.density2d(*DENSITY, points=41))
    assert fixed.get_xlim() == (-4.0, 4.0)


def test_a_path_that_ends_nowhere_is_drawn_as_far_as_it_goes() -> None:
    theta, momentum = TREE.theta.copy(), TREE.momentum.copy()
    theta[5:], momentum[5:] = np.inf, np.nan
    path = Path(theta, momentum, TREE.energy)
    plots.trajectory(path, density=DENSITY).figure.canvas.draw()
    ended = TREE._replace(theta=theta, momentum=momentum, ended_by="divergence")
    ax = plots.tree(ended, dims=(0, 2))
    (arrow,) = [c for c in ax.collections if isinstance(c, Quiver)]
    np.testing.assert_array_equal(arrow.XY, theta[[4]][:, [0, 2]])
    ax.figure.canvas.draw()


def test_the_energy_error_starts_at_zero_and_has_gaps() -> None:
    path = PATH._replace(energy=np.array([5.0, 5.5, 4.0, np.inf, 6.0, np.nan]))
    drawn = plots.trajectory_energy(path).get_lines()[-1].get_ydata()
    np.testing.assert_array_equal(drawn, [0.0, 0.5, -1.0, np.nan, 1.0, np.nan])


def test_the_tree_by_doubling_with_start_next_state_and_turn() -> None:
    ax = plots.tree(TREE, dims=(0, 2))
    points = TREE.theta[:, [0, 2]]
    np.testing.assert_array_equal(line(ax, "doubling 1: 1"), points[[3]])
    np.testing.assert_array_equal(line(ax, "doubling 2: 2"), points[:2])
    np.testing.assert_array_equal(line(ax, "doubling 3: 3, thrown away"), points[4:])
    np.testing.assert_array_equal(line(ax, "start"), points[[2]])
    np.testing.assert_array_equal(line(ax, "next state"), points[[1]])
    np.testing.assert_array_equal(line(ax, "the part that turned"), points[[4, 5]])
    (arrow,) = [c for c in ax.collections if isinstance(c, Quiver)]
    np.testing.assert_array_equal(arrow.XY, points[[4, 5]])
    np.testing.assert_allclose(arrow.U / arrow.V, (TREE.momentum[:, 0] / TREE.momentum[:, 2])[4:6])
    assert ax.get_title() == "6 steps, 3 doublings, then a U-turn"
    marks = {drawn.get_label(): drawn for drawn in ax.get_lines()}
    faces = [marks[name].get_markerfacecolor() for name in ("doubling 1: 1", "doubling 2: 2")]
    assert not same_color(*faces)
    assert marks["doubling 3: 3, thrown away"].get_markerfacecolor() == "white"


def test_a_tree_that_did_not_turn_has_no_chord() -> None:
    ax = plots.tree(GROWN)
    assert "the part that turned" not in texts(ax)
    assert not [c for c in ax.collections if isinstance(c, Quiver)]
    assert ax.get_title().endswith("the greatest depth")


def nodes(ax):
    """Place, height and style of every inner node."""
    drawn = [n for n in ax.get_lines() if len(n.get_xdata()) == 3 and n.get_linestyle() != "None"]
    return [(n.get_xdata()[1], n.get_ydata()[1], n.get_linestyle()) for n in drawn]


def test_the_diagram_joins_what_the_doublings_joined() -> None:
    """Leaves at -2, ..., 4: 0 with 1, then -2 with -1, both; 2 with 3 of a third never finished."""
    ax = plots.tree_diagram(TREE)
    assert nodes(ax) == [(0.5, 1, "-"), (-1.5, 1, "-"), (-0.5, 2, "-"), (2.5, 1, "--")]
    np.testing.assert_array_equal(line(ax, "doubling 3: 3, thrown away")[:, 0], [2, 3, 4])
    np.testing.assert_array_equal(line(ax, "next state"), [[-1.0, 0.0]])


def test_a_doubling_built_backward_is_joined_from_the_trunk_outward() -> None:
    """Thrown away after three of four leaves at -1, -2, -3: the pair is -1 with -2."""
    tree = Leaves(
        *circle(7), np.array([3, 3, 3, 0, 1, 2, 2]), 3, 4, np.arange(7) > 2, "divergence", (-1, -1)
    )
    found = nodes(plots.tree_diagram(tree))
    assert found == [(0.5, 1, "-"), (2.5, 1, "-"), (1.5, 2, "-"), (-1.5, 1, "--")]


def test_a_tree_of_the_start_alone() -> None:
    """The very first step of the first doubling may diverge without leaving a finite state."""
    alone = Leaves(*circle(1), np.zeros(1, int), 0, 0, np.ones(1, bool), "divergence", (-1, -1))
    assert "0 doublings" in plots.tree(alone).get_title()
    assert nodes(plots.tree_diagram(alone)) == []


def big(**fields):
    return TREE._replace(**fields)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: plots.trace(DRAWS[0]), r"draws has shape \(200,\); it must be \(chain, draw\)"),
        (lambda: plots.trace(np.zeros((2, 1))), r"draws has shape \(2, 1\)"),
        (lambda: plots.rank(DRAWS[:1]), r"draws has shape \(1, 200\).*at least 2 chains"),
        (lambda: plots.rank(np.full((2, 30), np.nan)), "draws holds 60 NaN"),
        (lambda: plots.rank(DRAWS, bins=1), "bins is 1; it must be from 2 to the 200"),
        (lambda: plots.rank(DRAWS, bins=201), "bins is 201"),
        (lambda: plots.autocorrelation(DRAWS, max_lag=200), "max_lag is 200; .* 1 to 199"),
        (lambda: plots.autocorrelation(DRAWS, max_lag=0), "max_lag is 0"),
        (lambda: plots.energy(DRAWS[0]), r"energy has shape \(200,\)"),
        (lambda: plots.energy(np.array([[1.0, 2.0, 3.0, np.inf]])), "energy holds 1 values"),
        (lambda: plots.pairs({"a": DRAWS}), "quantities holds 1; it must hold 2 to 6"),
        (lambda: plots.pairs({str(i): DRAWS for i in range(7)}), "quantities holds 7"),
        (lambda: plots.pairs({"a": DRAWS, "b": DRAWS[0]}), r"quantities\['b'\] has shape"),
        (lambda: plots.pairs({"a": DRAWS, "b": DRAWS.T}), "quantities have shapes"),
        (lambda: plots.pairs({"a": DRAWS, "b": DRAWS}, DRAWS), "divergent has .*dtype float64"),
        (lambda: plots.pairs({"a": DRAWS, "b": DRAWS}, DRAWS[0] > 0), "divergent has shape"),
        (lambda: plots.pairs(dict.fromkeys("abc", DRAWS), axes=plt.gca()), "axes has shape"),
        (lambda: plots.density2d(normal2d, (1, 1), (0, 1)), r"xlim is \(1, 1\)"),
        (lambda: plots.density2d(normal2d, (0, 1), (0, np.inf)), "ylim is"),
        (lambda: plots.density2d(normal2d, (0, 1), (0, 1), shares=(50,)), r"shares is \(50,\)"),
        (lambda: plots.density2d(normal2d, (0, 1), (0, 1), points=1), "points is 1"),
        (lambda: plots.density2d(np.zeros(4), (0, 1), (0, 1)), r"log_density has shape \(4,\)"),
        (lambda: plots.density2d(lambda x, y: -np.inf, (0, 1), (0, 1)), "reaches -inf"),
        (lambda: plots.density2d(lambda x, y: np.inf, (0, 1), (0, 1)), "reaches inf"),
        (lambda: plots.trajectory(PATH, dims=(0, 3)), r"dims is \(0, 3\); .* 0, ..., 2"),
        (lambda: plots.trajectory(PATH._replace(theta=PATH.theta * np.nan)), "no state whose"),
        (lambda: plots.trajectory(PATH._replace(theta=np.zeros(3))), "trajectory.theta has shape"),
        (lambda: plots.trajectory(PATH._replace(energy=np.zeros(3))), "trajectory.energy has"),
        (lambda: plots.trajectory_energy(PATH._replace(energy=np.full(6, np.nan))), "starts with"),
        (lambda: plots.tree(big(momentum=np.zeros((7, 2)))), "tree.momentum has shape"),
        (lambda: plots.tree(big(kept=np.ones(6, bool))), r"tree.kept has shape \(6,\)"),
        (lambda: plots.tree(big(chosen=7)), "tree.chosen holds 7; it must be from 0 to 6"),
        (lambda: plots.tree(big(turned=(2, 9))), "tree.turned holds 9"),
        (lambda: plots.tree(big(turned=(2, -1))), r"tree.turned is \(2, -1\)"),
        (lambda: plots.tree(big(start=3)), "tree.doubling must be 0 at the start, 3"),
        (lambda: plots.tree(big(ended_by="uturn")), "tree.ended_by is 'uturn'; .*'turn'"),
    ],
)
def test_errors_name_the_argument_and_leave_no_figure(call, message) -> None:
    before = len(plt.get_fignums())
    with pytest.raises(ValueError, match=message):
        call()
    assert len(plt.get_fignums()) - before in (0, 1 if "axes" in message else 0)


def test_averages_are_drawn_where_they_are() -> None:
    columns = {"g": ["A", "A", "B", "B"], "m": [0, 1, 0, 1]}
    middle = np.array([1.0, 2.0, 3.0, 4.0])
    ax = plots.averaged(columns, middle, middle - 0.5, middle + 2.0, "effect", reference=0.0)
    for m, shift in ((0, -0.25), (1, 0.25)):
        np.testing.assert_array_equal(
            line(ax, f"m = {m}"), np.c_[middle[m::2], [shift, 1.0 + shift]]
        )
        ends = [segment[:, 0].tolist() for segment in ax.collections[m].get_segments()]
        assert ends == [[x - 0.5, x + 2.0] for x in middle[m::2]]
    markers = {one.get_marker() for one in ax.lines if one.get_label().startswith("m =")}
    assert len(markers) == 2, "the picture can be read in grey"
    assert [text.get_text() for text in ax.get_yticklabels()] == ["A", "B"]


def test_a_figure_is_shown_with_its_description(capsys, monkeypatch) -> None:
    figure, calls = plt.figure(), []
    monkeypatch.setattr(plt, "show", lambda: calls.append("shown"))
    plots.show(figure, "Two lines,\n    which cross.")
    assert capsys.readouterr().out == "[figure: Two lines, which cross.]\n"
    assert calls == ["shown"]
    with pytest.raises(ValueError, match="description is empty"):
        plots.show(figure, " ")

    shown = {}
    notebook = types.ModuleType("IPython.display")
    notebook.display = lambda figure, metadata: shown.update({figure: metadata})
    monkeypatch.setitem(sys.modules, "IPython.display", notebook)
    monkeypatch.setattr(plt, "get_backend", lambda: "module://matplotlib_inline.backend_inline")
    plots.show(figure, "Two lines.")
    assert shown == {figure: {"image/png": {"alt": "Two lines."}}}
    assert not plt.fignum_exists(figure.number)
