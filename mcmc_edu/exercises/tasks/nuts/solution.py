"""A worked solution: the No-U-Turn sampler, with multinomial weights."""

import math

import numpy as np


def nuts(log_density, gradient, theta0, step_size, max_depth, n, rng):
    """Double the trajectory until it turns; draw a point of it as it grows."""
    theta = np.array(theta0, dtype=float)
    draws = np.empty((n, theta.size))
    for i in range(n):
        momentum = rng.standard_normal(theta.size)
        start = log_density(theta) - 0.5 * momentum @ momentum

        def step(point, direction, start=start):
            """Make a leapfrog step; points are (theta, momentum)."""
            q, p = point
            h = direction * step_size
            p = p + 0.5 * h * gradient(q)
            q = q + h * p
            p = p + 0.5 * h * gradient(q)
            log_weight = log_density(q) - 0.5 * p @ p - start
            return (q, p), log_weight if log_weight > -1000.0 else -math.inf

        left = right = (theta, momentum)
        log_total = 0.0  # log of the sum of weights, relative to the start
        for depth in range(max_depth):
            direction = 1 if rng.random() < 0.5 else -1
            tree = build(right if direction == 1 else left, direction, depth, step, rng)
            if tree is None:
                break
            _, last, log_sum, chosen = tree
            if math.log(1.0 - rng.random()) < log_sum - log_total:  # prefers the newer half
                theta = chosen
            log_total = np.logaddexp(log_total, log_sum)
            if direction == 1:
                right = last
            else:
                left = last
            if turns(left, right):
                break
        draws[i] = theta
    return draws


def build(end, direction, depth, step, rng):
    """Return first and last point of a subtree, its log weight, its draw; None if it must stop."""
    if depth == 0:
        point, log_weight = step(end, direction)
        return None if log_weight == -math.inf else (point, point, log_weight, point[0])
    near = build(end, direction, depth - 1, step, rng)
    if near is None:
        return None
    far = build(near[1], direction, depth - 1, step, rng)
    if far is None:
        return None
    first, last = near[0], far[1]
    if turns(first, last) if direction == 1 else turns(last, first):
        return None
    log_sum = np.logaddexp(near[2], far[2])
    chosen = far[3] if math.log(1.0 - rng.random()) < far[2] - log_sum else near[3]
    return first, last, log_sum, chosen


def turns(left, right):
    """Tell whether either end moves towards the other."""
    span = right[0] - left[0]
    return span @ left[1] < 0.0 or span @ right[1] < 0.0
