"""The no-U-turn sampler as the paper prints it: a tree is a leaf, or two trees put together.

The library makes the same tree leaf by leaf, without recursion (`mcmc_edu/samplers/nuts.py`).  This
twin asks the generator for the same numbers in the same order, and so must make the same draws.

Source: M. D. Hoffman, A. Gelman (2014), *Journal of Machine Learning Research* 15, 1593-1623,
algorithm 6; M. Betancourt (2017), arXiv:1701.02434, for the choice and the criterion.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

Array = np.ndarray


class Hamiltonian(NamedTuple):
    log_density: Callable[[Array], tuple[float, Array]]
    """theta -> log density, gradient."""
    inverse: Array
    """M^-1: variances (dim,) or covariance (dim, dim)."""

    def velocity(self, momentum: Array) -> Array:
        diagonal = self.inverse.ndim == 1
        return self.inverse * momentum if diagonal else self.inverse @ momentum

    def momentum(self, rng: np.random.Generator) -> Array:
        z = rng.standard_normal(len(self.inverse))
        if self.inverse.ndim == 1:
            return z / np.sqrt(self.inverse)
        return np.linalg.cholesky(np.linalg.inv(self.inverse)) @ z


class Point(NamedTuple):
    theta: Array
    momentum: Array
    logp: float
    grad: Array


class Tree(NamedTuple):
    first: Point
    last: Point
    rho: Array
    """Sum of the momenta of all leaves."""
    log_weight: float
    """log sum of exp(H at the start - H)."""
    chosen: Point
    gumbel_key: float
    """Of the chosen leaf: log weight - log E, E ~ Exp(1).  The largest gumbel_key wins."""
    leaves: int
    accept_sum: float
    ended: str = ""
    """Why it must not grow: "turn", "divergence" or not at all."""


def leapfrog(h: Hamiltonian, point: Point, step_size: float) -> Point:
    momentum = point.momentum + 0.5 * step_size * point.grad
    theta = point.theta + step_size * h.velocity(momentum)
    logp, grad = h.log_density(theta)
    return Point(theta, momentum + 0.5 * step_size * grad, logp, grad)


def energy(h: Hamiltonian, point: Point) -> float:
    found = 0.5 * point.momentum @ h.velocity(point.momentum) - point.logp
    return math.inf if math.isnan(found) else found


def turns(h: Hamiltonian, first: Point, last: Point, rho: Array) -> bool:
    """Whether one end has stopped moving the way of the whole."""
    along = h.velocity(rho)
    return not (first.momentum @ along > 0.0 and last.momentum @ along > 0.0)


def merge_turns(h: Hamiltonian, a: Tree, b: Tree) -> bool:
    return (
        turns(h, a.first, b.last, a.rho + b.rho)
        or turns(h, a.first, b.first, a.rho + b.first.momentum)
        or turns(h, a.last, b.last, a.last.momentum + b.rho)
    )


def build_tree(
    rng: np.random.Generator, h: Hamiltonian, start: Point, depth: int, step_size: float, h0: float
) -> Tree:
    """Make a tree of 2**depth leaves that goes on from `start`, or as much as is needed to see
    that it turns or diverges.
    """
    if depth == 0:
        point = leapfrog(h, start, step_size)
        error = energy(h, point) - h0
        accept, gumbel_key, ended = math.exp(min(0.0, -error)), -math.inf, "divergence"
        if error <= 1000.0:
            gumbel_key, ended = -error - math.log(rng.standard_exponential()), ""
        return Tree(point, point, point.momentum, -error, point, gumbel_key, 1, accept, ended)
    a = build_tree(rng, h, start, depth - 1, step_size, h0)
    if a.ended:
        return a
    b = build_tree(rng, h, a.last, depth - 1, step_size, h0)
    best = a if a.gumbel_key > b.gumbel_key else b
    ended = b.ended or ("turn" if merge_turns(h, a, b) else "")
    return Tree(
        a.first,
        b.last,
        a.rho + b.rho,
        np.logaddexp(a.log_weight, b.log_weight),
        best.chosen,
        best.gumbel_key,
        a.leaves + b.leaves,
        a.accept_sum + b.accept_sum,
        ended,
    )


def transition(
    rng: np.random.Generator, h: Hamiltonian, theta: Array, step_size: float, max_depth: int
) -> tuple[Tree, int]:
    """One step of the chain: `tree.chosen` is the next state; also, how often it was doubled."""
    start = Point(theta, h.momentum(rng), *h.log_density(theta))
    h0 = energy(h, start)
    tree = Tree(start, start, start.momentum, 0.0, start, 0.0, 0, 0.0)
    for depth in range(max_depth):
        forward = rng.random() < 0.5
        if forward != (step_size > 0.0):  # the end where it grows is always the last
            tree, step_size = tree._replace(first=tree.last, last=tree.first), -step_size
        new = build_tree(rng, h, tree.last, depth, step_size, h0)
        tried = {"leaves": tree.leaves + new.leaves, "accept_sum": tree.accept_sum + new.accept_sum}
        if new.ended:  # discarded whole
            return tree._replace(ended=new.ended, **tried), depth + 1
        if math.log(rng.random()) < new.log_weight - tree.log_weight:
            tree = tree._replace(chosen=new.chosen)
        turned = merge_turns(h, tree, new)
        tree = tree._replace(
            last=new.last,
            rho=tree.rho + new.rho,
            **tried,
            log_weight=np.logaddexp(tree.log_weight, new.log_weight),
        )
        if turned:
            return tree._replace(ended="turn"), depth + 1
    return tree, max_depth
