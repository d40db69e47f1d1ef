"""Wrong and right answers to the exercise `jacobian`."""

import math

import numpy as np
from scipy import stats

from ...exercise import Bank

BANK = Bank("jacobian")


@BANK.has_bug("jacobian-missing")
def sigma_only(u, rate):
    return np.log(rate) - rate * np.exp(u)


@BANK.has_bug("jacobian-missing")
def sigma_only_scipy(u, rate):
    return stats.expon(scale=1 / rate).logpdf(math.exp(u))


@BANK.has_bug("jacobian-sign")
def minus_u(u, rate):
    return np.log(rate) - rate * np.exp(u) - u


@BANK.has_bug("jacobian-sign")
def divided(u, rate):
    log_jacobian = -u  # of d u / d sigma
    return stats.expon.logpdf(math.exp(u), scale=1 / rate) + log_jacobian


@BANK.has_bug("jacobian-not-logged")
def plus_exp_u(u, rate):
    return np.log(rate) - rate * np.exp(u) + np.exp(u)


@BANK.has_bug("jacobian-not-logged")
def plus_jacobian(u, rate):
    sigma = math.exp(u)
    jacobian = abs(sigma)
    return stats.expon.logpdf(sigma, scale=1 / rate) + jacobian


@BANK.has_bug("scale-for-rate")
def rate_as_mean(u, rate):
    return -np.log(rate) - np.exp(u) / rate + u


@BANK.has_bug("scale-for-rate")
def scipy_scale(u, rate):
    return stats.expon(scale=rate).logpdf(math.exp(u)) + u


@BANK.has_bug("constant-missing")
def no_constant(u, rate):
    return -rate * np.exp(u) + u


@BANK.has_bug("constant-missing")
def no_constant_2(u, rate):
    sigma = math.exp(u)
    lp = -rate * sigma
    lp += u
    return lp


@BANK.has_bug("exp-missing")
def u_as_sigma(u, rate):
    return np.log(rate) - rate * u + u


@BANK.has_bug("exp-missing")
def u_as_sigma_2(u, rate):
    def log_exponential(x):
        return math.log(rate) - rate * x

    return log_exponential(u) + u


@BANK.has_bug("density-for-log")
def density(u, rate):
    return rate * np.exp(-rate * np.exp(u)) * np.exp(u)


@BANK.has_bug("density-for-log")
def density_scipy(u, rate):
    sigma = math.exp(u)
    return stats.expon.pdf(sigma, scale=1 / rate) * sigma


@BANK.has_bug("log-of-density")
def log_of_product(u, rate):
    sigma = np.exp(u)
    with np.errstate(divide="ignore"):
        return np.log(rate * np.exp(-rate * sigma) * sigma)


@BANK.has_bug("log-of-density")
def log_of_product_math(u, rate):
    sigma = math.exp(u)
    p = sigma * rate * math.exp(-rate * sigma)
    return math.log(p) if p > 0 else -math.inf


@BANK.has_bug("sd-prior")
def half_normal(u, rate):
    return np.log(rate) - 0.5 * (rate * np.exp(u)) ** 2 + u


@BANK.has_bug("sd-prior")
def half_normal_2(u, rate):
    x = rate * math.exp(u)
    return math.log(rate) + u - x * x / 2


@BANK.is_right("formula")
def formula(u, rate):
    return np.log(rate) + u - rate * np.exp(u)


@BANK.is_right("scipy")
def with_scipy(u, rate):
    return stats.expon.logpdf(math.exp(u), scale=1.0 / rate) + u


@BANK.is_right("standard Gumbel of small values")
def gumbel(u, rate):
    v = u + math.log(rate)  # of rate * sigma, which is exponential with mean one
    return stats.gumbel_l.logpdf(v)
