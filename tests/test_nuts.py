"""NUTS: the same draws as its recursive twin, and each of its pieces by itself."""

import math

import numpy as np
import pytest
from kernels import bind_python, bound, plain, state_at, step
from recursive_nuts import Hamiltonian, energy, transition

import mcmc_edu as me
from mcmc_edu import targets
from mcmc_edu.compiling import UNCOMPILED, bind
from mcmc_edu.samplers import nuts
from mcmc_edu.samplers import subtree as doubling
from mcmc_edu.samplers import trajectories as paths
from mcmc_edu.samplers.machinery.settings import metric_of

ILL = targets.ill_conditioned_normal(20, 100.0)
CASES = {
    "normal": (targets.normal([1.0, 4.0, 0.25]), 0.4, 10, None, 300),
    "one dimension": (targets.normal([1.0]), 0.9, 10, None, 300),
    "correlated": (targets.normal([[1.0, 0.9], [0.9, 1.0]]), 0.3, 10, None, 200),
    "many dimensions, a metric": (ILL, 0.5, 10, ILL.sd**2, 100),
    "dense metric": (targets.normal([1.0, 2.0]), 0.3, 10, [[1.0, 0.5], [0.5, 2.0]], 200),
    "coarse steps": (targets.normal([1.0, 1.0]), 1.9, 10, None, 300),
    "cut off": (targets.normal([1.0, 1.0, 1.0]), 0.02, 4, None, 100),
    "one doubling": (targets.normal([1.0, 1.0]), 0.7, 1, None, 100),
    "funnel": (targets.funnel(5), 0.6, 7, None, 200),
    "divergent": (targets.eight_schools_centered(), 0.5, 6, None, 200),
}


def twin_of(target, inv_metric=None) -> Hamiltonian:
    written = plain(target.log_density)

    def log_density(theta):
        grad = np.empty(theta.size)
        with np.errstate(all="ignore"):
            logp = written(theta, grad, target.data)
        return (-math.inf if math.isnan(logp) else logp), grad

    return Hamiltonian(
        log_density, np.ones(target.dim) if inv_metric is None else np.array(inv_metric)
    )


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_same_draws_as_the_recursive_twin(case) -> None:
    """To the bit in the unit metric; in others products are made in another order."""
    target, step_size, max_depth, inv_metric, n = case
    sampler = me.NUTS(step_size=step_size, max_depth=max_depth, inv_metric=inv_metric)
    h, density = twin_of(target, inv_metric), bound(target)
    rng, twins = np.random.default_rng(1), np.random.default_rng(1)
    state, depths, divergences = state_at(density, target.start), set(), 0
    for _ in range(n):
        tree, depth = transition(twins, h, state.theta, step_size, max_depth)
        state, info = step(sampler, rng, state, density)
        if inv_metric is None:
            np.testing.assert_array_equal(state.theta, tree.chosen.theta)
        else:
            np.testing.assert_allclose(state.theta, tree.chosen.theta, rtol=0.0, atol=1e-12)
        assert (info.depth, info.n_gradients) == (depth, tree.leaves)
        assert info.divergent == (tree.ended == "divergence")
        assert info.energy == pytest.approx(energy(h, tree.chosen), rel=1e-12, abs=1e-12)
        assert info.accept_prob == pytest.approx(tree.accept_sum / tree.leaves, rel=1e-12)
        depths.add(depth)
        divergences += info.divergent
        assert rng.bit_generator.state == twins.bit_generator.state
    assert max(depths) == max_depth or max_depth >= 7
    assert (divergences > 20) == (target.name.startswith("eight"))


def test_bits() -> None:
    assert [doubling.bits(n) for n in range(300)] == [n.bit_count() for n in range(300)]


def test_log_add() -> None:
    for a, b in [(0.0, 0.0), (-1.0, 2.5), (700.0, -700.0), (-800.0, -801.0), (1e4, 1e4)]:
        assert doubling.log_add(a, b) == pytest.approx(np.logaddexp(a, b), rel=1e-15)
    assert doubling.log_add(-math.inf, 3.0) == doubling.log_add(3.0, -math.inf) == 3.0
    assert doubling.log_add(-math.inf, -math.inf) == -math.inf


