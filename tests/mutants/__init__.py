"""Bugs on purpose, a table for each room of the package: see `bug` for what a row says.

`test_mutants.py` plants each and sees that its test turns red.
"""

import importlib
from pathlib import Path

from .bug import Mutant

OTHERS = {"__init__", "bug", "callables", "catching", "rekey"}
"""Files of this folder that are no tables."""

TABLES = sorted({path.stem for path in Path(__file__).parent.glob("*.py")} - OTHERS)


def every_mutant() -> list[Mutant]:
    """Read all tables."""
    found: list[Mutant] = []
    for table in TABLES:
        found += importlib.import_module(f"{__name__}.{table}").MUTANTS
    return found
