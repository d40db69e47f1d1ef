"""Where chains start, and every way in which a density can fail its user: by name and place."""

import math
import warnings

import numpy as np
import pytest
from scipy import special

import mcmc_edu as me
from mcmc_edu.compiling import UNCOMPILED, ObjectModeWarning

SAMPLERS = [
    me.Metropolis(scale=1.0),
    me.HMC(steps=3, step_size=0.5),
    me.GIST(step_size=0.5),
    me.NUTS(step_size=0.5),
]
GRADIENT = SAMPLERS[1:]
each = pytest.mark.parametrize("sampler", SAMPLERS, ids=lambda s: type(s).__name__)


def normal(theta, grad, data):
    grad[:] = -theta
    return -0.5 * (theta[0] * theta[0] + theta[1] * theta[1])


def positive(theta, data):
    return -theta[0] if theta[0] > 0.0 else -math.inf


def draw(f=normal, theta0=(1.0, 1.0), **changes):
    arguments = {"sampler": me.NUTS(step_size=0.5), "draws": 200, "warmup": 50, "seed": 1} | changes
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ObjectModeWarning)
        return me.sample(f, theta0, **arguments)


# The commonest bugs


def rebinds(theta, grad, data):
    grad = -theta  # noqa: F841
    return -0.5 * (theta * theta).sum()


def writes_one(theta, grad, data):
    grad[0] = -theta[0]
    return -0.5 * (theta * theta).sum()


def adds(theta, grad, data):
    for i in range(theta.size):
        grad[i] += -theta[i]
    return -0.5 * (theta * theta).sum()


def three(theta, grad, data):
    grad[:] = np.zeros(3)
    return -0.5 * (theta * theta).sum()


def not_a_number(theta, grad, data):
    grad[:] = -theta
    grad[1] = math.nan
    return -0.5 * (theta * theta).sum()


def infinite(theta, grad, data):
    grad[:] = math.inf
    return -0.5 * (theta * theta).sum()


def writes_theta(theta, grad, data):
    theta[0] = 3.0
    grad[:] = -theta
    return -0.5 * (theta * theta).sum()


def nothing(theta, grad, data):
    grad[:] = -theta


def an_array(theta, grad, data):
    grad[:] = -theta
    return -0.5 * theta * theta


@pytest.mark.parametrize(
    ("f", "error", "words"),
    [
        (rebinds, ValueError, r"^grad\[0\], grad\[1\] were never written: assign grad\[:\] = "),
        (writes_one, ValueError, r"^grad\[1\] was never written: assign grad\[:\] = "),
        (adds, ValueError, r"^grad\[0\], grad\[1\] were added to .*begin with grad\[:\] = 0.0"),
        (three, ValueError, r"shape.*theta0 of chain 0, \[1. 1.\]; theta and grad have .*\(2,\)"),
        (not_a_number, ValueError, r"grad\[1\] is nan at theta0 of chain 0, \[1. 1.\]"),
        (infinite, ValueError, r"grad\[0\] is inf at theta0 of chain 0"),
        (writes_theta, ValueError, "^log_density writes into theta"),
        (nothing, TypeError, "log_density returns NoneType; it must return one number"),
        (an_array, TypeError, r"log_density returns shape \(2,\); it must return one number"),
    ],
)
def test_a_bug_in_a_density_is_called_by_its_name(f, error, words: str) -> None:
    with pytest.raises(error, match=words):
        draw(f)


def test_of_many_unwritten_entries_some_are_named() -> None:
    with pytest.raises(ValueError, match=r"grad\[4\] and 2 more were never written"):
        draw(rebinds, np.ones(7))


@pytest.mark.parametrize("sampler", GRADIENT, ids=lambda s: type(s).__name__)
def test_a_density_without_gradient_is_refused_with_a_remedy(sampler) -> None:
    with pytest.raises(TypeError, match=f"which {type(sampler).__name__} needs.*finite_difference"):
        draw(lambda theta, data: -0.5 * theta[0] * theta[0], [0.0], sampler=sampler)


# NaN, infinity and exceptions: everywhere, at the start, on the way


@each
def test_nan_everywhere(sampler) -> None:
    def nan(theta, grad, data):
        grad[:] = 0.0
        return math.nan

    with pytest.raises(ValueError, match=r"theta0 of chain 0 is \[1. 1.\], .* -inf \(or NaN\)"):
        draw(nan, sampler=sampler)


def climbs(theta, grad, data):
    grad[0] = 1.0
    return math.inf if theta[0] > data else theta[0]


def raises(theta, grad, data):
    grad[0] = 1.0
    if theta[0] > data:
        raise ArithmeticError("beyond")
    return theta[0]


def climbs_uncompiled(theta, grad, data):
    grad[0] = special.xlogy(1.0, math.e)
    return math.inf if theta[0] > data else theta[0]


def raises_uncompiled(theta, grad, data):
    grad[0] = special.xlogy(1.0, math.e)
    if theta[0] > data:
        raise ArithmeticError(f"beyond {data}")
    return theta[0]


