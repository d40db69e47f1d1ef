"""The gradient check finds the usual mistakes; differences stand in for a gradient."""

import math

import numpy as np
import pytest
from scipy import stats

import mcmc_edu as me
from mcmc_edu import compiling, targets
from mcmc_edu.compiling import bind, compiled
from mcmc_edu.gradients import check_gradient, finite_difference
from mcmc_edu.gradients.differences import derivative
from mcmc_edu.models import textbook

POINTS = np.array([[0.3, -1.2, 0.8], [30.0, 4.0, -3.0], [-1e-3, 1e-4, -6.0]])


def right(theta, grad, data):
    """Normal x, y of log sd u, log-Jacobian +u."""
    u = theta[2]
    precision = math.exp(-2.0 * u)
    square = theta[0] * theta[0] + theta[1] * theta[1]
    grad[0] = -theta[0] * precision
    grad[1] = -theta[1] * precision
    grad[2] = square * precision - 1.0
    return -0.5 * square * precision - 2.0 * u + u


def wrong_sign(theta, grad, data):
    logp = right_compiled(theta, grad, data)
    grad[1] = -grad[1]
    return logp


def doubled(theta, grad, data):
    logp = right_compiled(theta, grad, data)
    grad[0] *= 2.0
    return logp


def no_jacobian(theta, grad, data):
    logp = right_compiled(theta, grad, data)
    grad[2] -= 1.0
    return logp


def slightly_off(theta, grad, data):
    logp = right_compiled(theta, grad, data)
    grad[2] *= 1.0 + data[0]
    return logp


def never_written(theta, grad, data):
    logp = right_compiled(theta, np.empty(3), data)
    grad[0] = -theta[0] * math.exp(-2.0 * theta[2])
    grad[1] = -theta[1] * math.exp(-2.0 * theta[2])
    return logp


def rebound(theta, grad, data):
    grad = -theta
    return -0.5 * (theta[0] * theta[0] + theta[1] * theta[1]) + 0.0 * grad[0]


def added_to(theta, grad, data):
    grad -= theta
    return -0.5 * (theta[0] * theta[0] + theta[1] * theta[1] + theta[2] * theta[2])


def written_as_nan(theta, grad, data):
    logp = right_compiled(theta, grad, data)
    grad[1] = math.nan
    return logp


def with_a_jump(theta, grad, data):
    grad[0] = -theta[0]
    return -0.5 * theta[0] * theta[0] + (1.0 if theta[0] > data[0] else 0.0)


def with_scipy(theta, grad, data):
    grad[:] = -theta
    return stats.norm.logpdf(theta).sum()


def no_gradient(theta, data):
    return -theta[0] * theta[0]


right_compiled = compiled(right)


@pytest.mark.parametrize("density", [right, right_compiled])
def test_a_right_gradient_passes(density) -> None:
    check = check_gradient(density, POINTS)
    assert check
    assert check.ok
    assert (check.verdicts == "ok").all()
    assert check.error.max() < 1e-8
    assert check.written.shape == check.differences.shape == (3, 3)
    np.testing.assert_allclose(check.written, check.differences, rtol=1e-8)
    assert "All 9 entries agree." in str(check)


@pytest.mark.parametrize(
    ("density", "verdict", "entry", "hint"),
    [
        (wrong_sign, "wrong", 1, "has the wrong sign"),
        (doubled, "wrong", 0, "is 2 times what it should be"),
        (no_jacobian, "wrong", 2, "is -1 off: is a log-Jacobian"),
        (never_written, "not written", 2, "was never written: assign grad[:] = "),
        (written_as_nan, "nan", 1, "is written as NaN"),
    ],
)
@pytest.mark.parametrize("points", [POINTS[0], POINTS])
def test_each_mistake_is_called_by_its_name(density, verdict, entry, hint, points) -> None:
    check = check_gradient(density, points)
    assert not check
    expected = np.full((len(np.atleast_2d(points)), 3), "ok", dtype=object)
    expected[:, entry] = verdict
    assert check.verdicts.tolist() == expected.tolist()
    assert f"grad[{entry}]" in check.worst
    notes = [note for note in check.table.notes if f"grad[{entry}]" in note]
    assert len(notes) == 1
    assert hint in notes[0]
    assert notes[0] in str(check)


def test_a_rebound_name_writes_nothing() -> None:
    check = check_gradient(rebound, [1.0, 2.0])
    assert check.verdicts.tolist() == [["not written", "not written"]]
    assert np.isnan(check.written).all()


