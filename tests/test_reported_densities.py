"""Faults that users of other samplers reported, tried here: densities of one's own.

Each test holds a small input of a public report and its cousins.
"""

import functools
import math
import time

import numpy as np
import pandas as pd
import pytest
from numpy import dot as multiply

import mcmc_edu as me
from mcmc_edu.compiling import UNCOMPILED, bind
from mcmc_edu.compiling.binding import bound as binding
from mcmc_edu.compiling.binding.bound import _value_at
from mcmc_edu.compiling.binding.writing import writes_anyway
from mcmc_edu.driver.quantities import quantities_of
from mcmc_edu.seeds import generator, seed_sequence
from mcmc_edu.verification import exact_start, sbc
from mcmc_edu.verification.exact_start import log_densities

CHAINS = np.array([[0.1, 1.1], [0.2, 2.1], [0.3, 3.1], [0.4, 4.1]])
"""A start for each of four chains."""


def normal(theta, grad, data):
    """Independent standard normals."""
    total = 0.0
    for i in range(theta.size):
        grad[i] = -theta[i]
        total -= 0.5 * theta[i] * theta[i]
    return total


def short(f=normal, theta0=(0.5, 1.0), **changes):
    """Few draws, from where the chains start."""
    settings = {"draws": 20, "warmup": 0, "seed": 1, "progress": False}
    return me.sample(f, theta0, **settings | {"sampler": me.Metropolis(scale=0.5)} | changes)


# Arrays in another order of memory


@pytest.mark.parametrize("sampler", [me.Metropolis(scale=0.5), me.NUTS(step_size=0.5)])
@pytest.mark.parametrize(
    "theta0",
    [
        np.array([CHAINS[:, 0], CHAINS[:, 1]]).T,
        np.asfortranarray(CHAINS),
        pd.DataFrame(CHAINS, columns=["a", "b"]),
        np.repeat(CHAINS, 2, axis=1)[:, ::2],
        np.ascontiguousarray(CHAINS[::-1])[::-1],
    ],
    ids=["transposed", "fortran", "frame", "every other column", "reversed"],
)
def test_starts_in_any_order_of_memory(theta0, sampler):
    assert np.array_equal(
        short(theta0=theta0, sampler=sampler).array, short(theta0=CHAINS, sampler=sampler).array
    )


def test_a_start_that_is_broadcast():
    theta0 = np.broadcast_to(CHAINS[0], (4, 2))
    assert np.array_equal(short(theta0=theta0).array, short(theta0=CHAINS[0]).array)


def test_a_rule_that_gives_a_view():
    drawn = short(theta0=lambda rng: np.array([0.3, 0.7])[::-1])
    assert np.array_equal(drawn.array, short(theta0=[0.7, 0.3]).array)


def test_points_of_a_gradient_check_in_any_order_of_memory():
    assert me.check_gradient(normal, np.asfortranarray(CHAINS)).ok


def test_a_density_reads_what_it_is_given():
    """Whatever the strides of theta and grad, and their type."""
    density = bind(normal)
    backward, grad = np.array([3.0, 1.0, 2.0])[::-1], np.zeros(6)[::2]
    assert density.with_gradient(backward, grad) == -7.0
    assert grad.tolist() == [-2.0, -1.0, -3.0]
    assert density(np.array([3, 1, 2])) == -7.0


@pytest.mark.parametrize("order", ["C", "F"])
def test_an_exact_start_reads_the_ends_of_a_move_in_any_order(order):
    def flip(rng, theta):
        return np.array(-theta, order=order)

    check = exact_start(
        flip,
        lambda rng, n: np.array(rng.standard_normal((2, n))).T,
        log_density=normal,
        starts=500,
        seed=1,
    )
    assert check.p_value > 1e-4
    assert check.moved == 1.0


def test_exact_draws_that_share_their_memory():
    """The starts and the draws that they are held against are two samples, whoever reuses one."""
    memory = np.empty((2500, 1))

    def exact_draws(rng, n):
        memory[:] = np.nan  # what was drawn before
        memory[:n, 0] = rng.standard_normal(n)
        return memory[:n]

    check = exact_start(lambda rng, theta: 2.0 * theta, exact_draws, starts=500, seed=1)
    assert check.moved == 1.0
    assert check.p_value < 1e-6


