"""Right answers to exercises, in styles that are unusual and yet as good as any other."""

import functools
import itertools
import math
import operator
import statistics
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import linalg, special, stats

RIGHT: list[tuple[str, str, Callable[..., Any]]] = []
"""Exercise, style, function."""


def right(exercise, style):
    """Put the decorated function among the right answers."""

    def keep(function):
        RIGHT.append((exercise, style, function))
        return function

    return keep


@right("accept", "a binomial number")
def accept_binomial(logp_new, logp_old, rng):
    p = np.exp(np.clip(np.nan_to_num(logp_new - logp_old, nan=-np.inf), -745.2, 0.0))
    return rng.binomial(1, p if logp_new > -np.inf else 0.0) == 1


@right("accept", "bit by bit")
def accept_bits(logp_new, logp_old, rng):
    """Compare a uniform number with the chance, digit by digit, until they differ."""
    if math.isnan(logp_new):
        return False
    chance = math.exp(min(0.0, logp_new - logp_old))
    if chance == 1.0:
        return True
    while chance > 0.0:
        chance *= 2.0
        digit, chance = int(chance), chance - int(chance)
        bit = int(rng.integers(2))
        if bit != digit:
            return bit < digit
    return False


@right("accept", "a normal number, by its distribution function")
def accept_normal(logp_new, logp_old, rng):
    log_u = special.log_ndtr(rng.standard_normal())
    return bool(np.where(np.isnan(logp_new), False, log_u < logp_new - logp_old))


@right("accept", "the larger of two Gumbel numbers")
def accept_gumbel(logp_new, logp_old, rng):
    # In a race of a and 1 - a, the first one wins with probability a.
    log_chance = min(logp_new - logp_old, 0.0) if logp_new > -math.inf else -math.inf
    if log_chance == 0.0:
        return True
    new, old = rng.gumbel(size=2)
    return new + log_chance > old + math.log(-math.expm1(log_chance))


@right("metropolis", "generator and islice")
def metropolis_generator(log_density, theta0, scale, n, rng):
    def walk():
        here = np.array(theta0, dtype=float)
        logp = log_density(here)
        while True:
            there = here + scale * rng.standard_normal(here.size)
            logp_there = log_density(there)
            if logp_there - logp >= -rng.exponential():
                here, logp = there, logp_there
            yield here

    return np.stack(list(itertools.islice(walk(), n)))


@right("metropolis", "accumulate over rows of random numbers, in reverse order")
def metropolis_accumulate(log_density, theta0, scale, n, rng):
    decisions = np.log1p(-rng.random(n))[::-1]
    steps = (scale * rng.standard_normal((n, np.size(theta0))))[::-1]

    def move(state, numbers):
        step, log_u = numbers
        there = state[0] + step
        logp = log_density(there)
        return (there, logp) if logp - state[1] > log_u else state

    start = (np.array(theta0, dtype=float), log_density(theta0))
    pairs = zip(steps, decisions, strict=True)
    chain = itertools.accumulate(pairs, move, initial=start)
    return np.array([theta for theta, _ in chain][1:])


