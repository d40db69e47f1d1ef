"""How long until there is something to see: `python benchmarks/start_up.py [runs]`.

Whole processes, in turn, so that a slow minute of the machine hits all of them, each beside the
imports that it cannot do without: the demonstration with its figure; the post's model in its
collapsed form, sampled and summarised; an experiment's CSV of 1200 rows, from which come a table of
effects and their figure, as in the README; and a script with a density and a type of data that were
never seen before, which also prints the seconds from the call of `me.sample` to its draws.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from mcmc_edu.datasets import simulate_alliance

NUMERIC = "import numba, scipy.special"
PICTURES = "import numba, scipy.stats, matplotlib.pyplot"
TABLES = "import numba, scipy.stats, pandas, formulaic, matplotlib.pyplot"

COLLAPSED = """
import mcmc_edu as me
data = me.datasets.boelstad(seed=1)
print(me.models.partial_pooling(data, "collapsed").sample(seed=1).summary())
"""

EXPERIMENT = """
import pandas as pd
import mcmc_edu as me
people = pd.read_csv({csv!r})
modifiers = ["white", "male", "hawk", "intl"]
fit = me.effects.heterogeneous("support", "ally", modifiers, data=people).fit(seed=1)
print(fit.effect(by="white"))
print(fit.heterogeneity())
fit.group_effects().plot()[0].figure.savefig({figure!r})
"""

NEVER_SEEN = """
import time
from typing import NamedTuple
import numpy as np
import mcmc_edu as me

class Data{number}(NamedTuple):
    y: np.ndarray
    sd: float

def log_density(theta, grad, data):
    total, grad[0] = 0.0, 0.0
    for i in range(data.y.size):
        z = (data.y[i] - theta[0]) / data.sd
        total -= 0.5 * z * z + {number}.0
        grad[0] += z / data.sd
    return total

begin = time.perf_counter()
me.sample(log_density, [0.0], data=Data{number}(np.arange(5.0), 1.0), seed=1)
print(time.perf_counter() - begin)
"""


def seconds(command: list[str]) -> tuple[float, str]:
    begin = time.perf_counter()
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return time.perf_counter() - begin, output


def main(runs: int) -> None:
    walls: dict[str, list[float]] = {}
    call: list[float] = []
    python = [sys.executable, "-c"]
    with tempfile.TemporaryDirectory() as folder:
        figure, csv = (str(Path(folder) / name) for name in ("figure.png", "survey.csv"))
        simulate_alliance(seed=1).people.to_csv(csv)
        shrinkage = [sys.executable, "-m", "mcmc_edu.cli", "shrinkage", "--out", figure]
        for number in range(runs + 1):  # the first round compiles and is not counted
            commands = {
                "imports, pictures": [*python, PICTURES],
                "mcmc-edu shrinkage": shrinkage,
                "imports, tables": [*python, TABLES],
                "experiment to figure": [*python, EXPERIMENT.format(csv=csv, figure=figure)],
                "imports, numbers": [*python, NUMERIC],
                "collapsed, summary": [*python, COLLAPSED],
                "density never seen": [*python, NEVER_SEEN.format(number=number)],
            }
            for name, command in commands.items():
                wall, output = seconds(command)
                if number == 0:
                    continue
                walls.setdefault(name, []).append(wall)
                if name == "density never seen":
                    call.append(float(output))
    print(f"{'':24s}{'median s':>10s}{'to imports':>12s}")
    for name, values in walls.items():
        if name.startswith("imports"):
            base = values
        ratio = statistics.median(a / b for a, b in zip(values, base, strict=True))
        print(f"{name:24s}{statistics.median(values):10.2f}{ratio:12.2f}")
    print(
        f"{'from the call to draws':24s}{statistics.median(call):10.2f}   (largest {max(call):.2f})"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
