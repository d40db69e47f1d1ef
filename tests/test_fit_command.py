"""`mcmc-edu fit`, as a person or a program would use it."""

import builtins
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import mcmc_edu as me
from mcmc_edu.cli import main
from mcmc_edu.models import Model

FORMULA = "Reaction ~ Days + (Days | Subject)"
ROOT = Path(__file__).parent.parent
SHORT = ["--draws", "200", "--warmup", "200", "--chains", "2", "--seed", "1"]


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def csv() -> str:
    me.datasets.sleepstudy().to_csv("sleep.csv")
    return "sleep.csv"


def test_the_summary_is_that_of_the_same_fit_in_python(csv: str, capsys) -> None:
    assert main(["fit", csv, FORMULA, *SHORT, "--out", "fit.npz"]) == 0
    printed = capsys.readouterr().out
    same = Model(FORMULA, me.datasets.sleepstudy()).fit(
        draws=200, warmup=200, chains=2, seed=1, progress=False
    )
    assert printed == f"{same.summary().text()}\n\nsaved: fit.npz\n"
    assert "Subject: collapsed" in printed
    saved = me.load_fit("fit.npz")
    assert np.array_equal(saved.draws["Days"], same.draws["Days"])
    assert sorted(os.listdir()) == ["fit.npz", "sleep.csv"]


