"""Wrong and right answers to the exercise `metropolis`."""

import math

import numpy as np
from scipy import stats

from ...exercise import Bank

BANK = Bank("metropolis")


@BANK.has_bug("accepted-only")
def append_inside_if(log_density, theta0, scale, n, rng):
    theta = np.array(theta0, dtype=float)
    lp = log_density(theta)
    draws = []
    while len(draws) < n:
        proposal = rng.normal(theta, scale)
        lp_new = log_density(proposal)
        if np.log(rng.uniform()) < lp_new - lp:
            theta = proposal
            lp = lp_new
            draws.append(theta)
    return np.array(draws)


@BANK.has_bug("accepted-only")
def proposes_until_accepted(log_density, theta0, scale, n, rng):
    draws = np.zeros((n, len(theta0)))
    current = theta0.copy()
    for i in range(n):
        accepted = False
        while not accepted:
            prop = current + scale * rng.standard_normal(len(theta0))
            accepted = rng.exponential() > log_density(current) - log_density(prop)
        current = prop
        draws[i, :] = current
    return draws


@BANK.has_bug("accepted-only")
def counter_goes_on_if_accepted(log_density, theta0, scale, n, rng):
    out = np.full((n, theta0.size), np.nan)
    x, i = theta0 + 0.0, 0
    while i < n:
        y = x + scale * rng.normal(size=x.shape)
        with np.errstate(over="ignore"):
            ratio = np.exp(log_density(y) - log_density(x))
        if rng.random() < ratio:
            x = y
            out[i] = x
            i += 1
    return out


@BANK.has_bug("two-names")
def proposal_is_theta(log_density, theta0, scale, n, rng):
    theta = theta0.copy()
    draws = np.empty((n, theta.size))
    logp = log_density(theta)
    for i in range(n):
        proposal = theta
        proposal += scale * rng.standard_normal(theta.size)
        logp_new = log_density(proposal)
        if math.log(1 - rng.random()) < logp_new - logp:
            theta = proposal
            logp = logp_new
        draws[i] = theta
    return draws


@BANK.has_bug("two-names")
def coordinate_by_coordinate_in_place(log_density, theta0, scale, n, rng):
    d = len(theta0)
    current = [float(t) for t in theta0]
    lp = log_density(np.array(current))
    draws = []
    for _ in range(n):
        prop = current
        for k in range(d):
            prop[k] = prop[k] + rng.normal(0.0, scale)
        lp_prop = log_density(np.array(prop))
        if lp_prop - lp >= 0 or rng.random() < math.exp(lp_prop - lp):
            current = prop
            lp = lp_prop
        draws.append(list(current))
    return np.array(draws)


@BANK.has_bug("one-array-recorded")
def appends_the_same_array(log_density, theta0, scale, n, rng):
    theta = theta0.copy()
    logp = log_density(theta)
    chain = []
    for _ in range(n):
        new = theta + scale * rng.standard_normal(theta.size)
        logp_new = log_density(new)
        if np.log(rng.random()) < logp_new - logp:
            theta[:] = new
            logp = logp_new
        chain.append(theta)
    return np.array(chain)


@BANK.has_bug("one-array-recorded")
def fills_after_the_loop(log_density, theta0, scale, n, rng):
    state = {"x": np.array(theta0, float)}
    rows = [None] * n
    for i in range(n):
        step = rng.normal(0, scale, len(theta0))
        difference = log_density(state["x"] + step) - log_density(state["x"])
        if rng.exponential() > -difference:
            state["x"] += step
        rows[i] = state["x"]
    return np.vstack(rows)


@BANK.has_bug("start-recorded")
def from_one(log_density, theta0, scale, n, rng):
    draws = np.zeros((n, len(theta0)))
    draws[0] = theta0
    for i in range(1, n):
        proposal = draws[i - 1] + scale * rng.standard_normal(len(theta0))
        if np.log(rng.random()) < log_density(proposal) - log_density(draws[i - 1]):
            draws[i] = proposal
        else:
            draws[i] = draws[i - 1]
    return draws


@BANK.has_bug("start-recorded")
def records_first(log_density, theta0, scale, n, rng):
    theta, logp, draws = theta0, log_density(theta0), []
    for _ in range(n):
        draws.append(theta.copy())
        new = rng.normal(theta, scale)
        logp_new = log_density(new)
        if -rng.exponential() < logp_new - logp:
            theta, logp = new, logp_new
    return np.array(draws)


