"""Wrong and right answers to the exercise `metropolis_hastings`."""

import math

import numpy as np
from scipy import stats

from ...exercise import Bank

BANK = Bank("metropolis_hastings")


@BANK.has_bug("hastings-missing")
def no_correction(log_density, theta0, scale, n, rng):
    theta, logp = theta0, log_density(theta0)
    draws = np.empty((n, theta.size))
    for i in range(n):
        new = theta * np.exp(scale * rng.standard_normal(theta.size))
        logp_new = log_density(new)
        if math.log(1.0 - rng.random()) < logp_new - logp:
            theta, logp = new, logp_new
        draws[i] = theta
    return draws


@BANK.has_bug("hastings-missing")
def walk_of_logs(log_density, theta0, scale, n, rng):
    # a walk of u = log(theta), but the density is that of theta
    u = np.log(theta0)
    chain = []
    for _ in range(n):
        v = rng.normal(u, scale)
        if rng.exponential() > log_density(np.exp(u)) - log_density(np.exp(v)):
            u = v
        chain.append(np.exp(u))
    return np.array(chain)


@BANK.has_bug("hastings-missing")
def density_of_logs_for_q(log_density, theta0, scale, n, rng):
    def q(to, at):
        return stats.norm.logpdf(np.log(to), np.log(at), scale).sum()

    x = theta0.copy()
    draws = []
    for _ in range(n):
        y = rng.lognormal(np.log(x), scale)
        r = log_density(y) + q(x, y) - log_density(x) - q(y, x)
        if np.log(rng.random()) < r:
            x = y
        draws.append(x)
    return np.array(draws)


@BANK.has_bug("hastings-inverted")
def minus_for_plus(log_density, theta0, scale, n, rng):
    theta, logp = theta0, log_density(theta0)
    draws = np.empty((n, theta.size))
    for i in range(n):
        step = scale * rng.standard_normal(theta.size)
        new = theta * np.exp(step)
        logp_new = log_density(new)
        if math.log(1.0 - rng.random()) < logp_new - logp - step.sum():
            theta, logp = new, logp_new
        draws[i] = theta
    return draws


@BANK.has_bug("hastings-inverted")
def there_over_back(log_density, theta0, scale, n, rng):
    def logq(b, a):  # of b, given a
        z = (np.log(b) - np.log(a)) / scale
        return np.sum(-np.log(b) - 0.5 * z**2)

    chain = [theta0.copy()]
    for _ in range(n):
        a = chain[-1]
        b = a * np.exp(rng.normal(0, scale, a.size))
        r = log_density(b) - log_density(a) + logq(b, a) - logq(a, b)
        chain.append(b if rng.exponential() > -r else a)
    return np.array(chain[1:])


@BANK.has_bug("ratio-not-logged")
def adds_ratio(log_density, theta0, scale, n, rng):
    theta, logp = theta0, log_density(theta0)
    draws = np.empty((n, theta.size))
    for i in range(n):
        new = theta * np.exp(scale * rng.standard_normal(theta.size))
        logp_new = log_density(new)
        if math.log(1.0 - rng.random()) < logp_new - logp + np.prod(new / theta):
            theta, logp = new, logp_new
        draws[i] = theta
    return draws


@BANK.has_bug("ratio-not-logged")
def correction_of_densities(log_density, theta0, scale, n, rng):
    x = np.array(theta0)
    out = []
    for _ in range(n):
        y = x * rng.lognormal(0.0, scale, x.size)
        correction = 1.0
        for k in range(x.size):
            correction *= y[k] / x[k]
        log_ratio = log_density(y) - log_density(x) + correction
        u = rng.uniform()
        if log_ratio >= 0 or u < math.exp(log_ratio):
            x = y
        out.append(x)
    return np.array(out)


