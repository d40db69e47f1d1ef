"""How long until there is something to see: `python benchmarks/start_up.py [runs]`.

Whole processes, in turn, so that a slow minute of the machine hits all of them: the bare imports
that no program of this kind can do without, the demonstration with its figure, and a script with a
density and a type of data that were never seen before.  The last also prints the seconds from the
call of `me.sample` to its draws.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

IMPORTS = "import numba, scipy.stats, matplotlib.pyplot"

NEVER_SEEN = """
import time
from typing import NamedTuple
import numpy as np
import mcmc_edu as me

class Data{number}(NamedTuple):
    y: np.ndarray
    sd: float

def log_density(theta, data):
    total = 0.0
    for i in range(data.y.size):
        z = (data.y[i] - theta[0]) / data.sd
        total -= 0.5 * z * z + {number}.0
    return total

begin = time.perf_counter()
me.sample(log_density, [0.0], data=Data{number}(np.arange(5.0), 1.0),
          sampler=me.Metropolis(scale=1.0), draws=1000, seed=1)
print(time.perf_counter() - begin)
"""


def seconds(command: list[str]) -> tuple[float, str]:
    begin = time.perf_counter()
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return time.perf_counter() - begin, output


def main(runs: int) -> None:
    walls: dict[str, list[float]] = {}
    call: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        figure = str(Path(folder) / "figure.png")
        for number in range(runs + 1):  # the first round compiles and is not counted
            commands = {
                "bare imports": [sys.executable, "-c", IMPORTS],
                "mcmc-edu shrinkage": [
                    sys.executable, "-m", "mcmc_edu.cli", "shrinkage", "--out", figure,
                ],
                "a density never seen": [
                    sys.executable, "-c", NEVER_SEEN.format(number=number),
                ],
            }  # fmt: skip
            for name, command in commands.items():
                wall, output = seconds(command)
                if number == 0:
                    continue
                walls.setdefault(name, []).append(wall)
                if name == "a density never seen":
                    call.append(float(output))
    base = walls["bare imports"]
    print(f"{'':24s}{'median s':>10s}{'to imports':>12s}")
    for name, values in walls.items():
        ratio = statistics.median(a / b for a, b in zip(values, base, strict=True))
        print(f"{name:24s}{statistics.median(values):10.2f}{ratio:12.2f}")
    print(
        f"{'from the call to draws':24s}{statistics.median(call):10.2f}   (largest {max(call):.2f})"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