def test_the_row_of_an_open_block_is_not_needed_by_another() -> None:
    """Leaf i has row bits(i - 1), till every block that begins with it has ended."""
    for m in range(1024):
        longest = m & -m if m else 1024
        assert all((m + k).bit_count() > m.bit_count() for k in range(1, longest))


UNIT = metric_of(None, 2)


def vector(*values: float) -> np.ndarray:
    return np.array(values)


def test_is_turning_looks_at_both_ends() -> None:
    ahead, back, rho = vector(1.0, 0.5), vector(-1.0, 0.5), vector(2.0, 0.0)
    assert not doubling.is_turning(UNIT, ahead, ahead, rho)
    assert doubling.is_turning(UNIT, ahead, back, rho)
    assert doubling.is_turning(UNIT, back, ahead, rho)
    assert doubling.is_turning(UNIT, ahead, vector(0.0, 1.0), rho)  # not moving along is turning
    assert doubling.is_turning(UNIT, ahead, ahead, vector(math.nan, 0.0))


def test_is_turning_weighs_by_the_inverse_metric_once() -> None:
    """p' M^-1 rho: of 1 and 1 per direction here -2 + 3 inverse[1]."""
    p, rho = vector(1.0, 1.0), vector(-2.0, 3.0)
    for second, turning in ((0.5, True), (0.75, False), (0.8, False), (0.6, True)):
        diagonal, dense = metric_of([1.0, second], 2), metric_of([[1.0, 0.0], [0.0, second]], 2)
        assert doubling.is_turning(diagonal, p, p, rho) == turning
        assert doubling.is_turning(dense, p, p, rho) == turning
    skewed = metric_of([[1.0, 0.9], [0.9, 1.0]], 2)
    assert doubling.is_turning(UNIT, vector(1.0, 0.0), vector(1.0, 0.0), vector(-0.1, 1.0))
    assert not doubling.is_turning(skewed, vector(1.0, 0.0), vector(1.0, 0.0), vector(-0.1, 1.0))


def merge(a: list[float], b: list[float]) -> bool:
    """Put two halves together, given all momenta of each in one dimension."""
    metric = metric_of(None, 1)
    return doubling.merge_turns(
        metric,
        vector(a[0]),
        vector(a[-1]),
        vector(sum(a)),
        vector(b[0]),
        vector(b[-1]),
        vector(sum(b)),
        np.empty(1),
    )


def test_a_merge_looks_at_the_whole_and_across_the_halves() -> None:
    assert not merge([1.0, 1.0], [1.0, 1.0])
    assert merge([1.0, 2.0], [0.5, -0.1])  # the whole
    # the whole does not turn (rho 2.5, ends 3 and 0.3), but from a's last to b's end it does
    assert merge([3.0, -1.0], [0.2, 0.3])
    assert merge([0.3, 0.2], [-1.0, 3.0])  # and from a's first to b's first
    assert not merge([3.0, 0.1], [0.2, 0.3])


def tree_from(sampler, rng, state, density) -> me.samplers.Tree:
    """What `me.tree` does, without binding the density each time."""
    dim = state.theta.size
    record = np.full((2**sampler.max_depth, 2 * dim + 2), np.nan)
    new, info, ending = paths._grow(
        rng,
        state,
        density.adapter,
        density.packed,
        sampler.tuning(dim),
        np.empty((sampler.rows, dim)),
        record,
    )
    return paths._in_time(record[: info[5] + 1], new[0], info[4], nuts.Ending(*ending), dim)


def choice_probabilities(tree: me.samplers.Tree, h0: float) -> np.ndarray:
    """Of each leaf to be the next state, by the rule in words: within a doubling in proportion to
    exp(-H); a doubling of weight W displaces what is chosen so far, of the weight W_old of all
    before it, with probability min(1, W / W_old).
    """
    weight = np.where(tree.kept, np.exp(np.minimum(h0 - tree.energy, 700.0)), 0.0)
    probability = np.zeros(len(weight))
    probability[tree.start] = 1.0
    old = weight[tree.start]
    for k in range(1, tree.doubling.max() + 1):
        own = np.where(tree.doubling == k, weight, 0.0)
        if own.sum() == 0.0:
            continue
        taken = min(1.0, own.sum() / old)
        probability = (1.0 - taken) * probability + taken * own / own.sum()
        old += own.sum()
    return probability


