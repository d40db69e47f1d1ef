"""Wrong and right answers to the exercise `log_prior_partial_pooling`."""

import math

import numpy as np
from scipy import stats

from ...exercise import Bank

BANK = Bank("log_prior_partial_pooling")


def scales(sigma_alpha, sigma_beta, sigma):
    return all(0 < s <= 10 for s in (sigma_alpha, sigma_beta, sigma))


def n(x, m, s):
    return -0.5 * np.log(2 * np.pi) - np.log(s) - 0.5 * ((x - m) / s) ** 2


@BANK.has_bug("hyperprior-missing")
def no_hyperprior(alpha, beta, mu_alpha, mu_beta, sigma_alpha, sigma_beta, sigma):
    if not scales(sigma_alpha, sigma_beta, sigma):
        return -np.inf
    lp = 0.0
    lp += np.sum(n(alpha, mu_alpha, sigma_alpha)) + np.sum(n(beta, mu_beta, sigma_beta))
    return lp - 3 * np.log(10)


@BANK.has_bug("hyperprior-missing")
def no_hyperprior_2(alpha, beta, mu_alpha, mu_beta, sigma_alpha, sigma_beta, sigma):
    if min(sigma_alpha, sigma_beta, sigma) <= 0 or max(sigma_alpha, sigma_beta, sigma) > 10:
        return -math.inf
    lp = -3 * math.log(10)
    lp += 0.0
    for j in range(len(alpha)):
        lp += stats.norm.logpdf(alpha[j], mu_alpha, sigma_alpha)
        lp += stats.norm.logpdf(beta[j], mu_beta, sigma_beta)
    return lp


@BANK.has_bug("hyperprior-variance-3")
def root_3(alpha, beta, mu_alpha, mu_beta, sigma_alpha, sigma_beta, sigma):
    if not scales(sigma_alpha, sigma_beta, sigma):
        return -np.inf
    lp = n(mu_alpha, 0, np.sqrt(3)) + n(mu_beta, 0, np.sqrt(3))
    lp += np.sum(n(alpha, mu_alpha, sigma_alpha)) + np.sum(n(beta, mu_beta, sigma_beta))
    return lp - 3 * np.log(10)


@BANK.has_bug("hyperprior-variance-3")
def root_3_2(alpha, beta, mu_alpha, mu_beta, sigma_alpha, sigma_beta, sigma):
    if min(sigma_alpha, sigma_beta, sigma) <= 0 or max(sigma_alpha, sigma_beta, sigma) > 10:
        return -math.inf
    lp = -3 * math.log(10)
    lp += -math.log(2 * math.pi * 3) - (mu_alpha**2 + mu_beta**2) / 6
    for j in range(len(alpha)):
        lp += stats.norm.logpdf(alpha[j], mu_alpha, sigma_alpha)
        lp += stats.norm.logpdf(beta[j], mu_beta, sigma_beta)
    return lp


@BANK.has_bug("variance-for-sd")
def root_of_sigmas(alpha, beta, mu_alpha, mu_beta, sigma_alpha, sigma_beta, sigma):
    if not scales(sigma_alpha, sigma_beta, sigma):
        return -np.inf
    lp = n(mu_alpha, 0, 3) + n(mu_beta, 0, 3)
    lp += np.sum(n(alpha, mu_alpha, sigma_alpha**0.5)) + np.sum(n(beta, mu_beta, sigma_beta**0.5))
    return lp - 3 * np.log(10)


@BANK.has_bug("variance-for-sd")
def root_of_sigmas_2(alpha, beta, mu_alpha, mu_beta, sigma_alpha, sigma_beta, sigma):
    if min(sigma_alpha, sigma_beta, sigma) <= 0 or max(sigma_alpha, sigma_beta, sigma) > 10:
        return -math.inf
    lp = -3 * math.log(10)
    lp += stats.norm.logpdf(mu_alpha, 0, 3) + stats.norm.logpdf(mu_beta, 0, 3)
    for j in range(len(alpha)):
        lp += stats.norm.logpdf(alpha[j], mu_alpha, math.sqrt(sigma_alpha))
        lp += stats.norm.logpdf(beta[j], mu_beta, math.sqrt(sigma_beta))
    return lp


