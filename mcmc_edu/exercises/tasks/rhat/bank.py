"""Wrong and right answers to the exercise `rhat`."""

import math

import numpy as np
from scipy import stats

from ...exercise import Bank

BANK = Bank("rhat")


@BANK.has_bug("not-split")
def not_split(chains):
    n = chains.shape[1]
    between = n * chains.mean(axis=1).var(ddof=1)
    within = chains.var(axis=1, ddof=1).mean()
    return np.sqrt(((n - 1) / n * within + between / n) / within)


@BANK.has_bug("not-split")
def not_split_loop(chains):
    halves = [list(chain) for chain in chains]
    m, n = len(halves), len(halves[0])
    means = [sum(h) / n for h in halves]
    grand = sum(means) / m
    between = n * sum((mean - grand) ** 2 for mean in means) / (m - 1)
    within = sum(sum((v - mean) ** 2 for v in h) / (n - 1) for h, mean in zip(halves, means)) / m
    return math.sqrt(((n - 1) / n * within + between / n) / within)


@BANK.has_bug("root-missing")
def no_root(chains):
    half = chains.shape[1] // 2
    x = np.concatenate([chains[:, :half], chains[:, -half:]])
    n = x.shape[1]
    between = n * x.mean(axis=1).var(ddof=1)
    within = x.var(axis=1, ddof=1).mean()
    return ((n - 1) / n * within + between / n) / within


@BANK.has_bug("root-missing")
def no_root_loop(chains):
    halves = []
    for chain in chains:
        k = len(chain) // 2
        halves += [list(chain[:k]), list(chain[len(chain) - k :])]
    m, n = len(halves), len(halves[0])
    means = [sum(h) / n for h in halves]
    grand = sum(means) / m
    between = n * sum((mean - grand) ** 2 for mean in means) / (m - 1)
    within = sum(sum((v - mean) ** 2 for v in h) / (n - 1) for h, mean in zip(halves, means)) / m
    return (n - 1) / n + between / within / n


@BANK.has_bug("whole-length")
def whole_n(chains):
    half = chains.shape[1] // 2
    x = np.concatenate([chains[:, :half], chains[:, -half:]])
    n = chains.shape[1]
    between = n * x.mean(axis=1).var(ddof=1)
    within = x.var(axis=1, ddof=1).mean()
    return np.sqrt(((n - 1) / n * within + between / n) / within)


@BANK.has_bug("whole-length")
def whole_n_loop(chains):
    halves = []
    for chain in chains:
        k = len(chain) // 2
        halves += [list(chain[:k]), list(chain[len(chain) - k :])]
    m, n = len(halves), len(halves[0])
    means = [sum(h) / n for h in halves]
    grand = sum(means) / m
    n = len(chains[0])
    between = n * sum((mean - grand) ** 2 for mean in means) / (m - 1)
    within = (
        sum(sum((v - mean) ** 2 for v in h) / (len(h) - 1) for h, mean in zip(halves, means)) / m
    )
    return math.sqrt(((n - 1) / n * within + between / n) / within)


@BANK.has_bug("between-not-divided")
def b_whole(chains):
    half = chains.shape[1] // 2
    x = np.concatenate([chains[:, :half], chains[:, -half:]])
    n = x.shape[1]
    between = n * x.mean(axis=1).var(ddof=1)
    within = x.var(axis=1, ddof=1).mean()
    return np.sqrt(((n - 1) / n * within + between) / within)


@BANK.has_bug("between-not-divided")
def b_whole_loop(chains):
    halves = []
    for chain in chains:
        k = len(chain) // 2
        halves += [list(chain[:k]), list(chain[len(chain) - k :])]
    m, n = len(halves), len(halves[0])
    means = [sum(h) / n for h in halves]
    grand = sum(means) / m
    between = n * sum((mean - grand) ** 2 for mean in means) / (m - 1)
    within = sum(sum((v - mean) ** 2 for v in h) / (n - 1) for h, mean in zip(halves, means)) / m
    return math.sqrt((n - 1) / n + between / within)


@BANK.has_bug("within-divided-by-n")
def ddof_0(chains):
    half = chains.shape[1] // 2
    x = np.concatenate([chains[:, :half], chains[:, -half:]])
    n = x.shape[1]
    between = n * x.mean(axis=1).var(ddof=1)
    within = x.var(axis=1, ddof=0).mean()
    return np.sqrt(((n - 1) / n * within + between / n) / within)


@BANK.has_bug("within-divided-by-n")
def ddof_0_loop(chains):
    halves = []
    for chain in chains:
        k = len(chain) // 2
        halves += [list(chain[:k]), list(chain[len(chain) - k :])]
    m, n = len(halves), len(halves[0])
    means = [sum(h) / n for h in halves]
    grand = sum(means) / m
    between = n * sum((mean - grand) ** 2 for mean in means) / (m - 1)
    within = sum(sum((v - mean) ** 2 for v in h) / n for h, mean in zip(halves, means)) / m
    return math.sqrt(((n - 1) / n * within + between / n) / within)


