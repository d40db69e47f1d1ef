"""Wrong and right answers to the exercise `ess`."""

import math

import numpy as np

from ...exercise import Bank

BANK = Bank("ess")


def halved(chains):
    k = chains.shape[1] // 2
    return np.concatenate([chains[:, :k], chains[:, -k:]])


# Autocorrelations at all lags, from half chains.
def correlations(x):
    m, n = x.shape
    d = x - x.mean(axis=1, keepdims=True)
    acov = np.array([(d[:, : n - t] * d[:, t:]).sum(axis=1).mean() / n for t in range(n)])
    within = acov[0] * n / (n - 1)
    total = within * (n - 1) / n + x.mean(axis=1).var(ddof=1)
    return 1 - (within - acov) / total


def time_of(rho, monotone=True):
    pairs = []
    t = 0
    while 2 * t + 1 < len(rho):
        pair = rho[2 * t] + rho[2 * t + 1]
        if t > 0 and pair <= 0:
            break
        if monotone and pairs:
            pair = min(pair, pairs[-1])
        pairs.append(pair)
        t += 1
    return -1 + 2 * sum(pairs)


def size(x, tau):
    return x.size / max(tau, 1 / math.log10(x.size))


@BANK.has_bug("not-split")
def not_split(chains):
    x = chains
    rho = correlations(x)
    tau = time_of(rho)
    return size(x, tau)


@BANK.has_bug("not-split")
def not_split_loop(chains):
    x = np.array(chains)
    m, n = x.shape
    means = x.mean(axis=1)
    acov = np.zeros(n)
    for row, mean in zip(x, means):
        full = np.correlate(row - mean, row - mean, mode="full")
        acov += full[n - 1 :] / n / m
    within = acov[0] * n / (n - 1)
    total = acov[0] + means.var(ddof=1)
    rho = 1 - (within - acov) / total
    previous, tau, t = np.inf, -1.0, 0
    while t + 1 < n:
        pair = rho[t] + rho[t + 1]
        if t > 0 and pair <= 0:
            break
        previous = min(previous, pair)
        tau += 2 * previous
        t += 2
    return m * n / max(tau, 1 / np.log10(m * n))


@BANK.has_bug("not-monotone")
def positive_only(chains):
    x = halved(chains)
    rho = correlations(x)
    tau = time_of(rho, monotone=False)
    return size(x, tau)


@BANK.has_bug("not-monotone")
def positive_only_loop(chains):
    x = halved(chains)
    m, n = x.shape
    means = x.mean(axis=1)
    acov = np.zeros(n)
    for row, mean in zip(x, means):
        full = np.correlate(row - mean, row - mean, mode="full")
        acov += full[n - 1 :] / n / m
    within = acov[0] * n / (n - 1)
    total = acov[0] + means.var(ddof=1)
    rho = 1 - (within - acov) / total
    previous, tau, t = np.inf, -1.0, 0
    while t + 1 < n:
        pair = rho[t] + rho[t + 1]
        if t > 0 and pair <= 0:
            break
        previous = pair
        tau += 2 * previous
        t += 2
    return m * n / max(tau, 1 / np.log10(m * n))


@BANK.has_bug("no-truncation")
def all_lags(chains):
    x = halved(chains)
    rho = correlations(x)
    tau = -1 + 2 * rho.sum()
    return size(x, tau)


@BANK.has_bug("no-truncation")
def all_lags_loop(chains):
    x = halved(chains)
    m, n = x.shape
    means = x.mean(axis=1)
    acov = np.zeros(n)
    for row, mean in zip(x, means):
        full = np.correlate(row - mean, row - mean, mode="full")
        acov += full[n - 1 :] / n / m
    within = acov[0] * n / (n - 1)
    total = acov[0] + means.var(ddof=1)
    rho = 1 - (within - acov) / total
    tau = -1.0
    for t in range(n):
        tau += 2 * rho[t]
    return m * n / max(tau, 1 / np.log10(m * n))


@BANK.has_bug("first-negative-lag")
def first_negative(chains):
    x = halved(chains)
    rho = correlations(x)
    tau = 1 + 2 * rho[1 : np.argmax(np.append(rho, -1.0) < 0)].sum()
    return size(x, tau)


@BANK.has_bug("first-negative-lag")
def first_negative_loop(chains):
    x = halved(chains)
    m, n = x.shape
    means = x.mean(axis=1)
    acov = np.zeros(n)
    for row, mean in zip(x, means):
        full = np.correlate(row - mean, row - mean, mode="full")
        acov += full[n - 1 :] / n / m
    within = acov[0] * n / (n - 1)
    total = acov[0] + means.var(ddof=1)
    rho = 1 - (within - acov) / total
    tau, t = 1.0, 1
    while t < n and rho[t] >= 0:
        tau += 2 * rho[t]
        t += 1
    return m * n / max(tau, 1 / np.log10(m * n))


@BANK.has_bug("two-missing")
def no_two(chains):
    x = halved(chains)
    rho = correlations(x)
    tau = (time_of(rho) + 1) / 2
    return size(x, tau)