@BANK.has_bug("constants-missing")
def kernels_only(alpha, beta, mu_alpha, mu_beta, sigma_alpha, sigma_beta, sigma):
    if not scales(sigma_alpha, sigma_beta, sigma):
        return -np.inf
    lp = -0.5 * (mu_alpha / 3) ** 2 - 0.5 * (mu_beta / 3) ** 2
    lp += np.sum(n(alpha, mu_alpha, sigma_alpha) + 0.5 * np.log(2 * np.pi))
    lp += np.sum(n(beta, mu_beta, sigma_beta) + 0.5 * np.log(2 * np.pi))
    return lp - 0.0


@BANK.has_bug("constants-missing")
def kernels_only_2(alpha, beta, mu_alpha, mu_beta, sigma_alpha, sigma_beta, sigma):
    if not scales(sigma_alpha, sigma_beta, sigma):
        return -math.inf
    total = -(mu_alpha**2 + mu_beta**2) / 18
    for a, b in zip(alpha, beta):
        total -= math.log(sigma_alpha) + 0.5 * ((a - mu_alpha) / sigma_alpha) ** 2
        total -= math.log(sigma_beta) + 0.5 * ((b - mu_beta) / sigma_beta) ** 2
    return total


@BANK.has_bug("log-sigma-missing")
def no_log_sigmas(alpha, beta, mu_alpha, mu_beta, sigma_alpha, sigma_beta, sigma):
    if not scales(sigma_alpha, sigma_beta, sigma):
        return -np.inf
    lp = n(mu_alpha, 0, 3) + n(mu_beta, 0, 3)
    lp += np.sum(n((alpha - mu_alpha) / sigma_alpha, 0, 1))
    lp += np.sum(n((beta - mu_beta) / sigma_beta, 0, 1))
    return lp - 3 * np.log(10)


@BANK.has_bug("log-sigma-missing")
def no_log_sigmas_2(alpha, beta, mu_alpha, mu_beta, sigma_alpha, sigma_beta, sigma):
    if not scales(sigma_alpha, sigma_beta, sigma):
        return -math.inf
    z = np.concatenate([(alpha - mu_alpha) / sigma_alpha, (beta - mu_beta) / sigma_beta])
    both = stats.norm(0, 3).logpdf([mu_alpha, mu_beta]).sum()
    return stats.norm.logpdf(z).sum() + both + 3 * stats.uniform.logpdf(1, 0, 10)


@BANK.has_bug("scales-constant-missing")
def no_log_10(alpha, beta, mu_alpha, mu_beta, sigma_alpha, sigma_beta, sigma):
    if not scales(sigma_alpha, sigma_beta, sigma):
        return -np.inf
    lp = n(mu_alpha, 0, 3) + n(mu_beta, 0, 3)
    lp += np.sum(n(alpha, mu_alpha, sigma_alpha)) + np.sum(n(beta, mu_beta, sigma_beta))
    return lp - 0.0


@BANK.has_bug("scales-constant-missing")
def no_log_10_2(alpha, beta, mu_alpha, mu_beta, sigma_alpha, sigma_beta, sigma):
    if min(sigma_alpha, sigma_beta, sigma) <= 0 or max(sigma_alpha, sigma_beta, sigma) > 10:
        return -math.inf
    lp = -0 * math.log(10)
    lp += stats.norm.logpdf(mu_alpha, 0, 3) + stats.norm.logpdf(mu_beta, 0, 3)
    for j in range(len(alpha)):
        lp += stats.norm.logpdf(alpha[j], mu_alpha, sigma_alpha)
        lp += stats.norm.logpdf(beta[j], mu_beta, sigma_beta)
    return lp


@BANK.has_bug("one-scale-constant")
def log_10_once(alpha, beta, mu_alpha, mu_beta, sigma_alpha, sigma_beta, sigma):
    if not scales(sigma_alpha, sigma_beta, sigma):
        return -np.inf
    lp = n(mu_alpha, 0, 3) + n(mu_beta, 0, 3)
    lp += np.sum(n(alpha, mu_alpha, sigma_alpha)) + np.sum(n(beta, mu_beta, sigma_beta))
    return lp - np.log(10)


