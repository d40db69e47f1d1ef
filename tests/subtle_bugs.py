"""Wrong answers of no known kind that differ little from right ones, or in several unknowns alone.

They join those of `unknown_bugs`.  A chain is made of its proposal and its decision, so that each
of these mistakes is one line.
"""

import math

import numpy as np
from unknown_bugs import unknown


def walk(exercise, name, propose=None, accept=None):
    """Put a random walk among the wrong answers, with a proposal or a decision of its own."""

    def function(log_density, theta0, scale, n, rng):
        theta = np.array(theta0, dtype=float)
        logp, draws = log_density(theta), np.empty((n, theta.size))
        for i in range(n):
            z = scale * rng.standard_normal(theta.size)
            multiplies = exercise == "metropolis_hastings"
            proposal = theta * np.exp(z) if multiplies else theta + z
            if propose:
                proposal = propose(theta, scale, rng, i, theta0)
            logp_new = log_density(proposal)
            rise = logp_new - logp
            if multiplies:
                rise += np.log(proposal / theta)[:2].sum()
            decided = np.log(rng.random()) < rise
            if accept:
                decided = accept(rise, proposal, rng)
            if decided:
                theta, logp = proposal, logp_new
            draws[i] = theta
        return draws

    function.__name__ = f"{exercise}_{name.replace(' ', '_')}"
    unknown(exercise, name)(function)


walk("metropolis_hastings", "two coordinates corrected")
walk("metropolis", "t steps", lambda x, scale, rng, i, x0: x + scale * rng.standard_t(5, x.size))
walk(
    "metropolis",
    "smaller steps in more unknowns",
    lambda x, scale, rng, i, x0: x + scale / math.sqrt(x.size) * rng.standard_normal(x.size),
)
walk(
    "metropolis",
    "Laplace steps",
    lambda x, scale, rng, i, x0: x + rng.laplace(0.0, scale / math.sqrt(2.0), x.size),
)
walk(
    "metropolis",
    "steps with a drift",
    lambda x, scale, rng, i, x0: x + scale * (rng.standard_normal(x.size) + 0.1),
)
walk(
    "metropolis",
    "a third number that is the first",
    lambda x, scale, rng, i, x0: x + scale * np.resize(rng.standard_normal(2), x.size),
)
walk(
    "metropolis",
    "a new beginning every fifty draws",
    lambda x, scale, rng, i, x0: (x0 if i % 50 == 49 else x) + scale * rng.standard_normal(x.size),
)
walk(
    "metropolis",
    "a hidden box",
    accept=lambda rise, there, rng: (np.abs(there) < 5.0).all() and np.log(rng.random()) < rise,
)
walk(
    "metropolis",
    "never less than a twentieth",
    accept=lambda rise, there, rng: rise > -np.inf and np.log(rng.random()) < max(rise, -3.0),
)


def metropolis_burns_in(log_density, theta0, scale, n, rng):
    theta = np.array(theta0, dtype=float)
    logp, draws, early = log_density(theta), [], n // 10 + 1
    for _ in range(n + early):
        proposal = theta + scale * rng.standard_normal(theta.size)
        logp_new = log_density(proposal)
        if np.log(rng.random()) < logp_new - logp:
            theta, logp = proposal, logp_new
        draws.append(theta)
    return np.array(draws[early:])


unknown("metropolis", "the beginning left out")(metropolis_burns_in)


def trajectory(name, momentum=None, kinetic=None):
    """Put a sampler among the wrong answers, with a momentum or a kinetic energy of its own."""

    def function(log_density, gradient, theta0, step_size, steps, n, rng):
        theta, draws = np.array(theta0, dtype=float), []
        energy = kinetic or (lambda p: 0.5 * p @ p)
        for _ in range(n):
            p = momentum(theta.size, rng) if momentum else rng.standard_normal(theta.size)
            q, r = theta.copy(), p.copy()
            for _ in range(steps):
                r = r + 0.5 * step_size * gradient(q)
                q = q + step_size * r
                r = r + 0.5 * step_size * gradient(q)
            change = log_density(q) - log_density(theta) + energy(p) - energy(r)
            if np.log(rng.random()) < change:
                theta = q
            draws.append(theta)
        return np.array(draws)

    function.__name__ = f"hmc_{name.replace(' ', '_')}"
    unknown("hmc", name)(function)


trajectory("momenta with sd 1.1", momentum=lambda dim, rng: 1.1 * rng.standard_normal(dim))
trajectory("mean of squares", kinetic=lambda p: 0.5 * np.mean(p * p))
trajectory("square of the sum", kinetic=lambda p: 0.5 * np.sum(p) ** 2)


def euler(log_density, gradient, theta0, step_size, steps, n, rng):
    theta, draws = np.array(theta0, dtype=float), []
    for _ in range(n):
        p = rng.standard_normal(theta.size)
        q, r = theta, p
        for _ in range(steps):
            q, r = q + step_size * r, r + step_size * gradient(q)
        change = log_density(q) - log_density(theta) + 0.5 * (p @ p - r @ r)
        if np.log(rng.random()) < change:
            theta = q
        draws.append(theta)
    return np.array(draws)


