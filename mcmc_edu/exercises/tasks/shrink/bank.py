"""Wrong and right answers to the exercise `shrink`."""

import numpy as np

from ...exercise import Bank

BANK = Bank("shrink")


@BANK.has_bug("weights-swapped")
def swapped(y, se, mu, tau):
    w = se**2 / (se**2 + tau**2)
    return w * y + (1 - w) * mu


@BANK.has_bug("weights-swapped")
def swapped_loop(y, se, mu, tau):
    out = []
    for j in range(len(y)):
        out.append((y[j] * se[j] ** 2 + mu * tau**2) / (se[j] ** 2 + tau**2))
    return np.array(out)


@BANK.has_bug("sd-for-variance")
def sds(y, se, mu, tau):
    w = tau / (tau + se)
    return w * y + (1 - w) * mu


@BANK.has_bug("sd-for-variance")
def sds_loop(y, se, mu, tau):
    out = []
    for j in range(len(y)):
        out.append(mu + tau / (tau + se[j]) * (y[j] - mu))
    return np.array(out)


@BANK.has_bug("tau-as-variance")
def tau_variance(y, se, mu, tau):
    w = tau / (tau + se**2)
    return w * y + (1 - w) * mu


@BANK.has_bug("tau-as-variance")
def tau_variance_loop(y, se, mu, tau):
    out = []
    for j in range(len(y)):
        out.append((y[j] * tau + mu * se[j] ** 2) / (tau + se[j] ** 2))
    return np.array(out)


@BANK.has_bug("se-as-variance")
def se_variance(y, se, mu, tau):
    w = tau**2 / (tau**2 + se)
    return w * y + (1 - w) * mu


@BANK.has_bug("se-as-variance")
def se_variance_loop(y, se, mu, tau):
    out = []
    for j in range(len(y)):
        out.append((y[j] * tau**2 + mu * se[j]) / (tau**2 + se[j]))
    return np.array(out)


@BANK.has_bug("towards-mean-of-y")
def mean_of_y(y, se, mu, tau):
    w = tau**2 / (tau**2 + se**2)
    return w * y + (1 - w) * y.mean()


@BANK.has_bug("towards-mean-of-y")
def mean_of_y_loop(y, se, mu, tau):
    out = []
    for j in range(len(y)):
        out.append(sum(y) / len(y) + tau**2 / (tau**2 + se[j] ** 2) * (y[j] - sum(y) / len(y)))
    return np.array(out)


@BANK.has_bug("towards-zero")
def zero(y, se, mu, tau):
    w = tau**2 / (tau**2 + se**2)
    return w * y


@BANK.has_bug("towards-zero")
def zero_loop(y, se, mu, tau):
    out = []
    for j in range(len(y)):
        out.append(y[j] / (1 + (se[j] / tau) ** 2) if tau > 0 else 0.0)
    return np.array(out)


@BANK.has_bug("mean-se")
def one_se(y, se, mu, tau):
    v = np.mean(se**2)
    w = tau**2 / (tau**2 + v)
    return w * y + (1 - w) * mu


@BANK.has_bug("mean-se")
def one_se_loop(y, se, mu, tau):
    out = []
    for j in range(len(y)):
        out.append(mu + (y[j] - mu) * tau**2 / (tau**2 + sum(s**2 for s in se) / len(se)))
    return np.array(out)


@BANK.has_bug("not-at-zero")
def precisions(y, se, mu, tau):
    with np.errstate(divide="ignore", invalid="ignore"):
        a, b = 1 / se**2, 1 / np.float64(tau) ** 2
        return (a * y + b * mu) / (a + b)


@BANK.has_bug("not-at-zero")
def precisions_loop(y, se, mu, tau):
    out = []
    for j in range(len(y)):
        out.append((y[j] / se[j] ** 2 + mu / tau**2) / (1 / se[j] ** 2 + 1 / tau**2))
    return np.array(out)


@BANK.has_bug("mean-not-added")
def deviation(y, se, mu, tau):
    return tau**2 / (tau**2 + se**2) * (y - mu)


@BANK.has_bug("mean-not-added")
def deviation_loop(y, se, mu, tau):
    out = []
    for j in range(len(y)):
        out.append((y[j] - mu) * tau**2 / (tau**2 + se[j] ** 2))
    return np.array(out)


@BANK.has_bug("factor-only")
def factor(y, se, mu, tau):
    return tau**2 / (tau**2 + se**2)


@BANK.has_bug("factor-only")
def factor_loop(y, se, mu, tau):
    out = []
    for j in range(len(y)):
        out.append(1 - se[j] ** 2 / (tau**2 + se[j] ** 2))
    return np.array(out)


@BANK.has_bug("not-normalised")
def sums(y, se, mu, tau):
    with np.errstate(divide="ignore", invalid="ignore"):
        return y / se**2 + mu / np.float64(tau) ** 2


@BANK.has_bug("not-normalised")
def sums_loop(y, se, mu, tau):
    out = []
    for j in range(len(y)):
        with np.errstate(divide="ignore", invalid="ignore"):
            out.append(y[j] / se[j] ** 2 + mu / np.float64(tau) ** 2)
    return np.array(out)


@BANK.is_right("weights")
def weights(y, se, mu, tau):
    w = tau**2 / (tau**2 + se**2)
    return w * y + (1 - w) * mu


@BANK.is_right("loop")
def loop(y, se, mu, tau):
    out = []
    for yj, s in zip(y, se):
        b = s**2 / (s**2 + tau**2)
        out.append(yj - b * (yj - mu))
    return np.array(out)


@BANK.is_right("precisions, 0 apart")
def precisions_apart(y, se, mu, tau):
    if tau == 0:
        return np.full(len(y), float(mu))
    p, q = se**-2.0, tau**-2.0
    return (p * y + q * mu) / (p + q)
