"""The problems: data for the peers, and the exact answers that all are compared with.

| name | posterior: number of parameters |
|---|---|
| boelstad_centered, _noncentered, _collapsed | the seed post's lines, partially pooled: 155 |
| eight_schools_centered, _noncentered | mu ~ N(0, 5), tau ~ C+(0, 5): 10 |
| ill_conditioned_normal | independent normals, variances from 10^-4 to 1: 100 |
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

import mcmc_edu as me
from mcmc_edu.comparison.exact import exact

Arrays = dict[str, np.ndarray]

SCHOOLS = {
    "y": np.array([28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0]),
    "sd": np.array([15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0]),
}
SCHOOLS_MEANS = {
    "mu": 4.396821,
    "tau": 3.597705,
    "theta": [6.211884, 4.940178, 3.927004, 4.757098, 3.615477, 4.042613, 6.296724, 4.854253],
}
"""By one-dimensional quadrature over tau; posteriordb's 10 000 reference draws agree."""

NORMAL = {"sd": np.geomspace(1e-2, 1.0, 100)}

FORMS = {
    "boelstad": ("centered", "noncentered", "collapsed"),
    "eight_schools": ("centered", "noncentered"),
    "ill_conditioned_normal": (),
}
PROBLEMS = [f"{stem}_{form}" for stem, forms in FORMS.items() for form in forms] + [
    stem for stem, forms in FORMS.items() if not forms
]
USUAL = [problem for problem in PROBLEMS if problem != "eight_schools_centered"]
"""What is run unless asked for: centred eight schools is biased for every sampler here."""


def data_of(problem: str) -> Arrays:
    if problem.startswith("boelstad"):
        data = me.datasets.boelstad(seed=1)
        return {"y": data.y, "x": data.x, "group": data.group}
    return dict(SCHOOLS) if problem.startswith("eight_schools") else dict(NORMAL)


def write_data(problem: str, folder: Path) -> Path:
    path = folder / f"{problem}.npz"
    np.savez(path, **data_of(problem))
    return path


def exact_means(problem: str) -> dict[str, float]:
    """Posterior means by name, `alpha[0]` and so on; by quadrature or closed form."""
    if problem.startswith("boelstad"):
        answer = exact(me.datasets.boelstad(seed=1))
        return dict(zip(answer.names, map(float, answer.mean), strict=True))
    if problem.startswith("eight_schools"):
        return scalars(SCHOOLS_MEANS)
    return scalars({"theta": np.zeros(NORMAL["sd"].size)})


def scalars(values: dict[str, Any]) -> dict[str, float]:
    """`{"mu": 1, "theta": [2, 3]}` to `{"mu": 1.0, "theta[0]": 2.0, "theta[1]": 3.0}`."""
    found = {}
    for name, value in values.items():
        if np.ndim(value) == 0:
            found[name] = float(value)
        else:
            found.update({f"{name}[{k}]": float(v) for k, v in enumerate(value)})
    return found
