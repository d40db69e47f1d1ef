"""Print the lowest versions that setup.cfg declares of what the tests need, as constraints.

python .ci/lowest.py > lowest.txt
pip install -e '.[test]' -c lowest.txt
"""

import configparser
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent


def requirements(config: configparser.ConfigParser, extra: str) -> Iterator[str]:
    """List what an extra asks for, and the extras that it names in turn."""
    for line in config["options.extras_require"][extra].split("\n"):
        if own := re.fullmatch(r"mcmc_edu\[(\w+)\]", line.strip()):
            yield from requirements(config, own[1])
        elif line.strip():
            yield line.strip()


def lowest(setup: str) -> list[str]:
    """Every requirement with its lower bound made its version."""
    config = configparser.ConfigParser()
    config.read_string(setup)
    core = config["options"]["install_requires"].split("\n")
    asked = [*filter(None, map(str.strip, core)), *requirements(config, "test")]
    unbounded = [line for line in asked if ">=" not in line]
    if unbounded:
        raise ValueError(f"without a lower bound: {', '.join(unbounded)}")
    return sorted({line.replace(">=", "==") for line in asked})


if __name__ == "__main__":
    print("\n".join(lowest((ROOT / "setup.cfg").read_text())))
