"""Wrong and right answers to the exercise `poststratify`."""

import math

import numpy as np

from ...exercise import Bank

BANK = Bank("poststratify")


@BANK.has_bug("unweighted")
def plain_mean(p, N):
    return p.mean(axis=1)


@BANK.has_bug("unweighted")
def plain_mean_loop(p, N):
    return np.array([sum(row) / len(N) for row in p])


@BANK.has_bug("counts-returned")
def counts(p, N):
    return p @ N


@BANK.has_bug("counts-returned")
def counts_loop(p, N):
    return np.array([sum(a * b for a, b in zip(row, N)) for row in p])


@BANK.has_bug("draws-averaged")
def mean_first(p, N):
    return np.full(len(p), p.mean(axis=0) @ N / N.sum())


@BANK.has_bug("draws-averaged")
def mean_first_loop(p, N):
    cells = [sum(column) / len(column) for column in p.T]
    value = sum(c * k for c, k in zip(cells, N)) / sum(N)
    return np.array([value] * len(p))


@BANK.has_bug("averaged-on-logits")
def logits(p, N):
    logit = np.log(p / (1 - p))
    return 1 / (1 + np.exp(-(logit @ N) / N.sum()))


@BANK.has_bug("averaged-on-logits")
def logits_loop(p, N):
    out = []
    for row in p:
        eta = sum(k * math.log(a / (1 - a)) for a, k in zip(row, N)) / sum(N)
        out.append(1 / (1 + math.exp(-eta)))
    return np.array(out)


@BANK.has_bug("divided-by-cells")
def by_cells(p, N):
    return p @ N / len(N)


@BANK.has_bug("divided-by-cells")
def by_cells_loop(p, N):
    return np.array([np.mean(row * N) for row in p])


@BANK.has_bug("inverse-weights")
def inverse(p, N):
    with np.errstate(divide="ignore", invalid="ignore"):
        w = 1 / N
        return p @ w / w.sum()


@BANK.has_bug("inverse-weights")
def inverse_loop(p, N):
    out = np.zeros(len(p))
    with np.errstate(divide="ignore", invalid="ignore"):
        for s in range(len(p)):
            out[s] = np.sum(p[s] / N) / np.sum(1 / N)
    return out


@BANK.has_bug("sum-over-draws")
def normalised_over_draws(p, N):
    w = p * N
    return w.sum(axis=1) / w.sum()


@BANK.has_bug("sum-over-draws")
def normalised_over_draws_loop(p, N):
    totals = [float(np.dot(row, N)) for row in p]
    return np.array([t / sum(totals) for t in totals])


@BANK.has_bug("rounded")
def people(p, N):
    return np.round(p * N).sum(axis=1) / N.sum()


@BANK.has_bug("rounded")
def people_loop(p, N):
    out = []
    for row in p:
        out.append(sum(round(float(a * k)) for a, k in zip(row, N)) / sum(N))
    return np.array(out)


@BANK.has_bug("most-common-cell")
def largest(p, N):
    return p[:, np.argmax(N)]


@BANK.has_bug("most-common-cell")
def largest_loop(p, N):
    k = list(N).index(max(N))
    return np.array([row[k] for row in p])


@BANK.has_bug("weights-squared")
def squared(p, N):
    return p @ N**2 / np.sum(N**2)


@BANK.has_bug("weights-squared")
def twice(p, N):
    w = N / N.sum()
    return (p * w) @ N / np.sum(w * N)


@BANK.has_bug("weights-of-rooted-counts")
def rooted(p, N):
    w = np.sqrt(N)
    return p @ w / w.sum()


@BANK.has_bug("weights-of-rooted-counts")
def rooted_loop(p, N):
    w = [math.sqrt(k) for k in N]
    return np.array([sum(a * b for a, b in zip(row, w)) / sum(w) for row in p])


@BANK.is_right("matrix product")
def product(p, N):
    return p @ (N / np.sum(N))


@BANK.is_right("average")
def average(p, N):
    return np.average(p, axis=1, weights=N)


@BANK.is_right("loop")
def loop(p, N):
    out = []
    for row in p:
        total = 0.0
        for share, people in zip(row, N):
            total += share * people
        out.append(total / sum(N))
    return np.array(out)