@BANK.has_bug("two-missing")
def no_two_loop(chains):
    x = halved(chains)
    m, n = x.shape
    means = x.mean(axis=1)
    acov = np.zeros(n)
    for row, mean in zip(x, means):
        full = np.correlate(row - mean, row - mean, mode="full")
        acov += full[n - 1 :] / n / m
    within = acov[0] * n / (n - 1)
    total = acov[0] + means.var(ddof=1)
    rho = 1 - (within - acov) / total
    previous, tau, t = np.inf, 0.0, 0
    while t + 1 < n:
        pair = rho[t] + rho[t + 1]
        if t > 0 and pair <= 0:
            break
        previous = min(previous, pair)
        tau += previous
        t += 2
    return m * n / max(tau, 1 / np.log10(m * n))


@BANK.has_bug("lag-0-twice")
def plus_one(chains):
    x = halved(chains)
    rho = correlations(x)
    tau = time_of(rho) + 2
    return size(x, tau)


@BANK.has_bug("lag-0-twice")
def plus_one_loop(chains):
    x = halved(chains)
    m, n = x.shape
    means = x.mean(axis=1)
    acov = np.zeros(n)
    for row, mean in zip(x, means):
        full = np.correlate(row - mean, row - mean, mode="full")
        acov += full[n - 1 :] / n / m
    within = acov[0] * n / (n - 1)
    total = acov[0] + means.var(ddof=1)
    rho = 1 - (within - acov) / total
    previous, tau, t = np.inf, 1.0, 0
    while t + 1 < n:
        pair = rho[t] + rho[t + 1]
        if t > 0 and pair <= 0:
            break
        previous = min(previous, pair)
        tau += 2 * previous
        t += 2
    return m * n / max(tau, 1 / np.log10(m * n))


@BANK.has_bug("between-ignored")
def within_only(chains):
    x = halved(chains)
    rho = correlations(x - x.mean(axis=1, keepdims=True))
    tau = time_of(rho)
    return size(x, tau)


@BANK.has_bug("between-ignored")
def within_only_loop(chains):
    x = halved(chains)
    m, n = x.shape
    means = x.mean(axis=1)
    acov = np.zeros(n)
    for row, mean in zip(x, means):
        full = np.correlate(row - mean, row - mean, mode="full")
        acov += full[n - 1 :] / n / m
    within = acov[0] * n / (n - 1)
    total = acov[0] + means.var(ddof=1)
    rho = 1 - (within - acov) / acov[0]  # total not needed
    previous, tau, t = np.inf, -1.0, 0
    while t + 1 < n:
        pair = rho[t] + rho[t + 1]
        if t > 0 and pair <= 0:
            break
        previous = min(previous, pair)
        tau += 2 * previous
        t += 2
    return m * n / max(tau, 1 / np.log10(m * n))


@BANK.has_bug("time-returned")
def returns_tau(chains):
    x = halved(chains)
    rho = correlations(x)
    tau = time_of(rho)
    return max(tau, 1 / math.log10(x.size))


@BANK.has_bug("time-returned")
def returns_tau_loop(chains):
    x = halved(chains)
    m, n = x.shape
    means = x.mean(axis=1)
    acov = np.zeros(n)
    for row, mean in zip(x, means):
        full = np.correlate(row - mean, row - mean, mode="full")
        acov += full[n - 1 :] / n / m
    within = acov[0] * n / (n - 1)
    total = acov[0] + means.var(ddof=1)
    rho = 1 - (within - acov) / total
    previous, tau, t = np.inf, -1.0, 0
    while t + 1 < n:
        pair = rho[t] + rho[t + 1]
        if t > 0 and pair <= 0:
            break
        previous = min(previous, pair)
        tau += 2 * previous
        t += 2
    return max(tau, 1 / np.log10(m * n))


@BANK.has_bug("one-chain-counted")
def n_for_mn(chains):
    x = halved(chains)
    rho = correlations(x)
    tau = time_of(rho)
    return size(x, tau) / len(x)


@BANK.has_bug("one-chain-counted")
def n_for_mn_loop(chains):
    x = halved(chains)
    m, n = x.shape
    means = x.mean(axis=1)
    acov = np.zeros(n)
    for row, mean in zip(x, means):
        full = np.correlate(row - mean, row - mean, mode="full")
        acov += full[n - 1 :] / n / m
    within = acov[0] * n / (n - 1)
    total = acov[0] + means.var(ddof=1)
    rho = 1 - (within - acov) / total
    previous, tau, t = np.inf, -1.0, 0
    while t + 1 < n:
        pair = rho[t] + rho[t + 1]
        if t > 0 and pair <= 0:
            break
        previous = min(previous, pair)
        tau += 2 * previous
        t += 2
    return n / max(tau, 1 / np.log10(m * n))


@BANK.has_bug("unbiased-autocovariance")
def n_minus_t(chains):
    x = halved(chains)
    m, n = x.shape
    d = x - x.mean(axis=1, keepdims=True)
    acov = np.array([(d[:, : n - t] * d[:, t:]).mean() for t in range(n)])
    within = acov[0] * n / (n - 1)
    rho = 1 - (within - acov) / (acov[0] + x.mean(axis=1).var(ddof=1))
    tau = time_of(rho)
    return size(x, tau)


