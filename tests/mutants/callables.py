"""Bugs as functions that can be called, beside the right ones, in one process.

A module with a bug is written into a folder and loaded under a name of its own: the package that is
imported stays as it is, and what the module imports of it is right.
"""

import importlib.util
import inspect
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from . import every_mutant
from .bug import PACKAGE, Mutant, planted


def mutant_of(bug: str) -> Mutant:
    """Find a bug by its name."""
    return next(mutant for mutant in every_mutant() if mutant.bug == bug)


def module_with(bug: str, folder: Path, compiled: bool = False) -> ModuleType:
    """Load the module with a bug in it.

    Parameters
    ----------
    bug
        Name of the bug, of a file of Python.
    folder
        Where the source is written; machine code, if any, is kept there too.
    compiled
        Leave its functions compiled; if not, those that it defines and imports are plain Python.
    """
    mutant = mutant_of(bug)
    return module_of(mutant.file, planted(mutant), folder, compiled)


def module_as_it_is(file: str, folder: Path, compiled: bool = False) -> ModuleType:
    """Load the module of a file in the same way, without a bug."""
    source = (PACKAGE / file).read_text(encoding="utf-8")
    return module_of(file, source, folder, compiled)


def module_of(file: str, source: str, folder: Path, compiled: bool) -> ModuleType:
    """Load a source in the place of a file: its relative imports are those of the file."""
    place = ".".join(["mcmc_edu", *Path(file).parts[:-1]])
    number = sum(name.startswith(f"{place}._planted_") for name in sys.modules)
    name = f"{place}._planted_{number}"
    path = folder / f"_planted_{number}_{Path(file).name}"
    path.write_text(source, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    if not compiled:
        vars(module).update({key: plain(value) for key, value in vars(module).items()})
    return module


def plain(value: Any) -> Any:
    """Give the Python function beneath a compiled one or an entry; anything else as it is."""
    if inspect.ismodule(value) or inspect.isclass(value):
        return value
    beneath = getattr(value, "dispatcher", value)
    return getattr(beneath, "py_func", beneath)


def function_with(bug: str, folder: Path, compiled: bool = False) -> Any:
    """Give the function with a bug in it, or the function around it if it is an inner one.

    A bug of no function gives its module.
    """
    found: Any = module_with(bug, folder, compiled)
    for part in filter(None, mutant_of(bug).function.split(".")):
        if not hasattr(found, part):
            break
        found = getattr(found, part)
    return found
