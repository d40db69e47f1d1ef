"""Simulation-based calibration and exact starts: right samplers pass, planted bugs do not."""

import itertools
import math
from types import SimpleNamespace

import matplotlib as mpl
import numpy as np
import pytest
from calibrated_model import BUGS, FORMS, RIGHT, calibrate, posterior, prior, simulate
from scipy import stats

import mcmc_edu as me
from mcmc_edu import targets
from mcmc_edu.verification import SBC, ecdf_band, ecdf_p_value, exact_start, sampled, sbc
from mcmc_edu.verification.exact_start import ks_p_value
from mcmc_edu.verification.simulation import ranked

mpl.use("Agg")

import matplotlib.pyplot as plt

# The ECDF of ranks and its band


def smallest_tail(ranks, draws):
    """The statistic as its definition has it, by scipy."""
    found = []
    for k in range(1, draws + 1):
        count, uniform = np.sum(np.less(ranks, k)), stats.binom(len(ranks), k / (draws + 1))
        found.append(2 * min(uniform.cdf(count), uniform.sf(count - 1)))
    return min(found)


@pytest.mark.parametrize(("n", "draws"), [(3, 2), (4, 3), (5, 1), (2, 6)])
def test_p_value_counts_all_outcomes(n, draws) -> None:
    """With n ranks of 0 to L there are (L + 1)^n outcomes, equally likely: count the extreme."""
    outcomes = list(itertools.product(range(draws + 1), repeat=n))
    statistic = np.array([smallest_tail(ranks, draws) for ranks in outcomes])
    for ranks, own in zip(outcomes, statistic, strict=True):
        expected = np.mean(statistic <= own * (1 + 1e-9))
        assert ecdf_p_value(np.array(ranks), draws) == pytest.approx(expected, abs=1e-12)


def test_uniform_ranks_stay_in_the_band_as_often_as_it_says() -> None:
    rng = np.random.default_rng(1)
    low, high = ecdf_band(100, 20, 0.9)
    line = np.arange(1, 21) / 21
    inside = []
    for _ in range(2000):
        ranks = rng.integers(0, 21, 100)
        ecdf = np.array([np.mean(ranks < k) for k in range(1, 21)]) - line
        inside.append(bool((ecdf > low - 1e-9).all() and (ecdf < high + 1e-9).all()))
        assert inside[-1] == (ecdf_p_value(ranks, 20) > 0.1)
    se = math.sqrt(0.9 * 0.1 / 2000)
    assert 0.9 - 4 * se < np.mean(inside) < 0.92 + 4 * se  # discrete: a little more than 0.9


def test_the_band_is_narrower_for_more_replicates_and_wider_for_a_higher_level() -> None:
    def width(*arguments):
        low, high = ecdf_band(*arguments)
        return (high - low).max()

    assert width(400, 19, 0.95) == pytest.approx(width(100, 19, 0.95) / 2, rel=0.1)
    assert width(100, 19, 0.999) > width(100, 19, 0.95)


@pytest.mark.parametrize("ranks", [[0, 5], [-1, 0], [], [[0, 1]]])
def test_ranks_out_of_range_are_refused(ranks) -> None:
    with pytest.raises(ValueError, match="integers from 0 to draws = 4"):
        ecdf_p_value(np.array(ranks, dtype=int), 4)


# Ranks


def rank(truth, values, draws, seed=0):
    values = np.asarray(values, float)
    return ranked(np.random.default_rng(seed), "q", np.array([truth]), values, draws).rank


def test_rank_is_the_number_of_draws_below() -> None:
    assert [rank(x, [1, 2, 3, 4, 5], 5) for x in (0.5, 1.5, 4.5, 9.0)] == [0, 1, 4, 5]


def test_the_draws_ranked_among_are_evenly_spaced() -> None:
    low_but_every_third = np.where(np.arange(1, 13) % 3 == 0, 9.0, 0.0)
    assert rank(5.0, low_but_every_third, 4) == 0  # draws 3, 6, 9 and 12
    assert rank(5.0, low_but_every_third, 12) == 8