@right("metropolis", "recursion, halving the chain")
def metropolis_halves(log_density, theta0, scale, n, rng):
    theta0 = np.array(theta0, dtype=float)
    if n == 1:
        there = theta0 + rng.normal(0.0, scale, theta0.shape)
        bar = log_density(theta0) + math.log(1.0 - rng.random())
        return (there if log_density(there) > bar else theta0)[np.newaxis]
    first = metropolis_halves(log_density, theta0, scale, n // 2, rng)
    second = metropolis_halves(log_density, first[-1], scale, n - n // 2, rng)
    return np.vstack([first, second])


@right("metropolis", "np.where, steps by Box and Muller")
def metropolis_where(log_density, theta0, scale, n, rng):
    chain = np.empty((n + 1, np.size(theta0)))
    chain[0] = theta0
    for i in range(n):
        u, v, w = 1.0 - rng.random((3, chain.shape[1]))
        z = np.sqrt(-2.0 * np.log(u)) * np.cos(2.0 * np.pi * v)
        there = chain[i] + scale * z
        yes = np.log(w[0]) < log_density(there) - log_density(chain[i])
        chain[i + 1] = np.where(yes, there, chain[i])
    return chain[1:]


@right("metropolis", "rows filled with the start, then only what is accepted")
def metropolis_ahead(log_density, theta0, scale, n, rng):
    draws = np.tile(np.asarray(theta0, dtype=float), (n, 1))
    logp = log_density(draws[0].copy())
    here = draws[0].copy()
    for i, slack in enumerate(rng.exponential(size=n)):
        proposal = here - scale * rng.normal(size=here.size)
        new = log_density(proposal)
        if new + slack > logp:
            draws[i:] = here = proposal
            logp = new
    return draws


@right("metropolis_hastings", "lognormal numbers in advance, ratio as it is written")
def hastings_lognormal(log_density, theta0, scale, n, rng):
    factors = rng.lognormal(0.0, scale, (n, np.size(theta0)))
    theta = np.array(theta0, dtype=float)
    logp = log_density(theta)
    draws = np.empty_like(factors)
    for i, factor in enumerate(factors):
        new = theta * factor
        logp_new = log_density(new)
        draws[i] = theta
        if not np.isnan(logp_new):
            # q(theta | new) / q(new | theta) = product of new / theta = product of the factors
            ratio = np.exp(np.minimum(logp_new - logp, 700.0)) * factor.prod()
            if rng.random() < ratio:
                draws[i], theta, logp = new, new, logp_new
    return draws


@right("metropolis_hastings", "closure on logarithms, generator")
def hastings_closure(log_density, theta0, scale, n, rng):
    def target(u):
        return np.sum(u) + log_density(np.exp(u))

    def walk(u):
        value = target(u)
        for step, slack in zip(rng.normal(size=(n, u.size)), rng.exponential(size=n), strict=True):
            v = u + scale * step
            new = target(v)
            u, value = (v, new) if new > value - slack else (u, value)
            yield np.exp(u)

    return np.array(list(walk(np.log(theta0))))


@right("metropolis_hastings", "class, factors divided, a uniform number first")
def hastings_class(log_density, theta0, scale, n, rng):
    class Chain:
        def __init__(self):
            self.theta = np.array(theta0, dtype=float)

        def __call__(self, _):
            log_u = np.log(rng.random())
            new = self.theta / np.exp(rng.normal(0.0, scale, self.theta.size))
            back = stats.norm.logpdf(np.log(self.theta / new), scale=scale) - np.log(self.theta)
            there = stats.norm.logpdf(np.log(new / self.theta), scale=scale) - np.log(new)
            change = log_density(new) - log_density(self.theta)
            if log_u < change + np.sum(back - there):
                self.theta = new
            return self.theta

    return np.array(list(map(Chain(), range(n))))


@right("gibbs", "chi-square numbers in advance, sigma first")
def gibbs_chi_square(y, n, rng):
    size, mean = len(y), np.mean(y)
    about_mean = np.sum((y - mean) ** 2)
    chi_square, z = rng.chisquare(4 + size, n), rng.standard_normal(n)
    mu = np.concatenate([[mean], np.empty(n)])
    sigma = np.empty(n)
    for i in range(n):
        sigma[i] = np.sqrt((4 + about_mean + size * (mu[i] - mean) ** 2) / chi_square[i])
        variance = 1 / (size / sigma[i] ** 2 + 0.01)
        mu[i + 1] = variance * size * mean / sigma[i] ** 2 + np.sqrt(variance) * z[i]
    return np.column_stack([mu[1:], sigma])


@right("gibbs", "perturbed outcomes, optimised")
def gibbs_perturbed(y, n, rng):
    """Draw mu as the least-squares answer to data and prior with noise added."""
    sigma = 1.0
    draws = []
    for _ in range(n):
        rows = np.append(np.full(len(y), 1 / sigma), 1 / 10)[:, np.newaxis]
        noisy = np.append(y / sigma, 0.0) + rng.normal(size=len(y) + 1)
        mu = np.linalg.lstsq(rows, noisy, rcond=None)[0][0]
        sigma = stats.invgamma.rvs(
            2 + len(y) / 2, scale=2 + ((y - mu) @ (y - mu)) / 2, random_state=rng
        )
        sigma = math.sqrt(sigma)
        draws.append([mu, sigma])
    return np.array(draws)


@right("gibbs", "precision as parameter, generator, gamma numbers as sums")
def gibbs_precision(y, n, rng):
    def walk(mu, precision):
        while True:
            rate = 2 + sum((value - mu) ** 2 for value in y) / 2
            # Gamma of shape 2 + N / 2: two exponentials and N halves of squared normals.
            gamma = rng.exponential(size=2).sum() + (rng.normal(size=len(y)) ** 2).sum() / 2
            precision = gamma / rate
            total = 0.01 + len(y) * precision
            mu = (precision * sum(y) + math.sqrt(total) * rng.normal()) / total
            yield mu, precision**-0.5

    return np.array(list(itertools.islice(walk(statistics.fmean(y), 1.0), n)))


@right("hmc", "recursive steps, all random numbers in advance, np.where")
def hmc_recursive(log_density, gradient, theta0, step_size, steps, n, rng):
    def go(q, p, left):
        if left == 0:
            return q, p
        half = p + step_size / 2 * gradient(q)
        q = q + step_size * half
        return go(q, half + step_size / 2 * gradient(q), left - 1)

    slack = rng.exponential(size=n)
    momenta = rng.standard_normal((n, np.size(theta0)))
    chain = np.vstack([theta0, np.empty_like(momenta)])
    for i, p in enumerate(momenta):
        q, end = go(chain[i], p, steps)
        gain = log_density(q) - end @ end / 2 - log_density(chain[i]) + p @ p / 2
        chain[i + 1] = np.where(gain > -slack[i], q, chain[i])
    return chain[1:]


@right("hmc", "class that keeps gradient and density, position Verlet")
def hmc_class(log_density, gradient, theta0, step_size, steps, n, rng):
    class State:
        def __init__(self, q):
            self.q, self.logp, self.force = q, log_density(q), gradient(q)

        def moved(self, p):
            q, force = self.q, self.force
            for _ in range(steps):
                # Newton's form of the same step: position to second order, then the mean force.
                q = q + step_size * p + step_size**2 / 2 * force
                new_force = gradient(q)
                p = p + step_size * (force + new_force) / 2
                force = new_force
            return State(q), p

    state = State(np.array(theta0, dtype=float))
    draws = []
    for _ in range(n):
        p = rng.multivariate_normal(np.zeros(state.q.size), np.eye(state.q.size))
        end, p_end = state.moved(p)
        log_ratio = end.logp - state.logp + np.sum((p - p_end) * (p + p_end)) / 2
        if not math.isnan(log_ratio) and rng.random() < math.exp(min(0.0, log_ratio)):
            state = end
        draws.append(state.q)
    return np.array(draws)


@right("hmc", "back in time half of the time")
def hmc_either_way(log_density, gradient, theta0, step_size, steps, n, rng):
    theta = np.array(theta0, dtype=float)
    draws = np.empty((n, theta.size))
    for i in range(n):
        h = step_size * rng.choice([-1.0, 1.0])
        p = rng.standard_normal(theta.size)
        bar = log_density(theta) - p @ p / 2 - rng.exponential()
        q = theta
        p = p + h / 2 * gradient(q)
        for k in range(steps):
            q = q + h * p
            p = p + (h if k < steps - 1 else h / 2) * gradient(q)
        theta = q if log_density(q) - p @ p / 2 > bar else theta
        draws[i] = theta
    return draws


@right("hmc", "reduce over iterations")
def hmc_reduce(log_density, gradient, theta0, step_size, steps, n, rng):
    def step(point, _):
        q, p = point
        p = p + step_size / 2 * gradient(q)
        q = q + step_size * p
        return q, p + step_size / 2 * gradient(q)

    def energy(point):
        return np.dot(point[1], point[1]) / 2 - log_density(point[0])

    def iterate(chain, z):
        start = (chain[-1], z)
        end = functools.reduce(step, range(steps), start)
        loss = energy(end) - energy(start)
        return [*chain, end[0] if rng.exponential() > loss else chain[-1]]

    momenta = rng.normal(size=(n, np.size(theta0)))
    return np.array(functools.reduce(iterate, momenta, [np.array(theta0, dtype=float)])[1:])


@right("nuts", "dictionary of times, side of the start drawn in advance")
def nuts_times(log_density, gradient, theta0, step_size, max_depth, n, rng):
    """Points by their time; the final choice is made by weights of all that belong."""

    def leap(q, p, h):
        p = p + h / 2 * gradient(q)
        q = q + h * p
        return q, p + h / 2 * gradient(q)

    def turn(path, low, high):
        span = path[high][0] - path[low][0]
        return min(span @ path[low][1], span @ path[high][1]) < 0

    def any_turn(path, low, high):
        width = 2
        while width <= high - low + 1:
            for a in range(low, high + 2 - width, width):
                if turn(path, a, a + width - 1):
                    return True
            width *= 2
        return False

    draws = np.empty((n, np.size(theta0)))
    theta = np.array(theta0, dtype=float)
    for i in range(n):
        p = rng.standard_normal(theta.size)
        path = {0: (theta, p)}
        weights = {0: log_density(theta) - p @ p / 2}
        low = high = 0
        for bit in rng.integers(2, size=max_depth):
            size = high - low + 1
            new = range(high + 1, high + size + 1) if bit else range(low - 1, low - size - 1, -1)
            good = True
            for t in new:
                sign = 1 if bit else -1
                path[t] = leap(*path[t - sign], sign * step_size)
                weights[t] = log_density(path[t][0]) - path[t][1] @ path[t][1] / 2
                good = weights[t] > weights[0] - 1000
                if not good:
                    break
            if not good or any_turn(path, min(new), max(new)):
                break
            low, high = min(low, *new), max(high, *new)
            if turn(path, low, high):
                break
        times = np.arange(low, high + 1)
        theta = path[rng.choice(times, p=special.softmax([weights[t] for t in times]))][0]
        draws[i] = theta
    return draws


@right("nuts", "slices, recursive, reservoir of one")
def nuts_reservoir(log_density, gradient, theta0, step_size, max_depth, n, rng):
    class Stop(Exception):
        pass

    def grow(end, h, depth):
        """Yield points one after the other; raise Stop where the half must be thrown away."""
        if depth == 0:
            q, p = end
            p = p + h / 2 * gradient(q)
            q = q + h * p
            p = p + h / 2 * gradient(q)
            yield q, p
            return
        points = []
        for _ in range(2):
            for point in grow(points[-1] if points else end, h, depth - 1):
                points.append(point)
                yield point
        span = np.sign(h) * (points[-1][0] - points[0][0])
        if span @ points[0][1] < 0 or span @ points[-1][1] < 0:
            raise Stop

    theta = np.array(theta0, dtype=float)
    draws = []
    for _ in range(n):
        p = rng.standard_normal(theta.size)
        level = log_density(theta) - p @ p / 2 - rng.exponential()
        ends = {1: (theta, p), -1: (theta, p)}
        seen = 1
        for depth in range(max_depth):
            side = 1 - 2 * int(rng.integers(2))
            chosen, count = theta, seen
            try:
                for q, p in grow(ends[side], side * step_size, depth):
                    gain = log_density(q) - p @ p / 2 - level
                    if not gain > -1000:
                        raise Stop
                    if gain >= 0:
                        count += 1
                        if rng.random() * count < 1:
                            chosen = q
            except Stop:
                break
            ends[side], theta, seen = (q, p), chosen, count
            span = ends[1][0] - ends[-1][0]
            if any(span @ ends[s][1] < 0 for s in ends):
                break
        draws.append(theta)
    return np.array(draws)


@right("nuts", "iterative, checkpoints of binary subtrees")
def nuts_checkpoints(log_density, gradient, theta0, step_size, max_depth, n, rng):
    def subtree(q, p, h, size, energy0):
        """Return its last point, log weight and choice; None if it turned or diverged."""
        saved, total, chosen = {}, -np.inf, None
        for k in range(size):
            p = p + h / 2 * gradient(q)
            q = q + h * p
            p = p + h / 2 * gradient(q)
            gain = energy0 + log_density(q) - p @ p / 2
            if np.isnan(gain) or gain <= -1000:
                return None
            total = np.logaddexp(total, gain)
            if math.log(1 - rng.random()) <= gain - total:
                chosen = q
            saved[k] = (q, p)
            width = 2
            while (k + 1) % width == 0:  # a subtree of this width ends here
                first, first_p = saved[k + 1 - width]
                span = (q - first) * np.sign(h)
                if span @ first_p < 0 or span @ p < 0:
                    return None
                width *= 2
        return q, p, total, chosen

    theta = np.array(theta0, dtype=float)
    draws = np.empty((n, theta.size))
    for i in range(n):
        p = rng.standard_normal(theta.size)
        energy0 = p @ p / 2 - log_density(theta)
        left = right_end = (theta, p)
        total = 0.0
        for depth in range(max_depth):
            forward = rng.random() < 0.5
            end, h = (right_end, step_size) if forward else (left, -step_size)
            half = subtree(*end, h, 2**depth, energy0)
            if half is None:
                break
            left, right_end = (left, half[:2]) if forward else (half[:2], right_end)
            if rng.exponential() > total - half[2]:
                theta = half[3]
            total = np.logaddexp(total, half[2])
            span = right_end[0] - left[0]
            if span @ left[1] < 0 or span @ right_end[1] < 0:
                break
        draws[i] = theta
    return draws


@right("new_group", "one batch of numbers, one product of matrices")
def group_batch(beta, Sigma, sigma, x, rng):
    S, n = len(beta), len(x)
    design = np.column_stack([np.ones(n), x])
    mixing = np.zeros((S, n, 2 + n))
    mixing[:, :, :2] = design @ np.linalg.cholesky(Sigma)
    mixing[:, np.arange(n), 2 + np.arange(n)] = sigma[:, np.newaxis]
    return beta @ design.T + (mixing @ rng.standard_normal((S, 2 + n, 1)))[:, :, 0]


@right("new_group", "noise first, slope, then intercept given it")
def group_slope_first(beta, Sigma, sigma, x, rng):
    outcomes = sigma[:, None] * rng.normal(size=(len(sigma), len(x)))
    slope = rng.normal(beta[:, 1], np.sqrt(Sigma[:, 1, 1]))
    given = Sigma[:, 0, 1] / Sigma[:, 1, 1]
    left = Sigma[:, 0, 0] - given * Sigma[:, 0, 1]
    intercept = rng.normal(beta[:, 0] + given * (slope - beta[:, 1]), np.sqrt(left))
    outcomes += np.add.outer(intercept, np.zeros(len(x))) + np.outer(slope, x)
    return outcomes


@right("new_group", "singular values, last draw first")
def group_singular(beta, Sigma, sigma, x, rng):
    out = []
    for s in reversed(range(len(sigma))):
        u, values, _ = linalg.svd(Sigma[s])
        line = beta[s] + u @ (np.sqrt(values) * rng.normal(size=2))
        out.append([rng.normal(np.polyval(line[::-1], at), sigma[s]) for at in x])
    return np.array(out[::-1])


@right("new_group", "outcome by outcome, each given those before")
def group_sequential(beta, Sigma, sigma, x, rng):
    """Kalman's filter for a line that is never seen: predict, draw, learn from the draw."""
    out = np.empty((len(sigma), len(x)))
    for s, (m, C) in enumerate(zip(beta.copy(), Sigma.copy(), strict=True)):
        for i, at in enumerate(x):
            h = np.array([1.0, at])
            variance = h @ C @ h + sigma[s] ** 2
            out[s, i] = h @ m + math.sqrt(variance) * rng.standard_normal()
            gain = C @ h / variance
            m, C = m + gain * (out[s, i] - h @ m), C - np.outer(gain, h @ C)
    return out


@right("log_likelihood", "sufficient sums of every individual, bincount")
def likelihood_sums(y, x, alpha, beta, sigma, group):
    n = len(alpha)
    residual = y - np.take(alpha, group) - np.take(beta, group) * x
    squares = np.bincount(group, residual**2, minlength=n)
    rows = np.bincount(group, minlength=n)
    each = -rows * math.log(sigma * math.sqrt(2 * math.pi)) - squares / (2 * sigma * sigma)
    return float(each.sum())


@right("gradient", "complex steps")
def gradient_complex(theta, y):
    def log_density(mu, u):
        return np.sum(-u - (y - mu) ** 2 * np.exp(-2 * u) / 2) + u

    h = 1e-30
    mu, u = float(theta[0]), float(theta[1])
    pair = log_density(complex(mu, h), u), log_density(mu, complex(u, h))
    return np.array([value.imag / h for value in pair])


@right("jacobian", "log of a product of exponentials")
def jacobian_gathered(u, rate):
    shifted = u + np.log(rate)
    return float(shifted - np.exp(shifted))


@right("leapfrog", "Newton's form of the step")
def leapfrog_newton(theta, momentum, step_size, steps, gradient):
    force = gradient(theta)
    for _ in range(steps):
        theta = theta + step_size * (momentum + step_size * force / 2)
        force, old = gradient(theta), force
        momentum = momentum + step_size * (old + force) / 2
    return theta, momentum


@right("dual_averaging", "accumulate")
def averaging_accumulate(accept_probs, step_size0, target):
    def renew(h, at):
        t, error = at
        return h + (error - h) / (t + 10)

    errors = enumerate(target - np.asarray(accept_probs), start=1)
    h = np.array(list(itertools.accumulate(errors, renew, initial=0.0))[1:])
    return 10 * step_size0 * np.exp(-20 * np.sqrt(np.arange(1, h.size + 1)) * h)


@right("u_turn", "matrix product and min")
def turn_matrix(theta_minus, theta_plus, p_minus, p_plus):
    return np.min(np.stack([p_minus, p_plus]) @ (theta_plus - theta_minus)) < 0


@right("rhat", "module statistics")
def rhat_statistics(chains):
    half = chains.shape[1] // 2
    parts = [part for row in chains.tolist() for part in (row[:half], row[-half:])]
    within = statistics.fmean(map(statistics.variance, parts))
    between = statistics.variance(map(statistics.fmean, parts))
    return math.sqrt((half - 1) / half + between / within)


@right("ess", "np.correlate and minimum.accumulate")
def ess_correlate(chains):
    N = chains.shape[1] // 2
    halves = np.vstack([chains[:, :N], chains[:, -N:]])
    means = halves.mean(1)
    deviations = halves - means[:, np.newaxis]
    acov = sum(np.correlate(row, row, "full")[N - 1 :] for row in deviations) / (N * len(halves))
    rho = 1 - (acov[0] * N / (N - 1) - acov) / (acov[0] + means.var(ddof=1))
    pairs = rho[: N // 2 * 2].reshape(-1, 2).sum(1)
    stop = np.append(np.flatnonzero(pairs[1:] <= 0) + 1, len(pairs))[0]
    tau = 2 * np.minimum.accumulate(pairs[:stop]).sum() - 1
    return halves.size / max(tau, 1 / math.log10(halves.size))


@right("shrink", "np.where, a product of densities completed")
def shrink_where(y, se, mu, tau):
    ratio = np.where(tau > 0, (tau / se) ** 2, 0.0)
    return (mu + ratio * y) / (1 + ratio)


@right("james_stein", "least squares")
def stein_least_squares(y, se):
    m, (S,), *_ = np.linalg.lstsq((1 / se)[:, np.newaxis], y / se, rcond=None)
    keep = np.clip(1 - (y.size - 3) / S, 0, None)
    return keep * y + (1 - keep) * m[0]


@right("poststratify", "einsum with normalised sizes")
def stratify_einsum(p, N):
    return np.einsum("sc,c->s", p, np.true_divide(N, np.sum(N)))


@right("varying_effect", "reduce")
def effect_reduce(draws, where):
    parts = (draws["z:" + factor].T[level] for factor, level in where.items())
    return functools.reduce(operator.add, parts, draws["z"] * 1.0)
