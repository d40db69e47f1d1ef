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
# # 07b · Warm-up: step size, metric, and windows
#
# **You need** lesson 07. **It takes** about 30 minutes.
# **Afterwards you can** find a step size by dual averaging, estimate a metric from draws and from
# gradients, read a schedule of windows, and say how short a warm-up may be.
#
# **The question.** NUTS finds the number of its steps. The length of a step and the scale of each
# parameter it does not find. Warm-up learns them from draws that are thrown away afterwards. How
# does it learn, and how many draws does that take?
#
# This is an appendix. Nothing later needs it.

# %%
import math

import matplotlib.pyplot as plt
import numpy as np

import mcmc_edu as me
from mcmc_edu.samplers.warmup import early_windows, stan_windows

SEED = 1  # another seed moves the numbers

target = me.targets.ill_conditioned_normal(dim=25, condition=1e4)  # sds from 0.01 to 1

# %% [markdown]
# ## Predict
#
# The target is a normal in 25 dimensions with sds from 0.01 to 1. A good sampler knows all 25
# variances. You may look at *three points*, far from being draws: they are uniform between -1 and 1
# in each direction. At each of them you get the gradient. How well can you know the 25 variances
# from that? To within a factor of ten, to within 10 %, or better?

# %%
my_guess = "?"  # write your guess between the quotes

# %% [markdown]
# ## Investigate: the step size
#
# First the step. Make a transition and look at the acceptance along its tree. If it is below the
# target, shorten the step; if above, lengthen it; and do so less and less eagerly. The answer is an
# average of the steps tried. That is *dual averaging*: three lines of arithmetic. We run it on
# `me.tree`, which makes one transition of NUTS.


# %%
def find_step_size(theta, n, rng, step_size=0.1, wanted=0.8):
    """Step sizes tried, and their running average, which is the answer; shape (n,) each."""
    centre, mean_error, log_average, history = math.log(10 * step_size), 0.0, 0.0, []
    for t in range(1, n + 1):
        tree = me.tree(target.log_density, theta, data=target.data, step_size=step_size, seed=rng)
        error = np.delete(tree.energy, tree.start) - tree.energy[tree.start]
        acceptance = np.exp(-np.maximum(error, 0.0)).mean()
        theta = tree.theta[tree.chosen]

        mean_error += (wanted - acceptance - mean_error) / (t + 10)
        log_step = centre - math.sqrt(t) / 0.05 * mean_error
        log_average += t**-0.75 * (log_step - log_average)
        step_size = math.exp(log_step)
        history.append((step_size, math.exp(log_average)))
    return np.array(history).T


tried, average = find_step_size(target.start, 200, np.random.default_rng(SEED))
unscaled = me.sample(
    target.log_density,
    target.start,
    data=target.data,
    sampler=me.NUTS(inv_metric=np.ones(25)),
    warmup=200,
    draws=500,
    seed=SEED,
)
theirs = [sampler.step_size for sampler in unscaled.tuning]
print(f"ours {average[-1]:.4f}; the library's four chains", *np.round(theirs, 4))

# %% [markdown]
# ## The figure worth keeping

# %%
figure, ax = plt.subplots(figsize=(8.5, 3.2), layout="constrained")
ax.semilogy(tried, color="0.7", linewidth=0.9, label="tried")
ax.semilogy(average, color="#0072B2", label="averaged")
ax.axhline(np.mean(theirs), color="#D55E00", linestyle="--", linewidth=1.0, label="library")
ax.set(xlabel="iteration of warm-up", ylabel="step size", title="Dual averaging, by hand")
ax.legend(frameon=False, ncols=3)
me.plots.show(
    figure,
    "Step size on a logarithmic axis against the iteration of warm-up. The steps tried (grey) "
    "leap up and down, less and less; their average (blue) settles on the dashed line, the "
    "library's answer.",
)

# %% [markdown]
# The step ends near the narrowest sd, 0.01. The widest direction, of sd 1, has to be crossed with
# such steps. That is what the metric is for.
#
# ## The metric, from gradients
#
# The variances of the draws are the obvious estimate of the scales (`metric="variance"`, as in
# Stan). But each draw comes with its *gradient*, and that knows the scale as well. For a normal the
# gradient is (mean − θ) / variance. So the gradients are spread like the draws, divided by the
# variance; dividing spread by spread gives the variance exactly, wherever the points lie. Here are
# the three points of your prediction:

# %%
points = np.random.default_rng(SEED).uniform(-1.0, 1.0, (3, 25))
slopes = np.empty((3, 25))
for point, slope in zip(points, slopes, strict=True):
    target.log_density(point, slope, target.data)
by_scores = points.std(axis=0) / slopes.std(axis=0)
by_variance = points.var(axis=0, ddof=1)
wrong_by = [np.abs(estimate / target.sd**2 - 1).max() for estimate in (by_scores, by_variance)]
print(f"largest relative error: by gradients {wrong_by[0]:.0e}, by variances {wrong_by[1]:.0e}")
print(f"you guessed: {my_guess}")

# %% [markdown]
# By gradients the variances are right to the last digits of the machine. By variances some are
# wrong more than a thousandfold. (*Score* is a name for the gradient of a log density, hence
# `metric="scores"`. It is our default, as in nutpie.) Few posteriors are normal, so in real use the
# estimate is not exact, and it is made again and again.
#
# ## Windows
#
# It is made in *windows*. A window is a stretch of iterations whose draws give one estimate. The
# next window is twice as long and forgets the draws of the one before, because the first draws are
# poor. In the stretch after the last window only the step size is still searched for. Here are two
# schedules, by first and last iteration:

# %%
for warmup in (1000, 100):
    for name, windows in (("variance", stan_windows), ("scores", early_windows)):
        found = windows(warmup)
        print(f"warm-up {warmup:4d}, {name:8s}:", *(f"{first}-{last}" for first, last in found))

