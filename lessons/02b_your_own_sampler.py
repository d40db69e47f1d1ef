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
# # 02b · Your own sampler
#
# **You need** lesson 02. **It takes** about 40 minutes.
# **Afterwards you can** write a sampler as one step, run it from four starts on a log density of
# your own, and act when R-hat is above 1.01.
#
# **The question.** In lesson 02 the loop around Metropolis was part of the function. Four chains,
# seeds, a progress bar, a file that survives a crash, R-hat: must every sampler write all that
# again?
#
# No. A sampler is *one step*. From here on you write the step and the log density, and `me.sample`
# does the rest. First we walk through an example; then it is your turn. (To open this lesson as a
# notebook: `.venv/bin/mcmc-edu lessons open 2b`.)

# %%
import math

import matplotlib.pyplot as plt
import numpy as np

import mcmc_edu as me

SEED = 1  # another seed moves the numbers

# %% [markdown]
# ## A log density
#
# How many emails does a person get in a day? Eleven days were counted. We say that the counts are
# Poisson with mean $\lambda$. A mean is positive, but a random walk steps anywhere. So let the
# unknown be its logarithm, $\theta = \log\lambda$, and give it the prior $N(2, 1)$. The log density
# is log prior plus log likelihood. What does not depend on $\theta$ may be left out, because
# Metropolis looks at differences.


# %%
emails = np.array([12.0, 7.0, 9.0, 15.0, 8.0, 11.0, 6.0, 13.0, 10.0, 9.0, 14.0])


def log_posterior(theta, data):
    (y,) = data
    log_prior = -0.5 * (theta[0] - 2.0) ** 2
    log_likelihood = y.sum() * theta[0] - y.size * math.exp(theta[0])
    return log_prior + log_likelihood


# %% [markdown]
# ## A step
#
# A step is a function of three things: a source of random numbers, the place where the chain is,
# and the log density. It returns the next place, and a dict that says what happened.
#
# How long the steps are, `scale`, is none of the three. So `step` stands *inside* another function,
# `metropolis(scale)`, and uses its `scale`. `metropolis(0.2)` does not walk yet: it returns a step
# whose moves have sd `0.2`. `me.sample` calls that step again and again.


# %%
def metropolis(scale):
    def step(rng, theta, log_density):
        proposal = theta + scale * rng.standard_normal(theta.size)
        log_ratio = log_density(proposal) - log_density(theta)
        accepted = math.log(rng.random()) < log_ratio
        return (proposal if accepted else theta), {"accepted": accepted}

    return step


# %% [markdown]
# `log_density` takes $\theta$ alone here: `me.sample` has put the data into it. All random numbers
# must come from `rng`: then the same seed gives the same draws, and a run that was interrupted can
# go on where it was.
#
# ## Predict
#
# We start four chains at $\theta$ = 0, 1, 3 and 5, which are 1, 3, 20 and 148 emails a day. The
# posterior is about 0.1 wide. One run keeps the first 100 steps of each chain. The other drops 200
# steps as warm-up and keeps the next 4000. R-hat is 1 where the chains agree; above 1.01 we do not
# use the draws (lesson 02). What will it be in the two runs?

# %%
my_guess = "?"  # write your guess between the quotes

# %%
starts = [[0.0], [1.0], [3.0], [5.0]]
settings = {"data": (emails,), "names": ["log_rate"], "seed": SEED, "progress": False}
raw = me.sample(log_posterior, starts, sampler=metropolis(0.2), draws=100, warmup=0, **settings)
draws = me.sample(
    log_posterior, starts, sampler=metropolis(0.2), draws=4000, warmup=200, **settings
)
print("no warm-up:")
print(raw.summary())
print("\nafter warm-up:")
print(draws.summary())

# %%
rhat_raw, rhat_draws = me.rhat(raw["log_rate"]), me.rhat(draws["log_rate"])
print(f"you guessed {my_guess}; no warm-up {rhat_raw:.2f}, after warm-up {rhat_draws:.3f}")

# %% [markdown]
# Without warm-up the summary keeps the steps in which the chains were still walking in from their
# starts, and says that it cannot be trusted. After warm-up the chains agree. This is why we start
# them far apart: four chains from one place would agree from the first step, and R-hat would see
# nothing.
#
# ## Investigate: is the answer right?
#
# One unknown is little enough for a sum over a grid (lesson 00), which needs no chain.

