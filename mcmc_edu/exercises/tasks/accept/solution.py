"""A worked solution: Metropolis' decision."""

import math


def accept(logp_new, logp_old, rng):
    """Compare on the log scale, where nothing overflows; a comparison with NaN is False."""
    return math.log(1.0 - rng.random()) <= logp_new - logp_old
