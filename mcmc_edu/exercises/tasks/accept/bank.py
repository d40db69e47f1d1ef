"""Wrong and right answers to the exercise `accept`."""

import math
import random

import numpy as np
from scipy import stats

from ...exercise import Bank

BANK = Bank("accept")


@BANK.has_bug("sign-flipped")
def old_minus_new(logp_new, logp_old, rng):
    if not np.isfinite(logp_new):
        return False
    return math.log(1 - rng.random()) < logp_old - logp_new


@BANK.has_bug("sign-flipped")
def ratio_upside_down(logp_new, logp_old, rng):
    if math.isnan(logp_new) or logp_new == -np.inf:
        return False
    ratio = np.exp(min(0.0, logp_old - logp_new))
    u = rng.uniform()
    if u <= ratio:
        return True
    else:
        return False


@BANK.has_bug("complement")
def rejects_when_it_should_accept(logp_new, logp_old, rng):
    if not np.isfinite(logp_new):
        return False
    a = math.exp(min(0.0, logp_new - logp_old))
    accepted = rng.uniform() > a
    return accepted


@BANK.has_bug("complement")
def greater_for_less(logp_new, logp_old, rng):
    difference = logp_new - logp_old
    return np.log(rng.random()) > difference


@BANK.has_bug("log-forgotten")
def uniform_below_difference(logp_new, logp_old, rng):
    return rng.random() < logp_new - logp_old


@BANK.has_bug("log-forgotten")
def forgot_exp(logp_new, logp_old, rng):
    alpha = logp_new - logp_old
    alpha = min(alpha, 1)
    u = rng.uniform(0, 1)
    if alpha > u:
        accepted = True
    else:
        accepted = False
    return accepted


@BANK.has_bug("ratio-of-logs")
def divide_logs(logp_new, logp_old, rng):
    return rng.random() < logp_new / logp_old


@BANK.has_bug("ratio-of-logs")
def log_of_divided_logs(logp_new, logp_old, rng):
    if logp_old == 0:
        return True
    r = logp_new / logp_old
    prob = min(r, 1.0)
    return bool(stats.uniform.rvs(random_state=rng) < prob)


@BANK.has_bug("greedy")
def only_better(logp_new, logp_old, rng):
    return logp_new >= logp_old


@BANK.has_bug("greedy")
def only_positive_difference(logp_new, logp_old, rng):
    u = rng.random()
    a = np.exp(np.clip(logp_new - logp_old, -700, 700))
    return bool(a >= 1.0 and u < a)


@BANK.has_bug("greedy")
def ratio_capped_the_wrong_way(logp_new, logp_old, rng):
    # max for min: a negative log ratio never counts
    d = logp_new - logp_old
    if d > 0:
        return True
    return rng.exponential() < d


@BANK.has_bug("always")
def all_that_is_finite(logp_new, logp_old, rng):
    return math.isfinite(logp_new)


@BANK.has_bug("always")
def max_for_min(logp_new, logp_old, rng):
    if not np.isfinite(logp_new):
        return False
    a = max(1.0, np.exp(min(logp_new - logp_old, 100.0)))
    return rng.random() < a


@BANK.has_bug("threshold")
def above_one_half(logp_new, logp_old, rng):
    return logp_new - logp_old > math.log(0.5)


@BANK.has_bug("threshold")
def rounds(logp_new, logp_old, rng):
    if not np.isfinite(logp_new):
        return False
    p = np.exp(min(0.0, logp_new - logp_old))
    return int(round(p)) == 1


@BANK.has_bug("barker")
def logistic(logp_new, logp_old, rng):
    d = logp_new - logp_old
    if d > 0:
        p = 1 / (1 + math.exp(-d))
    else:
        p = math.exp(d) / (1 + math.exp(d))
    return rng.random() < p


@BANK.has_bug("barker")
def share_of_the_sum(logp_new, logp_old, rng):
    if not np.isfinite(logp_new):
        return False
    top = max(logp_new, logp_old)
    weights = np.exp(np.array([logp_new - top, logp_old - top]))
    return rng.choice(2, p=weights / weights.sum()) == 0


