"""Wrong and right answers to the exercise `dual_averaging`."""

import math

import numpy as np

from ...exercise import Bank

BANK = Bank("dual_averaging")


@BANK.has_bug("average-returned")
def smoothed(accept_probs, step_size0, target):
    gamma, t0, kappa = 0.05, 10, 0.75
    mu = np.log(10 * step_size0)
    h = x_bar = 0.0
    out = np.zeros(len(accept_probs))
    for i, a in enumerate(accept_probs):
        t = i + 1
        h = (1 - 1 / (t + t0)) * h + (target - a) / (t + t0)
        x = mu - np.sqrt(t) / gamma * h
        x_bar = t**-kappa * x + (1 - t**-kappa) * x_bar
        out[i] = np.exp(x_bar)
    return out


@BANK.has_bug("average-returned")
def smoothed_2(accept_probs, step_size0, target):
    step_bar, h, result = 1.0, 0.0, []
    t = 0
    for a in accept_probs:
        t += 1
        h += (target - a - h) / (t + 10)
        step = 10 * step_size0 * math.exp(-math.sqrt(t) * h / 0.05)
        weight = t ** (-0.75)
        step_bar = step**weight * step_bar ** (1 - weight)
        result.append(step_bar)
    return np.array(result)


@BANK.has_bug("ten-missing")
def around_start(accept_probs, step_size0, target):
    gamma, t0 = 0.05, 10.0
    mu = math.log(step_size0)
    h, out = 0.0, []
    for t, a in enumerate(accept_probs, start=1):
        h = (1 - 1 / (t + t0)) * h + (target - a) / (t + t0)
        x = mu - math.sqrt(t) / gamma * h
        out.append(math.exp(x))
    return np.array(out)


@BANK.has_bug("ten-missing")
def around_start_2(accept_probs, step_size0, target):
    n = len(accept_probs)
    steps = np.empty(n)
    average = 0.0
    for i in range(n):
        t = i + 1
        eta = 1 / (t + 10)
        average = (1 - eta) * average + eta * (target - accept_probs[i])
        steps[i] = np.exp(np.log(step_size0) - np.sqrt(t) / 0.05 * average)
    return steps


@BANK.has_bug("ten-outside")
def ten_logs(accept_probs, step_size0, target):
    gamma, t0 = 0.05, 10.0
    mu = 10 * math.log(step_size0)
    h, out = 0.0, []
    for t, a in enumerate(accept_probs, start=1):
        h = (1 - 1 / (t + t0)) * h + (target - a) / (t + t0)
        x = mu - math.sqrt(t) / gamma * h
        out.append(math.exp(x))
    return np.array(out)


@BANK.has_bug("ten-outside")
def ten_logs_2(accept_probs, step_size0, target):
    n = len(accept_probs)
    steps = np.empty(n)
    average = 0.0
    for i in range(n):
        t = i + 1
        eta = 1 / (t + 10)
        average = (1 - eta) * average + eta * (target - accept_probs[i])
        steps[i] = np.exp(10 * np.log(step_size0) - np.sqrt(t) / 0.05 * average)
    return steps


@BANK.has_bug("sign-flipped")
def accept_minus_target(accept_probs, step_size0, target):
    gamma, t0 = 0.05, 10.0
    mu = math.log(10 * step_size0)
    h, out = 0.0, []
    for t, a in enumerate(accept_probs, start=1):
        h = (1 - 1 / (t + t0)) * h + (a - target) / (t + t0)
        x = mu - math.sqrt(t) / gamma * h
        out.append(math.exp(x))
    return np.array(out)


@BANK.has_bug("sign-flipped")
def accept_minus_target_2(accept_probs, step_size0, target):
    n = len(accept_probs)
    steps = np.empty(n)
    average = 0.0
    for i in range(n):
        t = i + 1
        eta = 1 / (t + 10)
        average = (1 - eta) * average + eta * (target - accept_probs[i])
        steps[i] = np.exp(np.log(10 * step_size0) - -np.sqrt(t) / 0.05 * average)
    return steps


@BANK.has_bug("counted-from-zero")
def from_zero(accept_probs, step_size0, target):
    gamma, t0 = 0.05, 10.0
    mu = math.log(10 * step_size0)
    h, out = 0.0, []
    for t, a in enumerate(accept_probs, start=0):
        h = (1 - 1 / (t + t0)) * h + (target - a) / (t + t0)
        x = mu - math.sqrt(t) / gamma * h
        out.append(math.exp(x))
    return np.array(out)


