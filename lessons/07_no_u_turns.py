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
# **You need** lessons 04, 05 and 06. **It takes** about 45 minutes.
# **Afterwards you can** explain why a trajectory that stops at its U-turn needs a correction, read
# the tree of a NUTS transition, find each part of NUTS in its code, and say what warm-up learns.
#
# **The question.** Hamiltonian Monte Carlo wants two numbers from you: how long a leapfrog step is,
# and how many to take. Lesson 06 showed what a bad choice costs, and that the right one differs
# from posterior to posterior. Can the trajectory itself show us when to stop?
#
# A trajectory that has begun to come back is a waste of gradients. So go on *until it turns round*.
# That is the whole idea of the no-U-turn sampler. The trouble is to do it without spoiling the
# answer.

# %%
import math
from typing import NamedTuple

import matplotlib.pyplot as plt
import numpy as np

import mcmc_edu as me
from mcmc_edu import targets

SEED = 1  # another seed moves the numbers

target = targets.normal([1.0, 9.0])  # independent normals; variances 1 and 9, so sds 1 and 3


def log_density(theta):
    """Log density of `target` and its gradient; `target` will be another one further down."""
    grad = np.empty(theta.size)
    return target.log_density(theta, grad, target.data), grad


# %% [markdown]
# ## Thirty lines
#
# GIST is the simplest sampler that stops by itself. From $(\theta, p)$, make leapfrog steps until
# the ball moves back towards its start: until the way from the start, $\theta_m - \theta$, and the
# momentum $p_m$ point apart, $(\theta_m - \theta) \cdot p_m < 0$. Say that takes $m$ steps. Pick
# $L$ evenly from $1, \dots, m$ and propose the point after $L$ steps, with momentum $p^*$ and
# energy $H^*$. From *there*, backward, the turn comes after $m^*$ steps. Accept with probability
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
# Why $m/m^*$? Lesson 06 sampled place and push together. Here we sample three things together:
# place, push and $L$. Their density is that of lesson 06, times the chance $\frac1m$ of this $L$:
# $e^{-H(\theta, p)} \cdot \frac1m$ for $L \le m$. *Going $L$ steps and turning the momentum round*
# undoes itself when it is done twice, and keeps volume. So it may be accepted as any Metropolis
# proposal is, by the ratio of the densities there and here: $e^{-H^*}\frac1{m^*}$ over
# $e^{-H}\frac1m$. That is all.
#
# ## Predict
#
# The factor $m/m^*$ is easily forgotten: "$L$ was drawn at random, and the energy is right, so what
# could be wrong?" Leave it out, and think of one dimension: the ball rolls to its turning point,
# and $L$ is spread evenly on the way there. Will the draws be spread too wide, too narrow, or just
# right?

# %%
my_guess = "?"  # write your guess between the quotes

# %%
spreads = {}
for factor in (True, False):
    rng, path = np.random.default_rng(SEED + 1), []
    point = Point(np.ones(2), np.zeros(2), *log_density(np.ones(2)))
    for _ in range(5000):
        point = gist(point, 0.5, rng, factor)
        path.append(point.theta)
    path = np.array(path)
    ratio = path.std(axis=0) / target.sd
    error = np.array([me.mcse_sd(path[None, :, k]) for k in range(2)]) / target.sd
    spreads[factor] = ratio, error
    print(
        f"{'with' if factor else 'without':7s} the factor: sd / exact sd",
        *(f"{r:.3f} (± {e:.3f})" for r, e in zip(ratio, error, strict=True)),
    )
print(f"you guessed {my_guess}; a ratio above 1 is too wide, below 1 too narrow")

