"""Wrong and right answers to the exercise `nuts`."""

import math

import numpy as np

from ...exercise import Bank

BANK = Bank("nuts")


# By slices and recursion, after Hoffman and Gelman (2014), algorithm 3; `bug` plants one.
def by_slices(log_density, gradient, theta0, step_size, max_depth, n, rng, bug=""):
    def leap(q, p, h):
        if bug == "backward-is-forward":
            h = abs(h)
        sign = -1.0 if bug == "gradient-sign" else 1.0
        if bug == "two-ends-one-array":
            p += 0.5 * h * gradient(q)
            q = q + h * p
            p += 0.5 * h * gradient(q)
            return q, p
        p = p + sign * 0.5 * h * gradient(q)
        q = q + h * p
        if bug != "last-half-kick-missing":
            p = p + sign * 0.5 * h * gradient(q)
        return q, p

    def joint(q, p):
        if bug == "kinetic-missing":
            return log_density(q)
        return log_density(q) - 0.5 * np.dot(p, p)

    def outward(qm, pm, qp, pp):
        return np.dot(qp - qm, pm) >= 0 and np.dot(qp - qm, pp) >= 0

    def build_tree(q, p, log_u, v, j):
        if j == 0:
            q1, p1 = leap(q, p, v * step_size)
            value = joint(q1, p1)
            good = bool(value > log_u - 1000)
            inside = int(good if bug == "uniform-choice" else value >= log_u)
            return q1, p1, q1, p1, q1, inside, good
        qm, pm, qp, pp, q1, n1, s1 = build_tree(q, p, log_u, v, j - 1)
        if s1:
            if v == -1:
                qm, pm, _, _, q2, n2, s2 = build_tree(qm, pm, log_u, v, j - 1)
            else:
                _, _, qp, pp, q2, n2, s2 = build_tree(qp, pp, log_u, v, j - 1)
            whole = n1 if bug == "preference-inside" else n1 + n2
            if n2 > 0 and (bug == "end-taken" or rng.random() * whole < n2):
                q1 = q2
            s1 = s2
            if bug != "inner-turns-ignored":
                s1 = s1 and outward(qm, pm, qp, pp)
            n1 += n2
        return qm, pm, qp, pp, q1, n1, s1

    theta = theta0
    p_once = rng.standard_normal(theta0.size)
    samples = [theta0] if bug == "start-recorded" else []
    while len(samples) < n:
        p0 = p_once if bug == "momentum-kept" else rng.standard_normal(theta0.size)
        log_u = joint(theta, p0) - rng.exponential()
        qm = qp = theta
        pm = pp = p0
        count, going, j = 1, True, 0
        if bug == "start-not-a-candidate":
            count = 0
        while going and j < max_depth:
            v = 1 if bug == "forward-only" or rng.random() < 0.5 else -1
            if v == -1:
                qm, pm, _, _, q1, n1, s1 = build_tree(qm, pm, log_u, v, j)
            else:
                _, _, qp, pp, q1, n1, s1 = build_tree(qp, pp, log_u, v, j)
            if s1 or bug == "turned-half-kept":
                takes_over = bug in ("newest-half-always", "end-taken")
                if n1 > 0 and (takes_over or rng.random() * count < n1):
                    theta = q1
            count += n1
            going = s1 and outward(qm, pm, qp, pp) and bug != "one-doubling"
            j += 1
        samples.append(theta)
    return np.array(samples)


