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
# # 15 · Is my *sampler* right? Calibration, exact starts, planted bugs
#
# **You need** lessons 02, 05 and 06. **It takes** about 45 minutes.
# **Afterwards you can** test a sampler where the answer is known, say which bug each kind of test
# cannot see, and calibrate a sampler of a model that has no exact answer.
#
# **The question.** Your chains agree, R-hat is 1.00, the effective draws count in thousands. All
# that says that the chains sample *something*. It does not say that it is your posterior: four
# chains with the same bug agree perfectly. How can you tell?
#
# You try the sampler where you know the answer. There are several ways to do so, and none sees
# every bug. To learn which way sees what, we plant bugs.

# %%
from typing import NamedTuple

import matplotlib.pyplot as plt
import numpy as np

import mcmc_edu as me

SEED = 1  # another seed moves the numbers

# %% [markdown]
# ## A model that we can solve
#
# Someone counts buses: $y_i \sim \text{Poisson}(\lambda)$, four times an hour, and believes
# $\lambda \sim \text{Gamma}(3, 1)$ before. Then $\lambda \mid y \sim \text{Gamma}(a, b)$ with
# $a = 3 + \sum y_i$ and $b = 1 + 4$. Without data, $a = 3$ and $b = 1$: the mean is 3, the sd
# $\sqrt 3$.
#
# We sample $u = \log\lambda$, which may be any number. The change of variables costs a factor
# $d\lambda/du = e^u$, the *Jacobian*: $\log p(u) = (a - 1)u - b e^u + u = a u - b e^u$.


# %%
def log_density(u, a, b):
    return a * u - b * np.exp(u)


def gradient(u, a, b):
    return a - b * np.exp(u)


def trajectory(u, p, slope, step, steps):
    """Leapfrog: half a step in momentum, a step in position, half a step in momentum."""
    for _ in range(steps):
        p = p + step / 2 * slope(u)
        u = u + step * p
        p = p + step / 2 * slope(u)
    return u, p


def accepts(log_uniform, log_ratio):
    return log_uniform < log_ratio


# %% [markdown]
# ## Two samplers, seven bugs
#
# A sampler moves many chains by one step, all at once. HMC is put together from the pieces above;
# the walk multiplies $\lambda$ by $e^{z/2}$. Such a proposal is not symmetric (from 2 it goes
# further than from 1), and the accept test must make up for it by a factor $\lambda^*/\lambda$.


# %%
class Sampler(NamedTuple):
    """The right pieces, unless others are given."""

    name: str
    kind: str = "hmc"
    log_density: object = log_density
    gradient: object = gradient
    trajectory: object = trajectory
    accepts: object = accepts
    correction: float = 1.0  # of the walk's accept test
    jitter: float = 0.5  # of HMC's step size

    def move(self, rng, x, a, b, step=0.25, steps=5):
        """One transition of every chain; x = lambda has shape (chains,)."""
        with np.errstate(all="ignore"):  # bugs overflow
            return getattr(self, self.kind)(rng, x, a, b, step, steps)

    def hmc(self, rng, x, a, b, step, steps):
        u, p = np.log(x), rng.standard_normal(x.size)
        step = step * (1 + self.jitter * rng.uniform(-1, 1, x.size))
        end, q = self.trajectory(u, p, lambda u: self.gradient(u, a, b), step, steps)
        energy = p**2 / 2 - self.log_density(u, a, b)
        energy_at_end = q**2 / 2 - self.log_density(end, a, b)
        taken = self.accepts(np.log(rng.random(x.size)), energy - energy_at_end)
        return np.where(taken, np.exp(end), x)

    def walk(self, rng, x, a, b, *_):
        proposal = x * np.exp(rng.standard_normal(x.size) / 2)
        ratio = (a - 1) * np.log(proposal / x) - b * (proposal - x)
        ratio += self.correction * np.log(proposal / x)
        return np.where(self.accepts(np.log(rng.random(x.size)), ratio), proposal, x)

    def additive(self, rng, x, a, b, *_):
        proposal = x + rng.standard_normal(x.size)  # may be negative: its logarithm is NaN
        ratio = (a - 1) * (np.log(proposal) - np.log(x)) - b * (proposal - x)
        return np.where(self.accepts(np.log(rng.random(x.size)), ratio), proposal, x)

    def lognormal(self, rng, x, a, b, *_):
        spread = np.log1p(1 / a)
        return a / b * np.exp(np.sqrt(spread) * rng.standard_normal(x.size) - spread / 2)


