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
# # 05 · Gradients and the leapfrog
#
# **The question.** The walker of lesson 02 is blind: it tries a step in any direction and asks
# afterwards whether that was wise. The gradient tells beforehand which way is up, and how steeply. But
# we do not want to get to the top; we want to *visit* the hill, everywhere in proportion to its height.
# How can a sampler use the slope without being caught by the summit?
#
# The answer is an old piece of physics. This lesson builds its two parts, a gradient that is right and
# a way to move that keeps its energy; lesson 06 makes a sampler of them.

# %%
import matplotlib.pyplot as plt
import numpy as np

import mcmc_edu as me

y = np.array([4.9, 6.1, 5.2, 7.4, 5.8, 6.6])  # six measurements of one thing

# %% [markdown]
# ## A gradient by hand
#
# The measurements are $y_i \sim N(\mu, \sigma)$ with both unknown and flat priors. Gradients need room
# on all sides, so we move $\sigma > 0$ to the whole line: $\theta = (\mu, s)$ with $s = \log \sigma$.
# That stretches the axis, and the density has to be multiplied by $d\sigma / ds = \sigma$, the
# *Jacobian*; in logarithms, we add $s$. With $q = \sum_i (y_i - \mu)^2$:
#
# $$\log p = -n s - \tfrac12 q\, e^{-2s} + s, \qquad
# \frac{\partial \log p}{\partial \mu} = e^{-2s} \sum_i (y_i - \mu), \qquad
# \frac{\partial \log p}{\partial s} = -n + q\, e^{-2s} + 1.$$
#
# Log density and gradient come together, for they share most of the work. The gradient is *written
# into* the array that the sampler hands over. It is plain Python, and is compiled when you sample
# from it, together with the functions that it calls.


# %%
def log_posterior(theta, grad, data):
    """Log density of (mu, log sigma), flat priors, log-Jacobian of sigma included."""
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


check = me.check_gradient(log_posterior, [[5.0, 0.5], [30.0, -2.0], [-4.0, 3.0]], (y,))
print(check)
assert check

# %% [markdown]
# `me.check_gradient` compares what you wrote with differences of the values, $(f(x + h) - f(x - h)) /
# 2h$, at the points you name. Name several, and some far away: a wrong term can be small where you
# happen to look.
#
# ## Predict
#
# Here are four ways to get it wrong; each is a change of one line. A sampler as lesson 06 writes it does
# not crash on any of them. Which will still give the right posterior, only slowly? Which will not?
#
# 1. the wrong sign on `grad[1]`; 2. twice the right value; 3. no `+ 1.0`, the Jacobian forgotten, in
# the gradient only; 4. `grad = -theta`, which looks like "set the gradient" to a newcomer.


# %%
def wrong_sign(theta, grad, data):
    logp = log_posterior(theta, grad, data)
    grad[1] = -grad[1]
    return logp


def twice(theta, grad, data):
    logp = log_posterior(theta, grad, data)
    grad[1] = 2.0 * grad[1]
    return logp


def jacobian_forgotten(theta, grad, data):
    logp = log_posterior(theta, grad, data)
    grad[1] -= 1.0
    return logp


def renamed(theta, grad, data):
    grad = -theta  # noqa: F841 (a new array with the old name: nothing is written)
    return -0.5 * (theta[0] * theta[0] + theta[1] * theta[1])


points = [[5.0, 0.5], [6.0, -0.2]]
for wrong, verdict in (
    (wrong_sign, "wrong sign"),
    (twice, "2 times"),
    (jacobian_forgotten, "log-Jacobian"),
    (renamed, "never written"),
):
    found = me.check_gradient(wrong, points, (y,))
    print(f"{wrong.__name__:19s}", found.table.notes[-1])
    assert not found
    assert verdict in found.table.notes[-1]
try:
    me.sample(renamed, [5.5, 0.0], data=(y,))
except ValueError as refusal:
    print("me.sample:", refusal)
else:
    raise AssertionError("a gradient that was never written was sampled from")

# %% [markdown]
# All four are found, and called by their names. (The last one `me.sample` refuses without being asked.)
# If you cannot write the gradient at all, `me.finite_difference` makes one from a density without, at
# the price of $2 d + 1$ evaluations for $d$ parameters. Good enough for two of them, hopeless for 155.


# %%
def without_gradient(theta, data):
    return log_posterior(theta, np.empty(2), data)


here, written, differences = np.array([5.0, 0.5]), np.empty(2), np.empty(2)
log_posterior(here, written, (y,))
me.finite_difference(without_gradient)(here, differences, (y,))
print("written:    ", written)
print("differences:", differences)
assert np.allclose(written, differences, rtol=1e-7)