# By weights, with lists of points in order of time; `bug` plants one.
def by_weights(log_density, gradient, theta0, step_size, max_depth, n, rng, bug=""):
    d = len(theta0)
    draws = np.zeros((n, d))
    current = np.array(theta0)
    momentum = rng.normal(size=d)

    def energy(q, p):
        kinetic = 0.0 if bug == "kinetic-missing" else 0.5 * np.sum(p**2)
        return kinetic - log_density(q)

    def turned(path):
        span = path[-1][0] - path[0][0]
        return span @ path[0][1] < 0 or span @ path[-1][1] < 0

    def turned_anywhere(path):
        size = 2
        while size <= len(path):
            for k in range(0, len(path), size):
                if turned(path[k : k + size]):
                    return True
            size *= 2
        return False

    def weight(path):
        return sum(point[2] for point in path)

    def pick(path):
        if bug == "end-taken":
            return path[-1][0]
        if len(path) == 1:
            return path[0][0]
        if bug == "preference-inside":
            half = len(path) // 2
            first, second = weight(path[:half]), weight(path[half:])
            if rng.random() * first < second:
                return pick(path[half:])
            return pick(path[:half])
        w = np.array([point[2] for point in path])
        return path[rng.choice(len(path), p=w / w.sum())][0]

    for i in range(n):
        if i == 0 and bug == "start-recorded":
            draws[0] = current
            continue
        if bug != "momentum-kept":
            momentum = rng.normal(size=d)
        h0 = energy(current, momentum)
        path = [(current, momentum, 0.0 if bug == "start-not-a-candidate" else 1.0)]
        for depth in range(max_depth):
            backward = rng.random() < 0.5 and bug != "forward-only"
            q, p, _ = path[0] if backward else path[-1]
            h = -step_size if backward and bug != "backward-is-forward" else step_size
            new, good = [], True
            for _ in range(2**depth):
                g = gradient(q)
                if bug == "gradient-sign":
                    g = -g
                if bug == "two-ends-one-array":
                    p += h / 2 * g
                else:
                    p = p + h / 2 * g
                q = q + h * p
                g = gradient(q)
                if bug == "gradient-sign":
                    g = -g
                if bug == "two-ends-one-array":
                    p += h / 2 * g
                elif bug != "last-half-kick-missing":
                    p = p + h / 2 * g
                change = energy(q, p) - h0
                if not change < 1000:
                    good = False
                    break
                new.append((q, p, 1.0 if bug == "uniform-choice" else math.exp(-change)))
                ordered = new[::-1] if backward else new
                if bug != "inner-turns-ignored" and len(new) & (len(new) - 1) == 0:
                    good = good and not turned_anywhere(ordered)
            if good and bug != "inner-turns-ignored":
                good = not turned_anywhere(new[::-1] if backward else new)
            if not good and not (bug == "turned-half-kept" and new):
                break
            always = bug in ("newest-half-always", "end-taken")
            if always or rng.random() * weight(path) < weight(new):
                current = pick(new)
            if not good:
                break
            path = new[::-1] + path if backward else path + new
            if turned(path) or bug == "one-doubling":
                break
        draws[i] = current
    return draws


@BANK.has_bug("uniform-choice")
def uniform_choice_by_slices(log_density, gradient, theta0, step_size, max_depth, n, rng):
    arguments = (log_density, gradient, theta0, step_size, max_depth, n, rng)
    return by_slices(*arguments, bug="uniform-choice")


@BANK.has_bug("uniform-choice")
def uniform_choice_by_weights(log_density, gradient, theta0, step_size, max_depth, n, rng):
    arguments = (log_density, gradient, theta0, step_size, max_depth, n, rng)
    return by_weights(*arguments, bug="uniform-choice")


@BANK.has_bug("kinetic-missing")
def kinetic_missing_by_slices(log_density, gradient, theta0, step_size, max_depth, n, rng):
    arguments = (log_density, gradient, theta0, step_size, max_depth, n, rng)
    return by_slices(*arguments, bug="kinetic-missing")


@BANK.has_bug("kinetic-missing")
def kinetic_missing_by_weights(log_density, gradient, theta0, step_size, max_depth, n, rng):
    arguments = (log_density, gradient, theta0, step_size, max_depth, n, rng)
    return by_weights(*arguments, bug="kinetic-missing")


@BANK.has_bug("inner-turns-ignored")
def inner_turns_ignored_by_slices(log_density, gradient, theta0, step_size, max_depth, n, rng):
    arguments = (log_density, gradient, theta0, step_size, max_depth, n, rng)
    return by_slices(*arguments, bug="inner-turns-ignored")


@BANK.has_bug("inner-turns-ignored")
def inner_turns_ignored_by_weights(log_density, gradient, theta0, step_size, max_depth, n, rng):
    arguments = (log_density, gradient, theta0, step_size, max_depth, n, rng)
    return by_weights(*arguments, bug="inner-turns-ignored")


