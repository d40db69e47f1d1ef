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
# **You need** lessons 02 and 04, and what a derivative is. **It takes** about 45 minutes.
# **Afterwards you can** move a positive parameter to the whole line, write the gradient of a log
# density and check it, roll a ball with the leapfrog, and say which mistakes a sampler forgives.
#
# **The question.** The walker of lesson 02 is blind. It tries a step in any direction and asks
# afterwards whether that was wise. The *gradient* shows beforehand which way is up, and how steep
# it is. But we do not want to get to the top. We want to *visit* the hill, everywhere in proportion
# to its height. How can a sampler use the slope and not be caught by the summit?
#
# The answer is an old piece of physics. This lesson builds its two parts: a gradient that is right,
# and a way to move that keeps its energy. Lesson 06 makes a sampler of them.

# %%
import matplotlib.pyplot as plt
import numpy as np

import mcmc_edu as me

SEED = 1  # another seed moves the numbers

y = np.array([4.9, 6.1, 5.2, 7.4, 5.8, 6.6])  # six measurements of one thing

# %% [markdown]
# ## A first slope
#
# Begin with one parameter and the simplest hill, a normal distribution with mean $m$ and sd $d$:
#
# $$\text{log density} = -\frac{(\theta - m)^2}{2 d^2}, \qquad
# \text{slope} = \frac{m - \theta}{d^2}.$$
#
# Left of the mean the slope is positive, right of it negative: it always points uphill. It grows
# with the distance, and a narrow hill is steeper than a wide one.
#
# Here are both in code. The library has three conventions:
#
# - the function *returns* the log density;
# - it *writes* the slope into `grad`, an array that the sampler hands over: `grad[0] = ...`;
# - it is plain Python. The library compiles it, and the functions it calls, when you sample from
#   it.


# %%
def log_normal(theta, grad, data):
    mean, sd = data
    z = (theta[0] - mean) / sd
    grad[0] = -z / sd
    return -0.5 * z * z


slope = np.empty(1)
for place in (1.0, 4.0, 5.0, 9.0):
    log_normal(np.array([place]), slope, (5.0, 2.0))
    print(f"N(5, 2) at {place:.0f}: slope {slope[0]:5.2f}")

# %% [markdown]
# ## From $\sigma$ to $\log \sigma$
#
# Now the six measurements, $y_i \sim N(\mu, \sigma)$, with both unknown and flat priors. A walker
# with a gradient needs room on all sides, but $\sigma$ must be positive. So we give the sampler $s
# = \log \sigma$, which may be any number.
#
# That changes the *density*. Cut the axis of $\sigma$ into slices of equal width. On the axis of
# $\log \sigma$ the same slices have unequal widths. What a slice *contains* must stay the same:
#
# $$\text{density} \times \text{width of the slice} = \text{probability}, \text{ on both axes.}$$

# %%
fine = np.linspace(0.005, 60.0, 240_000)  # posterior of sigma; mu is integrated out
curve = fine ** -(y.size - 1.0) * np.exp(-0.5 * ((y - y.mean()) ** 2).sum() / fine**2)
total = np.trapezoid(curve, fine)
edges = np.linspace(0.4, 4.0, 19)
cumulated = np.concatenate([[0.0], np.cumsum(0.5 * (curve[1:] + curve[:-1]) * np.diff(fine))])
probability = np.diff(np.interp(edges, fine, cumulated / total))

figure, axes = plt.subplots(1, 2, figsize=(10.5, 3.6), layout="constrained")
stripes = ["#0072B2", "#56B4E9"] * 9
for ax, cuts, name in ((axes[0], edges, r"$\sigma$"), (axes[1], np.log(edges), r"$\log\,\sigma$")):
    widths = np.diff(cuts)
    ax.bar(cuts[:-1], probability / widths, widths, align="edge", color=stripes)
    ax.set(xlabel=name, ylabel="density = probability / width")