@pytest.mark.skipif(UNCOMPILED, reason="plain Python reads any layout")
def test_machine_code_refuses_what_it_would_misread():
    density = bind(normal)
    two = np.zeros(2)
    misfits = [np.zeros(4)[::2], np.zeros(2)[::-1], np.zeros(2, dtype=int), np.zeros((1, 2))]
    frozen = np.zeros(2)
    frozen.flags.writeable = False
    for misfit in (*misfits, frozen):
        with pytest.raises(TypeError, match="in C order and writable: pass"):
            _value_at(density.adapter, misfit, two, density.packed)
    with pytest.raises(TypeError, match=r"log_densities is given an array .* strides \(8, 32\)"):
        log_densities(density.adapter, density.packed, np.asfortranarray(CHAINS), np.zeros(4))


# Functions that work in place


def in_place(theta):
    theta[1] = np.exp(theta[1])
    return {"sigma": theta[1]}


def in_place_with_generator(theta, rng):
    theta *= 2.0
    return {"twice": theta[0]}


def sorted_in_place(theta):
    theta.sort(axis=0)
    return {"smallest": theta[0], "largest": theta[1]}


@pytest.mark.parametrize("natural", [in_place, in_place_with_generator, sorted_in_place])
def test_quantities_made_in_place_leave_the_draws(natural):
    drawn = short(natural=natural)
    assert np.array_equal(drawn.array, short().array)
    theta = np.moveaxis(short().array, 2, 0)
    expected = natural(theta, None) if natural is in_place_with_generator else natural(theta)
    for name, values in expected.items():
        assert np.array_equal(drawn[name], values)


def test_a_quantity_is_no_view_of_the_draws():
    drawn = short(natural=lambda theta: {"a": theta[0]})
    drawn["a"][:] = 0.0
    assert np.array_equal(drawn.array, short().array)


def test_quantities_of_chains_in_one_memory():
    """A function of (theta, rng) is called for each chain, and may reuse an array."""
    memory = np.empty((1, 3))

    def natural(theta, rng):
        memory[:] = theta[0]
        return {"a": memory}

    array = np.arange(6.0).reshape(2, 3, 1)
    found = quantities_of(natural, array, np.random.SeedSequence(1).spawn(2))
    assert np.array_equal(found["a"], array[:, :, 0])


# Seeds and names