# %%
grid = np.linspace(1.5, 3.0, 3001)
heights = np.array([log_posterior([point], (emails,)) for point in grid])
weights = np.exp(heights - heights.max())
weights /= weights.sum()
exact = (grid * weights).sum()
found, error = draws["log_rate"].mean(), me.mcse_mean(draws["log_rate"])
print(f"log rate: {found:.4f}, give or take {error:.4f}; exact {exact:.4f}")
rate = np.exp(draws["log_rate"])  # of each draw: so you get draws of anything you can compute
low, high = np.quantile(rate, [0.05, 0.95])
print(f"emails a day: mean {rate.mean():.2f}, 90 % interval {low:.1f} to {high:.1f}")

# %% [markdown]
# ## The figure worth keeping

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.5), layout="constrained")
for k, (chain, color) in enumerate(
    zip(raw["log_rate"], ["#0072B2", "#E69F00", "#009E73", "#CC79A7"], strict=True)
):
    left.plot(chain, color=color, linewidth=1.2, label=f"chain {k}")
left.axhline(exact, color="0.4", linestyle="--")
left.set(title="Four starts, no warm-up", xlabel="iteration", ylabel=r"$\theta$ = log rate")
left.legend(frameon=False)
right.hist(draws["log_rate"].ravel(), bins=60, density=True, color="#56B4E9", label="draws")
right.plot(grid, weights / (grid[1] - grid[0]), color="0.2", label="exact")
right.set(title="Draws after warm-up", xlabel=r"$\theta$", ylabel="density", xlim=(1.9, 2.7))
right.legend(frameon=False)
me.plots.show(
    figure,
    """Left, four chains against the iteration: they come from far apart and meet at the exact
    mean, a dashed line, within 50 steps. Right, the histogram of the draws after warm-up and the
    exact posterior, which agree.""",
)

# %% [markdown]
# ## Now yours
#
# The next two cells are a template. Run them as they are. Then put in your own data and density and
# run them again. You need:
#
# 1. **Data**, as NumPy arrays in a tuple: `(y,)`, or `(x, y)`. Centre predictors: `x - x.mean()`.
# 2. **A log density**: log prior + log likelihood. Unknowns that must be positive go in as
#    logarithms. If your prior is for $\lambda$ itself and you walk in $\theta = \log\lambda$, *add
#    $\theta$* (the box below shows what happens without). Here are twelve nights, with unknown mean
#    and sd: $y_i \sim N(\mu, \sigma)$, with the priors $\mu \sim N(8, 2)$ and
#    $\log\sigma \sim N(0, 1)$. That prior is for the logarithm already, so nothing is added.
# 3. **Four starts**, farther apart than you expect the posterior to be wide.
# 4. **A scale** for the step. Begin with any.

# %%
sleep = np.array([6.5, 7.2, 8.1, 5.9, 7.0, 6.8, 7.7, 8.4, 6.1, 7.3, 6.9, 7.5])  # hours
my_data = (sleep,)


def my_log_density(theta, data):
    (y,) = data
    mu, log_sigma = theta
    log_prior = -0.5 * ((mu - 8.0) / 2.0) ** 2 - 0.5 * log_sigma**2
    z = (y - mu) / math.exp(log_sigma)
    log_likelihood = -y.size * log_sigma - 0.5 * (z**2).sum()
    return log_prior + log_likelihood


my_names = ["mu", "log_sigma"]
my_starts = [[4.0, -1.0], [4.0, 1.0], [12.0, -1.0], [12.0, 1.0]]

# %%
my_scale = 0.02  # change me
mine = me.sample(
    my_log_density,
    my_starts,
    data=my_data,
    names=my_names,
    sampler=metropolis(my_scale),
    warmup=1000,
    draws=4000,
    seed=SEED,
    progress=False,
)
print(f"accepted {mine.accept_rate:.2f}")
print(mine.summary())