def test_adding_to_what_was_there_is_told_apart() -> None:
    check = check_gradient(added_to, POINTS[0])
    assert (check.verdicts == "added to").all()
    assert "grad is not cleared" in str(check)


@pytest.mark.parametrize(("off", "ok"), [(1e-3, False), (1e-5, False), (1e-7, True), (0.0, True)])
def test_the_tolerance_is_what_it_says(off: float, ok: bool) -> None:
    assert check_gradient(slightly_off, POINTS, (off,)).ok is ok
    assert check_gradient(slightly_off, POINTS[1], (off,), rtol=1e-2).ok


def test_where_differences_do_not_settle_it_says_so() -> None:
    check = check_gradient(with_a_jump, [0.5], (0.5,))
    assert check.verdicts.tolist() == [["cannot tell"]]
    assert not check
    assert check_gradient(with_a_jump, [0.5], (-3.0,))


def test_entries_of_very_different_size_are_each_held_to_their_own() -> None:
    """A wrong gradient of 1e-4 beside one of 1e6."""
    sd = np.array([1e-3, 1.0, 1e4])
    target = targets.normal(sd**2)
    assert check_gradient(target.log_density, [1.0, 1.0, 1e3], target.data)

    def wrong(theta, grad, data):
        grad[0] = -theta[0] * 1e6
        grad[1] = -theta[1]
        grad[2] = -theta[2] * 1.01e-8
        return -0.5 * (theta[0] ** 2 * 1e6 + theta[1] ** 2 + theta[2] ** 2 * 1e-8)

    check = check_gradient(wrong, [1e-3, 1.0, 1e3])
    assert check.verdicts.tolist() == [["ok", "ok", "wrong"]]
    assert check.worst == "grad[2]"


def test_a_density_that_cannot_be_compiled_is_checked_in_silence() -> None:
    assert check_gradient(with_scipy, [0.3, 3.0])


def test_at_a_mode_zero_is_right() -> None:
    assert check_gradient(with_scipy, [0.0, 0.0])


def test_a_long_check_shows_what_is_wrong_first() -> None:
    def one_wrong(theta, grad, data):
        logp = 0.0
        for i in range(theta.size):
            grad[i] = -theta[i]
            logp -= 0.5 * theta[i] * theta[i]
        grad[57] = 0.0
        return logp

    text = str(check_gradient(one_wrong, np.linspace(1.0, 2.0, 80)))
    assert "60 more entries are not shown." in text
    assert text.splitlines()[1].startswith("grad[57]")
    assert "Wrong: 1 of 80 entries." in text


def writes_into_theta(theta, grad, data):
    grad[0] = -theta[0]
    theta[0] += 1.0
    return -0.5 * theta[0] * theta[0]


def reaches_too_far(theta, grad, data):
    grad[0] = -theta[7]
    return -0.5 * theta[0] * theta[0]


@pytest.mark.parametrize(
    ("density", "theta", "error", "message"),
    [
        (no_gradient, [1.0], TypeError, "finite_difference"),
        (lambda theta, grad, data: math.nan, [1.0], ValueError, "log density is -inf"),
        (writes_into_theta, [1.0], ValueError, "writes into theta"),
        (reaches_too_far, [1.0], IndexError, "theta has 1 entries"),
        (right, [[[1.0]]], ValueError, "theta has shape"),
        (right, 1.0, ValueError, "theta has shape"),
        (right, [1.0, np.nan, 0.0], ValueError, "finite"),
    ],
)
def test_what_cannot_be_checked_is_refused(density, theta, error, message) -> None:
    with pytest.raises(error, match=message):
        check_gradient(density, theta)


def test_a_tolerance_that_cannot_fail_is_refused() -> None:
    with pytest.raises(ValueError, match="rtol"):
        check_gradient(right, POINTS, rtol=1.0)


@pytest.mark.parametrize("x", [-30.0, -1.0, 0.0, 1e-5, 2.0, 1e3])
def test_derivative_knows_how_far_it_can_be_trusted(x: float) -> None:
    for function, slope in (
        (lambda t: 1.0 + math.sin(t), math.cos(x)),
        (lambda t: math.exp(-t * t / 50.0), -x / 25.0 * math.exp(-x * x / 50.0)),
        (lambda t: 1e6 + math.atan(t), 1.0 / (1.0 + x * x)),
    ):
        found, doubt = derivative(function, x)
        assert abs(found - slope) <= 2.0 * doubt
        assert doubt < 1e-6
    assert math.isnan(derivative(lambda t: -math.inf, x)[0])
    one_sided = derivative(lambda t: -math.inf if t < x - 0.001 else t, x)
    assert one_sided[0] == pytest.approx(1.0, rel=1e-7)


