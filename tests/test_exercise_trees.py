"""Trees of the No-U-Turn sampler: what belongs to a trajectory, by the places that are visited."""

import numpy as np
import pytest
import styles
import subtle_bugs  # noqa: F401 (they join the others)
from unknown_bugs import UNKNOWN

from mcmc_edu.exercises.catalogue import find
from mcmc_edu.exercises.grading.student import InProcess, Student
from mcmc_edu.exercises.tasks.nuts import trees
from mcmc_edu.seeds import generator

NUTS = find("nuts")
RIGHT = dict(NUTS.bank.right) | {
    name: f for exercise, name, f in styles.RIGHT if exercise == "nuts"
}


def found(test, function, seed=1):
    """Return what a test finds in a function."""
    p_values, finding = test(Student("nuts", InProcess(function), NUTS.rules.arguments), seed)
    return p_values, finding


@pytest.mark.parametrize("name", RIGHT)
def test_trees_of_right_answers_are_seen_and_right(name, monkeypatch):
    seen = []
    ends = trees.Trajectory.ends
    monkeypatch.setattr(trees.Trajectory, "ends", lambda self: seen.append(ends(self)) or seen[-1])
    for test in (trees.whole_trees, trees.points_that_belong):
        p_values, finding = found(test, RIGHT[name], generator(1))
        assert p_values == {}, finding.got
    assert None not in seen
    assert len(seen) == 300


@pytest.mark.parametrize(
    ("name", "test"),
    [
        ("second quarters from the wrong end", trees.whole_trees),
        ("second parts of a half not heard", trees.points_that_belong),
        ("first parts of a half not heard", trees.points_that_belong),
        ("sums of momenta alone", trees.points_that_belong),
    ],
)
def test_trees_that_are_wrong_are_seen(name, test):
    function = next(f for exercise, kind, f in UNKNOWN if (exercise, kind) == ("nuts", name))
    p_values, finding = found(test, function, generator(1))
    assert list(p_values.values()) == [0.0]
    assert "draws" in finding.asked or "1 draw" in finding.asked


def calls_often(log_density, gradient, *rest):
    """Call the gradient so often that not all places are kept."""
    often = next(iter(RIGHT.values()))
    return often(log_density, lambda theta: [gradient(theta) for _ in range(600)].pop(), *rest)


def calls_between(log_density, gradient, theta0, *rest):
    """Call the gradient also at places that are no points of the trajectory, but in line."""

    def called(theta):
        gradient(theta0 + (theta - theta0) / 450.0)
        return gradient(theta)

    return next(iter(RIGHT.values()))(log_density, called, theta0, *rest)


@pytest.mark.parametrize("function", [calls_often, calls_between])
def test_what_the_calls_do_not_show_is_not_judged(function):
    p_values, finding = found(trees.whole_trees, function, generator(1))
    assert (p_values, finding.passed) == ({}, True), finding


def test_a_trajectory_that_is_too_short_is_told_as_that():
    def one_doubling_less(log_density, gradient, theta0, step_size, max_depth, n, rng):
        right = next(iter(RIGHT.values()))
        return right(log_density, gradient, theta0, step_size, max_depth - 1, n, rng)

    _, finding = found(trees.whole_trees, one_doubling_less, generator(1))
    assert not finding.passed
    assert "How many times is it doubled?" in finding.advice


def test_halves_follow_from_the_order_of_visits():
    assert trees.doublings([]) == []
    assert trees.doublings([1, -1, -2, 2, 3, 4, 5]) == [(1, 1), (-2, -1), (2, 5)]
    assert trees.doublings([-1, 1, 2, -2, -3]) == [(-1, -1), (1, 2), (-5, -2)]  # begun
    assert trees.doublings([1, 2, -1]) is None  # a half is not finished
    assert trees.doublings([2, 1]) is None
    assert trees.doublings(list(range(1, 40))) is None  # beyond the largest depth


def test_what_is_no_line_is_not_judged():
    step = np.array([0.3, -0.1, 0.2])
    assert trees.times_on_a_line(np.array([0.0, 1.0, -1.0, 1.0])[:, None] * step) == {0, 1, -1}
    assert trees.times_on_a_line(np.array([1.0, 0.5])[:, None] * step) is None
    assert trees.times_on_a_line(np.array([step, step[::-1]])) is None
    assert trees.times_on_a_line(np.zeros((2, 3))) is None


@pytest.mark.parametrize(
    ("top", "expected"),
    [
        (11.0, (0, 7)),  # the half from 8 to 15 turns round inside: it is thrown away
        (3.4, (0, 7)),  # that from 4 to 7 does not, and the whole does: it is kept, and the last
        (1.3, (0, 3)),
    ],
)
def test_a_trajectory_ends_where_the_path_turns_round(top, expected):
    """In one unknown the path is a cosine, whose top is so many steps after the start."""
    rate = np.sqrt(0.1)
    phase = rate * trees.STEP_SIZE * top
    start = trees.MEAN + np.array([0.0, 0.0, np.cos(phase)])
    momentum = np.array([0.0, 0.0, rate * np.sin(phase)])
    kick = 0.5 * trees.STEP_SIZE * trees.force(start)
    first = start + trees.STEP_SIZE * (momentum + kick)
    trajectory = trees.Trajectory(start, np.array([start, first]))
    assert (trajectory.time_of(start), trajectory.time_of(first)) == (0, 1)
    assert trajectory.time_of(0.5 * (start + first)) is None
    trajectory.visits = list(range(1, 32))
    assert trajectory.ends() == expected


def test_a_half_that_turns_round_anywhere_is_thrown_away():
    """As the paper has it: a tree is asked, and each of its halves, and theirs."""
    rng = generator(3)
    theta, p = trees.MEAN + 0.2 * rng.standard_normal((200, 3)), rng.standard_normal((200, 3))
    thrown_away = set()
    for start, momentum in zip(theta, p, strict=True):
        first = start + trees.STEP_SIZE * (momentum + 0.5 * trees.STEP_SIZE * trees.force(start))
        points = {0: (start, momentum)}
        for sign in (1, -1):
            for t in range(1, 32):
                points[sign * t] = leapfrog(*points[sign * (t - 1)], sign * trees.STEP_SIZE)
        trajectory = trees.Trajectory(start, np.array([start, first]))
        low = high = 0
        trajectory.visits = []
        for depth in range(trees.DEPTH):
            forward = rng.random() < 0.5
            size = 2**depth
            new = (high + 1, high + size) if forward else (low - size, low - 1)
            times = range(new[0], new[1] + 1)
            trajectory.visits += times if forward else reversed(times)
            sizes = turned(points, *new)
            if sizes:
                thrown_away.add(max(sizes))
                break
            low, high = min(low, new[0]), max(high, new[1])
            if 2 * size in turned(points, low, high):
                break
        assert trajectory.ends() == (low, high)
    assert {2, 4, 8} <= thrown_away


def leapfrog(theta, p, step_size):
    """Return position and momentum a step later."""
    p = p + 0.5 * step_size * trees.force(theta)
    theta = theta + step_size * p
    return theta, p + 0.5 * step_size * trees.force(theta)


def turned(points, first, last):
    """Return the sizes of the trees between two times in which the path turns round."""
    if first == last:
        return []
    middle = (first + last) // 2
    sizes = turned(points, first, middle) + turned(points, middle + 1, last)
    span = points[last][0] - points[first][0]
    if min(span @ points[first][1], span @ points[last][1]) < 0.0:
        sizes.append(last - first + 1)
    return sizes
