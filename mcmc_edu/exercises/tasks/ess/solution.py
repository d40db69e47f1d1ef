"""A worked solution: the effective sample size."""

import numpy as np


def ess(chains):
    """Sum autocorrelations in pairs, as long as they are positive, never letting them grow."""
    half = chains.shape[1] // 2
    x = np.concatenate([chains[:, :half], chains[:, -half:]])
    m, n = x.shape
    d = x - x.mean(axis=1, keepdims=True)
    acov = np.array([np.sum(d[:, : n - t] * d[:, t:]) for t in range(n)]) / (m * n)
    within = acov[0] * n / (n - 1)
    total = acov[0] + x.mean(axis=1).var(ddof=1)
    rho = 1.0 - (within - acov) / total
    tau, smallest = -1.0, np.inf
    for t in range(0, n - 1, 2):
        pair = rho[t] + rho[t + 1]
        if t > 0 and pair <= 0.0:
            break
        smallest = min(smallest, pair)
        tau += 2.0 * smallest
    return float(m * n / max(tau, 1.0 / np.log10(m * n)))
