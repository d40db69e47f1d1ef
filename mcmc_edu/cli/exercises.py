"""``mcmc-edu exercises``: list, start, check, hint, reset, solution, bugs, verify.

Exit codes: 0 passed; 1 a check failed; 2 usage, or a submission that cannot be read; 3 an error of
the grader's own, never the student's.
"""

from __future__ import annotations

import argparse
import io
import json
import shutil
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ..exercises.catalogue import Exercise, exercises, find
from ..exercises.checking import examine
from ..exercises.result import Result
from ..exercises.verifying import verify
from .usage import Commands, UsageError

FAILED, UNREAD, GRADER_ERROR = 1, 2, 3
HELP = """\
list               all exercises, with their lessons
start NAME         write NAME.py to begin with, here
check FILE ...     check files; their names say which exercises
hint NAME          a hint: --level 1 (a nudge) to 3
reset NAME         write NAME.py again, and keep what you have as NAME.1.py
solution NAME      a worked solution
bugs NAME          the mistakes that are known
verify [NAME ...]  for authors: solutions pass, stubs and bugs fail, none misnamed"""


def add_to(commands: Commands) -> None:
    """Describe the command to the parser."""
    parser = commands.add_parser(
        "exercises",
        help="write parts of a sampler yourself, and learn what is wrong with them",
        description="Write parts of a sampler yourself, and learn what is wrong with them.",
        epilog=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add(
        "what", nargs="?", default="list", choices=list(ACTIONS), metavar="ACTION", help="see below"
    )
    add("names", nargs="*", metavar="NAME", help="exercises or, for check, files")
    add("--exercise", metavar="NAME", help="check: the exercise, if the file has another name")
    add("--level", type=int, choices=(1, 2, 3), help="hint: how much it tells, by default 1")
    add("--seed", type=_seed, help="check: ask the same questions again")
    add("--watch", action="store_true", help="check: again whenever a file is saved")
    add("--graded", action="store_true", help="check: refuse mcmc_edu in the submission")
    add("--json", action="store_true", help="list, check, verify: one report in JSON")
    add("--exit-zero", action="store_true", help="check: exit code 0 also if a check failed")
    parser.set_defaults(run=run, more="names")


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no seed: it is a whole number, 0 or larger")
    return int(text)


TAKEN_BY = {
    "exercise": ("check",),
    "level": ("hint",),
    "seed": ("check",),
    "watch": ("check",),
    "graded": ("check",),
    "json": ("list", "check", "verify"),
    "exit_zero": ("check",),
}
"""Which actions take an option; others refuse it."""


def run(options: argparse.Namespace) -> int:
    """Carry the command out, and return its exit code."""
    for name, actions in TAKEN_BY.items():
        if getattr(options, name) not in (None, False) and options.what not in actions:
            option = f"--{name.replace('_', '-')}"
            raise UsageError(f"{option} belongs to {', '.join(actions)}, not to {options.what}")
    return ACTIONS[options.what](options)


def _list(options: argparse.Namespace) -> int:
    abouts = [exercise.about for exercise in exercises()]
    if options.json:
        keys = ("name", "lesson", "title")
        print(json.dumps([{key: getattr(a, key) for key in keys} for a in abouts], indent=2))
        return 0
    for about in abouts:
        print(f"{about.lesson:4s} {about.name:26s} {about.title}")
    print("\nBegin with one: mcmc-edu exercises start rmse")
    return 0


def _start(options: argparse.Namespace) -> int:
    for exercise in _named(options.names):
        path = Path(f"{exercise.name}.py")
        if path.exists():
            raise UsageError(
                f"{path} is there already; mcmc-edu exercises reset {exercise.name} begins again "
                "and keeps what you have"
            )
        _write(path, exercise.stub)
        print(f"{path}: write it, then run mcmc-edu exercises check {path}")
    return 0


def _reset(options: argparse.Namespace) -> int:
    for exercise in _named(options.names):
        path = Path(f"{exercise.name}.py")
        if path.exists():
            number = 1
            while (kept := path.with_suffix(f".{number}.py")).exists():
                number += 1
            try:
                shutil.move(path, kept)
            except OSError as error:
                raise UsageError(f"{path} cannot be moved ({error.strerror})") from None
            print(f"{kept}: what you had")
        _write(path, exercise.stub)
        print(f"{path}: as at the beginning")
    return 0


def _check(options: argparse.Namespace) -> int:
    files = [Path(name) for name in options.names]
    if not files:
        raise UsageError("check takes the files to check: mcmc-edu exercises check rmse.py")
    if isinstance(sys.stdout, io.TextIOWrapper):  # a pipe may know fewer letters than a student
        sys.stdout.reconfigure(errors="backslashreplace")
    if options.watch:
        return _watch(files, options)
    return _check_once(files, options)


def _check_once(files: Sequence[Path], options: argparse.Namespace) -> int:
    results: list[tuple[Path, Result | UsageError]] = []
    for file in files:
        try:
            exercise = _exercise_of(file, options.exercise)
        except UsageError as error:
            if len(files) == 1 and not options.json:
                raise
            print(f"mcmc-edu: {error}", file=sys.stderr)
            results.append((file, error))
            continue
        try:
            result = examine(exercise, file, graded=options.graded, seed=options.seed)
        except Exception as error:  # whatever it is, it is not the student's
            traceback.print_exc()
            print(
                f"mcmc-edu: the grader itself failed: {type(error).__name__}: {error}; that says "
                "nothing about your answer, and is worth a report",
                file=sys.stderr,
            )
            return GRADER_ERROR
        results.append((file, result))
        if not options.json:
            print(result)
    if options.json:
        print(json.dumps(report(results), indent=2, default=_plain))
    if any(isinstance(result, UsageError) for _, result in results):
        return UNREAD
    failed = any(not result.passed for _, result in results if isinstance(result, Result))
    return FAILED if failed and not options.exit_zero else 0


def report(results: Sequence[tuple[Path, Result | UsageError]]) -> dict[str, Any]:
    """Return one report on all files, in the format of Gradescope's results.json.

    A file that cannot be read is a test that failed.
    """
    tests = [_test(file, result) for file, result in results]
    return {"score": sum(test["score"] for test in tests), "tests": tests}


def _test(file: Path, result: Result | UsageError) -> dict[str, Any]:
    parts = {"max_score": 1.0, "output_format": "text", "extra_data": {"file": str(file)}}
    if isinstance(result, UsageError):
        return parts | {"name": file.name, "score": 0.0, "status": "failed", "output": str(result)}
    told = {"bug": result.bug, "seed": result.seed, "evidence": result.evidence}
    return parts | {
        "name": result.exercise,
        "score": result.score,
        "status": "passed" if result.passed else "failed",
        "output": result.message,
        "extra_data": {"file": str(file)} | told,
    }


def _plain(value: Any) -> Any:
    """Return a number of NumPy's as one of Python's."""
    return value.item() if hasattr(value, "item") else str(value)


def _watch(files: Sequence[Path], options: argparse.Namespace) -> int:
    for file in files:
        _exercise_of(file, options.exercise)
    print("checking whenever a file is saved; stop with Ctrl-C")
    seen: dict[Path, int] = {}
    code = 0
    while True:
        saved = {file: file.stat().st_mtime_ns for file in files if file.exists()}
        changed = [file for file in saved if saved[file] != seen.get(file)]
        if changed:
            code = _check_once(changed, options)
        seen = saved
        try:
            pause()
        except KeyboardInterrupt:
            return code


def pause() -> None:
    """Wait a moment before files are looked at again."""
    time.sleep(0.5)


def _hint(options: argparse.Namespace) -> int:
    for exercise in _named(options.names):
        print(f"{exercise.name}: {exercise.about.hints[(options.level or 1) - 1]}")
    return 0


def _solution(options: argparse.Namespace) -> int:
    for exercise in _named(options.names):
        print(exercise.solution)
    return 0


def _bugs(options: argparse.Namespace) -> int:
    for exercise in _named(options.names):
        for bug in exercise.about.bugs:
            print(f"{exercise.name}: {bug.name}: {bug.title}")
            if bug.source:
                print(f"    {bug.source}")
    return 0


def _verify(options: argparse.Namespace) -> int:
    chosen = _named(options.names) if options.names else exercises()
    table = verify(chosen, tell=None if options.json else print)
    if options.json:
        print(json.dumps(table.to_dict(), indent=2))
    else:
        print(table)
    return 0 if table.holds else FAILED


def _named(names: Sequence[str]) -> list[Exercise]:
    if not names:
        raise UsageError("name an exercise; mcmc-edu exercises lists them")
    try:
        return [find(name.removesuffix(".py")) for name in names]
    except ValueError as error:
        raise UsageError(str(error)) from None


def _exercise_of(file: Path, name: str | None) -> Exercise:
    """Return the exercise of a file, by its name: rmse.py, or rmse.1.py."""
    if not file.is_file():
        raise UsageError(f"{file} is no file that can be read; name the file with your function")
    try:
        file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f"{file} cannot be read ({error.strerror})") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"{file} cannot be read as UTF-8 text ({error})") from None
    try:
        return find(name or file.name.partition(".")[0])
    except ValueError as error:
        raise UsageError(f"{error}; or say which with --exercise") from None


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written ({error.strerror})") from None


ACTIONS: dict[str, Callable[[argparse.Namespace], int]] = {
    "list": _list,
    "start": _start,
    "check": _check,
    "hint": _hint,
    "reset": _reset,
    "solution": _solution,
    "bugs": _bugs,
    "verify": _verify,
}
