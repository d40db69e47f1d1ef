"""Wrong and right answers to the exercise `rmse`."""

import math

import numpy as np

from ...exercise import Bank

BANK = Bank("rmse")


@BANK.has_bug("mean-absolute")
def mean_absolute(estimate, truth):
    return np.mean(np.abs(estimate - truth))


@BANK.has_bug("mean-absolute")
def mean_of_rooted_squares(estimate, truth):
    total = 0.0
    for e, t in zip(estimate, truth):
        total += math.sqrt((e - t) ** 2)
    return total / len(truth)


@BANK.has_bug("root-missing")
def mean_square(estimate, truth):
    return ((estimate - truth) ** 2).mean()


@BANK.has_bug("root-missing")
def mean_square_by_loop(estimate, truth):
    return sum((e - t) ** 2 for e, t in zip(estimate, truth)) / len(estimate)


@BANK.has_bug("sum-for-mean")
def norm(estimate, truth):
    return np.linalg.norm(estimate - truth)


@BANK.has_bug("sum-for-mean")
def root_of_sum(estimate, truth):
    return math.sqrt(sum((e - t) ** 2 for e, t in zip(estimate, truth)))


@BANK.has_bug("sd-of-errors")
def sd(estimate, truth):
    return np.std(estimate - truth)


@BANK.has_bug("sd-of-errors")
def sd_by_hand(estimate, truth):
    error = estimate - truth
    return np.sqrt(np.mean(error**2) - np.mean(error) ** 2)


@BANK.is_right("one line")
def one_line(estimate, truth):
    return np.sqrt(np.mean((estimate - truth) ** 2))


@BANK.is_right("loop")
def loop(estimate, truth):
    total = 0.0
    for e, t in zip(estimate, truth):
        total += (e - t) ** 2
    return math.sqrt(total / len(truth))