# %% [markdown]
# Variances are wrong until the chain has found the bulk of the posterior, and rough while draws are
# few. So in a warm-up of 1000, Stan's first window begins at iteration 75 and has 25 draws.
# Gradients need neither, so ours begins at 10 and has 10.
#
# > **What could go wrong: the way in is taken for width.**
# > Start far away, and take the variance of the first draws, the way in included. The chain has
# > walked a long way, so the direction looks wide. (The chain knows the right metric here; only the
# > estimate is at fault.)

# %%
far = target.mean + 30.0 * target.sd
sampler = me.NUTS(inv_metric=target.sd**2, step_size=0.15)
way_in = me.sample(
    target.log_density, far, data=target.data, sampler=sampler, draws=100, warmup=0, seed=SEED
).array[0]
ratios = {}
for name, draws in (("draws 1 to 50", way_in[:50]), ("draws 51 to 100", way_in[50:])):
    ratios[name] = np.median(draws.var(axis=0, ddof=1) / target.sd**2)
    print(f"{name:15s}: estimated variance / right variance, median {ratios[name]:.1f}")

# %% [markdown]
# > That is why windows start late, and why they forget.
#
# ## How old is the search?
#
# A new metric changes what a step size means, so the search for it begins again with each. Of 1000
# iterations the last search has 150 (Stan's has 50). That shows. A young search leaps widely (see
# the figure above), and its average ends on the cautious side: the acceptance comes out above the
# 0.8 asked for. Here the metric is right from the beginning, so that nothing but the age of the
# search differs. We look at our normal, and at the banana of lesson 07:

# %%
banana = me.targets.banana(sd=2.0, bend=0.35)
acceptance, diverged = {}, {}
for name, posterior in (("normal", target), ("banana", banana)):
    for age in (25, 150, 1000):
        draws = me.sample(
            posterior.log_density,
            posterior.start,
            data=posterior.data,
            sampler=me.NUTS(inv_metric=posterior.sd**2),
            warmup=age,
            draws=1000,
            seed=SEED,
        )
        step_size = np.mean([sampler.step_size for sampler in draws.tuning])
        acceptance[name, age] = draws.stats["accept_prob"].mean()
        diverged[name, age] = draws.stats["divergent"].sum()
        print(
            f"{name}, search of {age:4d}: step size {step_size:.2f}, acceptance "
            f"{acceptance[name, age]:.2f}, {diverged[name, age]:2d} divergent"
        )

# %% [markdown]
# On the normal, caution is a little waste. On the banana, whose curvature changes from place to
# place, it is a reserve. Compare the searches of 150 and of 1000: the old one takes a longer step.
# Acceptance 0.8 is an *average* over all places. Where the banana is thin such a step is too long,
# and more trajectories diverge. (A search of 25 may end anywhere there.)
#
# ## Modify: how short may warm-up be?
#
# The race of lesson 07 again, with its axes along the parameters and turned at random, now with a
# long warm-up and with one of 100. Before you run it: which metric suffers most from the short one?


# %%
def per_1000_gradients(draws):
    """Effective draws per 1000 gradients: the worst entry of theta."""
    worst = min(me.ess_bulk(draws.array[:, :, k]) for k in range(draws.array.shape[2]))
    return 1000.0 * worst / draws.stats["n_gradients"].sum()


samplers = {"none": me.NUTS(inv_metric=np.ones(25))} | {
    metric: me.NUTS(metric=metric) for metric in ("variance", "scores", "dense")
}
race = {}
print("effective draws     as it is         turned")
print("per 1000 gradients  1000    100    1000    100")
for name, sampler in samplers.items():
    for turned in (False, True):
        shape = me.targets.ill_conditioned_normal(25, 1e4, rotation_seed=SEED if turned else None)
        for warmup in (1000, 100):
            draws = me.sample(
                shape.log_density,
                shape.start,
                data=shape.data,
                sampler=sampler,
                warmup=warmup,
                draws=250,
                seed=SEED,
            )
            race[name, turned, warmup] = per_1000_gradients(draws)
    print(f"{name:17s}", *(f"{race[name, t, w]:6.1f}" for t in (False, True) for w in (1000, 100)))

# %% [markdown]
# With gradients, 100 iterations make a gradient worth about half of what 1000 do, or more. The
# dense metric has $25 \cdot 26 / 2$ numbers to learn, which 100 iterations do not teach it well;
# still, on the turned normal nothing else helps at all. ("None" is what Stan 2 does when asked for
# a warm-up of fewer than 150 iterations: it leaves the metric as it is.)
#
# ## Make
#
# 1. Ask for other acceptances: run `me.NUTS(target_accept=a)` on `target` with `a` from 0.5 to
#    0.99. Which gives most effective draws per 1000 gradients? On the banana, which have no
#    divergences, or hardly any?
# 2. Use the three points on the *turned* normal (`rotation_seed=1`), and then 1000 exact draws
#    (`exact_draws`). What does "spread by spread" estimate now, if it is not the variance? Compare
#    it with the variances (`target.sd**2`) and with 1 over the diagonal of the inverse covariance.
# 3. Take `draws.tuning` of a finished run and sample again with `warmup=0`, once from the last
#    draws of that run and once from far away. What has been saved, and what has not?
#
# ## Sources
#
# Dual averaging for the step size: M. D. Hoffman, A. Gelman (2014), *Journal of Machine Learning
# Research* 15, 1593-1623. The metric from gradients: A. Seyboldt, E. Carlson, B. Carpenter (2026),
# arXiv:2603.18845. Windows: the Stan reference manual, chapter on HMC adaptation. Our code is
# `mcmc_edu/samplers/warmup.py`.
