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
# # 02 · Metropolis in twelve lines
#
# **You need** lesson 01. **It takes** about 35 minutes.
# **Afterwards you can** write Metropolis' sampler, say why it works, drop its warm-up, and choose
# its step.
#
# **The question.** In lesson 01 we drew the posterior of one person's line point by point. With
# more than a handful of unknowns that is hopeless. Can we *walk* on the hill instead, so that the
# time we spend in each place is proportional to its height?
#
# Metropolis, the Rosenbluths and the Tellers found in 1953 that we can, and that the walker needs
# to know only one thing: how high it is there, compared with here.

# %%
import math

import matplotlib.pyplot as plt
import numpy as np

import mcmc_edu as me

SEED = 1  # another seed moves the numbers

# %% [markdown]
# ## Why it works: four islands
#
# Before the hill, four islands in a ring, A, B, C and D. A doctor visits them, one a day, and wants
# to be on each island in proportion to its people. She does not know how many people there are in
# all. Every evening she tosses a coin for the left or the right neighbour, and compares.
#
# - If more people live there, she goes.
# - If fewer do, she goes with probability (people there) / (people here).
# - Otherwise she stays, and spends another day here.
#
# Where she will be tomorrow depends only on where she is today. Such a walk is called a *Markov
# chain*.

# %%
people = np.array([1000, 2000, 3000, 4000])  # on A, B, C and D


def visit_islands(days, rng):
    here, visits = 0, np.zeros(4)
    for _ in range(days):
        there = (here + rng.choice([-1, 1])) % 4
        if rng.random() < people[there] / people[here]:
            here = there
        visits[here] += 1  # also when she has stayed
    return visits / days


visits = visit_islands(100_000, np.random.default_rng(SEED))
print("share of the people:", people / people.sum())
print("share of the days:  ", visits.round(3))

# %% [markdown]
# She never looked at all islands at once, and it works. Why? Think of 10 000 doctors who follow the
# same rule, and who are spread today as the people are: 1000 on A, 2000 on B, and so on. How many
# sail from A to B tonight, how many from B to A?
#
# - From A to B: 1000 doctors, half of them toss B, all of these go: 500.
# - From B to A: 2000 doctors, half of them toss A, of these 1000/2000 go: 500.
#
# The two flows are equal, and that is so between any two islands. It is called *detailed balance*.
# If as many come as go, everywhere, tomorrow's spread is the same as today's. Such a spread is
# called the *stationary distribution* of the chain.


# %%
def chance(here, there):
    """The chance of moving to another island in one night."""
    next_to_it = (there - here) % 4 in (1, 3)
    return 0.5 * min(1.0, people[there] / people[here]) if next_to_it else 0.0


move = np.array([[chance(here, there) for there in range(4)] for here in range(4)])
print("doctors who sail, from the row's island to the column's:")
print((people[:, None] * move).astype(int))

np.fill_diagonal(move, 1.0 - move.sum(axis=1))  # the rest stays
spread = np.array([1.0, 0.0, 0.0, 0.0])  # all doctors start on A
for day in range(31):
    if day in (0, 1, 3, 10, 30):
        print(f"day {day:2d}:", spread.round(3))
    spread = spread @ move

to_neighbours = 0.5 * np.array([[0, 1, 0, 1], [1, 0, 1, 0], [0, 1, 0, 1], [1, 0, 1, 0]])
for day in (30, 31):
    print(f"four equal islands, day {day}:", np.linalg.matrix_power(to_neighbours, day)[0])

