"""Wrong and right answers to the exercise `gradient`."""

import math

import numpy as np

from ...exercise import Bank

BANK = Bank("gradient")


@BANK.has_bug("jacobian-missing")
def no_jacobian(theta, y):
    mu, sigma = theta[0], np.exp(theta[1])
    z = (y - mu) / sigma
    return np.array([np.sum(z) / sigma, np.sum(z**2 - 1)])


@BANK.has_bug("jacobian-missing")
def no_jacobian_loop(theta, y):
    mu, sigma = float(theta[0]), math.exp(theta[1])
    grad = np.zeros(2)
    for value in y:
        r = value - mu
        grad[0] += r / sigma**2
        grad[1] += r**2 / sigma**2 - 1
    grad = grad * 1.0
    return grad


@BANK.has_bug("log-sigma-gone")
def jacobian_in_the_sum(theta, y):
    mu, sigma = theta[0], np.exp(theta[1])
    z = (y - mu) / sigma
    return np.array([np.sum(z) / sigma, np.sum(z**2 - 1 + 1)])


@BANK.has_bug("log-sigma-gone")
def jacobian_in_the_sum_loop(theta, y):
    mu, sigma = float(theta[0]), math.exp(theta[1])
    grad = np.zeros(2)
    for value in y:
        r = value - mu
        grad[0] += r / sigma**2
        grad[1] += r**2 / sigma**2 - 1 + 1
    grad += 0.0
    return grad


@BANK.has_bug("log-sigma-gone")
def squares_alone(theta, y):
    precision = np.exp(-2 * theta[1])
    return precision * np.array([np.sum(y - theta[0]), np.sum((y - theta[0]) ** 2)])


@BANK.has_bug("chain-rule-missing")
def by_sigma(theta, y):
    mu, sigma = theta[0], np.exp(theta[1])
    z = (y - mu) / sigma
    return np.array([np.sum(z) / sigma, np.sum(z**2 - 1) / sigma + 1])


@BANK.has_bug("chain-rule-missing")
def by_sigma_loop(theta, y):
    mu, sigma = float(theta[0]), math.exp(theta[1])
    grad = np.zeros(2)
    for value in y:
        r = value - mu
        grad[0] += r / sigma**2
        grad[1] += r**2 / sigma**3 - 1 / sigma
    grad[1] += 1.0
    return grad


@BANK.has_bug("sigma-not-squared")
def one_sigma(theta, y):
    mu, sigma = theta[0], np.exp(theta[1])
    z = (y - mu) / sigma
    return np.array([np.sum(y - mu) / sigma, np.sum(z**2 - 1) + 1])


@BANK.has_bug("sigma-not-squared")
def one_sigma_loop(theta, y):
    mu, sigma = float(theta[0]), math.exp(theta[1])
    grad = np.zeros(2)
    for value in y:
        r = value - mu
        grad[0] += r / sigma
        grad[1] += r**2 / sigma**2 - 1
    grad[1] += 1.0
    return grad


@BANK.has_bug("exp-missing")
def log_as_sigma(theta, y):
    mu, sigma = theta[0], theta[1]
    z = (y - mu) / sigma
    return np.array([np.sum(z) / sigma, np.sum(z**2 - 1) + 1])


@BANK.has_bug("exp-missing")
def log_as_sigma_loop(theta, y):
    mu, sigma = float(theta[0]), theta[1]
    grad = np.zeros(2)
    for value in y:
        r = value - mu
        grad[0] += r / sigma**2
        grad[1] += r**2 / sigma**2 - 1
    grad[1] += 1.0
    return grad


@BANK.has_bug("sign-flipped")
def minus_all(theta, y):
    mu, sigma = theta[0], np.exp(theta[1])
    z = (y - mu) / sigma
    return np.array([-np.sum(z) / sigma, -np.sum(z**2 - 1) - 1])


@BANK.has_bug("sign-flipped")
def minus_all_loop(theta, y):
    mu, sigma = float(theta[0]), math.exp(theta[1])
    grad = np.zeros(2)
    for value in y:
        r = value - mu
        grad[0] += -r / sigma**2
        grad[1] += 1 - r**2 / sigma**2
    grad[1] -= 1.0
    return grad


