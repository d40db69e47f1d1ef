"""Wrong answers to exercises, of kinds that no exercise lists among its known bugs."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

UNKNOWN: list[tuple[str, str, Callable[..., Any]]] = []
"""Exercise, short name of the mistake, function."""


def unknown(exercise, name):
    """Put the decorated function among the wrong answers."""

    def keep(function):
        UNKNOWN.append((exercise, name, function))
        return function

    return keep


@unknown("accept", "logarithm of base ten")
def accept_log10(logp_new, logp_old, rng):
    return np.log10(rng.random()) < logp_new - logp_old


@unknown("accept", "distance of the logarithms")
def accept_distance(logp_new, logp_old, rng):
    # Uphill is refused as often as downhill.
    change = abs(logp_new - logp_old)
    if math.isnan(change):
        return False
    return rng.random() < math.exp(-change)


@unknown("accept", "a coin decides downhill")
def accept_coin(logp_new, logp_old, rng):
    if not logp_new > -math.inf:
        return False
    if logp_new >= logp_old:
        return True
    return bool(rng.integers(2))


@unknown("metropolis", "one coordinate at a time")
def metropolis_coordinate(log_density, theta0, scale, n, rng):
    theta = np.array(theta0, dtype=float)
    logp = log_density(theta)
    draws = []
    for i in range(n):
        proposal = theta.copy()
        proposal[i % theta.size] += scale * rng.normal()
        logp_new = log_density(proposal)
        if np.log(rng.random()) < logp_new - logp:
            theta, logp = proposal, logp_new
        draws.append(theta)
    return np.array(draws)


@unknown("metropolis", "every second state")
def metropolis_thinned(log_density, theta0, scale, n, rng):
    theta = np.array(theta0, dtype=float)
    logp = log_density(theta)
    chain = []
    for _ in range(2 * n):
        proposal = theta + scale * rng.normal(size=theta.size)
        logp_new = log_density(proposal)
        if np.log(rng.random()) < logp_new - logp:
            theta, logp = proposal, logp_new
        chain.append(theta)
    return np.array(chain)[1::2]


@unknown("metropolis", "scale adapted")
def metropolis_adapted(log_density, theta0, scale, n, rng):
    theta = np.array(theta0, dtype=float)
    logp = log_density(theta)
    draws = np.zeros((n, theta.size))
    for i in range(n):
        proposal = theta + scale * rng.standard_normal(theta.shape)
        logp_new = log_density(proposal)
        if np.log(rng.random()) < logp_new - logp:
            theta, logp = proposal, logp_new
            scale = scale * 1.1
        else:
            scale = scale / 1.1
        draws[i] = theta
    return draws


@unknown("metropolis", "one uniform number for all decisions")
def metropolis_one_uniform(log_density, theta0, scale, n, rng):
    log_u = np.log(rng.random())
    theta = np.array(theta0, dtype=float)
    draws = np.zeros((n, theta.size))
    for i in range(n):
        proposal = rng.normal(theta, scale)
        if log_density(proposal) - log_density(theta) > log_u:
            theta = proposal
        draws[i] = theta
    return draws


@unknown("metropolis", "start recorded, scale as variance, and a decision for each coordinate")
def metropolis_three(log_density, theta0, scale, n, rng):
    theta = np.array(theta0, dtype=float)
    draws = np.zeros((n, theta.size))
    draws[0] = theta
    for i in range(1, n):
        proposal = theta + np.sqrt(scale) * rng.normal(size=theta.size)
        ratio = log_density(proposal) - log_density(theta)
        yes = np.log(rng.random(theta.size)) < ratio
        mixed = np.where(yes, proposal, theta)
        if log_density(mixed) > -np.inf:
            theta = mixed
        draws[i] = theta
    return draws


@unknown("metropolis_hastings", "factor of mean one")
def hastings_mean_one(log_density, theta0, scale, n, rng):
    theta = np.array(theta0, dtype=float)
    logp = log_density(theta)
    draws = np.zeros((n, theta.size))
    for i in range(n):
        # The mean of a lognormal number is exp(scale^2 / 2): taken out, and not corrected for.
        proposal = theta * np.exp(scale * rng.normal(size=theta.size) - scale**2 / 2)
        logp_new = log_density(proposal)
        correction = np.sum(np.log(proposal) - np.log(theta))
        if np.log(rng.random()) < logp_new - logp + correction:
            theta, logp = proposal, logp_new
        draws[i] = theta
    return draws


@unknown("metropolis_hastings", "logarithms recorded")
def hastings_logarithms(log_density, theta0, scale, n, rng):
    u = np.log(theta0)
    target = log_density(np.exp(u)) + u.sum()
    draws = np.zeros((n, u.size))
    for i in range(n):
        v = u + scale * rng.normal(size=u.size)
        target_v = log_density(np.exp(v)) + v.sum()
        if np.log(rng.random()) < target_v - target:
            u, target = v, target_v
        draws[i] = u
    return draws


@unknown("metropolis_hastings", "correction never above one")
def hastings_capped(log_density, theta0, scale, n, rng):
    theta = np.array(theta0, dtype=float)
    draws = np.zeros((n, theta.size))
    for i in range(n):
        proposal = theta * np.exp(scale * rng.normal(size=theta.size))
        correction = min(1.0, np.prod(proposal / theta))
        change = log_density(proposal) - log_density(theta)
        if np.log(rng.random()) < change + np.log(correction):
            theta = proposal
        draws[i] = theta
    return draws


@unknown("metropolis_hastings", "scale as variance, one coordinate corrected, every second state")
def hastings_three(log_density, theta0, scale, n, rng):
    theta = np.array(theta0, dtype=float)
    logp = log_density(theta)
    chain = []
    for _ in range(2 * n):
        proposal = theta * np.exp(np.sqrt(scale) * rng.normal(size=theta.size))
        logp_new = log_density(proposal)
        if np.log(rng.random()) < logp_new - logp + np.log(proposal[0] / theta[0]):
            theta, logp = proposal, logp_new
        chain.append(theta)
    return np.array(chain[::2])


@unknown("gibbs", "rate of the prior inverted")
def gibbs_rate_inverted(y, n, rng):
    sigma = 1.0
    draws = []
    for _ in range(n):
        precision = len(y) / sigma**2 + 1 / 10**2
        mu = rng.normal(np.sum(y) / sigma**2 / precision, precision**-0.5)
        rate = 1 / 2 + np.sum((y - mu) ** 2) / 2
        sigma = rng.gamma(2 + len(y) / 2, 1 / rate) ** -0.5
        draws.append((mu, sigma))
    return np.array(draws)


@unknown("gibbs", "sigma not drawn")
def gibbs_sigma_expected(y, n, rng):
    variance = 1.0
    draws = []
    for _ in range(n):
        precision = len(y) / variance + 1 / 100
        mu = rng.normal(np.sum(y) / variance / precision, np.sqrt(1 / precision))
        # The mean of an inverse gamma distribution: rate / (shape - 1).
        variance = (2 + np.sum((y - mu) ** 2) / 2) / (2 + len(y) / 2 - 1)
        draws.append((mu, np.sqrt(variance)))
    return np.array(draws)


@unknown("gibbs", "both given old values")
def gibbs_both_old(y, n, rng):
    mu, variance = np.mean(y), 1.0
    draws = np.zeros((n, 2))
    for i in range(n):
        precision = len(y) / variance + 1 / 100
        mu_new = rng.normal(np.sum(y) / variance / precision, np.sqrt(1 / precision))
        rate = 2 + np.sum((y - mu) ** 2) / 2
        variance_new = 1 / rng.gamma(2 + len(y) / 2, 1 / rate)
        mu, variance = mu_new, variance_new
        draws[i] = mu, np.sqrt(variance)
    return draws


@unknown("gibbs", "one of the two in turn")
def gibbs_in_turn(y, n, rng):
    mu, variance = np.mean(y), 1.0
    draws = np.zeros((n, 2))
    for i in range(n):
        if i % 2 == 0:
            precision = len(y) / variance + 1 / 100
            mu = rng.normal(np.sum(y) / variance / precision, np.sqrt(1 / precision))
        else:
            rate = 2 + np.sum((y - mu) ** 2) / 2
            variance = 1 / rng.gamma(2 + len(y) / 2, 1 / rate)
        draws[i] = mu, np.sqrt(variance)
    return draws


@unknown("gibbs", "variance returned, prior variance 10, and a prior of rate one half")
def gibbs_three(y, n, rng):
    variance = 1.0
    draws = np.zeros((n, 2))
    for i in range(n):
        precision = len(y) / variance + 1 / 10
        mu = rng.normal(np.sum(y) / variance / precision, np.sqrt(1 / precision))
        rate = 1 / 2 + np.sum((y - mu) ** 2) / 2
        variance = 1 / rng.gamma(2 + len(y) / 2, 1 / rate)
        draws[i] = mu, variance
    return draws


@unknown("hmc", "kinetic energy not halved")
def hmc_whole_kinetic(log_density, gradient, theta0, step_size, steps, n, rng):
    theta = np.array(theta0, dtype=float)
    draws = np.zeros((n, theta.size))
    for i in range(n):
        p = rng.normal(size=theta.size)
        start = -log_density(theta) + np.sum(p**2)
        q = theta
        for _ in range(steps):
            p = p + step_size / 2 * gradient(q)
            q = q + step_size * p
            p = p + step_size / 2 * gradient(q)
        end = -log_density(q) + np.sum(p**2)
        if np.log(rng.random()) < start - end:
            theta = q
        draws[i] = theta
    return draws


@unknown("hmc", "random number of steps")
def hmc_random_steps(log_density, gradient, theta0, step_size, steps, n, rng):
    theta = np.array(theta0, dtype=float)
    draws = np.zeros((n, theta.size))
    for i in range(n):
        p = rng.normal(size=theta.size)
        start = -log_density(theta) + p @ p / 2
        q = theta
        for _ in range(rng.integers(1, 2 * steps, endpoint=True)):
            p = p + step_size / 2 * gradient(q)
            q = q + step_size * p
            p = p + step_size / 2 * gradient(q)
        if np.log(rng.random()) < start + log_density(q) - p @ p / 2:
            theta = q
        draws[i] = theta
    return draws


@unknown("hmc", "a decision for each coordinate")
def hmc_by_coordinate(log_density, gradient, theta0, step_size, steps, n, rng):
    theta = np.array(theta0, dtype=float)
    draws = np.zeros((n, theta.size))
    for i in range(n):
        p = rng.normal(size=theta.size)
        logp = log_density(theta)
        before = p**2 / 2
        q = theta
        for _ in range(steps):
            p = p + step_size / 2 * gradient(q)
            q = q + step_size * p
            p = p + step_size / 2 * gradient(q)
        # Every coordinate is judged by its own kinetic energy.
        change = log_density(q) - logp + before - p**2 / 2
        yes = np.log(rng.random(theta.size)) < change
        mixed = np.where(yes, q, theta)
        if log_density(mixed) > -np.inf:
            theta = mixed
        draws[i] = theta
    return draws


@unknown("hmc", "start recorded, one step less, and kinetic energy not halved")
def hmc_three(log_density, gradient, theta0, step_size, steps, n, rng):
    chain = [np.array(theta0, dtype=float)]
    for _ in range(n - 1):
        q = chain[-1]
        p = rng.normal(size=q.size)
        start = -log_density(q) + np.dot(p, p)
        for _ in range(1, steps):
            p = p + step_size / 2 * gradient(q)
            q = q + step_size * p
            p = p + step_size / 2 * gradient(q)
        end = -log_density(q) + np.dot(p, p)
        chain.append(q if np.log(rng.random()) < start - end else chain[-1])
    return np.array(chain)


class Trajectory:
    """Points of NUTS, with what some answers do differently."""

    def __init__(self, log_density, gradient, step_size, rng, kinetic=0.5, ends=any):
        self.log_density, self.gradient, self.step_size = log_density, gradient, step_size
        self.rng, self.kinetic, self.ends = rng, kinetic, ends
        self.preferred = False

    def energy(self, q, p):
        return -self.log_density(q) + self.kinetic * np.sum(p**2)

    def turned(self, minus, plus):
        span = plus[0] - minus[0]
        return self.ends(span @ p < 0 for _, p in (minus, plus))

    def build(self, point, v, depth, h0):
        """Return both ends, log weight, chosen position, and whether to stop."""
        if depth == 0:
            q, p = point
            h = v * self.step_size
            p = p + h / 2 * self.gradient(q)
            q = q + h * p
            p = p + h / 2 * self.gradient(q)
            loss = self.energy(q, p) - h0
            return (q, p), (q, p), -loss, q, not loss < 1000
        minus, plus, weight, chosen, stop = self.build(point, v, depth - 1, h0)
        if stop:
            return minus, plus, weight, chosen, True
        if v == 1:
            _, plus, other, candidate, stop = self.build(plus, v, depth - 1, h0)
        else:
            minus, _, other, candidate, stop = self.build(minus, v, depth - 1, h0)
        if stop:
            return minus, plus, weight, chosen, True
        total = np.logaddexp(weight, other)
        if np.log(self.rng.random()) < other - (weight if self.preferred else total):
            chosen = candidate
        return minus, plus, total, chosen, self.turned(minus, plus)

    def draw(self, theta, max_depth):
        p = self.rng.normal(size=theta.size)
        h0 = self.energy(theta, p)
        minus = plus = (theta, p)
        weight = 0.0
        for depth in range(max_depth):
            if self.rng.random() < 0.5:
                _, plus, other, candidate, stop = self.build(plus, 1, depth, h0)
            else:
                minus, _, other, candidate, stop = self.build(minus, -1, depth, h0)
            if stop:
                break
            if np.log(self.rng.random()) < other - weight:
                theta = candidate
            weight = np.logaddexp(weight, other)
            if self.turned(minus, plus):
                break
        return theta


@unknown("nuts", "kinetic energy not halved")
def nuts_whole_kinetic(log_density, gradient, theta0, step_size, max_depth, n, rng):
    trajectory = Trajectory(log_density, gradient, step_size, rng, kinetic=1.0)
    theta = np.array(theta0, dtype=float)
    draws = np.zeros((n, theta.size))
    for i in range(n):
        theta = trajectory.draw(theta, max_depth)
        draws[i] = theta
    return draws


@unknown("nuts", "both ends must turn")
def nuts_both_ends(log_density, gradient, theta0, step_size, max_depth, n, rng):
    trajectory = Trajectory(log_density, gradient, step_size, rng, ends=all)
    theta = np.array(theta0, dtype=float)
    draws = np.zeros((n, theta.size))
    for i in range(n):
        theta = trajectory.draw(theta, max_depth)
        draws[i] = theta
    return draws


@unknown("nuts", "decided once more at the end")
def nuts_decided_twice(log_density, gradient, theta0, step_size, max_depth, n, rng):
    trajectory = Trajectory(log_density, gradient, step_size, rng)
    theta = np.array(theta0, dtype=float)
    draws = np.zeros((n, theta.size))
    for i in range(n):
        proposal = trajectory.draw(theta, max_depth)
        # Metropolis' rule, for a point that was drawn by its weight already.
        if np.log(rng.random()) < log_density(proposal) - log_density(theta):
            theta = proposal
        draws[i] = theta
    return draws


@unknown("nuts", "largest depth is always ten")
def nuts_depth_ten(log_density, gradient, theta0, step_size, max_depth, n, rng):
    max_depth = 10
    trajectory = Trajectory(log_density, gradient, step_size, rng)
    theta = np.array(theta0, dtype=float)
    draws = np.zeros((n, theta.size))
    for i in range(n):
        theta = trajectory.draw(theta, max_depth)
        draws[i] = theta
    return draws


@unknown("nuts", "start recorded, second half preferred inside, and kinetic energy not halved")
def nuts_three(log_density, gradient, theta0, step_size, max_depth, n, rng):
    trajectory = Trajectory(log_density, gradient, step_size, rng, kinetic=1.0)
    trajectory.preferred = True
    chain = [np.array(theta0, dtype=float)]
    while len(chain) < n:
        chain.append(trajectory.draw(chain[-1], max_depth))
    return np.array(chain)


@unknown("new_group", "covariance taken for a precision")
def group_precision(beta, Sigma, sigma, x, rng):
    rows = []
    for b, precision, s in zip(beta, Sigma, sigma, strict=True):
        intercept, slope = rng.multivariate_normal(b, np.linalg.inv(precision))
        rows.append(rng.normal(intercept + slope * x, s))
    return np.array(rows)


@unknown("new_group", "x centred")
def group_centred(beta, Sigma, sigma, x, rng):
    centred = x - np.mean(x)
    out = np.zeros((len(sigma), len(x)))
    for s in range(len(sigma)):
        intercept, slope = rng.multivariate_normal(beta[s], Sigma[s])
        out[s] = intercept + slope * centred + sigma[s] * rng.normal(size=len(x))
    return out


@unknown("new_group", "slope of the population")
def group_fixed_slope(beta, Sigma, sigma, x, rng):
    intercept = rng.normal(beta[:, 0], np.sqrt(Sigma[:, 0, 0]))
    line = intercept[:, None] + beta[:, 1:] * x
    return rng.normal(line, sigma[:, None])


@unknown("new_group", "posterior draws drawn with replacement")
def group_resampled(beta, Sigma, sigma, x, rng):
    out = np.zeros((len(sigma), len(x)))
    for row in out:
        s = rng.integers(len(sigma))
        intercept, slope = rng.multivariate_normal(beta[s], Sigma[s])
        row[:] = intercept + slope * x + rng.normal(0, sigma[s], len(x))
    return out


@unknown("new_group", "noise missing, correlation forgotten, and x centred")
def group_three(beta, Sigma, sigma, x, rng):
    sd = np.sqrt(np.diagonal(Sigma, axis1=1, axis2=2))
    line = rng.normal(beta, sd)
    return line[:, :1] + line[:, 1:] * (x - x.mean())


@unknown("log_likelihood", "intercepts multiply x")
def likelihood_swapped(y, x, alpha, beta, sigma, group):
    z = (y - beta[group] - alpha[group] * x) / sigma
    return float(np.sum(-0.5 * np.log(2 * np.pi) - np.log(sigma) - 0.5 * z**2))


@unknown("log_likelihood", "log sigma for every individual")
def likelihood_individuals(y, x, alpha, beta, sigma, group):
    z = (y - alpha[group] - beta[group] * x) / sigma
    constant = len(y) * np.log(2 * np.pi) / 2 + len(alpha) * np.log(sigma)
    return float(-constant - np.sum(z**2) / 2)


@unknown("log_prior_no_pooling", "bounds themselves excluded")
def no_pooling_open(alpha, beta, sigma):
    lines = np.concatenate([alpha, beta])
    if not 0 < sigma < 10 or not np.all(np.abs(lines) < 100):
        return -np.inf
    return -lines.size * np.log(200) - np.log(10)


@unknown("log_prior_partial_pooling", "standard error of the mean for the sd")
def partial_pooling_error(alpha, beta, mu_alpha, mu_beta, sigma_alpha, sigma_beta, sigma):
    if not all(0 < s <= 10 for s in (sigma_alpha, sigma_beta, sigma)):
        return -np.inf

    def normal(value, mean, sd):
        return np.sum(-np.log(2 * np.pi) / 2 - np.log(sd) - ((value - mean) / sd) ** 2 / 2)

    root = np.sqrt(len(alpha))
    lines = normal(alpha, mu_alpha, sigma_alpha / root) + normal(beta, mu_beta, sigma_beta / root)
    return lines + normal(mu_alpha, 0, 3) + normal(mu_beta, 0, 3) - 3 * np.log(10)


@unknown("gradient", "coarse differences")
def gradient_differences(theta, y):
    def log_density(mu, u):
        return np.sum(-u - (y - mu) ** 2 / (2 * np.exp(2 * u))) + u

    mu, u = theta
    h = 0.01
    return np.array(
        [
            (log_density(mu + h, u) - log_density(mu, u)) / h,
            (log_density(mu, u + h) - log_density(mu, u)) / h,
        ]
    )


@unknown("gradient", "entries swapped")
def gradient_swapped(theta, y):
    mu, log_sigma = theta
    z = (y - mu) / np.exp(log_sigma)
    return np.array([np.sum(z**2 - 1) + 1, np.sum(z) / np.exp(log_sigma)])


@unknown("jacobian", "u is the logarithm of the variance")
def jacobian_variance(u, rate):
    return math.log(rate) - rate * math.exp(u / 2) + u / 2 - math.log(2)


@unknown("leapfrog", "gradient clipped")
def leapfrog_clipped(theta, momentum, step_size, steps, gradient):
    def force(q):
        g = gradient(q)
        return g / max(1.0, np.linalg.norm(g))

    for _ in range(steps):
        momentum = momentum + step_size / 2 * force(theta)
        theta = theta + step_size * momentum
        momentum = momentum + step_size / 2 * force(theta)
    return theta, momentum


@unknown("leapfrog", "step size divided by the number of steps")
def leapfrog_divided(theta, momentum, step_size, steps, gradient):
    h = step_size / steps
    for _ in range(steps):
        momentum = momentum + h / 2 * gradient(theta)
        theta = theta + h * momentum
        momentum = momentum + h / 2 * gradient(theta)
    return theta, momentum


@unknown("dual_averaging", "powers of ten")
def averaging_base_ten(accept_probs, step_size0, target):
    mu = np.log10(10 * step_size0)
    h = 0.0
    out = []
    for t, a in enumerate(accept_probs, start=1):
        h = (1 - 1 / (t + 10)) * h + (target - a) / (t + 10)
        out.append(10 ** (mu - np.sqrt(t) / 0.05 * h))
    return np.array(out)


@unknown("u_turn", "product of the two products")
def turn_product(theta_minus, theta_plus, p_minus, p_plus):
    span = theta_plus - theta_minus
    return (span @ p_minus) * (span @ p_plus) < 0


@unknown("noncentering", "tau in the noise as well")
def schools_marginal(theta, y, se):
    mu, log_tau, z = theta[0], theta[1], theta[2:]
    tau = np.exp(log_tau)
    sd = np.sqrt(se**2 + tau**2)
    prior = -(mu**2) / 50 - np.log(1 + (tau / 5) ** 2) + log_tau - np.sum(z**2) / 2
    return prior - np.sum(np.log(sd)) - np.sum(((y - mu - tau * z) / sd) ** 2) / 2


@unknown("rhat", "middle draw kept")
def rhat_middle(chains):
    n = chains.shape[1]
    halves = [half for chain in chains for half in (chain[: n // 2], chain[n // 2 :])]
    N = n // 2
    B = N * np.var([np.mean(half) for half in halves], ddof=1)
    W = np.mean([np.var(half, ddof=1) for half in halves])
    return float(np.sqrt(((N - 1) / N * W + B / N) / W))


@unknown("ess", "pairs from lag one on")
def ess_lag_one(chains):
    n = chains.shape[1] // 2
    halves = np.concatenate([chains[:, :n], chains[:, -n:]])
    centred = halves - halves.mean(axis=1, keepdims=True)
    acov = (
        np.array([np.mean(np.sum(centred[:, : n - t] * centred[:, t:], 1)) for t in range(n)]) / n
    )
    W = acov[0] * n / (n - 1)
    V = acov[0] + halves.mean(axis=1).var(ddof=1)
    rho = 1 - (W - acov) / V
    tau, smallest = 1.0, np.inf
    for t in range(1, n - 1, 2):
        pair = rho[t] + rho[t + 1]
        if pair <= 0:
            break
        smallest = min(smallest, pair)
        tau += 2 * smallest
    return float(halves.size / max(tau, 1 / np.log10(halves.size)))


@unknown("shrink", "shrunk twice")
def shrink_twice(y, se, mu, tau):
    weight = tau**2 / (tau**2 + se**2)
    once = mu + weight * (y - mu)
    return weight * once + (1 - weight) * mu


@unknown("james_stein", "root of S")
def stein_root(y, se):
    weight = 1 / se**2
    m = np.sum(weight * y) / np.sum(weight)
    S = np.sqrt(np.sum(weight * (y - m) ** 2))
    return m + max(0, 1 - (len(y) - 3) / S) * (y - m)


@unknown("rmse", "divided by one less")
def rmse_unbiased(estimate, truth):
    return float(np.sqrt(np.sum((estimate - truth) ** 2) / (len(truth) - 1)))


@unknown("poststratify", "one person added to every cell")
def stratify_smoothed(p, N):
    weights = (N + 1) / np.sum(N + 1)
    return p @ weights


@unknown("varying_effect", "deviations subtracted")
def effect_subtracted(draws, where):
    effect = draws["z"].copy()
    for factor, level in where.items():
        effect -= draws[f"z:{factor}"][:, level]
    return effect
