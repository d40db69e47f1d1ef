"""One log density, written in the many ways in which people write one.

Two normals with means `MEANS` and sd `SD`.  Run as a script it samples all of them and prints what
came of each, as JSON: draws, or the error.
"""

import collections
import functools
import json
import sys
import types
import warnings
from dataclasses import dataclass
from typing import Any, NamedTuple

import helper_module
import numba
import numpy as np
import pandas as pd

import mcmc_edu as me

MEANS, SD = np.array([1.0, -1.0]), 2.0


def plain(theta, grad, data):
    means, sd = data
    total = 0.0
    for i in range(2):
        z = (theta[i] - means[i]) / sd
        grad[i] = -z / sd
        total -= 0.5 * z * z
    return total


class Named(NamedTuple):
    means: np.ndarray
    sd: float


def of_named(theta, grad, data):
    return plain(theta, grad, (data.means, data.sd))


def vectorised(theta, grad, data):
    z = (theta - data[0]) / data[1]
    grad[:] = -z / data[1]
    return -0.5 * np.sum(z * z)


def by_products(theta, grad, data):
    z = (theta - data[0]) / data[1]
    np.negative(z / data[1], grad)
    return -0.5 * float(z @ z)


def term(theta, i, data):
    z = (theta[i] - data[0][i]) / data[1]
    return -0.5 * z * z


def slope(theta, i, data):
    return -((theta[i] - data[0][i]) / data[1]) / data[1]


def of_helpers(theta, grad, data):
    grad[0], grad[1] = slope(theta, 0, data), slope(theta, 1, data)
    return term(theta, 0, data) + term(theta, 1, data)


def of_comprehensions(theta, grad, data):
    slopes = [slope(theta, i, data) for i in range(2)]
    for i in range(2):
        grad[i] = slopes[i]
    return sum([term(theta, i, data) for i in range(2)])


def of_a_module(theta, grad, data):
    total = 0.0
    for i in range(2):
        z = (theta[i] - data[0][i]) / data[1]
        grad[i] = -z / data[1]
        total += helper_module.half_square(z)
    return total


def of_inner_functions(theta, grad, data):
    def of(i):
        return term(theta, i, data)

    grad[0], grad[1] = slope(theta, 0, data), slope(theta, 1, data)
    return of(0) + of(1)


in_a_lambda = lambda theta, grad, data: plain(theta, grad, data)  # noqa: E731


def closure(means, sd):
    def density(theta, grad, data):
        return plain(theta, grad, (means, sd))

    return density


class Model:
    power = 2

    def __init__(self):
        self.means, self.sd, self.last = MEANS, SD, None

    def method(self, theta, grad, data):
        self.last = grad
        return plain(theta, grad, (self.means, self.sd))

    @staticmethod
    def static(theta, grad, data):
        return plain(theta, grad, data)

    @classmethod
    def of_class(cls, theta, grad, data):
        return plain(theta, grad, data) * cls.power / 2

    def __call__(self, theta, grad, data):
        return self.method(theta, grad, data)


class KeepsGradient(Model):
    """Writes into the array of the call before, and reads the one that it was given."""

    def method(self, theta, grad, data):
        if self.last is not None:
            self.last[:] = 1e9
        return super().method(theta, grad, data)


def with_option(theta, grad, data, factor=1.0):
    return factor * plain(theta, grad, data)


def optional_data(theta, grad, data=None):
    return plain(theta, grad, data)


def optional_gradient(theta, grad=None, data=None):
    return plain(theta, grad, data)


def with_keyword(theta, grad, data, *, factor=1.0):
    return factor * plain(theta, grad, data)


@numba.njit
def compiled_already(theta, grad, data):
    return plain_compiled(theta, grad, data)


plain_compiled = numba.njit(plain)


def of_compiled(theta, grad, data):
    return plain_compiled(theta, grad, data)


@numba.vectorize
def half_square(z):
    return -0.5 * z * z


def of_vectorized(theta, grad, data):
    grad[0], grad[1] = slope(theta, 0, data), slope(theta, 1, data)
    z = (theta - data[0]) / data[1]
    return half_square(z[0]) + half_square(z[1])


SERIES = pd.Series(MEANS)
FRAME = pd.DataFrame({"mean": MEANS})
DEQUE = collections.deque(MEANS.tolist())


def of_a_series(theta, grad, data):
    return plain(theta, grad, (SERIES.to_numpy(), SD))


def of_a_frame(theta, grad, data):
    return plain(theta, grad, (FRAME["mean"].to_numpy(), SD))


def of_a_deque(theta, grad, data):
    return plain(theta, grad, ([float(x) for x in DEQUE], SD))


def of_a_matrix(theta, grad, data):
    return plain(theta, grad, (data[0][:, 0], data[1]))


def in_scratch(theta, grad, data):
    data[2][:] = theta
    return plain(data[2], grad, (data[0], data[1]))


SCRATCH = np.zeros(2)


def in_global_scratch(theta, grad, data):
    SCRATCH[:] = theta
    return plain(SCRATCH, grad, data)


def with_an_exception(theta, grad, data):
    try:
        return plain(theta, grad, data)
    except ValueError:
        return -np.inf


def recursive(theta, grad, data):
    return down(3, plain(theta, grad, data))


def down(n, x):
    return x if n == 0 else down(n - 1, x)


