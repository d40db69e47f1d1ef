"""The folder of reference values: all of it is described, and nothing is sought elsewhere."""

import re
from pathlib import Path

TESTS = Path(__file__).parent
OUTSIDE = (r"parents\[[2-9]\]", r"ROOT\.parent", r"environ.*(SHARED|TABLES)")
"""How a test would find a folder beside the repository."""


def test_every_file_is_described() -> None:
    folder = TESTS / "reference"
    files = {file.name for file in folder.iterdir() if file.is_file()} - {"README.md"}
    described = set(
        re.findall(r"`(\w+\.\w+)(?: FOLDER)?`", (folder / "README.md").read_text("utf-8"))
    )
    assert files <= described
    assert {name for name in described if not name.startswith("test_")} <= files


def test_no_test_reads_outside_the_repository() -> None:
    for file in TESTS.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        found = [pattern for pattern in OUTSIDE if re.search(pattern, text)]
        assert not found or file == Path(__file__), (file.name, found)
