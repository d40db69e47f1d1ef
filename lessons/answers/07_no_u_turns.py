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
# # Answers to 07 · No U-turns: GIST, NUTS, and warm-up
#
# The code of the lesson, with a switch for each exercise.

# %%
import math
from typing import NamedTuple

import numpy as np

import mcmc_edu as me

SEED = 1


class Point(NamedTuple):
    theta: np.ndarray
    momentum: np.ndarray
    logp: float
    grad: np.ndarray


made = 0  # leapfrog steps of exercise 1


def leapfrog(point, step_size):
    global made
    made += 1
    momentum = point.momentum + 0.5 * step_size * point.grad
    theta = point.theta + step_size * momentum
    grad = np.empty(theta.size)
    logp = target.log_density(theta, grad, target.data)
    return Point(theta, momentum + 0.5 * step_size * grad, logp, grad)


def begin(theta, rng):
    grad = np.empty(theta.size)
    logp = target.log_density(theta, grad, target.data)
    return Point(theta, rng.standard_normal(theta.size), logp, grad)


def energy(point):
    return 0.5 * point.momentum @ point.momentum - point.logp


# %% [markdown]
# ## 1 · GIST from the far half
#
# From a way of $m$ steps, $L$ now has $c(m) = m - \lceil m/2 \rceil + 1$ choices. So the factor
# becomes $c(m) / c(m^*)$. The way back must be able to draw the same $L$: $\lceil m^*/2 \rceil \le
# L \le m^*$.


# %%
def steps_to_turn(start, step_size):
    point, steps = start, 0
    while (point.theta - start.theta) @ point.momentum >= 0.0:
        point, steps = leapfrog(point, step_size), steps + 1
    return steps


def gist(theta, step_size, rng, far_half):
    start = begin(theta, rng)
    there = steps_to_turn(start, step_size)
    first = math.ceil(there / 2) if far_half else 1
    length = rng.integers(first, there + 1)
    end = start
    for _ in range(length):
        end = leapfrog(end, step_size)
    back = steps_to_turn(end._replace(momentum=-end.momentum), step_size)
    first_back = math.ceil(back / 2) if far_half else 1
    choices, choices_back = there - first + 1, back - first_back + 1
    log_ratio = energy(start) - energy(end) + math.log(choices / choices_back)
    accepted = first_back <= length <= back and math.log(rng.random()) < log_ratio
    return end.theta if accepted else start.theta


target = me.targets.normal([1.0, 9.0])
farther = {}
for far_half in (False, True):
    rng, theta, path, made = np.random.default_rng(SEED), np.ones(2), [], 0
    for _ in range(10_000):
        theta = gist(theta, 0.5, rng, far_half)
        path.append(theta)
    path = np.array(path)
    ratios = path.std(axis=0) / target.sd
    errors = np.array([me.mcse_sd(path[None, :, k]) for k in range(2)]) / target.sd
    moves = np.mean(np.diff(path[:, 0]) != 0.0)
    worth = min(min(me.ess_bulk(x), me.ess_sd(x)) for x in path.T[:, None]) * 1000 / made
    farther[far_half] = ratios, errors, moves, worth
    print(
        f"{'far half' if far_half else 'all of it':9s} sd / exact sd {ratios.round(3)} ± "
        f"{errors.round(3)}, moved {moves:.2f}, effective draws per 1000 gradients {worth:.1f}"
    )

# %% [markdown]
# The sds are right with the new factor. But fewer moves are accepted, because seen from the other
# side the same $L$ often lies in the near half. Per gradient it is worth less here, not more.
#
# ## 2 · Choosing the new half


# %%
class Tree(NamedTuple):
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


def merge_turns(a, b, across):
    turned = turns(a.first, b.last, a.rho + b.rho)
    if across:
        turned = turned or turns(a.first, b.first, a.rho + b.first.momentum)
        turned = turned or turns(a.last, b.last, a.last.momentum + b.rho)
    return turned