@BANK.has_bug("unbiased-autocovariance")
def n_minus_t_loop(chains):
    x = halved(chains)
    m, n = x.shape
    means = x.mean(axis=1)
    acov = np.zeros(n)
    for row, mean in zip(x, means):
        full = np.correlate(row - mean, row - mean, mode="full")
        acov += full[n - 1 :] / np.arange(n, 0, -1) / m
    within = acov[0] * n / (n - 1)
    total = acov[0] + means.var(ddof=1)
    rho = 1 - (within - acov) / total
    previous, tau, t = np.inf, -1.0, 0
    while t + 1 < n:
        pair = rho[t] + rho[t + 1]
        if t > 0 and pair <= 0:
            break
        previous = min(previous, pair)
        tau += 2 * previous
        t += 2
    return m * n / max(tau, 1 / np.log10(m * n))


@BANK.has_bug("circular")
def fft_unpadded(chains):
    x = halved(chains)
    m, n = x.shape
    f = np.fft.fft(x - x.mean(axis=1, keepdims=True), axis=1)
    acov = np.fft.ifft(np.abs(f) ** 2, axis=1).real.mean(axis=0) / n
    within = acov[0] * n / (n - 1)
    rho = 1 - (within - acov) / (acov[0] + x.mean(axis=1).var(ddof=1))
    tau = time_of(rho)
    return size(x, tau)


@BANK.has_bug("circular")
def rolled(chains):
    x = halved(chains)
    m, n = x.shape
    means = x.mean(axis=1)
    acov = np.zeros(n)
    for row, mean in zip(x, means):
        d = row - mean
        acov += np.array([np.dot(d, np.roll(d, -t)) for t in range(n)]) / n / m
    within = acov[0] * n / (n - 1)
    total = acov[0] + means.var(ddof=1)
    rho = 1 - (within - acov) / total
    previous, tau, t = np.inf, -1.0, 0
    while t + 1 < n:
        pair = rho[t] + rho[t + 1]
        if t > 0 and pair <= 0:
            break
        previous = min(previous, pair)
        tau += 2 * previous
        t += 2
    return m * n / max(tau, 1 / np.log10(m * n))


@BANK.has_bug("chains-one-by-one")
def summed(chains):
    total = 0.0
    for row in halved(chains):
        rho = correlations(np.vstack([row, row]))
        total += row.size / max(time_of(rho), 1 / math.log10(row.size))
    return total


@BANK.has_bug("chains-one-by-one")
def summed_loop(chains):
    total = 0.0
    for row in halved(chains):
        n, d = row.size, row - row.mean()
        acov = np.correlate(d, d, "full")[n - 1 :] / n
        within = acov[0] * n / (n - 1)
        rho = 1 - (within - acov) / acov[0]
        tau, last, t = -1.0, np.inf, 0
        while t + 1 < n and (t == 0 or rho[t] + rho[t + 1] > 0):
            last = min(last, rho[t] + rho[t + 1])
            tau += 2 * last
            t += 2
        total += n / max(tau, 1 / np.log10(n))
    return total


@BANK.is_right("parts")
def parts(chains):
    x = halved(chains)
    rho = correlations(x)
    tau = time_of(rho)
    return size(x, tau)


@BANK.is_right("loop")
def loop(chains):
    x = halved(chains)
    m, n = x.shape
    means = x.mean(axis=1)
    acov = np.zeros(n)
    for row, mean in zip(x, means):
        full = np.correlate(row - mean, row - mean, mode="full")
        acov += full[n - 1 :] / n / m
    within = acov[0] * n / (n - 1)
    total = acov[0] + means.var(ddof=1)
    rho = 1 - (within - acov) / total
    previous, tau, t = np.inf, -1.0, 0
    while t + 1 < n:
        pair = rho[t] + rho[t + 1]
        if t > 0 and pair <= 0:
            break
        previous = min(previous, pair)
        tau += 2 * previous
        t += 2
    return m * n / max(tau, 1 / np.log10(m * n))


@BANK.is_right("Fourier")
def fourier(chains):
    x = halved(chains)
    m, n = x.shape
    f = np.fft.rfft(x - x.mean(axis=1, keepdims=True), n=2 * n, axis=1)
    acov = np.fft.irfft(np.abs(f) ** 2, n=2 * n, axis=1)[:, :n].mean(axis=0) / n
    within, plus = acov[0] * n / (n - 1), acov[0] + np.var(x.mean(axis=1), ddof=1)
    rho = 1 - (within - acov) / plus
    pairs = rho[: n // 2 * 2].reshape(-1, 2).sum(axis=1)
    ends = np.flatnonzero(pairs[1:] <= 0)
    pairs = pairs[: ends[0] + 1] if ends.size else pairs
    tau = 2 * np.minimum.accumulate(pairs).sum() - 1
    return min(m * n / tau, m * n * np.log10(m * n)) if tau > 0 else m * n * np.log10(m * n)
