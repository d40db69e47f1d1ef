"""Wrong and right answers to the exercise `gibbs`."""

import math

import numpy as np
from scipy import stats

from ...exercise import Bank

BANK = Bank("gibbs")


@BANK.has_bug("variance-returned")
def forgot_root(y, n, rng):
    v = 1.0
    draws = np.empty((n, 2))
    for i in range(n):
        p = len(y) / v + 0.01
        mu = rng.normal(np.sum(y) / v / p, 1 / np.sqrt(p))
        v = 1 / rng.gamma(2 + len(y) / 2, 1 / (2 + np.sum((y - mu) ** 2) / 2))
        draws[i] = mu, v
    return draws


@BANK.has_bug("variance-returned")
def tau_first_and_variances(y, n, rng):
    mu = float(np.mean(y))
    out = []
    for _ in range(n):
        b = 2 + 0.5 * sum((yi - mu) ** 2 for yi in y)
        sigma2 = stats.invgamma.rvs(2 + 0.5 * len(y), scale=b, random_state=rng)
        prec = len(y) / sigma2 + 1 / 100
        mu = sum(y) / sigma2 / prec + rng.normal() / math.sqrt(prec)
        out.append([mu, sigma2])
    return np.array(out)


@BANK.has_bug("prior-variance-10")
def one_tenth(y, n, rng):
    v = 1.0
    draws = np.empty((n, 2))
    for i in range(n):
        p = len(y) / v + 1 / 10
        mu = rng.normal(np.sum(y) / v / p, 1 / np.sqrt(p))
        v = 1 / rng.gamma(2 + len(y) / 2, 1 / (2 + np.sum((y - mu) ** 2) / 2))
        draws[i] = mu, np.sqrt(v)
    return draws


@BANK.has_bug("prior-variance-10")
def weighted_by_variances(y, n, rng):
    prior_var = 10.0
    ybar, N = y.mean(), y.size
    mu, chain = ybar, []
    for _ in range(n):
        tau = rng.gamma(2 + N / 2, 1 / (2 + ((y - mu) ** 2).sum() / 2))
        var_of_mean = 1 / (tau * N)
        w = prior_var / (prior_var + var_of_mean)
        mu = rng.normal(w * ybar, np.sqrt(w * var_of_mean))
        chain.append((mu, tau**-0.5))
    return np.array(chain)


@BANK.has_bug("prior-of-mu-missing")
def flat_prior(y, n, rng):
    sigma = 1.0
    draws = np.empty((n, 2))
    for i in range(n):
        mu = rng.normal(y.mean(), sigma / np.sqrt(y.size))
        v = 1 / rng.gamma(2 + len(y) / 2, 1 / (2 + np.sum((y - mu) ** 2) / 2))
        sigma = np.sqrt(v)
        draws[i] = mu, sigma
    return draws


@BANK.has_bug("prior-of-mu-missing")
def flat_prior_sigma_first(y, n, rng):
    mus, sigmas = [], []
    m = float(np.average(y))
    for _ in range(n):
        ss = float(np.dot(y - m, y - m))
        s2 = (2 + ss / 2) / rng.standard_gamma(2 + len(y) / 2)
        m = float(np.average(y)) + math.sqrt(s2 / len(y)) * rng.standard_normal()
        mus.append(m)
        sigmas.append(math.sqrt(s2))
    return np.column_stack([mus, sigmas])


@BANK.has_bug("rate-for-scale")
def gamma_of_rate(y, n, rng):
    v = 1.0
    draws = np.empty((n, 2))
    for i in range(n):
        p = len(y) / v + 0.01
        mu = rng.normal(np.sum(y) / v / p, 1 / np.sqrt(p))
        v = 1 / rng.gamma(2 + len(y) / 2, 2 + np.sum((y - mu) ** 2) / 2)
        draws[i] = mu, np.sqrt(v)
    return draws


