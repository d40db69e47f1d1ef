"""Every sampler and form that claims convergence on the post's data, held to the exact answer."""

import numpy as np
import pytest

import mcmc_edu as me

DATA = me.datasets.boelstad(seed=1)
EXACT = me.exact(DATA)

RUNS = {
    "NUTS, collapsed": (me.NUTS(), "collapsed", 2000),
    "NUTS with Stan's metric, collapsed": (me.NUTS(metric="variance"), "collapsed", 2000),
    "NUTS with a dense metric, collapsed": (me.NUTS(metric="dense"), "collapsed", 2000),
    "GIST, collapsed": (me.GIST(), "collapsed", 4000),
    "HMC, collapsed": (me.HMC(steps=8), "collapsed", 4000),
    "NUTS, non-centred": (me.NUTS(), "noncentered", 4000),
    "GIST, non-centred": (me.GIST(), "noncentered", 6000),
    "HMC, non-centred": (me.HMC(steps=16), "noncentered", 6000),
    "NUTS, centred": (me.NUTS(target_accept=0.95), "centered", 20_000),
}


def converged(draws: me.Draws) -> bool:
    """R-hat at most 1.01 and 100 effective draws a chain, for all 155 quantities."""
    return all(
        me.rhat(values) <= 1.01 and me.ess_bulk(values) >= 400 for _, values in draws.quantities()
    )


@pytest.mark.slow
@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_all_155_means_are_within_4_standard_errors(run) -> None:
    sampler, form, n = run
    posterior = me.models.partial_pooling(DATA, form)
    draws = posterior.sample(sampler=sampler, draws=n, seed=3)
    assert converged(draws)
    z = {
        name: (values.mean() - EXACT[name].mean) / me.mcse_mean(values)
        for name, values in draws.quantities()
    }
    assert len(z) == 155
    assert max(map(abs, z.values())) < 4.0, max(z.items(), key=lambda item: abs(item[1]))
    spread = [values.std() / EXACT[name].sd for name, values in draws.quantities()]
    assert np.abs(np.log(spread)).max() < 0.15


def test_the_default_sampler_on_the_collapsed_form() -> None:
    draws = me.models.partial_pooling(DATA, "collapsed").sample(seed=3)
    for name in ("mu_alpha", "mu_beta", "sigma_alpha", "sigma_beta", "sigma"):
        values = draws[name]
        assert me.rhat(values) <= 1.01
        assert abs(values.mean() - EXACT[name].mean) < 4.5 * me.mcse_mean(values)
