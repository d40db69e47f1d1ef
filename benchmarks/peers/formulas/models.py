"""The regressions: y ~ x + (x | g), their families, and the priors that everybody is given.

Intercept (after centring x) and slope are normal; both sds of the groups, and sigma, are half-t;
the correlation is LKJ.  Not every package has all of it, hence three forms of each:

    lkj           the model itself                                  pystan
    independent   without the correlation, y ~ x + (x || g)         bambi, which has none
    decov         LKJ and a Dirichlet for the covariance            rstanarm, which has no other

Needs nothing but NumPy, because it runs in every peer's environment.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

Pair = tuple[float, float]

FORMS = ("lkj", "independent", "decov")


@dataclass(frozen=True)
class Regression:
    """What every peer is told."""

    outcome: str
    predictor: str
    group: str
    family: str
    intercept: Pair
    """Mean and sd, after centring the predictor."""
    slope: Pair
    sd: Pair
    """Degrees of freedom and scale, of the intercepts' sd and of the slopes'."""
    cor: float
    """Shape of LKJ; of decov the regularization, with the other three 1."""
    sigma: Pair | None = None
    """Degrees of freedom and scale, where the family is gaussian."""
    trials: str | None = None

    @property
    def columns(self) -> list[str]:
        """What is needed of the data."""
        named = (self.outcome, self.predictor, self.group, self.trials)
        return [name for name in named if name is not None]

    def quantities(self, form: str) -> list[str]:
        """List what is estimated, under the names that every peer gives its draws."""
        cor = ["cor"] * (form != "independent")
        return [
            "Intercept",
            "slope",
            "sd_Intercept",
            "sd_slope",
            *cor,
            *["sigma"] * bool(self.sigma),
        ]


REGRESSIONS = {
    "sleepstudy": Regression(
        "Reaction",
        "Days",
        "Subject",
        "gaussian",
        intercept=(300.0, 100.0),
        slope=(0.0, 25.0),
        sd=(3.0, 30.0),
        cor=1.0,
        sigma=(3.0, 50.0),
    ),
    "funding": Regression(
        "awards",
        "male",
        "discipline",
        "binomial",
        trials="applications",
        intercept=(0.0, 4.0),
        slope=(0.0, 4.0),
        sd=(1.0, 1.0),
        cor=4.0,
    ),
    "radon": Regression(
        "log_radon",
        "floor",
        "county",
        "gaussian",
        intercept=(0.0, 5.0),
        slope=(0.0, 2.5),
        sd=(3.0, 1.0),
        cor=1.0,
        sigma=(3.0, 1.0),
    ),
    "bernoulli": Regression(
        "y",
        "x",
        "group",
        "bernoulli",
        intercept=(0.0, 2.5),
        slope=(0.0, 2.5),
        sd=(3.0, 1.0),
        cor=1.0,
    ),
    "gaussian": Regression(
        "y",
        "x",
        "group",
        "gaussian",
        intercept=(0.0, 5.0),
        slope=(0.0, 5.0),
        sd=(3.0, 2.5),
        cor=1.0,
        sigma=(3.0, 2.5),
    ),
}


def of(problem: str) -> tuple[Regression, str]:
    """Return the regression and the form that a name such as `sleepstudy_lkj` stands for."""
    name, _, form = problem.rpartition("_")
    if form not in FORMS:
        raise ValueError(f"problem is {problem!r}; it must end in one of {', '.join(FORMS)}")
    return REGRESSIONS[name], form


def indexed(labels: np.ndarray) -> tuple[np.ndarray, int]:
    """Index of every row's group, from 0, and the number of groups."""
    levels, index = np.unique(labels, return_inverse=True)
    return index, levels.size
