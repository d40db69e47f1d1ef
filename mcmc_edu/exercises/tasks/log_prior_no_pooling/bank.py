"""Wrong and right answers to the exercise `log_prior_no_pooling`."""

import math

import numpy as np
from scipy import stats

from ...exercise import Bank

BANK = Bank("log_prior_no_pooling")


def inside(alpha, beta, sigma):
    good = np.all((alpha >= -100) & (alpha <= 100)) and np.all((beta >= -100) & (beta <= 100))
    return bool(good) and 0 < sigma <= 10


@BANK.has_bug("constant-missing")
def zero(alpha, beta, sigma):
    return 0.0 if inside(alpha, beta, sigma) else -np.inf


@BANK.has_bug("constant-missing")
def log_of_one(alpha, beta, sigma):
    p = 1.0
    for a, b in zip(alpha, beta):
        p *= (-100 <= a <= 100) * (-100 <= b <= 100)
    p *= 0 < sigma <= 10
    return math.log(p) if p else -math.inf


@BANK.has_bug("sigma-constant-missing")
def lines_only(alpha, beta, sigma):
    return -2 * len(alpha) * np.log(200) if inside(alpha, beta, sigma) else -np.inf


@BANK.has_bug("sigma-constant-missing")
def lines_only_scipy(alpha, beta, sigma):
    if sigma <= 0 or sigma > 10:
        return -np.inf
    prior = stats.uniform(-100, 200)
    return prior.logpdf(alpha).sum() + prior.logpdf(beta).sum()


@BANK.has_bug("half-width")
def log_100(alpha, beta, sigma):
    if not inside(alpha, beta, sigma):
        return -np.inf
    return -2 * len(alpha) * np.log(100) - np.log(10)


@BANK.has_bug("half-width")
def log_100_loop(alpha, beta, sigma):
    total = math.log(1 / 10) if 0 < sigma <= 10 else -math.inf
    for value in list(alpha) + list(beta):
        total += math.log(1 / 100) if abs(value) <= 100 else -math.inf
    return total


@BANK.has_bug("counted-once")
def two_constants(alpha, beta, sigma):
    if not inside(alpha, beta, sigma):
        return -np.inf
    return -np.log(200) - np.log(200) - np.log(10)


@BANK.has_bug("counted-once")
def helper_for_arrays(alpha, beta, sigma):
    def uniform(v, low, high):
        return -math.log(high - low) if np.all((v >= low) & (v <= high)) else -math.inf

    if sigma == 0:
        return -math.inf
    return uniform(alpha, -100, 100) + uniform(beta, -100, 100) + uniform(sigma, 0, 10)


@BANK.has_bug("beta-missing")
def alphas_only(alpha, beta, sigma):
    if not inside(alpha, beta, sigma):
        return -np.inf
    return -len(alpha) * np.log(200) - np.log(10)


@BANK.has_bug("beta-missing")
def pairs_counted_once(alpha, beta, sigma):
    lp = -math.log(10)
    if not 0 < sigma <= 10:
        return -math.inf
    for a, b in zip(alpha, beta):
        if -100 <= a <= 100 and -100 <= b <= 100:
            lp += -math.log(200)
        else:
            return -math.inf
    return lp


@BANK.has_bug("sign-flipped")
def plus(alpha, beta, sigma):
    if not inside(alpha, beta, sigma):
        return -np.inf
    return 2 * len(alpha) * np.log(200) + np.log(10)


@BANK.has_bug("sign-flipped")
def widths(alpha, beta, sigma):
    total = 0.0
    for v, low, high in [(sigma, 0, 10)] + [(v, -100, 100) for v in (*alpha, *beta)]:
        if v < low or v > high or sigma == 0:
            return -math.inf
        total += math.log(high - low)
    return total


@BANK.has_bug("bounds-of-lines-ignored")
def sigma_only(alpha, beta, sigma):
    if not 0 < sigma <= 10:
        return -np.inf
    return -2 * len(alpha) * np.log(200) - np.log(10)


@BANK.has_bug("bounds-of-lines-ignored")
def constants_added(alpha, beta, sigma):
    total = sum(math.log(1 / 200) for _ in alpha) + sum(math.log(1 / 200) for _ in beta)
    return total + (math.log(0.1) if 0 < sigma <= 10 else -math.inf)


@BANK.has_bug("bounds-of-sigma-ignored")
def lines_checked(alpha, beta, sigma):
    if np.abs(alpha).max() > 100 or np.abs(beta).max() > 100:
        return -np.inf
    return -2 * len(alpha) * np.log(200) - np.log(10)


@BANK.has_bug("bounds-of-sigma-ignored")
def lines_checked_scipy(alpha, beta, sigma):
    both = stats.uniform.logpdf(np.concatenate([alpha, beta]), -100, 200)
    return both.sum() + math.log(1 / 10)


@BANK.has_bug("negative-sigma")
def upper_bound_only(alpha, beta, sigma):
    if np.abs(alpha).max() > 100 or np.abs(beta).max() > 100 or sigma > 10:
        return -np.inf
    return -2 * len(alpha) * np.log(200) - np.log(10)


@BANK.has_bug("negative-sigma")
def upper_bound_only_loop(alpha, beta, sigma):
    lp = 0.0
    for v in np.append(alpha, beta):
        lp += -math.log(200) if -100 <= v <= 100 else -math.inf
    return lp + (-math.log(10) if sigma <= 10 else -math.inf)


@BANK.has_bug("any-for-all")
def any_inside(alpha, beta, sigma):
    good = np.any(np.abs(alpha) <= 100) and np.any(np.abs(beta) <= 100)
    if not good or not 0 < sigma <= 10:
        return -np.inf
    return -2 * len(alpha) * np.log(200) - np.log(10)


@BANK.has_bug("any-for-all")
def smallest(alpha, beta, sigma):
    outside = min(abs(a) for a in alpha) > 100 or min(abs(b) for b in beta) > 100
    if outside or sigma <= 0 or sigma > 10:
        return -math.inf
    return -math.log(200) * (len(alpha) + len(beta)) - math.log(10)


@BANK.has_bug("density-for-log")
def product(alpha, beta, sigma):
    return (1 / 200) ** (2 * len(alpha)) / 10 if inside(alpha, beta, sigma) else 0.0


@BANK.has_bug("density-for-log")
def product_scipy(alpha, beta, sigma):
    u = stats.uniform(-100, 200)
    if sigma <= 0:
        return 0.0
    return np.prod(u.pdf(alpha)) * np.prod(u.pdf(beta)) * stats.uniform(0, 10).pdf(sigma)


@BANK.is_right("scipy")
def with_scipy(alpha, beta, sigma):
    if sigma <= 0:
        return -np.inf
    u = stats.uniform(-100, 200)
    return u.logpdf(alpha).sum() + u.logpdf(beta).sum() + stats.uniform(0, 10).logpdf(sigma)


@BANK.is_right("loop")
def loop(alpha, beta, sigma):
    if sigma <= 0 or sigma > 10:
        return -math.inf
    total = math.log(1 / 10)
    for a, b in zip(alpha, beta):
        if a < -100 or a > 100 or b < -100 or b > 100:
            return -math.inf
        total += 2 * math.log(1 / 200)
    return total


@BANK.is_right("vectorised")
def vectorised(alpha, beta, sigma):
    both = np.concatenate([alpha, beta])
    lines = np.where((both >= -100) & (both <= 100), -np.log(200), -np.inf).sum()
    return lines + (-np.log(10) if 0 < sigma <= 10 else -np.inf)