@BANK.has_bug("counted-from-zero")
def from_zero_2(accept_probs, step_size0, target):
    n = len(accept_probs)
    steps = np.empty(n)
    average = 0.0
    for i in range(n):
        t = i + 0
        eta = 1 / (t + 10)
        average = (1 - eta) * average + eta * (target - accept_probs[i])
        steps[i] = np.exp(np.log(10 * step_size0) - np.sqrt(t) / 0.05 * average)
    return steps


@BANK.has_bug("root-missing")
def no_root(accept_probs, step_size0, target):
    gamma, t0 = 0.05, 10.0
    mu = math.log(10 * step_size0)
    h, out = 0.0, []
    for t, a in enumerate(accept_probs, start=1):
        h = (1 - 1 / (t + t0)) * h + (target - a) / (t + t0)
        x = mu - t / gamma * h
        out.append(math.exp(x))
    return np.array(out)


@BANK.has_bug("root-missing")
def no_root_2(accept_probs, step_size0, target):
    n = len(accept_probs)
    steps = np.empty(n)
    average = 0.0
    for i in range(n):
        t = i + 1
        eta = 1 / (t + 10)
        average = (1 - eta) * average + eta * (target - accept_probs[i])
        steps[i] = np.exp(np.log(10 * step_size0) - t / 0.05 * average)
    return steps


@BANK.has_bug("root-and-t-missing")
def constant_gain(accept_probs, step_size0, target):
    gamma, t0 = 0.05, 10.0
    mu = math.log(10 * step_size0)
    h, out = 0.0, []
    for t, a in enumerate(accept_probs, start=1):
        h = (1 - 1 / (t + t0)) * h + (target - a) / (t + t0)
        x = mu - 1 / gamma * h
        out.append(math.exp(x))
    return np.array(out)


@BANK.has_bug("root-and-t-missing")
def constant_gain_2(accept_probs, step_size0, target):
    n = len(accept_probs)
    steps = np.empty(n)
    average = 0.0
    for i in range(n):
        t = i + 1
        eta = 1 / (t + 10)
        average = (1 - eta) * average + eta * (target - accept_probs[i])
        steps[i] = np.exp(np.log(10 * step_size0) - 20.0 * average)
    return steps


@BANK.has_bug("t0-missing")
def plain_mean(accept_probs, step_size0, target):
    gamma, t0 = 0.05, 10.0
    mu = math.log(10 * step_size0)
    h, out = 0.0, []
    for t, a in enumerate(accept_probs, start=1):
        h += (target - a - h) / t
        x = mu - math.sqrt(t) / gamma * h
        out.append(math.exp(x))
    return np.array(out)


@BANK.has_bug("t0-missing")
def plain_mean_2(accept_probs, step_size0, target):
    n = len(accept_probs)
    steps = np.empty(n)
    average = 0.0
    for i in range(n):
        t = i + 1
        eta = 1 / t
        average = (1 - eta) * average + eta * (target - accept_probs[i])
        steps[i] = np.exp(np.log(10 * step_size0) - np.sqrt(t) / 0.05 * average)
    return steps


@BANK.has_bug("gamma-multiplied")
def times_gamma(accept_probs, step_size0, target):
    gamma, t0 = 0.05, 10.0
    mu = math.log(10 * step_size0)
    h, out = 0.0, []
    for t, a in enumerate(accept_probs, start=1):
        h = (1 - 1 / (t + t0)) * h + (target - a) / (t + t0)
        x = mu - math.sqrt(t) * gamma * h
        out.append(math.exp(x))
    return np.array(out)


@BANK.has_bug("gamma-multiplied")
def times_gamma_2(accept_probs, step_size0, target):
    n = len(accept_probs)
    steps = np.empty(n)
    average = 0.0
    for i in range(n):
        t = i + 1
        eta = 1 / (t + 10)
        average = (1 - eta) * average + eta * (target - accept_probs[i])
        steps[i] = np.exp(np.log(10 * step_size0) - np.sqrt(t) * 0.05 * average)
    return steps


@BANK.has_bug("one-late")
def shifted(accept_probs, step_size0, target):
    mu, h = math.log(10 * step_size0), 0.0
    out = [step_size0]
    for t, a in enumerate(accept_probs[:-1], start=1):
        h = (1 - 1 / (t + 10)) * h + (target - a) / (t + 10)
        out.append(math.exp(mu - math.sqrt(t) / 0.05 * h))
    return np.array(out)


