"""Wrong and right answers to the exercise `james_stein`."""

import numpy as np

from ...exercise import Bank

BANK = Bank("james_stein")


@BANK.has_bug("j-minus-2")
def j2(y, se):
    w = 1 / se**2
    m = np.sum(w * y) / np.sum(w)
    s = np.sum(w * (y - m) ** 2)
    factor = max(0.0, 1 - (len(y) - 2) / s)
    return m + factor * (y - m)


@BANK.has_bug("j-minus-2")
def j2_loop(y, se):
    J = len(y)
    total = weight = 0.0
    for yj, sj in zip(y, se):
        total += yj / sj**2
        weight += 1 / sj**2
    centre = total / weight
    S = 0.0
    for yj, sj in zip(y, se):
        S += ((yj - centre) / sj) ** 2
    B = min(1.0, (J - 2) / S)
    return np.array([yj - B * (yj - centre) for yj in y])


@BANK.has_bug("j-for-j-minus-3")
def j0(y, se):
    w = 1 / se**2
    m = np.sum(w * y) / np.sum(w)
    s = np.sum(w * (y - m) ** 2)
    factor = max(0.0, 1 - len(y) / s)
    return m + factor * (y - m)


@BANK.has_bug("j-for-j-minus-3")
def j0_loop(y, se):
    J = len(y)
    total = weight = 0.0
    for yj, sj in zip(y, se):
        total += yj / sj**2
        weight += 1 / sj**2
    centre = total / weight
    S = 0.0
    for yj, sj in zip(y, se):
        S += ((yj - centre) / sj) ** 2
    B = min(1.0, J / S)
    return np.array([yj - B * (yj - centre) for yj in y])


@BANK.has_bug("j-minus-1")
def j1(y, se):
    w = 1 / se**2
    m = np.sum(w * y) / np.sum(w)
    s = np.sum(w * (y - m) ** 2)
    factor = max(0.0, 1 - (len(y) - 1) / s)
    return m + factor * (y - m)


@BANK.has_bug("j-minus-1")
def j1_loop(y, se):
    J = len(y)
    total = weight = 0.0
    for yj, sj in zip(y, se):
        total += yj / sj**2
        weight += 1 / sj**2
    centre = total / weight
    S = 0.0
    for yj, sj in zip(y, se):
        S += ((yj - centre) / sj) ** 2
    B = min(1.0, (J - 1) / S)
    return np.array([yj - B * (yj - centre) for yj in y])


@BANK.has_bug("positive-part-missing")
def unbounded(y, se):
    w = 1 / se**2
    m = np.sum(w * y) / np.sum(w)
    s = np.sum(w * (y - m) ** 2)
    factor = 1 - (len(y) - 3) / s
    return m + factor * (y - m)


@BANK.has_bug("positive-part-missing")
def unbounded_loop(y, se):
    J = len(y)
    total = weight = 0.0
    for yj, sj in zip(y, se):
        total += yj / sj**2
        weight += 1 / sj**2
    centre = total / weight
    S = 0.0
    for yj, sj in zip(y, se):
        S += ((yj - centre) / sj) ** 2
    B = (J - 3) / S
    return np.array([yj - B * (yj - centre) for yj in y])


@BANK.has_bug("towards-zero")
def zero(y, se):
    w = 1 / se**2
    m = 0.0
    s = np.sum(w * (y - m) ** 2)
    factor = max(0.0, 1 - (len(y) - 3) / s)
    return m + factor * (y - m)


@BANK.has_bug("towards-zero")
def zero_loop(y, se):
    J = len(y)
    total = weight = 0.0
    for yj, sj in zip(y, se):
        total += yj / sj**2
        weight += 1 / sj**2
    centre = 0.0 * total
    S = 0.0
    for yj, sj in zip(y, se):
        S += ((yj - centre) / sj) ** 2
    B = min(1.0, (J - 3) / S)
    return np.array([yj - B * (yj - centre) for yj in y])


@BANK.has_bug("mean-unweighted")
def plain_mean(y, se):
    w = 1 / se**2
    m = y.mean()
    s = np.sum(w * (y - m) ** 2)
    factor = max(0.0, 1 - (len(y) - 3) / s)
    return m + factor * (y - m)


@BANK.has_bug("mean-unweighted")
def plain_mean_loop(y, se):
    J = len(y)
    total = weight = 0.0
    for yj, sj in zip(y, se):
        total += yj / sj**2
        weight += 1 / sj**2
    centre = sum(y) / J
    S = 0.0
    for yj, sj in zip(y, se):
        S += ((yj - centre) / sj) ** 2
    B = min(1.0, (J - 3) / S)
    return np.array([yj - B * (yj - centre) for yj in y])


@BANK.has_bug("sd-for-variance")
def sds(y, se):
    m = np.sum(y / se) / np.sum(1 / se)
    s = np.sum((y - m) ** 2 / se)
    factor = max(0.0, 1 - (len(y) - 3) / s)
    return m + factor * (y - m)