inside = (fine > 0.4) & (fine < 4.0)
axes[0].plot(fine[inside], curve[inside] / total, color="black")
axes[1].plot(np.log(fine[inside]), curve[inside] / total * fine[inside], color="black")
axes[1].plot(np.log(fine[inside]), curve[inside] / total, color="#D55E00", linestyle="--")
axes[0].set_title("Equal slices of sigma")
axes[1].set_title("The same slices on log sigma")
axes[1].text(-0.95, 0.9, "dashed: factor\nforgotten", color="#D55E00")
me.plots.show(
    figure,
    "Left: the posterior density of sigma in bars of equal width. Right: the same bars on the "
    "axis of log sigma. They get narrower to the right, and their heights change so that each "
    "keeps its area. A dashed curve, the density of sigma without the factor, is too far to the "
    "left.",
)

print("sigma        probability   width, height   on log sigma: width, height   their ratio")
for k in (1, 6, 12):
    wide, long = edges[k + 1] - edges[k], np.log(edges[k + 1] / edges[k])
    print(
        f"{edges[k]:.1f} to {edges[k + 1]:.1f}   {probability[k]:11.3f}   "
        f"{wide:5.2f}, {probability[k] / wide:6.3f}   {long:19.2f}, {probability[k] / long:6.3f}   "
        f"{wide / long:11.2f}"
    )

# %% [markdown]
# From left to right each bar's height is multiplied by the ratio of the widths (last column). That
# ratio is the value of $\sigma$ in the slice. For very thin slices it is the derivative $d\sigma /
# ds = \sigma$, called the *Jacobian*. So on $\log \sigma$ the density gets a factor $\sigma$; in
# logarithms, we add $s$. The dashed curve forgets it.
#
# ## The gradient by hand
#
# With $n$ measurements and $q = \sum_i (y_i - \mu)^2$, and the Jacobian as the last term,
#
# $$\text{log density} = -n s - \tfrac12 q\, e^{-2s} + s.$$
#
# Its slope in $\mu$ is $e^{-2s} \sum_i (y_i - \mu)$, and in $s$ it is $-n + q\, e^{-2s} + 1$. The
# two together are the gradient.


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


print(me.check_gradient(log_posterior, [[5.0, 0.5], [30.0, -2.0], [-4.0, 3.0]], (y,)))

# %% [markdown]
# `me.check_gradient` compares what you wrote with differences of the values, $(f(x + h) - f(x - h))
# / 2h$, at the points you name. Name several, and some far away: a wrong term can be small where
# you happen to look.
#
# ## No gradient? Let the computer make one
#
# If you cannot write the gradient, `me.finite_difference` makes one out of these differences. Give
# it a density without `grad`; what it returns you can sample from.


# %%
def without_gradient(theta, data):
    """The same log density, as you would write it for Metropolis."""
    (y,) = data
    squares = 0.0
    for i in range(y.size):
        squares += (y[i] - theta[0]) * (y[i] - theta[0])
    return -y.size * theta[1] - 0.5 * squares * np.exp(-2.0 * theta[1]) + theta[1]


with_differences = me.finite_difference(without_gradient)
here, written, differences = np.array([5.0, 0.5]), np.empty(2), np.empty(2)
log_posterior(here, written, (y,))
with_differences(here, differences, (y,))
print("written:    ", written)
print("differences:", differences)

draws = me.sample(with_differences, [5.5, 0.0], data=(y,), names=["mu", "log_sigma"], seed=SEED)
print(draws.summary())

# %% [markdown]
# No slope of yours was needed here. The price is $2 d + 1$ densities per gradient for $d$
# parameters: nothing to speak of for two of them, a lot for the 155 of lesson 03.
#
# ## Four ways to get it wrong
#
# The density is the same in all four, and right. Only the gradient is not: (1) the wrong sign on
# `grad[1]`; (2) twice the right value; (3) the `+ 1.0` of the Jacobian forgotten, in the gradient
# only; (4) `grad = ...`, which does not write into the array but gives its name to another one.


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


def never_written(theta, grad, data):
    right = np.empty(2)
    logp = log_posterior(theta, right, data)
    grad = right  # noqa: F841 (a second name for `right`; the sampler's array stays as it was)
    return logp


for wrong in (wrong_sign, twice, jacobian_forgotten, never_written):
    found = me.check_gradient(wrong, [[5.0, 0.5], [6.0, -0.2]], (y,))
    print(f"{wrong.__name__:19s}", found.table.notes[-1])

