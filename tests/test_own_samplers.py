"""A sampler of one's own: chains, seeds, files, resuming and diagnostics as ours have them."""

import math
from typing import NamedTuple

import numba
import numpy as np
import pytest
from scipy import stats

import mcmc_edu as me
from mcmc_edu.draws.arviz import to_arviz

SHORT = {"draws": 600, "warmup": 100, "seed": 1, "progress": False}
MEAN, SD = np.array([1.0, -2.0]), np.array([0.5, 2.0])


def two_normals(theta, grad, data):
    mean, sd = data
    logp = 0.0
    for i in range(theta.size):
        z = (theta[i] - mean[i]) / sd[i]
        grad[i] = -z / sd[i]
        logp -= 0.5 * z * z
    return logp


def metropolis(rng, theta, log_density):
    proposal = theta + np.array([1.0, 4.0]) * rng.standard_normal(theta.size)
    accepted = math.log(rng.random()) < log_density(proposal) - log_density(theta)
    return (proposal if accepted else theta), {"accepted": accepted}


class Place(NamedTuple):
    theta: np.ndarray
    steps: int


class Said(NamedTuple):
    accept_prob: float
    energy: float
    divergent: bool


class Leapfrog:
    """Hamiltonian Monte Carlo: what it says means what it does in our samplers."""

    def __init__(self, step_size: float, steps: int) -> None:
        self.step_size, self.steps = step_size, steps

    def init(self, theta, log_density, rng):
        return Place(theta, 0)

    def step(self, rng, state, log_density):
        momentum = rng.standard_normal(state.theta.size)
        logp, grad = log_density.value_and_gradient(state.theta)
        before = 0.5 * momentum @ momentum - logp
        theta, p = state.theta, momentum
        for _ in range(self.steps):
            p = p + 0.5 * self.step_size * grad
            theta = theta + self.step_size * p
            logp, grad = log_density.value_and_gradient(theta)
            p = p + 0.5 * self.step_size * grad
        after = 0.5 * p @ p - logp
        accepted = math.log(rng.random()) < before - after
        said = Said(min(1.0, math.exp(before - after)), min(after, before), after - before > 1000.0)
        return Place(theta if accepted else state.theta, state.steps + 1), said


Y = stats.norm(3.0, 2.0).rvs(20, random_state=1)


def gibbs(rng, state, log_density):
    """mu ~ N(0, 10), sigma^2 ~ InvGamma(2, 2); theta = (mu, log sigma)."""
    variance = state["sigma2"]
    precision = Y.size / variance + 0.01
    mu = rng.normal(Y.sum() / variance / precision, precision**-0.5)
    rate = 2.0 + 0.5 * ((Y - mu) ** 2).sum()
    sigma2 = rate / rng.gamma(2.0 + 0.5 * Y.size)
    return {"theta": np.array([mu, 0.5 * math.log(sigma2)]), "sigma2": sigma2}, None


def of_gibbs(theta, data):
    mu, log_sigma = theta[0], theta[1]
    logp = -0.005 * mu * mu - 4.0 * log_sigma - 2.0 * math.exp(-2.0 * log_sigma)
    for i in range(data[0].size):
        z = (data[0][i] - mu) * math.exp(-log_sigma)
        logp -= log_sigma + 0.5 * z * z
    return logp


class Gibbs:
    step = staticmethod(gibbs)

    def init(self, theta, log_density, rng):
        return {"theta": theta, "sigma2": math.exp(2.0 * theta[1])}


def sample(sampler, theta0=(0.0, 0.0), **settings):
    given = SHORT | settings
    return me.sample(two_normals, theta0, data=(MEAN, SD), sampler=sampler, **given)


@pytest.mark.parametrize("sampler", [metropolis, Leapfrog(0.4, 5)], ids=["metropolis", "leapfrog"])
def test_it_samples_with_chains_and_diagnostics(sampler) -> None:
    draws = sample(sampler, draws=4000)
    table = draws.summary()
    for i in range(2):
        row = table[f"theta[{i}]"]
        assert abs(row["mean"] - MEAN[i]) < 4.5 * row["mcse"]
        assert row["rhat"] < 1.02
        assert abs(row["sd"] - SD[i]) < 0.15 * SD[i]
    assert draws.array.shape == (4, 4000, 2)
    expected = stats.norm(MEAN, SD).logpdf(draws.array).sum(axis=2)
    shift = expected - draws.stats["logp"]
    np.testing.assert_allclose(shift, shift[0, 0], atol=1e-9)
    assert 0.1 < draws.accept_rate < 1.0