@pytest.mark.parametrize(
    ("seed", "error", "message"),
    [
        (-1, ValueError, "seed is -1; it must be 0 or more: pass seed=1"),
        ([1, -2], ValueError, r"seed is \[1, -2\]; it must be 0 or more"),
        (np.int64(-3), ValueError, "it must be 0 or more: pass seed=3"),
        (1.0, TypeError, "seed is 1.0; it must be an integer such as seed=1"),
        ("1", TypeError, "seed is '1'; it must be an integer"),
        (True, TypeError, "seed is True; it must be an integer"),
        (np.random.RandomState(1), TypeError, r"a numpy\.random\.Generator or None"),
        (np.random.PCG64(1), TypeError, r"a numpy\.random\.Generator or None"),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else value[:20],
)
def test_what_is_no_seed_is_refused_by_name(seed, error, message):
    with pytest.raises(error, match=message):
        short(seed=seed)
    with pytest.raises(error, match=message):
        me.tree(normal, [0.5], step_size=0.5, seed=seed)
    with pytest.raises(error, match=message):
        exact_start(lambda rng, x: x, lambda rng, n: rng.random((n, 1)), starts=5, seed=seed)
    with pytest.raises(error, match=message):
        sbc(lambda rng: {}, lambda rng, parameters: 0, lambda observed, seed: {}, seed=seed)


def test_a_generator_is_a_seed():
    """It moves on, so that two runs of one generator differ; what it gave is recorded."""
    rng = np.random.default_rng(7)
    first, second = short(seed=rng), short(seed=rng)
    assert not np.array_equal(first.array, second.array)
    assert np.array_equal(short(seed=np.random.default_rng(7)).array, first.array)
    assert np.array_equal(short(seed=second.settings["seed"]).array, second.array)


def test_a_run_of_a_generator_can_be_resumed(tmp_path):
    file = tmp_path / "run.npz"
    drawn = short(seed=np.random.default_rng(7), file=file)
    assert me.load(file).settings["seed"] == drawn.settings["seed"]


@pytest.mark.parametrize("seed", [7, np.uint8(7), [7, 8], np.array([7, 8]), (7, 8), None])
def test_seeds_that_numpy_takes(seed):
    spawned = seed_sequence(seed).spawn(2)
    if seed is not None:
        expected = np.random.SeedSequence(seed).spawn(2)
        states = [
            [s.generate_state(4).tolist() for s in sequences] for sequences in (spawned, expected)
        ]
        assert states[0] == states[1]
        assert generator(seed).random() == np.random.default_rng(seed).random()


@pytest.mark.parametrize(
    "names",
    [[0, 1], ["a", None], ["a", ""], ["a", " "], [b"a", b"b"], iter([0, 1])],
    ids=["numbers", "none", "empty", "space", "bytes", "iterator"],
)
def test_names_that_are_not_text_are_refused(names):
    with pytest.raises(TypeError, match=r"names has the name .* a name is text"):
        short(names=names)


def test_names_that_are_text():
    assert short(names=iter("ab")).names == ["a", "b"]
    assert short(names=np.array(["a", "b"])).names == ["a", "b"]
    assert short(names=pd.Index(["a", "b"])).names == ["a", "b"]
    with pytest.raises(ValueError, match="names is 'ab'; theta has 2 entries"):
        short(names="ab")


@pytest.mark.parametrize("key", [None, 0, ("a", 1), ""])
def test_quantities_whose_names_are_not_text_are_refused(key):
    with pytest.raises(TypeError, match="what natural returns has the name"):
        short(natural=lambda theta: {key: theta[0]})


def test_labels_of_an_exact_start_are_names():
    def check(names):
        return exact_start(
            lambda rng, x: x, lambda rng, n: rng.random((n, 2)), starts=5, seed=1, names=names
        )

    with pytest.raises(TypeError, match="names has the name 0"):
        check([0, 1])
    with pytest.raises(ValueError, match="give 2 different names"):
        check(["a", "a"])


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 2**64, np.uint64(2**63)])
def test_integers_that_no_machine_code_has_are_refused(number):
    with pytest.raises(TypeError, match=r"data\[0\] is -?\d+; an integer .* pass float"):
        short(data=(number,))


# Writing into theta


def clipped(theta, grad, data):
    """The density at the nearest point of [-1, 1], found in place, far from the start."""
    if theta[0] > 1.0:
        theta[0] = 1.0
    grad[0] = -theta[0]
    return -0.5 * theta[0] * theta[0]


def clipped_copy(theta, grad, data):
    x = min(theta[0], 1.0)
    grad[0] = -x
    return -0.5 * x * x


def reflected(theta, data):
    if theta[0] < 0.0:
        theta *= -1.0
    return -theta[0]


def reflected_copy(theta, data):
    return -abs(theta[0])


def ordered(theta, data):
    if theta[0] > theta[1]:
        theta.sort()
    return -0.5 * (theta[0] * theta[0] + 4.0 * theta[1] * theta[1])


def ordered_copy(theta, data):
    low, high = min(theta[0], theta[1]), max(theta[0], theta[1])
    return -0.5 * (low * low + 4.0 * high * high)


def around_the_back(theta, data):
    if theta[0] < 0.0:
        theta.flat[0] = -theta[0]
    return -theta[0]


def by_a_helper(theta, data):
    turn(theta)
    return -theta[0]


def turn(theta):
    if theta[0] < 0.0:
        theta[:] = -theta


def in_python(theta, data):
    if theta[0] < 0.0:
        theta *= -1.0
    return -theta[0] + 0.0 * len(str(data))