@BANK.has_bug("proposal-recorded")
def appends_proposal(log_density, theta0, scale, n, rng):
    theta = theta0.copy()
    draws = []
    for _ in range(n):
        proposal = theta + scale * rng.standard_normal(theta.size)
        if np.log(rng.random()) < log_density(proposal) - log_density(theta):
            theta = proposal
        draws.append(proposal)
    return np.array(draws)


@BANK.has_bug("proposal-recorded")
def row_is_proposal(log_density, theta0, scale, n, rng):
    d = theta0.size
    steps = rng.normal(0, scale, size=(n, d))
    u = rng.random(n)
    draws = np.empty((n, d))
    here, lp = theta0, log_density(theta0)
    for i in range(n):
        draws[i] = here + steps[i]
        lp_new = log_density(draws[i])
        if lp_new > lp or u[i] < np.exp(lp_new - lp):
            here, lp = draws[i].copy(), lp_new
    return draws


@BANK.has_bug("sign-flipped")
def old_minus_new(log_density, theta0, scale, n, rng):
    theta = theta0.copy()
    logp = log_density(theta)
    draws = np.empty((n, theta.size))
    for i in range(n):
        prop = theta + scale * rng.standard_normal(theta.size)
        logp_new = log_density(prop)
        if np.isfinite(logp_new) and np.log(rng.random()) < logp - logp_new:
            theta, logp = prop, logp_new
        draws[i] = theta
    return draws


@BANK.has_bug("sign-flipped")
def ratio_upside_down(log_density, theta0, scale, n, rng):
    def alpha(a, b):
        la, lb = log_density(a), log_density(b)
        if not (la > -np.inf and lb > -np.inf):
            return 0.0
        return math.exp(min(0.0, la - lb))

    samples = [np.asarray(theta0)]
    for _ in range(n):
        candidate = rng.normal(samples[-1], scale)
        keep = rng.uniform(0, 1) < alpha(samples[-1], candidate)
        samples.append(candidate if keep else samples[-1])
    return np.array(samples[1:])


@BANK.has_bug("log-forgotten")
def no_log(log_density, theta0, scale, n, rng):
    theta = theta0.copy()
    draws = np.empty((n, theta.size))
    for i in range(n):
        new = theta + scale * rng.standard_normal(theta.size)
        if rng.random() < log_density(new) - log_density(theta):
            theta = new
        draws[i] = theta
    return draws


@BANK.has_bug("log-forgotten")
def no_exp(log_density, theta0, scale, n, rng):
    x = np.array(theta0)
    lx = log_density(x)
    result = []
    for u in rng.uniform(size=n):
        y = rng.normal(loc=x, scale=scale)
        ly = log_density(y)
        acceptance = min(ly - lx, 1.0)
        if u < acceptance:
            x, lx = y, ly
        result.append(x.copy())
    return np.stack(result)


@BANK.has_bug("greedy")
def only_uphill(log_density, theta0, scale, n, rng):
    draws = []
    theta, logp = theta0, log_density(theta0)
    for _ in range(n):
        new = theta + rng.normal(0, scale, theta.size)
        logp_new = log_density(new)
        if logp_new >= logp:
            theta, logp = new, logp_new
        draws.append(theta)
    return np.array(draws)


@BANK.has_bug("greedy")
def one_for_the_random_number(log_density, theta0, scale, n, rng):
    draws = np.empty((n, theta0.size))
    theta = theta0.copy()
    for i in range(n):
        new = theta + scale * rng.standard_normal(theta.size)
        ratio = np.exp(np.minimum(log_density(new) - log_density(theta), 50.0))
        if ratio > 1.0 or ratio == 1.0:
            theta = new
        draws[i] = theta
    return draws


@BANK.has_bug("always")
def plain_walk(log_density, theta0, scale, n, rng):
    theta = theta0.copy()
    draws = np.empty((n, theta.size))
    for i in range(n):
        new = theta + scale * rng.standard_normal(theta.size)
        if np.isfinite(log_density(new)):
            theta = new
        draws[i] = theta
    return draws


@BANK.has_bug("always")
def max_for_min(log_density, theta0, scale, n, rng):
    theta = theta0.copy()
    lp = log_density(theta)
    out = []
    for _ in range(n):
        prop = rng.normal(theta, scale)
        lp_prop = log_density(prop)
        if lp_prop > -math.inf:
            a = max(1.0, math.exp(min(lp_prop - lp, 20.0)))
        else:
            a = 0.0
        if rng.random() < a:
            theta, lp = prop, lp_prop
        out.append(theta)
    return np.array(out)


