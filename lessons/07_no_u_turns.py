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
# # 07 · No U-turns: GIST, NUTS, and warm-up
#
# **The question.** Hamiltonian Monte Carlo wants two numbers from you: how long a leapfrog step is,
# and how many to take. Lesson 06 showed what a bad choice costs, and that the right one differs from
# posterior to posterior, even from place to place. Can the trajectory itself tell us when to stop?
#
# A trajectory that has begun to come back is a waste of gradients. So go on *until it turns round*.
# That is the whole idea of the no-U-turn sampler. The trouble is to do it without spoiling the answer.

# %%
import math
from typing import NamedTuple

import matplotlib.pyplot as plt
import numpy as np

import mcmc_edu as me
from mcmc_edu import targets

target = targets.normal([1.0, 9.0])  # independent normals; variances 1 and 9, so sds 1 and 3


def log_density(theta):
    """Log density of `target` and its gradient; `target` will be another one further down."""
    grad = np.empty(theta.size)
    return target.log_density(theta, grad, target.data), grad


# %% [markdown]
# ## Thirty lines
#
# From $(\theta, p)$, make leapfrog steps until the way from the start and the momentum point apart,
# $(\theta_m - \theta) \cdot p_m < 0$, and count them: $m$. Pick $L$ evenly from $1, \dots, m$ and
# propose the point after $L$ steps. From *there*, backward, the turn comes after $m^*$ steps. Accept
# with probability
#
# $$\min\left(1,\; e^{H - H^*}\,\frac{m}{m^*}\right) \text{ if } L \le m^*, \quad\text{else stay.}$$


# %%
class Point(NamedTuple):
    """A position, its momentum, and the log density and gradient there."""

    theta: np.ndarray
    momentum: np.ndarray
    logp: float
    grad: np.ndarray


def leapfrog(point, step_size):
    momentum = point.momentum + 0.5 * step_size * point.grad
    theta = point.theta + step_size * momentum
    logp, grad = log_density(theta)
    return Point(theta, momentum + 0.5 * step_size * grad, logp, grad)


def energy(point):
    return 0.5 * point.momentum @ point.momentum - point.logp


def steps_to_turn(start, step_size):
    point, steps = start, 0
    while (point.theta - start.theta) @ point.momentum >= 0.0:
        point, steps = leapfrog(point, step_size), steps + 1
    return steps


def gist(start, step_size, rng, factor=True):
    start = start._replace(momentum=rng.standard_normal(start.theta.size))
    there = steps_to_turn(start, step_size)
    length = rng.integers(1, there + 1)
    end = start
    for _ in range(length):
        end = leapfrog(end, step_size)
    back = steps_to_turn(end._replace(momentum=-end.momentum), step_size)
    log_ratio = energy(start) - energy(end) + (math.log(there / back) if factor else 0.0)
    accepted = length <= back and math.log(rng.random()) < log_ratio
    return end if accepted else start


# %% [markdown]
# Why $m/m^*$? Draw $L$ together with the momentum: the triple $(\theta, p, L)$ has the density
# $e^{-H(\theta, p)} \cdot \frac1m$ for $L \le m$. *Going $L$ steps and turning the momentum round* undoes
# itself when it is done twice and keeps volumes, so it may be accepted as any Metropolis proposal is,
# by the ratio of densities: $e^{-H^*}\frac1{m^*}$ over $e^{-H}\frac1m$. That is the proof, all of it.
#
# ## Predict
#
# The step from the trajectory's length to the accept test is easily forgotten: "$L$ was drawn at
# random, and the energy is right, so what could be wrong?" Leave the factor out, and think of one
# dimension: the ball rolls to its turning point, and $L$ is spread evenly on the way there. Will the
# draws be spread too wide, too narrow, or just right?

# %%
for factor in (True, False):
    rng, path = np.random.default_rng(2), []
    point = Point(np.ones(2), np.zeros(2), *log_density(np.ones(2)))
    for _ in range(5000):
        point = gist(point, 0.5, rng, factor)
        path.append(point.theta)
    path = np.array(path)
    ratio = path.std(axis=0) / target.sd
    error = np.array([me.mcse_sd(path[None, :, k]) for k in range(2)]) / target.sd
    print(
        f"{'with' if factor else 'without':7s} the factor: sd / exact sd",
        *(f"{r:.3f} (± {e:.3f})" for r, e in zip(ratio, error, strict=True)),
    )
    if factor:
        assert (np.abs(ratio - 1) < 4 * error).all()
    else:
        assert (ratio > 1 + 4 * error).all()

