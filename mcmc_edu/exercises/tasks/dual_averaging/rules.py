"""How `dual_averaging` is examined."""

from __future__ import annotations

from typing import Any

import numpy as np

from ....compiling import FloatArray
from ...grading.exact import Bugs, Exact, way_of


def start_of(bugs: Bugs, step_size0: float) -> float:
    """Return mu, or what these bugs make of it."""
    if "ten-missing" in bugs:
        return float(np.log(step_size0))
    outside = "ten-outside" in bugs
    return float(10.0 * np.log(step_size0) if outside else np.log(10.0 * step_size0))


def errors_of(bugs: Bugs, accept_probs: FloatArray, target: float) -> FloatArray:
    """Return h_0, ..., h_n, or what these bugs make of them."""
    h = np.zeros(len(accept_probs) + 1)
    counted, t0 = way_of(bugs, "counted-from-zero"), way_of(bugs, "t0-missing")
    last = way_of(bugs, "not-averaged")
    for i, a in enumerate(accept_probs):
        t = i if counted in ("", "of the weights") else i + 1
        old = t + (0 if t0 in ("", "of the average") else 10)
        new = t + (0 if t0 in ("", "of the error") else 10)
        if not old or not new:
            raise ValueError("0 is no divisor")
        if last is not None:
            h[i + 1] = (target - a) / (new if last == "" else 1.0)
        else:
            h[i + 1] = (1.0 - 1.0 / old) * h[i] + (target - a) / new
    return h


def answer(bugs: Bugs, accept_probs: FloatArray, step_size0: float, target: float) -> FloatArray:
    """Return the step sizes, or what these bugs make of them."""
    n = len(accept_probs)
    mu, h = start_of(bugs, step_size0), errors_of(bugs, accept_probs, target)
    zero = way_of(bugs, "counted-from-zero") in ("", "of the root")
    t = np.arange(n) if zero else np.arange(1, n + 1)
    late = way_of(bugs, "one-late")
    seen = h[:-1] if late == "of h" else h[1:]
    power = 1.0 if "root-missing" in bugs else 0.0 if "root-and-t-missing" in bugs else 0.5
    gamma = 20.0 if "gamma-multiplied" in bugs else 0.05
    sign = -1.0 if "sign-flipped" in bugs else 1.0
    steps = -sign * t**power / gamma * seen
    last = way_of(bugs, "start-from-last")
    if last is not None:
        steps = np.cumsum(steps)
        mu = float(np.log(step_size0)) if last == "without ten" else mu
    x = mu + steps
    if late is not None and late != "of h":
        x = np.concatenate([[mu if late == "from mu" else np.log(step_size0)], x[:-1]])
    average = way_of(bugs, "average-returned")
    if average == "plain":
        x = np.cumsum(x) / np.arange(1, n + 1)
    elif average is not None and average != "of step sizes":
        x = averaged(x, np.log(step_size0) if average == "from the start" else 0.0, zero)
    if "log-returned" in bugs:
        return x
    sizes: FloatArray = np.exp(x)
    return np.cumsum(sizes) / np.arange(1, n + 1) if average == "of step sizes" else sizes


def averaged(x: FloatArray, before: float, zero: bool) -> FloatArray:
    """Return the weighted averages of the paper, with kappa = 0.75."""
    result = np.empty(len(x))
    for i, entry in enumerate(x):
        if zero and i == 0:
            raise ValueError("0 has no power of -0.75")
        weight = (i + (0 if zero else 1)) ** -0.75
        before = result[i] = weight * entry + (1.0 - weight) * before
    return result


def probes(rng: np.random.Generator) -> list[list[Any]]:
    """Return acceptance probabilities, of several numbers of iterations; 0 and 1 among them."""
    calls: list[list[Any]] = []
    for n, step_size0, target in ((3, 0.5, 0.8), (8, 0.2, 0.65), (30, 1.5, 0.8), (1, 0.3, 0.6)):
        probs = (target + rng.uniform(-0.2, 0.15, n)).clip(0.0, 1.0)
        calls.append([probs, step_size0 * float(rng.uniform(0.9, 1.1)), target])
    extreme = rng.choice([0.0, 1.0, 0.9], 12)  # divergent, and with a very small step
    long = rng.uniform(0.6, 1.0, 120)
    return [*calls, [extreme, 0.7, 0.8], [long, 0.4, 0.8]]


RULES = Exact(
    arguments=("accept_probs", "step_size0", "target"),
    probes=probes,
    answer=answer,
    bugs=(
        "average-returned",
        "average-returned/plain",
        "average-returned/of step sizes",
        "ten-missing",
        "ten-outside",
        "sign-flipped",
        "counted-from-zero",
        "counted-from-zero/of the weights",
        "counted-from-zero/of the root",
        "root-missing",
        "root-and-t-missing",
        "t0-missing",
        "t0-missing/of the average",
        "t0-missing/of the error",
        "gamma-multiplied",
        "one-late",
        "one-late/from mu",
        "one-late/of h",
        "log-returned",
        "not-averaged",
        "not-averaged/whole",
        "start-from-last",
        "start-from-last/without ten",
    ),
)