def test_leaves_are_chosen_with_the_right_probabilities() -> None:
    """Steps so coarse that energies differ; sums of what was chosen against what was expected."""
    rng, n = np.random.default_rng(2), 2000 if UNCOMPILED else 8000
    target = targets.normal([[1.0, 0.6], [0.6, 1.0]])
    density, sampler = bound(target), me.NUTS(step_size=0.75, max_depth=6)
    starts = target.exact_draws(rng, n)
    excess, variance, spreads = np.zeros(4), np.zeros(4), []
    for k in range(n):
        tree = tree_from(sampler, rng, state_at(density, starts[k]), density)
        p = choice_probabilities(tree, tree.energy[tree.start])
        assert p.sum() == pytest.approx(1.0)
        assert p[tree.chosen] > 0.0
        place = np.arange(len(p))
        scores = np.array(
            [
                tree.doubling == tree.doubling[tree.kept].max(),
                tree.energy - tree.energy[tree.start],
                np.abs(place - tree.start),
                (place - tree.start) % 2,  # first or second of a pair
            ],
            dtype=float,
        )
        scores[:, p == 0.0] = 0.0
        mean = scores @ p
        excess += scores[:, tree.chosen] - mean
        variance += (scores - mean[:, None]) ** 2 @ p
        spreads.append(np.ptp(tree.energy[tree.kept]))
    assert np.median(spreads) > 0.2
    assert (np.abs(excess) < 4.5 * np.sqrt(variance)).all()


def test_a_discarded_doubling_counts_for_acceptance_but_is_never_chosen() -> None:
    target = targets.eight_schools_centered()
    density, sampler = bound(target), me.NUTS(step_size=0.4, max_depth=6)
    rng, seen = np.random.default_rng(3), 0
    theta = np.asarray(target.start)
    for _ in range(200):
        tree = tree_from(sampler, rng, state_at(density, theta), density)
        assert tree.kept[tree.start]
        assert tree.kept[tree.chosen]
        seen += not tree.kept.all()
        theta = tree.theta[tree.chosen]
    assert seen > 50


def cliff(theta, grad, data):
    """N(0, 1) up to 1, where it ends in NaN."""
    grad[0] = -theta[0]
    return math.nan if theta[0] > 1.0 else -0.5 * theta[0] * theta[0]


def test_nan_is_a_divergence_and_no_state() -> None:
    density, rng = bind(cliff), np.random.default_rng(4)
    state, seen = state_at(density, [0.9]), 0
    for _ in range(200):
        state, info = step(me.NUTS(step_size=0.3), rng, state, density)
        assert state.theta[0] <= 1.0
        assert math.isfinite(info.energy)
        if info.divergent:
            seen += 1
            assert 0.0 < info.divergence_theta[0] <= 1.0  # the last place before the cliff
    assert seen > 20


@pytest.mark.parametrize(("rise", "divergent"), [(990.0, False), (1010.0, True), (-5000.0, False)])
def test_a_divergence_is_a_rise_of_the_energy_by_1000(rise: float, divergent: bool) -> None:
    """A flat density with a wall of this height around the start: H changes by `rise` at once."""

    def wall(theta, grad, data):
        grad[:] = 0.0
        return 0.0 if abs(float(theta[0])) < 1e-9 else -rise

    density = bind_python(wall)
    state, info = step(
        me.NUTS(step_size=1.0, max_depth=3),
        np.random.default_rng(5),
        state_at(density, [0.0]),
        density,
    )
    assert info.divergent == divergent
    assert info.n_gradients == (1 if divergent else 7)
    assert (state.theta[0] == 0.0) == (rise > 0.0)
    assert info.accept_prob == (1.0 if rise < 0.0 else 0.0)


def infinite_beyond_2(theta, grad, data):
    grad[0] = -theta[0]
    return math.inf if theta[0] > 2.0 else -0.5 * theta[0] * theta[0]


def test_plus_infinity_is_an_error() -> None:
    density, start = bind(infinite_beyond_2), np.array([0.0])
    chain = me.NUTS(step_size=0.5).chain(density, start, 0, np.random.SeedSequence(6))
    with pytest.raises(me.DensityError, match=r"\+inf") as caught:
        chain.run(500)
    assert caught.value.theta[0] > 2.0
