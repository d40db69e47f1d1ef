"""Wrong and right answers to the exercise `leapfrog`."""

import numpy as np

from ...exercise import Bank

BANK = Bank("leapfrog")


@BANK.has_bug("last-half-kick-missing")
def merged_without_the_end(theta, momentum, step_size, steps, gradient):
    theta, momentum = theta.copy(), momentum.copy()
    momentum = momentum + 0.5 * step_size * gradient(theta)
    for i in range(steps):
        theta = theta + step_size * momentum
        if i < steps - 1:
            momentum = momentum + step_size * gradient(theta)
    return theta, momentum


@BANK.has_bug("last-half-kick-missing")
def returns_early(theta, momentum, step_size, steps, gradient):
    q, p = np.array(theta), np.array(momentum)
    k = 0
    while True:
        p += step_size / 2 * gradient(q)
        q += step_size * p
        k += 1
        if k == steps:
            return q, p
        p += step_size / 2 * gradient(q)


@BANK.has_bug("first-half-kick-missing")
def drift_at_once(theta, momentum, step_size, steps, gradient):
    for i in range(steps):
        if i > 0:
            momentum = momentum + 0.5 * step_size * gradient(theta)
        theta = theta + step_size * momentum
        momentum = momentum + 0.5 * step_size * gradient(theta)
    return theta, momentum


@BANK.has_bug("first-half-kick-missing")
def merged_without_the_start(theta, momentum, step_size, steps, gradient):
    theta, momentum = theta.copy(), momentum.copy()
    for _ in range(steps - 1):
        theta += step_size * momentum
        momentum += step_size * gradient(theta)
    theta += step_size * momentum
    momentum += step_size / 2 * gradient(theta)
    return theta, momentum


@BANK.has_bug("whole-kicks-at-the-ends")
def no_halves(theta, momentum, step_size, steps, gradient):
    momentum = momentum + step_size * gradient(theta)
    for _ in range(steps):
        theta = theta + step_size * momentum
        momentum = momentum + step_size * gradient(theta)
    return theta, momentum


@BANK.has_bug("whole-kicks-at-the-ends")
def whole_kicks(theta, momentum, step_size, steps, gradient):
    q, p = list(theta), list(momentum)
    g = gradient(np.array(q))
    for j in range(len(p)):
        p[j] += step_size * g[j]
    for _ in range(steps):
        for j in range(len(q)):
            q[j] += step_size * p[j]
        g = gradient(np.array(q))
        for j in range(len(p)):
            p[j] += step_size * g[j]
    return np.array(q), np.array(p)


@BANK.has_bug("sign-flipped")
def minus(theta, momentum, step_size, steps, gradient):
    for _ in range(steps):
        momentum = momentum - 0.5 * step_size * gradient(theta)
        theta = theta + step_size * momentum
        momentum = momentum - 0.5 * step_size * gradient(theta)
    return theta, momentum


@BANK.has_bug("sign-flipped")
def gradient_of_potential(theta, momentum, step_size, steps, gradient):
    def dU(q):
        return np.asarray(gradient(q))

    q = theta.copy()
    p = momentum - step_size * dU(q) / 2
    for i in range(1, steps + 1):
        q = q + step_size * p
        if i != steps:
            p = p - step_size * dU(q)
    p = p - step_size * dU(q) / 2
    return q, p


@BANK.has_bug("stale-gradient")
def gradient_once(theta, momentum, step_size, steps, gradient):
    force = gradient(theta)
    for _ in range(steps):
        momentum = momentum + 0.5 * step_size * force
        theta = theta + step_size * momentum
        momentum = momentum + 0.5 * step_size * force
    return theta, momentum


@BANK.has_bug("stale-gradient")
def gradient_of_start(theta, momentum, step_size, steps, gradient):
    q, p = theta.copy(), momentum.copy()
    for _ in range(steps):
        p += 0.5 * step_size * gradient(theta)
        q += step_size * p
        p += 0.5 * step_size * gradient(theta)
    return q, p


@BANK.has_bug("second-kick-stale")
def gradient_once_a_step(theta, momentum, step_size, steps, gradient):
    for _ in range(steps):
        force = gradient(theta)
        momentum = momentum + 0.5 * step_size * force
        theta = theta + step_size * momentum
        momentum = momentum + 0.5 * step_size * force
    return theta, momentum