def test_its_energies_and_divergences_are_looked_at() -> None:
    draws = sample(Leapfrog(0.4, 5))
    assert draws.stats["energy"].dtype == float
    assert draws.stats["divergent"].dtype == bool
    assert not draws.divergences.size
    wild = sample(Leapfrog(4.0, 20), draws=50, warmup=0)  # beyond 2 sd: unstable
    assert wild.stats["divergent"].any()
    assert len(wild.divergences) == wild.stats["divergent"].sum()
    assert any("diverge" in note for note in wild.summary().notes)


def test_gibbs_keeps_a_dict_and_finds_the_posterior() -> None:
    draws = me.sample(of_gibbs, [0.0, 0.0], data=(Y,), sampler=Gibbs(), **SHORT | {"draws": 4000})
    mu, log_sigma = np.linspace(0.0, 6.0, 400), np.linspace(-0.5, 2.0, 400)
    grid = np.stack(np.meshgrid(mu, log_sigma, indexing="ij"), axis=-1)
    logp = np.array([[of_gibbs(point, (Y,)) for point in row] for row in grid])
    weight = np.exp(logp - logp.max())
    for i in range(2):
        exact = (weight * grid[..., i]).sum() / weight.sum()
        x = draws.array[:, :, i]
        assert abs(x.mean() - exact) < 4.5 * me.mcse_mean(x)


def test_a_compiled_step_gives_the_same_draws() -> None:
    def plain(rng, theta, log_density):
        proposal = theta + 0.5 * rng.standard_normal(theta.size)
        logp, grad = log_density.value_and_gradient(proposal)
        if rng.random() < 1.0 / (1.0 + max(0.0, log_density(theta) - logp) + 0.0 * grad[0]):
            return proposal, None
        return theta, None

    drawn = [sample(step, draws=50, chains=2).array for step in (plain, numba.njit(plain))]
    np.testing.assert_array_equal(*drawn)


def test_without_a_gradient_there_is_none_to_call() -> None:
    def flat(theta, data):
        return -0.5 * theta[0] * theta[0]

    with pytest.raises(me.DensityError, match="has no gradient; write f"):
        me.sample(flat, [0.0], sampler=Leapfrog(0.1, 2), **SHORT)


def test_chains_are_the_same_however_they_run(monkeypatch: pytest.MonkeyPatch) -> None:
    once = sample(metropolis)
    monkeypatch.setattr("mcmc_edu.driver.runner.next_block", lambda *of: 7)
    again = sample(metropolis, threads=1)
    np.testing.assert_array_equal(once.array, again.array)
    for name, values in once.stats.items():
        np.testing.assert_array_equal(values, again.stats[name])
    thinned = sample(metropolis, thin=5, keep_warmup=True)
    np.testing.assert_array_equal(thinned.array, once.array[:, ::5])
    assert thinned.warmup.array.shape == (4, 20, 2)


class Stopping:
    """Presses Ctrl-C after so many steps of all chains, as long as there are any left."""

    def __init__(self, inner, left: list[int]) -> None:
        self.inner, self.left = inner, left

    def init(self, theta, log_density, rng):
        make = getattr(self.inner, "init", None)
        return theta if make is None else make(theta, log_density, rng)

    def step(self, rng, state, log_density):
        self.left[0] -= 1
        if self.left[0] == 0:
            raise KeyboardInterrupt
        return getattr(self.inner, "step", self.inner)(rng, state, log_density)


@pytest.mark.parametrize("inner", [metropolis, Leapfrog(0.4, 3)], ids=["array", "NamedTuple"])
def test_a_stopped_run_goes_on_bit_for_bit(inner, tmp_path) -> None:
    file = tmp_path / "run.npz"
    with pytest.raises(KeyboardInterrupt):
        sample(Stopping(inner, [500]), file=file)
    assert (tmp_path / "run.partial.npz").exists()
    resumed = sample(Stopping(inner, [-1]), file=file)
    whole = sample(Stopping(inner, [-1]))
    np.testing.assert_array_equal(resumed.array, whole.array)
    for name, values in whole.stats.items():
        np.testing.assert_array_equal(values, resumed.stats[name])


def test_a_stopped_gibbs_goes_on_bit_for_bit(tmp_path) -> None:
    def run(left, **settings):
        sampler = Stopping(Gibbs(), [left])
        return me.sample(of_gibbs, [0.0, 0.0], data=(Y,), sampler=sampler, **SHORT | settings)

    with pytest.raises(KeyboardInterrupt):
        run(700, file=tmp_path / "run.npz")
    resumed = run(-1, file=tmp_path / "run.npz")
    np.testing.assert_array_equal(resumed.array, run(-1).array)


def test_another_sampler_does_not_go_on(tmp_path) -> None:
    file = tmp_path / "run.npz"
    with pytest.raises(KeyboardInterrupt):
        sample(Stopping(metropolis, [500]), file=file)
    with pytest.raises(ValueError, match="another sampler: there Stopping, here Leapfrog"):
        sample(Leapfrog(0.4, 3), file=file)