@BANK.has_bug("turned-half-kept")
def turned_half_kept_by_slices(log_density, gradient, theta0, step_size, max_depth, n, rng):
    arguments = (log_density, gradient, theta0, step_size, max_depth, n, rng)
    return by_slices(*arguments, bug="turned-half-kept")


@BANK.has_bug("turned-half-kept")
def turned_half_kept_by_weights(log_density, gradient, theta0, step_size, max_depth, n, rng):
    arguments = (log_density, gradient, theta0, step_size, max_depth, n, rng)
    return by_weights(*arguments, bug="turned-half-kept")


@BANK.has_bug("forward-only")
def forward_only_by_slices(log_density, gradient, theta0, step_size, max_depth, n, rng):
    arguments = (log_density, gradient, theta0, step_size, max_depth, n, rng)
    return by_slices(*arguments, bug="forward-only")


@BANK.has_bug("forward-only")
def forward_only_by_weights(log_density, gradient, theta0, step_size, max_depth, n, rng):
    arguments = (log_density, gradient, theta0, step_size, max_depth, n, rng)
    return by_weights(*arguments, bug="forward-only")


@BANK.has_bug("backward-is-forward")
def backward_is_forward_by_slices(log_density, gradient, theta0, step_size, max_depth, n, rng):
    arguments = (log_density, gradient, theta0, step_size, max_depth, n, rng)
    return by_slices(*arguments, bug="backward-is-forward")


@BANK.has_bug("backward-is-forward")
def backward_is_forward_by_weights(log_density, gradient, theta0, step_size, max_depth, n, rng):
    arguments = (log_density, gradient, theta0, step_size, max_depth, n, rng)
    return by_weights(*arguments, bug="backward-is-forward")


@BANK.has_bug("two-ends-one-array")
def two_ends_one_array_by_slices(log_density, gradient, theta0, step_size, max_depth, n, rng):
    arguments = (log_density, gradient, theta0, step_size, max_depth, n, rng)
    return by_slices(*arguments, bug="two-ends-one-array")


@BANK.has_bug("two-ends-one-array")
def two_ends_one_array_by_weights(log_density, gradient, theta0, step_size, max_depth, n, rng):
    arguments = (log_density, gradient, theta0, step_size, max_depth, n, rng)
    return by_weights(*arguments, bug="two-ends-one-array")


@BANK.has_bug("newest-half-always")
def newest_half_always_by_slices(log_density, gradient, theta0, step_size, max_depth, n, rng):
    arguments = (log_density, gradient, theta0, step_size, max_depth, n, rng)
    return by_slices(*arguments, bug="newest-half-always")


@BANK.has_bug("newest-half-always")
def newest_half_always_by_weights(log_density, gradient, theta0, step_size, max_depth, n, rng):
    arguments = (log_density, gradient, theta0, step_size, max_depth, n, rng)
    return by_weights(*arguments, bug="newest-half-always")


@BANK.has_bug("preference-inside")
def preference_inside_by_slices(log_density, gradient, theta0, step_size, max_depth, n, rng):
    arguments = (log_density, gradient, theta0, step_size, max_depth, n, rng)
    return by_slices(*arguments, bug="preference-inside")


@BANK.has_bug("preference-inside")
def preference_inside_by_weights(log_density, gradient, theta0, step_size, max_depth, n, rng):
    arguments = (log_density, gradient, theta0, step_size, max_depth, n, rng)
    return by_weights(*arguments, bug="preference-inside")


@BANK.has_bug("end-taken")
def end_taken_by_slices(log_density, gradient, theta0, step_size, max_depth, n, rng):
    arguments = (log_density, gradient, theta0, step_size, max_depth, n, rng)
    return by_slices(*arguments, bug="end-taken")


@BANK.has_bug("end-taken")
def end_taken_by_weights(log_density, gradient, theta0, step_size, max_depth, n, rng):
    arguments = (log_density, gradient, theta0, step_size, max_depth, n, rng)
    return by_weights(*arguments, bug="end-taken")