# %% [markdown]
# R-hat is far above 1.01, and the summary says that nothing can be trusted. The share of accepted
# proposals tells why: nearly all. The walkers are timid (lesson 02). **What to do when R-hat is
# above 1.01**, in this order:
#
# | what you see | the likely reason | what to do |
# |---|---|---|
# | an error, or `-inf` or `nan` | $\theta$ is where the density is not defined | take logarithms of what must be positive; check the starts |
# | more than half accepted | the steps are too short | double the scale, and again |
# | less than 15 % accepted | the steps are too long | halve the scale |
# | in between, ESS below 400 | too few draws | four times as many draws |
# | some unknowns mix, others creep | they have different widths | give `scale` an array, the sds of the last run |
# | the share is in between, and yet all creep | unknowns are correlated, often a slope with its intercept | centre the predictors: `x - x.mean()` |
# | draws run away, further in a longer run | a sign is wrong, or a prior is missing | print the log density at a good and at a bad place |
# | each chain is steady, at its own place | several hills | do *not* run longer; look at the chains, think about the model |
# | nothing: R-hat is 1.00, and the answer is wrong | the prior is for $\lambda$, and you walk in $\theta = \log\lambda$ | add $\theta$, the log of $d\lambda/d\theta$, to the log density |
#
# Look at the chains themselves, too: `plt.plot(mine["mu"].T)` draws one line for each. Here the
# second row applies, so double the scale, and again:

# %%
tried = {}
for my_scale in (0.04, 0.08, 0.16, 0.32):
    mine = me.sample(
        my_log_density,
        my_starts,
        data=my_data,
        names=my_names,
        sampler=metropolis(my_scale),
        warmup=1000,
        draws=4000,
        seed=SEED,
        progress=False,
    )
    tried[my_scale] = mine.accept_rate, max(me.rhat(mine[name]) for name in my_names)
    print(
        f"scale {my_scale:.2f}: accepted {tried[my_scale][0]:.2f}, "
        f"largest R-hat {tried[my_scale][1]:.3f}"
    )
print(mine.summary())

# %% [markdown]
# You are done when three things hold: R-hat is at most 1.01 for every unknown, `ess_bulk` and
# `ess_tail` are at least 400, and the answer makes sense. R-hat sees only chains that disagree, not
# a wrong density. So compare with something that you know: a formula, a grid, or data that you made
# yourself (exercise 4).
#
# > **What could go wrong: a prior of the rate, a walk on its logarithm.** Six waits for a bus are
# > exponential with rate $\lambda$, and the prior of $\lambda$ is $\text{Gamma}(2, 10)$ (shape and
# > rate). The exact posterior is a gamma, too. We walk in $\theta = \log\lambda$ and write the
# > prior as books give it, as a density of $\lambda$. But equal stretches of $\theta$ cover more of
# > $\lambda$ where $\lambda$ is large. The density of $\theta$ is that of $\lambda$ times
# > $d\lambda/d\theta = \lambda$, so its logarithm has one more term, $\log\lambda = \theta$. Lesson
# > 05 shows why in a picture. Without the term the chains agree perfectly, on a wrong answer:

# %%
waits = np.array([3.0, 7.5, 1.2, 4.1, 9.6, 2.6])  # minutes
exact_rate = (2.0 + waits.size) / (10.0 + waits.sum())  # mean of Gamma(2 + n, 10 + sum)


def log_waits(theta, data):
    y, stretch = data
    rate = math.exp(theta[0])
    log_prior = (2.0 - 1.0) * theta[0] - 10.0 * rate  # Gamma(2, 10) for the rate
    log_likelihood = y.size * theta[0] - rate * y.sum()
    return log_prior + log_likelihood + stretch * theta[0]


bus, off = {}, {}
for stretch in (0.0, 1.0):  # without and with the term
    bus[stretch] = me.sample(
        log_waits,
        [[-4.0], [-2.0], [0.0], [2.0]],
        data=(waits, stretch),
        names=["log_rate"],
        sampler=metropolis(0.8),
        warmup=1000,
        draws=4000,
        seed=SEED,
        progress=False,
    )
    per_minute = np.exp(bus[stretch]["log_rate"])
    off[stretch] = (per_minute.mean() - exact_rate) / me.mcse_mean(per_minute)
    print(
        f"theta added {stretch:.0f} times: R-hat {me.rhat(per_minute):.3f}, "
        f"ESS {me.ess_bulk(per_minute):.0f}, rate {per_minute.mean():.4f} "
        f"(exact {exact_rate:.4f}), {off[stretch]:+.1f} standard errors off"
    )

