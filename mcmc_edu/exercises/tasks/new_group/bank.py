"""Wrong and right answers to the exercise `new_group`."""

import math

import numpy as np
from scipy import stats

from ...exercise import Bank

BANK = Bank("new_group")


@BANK.has_bug("correlation-forgotten")
def independent(beta, Sigma, sigma, x, rng):
    sds = np.sqrt(np.diagonal(Sigma, axis1=1, axis2=2))
    z = rng.standard_normal(beta.shape)
    b = beta + sds * z
    mean = b[:, :1] + b[:, 1:] * x
    return mean + sigma[:, None] * rng.standard_normal(mean.shape)


@BANK.has_bug("correlation-forgotten")
def independent_loop(beta, Sigma, sigma, x, rng):
    S, n = len(sigma), len(x)
    out = np.empty((S, n))
    for s in range(S):
        b = [rng.normal(beta[s, k], math.sqrt(Sigma[s, k, k])) for k in range(2)]
        for i in range(n):
            out[s, i] = rng.normal(b[0] + b[1] * x[i], sigma[s])
    return out


@BANK.has_bug("factor-transposed")
def transposed(beta, Sigma, sigma, x, rng):
    T = np.linalg.cholesky(Sigma)
    z = rng.standard_normal(beta.shape)
    b = beta + np.einsum("sji,sj->si", T, z)
    mean = b[:, :1] + b[:, 1:] * x
    return mean + sigma[:, None] * rng.standard_normal(mean.shape)


@BANK.has_bug("factor-transposed")
def z_at_t(beta, Sigma, sigma, x, rng):
    S, n = len(sigma), len(x)
    out = np.empty((S, n))
    for s in range(S):
        b = beta[s] + rng.standard_normal(2) @ np.linalg.cholesky(Sigma[s])
        for i in range(n):
            out[s, i] = rng.normal(b[0] + b[1] * x[i], sigma[s])
    return out


@BANK.has_bug("covariance-as-factor")
def sigma_times_z(beta, Sigma, sigma, x, rng):
    T = Sigma
    z = rng.standard_normal(beta.shape)
    b = beta + np.einsum("sij,sj->si", T, z)
    mean = b[:, :1] + b[:, 1:] * x
    return mean + sigma[:, None] * rng.standard_normal(mean.shape)


@BANK.has_bug("covariance-as-factor")
def sigma_times_z_loop(beta, Sigma, sigma, x, rng):
    S, n = len(sigma), len(x)
    out = np.empty((S, n))
    for s in range(S):
        b = beta[s] + Sigma[s] @ rng.standard_normal(2)
        for i in range(n):
            out[s, i] = rng.normal(b[0] + b[1] * x[i], sigma[s])
    return out


@BANK.has_bug("noise-missing")
def no_noise(beta, Sigma, sigma, x, rng):
    T = np.linalg.cholesky(Sigma)
    z = rng.standard_normal(beta.shape)
    b = beta + np.einsum("sij,sj->si", T, z)
    mean = b[:, :1] + b[:, 1:] * x
    return mean


@BANK.has_bug("noise-missing")
def no_noise_loop(beta, Sigma, sigma, x, rng):
    S, n = len(sigma), len(x)
    out = np.empty((S, n))
    for s in range(S):
        b = rng.multivariate_normal(beta[s], Sigma[s])
        for i in range(n):
            out[s, i] = b[0] + b[1] * x[i]
    return out


@BANK.has_bug("variation-missing")
def population_line(beta, Sigma, sigma, x, rng):
    mean = beta[:, :1] + beta[:, 1:] * x
    return rng.normal(mean, sigma[:, None])


@BANK.has_bug("variation-missing")
def population_line_loop(beta, Sigma, sigma, x, rng):
    S, n = len(sigma), len(x)
    out = np.empty((S, n))
    for s in range(S):
        b = beta[s]
        for i in range(n):
            out[s, i] = rng.normal(b[0] + b[1] * x[i], sigma[s])
    return out


@BANK.has_bug("new-line-for-every-x")
def line_per_x(beta, Sigma, sigma, x, rng):
    T = np.linalg.cholesky(Sigma)
    z = rng.standard_normal((len(sigma), len(x), 2))
    b = beta[:, None, :] + np.einsum("sij,snj->sni", T, z)
    return b[:, :, 0] + b[:, :, 1] * x + sigma[:, None] * rng.standard_normal((len(sigma), len(x)))


