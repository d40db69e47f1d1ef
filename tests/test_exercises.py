"""`check` and `mcmc-edu exercises`: one message, a score, exit codes."""

import json
from pathlib import Path

import numpy as np
import pytest

import mcmc_edu as me
from mcmc_edu.cli import exercises as command
from mcmc_edu.cli import main
from mcmc_edu.exercises import NotRightError, catalogue, check, checking
from mcmc_edu.exercises.chance.evidence import Evidence
from mcmc_edu.exercises.grading import exact

RIGHT = """
import numpy as np

def rmse(estimate, truth):
    return np.sqrt(np.mean((estimate - truth) ** 2))
"""
WRONG = RIGHT.replace("np.sqrt(", "(")


def rmse(estimate: np.ndarray, truth: np.ndarray) -> float:
    return float(np.sqrt(np.mean((estimate - truth) ** 2)))


def no_root(estimate: np.ndarray, truth: np.ndarray) -> float:
    return float(np.mean((estimate - truth) ** 2))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_right_answer_passes_and_a_bug_has_its_name() -> None:
    pytest.importorskip("cloudpickle")
    passed = me.exercises.check("rmse", rmse, seed=1)
    assert (passed.passed, passed.bug, passed.score) == (True, None, 1.0)
    failed = check("rmse", no_root, seed=1)
    assert (failed.passed, failed.bug, failed.score) == (False, "root-missing", 0.0)
    assert repr(failed) == failed.message
    for words in ("asked:    rmse(estimate=", "expected:", "got:", "In which unit", "seed=1)"):
        assert words in failed.message


def test_the_same_seed_asks_the_same(folder: Path) -> None:
    path = folder / "rmse.py"
    path.write_text(WRONG)
    first, second, other = (check("rmse", path, seed=seed) for seed in (5, 5, 6))
    assert first == second
    assert first.message != other.message


def test_graded_work_returns_a_float_or_raises_and_is_silent(folder: Path, capfd) -> None:
    path = folder / "mine.py"
    path.write_text(RIGHT + "print('hello')\n")
    score = check("rmse", path, graded=True, seed=1)
    assert type(score) is float
    assert score == 1.0
    path.write_text(WRONG)
    with pytest.raises(NotRightError, match=r"(?s)rmse: not yet.*root-missing"):
        check("rmse", path, graded=True, seed=1)
    path.write_text("import mcmc_edu\n" + RIGHT)
    with pytest.raises(NotRightError, match="may not import mcmc_edu"):
        check("rmse", path, graded=True, seed=1)
    assert capfd.readouterr() == ("", "")


def test_a_hint_stands_below_the_message(folder: Path) -> None:
    path = folder / "mine.py"
    path.write_text(WRONG)
    hints = catalogue.find("rmse").about.hints
    told = " ".join(check("rmse", path, seed=1, hint=2).message.split())
    assert f"Hint 2: {hints[1]}" in told
    assert hints[2] not in told


def test_bad_requests_are_told() -> None:
    with pytest.raises(ValueError, match=r"no exercise 'rsme'; near are rmse.*all are "):
        check("rsme", rmse)
    with pytest.raises(ValueError, match="hint=4: hints are 1"):
        check("rmse", rmse, hint=4)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("def rsme(estimate, truth):\n    return 1.0", "the functions of the file: rsme"),
        ("def rmse(:", "SyntaxError"),
        ("def rmse(estimate, truth):\n    return 3.0", "returns the same for all questions"),
        ("def rmse(estimate, truth):\n    pass", "it returns None"),
        ("def rmse(estimate, truth):\n    return estimate - truth", "Return one number"),
        ("def rmse(estimate, truth):\n    estimate -= truth\n    return 1.0", "has been changed"),
        ("def rmse(estimate):\n    return 1.0", "TypeError"),
        ("def rmse(estimate, truth):\n    return 1 / 0", "`return 1 / 0`"),
        (RIGHT + "import numpy as np\nnp.random.seed(1)", "passed"),
        ("def rmse(estimate, truth):\n    return 'three'", "Return a number"),
        (WRONG.replace("(estimate", "2 * (estimate"), "think:"),
    ],
    ids=lambda text: text.split("\n")[-1][:30] if "def" in text else "",
)
def test_what_is_no_answer_gets_a_fitting_message(folder: Path, source: str, said: str) -> None:
    path = folder / "mine.py"
    path.write_text(source)
    result = check("rmse", path, seed=1)
    assert said in " ".join(result.message.split())
    assert result.bug is None


def test_start_check_reset(folder: Path, capsys) -> None:
    assert main(["exercises", "start", "rmse"]) == 0
    assert main(["exercises", "start", "rmse"]) == 2
    assert main(["exercises", "check", "rmse.py"]) == 1
    assert "it is not written yet" in capsys.readouterr().out
    (folder / "rmse.py").write_text(RIGHT)
    assert main(["exercises", "check", "rmse.py"]) == 0
    assert "rmse: passed." in capsys.readouterr().out
    assert main(["exercises", "reset", "rmse"]) == 0
    assert (folder / "rmse.1.py").read_text() == RIGHT
    assert (folder / "rmse.py").read_text() == catalogue.find("rmse").stub
    assert main(["exercises", "check", "rmse.1.py"]) == 0