# %% [markdown]
# The table of flows is its own mirror image. And if all doctors start on A, the chain *forgets* it:
# after 30 days they are spread as the people are. That needs two things besides balance. Every
# island can be reached from every other, and the doctors sometimes stay. On four *equal* islands no
# one would ever stay: all doctors who start on A are on A or C on every even day, and on B or D on
# every odd one, for ever (the last two lines). With both, one doctor who walks long enough visits
# every island as often as she should, from whatever island she starts. But her first days are about
# the start. Remember that.
#
# ## From islands to the hill
#
# Now there is an island at every point of the plane, and the height of the hill is its people.
# Propose a step in a random direction, so that a step and the step back are equally likely to be
# proposed. If it goes up, take it. If it goes down to a fraction $r$ of the height, take it with
# probability $r$. Otherwise *stay, and count the place once more*. The flow from $a$ to $b$ is the
# height at $a$, times the chance that $b$ is proposed, times the chance that it is accepted:
#
# $$p(a)\, q(a \to b)\, \min\!\left(1, \frac{p(b)}{p(a)}\right) = q(a \to b)\, \min(p(a), p(b)),$$
#
# where $p$ is the height and $q$ the chance of proposing. On the right, swap $a$ and $b$: nothing
# changes, because $q$ is the same both ways. So the flows balance. Only the *ratio* of two heights
# is needed, so the sum in Bayes' rule, which no one can compute in many dimensions, cancels.

# %%
study = me.datasets.boelstad(seed=SEED)
rows = study.group == 1  # the same person as in lesson 01
x, y = study.x[rows], study.y[rows]


def log_posterior(theta, data):
    """Log density of (alpha, beta), flat prior, noise of known sd 2; up to a constant."""
    x, y = data
    total = 0.0
    for i in range(x.size):
        z = (y[i] - theta[0] - theta[1] * x[i]) / 2.0
        total -= 0.5 * z * z
    return total


# %% [markdown]
# ## Twelve lines
#
# On logarithms the test reads $\log u < \log p(\text{there}) - \log p(\text{here})$, with $u$
# uniform between 0 and 1.


# %%
def metropolis(log_density, theta, data, scale, n, rng):
    draws, accepted = [], 0
    logp = log_density(theta, data)
    for _ in range(n):
        proposal = theta + scale * rng.standard_normal(theta.size)
        proposal_logp = log_density(proposal, data)
        log_ratio = proposal_logp - logp
        if math.log(rng.random()) < log_ratio:
            theta, logp = proposal, proposal_logp
            accepted += 1
        draws.append(theta)
    return np.array(draws), accepted / n


# %% [markdown]
# ## Predict
#
# We run it with steps of sd 0.1, 2 and 30, from a start far away, at $\alpha = 10$ and
# $\beta = 20$. The hill is about 1 to 2 wide (lesson 01). Which of the three accepts most of its
# proposals? Which gives the best answer? Are they the same?

# %%
my_guess = "?"  # write your guess between the quotes

# %% [markdown]
# The next cell prints *effective draws*, too. Draws of a walker resemble their neighbours, so 4000
# of them tell less than 4000 independent ones. Effective draws are the number of independent draws
# that would give the mean as precisely. (Lesson 04 computes them by hand.)

# %%
X = np.column_stack([np.ones_like(x), x])
covariance = 4.0 * np.linalg.inv(X.T @ X)  # lesson 01: the exact posterior is normal
exact_mean, exact_sd = covariance @ X.T @ y / 4.0, np.sqrt(np.diag(covariance))

start, walks, rates, effective = np.array([10.0, 20.0]), {}, {}, {}
for scale in (0.1, 2.0, 30.0):
    rng = np.random.default_rng(SEED)
    walks[scale], rates[scale] = metropolis(log_posterior, start, (x, y), scale, 4000, rng)
    beta = walks[scale][:, 1]
    effective[scale] = me.ess_bulk(beta[None, :])
    print(
        f"step {scale:4.1f}: accepted {rates[scale]:.3f}, beta {beta.mean():5.2f} "
        f"(exact {exact_mean[1]:.2f}), effective draws {effective[scale]:.0f} of {beta.size}"
    )
most = max(rates, key=rates.get)
best = max(effective, key=effective.get)
print(f"you guessed {my_guess}; step {most} accepts most, step {best} knows most")