def test_a_tie_is_broken_by_lot() -> None:
    found = [rank(1.0, [0.0, 1.0, 1.0, 2.0], 4, seed) for seed in range(3000)]
    counts = np.bincount(found, minlength=5)
    assert counts[[0, 4]].tolist() == [0, 0]
    assert np.abs(counts[1:4] - 1000).max() < 4.5 * math.sqrt(3000 / 3 * 2 / 3)


# Simulation-based calibration of a model whose posterior is known:
# theta ~ N(0, 1), y_i ~ N(theta, 1), i = 1 to 3, hence theta | y ~ N(sum(y) / 4, sd 1 / 2).


def normal_prior(rng):
    return {"theta": rng.standard_normal()}


def normal_data(rng, p):
    return p["theta"] + rng.standard_normal(3)


def normal_fit(shift=0.0, stretch=1.0, informed=1.0):
    def fit(y, seed):
        z = np.random.default_rng(seed).standard_normal(99)
        sd = 0.5 if informed else 1.0
        return {"theta": informed * y.sum() / 4 + shift + stretch * sd * z}

    return fit


def normal_quantities(p, y):
    squares = np.sum((y[:, None] - p["theta"]) ** 2, axis=0)
    return {"theta": p["theta"], "log_likelihood": -0.5 * squares}


def calibrate_normal(fit, seed=1, **settings):
    return sbc(normal_prior, normal_data, fit, normal_quantities, seed=seed, **settings)


def test_exact_posterior_draws_are_inside() -> None:
    result = calibrate_normal(normal_fit())
    assert result.inside
    assert result.outside == ()
    assert result.names == ("theta", "log_likelihood")
    assert result.ranks.shape == (200, 2)


def test_a_right_sampler_is_found_outside_no_more_often_than_the_level_says() -> None:
    outside = [
        not calibrate_normal(normal_fit(), seed, replicates=40).inside for seed in range(100)
    ]
    assert np.mean(outside) < 0.05 + 3 * math.sqrt(0.05 * 0.95 / 100)


@pytest.mark.parametrize(
    ("bug", "column", "low", "high"),
    [
        ({"shift": 0.2}, "mean rank", 0.0, 0.45),
        ({"shift": -0.2}, "mean rank", 0.55, 1.0),
        ({"stretch": 0.5}, "spread", 1.2, 2.0),
        ({"stretch": 2.0}, "spread", 0.0, 0.8),
    ],
)
def test_a_wrong_posterior_is_outside_and_the_table_says_how(bug, column, low, high) -> None:
    result = calibrate_normal(normal_fit(**bug))
    assert "theta" in result.outside
    assert low < result.table()["theta"][column] < high
    assert "OUTSIDE" in str(result)


def test_the_prior_for_the_posterior_is_seen_by_the_likelihood_alone() -> None:
    result = calibrate_normal(normal_fit(informed=0.0))
    assert result.outside == ("log_likelihood",)


def test_replicates_do_not_depend_on_threads_or_on_each_other() -> None:
    ranks = calibrate_normal(normal_fit(), replicates=20, threads=1).ranks
    assert np.array_equal(calibrate_normal(normal_fit(), replicates=20, threads=4).ranks, ranks)
    assert np.array_equal(calibrate_normal(normal_fit(), replicates=9).ranks, ranks[:9])
    assert not np.array_equal(ranks[:10], ranks[10:])


def test_without_quantities_every_entry_is_ranked() -> None:
    result = sbc(
        lambda rng: {"a": rng.standard_normal(2), "b": rng.random()},
        lambda rng, p: None,
        lambda y, seed: {
            "a": np.random.default_rng(seed).standard_normal((2, 9)),
            "b": np.random.default_rng(seed).random(9),
        },
        replicates=5,
        draws=9,
        seed=1,
    )
    assert result.names == ("a[0]", "a[1]", "b")


def test_quantities_share_the_probability_of_a_false_alarm() -> None:
    result = calibrate_normal(normal_fit())
    low, high = result.band()
    assert np.array_equal((low, high), ecdf_band(200, 99, 0.975))
    assert result.p_value == min(1.0, 2 * min(result.p_values.values()))
    difference = result.ecdf_difference()
    assert difference.shape == (2, 99)
    assert difference[0, 9] == np.mean(result.ranks[:, 0] < 10) - 0.1


