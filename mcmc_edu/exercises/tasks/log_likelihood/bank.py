"""Wrong and right answers to the exercise `log_likelihood`."""

import math

import numpy as np
from scipy import stats

from ...exercise import Bank

BANK = Bank("log_likelihood")


@BANK.has_bug("constant-missing")
def no_constant(y, x, alpha, beta, sigma, group):
    z = (y - alpha[group] - beta[group] * x) / sigma
    return np.sum(-np.log(sigma) - 0.5 * z**2)


@BANK.has_bug("constant-missing")
def no_constant_loop(y, x, alpha, beta, sigma, group):
    total = 0.0
    for i in range(len(y)):
        r = y[i] - (alpha[group[i]] + beta[group[i]] * x[i])
        total -= r * r / (2 * sigma**2)
    return total - len(y) * math.log(sigma)


@BANK.has_bug("log-sigma-missing")
def no_log_sigma(y, x, alpha, beta, sigma, group):
    z = (y - alpha[group] - beta[group] * x) / sigma
    return np.sum(-0.5 * np.log(2 * np.pi) - 0.5 * z**2)


@BANK.has_bug("log-sigma-missing")
def scipy_of_z(y, x, alpha, beta, sigma, group):
    mean = alpha[group] + beta[group] * x
    return stats.norm.logpdf((y - mean) / sigma).sum()


@BANK.has_bug("log-sigma-once")
def outside_the_sum(y, x, alpha, beta, sigma, group):
    z = (y - alpha[group] - beta[group] * x) / sigma
    return np.sum(-0.5 * np.log(2 * np.pi) - 0.5 * z**2) - np.log(sigma)


@BANK.has_bug("log-sigma-once")
def before_the_loop(y, x, alpha, beta, sigma, group):
    total = -math.log(sigma)
    for yi, xi, j in zip(y, x, group):
        total += -math.log(2 * math.pi) / 2
        total += -(((yi - alpha[j] - beta[j] * xi) / sigma) ** 2) / 2
    return total


@BANK.has_bug("variance-for-sd")
def root_of_sigma(y, x, alpha, beta, sigma, group):
    return stats.norm.logpdf(y, alpha[group] + beta[group] * x, np.sqrt(sigma)).sum()


@BANK.has_bug("variance-for-sd")
def sigma_not_squared(y, x, alpha, beta, sigma, group):
    r = y - alpha[group] - beta[group] * x
    return -0.5 * len(y) * math.log(2 * math.pi * sigma) - np.dot(r, r) / (2 * sigma)


@BANK.has_bug("half-missing")
def whole_squares(y, x, alpha, beta, sigma, group):
    z = (y - alpha[group] - beta[group] * x) / sigma
    return np.sum(-0.5 * np.log(2 * np.pi) - np.log(sigma) - z**2)


@BANK.has_bug("half-missing")
def whole_squares_loop(y, x, alpha, beta, sigma, group):
    out = 0.0
    for i, j in enumerate(group):
        e = y[i] - alpha[j] - beta[j] * x[i]
        out += math.log(1 / (sigma * math.sqrt(2 * math.pi))) - e**2 / sigma**2
    return out


@BANK.has_bug("sign-flipped")
def plus(y, x, alpha, beta, sigma, group):
    z = (y - alpha[group] - beta[group] * x) / sigma
    return np.sum(-0.5 * np.log(2 * np.pi) - np.log(sigma) + 0.5 * z**2)


@BANK.has_bug("sign-flipped")
def plus_loop(y, x, alpha, beta, sigma, group):
    total = -len(y) * math.log(sigma * math.sqrt(2 * math.pi))
    for yi, xi, j in zip(y, x, group):
        total += (yi - alpha[j] - beta[j] * xi) ** 2 / (2 * sigma**2)
    return total


@BANK.has_bug("product-of-densities")
def log_of_product(y, x, alpha, beta, sigma, group):
    mean = alpha[group] + beta[group] * x
    p = np.exp(-0.5 * ((y - mean) / sigma) ** 2) / (sigma * np.sqrt(2 * np.pi))
    with np.errstate(divide="ignore"):
        return np.log(np.prod(p))


@BANK.has_bug("product-of-densities")
def product_in_a_loop(y, x, alpha, beta, sigma, group):
    likelihood = 1.0
    for i in range(len(y)):
        j = group[i]
        likelihood *= stats.norm.pdf(y[i], alpha[j] + beta[j] * x[i], sigma)
    return math.log(likelihood) if likelihood > 0 else -math.inf


@BANK.has_bug("group-ignored")
def blocks_of_equal_size(y, x, alpha, beta, sigma, group):
    each = -(-len(y) // len(alpha))
    a, b = np.repeat(alpha, each)[: len(y)], np.repeat(beta, each)[: len(y)]
    return stats.norm.logpdf(y, a + b * x, sigma).sum()


@BANK.has_bug("group-ignored")
def sorted_groups(y, x, alpha, beta, sigma, group):
    total = 0.0
    for i in range(len(y)):
        j = i * len(alpha) // len(y)
        z = (y[i] - alpha[j] - beta[j] * x[i]) / sigma
        total += -0.5 * math.log(2 * math.pi) - math.log(sigma) - 0.5 * z * z
    return total


@BANK.has_bug("first-line-for-all")
def first_line(y, x, alpha, beta, sigma, group):
    z = (y - alpha[0] - beta[0] * x) / sigma
    return np.sum(-0.5 * np.log(2 * np.pi) - np.log(sigma) - 0.5 * z**2)


@BANK.has_bug("first-line-for-all")
def group_of_the_first_row(y, x, alpha, beta, sigma, group):
    total = 0.0
    for i in range(len(y)):
        total += stats.norm(alpha[0] + beta[0] * x[i], sigma).logpdf(y[i])
    return total


@BANK.has_bug("mean-for-sum")
def mean(y, x, alpha, beta, sigma, group):
    return np.mean(stats.norm.logpdf(y, alpha[group] + beta[group] * x, sigma))


@BANK.has_bug("mean-for-sum")
def divided(y, x, alpha, beta, sigma, group):
    total = 0.0
    for i in range(len(y)):
        z = (y[i] - alpha[group[i]] - beta[group[i]] * x[i]) / sigma
        total += -0.5 * math.log(2 * math.pi) - math.log(sigma) - 0.5 * z * z
    return total / len(y)


@BANK.is_right("vectorised")
def vectorised(y, x, alpha, beta, sigma, group):
    r = y - alpha[group] - beta[group] * x
    return -0.5 * len(y) * np.log(2 * np.pi * sigma**2) - np.sum(r**2) / (2 * sigma**2)


@BANK.is_right("scipy")
def with_scipy(y, x, alpha, beta, sigma, group):
    return stats.norm.logpdf(y, loc=alpha[group] + beta[group] * x, scale=sigma).sum()


@BANK.is_right("loop over rows")
def rows(y, x, alpha, beta, sigma, group):
    total = 0.0
    for yi, xi, j in zip(y, x, group):
        z = (yi - alpha[j] - beta[j] * xi) / sigma
        total += -0.5 * z * z - math.log(sigma) - 0.5 * math.log(2 * math.pi)
    return total


@BANK.is_right("loop over individuals")
def individuals(y, x, alpha, beta, sigma, group):
    total = 0.0
    for j in range(len(alpha)):
        mine = group == j
        total += stats.norm.logpdf(y[mine], alpha[j] + beta[j] * x[mine], sigma).sum()
    return total