@BANK.has_bug("one-scale-constant")
def log_10_once_2(alpha, beta, mu_alpha, mu_beta, sigma_alpha, sigma_beta, sigma):
    if min(sigma_alpha, sigma_beta, sigma) <= 0 or max(sigma_alpha, sigma_beta, sigma) > 10:
        return -math.inf
    lp = -1 * math.log(10)
    lp += stats.norm.logpdf(mu_alpha, 0, 3) + stats.norm.logpdf(mu_beta, 0, 3)
    for j in range(len(alpha)):
        lp += stats.norm.logpdf(alpha[j], mu_alpha, sigma_alpha)
        lp += stats.norm.logpdf(beta[j], mu_beta, sigma_beta)
    return lp


@BANK.has_bug("swapped")
def sigmas_swapped(alpha, beta, mu_alpha, mu_beta, sigma_alpha, sigma_beta, sigma):
    if not scales(sigma_alpha, sigma_beta, sigma):
        return -np.inf
    lp = n(mu_alpha, 0, 3) + n(mu_beta, 0, 3)
    lp += np.sum(n(alpha, mu_alpha, sigma_beta)) + np.sum(n(beta, mu_beta, sigma_alpha))
    return lp - 3 * np.log(10)


@BANK.has_bug("swapped")
def sigmas_swapped_2(alpha, beta, mu_alpha, mu_beta, sigma_alpha, sigma_beta, sigma):
    if min(sigma_alpha, sigma_beta, sigma) <= 0 or max(sigma_alpha, sigma_beta, sigma) > 10:
        return -math.inf
    lp = -3 * math.log(10)
    lp += stats.norm.logpdf(mu_alpha, 0, 3) + stats.norm.logpdf(mu_beta, 0, 3)
    for j in range(len(alpha)):
        lp += stats.norm.logpdf(alpha[j], mu_alpha, sigma_beta)
        lp += stats.norm.logpdf(beta[j], mu_beta, sigma_alpha)
    return lp


@BANK.has_bug("mean-zero")
def around_zero(alpha, beta, mu_alpha, mu_beta, sigma_alpha, sigma_beta, sigma):
    if not scales(sigma_alpha, sigma_beta, sigma):
        return -np.inf
    lp = n(mu_alpha, 0, 3) + n(mu_beta, 0, 3)
    lp += np.sum(n(alpha, 0.0, sigma_alpha)) + np.sum(n(beta, 0.0, sigma_beta))
    return lp - 3 * np.log(10)


@BANK.has_bug("mean-zero")
def around_zero_2(alpha, beta, mu_alpha, mu_beta, sigma_alpha, sigma_beta, sigma):
    if min(sigma_alpha, sigma_beta, sigma) <= 0 or max(sigma_alpha, sigma_beta, sigma) > 10:
        return -math.inf
    lp = -3 * math.log(10)
    lp += stats.norm.logpdf(mu_alpha, 0, 3) + stats.norm.logpdf(mu_beta, 0, 3)
    for j in range(len(alpha)):
        lp += stats.norm.logpdf(alpha[j], 0.0, sigma_alpha)
        lp += stats.norm.logpdf(beta[j], 0.0, sigma_beta)
    return lp


@BANK.has_bug("noise-for-population")
def sigma_for_all(alpha, beta, mu_alpha, mu_beta, sigma_alpha, sigma_beta, sigma):
    if not scales(sigma_alpha, sigma_beta, sigma):
        return -np.inf
    lp = n(mu_alpha, 0, 3) + n(mu_beta, 0, 3)
    lp += np.sum(n(alpha, mu_alpha, sigma)) + np.sum(n(beta, mu_beta, sigma))
    return lp - 3 * np.log(10)


@BANK.has_bug("noise-for-population")
def sigma_for_all_2(alpha, beta, mu_alpha, mu_beta, sigma_alpha, sigma_beta, sigma):
    if min(sigma_alpha, sigma_beta, sigma) <= 0 or max(sigma_alpha, sigma_beta, sigma) > 10:
        return -math.inf
    lp = -3 * math.log(10)
    lp += stats.norm.logpdf(mu_alpha, 0, 3) + stats.norm.logpdf(mu_beta, 0, 3)
    for j in range(len(alpha)):
        lp += stats.norm.logpdf(alpha[j], mu_alpha, sigma)
        lp += stats.norm.logpdf(beta[j], mu_beta, sigma)
    return lp