@pytest.mark.filterwarnings("ignore::mcmc_edu.ObjectModeWarning")
@pytest.mark.parametrize(
    ("writes", "computes", "theta0", "sampler"),
    [
        (clipped, clipped_copy, [0.5], me.NUTS(step_size=0.5)),
        (reflected, reflected_copy, [0.5], me.Metropolis(scale=2.0)),
        (ordered, ordered_copy, [0.5, 1.0], me.Metropolis(scale=1.0)),
        (around_the_back, reflected_copy, [0.5], me.Metropolis(scale=2.0)),
        (by_a_helper, reflected_copy, [0.5], me.Metropolis(scale=2.0)),
        (in_python, reflected_copy, [0.5], me.Metropolis(scale=2.0)),
        (
            me.finite_difference(reflected),
            me.finite_difference(reflected_copy),
            [0.5],
            me.NUTS(step_size=0.5),
        ),
    ],
    ids=["clip", "reflect", "sort", "flat", "helper", "python", "differences"],
)
def test_a_density_that_writes_into_theta_writes_into_a_copy(writes, computes, theta0, sampler):
    drawn = [short(f, theta0, sampler=sampler, draws=200).array for f in (writes, computes)]
    assert np.array_equal(*drawn)


# Memory that is kept


class Keeping:
    """A density of plain Python that keeps all that it is given."""

    def __init__(self):
        self.kept = []

    def __call__(self, theta, grad, data):
        grad[:] = -theta
        self.kept.append((theta, theta.copy(), grad, grad.copy(), "in Python"))
        return -0.5 * float(theta @ theta)


@pytest.mark.filterwarnings("ignore::mcmc_edu.ObjectModeWarning")
@pytest.mark.parametrize("sampler", [me.NUTS(step_size=0.5), me.HMC(steps=3, step_size=0.5)])
def test_a_density_may_keep_what_it_is_given(sampler):
    keeping = Keeping()
    drawn = short(keeping, sampler=sampler, draws=10)
    assert len(keeping.kept) > 40
    for theta, theta_then, grad, grad_then, _ in keeping.kept:
        assert np.array_equal(theta, theta_then)
        assert np.array_equal(grad, grad_then)
    assert np.array_equal(drawn.array, short(normal, sampler=sampler, draws=10).array)


@pytest.mark.filterwarnings("ignore::mcmc_edu.ObjectModeWarning")
def test_a_density_that_remembers_its_last_value():
    """It asks whether theta is that of the last call: an array that is used again always is."""
    last = {"theta": None, "value": 0.0}

    def remembering(theta, data):
        if last["theta"] is None or not np.array_equal(last["theta"], theta):
            last["theta"], last["value"] = theta, -0.5 * float(theta @ theta)
        return last["value"]

    def plain(theta, data):
        return -0.5 * float(theta @ theta)

    for sampler in (me.Metropolis(scale=1.0), me.NUTS(step_size=0.5)):
        changes = {"sampler": sampler, "chains": 1}
        if sampler.needs_gradient:
            made = [me.finite_difference(f) for f in (remembering, plain)]
        else:
            made = [remembering, plain]
        drawn = [short(f, **changes).array for f in made]
        np.testing.assert_allclose(*drawn, rtol=1e-12)


@pytest.mark.filterwarnings("ignore::mcmc_edu.ObjectModeWarning")
def test_a_gradient_that_adds_to_the_last_is_still_refused_in_python():
    def adding(theta, grad, data):
        grad += -theta
        return -0.5 * float(theta @ theta) + 0.0 * len(str(data))

    with pytest.raises(ValueError, match="added to without being set first"):
        short(adding, sampler=me.NUTS())


# Globals and closures

PLACE = 0.0


def placed(theta, data):
    return -0.5 * (theta[0] - PLACE) ** 2


def place():
    return PLACE


def placed_by_a_helper(theta, data):
    return -0.5 * (theta[0] - place()) ** 2


@pytest.mark.parametrize(
    "density", [pytest.param(placed, marks=pytest.mark.slow), placed_by_a_helper]
)
def test_a_gradient_by_differences_follows_globals(density, monkeypatch):
    made = me.finite_difference(density)
    for where in (0.0, 100.0):
        monkeypatch.setattr(f"{__name__}.PLACE", where)
        for sampler in (me.NUTS(step_size=0.5), me.HMC(steps=3, step_size=0.5)):
            drawn = [
                short(f, [where], sampler=sampler).array
                for f in (made, me.finite_difference(density))
            ]
            assert np.array_equal(*drawn)
            assert abs(drawn[0].mean() - where) < 2.0