def report(capsys, *arguments: str) -> dict:
    assert main(["fit", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out, parse_constant=pytest.fail)


def test_json_is_for_programs(csv: str, capsys) -> None:
    found = report(capsys, csv, FORMULA, *SHORT)
    assert set(found) == {
        "formula",
        "family",
        "link",
        "pooling",
        "rows",
        "observations",
        "dropped",
        "chains",
        "draws",
        "forms",
        "estimates",
        "effects",
        "remarks",
        "warnings",
        "saved",
    }
    assert (found["rows"], found["chains"], found["draws"], found["saved"]) == (180, 2, 200, None)
    assert found["forms"][0]["form"] == "collapsed"
    assert not any("Subject: collapsed" in warning for warning in found["warnings"])
    # lme4 1.1: lmer(Reaction ~ Days + (Days | Subject)), fixef 251.405 (6.82), 10.467 (1.55)
    assert found["estimates"]["Intercept"]["mean"] == pytest.approx(251.405, abs=3.0)
    assert found["estimates"]["Days"]["mean"] == pytest.approx(10.467, abs=0.7)
    assert found["effects"]["Subject"]["308"]["Days"] == pytest.approx(9.2, abs=1.5)
    assert os.listdir() == [csv]


def test_choices_reach_the_model(capsys) -> None:
    rng = np.random.default_rng(1)
    rows = [f"{rng.integers(0, 2)},{x},{'ab'[i % 2]}" for i, x in enumerate(rng.normal(size=60))]
    Path("d.csv").write_text("\n".join(["y,x,g", *rows, ",1,a", "1,,b"]))
    options = ["--family", "bernoulli", "--link", "probit", "--pooling", "complete"]
    found = report(capsys, "d.csv", "y ~ x + (1 | g)", *options, "--drop-missing", *SHORT)
    assert (found["family"], found["link"], found["pooling"]) == ("binomial", "probit", "complete")
    assert found["observations"] == 60
    assert (found["rows"], found["dropped"], found["forms"]) == (60, 2, [])


def test_rows_with_missing_values_are_left_out_if_asked(monkeypatch, capsys) -> None:
    """Nothing is sampled: the model is made, and says what it was asked to drop."""
    seen = []

    def stop(self, **_):
        seen.append((self.design.y.size, self.design.dropped))
        raise ValueError("enough")

    monkeypatch.setattr(Model, "fit", stop)
    Path("d.csv").write_text(GOOD + ",1,a\n5,,b\n")
    assert "enough" in refused(capsys, ["d.csv", "y ~ x", "--drop-missing"])
    assert seen == [(4, 2)]


def test_rows_that_stand_for_several(monkeypatch, capsys) -> None:
    seen = []

    def stop(self, **_):
        seen.append(self.design.weights.tolist())
        raise ValueError("enough")

    monkeypatch.setattr(Model, "fit", stop)
    Path("d.csv").write_text(GOOD.replace("y,x,g", "y,n,g"))
    assert "enough" in refused(capsys, ["d.csv", "y ~ 1", "--weights", "n"])
    assert seen == [[2, 3, 4, 1]]


def test_two_draws_are_no_nan_in_json(csv: str, capsys) -> None:
    found = report(capsys, csv, "Reaction ~ 1", "--draws", "2", "--warmup", "50", "--chains", "1")
    assert found["estimates"]["sigma"]["rhat"] is None
    assert any("2 draws a chain are too few" in warning for warning in found["warnings"])


GOOD = "y,x,g\n1,2,a\n2,3,a\n4,4,b\n3,1,b\n"
BAD = {
    "no file": (["no.csv", "y ~ x"], None, "no.csv cannot be read (No such file"),
    "a folder": (["folder.npz", "y ~ x"], None, "folder.npz cannot be read"),
    "empty": (["d.csv", "y ~ x"], "", "d.csv is no table"),
    "ragged": (["d.csv", "y ~ x"], "y,x\n1,2\n1,2,3\n4,5,6,7\n", "d.csv is no table"),
    "no rows": (["d.csv", "y ~ x"], "y,x\n", "no rows"),
    "formula": (["d.csv", "y x"], GOOD, "0 tildes"),
    "column": (["d.csv", "y ~ z"], GOOD, "no column 'z'"),
    "missing": (["d.csv", "y ~ x"], GOOD + ",1,a\n", "--drop-missing"),
    "family": (["d.csv", "y ~ x", "--family", "weibull"], GOOD, "family is 'weibull'"),
    "link": (["d.csv", "y ~ x", "--link", "log"], GOOD, "link is 'log'"),
    "pooling": (["d.csv", "y ~ x", "--pooling", "all"], GOOD, "pooling is 'all'"),
    "outcome": (["d.csv", "g ~ x", "--family", "poisson"], "x,g\n1,-1\n2,3\n", "whole number"),
    "draws": (["d.csv", "y ~ x", "--draws", "0"], GOOD, "--draws is 0"),
    "chains": (["d.csv", "y ~ x", "--chains", "-1"], GOOD, "--chains is -1; it must be 1 or more"),
    "seed": (["d.csv", "y ~ x", "--seed", "-1"], GOOD, "--seed is -1"),
    "suffix": (["d.csv", "y ~ x", "--out", "fit.csv"], GOOD, "must end in .npz"),
    "capitals": (["d.csv", "y ~ x", "--out", "fit.NPZ"], GOOD, "must end in .npz"),
    "no folder": (["d.csv", "y ~ x", "--out", "no/fit.npz"], GOOD, "cannot be written"),
    "out is a folder": (["d.csv", "y ~ x", "--out", "folder.npz"], GOOD, "is a folder"),
}


def refused(capsys, arguments: list[str]) -> str:
    before = sorted(os.listdir())
    assert main(["fit", *arguments]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("mcmc-edu: ")
    assert printed.err.count("\n") == 1
    assert sorted(os.listdir()) == before
    return printed.err


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_one_line_with_the_remedy(capsys, case: str) -> None:
    arguments, text, message = BAD[case]
    Path("folder.npz").mkdir()
    if text is not None:
        Path("d.csv").write_text(text)
    assert message in refused(capsys, arguments)


def test_a_file_that_is_not_text(capsys) -> None:
    Path("d.csv").write_bytes(bytes(range(256)))
    assert "d.csv is no table" in refused(capsys, ["d.csv", "y ~ x"])


def test_nothing_is_computed_before_the_file_is_known_to_be_writable(monkeypatch, capsys) -> None:
    monkeypatch.setattr(Model, "__init__", lambda *a, **k: pytest.fail("a model was made"))
    assert "cannot be written" in refused(capsys, ["no.csv", "y ~ x", "--out", "no/fit.npz"])


def test_without_pandas_it_says_what_to_install(monkeypatch, capsys) -> None:
    real = builtins.__import__

    def without(name, *rest, **more):
        if name == "pandas":
            raise ImportError("No module named 'pandas'")
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    assert "pip install 'mcmc_edu[formula]'" in refused(capsys, ["d.csv", "y ~ x"])


def test_a_full_disk_leaves_the_estimates_on_the_screen(csv: str, monkeypatch, capsys) -> None:
    def full(self, path):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(me.Fit, "save", full)
    assert main(["fit", csv, "Reaction ~ Days", *SHORT, "--out", "fit.npz"]) == 2
    printed = capsys.readouterr()
    assert "Days" in printed.out
    assert "saved" not in printed.out
    assert "fit.npz could not be written (No space left on device)" in printed.err


def test_the_command_is_there_without_pandas_or_matplotlib() -> None:
    code = (
        "import sys; from mcmc_edu.cli import main; main(['fit', 'no.csv', 'y ~ x', '--seed', "
        "'-1']); print([m for m in ('pandas', 'matplotlib') if m in sys.modules])"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert found.stdout.strip() == "[]"
