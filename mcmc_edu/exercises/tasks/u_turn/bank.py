"""Wrong and right answers to the exercise `u_turn`."""

import math

import numpy as np

from ...exercise import Bank

BANK = Bank("u_turn")


@BANK.has_bug("and-for-or")
def both_ends(theta_minus, theta_plus, p_minus, p_plus):
    span = theta_plus - theta_minus
    return bool(span @ p_minus < 0 and span @ p_plus < 0)


@BANK.has_bug("and-for-or")
def both_ends_2(theta_minus, theta_plus, p_minus, p_plus):
    a = b = 0.0
    for i in range(len(theta_plus)):
        a += (theta_plus[i] - theta_minus[i]) * p_minus[i]
        b += (theta_plus[i] - theta_minus[i]) * p_plus[i]
    if max(a, b) < 0:
        return True
    return False


@BANK.has_bug("span-reversed")
def reversed_span(theta_minus, theta_plus, p_minus, p_plus):
    span = theta_minus - theta_plus
    return bool(span @ p_minus < 0 or span @ p_plus < 0)


@BANK.has_bug("span-reversed")
def reversed_span_2(theta_minus, theta_plus, p_minus, p_plus):
    a = b = 0.0
    for i in range(len(theta_plus)):
        a += (theta_plus[i] - theta_minus[i]) * p_minus[i]
        b += (theta_plus[i] - theta_minus[i]) * p_plus[i]
    if a > 0 or b > 0:
        return True
    return False


@BANK.has_bug("continue-for-stop")
def continues(theta_minus, theta_plus, p_minus, p_plus):
    span = theta_plus - theta_minus
    return bool(span @ p_minus >= 0 and span @ p_plus >= 0)


@BANK.has_bug("continue-for-stop")
def continues_2(theta_minus, theta_plus, p_minus, p_plus):
    a = b = 0.0
    for i in range(len(theta_plus)):
        a += (theta_plus[i] - theta_minus[i]) * p_minus[i]
        b += (theta_plus[i] - theta_minus[i]) * p_plus[i]
    if a < 0 or b < 0:
        return False
    return True


@BANK.has_bug("plus-end-only")
def plus_only(theta_minus, theta_plus, p_minus, p_plus):
    span = theta_plus - theta_minus
    return bool(span @ p_plus < 0)


@BANK.has_bug("plus-end-only")
def plus_only_2(theta_minus, theta_plus, p_minus, p_plus):
    a = b = 0.0
    for i in range(len(theta_plus)):
        a += (theta_plus[i] - theta_minus[i]) * p_minus[i]
        b += (theta_plus[i] - theta_minus[i]) * p_plus[i]
    if b < 0:
        return True
    return False


@BANK.has_bug("minus-end-only")
def minus_only(theta_minus, theta_plus, p_minus, p_plus):
    span = theta_plus - theta_minus
    return bool(span @ p_minus < 0)


@BANK.has_bug("minus-end-only")
def minus_only_2(theta_minus, theta_plus, p_minus, p_plus):
    a = b = 0.0
    for i in range(len(theta_plus)):
        a += (theta_plus[i] - theta_minus[i]) * p_minus[i]
        b += (theta_plus[i] - theta_minus[i]) * p_plus[i]
    if a < 0:
        return True
    return False


@BANK.has_bug("momenta-compared")
def momenta(theta_minus, theta_plus, p_minus, p_plus):
    return bool(p_minus @ p_plus < 0)


@BANK.has_bug("momenta-compared")
def momenta_2(theta_minus, theta_plus, p_minus, p_plus):
    total = sum(m * p for m, p in zip(p_minus, p_plus))
    return bool(np.sign(total) == -1)


@BANK.has_bug("any-coordinate")
def coordinates(theta_minus, theta_plus, p_minus, p_plus):
    span = theta_plus - theta_minus
    return bool(np.any(span * p_minus < 0) or np.any(span * p_plus < 0))