@each
@pytest.mark.parametrize("warmup", [0, 10**6])
@pytest.mark.parametrize(
    ("f", "words"),
    [
        (climbs, r"\+inf"),
        (climbs_uncompiled, r"\+inf"),
        (raises, "raised ArithmeticError.'beyond'"),
        (raises_uncompiled, "raised ArithmeticError.'beyond 30.0'"),
    ],
)
def test_trouble_on_the_way_has_a_chain_an_iteration_and_a_place(
    f, words: str, warmup: int, sampler
) -> None:
    with pytest.raises(
        me.DensityError, match=rf"^chain \d: .*{words}.* at iteration \d+"
    ) as caught:
        draw(f, [0.0], data=30.0, sampler=sampler, warmup=warmup, chains=2)
    assert caught.value.theta[0] > 30.0
    if not isinstance(sampler, me.GIST):  # the others need several iterations to get there
        assert caught.value.iteration >= 1
    if "raised" in words:
        assert isinstance(caught.value.__cause__, ArithmeticError)


@each
def test_an_exception_at_the_start(sampler) -> None:
    with pytest.raises(ValueError, match=r"raised ArithmeticError.*at theta0 of chain 2, \[31.\]"):
        draw(raises, [[0.0], [0.0], [31.0], [0.0]], data=30.0, sampler=sampler)


def test_an_exception_at_a_start_that_a_rule_draws() -> None:
    with pytest.raises(ValueError, match=r"raised ArithmeticError.*at theta0 of chain 0, \[40.\]"):
        draw(raises, lambda rng: [40.0], data=30.0)


@pytest.mark.parametrize("sampler", GRADIENT, ids=lambda s: type(s).__name__)
def test_a_gradient_that_is_nan_elsewhere_is_a_divergence(sampler) -> None:
    def nan_beyond(theta, grad, data):
        grad[:] = -theta
        if theta[0] > 1.5:
            grad[0] = math.nan
        return -0.5 * (theta[0] * theta[0] + theta[1] * theta[1])

    draws = draw(nan_beyond, sampler=sampler)
    assert draws.stats["divergent"].any()
    assert np.isfinite(draws.array).all()
    assert len(draws.divergences) == draws.stats["divergent"].sum()


@each
def test_nan_beyond_the_start_keeps_the_chain_inside(sampler) -> None:
    def nan_beyond(theta, grad, data):
        grad[:] = -theta
        return math.nan if theta[0] > 1.5 else -0.5 * (theta * theta).sum()

    draws = draw(nan_beyond, sampler=sampler)
    assert draws.array[:, :, 0].max() <= 1.5
    assert np.isfinite(draws.stats["logp"]).all()


# Starts


def test_rules_are_asked_again_where_the_density_is_zero() -> None:
    """A quarter of the proposals is in the support, so that hardly any first one is."""
    asked = []

    def rule(rng):
        asked.append(rng.uniform(-3.0, 1.0, 1))
        return asked[-1]

    draws = draw(positive, rule, sampler=me.Metropolis(scale=1e-9), chains=8, draws=1, warmup=0)
    assert (draws.array > 0.0).all()
    assert len(asked) > 8
    np.testing.assert_allclose(draws.array[:, 0, 0], [x[0] for x in asked if x[0] > 0.0], atol=1e-7)


def test_a_rule_never_in_the_support() -> None:
    with pytest.raises(ValueError, match=r"100 starts for chain 0, .* finite at none"):
        draw(positive, lambda rng: -rng.random(1), sampler=SAMPLERS[0])


def test_starts_of_a_rule_do_not_depend_on_the_number_of_chains() -> None:
    one, three = (draw(theta0=me.uniform_start(2), chains=n, draws=5) for n in (1, 3))
    np.testing.assert_array_equal(three.array[:1], one.array)
    assert len({chain.tobytes() for chain in three.array}) == 3


@pytest.mark.parametrize(
    ("theta0", "words"),
    [
        ("abc", "theta0 is 'abc'; it must be numbers"),
        ([[1.0, 2.0], [3.0]], "it must be numbers, shape"),
        ([], r"shape \(0,\)"),
        (np.ones((3, 2)), r"shape \(3, 2\); .*\(4, dim\)"),
        ([math.inf, 0.0], "every entry must be finite"),
        (lambda rng: rng.random(), "theta0 gives array"),
        (lambda rng: [math.nan, 0.0], "must return finite numbers"),
        (lambda rng: rng.random(1 + int(rng.integers(5))), "theta0 gives starts of different le"),
    ],
)
def test_bad_starts(theta0, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        draw(lambda theta, data: 0.0 * theta[0], theta0, sampler=SAMPLERS[0])


def test_starts_are_copied() -> None:
    start = np.ones(2)
    draw(theta0=start)
    np.testing.assert_array_equal(start, 1.0)


def test_rules_say_what_is_wrong_with_them() -> None:
    with pytest.raises(ValueError, match="dim is 0"):
        me.uniform_start(0)
    with pytest.raises(ValueError, match=r"spread \(3,\)"):
        me.around([0.0, 1.0], np.ones(3))


def test_around_is_normal() -> None:
    rule = me.around([1.0, -2.0], [0.5, 3.0])
    points = np.array([rule(np.random.default_rng(k)) for k in range(4000)])
    z = (points - [1.0, -2.0]) / [0.5, 3.0]
    assert (np.abs(z.mean(axis=0)) < 4.5 / math.sqrt(4000)).all()
    assert (np.abs((z * z).mean(axis=0) - 1.0) < 4.5 * math.sqrt(2 / 4000)).all()


@pytest.mark.skipif(UNCOMPILED, reason="everything is Python here")
def test_the_warning_points_at_the_users_line() -> None:
    with pytest.warns(ObjectModeWarning) as caught:
        me.sample(climbs_uncompiled, [0.0], data=1e300, sampler=SAMPLERS[0], draws=1, warmup=0)
    assert caught[0].filename == __file__
