"""Shared parts of the commands: the usage error and the check that a file can be written."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


class UsageError(Exception):
    """Error of a request that cannot be carried out; the message says what to do instead."""


def one_line(error: object) -> str:
    """Join the lines of a message into one."""
    return " ".join(str(error).split())


def check_writable(out: Path, formats: Sequence[str], option: str = "--out") -> None:
    """Check before the work starts that a file can be written."""
    if out.suffix.lower() not in formats:
        raise UsageError(
            f"{option} {out} ends in {out.suffix or 'nothing'!r}; end it in {' or '.join(formats)}"
        )
    if out.is_dir():
        raise UsageError(f"{option} {out} is a folder; name a file in it")
    try:
        with tempfile.TemporaryFile(dir=out.parent):
            pass
        if out.exists():
            out.open("r+b").close()
    except OSError as error:
        raise UsageError(
            f"{option} {out} cannot be written ({error.strerror}); name a file in a folder that "
            "exists and is yours"
        ) from None