@BANK.has_bug("one-coordinate-corrected")
def first_only(log_density, theta0, scale, n, rng):
    theta, logp = theta0, log_density(theta0)
    draws = np.empty((n, theta.size))
    for i in range(n):
        new = theta * np.exp(scale * rng.standard_normal(theta.size))
        logp_new = log_density(new)
        correction = np.log(new[0]) - np.log(theta[0])
        if math.log(1.0 - rng.random()) < logp_new - logp + correction:
            theta, logp = new, logp_new
        draws[i] = theta
    return draws


@BANK.has_bug("one-coordinate-corrected")
def overwritten_in_the_loop(log_density, theta0, scale, n, rng):
    d = len(theta0)
    x = list(theta0)
    lx = log_density(np.array(x))
    rows = []
    for _ in range(n):
        y = [0.0] * d
        correction = 0.0
        for k in reversed(range(d)):
            z = rng.normal()
            y[k] = x[k] * math.exp(scale * z)
            correction = scale * z
        ly = log_density(np.array(y))
        if math.log(1 - rng.random()) < ly - lx + correction:
            x, lx = y, ly
        rows.append(x)
    return np.array(rows)


@BANK.has_bug("mean-of-corrections")
def mean_for_sum(log_density, theta0, scale, n, rng):
    theta, logp = theta0, log_density(theta0)
    draws = np.empty((n, theta.size))
    for i in range(n):
        new = theta * np.exp(scale * rng.standard_normal(theta.size))
        logp_new = log_density(new)
        if math.log(1.0 - rng.random()) < logp_new - logp + np.log(new / theta).mean():
            theta, logp = new, logp_new
        draws[i] = theta
    return draws


@BANK.has_bug("mean-of-corrections")
def mean_of_log_q(log_density, theta0, scale, n, rng):
    x = theta0
    chain = np.zeros((n, len(x)))
    for t in range(n):
        y = rng.lognormal(np.log(x), scale)
        back = np.mean(stats.lognorm.logpdf(x, scale, scale=y))
        there = np.mean(stats.lognorm.logpdf(y, scale, scale=x))
        if rng.exponential() > -(log_density(y) - log_density(x) + back - there):
            x = y
        chain[t] = x
    return chain


@BANK.has_bug("smallest-correction")
def all_of_an_array(log_density, theta0, scale, n, rng):
    draws = np.zeros((n, len(theta0)))
    theta, logp = theta0, log_density(theta0)
    for i in range(n):
        proposal = theta * np.exp(scale * rng.standard_normal(len(theta)))
        logp_new = log_density(proposal)
        log_ratio = logp_new - logp + np.log(proposal / theta)
        if (np.log(rng.random()) < log_ratio).all():
            theta, logp = proposal, logp_new
        draws[i] = theta
    return draws


@BANK.has_bug("smallest-correction")
def smallest_of_ratios(log_density, theta0, scale, n, rng):
    x, chain = theta0, []
    for _ in range(n):
        y = x * rng.lognormal(0.0, scale, size=x.size)
        rise = log_density(y) - log_density(x)
        chance = [min(1.0, math.exp(min(rise, 500.0)) * b / a) for a, b in zip(x, y, strict=True)]
        if rng.random() < min(chance):
            x = y
        chain.append(x)
    return np.array(chain)


@BANK.has_bug("correction-scaled")
def sum_of_z(log_density, theta0, scale, n, rng):
    theta, logp = theta0, log_density(theta0)
    draws = np.empty((n, theta.size))
    for i in range(n):
        z = rng.standard_normal(theta.size)
        new = theta * np.exp(scale * z)
        logp_new = log_density(new)
        if math.log(1.0 - rng.random()) < logp_new - logp + z.sum():
            theta, logp = new, logp_new
        draws[i] = theta
    return draws


@BANK.has_bug("correction-scaled")
def divided_by_scale(log_density, theta0, scale, n, rng):
    z = rng.normal(size=(n, theta0.size))
    e = rng.exponential(size=n)
    x, draws = theta0, []
    for i in range(n):
        y = x * np.exp(scale * z[i])
        jacobian = np.sum(np.log(y) - np.log(x)) / scale
        if e[i] > log_density(x) - log_density(y) - jacobian:
            x = y
        draws.append(x)
    return np.array(draws)


