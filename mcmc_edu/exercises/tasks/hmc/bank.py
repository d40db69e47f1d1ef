"""Wrong and right answers to the exercise `hmc`."""

import math

import numpy as np
from scipy import stats

from ...exercise import Bank

BANK = Bank("hmc")


def leapfrog(q, p, step_size, steps, gradient):
    for _ in range(steps):
        p = p + 0.5 * step_size * gradient(q)
        q = q + step_size * p
        p = p + 0.5 * step_size * gradient(q)
    return q, p


def accepts(log_ratio, rng):
    return bool(-rng.exponential() < log_ratio)


@BANK.has_bug("last-half-kick-missing")
def hmclearn_style(log_density, gradient, theta0, step_size, steps, n, rng):
    theta = theta0.copy()
    draws = np.empty((n, theta.size))
    for i in range(n):
        p0 = rng.standard_normal(theta.size)
        q, p = theta, p0 + step_size / 2 * gradient(theta)
        for j in range(steps):
            q = q + step_size * p
            if j < steps - 1:
                p = p + step_size * gradient(q)
        r = log_density(q) - p @ p / 2 - log_density(theta) + p0 @ p0 / 2
        if np.log(rng.random()) < r:
            theta = q
        draws[i] = theta
    return draws


@BANK.has_bug("last-half-kick-missing")
def breaks_out(log_density, gradient, theta0, step_size, steps, n, rng):
    def energy(q, p):
        return 0.5 * float(np.dot(p, p)) - log_density(q)

    chain = [theta0]
    for _ in range(n):
        q = chain[-1].copy()
        p = rng.normal(size=q.size)
        before = energy(q, p)
        k = 0
        while True:
            p += 0.5 * step_size * gradient(q)
            q += step_size * p
            k += 1
            if k == steps:
                break
            p += 0.5 * step_size * gradient(q)
        chain.append(q if accepts(before - energy(q, p), rng) else chain[-1])
    return np.array(chain[1:])


@BANK.has_bug("whole-kicks-at-the-ends")
def no_halves(log_density, gradient, theta0, step_size, steps, n, rng):
    theta = theta0.copy()
    draws = np.empty((n, theta.size))
    for i in range(n):
        p0 = rng.standard_normal(theta.size)
        q, p = theta, p0 + step_size * gradient(theta)
        for _ in range(steps):
            q = q + step_size * p
            p = p + step_size * gradient(q)
        r = log_density(q) - p @ p / 2 - log_density(theta) + p0 @ p0 / 2
        if np.log(rng.random()) < r:
            theta = q
        draws[i] = theta
    return draws


@BANK.has_bug("whole-kicks-at-the-ends")
def whole_kicks_in_a_helper(log_density, gradient, theta0, step_size, steps, n, rng):
    def trajectory(q, p):
        q, p = q.copy(), p.copy()
        p += step_size * gradient(q)
        for _ in range(steps - 1):
            q += step_size * p
            p += step_size * gradient(q)
        q += step_size * p
        p += step_size * gradient(q)
        return q, -p

    x, lx, out = theta0, log_density(theta0), []
    for _ in range(n):
        p = rng.normal(0, 1, len(x))
        y, p_new = trajectory(x, p)
        ly = log_density(y)
        if accepts(ly - lx + 0.5 * np.sum(p**2) - 0.5 * np.sum(p_new**2), rng):
            x, lx = y, ly
        out.append(x)
    return np.array(out)


@BANK.has_bug("gradient-sign")
def minus(log_density, gradient, theta0, step_size, steps, n, rng):
    theta = theta0.copy()
    draws = np.empty((n, theta.size))
    for i in range(n):
        p = rng.standard_normal(theta.size)
        h0 = p @ p / 2 - log_density(theta)
        q = theta.copy()
        for _ in range(steps):
            p = p - step_size / 2 * gradient(q)
            q = q + step_size * p
            p = p - step_size / 2 * gradient(q)
        if np.log(rng.random()) < h0 - p @ p / 2 + log_density(q):
            theta = q
        draws[i] = theta
    return draws