@BANK.has_bug("second-kick-stale")
def new_names(theta, momentum, step_size, steps, gradient):
    q, p = theta, momentum
    for _ in range(steps):
        p_half = p + step_size / 2 * gradient(q)
        q_new = q + step_size * p_half
        p_new = p_half + step_size / 2 * gradient(q)
        q, p = q_new, p_new
    return q, p


@BANK.has_bug("euler")
def both_at_once(theta, momentum, step_size, steps, gradient):
    for _ in range(steps):
        theta, momentum = theta + step_size * momentum, momentum + step_size * gradient(theta)
    return theta, momentum


@BANK.has_bug("euler")
def derivative_vector(theta, momentum, step_size, steps, gradient):
    d = len(theta)
    z = np.concatenate([theta, momentum])
    for _ in range(steps):
        z = z + step_size * np.concatenate([z[d:], gradient(z[:d])])
    return z[:d], z[d:]


@BANK.has_bug("symplectic-euler")
def kick_then_drift(theta, momentum, step_size, steps, gradient):
    for _ in range(steps):
        momentum = momentum + step_size * gradient(theta)
        theta = theta + step_size * momentum
    return theta, momentum


@BANK.has_bug("symplectic-euler")
def kick_then_drift_in_place(theta, momentum, step_size, steps, gradient):
    state = np.vstack([theta, momentum]).astype(float)
    while steps > 0:
        state[1] += step_size * np.asarray(gradient(state[0].copy()))
        state[0] += step_size * state[1]
        steps -= 1
    return state[0], state[1]


@BANK.has_bug("drift-first")
def drift_kick_drift(theta, momentum, step_size, steps, gradient):
    for _ in range(steps):
        theta = theta + 0.5 * step_size * momentum
        momentum = momentum + step_size * gradient(theta)
        theta = theta + 0.5 * step_size * momentum
    return theta, momentum


@BANK.has_bug("drift-first")
def drifts_merged(theta, momentum, step_size, steps, gradient):
    q, p = theta + step_size * momentum / 2, momentum
    for k in range(steps):
        p = p + step_size * gradient(q)
        q = q + step_size * p * (1.0 if k + 1 < steps else 0.5)
    return q, p


@BANK.has_bug("one-step-less")
def range_from_one(theta, momentum, step_size, steps, gradient):
    for _ in range(1, steps):
        momentum = momentum + 0.5 * step_size * gradient(theta)
        theta = theta + step_size * momentum
        momentum = momentum + 0.5 * step_size * gradient(theta)
    return theta, momentum


@BANK.has_bug("one-step-less")
def counted_down(theta, momentum, step_size, steps, gradient):
    q, p = theta.copy(), momentum.copy()
    left = steps
    while left > 1:
        left -= 1
        p += 0.5 * step_size * gradient(q)
        q += step_size * p
        p += 0.5 * step_size * gradient(q)
    return q, p


@BANK.has_bug("one-step-more")
def one_before_the_loop(theta, momentum, step_size, steps, gradient):
    momentum = momentum + 0.5 * step_size * gradient(theta)
    theta = theta + step_size * momentum
    for _ in range(steps):
        momentum = momentum + step_size * gradient(theta)
        theta = theta + step_size * momentum
    momentum = momentum + 0.5 * step_size * gradient(theta)
    return theta, momentum


@BANK.has_bug("one-step-more")
def up_to_steps(theta, momentum, step_size, steps, gradient):
    def one_step(q, p):
        p = p + step_size * gradient(q) / 2
        q = q + step_size * p
        return q, p + step_size * gradient(q) / 2

    i = 0
    q, p = theta, momentum
    while i <= steps:
        q, p = one_step(q, p)
        i += 1
    return q, p


@BANK.has_bug("momentum-negated")
def negated(theta, momentum, step_size, steps, gradient):
    for _ in range(steps):
        momentum = momentum + 0.5 * step_size * gradient(theta)
        theta = theta + step_size * momentum
        momentum = momentum + 0.5 * step_size * gradient(theta)
    return theta, -momentum