@BANK.has_bug("added")
def random_walk(log_density, theta0, scale, n, rng):
    theta, logp = theta0, log_density(theta0)
    draws = np.empty((n, theta.size))
    for i in range(n):
        new = theta + scale * rng.standard_normal(theta.size)
        if np.any(new <= 0):
            draws[i] = theta
            continue
        logp_new = log_density(new)
        if math.log(1.0 - rng.random()) < logp_new - logp:
            theta, logp = new, logp_new
        draws[i] = theta
    return draws


@BANK.has_bug("added")
def adds_and_corrects(log_density, theta0, scale, n, rng):
    x = theta0.copy()
    chain = []
    for _ in range(n):
        y = rng.normal(x, scale)
        if (y > 0).all():
            r = log_density(y) - log_density(x) + np.sum(np.log(y / x))
            if rng.exponential() > -r:
                x = y
        chain.append(x)
    return np.array(chain)


@BANK.has_bug("not-exponentiated")
def one_plus(log_density, theta0, scale, n, rng):
    theta, logp = theta0, log_density(theta0)
    draws = np.empty((n, theta.size))
    for i in range(n):
        factor = 1.0 + scale * rng.standard_normal(theta.size)
        new = theta * factor
        if (new > 0).all():
            logp_new = log_density(new)
            if math.log(1.0 - rng.random()) < logp_new - logp + np.log(factor).sum():
                theta, logp = new, logp_new
        draws[i] = theta
    return draws


@BANK.has_bug("not-exponentiated")
def normal_with_sd_in_proportion(log_density, theta0, scale, n, rng):
    x = list(theta0)
    rows = []
    for _ in range(n):
        y = [rng.normal(t, scale * t) for t in x]
        if min(y) > 0:
            r = log_density(np.array(y)) - log_density(np.array(x))
            r += sum(math.log(b / a) for a, b in zip(x, y))
            if r > -rng.exponential():
                x = y
        rows.append(x)
    return np.array(rows)


@BANK.has_bug("variance-for-sd")
def root_of_scale(log_density, theta0, scale, n, rng):
    theta, logp = theta0, log_density(theta0)
    draws = np.empty((n, theta.size))
    for i in range(n):
        step = np.sqrt(scale) * rng.standard_normal(theta.size)
        new = theta * np.exp(step)
        logp_new = log_density(new)
        if math.log(1.0 - rng.random()) < logp_new - logp + step.sum():
            theta, logp = new, logp_new
        draws[i] = theta
    return draws


@BANK.has_bug("variance-for-sd")
def covariance_of_logs(log_density, theta0, scale, n, rng):
    d = theta0.size
    u = np.log(theta0)
    out = np.empty((n, d))
    for i in range(n):
        v = rng.multivariate_normal(u, scale * np.eye(d))
        r = log_density(np.exp(v)) + v.sum() - log_density(np.exp(u)) - u.sum()
        if -rng.exponential() < r:
            u = v
        out[i] = np.exp(u)
    return out


@BANK.has_bug("one-number")
def one_factor(log_density, theta0, scale, n, rng):
    theta, logp = theta0, log_density(theta0)
    draws = np.empty((n, theta.size))
    for i in range(n):
        step = scale * rng.standard_normal()
        new = theta * np.exp(step)
        logp_new = log_density(new)
        if math.log(1.0 - rng.random()) < logp_new - logp + theta.size * step:
            theta, logp = new, logp_new
        draws[i] = theta
    return draws


@BANK.has_bug("one-number")
def one_column(log_density, theta0, scale, n, rng):
    factors = rng.lognormal(0, scale, size=(n, 1))
    x, rows = theta0, []
    for f in factors:
        y = x * f
        r = log_density(y) - log_density(x) + np.log(y / x).sum()
        x = y if rng.exponential() > -r else x
        rows.append(x)
    return np.array(rows)