# %% [markdown]
# All four are found, and called by their names. Check a gradient *before* you sample. What happens
# if you do not is the question of your prediction below.
#
# ## Set it rolling
#
# Turn the hill upside down. Minus the log density is called the *potential energy*, $U(\theta)$:
# where the hill was high there is now a valley. Put a ball in it, and give it a push, the
# *momentum* $p$. Let it roll without friction. It climbs the other side, turns, and comes back. All
# the way the total energy, potential plus kinetic,
#
# $$H(\theta, p) = U(\theta) + \tfrac12 p^\top p,$$
#
# stays the same. Hamilton's equations say how place and momentum change in time:
#
# $$\frac{d\theta}{dt} = p, \qquad \frac{dp}{dt} = -\nabla U(\theta).$$
#
# In words: the momentum moves the ball, and the slope changes the momentum. ($-\nabla U$ is the
# gradient of the log density, so it is what your code writes into `grad`.)
#
# A computer has to go in steps. The obvious one, *Euler's*, moves both with what is known at the
# start of the step. The *leapfrog* takes turns: half a kick to the momentum, a whole step of the
# position, and half a kick with the gradient of the new place.


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
# The library's `me.trajectory` is the same leapfrog, compiled, and the one that its samplers use.
# Ours agrees with it to the last digits:

# %%
path = me.trajectory(log_posterior, start, push, steps=60, step_size=0.1, data=(y,))
print(f"largest difference from me.trajectory: {np.abs(path.theta - by_leapfrog[0]).max():.1e}")

# %% [markdown]
# ## The figure worth keeping
#
# One push, and sixty steps of length 0.1.

# %%
figure, axes = plt.subplot_mosaic(
    [["paths", "euler"], ["paths", "leapfrog"]], figsize=(11.5, 5.0), layout="constrained"
)


def density(mu, s):
    return log_posterior(np.array([mu, s]), np.empty(2), (y,))


window = {"xlim": (3.2, 8.8), "ylim": (-1.1, 1.9)}
names = (r"$\mu$", r"$s = \log\,\sigma$")
me.plots.density2d(density, *window.values(), axes["paths"], names=names)
for which, (thetas, _, energies), colour, line in (
    ("leapfrog", by_leapfrog, "#D55E00", "-"),
    ("euler", by_euler, "0.2", "--"),
):
    style = {"color": colour, "linestyle": line, "linewidth": 1.2, "marker": ".", "markersize": 5}
    axes["paths"].plot(*thetas.T, **style, label=which.capitalize())
    axes[which].axhline(0.0, color="0.5", linewidth=0.8)
    axes[which].plot(energies - energies[0], **style)
    axes[which].set(ylabel="energy error", title=which.capitalize())
axes["paths"].plot(*start, "o", color="black", markersize=8, label="start")
axes["paths"].set(**window, title="Where one push leads")
axes["paths"].legend(frameon=False, loc="lower left")
axes["leapfrog"].set(xlabel="step")
me.plots.show(
    figure,
    "Left: contours of the posterior and two paths from one start. The leapfrog (orange, solid) "
    "turns to and fro within the contours; Euler (dark, dashed) leaves the picture after its "
    "first bend. Right: Euler's energy error climbs in jumps; the leapfrog's swings about zero.",
)
swing = np.abs(by_leapfrog[2] - by_leapfrog[2][0]).max()
longer = me.trajectory(log_posterior, start, push, steps=6000, step_size=0.1, data=(y,)).energy
swing_longer = np.abs(longer - longer[0]).max()
print(
    f"energy error: Euler {by_euler[2][-1] - by_euler[2][0]:.2f} in the end, "
    f"leapfrog at most {swing:.3f} on the way, in 6000 steps {swing_longer:.3f}"
)

# %% [markdown]
# (Mind the two scales on the right.) Euler gains energy with every step, most of it at the bends.
# The first bend already throws it off the picture. The leapfrog is wrong as well, but its error
# swings to and fro and *does not grow*, not even in a hundred times as many steps.
#
# ## Predict
#
# Back to the four wrong gradients. Lesson 06 will use the leapfrog like this: roll for a few steps,
# and accept the end as Metropolis would, judged by the *right* energy $H$. Nothing crashes. Which
# of the four will still give the right posterior, only slowly? Which will give a wrong one? Write
# down the numbers of those that you think end *wrong*.

# %%
my_guess = "?"  # write your guess between the quotes