unknown("hmc", "steps after Euler")(euler)


def conditional(name, shape=2.0, sign=1.0):
    """Put a Gibbs sampler among the wrong answers, with another shape or another sign of mu."""

    def function(y, n, rng):
        sigma, draws = 1.0, []
        for _ in range(n):
            precision = y.size / sigma**2 + 0.01
            mu = rng.normal(y.sum() / sigma**2 / precision, precision**-0.5)
            mu = mu if sign == 1.0 else abs(mu)
            rate = 2.0 + 0.5 * np.sum((y - mu) ** 2)
            sigma = math.sqrt(rate / rng.gamma(shape + 0.5 * y.size))
            draws.append((mu, sigma))
        return np.array(draws)

    function.__name__ = f"gibbs_{name.replace(' ', '_')}"
    unknown("gibbs", name)(function)


conditional("half a shape less", shape=1.5)
conditional("half a shape more", shape=2.5)
conditional("mu made positive", sign=0.0)


def decision(name, chance):
    """Put a decision among the wrong answers, by its probability."""

    def function(logp_new, logp_old, rng):
        difference = logp_new - logp_old
        return bool(rng.random() < chance(min(difference, 0.0))) if difference > -1e9 else False

    function.__name__ = f"accept_{name.replace(' ', '_')}"
    unknown("accept", name)(function)


decision("base two", lambda d: 2.0**d)
decision("half the difference", lambda d: math.exp(0.5 * d))
decision("four fifths of the difference", lambda d: math.exp(0.8 * d))


@unknown("accept", "half precision")
def accept_half_precision(logp_new, logp_old, rng):
    return bool(np.log(rng.random()) < np.float16(logp_new) - np.float16(logp_old))


@unknown("accept", "nothing below -1000")
def accept_guarded(logp_new, logp_old, rng):
    return bool(logp_new > -1000.0 and np.log(rng.random()) < logp_new - logp_old)


@unknown("dual_averaging", "probabilities clipped")
def averaging_clipped(accept_probs, step_size0, target):
    h, steps = 0.0, []
    for t, p in enumerate(np.clip(accept_probs, 0.01, 0.99), start=1):
        h = (1 - 1 / (t + 10)) * h + (target - p) / (t + 10)
        steps.append(10 * step_size0 * math.exp(-math.sqrt(t) / 0.05 * h))
    return np.array(steps)


@unknown("u_turn", "stops without a span")
def turn_at_no_span(theta_minus, theta_plus, p_minus, p_plus):
    span = theta_plus - theta_minus
    return bool(not span.any() or span @ p_minus < 0 or span @ p_plus < 0)


@unknown("u_turn", "five coordinates")
def turn_of_five(theta_minus, theta_plus, p_minus, p_plus):
    span = (theta_plus - theta_minus)[:5]
    return bool(span @ p_minus[:5] < 0 or span @ p_plus[:5] < 0)


@unknown("gradient", "sigma is at least a tenth")
def gradient_floored(theta, y):
    mu, log_sigma = theta
    sigma = max(math.exp(log_sigma), 0.1)
    z = (y - mu) / sigma
    return np.array([z.sum() / sigma, (z * z).sum() - y.size + 1.0])


@unknown("leapfrog", "twenty steps at most")
def leapfrog_capped(theta, momentum, step_size, steps, gradient):
    for _ in range(min(steps, 20)):
        momentum = momentum + 0.5 * step_size * gradient(theta)
        theta = theta + step_size * momentum
        momentum = momentum + 0.5 * step_size * gradient(theta)
    return theta, momentum