@BANK.has_bug("rate-for-scale")
def scipy_scale(y, n, rng):
    mu, out = np.mean(y), []
    for _ in range(n):
        a = 2 + 0.5 * len(y)
        b = 2 + 0.5 * np.sum((y - mu) ** 2)
        s2 = stats.invgamma(a, scale=1 / b).rvs(random_state=rng)
        prec = len(y) / s2 + 0.01
        mu = rng.normal(len(y) * np.mean(y) / s2 / prec, prec**-0.5)
        out.append([mu, s2**0.5])
    return np.array(out)


@BANK.has_bug("not-inverted")
def gamma_as_variance(y, n, rng):
    v = 1.0
    draws = np.empty((n, 2))
    for i in range(n):
        p = len(y) / v + 0.01
        mu = rng.normal(np.sum(y) / v / p, 1 / np.sqrt(p))
        v = rng.gamma(2 + len(y) / 2, 1 / (2 + np.sum((y - mu) ** 2) / 2))
        draws[i] = mu, np.sqrt(v)
    return draws


@BANK.has_bug("not-inverted")
def precision_as_variance(y, n, rng):
    N, total = len(y), float(sum(y))
    mu, out = total / N, []
    for _ in range(n):
        squares = 0.0
        for value in y:
            squares += (value - mu) ** 2
        sigma2 = stats.gamma.rvs(2 + N / 2, scale=1 / (2 + squares / 2), random_state=rng)
        post_var = 1 / (1 / 100 + N / sigma2)
        mu = rng.normal(post_var * total / sigma2, math.sqrt(post_var))
        out.append((mu, math.sqrt(sigma2)))
    return np.array(out)


@BANK.has_bug("shape-n")
def whole_n(y, n, rng):
    v = 1.0
    draws = np.empty((n, 2))
    for i in range(n):
        p = len(y) / v + 0.01
        mu = rng.normal(np.sum(y) / v / p, 1 / np.sqrt(p))
        v = 1 / rng.gamma(2 + len(y), 1 / (2 + np.sum((y - mu) ** 2) / 2))
        draws[i] = mu, np.sqrt(v)
    return draws


@BANK.has_bug("shape-n")
def invgamma_of_n(y, n, rng):
    mu, out = y.mean(), np.zeros((n, 2))
    for i in range(n):
        s2 = stats.invgamma.rvs(y.size + 2, scale=0.5 * ((y - mu) ** 2).sum() + 2, random_state=rng)
        var = 1 / (y.size / s2 + 1 / 10**2)
        mu = var * y.sum() / s2 + np.sqrt(var) * rng.standard_normal()
        out[i, 0], out[i, 1] = mu, np.sqrt(s2)
    return out


@BANK.has_bug("sum-of-squares-not-halved")
def whole_sum(y, n, rng):
    v = 1.0
    draws = np.empty((n, 2))
    for i in range(n):
        p = len(y) / v + 0.01
        mu = rng.normal(np.sum(y) / v / p, 1 / np.sqrt(p))
        v = 1 / rng.gamma(2 + len(y) / 2, 1 / (2 + np.sum((y - mu) ** 2)))
        draws[i] = mu, np.sqrt(v)
    return draws


@BANK.has_bug("sum-of-squares-not-halved")
def whole_dot(y, n, rng):
    N = len(y)
    g = rng.standard_gamma(2 + N / 2, size=n)
    z = rng.standard_normal(n)
    m, out = sum(y) / N, []
    for k in range(n):
        r = y - m
        s2 = (2 + r @ r) / g[k]
        pr = N / s2 + 0.01
        m = sum(y) / s2 / pr + z[k] / math.sqrt(pr)
        out.append([m, math.sqrt(s2)])
    return np.array(out)


@BANK.has_bug("squares-about-mean")
def about_mean(y, n, rng):
    v = 1.0
    draws = np.empty((n, 2))
    for i in range(n):
        p = len(y) / v + 0.01
        mu = rng.normal(np.sum(y) / v / p, 1 / np.sqrt(p))
        v = 1 / rng.gamma(2 + len(y) / 2, 1 / (2 + np.sum((y - y.mean()) ** 2) / 2))
        draws[i] = mu, np.sqrt(v)
    return draws