# %% [markdown]
# ## Investigate: three promises of the leapfrog
#
# **1. Half the step, a quarter of the error.** Cross the same distance in time, 6, with finer
# steps:

# %%
errors = []
for n in (60, 120, 240, 480):
    finer = me.trajectory(log_posterior, start, push, steps=n, step_size=6.0 / n, data=(y,))
    errors.append(np.abs(finer.energy - finer.energy[0]).max())
ratios = np.divide(errors[:-1], errors[1:])
print("largest energy error:", *(f"{error:.6f}" for error in errors))
print("each by the next:    ", *ratios.round(2))

# %% [markdown]
# **2. It can be undone.** Turn the momentum round at the end, and the ball rolls home.

# %%
back = me.trajectory(
    log_posterior, path.theta[-1], -path.momentum[-1], steps=60, step_size=0.1, data=(y,)
)
print(f"leapfrog, turned round: {np.abs(back.theta[-1] - start).max():.1e} from the start")
undone = roll(euler, by_euler[0][-1], -by_euler[1][-1], 0.1, 60)[0]
print(f"Euler, turned round:    {np.abs(undone[-1] - start).max():.1e} from the start")

# %% [markdown]
# **3. It keeps volume.** A small cloud of states may be bent and stretched, but takes up as much
# room after as before. The number that says so is the determinant of the map $(\theta, p) \mapsto
# (\theta', p')$: it is 1. If it were not, we would have to correct for it, as for the Jacobian
# above.


# %%
def volume(one_step, step=0.3, h=1e-5):
    """Determinant of one step's map, at the start, by differences."""

    def flat(z):
        return np.concatenate(one_step(z[:2], z[2:], step))

    z = np.concatenate([start, push])
    columns = [(flat(z + h * e) - flat(z - h * e)) / (2 * h) for e in np.eye(4)]
    return np.linalg.det(np.column_stack(columns))


print(f"volume after one step: leapfrog {volume(leapfrog):.9f}, Euler {volume(euler):.3f}")

# %% [markdown]
# Promises 2 and 3 hold *whatever function stands for the gradient*. Each half kick only adds to $p$
# something that depends on $\theta$, and what was added can be taken off again. Only promise 1, the
# small error, needs the right gradient.
#
# Now the four mistakes in `me.HMC`, the sampler of lesson 06. (`inv_metric=[1.0, 1.0]` says that no
# direction gets a stronger push than the other; lesson 06 explains it.) One more is added for
# comparison: the Jacobian forgotten in the *density* as well.


# %%
def density_without_jacobian(theta, grad, data):
    logp = log_posterior(theta, grad, data)
    grad[1] -= 1.0
    return logp - theta[1]


grid = np.linspace(-4.0, 6.0, 4001)  # the truth: mu is integrated out by formula, s on a grid
weight = np.exp(-(y.size - 2) * grid - 0.5 * ((y - y.mean()) ** 2).sum() * np.exp(-2 * grid))
truth = (grid * weight).sum() / weight.sum()
print(f"mean of log sigma on a grid: {truth:.3f}")

sampler = me.HMC(steps=8, step_size=0.25, inv_metric=[1.0, 1.0])
results = {}
for what in (log_posterior, wrong_sign, twice, jacobian_forgotten, density_without_jacobian):
    draws = me.sample(what, [5.5, 0.0], data=(y,), sampler=sampler, draws=20_000, seed=SEED)
    s = draws.array[:, :, 1]
    results[what.__name__] = (s.mean(), me.mcse_mean(s), draws.accept_rate, me.ess_mean(s))
    print(
        f"{what.__name__:25s} accepted {draws.accept_rate:.2f}, mean of log sigma "
        f"{s.mean():.3f} ± {me.mcse_mean(s):.3f}, effective draws {me.ess_mean(s):.0f}"
    )
try:
    me.sample(never_written, [5.5, 0.0], data=(y,), sampler=sampler, seed=SEED)
    refused = False
except ValueError as refusal:
    refused = True
    print("never_written: refused.", refusal)
print(f"you guessed that these end wrong: {my_guess}; of the four gradients, none does")

