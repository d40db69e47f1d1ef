"""The course: every lesson runs, says what it computes, and has all its parts and answers."""

import inspect
import os
import re
from pathlib import Path

import pytest
from claims import quiz
from claims.reading import Lesson, numbers_in, prose_of
from scripts import run_script

from mcmc_edu.exercises.catalogue import exercises

ROOT = Path(__file__).parent.parent
LESSONS = sorted((ROOT / "lessons").glob("[0-9][0-9]*_*.py"))
ANSWERS = [path.parent / "answers" / path.name for path in LESSONS]
RUN = ROOT / "tests" / "claims" / "run.py"
TESTS = ROOT / "tests"
HEAD = re.compile(
    r"\*\*You need\*\* (?P<needs>.+?)\. \*\*It takes\*\* about (?P<minutes>\d+) minutes\. "
    r"\*\*Afterwards you can\*\* (?P<goals>.+?)\. \*\*The question\.\*\*"
)


def code_of(path: Path) -> str:
    """Return the code cells of a percent script."""
    cells = re.split(r"^# %%", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return "\n".join(
        cell.partition("\n")[2] for cell in cells if not cell.startswith(" [markdown]")
    )


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


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_has_all_its_parts(lesson: Path) -> None:
    text = lesson.read_text(encoding="utf-8")
    prose = prose_of(text)
    for part in (
        "## Predict",
        "## Investigate",
        "## Modify",
        "## Make",
        "## The figure worth keeping",
        "**What could go wrong:",
        "## Sources",
    ):
        assert part in prose, part
    assert HEAD.search(prose)
    assert prose.index("## Predict") < prose.index("## Investigate")
    assert re.search(r" 1\. .* 2\. .* 3\. ", prose.split("## Make")[1])
    assert "extension: .py" in text.split("# %%")[0]  # else jupytext takes it for another format
    private = re.findall(r"mcmc_edu\.\w*\._|import _|\bme\._", text)
    assert private == []


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_asks_for_a_guess_and_repeats_it_beside_the_result(lesson: Path) -> None:
    code = code_of(lesson)
    guess = re.search(r'^my_guess = "\?"', code, re.MULTILINE)
    assert guess
    assert re.search(r"^ *print\(.*my_guess", code[guess.end() :], re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("path", [*LESSONS, *ANSWERS], ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_code_of_a_lesson_has_no_tests_and_describes_its_figures(path: Path) -> None:
    code = code_of(path)
    assert re.findall(r"^ *assert .*", code, re.MULTILINE) == []
    assert re.findall(r"plt\.show\(|\.savefig\(", code) == []
    if "answers" not in path.parts:
        assert len(re.findall(r"^SEED = 1\b", code, re.MULTILINE)) == 1
        assert "me.plots.show(" in code


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_every_exercise_has_an_answer(lesson: Path) -> None:
    asked = prose_of(lesson.read_text(encoding="utf-8")).split("## Make")[1].split("## Sources")[0]
    numbers = re.findall(r" (\d)\. ", asked)
    answers = (lesson.parent / "answers" / lesson.name).read_text(encoding="utf-8")
    assert re.findall(r"^# ## (\d) · ", answers, re.MULTILINE) == numbers


def test_the_page_of_the_course_says_what_the_lessons_say() -> None:
    page = (ROOT / "lessons" / "README.md").read_text(encoding="utf-8")
    rows = []
    for lesson in LESSONS:
        text = prose_of(lesson.read_text(encoding="utf-8"))
        number, title = re.findall(r"^# (\w+) · (.+?) \*\*You need", text)[0]
        head = HEAD.search(text)
        assert head
        rows.append(
            f"| [{number}]({lesson.name}) {title} | {head['needs']} | {head['minutes']} | "
            f"{head['goals']} |"
        )
    missing = [row for row in rows if row not in page.splitlines()]
    assert missing == [], "\n".join(rows)


def test_lessons_and_their_page_name_the_exercises_that_belong_to_them() -> None:
    page = (ROOT / "lessons" / "README.md").read_text(encoding="utf-8").splitlines()
    for lesson in LESSONS:
        number = lesson.name.partition("_")[0]
        names = [e.name for e in exercises() if e.about.lesson == number]
        asked = prose_of(lesson.read_text(encoding="utf-8")).split("## Make")[1]
        asked = asked.split("## Sources")[0]
        if not names:
            assert "mcmc-edu exercises" not in asked, number
            continue
        examined = re.search(r"The grader examines (.*?): `\.venv", asked)
        assert examined, number
        assert re.findall(r"`(\w+)`", examined[1]) == names
        assert f"`.venv/bin/mcmc-edu exercises start {names[0]}`" in asked
        assert f"- [{number}]({lesson.name}): {', '.join(f'`{n}`' for n in names)}" in page
    assert {e.about.lesson for e in exercises()} <= {f.name.partition("_")[0] for f in LESSONS}


def test_every_number_of_the_quiz_is_compared_in_a_lesson() -> None:
    text = (ROOT / "lessons" / "quiz.md").read_text(encoding="utf-8")
    says = re.findall(r'quiz\.says\(\s*"(.*?)",?\s', inspect.getsource(quiz), re.DOTALL)
    asked = Lesson({}, "", " ".join(text.split()))
    quiz.given(asked)
    assert asked.wrong == []
    for sentence in says:
        asked.says(sentence, *[0.0] * sentence.count("{}"))
    assert [words for words in asked.wrong if "does not say" in words] == []
    assert asked.unexplained() == []
    assert len(re.findall(r"^## \d+\. ", text, re.MULTILINE)) == 10


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