@BANK.has_bug("gradient-sign")
def force_of_the_potential(log_density, gradient, theta0, step_size, steps, n, rng):
    def force(q):
        return -np.asarray(gradient(q))

    x, lx, out = theta0, log_density(theta0), []
    for _ in range(n):
        p = rng.normal(size=x.shape)
        y, p_new = leapfrog(x, p, step_size, steps, force)
        ly = log_density(y)
        if accepts(ly - lx + (p @ p - p_new @ p_new) / 2, rng):
            x, lx = y, ly
        out.append(x)
    return np.array(out)


@BANK.has_bug("stale-gradient")
def gradient_once(log_density, gradient, theta0, step_size, steps, n, rng):
    theta = theta0.copy()
    draws = np.empty((n, theta.size))
    for i in range(n):
        p = rng.standard_normal(theta.size)
        h0 = p @ p / 2 - log_density(theta)
        q, force = theta, gradient(theta)
        for _ in range(steps):
            p = p + step_size / 2 * force
            q = q + step_size * p
            p = p + step_size / 2 * force
        if np.log(rng.random()) < h0 - p @ p / 2 + log_density(q):
            theta = q
        draws[i] = theta
    return draws


@BANK.has_bug("stale-gradient")
def gradient_of_state(log_density, gradient, theta0, step_size, steps, n, rng):
    chain = [np.array(theta0)]
    for _ in range(n):
        here = chain[-1]
        p0 = rng.normal(size=here.size)
        there, p = leapfrog(here, p0, step_size, steps, lambda q: gradient(here))  # noqa: B023
        r = log_density(there) - 0.5 * (p**2).sum() - log_density(here) + 0.5 * (p0**2).sum()
        chain.append(there if accepts(r, rng) else here)
    return np.array(chain[1:])


@BANK.has_bug("always")
def no_decision(log_density, gradient, theta0, step_size, steps, n, rng):
    theta = theta0.copy()
    draws = np.empty((n, theta.size))
    for i in range(n):
        q, _p = leapfrog(theta, rng.standard_normal(theta.size), step_size, steps, gradient)
        if np.isfinite(log_density(q)):
            theta = q
        draws[i] = theta
    return draws


@BANK.has_bug("always")
def max_for_min(log_density, gradient, theta0, step_size, steps, n, rng):
    x, out = theta0, []
    for _ in range(n):
        p = rng.normal(size=x.size)
        y, p_new = leapfrog(x, p, step_size, steps, gradient)
        dh = log_density(y) - log_density(x) + 0.5 * (p @ p - p_new @ p_new)
        a = max(1.0, math.exp(min(dh, 50.0))) if dh > -math.inf else 0.0
        if rng.uniform() < a:
            x = y
        out.append(x)
    return np.array(out)


@BANK.has_bug("kinetic-missing")
def density_only(log_density, gradient, theta0, step_size, steps, n, rng):
    theta, logp = theta0, log_density(theta0)
    draws = np.empty((n, theta.size))
    for i in range(n):
        q, _p = leapfrog(theta, rng.standard_normal(theta.size), step_size, steps, gradient)
        logp_q = log_density(q)
        if np.log(rng.random()) < logp_q - logp:
            theta, logp = q, logp_q
        draws[i] = theta
    return draws


@BANK.has_bug("kinetic-missing")
def same_kinetic_twice(log_density, gradient, theta0, step_size, steps, n, rng):
    chain = [theta0]
    for _ in range(n):
        q = chain[-1].copy()
        momentum = rng.normal(size=q.size)
        p = momentum.copy()
        for _ in range(steps):
            p += step_size / 2 * gradient(q)
            q += step_size * p
            p += step_size / 2 * gradient(q)
        h_old = -log_density(chain[-1]) + np.sum(momentum**2) / 2
        h_new = -log_density(q) + np.sum(momentum**2) / 2
        chain.append(q if accepts(h_old - h_new, rng) else chain[-1])
    return np.array(chain)[1:]


@BANK.has_bug("kinetic-sign")
def difference_of_energies(log_density, gradient, theta0, step_size, steps, n, rng):
    theta = theta0.copy()
    draws = np.empty((n, theta.size))
    for i in range(n):
        p0 = rng.standard_normal(theta.size)
        q, p = leapfrog(theta, p0, step_size, steps, gradient)
        r = log_density(q) - log_density(theta) + p @ p / 2 - p0 @ p0 / 2
        if np.log(rng.random()) < r:
            theta = q
        draws[i] = theta
    return draws