def test_settings_and_code_tell_samplers_apart() -> None:
    from mcmc_edu.driver.identity import fingerprint
    from mcmc_edu.samplers.machinery.own import OwnSampler

    def other(rng, theta, log_density):
        return theta + rng.standard_normal(theta.size), None

    def another(rng, theta, log_density):
        return theta + 2.0 * rng.standard_normal(theta.size), None

    another.__qualname__ = other.__qualname__
    samplers = (metropolis, other, another, Leapfrog(0.4, 3), Leapfrog(0.4, 4), Gibbs())
    prints = [fingerprint(OwnSampler(sampler)) for sampler in samplers]
    assert len(set(prints)) == len(prints)
    assert fingerprint(OwnSampler(Leapfrog(0.4, 3))) == prints[3]


def test_draws_are_extended_in_memory_and_from_a_file(tmp_path) -> None:
    whole = sample(metropolis, draws=900)
    part = sample(metropolis, draws=600)
    np.testing.assert_array_equal(part.extend(300, progress=False).array, whole.array)
    part.save(tmp_path / "part.npz")
    read = me.load(tmp_path / "part.npz")
    more = {"log_density": two_normals, "data": (MEAN, SD), "progress": False}
    with pytest.raises(ValueError, match=r"sampler is missing.*pass sampler=metropolis"):
        read.extend(300, **more)
    longer = read.extend(300, sampler=metropolis, **more)
    np.testing.assert_array_equal(longer.array, whole.array)
    with pytest.raises(ValueError, match="another sampler"):
        read.extend(300, sampler=Leapfrog(0.4, 3), **more)


def test_draws_go_to_arviz() -> None:
    pytest.importorskip("arviz_base")
    tree = to_arviz(sample(metropolis, draws=20, warmup=0))
    assert "accepted" in tree.sample_stats


class Anything:
    theta = np.zeros(2)


def returning(state, info=None):
    return lambda rng, before, log_density: (state, info)


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (lambda rng, theta, log_density: theta, "returned ndarray; it must return"),
        (returning([0.0, 0.0]), "given a state of type ndarray and returned list"),
        (returning(np.zeros(3)), r"theta of the state has shape \(3,\).*must be \(2,\)"),
        (returning(np.zeros(2, dtype=np.float32)), "type float32"),
        (returning(np.array([0.0, np.nan])), "theta of the state is .*nan.*must be finite"),
        (returning(np.zeros(2), 0.5), "info is float; info is None, or numbers by name"),
        (returning(np.zeros(2), {"how": "well"}), r"info\['how'\] is str"),
        (returning(np.zeros(2), {"logp": 1.0}), "'logp', which is recorded anyway"),
        (returning(np.zeros(2), {1: 1.0}), "info has the name 1; a name is text"),
    ],
)
def test_what_a_step_may_not_return_is_named(step, expected: str) -> None:
    with pytest.raises((TypeError, ValueError), match=expected):
        sample(step)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (Anything(), "the state is Anything: a state is an array"),
        ({"place": np.zeros(2)}, "the state has no theta, but place"),
        ({"theta": np.zeros(2), "cache": [1.0]}, "state part 'cache' is list"),
        ({"theta": np.zeros(2), "name": "x"}, "state part 'name' is str"),
        ({"theta": [0.0, 0.0]}, "state part 'theta' is list"),
    ],
)
def test_a_state_that_cannot_be_saved_is_refused_at_the_start(state, expected: str) -> None:
    class Odd:
        def init(self, theta, log_density, rng):
            return state

        def step(self, rng, before, log_density):
            return before, None

    with pytest.raises(TypeError, match=expected):
        sample(Odd())


def test_info_keeps_its_names() -> None:
    calls = [0]

    def forgetful(rng, theta, log_density):
        calls[0] += 1
        return theta, ({"a": 1} if calls[0] < 5 else {"b": 1})

    with pytest.raises(TypeError, match=r"info has \['b'\] at iteration .*had \['a'\] first"):
        sample(forgetful, chains=1)


def test_a_step_that_raises_leaves_the_draws_until_then() -> None:
    def stumbling(rng, theta, log_density):
        if log_density(theta) < -8.0:
            raise RuntimeError("lost")
        return theta + rng.standard_normal(theta.size), None

    with pytest.raises(
        me.DensityError, match=r"chain \d: the step of .*stumbling raised"
    ) as caught:
        sample(stumbling, MEAN, warmup=0, chains=2, draws=2000)
    assert caught.value.draws.array.shape[0] == 2


@pytest.mark.parametrize("sampler", [Leapfrog, 3, None, "NUTS"])
def test_what_is_no_sampler_is_refused(sampler) -> None:
    with pytest.raises(TypeError, match=r"sampler is .*; pass for example me.NUTS"):
        sample(sampler)
