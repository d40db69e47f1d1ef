"""README, lessons and figures: every command runs, every number is printed by code."""

import os
import re
import subprocess
import sys
from pathlib import Path

import matplotlib.image
import numpy as np
import pytest

from mcmc_edu.cli import main

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
LESSONS = sorted((ROOT / "lessons").glob("[0-9][0-9]_*.py"))


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def without_seconds(report: str) -> list[list[str]]:
    """The report's cells, but for the seconds, which no two runs share."""
    lines = [re.split(r"  +", line.strip()) for line in report.strip().splitlines()]
    from_the_end = len(lines[0]) - lines[0].index("seconds")
    table = lines[: lines.index([""])]
    return [line[:-from_the_end] + line[1 - from_the_end :] for line in table] + lines[len(table) :]


SAMPLED = ("Metropolis", "NUTS", "one chain")


def is_close(printed: str, shown: str) -> bool:
    """Equal as far as processors agree: the last bit of a logarithm decides where a chain goes."""
    try:
        return abs(float(printed) / float(shown) - 1.0) < 0.3
    except ValueError:
        return printed == shown


def test_the_report_in_the_readme_is_what_the_command_prints(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["shrinkage", "--out", str(tmp_path / "shrinkage.png")]) == 0
    printed = capsys.readouterr().out.split("\nfigure: ")[0]
    for shown, found in zip(
        without_seconds(blocks("text")[0]), without_seconds(printed), strict=True
    ):
        if shown[0].endswith(SAMPLED):
            assert all(map(is_close, found, shown)), found
        else:
            assert found == shown


@pytest.mark.parametrize("i", range(len(blocks("python"))))
def test_an_example_in_the_readme_prints_what_it_shows(
    i: int, capsys: pytest.CaptureFixture[str]
) -> None:
    exec(compile(blocks("python")[i], "README.md", "exec"), {})
    printed, shown = capsys.readouterr().out.split(), blocks("text")[1 + i].split()
    assert all(map(is_close, printed, shown)), printed
    assert len(printed) == len(shown)


def test_commands_are_one_line_each() -> None:
    assert len(blocks("sh")) == 3
    assert all(block.count("\n") == 1 for block in blocks("sh"))


def test_the_speeds_in_the_readme_are_those_of_the_table() -> None:
    tables = sorted((ROOT / "benchmarks").glob("re*.md"))
    measured = [line for path in tables for line in path.read_text(encoding="utf-8").splitlines()]
    shown = [line for line in README.splitlines() if re.match(r"\| .*\dx \|", line)]
    assert len(shown) == 20
    assert [line for line in shown if line not in measured] == []


def test_links_lead_somewhere() -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", README)
    assert targets
    assert [t for t in targets if not (ROOT / t).exists()] == []


def run(file: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-W", "ignore::UserWarning:__main__", str(file)],
        cwd=folder,
        env=os.environ | {"MPLBACKEND": "agg"},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


@pytest.mark.lesson
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_runs_as_a_script(lesson: Path, tmp_path: Path) -> None:
    found = run(lesson, tmp_path)
    assert found.returncode == 0, found.stderr
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_has_all_its_parts(lesson: Path) -> None:
    text = lesson.read_text(encoding="utf-8")
    prose = " ".join(line[2:] for line in text.splitlines() if line.startswith("# "))
    for part in (
        "**The question.**", "## Predict", "## Investigate", "## Modify", "## Make",
        "## The figure worth keeping", "**What could go wrong:", "## Sources",
    ):  # fmt: skip
        assert part in prose, part
    assert prose.index("## Predict") < prose.index("## Investigate")
    assert re.search(r" 1\. .* 2\. .* 3\. ", prose.split("## Make")[1])
    assert f"[{lesson.stem[:2]}](lessons/{lesson.name})" in README
    assert "extension: .py" in text.split("# %%")[0]  # else jupytext takes it for another format
    private = re.findall(r"mcmc_edu\.\w*\._|import _|\bme\._", text)
    assert private == []


@pytest.mark.parametrize("script", sorted((ROOT / "figures").glob("*.py")), ids=lambda p: p.stem)
def test_a_figure_is_what_its_script_draws(script: Path, tmp_path: Path) -> None:
    copy = tmp_path / script.name
    copy.write_text(script.read_text())
    found = run(copy, tmp_path)
    assert found.returncode == 0, found.stderr
    kept = matplotlib.image.imread(script.with_suffix(".png"))
    drawn = matplotlib.image.imread(copy.with_suffix(".png"))
    assert kept.shape == drawn.shape
    assert np.abs(kept - drawn).mean() < 0.01  # fonts differ a little between versions
    assert script.with_suffix(".svg").stat().st_size > 1000
