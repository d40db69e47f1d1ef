"""Wrong and right answers to the exercise `noncentering`."""

import math

import numpy as np
from scipy import stats

from ...exercise import Bank

BANK = Bank("noncentering")


@BANK.has_bug("jacobian-missing")
def no_jacobian(theta, y, se):
    mu, u, z = theta[0], theta[1], theta[2:]
    tau = np.exp(u)
    lp = -0.5 * (mu / 5) ** 2
    lp += -np.log(1 + (tau / 5) ** 2)
    lp += -0.5 * np.sum(z**2)
    effect = mu + tau * z
    return lp - 0.5 * np.sum(((y - effect) / se) ** 2)


@BANK.has_bug("jacobian-missing")
def no_jacobian_loop(theta, y, se):
    mu, tau = theta[0], math.exp(theta[1])
    lp = stats.norm.logpdf(mu, 0, 5) + stats.halfcauchy.logpdf(tau, scale=5)
    for j in range(len(y)):
        z = theta[2 + j]
        lp += stats.norm.logpdf(z)
        lp += stats.norm.logpdf(y[j], mu + tau * z, se[j])
    return lp


@BANK.has_bug("jacobian-subtracted")
def minus_log_tau(theta, y, se):
    mu, u, z = theta[0], theta[1], theta[2:]
    tau = np.exp(u)
    prior = -0.5 * (mu / 5) ** 2 - np.log1p((tau / 5) ** 2) - 0.5 * z @ z
    return prior - u - 0.5 * np.sum(((y - mu - tau * z) / se) ** 2)


@BANK.has_bug("jacobian-subtracted")
def divided_by_tau(theta, y, se):
    mu, tau = theta[0], math.exp(theta[1])
    lp = stats.norm.logpdf(mu, 0, 5) + stats.halfcauchy.logpdf(tau, scale=5) + math.log(1 / tau)
    lp += stats.norm.logpdf(theta[2:]).sum()
    return lp + stats.norm.logpdf(y, mu + tau * theta[2:], se).sum()


@BANK.has_bug("mean-dropped")
def no_mean(theta, y, se):
    mu, u, z = theta[0], theta[1], theta[2:]
    tau = np.exp(u)
    lp = -0.5 * (mu / 5) ** 2
    lp += u - np.log(1 + (tau / 5) ** 2)
    lp += -0.5 * np.sum(z**2)
    effect = tau * z
    return lp - 0.5 * np.sum(((y - effect) / se) ** 2)


@BANK.has_bug("mean-dropped")
def no_mean_loop(theta, y, se):
    mu, tau = theta[0], math.exp(theta[1])
    lp = stats.norm.logpdf(mu, 0, 5) + stats.halfcauchy.logpdf(tau, scale=5) + theta[1]
    for j in range(len(y)):
        z = theta[2 + j]
        lp += stats.norm.logpdf(z)
        lp += stats.norm.logpdf(y[j], tau * z, se[j])
    return lp


@BANK.has_bug("prior-of-z-missing")
def flat_z(theta, y, se):
    mu, u, z = theta[0], theta[1], theta[2:]
    tau = np.exp(u)
    lp = -0.5 * (mu / 5) ** 2
    lp += u - np.log(1 + (tau / 5) ** 2)
    lp += -0.5 * np.sum(0 * z)
    effect = mu + tau * z
    return lp - 0.5 * np.sum(((y - effect) / se) ** 2)


@BANK.has_bug("prior-of-z-missing")
def flat_z_loop(theta, y, se):
    mu, tau = theta[0], math.exp(theta[1])
    lp = stats.norm.logpdf(mu, 0, 5) + stats.halfcauchy.logpdf(tau, scale=5) + theta[1]
    for j in range(len(y)):
        z = theta[2 + j]
        lp += 0.0
        lp += stats.norm.logpdf(y[j], mu + tau * z, se[j])
    return lp


@BANK.has_bug("prior-of-z-scaled")
def z_with_sd_tau(theta, y, se):
    mu, u, z = theta[0], theta[1], theta[2:]
    tau = np.exp(u)
    lp = -0.5 * (mu / 5) ** 2
    lp += u - np.log(1 + (tau / 5) ** 2) - len(z) * u
    lp += -0.5 * np.sum((z / tau) ** 2)
    effect = mu + tau * z
    return lp - 0.5 * np.sum(((y - effect) / se) ** 2)