def test_outside_is_what_leaves_the_band() -> None:
    rng = np.random.default_rng(1)
    found = []
    for _ in range(60):
        ranks = rng.binomial(19, rng.beta(1.0, 0.75, (50, 3)))  # a little off: some leave
        result = SBC(ranks, ("a", "b", "c"), 19, np.ones((50, 3)), 0.9)
        (low, high), curves = result.band(), result.ecdf_difference()
        leave = ((curves < low - 1e-9) | (curves > high + 1e-9)).any(axis=1)
        assert [name in result.outside for name in result.names] == leave.tolist()
        assert result.inside == (result.p_value > 0.1)
        found += leave.tolist()
    assert 0.1 < np.mean(found) < 0.9


def test_chains_that_hardly_move_are_reported() -> None:
    def stuck(y, seed):
        z = np.random.default_rng(seed).standard_normal(99)
        return {"theta": np.repeat(z[:10], 100)}

    result = calibrate_normal(stuck, replicates=8)
    assert "fewer effective draws than 99 / 2" in str(result)
    few = calibrate_normal(normal_fit(), replicates=8)  # which tell nothing
    assert "fewer effective draws" not in str(few)
    assert np.isnan(few.ess).all()


@pytest.mark.parametrize(
    ("fit", "message"),
    [
        (lambda y, seed: {"theta": np.full(99, np.nan)}, "theta is NaN in 99 of its draws"),
        (lambda y, seed: {"theta": np.zeros(98)}, "98 draws"),
        (lambda y, seed: {"theta": np.zeros((2, 99))}, "log_likelihood"),
    ],
)
def test_draws_that_cannot_be_ranked_are_refused(fit, message) -> None:
    def quantities(p, y):
        return {"theta": p["theta"], "log_likelihood": p["theta"]}

    with pytest.raises(ValueError, match=message):
        sbc(normal_prior, normal_data, fit, quantities, replicates=2, seed=1)


@pytest.mark.parametrize("settings", [{"replicates": 0}, {"draws": 1.5}, {"level": 95}])
def test_settings_are_checked(settings) -> None:
    with pytest.raises(ValueError, match=next(iter(settings))):
        calibrate_normal(normal_fit(), **settings)


# From a posterior and a sampler to a fit


def normal_density(theta, grad, data):
    y, n = data
    grad[0] = -theta[0]
    for i in range(n):
        grad[0] += y[i] - theta[0]
    logp = -0.5 * theta[0] * theta[0]
    for i in range(n):
        logp -= 0.5 * (y[i] - theta[0]) * (y[i] - theta[0])
    return logp


def normal_posterior(y):
    return SimpleNamespace(
        log_density=normal_density,
        data=(y, y.size),
        start=np.zeros(1),
        natural=lambda theta: {"theta": theta[0]},
    )


@pytest.mark.parametrize(
    "sampler", [me.NUTS(), me.HMC(steps=5), me.Metropolis(scale=1.5)], ids=repr
)
def test_sampled_draws_have_the_moments_of_the_posterior(sampler) -> None:
    fit = sampled(normal_posterior, sampler=sampler, warmup=200, draws=2000)
    for y in (np.array([1.0, 2.0, 3.0]), np.array([-4.0, 0.0, -1.0])):  # one compilation for both
        draws = fit(y, np.random.SeedSequence(1))["theta"]
        assert draws.shape == (2000,)
        se = 0.5 / math.sqrt(me.ess_mean(draws[None]))
        assert abs(draws.mean() - y.sum() / 4) < 4.5 * se


def test_warmup_is_dropped() -> None:
    y, seed, walk = np.zeros(3), np.random.SeedSequence(1), me.Metropolis(scale=1.0)
    whole = sampled(normal_posterior, sampler=walk, warmup=0, draws=30)(y, seed)["theta"]
    rest = sampled(normal_posterior, sampler=walk, warmup=10, draws=20)(y, seed)["theta"]
    assert np.array_equal(rest, whole[10:])


def test_a_second_data_set_of_another_type_is_read_as_what_it_is() -> None:
    fit = sampled(normal_posterior, warmup=200, draws=500)
    y = np.array([1.0, 2.0, 3.0])
    expected = fit(y, np.random.SeedSequence(1))["theta"]
    for same in (y.astype(np.float32), y.astype(np.int64), np.repeat(y, 2)[::2]):
        assert np.allclose(fit(same, np.random.SeedSequence(1))["theta"], expected)


