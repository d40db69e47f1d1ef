"""Run by a Python that has PyStan: log densities at points, or draws, of one program.

python run_pystan.py task.json result.json
"""

import json
import sys
from pathlib import Path


def log_densities(program, points):
    """Log density at each point, a dict of parameters; on the unconstrained scale."""
    return [program.log_prob(program.unconstrain_pars(point)) for point in points]


def draws(program, names, settings):
    """Draws of the variables, chain running fastest."""
    fit = program.sample(**settings)
    return {name: fit[name].tolist() for name in names}


def main(task, result):
    import stan  # which the Python that collects tests need not have

    asked = json.loads(Path(task).read_text())
    program = stan.build(asked["code"], data=asked["data"], random_seed=1)
    found = {}
    if asked["points"]:
        found["log_densities"] = log_densities(program, asked["points"])
    if asked["settings"]:
        found["draws"] = draws(program, asked["variables"], asked["settings"])
    Path(result).write_text(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
