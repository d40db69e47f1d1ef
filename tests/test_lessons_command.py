"""`mcmc-edu lessons`: lists, opens and builds, and keeps what a reader wrote."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from mcmc_edu.cli import lessons, main

HEAD = (
    "# ---\n# jupyter:\n#   kernelspec:\n#     display_name: Python 3\n#     name: python3\n# ---\n"
)
LESSON = (
    HEAD
    + """
# %% [markdown]
# # {number} · {title}
#
# **The question.** What is it?

# %%
print({number!r} * 2)
"""
)


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of three lessons in the place of ours."""
    for number, title in (("01", "First"), ("02b", "Another: second"), ("10", "Tenth")):
        text = LESSON.format(number=number, title=title)
        (tmp_path / f"{number}_a_name.py").write_text(text, encoding="utf-8")
    monkeypatch.setattr(lessons, "folder", lambda: tmp_path)
    return tmp_path


def cells(notebook: Path) -> list[dict]:
    return json.loads(notebook.read_text(encoding="utf-8"))["cells"]


def test_lessons_are_listed_in_their_order(clone: Path, capsys) -> None:
    assert main(["lessons"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == ["01   First", "02b  Another: second", "10   Tenth"]
    assert "mcmc-edu lessons open 1" in lines[-1]


def test_our_own_lessons_all_have_a_title(capsys) -> None:
    found = lessons.lessons_in(lessons.folder())
    assert len(found) >= 17
    assert [one.title for one in found if one.title == one.script.stem] == []
    assert [lesson.number for lesson in found] == sorted(lesson.number for lesson in found)


@pytest.mark.parametrize(
    ("given", "number"), [("1", "01"), ("01", "01"), ("2b", "02b"), ("10", "10")]
)
def test_a_lesson_is_found_by_its_number(clone: Path, given: str, number: str) -> None:
    assert lessons.find(given, lessons.lessons_in(clone)).number == number


def test_what_is_no_lesson_is_named(clone: Path, capsys) -> None:
    assert main(["lessons", "open", "2"]) == 2
    assert "there is no lesson '2'; near are 02b" in capsys.readouterr().err
    assert main(["lessons", "open"]) == 2
    assert "open takes one lesson, not 0" in capsys.readouterr().err


def test_without_a_clone_it_says_how_to_get_one(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(lessons, "__file__", str(tmp_path / "mcmc_edu" / "cli" / "lessons.py"))
    assert main(["lessons"]) == 2
    said = capsys.readouterr().err
    assert "git clone " in said
    assert "pip install -e '.[lessons]'" in said


def test_without_jupytext_it_says_what_to_install(clone: Path, monkeypatch, capsys) -> None:
    monkeypatch.setitem(sys.modules, "jupytext", None)
    assert main(["lessons", "build", "1"]) == 2
    assert "pip install -e '.[lessons]'" in capsys.readouterr().err


def test_notebooks_are_built_and_a_readers_own_stays(clone: Path, capsys) -> None:
    pytest.importorskip("jupytext")
    assert main(["lessons", "build"]) == 0
    built = sorted(path.name for path in clone.glob("*.ipynb"))
    assert built == ["01_a_name.ipynb", "02b_a_name.ipynb", "10_a_name.ipynb"]
    notebook = clone / "01_a_name.ipynb"
    assert [cell["cell_type"] for cell in cells(notebook)] == ["markdown", "code"]
    mine = json.loads(notebook.read_text(encoding="utf-8"))
    mine["cells"][1]["source"] = ["mine = 1"]
    notebook.write_text(json.dumps(mine), encoding="utf-8")
    assert main(["lessons", "build", "1"]) == 0
    assert cells(notebook)[1]["source"] == ["mine = 1"]
    assert main(["lessons", "build", "1", "--fresh"]) == 0
    assert "print" in "".join(cells(notebook)[1]["source"])
    assert cells(clone / "01_a_name.1.ipynb")[1]["source"] == ["mine = 1"]


def test_open_starts_the_notebook_of_that_lesson(clone: Path, monkeypatch) -> None:
    for name in ("jupytext", "notebook"):
        pytest.importorskip(name)
    started: list[list[str]] = []
    monkeypatch.setattr(subprocess, "call", lambda command: started.append(command) or 0)
    assert main(["lessons", "open", "10"]) == 0
    assert started == [[sys.executable, "-m", "notebook", str(clone / "10_a_name.ipynb")]]
    assert (clone / "10_a_name.ipynb").exists()


def test_if_jupyter_fails_it_is_not_called_missing(clone: Path, monkeypatch, capsys) -> None:
    for name in ("jupytext", "notebook"):
        pytest.importorskip(name)
    monkeypatch.setattr(subprocess, "call", lambda command: 1)
    assert main(["lessons", "open", "10"]) == 2
    said = capsys.readouterr().err
    assert "Jupyter ended with code 1" in said
    assert "10_a_name.ipynb" in said
    assert "pip install" not in said


@pytest.mark.lesson
def test_built_notebooks_run(clone: Path, capsys) -> None:
    for name in ("jupytext", "nbclient", "ipykernel"):
        pytest.importorskip(name)
    assert main(["lessons", "build", "1", "--run"]) == 0
    assert cells(clone / "01_a_name.ipynb")[1]["outputs"][0]["text"] == ["0101\n"]
    bad = clone / "10_a_name.py"
    bad.write_text(bad.read_text(encoding="utf-8") + "\n1 / 0\n", encoding="utf-8")
    assert main(["lessons", "build", "10", "--run"]) == 2
    assert "10_a_name.ipynb stopped with an error" in capsys.readouterr().err