@BANK.has_bug("prior-of-z-scaled")
def z_with_sd_tau_loop(theta, y, se):
    mu, tau = theta[0], math.exp(theta[1])
    lp = stats.norm.logpdf(mu, 0, 5) + stats.halfcauchy.logpdf(tau, scale=5) + theta[1]
    for j in range(len(y)):
        z = theta[2 + j]
        lp += stats.norm.logpdf(z, 0, tau)
        lp += stats.norm.logpdf(y[j], mu + tau * z, se[j])
    return lp


@BANK.has_bug("jacobian-of-z")
def jacobian_per_school(theta, y, se):
    mu, u, z = theta[0], theta[1], theta[2:]
    tau = np.exp(u)
    lp = -0.5 * (mu / 5) ** 2
    lp += (1 + len(z)) * u - np.log(1 + (tau / 5) ** 2)
    lp += -0.5 * np.sum(z**2)
    effect = mu + tau * z
    return lp - 0.5 * np.sum(((y - effect) / se) ** 2)


@BANK.has_bug("jacobian-of-z")
def jacobian_per_school_loop(theta, y, se):
    mu, tau = theta[0], math.exp(theta[1])
    lp = stats.norm.logpdf(mu, 0, 5) + stats.halfcauchy.logpdf(tau, scale=5) + theta[1]
    for j in range(len(y)):
        z = theta[2 + j]
        lp += stats.norm.logpdf(z) + theta[1]
        lp += stats.norm.logpdf(y[j], mu + tau * z, se[j])
    return lp


@BANK.has_bug("log-tau-as-tau")
def u_times_z(theta, y, se):
    mu, u, z = theta[0], theta[1], theta[2:]
    tau = np.exp(u)
    lp = -0.5 * (mu / 5) ** 2
    lp += u - np.log(1 + (tau / 5) ** 2)
    lp += -0.5 * np.sum(z**2)
    effect = mu + u * z
    return lp - 0.5 * np.sum(((y - effect) / se) ** 2)


@BANK.has_bug("log-tau-as-tau")
def u_times_z_loop(theta, y, se):
    mu, tau = theta[0], math.exp(theta[1])
    lp = stats.norm.logpdf(mu, 0, 5) + stats.halfcauchy.logpdf(tau, scale=5) + theta[1]
    for j in range(len(y)):
        z = theta[2 + j]
        lp += stats.norm.logpdf(z)
        lp += stats.norm.logpdf(y[j], mu + theta[1] * z, se[j])
    return lp


@BANK.has_bug("half-normal")
def half_normal(theta, y, se):
    mu, u, z = theta[0], theta[1], theta[2:]
    tau = np.exp(u)
    lp = -0.5 * (mu / 5) ** 2
    lp += u - 0.5 * (tau / 5) ** 2
    lp += -0.5 * np.sum(z**2)
    effect = mu + tau * z
    return lp - 0.5 * np.sum(((y - effect) / se) ** 2)


@BANK.has_bug("half-normal")
def half_normal_loop(theta, y, se):
    mu, tau = theta[0], math.exp(theta[1])
    lp = stats.norm.logpdf(mu, 0, 5) + stats.halfnorm.logpdf(tau, scale=5) + theta[1]
    for j in range(len(y)):
        z = theta[2 + j]
        lp += stats.norm.logpdf(z)
        lp += stats.norm.logpdf(y[j], mu + tau * z, se[j])
    return lp


@BANK.has_bug("cauchy-of-scale-one")
def scale_one(theta, y, se):
    mu, u, z = theta[0], theta[1], theta[2:]
    tau = np.exp(u)
    lp = -0.5 * (mu / 5) ** 2
    lp += u - np.log(1 + tau**2)
    lp += -0.5 * np.sum(z**2)
    effect = mu + tau * z
    return lp - 0.5 * np.sum(((y - effect) / se) ** 2)


@BANK.has_bug("cauchy-of-scale-one")
def scale_one_loop(theta, y, se):
    mu, tau = theta[0], math.exp(theta[1])
    lp = stats.norm.logpdf(mu, 0, 5) + stats.halfcauchy.logpdf(tau) + theta[1]
    for j in range(len(y)):
        z = theta[2 + j]
        lp += stats.norm.logpdf(z)
        lp += stats.norm.logpdf(y[j], mu + tau * z, se[j])
    return lp


@BANK.has_bug("variance-5")
def root_5(theta, y, se):
    mu, u, z = theta[0], theta[1], theta[2:]
    tau = np.exp(u)
    lp = -0.5 * mu**2 / 5
    lp += u - np.log(1 + (tau / 5) ** 2)
    lp += -0.5 * np.sum(z**2)
    effect = mu + tau * z
    return lp - 0.5 * np.sum(((y - effect) / se) ** 2)