@BANK.has_bug("kinetic-sign")
def minus_in_energy(log_density, gradient, theta0, step_size, steps, n, rng):
    def energy(q, p):
        return -log_density(q) - sum(pi**2 for pi in p) / 2

    x, out = theta0, []
    for _ in range(n):
        p = rng.normal(size=x.size)
        y, p_new = leapfrog(x, p, step_size, steps, gradient)
        if accepts(energy(x, p) - energy(y, p_new), rng):
            x = y
        out.append(x)
    return np.array(out)


@BANK.has_bug("energy-sign")
def end_minus_start(log_density, gradient, theta0, step_size, steps, n, rng):
    theta = theta0.copy()
    draws = np.empty((n, theta.size))
    for i in range(n):
        p = rng.standard_normal(theta.size)
        start = p @ p / 2 - log_density(theta)
        q, p = leapfrog(theta, p, step_size, steps, gradient)
        end = p @ p / 2 - log_density(q)
        if np.isfinite(end) and np.log(rng.random()) < end - start:
            theta = q
        draws[i] = theta
    return draws


@BANK.has_bug("energy-sign")
def ratio_upside_down(log_density, gradient, theta0, step_size, steps, n, rng):
    def joint(q, p):
        return log_density(q) - 0.5 * np.dot(p, p)

    x, out = theta0, []
    for _ in range(n):
        p = rng.normal(size=x.size)
        y, p_new = leapfrog(x, p, step_size, steps, gradient)
        a, b = joint(x, p), joint(y, p_new)
        if b > -math.inf and rng.random() < math.exp(min(0.0, a - b)):
            x = y
        out.append(x)
    return np.array(out)


@BANK.has_bug("momentum-kept")
def momentum_before_the_loop(log_density, gradient, theta0, step_size, steps, n, rng):
    theta = theta0.copy()
    p0 = rng.standard_normal(theta.size)
    draws = np.empty((n, theta.size))
    for i in range(n):
        q, p = leapfrog(theta, p0, step_size, steps, gradient)
        r = log_density(q) - log_density(theta) - p @ p / 2 + p0 @ p0 / 2
        if np.log(rng.random()) < r:
            theta = q
        draws[i] = theta
    return draws


@BANK.has_bug("momentum-kept")
def momentum_in_advance(log_density, gradient, theta0, step_size, steps, n, rng):
    momenta = np.tile(rng.normal(size=theta0.size), (n, 1))
    x, out = theta0, []
    for p in momenta:
        y, p_new = leapfrog(x, p, step_size, steps, gradient)
        if accepts(log_density(y) - log_density(x) + 0.5 * (p @ p - p_new @ p_new), rng):
            x = y
        out.append(x)
    return np.array(out)


@BANK.has_bug("momentum-uniform")
def uniform_momentum(log_density, gradient, theta0, step_size, steps, n, rng):
    theta = theta0.copy()
    draws = np.empty((n, theta.size))
    for i in range(n):
        p0 = rng.random(theta.size)
        q, p = leapfrog(theta, p0, step_size, steps, gradient)
        r = log_density(q) - log_density(theta) - p @ p / 2 + p0 @ p0 / 2
        if np.log(rng.random()) < r:
            theta = q
        draws[i] = theta
    return draws


@BANK.has_bug("momentum-uniform")
def uniform_momenta_in_advance(log_density, gradient, theta0, step_size, steps, n, rng):
    x, out = theta0, []
    for p in rng.uniform(size=(n, theta0.size)):
        y, p_new = leapfrog(x, p, step_size, steps, gradient)
        if accepts(log_density(y) - log_density(x) + 0.5 * (p @ p - p_new @ p_new), rng):
            x = y
        out.append(x)
    return np.array(out)


@BANK.has_bug("momentum-scaled")
def sd_is_step_size(log_density, gradient, theta0, step_size, steps, n, rng):
    theta = theta0.copy()
    draws = np.empty((n, theta.size))
    for i in range(n):
        p0 = rng.normal(0.0, step_size, theta.size)
        q, p = leapfrog(theta, p0, step_size, steps, gradient)
        r = log_density(q) - log_density(theta) - p @ p / 2 + p0 @ p0 / 2
        if np.log(rng.random()) < r:
            theta = q
        draws[i] = theta
    return draws