@BANK.has_bug("squares-about-mean")
def sigmas_in_advance(y, n, rng):
    rate = 2 + 0.5 * len(y) * np.var(y)
    v = rate / rng.standard_gamma(2 + 0.5 * len(y), size=n)
    p = len(y) / v + 0.01
    mu = rng.normal(y.sum() / v / p, p**-0.5)
    return np.column_stack([mu, np.sqrt(v)])


@BANK.has_bug("prior-of-sigma-missing")
def likelihood_only(y, n, rng):
    v = 1.0
    draws = np.empty((n, 2))
    for i in range(n):
        p = len(y) / v + 0.01
        mu = rng.normal(np.sum(y) / v / p, 1 / np.sqrt(p))
        v = 1 / rng.gamma(len(y) / 2, 1 / (np.sum((y - mu) ** 2) / 2))
        draws[i] = mu, np.sqrt(v)
    return draws


@BANK.has_bug("prior-of-sigma-missing")
def chi_square(y, n, rng):
    sigma2, rows = 1.0, []
    for _ in range(n):
        prec = len(y) / sigma2 + 1 / 100
        mu = rng.normal(y.sum() / sigma2 / prec, prec**-0.5)
        sigma2 = ((y - mu) ** 2).sum() / rng.chisquare(len(y))
        rows.append([mu, sigma2**0.5])
    return np.array(rows)


@BANK.has_bug("variance-for-sd")
def one_over_precision(y, n, rng):
    v = 1.0
    draws = np.empty((n, 2))
    for i in range(n):
        p = len(y) / v + 0.01
        mu = rng.normal(np.sum(y) / v / p, 1 / p)
        v = 1 / rng.gamma(2 + len(y) / 2, 1 / (2 + np.sum((y - mu) ** 2) / 2))
        draws[i] = mu, np.sqrt(v)
    return draws


@BANK.has_bug("variance-for-sd")
def posterior_variance_as_scale(y, n, rng):
    mu, out = np.mean(y), []
    for _ in range(n):
        s2 = stats.invgamma.rvs(
            2 + len(y) / 2, scale=2 + np.sum((y - mu) ** 2) / 2, random_state=rng
        )
        post_var = 1 / (1 / 100 + len(y) / s2)
        post_mean = post_var * (len(y) * np.mean(y) / s2)
        mu = stats.norm.rvs(post_mean, post_var, random_state=rng)
        out.append([mu, np.sqrt(s2)])
    return np.array(out)


@BANK.has_bug("sd-of-one")
def sigma_as_sd(y, n, rng):
    v = 1.0
    draws = np.empty((n, 2))
    for i in range(n):
        p = len(y) / v + 0.01
        mu = rng.normal(np.sum(y) / v / p, np.sqrt(v))
        v = 1 / rng.gamma(2 + len(y) / 2, 1 / (2 + np.sum((y - mu) ** 2) / 2))
        draws[i] = mu, np.sqrt(v)
    return draws


@BANK.has_bug("sd-of-one")
def n_forgotten(y, n, rng):
    m, out = y.mean(), []
    for _ in range(n):
        sigma = math.sqrt((2 + ((y - m) ** 2).sum() / 2) / rng.standard_gamma(2 + y.size / 2))
        centre = y.mean() * 100 / (100 + sigma**2 / y.size)
        m = centre + sigma * rng.standard_normal()
        out.append((m, sigma))
    return np.array(out)


@BANK.has_bug("start-recorded")
def from_one(y, n, rng):
    draws = np.empty((n, 2))
    draws[0] = y.mean(), 1.0
    for i in range(1, n):
        v = draws[i - 1, 1] ** 2
        p = len(y) / v + 0.01
        mu = rng.normal(np.sum(y) / v / p, 1 / np.sqrt(p))
        v = 1 / rng.gamma(2 + len(y) / 2, 1 / (2 + np.sum((y - mu) ** 2) / 2))
        draws[i] = mu, np.sqrt(v)
    return draws