@BANK.has_bug("between-divided-by-m")
def between_0(chains):
    half = chains.shape[1] // 2
    x = np.concatenate([chains[:, :half], chains[:, -half:]])
    n = x.shape[1]
    between = n * x.mean(axis=1).var(ddof=0)
    within = x.var(axis=1, ddof=1).mean()
    return np.sqrt(((n - 1) / n * within + between / n) / within)


@BANK.has_bug("between-divided-by-m")
def between_0_loop(chains):
    halves = []
    for chain in chains:
        k = len(chain) // 2
        halves += [list(chain[:k]), list(chain[len(chain) - k :])]
    m, n = len(halves), len(halves[0])
    means = [sum(h) / n for h in halves]
    grand = sum(means) / m
    between = n * sum((mean - grand) ** 2 for mean in means) / m
    within = sum(sum((v - mean) ** 2 for v in h) / (n - 1) for h, mean in zip(halves, means)) / m
    return math.sqrt(((n - 1) / n * within + between / n) / within)


@BANK.has_bug("both-biased")
def np_var(chains):
    half = chains.shape[1] // 2
    x = np.concatenate([chains[:, :half], chains[:, -half:]])
    n = x.shape[1]
    between = n * x.mean(axis=1).var(ddof=0)
    within = x.var(axis=1, ddof=0).mean()
    return np.sqrt(((n - 1) / n * within + between / n) / within)


@BANK.has_bug("both-biased")
def np_var_loop(chains):
    halves = []
    for chain in chains:
        k = len(chain) // 2
        halves += [list(chain[:k]), list(chain[len(chain) - k :])]
    m, n = len(halves), len(halves[0])
    means = [sum(h) / n for h in halves]
    grand = sum(means) / m
    between = n * sum((mean - grand) ** 2 for mean in means) / m
    within = sum(sum((v - mean) ** 2 for v in h) / n for h, mean in zip(halves, means)) / m
    return math.sqrt(((n - 1) / n * within + between / n) / within)


@BANK.has_bug("factor-missing")
def no_factor(chains):
    half = chains.shape[1] // 2
    x = np.concatenate([chains[:, :half], chains[:, -half:]])
    n = x.shape[1]
    between = n * x.mean(axis=1).var(ddof=1)
    within = x.var(axis=1, ddof=1).mean()
    return np.sqrt((within + between / n) / within)


@BANK.has_bug("factor-missing")
def no_factor_loop(chains):
    halves = []
    for chain in chains:
        k = len(chain) // 2
        halves += [list(chain[:k]), list(chain[len(chain) - k :])]
    m, n = len(halves), len(halves[0])
    means = [sum(h) / n for h in halves]
    grand = sum(means) / m
    between = n * sum((mean - grand) ** 2 for mean in means) / (m - 1)
    within = sum(sum((v - mean) ** 2 for v in h) / (n - 1) for h, mean in zip(halves, means)) / m
    return math.sqrt(1 + between / n / within)


@BANK.has_bug("term-of-1992")
def pooled_variance(chains):
    half = chains.shape[1] // 2
    x = np.concatenate([chains[:, :half], chains[:, -half:]])
    m, n = x.shape
    within, between = x.var(axis=1, ddof=1).mean(), n * x.mean(axis=1).var(ddof=1)
    sigma2 = (n - 1) / n * within + between / n
    return np.sqrt((sigma2 + between / (m * n)) / within)


@BANK.has_bug("term-of-1992")
def m_plus_one_over_m(chains):
    n = chains.shape[1] // 2
    halves = [part for chain in chains for part in (chain[:n], chain[len(chain) - n :])]
    m = len(halves)
    w = sum(np.var(h, ddof=1) for h in halves) / m
    spread = np.var([np.mean(h) for h in halves], ddof=1)
    return math.sqrt((n - 1) / n + (m + 1) / m * spread / w)


@BANK.has_bug("interleaved")
def even_and_odd(chains):
    half = chains.shape[1] // 2
    x = np.concatenate([chains[:, 0 : 2 * half : 2], chains[:, 1 : 2 * half : 2]])
    n = x.shape[1]
    between = n * x.mean(axis=1).var(ddof=1)
    within = x.var(axis=1, ddof=1).mean()
    return np.sqrt(((n - 1) / n * within + between / n) / within)


@BANK.has_bug("interleaved")
def even_and_odd_loop(chains):
    halves = []
    for chain in chains:
        k = len(chain) // 2
        halves += [list(chain[: 2 * k : 2]), list(chain[1 : 2 * k : 2])]
    m, n = len(halves), len(halves[0])
    means = [sum(h) / n for h in halves]
    grand = sum(means) / m
    between = n * sum((mean - grand) ** 2 for mean in means) / (m - 1)
    within = sum(sum((v - mean) ** 2 for v in h) / (n - 1) for h, mean in zip(halves, means)) / m
    return math.sqrt(((n - 1) / n * within + between / n) / within)