@BANK.has_bug("stale-density")
def density_before_the_loop(log_density, theta0, scale, n, rng):
    theta = theta0.copy()
    logp = log_density(theta)
    draws = np.empty((n, theta.size))
    for i in range(n):
        new = theta + scale * rng.standard_normal(theta.size)
        if math.log(1.0 - rng.random()) < log_density(new) - logp:
            theta = new
        draws[i] = theta
    return draws


@BANK.has_bug("stale-density")
def compares_with_start(log_density, theta0, scale, n, rng):
    chain = np.vstack([theta0, np.zeros((n, theta0.size))])
    for i in range(1, n + 1):
        y = rng.normal(chain[i - 1], scale)
        d = log_density(y) - log_density(theta0)
        chain[i] = y if rng.exponential() > -d else chain[i - 1]
    return chain[1:]


@BANK.has_bug("density-of-the-rejected")
def renewed_outside_if(log_density, theta0, scale, n, rng):
    theta = theta0.copy()
    logp = log_density(theta)
    draws = np.empty((n, theta.size))
    for i in range(n):
        new = theta + scale * rng.standard_normal(theta.size)
        logp_new = log_density(new)
        with np.errstate(invalid="ignore"):
            if np.log(rng.random()) < logp_new - logp:
                theta = new
        logp = logp_new
        draws[i] = theta
    return draws


@BANK.has_bug("density-of-the-rejected")
def previous_proposal(log_density, theta0, scale, n, rng):
    current, last = theta0.copy(), theta0.copy()
    draws = []
    for _ in range(n):
        prop = current + rng.normal(0.0, scale, len(current))
        with np.errstate(all="ignore"):
            ratio = np.exp(np.float64(log_density(prop)) - log_density(last))
        if rng.random() < ratio:
            current = prop
        last = prop
        draws.append(current)
    return np.array(draws)


@BANK.has_bug("variance-for-sd")
def root_of_scale(log_density, theta0, scale, n, rng):
    theta, logp = theta0, log_density(theta0)
    draws = np.empty((n, theta.size))
    for i in range(n):
        new = rng.normal(theta, np.sqrt(scale))
        logp_new = log_density(new)
        if math.log(1.0 - rng.random()) < logp_new - logp:
            theta, logp = new, logp_new
        draws[i] = theta
    return draws


@BANK.has_bug("variance-for-sd")
def multivariate_normal(log_density, theta0, scale, n, rng):
    d = len(theta0)
    cov = scale * np.eye(d)
    theta = theta0
    draws = []
    for _ in range(n):
        new = rng.multivariate_normal(theta, cov)
        if -rng.exponential() < log_density(new) - log_density(theta):
            theta = new
        draws.append(theta)
    return np.array(draws).reshape(n, d)


@BANK.has_bug("one-sided")
def uniform_from_zero(log_density, theta0, scale, n, rng):
    theta, logp = theta0, log_density(theta0)
    draws = np.empty((n, theta.size))
    for i in range(n):
        new = theta + scale * rng.random(theta.size)
        logp_new = log_density(new)
        if math.log(1.0 - rng.random()) < logp_new - logp:
            theta, logp = new, logp_new
        draws[i] = theta
    return draws


@BANK.has_bug("one-sided")
def absolute_normal(log_density, theta0, scale, n, rng):
    theta = np.array(theta0)
    out = []
    for _ in range(n):
        new = theta + np.abs(rng.normal(0, scale, theta.shape))
        if rng.exponential() > log_density(theta) - log_density(new):
            theta = new
        out.append(theta)
    return np.array(out)


@BANK.has_bug("uniform-step")
def symmetric_uniform(log_density, theta0, scale, n, rng):
    theta, logp = theta0, log_density(theta0)
    draws = np.empty((n, theta.size))
    for i in range(n):
        new = theta + rng.uniform(-scale, scale, theta.size)
        logp_new = log_density(new)
        if math.log(1.0 - rng.random()) < logp_new - logp:
            theta, logp = new, logp_new
        draws[i] = theta
    return draws


@BANK.has_bug("uniform-step")
def centred_random(log_density, theta0, scale, n, rng):
    draws = []
    here = list(theta0)
    for _ in range(n):
        there = [h + 2 * scale * (rng.random() - 0.5) for h in here]
        if rng.exponential() > log_density(np.array(here)) - log_density(np.array(there)):
            here = there
        draws.append(here)
    return np.array(draws)