# %% [markdown]
# Too wide. Near the turn the way ahead is short and the way back is long: going there is likelier
# than coming back, and without the factor nothing makes up for it. With it the sds are right, and
# only the step size is left to be chosen.
#
# ## From GIST to NUTS
#
# GIST walks the way three times: to find the turn, to go $L$ steps, and to count back. NUTS keeps
# every point that it has paid for, and chooses among them all. To be fair, it must not matter at
# which point of the set it began. In plain words: *start at any other point of the set, and you
# must be able to get the very same set, with the same chance.* If not, going there and coming back
# would not balance.
#
# Hence the doubling. Extend the trajectory by 1, 2, 4, 8, ... steps, each time forward or backward
# by the toss of a coin. After $k$ tosses it has $2^k$ points. Wherever among them you begin,
# exactly one sequence of $k$ tosses grows this set, and each sequence has the same chance.
#
# It stops when the two ends move towards each other: of the whole, or of one of its halves,
# quarters, and so on. The small parts must be looked at too, because a start in there would have
# stopped early.
#
# ## The figure worth keeping
#
# `me.tree` makes one transition with the library's own code and shows all of it. In the last
# doubling (open circles) the ball turned. A start in there would have stopped before it grew the
# rest. So this doubling is thrown away as a whole.

# %%
banana = targets.banana(sd=2.0, bend=0.35)
tree = me.tree(banana.log_density, [-1.5, 1.0], data=banana.data, step_size=0.25, seed=SEED + 2)


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
me.plots.show(
    figure,
    "Left: one transition of NUTS on a banana-shaped density, a row of points that grew at both "
    "ends; in the last doubling, drawn as open circles, the ball turns. Right: the same points "
    "in a row, joined to a tree doubling by doubling; the last one, dashed, is thrown away.",
)
print(
    f"{len(tree.theta) - 1} steps, {tree.kept.sum()} points to choose from; "
    f"ended by {tree.ended_by}"
)

# %% [markdown]
# ## Investigate: NUTS as a recursion
#
# The library makes the tree leaf by leaf, in a loop, on a workspace allocated once
# (`mcmc_edu/samplers/nuts.py`). On paper NUTS is a recursion: *a tree is a leaf, or two trees put
# together*. Before the code, one question and one list.
#
# **Which leaf is chosen?** In proportion to $w = e^{-H}$. But we do not want to store all leaves,
# and while the tree grows we do not know how many will come. A lottery does it: each leaf draws a
# *ticket*, $\log w - \log E$ with $E$ exponential, and the largest ticket wins. When two trees are
# joined, only their two best tickets are compared. (This is known as the Gumbel trick.) Try it with
# weights 1, 2 and 5:

# %%
weights = np.array([1.0, 2.0, 5.0])
tickets = np.log(weights) - np.log(np.random.default_rng(SEED).standard_exponential((100_000, 3)))
wins = np.bincount(tickets.argmax(axis=1)) / 100_000
print("share of wins:", wins.round(3), " share of the weights:", weights / weights.sum())

# %% [markdown]
# **What is whose?** NUTS as it is run today has several authors:
#
# | part | from |
# |---|---|
# | doubling; stop when an end turns back; prefer the new half | Hoffman and Gelman (2014) |
# | choose by weight $e^{-H}$ | Betancourt (2017) |
# | ask both ends whether they move along $\rho$, the sum of all momenta | Betancourt (2017) |
# | ask also across the two halves (last two lines of `merge_turns`) | Stan, pull request 2800 |
#
# Hoffman and Gelman drew a height under $e^{-H}$ of the start, the *slice*, and chose evenly among
# the points above it. They asked whether the way from end to end, $\theta^+ - \theta^-$, points
# along the momenta at the ends. $\rho$ points from end to end as well, and is right for any metric.


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
    steps: int


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
            return Tree(leaf, leaf, leaf.momentum, log_weight, -math.inf, leaf, True, 1)
        ticket = log_weight - math.log(rng.standard_exponential())
        return Tree(leaf, leaf, leaf.momentum, log_weight, ticket, leaf, False, 1)
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
        a.steps + b.steps,
    )