@BANK.has_bug("start-recorded")
def records_first(y, n, rng):
    mu, s2, out = float(np.mean(y)), 1.0, []
    for _ in range(n):
        out.append([mu, math.sqrt(s2)])
        s2 = (2 + np.sum((y - mu) ** 2) / 2) / rng.standard_gamma(2 + len(y) / 2)
        p = len(y) / s2 + 0.01
        mu = rng.normal(np.sum(y) / s2 / p, p**-0.5)
    return np.array(out)


@BANK.has_bug("fixed-sigma")
def precision_before_the_loop(y, n, rng):
    v = 1.0
    p = len(y) / v + 0.01
    mean, sd = np.sum(y) / v / p, 1 / np.sqrt(p)
    draws = np.empty((n, 2))
    for i in range(n):
        mu = rng.normal(mean, sd)
        v = 1 / rng.gamma(2 + len(y) / 2, 1 / (2 + np.sum((y - mu) ** 2) / 2))
        draws[i] = mu, np.sqrt(v)
    return draws


@BANK.has_bug("fixed-sigma")
def all_mus_first(y, n, rng):
    sigma = 1.0
    p = y.size / sigma**2 + 0.01
    mus = rng.normal(y.sum() / sigma**2 / p, 1 / math.sqrt(p), size=n)
    squares = np.array([np.sum((y - m) ** 2) for m in mus])
    v = (2 + squares / 2) / rng.standard_gamma(2 + y.size / 2, size=n)
    return np.stack([mus, np.sqrt(v)], axis=1)


@BANK.has_bug("variance-handed-on")
def one_name_for_both(y, n, rng):
    sigma = 1.0
    draws = np.empty((n, 2))
    for i in range(n):
        p = y.size / sigma**2 + 1 / 100
        mu = rng.normal(y.sum() / sigma**2 / p, 1 / np.sqrt(p))
        sigma = 1 / rng.gamma(2 + y.size / 2, 1 / (2 + np.sum((y - mu) ** 2) / 2))
        draws[i] = mu, np.sqrt(sigma)
    return draws


def mean_given(y, sigma, rng):
    p = len(y) / sigma**2 + 0.01
    return rng.normal(sum(y) / sigma**2 / p, p**-0.5)


@BANK.has_bug("variance-handed-on")
def variance_for_sigma_by_functions(y, n, rng):
    mu, rows = np.mean(y), []
    for _ in range(n):
        v = (2 + np.sum((y - mu) ** 2) / 2) / rng.standard_gamma(2 + len(y) / 2)
        mu = mean_given(y, v, rng)
        rows.append((mu, math.sqrt(v)))
    return np.array(rows)


@BANK.has_bug("columns-swapped")
def sigma_in_front(y, n, rng):
    v = 1.0
    draws = np.empty((n, 2))
    for i in range(n):
        p = len(y) / v + 0.01
        mu = rng.normal(np.sum(y) / v / p, 1 / np.sqrt(p))
        v = 1 / rng.gamma(2 + len(y) / 2, 1 / (2 + np.sum((y - mu) ** 2) / 2))
        draws[i] = np.sqrt(v), mu
    return draws


@BANK.has_bug("columns-swapped")
def lists_swapped(y, n, rng):
    mus, sigmas, mu = [], [], np.mean(y)
    for _ in range(n):
        s2 = stats.invgamma.rvs(
            2 + len(y) / 2, scale=2 + np.sum((y - mu) ** 2) / 2, random_state=rng
        )
        p = len(y) / s2 + 0.01
        mu = rng.normal(np.sum(y) / s2 / p, p**-0.5)
        mus.append(mu)
        sigmas.append(np.sqrt(s2))
    return np.array([sigmas, mus]).T


@BANK.is_right("mu first")
def mu_first(y, n, rng):
    v = 1.0
    draws = np.empty((n, 2))
    for i in range(n):
        p = len(y) / v + 1 / 100
        mu = rng.normal(np.sum(y) / v / p, 1 / np.sqrt(p))
        v = 1 / rng.gamma(2 + len(y) / 2, 1 / (2 + np.sum((y - mu) ** 2) / 2))
        draws[i] = mu, np.sqrt(v)
    return draws


