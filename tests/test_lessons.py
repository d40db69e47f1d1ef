"""The course: every lesson runs, and says what it computes."""

import os
from pathlib import Path

import pytest
from claims.reading import Lesson, numbers_in
from scripts import run_script

ROOT = Path(__file__).parent.parent
LESSONS = sorted((ROOT / "lessons").glob("[0-9][0-9]*_*.py"))
ANSWERS = sorted((ROOT / "lessons" / "answers").glob("[0-9][0-9]*_*.py"))
RUN = ROOT / "tests" / "claims" / "run.py"
TESTS = ROOT / "tests"


@pytest.mark.lesson
@pytest.mark.parametrize("path", [*LESSONS, *ANSWERS], ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_a_lesson_runs_and_says_what_it_computes(path: Path, tmp_path: Path) -> None:
    found = run_script(RUN, tmp_path, TESTS, LESSON=str(path))
    assert found.returncode == 0, found.stderr
    assert os.listdir(tmp_path) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2, 3, 4, 5])
@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_runs_with_other_seeds(path: Path, seed: int, tmp_path: Path) -> None:
    found = run_script(RUN, tmp_path, TESTS, LESSON=str(path), SEED=str(seed))
    assert found.returncode == 0, found.stderr


PROSE = "# 00 · A title. In 2018, 41 % of `75` people. It is 2.53, not $3.14$. ## Make 1. Take 77."


def test_numbers_of_a_lesson_need_a_reason() -> None:
    assert list(numbers_in(PROSE).values()) == ["41", "2.53"]
    lesson = Lesson({"share": 41.3}, "", PROSE)
    assert len(lesson.unexplained()) == 2
    lesson.says("{} % of", lesson.share)
    lesson.given("It is 2.53")
    assert lesson.unexplained() == lesson.wrong == []


@pytest.mark.parametrize(
    ("value", "within", "right"),
    [(2.534, 0.0, True), (2.536, 0.0, False), (2.536, 0.01, True), (float("nan"), 9.0, False)],
)
def test_a_number_may_differ_by_rounding_and_its_error(
    value: float, within: float, right: bool
) -> None:
    lesson = Lesson({}, "", PROSE)
    lesson.says("It is {}, not", value, within=within)
    assert (lesson.wrong == []) == right


def test_what_a_lesson_does_not_say_or_print_is_wrong() -> None:
    lesson = Lesson({}, "printed", PROSE)
    lesson.says("It was {}", 2.53)
    lesson.given("75 people")
    lesson.prints("never")
    lesson.holds("one is two", False)
    assert len(lesson.wrong) == 4