# %% [markdown]
# ## Set it rolling
#
# Turn the hill upside down: the *potential energy* $-\log p$ is a valley. Put a ball in it, give it a
# push, the *momentum* $p$, and let it roll without friction. It climbs the other side, turns, comes
# back, and all the way the sum of potential and kinetic energy
#
# $$H(\theta, p) = -\log p(\theta) + \tfrac12 p^\top p$$
#
# stays the same. Hamilton's equations say how the two change:
#
# $$\frac{d\theta}{dt} = p, \qquad \frac{dp}{dt} = \nabla \log p(\theta).$$
#
# A computer has to go in steps. The obvious one, *Euler's*, moves both with what is known at the start
# of the step. The *leapfrog* takes turns: half a kick to the momentum, a whole step of the position,
# and half a kick with the gradient of the new place.


# %%
def gradient(theta):
    grad = np.empty(2)
    log_posterior(theta, grad, (y,))
    return grad


def energy(theta, p):
    return -log_posterior(theta, np.empty(2), (y,)) + 0.5 * p @ p


def euler(theta, p, step):
    return theta + step * p, p + step * gradient(theta)


def leapfrog(theta, p, step):
    p = p + 0.5 * step * gradient(theta)  # half a kick
    theta = theta + step * p  # a whole step
    return theta, p + 0.5 * step * gradient(theta)  # half a kick, from the new place


def roll(one_step, theta, p, step, n):
    """All states of n steps: positions, momenta (n + 1, 2), energies (n + 1,)."""
    states = [(theta, p)]
    for _ in range(n):
        states.append(one_step(*states[-1], step))
    thetas, momenta = map(np.array, zip(*states, strict=True))
    return thetas, momenta, np.array([energy(*state) for state in states])


start, push = np.array([5.0, 0.5]), np.array([0.7, -1.0])
by_euler = roll(euler, start, push, 0.1, 60)
by_leapfrog = roll(leapfrog, start, push, 0.1, 60)

# %% [markdown]
# The library's `me.trajectory` is the same leapfrog, compiled; it is the very one that its samplers
# use. Ours agrees with it to the last digits:

# %%
path = me.trajectory(log_posterior, start, push, steps=60, step_size=0.1, data=(y,))
print(f"largest difference from me.trajectory: {np.abs(path.theta - by_leapfrog[0]).max():.1e}")
assert np.allclose(path.theta, by_leapfrog[0], atol=1e-10)

# %% [markdown]
# ## The figure worth keeping
#
# One push, sixty steps of length 0.1. (Mind the scales on the right.) Euler gains energy with every
# step, most of it at the bends, and spirals out to where the density is nearly zero, soon off the picture; the
# leapfrog is wrong as well, but its error swings to and fro and *does not grow*.

# %%
figure, axes = plt.subplot_mosaic(
    [["paths", "euler"], ["paths", "leapfrog"]], figsize=(11.5, 5.0), layout="constrained"
)


def density(mu, s):
    return log_posterior(np.array([mu, s]), np.empty(2), (y,))


window = {"xlim": (3.2, 8.8), "ylim": (-1.1, 1.9)}
names = (r"$\mu$", r"$s = \log\,\sigma$")
me.plots.density2d(density, *window.values(), axes["paths"], names=names)
for which, (thetas, _, energies), colour in (
    ("euler", by_euler, "#E69F00"),
    ("leapfrog", by_leapfrog, "#D55E00"),
):
    style = {"color": colour, "linewidth": 1.2, "marker": ".", "markersize": 5}
    axes["paths"].plot(*thetas.T, **style, label=which.capitalize())
    axes[which].axhline(0.0, color="0.5", linewidth=0.8)
    axes[which].plot(energies - energies[0], **style)
    axes[which].set(ylabel="energy error", title=which.capitalize())
axes["paths"].plot(*start, "o", color="black", markersize=8, label="start")
axes["paths"].set(**window, title="Where one push leads")
axes["paths"].legend(frameon=False, loc="lower left")
axes["leapfrog"].set(xlabel="step")
plt.show()
swing = np.abs(by_leapfrog[2] - by_leapfrog[2][0]).max()
longer = me.trajectory(log_posterior, start, push, steps=6000, step_size=0.1, data=(y,)).energy
swing_longer = np.abs(longer - longer[0]).max()
print(
    f"energy error: Euler {by_euler[2][-1] - by_euler[2][0]:.2f} in the end, "
    f"leapfrog at most {swing:.3f} on the way, in 6000 steps {swing_longer:.3f}"
)
assert np.all(np.diff(by_euler[2]) > 0)
assert by_euler[2][-1] - by_euler[2][0] > 10 * swing
assert swing_longer < 1.5 * swing