@BANK.has_bug("start-not-a-candidate")
def start_not_a_candidate_by_slices(log_density, gradient, theta0, step_size, max_depth, n, rng):
    arguments = (log_density, gradient, theta0, step_size, max_depth, n, rng)
    return by_slices(*arguments, bug="start-not-a-candidate")


@BANK.has_bug("start-not-a-candidate")
def start_not_a_candidate_by_weights(log_density, gradient, theta0, step_size, max_depth, n, rng):
    arguments = (log_density, gradient, theta0, step_size, max_depth, n, rng)
    return by_weights(*arguments, bug="start-not-a-candidate")


@BANK.has_bug("momentum-kept")
def momentum_kept_by_slices(log_density, gradient, theta0, step_size, max_depth, n, rng):
    arguments = (log_density, gradient, theta0, step_size, max_depth, n, rng)
    return by_slices(*arguments, bug="momentum-kept")


@BANK.has_bug("momentum-kept")
def momentum_kept_by_weights(log_density, gradient, theta0, step_size, max_depth, n, rng):
    arguments = (log_density, gradient, theta0, step_size, max_depth, n, rng)
    return by_weights(*arguments, bug="momentum-kept")


@BANK.has_bug("gradient-sign")
def gradient_sign_by_slices(log_density, gradient, theta0, step_size, max_depth, n, rng):
    arguments = (log_density, gradient, theta0, step_size, max_depth, n, rng)
    return by_slices(*arguments, bug="gradient-sign")


@BANK.has_bug("gradient-sign")
def gradient_sign_by_weights(log_density, gradient, theta0, step_size, max_depth, n, rng):
    arguments = (log_density, gradient, theta0, step_size, max_depth, n, rng)
    return by_weights(*arguments, bug="gradient-sign")


@BANK.has_bug("last-half-kick-missing")
def last_half_kick_missing_by_slices(log_density, gradient, theta0, step_size, max_depth, n, rng):
    arguments = (log_density, gradient, theta0, step_size, max_depth, n, rng)
    return by_slices(*arguments, bug="last-half-kick-missing")


@BANK.has_bug("last-half-kick-missing")
def last_half_kick_missing_by_weights(log_density, gradient, theta0, step_size, max_depth, n, rng):
    arguments = (log_density, gradient, theta0, step_size, max_depth, n, rng)
    return by_weights(*arguments, bug="last-half-kick-missing")


@BANK.has_bug("start-recorded")
def start_recorded_by_slices(log_density, gradient, theta0, step_size, max_depth, n, rng):
    arguments = (log_density, gradient, theta0, step_size, max_depth, n, rng)
    return by_slices(*arguments, bug="start-recorded")


@BANK.has_bug("start-recorded")
def start_recorded_by_weights(log_density, gradient, theta0, step_size, max_depth, n, rng):
    arguments = (log_density, gradient, theta0, step_size, max_depth, n, rng)
    return by_weights(*arguments, bug="start-recorded")


@BANK.has_bug("one-doubling")
def one_doubling_by_slices(log_density, gradient, theta0, step_size, max_depth, n, rng):
    arguments = (log_density, gradient, theta0, step_size, max_depth, n, rng)
    return by_slices(*arguments, bug="one-doubling")


@BANK.has_bug("one-doubling")
def one_doubling_by_weights(log_density, gradient, theta0, step_size, max_depth, n, rng):
    arguments = (log_density, gradient, theta0, step_size, max_depth, n, rng)
    return by_weights(*arguments, bug="one-doubling")


@BANK.is_right("slices, recursive")
def slices(log_density, gradient, theta0, step_size, max_depth, n, rng):
    return by_slices(log_density, gradient, theta0, step_size, max_depth, n, rng)


@BANK.is_right("weights, lists of points, newer half preferred")
def weights(log_density, gradient, theta0, step_size, max_depth, n, rng):
    return by_weights(log_density, gradient, theta0, step_size, max_depth, n, rng)