@BANK.has_bug("accepted-only")
def append_inside_if(log_density, theta0, scale, n, rng):
    theta, logp = theta0, log_density(theta0)
    draws = []
    while len(draws) < n:
        step = scale * rng.standard_normal(theta.size)
        new = theta * np.exp(step)
        logp_new = log_density(new)
        if math.log(1.0 - rng.random()) < logp_new - logp + step.sum():
            theta, logp = new, logp_new
            draws.append(theta)
    return np.array(draws)


@BANK.has_bug("accepted-only")
def tries_again(log_density, theta0, scale, n, rng):
    x = theta0.copy()
    chain = np.zeros((n, x.size))
    for i in range(n):
        while True:
            y = rng.lognormal(np.log(x), scale)
            a = log_density(y) - log_density(x) + np.sum(np.log(y) - np.log(x))
            if rng.exponential() > -a:
                break
        x = y
        chain[i] = x
    return chain


@BANK.has_bug("stale-density")
def density_before_the_loop(log_density, theta0, scale, n, rng):
    theta, logp = theta0, log_density(theta0)
    draws = np.empty((n, theta.size))
    for i in range(n):
        step = scale * rng.standard_normal(theta.size)
        new = theta * np.exp(step)
        if math.log(1.0 - rng.random()) < log_density(new) - logp + step.sum():
            theta = new
        draws[i] = theta
    return draws


@BANK.has_bug("stale-density")
def compares_with_start(log_density, theta0, scale, n, rng):
    chain = [theta0]
    for _ in range(n):
        x = chain[-1]
        y = x * rng.lognormal(0, scale, len(x))
        r = log_density(y) - log_density(theta0) + np.log(y / x).sum()
        chain.append(y if -rng.exponential() < r else x)
    return np.array(chain[1:])


@BANK.has_bug("nan-accepted")
def min_of_one_and_nan(log_density, theta0, scale, n, rng):
    theta, logp = theta0, log_density(theta0)
    draws = np.empty((n, theta.size))
    for i in range(n):
        step = scale * rng.standard_normal(theta.size)
        new = theta * np.exp(step)
        logp_new = log_density(new)
        with np.errstate(all="ignore"):
            a = min(1, np.exp(np.float64(logp_new) - logp + step.sum()))
        if rng.random() < a:
            theta, logp = new, logp_new
        draws[i] = theta
    return draws


@BANK.has_bug("nan-accepted")
def rejects_if_above(log_density, theta0, scale, n, rng):
    x, chain = theta0, []
    for _ in range(n):
        y = x * np.exp(rng.normal(0, scale, x.size))
        r = log_density(y) - log_density(x) + np.log(y).sum() - np.log(x).sum()
        if not -rng.exponential() > r:
            x = y
        chain.append(x)
    return np.array(chain)


@BANK.has_bug("start-changed")
def moves_the_start(log_density, theta0, scale, n, rng):
    theta = theta0
    logp = log_density(theta)
    draws = np.empty((n, theta.size))
    for i in range(n):
        step = scale * rng.standard_normal(theta.size)
        new = theta * np.exp(step)
        logp_new = log_density(new)
        if math.log(1.0 - rng.random()) < logp_new - logp + step.sum():
            theta[:] = new
            logp = logp_new
        draws[i] = theta
    return draws


@BANK.has_bug("start-changed")
def multiplies_in_place(log_density, theta0, scale, n, rng):
    x = np.asarray(theta0)
    draws = []
    for _ in range(n):
        before, old = log_density(x), x.copy()
        x *= rng.lognormal(0.0, scale, x.size)
        r = log_density(x) - before + np.log(x / old).sum()
        if not rng.exponential() > -r:
            x[:] = old
        draws.append(x.copy())
    return np.array(draws)