@BANK.has_bug("sign-of-mu")
def minus_mu(theta, y):
    mu, sigma = theta[0], np.exp(theta[1])
    z = (y - mu) / sigma
    return np.array([np.sum(mu - y) / sigma**2, np.sum(z**2 - 1) + 1])


@BANK.has_bug("sign-of-mu")
def minus_mu_loop(theta, y):
    mu, sigma = float(theta[0]), math.exp(theta[1])
    grad = np.zeros(2)
    for value in y:
        r = value - mu
        grad[0] += (mu - value) / sigma**2
        grad[1] += r**2 / sigma**2 - 1
    grad[1] += 1.0
    return grad


@BANK.has_bug("log-sigma-missing")
def squares_only(theta, y):
    mu, sigma = theta[0], np.exp(theta[1])
    z = (y - mu) / sigma
    return np.array([np.sum(z) / sigma, np.sum(z**2) + 1])


@BANK.has_bug("log-sigma-missing")
def squares_only_loop(theta, y):
    mu, sigma = float(theta[0]), math.exp(theta[1])
    grad = np.zeros(2)
    for value in y:
        r = value - mu
        grad[0] += r / sigma**2
        grad[1] += r**2 / sigma**2
    grad[1] += 1.0
    return grad


@BANK.has_bug("half-for-whole")
def halved(theta, y):
    mu, sigma = theta[0], np.exp(theta[1])
    z = (y - mu) / sigma
    return np.array([np.sum(z) / sigma, 0.5 * np.sum(z**2) - len(y) + 1])


@BANK.has_bug("half-for-whole")
def halved_loop(theta, y):
    mu, sigma = float(theta[0]), math.exp(theta[1])
    grad = np.zeros(2)
    for value in y:
        r = value - mu
        grad[0] += r / sigma**2
        grad[1] += 0.5 * (r / sigma) ** 2 - 1
    grad[1] += 1.0
    return grad


@BANK.has_bug("mean-for-sum")
def means(theta, y):
    mu, sigma = theta[0], np.exp(theta[1])
    z = (y - mu) / sigma
    return np.array([np.mean(z) / sigma, np.mean(z**2 - 1) + 1])


@BANK.has_bug("mean-for-sum")
def means_loop(theta, y):
    mu, sigma = float(theta[0]), math.exp(theta[1])
    grad = np.zeros(2)
    for value in y:
        r = value - mu
        grad[0] += r / sigma**2 / len(y)
        grad[1] += ((r / sigma) ** 2 - 1) / len(y)
    grad[1] += 1.0
    return grad


@BANK.has_bug("input-changed")
def exp_in_place(theta, y):
    theta[1] = np.exp(theta[1])
    z = (y - theta[0]) / theta[1]
    return np.array([z.sum() / theta[1], np.sum(z**2 - 1) + 1])


@BANK.has_bug("input-changed")
def exp_in_place_loop(theta, y):
    theta[1] = math.exp(theta[1])
    grad = np.array([0.0, 1.0])
    for value in y:
        grad[0] += (value - theta[0]) / theta[1] ** 2
        grad[1] += (value - theta[0]) ** 2 / theta[1] ** 2 - 1
    return grad


@BANK.is_right("vectorised")
def vectorised(theta, y):
    z = (y - theta[0]) / np.exp(theta[1])
    return np.array([z.sum() / np.exp(theta[1]), z @ z - y.size + 1])


@BANK.is_right("loop")
def loop(theta, y):
    precision = math.exp(-2 * theta[1])
    a, b = 0.0, 1.0
    for v in y:
        a += (v - theta[0]) * precision
        b += (v - theta[0]) ** 2 * precision - 1.0
    return np.array([a, b])


@BANK.is_right("sums of data in advance")
def moments(theta, y):
    n, mean, around = len(y), np.mean(y), np.sum((y - np.mean(y)) ** 2)
    variance = np.exp(2 * theta[1])
    grad = np.empty(2)
    grad[0] = n * (mean - theta[0]) / variance
    grad[1] = (around + n * (mean - theta[0]) ** 2) / variance - n + 1
    return grad