# %% [markdown]
# ## Investigate: three promises of the leapfrog
#
# **1. Half the step, a quarter of the error.** Cross the same distance in time, 6, with finer steps:

# %%
errors = []
for n in (60, 120, 240, 480):
    fine = me.trajectory(log_posterior, start, push, steps=n, step_size=6.0 / n, data=(y,))
    errors.append(np.abs(fine.energy - fine.energy[0]).max())
ratios = np.divide(errors[:-1], errors[1:])
print("largest energy error:", *(f"{error:.6f}" for error in errors))
print("each by the next:    ", *ratios.round(2))
assert np.all((ratios > 3.5) & (ratios < 4.5))

# %% [markdown]
# **2. It can be undone.** Turn the momentum round at the end, and the ball rolls home.

# %%
back = me.trajectory(
    log_posterior, path.theta[-1], -path.momentum[-1], steps=60, step_size=0.1, data=(y,)
)
print(f"distance from the start: {np.abs(back.theta[-1] - start).max():.1e}")
assert np.allclose(back.theta[-1], start, atol=1e-9)
undone = roll(euler, by_euler[0][-1], -by_euler[1][-1], 0.1, 60)[0]
print(f"Euler, turned round:     {np.abs(undone[-1] - start).max():.1e}")
assert np.abs(undone[-1] - start).max() > 0.1

# %% [markdown]
# **3. It keeps volume.** A small cloud of states may be bent and stretched, but takes up as much room
# after as before: the determinant of the map $(\theta, p) \mapsto (\theta', p')$ is 1. Were it not, we
# should have to correct for it, as for the Jacobian above.


# %%
def volume(one_step, step=0.3, h=1e-5):
    """Determinant of one step's map, at the start, by differences."""

    def flat(z):
        return np.concatenate(one_step(z[:2], z[2:], step))

    z = np.concatenate([start, push])
    columns = [(flat(z + h * e) - flat(z - h * e)) / (2 * h) for e in np.eye(4)]
    return np.linalg.det(np.column_stack(columns))


print(f"volume after one step: leapfrog {volume(leapfrog):.9f}, Euler {volume(euler):.3f}")
assert abs(volume(leapfrog) - 1) < 1e-7
assert abs(volume(euler) - 1) > 0.1

# %% [markdown]
# Undoing and keeping volume hold *whatever function stands for the gradient*: each half kick only adds
# to $p$ something that depends on $\theta$, and can be taken off again. So here is the answer to your
# prediction. A sampler that judges the end of a trajectory by the true energy (lesson 06) is right with
# a wrong gradient too. It merely rolls to silly places and is refused. That is why a wrong gradient
# is so seldom noticed. But a mistake in the *density* is not forgiven:


# %%
def density_without_jacobian(theta, grad, data):
    logp = log_posterior(theta, grad, data)
    grad[1] -= 1.0
    return logp - theta[1]


sampler = me.HMC(steps=8, step_size=0.25, inv_metric=[1.0, 1.0])
results = {}
for what in (log_posterior, twice, jacobian_forgotten, wrong_sign, density_without_jacobian):
    draws = me.sample(what, [5.5, 0.0], data=(y,), sampler=sampler, draws=20_000, seed=1)
    s = draws.array[:, :, 1]
    results[what.__name__] = (s.mean(), me.mcse_mean(s), draws.accept_rate, me.ess_mean(s))
    print(
        f"{what.__name__:25s} accepted {draws.accept_rate:.2f}, mean of log sigma "
        f"{s.mean():.3f} +- {me.mcse_mean(s):.3f}, effective draws {me.ess_mean(s):.0f}"
    )

# %%
grid = np.linspace(-4.0, 6.0, 4001)  # given s, mu is normal; integrated out, this is left of s
weight = np.exp(-(y.size - 2) * grid - 0.5 * ((y - y.mean()) ** 2).sum() * np.exp(-2 * grid))
truth = (grid * weight).sum() / weight.sum()
print(f"mean of log sigma by quadrature: {truth:.3f}")
for name in ("log_posterior", "twice", "jacobian_forgotten", "density_without_jacobian"):
    mean, mcse, _, _ = results[name]
    assert (abs(mean - truth) < 4.5 * mcse) == (name != "density_without_jacobian"), name
share = {name: worth / results["log_posterior"][3] for name, (_, _, _, worth) in results.items()}
print(
    "effective draws, as a share of the first row's:",
    *(f"{name} {of_first:.2f}" for name, of_first in share.items()),
)
assert 0.5 < share["twice"] < 0.85
assert 0.4 < share["jacobian_forgotten"] < 0.75
assert share["density_without_jacobian"] > 0.7
assert share["wrong_sign"] < 0.05
assert results["wrong_sign"][2] < 0.05
assert results["wrong_sign"][1] > 5 * results["log_posterior"][1]