@BANK.has_bug("sd-for-variance")
def sds_loop(y, se):
    J = len(y)
    total = weight = 0.0
    for yj, sj in zip(y, se):
        total += yj / sj**2
        weight += 1 / sj**2
    centre = sum(y / se) / sum(1 / se)
    S = 0.0
    for yj, sj in zip(y, se):
        S += (yj - centre) ** 2 / sj
    B = min(1.0, (J - 3) / S)
    return np.array([yj - B * (yj - centre) for yj in y])


@BANK.has_bug("mean-se")
def one_variance(y, se):
    w = 1 / se**2
    m = y.mean()
    s = np.sum((y - m) ** 2) / np.mean(se**2)
    factor = max(0.0, 1 - (len(y) - 3) / s)
    return m + factor * (y - m)


@BANK.has_bug("mean-se")
def one_variance_loop(y, se):
    J = len(y)
    total = weight = 0.0
    for yj, sj in zip(y, se):
        total += yj / sj**2
        weight += 1 / sj**2
    centre = sum(y) / J
    S = 0.0
    for yj, sj in zip(y, se):
        S += (yj - centre) ** 2 / np.mean(se**2)
    B = min(1.0, (J - 3) / S)
    return np.array([yj - B * (yj - centre) for yj in y])


@BANK.has_bug("factor-turned-round")
def turned(y, se):
    w = 1 / se**2
    m = np.sum(w * y) / np.sum(w)
    s = np.sum(w * (y - m) ** 2)
    factor = min(1.0, (len(y) - 3) / s)
    return m + factor * (y - m)


@BANK.has_bug("factor-turned-round")
def turned_loop(y, se):
    J = len(y)
    total = weight = 0.0
    for yj, sj in zip(y, se):
        total += yj / sj**2
        weight += 1 / sj**2
    centre = total / weight
    S = 0.0
    for yj, sj in zip(y, se):
        S += ((yj - centre) / sj) ** 2
    B = max(0.0, 1 - (J - 3) / S)
    return np.array([yj - B * (yj - centre) for yj in y])


@BANK.has_bug("mean-not-added")
def deviation(y, se):
    w = 1 / se**2
    m = np.sum(w * y) / np.sum(w)
    s = np.sum(w * (y - m) ** 2)
    factor = max(0.0, 1 - (len(y) - 3) / s)
    return factor * (y - m)


@BANK.has_bug("mean-not-added")
def deviation_loop(y, se):
    J = len(y)
    total = weight = 0.0
    for yj, sj in zip(y, se):
        total += yj / sj**2
        weight += 1 / sj**2
    centre = total / weight
    S = 0.0
    for yj, sj in zip(y, se):
        S += ((yj - centre) / sj) ** 2
    B = min(1.0, (J - 3) / S)
    return np.array([(1 - B) * (yj - centre) for yj in y])


@BANK.has_bug("whole-shrunk")
def whole(y, se):
    w = 1 / se**2
    m = np.sum(w * y) / np.sum(w)
    s = np.sum(w * (y - m) ** 2)
    factor = max(0.0, 1 - (len(y) - 3) / s)
    return factor * y


@BANK.has_bug("whole-shrunk")
def whole_loop(y, se):
    J = len(y)
    total = weight = 0.0
    for yj, sj in zip(y, se):
        total += yj / sj**2
        weight += 1 / sj**2
    centre = total / weight
    S = 0.0
    for yj, sj in zip(y, se):
        S += ((yj - centre) / sj) ** 2
    B = min(1.0, (J - 3) / S)
    return np.array([(1 - B) * yj for yj in y])


@BANK.has_bug("squares-about-zero")
def about_zero(y, se):
    w = 1 / se**2
    m = np.sum(w * y) / np.sum(w)
    s = np.sum(w * y**2)
    factor = max(0.0, 1 - (len(y) - 3) / s)
    return m + factor * (y - m)


@BANK.has_bug("squares-about-zero")
def about_zero_loop(y, se):
    J = len(y)
    total = weight = 0.0
    for yj, sj in zip(y, se):
        total += yj / sj**2
        weight += 1 / sj**2
    centre = total / weight
    S = 0.0
    for yj, sj in zip(y, se):
        S += (yj / sj) ** 2
    B = min(1.0, (J - 3) / S)
    return np.array([yj - B * (yj - centre) for yj in y])


@BANK.is_right("vectorised")
def vectorised(y, se):
    w = 1 / se**2
    m = np.sum(w * y) / np.sum(w)
    s = np.sum(w * (y - m) ** 2)
    factor = max(0.0, 1 - (len(y) - 3) / s)
    return m + factor * (y - m)


@BANK.is_right("loop")
def loop(y, se):
    J = len(y)
    total = weight = 0.0
    for yj, sj in zip(y, se):
        total += yj / sj**2
        weight += 1 / sj**2
    centre = total / weight
    S = 0.0
    for yj, sj in zip(y, se):
        S += ((yj - centre) / sj) ** 2
    B = min(1.0, (J - 3) / S)
    return np.array([yj - B * (yj - centre) for yj in y])


@BANK.is_right("averages of NumPy")
def averages(y, se):
    w = 1 / se**2
    centre, total = np.average(y, weights=w, returned=True)
    spread = np.average((y - centre) ** 2, weights=w) * total
    return centre + np.clip(1 - (y.size - 3) / spread, 0, None) * (y - centre)