@BANK.has_bug("new-line-for-every-x")
def line_per_x_loop(beta, Sigma, sigma, x, rng):
    S, n = len(sigma), len(x)
    out = np.empty((S, n))
    for s in range(S):
        for i in range(n):
            b = rng.multivariate_normal(beta[s], Sigma[s])
            out[s, i] = rng.normal(b[0] + b[1] * x[i], sigma[s])
    return out


@BANK.has_bug("noise-shared")
def one_noise_per_draw(beta, Sigma, sigma, x, rng):
    T = np.linalg.cholesky(Sigma)
    z = rng.standard_normal(beta.shape)
    b = beta + np.einsum("sij,sj->si", T, z)
    mean = b[:, :1] + b[:, 1:] * x
    return mean + sigma[:, None] * rng.standard_normal((len(sigma), 1))


@BANK.has_bug("noise-shared")
def one_noise_per_draw_loop(beta, Sigma, sigma, x, rng):
    S, n = len(sigma), len(x)
    out = np.empty((S, n))
    for s in range(S):
        b = rng.multivariate_normal(beta[s], Sigma[s])
        noise = rng.normal(0, sigma[s])
        out[s] = b[0] + b[1] * x + noise
    return out


@BANK.has_bug("variance-for-sd")
def root_of_sigma(beta, Sigma, sigma, x, rng):
    T = np.linalg.cholesky(Sigma)
    z = rng.standard_normal(beta.shape)
    b = beta + np.einsum("sij,sj->si", T, z)
    mean = b[:, :1] + b[:, 1:] * x
    return mean + np.sqrt(sigma)[:, None] * rng.standard_normal(mean.shape)


@BANK.has_bug("variance-for-sd")
def root_of_sigma_loop(beta, Sigma, sigma, x, rng):
    S, n = len(sigma), len(x)
    out = np.empty((S, n))
    for s in range(S):
        b = rng.multivariate_normal(beta[s], Sigma[s])
        for i in range(n):
            out[s, i] = rng.normal(b[0] + b[1] * x[i], math.sqrt(sigma[s]))
    return out


@BANK.has_bug("draws-averaged")
def plug_in(beta, Sigma, sigma, x, rng):
    b = rng.multivariate_normal(beta.mean(axis=0), Sigma.mean(axis=0), size=len(sigma))
    mean = b[:, [0]] + b[:, [1]] * x
    return rng.normal(mean, sigma.mean())


@BANK.has_bug("draws-averaged")
def plug_in_loop(beta, Sigma, sigma, x, rng):
    S, n = len(sigma), len(x)
    out = np.empty((S, n))
    beta_hat, Sigma_hat = np.mean(beta, 0), np.mean(Sigma, 0)
    for s in range(S):
        b = rng.multivariate_normal(beta_hat, Sigma_hat)
        for i in range(n):
            out[s, i] = rng.normal(b[0] + b[1] * x[i], np.mean(sigma))
    return out


@BANK.has_bug("one-group-for-all-draws")
def same_z(beta, Sigma, sigma, x, rng):
    T = np.linalg.cholesky(Sigma)
    z = np.tile(rng.standard_normal(2), (len(beta), 1))
    b = beta + np.einsum("sij,sj->si", T, z)
    mean = b[:, :1] + b[:, 1:] * x
    return mean + sigma[:, None] * rng.standard_normal(mean.shape)


@BANK.has_bug("one-group-for-all-draws")
def same_z_loop(beta, Sigma, sigma, x, rng):
    S, n = len(sigma), len(x)
    out = np.empty((S, n))
    z = rng.standard_normal(2)
    for s in range(S):
        b = beta[s] + np.linalg.cholesky(Sigma[s]) @ z
        for i in range(n):
            out[s, i] = rng.normal(b[0] + b[1] * x[i], sigma[s])
    return out


@BANK.has_bug("coefficients-swapped")
def slope_first(beta, Sigma, sigma, x, rng):
    T = np.linalg.cholesky(Sigma)
    z = rng.standard_normal(beta.shape)
    b = beta + np.einsum("sij,sj->si", T, z)
    mean = b[:, 1:] + b[:, :1] * x
    return mean + sigma[:, None] * rng.standard_normal(mean.shape)