@BANK.is_right("slices, the set of candidates kept (algorithm 2)")
def algorithm_2(log_density, gradient, theta0, step_size, max_depth, n, rng):
    def joint(q, p):
        return log_density(q) - 0.5 * p @ p

    def no_turn(qm, pm, qp, pp):
        return (qp - qm) @ pm >= 0 and (qp - qm) @ pp >= 0

    def build(q, p, log_u, v, j):
        if j == 0:
            h = v * step_size
            p = p + 0.5 * h * gradient(q)
            q = q + h * p
            p = p + 0.5 * h * gradient(q)
            value = joint(q, p)
            candidates = [q] if value >= log_u else []
            return q, p, q, p, candidates, value > log_u - 1000
        qm, pm, qp, pp, c, s = build(q, p, log_u, v, j - 1)
        if not s:
            return qm, pm, qp, pp, c, False
        if v == -1:
            qm, pm, _, _, c2, s2 = build(qm, pm, log_u, v, j - 1)
        else:
            _, _, qp, pp, c2, s2 = build(qp, pp, log_u, v, j - 1)
        return qm, pm, qp, pp, c + c2, s2 and no_turn(qm, pm, qp, pp)

    x, out = theta0.copy(), []
    for _ in range(n):
        p = rng.normal(size=x.size)
        log_u = joint(x, p) + math.log(1.0 - rng.random())
        qm, qp, pm, pp, candidates = x, x, p, p, [x]
        for j in range(max_depth):
            v = rng.choice([-1, 1])
            if v == -1:
                qm, pm, _, _, c, s = build(qm, pm, log_u, v, j)
            else:
                _, _, qp, pp, c, s = build(qp, pp, log_u, v, j)
            if not s:
                break
            candidates += c
            if not no_turn(qm, pm, qp, pp):
                break
        x = candidates[rng.integers(len(candidates))]
        out.append(x)
    return np.array(out)


@BANK.is_right("whole trajectory, chosen by weight at the end, directions in advance")
def chosen_at_the_end(log_density, gradient, theta0, step_size, max_depth, n, rng):
    draws = np.empty((n, theta0.size))
    x = theta0
    for i in range(n):
        signs = np.where(rng.random(max_depth) < 0.5, -1, 1)
        position, momentum = x[None], rng.standard_normal((1, x.size))
        log_w = np.array([log_density(x) - 0.5 * (momentum[0] ** 2).sum()])
        top = log_w[0]
        for sign in signs:
            k = 0 if sign < 0 else -1
            q, p, qs, ps, ws = position[k], momentum[k], [], [], []
            for _ in range(len(log_w)):
                p = p + 0.5 * sign * step_size * gradient(q)
                q = q + sign * step_size * p
                p = p + 0.5 * sign * step_size * gradient(q)
                qs.append(q)
                ps.append(p)
                ws.append(log_density(q) - 0.5 * (p**2).sum())
                if not ws[-1] > top - 1000:
                    break
            if len(ws) < len(log_w) or not ws[-1] > top - 1000:
                break
            new = np.array(qs)[::sign], np.array(ps)[::sign], np.array(ws)[::sign]
            if any_turn(new[0], new[1]):
                break
            parts = [new, (position, momentum, log_w)][:: sign * -1]
            position, momentum, log_w = (np.concatenate(a) for a in zip(*parts))
            if end_to_end(position, momentum):
                break
        w = np.exp(log_w - log_w.max())
        x = position[rng.choice(len(w), p=w / w.sum())]
        draws[i] = x
    return draws


def end_to_end(q, p):
    span = q[-1] - q[0]
    return min(span @ p[0], span @ p[-1]) < 0


def any_turn(q, p):
    if len(q) < 2:
        return False
    half = len(q) // 2
    if end_to_end(q, p):
        return True
    return any_turn(q[:half], p[:half]) or any_turn(q[half:], p[half:])


class Tree:
    """A subtree: its ends, log weight and draw; `ok` is False once it turned or diverged."""

    def __init__(self, q, p, log_weight, ok=True):
        self.left = self.right = (q, p)
        self.log_weight, self.draw, self.ok = log_weight, q, ok

    def join(self, other, forward, rng, biased):
        a, b = (self, other) if forward else (other, self)
        self.left, self.right = a.left, b.right
        total = np.logaddexp(self.log_weight, other.log_weight)
        against = self.log_weight if biased else total
        if rng.exponential() > against - other.log_weight:
            self.draw = other.draw
        self.log_weight = total
        (q0, p0), (q1, p1) = self.left, self.right
        self.ok = (q1 - q0) @ p0 >= 0 and (q1 - q0) @ p1 >= 0


