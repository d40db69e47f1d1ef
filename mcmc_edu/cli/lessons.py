"""``mcmc-edu lessons``: the lessons of a clone, listed, opened and built as notebooks."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.metadata import PackageNotFoundError, metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from .usage import Commands, UsageError

HEADING = re.compile(r"^# # (\w+) · (.+)$", re.MULTILINE)
INSTALL = f"{sys.executable} -m pip install -e '.[lessons]'"


@dataclass(frozen=True)
class Lesson:
    """A lesson: a script in jupytext's percent format."""

    number: str
    title: str
    script: Path

    @property
    def notebook(self) -> Path:
        """Path of the notebook, beside the script."""
        return self.script.with_suffix(".ipynb")


def add_to(commands: Commands) -> None:
    """Describe the command to the parser."""
    parser = commands.add_parser(
        "lessons",
        help="list the lessons, open one as a notebook, or build all notebooks",
        description="List the lessons of a clone, open one as a notebook, or build the notebooks.",
        epilog="examples: mcmc-edu lessons; mcmc-edu lessons open 3; mcmc-edu lessons build --run",
    )
    add = parser.add_argument
    add(
        "what",
        nargs="?",
        default="list",
        choices=["list", "open", "build"],
        metavar="list|open|build",
        help="what to do: list (default), open one, or build those named, or all",
    )
    add("numbers", nargs="*", metavar="NUMBER", help="lessons, such as 3 or 02b")
    add("--fresh", action="store_true", help="make again a notebook that is there, and keep a copy")
    add(
        "--run",
        dest="running",
        action="store_true",
        help="run the notebooks that are built, with their output",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Carry the command out."""
    lessons = lessons_in(folder())
    chosen = [find(number, lessons) for number in options.numbers]
    if options.what == "list":
        for lesson in chosen or lessons:
            print(f"{lesson.number:4s} {lesson.title}")
        print("\nOpen one as a notebook: mcmc-edu lessons open 1")
    elif options.what == "open":
        if len(chosen) != 1:
            raise UsageError(f"open takes one lesson, not {len(chosen)}: mcmc-edu lessons open 1")
        path = build(chosen[0], options.fresh)
        command = [sys.executable, "-m", "notebook", str(path)]
        if find_spec("notebook") is None:
            raise UsageError(f"Jupyter's notebook is not installed; {INSTALL}")
        if code := subprocess.call(command):
            raise UsageError(
                f"Jupyter ended with code {code}, and says why above; the notebook is {path}, and "
                "other programs open it as well"
            )
    else:
        for lesson in chosen or lessons:
            path = build(lesson, options.fresh)
            if options.running:
                execute(path)
            print(path)


def folder() -> Path:
    """Return the folder of the lessons, which only a clone has."""
    found = Path(__file__).parents[2] / "lessons"
    if found.is_dir():
        return found
    raise UsageError(
        f"the lessons are in the repository, and this is an installed package without them: "
        f"git clone {_address()}, and in that folder {INSTALL}"
    )


def _address() -> str:
    """Return the address of the repository, if the package was built with one."""
    try:
        urls = metadata("mcmc_edu").get_all("Project-URL") or []
    except PackageNotFoundError:
        urls = []
    found = [url.partition(", ")[2] for url in urls if url.startswith("Source")]
    return found[0] if found else "ADDRESS"


def lessons_in(folder: Path) -> list[Lesson]:
    """List the lessons of a folder in their order."""
    found = []
    for script in sorted(folder.glob("[0-9][0-9]*_*.py")):
        heading = HEADING.search(script.read_text(encoding="utf-8"))
        title = heading[2] if heading else script.stem
        found.append(Lesson(script.stem.partition("_")[0], title, script))
    return found


def find(number: str, lessons: Sequence[Lesson]) -> Lesson:
    """Return the lesson of a number, ``3`` or ``03``."""
    wanted = re.sub(r"^(\d)(?!\d)", r"0\1", number)
    known = {lesson.number: lesson for lesson in lessons}
    if wanted in known:
        return known[wanted]
    near = get_close_matches(wanted, list(known), 3, 0.3) or list(known)
    raise UsageError(f"there is no lesson {number!r}; near are {', '.join(near)}")


def build(lesson: Lesson, fresh: bool = False) -> Path:
    """Make the notebook of a lesson, unless there is one.

    A notebook that is there is its reader's, with what they wrote into it: it stays.

    Parameters
    ----------
    fresh
        Make it again; the old one is kept under a name with a number.
    """
    jupytext = _jupytext()
    path = lesson.notebook
    if path.exists():
        if not fresh:
            return path
        copies = (path.with_name(f"{path.stem}.{i}.ipynb") for i in range(1, 1000))
        path.rename(next(copy for copy in copies if not copy.exists()))
    jupytext.write(jupytext.read(lesson.script), path)
    return path


def execute(path: Path) -> None:
    """Run a notebook in its folder, and keep what it prints and draws."""
    try:
        import nbclient
        import nbformat
    except ImportError:
        raise UsageError(f"notebooks are run by nbclient: {INSTALL}") from None
    made = nbformat.read(path, as_version=4)
    client = nbclient.NotebookClient(made, resources={"metadata": {"path": str(path.parent)}})
    try:
        client.execute()
    except nbclient.exceptions.CellExecutionError as error:
        raise UsageError(f"{path.name} stopped with an error: {error}") from None
    nbformat.write(made, path)


def _jupytext() -> Any:
    try:
        import jupytext
    except ImportError:
        raise UsageError(f"notebooks are made by jupytext: {INSTALL}") from None
    return jupytext