def as_an_array(theta, grad, data):
    return np.array([plain(theta, grad, data)])


def as_nothing(theta, grad, data):
    plain(theta, grad, data)


def rebinds(theta, grad, data):
    grad = -theta
    return -0.5 * np.sum(grad * grad)


def adds(theta, grad, data):
    grad += -theta
    return -0.5 * np.sum(theta * theta)


def writes_theta(theta, grad, data):
    theta[:] = theta - data[0]
    return plain(theta, grad, (0.0 * data[0], data[1]))


def writes_theta_far_away(theta, grad, data):
    total = plain(theta, grad, data)
    if theta[0] > 1.0:
        theta[0] = 1.0
    return total


def any_number(*arguments):
    return plain(*arguments)


def by_name(theta, grad, data, *, factor):
    return factor * plain(theta, grad, data)


@functools.wraps(plain)
def wrapped(*arguments):
    return plain(*arguments)


PAIR = (MEANS, SD)
WIDE = np.repeat(MEANS, 3)
MATRIX = np.array([MEANS, [9.0, 9.0]]).T
LOCKED = MEANS.copy()
LOCKED.flags.writeable = False


@dataclass(frozen=True)
class Style:
    """A density, its data, and what is right of it."""

    density: Any
    data: Any = PAIR
    refused: str | None = None
    """What the error says, if it is refused."""
    mode: str = "compiled"
    """How it runs where numba compiles."""


STYLES = {
    "a loop": Style(plain),
    "vectorised": Style(vectorised),
    "products": Style(by_products),
    "helpers": Style(of_helpers),
    "comprehensions": Style(of_comprehensions),
    "a module's helper": Style(of_a_module),
    "inner functions": Style(of_inner_functions),
    "a lambda": Style(in_a_lambda),
    "a closure": Style(closure(MEANS, SD)),
    "a method": Style(Model().method, mode="object"),
    "a static method": Style(Model.static),
    "a class method": Style(Model.of_class, mode="object"),
    "an object": Style(Model(), mode="object"),
    "a method that keeps its gradient": Style(KeepsGradient().method, mode="object"),
    "a partial": Style(functools.partial(with_option, factor=1.0), mode="object"),
    "an option": Style(with_option),
    "optional data": Style(optional_data),
    "an optional gradient": Style(optional_gradient),
    "an option by name": Style(with_keyword, mode="object"),
    "compiled already": Style(compiled_already),
    "of what is compiled": Style(of_compiled),
    "of what is vectorized": Style(of_vectorized),
    "a series": Style(of_a_series, mode="object"),
    "a frame": Style(of_a_frame, mode="object"),
    "a deque": Style(of_a_deque, mode="object"),
    "a named tuple": Style(of_named, Named(MEANS, SD)),
    "Fortran order": Style(of_a_matrix, (np.asfortranarray(MATRIX), SD)),
    "transposed": Style(of_a_matrix, (np.array([MEANS, MEANS]).T, SD)),
    "strided": Style(plain, (WIDE[::3], SD)),
    "backward": Style(plain, (MEANS[::-1].copy()[::-1], SD)),
    "read-only": Style(plain, (LOCKED, SD)),
    "single precision": Style(plain, (MEANS.astype(np.float32), SD)),
    "integers": Style(plain, (MEANS.astype(np.int64), 2)),
    "scratch in data": Style(in_scratch, (MEANS, SD, np.zeros(2))),
    "scratch in a global": Style(in_global_scratch, mode="object"),
    "an exception that is caught": Style(with_an_exception, mode="object"),
    "recursion": Style(recursive),
    "data that are a frame": Style(plain, FRAME, "data is DataFrame"),
    "data that are a dict": Style(plain, {"means": MEANS}, "data is dict"),
    "data with a series": Style(plain, (SERIES, SD), r"data\[0\] is Series"),
    "data with text": Style(plain, (MEANS, "2"), r"data\[1\] is str"),
    "masked data": Style(plain, (np.ma.masked_array(MEANS), SD), r"data\[0\] is MaskedArray"),
    "a matrix": Style(as_an_array, refused="returns shape"),
    "nothing returned": Style(as_nothing, refused="must return one number"),
    "a gradient that is rebound": Style(rebinds, refused="never written"),
    "a gradient that is added to": Style(adds, refused="without being set first"),
    "theta that is written": Style(writes_theta, refused="writes into theta"),
    "theta that is written elsewhere": Style(writes_theta_far_away),
    "any number of arguments": Style(any_number, refused=r"takes 0 arguments \(\*arguments\)"),
    "an argument by name": Style(by_name, refused="factor, by name only"),
}


def drawn(style: Style) -> Any:
    """Draws of a style; a few steps of HMC, from the edge of the posterior to both sides."""
    return me.sample(
        style.density,
        [0.5, -0.5],
        data=style.data,
        sampler=me.HMC(steps=2, step_size=0.9),
        draws=12,
        warmup=0,
        chains=2,
        threads=2,
        seed=1,
        progress=False,
    ).array


def outcome(style: Style) -> dict[str, Any]:
    """Draws of a style as plain data, or its error."""
    try:
        return {"draws": drawn(style).tolist()}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


if __name__ == "__main__":
    assert isinstance(plain, types.FunctionType)
    warnings.simplefilter("ignore")
    json.dump({name: outcome(style) for name, style in STYLES.items()}, sys.stdout)