def without_last_half_step(u, p, slope, step, steps):
    for k in range(steps):
        p = p + step / 2 * slope(u)
        u = u + step * p
        if k < steps - 1:
            p = p + step / 2 * slope(u)
    return u, p


samplers = [
    Sampler("HMC"),
    Sampler("walk", "walk"),
    Sampler("last half-step dropped", trajectory=without_last_half_step),
    Sampler("wrong sign in gradient", gradient=lambda u, a, b: -gradient(u, a, b)),
    Sampler(
        "Jacobian left out",
        log_density=lambda u, a, b: log_density(u, a - 1, b),
        gradient=lambda u, a, b: gradient(u, a - 1, b),
    ),
    Sampler("walk, no correction", "walk", correction=0.0),
    Sampler("NaN accepted", "additive", accepts=lambda log_u, ratio: ~(log_u >= ratio)),
    Sampler("lognormal, same mean, sd", "lognormal"),
    Sampler(
        "data forgotten",
        log_density=lambda u, a, b: log_density(u, 3, 1),
        gradient=lambda u, a, b: gradient(u, 3, 1),
    ),
]
of = {sampler.name: sampler for sampler in samplers}

# %% [markdown]
# ## Predict
#
# The first two are right. For each of the seven bugs, guess: will a check of the posterior's mean
# and sd notice it? And which bug biases nothing, if only the run is long enough?

# %%
my_guess = "?"  # write your guess between the quotes: bugs that mean and sd miss; harmless bug

# %% [markdown]
# ## Run: five layers, and what each sees
#
# 1. **Gradient.** Compare it with differences of the log density.
# 2. **Integrator.** Go forward, turn round, go back: you must be back where you started.
# 3. **Algebra.** Decide a few cases by hand, the awkward ones among them, and see that the program
#    decides them so.
# 4. **Invariance.** Start from *exact* draws and make one step: the distribution may not change.
# 5. **Sampling.** Run it. Compare the moments; or calibrate, of which more below.


# %%
def sees_gradient(s):
    if s.kind != "hmc":
        return None
    u, h = np.linspace(-3.0, 3.0, 13), 1e-5
    difference = (s.log_density(u + h, 7, 5) - s.log_density(u - h, 7, 5)) / (2 * h)
    return bool(np.any(abs(s.gradient(u, 7, 5) - difference) > 1e-6 * (1 + abs(difference))))


def sees_integrator(s):
    if s.kind != "hmc":
        return None
    u, p = np.array([-0.5, 0.2, 1.0]), np.array([0.3, -1.0, 0.7])
    end, q = s.trajectory(u, p, lambda u: gradient(u, 7, 5), 0.1, 5)
    back, _ = s.trajectory(end, -q, lambda u: gradient(u, 7, 5), 0.1, 5)
    return bool(np.any(abs(back - u) > 1e-10))


def sees_algebra(s):
    if s.kind == "lognormal":
        return None
    cases = [(0.5, 0.6, True), (0.6, 0.5, False), (0.999, 1.0, True)]
    right = [s.accepts(np.log(u), np.log(r)) == answer for u, r, answer in cases]
    odd = [s.accepts(np.log([0.5]), np.array([r]))[0] for r in (np.nan, -np.inf)]
    return not all(right) or any(odd)


def gamma_draws(rng, n):
    return rng.gamma(3.0, 1.0, (n, 1))  # exact draws for a = 3, b = 1


def exact_start(s, step=0.25, steps=5):
    def move(rng, x):
        return s.move(rng, x[:, 0], 3, 1, step, steps)[:, None]

    return me.verification.exact_start(move, gamma_draws, seed=SEED, names=["lambda"])


def sees_invariance(s):
    return exact_start(s).p_value < 1e-4


def moments(s, a=3, b=1, chains=2000, iterations=300):
    """Mean of lambda, its root mean square distance from the true mean, which is the sd if all is
    right, and how many standard errors the worse of the two is away from the truth.
    """
    rng = np.random.default_rng(SEED)
    x = np.full(chains, 2.0)
    averages, squares = np.zeros(chains), np.zeros(chains)
    for i in range(iterations):
        x = s.move(rng, x, a, b)
        if i >= 100:
            averages += x / (iterations - 100)
            squares += (x - a / b) ** 2 / (iterations - 100)
    z = [
        (found.mean() - true) / (found.std() / np.sqrt(chains))
        for found, true in ((averages, a / b), (squares, a / b**2))
    ]
    return averages.mean(), np.sqrt(squares.mean()), np.abs(z).max()