# %% [markdown]
# None of the four gives a wrong posterior.
#
# - **Wrong sign:** the ball rolls up the hill and off the map. Hardly a trajectory is accepted. The
#   few effective draws say themselves, in the large Monte Carlo error, how little they know.
# - **Twice:** costs about a third of the effective draws, and nothing else.
# - **Jacobian forgotten in the gradient:** costs about half of them, and nothing else.
# - **Never written:** `me.sample` looks at the first gradient and refuses. A sampler that does not
#   look works with whatever the array holds. Lesson 06 shows what comes of that.
#
# A wrong gradient leads to silly places, and the right energy refuses them. That is why a wrong
# gradient is so seldom noticed: it is only slow. But a mistake in the *density* is not forgiven.
# The last row looks almost as healthy as the first, and is wrong.
#
# ## Modify: how long may a step be?
#
# In a valley of width sd the leapfrog is stable only while the step is shorter than *twice the sd*.
# Predict what happens on $N(0, 1)$ with steps of 1.9 and of 2.1.

# %%
normal = me.targets.normal([1.0])
farthest = {}
for step in (0.5, 1.9, 1.99, 2.01, 2.1):
    rolled = me.trajectory(
        normal.log_density, [0.5], [1.0], steps=100, step_size=step, data=normal.data
    )
    farthest[step] = np.abs(rolled.theta).max()
    print(f"step {step:4.2f}: farthest from the middle {farthest[step]:.3g}")

# %% [markdown]
# There is hardly anything in between: below 2 the ball stays, beyond it is gone. With many
# parameters the *narrowest* direction sets the limit for all of them.
#
# > **What could go wrong: the last half kick.**
# > Two half kicks follow each other inside a trajectory and may be merged. So it is tempting to
# > think that the one at the very end is useless: the position is already there. But without it the
# > energy is judged with a momentum that is half a step late, and the trajectory cannot be undone.
# > An R package for learning HMC, hmclearn, has left it out; thanks to its authors for code that
# > can be read. On $N(0, 1)$, where the mean of $x^2$ is 1:


# %%
def mean_square(step, steps, last_half_kick, n=4000, iterations=400):
    """Mean of x^2 in the second half of n chains of HMC on N(0, 1), and the acceptance there."""
    rng = np.random.default_rng(SEED)
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


kicks = {}
for step, steps in ((0.55, 2), (0.9, 2), (0.3, 10)):
    (with_it, _), (without, rate) = (mean_square(step, steps, last) for last in (True, False))
    kicks[step] = with_it, without, rate
    print(
        f"{steps:2d} steps of {step:.2f}: mean of x^2 {with_it:.2f}; without the last half kick "
        f"{without:.2f}, accepting {rate:.0%}"
    )

# %% [markdown]
# Too narrow, by luck nearly right, far too wide, and all with a healthy acceptance. Test a sampler
# at *more than one* setting.
#
# ## Make
#
# 1. Give $\mu$ the prior $N(0, 10)$ and $\sigma$ a half-normal prior of scale 5 (instead of the
#    flat ones). Write both terms into `log_posterior` and into its gradient. `me.check_gradient`
#    says whether you were right. Then leave one of the terms out of the gradient only: would you
#    have noticed from the chains?
# 2. Swap the order: half a step of the position, a whole kick, half a step of the position. Check
#    the three promises. How many gradients does a trajectory of $n$ steps cost now? And how many
#    does the leapfrog cost, if you keep the gradient of the end of a step for the start of the
#    next?
# 3. Change Euler's step a little: kick first, then move with the *new* momentum. Show that it keeps
#    volume, but cannot be undone by turning the momentum round. By which factor does the energy
#    error shrink when the step is halved?
#
# The grader examines `gradient` and `leapfrog`: `.venv/bin/mcmc-edu exercises start gradient`
# writes a file to begin with, and `.venv/bin/mcmc-edu exercises check gradient.py` says what is
# wrong with yours.
#
# ## Sources
#
# Hamilton's equations and the leapfrog for sampling: R. M. Neal (2011), MCMC using Hamiltonian
# dynamics, *Handbook of Markov Chain Monte Carlo*, chapter 5. The leapfrog itself: L. Verlet
# (1967), *Physical Review* 159, 98-103. The half step left out: `leapfrog(..., lastSTEP = TRUE)` in
# the R package hmclearn (S. Thomas, W. Tu).