def value_and_gradient(density, theta, data=()):
    bound = bind(density, data)
    grad = np.full(len(theta), np.nan)
    return bound.with_gradient(np.array(theta), grad), grad


def banana_value(theta, data):
    y = theta[1] - data[0] * (theta[0] * theta[0] - 100.0)
    return -0.005 * theta[0] * theta[0] - 0.5 * y * y


def scipy_value(theta, data):
    return stats.norm.logpdf(theta).sum()


def between_0_and_1(theta, data):
    return -3.0 * theta[0] if 0.0 < theta[0] < 1.0 else -math.inf


def test_finite_difference_agrees_with_the_written_gradient() -> None:
    target = targets.banana()
    for theta in ([1.0, 2.0], [-20.0, 7.0], [0.01, -5.0]):
        _, found = value_and_gradient(finite_difference(banana_value), theta, (0.03,))
        _, expected = value_and_gradient(target.log_density, theta, target.data)
        np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-9)


@pytest.mark.skipif(compiling.UNCOMPILED, reason="everything is Python here")
def test_finite_difference_is_compiled_where_it_can_be() -> None:
    assert bind(finite_difference(banana_value), (0.03,)).mode == "compiled"
    data = textbook.observations(me.datasets.boelstad(seed=3, individuals=4, observations=3))
    for density, dim in ((textbook.complete_pooling, 3), (textbook.no_pooling, 9)):
        bound = bind(finite_difference(density), data)
        assert bound.mode == "compiled"
        assert bound(np.ones(dim)) == bind(density, data)(np.ones(dim))
    with pytest.warns(me.ObjectModeWarning, match="scipy_value cannot be compiled"):
        assert bind(finite_difference(scipy_value)).mode == "object"


@pytest.mark.filterwarnings("ignore::mcmc_edu.ObjectModeWarning")
def test_finite_difference_of_what_cannot_be_compiled() -> None:
    logp, grad = value_and_gradient(finite_difference(scipy_value), [1.0, -2.0])
    assert logp == stats.norm.logpdf([1.0, -2.0]).sum()
    np.testing.assert_allclose(grad, [-1.0, 2.0], rtol=1e-9)


@pytest.mark.parametrize("x", [1e-9, 0.5, 1.0 - 1e-9])
def test_at_the_edge_of_the_support_differences_are_one_sided(x: float) -> None:
    logp, grad = value_and_gradient(finite_difference(between_0_and_1), [x])
    assert logp == -3.0 * x
    assert grad[0] == pytest.approx(-3.0, rel=1e-9)


@pytest.mark.parametrize("x", [-1e-9, 1.5])
def test_outside_the_support_the_gradient_is_zero(x: float) -> None:
    logp, grad = value_and_gradient(finite_difference(between_0_and_1), [x])
    assert (logp, grad[0]) == (-math.inf, 0.0)


def test_a_spike_narrower_than_the_step_has_a_gradient_of_zero() -> None:
    def spike(theta, data):
        return 1.0 if abs(theta[0] - 0.5) < 1e-12 else -math.inf

    assert value_and_gradient(finite_difference(spike), [0.5]) == (1.0, np.zeros(1))


def test_a_gradient_costs_two_evaluations_a_parameter_and_one() -> None:
    calls = []

    def counted(theta, data):
        calls.append(theta.copy())
        return -0.5 * theta[0] * theta[0]

    density = finite_difference(counted)
    theta = np.array([1.0, 2.0, 3.0])
    getattr(density, "py_func", density)(theta, np.empty(3), ())
    assert len(calls) == 7
    np.testing.assert_array_equal(theta, [1.0, 2.0, 3.0])
    moved = np.array(calls[1:]) - theta
    assert ((moved != 0.0).sum(1) == 1).all()


def test_a_sampler_draws_the_same_with_it() -> None:
    arguments = {"data": (0.03,), "sampler": me.Metropolis(scale=2.0), "draws": 50, "seed": 1}
    found = me.sample(finite_difference(banana_value), [1.0, 1.0], **arguments)
    expected = me.sample(banana_value, [1.0, 1.0], **arguments)
    np.testing.assert_array_equal(found.array, expected.array)


def test_finite_difference_refuses_a_density_with_a_gradient() -> None:
    with pytest.raises(TypeError, match="gradient of its own already"):
        finite_difference(right)
    with pytest.raises(TypeError, match="must be a function"):
        finite_difference(3.0)