def sees_moments(s):
    return moments(s)[2] > 4.5


# %% [markdown]
# ## Calibration
#
# The first three layers look at the pieces, not at the answer. Exact starts and moments need the
# answer itself, and your next model will not have one. Calibration does without. Draw the truth
# from the prior, simulate data from it, fit them:
#
# $$\theta^* \sim p(\theta), \quad y \sim p(y \mid \theta^*), \quad
# \theta_1, \dots, \theta_{99} \sim \text{your sampler, given } y.$$
#
# If the sampler is right, $\theta^*$ is just one more draw from $p(\theta \mid y)$: no way to tell
# it from the other 99. So its *rank* among them is equally likely to be 0, 1, ..., 99. Do it 200
# times, and look whether the 200 ranks are spread evenly. The rank of any quantity will do, and
# some see more than others: we take $\lambda$ itself, and the log likelihood, which knows the data.


# %%
def prior(rng):
    return {"lambda": rng.gamma(3.0, 1.0)}


def simulate(rng, parameters):
    return rng.poisson(parameters["lambda"], 4)


def quantities(parameters, y):
    x = parameters["lambda"]
    return {"lambda": x, "log likelihood": y.sum() * np.log(x) - y.size * x}


def calibrate(s):
    def fit(y, seed):
        rng, x = np.random.default_rng(seed), np.full(99, 2.0)
        for _ in range(40):  # 99 chains, far shorter than you would run them
            x = s.move(rng, x, 3 + y.sum(), 1 + y.size)
        return {"lambda": np.maximum(x, 1e-9)}  # some bugs make it negative

    return me.verification.sbc(prior, simulate, fit, quantities, replicates=200, seed=SEED)


# %%
calibrated = {s.name: calibrate(s) for s in samplers}
print(calibrated["HMC"])

# %% [markdown]
# `mean rank` 0.5 and `spread` 1 is what even ranks have; `p` judges the whole distribution at once.
# Now everything together. `x` marks a bug that was seen, `.` one that was not, and a blank a check
# that does not apply.

# %%
checks = {
    "gradient": sees_gradient,
    "integrator": sees_integrator,
    "algebra": sees_algebra,
    "exact start": sees_invariance,
    "moments": sees_moments,
    "ranks of lambda": lambda s: "lambda" in calibrated[s.name].outside,
    "ranks of log lik.": lambda s: "log likelihood" in calibrated[s.name].outside,
}
seen = {s.name: {check: sees(s) for check, sees in checks.items()} for s in samplers}
marks = {True: "x", False: ".", None: " "}
print(f"{'':26}" + "  ".join(checks))
for name, found in seen.items():
    print(f"{name:26}" + "  ".join(marks[found[c]].center(len(c)) for c in checks))

# %% [markdown]
# ## Investigate: each check has a blind spot
#
# Read the table by rows, then by columns.

# %%
bugs = [s.name for s in samplers[2:]]
missed = [bug for bug in bugs if not seen[bug]["moments"]]
print(f"you guessed {my_guess}; moments miss:", *missed, sep="\n  ")
for check in checks:
    caught = [bug for bug in bugs if seen[bug][check]]
    print(f"{check:18s} sees {len(caught)} of {len(bugs)} bugs")

# %% [markdown]
# Every bug is seen by some check. No check sees all.
#
# * **Wrong sign in the gradient.** The trajectory goes where it should not go. But it is still
#   reversible, and the accept test still puts everything right. Nothing is biased: in a long run
#   you see a bad sampler and not a wrong one. Calibration notices only that 40 steps from
#   $\lambda = 2$ did not bring the chains to where they should be. The gradient check finds it
#   without a single draw.
# * **Last half-step dropped.** Reversibility finds it at once. The exact start *missed* it: it
#   makes one step only, and with a small step size the error *per step* is small. The moments in
#   the same row do see it: over hundreds of steps the error accumulates. (That the ranks of
#   $\lambda$ see it, too, is luck. With other seeds they often do not.) The next cell tries larger
#   steps.
# * **Lognormal with the right mean and sd.** The moments agree, because they were made to. Only
#   20 000 exact starts see that it is another curve. Moments that agree are not a distribution that
#   agrees.
# * **Data forgotten.** Every draw comes from the prior. The truth comes from the prior too, so the
#   ranks of $\lambda$ are perfect, and no number of replicates will change that. The log likelihood
#   sees it at once. (The moments would see it, too, with an exact answer *for a posterior*. We
#   compared them with the prior, because that was convenient.)