def grow(tree_end, depth, forward, make, rng):
    if depth == 0:
        return make(*tree_end, forward)
    tree = grow(tree_end, depth - 1, forward, make, rng)
    if tree.ok:
        other = grow(tree.right if forward else tree.left, depth - 1, forward, make, rng)
        if not other.ok:
            tree.ok = False
        else:
            tree.join(other, forward, rng, biased=False)
    return tree


def with_trees(log_density, gradient, theta0, step_size, max_depth, n, rng, biased):
    x, out = theta0, []
    for _ in range(n):
        p0 = rng.standard_normal(x.size)
        h0 = log_density(x) - p0 @ p0 / 2

        def make(q, p, forward):
            h = step_size if forward else -step_size
            p = p + h / 2 * gradient(q)
            q = q + h * p
            p = p + h / 2 * gradient(q)
            log_weight = log_density(q) - p @ p / 2 - h0  # noqa: B023
            return Tree(q, p, log_weight, log_weight > -1000)

        tree, depth = Tree(x, p0, 0.0), 0
        while tree.ok and depth < max_depth:
            forward = bool(rng.integers(2))
            new = grow(tree.right if forward else tree.left, depth, forward, make, rng)
            if not new.ok:
                break
            tree.join(new, forward, rng, biased)
            depth += 1
        x = tree.draw
        out.append(x)
    return np.array(out)


@BANK.is_right("weights, a class of trees, newer half preferred")
def trees_biased(log_density, gradient, theta0, step_size, max_depth, n, rng):
    return with_trees(log_density, gradient, theta0, step_size, max_depth, n, rng, True)


@BANK.is_right("weights, a class of trees, no preference")
def trees_uniform(log_density, gradient, theta0, step_size, max_depth, n, rng):
    return with_trees(log_density, gradient, theta0, step_size, max_depth, n, rng, False)


@BANK.is_right("weights by Gumbel numbers, iterative, Stan's further checks")
def gumbel_iterative(log_density, gradient, theta0, step_size, max_depth, n, rng):
    x, rows = [float(t) for t in theta0], []

    def step(q, p, h):
        p = p + 0.5 * h * np.asarray(gradient(q))
        q = q + h * p
        return q, p + 0.5 * h * np.asarray(gradient(q))

    def inward(a, b):
        s = b[0] - a[0]
        return s @ a[1] < 0 or s @ b[1] < 0

    def bent(path):  # ends, and each half with the first point of the other one
        m = len(path) // 2
        if inward(path[0], path[-1]):
            return True
        return m > 1 and (inward(path[0], path[m]) or inward(path[m - 1], path[-1]))

    for _ in range(n):
        here = (np.array(x), rng.normal(size=len(x)))
        h0 = 0.5 * here[1] @ here[1] - log_density(here[0])
        path, best, best_score = [here], here, rng.gumbel()
        while len(path) < 2**max_depth:
            back = rng.random() < 0.5
            end, new, fine = path[0] if back else path[-1], [], True
            new_best, new_score = None, -math.inf
            while fine and len(new) < len(path):
                end = step(*end, -step_size if back else step_size)
                change = 0.5 * end[1] @ end[1] - log_density(end[0]) - h0
                fine = bool(change < 1000)
                if not fine:
                    break
                new.append(end)
                score = rng.gumbel() - change
                if score > new_score:
                    new_best, new_score = end, score
                size = 2
                while len(new) % size == 0:
                    block = new[-size:]
                    if bent(block[::-1] if back else block):
                        fine = False
                        break
                    size *= 2
            if not fine:
                break
            if new_score > best_score:
                best, best_score = new_best, new_score
            path = new[::-1] + path if back else path + new
            if bent(path):
                break
        x = best[0]
        rows.append(x)
    return np.array(rows)