@BANK.has_bug("variance-5")
def root_5_loop(theta, y, se):
    mu, tau = theta[0], math.exp(theta[1])
    lp = stats.norm.logpdf(mu, 0, math.sqrt(5)) + stats.halfcauchy.logpdf(tau, scale=5) + theta[1]
    for j in range(len(y)):
        z = theta[2 + j]
        lp += stats.norm.logpdf(z)
        lp += stats.norm.logpdf(y[j], mu + tau * z, se[j])
    return lp


@BANK.has_bug("se-as-variance")
def root_of_se(theta, y, se):
    se = np.sqrt(se)
    mu, u, z = theta[0], theta[1], theta[2:]
    tau = np.exp(u)
    lp = -0.5 * (mu / 5) ** 2
    lp += u - np.log(1 + (tau / 5) ** 2)
    lp += -0.5 * np.sum(z**2)
    effect = mu + tau * z
    return lp - 0.5 * np.sum(((y - effect) / se) ** 2)


@BANK.has_bug("se-as-variance")
def root_of_se_loop(theta, y, se):
    mu, tau = theta[0], math.exp(theta[1])
    lp = stats.norm.logpdf(mu, 0, 5) + stats.halfcauchy.logpdf(tau, scale=5) + theta[1]
    for j in range(len(y)):
        z = theta[2 + j]
        lp += stats.norm.logpdf(z)
        lp += stats.norm.logpdf(y[j], mu + tau * z, math.sqrt(se[j]))
    return lp


@BANK.has_bug("centred")
def centred(theta, y, se):
    mu, u, effect = theta[0], theta[1], theta[2:]
    tau = np.exp(u)
    lp = -0.5 * (mu / 5) ** 2 + u - np.log(1 + (tau / 5) ** 2)
    lp += np.sum(-u - 0.5 * ((effect - mu) / tau) ** 2)
    return lp - 0.5 * np.sum(((y - effect) / se) ** 2)


@BANK.has_bug("centred")
def centred_loop(theta, y, se):
    mu, tau = theta[0], math.exp(theta[1])
    lp = stats.norm.logpdf(mu, 0, 5) + stats.halfcauchy.logpdf(tau, scale=5) + theta[1]
    for j in range(len(y)):
        z = theta[2 + j]
        lp += stats.norm.logpdf(z, mu, tau)
        lp += stats.norm.logpdf(y[j], z, se[j])
    return lp


@BANK.has_bug("tau-squared")
def variance_times_z(theta, y, se):
    mu, u, z = theta[0], theta[1], theta[2:]
    tau = np.exp(u)
    lp = -0.5 * (mu / 5) ** 2
    lp += u - np.log(1 + (tau / 5) ** 2)
    lp += -0.5 * np.sum(z**2)
    effect = mu + tau**2 * z
    return lp - 0.5 * np.sum(((y - effect) / se) ** 2)


@BANK.has_bug("tau-squared")
def variance_times_z_loop(theta, y, se):
    mu, tau = theta[0], math.exp(theta[1])
    lp = stats.norm.logpdf(mu, 0, 5) + stats.halfcauchy.logpdf(tau, scale=5) + theta[1]
    for j in range(len(y)):
        z = theta[2 + j]
        lp += stats.norm.logpdf(z)
        lp += stats.norm.logpdf(y[j], mu + tau**2 * z, se[j])
    return lp


@BANK.is_right("without constants")
def kernels(theta, y, se):
    mu, u, z = theta[0], theta[1], theta[2:]
    tau = np.exp(u)
    lp = -0.5 * (mu / 5) ** 2
    lp += u - np.log(1 + (tau / 5) ** 2)
    lp += -0.5 * np.sum(z**2)
    effect = mu + tau * z
    return lp - 0.5 * np.sum(((y - effect) / se) ** 2)


@BANK.is_right("scipy, loop")
def with_scipy(theta, y, se):
    mu, tau = theta[0], math.exp(theta[1])
    lp = stats.norm.logpdf(mu, 0, 5) + stats.halfcauchy.logpdf(tau, scale=5) + theta[1]
    for j in range(len(y)):
        z = theta[2 + j]
        lp += stats.norm.logpdf(z)
        lp += stats.norm.logpdf(y[j], mu + tau * z, se[j])
    return lp


@BANK.is_right("all constants, vectorised")
def all_constants(theta, y, se):
    mu, log_tau, z = theta[0], theta[1], theta[2:]
    tau = math.exp(log_tau)
    log_prior = stats.norm(0, 5).logpdf(mu) + stats.norm.logpdf(z).sum()
    log_prior += math.log(2) + stats.cauchy(0, 5).logpdf(tau) + log_tau
    return log_prior + stats.norm.logpdf(y, mu + tau * z, se).sum()