# %% [markdown]
# Too wide. Near the turn the way ahead is short and the way back is long: going there is likelier
# than coming back, and without the factor nothing makes up for it. With it the sds are right, and only
# the step size is left to be chosen.
#
# ## From GIST to NUTS
#
# GIST walks the way three times: to find the turn, to go $L$ steps, and to count back. NUTS keeps
# every point that it has paid for, and chooses among them all. For that to be fair, the set of points
# must be one that *each of its members could have grown*. Hence the doubling: extend the trajectory
# by 1, 2, 4, 8, ... steps, forward or backward by the toss of a coin, until two ends of it, or of one
# of its aligned halves, quarters, ..., move towards each other. Whichever point of a trajectory of
# $2^k$ points you start from, there is exactly one sequence of $k$ coin tosses that gives the same set.
#
# ## The figure worth keeping
#
# `me.tree` makes one transition with the library's own code and tells all of it. The last doubling
# turned inside (dashed): it is thrown away whole, for a start in there would have stopped before.

# %%
banana = targets.banana(sd=2.0, bend=0.35)
tree = me.tree(banana.log_density, [-1.5, 1.0], data=banana.data, step_size=0.25, seed=3)


def log_banana(x, y):
    """The same density as a function of two numbers, for the contours."""
    return -x * x / 8.0 - 0.5 * (y - 0.35 * (x * x - 4.0)) ** 2


figure, (left, right) = plt.subplots(
    1, 2, figsize=(11, 4.8), width_ratios=(1, 1.15), layout="constrained"
)
me.plots.tree(tree, left, density=(log_banana, (-7, 7), (-5, 11)), names=("x", "y"))
me.plots.tree_diagram(tree, right)
right.get_legend().remove()
left.set_title("a trajectory that grows at both ends")
right.set_title("its doublings, and the one thrown away")
plt.show()
print(f"{len(tree.theta) - 1} steps, {tree.kept.sum()} points to choose from")
assert tree.ended_by == "turn"
assert not tree.kept.all()

# %% [markdown]
# ## Investigate: NUTS as the paper prints it
#
# The library makes the tree leaf by leaf, in a loop, on a workspace allocated once
# (`mcmc_edu/samplers/nuts.py`). On paper NUTS is a recursion: *a tree is a leaf, or two trees put
# together*. Here it is.
#
# Which leaf is chosen? In proportion to $w = e^{-H}$, by a lottery: each leaf draws the ticket
# $\log w - \log E$ with $E$ exponential, and the largest ticket wins. $\rho$ is the sum of all
# momenta, the direction from end to end; `turns` asks whether both ends still move along it.


# %%
class Tree(NamedTuple):
    """Leaves in a row; `first` is the nearest to the start, `last` the farthest."""

    first: Point
    last: Point
    rho: np.ndarray
    log_weight: float
    ticket: float
    chosen: Point
    ended: bool


def turns(first, last, rho):
    return not (first.momentum @ rho > 0.0 and last.momentum @ rho > 0.0)


def merge_turns(a, b):
    """Whether two halves turn as a whole, or from one to the nearest leaf of the other."""
    return (
        turns(a.first, b.last, a.rho + b.rho)
        or turns(a.first, b.first, a.rho + b.first.momentum)
        or turns(a.last, b.last, a.last.momentum + b.rho)
    )


def build_tree(rng, point, depth, step_size, start_energy, leapfrog):
    """2**depth leaves that go on from `point`, or as many as it takes to see that they must not."""
    if depth == 0:
        leaf = leapfrog(point, step_size)
        log_weight = start_energy - energy(leaf)
        if not log_weight >= -1000.0:  # the energy has run away: a divergence
            return Tree(leaf, leaf, leaf.momentum, log_weight, -math.inf, leaf, True)
        ticket = log_weight - math.log(rng.standard_exponential())
        return Tree(leaf, leaf, leaf.momentum, log_weight, ticket, leaf, False)
    a = build_tree(rng, point, depth - 1, step_size, start_energy, leapfrog)
    if a.ended:
        return a
    b = build_tree(rng, a.last, depth - 1, step_size, start_energy, leapfrog)
    winner = a if a.ticket > b.ticket else b
    return Tree(
        a.first,
        b.last,
        a.rho + b.rho,
        np.logaddexp(a.log_weight, b.log_weight),
        winner.ticket,
        winner.chosen,
        b.ended or merge_turns(a, b),
    )