def nuts(rng, theta, step_size, leapfrog=leapfrog, max_depth=10):
    """One transition: the next theta, and how many leapfrog steps it took."""
    start = Point(theta, rng.standard_normal(theta.size), *log_density(theta))
    start_energy = energy(start)
    tree = Tree(start, start, start.momentum, 0.0, 0.0, start, False, 0)
    steps = 0
    for depth in range(max_depth):
        forward = rng.random() < 0.5
        if forward != (step_size > 0.0):  # turn the row round: it always grows at `last`
            tree, step_size = tree._replace(first=tree.last, last=tree.first), -step_size
        new = build_tree(rng, tree.last, depth, step_size, start_energy, leapfrog)
        steps += new.steps
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
            steps,
        )
        if tree.ended:
            break
    return tree.chosen.theta, steps


def chain(theta, step_size, n, rng, leapfrog=leapfrog):
    """n draws, and the leapfrog steps that each of them took."""
    draws, steps = [], []
    for _ in range(n):
        theta, made = nuts(rng, theta, step_size, leapfrog)
        draws.append(theta)
        steps.append(made)
    return np.array(draws), np.array(steps)


# %% [markdown]
# Does it do what the library does? Not roughly: *exactly*. Both ask the random generator for the
# same numbers in the same order, so from the same seed they must make the same draws. We try it on
# a normal and on a funnel, where some trajectories diverge. (Each chain of `me.sample` has a seed
# spawned from yours, one half of it for the start, the other for the way.)

# %%
differences = {}
for target in (targets.normal([1.0, 9.0]), targets.funnel(3)):
    _, way = np.random.SeedSequence(SEED).spawn(1)[0].spawn(2)
    ours, steps = chain(np.ones(target.dim), 0.3, 300, np.random.default_rng(way))
    library = me.sample(
        target.log_density,
        np.ones(target.dim),
        data=target.data,
        sampler=me.NUTS(step_size=0.3),
        draws=300,
        warmup=0,
        chains=1,
        seed=SEED,
    )
    differences[target.name] = np.abs(ours - library.array[0]).max()
    print(
        f"{target.name}: 300 draws in {steps.sum()} steps (library: "
        f"{library.stats['n_gradients'].sum()}), "
        f"largest difference {differences[target.name]:.1e}, "
        f"{library.stats['divergent'].sum()} divergences"
    )

# %% [markdown]
# And was it worth the trouble? Count effective draws per 1000 gradients, in 50 dimensions:


# %%
def per_1000_gradients(draws):
    """Effective draws per 1000 gradients: the worst entry of theta."""
    worst = min(me.ess_bulk(draws.array[:, :, k]) for k in range(draws.array.shape[2]))
    return 1000.0 * worst / draws.stats["n_gradients"].sum()


target = targets.normal(np.ones(50))
worth = {}
for sampler in (me.GIST(), me.NUTS()):
    draws = me.sample(
        target.log_density, target.start, data=target.data, sampler=sampler, seed=SEED
    )
    worth[sampler] = per_1000_gradients(draws)
    print(f"{sampler!s:7s} {worth[sampler]:6.1f} effective draws per 1000 gradients")

# %% [markdown]
# > **What could go wrong: two ends, one array.**
# > `momentum += ...` looks like a tidier way to write `momentum = momentum + ...`. But it changes
# > the array that the *previous* point holds as well. Then both ends of a subtree hold the momentum
# > of the step made last, and the U-turn check asks one end twice. (Found in chi-feng's animation
# > of NUTS; thanks for a picture that has taught so many of us.) Below we plant the same habit in
# > our own code, where even the start shares the array. The nasty part: at one of the two step
# > sizes the answer looks right.


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
        path, _ = chain(np.ones(20), step_size, 2000, np.random.default_rng(SEED), move)
        found[move, step_size] = path
        print(
            f"step {step_size}: {move.__name__:17s} mean sd {path.std(axis=0).mean():.3f}, exact 1"
        )

# %% [markdown]
# A test of averages at one setting would have let it pass. The comparison draw by draw does not: it
# fails within the first few draws, at either step size.