@BANK.has_bug("normal-for-uniform")
def normal_number(logp_new, logp_old, rng):
    with np.errstate(over="ignore"):
        return rng.normal() < np.exp(np.minimum(logp_new - logp_old, 0.0))


@BANK.has_bug("normal-for-uniform")
def log_of_absolute_normal(logp_new, logp_old, rng):
    z = rng.standard_normal(1)[0]
    if math.isnan(logp_new) or logp_new == -math.inf:
        return False
    if logp_new >= logp_old:
        return z < 1.0
    return z < math.exp(logp_new - logp_old)


@BANK.has_bug("nan-accepted")
def min_of_one_and_nan(logp_new, logp_old, rng):
    with np.errstate(over="ignore"):
        p = min(1, np.exp(logp_new - logp_old))
    return rng.random() < p


@BANK.has_bug("nan-accepted")
def rejects_if_above(logp_new, logp_old, rng):
    log_u = -rng.exponential()
    if log_u > logp_new - logp_old:
        return False
    return True


@BANK.has_bug("exponentiated-apart")
def two_densities(logp_new, logp_old, rng):
    with np.errstate(all="ignore"):
        return bool(rng.random() < np.exp(logp_new) / np.exp(logp_old))


@BANK.has_bug("exponentiated-apart")
def product_on_the_other_side(logp_new, logp_old, rng):
    with np.errstate(over="ignore"):
        p_new = np.exp(np.float64(logp_new))
        p_old = np.exp(np.float64(logp_old))
        return bool(rng.uniform() * p_old < p_new)


@BANK.has_bug("overflow")
def math_exp(logp_new, logp_old, rng):
    return rng.random() < math.exp(logp_new - logp_old)


@BANK.has_bug("overflow")
def power_of_e(logp_new, logp_old, rng):
    a = math.e ** float(logp_new - logp_old)
    if a >= 1:
        return True
    return a > rng.random()


@BANK.has_bug("other-randomness")
def global_generator(logp_new, logp_old, rng):
    return bool(np.log(np.random.rand()) < logp_new - logp_old)


@BANK.has_bug("other-randomness")
def standard_library(logp_new, logp_old, rng):
    if logp_new >= logp_old:
        return True
    return random.random() < math.exp(logp_new - logp_old)


@BANK.has_bug("other-randomness")
def generator_of_its_own(logp_new, logp_old, rng):
    rng = np.random.default_rng()
    return -rng.exponential() < logp_new - logp_old


@BANK.is_right("log of a uniform number")
def log_uniform(logp_new, logp_old, rng):
    return np.log(1.0 - rng.random()) <= logp_new - logp_old


@BANK.is_right("exponential")
def exponential(logp_new, logp_old, rng):
    return bool(-rng.exponential() <= logp_new - logp_old)


@BANK.is_right("if uphill")
def if_uphill(logp_new, logp_old, rng):
    if logp_new >= logp_old:
        return True
    return rng.random() < math.exp(logp_new - logp_old)


@BANK.is_right("min with NaN looked at")
def min_of_one(logp_new, logp_old, rng):
    if math.isnan(logp_new):
        return False
    a = math.exp(min(0.0, logp_new - logp_old))
    u = rng.uniform(0, 1)
    return u < a


@BANK.is_right("scipy")
def with_scipy(logp_new, logp_old, rng):
    d = logp_new - logp_old
    if not d > -np.inf:
        return False
    return bool(stats.bernoulli.rvs(np.exp(min(0.0, d)), random_state=rng))


@BANK.is_right("choice")
def with_choice(logp_new, logp_old, rng):
    if not np.isfinite(logp_new):
        return False
    a = float(np.exp(np.minimum(0.0, logp_new - logp_old)))
    return bool(rng.choice([True, False], p=[a, 1.0 - a]))


@BANK.is_right("rejects first")
def rejects_first(logp_new, logp_old, rng):
    u = rng.random()
    with np.errstate(over="ignore"):
        ratio = np.exp(np.float64(logp_new) - logp_old)
    if np.isnan(ratio):
        return False
    if u >= ratio:
        return False
    return True


@BANK.is_right("not greater")
def not_greater(logp_new, logp_old, rng):
    v = 1.0 - rng.random()
    return not (math.log(v) > logp_new - logp_old or math.isnan(logp_new))