def nuts(rng, theta, step_size, leapfrog=leapfrog, max_depth=10):
    """One transition: the next theta."""
    start = Point(theta, rng.standard_normal(theta.size), *log_density(theta))
    start_energy = energy(start)
    tree = Tree(start, start, start.momentum, 0.0, 0.0, start, False)
    for depth in range(max_depth):
        forward = rng.random() < 0.5
        if forward != (step_size > 0.0):  # turn the row round: it always grows at `last`
            tree, step_size = tree._replace(first=tree.last, last=tree.first), -step_size
        new = build_tree(rng, tree.last, depth, step_size, start_energy, leapfrog)
        if new.ended:
            break
        better = math.log(rng.random()) < new.log_weight - tree.log_weight  # prefers the new half
        tree = Tree(
            tree.first,
            new.last,
            tree.rho + new.rho,
            np.logaddexp(tree.log_weight, new.log_weight),
            0.0,
            new.chosen if better else tree.chosen,
            merge_turns(tree, new),
        )
        if tree.ended:
            break
    return tree.chosen.theta


def chain(theta, step_size, n, rng, leapfrog=leapfrog):
    draws = []
    for _ in range(n):
        theta = nuts(rng, theta, step_size, leapfrog)
        draws.append(theta)
    return np.array(draws)


# %% [markdown]
# Does it do what the library does? Not roughly: *exactly*. Both ask the random generator for the same
# numbers in the same order, so from the same seed they must make the same draws. We try it on a normal
# and on a funnel, where some trajectories diverge. (Each chain of `me.sample` has a seed spawned from
# yours, one half of it for the start, the other for the way.)

# %%
for target in (targets.normal([1.0, 9.0]), targets.funnel(3)):
    _, way = np.random.SeedSequence(1).spawn(1)[0].spawn(2)
    ours = chain(np.ones(target.dim), 0.3, 300, np.random.default_rng(way))
    library = me.sample(
        target.log_density,
        np.ones(target.dim),
        data=target.data,
        sampler=me.NUTS(step_size=0.3),
        draws=300,
        warmup=0,
        chains=1,
        seed=1,
    )
    print(
        f"{target.name}: 300 draws, largest difference {np.abs(ours - library.array[0]).max():.1e}, "
        f"{library.stats['divergent'].sum()} divergences"
    )
    assert np.allclose(ours, library.array[0], rtol=1e-8, atol=1e-8)
assert library.stats["divergent"].any()

# %% [markdown]
# And was it worth the trouble? Effective draws for 1000 gradients, the only currency in which samplers
# can be compared, whatever language or machine they run on:


# %%
def per_1000_gradients(draws):
    """Effective draws per 1000 gradients: the worst entry of theta."""
    worst = min(me.ess_bulk(draws.array[:, :, k]) for k in range(draws.array.shape[2]))
    return 1000.0 * worst / draws.stats["n_gradients"].sum()


target = targets.normal(np.ones(50))
worth = {}
for sampler in (me.GIST(), me.NUTS()):
    draws = me.sample(target.log_density, target.start, data=target.data, sampler=sampler, seed=1)
    worth[sampler] = per_1000_gradients(draws)
    print(f"{sampler!s:7s} {worth[sampler]:6.1f} effective draws per 1000 gradients")
assert worth[me.NUTS()] > 2 * worth[me.GIST()]

# %% [markdown]
# > **What could go wrong: two ends, one array.**
# > `momentum += ...` looks like a tidier way to write `momentum = momentum + ...`. But it changes the
# > array that the *previous* point holds as well. A widely used animation of NUTS does so in its
# > leapfrog: all points of a subtree then hold the momentum of the step made last. The U-turn check
# > must ask both ends whether they still move outward; here it asks one of them twice, for the other's
# > momentum is lost. Below we plant the same habit in our own, where the start shares the array as
# > well. The nasty part: at one of the two step sizes the answer looks right.


# %%
def leapfrog_in_place(point, step_size):
    momentum = point.momentum  # no copy: the same array under a second name
    momentum += 0.5 * step_size * point.grad
    theta = point.theta + step_size * momentum
    logp, grad = log_density(theta)
    momentum += 0.5 * step_size * grad
    return Point(theta, momentum, logp, grad)


target = targets.normal(np.ones(20))
found = {}
for step_size in (0.4, 0.6):
    for move in (leapfrog, leapfrog_in_place):
        path = chain(np.ones(20), step_size, 2000, np.random.default_rng(1), move)
        found[move, step_size] = path
        print(
            f"step {step_size}: {move.__name__:17s} mean sd {path.std(axis=0).mean():.3f}, exact 1"
        )