# %%
first_to_differ = {}
for step_size in (0.4, 0.6):
    differs = (found[leapfrog, step_size] != found[leapfrog_in_place, step_size]).any(axis=1)
    first_to_differ[step_size] = differs.argmax() + 1
    print(f"step {step_size}: the first draw that differs is number {first_to_differ[step_size]}")

# %% [markdown]
# ## Warm-up, in short
#
# The number of steps now finds itself. `me.sample` learns the rest in *warm-up*, a first part of
# each chain (1000 iterations unless you say otherwise) whose draws are thrown away:
#
# - **the step size:** if the acceptance along the tree is below 0.8, shorten the step; if above,
#   lengthen it; and change it less and less;
# - **the metric** (`inv_metric`, lesson 06): the variance of each parameter. The variances of the
#   draws are one estimate (`metric="variance"`). The default, `metric="scores"`, uses the gradients
#   as well. `metric="dense"` learns the correlations too.
#
# How it does both, and how long it needs, is in lesson 07b, an appendix that you can skip.
#
# ## Modify: the metric
#
# Here is a normal in 25 dimensions, with sds from 0.01 to 1: once with its axes along the
# parameters, and once turned at random. Which of the three metrics, or none, will win on which?

# %%
samplers = {"none": me.NUTS(inv_metric=np.ones(25))} | {
    metric: me.NUTS(metric=metric) for metric in ("variance", "scores", "dense")
}
race = {}
print("effective draws per 1000 gradients    as it is    turned")
for name, sampler in samplers.items():
    for turned in (False, True):
        target = targets.ill_conditioned_normal(25, 1e4, rotation_seed=SEED if turned else None)
        draws = me.sample(
            target.log_density,
            target.start,
            data=target.data,
            sampler=sampler,
            draws=250,
            seed=SEED,
        )
        race[name, turned] = per_1000_gradients(draws)
    print(f"{name:36s} {race[name, False]:8.1f} {race[name, True]:10.1f}")

# %% [markdown]
# One scale for each parameter repairs what is stretched *along* the parameters. It can do nothing
# about directions in between: only the dense metric can. And no metric repairs a scale that
# *changes* from place to place. That is lesson 08.
#
# What was found is yours to keep: `draws.tuning[k]` is the sampler of chain $k$ with its step size
# and metric fixed, ready for a run without warm-up.
#
# ## Make
#
# 1. Let GIST choose $L$ from the far half of the way, $\lceil m/2 \rceil, \dots, m$. What becomes
#    of the factor, and of the condition $L \le m^*$? Check the sds. Is it worth it, per gradient?
# 2. In `nuts`, take the new half with probability $w_{new} / (w_{old} + w_{new})$ instead. That is
#    as correct. Why is it slower? Check the sds of both, and compare their `me.ess_bulk`.
# 3. Remove the last two lines of `merge_turns`, the checks across the halves, and run a normal of
#    50 independent entries with step sizes from 0.1 to 0.5. (`chain` returns the steps of each
#    draw.) For which step sizes do the trajectories become much longer, and what has the period of
#    a ball in a bowl, $2\pi$, to do with it?
#
# The grader examines `dual_averaging`, `nuts` and `u_turn`:
# `.venv/bin/mcmc-edu exercises start dual_averaging` writes a file to begin with, and
# `.venv/bin/mcmc-edu exercises check dual_averaging.py` says what is wrong with yours.
#
# ## Sources
#
# GIST: N. Bou-Rabee, B. Carpenter, M. Marsden (2024), arXiv:2404.15253. NUTS and the search for the
# step size: M. D. Hoffman, A. Gelman (2014), *Journal of Machine Learning Research* 15, 1593-1623.
# Choice by weight, and the sum of the momenta: M. Betancourt (2017), arXiv:1701.02434. Checks
# across the halves: Stan, pull request 2800. The metric from gradients: A. Seyboldt, E. Carlson, B.
# Carpenter (2026), arXiv:2603.18845. The shared array: chi-feng/mcmc-demo at commit 3412ea9,
# `algorithms/EfficientNUTS.js`.