def test_a_gradient_by_differences_follows_helpers_and_closures(monkeypatch):
    where = 0.0

    def enclosed(theta, data):
        return -0.5 * (theta[0] - where) ** 2

    made, by_helper = me.finite_difference(enclosed), me.finite_difference(placed_by_a_helper)
    grad = np.empty(1)
    assert bind(made).with_gradient(np.zeros(1), grad) == 0.0
    where = 3.0
    assert bind(made).with_gradient(np.zeros(1), grad) == -4.5
    assert grad[0] == pytest.approx(3.0, rel=1e-8)
    assert bind(by_helper).with_gradient(np.zeros(1), grad) == 0.0
    monkeypatch.setattr(f"{__name__}.place", lambda: 3.0)
    assert bind(by_helper).with_gradient(np.zeros(1), grad) == -4.5


# Compiled and plain


def integer_power(theta, data):
    return -0.5 * theta[0] ** 2 + 1e-20 * data[0] ** 20


def factorial(theta, data):
    product = 1
    for i in range(1, data[0] + 1):
        product *= i
    return -0.5 * theta[0] ** 2 + math.log(abs(product) + 1.0)


def short_integers(theta, data):
    total = 0.0
    for i in range(data[0].size - 1):
        total += data[0][i] - data[0][i + 1]
    return -0.5 * (theta[0] - total) ** 2


def in_the_gradient(theta, grad, data):
    grad[0] = -theta[0] - 1e-18 * data[0] ** 20
    return -0.5 * theta[0] ** 2


@pytest.mark.skipif(UNCOMPILED, reason="there is nothing to compare")
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    ("density", "data", "what"),
    [
        (integer_power, (10,), "the log density"),
        (factorial, (30,), "the log density"),
        (short_integers, (np.array([1, 2, 3], dtype=np.uint8),), "the log density"),
        (short_integers, (np.array([-100, 100], dtype=np.int8),), "the log density"),
        (in_the_gradient, (10,), r"grad\[0\]"),
    ],
    ids=["power", "factorial", "uint8", "int8", "gradient"],
)
def test_a_density_that_is_another_one_compiled_is_refused(density, data, what):
    with pytest.raises(ValueError, match=f"{what} at theta = .* in plain Python and .* compiled"):
        short(density, [0.5], data=data)


def test_a_density_of_single_precision_is_not_refused():
    x = np.random.default_rng(1).normal(3.0, 1.0, 5000).astype(np.float32)

    def density(theta, data):
        return -0.5 * theta[0] ** 2 + np.sum(data[0] * data[0])

    assert short(density, [0.5], data=(x,)).complete


@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")
@pytest.mark.parametrize(
    ("data", "message"),
    [
        (np.eye(2).view(np.matrix), "data is matrix; a density's data"),
        ((1.0, np.ma.masked_array([1.0, 2.0], [True, False])), r"data\[1\] is MaskedArray"),
    ],
    ids=["matrix", "masked"],
)
def test_arrays_that_compiled_code_takes_for_others_are_refused(data, message):
    with pytest.raises(TypeError, match=message):
        short(data=data)


def test_an_array_on_disk_is_data(tmp_path):
    on_disk = np.memmap(tmp_path / "y", dtype=float, mode="w+", shape=(3,))
    on_disk[:] = [1.0, 2.0, 4.0]

    def density(theta, data):
        return -0.5 * ((theta[0] - data[0]) ** 2 + (theta[0] - data[2]) ** 2)

    drawn = [short(density, [0.5], data=data).array for data in (on_disk, np.array(on_disk))]
    assert np.array_equal(*drawn)


# Arguments that may be left out


def optional_data(theta, grad, data=None):
    return normal(theta, grad, data)


def optional_gradient(theta, grad=None, data=()):
    return normal(theta, grad, data)


def optional_scale(theta, data=(), scale=2.0):
    return -0.5 * theta[0] * theta[0] * data[0] * scale


def needed_scale(theta, data):
    return -0.5 * theta[0] * theta[0] * data[0] * 2.0