def test_a_posterior_that_cannot_be_sampled_is_refused() -> None:
    def flat(y):
        return SimpleNamespace(
            log_density=lambda theta, data: 0.0, data=(), start=np.zeros(1), natural=None
        )

    def nowhere(y):
        return SimpleNamespace(**vars(normal_posterior(y)) | {"start": np.array([np.inf])})

    def misshapen(y):
        return SimpleNamespace(
            **vars(normal_posterior(y)) | {"natural": lambda theta: {"theta": theta[0, 0]}}
        )

    y, seed = np.zeros(3), np.random.SeedSequence(1)
    with pytest.raises(TypeError, match="no gradient, which NUTS needs"):
        sampled(flat)(y, seed)
    with pytest.raises(ValueError, match="at the start"):
        sampled(nowhere)(y, seed)
    with pytest.raises(ValueError, match="natural gives 'theta' the shape"):
        sampled(misshapen)(y, seed)


# Exact starts

SAMPLERS = [
    me.Metropolis(scale=1.0),
    me.Metropolis(covariance=[[2.0, 0.5], [0.5, 1.0]]),
    me.HMC(step_size=1.1, steps=4),
    me.GIST(step_size=0.6),
    me.NUTS(step_size=0.6, inv_metric=[4.0, 1.0]),
]
BANANA = targets.banana(sd=2.0, bend=0.3)


def start_exactly(sampler, target=BANANA, **changes):
    settings = {"log_density": target.log_density, "data": target.data, "names": target.names}
    return exact_start(sampler, target.exact_draws, seed=1, **settings | changes)


@pytest.mark.parametrize("sampler", SAMPLERS, ids=repr)
def test_samplers_leave_their_target_as_it_is(sampler) -> None:
    check = start_exactly(sampler)
    assert list(check.p_values) == ["x", "y", "log density"]
    assert check.p_value > 1e-4
    assert check.moved > 0.2
    ends, exact = check.means["x"]
    assert abs(ends - exact) < 4.5 * 2.0 * math.sqrt(1 / 20_000 + 1 / 80_000)


@pytest.mark.parametrize("sampler", SAMPLERS, ids=repr)
def test_samplers_of_another_target_are_seen_in_one_transition(sampler) -> None:
    other = targets.banana(sd=2.0, bend=0.1)
    assert start_exactly(sampler, data=other.data).p_value < 1e-6


def test_the_log_density_is_a_quantity_of_its_own() -> None:
    """Each margin stays N(0, 1), but the correlation is lost."""
    target = targets.normal(covariance=[[1.0, 0.9], [0.9, 1.0]], mean=[0.0, 0.0])
    check = start_exactly(lambda rng, theta: np.column_stack([theta[:, 0], -theta[:, 1]]), target)
    found = {name: p > 1e-4 for name, p in check.p_values.items()}
    assert list(found.values()) == [True, True, False]
    right = start_exactly(lambda rng, theta: -theta, target)
    assert right.p_value == min(1.0, 3 * min(right.p_values.values())) > 1e-4


def leapfrog_without_last_half_step(rng, theta, step=0.9):
    """One leapfrog step on N(0, 1) whose momentum is left half a step behind."""
    p = rng.standard_normal(theta.shape)
    half = p - 0.5 * step * theta
    end = theta + step * half
    ratio = 0.5 * np.sum(theta**2 + p**2 - end**2 - half**2, axis=1)
    return np.where((np.log(rng.random(len(theta))) < ratio)[:, None], end, theta)


def test_a_function_of_ones_own_is_tested_too() -> None:
    def exact(rng, n):
        return rng.standard_normal((n, 1))

    assert exact_start(lambda rng, theta: -theta, exact, seed=1).p_value > 1e-4
    assert exact_start(leapfrog_without_last_half_step, exact, seed=1).p_value < 1e-6
    assert exact_start(lambda rng, theta: theta * np.nan, exact, seed=1).p_value == 0.0


