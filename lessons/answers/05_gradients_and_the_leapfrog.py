# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     name: python3
# ---

# %% [markdown]
# # Answers to 05 · Gradients and the leapfrog

# %%
import numpy as np

import mcmc_edu as me

SEED = 1

y = np.array([4.9, 6.1, 5.2, 7.4, 5.8, 6.6])


def log_posterior(theta, grad, data):
    """The log density of the lesson: mu and log sigma, flat priors."""
    (y,) = data
    mu, s = theta
    residuals, squares = 0.0, 0.0
    for i in range(y.size):
        residuals += y[i] - mu
        squares += (y[i] - mu) * (y[i] - mu)
    precision = np.exp(-2.0 * s)
    grad[0] = precision * residuals
    grad[1] = -y.size + squares * precision + 1.0
    return -y.size * s - 0.5 * squares * precision + s


# %% [markdown]
# ## 1 · Two priors, and their gradient
#
# The log density of $N(0, 10)$ at $\mu$ is $-\frac12 (\mu / 10)^2$, with slope $-\mu / 100$. The
# half-normal of scale 5 at $\sigma = e^s$ is $-\frac12 (e^s / 5)^2$, with slope $-e^{2s} / 25$ in
# $s$. The Jacobian is there already.


# %%
def with_priors(theta, grad, data):
    logp = log_posterior(theta, grad, data)
    sigma = np.exp(theta[1])
    grad[0] -= theta[0] / 100.0
    grad[1] -= sigma * sigma / 25.0
    return logp - 0.5 * (theta[0] / 10.0) ** 2 - 0.5 * (sigma / 5.0) ** 2


def one_term_forgotten(theta, grad, data):
    logp = with_priors(theta, grad, data)
    grad[1] += np.exp(2.0 * theta[1]) / 25.0  # the slope of sigma's prior taken out again
    return logp


points = [[5.0, 0.5], [30.0, -2.0], [-4.0, 3.0]]
right = me.check_gradient(with_priors, points, (y,))
forgotten = me.check_gradient(one_term_forgotten, points, (y,))
print(right)
print(forgotten)

sampler = me.HMC(steps=8, step_size=0.25, inv_metric=[1.0, 1.0])
runs = {}
for density in (with_priors, one_term_forgotten):
    draws = me.sample(density, [5.5, 0.0], data=(y,), sampler=sampler, draws=5000, seed=SEED)
    s = draws.array[:, :, 1]
    runs[density.__name__] = s.mean(), me.mcse_mean(s), draws.accept_rate
    print(
        f"{density.__name__:19s} accepted {draws.accept_rate:.2f}, mean of log sigma "
        f"{s.mean():.3f} ± {me.mcse_mean(s):.3f}"
    )

# %% [markdown]
# The check finds the forgotten term at once. From the chains you would not have noticed: they
# accept as often, and their means agree. The gradient of a wide prior is small, and the right
# density in the accept test makes up for what is missing.
#
# ## 2 · The leapfrog with the halves swapped


# %%
def gradient(theta):
    grad = np.empty(2)
    log_posterior(theta, grad, (y,))
    return grad


def energy(theta, p):
    return -log_posterior(theta, np.empty(2), (y,)) + 0.5 * p @ p


def swapped(theta, p, step):
    theta = theta + 0.5 * step * p  # half a step
    p = p + step * gradient(theta)  # a whole kick
    return theta + 0.5 * step * p, p  # half a step


def roll(one_step, theta, p, step, n):
    """Last state of n steps, and the largest energy error on the way."""
    before, worst = energy(theta, p), 0.0
    for _ in range(n):
        theta, p = one_step(theta, p, step)
        worst = max(worst, abs(energy(theta, p) - before))
    return theta, p, worst


def volume(one_step, step=0.3, h=1e-5):
    """Determinant of one step's map, at the start, by differences."""

    def flat(z):
        return np.concatenate(one_step(z[:2], z[2:], step))

    z = np.concatenate([start, push])
    columns = [(flat(z + h * e) - flat(z - h * e)) / (2 * h) for e in np.eye(4)]
    return np.linalg.det(np.column_stack(columns))


def promises(one_step):
    """Error by the error at half the step; distance from home after a return; volume."""
    _, _, coarse = roll(one_step, start, push, 0.02, 300)
    theta, p, fine = roll(one_step, start, push, 0.01, 600)
    home, _, _ = roll(one_step, theta, -p, 0.01, 600)
    return coarse / fine, np.abs(home - start).max(), volume(one_step)


start, push = np.array([5.0, 0.5]), np.array([0.7, -1.0])
swapped_promises = promises(swapped)
print(
    "error at twice the step {:.2f} times; return misses by {:.0e}; volume {:.6f}".format(
        *swapped_promises
    )
)

# %% [markdown]
# All three promises hold. A trajectory of $n$ steps costs $n$ gradients, one in the middle of each
# step. The leapfrog costs $n + 1$ if the gradient at the end of a step is kept for the next. A
# sampler still has the extra one from the trajectory before. So the two cost the same.
#
# ## 3 · Euler with the new momentum


# %%
def kick_first(theta, p, step):
    p = p + step * gradient(theta)
    return theta + step * p, p


kick_first_promises = promises(kick_first)
print(
    "error at twice the step {:.2f} times; return misses by {:.0e}; volume {:.6f}".format(
        *kick_first_promises
    )
)

# %% [markdown]
# The volume is kept, because each of the two moves only adds to one half of the state. But the way
# back would have to take the two moves in the other order: turned round, it misses home. The error
# halves with the step, where the leapfrog's falls to a quarter. The half kicks at both ends repair
# the two.