# %%
print(f"{'step  steps':16}{'HMC':>10}  last half-step dropped")
p_values, right_p = {}, {}
for step, steps in ((0.05, 3), (0.25, 5), (0.8, 1), (0.8, 3)):
    p_values[step, steps] = exact_start(of["last half-step dropped"], step, steps).p_value
    right = exact_start(of["HMC"], step, steps).p_value
    print(f"{step:4.2f}  {steps:5d}     {right:10.2f}  {p_values[step, steps]:10.2g}")
    right_p[step, steps] = right

# %% [markdown]
# Test a sampler at several settings, and among them at coarse ones. Where it accepts everything,
# the accept test is not tested.
#
# > **What could go wrong: a Gamma distribution with mean 2.**
# > The notes of a university course on Bayesian statistics (Bios8366, with thanks) sample a
# > positive parameter with a proposal that is not symmetric, and accept it as if it were. Their
# > Gamma(3, 1), whose mean is 3, comes out with mean 2.0: precisely Gamma(2, 1). It is the same
# > mistake as a Jacobian left out: both lose one factor $\lambda$. The chains mix well and agree,
# > so R-hat sees nothing.

# %%
gamma_means = {}
for name in ("walk", "walk, no correction", "Jacobian left out"):
    gamma_means[name], _, _ = moments(of[name], chains=4000)
    print(f"{name:22} mean {gamma_means[name]:.2f}   (exact: 3)")
rng = np.random.default_rng(SEED)
x, chains = np.full(4, 2.0), []
for _ in range(4000):
    x = of["walk, no correction"].move(rng, x, 3, 1)
    chains.append(x)
rhat = me.rhat(np.array(chains).T)
print(f"R-hat of four uncorrected chains: {rhat:.3f}")

# %% [markdown]
# ## The figure worth keeping
#
# For each level, the share of ranks below it, less what even ranks have. The grey band is
# simultaneous: in at least 95 of 100 calibrations of a right sampler, both curves stay inside it
# from end to end.

# %%
STYLES = {"lambda": ("#D55E00", "-"), "log likelihood": ("#0072B2", "--")}
figure, axes = plt.subplots(1, 3, figsize=(11, 3.9), sharey=True, layout="constrained")
for ax, name in zip(axes, ("HMC", "Jacobian left out", "data forgotten"), strict=True):
    result = calibrated[name]
    low, high = result.band()
    level = np.arange(1, low.size + 1) / (low.size + 1)
    ax.fill_between(level, low, high, color="#DDDDDD", label="band")
    for quantity, curve in zip(result.names, result.ecdf_difference(), strict=True):
        color, style = STYLES[quantity]
        ax.plot(level, curve, style, color=color, label=quantity)
    ax.set_title("HMC: right" if name == "HMC" else name)
    ax.set_xlabel("rank of the truth / 100")
axes[0].set_ylabel("share of ranks below, less even")
figure.legend(
    *axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3, frameon=False
)
me.plots.show(
    figure,
    """Three calibrations: share of ranks below a level, less that of even ranks, with a grey band.
    For the right sampler the curves of lambda (orange) and of the log likelihood (blue, dashed)
    stay inside. With the Jacobian left out lambda leaves the band downwards. With the data forgotten
    lambda stays inside, and the log likelihood falls far below.""",
)

# %% [markdown]
# A curve below 0 means too few low ranks: the truth is *above* too many draws, since the draws are
# too small. A wave that goes up and then down means a posterior that is too narrow; down and then
# up, one that is too wide.
#
# ## Modify
#
# First, take away the jitter of HMC's step size. The kernel is still right, and the exact start
# says so. Why does the calibration refuse it?

# %%
swinging = of["HMC"]._replace(jitter=0.0)
refused = calibrate(swinging)
print(refused)
swinging_p = exact_start(swinging).p_value
print(f"exact start: p = {swinging_p:.2f}")

off = {}
for a in (15, 22, 30):
    for s in (swinging, of["HMC"]):
        rng, x = np.random.default_rng(SEED), np.full(4000, 2.0)
        for _ in range(40):
            x = s.move(rng, x, a, 5)
        off[a, s.jitter] = (x.mean() - a / 5) / (np.sqrt(a) / 5)
    print(
        f"a = {a}: after 40 steps the mean is off by {off[a, 0.0]:5.2f} sd without jitter, "
        f"{off[a, 0.5]:5.2f} with"
    )