def test_standing_still_passes() -> None:
    check = exact_start(lambda rng, theta: theta, lambda rng, n: rng.random((n, 1)), seed=1)
    assert check.p_value > 1e-4
    assert check.moved == 0.0
    assert "20000 starts, 0 % moved" in str(check)


def test_kolmogorov_and_smirnov_agree_with_scipy() -> None:
    rng = np.random.default_rng(1)
    for shift in (0.0, 0.05, 0.2):
        a, b = rng.standard_normal(800) + shift, rng.standard_normal(2400)
        assert ks_p_value(a, b) == pytest.approx(
            stats.ks_2samp(a, b, method="exact").pvalue, rel=0.1
        )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((me.NUTS(), BANANA.exact_draws), "log_density is missing, which NUTS needs"),
        ((lambda rng, theta: theta[:, 0], BANANA.exact_draws), "the sampler made"),
        ((lambda rng, theta: theta, lambda rng, n: np.zeros(n)), "must be finite, of shape"),
    ],
)
def test_what_cannot_be_started_is_refused(arguments, message) -> None:
    with pytest.raises(ValueError, match=message):
        exact_start(*arguments, seed=1)


def test_nothing_is_tuned() -> None:
    with pytest.raises(ValueError, match=r"NUTS\(step_size=1\)"):
        start_exactly(me.NUTS())


def test_a_missing_gradient_is_named() -> None:
    with pytest.raises(ValueError, match="no gradient"):
        start_exactly(me.HMC(step_size=0.1), log_density=lambda theta, data: 0.0)


# The picture


def test_curves_that_leave_the_band_are_named_and_the_rest_counted() -> None:
    curves = {"a": [0.1, 0.0], "b": [0.0, 0.3], "c": [0.0, 0.1]}
    ax = me.plots.ecdf_difference(curves, ([-0.2, -0.2], [0.2, 0.2]))
    names = [text.get_text() for text in ax.get_legend().get_texts()]
    assert names == ["2 inside", "b"]
    (wrong,) = [line for line in ax.get_lines() if line.get_label() == "b"]
    assert wrong.get_xydata().tolist() == [[0, 0], [1 / 3, 0.0], [2 / 3, 0.3], [1, 0]]
    plt.close("all")


def test_a_curve_must_fit_the_band() -> None:
    with pytest.raises(ValueError, match=r"'a' of shape \(3,\)"):
        me.plots.ecdf_difference({"a": [0, 0, 0]}, ([-1, -1], [1, 1]))


def test_a_result_draws_itself() -> None:
    result = calibrate_normal(normal_fit(informed=0.0), replicates=50)
    ax = result.plot(["log_likelihood"])
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["log_likelihood"]
    with pytest.raises(ValueError, match="the quantities are theta, log_likelihood"):
        result.plot(["sigma"])
    plt.close("all")


# The library's own model


@pytest.mark.slow
@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_density_has_the_gradient_of_its_bug(bug) -> None:
    """So that what is found is the density's bug, and not a gradient's."""
    form, rng = "noncentered", np.random.default_rng(2)
    found = posterior(form)(simulate(rng, prior(rng)))
    theta = found.start + 0.3 * rng.standard_normal(found.dim)
    assert me.check_gradient(BUGS[bug](RIGHT), theta, found.data).ok


def test_the_collapsed_model_is_calibrated_in_short() -> None:
    result = calibrate("collapsed", replicates=50, warmup=300, draws=600)
    assert result.inside, result


def test_a_lost_likelihood_shows_in_short() -> None:
    result = calibrate(
        "collapsed", BUGS["no likelihood"](RIGHT), replicates=50, warmup=300, draws=600
    )
    sees_nothing(result, "collapsed")


def sees_nothing(result, form):
    """The lines of the collapsed form are drawn from data and density: there the prior shows it."""
    assert result.outside == ("log_likelihood",) + ("log_prior",) * (form == "collapsed")


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_the_model_is_calibrated(form) -> None:
    result = calibrate(form)
    assert result.inside, result


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_density_is_not(form, bug) -> None:
    wrong = BUGS[bug](RIGHT)
    result = calibrate(form, wrong, sampler=me.NUTS(max_depth=6), warmup=300, draws=500)
    assert not result.inside, result
    if bug == "no likelihood":
        sees_nothing(result, form)