@BANK.is_right("sum of steps")
def sum_of_steps(log_density, theta0, scale, n, rng):
    theta, logp = theta0, log_density(theta0)
    draws = np.empty((n, theta.size))
    for i in range(n):
        step = rng.normal(0.0, scale, theta.size)
        new = theta * np.exp(step)
        logp_new = log_density(new)
        if np.log(1.0 - rng.random()) < logp_new - logp + np.sum(step):
            theta, logp = new, logp_new
        draws[i] = theta
    return draws


@BANK.is_right("walk of logarithms with Jacobian")
def walk_of_logarithms(log_density, theta0, scale, n, rng):
    def target(u):
        return log_density(np.exp(u)) + u.sum()

    u = np.log(theta0)
    value = target(u)
    chain = []
    for _ in range(n):
        v = rng.normal(u, scale)
        value_v = target(v)
        if -rng.exponential() < value_v - value:
            u, value = v, value_v
        chain.append(u)
    return np.exp(chain)


@BANK.is_right("both proposal densities, scipy")
def with_scipy(log_density, theta0, scale, n, rng):
    def log_q(to, at):
        return stats.lognorm.logpdf(to, s=scale, scale=at).sum()

    x = theta0.copy()
    draws = np.empty((n, x.size))
    for i in range(n):
        y = rng.lognormal(np.log(x), scale)
        r = log_density(y) - log_density(x) + log_q(x, y) - log_q(y, x)
        if rng.exponential() > -r:
            x = y
        draws[i] = x
    return draws


@BANK.is_right("random numbers in advance")
def in_advance(log_density, theta0, scale, n, rng):
    factors = np.exp(scale * rng.standard_normal((n, theta0.size)))
    corrections = np.log(factors).sum(axis=1)
    bars = np.log(1.0 - rng.random(n))
    draws = np.empty((n, theta0.size))
    here, logp = theta0, log_density(theta0)
    for i in range(n):
        there = here * factors[i]
        logp_there = log_density(there)
        if logp_there - logp + corrections[i] > bars[i]:
            here, logp = there, logp_there
        draws[i] = here
    return draws


@BANK.is_right("lists and products")
def lists(log_density, theta0, scale, n, rng):
    x = [float(t) for t in theta0]
    lx = log_density(np.array(x))
    rows = []
    for _ in range(n):
        y, hastings = [], 1.0
        for t in x:
            f = math.exp(scale * rng.normal())
            y.append(t * f)
            hastings *= f
        ly = log_density(np.array(y))
        if ly > -math.inf:
            a = min(1.0, math.exp(min(700.0, ly - lx)) * hastings)
            if rng.random() < a:
                x, lx = y, ly
        rows.append(x)
    return np.array(rows)


@BANK.is_right("densities by hand")
def densities_by_hand(log_density, theta0, scale, n, rng):
    def lognormal(b, a):
        z = (np.log(b) - np.log(a)) / scale
        return np.sum(-np.log(b * scale * np.sqrt(2 * np.pi)) - z * z / 2)

    chain = [np.array(theta0, dtype=float)]
    for _ in range(n):
        old = chain[-1]
        new = old * np.exp(scale * rng.normal(size=old.shape))
        numerator = log_density(new) + lognormal(old, new)
        denominator = log_density(old) + lognormal(new, old)
        log_u = math.log(1 - rng.random())
        chain.append(new if log_u < numerator - denominator else old)
    return np.asarray(chain)[1:]


@BANK.is_right("in place with copy")
def in_place(log_density, theta0, scale, n, rng):
    theta = theta0.copy()
    logp = log_density(theta)
    out = np.zeros((n, len(theta)))
    for i in range(n):
        old = theta.copy()
        theta *= rng.lognormal(sigma=scale, size=theta.size)
        new_logp = log_density(theta)
        if not rng.exponential() > logp - new_logp - np.log(theta / old).sum():
            theta[:] = old
        else:
            logp = new_logp
        out[i] = theta
    return out
