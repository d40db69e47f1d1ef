"""The command `mcmc-edu`: the shrinkage demonstration, fits, effects, lessons and exercises."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from .._version import __version__
from . import effect, exercises, fit, lessons, shrinkage
from .usage import UsageError

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code: 0, or 2 with one line on stderr.

    Exercises have codes of their own, 1 and 3.
    """
    options = _parsed(arguments)
    code: int | None = None
    try:
        code = options.run(options)
        sys.stdout.flush()
    except UsageError as error:
        print(f"mcmc-edu: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        print("mcmc-edu: interrupted", file=sys.stderr)
        return 130
    return code or 0


def _parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Parse the arguments; names may stand behind options, where a command takes any number."""
    parser = _parser()
    options, rest = parser.parse_known_args(arguments)
    if rest:
        if not hasattr(options, "more") or any(word.startswith("-") for word in rest):
            parser.error(f"unrecognized arguments: {' '.join(rest)}")
        setattr(options, options.more, [*getattr(options, options.more), *rest])
    return options


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mcmc-edu", description="Learn MCMC and hierarchical models."
    )
    parser.add_argument("--version", action="version", version=f"mcmc-edu {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    shrinkage.add_to(commands)
    fit.add_to(commands)
    effect.add_to(commands)
    lessons.add_to(commands)
    exercises.add_to(commands)
    return parser