assert abs(found[leapfrog_in_place, 0.4].std(axis=0).mean() - 1) < 0.05
assert abs(found[leapfrog, 0.6].std(axis=0).mean() - 1) < 0.03
assert found[leapfrog_in_place, 0.6].std(axis=0).mean() < 0.85

# %% [markdown]
# A test of averages at one setting would have let it pass. The comparison draw by draw does not: it
# fails within the first few draws, at either step size.

# %%
for step_size in (0.4, 0.6):
    differs = (found[leapfrog, step_size] != found[leapfrog_in_place, step_size]).any(axis=1)
    print(f"step {step_size}: the first draw that differs is number {differs.argmax() + 1}")
    assert differs[:5].any()

# %% [markdown]
# ## Warm-up
#
# The step size is left. Warm-up finds it by making steps and listening: if the acceptance along the
# tree is below the target, shorten; if above, lengthen; and less and less eagerly. *Dual averaging*
# does it with three lines of arithmetic. We can run it on `me.tree` ourselves.

# %%
target = targets.ill_conditioned_normal(dim=25, condition=1e4)  # sds from 0.01 to 1


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


tried, average = find_step_size(target.start, 200, np.random.default_rng(1))
unscaled = me.sample(
    target.log_density,
    target.start,
    data=target.data,
    sampler=me.NUTS(inv_metric=np.ones(25)),
    warmup=200,
    draws=500,
    seed=1,
)
theirs = [sampler.step_size for sampler in unscaled.tuning]
print(f"ours {average[-1]:.4f}; the library's four chains", *np.round(theirs, 4))
assert all(0.8 < average[-1] / step < 1.25 for step in theirs)

figure, ax = plt.subplots(figsize=(8.5, 3.0), layout="constrained")
ax.semilogy(tried, color="0.7", linewidth=0.9, label="tried")
ax.semilogy(average, color="#0072B2", label="averaged")
ax.axhline(np.mean(theirs), color="#D55E00", linestyle="--", linewidth=1.0, label="library")
ax.set(xlabel="iteration of warm-up", ylabel="step size", title="Dual averaging, by hand")
ax.legend(frameon=False)
plt.show()

# %% [markdown]
# ## Modify: the metric
#
# A step of 0.012 it is, because the narrowest direction has an sd of 0.01; and the widest, of sd 1, has
# to be crossed with such steps. Warm-up cures that by learning the scales, the *metric*, from the draws
# of a *window*, and again from a window twice as long, for the first draws are poor.
#
# The variances of the draws are an obvious estimate (`metric="variance"`, as in Stan). But each draw
# comes with its *gradient*, and that knows the scale as well: for a normal it is
# $-(\theta - \text{mean}) / \text{variance}$. So sd of draws over sd of gradients *is* the variance,
# whatever the draws are, even three points from nowhere (`metric="scores"`, our default, as in nutpie):

# %%
points = np.random.default_rng(1).uniform(-1.0, 1.0, (3, 25))
slopes = np.array([log_density(point)[1] for point in points])
by_scores = points.std(axis=0) / slopes.std(axis=0)
by_variance = points.var(axis=0, ddof=1)
print(
    f"largest relative error by scores {np.abs(by_scores / target.sd**2 - 1).max():.0e}, "
    f"by variances {np.abs(by_variance / target.sd**2 - 1).max():.0e}"
)
assert np.allclose(by_scores, target.sd**2)

# %% [markdown]
# So the windows differ. Variances are wrong until the chain has found the bulk of the posterior, and
# rough while draws are few: in a warm-up of 1000, Stan's first window begins at iteration 75 and has 25.
# Gradients ask for neither, and ours begins at 10 and has 10. (Few posteriors are normal, hence the later
# windows.) What follows the last window is for the step size. `mcmc_edu/samplers/warmup.py` has the code.

# %%
from mcmc_edu.samplers.warmup import early_windows, stan_windows

for warmup in (1000, 100):
    for name, windows in (("variance", stan_windows), ("scores", early_windows)):
        found = windows(warmup)
        print(f"warm-up {warmup:4d}, {name:8s}:", *(f"{first}-{last}" for first, last in found))

# %% [markdown]
# A new metric changes what a step size means, so the search for it begins again with each. Of 1000
# iterations the last search has 150 (Stan's has 50). That shows: a young search strides widely (see the
# figure above), its average ends on the cautious side, and acceptance comes out above the 0.8 asked for.
# Here the metric is right from the beginning, so that nothing but the age of the search differs; for our
# normal, and for the banana of the figure worth keeping:

# %%
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
            seed=1,
        )
        step_size = np.mean([sampler.step_size for sampler in draws.tuning])
        acceptance[name, age] = draws.stats["accept_prob"].mean()
        diverged[name, age] = draws.stats["divergent"].sum()
        print(
            f"{name}, search of {age:4d}: step size {step_size:.2f}, acceptance "
            f"{acceptance[name, age]:.2f}, {diverged[name, age]:2d} divergent"
        )
assert acceptance["normal", 25] > acceptance["normal", 1000] + 0.03
assert abs(acceptance["normal", 1000] - 0.8) < 0.04
assert acceptance["banana", 150] > acceptance["banana", 1000] + 0.01
assert diverged["banana", 1000] > 1.5 * diverged["banana", 150]

# %% [markdown]
# On the normal, caution is a little waste. On the banana, whose curvature changes from place to place, it is
# a reserve: the old search takes a longer step. Acceptance 0.8 is an *average* over all places; where the
# banana is thin such a step is too long, and more trajectories diverge.
#
# Now the race: the same normal, once with its axes along the parameters and once turned at random, each
# with a long warm-up and with one of 100. Predict the winner of each column. ("None" at warm-up 100 is
# also what Stan 2 does when asked for less than 150 iterations: it leaves the metric as it is.)

# %%
samplers = {"none": me.NUTS(inv_metric=np.ones(25))} | {
    metric: me.NUTS(metric=metric) for metric in ("variance", "scores", "dense")
}
worth = {}
for turned in (False, True):
    target = targets.ill_conditioned_normal(25, 1e4, rotation_seed=1 if turned else None)
    for warmup in (1000, 100):
        for name, sampler in samplers.items():
            draws = me.sample(
                target.log_density,
                target.start,
                data=target.data,
                sampler=sampler,
                warmup=warmup,
                draws=250,
                seed=1,
            )
            worth[name, turned, warmup] = per_1000_gradients(draws)

print("effective draws     as it is         turned")
print("per 1000 gradients  1000    100    1000    100")
for name in samplers:
    print(f"{name:17s}", *(f"{worth[name, t, w]:6.1f}" for t in (False, True) for w in (1000, 100)))
assert worth["scores", False, 100] > 20 * worth["none", False, 100]
assert worth["scores", False, 100] > 0.35 * worth["scores", False, 1000]
assert worth["dense", False, 100] < 0.5 * worth["dense", False, 1000]
for name in ("variance", "scores"):
    assert worth[name, False, 100] > 1.5 * worth["dense", False, 100]
assert worth["dense", True, 100] < 0.5 * worth["dense", True, 1000]
for warmup in (1000, 100):
    best = worth["dense", True, warmup]
    assert best > 5 * max(worth[name, True, warmup] for name in ("none", "variance", "scores"))

# %% [markdown]
# One scale for each parameter repairs what is stretched *along* the parameters, and with gradients it
# takes few draws: 100 iterations make a gradient worth about half of what 1000 do, or more. It can do
# nothing about directions in between: only the dense metric can, at the price of $25 \cdot 26 / 2$ numbers
# to learn, which 100 iterations do not teach it well. And no metric repairs a scale that *changes* from
# place to place. That is lesson 08.
#
# What was found is yours to keep: `draws.tuning[k]` is the sampler of chain $k$ with its step size and
# metric fixed, ready for a run without warm-up.
#
# ## Make
#
# 1. Let GIST choose $L$ from the far half of the way, $\lceil m/2 \rceil, \dots, m$. What becomes of the
#    factor, and of the condition $L \le m^*$? Is it worth it?
# 2. In `nuts`, take the new half with probability $w_{new} / (w_{old} + w_{new})$ instead. That is
#    as correct. Why is it slower? Check both with `me.ess_bulk`.
# 3. Remove the last two lines of `merge_turns`, the checks across the halves, and run a normal of 50
#    independent entries with step sizes from 0.1 to 0.5. For which of them do the trajectories become
#    much longer, and what has the period of a ball in a bowl, $2\pi$, to do with it?
#
# ## Sources
#
# GIST: N. Bou-Rabee, B. Carpenter, M. Marsden (2024), arXiv:2404.15253. NUTS and dual averaging:
# M. D. Hoffman, A. Gelman (2014), *Journal of Machine Learning Research* 15, 1593-1623. The choice
# among all leaves: M. Betancourt (2017), arXiv:1701.02434. Checks across the halves: Stan, pull request
# 2800. The metric from gradients: A. Seyboldt, E. Carlson, B. Carpenter (2026), arXiv:2603.18845. The
# shared array: chi-feng/mcmc-demo at commit 3412ea9, `algorithms/EfficientNUTS.js`.