# %% [markdown]
# A high acceptance rate is no virtue. The timid walker accepts nearly everything and gets nowhere;
# the bold one is almost always refused and stands still. In between lies a step about as long as
# the hill is wide.
#
# ## The figure worth keeping: warm-up

# %%
figure, axes = plt.subplots(
    3, 1, figsize=(8.5, 5.5), sharex=True, sharey=True, layout="constrained"
)
for ax, (scale, draws) in zip(axes, walks.items(), strict=True):
    ax.axhspan(*(exact_mean[1] + np.array([-2, 2]) * exact_sd[1]), color="0.88", zorder=0)
    ax.axvline(500, color="#D55E00", linestyle="--", linewidth=1.2)
    ax.plot(draws[:, 1], color="#0072B2", linewidth=0.7)
    ax.set_ylabel(rf"$\beta$,  step {scale:g}")
axes[0].set_title("Three walkers on one hill; the grey band holds 95 % of the posterior")
axes[-1].set_xlabel("iteration")
me.plots.show(
    figure,
    """The slope against the iteration, for three steps, from a start at 20. With step 0.1 the
    walker is still on its way when it passes the dashed line at iteration 500; with step 2 it is
    soon inside the grey band that holds 95 % of the posterior, and moves all over it; with step 30
    it stands still for long times.""",
)

# %% [markdown]
# Look at the left end of each panel. The walkers start at 20, and the hill is elsewhere. Their
# first steps are the way *to* the hill: they are about the start, as the doctor's first days were.
# These iterations are called *warm-up* (or burn-in), and are thrown away. How many? As many as it
# takes to arrive, and better too many. Here is the mean of $\beta$ after dropping none, 500 (the
# dashed line) or 2000:

# %%
for scale, draws in walks.items():
    after = ", ".join(f"{drop}: {draws[drop:, 1].mean():5.2f}" for drop in (0, 500, 2000))
    print(f"step {scale:4.1f}: dropped {after} (exact {exact_mean[1]:.2f})")

# %% [markdown]
# Dropping 500 is more than enough for step 2 and too little for step 0.1. And dropping does not
# cure a bad step: what the timid and the bold walker have left are few effective draws.
#
# > **What could go wrong: recording only what was accepted.** It looks like a waste to write the
# > same point down again and again, so programs have been written that append to `draws` only
# > inside the `if`. They run, they look lively, and they are wrong. How often you write a place
# > down is how probable it is, so write it down again while you stand there. In the next cell the
# > bug makes the posterior too wide, and no error message will ever tell.

# %%
rng = np.random.default_rng(SEED + 1)
long_walk, _ = metropolis(log_posterior, exact_mean, (x, y), 6.0, 60_000, rng)
moved = np.any(np.diff(long_walk, axis=0) != 0.0, axis=1)
only_accepted = long_walk[1:][moved]
print(f"sd of beta, exact:              {exact_sd[1]:.3f}")
print(f"every iteration recorded:       {long_walk[:, 1].std():.3f}")
print(f"only accepted points recorded:  {only_accepted[:, 1].std():.3f}")

# %% [markdown]
# ## Investigate: the library's Metropolis
#
# `me.Metropolis` makes the same steps, compiled: see `step` in `mcmc_edu/samplers/metropolis.py`.
# You pass the function you wrote above as it is. `me.sample` runs several chains, here from four
# corners, and drops the first 1000 iterations of each as warm-up.

# %%
corners = [[10.0, 20.0], [-10.0, 20.0], [10.0, -30.0], [-10.0, -30.0]]  # four chains, far apart
draws = me.sample(
    log_posterior,
    corners,
    data=(x, y),
    sampler=me.Metropolis(scale=2.0),
    draws=10_000,
    seed=SEED,
    names=["alpha", "beta"],
)
print(draws.summary())