@BANK.is_right("sigma first, scipy")
def sigma_first(y, n, rng):
    mu, out = np.mean(y), []
    for _ in range(n):
        b = 2 + 0.5 * np.sum((y - mu) ** 2)
        s2 = stats.invgamma.rvs(2 + 0.5 * len(y), scale=b, random_state=rng)
        p = len(y) / s2 + 0.01
        mu = stats.norm.rvs(len(y) * np.mean(y) / s2 / p, 1 / np.sqrt(p), random_state=rng)
        out.append([mu, np.sqrt(s2)])
    return np.array(out)


@BANK.is_right("random numbers in advance")
def in_advance(y, n, rng):
    N, mean = y.size, y.mean()
    around = ((y - mean) ** 2).sum()
    g = rng.standard_gamma(2 + N / 2, size=n)
    z = rng.standard_normal(n)
    mu, v = np.empty(n), 1.0
    variance = np.empty(n)
    for i in range(n):
        p = N / v + 0.01
        mu[i] = N * mean / v / p + z[i] / np.sqrt(p)
        variance[i] = v = (2 + (around + N * (mean - mu[i]) ** 2) / 2) / g[i]
    return np.column_stack([mu, np.sqrt(variance)])


@BANK.is_right("plain lists")
def plain_lists(y, n, rng):
    values = [float(v) for v in y]
    N, total = len(values), sum(values)
    mu, rows = total / N, []
    for _ in range(n):
        squares = sum((v - mu) ** 2 for v in values)
        tau = rng.gamma(shape=2 + N / 2, scale=1 / (2 + squares / 2))
        var = 1 / (0.01 + N * tau)
        mu = rng.normal(var * tau * total, math.sqrt(var))
        rows.append([mu, 1 / math.sqrt(tau)])
    return np.array(rows)


@BANK.is_right("weights of prior and data")
def weights(y, n, rng):
    sigma, out = 1.0, np.zeros((n, 2))
    for i in range(n):
        weight = 100.0 / (100.0 + sigma**2 / len(y))
        mu = weight * y.mean() + rng.normal(0.0, np.sqrt(weight) * sigma / np.sqrt(len(y)))
        degrees = 4 + len(y)  # as a scaled inverse chi-square
        sigma = np.sqrt((4 + np.sum((y - mu) ** 2)) / rng.chisquare(degrees))
        out[i] = [mu, sigma]
    return out


class Conditionals:
    def __init__(self, y, rng):
        self.y, self.rng = y, rng
        self.mu, self.sigma = y.mean(), 1.0

    def draw_sigma(self):
        shape = 2 + self.y.size / 2
        rate = 2 + ((self.y - self.mu) ** 2).sum() / 2
        self.sigma = self.rng.gamma(shape, 1 / rate) ** -0.5

    def draw_mu(self):
        precisions = np.append(np.full(self.y.size, self.sigma**-2), 0.01)
        centre = np.average(np.append(self.y, 0.0), weights=precisions)
        self.mu = self.rng.normal(centre, precisions.sum() ** -0.5)


@BANK.is_right("class")
def with_a_class(y, n, rng):
    chain, rows = Conditionals(y, rng), []
    for _ in range(n):
        chain.draw_sigma()
        chain.draw_mu()
        rows.append([chain.mu, chain.sigma])
    return np.array(rows)


@BANK.is_right("quantiles of uniform numbers")
def quantiles(y, n, rng):
    v, out = 1.0, []
    for _ in range(n):
        p = len(y) / v + 0.01
        mu = stats.norm.ppf(rng.random(), y.sum() / v / p, p**-0.5)
        v = stats.invgamma.ppf(rng.random(), 2 + len(y) / 2, scale=2 + ((y - mu) ** 2).sum() / 2)
        out.append([mu, v**0.5])
    return np.array(out)