@BANK.has_bug("momentum-scaled")
def scaled_momentum(log_density, gradient, theta0, step_size, steps, n, rng):
    x, out = theta0, []
    for _ in range(n):
        p = step_size * rng.normal(size=x.size)
        y, p_new = leapfrog(x, p, step_size, steps, gradient)
        if accepts(log_density(y) - log_density(x) + 0.5 * (p @ p - p_new @ p_new), rng):
            x = y
        out.append(x)
    return np.array(out)


@BANK.has_bug("one-number")
def scalar_momentum(log_density, gradient, theta0, step_size, steps, n, rng):
    theta = theta0.copy()
    draws = np.empty((n, theta.size))
    for i in range(n):
        p0 = rng.standard_normal() * np.ones(theta.size)
        q, p = leapfrog(theta, p0, step_size, steps, gradient)
        r = log_density(q) - log_density(theta) - p @ p / 2 + p0 @ p0 / 2
        if np.log(rng.random()) < r:
            theta = q
        draws[i] = theta
    return draws


@BANK.has_bug("one-number")
def one_column_of_momenta(log_density, gradient, theta0, step_size, steps, n, rng):
    momenta = np.repeat(rng.normal(size=(n, 1)), len(theta0), axis=1)
    x, out = theta0, []
    for p in momenta:
        y, p_new = leapfrog(x, p, step_size, steps, gradient)
        if accepts(log_density(y) - log_density(x) + 0.5 * np.sum(p**2 - p_new**2), rng):
            x = y
        out.append(x)
    return np.array(out)


@BANK.has_bug("start-energy-late")
def after_first_half_kick(log_density, gradient, theta0, step_size, steps, n, rng):
    theta = theta0.copy()
    draws = np.empty((n, theta.size))
    for i in range(n):
        p = rng.standard_normal(theta.size)
        p = p + step_size / 2 * gradient(theta)
        start = p @ p / 2 - log_density(theta)
        q = theta
        for j in range(steps):
            q = q + step_size * p
            p = p + step_size * gradient(q) * (0.5 if j == steps - 1 else 1.0)
        if np.log(rng.random()) < start - p @ p / 2 + log_density(q):
            theta = q
        draws[i] = theta
    return draws


@BANK.has_bug("start-energy-late")
def momentum_changed_in_place(log_density, gradient, theta0, step_size, steps, n, rng):
    chain = [theta0]
    for _ in range(n):
        x = chain[-1]
        momentum = rng.normal(size=x.size)
        momentum += 0.5 * step_size * gradient(x)
        kinetic_start = 0.5 * momentum.dot(momentum)
        y = x + step_size * momentum
        for _ in range(steps - 1):
            momentum += step_size * gradient(y)
            y = y + step_size * momentum
        momentum += 0.5 * step_size * gradient(y)
        kinetic_end = 0.5 * momentum.dot(momentum)
        r = log_density(y) - log_density(x) + kinetic_start - kinetic_end
        chain.append(y if accepts(r, rng) else x)
    return np.array(chain[1:])


@BANK.has_bug("stale-density")
def density_before_the_loop(log_density, gradient, theta0, step_size, steps, n, rng):
    theta, logp = theta0, log_density(theta0)
    draws = np.empty((n, theta.size))
    for i in range(n):
        p0 = rng.standard_normal(theta.size)
        q, p = leapfrog(theta, p0, step_size, steps, gradient)
        if np.log(rng.random()) < log_density(q) - logp - p @ p / 2 + p0 @ p0 / 2:
            theta = q
        draws[i] = theta
    return draws


@BANK.has_bug("stale-density")
def compares_with_start(log_density, gradient, theta0, step_size, steps, n, rng):
    x, out = theta0.copy(), []
    for _ in range(n):
        p = rng.normal(size=x.size)
        y, p_new = leapfrog(x, p, step_size, steps, gradient)
        if accepts(log_density(y) - log_density(theta0) + 0.5 * (p @ p - p_new @ p_new), rng):
            x = y
        out.append(x)
    return np.array(out)


