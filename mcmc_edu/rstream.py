"""R's random numbers after ``set.seed``, to the last bit, on NumPy's Mersenne Twister.

Published R code can be replayed with this: same seed, same calls in the same order, same numbers.
R and NumPy share the generator (MT19937) and differ in what surrounds it: how a seed fills the
state, how a 32-bit word becomes a uniform, and how a uniform becomes a normal (R inverts the
distribution function with Wichura's algorithm AS 241).

Sources: R's documentation of ``set.seed`` and ``RNGkind`` (Mersenne-Twister, Inversion, Rejection:
the defaults since R 3.6); M. J. Wichura (1988), Algorithm AS 241, *Applied Statistics* 37, 477-484.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .compiling import FloatArray, compiled, log, sqrt

_WORD = 2.3283064365386963e-10  # 2**-32, the width of one step of a 32-bit word
_SMALLEST = 0.5 * 2.328306437080797e-10  # what R returns instead of 0, and 1 minus it instead of 1
_BIG = 134217728  # 2**27: a normal takes 27 bits from one uniform, the rest from a second


class RStream:
    """R's default generator, as ``set.seed(seed)`` leaves it.

    Parameters
    ----------
    seed
        An integer in R's range, -2147483647 to 2147483647.

    Examples
    --------
    >>> RStream(1).rnorm(3).round(4).tolist()
    [-0.6265, 0.1836, -0.8356]
    """

    def __init__(self, seed: int) -> None:
        if not isinstance(seed, (int, np.integer)) or isinstance(seed, bool):
            raise TypeError(f"seed is {seed!r}; set.seed takes an integer")
        if abs(seed) > 2147483647:
            raise ValueError(f"seed is {seed}; R takes integers from -2147483647 to 2147483647")
        # R scrambles the seed by 50 steps of a congruential generator; the next step is
        # overwritten, the 624 after it are the state.
        words = _congruential(int(seed))
        for _ in range(51):
            next(words)
        key = np.array([next(words) for _ in range(624)], dtype=np.uint32)
        self._twister = np.random.MT19937()
        self._twister.state = {"bit_generator": "MT19937", "state": {"key": key, "pos": 624}}

    def _uniform(self, n: int) -> FloatArray:
        u: FloatArray = self._twister.random_raw(n).astype(np.float64) * _WORD
        u[u <= 0.0] = _SMALLEST
        u[1.0 - u <= 0.0] = 1.0 - _SMALLEST
        return u

    def runif(self, n: int, low: float = 0.0, high: float = 1.0) -> FloatArray:
        """Draw `n` uniforms between `low` and `high`, as R's ``runif(n, low, high)``."""
        if not -np.inf < low <= high < np.inf:
            raise ValueError(f"low is {low}, high is {high}; low must not exceed high, both finite")
        if low == high:  # as in R, nothing is taken from the stream
            return np.full(_count(n), float(low))
        return low + (high - low) * self._uniform(_count(n))

    def rnorm(self, n: int, mean: ArrayLike = 0.0, sd: ArrayLike = 1.0) -> FloatArray:
        """Draw `n` normals, as R's ``rnorm(n, mean, sd)``; `mean` and `sd`: scalar or ``(n,)``.

        As in R, a normal with sd 0 is its mean and takes nothing from the stream.
        """
        mean, sd = (np.broadcast_to(np.asarray(a, dtype=float), (_count(n),)) for a in (mean, sd))
        if not np.isfinite(mean).all():
            raise ValueError(f"mean has the value {mean[~np.isfinite(mean)][0]}; it must be finite")
        possible = (sd >= 0.0) & np.isfinite(sd)
        if not possible.all():
            raise ValueError(f"sd has the value {sd[~possible][0]}; it must be finite, 0 or more")
        drawn = mean.copy()
        random = sd > 0.0
        drawn[random] += sd[random] * _invert(self._uniform(2 * int(random.sum())))
        return drawn

    def rows(self, n: int, normals: int) -> tuple[FloatArray, FloatArray]:
        """Draw `n` rows of `normals` standard normals followed by one uniform.

        This is the order of calls of a Metropolis sampler written in R, an iteration a row.

        Returns
        -------
        z, u
            The normals, shape ``(n, normals)``, and the uniforms, shape ``(n,)``.
        """
        u = self._uniform(_count(n) * (2 * normals + 1)).reshape(n, 2 * normals + 1)
        return _invert(u[:, :-1].reshape(-1)).reshape(n, normals), u[:, -1].copy()

    def sample(self, n: int, size: int | None = None, replace: bool = False) -> NDArray[np.int64]:
        """Draw from 1, ..., `n`, as R's ``sample(n, size, replace)`` since version 3.6.

        Raises
        ------
        ValueError
            If `size` exceeds `n` without replacement.
        """
        size = _count(n) if size is None else _count(size)
        if _count(n) == 0 and size > 0:
            raise ValueError(f"n is 0; there is nothing to draw {size} from")
        if replace:
            return np.array([self._index(n) + 1 for _ in range(size)], dtype=np.int64)
        if size > n:
            raise ValueError(
                f"size is {size}, more than n = {n}; pass replace=True, or a size <= n"
            )
        if n > 10_000_000 and size <= n // 2:  # R then draws again on a repetition
            chosen: dict[int, None] = {}
            while len(chosen) < size:
                chosen.setdefault(self._index(n) + 1)
            return np.array(list(chosen), dtype=np.int64)
        left = np.arange(1, n + 1)
        drawn = np.empty(size, dtype=np.int64)
        for i in range(size):
            j = self._index(n - i)
            drawn[i] = left[j]
            left[j] = left[n - i - 1]
        return drawn

    def _index(self, n: int) -> int:
        """Draw an integer from 0 to n - 1: random bits, drawn again while they are too large."""
        bits = math.ceil(math.log2(n)) if n > 1 else 0
        while n > 0:
            value = 0
            for _ in range(0, bits + 1, 16):
                value = 65536 * value + int(self._uniform(1)[0] * 65536)
            value &= (1 << bits) - 1
            if value < n:
                return value
        return 0