@BANK.has_bug("rank-normalised")
def ranks(chains):
    half = chains.shape[1] // 2
    x = np.concatenate([chains[:, :half], chains[:, -half:]])
    ranks = stats.rankdata(x).reshape(x.shape)
    x = stats.norm.ppf((ranks - 0.375) / (x.size + 0.25))
    n = x.shape[1]
    between = n * x.mean(axis=1).var(ddof=1)
    within = x.var(axis=1, ddof=1).mean()
    return np.sqrt(((n - 1) / n * within + between / n) / within)


@BANK.has_bug("rank-normalised")
def ranks_first(chains):
    k = chains.shape[1] // 2
    draws = np.concatenate([part.ravel() for part in (chains[:, :k], chains[:, -k:])])
    place = np.empty(draws.size)
    place[np.argsort(draws)] = np.arange(1, draws.size + 1)
    parts = stats.norm.ppf((place - 3 / 8) / (draws.size + 1 / 4)).reshape(-1, k)
    w = np.mean([np.var(p, ddof=1) for p in parts])
    return math.sqrt((k - 1) / k + np.var([p.mean() for p in parts], ddof=1) / w)


@BANK.has_bug("axes-swapped")
def columns_as_chains(chains):
    chains = chains.T
    half = chains.shape[1] // 2
    x = np.concatenate([chains[:, :half], chains[:, -half:]])
    n = x.shape[1]
    between = n * x.mean(axis=1).var(ddof=1)
    within = x.var(axis=1, ddof=1).mean()
    return np.sqrt(((n - 1) / n * within + between / n) / within)


@BANK.has_bug("axes-swapped")
def columns_as_chains_loop(chains):
    halves = []
    for chain in np.transpose(chains):
        k = len(chain) // 2
        halves += [list(chain[:k]), list(chain[len(chain) - k :])]
    m, n = len(halves), len(halves[0])
    means = [sum(h) / n for h in halves]
    grand = sum(means) / m
    between = n * sum((mean - grand) ** 2 for mean in means) / (m - 1)
    within = sum(sum((v - mean) ** 2 for v in h) / (n - 1) for h, mean in zip(halves, means)) / m
    return math.sqrt(((n - 1) / n * within + between / n) / within)


@BANK.has_bug("first-half-dropped")
def second_halves(chains):
    x = chains[:, chains.shape[1] // 2 :]
    n = x.shape[1]
    between = n * x.mean(axis=1).var(ddof=1)
    within = x.var(axis=1, ddof=1).mean()
    return np.sqrt(((n - 1) / n * within + between / n) / within)


@BANK.has_bug("first-half-dropped")
def second_halves_loop(chains):
    halves = []
    for chain in chains:
        k = len(chain) // 2
        halves.append(list(chain[k:]))
    m, n = len(halves), len(halves[0])
    means = [sum(h) / n for h in halves]
    grand = sum(means) / m
    between = n * sum((mean - grand) ** 2 for mean in means) / (m - 1)
    within = sum(sum((v - mean) ** 2 for v in h) / (n - 1) for h, mean in zip(halves, means)) / m
    return math.sqrt(((n - 1) / n * within + between / n) / within)


@BANK.is_right("vectorised")
def vectorised(chains):
    half = chains.shape[1] // 2
    x = np.concatenate([chains[:, :half], chains[:, -half:]])
    n = x.shape[1]
    between = n * x.mean(axis=1).var(ddof=1)
    within = x.var(axis=1, ddof=1).mean()
    return np.sqrt(((n - 1) / n * within + between / n) / within)


@BANK.is_right("loop")
def loop(chains):
    halves = []
    for chain in chains:
        k = len(chain) // 2
        halves += [list(chain[:k]), list(chain[len(chain) - k :])]
    m, n = len(halves), len(halves[0])
    means = [sum(h) / n for h in halves]
    grand = sum(means) / m
    between = n * sum((mean - grand) ** 2 for mean in means) / (m - 1)
    within = sum(sum((v - mean) ** 2 for v in h) / (n - 1) for h, mean in zip(halves, means)) / m
    return math.sqrt(((n - 1) / n * within + between / n) / within)


@BANK.is_right("reshaped")
def reshaped(chains):
    m, n = chains.shape
    even = chains if n % 2 == 0 else np.delete(chains, n // 2, axis=1)
    halves = even.reshape(2 * m, -1)
    k = halves.shape[1]
    w = np.mean(np.var(halves, axis=1, ddof=1))
    v = (k - 1) / k * w + np.var(np.mean(halves, axis=1), ddof=1)
    return float((v / w) ** 0.5)