@BANK.has_bug("coefficients-swapped")
def slope_first_loop(beta, Sigma, sigma, x, rng):
    S, n = len(sigma), len(x)
    out = np.empty((S, n))
    for s in range(S):
        b = rng.multivariate_normal(beta[s], Sigma[s])
        for i in range(n):
            out[s, i] = rng.normal(b[1] + b[0] * x[i], sigma[s])
    return out


@BANK.is_right("Cholesky, vectorised")
def cholesky(beta, Sigma, sigma, x, rng):
    T = np.linalg.cholesky(Sigma)
    z = rng.standard_normal(beta.shape)
    b = beta + np.einsum("sij,sj->si", T, z)
    mean = b[:, :1] + b[:, 1:] * x
    return mean + sigma[:, None] * rng.standard_normal(mean.shape)


@BANK.is_right("multivariate_normal in a loop")
def loop(beta, Sigma, sigma, x, rng):
    S, n = len(sigma), len(x)
    out = np.empty((S, n))
    for s in range(S):
        b = rng.multivariate_normal(beta[s], Sigma[s])
        for i in range(n):
            out[s, i] = rng.normal(b[0] + b[1] * x[i], sigma[s])
    return out


@BANK.is_right("intercept, then slope given it")
def conditional(beta, Sigma, sigma, x, rng):
    v, w, c = Sigma[:, 0, 0], Sigma[:, 1, 1], Sigma[:, 0, 1]
    intercept = rng.normal(beta[:, 0], np.sqrt(v))
    slope = rng.normal(beta[:, 1] + c / v * (intercept - beta[:, 0]), np.sqrt(w - c**2 / v))
    mean = intercept[:, None] + slope[:, None] * x[None, :]
    return rng.normal(mean, sigma[:, None])


@BANK.is_right("eigenvectors")
def eigenvectors(beta, Sigma, sigma, x, rng):
    noise = rng.standard_normal((len(sigma), len(x))) * sigma[:, None]
    values, vectors = np.linalg.eigh(Sigma)
    z = rng.standard_normal((len(sigma), 2))
    b = beta + np.matmul(vectors, (np.sqrt(values) * z)[:, :, None])[:, :, 0]
    return b @ np.vstack([np.ones_like(x), x]) + noise


@BANK.is_right("symmetric root, lists")
def symmetric_root(beta, Sigma, sigma, x, rng):
    rows = []
    for mean, cov, sd in zip(beta, Sigma, sigma):
        # of two by two: (cov + sqrt(det)) / sqrt(trace + 2 sqrt(det))
        root = math.sqrt(cov[0, 0] * cov[1, 1] - cov[0, 1] ** 2)
        half = (cov + root * np.eye(2)) / math.sqrt(cov[0, 0] + cov[1, 1] + 2 * root)
        a, b = mean + half @ rng.normal(size=2)
        rows.append([a + b * xi + sd * rng.normal() for xi in x])
    return np.array(rows)


@BANK.is_right("outcomes jointly normal")
def jointly(beta, Sigma, sigma, x, rng):
    X = np.column_stack([np.ones(len(x)), x])
    rows = []
    for s in range(len(sigma)):
        cov = X @ Sigma[s] @ X.T + sigma[s] ** 2 * np.eye(len(x))
        rows.append(X @ beta[s] + np.linalg.cholesky(cov) @ rng.standard_normal(len(x)))
    return np.array(rows)


@BANK.is_right("scipy")
def with_scipy(beta, Sigma, sigma, x, rng):
    out = np.zeros((len(sigma), len(x)))
    for s in range(len(sigma)):
        a, b = stats.multivariate_normal.rvs(beta[s], Sigma[s], random_state=rng)
        out[s] = stats.norm.rvs(a + b * x, sigma[s], random_state=rng)
    return out


@BANK.is_right("factors in reverse order, random numbers in advance")
def reversed_factor(beta, Sigma, sigma, x, rng):
    z = rng.standard_normal((2, len(sigma)))
    eps = rng.standard_normal((len(x), len(sigma)))
    sd = np.sqrt(Sigma[:, [0, 1], [0, 1]])
    r = Sigma[:, 0, 1] / sd.prod(axis=1)
    slope = beta[:, 1] + sd[:, 1] * z[1]
    intercept = beta[:, 0] + sd[:, 0] * (r * z[1] + np.sqrt(1 - r**2) * z[0])
    return (intercept + np.outer(x, slope) + sigma * eps).T