def build_tree(rng, point, depth, step_size, start_energy, across):
    if depth == 0:
        leaf = leapfrog(point, step_size)
        log_weight = start_energy - energy(leaf)
        if not log_weight >= -1000.0:
            return Tree(leaf, leaf, leaf.momentum, log_weight, -math.inf, leaf, True, 1)
        ticket = log_weight - math.log(rng.standard_exponential())
        return Tree(leaf, leaf, leaf.momentum, log_weight, ticket, leaf, False, 1)
    a = build_tree(rng, point, depth - 1, step_size, start_energy, across)
    if a.ended:
        return a
    b = build_tree(rng, a.last, depth - 1, step_size, start_energy, across)
    winner = a if a.ticket > b.ticket else b
    return Tree(
        a.first,
        b.last,
        a.rho + b.rho,
        np.logaddexp(a.log_weight, b.log_weight),
        winner.ticket,
        winner.chosen,
        b.ended or merge_turns(a, b, across),
        a.steps + b.steps,
    )


def nuts(rng, theta, step_size, prefer_new=True, across=True, max_depth=10):
    start = begin(theta, rng)
    start_energy = energy(start)
    tree = Tree(start, start, start.momentum, 0.0, 0.0, start, False, 0)
    steps = 0
    for depth in range(max_depth):
        forward = rng.random() < 0.5
        if forward != (step_size > 0.0):
            tree, step_size = tree._replace(first=tree.last, last=tree.first), -step_size
        new = build_tree(rng, tree.last, depth, step_size, start_energy, across)
        steps += new.steps
        if new.ended:
            break
        both = np.logaddexp(tree.log_weight, new.log_weight)
        compared = tree.log_weight if prefer_new else both
        better = math.log(rng.random()) < new.log_weight - compared
        tree = Tree(
            tree.first,
            new.last,
            tree.rho + new.rho,
            both,
            0.0,
            new.chosen if better else tree.chosen,
            merge_turns(tree, new, across),
            steps,
        )
        if tree.ended:
            break
    return tree.chosen.theta, steps


def chain(step_size, n, **switches):
    rng, theta = np.random.default_rng(SEED), np.ones(target.dim)
    draws, steps = [], []
    for _ in range(n):
        theta, number = nuts(rng, theta, step_size, **switches)
        draws.append(theta)
        steps.append(number)
    return np.array(draws), np.array(steps)


target = me.targets.normal(np.ones(20))
choices = {}
for prefer_new in (True, False):
    draws, _ = chain(0.5, 2000, prefer_new=prefer_new)
    worths = [me.ess_bulk(draws[None, :, k]) for k in range(20)]
    choices[prefer_new] = draws.std(axis=0).mean(), np.median(worths)
    print(
        f"{'prefers the new half' if prefer_new else 'by weight alone':20s}: mean sd "
        f"{choices[prefer_new][0]:.3f} (exact 1), median of effective draws {np.median(worths):.0f}"
    )

# %% [markdown]
# Both have the right sds. By weight alone the start's own half wins about every second time, at
# each doubling, so many draws stay near the start. The new half lies farther away. Preferring it
# makes longer moves at the same cost.
#
# ## 3 · Without the checks across the halves

# %%
target = me.targets.normal(np.ones(50))
lengths = {}
print("step size   steps per draw: with the checks, without   2 pi / step size")
for step_size in (0.1, 0.2, 0.3, 0.4, 0.5):
    lengths[step_size] = [chain(step_size, 60, across=across)[1].mean() for across in (True, False)]
    print(
        f"{step_size:9.1f}   {lengths[step_size][0]:30.0f}, {lengths[step_size][1]:7.0f}   "
        f"{2 * math.pi / step_size:16.1f}"
    )

# %% [markdown]
# The trajectories become much longer where a power of two is close to a whole period: $64 \times
# 0.1$, $32 \times 0.2$ and $16 \times 0.4$ are all 6.4, and $2\pi$ is 6.28. Doubling looks at the
# ends only when the number of points is a power of two. A tree of almost exactly one period ends
# where it began, with the momentum it began with, and the check is fooled: both ends seem to move
# apart. After the next doubling it is two periods, and so on. With steps of 0.3 and 0.5 no power of
# two comes so close. The checks across the halves compare pieces that are one point longer than a
# half, and see the turn.