@BANK.has_bug("momentum-negated")
def neal(theta, momentum, step_size, steps, gradient):
    q = theta.copy()
    p = momentum + step_size * gradient(q) / 2
    for i in range(1, steps + 1):
        q = q + step_size * p
        if i != steps:
            p = p + step_size * gradient(q)
    p = p + step_size * gradient(q) / 2
    p = -p  # to make the proposal symmetric
    return q, p


@BANK.has_bug("half-drift")
def all_halved(theta, momentum, step_size, steps, gradient):
    half = step_size / 2
    for _ in range(steps):
        momentum = momentum + half * gradient(theta)
        theta = theta + half * momentum
        momentum = momentum + half * gradient(theta)
    return theta, momentum


@BANK.has_bug("half-drift")
def half_drift_in_place(theta, momentum, step_size, steps, gradient):
    q, p = np.array(theta, float), np.array(momentum, float)
    g = gradient(q)
    for _ in range(steps):
        p += 0.5 * step_size * g
        q += 0.5 * step_size * p
        g = gradient(q)
        p += 0.5 * step_size * g
    return q, p


@BANK.has_bug("input-changed")
def all_in_place(theta, momentum, step_size, steps, gradient):
    for _ in range(steps):
        momentum += 0.5 * step_size * gradient(theta)
        theta += step_size * momentum
        momentum += 0.5 * step_size * gradient(theta)
    return theta, momentum


@BANK.has_bug("input-changed")
def momentum_in_place(theta, momentum, step_size, steps, gradient):
    momentum += 0.5 * step_size * gradient(theta)
    for i in range(steps):
        theta = theta + step_size * momentum
        momentum += step_size * gradient(theta) * (0.5 if i == steps - 1 else 1.0)
    return theta, momentum


@BANK.has_bug("input-changed")
def asarray_is_no_copy(theta, momentum, step_size, steps, gradient):
    q, p = np.asarray(theta), np.asarray(momentum)
    for _ in range(steps):
        np.add(p, 0.5 * step_size * gradient(q), out=p)
        np.add(q, step_size * p, out=q)
        np.add(p, 0.5 * step_size * gradient(q), out=p)
    return q.copy(), p.copy()


@BANK.is_right("as stated")
def as_stated(theta, momentum, step_size, steps, gradient):
    for _ in range(steps):
        momentum = momentum + step_size / 2 * gradient(theta)
        theta = theta + step_size * momentum
        momentum = momentum + step_size / 2 * gradient(theta)
    return theta, momentum


@BANK.is_right("kicks merged")
def merged(theta, momentum, step_size, steps, gradient):
    q = np.array(theta, dtype=float)
    p = momentum + 0.5 * step_size * gradient(q)
    for _ in range(steps - 1):
        q += step_size * p
        p += step_size * gradient(q)
    q += step_size * p
    p += 0.5 * step_size * gradient(q)
    return q, p


@BANK.is_right("lists")
def lists(theta, momentum, step_size, steps, gradient):
    q, p = [float(t) for t in theta], [float(m) for m in momentum]
    for _ in range(steps):
        g = gradient(np.array(q))
        p = [pj + 0.5 * step_size * gj for pj, gj in zip(p, g)]
        q = [qj + step_size * pj for qj, pj in zip(q, p)]
        g = gradient(np.array(q))
        p = [pj + 0.5 * step_size * gj for pj, gj in zip(p, g)]
    return np.array(q), np.array(p)


@BANK.is_right("recursive")
def recursive(theta, momentum, step_size, steps, gradient):
    if steps == 0:
        return theta, momentum
    middle = momentum + step_size * gradient(theta) / 2
    there = theta + step_size * middle
    end = middle + step_size * gradient(there) / 2
    return recursive(there, end, step_size, steps - 1, gradient)


@BANK.is_right("velocity form")
def velocity_form(theta, momentum, step_size, steps, gradient):
    force = np.asarray(gradient(theta))
    for _ in range(steps):
        theta = theta + step_size * momentum + 0.5 * step_size**2 * force
        new_force = np.asarray(gradient(theta))
        momentum = momentum + 0.5 * step_size * (force + new_force)
        force = new_force
    return theta, momentum
