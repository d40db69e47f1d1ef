"""How pleasant people find pictures that excite them more or less: simulated, with its truth."""

from __future__ import annotations

import numpy as np

from .columns import Columns
from .families import RegressionTruth, SimulatedRegression

PEOPLE, RATINGS = 20, 14
INTERCEPT, SLOPE, SD_INTERCEPT, SD_SLOPE, CORRELATION, SIGMA = 29.6, 0.53, 20.5, 0.24, -0.64, 9.3
"""The estimates of the lecture's fit, on its scales of 0 to 100."""


def simulate_arousal(seed: int | np.random.SeedSequence | None = None) -> SimulatedRegression:
    """Make ratings like those of the valence-arousal study: 20 people rate 14 pictures each.

    Every person has a line: how pleasant a picture is (valence) given how exciting (arousal).
    Those who start low climb faster: intercepts and slopes have correlation -0.64.  Arousal is
    uniform from 0 to 100, and valence, its noise normal, is not kept within its scale of 0 to 100.

    Parameters
    ----------
    seed
        Seed of the random numbers.

    Returns
    -------
    SimulatedRegression
        280 rows, person by person: `valence`, `arousal`, and `person`, "1" to "20", a name; with
        the truth.

    Source
    ------
    B. Goodrich, lecture on hierarchical models with rstanarm and brms, for the study and for the
    numbers that the data are made with.

    Examples
    --------
    >>> made = simulate_arousal(seed=1)
    >>> made.columns["arousal"].round(1)[:4].tolist(), made.truth.b.shape
    ([51.2, 95.0, 14.4, 94.9], (20, 2))
    """
    rng = np.random.default_rng(seed)
    arousal = rng.uniform(0.0, 100.0, PEOPLE * RATINGS)
    person = np.repeat(np.arange(PEOPLE), RATINGS)
    z = rng.standard_normal((PEOPLE, 2))
    z[:, 1] = CORRELATION * z[:, 0] + np.sqrt(1.0 - CORRELATION**2) * z[:, 1]
    beta, sd = np.array([INTERCEPT, SLOPE]), np.array([SD_INTERCEPT, SD_SLOPE])
    b = sd * z
    line = beta + b[person]
    valence = rng.normal(line[:, 0] + line[:, 1] * arousal, SIGMA)
    names = np.array([str(k + 1) for k in person])
    columns = Columns({"valence": valence, "arousal": arousal, "person": names})
    return SimulatedRegression(columns, RegressionTruth(beta, b, sd, CORRELATION, sigma=SIGMA))