@unknown("ess", "no lag beyond 250")
def ess_of_250_lags(chains):
    n = chains.shape[1] // 2
    halves = np.concatenate([chains[:, :n], chains[:, -n:]])
    x = halves - halves.mean(axis=1, keepdims=True)
    acov = np.array([(x[:, : n - t] * x[:, t:]).sum(axis=1).mean() / n for t in range(min(n, 250))])
    within, between = acov[0] * n / (n - 1), halves.mean(axis=1).var(ddof=1)
    rho = 1.0 - (within - acov) / (acov[0] + between)
    sums = rho[: len(rho) // 2 * 2].reshape(-1, 2).sum(axis=1)
    stop = 1 + int(np.argmax(np.append(sums[1:], -1.0) <= 0.0))
    tau = 2.0 * np.minimum.accumulate(sums[:stop]).sum() - 1.0
    return halves.size / max(tau, 1.0 / np.log10(halves.size))


@unknown("noncentering", "log tau is at most 20")
def schools_clipped(theta, y, se):
    mu, log_tau, z = theta[0], min(theta[1], 20.0), theta[2:]
    prior = -(mu**2) / 50 - np.log1p(np.exp(2 * log_tau) / 25) + log_tau - z @ z / 2
    return prior - (((y - mu - np.exp(log_tau) * z) / se) ** 2).sum() / 2


def effect_by_names(name, belongs):
    """Put an effect among the wrong answers that finds its columns by parts of their names."""

    def function(draws, where):
        effect = draws["z"].copy()
        for column in draws:
            for factor, level in where.items():
                if column != "z" and belongs(column, factor):
                    effect += draws[column][:, level]
        return effect

    function.__name__ = f"effect_{name.replace(' ', '_')}"
    unknown("varying_effect", name)(function)


effect_by_names("names that begin alike", lambda column, f: column.startswith(f"z:{f}"))
effect_by_names("names that end alike", lambda column, f: column[0] == "z" and column.endswith(f))


def thin_tail(logp_new, logp_old, rng):
    difference = logp_new - logp_old
    return bool(np.log(rng.random()) < (difference if difference > -6.0 else -np.inf))


def varies_its_scale(log_density, theta0, scale, n, rng):
    theta, draws = np.array(theta0, dtype=float), []
    logp = log_density(theta)
    for _ in range(n):
        proposal = theta + rng.uniform(0.85, 1.15) * scale * rng.standard_normal(theta.size)
        logp_new = log_density(proposal)
        if np.log(rng.random()) < logp_new - logp:
            theta, logp = proposal, logp_new
        draws.append(theta)
    return np.array(draws)


def nearly_the_ratio(log_density, theta0, scale, n, rng):
    theta, draws = np.array(theta0, dtype=float), []
    logp = log_density(theta)
    for _ in range(n):
        proposal = theta + scale * rng.standard_normal(theta.size)
        logp_new = log_density(proposal)
        if np.log(rng.random()) < 0.95 * (logp_new - logp):
            theta, logp = proposal, logp_new
        draws.append(theta)
    return np.array(draws)


TOO_SMALL = [
    ("accept", "nothing that is e**6 times less probable", thin_tail),
    ("metropolis", "a scale that varies by 15 %", varies_its_scale),
    ("metropolis", "the ratio to the power of 0.95", nearly_the_ratio),
]
"""Mistakes that pass, because so many draws do not show them: a limit of the grader."""


def one_doubling_or_more(name, momentum=None, power=1.0, hears=(True, True), sums=False, ends=True):
    """Put a No-U-Turn sampler among the wrong answers.

    With other momenta or weights, deaf to a part of a new half, with the sum of momenta in place of
    the difference of the ends, or with the second part of a half begun where the first one began.
    """

    def function(log_density, gradient, theta0, step_size, max_depth, n, rng):
        def step(q, p, h):
            p = p + 0.5 * h * gradient(q)
            q = q + h * p
            return q, p + 0.5 * h * gradient(q)

        def turns(half):
            along = sum(p for _, p, _ in half) if sums else half[-1][0] - half[0][0]
            return along @ half[0][1] < 0.0 or along @ half[-1][1] < 0.0

        def fails(half):
            if len(half) == 1:
                return not half[0][2] > -1000.0
            first, second = half[: len(half) // 2], half[len(half) // 2 :]
            heard = (hears[0] and fails(first)) or (hears[1] and fails(second))
            return heard or turns(half)

        theta, draws = np.array(theta0, dtype=float), []
        for _ in range(n):
            p = momentum(theta.size, rng) if momentum else rng.standard_normal(theta.size)
            start = 0.5 * p @ p - log_density(theta)
            points = [(theta, p, 0.0)]
            for depth in range(max_depth):
                h = step_size if rng.random() < 0.5 else -step_size
                half = []
                q, r, _ = points[-1] if h > 0 else points[0]
                for k in range(2**depth):
                    if k == 2 and not ends:
                        q, r, _ = half[0]
                    q, r = step(q, r, h)
                    half.append((q, r, start + log_density(q) - 0.5 * r @ r))
                half = half if h > 0 else half[::-1]
                if fails(half):
                    break
                points = points + half if h > 0 else half + points
                if turns(points):
                    break
            weights = np.exp(power * np.array([point[2] for point in points]))
            theta = points[rng.choice(len(points), p=weights / weights.sum())][0]
            draws.append(theta)
        return np.array(draws)

    function.__name__ = f"nuts_{name.replace(' ', '_')}"
    return function


unknown("nuts", "momenta of a uniform distribution")(
    one_doubling_or_more(
        "uniform momenta", momentum=lambda dim, rng: math.sqrt(3.0) * rng.uniform(-1.0, 1.0, dim)
    )
)
unknown("nuts", "weights squared")(one_doubling_or_more("weights squared", power=2.0))
for name, changes in {
    "second parts of a half not heard": {"hears": (True, False)},
    "first parts of a half not heard": {"hears": (False, True)},
    "sums of momenta alone": {"sums": True},
    "second quarters from the wrong end": {"ends": False},
}.items():
    unknown("nuts", name)(one_doubling_or_more(name, **changes))