@BANK.has_bug("accepted-only")
def append_inside_if(log_density, gradient, theta0, step_size, steps, n, rng):
    theta, draws = theta0.copy(), []
    while len(draws) < n:
        p0 = rng.standard_normal(theta.size)
        q, p = leapfrog(theta, p0, step_size, steps, gradient)
        r = log_density(q) - log_density(theta) - p @ p / 2 + p0 @ p0 / 2
        if np.log(rng.random()) < r:
            theta = q
            draws.append(theta)
    return np.array(draws)


@BANK.has_bug("accepted-only")
def tries_again(log_density, gradient, theta0, step_size, steps, n, rng):
    x, out = theta0, np.zeros((n, len(theta0)))
    for i in range(n):
        accepted = False
        while not accepted:
            p = rng.normal(size=x.size)
            y, p_new = leapfrog(x, p, step_size, steps, gradient)
            r = log_density(y) - log_density(x) + 0.5 * (p @ p - p_new @ p_new)
            accepted = accepts(r, rng)
        x = y
        out[i] = x
    return out


@BANK.has_bug("two-names")
def state_moves(log_density, gradient, theta0, step_size, steps, n, rng):
    theta = theta0.copy()
    logp = log_density(theta)
    draws = np.empty((n, theta.size))
    for i in range(n):
        p = rng.standard_normal(theta.size)
        start = p @ p / 2 - logp
        q = theta
        for _ in range(steps):
            p += step_size / 2 * gradient(q)
            q += step_size * p
            p += step_size / 2 * gradient(q)
        logp_q = log_density(q)
        if np.log(rng.random()) < start - p @ p / 2 + logp_q:
            theta, logp = q, logp_q
        draws[i] = theta
    return draws


@BANK.has_bug("two-names")
def helper_moves_it(log_density, gradient, theta0, step_size, steps, n, rng):
    def go(position, momentum):
        for _ in range(steps):
            momentum += 0.5 * step_size * gradient(position)
            position += step_size * momentum
            momentum += 0.5 * step_size * gradient(position)
        return position, momentum

    current = np.array(theta0, dtype=float)
    value = log_density(current)
    rows = []
    for _ in range(n):
        p = rng.normal(size=current.size)
        kinetic = 0.5 * np.sum(p**2)
        proposal, p = go(current, p)
        value_new = log_density(proposal)
        if accepts(value_new - value + kinetic - 0.5 * np.sum(p**2), rng):
            current = proposal
            value = value_new
        rows.append(current.copy())
    return np.array(rows)


@BANK.has_bug("nan-accepted")
def min_of_one_and_nan(log_density, gradient, theta0, step_size, steps, n, rng):
    theta = theta0.copy()
    draws = np.empty((n, theta.size))
    for i in range(n):
        p0 = rng.standard_normal(theta.size)
        q, p = leapfrog(theta, p0, step_size, steps, gradient)
        with np.errstate(all="ignore"):
            r = np.float64(log_density(q)) - log_density(theta) - p @ p / 2 + p0 @ p0 / 2
            a = min(1, np.exp(r))
        if rng.random() < a:
            theta = q
        draws[i] = theta
    return draws


@BANK.has_bug("nan-accepted")
def rejects_if_above(log_density, gradient, theta0, step_size, steps, n, rng):
    x, out = theta0, []
    for _ in range(n):
        p = rng.normal(size=x.size)
        y, p_new = leapfrog(x, p, step_size, steps, gradient)
        r = log_density(y) - log_density(x) + 0.5 * (p @ p - p_new @ p_new)
        if -rng.exponential() > r:
            y = x
        x = y
        out.append(x)
    return np.array(out)


@BANK.has_bug("start-recorded")
def from_one(log_density, gradient, theta0, step_size, steps, n, rng):
    draws = np.empty((n, len(theta0)))
    draws[0] = theta0
    for i in range(1, n):
        x = draws[i - 1]
        p0 = rng.standard_normal(x.size)
        q, p = leapfrog(x, p0, step_size, steps, gradient)
        r = log_density(q) - log_density(x) - p @ p / 2 + p0 @ p0 / 2
        draws[i] = q if np.log(rng.random()) < r else x
    return draws


