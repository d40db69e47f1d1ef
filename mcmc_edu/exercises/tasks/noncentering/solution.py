"""A worked solution: eight schools, non-centred."""

import numpy as np


def noncentering(theta, y, se):
    """Priors of mu, log tau (with its Jacobian, log tau) and z; then y given what they make."""
    mu, log_tau, z = theta[0], theta[1], theta[2:]
    tau = np.exp(log_tau)
    log_prior = -0.5 * (mu / 5.0) ** 2 - np.log1p((tau / 5.0) ** 2) + log_tau - 0.5 * np.sum(z**2)
    effect = mu + tau * z
    return float(log_prior - 0.5 * np.sum(((y - effect) / se) ** 2))
