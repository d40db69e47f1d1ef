"""The command, as a person or a program would use it."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

import mcmc_edu as me
from mcmc_edu.cli import main


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write_csv(name: str = "data.csv", truth: bool = False, **simulation) -> str:
    data = me.datasets.simulate(**({"individuals": 5, "observations": 4, "seed": 1} | simulation))
    rows = ["y,x,group" + ",alpha,beta" * truth]
    for y, x, j in zip(data.y, data.x, data.group, strict=True):
        rows.append(f"{y},{x},p{j}")
        if truth:
            rows[-1] += f",{data.truth.alpha[j]},{data.truth.beta[j]}"
    Path(name).write_text("\n".join(rows))
    return name


def test_the_report_and_the_figure(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["shrinkage", "--individuals", "6"]) == 0
    printed = capsys.readouterr().out
    for words in (
        "complete pooling, least squares",
        "partial pooling, post's run, replayed",
        "trust",
    ):
        assert words in printed
    assert "figure: shrinkage.png" in printed
    assert Path("shrinkage.png").read_bytes().startswith(b"\x89PNG")
    assert os.listdir() == ["shrinkage.png"]


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_formats_of_the_figure(suffix: str) -> None:
    out = Path("deep") / f"figure{suffix}"
    out.parent.mkdir()
    assert main(["shrinkage", "--individuals", "4", "--out", str(out)]) == 0
    assert out.stat().st_size > 1000
    Path("other").touch()  # with the permissions that files have here
    assert out.stat().st_mode == Path("other").stat().st_mode


def report(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict:
    assert main(["shrinkage", "--json", *arguments]) == 0
    return json.loads(capsys.readouterr().out, parse_constant=pytest.fail)


def test_json_is_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    found = report(capsys, "--individuals", "5", "--observations", "3")
    keys = {
        "model",
        "method",
        "rmse_alpha",
        "rmse_beta",
        "accept_rate",
        "rhat_max",
        "ess_min",
        "seconds",
        "draws",
        "trust",
        "mcse_alpha",
        "mcse_beta",
        "mcse_accepted",
    }
    for row in found["rows"]:
        assert set(row) == keys
    assert [row["model"] for row in found["rows"]] == [
        "complete",
        "complete",
        "none",
        "none",
        "none",
        "partial",
        "partial",
        "partial",
    ]
    assert found["rows"][0]["accept_rate"] is None
    assert (found["individuals"], found["observations"]) == (5, 15)
    assert os.listdir() == []


def test_json_carries_the_posts_run_computed(capsys: pytest.CaptureFixture[str]) -> None:
    """To the digits that the post's code gives in R, with the seconds that it took here."""
    rows = {row["model"]: row for row in report(capsys)["rows"] if "replayed" in row["method"]}
    expected = {"none": (0.3057, 1.228333, 1.738596), "partial": (0.0997, 0.771073, 0.795468)}
    for model, numbers in expected.items():
        found = [round(rows[model][key], 6) for key in ("accept_rate", "rmse_alpha", "rmse_beta")]
        assert tuple(found) == numbers
        assert rows[model]["seconds"] > 0.0


def test_data_of_ones_own(capsys: pytest.CaptureFixture[str]) -> None:
    found = report(capsys, "--data", write_csv())
    assert all(row["rmse_alpha"] is None for row in found["rows"])
    assert [row["method"] for row in found["rows"]].count("one chain") == 2
    with_truth = report(capsys, "--data", write_csv(truth=True))
    assert all(row["rmse_alpha"] > 0 for row in with_truth["rows"])
    assert main(["shrinkage", "--data", write_csv()]) == 0