@pytest.mark.parametrize("density", [optional_data, optional_gradient])
def test_an_argument_that_may_be_left_out_counts(density):
    for sampler in (me.NUTS(step_size=0.5), me.Metropolis(scale=0.5)):
        data = np.array([1.0, 2.0])
        drawn = short(density, sampler=sampler, data=data)
        assert np.array_equal(drawn.array, short(sampler=sampler).array)
        assert data.tolist() == [1.0, 2.0]


def test_an_option_is_no_gradient():
    drawn = [short(f, data=(0.5,)).array for f in (optional_scale, needed_scale)]
    assert np.array_equal(*drawn)


def three(theta, x, y):
    return -0.5 * float((theta[0] - x[0]) ** 2) - y[0]


@pytest.mark.parametrize(
    ("density", "message"),
    [
        (lambda theta, grad: 0.0, r"takes a gradient, but no data \(theta, grad\)"),
        (lambda theta, gradient=None: 0.0, "takes a gradient, but no data"),
        (lambda theta, x=None, y=None: 0.0, "whether it has a gradient cannot be told"),
        (lambda *arguments: 0.0, r"takes 0 arguments \(\*arguments\)"),
        (lambda theta, data, *, sd: 0.0, "sd, by name only"),
        (lambda theta, a, b, c: 0.0, r"takes 4 arguments \(theta, a, b, c\)"),
        (functools.partial(normal, data=()), "takes a gradient, but no data"),
        (max, "which does not tell its arguments"),
    ],
    ids=range(8),
)
def test_arguments_that_cannot_be_counted_are_refused_by_name(density, message):
    with pytest.raises(TypeError, match=message):
        short(density)


@pytest.mark.parametrize("sampler", [me.NUTS(), me.Metropolis(scale=0.5)])
def test_data_in_the_place_of_the_gradient_are_told(sampler):
    with pytest.raises(ValueError, match="if that is to be data, write f"):
        short(three, sampler=sampler, data=np.array([1.0, 2.0]))


def test_a_generator_that_may_be_left_out_is_passed():
    def natural(theta, rng=None):
        return {"z": rng.standard_normal(theta.shape[1:])}

    def needed(theta, rng):
        return natural(theta, rng)

    assert np.array_equal(short(natural=natural)["z"], short(natural=needed)["z"])
    assert np.array_equal(
        short(natural=lambda theta, by=2.0: {"z": by * theta[0]})["z"], 2.0 * short()["theta[0]"]
    )


# Indices beyond an array


def gradient_beyond(theta, grad, data):
    grad[0], grad[1] = -theta[0], -theta[1]
    if theta[0] > 1.0:
        grad[int(data[1])] = 0.0
    return -0.5 * (theta[0] * theta[0] + theta[1] * theta[1])


def table_beyond(theta, grad, data):
    grad[0], grad[1] = 0.0, -theta[1]
    return -data[0][int(abs(3.0 * theta[0]))] - 0.5 * theta[1] * theta[1]


def helper_beyond(theta, grad, data):
    grad[:] = -theta
    return -0.5 * theta[1] * theta[1] - looked_up(data[0], theta[0])


def looked_up(table, x):
    return table[int(abs(3.0 * x))]


def below(theta, grad, data):
    grad[:] = -theta
    return -0.5 * theta[1] * theta[1] - data[0][-1 - int(abs(3.0 * theta[0]))]


@pytest.mark.parametrize("density", [gradient_beyond, table_beyond, helper_beyond, below])
@pytest.mark.parametrize(
    "sampler",
    [me.NUTS(step_size=0.5), me.HMC(steps=3, step_size=0.5), me.Metropolis(scale=2.0)],
    ids=["NUTS", "HMC", "Metropolis"],
)
def test_an_index_beyond_an_array_is_an_error_where_it_happens(density, sampler):
    data = (np.zeros(3), 2.0)
    with pytest.raises(
        me.DensityError, match=r"^chain \d: log_density raised IndexError"
    ) as caught:
        short(density, [0.0, 0.0], sampler=sampler, data=data, draws=200)
    assert isinstance(caught.value.__cause__, IndexError)
    assert abs(caught.value.theta[0]) >= 1.0
    assert caught.value.iteration < 200