@BANK.has_bug("around-the-start")
def theta0_in_the_loop(log_density, theta0, scale, n, rng):
    theta, logp = theta0, log_density(theta0)
    draws = np.empty((n, theta.size))
    for i in range(n):
        new = theta0 + scale * rng.standard_normal(theta.size)
        logp_new = log_density(new)
        if math.log(1.0 - rng.random()) < logp_new - logp:
            theta, logp = new, logp_new
        draws[i] = theta
    return draws


@BANK.has_bug("around-the-start")
def proposals_in_advance(log_density, theta0, scale, n, rng):
    proposals = rng.normal(theta0, scale, size=(n, len(theta0)))
    densities = [log_density(p) for p in proposals]
    draws = []
    theta, logp = theta0, log_density(theta0)
    for p, lp in zip(proposals, densities):
        if lp >= logp or rng.random() < np.exp(lp - logp):
            theta, logp = p, lp
        draws.append(theta)
    return np.array(draws)


@BANK.has_bug("one-number")
def scalar_step(log_density, theta0, scale, n, rng):
    theta, logp = theta0, log_density(theta0)
    draws = np.empty((n, theta.size))
    for i in range(n):
        new = theta + scale * rng.standard_normal()
        logp_new = log_density(new)
        if math.log(1.0 - rng.random()) < logp_new - logp:
            theta, logp = new, logp_new
        draws[i] = theta
    return draws


@BANK.has_bug("one-number")
def one_column_of_steps(log_density, theta0, scale, n, rng):
    z = rng.normal(0, scale, size=(n, 1))
    chain = [theta0]
    for i in range(n):
        x = chain[-1]
        y = x + z[i]
        ok = rng.exponential() > log_density(x) - log_density(y)
        chain.append(y if ok else x)
    return np.array(chain)[1:]


@BANK.has_bug("nan-accepted")
def min_of_one_and_nan(log_density, theta0, scale, n, rng):
    theta, logp = theta0, log_density(theta0)
    draws = np.empty((n, theta.size))
    for i in range(n):
        new = theta + scale * rng.standard_normal(theta.size)
        logp_new = log_density(new)
        with np.errstate(all="ignore"):
            a = min(1, np.exp(np.float64(logp_new) - logp))
        if rng.random() < a:
            theta, logp = new, logp_new
        draws[i] = theta
    return draws


@BANK.has_bug("nan-accepted")
def rejects_if_above(log_density, theta0, scale, n, rng):
    chain = []
    x = theta0.copy()
    for _ in range(n):
        y = x + rng.normal(size=x.size) * scale
        d = log_density(y) - log_density(x)
        if -rng.exponential() > d:
            chain.append(x)
            continue
        x = y
        chain.append(x)
    return np.array(chain)


@BANK.has_bug("start-changed")
def moves_the_start(log_density, theta0, scale, n, rng):
    theta = theta0
    logp = log_density(theta)
    draws = np.empty((n, theta.size))
    for i in range(n):
        new = theta + scale * rng.standard_normal(theta.size)
        logp_new = log_density(new)
        if math.log(1.0 - rng.random()) < logp_new - logp:
            theta[:] = new
            logp = logp_new
        draws[i] = theta
    return draws


@BANK.has_bug("start-changed")
def steps_back(log_density, theta0, scale, n, rng):
    x = np.asarray(theta0)
    lp = log_density(x)
    draws = []
    for _ in range(n):
        step = rng.normal(0, scale, x.size)
        x += step
        lp_new = log_density(x)
        if not rng.exponential() > lp - lp_new:
            x -= step
        else:
            lp = lp_new
        draws.append(x.copy())
    return np.array(draws)


@BANK.has_bug("other-randomness")
def global_generator(log_density, theta0, scale, n, rng):
    theta, logp = theta0, log_density(theta0)
    draws = np.empty((n, theta.size))
    for i in range(n):
        new = theta + scale * np.random.randn(theta.size)
        logp_new = log_density(new)
        if np.log(np.random.rand()) < logp_new - logp:
            theta, logp = new, logp_new
        draws[i] = theta
    return draws


@BANK.has_bug("other-randomness")
def scipy_without_state(log_density, theta0, scale, n, rng):
    theta = theta0
    draws = []
    for _ in range(n):
        new = theta + scale * rng.standard_normal(theta.size)
        if np.log(stats.uniform.rvs()) < log_density(new) - log_density(theta):
            theta = new
        draws.append(theta)
    return np.array(draws)