@pytest.mark.parametrize("constant", ["one observation", "constant x"])
def test_lines_that_are_not_identified(capsys, constant: str) -> None:
    """Not an error: the pooled models run; without pooling there is no line to estimate."""
    data = me.datasets.simulate(5, [1, 4, 4, 4, 4] if constant == "one observation" else 4, seed=1)
    x = np.where(data.group == 0, 1.0, data.x)
    rows = "\n".join(f"{y},{v},p{j}" for y, v, j in zip(data.y, x, data.group, strict=True))
    Path("data.csv").write_text("y,x,group\n" + rows)
    found = report(capsys, "--data", "data.csv")
    for row in found["rows"]:
        assert (row["trust"] == "not identified") == (row["model"] == "none")
    assert main(["shrinkage", "--data", "data.csv"]) == 0
    assert "not identified" in capsys.readouterr().out


def test_one_observation_of_each(capsys: pytest.CaptureFixture[str]) -> None:
    found = report(capsys, "--observations", "1", "--individuals", "8")
    assert [row["trust"] for row in found["rows"]].count("not identified") == 2


BAD = {
    "columns": (["--data", "bad.csv"], "y,x,person\n1,2,3\n", "it must have y, x, group"),
    "nan": (["--data", "bad.csv"], "y,x,group\n1,2,a\nnan,2,b\n", "line 3: y is nan"),
    "infinite": (["--data", "bad.csv"], "y,x,group\n1,2,a\n1,-inf,b\n", "line 3: x is -inf"),
    "single group": (["--data", "bad.csv"], "y,x,group\n1,2,a\n1,3,a\n", "at least 2"),
    "text": (["--data", "bad.csv"], "y,x,group\n1,two,a\n", "x is 'two', not a number"),
    "constant x": (["--data", "bad.csv"], "y,x,group\n1,2,a\n3,2,b\n", "x is 2.0 in every row"),
    "exact line": (["--data", "bad.csv"], "y,x,group\n1,1,a\n2,2,b\n3,3,b\n", "one line exactly"),
    "rounded line": (
        ["--data", "bad.csv"],
        "y,x,group\n" + "".join(f"{0.1 + 0.3 * k / 7},{k / 7},{k % 2}\n" for k in range(8)),
        "one line exactly",
    ),
    "units": (["--data", "bad.csv"], "y,x,group\n301,1,a\n297,2,b\n303,3,b\n", "in other units"),
    "binary": (["--data", "bad.csv"], "y,x,group\n1,\x00,a\n", "bad.csv"),
    "no file": (["--data", "missing.csv"], None, "missing.csv cannot be read"),
    "both": (["--data", "bad.csv", "--individuals", "3"], "", "leave it out with --data"),
    "few": (["--individuals", "1"], None, "individuals is 1"),
    "none": (["--observations", "0"], None, "observations is 0"),
    "seed": (["--seed", "3000000000"], None, "R takes integers"),
    "suffix": (["--out", "figure.doc"], None, "end it in .png or .svg or .pdf"),
    "no folder": (["--out", "nowhere/figure.png"], None, "cannot be written"),
    "a folder": (["--out", "folder.png"], None, "is a folder"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_one_line_with_the_remedy(capsys, case: str) -> None:
    arguments, text, message = BAD[case]
    Path("folder.png").mkdir()
    if text is not None:
        Path("bad.csv").write_text(text)
    before = sorted(os.listdir())
    assert main(["shrinkage", *arguments]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("mcmc-edu: ")
    assert printed.err.count("\n") == 1
    assert message in printed.err
    assert sorted(os.listdir()) == before


def test_a_figure_is_never_left_half_written(monkeypatch, capsys) -> None:
    """The disk fills up while the figure is being written: the old one stays as it was."""
    from matplotlib.figure import Figure

    def full(self, name, **_):
        Path(name).write_bytes(b"half")
        raise OSError(28, "No space left on device")

    Path("figure.png").write_text("the old one")
    monkeypatch.setattr(Figure, "savefig", full)
    assert main(["shrinkage", "--individuals", "4", "--out", "figure.png"]) == 2
    assert "No space left on device" in capsys.readouterr().err
    assert Path("figure.png").read_text() == "the old one"
    assert os.listdir() == ["figure.png"]


@pytest.mark.parametrize("arguments", [[], ["shrink"], ["shrinkage", "--seed", "one"]])
def test_wrong_usage_exits_with_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(arguments)
    assert exit_.value.code == 2