# %% [markdown]
# How to read the table, for each unknown:
#
# - `mean` and `sd` are those of the posterior; 90 % of it lies between `q5` and `q95`.
# - `mcse` is the standard error of the mean: how far off it may be because the walk was finite.
# - `ess_bulk` is the number of effective draws, of all four chains together. (`ess_tail` is the
#   same for `q5` and `q95`.)
# - `rhat`, R-hat, compares the chains. If they agree about where the hill is, all of them together
#   are spread no wider than each by itself, and R-hat is 1. Above 1.01 we do not use the draws.
#   (Lesson 04.)
#
# Four walkers started in four corners, and in the end you cannot tell which was which.

# %%
beta = draws["beta"]
error = beta.std() / math.sqrt(me.ess_bulk(beta))
print(f"beta {beta.mean():.3f}, give or take {error:.3f}; exact {exact_mean[1]:.3f}")

# %% [markdown]
# ## Modify
#
# Alpha and beta have different widths, and they are correlated. Give the walker steps of the shape
# of the hill, `me.Metropolis(covariance=...)`, and compare the effective draws. The hill's own
# covariance says the shape. A rule for the size: multiply it by $2.4^2 / d$, where $d$ is the
# number of unknowns, here 2.

# %%
shaped = me.sample(
    log_posterior,
    corners,
    data=(x, y),
    sampler=me.Metropolis(covariance=2.4**2 / 2 * covariance),
    draws=10_000,
    seed=SEED,
    names=["alpha", "beta"],
)
for name, found in (("one sd", draws), ("shaped", shaped)):
    print(
        f"{name}: accepted {found.accept_rate:.2f}, "
        f"effective draws of beta {me.ess_bulk(found['beta']):.0f}"
    )

# %% [markdown]
# ## Two relatives
#
# *Hastings* (1970): what if proposals are not symmetric, so that from here to there is proposed
# more often than back? Multiply the ratio in the test by
# $q(\text{there} \to \text{here}) / q(\text{here} \to \text{there})$, and the flows balance again.
#
# *Gibbs*: change one unknown at a time, and draw it from its exact distribution given all the
# others. Seen as a proposal, Hastings' test accepts it always. Where such draws are known, nothing
# is left to tune.
#
# ## Make
#
# 1. *See that the posterior is stationary.* Draw 40 000 starts from the exact posterior
#    (`rng.multivariate_normal(exact_mean, covariance, 40_000)`). Let each make a single Metropolis
#    step with `scale=6.0`. Compare the sd of $\beta$ before and after. Then plant the bug of the
#    box: keep only the walkers whose step was accepted. (The standard error of each sd is sd
#    divided by √(2 × walkers).)
# 2. *A proposal that is not symmetric.* The target is Gamma(3, 1), with
#    $\log p(\theta) = 2 \log\theta - \theta$ for $\theta > 0$; its mean is 3, exactly. Propose
#    `theta * math.exp(0.5 * rng.standard_normal())` and leave the test as it is. Which mean do you
#    get? Then correct the test: Hastings' ratio is here `proposal / theta`.
# 3. Find the step with the most effective draws: try `covariance=c**2 / 2 * covariance` with c from
#    0.5 to 6, and print the share of accepted proposals beside it. (In very many dimensions the
#    best share is 0.234; in two dimensions you should find about 0.35.)
#
# The grader examines `accept` and `metropolis`: `.venv/bin/mcmc-edu exercises start accept`
# writes a file to begin with, and `.venv/bin/mcmc-edu exercises check accept.py` says what is
# wrong with yours.
#
# ## Sources
#
# N. Metropolis et al. (1953), *Journal of Chemical Physics* 21, 1087-1092. W. K. Hastings (1970),
# *Biometrika* 57, 97-109. Islands: after R. McElreath (2020), *Statistical Rethinking*, 2nd
# edition, chapter 9. The best share of accepted proposals: G. O. Roberts, A. Gelman, W. R. Gilks
# (1997), *Annals of Applied Probability* 7, 110-120.
