"""Run the lesson in the variable LESSON in this process, with SEED if that is set; then its claims.

Exit code 1 and one line each for what is wrong.  With another seed than the lesson's own, numbers
may differ, so claims are left out.
"""

import contextlib
import importlib
import importlib.util
import io
import os
import re
import sys
import types
from pathlib import Path

from claims import quiz
from claims.reading import Lesson, prose_of


def main() -> None:
    """Run the lesson and its claims."""
    path = Path(os.environ["LESSON"])
    text = path.read_text(encoding="utf-8")
    code = text
    if seed := os.environ.get("SEED"):
        code, changed = re.subn(r"^SEED = \d+", f"SEED = {seed}", text, flags=re.MULTILINE)
        if changed != 1:
            sys.exit(f"{path.name} must set SEED once; it does so {changed} times")
    script, printed = types.ModuleType("__main__"), io.StringIO()
    script.__file__ = str(path)
    sys.modules["__main__"] = script  # where pickle looks for the lesson's functions
    with contextlib.redirect_stdout(printed):
        exec(compile(code, str(path), "exec"), script.__dict__)
    print(printed.getvalue())
    if seed:
        return
    kind = "answers" if path.parent.name == "answers" else "lesson"
    number = path.stem.partition("_")[0]
    if importlib.util.find_spec(f"claims.{kind}_{number}") is None:
        return
    claims = importlib.import_module(f"claims.{kind}_{number}").claims
    lesson = Lesson(dict(script.__dict__), printed.getvalue(), prose_of(text))
    claims(lesson)
    if kind == "lesson" and number in quiz.CLAIMS:
        text = (path.parent / "quiz.md").read_text(encoding="utf-8")
        asked = Lesson(lesson.names, lesson.printed, " ".join(text.split()))
        quiz.CLAIMS[number](asked)
        lesson.wrong += asked.wrong
    for line in lesson.wrong:
        print("WRONG", line, file=sys.stderr)
    for line in lesson.unexplained():
        print("NO REASON FOR", line, file=sys.stderr)
    sys.exit(1 if lesson.wrong or lesson.unexplained() else 0)


if __name__ == "__main__":
    main()