# %% [markdown]
# Once it works, `sampler=me.Metropolis(scale=...)` makes the same kind of steps, compiled, and is
# much faster. If your density cannot be compiled (numba knows arithmetic and NumPy, not SciPy), a
# warning says that it runs as plain Python: slower, with the same draws.
#
# ## Modify
#
# A sampler may remember more than $\theta$. Then what it passes on, its *state*, is a dict or a
# NamedTuple with an entry `theta`, and it is an object with `step` and `init`. Here the walker
# remembers the log density of the place where it stands, so that every step computes one density in
# place of two.


# %%
class Frugal:
    def init(self, theta, log_density, rng):
        return {"theta": theta, "height": log_density(theta)}

    def step(self, rng, state, log_density):
        proposal = state["theta"] + 0.2 * rng.standard_normal(state["theta"].size)
        height = log_density(proposal)
        accepted = math.log(rng.random()) < height - state["height"]
        new = {"theta": proposal, "height": height} if accepted else state
        return new, {"accepted": accepted}


frugal = me.sample(log_posterior, starts, sampler=Frugal(), draws=4000, warmup=200, **settings)
print(f"the same draws: {np.array_equal(frugal.array, draws.array)}")

# %% [markdown]
# > **What could go wrong: two names for one array.** `proposal = theta` makes no copy: both names
# > mean the same array, and `proposal += ...` moves the chain itself. A rejected proposal then
# > stays where it is, and the chain wanders without end. It still says that it accepts half of its
# > proposals.


# %%
def careless(rng, theta, log_density):
    here = log_density(theta)
    proposal = theta
    proposal += 0.2 * rng.standard_normal(theta.size)
    accepted = math.log(rng.random()) < log_density(proposal) - here
    return (proposal if accepted else theta), {"accepted": accepted}


wandering = me.sample(log_posterior, [2.3], sampler=careless, draws=4000, warmup=0, **settings)
sd_wrong, sd_right = wandering["log_rate"].std(), draws["log_rate"].std()
print(f"accepted {wandering.accept_rate:.2f}; sd {sd_wrong:.2f}, not {sd_right:.2f}")

# %% [markdown]
# ## Make
#
# 1. Give your step a wrong accept test, `rng.random() < log_ratio`, without the logarithm, and run
#    it on the emails. Which numbers of the summary tell? Does R-hat?
# 2. Write Gibbs sampling (lesson 02) for the mean and sd of the twelve nights, with flat priors on
#    $\mu$ and $\log\sigma$. In turn, draw $\mu$ from $N(\bar y, \sigma/\sqrt{n})$ and $\sigma^2$ as
#    $\sum_i (y_i - \mu)^2$ divided by a draw of `rng.chisquare(n)`. What do you do with
#    `log_density`? (Exact: the sd of $\mu$ is $s/\sqrt{n}$ times $\sqrt{(n-1)/(n-3)}$, with $s$ the
#    sample's sd.)
# 3. *How fast?* Time 100 draws a chain of the emails (`time.process_time()`), which is mostly
#    starting and compiling, and then 10 000: with your step, with the same step compiled, and with
#    `me.Metropolis(scale=0.2)`. To compile the step, write it as a function of its own with
#    `0.2 *` in place of `scale *`, let it return `None` in place of the dict (which numba cannot
#    make), and pass `numba.njit(step)`. Guess beforehand. Which part is compiled in each?
# 4. *Is my log density right?* Draw true values of your unknowns from your own prior, make data of
#    your kind from them, and run your sampler. Do that for 20 data sets. How many of the 90 %
#    intervals hold the true value? If the density is right, about 18; fewer than 15 are hardly
#    chance.
#
# The grader examines `gibbs`: `.venv/bin/mcmc-edu exercises start gibbs` writes a file to begin
# with, and `.venv/bin/mcmc-edu exercises check gibbs.py` says what is wrong with yours. (Its priors
# are not those of exercise 2: you derive both conditional distributions again.)
#
# ## Sources
#
# The idea that a sampler is a step from state to state: A. Cabezas et al. (2024), *BlackJAX*,
# arXiv:2402.10797; the contract itself: `mcmc_edu.samplers.contract`.