# %% [markdown]
# For $a = 22$ the posterior of $u$ has sd $1/\sqrt a = 0.21$. A leapfrog step of 0.25 goes round it
# by $2 \arcsin(0.25 \sqrt a / 2) = 1.25$ radians, and five by $6.26$. That is nearly $2\pi$: a full
# turn, back to where they began. After 40 steps such chains still remember their start. An exact
# start cannot see it: a kernel that stands still passes. Calibration judges the model, the sampler
# and the length of the run *together*.
#
# Second, the library. Its samplers make one transition from exact draws of a funnel; and the
# hierarchical model of lesson 03, in its non-centred form, is calibrated, log likelihood included.

# %%
funnel = me.targets.funnel(5)
library_p = {}
for sampler in (me.Metropolis(scale=0.7), me.HMC(step_size=0.3), me.NUTS(step_size=0.3)):
    check = me.verification.exact_start(
        sampler,
        funnel.exact_draws,
        log_density=funnel.log_density,
        data=funnel.data,
        seed=SEED,
        names=funnel.names,
    )
    library_p[type(sampler).__name__] = check.p_value
    print(f"{type(sampler).__name__:10} moved {check.moved:.2f}   p = {check.p_value:.2f}")

# %%
GROUPS, ROWS = 6, 5
group = np.repeat(np.arange(GROUPS), ROWS)
x_rows = np.random.default_rng(SEED).standard_normal(GROUPS * ROWS)


def people(rng):
    """The prior of lesson 03: means N(0, 3), scales U(0, 10), and a line for each person."""
    mu, scales = 3 * rng.standard_normal(2), 10 * rng.random(3)
    return {
        "alpha": mu[0] + scales[0] * rng.standard_normal(GROUPS),
        "beta": mu[1] + scales[1] * rng.standard_normal(GROUPS),
        "mu_alpha": mu[0],
        "sigma_alpha": scales[0],
        "sigma": scales[2],
    }


def observations(rng, p):
    mean = p["alpha"][group] + p["beta"][group] * x_rows
    y = mean + p["sigma"] * rng.standard_normal(group.size)
    return me.datasets.grouped(y, x_rows, group)


def ranked(p, data):
    z = (data.y[:, None] - p["alpha"][group] - p["beta"][group] * x_rows[:, None]) / p["sigma"]
    return {
        "mu_alpha": p["mu_alpha"],
        "sigma_alpha": p["sigma_alpha"],
        "sigma": p["sigma"],
        "beta[0]": p["beta"][0],
        "log likelihood": -0.5 * (z**2).sum(axis=0) - group.size * np.log(p["sigma"]),
    }


fit = me.verification.sampled(lambda data: me.models.partial_pooling(data, "noncentered"))
hierarchical = me.verification.sbc(people, observations, fit, ranked, replicates=40, seed=SEED)
print(hierarchical)

# %% [markdown]
# Forty replicates are a smoke test: the band is wide. The library's own tests make 200, in two
# forms of the model, and again with four bugs planted in its density, each of which must be seen.
#
# ## Make
#
# 1. Plant two bugs of your own: draw HMC's momentum with sd 1.2; and let the walk propose until a
#    proposal is accepted, so that only accepted ones are recorded. Guess the rows of the table
#    before you print them.
# 2. Find a quantity other than the log likelihood that sees the forgotten data. (Try one that
#    compares $\lambda$ with $\bar y$.) Do 20 replicates suffice?
# 3. Make the posterior a little too narrow: multiply the log density and the gradient by 1.2. Does
#    the calibration see it, with 200, 400 or 1600 replicates? Does one exact start? What do 95%
#    intervals cover?
#
# The grader examines `jacobian` and `metropolis_hastings`:
# `.venv/bin/mcmc-edu exercises start jacobian` writes a file to begin with, and
# `.venv/bin/mcmc-edu exercises check jacobian.py` says what is wrong with yours.
#
# ## Sources
#
# Calibration by simulation: S. Talts, M. Betancourt, D. Simpson, A. Vehtari, A. Gelman (2018),
# arXiv:1804.06788. Why the quantities must depend on the data: M. Modrák et al. (2023), *Bayesian
# Analysis*. The band: T. Säilynoja, P.-C. Bürkner, A. Vehtari (2022), *Statistics and Computing*
# 32, 32. A test of the kernel that needs no exact draws: J. Geweke (2004), *Journal of the American
# Statistical Association* 99, 799-804. Accept tests and Jacobians: lessons 02 and 06.