@BANK.has_bug("one-late")
def shifted_2(accept_probs, step_size0, target):
    n = len(accept_probs)
    steps = np.empty(n)
    step, h = step_size0, 0.0
    for i in range(n):
        steps[i] = step
        t = i + 1
        h = h + (target - accept_probs[i] - h) / (t + 10)
        step = 10 * step_size0 * np.exp(-np.sqrt(t) / 0.05 * h)
    return steps


@BANK.has_bug("log-returned")
def logs(accept_probs, step_size0, target):
    gamma, t0 = 0.05, 10.0
    mu = math.log(10 * step_size0)
    h, out = 0.0, []
    for t, a in enumerate(accept_probs, start=1):
        h = (1 - 1 / (t + t0)) * h + (target - a) / (t + t0)
        x = mu - math.sqrt(t) / gamma * h
        out.append(x)
    return np.array(out)


@BANK.has_bug("log-returned")
def logs_2(accept_probs, step_size0, target):
    n = len(accept_probs)
    steps = np.empty(n)
    average = 0.0
    for i in range(n):
        t = i + 1
        eta = 1 / (t + 10)
        average = (1 - eta) * average + eta * (target - accept_probs[i])
        steps[i] = np.log(10 * step_size0) - np.sqrt(t) / 0.05 * average
    return steps


@BANK.has_bug("not-averaged")
def last_error(accept_probs, step_size0, target):
    gamma, t0 = 0.05, 10.0
    mu = math.log(10 * step_size0)
    h, out = 0.0, []
    for t, a in enumerate(accept_probs, start=1):
        h = (target - a) / (t + t0)
        x = mu - math.sqrt(t) / gamma * h
        out.append(math.exp(x))
    return np.array(out)


@BANK.has_bug("not-averaged")
def last_error_2(accept_probs, step_size0, target):
    n = len(accept_probs)
    steps = np.empty(n)
    average = 0.0
    for i in range(n):
        t = i + 1
        eta = 1 / (t + 10)
        average = eta * (target - accept_probs[i])
        steps[i] = np.exp(np.log(10 * step_size0) - np.sqrt(t) / 0.05 * average)
    return steps


@BANK.has_bug("start-from-last")
def mu_moves(accept_probs, step_size0, target):
    x, h, out = math.log(10 * step_size0), 0.0, []
    for t, a in enumerate(accept_probs, start=1):
        h = (1 - 1 / (t + 10)) * h + (target - a) / (t + 10)
        x = x - math.sqrt(t) / 0.05 * h
        out.append(math.exp(min(x, 700.0)))
    return np.array(out)


@BANK.has_bug("start-from-last")
def mu_moves_2(accept_probs, step_size0, target):
    steps = []
    log_step, average = np.log(10 * step_size0), 0.0
    for i in range(len(accept_probs)):
        eta = 1 / (i + 11)
        average = (1 - eta) * average + eta * (target - accept_probs[i])
        log_step -= np.sqrt(i + 1) / 0.05 * average
        steps.append(np.exp(min(log_step, 700.0)))
    return np.array(steps)


@BANK.is_right("loop")
def loop(accept_probs, step_size0, target):
    mu, h, out = math.log(10 * step_size0), 0.0, []
    for t, a in enumerate(accept_probs, start=1):
        h = (1 - 1 / (t + 10)) * h + (target - a) / (t + 10)
        out.append(math.exp(mu - math.sqrt(t) / 0.05 * h))
    return np.array(out)


@BANK.is_right("sums")
def sums(accept_probs, step_size0, target):
    # (t + 10) h_t = (t + 9) h_{t-1} + error: sums of errors
    t = np.arange(1, len(accept_probs) + 1)
    h = np.cumsum(target - accept_probs) / (t + 10)
    return 10 * step_size0 * np.exp(-20 * np.sqrt(t) * h)


@BANK.is_right("with the average, which is not returned")
def both(accept_probs, step_size0, target, gamma=0.05, t0=10, kappa=0.75):
    n = len(accept_probs)
    x, x_bar, h = np.zeros(n + 1), np.zeros(n + 1), np.zeros(n + 1)
    for t in range(1, n + 1):
        eta = 1 / (t + t0)
        h[t] = (1 - eta) * h[t - 1] + eta * (target - accept_probs[t - 1])
        x[t] = np.log(10 * step_size0) - np.sqrt(t) / gamma * h[t]
        x_bar[t] = t**-kappa * x[t] + (1 - t**-kappa) * x_bar[t - 1]
    return np.exp(x[1:])