@BANK.has_bug("start-recorded")
def last_forgotten(log_density, gradient, theta0, step_size, steps, n, rng):
    chain = [theta0]
    for _ in range(n):
        x = chain[-1]
        p = rng.normal(size=x.size)
        y, p_new = leapfrog(x, p, step_size, steps, gradient)
        r = log_density(y) - log_density(x) + 0.5 * (p @ p - p_new @ p_new)
        chain.append(y if accepts(r, rng) else x)
    return np.array(chain[:n])


@BANK.has_bug("one-step-less")
def one_less(log_density, gradient, theta0, step_size, steps, n, rng):
    theta = theta0.copy()
    draws = np.empty((n, theta.size))
    for i in range(n):
        p = rng.standard_normal(theta.size)
        h0 = p @ p / 2 - log_density(theta)
        q = theta.copy()
        for _ in range(1, steps):
            p = p + step_size / 2 * gradient(q)
            q = q + step_size * p
            p = p + step_size / 2 * gradient(q)
        if np.log(rng.random()) < h0 - p @ p / 2 + log_density(q):
            theta = q
        draws[i] = theta
    return draws


@BANK.has_bug("one-step-less")
def helper_with_one_less(log_density, gradient, theta0, step_size, steps, n, rng):
    chain = [theta0]
    for _ in range(n):
        x = chain[-1]
        p0 = rng.normal(size=x.size)
        y, p = leapfrog(x, p0, step_size, steps - 1, gradient)
        r = log_density(y) - log_density(x) + 0.5 * (p0 @ p0 - p @ p)
        chain.append(y if accepts(r, rng) else x)
    return np.array(chain[1:])


@BANK.has_bug("one-step-more")
def up_to_steps(log_density, gradient, theta0, step_size, steps, n, rng):
    theta = theta0.copy()
    draws = np.empty((n, theta.size))
    for i in range(n):
        p = rng.standard_normal(theta.size)
        h0 = p @ p / 2 - log_density(theta)
        q, j = theta, 0
        while j <= steps:
            q, p = leapfrog(q, p, step_size, 1, gradient)
            j += 1
        if np.log(rng.random()) < h0 - p @ p / 2 + log_density(q):
            theta = q
        draws[i] = theta
    return draws


@BANK.has_bug("one-step-more")
def one_more(log_density, gradient, theta0, step_size, steps, n, rng):
    x, out = theta0, []
    for _ in range(n):
        p0 = rng.normal(size=x.size)
        p = p0 + step_size / 2 * gradient(x)
        y = x + step_size * p
        for _ in range(steps):
            p = p + step_size * gradient(y)
            y = y + step_size * p
        p = p + step_size / 2 * gradient(y)
        if accepts(log_density(y) - log_density(x) + 0.5 * (p0 @ p0 - p @ p), rng):
            x = y
        out.append(x)
    return np.array(out)


@BANK.is_right("textbook")
def textbook(log_density, gradient, theta0, step_size, steps, n, rng):
    theta, logp = theta0, log_density(theta0)
    draws = np.empty((n, theta.size))
    for i in range(n):
        p0 = rng.standard_normal(theta.size)
        q, p = leapfrog(theta, p0, step_size, steps, gradient)
        logp_q = log_density(q)
        if np.log(1 - rng.random()) < logp_q - logp - p @ p / 2 + p0 @ p0 / 2:
            theta, logp = q, logp_q
        draws[i] = theta
    return draws


@BANK.is_right("Neal's, with merged kicks and a negated momentum")
def neal(log_density, gradient, theta0, step_size, steps, n, rng):
    def potential(q):
        return -log_density(q)

    def d_potential(q):
        return -np.asarray(gradient(q))

    current_q, out = theta0, []
    for _ in range(n):
        q = current_q
        p = rng.normal(0, 1, len(q))
        current_p = p
        p = p - step_size * d_potential(q) / 2
        for i in range(1, steps + 1):
            q = q + step_size * p
            if i != steps:
                p = p - step_size * d_potential(q)
        p = p - step_size * d_potential(q) / 2
        p = -p
        current_u, current_k = potential(current_q), np.sum(current_p**2) / 2
        proposed_u, proposed_k = potential(q), np.sum(p**2) / 2
        with np.errstate(over="ignore"):
            a = np.exp(np.float64(current_u - proposed_u + current_k - proposed_k))
        if rng.uniform() < a:
            current_q = q
        out.append(current_q)
    return np.array(out)