# %% [markdown]
# A gradient twice too large costs about a third of the effective draws, and nothing else. The wrong sign
# sends the ball up the hill and off the map; hardly a trajectory is accepted, and the few effective draws
# say themselves (in the MCSE) how little they know. Forgotten in the gradient only, the Jacobian costs
# nearly half of the effective draws and does no harm to the answer; forgotten in the density, it looks
# almost as healthy as the truth, and is wrong. The fourth, `grad = -theta`, is refused before it can do
# anything.

# %% [markdown]
# ## Modify: how long may a step be?
#
# In a valley of width sd the leapfrog is stable only while the step is shorter than *twice the sd*
# (step times $\sqrt{\text{curvature}}$ below 2). Predict what happens at 1.9 and at 2.1.

# %%
normal = me.targets.normal([1.0])
for step in (0.5, 1.9, 1.99, 2.01, 2.1):
    rolled = me.trajectory(
        normal.log_density, [0.5], [1.0], steps=100, step_size=step, data=normal.data
    )
    print(f"step {step:4.2f}: farthest from the middle {np.abs(rolled.theta).max():.3g}")
    assert (np.abs(rolled.theta).max() < 15) == (step < 2)

# %% [markdown]
# There is hardly anything in between: below 2 the ball stays, beyond it is gone. With many parameters the
# *narrowest* direction sets the limit for all of them.
#
# > **What could go wrong: the last half kick.**
# > Two half kicks follow each other inside a trajectory and may be merged, so it is tempting to think
# > that the one at the very end is for nothing: the position is already there. hmclearn, an R package
# > made for learning HMC, leaves it out. But then the energy is judged with a momentum that is half a
# > step late, and the trajectory cannot be undone. On $N(0, 1)$, where $E[x^2] = 1$:


# %%
def mean_square(step, steps, last_half_kick, n=4000, iterations=400):
    """E[x^2] in the second half of n chains of HMC on N(0, 1), and the acceptance there."""
    rng = np.random.default_rng(1)
    x = rng.standard_normal(n)
    squares, rates = [], []
    for _ in range(iterations):
        p = rng.standard_normal(n)
        before, q = 0.5 * (x * x + p * p), x
        for i in range(steps):
            p = p - 0.5 * step * q
            q = q + step * p
            if i < steps - 1 or last_half_kick:
                p = p - 0.5 * step * q
        accepted = np.log(rng.random(n)) < before - 0.5 * (q * q + p * p)
        x = np.where(accepted, q, x)
        squares.append((x * x).mean())
        rates.append(accepted.mean())
    return np.mean(squares[iterations // 2 :]), np.mean(rates[iterations // 2 :])


for step, steps, low, high in ((0.55, 2, 0.7, 0.9), (0.9, 2, 0.9, 1.1), (0.3, 10, 3.0, 30.0)):
    (right_square, _), (bug, rate) = (mean_square(step, steps, last) for last in (True, False))
    print(
        f"{steps:2d} steps of {step:.2f}: E[x^2] {right_square:.2f}; without the last half kick "
        f"{bug:.2f}, accepting {rate:.0%}"
    )
    assert abs(right_square - 1) < 0.04
    assert low < bug < high
    assert rate > 0.7

# %% [markdown]
# Too narrow, by luck nearly right, far too wide, and all with a healthy acceptance. Test a sampler at
# *more than one* setting.
#
# ## Make
#
# 1. Give $\mu$ the prior $N(0, 10)$ and $\sigma$ a half-normal prior of scale 5. Write both terms into
#    `log_posterior` and its gradient, and let `me.check_gradient` judge. (The sampler must not notice
#    anything; you should.)
# 2. Swap the order: half a *drift*, a whole kick, half a drift. Check the three promises. How many
#    gradients does a trajectory of $n$ steps cost now, and before?
# 3. Show that Euler's step with the *new* momentum (kick first, then drift by it) keeps volume but
#    cannot be undone by turning the momentum round. Which ratio do you find when the step is halved?
#
# ## Sources
#
# Hamilton's equations and the leapfrog for sampling: R. M. Neal (2011), MCMC using Hamiltonian dynamics,
# *Handbook of Markov Chain Monte Carlo*, chapter 5. The leapfrog itself: L. Verlet (1967), *Physical
# Review* 159, 98-103. The half step left out: `leapfrog(..., lastSTEP = TRUE)` in the R package
# hmclearn (S. Thomas, W. Tu).