@BANK.is_right("textbook")
def textbook(log_density, theta0, scale, n, rng):
    theta, logp = np.array(theta0, float), log_density(np.array(theta0, float))
    draws = np.empty((n, theta.size))
    for i in range(n):
        new = theta + scale * rng.standard_normal(theta.size)
        logp_new = log_density(new)
        if np.log(1.0 - rng.random()) < logp_new - logp:
            theta, logp = new, logp_new
        draws[i] = theta
    return draws


@BANK.is_right("random numbers in advance")
def in_advance(log_density, theta0, scale, n, rng):
    steps = scale * rng.standard_normal((n, theta0.size))
    bars = -rng.exponential(size=n)
    draws = np.empty((n, theta0.size))
    here, logp = theta0, log_density(theta0)
    for i, (step, bar) in enumerate(zip(steps, bars)):
        there = here + step
        logp_there = log_density(there)
        if bar < logp_there - logp:
            here, logp = there, logp_there
        draws[i] = here
    return draws


@BANK.is_right("density not kept")
def density_twice(log_density, theta0, scale, n, rng):
    chain = [np.asarray(theta0, dtype=float)]
    for _ in range(n):
        current = chain[-1]
        candidate = rng.normal(current, scale)
        if np.log(1 - rng.uniform()) <= log_density(candidate) - log_density(current):
            chain.append(candidate)
        else:
            chain.append(current)
    return np.array(chain[1:])


@BANK.is_right("decides before it proposes")
def decides_first(log_density, theta0, scale, n, rng):
    theta = np.copy(theta0)
    logp = log_density(theta)
    draws = []
    for _ in range(n):
        bar = logp - rng.exponential()
        proposal = theta + rng.normal(0.0, scale, size=theta.shape)
        value = log_density(proposal)
        if value > bar:
            theta = proposal
            logp = value
        draws.append(theta.copy())
    return np.array(draws)


@BANK.is_right("in place, step taken back")
def in_place(log_density, theta0, scale, n, rng):
    theta = theta0.copy()
    logp = log_density(theta)
    draws = np.zeros((n, len(theta)))
    for i in range(n):
        old = theta.copy()
        for j in range(len(theta)):
            theta[j] += rng.normal(0, scale)
        new_logp = log_density(theta)
        if new_logp >= logp:
            logp = new_logp
        elif rng.random() < math.exp(new_logp - logp):
            logp = new_logp
        else:
            theta[:] = old
        draws[i, :] = theta
    return draws


@BANK.is_right("scipy")
def with_scipy(log_density, theta0, scale, n, rng):
    theta, lp = theta0, log_density(theta0)
    out = []
    for _ in range(n):
        new = stats.norm.rvs(loc=theta, scale=scale, size=theta.shape, random_state=rng)
        lp_new = log_density(new)
        a = 0.0 if np.isnan(lp_new) else np.exp(min(0.0, lp_new - lp))
        if stats.uniform.rvs(random_state=rng) < a:
            theta, lp = new, lp_new
        out.append(theta)
    return np.array(out)


class Walker:
    def __init__(self, log_density, theta, scale, rng):
        self.log_density, self.scale, self.rng = log_density, scale, rng
        self.move_to(theta, log_density(theta))

    def move_to(self, theta, logp):
        self.theta, self.logp = theta, logp

    def step(self):
        new = self.theta + self.scale * self.rng.normal(size=self.theta.size)
        logp = self.log_density(new)
        if self.rng.exponential() > self.logp - logp:
            self.move_to(new, logp)
        return self.theta


@BANK.is_right("class")
def with_a_class(log_density, theta0, scale, n, rng):
    walker = Walker(log_density, theta0.copy(), scale, rng)
    return np.array([walker.step() for _ in range(n)])


@BANK.is_right("multivariate normal")
def with_covariance(log_density, theta0, scale, n, rng):
    d = theta0.size
    steps = rng.multivariate_normal(np.zeros(d), scale**2 * np.eye(d), size=n)
    uniform = rng.random(n)
    states = np.tile(theta0, (n + 1, 1)).astype(float)
    for i in range(n):
        proposal = states[i] + steps[i]
        with np.errstate(over="ignore"):
            ratio = np.exp(np.float64(log_density(proposal)) - log_density(states[i]))
        states[i + 1] = proposal if uniform[i] < ratio else states[i]
    return states[1:]