@BANK.is_right("random numbers in advance")
def in_advance(log_density, gradient, theta0, step_size, steps, n, rng):
    momenta = rng.standard_normal((n, theta0.size))
    bars = rng.exponential(size=n)
    x, logp = theta0, log_density(theta0)
    draws = np.empty((n, theta0.size))
    for i in range(n):
        y, p = leapfrog(x, momenta[i], step_size, steps, gradient)
        logp_y = log_density(y)
        energy = 0.5 * p @ p - logp_y
        if energy < 0.5 * momenta[i] @ momenta[i] - logp + bars[i]:
            x, logp = y, logp_y
        draws[i] = x
    return draws


@BANK.is_right("slice, decided before")
def decided_before(log_density, gradient, theta0, step_size, steps, n, rng):
    def joint(q, p):
        return log_density(q) - 0.5 * np.dot(p, p)

    chain = [theta0]
    for _ in range(n):
        p = rng.normal(size=theta0.size)
        bar = joint(chain[-1], p) + math.log(1.0 - rng.random())
        q, p = leapfrog(chain[-1], p, step_size, steps, gradient)
        chain.append(q if joint(q, p) > bar else chain[-1])
    return np.array(chain[1:])


@BANK.is_right("in place, with copies")
def in_place(log_density, gradient, theta0, step_size, steps, n, rng):
    theta = theta0.copy()
    force = np.array(gradient(theta))
    draws = []
    for _ in range(n):
        q, g = theta.copy(), force.copy()
        p = rng.normal(size=q.size)
        h = 0.5 * p.dot(p) - log_density(q)
        for _ in range(steps):
            p += 0.5 * step_size * g
            q += step_size * p
            g = np.array(gradient(q))
            p += 0.5 * step_size * g
        d = 0.5 * p.dot(p) - log_density(q) - h
        if not math.isnan(d) and (d <= 0 or rng.random() < math.exp(-d)):
            theta[:] = q
            force[:] = g
        draws.append(theta.copy())
    return np.array(draws)


@BANK.is_right("lists and scipy")
def with_scipy(log_density, gradient, theta0, step_size, steps, n, rng):
    x, rows = [float(t) for t in theta0], []
    for _ in range(n):
        p = [float(v) for v in stats.norm.rvs(size=len(x), random_state=rng)]
        kinetic = sum(v * v for v in p) / 2
        y = list(x)
        for _ in range(steps):
            p = [a + 0.5 * step_size * b for a, b in zip(p, gradient(np.array(y)))]
            y = [a + step_size * b for a, b in zip(y, p)]
            p = [a + 0.5 * step_size * b for a, b in zip(p, gradient(np.array(y)))]
        r = log_density(np.array(y)) - log_density(np.array(x)) + kinetic
        r -= sum(v * v for v in p) / 2
        if r >= 0 or stats.uniform.rvs(random_state=rng) < np.exp(r):
            x = y
        rows.append(x)
    return np.array(rows)


class Chain:
    def __init__(self, log_density, gradient, theta, h, steps, rng):
        self.f, self.g, self.h, self.steps, self.rng = log_density, gradient, h, steps, rng
        self.x = theta

    def energy(self, x, p):
        return 0.5 * (p**2).sum() - self.f(x)

    def __iter__(self):
        return self

    def __next__(self):
        p = self.rng.standard_normal(self.x.shape)
        there, p_there = leapfrog(self.x, p, self.h, self.steps, self.g)
        change = self.energy(there, p_there) - self.energy(self.x, p)
        if change < self.rng.exponential():
            self.x = there
        return self.x


@BANK.is_right("iterator")
def iterator(log_density, gradient, theta0, step_size, steps, n, rng):
    chain = Chain(log_density, gradient, theta0, step_size, steps, rng)
    return np.stack([x for _, x in zip(range(n), chain)])