def test_exit_codes(folder: Path, capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder / "rmse.py"
    path.write_text(WRONG)
    assert main(["exercises", "check", "rmse.py", "--exit-zero"]) == 0
    assert main(["exercises", "check", "none.py"]) == 2
    assert main(["exercises", "check"]) == 2
    path.write_bytes(b"\xff\xfe")
    assert main(["exercises", "check", "rmse.py"]) == 2
    assert "cannot be read as UTF-8" in capsys.readouterr().err
    (folder / "mine.py").write_text(RIGHT)
    assert main(["exercises", "check", "mine.py"]) == 2
    assert "or say which with --exercise" in capsys.readouterr().err
    assert main(["exercises", "check", "mine.py", "--exercise", "rmse"]) == 0

    def broken(*_: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(exact.Exact, "examine", broken)
    assert main(["exercises", "check", "mine.py", "--exercise", "rmse"]) == 3
    assert "the grader itself failed: RuntimeError" in capsys.readouterr().err


def test_the_report_is_one_json(folder: Path, capsys) -> None:
    (folder / "rmse.py").write_text(WRONG)
    (folder / "rmse.1.py").write_text(RIGHT)
    arguments = ["exercises", "check", "rmse.py", "rmse.1.py", "--json", "--seed", "3"]
    assert main(arguments) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["score"] == 1.0
    assert [test["status"] for test in report["tests"]] == ["failed", "passed"]
    assert report["tests"][0]["extra_data"]["bug"] == "root-missing"
    assert report["tests"][0]["extra_data"]["seed"] == 3
    files = [test["extra_data"]["file"] for test in report["tests"]]
    assert files == ["rmse.py", "rmse.1.py"]


def test_watch_checks_again_when_a_file_is_saved(folder: Path, capsys, monkeypatch) -> None:
    path = folder / "rmse.py"
    path.write_text(WRONG)
    waits = iter([lambda: path.write_text(RIGHT + "\n# saved\n"), None])

    def pause() -> None:
        act = next(waits)
        if act is None:
            raise KeyboardInterrupt
        act()

    monkeypatch.setattr(command, "pause", pause)
    assert main(["exercises", "check", "rmse.py", "--watch"]) == 0
    said = capsys.readouterr().out
    assert said.index("rmse: not yet.") < said.index("rmse: passed.")


def test_list_hint_solution_bugs(folder: Path, capsys) -> None:
    assert main(["exercises"]) == 0
    listed = capsys.readouterr().out
    assert all(f" {exercise.name} " in listed for exercise in catalogue.exercises())
    assert main(["exercises", "hint", "rmse", "--level", "3"]) == 0
    assert catalogue.find("rmse").about.hints[2] in capsys.readouterr().out
    assert main(["exercises", "solution", "rmse"]) == 0
    assert "def rmse(estimate, truth):" in capsys.readouterr().out
    assert main(["exercises", "bugs", "rmse"]) == 0
    assert "rmse: root-missing: no square root" in capsys.readouterr().out
    assert main(["exercises", "hint"]) == 2
    assert main(["exercises", "hint", "rsme"]) == 2


@pytest.mark.parametrize(
    ("logs", "fails"),
    [
        ({"a": [12.5]}, True),  # 1 / (0.4 * 1e-5) is e to the 12.43
        ({"a": [12.3]}, False),
        ({"a": [12.5], "b": [-np.inf]}, False),  # the bet is shared among kinds
        ({"a": [13.2], "b": [-np.inf]}, True),
        ({"a": [12.5, -np.inf]}, False),  # and among the ways of a kind
        ({"a": [-np.inf]}, False),
    ],
)
def test_the_bet_against_a_right_answer_wins_at_its_share_of_the_level(logs, fails: bool) -> None:
    ways = {name: np.array(found) for name, found in logs.items()}
    assert Evidence(ways=ways, rights=np.zeros(1)).fails() == fails


def test_graded_draws_that_overflow_are_silent(folder: Path, capfd) -> None:
    """The chain runs towards zero: its law, and the right answer beside it, are computed here."""
    path = folder / "metropolis_hastings.py"
    path.write_text(
        "import numpy as np\n\n\n"
        "def metropolis_hastings(log_density, theta0, scale, n, rng):\n"
        "    theta, draws = theta0, []\n"
        "    for _ in range(n):\n"
        "        new = theta * np.exp(scale * rng.standard_normal(theta.size))\n"
        "        correction = np.log(new / theta).sum()\n"
        "        rise = log_density(new) - log_density(theta)\n"
        "        if np.log(rng.random()) < rise - correction:\n"
        "            theta = new\n"
        "        draws.append(theta)\n"
        "    return np.array(draws)\n"
    )
    with pytest.raises(NotRightError, match="hastings-inverted"):
        check("metropolis_hastings", path, graded=True, seed=1)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("printed", "passed", "remarks"),
    [
        ("", False, []),
        ("hello\n", False, ["Your function prints; the first line is: hello"]),
        (
            "/tmp/a/submission.py:7: RuntimeWarning: overflow in exp\n  np.exp(x)\n",
            False,
            [
                "In line 7 of your code (`np.exp(x)`) there is a warning in one of the calls: "
                "overflow in exp"
            ],
        ),
        (
            "/lib/scipy/stats.py:70: RuntimeWarning: invalid value\n",
            False,
            ["In your function there is a warning in one of the calls: invalid value"],
        ),
        ("/tmp/a/submission.py:7: RuntimeWarning: overflow\n  np.exp(x)\n", True, []),
    ],
)
def test_warnings_are_no_prints(printed: str, passed: bool, remarks: list[str]) -> None:
    assert checking._said(printed, passed) == remarks


def test_the_line_of_an_error_is_the_students(folder: Path) -> None:
    """NumPy's random numbers are compiled of a file whose lines are no one's to mend."""
    path = folder / "new_group.py"
    path.write_text(
        "def new_group(beta, Sigma, sigma, x, rng):\n"
        "    return rng.multivariate_normal(beta, Sigma)\n"
    )
    message = " ".join(check("new_group", path, seed=1).message.split())
    assert "in line 2: `return rng.multivariate_normal(beta, Sigma)`" in message


RIGHT = "import numpy as np\ndef rmse(e, t):\n    return float(np.sqrt(np.mean((e - t) ** 2)))\n"


def test_options_may_stand_before_the_file(tmp_path, capsys):
    path = tmp_path / "mine.py"
    path.write_text(RIGHT)
    assert main(["exercises", "check", "--exercise", "rmse", "--seed", "3", str(path)]) == 0
    with pytest.raises(SystemExit):
        main(["exercises", "check", "--no-such-option", str(path)])
    with pytest.raises(SystemExit):
        main(["shrinkage", "word"])
    assert "unrecognized arguments" in capsys.readouterr().err


def test_a_file_of_another_editor_is_read(tmp_path):
    path = tmp_path / "rmse.py"
    path.write_text(RIGHT, encoding="utf-8-sig")
    assert main(["exercises", "check", str(path)]) == 0


def test_a_file_that_is_missing_does_not_hide_the_others(tmp_path, capsys):
    path = tmp_path / "rmse.py"
    path.write_text(RIGHT)
    assert main(["exercises", "check", str(tmp_path / "ess.py"), str(path), "--json"]) == 2
    out, err = capsys.readouterr()
    missing, right = json.loads(out)["tests"]
    assert (missing["name"], missing["status"], missing["score"]) == ("ess.py", "failed", 0.0)
    assert (right["name"], right["score"]) == ("rmse", 1.0)
    for told in (missing["output"], err):
        assert "ess.py is no file that can be read" in told
    assert main(["exercises", "check", str(tmp_path / "ess.py"), "--watch"]) == 2
    assert main(["exercises", "check", str(tmp_path / "ess.py"), "--json"]) == 2


def test_the_list_is_one_json(capsys):
    assert main(["exercises", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in listed] == [one.name for one in catalogue.exercises()]
    assert set(listed[0]) == {"name", "lesson", "title"}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["start", "rmse", "--seed", "3"], "--seed belongs to check, not to start"),
        (["check", "rmse.py", "--level", "2"], "--level belongs to hint, not to check"),
        (["hint", "rmse", "--exit-zero"], "--exit-zero belongs to check, not to hint"),
        (["bugs", "rmse", "--json"], "--json belongs to list, check, verify, not to bugs"),
    ],
)
def test_an_option_of_another_action_is_refused(given, told, capsys):
    assert main(["exercises", *given]) == 2
    assert told in capsys.readouterr().err


def test_a_seed_is_a_whole_number(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["exercises", "check", "rmse.py", "--seed", "-1"])
    assert stop.value.code == 2
    assert "'-1' is no seed" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("source", "words", "missing"),
    [
        (
            "def rmse(a, b)\n    return 1.0",
            "Is a bracket, a quote or a colon missing",
            "submission",
        ),
        ("def rmse(a):\n    return 1.0", "Which arguments does your `def` name", "Print what"),
        ("import os\ndef rmse(a, b):\n    os._exit(0)", "the process (exit code 0).", "0) ("),
        ("def rmse(a, b):\n    raise NotImplementedError", "exercises hint rmse", "line"),
    ],
)
def test_what_cannot_be_called_is_told_once_and_plainly(tmp_path, source, words, missing):
    path = tmp_path / "rmse.py"
    path.write_text(source)
    message = " ".join(check("rmse", path, seed=1).message.split())
    assert words in message
    assert missing not in message
