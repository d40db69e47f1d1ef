"""`mcmc-edu effect`, as a person or a program would use it."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import mcmc_edu as me
from mcmc_edu.cli import main

SHORT = ["--draws", "100", "--warmup", "200", "--chains", "2", "--seed", "1"]
FORMULA = "y ~ z*a + (1 + z | g)"


@pytest.fixture(scope="module")
def data() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    n = 160
    made = pd.DataFrame({"z": rng.integers(0, 2, n), "a": rng.choice(["old", "young"], n)})
    made["g"] = rng.choice(list("ABCDEFGH"), n)
    made["dose"] = rng.choice([0, 10, 20], n)
    made["y"] = made["z"] * (1.0 + (made["a"] == "old")) + rng.normal(size=n)
    return made


@pytest.fixture(autouse=True)
def csv(data: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    data.to_csv("data.csv", index=False)
    return "data.csv"


def test_it_prints_what_python_prints(csv: str, capsys) -> None:
    given = [csv, FORMULA, "--treatment", "z", "--by", "a", "--plot", "effect.png", *SHORT]
    assert main(["effect", *given]) == 0
    printed = capsys.readouterr().out
    read = pd.read_csv(csv, low_memory=False)  # which may round the last digit
    fit = me.Model(FORMULA, read).fit(draws=100, warmup=200, chains=2, seed=1, progress=False)
    assert printed.startswith(f"{fit.effect('z', by='a', seed=1)}\n")
    assert Path("effect.png").read_bytes().startswith(b"\x89PNG")


def test_json_is_for_programs(csv: str, capsys) -> None:
    given = [csv, "y ~ dose + (1 | g)", "--treatment", "dose", "--values", "0", "20", *SHORT]
    assert main(["effect", *given, "--groups", "zero", "--json"]) == 0
    found = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert found["effects"]["dose"]["contrast"] == "20 - 0"
    assert {"estimate", "conf_low", "conf_high", "p_gt_0"} <= set(found["effects"]["dose"])
    assert "causal only if" in found["notes"][-1]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--treatment", "q"], "treatment='q': expected a predictor"),
        (["--treatment", "z", "--by", "q"], "by='q': expected a column"),
        (["--treatment", "z", "--by", "a,z"], "other than the treatment"),
        (["--treatment", "z", "--groups", "new"], "groups is 'new'"),
        (["--treatment", "z", "--plot", "effect.jpg"], "--plot effect.jpg ends in '.jpg'"),
        (["--treatment", "z", "--comparison", "odds"], "comparison='odds'"),
        (["--treatment", "z", "--draws", "0"], "--draws is 0"),
    ],
)
def test_what_is_wrong_is_one_line(csv: str, capsys, monkeypatch, more, said) -> None:
    """Before the fit, which may take long."""
    monkeypatch.setattr(me.Model, "fit", lambda *of, **more: pytest.fail("it was fitted"))
    assert main(["effect", csv, FORMULA, *SHORT, *more]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