@BANK.has_bug("any-coordinate")
def coordinates_2(theta_minus, theta_plus, p_minus, p_plus):
    for lo, hi, m, p in zip(theta_minus, theta_plus, p_minus, p_plus):
        if (hi - lo) * m < 0 or (hi - lo) * p < 0:
            return True
    return False


@BANK.has_bug("sum-of-momenta")
def summed(theta_minus, theta_plus, p_minus, p_plus):
    span = theta_plus - theta_minus
    return bool(span @ (p_minus + p_plus) < 0)


@BANK.has_bug("sum-of-momenta")
def summed_2(theta_minus, theta_plus, p_minus, p_plus):
    a = b = 0.0
    for i in range(len(theta_plus)):
        a += (theta_plus[i] - theta_minus[i]) * p_minus[i]
        b += (theta_plus[i] - theta_minus[i]) * p_plus[i]
    if a + b < 0:
        return True
    return False


@BANK.has_bug("minus-end-turned-round")
def away_from_minus(theta_minus, theta_plus, p_minus, p_plus):
    span = theta_plus - theta_minus
    return bool(span @ -p_minus < 0 or span @ p_plus < 0)


@BANK.has_bug("minus-end-turned-round")
def away_from_minus_2(theta_minus, theta_plus, p_minus, p_plus):
    a = b = 0.0
    for i in range(len(theta_plus)):
        a += (theta_plus[i] - theta_minus[i]) * p_minus[i]
        b += (theta_plus[i] - theta_minus[i]) * p_plus[i]
    if a > 0 or b < 0:
        return True
    return False


@BANK.has_bug("touching-stops")
def at_most_zero(theta_minus, theta_plus, p_minus, p_plus):
    span = theta_plus - theta_minus
    return bool(span @ p_minus <= 0 or span @ p_plus <= 0)


@BANK.has_bug("touching-stops")
def at_most_zero_2(theta_minus, theta_plus, p_minus, p_plus):
    a = b = 0.0
    for i in range(len(theta_plus)):
        a += (theta_plus[i] - theta_minus[i]) * p_minus[i]
        b += (theta_plus[i] - theta_minus[i]) * p_plus[i]
    if not (a > 0 and b > 0):
        return True
    return False


@BANK.has_bug("positions-for-span")
def positions(theta_minus, theta_plus, p_minus, p_plus):
    return bool(theta_minus @ p_minus < 0 or theta_plus @ p_plus < 0)


@BANK.has_bug("positions-for-span")
def positions_2(theta_minus, theta_plus, p_minus, p_plus):
    a = sum(t * p for t, p in zip(theta_minus, p_minus))
    b = sum(t * p for t, p in zip(theta_plus, p_plus))
    return min(a, b) < 0


@BANK.is_right("dot products")
def dots(theta_minus, theta_plus, p_minus, p_plus):
    span = theta_plus - theta_minus
    return bool(np.dot(span, p_minus) < 0 or np.dot(span, p_plus) < 0)


@BANK.is_right("loop")
def loop(theta_minus, theta_plus, p_minus, p_plus):
    a = sum((hi - lo) * p for hi, lo, p in zip(theta_plus, theta_minus, p_minus))
    b = sum((hi - lo) * p for hi, lo, p in zip(theta_plus, theta_minus, p_plus))
    return bool(min(a, b) < 0)


@BANK.is_right("not outward")
def not_outward(theta_minus, theta_plus, p_minus, p_plus):
    momenta = np.vstack([p_minus, p_plus])
    return not (momenta @ (theta_plus - theta_minus) >= 0).all()


@BANK.is_right("an angle")
def angle(theta_minus, theta_plus, p_minus, p_plus):
    def cosine(a, b):
        length = math.sqrt((a @ a) * (b @ b))
        return a @ b / length if length > 0 else 0.0

    span = theta_plus - theta_minus
    return bool(cosine(span, p_minus) < 0 or cosine(span, p_plus) < 0)