# Memory that chains share


def in_scratch_of_data(theta, grad, data):
    """Standard normals; in between numbers are kept in memory that is passed."""
    scratch = data[0]
    for i in range(theta.size):
        scratch[i] = theta[i]
    total = 0.0
    for _ in range(20):
        for i in range(theta.size):
            total -= 0.5 * scratch[i] * scratch[i] / 20.0
    for i in range(theta.size):
        grad[i] = -scratch[i]
    return total


SCRATCH = np.zeros(2)


def in_scratch_of_globals(theta, grad, data):
    SCRATCH[:] = theta
    time.sleep(0.0)  # another thread's turn
    grad[:] = -SCRATCH
    time.sleep(0.0)
    return -0.5 * float(SCRATCH @ SCRATCH)


class Scratch:
    """A density whose method keeps numbers in between with the object."""

    def __init__(self):
        self.scratch = np.zeros(2)

    def density(self, theta, grad, data):
        self.scratch[:] = theta
        time.sleep(0.0)
        grad[:] = -self.scratch
        return -0.5 * float(self.scratch @ self.scratch)


@pytest.mark.filterwarnings("ignore::mcmc_edu.ObjectModeWarning")
@pytest.mark.parametrize(
    ("density", "data"),
    [
        (in_scratch_of_data, (np.zeros(2),)),
        (in_scratch_of_data, (np.zeros(4)[::2],)),
        (in_scratch_of_globals, ()),
        (Scratch().density, ()),
    ],
    ids=["data", "strided data", "global", "object"],
)
def test_chains_share_no_scratch_memory(density, data):
    drawn = [
        short(density, data=data, threads=threads, sampler=me.NUTS(step_size=0.5), draws=300).array
        for threads in (1, 4)
    ]
    assert np.array_equal(*drawn)


@pytest.mark.skipif(UNCOMPILED, reason="plain Python works where it is told to")
def test_data_are_given_to_every_chain():
    data = (np.zeros(2),)
    bound = bind(in_scratch_of_data, data)
    one, two = bound.of_a_chain(), bound.of_a_chain()
    assert len({bound.packed[0], one.packed[0], two.packed[0], data[0].ctypes.data}) == 4
    assert bind(normal, data).of_a_chain().packed[0] == data[0].ctypes.data
    short(in_scratch_of_data, data=data)
    assert data[0].tolist() == [0.0, 0.0]


def in_scratch_of_a_product(theta, grad, data):
    np.dot(data[0], theta, data[1])
    grad[:] = -data[1]
    return -0.5 * np.dot(data[1], data[1])


def in_scratch_of_a_view(theta, grad, data):
    np.dot(data[0], theta, data[1][1:3])
    grad[:] = -data[1][1:3]
    return -0.5 * np.sum(data[1][1:3] ** 2)


def into_theta(theta, grad, data):
    grad[:] = -theta
    total = -0.5 * (theta[0] * theta[0] + theta[1] * theta[1])
    if theta[0] > 1.0:
        multiply(data[0], np.ones(2), theta)
    return total


@pytest.mark.skipif(UNCOMPILED, reason="plain Python takes turns, with copies")
def test_products_may_be_written_into_scratch_and_into_theta():
    """numba lets np.dot write into an array whether it may be written or not."""
    made = np.random.default_rng(1).normal(size=(2, 2))
    data = (np.eye(2), np.zeros(2)), (np.eye(2), np.zeros(4)), (made, np.zeros(2))
    arguments = {"sampler": me.NUTS(step_size=0.5), "draws": 300}
    right = short(**arguments).array
    for density, given in zip(
        (in_scratch_of_a_product, in_scratch_of_a_view, into_theta), data, strict=True
    ):
        drawn = [short(density, data=given, threads=n, **arguments).array for n in (1, 4)]
        assert np.array_equal(*drawn)
        np.testing.assert_allclose(drawn[0], right, rtol=1e-9)


@pytest.mark.skipif(UNCOMPILED, reason="plain Python takes turns")
def test_scratch_that_machine_code_cannot_be_kept_from_is_refused(monkeypatch):
    monkeypatch.setattr(binding, "writes_anyway", lambda log_density: False)
    for density, size in ((in_scratch_of_a_product, 2), (in_scratch_of_a_view, 4)):
        with pytest.raises(ValueError, match="make the array that it writes into inside"):
            short(density, data=(np.eye(2), np.zeros(size)))