def _congruential(seed: int) -> Iterator[int]:
    while True:
        seed = (69069 * seed + 1) % 2**32
        yield seed


def _count(n: int) -> int:
    if not isinstance(n, (int, np.integer)) or n < 0:
        raise ValueError(f"a number of draws is {n!r}; it must be an integer, 0 or more")
    return int(n)


@compiled
def _invert(u: FloatArray) -> FloatArray:
    """Turn pairs of uniforms into standard normals, by inversion; ``(2n,)`` to ``(n,)``."""
    z = np.empty(u.size // 2)
    for i in range(z.size):
        z[i] = normal_quantile((math.floor(_BIG * u[2 * i]) + u[2 * i + 1]) / _BIG)
    return z


@compiled
def normal_quantile(p: float) -> float:
    """Compute the normal quantile of `p`, 0 < p < 1, by AS 241 (PPND16): 16 digits.

    Three rational approximations: one in (q, q**2) for the middle 85 %, two in
    r = sqrt(-log(tail probability)) for the tails.
    """
    q = p - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        return q * _polynomial(_CENTRE_OVER, r) / _polynomial(_CENTRE_UNDER, r)
    r = sqrt(-log(p if q < 0.0 else 1.0 - p))
    if r <= 5.0:
        x = _polynomial(_TAIL_OVER, r - 1.6) / _polynomial(_TAIL_UNDER, r - 1.6)
    else:
        x = _polynomial(_FAR_OVER, r - 5.0) / _polynomial(_FAR_UNDER, r - 5.0)
    return -x if q < 0.0 else x


@compiled
def _polynomial(coefficients: tuple[float, ...], x: float) -> float:
    """Horner's rule; the highest power comes first."""
    total = 0.0
    for c in coefficients:
        total = total * x + c
    return total


# Wichura's coefficients, highest power first.
_CENTRE_OVER = (
    2509.0809287301226727,
    33430.575583588128105,
    67265.770927008700853,
    45921.953931549871457,
    13731.693765509461125,
    1971.5909503065514427,
    133.14166789178437745,
    3.387132872796366608,
)
_CENTRE_UNDER = (
    5226.495278852854561,
    28729.085735721942674,
    39307.89580009271061,
    21213.794301586595867,
    5394.1960214247511077,
    687.1870074920579083,
    42.313330701600911252,
    1.0,
)
_TAIL_OVER = (
    7.7454501427834140764e-4,
    0.0227238449892691845833,
    0.24178072517745061177,
    1.27045825245236838258,
    3.64784832476320460504,
    5.7694972214606914055,
    4.6303378461565452959,
    1.42343711074968357734,
)
_TAIL_UNDER = (
    1.05075007164441684324e-9,
    5.475938084995344946e-4,
    0.0151986665636164571966,
    0.14810397642748007459,
    0.68976733498510000455,
    1.6763848301838038494,
    2.05319162663775882187,
    1.0,
)
_FAR_OVER = (
    2.01033439929228813265e-7,
    2.71155556874348757815e-5,
    0.0012426609473880784386,
    0.026532189526576123093,
    0.29656057182850489123,
    1.7848265399172913358,
    5.4637849111641143699,
    6.6579046435011037772,
)
_FAR_UNDER = (
    2.04426310338993978564e-15,
    1.4215117583164458887e-7,
    1.8463183175100546818e-5,
    7.868691311456132591e-4,
    0.0148753612908506148525,
    0.13692988092273580531,
    0.59983220655588793769,
    1.0,
)