@BANK.has_bug("upper-bound-missing")
def positive_only(alpha, beta, mu_alpha, mu_beta, sigma_alpha, sigma_beta, sigma):
    if sigma_alpha <= 0 or sigma_beta <= 0 or sigma <= 0:
        return -np.inf
    lp = n(mu_alpha, 0, 3) + n(mu_beta, 0, 3)
    lp += np.sum(n(alpha, mu_alpha, sigma_alpha)) + np.sum(n(beta, mu_beta, sigma_beta))
    return lp - 3 * np.log(10)


@BANK.has_bug("upper-bound-missing")
def positive_only_scipy(alpha, beta, mu_alpha, mu_beta, sigma_alpha, sigma_beta, sigma):
    if min(sigma, sigma_alpha, sigma_beta) <= 0:
        return -math.inf
    lp = stats.norm.logpdf(alpha, mu_alpha, sigma_alpha).sum()
    lp += stats.norm.logpdf(beta, mu_beta, sigma_beta).sum()
    return lp + stats.norm.logpdf([mu_alpha, mu_beta], 0, 3).sum() + 3 * math.log(0.1)


@BANK.has_bug("one-scale-unchecked")
def noise_unchecked(alpha, beta, mu_alpha, mu_beta, sigma_alpha, sigma_beta, sigma):
    if not (0 < sigma_alpha <= 10 and 0 < sigma_beta <= 10):
        return -np.inf
    lp = n(mu_alpha, 0, 3) + n(mu_beta, 0, 3)
    lp += np.sum(n(alpha, mu_alpha, sigma_alpha)) + np.sum(n(beta, mu_beta, sigma_beta))
    return lp - 3 * np.log(10)


@BANK.has_bug("one-scale-unchecked")
def noise_unchecked_loop(alpha, beta, mu_alpha, mu_beta, sigma_alpha, sigma_beta, sigma):
    lp = -math.log(10)
    for s in (sigma_alpha, sigma_beta):
        if s <= 0 or s > 10:
            return -math.inf
        lp -= math.log(10)
    for m in (mu_alpha, mu_beta):
        lp += stats.norm(0, 3).logpdf(m)
    for a, b in zip(alpha, beta):
        lp += stats.norm(mu_alpha, sigma_alpha).logpdf(a)
        lp += stats.norm(mu_beta, sigma_beta).logpdf(b)
    return lp


@BANK.is_right("scipy")
def with_scipy(alpha, beta, mu_alpha, mu_beta, sigma_alpha, sigma_beta, sigma):
    s = np.array([sigma_alpha, sigma_beta, sigma])
    if (s <= 0).any():
        return -np.inf
    lp = stats.norm.logpdf([mu_alpha, mu_beta], 0, 3).sum() + stats.uniform.logpdf(s, 0, 10).sum()
    lp += stats.norm.logpdf(alpha, mu_alpha, sigma_alpha).sum()
    return lp + stats.norm.logpdf(beta, mu_beta, sigma_beta).sum()


@BANK.is_right("loop")
def loop(alpha, beta, mu_alpha, mu_beta, sigma_alpha, sigma_beta, sigma):
    if not scales(sigma_alpha, sigma_beta, sigma):
        return -math.inf
    lp = -3 * math.log(10)
    for m in [mu_alpha, mu_beta]:
        lp += -0.5 * math.log(2 * math.pi) - math.log(3) - m**2 / 18
    for values, m, s in [(alpha, mu_alpha, sigma_alpha), (beta, mu_beta, sigma_beta)]:
        for v in values:
            lp += -0.5 * math.log(2 * math.pi) - math.log(s) - (v - m) ** 2 / (2 * s**2)
    return lp


@BANK.is_right("vectorised")
def vectorised(alpha, beta, mu_alpha, mu_beta, sigma_alpha, sigma_beta, sigma):
    if scales(sigma_alpha, sigma_beta, sigma):
        population = n(alpha, mu_alpha, sigma_alpha) + n(beta, mu_beta, sigma_beta)
        return population.sum() + n(np.array([mu_alpha, mu_beta]), 0, 3).sum() - np.log(1000)
    return -np.inf