def test_products_without_a_place_need_no_copies():
    def of_vectors(theta, data):
        return -0.5 * np.dot(theta, theta) - data[0].dot(theta)

    def by_a_helper(theta, data):
        in_scratch_of_a_product(theta, np.empty(2), data)
        return 0.0

    def by_a_keyword(theta, data):
        return np.dot(data[0], theta, out=data[1])[0]

    assert not writes_anyway(of_vectors)
    assert all(map(writes_anyway, (into_theta, in_scratch_of_a_view, by_a_helper, by_a_keyword)))


def test_data_that_hold_nan_are_not_changed():
    data = (np.array([np.nan, 1.0]), np.array([True, False]), np.arange(2), 2, math.nan)
    assert np.array_equal(short(data=data).array, short().array)


# What is left after an exception


def breaks(theta, grad, data):
    if theta[0] > data[0]:
        raise ArithmeticError("too far")
    grad[:] = -theta
    return -0.5 * (theta[0] * theta[0] + theta[1] * theta[1])


def breaks_in_python(theta, data):
    return breaks(theta, np.empty(2), data) + 0.0 * len(str(data))


def bounded(theta, grad, data):
    if theta[0] > data[0]:
        return -math.inf
    grad[:] = -theta
    return -0.5 * (theta[0] * theta[0] + theta[1] * theta[1])


@pytest.mark.filterwarnings("ignore::mcmc_edu.ObjectModeWarning")
@pytest.mark.parametrize(
    ("density", "sampler"),
    [
        (breaks, me.NUTS(step_size=0.5)),
        (breaks, me.Metropolis(scale=0.5)),
        (breaks_in_python, me.Metropolis(scale=0.5)),
    ],
    ids=["NUTS", "Metropolis", "Python"],
)
def test_draws_made_before_an_exception_are_kept(density, sampler):
    changes = {"theta0": [0.0, 0.0], "sampler": sampler, "draws": 20_000, "threads": 1}
    with pytest.raises(me.DensityError, match="too far") as caught:
        short(density, data=(3.5,), names=["a", "b"], **changes)
    error = caught.value
    kept = error.draws
    n = kept.array.shape[1]
    assert not kept.complete
    assert 0 < n <= error.iteration
    assert kept.names == ["a", "b"]
    whole = short(bounded, data=(100.0,), **changes | {"draws": n})
    assert np.array_equal(kept.array, whole.array)
    assert any("in `draws` of this error" in note for note in error.__notes__)


def test_an_exception_before_there_are_draws_keeps_none():
    with pytest.raises(me.DensityError) as caught:
        short(breaks, [0.0, 0.0], data=(0.5,), sampler=me.NUTS(), warmup=1000)
    assert caught.value.draws is None


@pytest.mark.filterwarnings("ignore::mcmc_edu.ObjectModeWarning")
@pytest.mark.parametrize(
    ("density", "sampler"),
    [
        (breaks, me.NUTS(step_size=0.5)),
        (breaks, me.HMC(steps=3, step_size=0.5)),
        (breaks, me.Metropolis(scale=2.0)),
        (breaks_in_python, me.Metropolis(scale=2.0)),
    ],
    ids=["NUTS", "HMC", "Metropolis", "Python"],
)
def test_an_exception_rejects_where_that_is_asked_for(density, sampler):
    changes = {"theta0": [0.0, 0.0], "sampler": sampler, "draws": 300, "data": (0.5,)}
    drawn = short(density, on_error="reject", **changes)
    assert np.array_equal(drawn.array, short(bounded, **changes).array)
    assert drawn.array[:, :, 0].max() <= 0.5


def test_what_an_exception_does_is_one_of_two():
    with pytest.raises(ValueError, match="on_error is 'ignore'; it must be 'raise' or 'reject'"):
        short(on_error="ignore")
    with pytest.raises(ValueError, match="where the log density is -inf"):
        short(breaks, [1.0, 0.0], data=(0.5,), on_error="reject")
