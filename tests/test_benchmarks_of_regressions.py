"""The benchmark of regressions: its plan, its arithmetic, and one posterior for everybody."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
sys.path.append(str(BENCHMARKS))

import environments  # noqa: E402
import regression_data  # noqa: E402
import regression_report  # noqa: E402
from peers.formulas import models  # noqa: E402

# Not by its name, which a module of the tests has, too
spec = importlib.util.spec_from_file_location(
    "benchmark_of_regressions", BENCHMARKS / "regressions.py"
)
command = importlib.util.module_from_spec(spec)
spec.loader.exec_module(command)

RNG = np.random.default_rng(20260102)


def test_arguments(tmp_path):
    args = command.parse(["--peers", "bambi", "--seeds", "2", "--cold", "5"])
    assert (args.peers, args.seeds, args.cold, args.limit) == (["bambi"], 2, 2, 600.0)
    assert set(args.problems) == {"sleepstudy", "funding", "radon", "bernoulli", "gaussian"}
    (tmp_path / "data").mkdir()
    assert command.parse(["--data", str(tmp_path)]).data == tmp_path / "data"
    with pytest.raises(SystemExit):
        command.parse(["--peers", "brms"])


def test_ours_runs_first_in_every_form_that_a_peer_is_held_against():
    args = command.parse(["--peers", "bambi", "rstanarm", "--seeds", "2", "--cold", "1"])
    steps = [
        (s["seed"], command.label(s["peer"], s["form"]), s["state"])
        for s in command.plan(args, ["funding"])
    ]
    rows = ["ours", "ours, independent", "ours, decov", "bambi", "rstanarm"]
    second = [(2, row, "warm") for row in rows]
    assert steps[-5:] == second
    assert steps[:2] == [(1, "ours", "cold"), (1, "ours", "warm")]
    assert [s[1] for s in steps if s[2] == "cold"] == ["ours", "bambi", "rstanarm"]
    assert list(dict.fromkeys(s[1] for s in steps)) == rows


def step(peer="pystan", seed=1, state="warm", problem="funding"):
    return {
        "problem": problem,
        "seed": seed,
        "peer": peer,
        "state": state,
        "form": command.FORM[peer],
    }


def runs_that(monkeypatch, outcome):
    """Runs whose processes are replaced by `outcome(draws)`; and the calls, as they come."""
    calls = []

    def run(peer, problem, seed, *, draws, warmup, state, **_):
        calls.append((seed, state, warmup, draws))
        return outcome(draws)

    monkeypatch.setattr(command.running, "run", run)
    args = command.parse(["--draws", "1000", "--warmup", "900", "--fewer", "200", "50"])
    return command.Runs(args, {"funding": Path("data.npz")}), calls


def test_what_does_not_end_in_time_is_run_with_fewer_draws_and_not_tried_again(monkeypatch):
    def outcome(draws):
        if draws > 50:
            raise environments.NotWithinError("not within 600 s")
        return {"done": draws}

    runs, calls = runs_that(monkeypatch, outcome)
    cold = list(runs.run(step(state="cold")))
    assert [(r["peer"], r["not_within"]) for r in cold] == [("pystan", True)]
    warm = list(runs.run(step()))
    fewer = ["pystan, 200 + 200 draws", "pystan, 50 + 50 draws"]
    assert [r["peer"] for r in warm] == ["pystan", *fewer]
    assert warm[2]["done"] == 50
    assert list(runs.run(step(seed=2, state="cold"))) == []
    assert [r["peer"] for r in runs.run(step(seed=2))] == [fewer[1]]
    assert calls == [
        (1, "cold", 900, 1000),
        (1, "warm", 900, 1000),
        (1, "warm", 200, 200),
        (1, "warm", 50, 50),
        (2, "warm", 50, 50),
    ]


def test_a_failure_is_kept_and_only_httpstans_race_is_run_again(monkeypatch):
    reasons = ["IndexError('pop from empty list')", "MemoryError"]

    def outcome(draws):
        raise environments.PeerError(reasons.pop(0))

    runs, calls = runs_that(monkeypatch, outcome)
    (record,) = runs.run(step())
    assert (record["error"], record["not_within"], len(calls)) == ("MemoryError", False, 2)


def draws_of(shift=0.0):
    quantities = models.REGRESSIONS["funding"].quantities("lkj")
    found = {name: RNG.normal(size=(4, 500)) for name in quantities}
    return found | {"cor": found["cor"] + shift}


def test_a_peers_means_are_held_against_ours_of_the_same_seed(tmp_path):
    runs = command.Runs(command.parse([]), {})
    told = {"seconds": {"sample": 2.0}, "gradients": 4000}

    def worth(draws, **which):
        np.savez(tmp_path / "draws.npz", **draws)
        return runs.worth(step(**which), tmp_path / "draws.npz", "funding_lkj", told)

    assert worth(draws_of(), peer="ours")["z"] is None
    same = worth(draws_of())
    assert same["z"] < 4.0
    assert same["ess_per_second"] == same["ess"] / 2.0
    other = worth(draws_of(shift=1.0))
    # two means, each with a standard error of 1 / sqrt(2000)
    assert (other["z_of"], other["z"]) == ("cor", pytest.approx(np.sqrt(1000.0), rel=0.15))
    assert worth(draws_of(), seed=2)["z"] is None
    with pytest.raises(ValueError, match=r"differ in quantities.*cor"):
        worth({name: x for name, x in draws_of().items() if name != "cor"})


def test_the_truth_is_measured_in_posterior_sds():
    found = {"a": RNG.normal(2.0, 0.1, (4, 2000)), "b": RNG.normal(0.0, 1.0, (4, 2000))}
    assert command.from_truth(found, {"a": 1.7, "b": 0.5}) == pytest.approx(3.0, abs=0.15)
    assert command.from_truth(found, {}) is None


def record(peer="ours", form="lkj", seed=1, state="warm", ess=1000.0, sample=2.0, **other):
    seconds = {"launch": 0.1, "import": 0.9, "build": 0.0, "compile": 0.5, "sample": sample}
    return {
        "problem": "funding",
        "peer": peer,
        "of": peer.split(",")[0],
        "form": form,
        "seed": seed,
        "state": state,
        "seconds": seconds,
        "to_draws": 3.5,
        "to_summary": 4.0,
        "ess": ess,
        "ess_per_second": ess / sample,
        "ess_per_1000_gradients": 40.0,
        "z": None,
        "z_of": None,
        "rhat": 1.001,
        "divergences": 0,
        "trusted": True,
        "load": 0.1,
        "note": "",
        "from_truth": None,
        "versions": {"numpy": "2"},
    } | other


def table_of(*records):
    kept = {
        "runs": list(records),
        "skipped": ["radon was skipped: no file"],
        "machine": {"date": "", "cpu": "", "system": ""},
        "settings": {"warmup": 1000, "draws": 1000, "limit": 600.0},
    }
    return regression_report.markdown(kept)


def test_a_peer_is_compared_with_ours_of_its_form():
    text = table_of(
        record(),
        record("ours, decov", "decov", ess=3000.0),
        record(state="cold", to_summary=80.0),
        record("rstanarm", "decov", ess=100.0, z=2.5, z_of="cor", to_summary=12.0),
        record("rstanarm", "decov", state="cold", to_summary=160.0),
    )
    assert "| funding: ESS/s | 30.0x |" in text
    assert "| funding, warm: start to summary | 3.0x |" in text
    assert "| funding, first time: start to summary | 2.0x |" in text
    assert "Largest |z| of all runs: 2.5 (rstanarm, cor)." in text
    assert "* radon was skipped: no file" in text


def test_the_table_says_what_was_not_ready_and_what_ran_instead():
    late = {
        "problem": "funding",
        "peer": "pystan",
        "of": "pystan",
        "form": "lkj",
        "seed": 1,
        "state": "warm",
        "error": "not within 600 s",
        "not_within": True,
    }
    fewer = record("pystan, 50 + 50 draws", ess=100.0)
    text = table_of(record(), late, fewer)
    assert "* pystan failed in 1 of 1 runs: not within 600 s" in text
    assert "| pystan, 50 + 50 draws | 2.00 | 100 |" in text
    assert "| funding: ESS/s | 10.0x |" in text
    assert "| funding, warm: start to summary | > 150.0x |" in text
    assert "| funding, first time: start to summary | – |" in text
    assert "| funding: ESS/s | – |" in table_of(record(), late, fewer | {"rhat": 1.4})


def test_data_have_the_columns_of_the_formula_and_simulated_ones_a_truth():
    for problem in ("sleepstudy", "funding", "bernoulli"):
        arrays = regression_data.data_of(problem, None)
        assert list(arrays) == models.REGRESSIONS[problem].columns
    assert arrays["y"].size == 100_000
    assert np.unique(arrays["group"]).size == 1000
    truth = regression_data.truth_of("bernoulli")
    assert list(truth) == models.REGRESSIONS["bernoulli"].quantities("lkj")
    assert regression_data.truth_of("funding") == {}


def test_radon_comes_from_a_folder_or_is_skipped(monkeypatch, tmp_path):
    monkeypatch.setattr(command.running, "RUNS", tmp_path / "runs")
    problems = ["--problems", "radon", "funding"]
    monkeypatch.delenv("MCMC_EDU_SHARED", raising=False)
    paths, (line,) = command.written(command.parse(problems))
    assert list(paths) == ["funding"]
    assert line.startswith("radon was skipped: radon_mn.csv")
    (tmp_path / "radon_mn.csv").write_text("county,floor,other,log_radon\n3,1,9,0.5\n4,0,9,0.25\n")
    paths, lines = command.written(command.parse([*problems, "--data", str(tmp_path)]))
    assert lines == []
    with np.load(paths["radon"]) as arrays:
        assert {n: a.tolist() for n, a in arrays.items()} == {
            "log_radon": [0.5, 0.25],
            "floor": [1.0, 0.0],
            "county": [3.0, 4.0],
        }


def test_every_peer_has_a_file_and_an_environment(monkeypatch):
    folder = BENCHMARKS / "peers"
    for peer in command.FORM:
        assert (folder / "formulas" / f"{peer}.py").exists()
        assert environments.python_of(f"formulas.{peer}") == environments.python_of(peer)
    pins = (folder / "requirements" / "bambi.txt").read_text().split()
    assert all("==" in pin for pin in pins)
    monkeypatch.setattr(environments.shutil, "which", lambda name: None)
    with pytest.raises(environments.PeerError, match="Rscript"):
        environments.make("formulas.rstanarm")


def test_a_form_is_part_of_a_problems_name():
    assert models.of("radon_decov") == (models.REGRESSIONS["radon"], "decov")
    radon = models.REGRESSIONS["radon"]
    assert set(radon.quantities("lkj")) - set(radon.quantities("independent")) == {"cor"}
    with pytest.raises(ValueError, match="'radon'"):
        models.of("radon")


# The same posterior for everybody: scipy's densities, at the intercept of centred x and
# standardised effects


def small(problem):
    """Data of a problem, of a simulated one the first 4 groups."""
    arrays = regression_data.data_of(problem, None)
    return {name: a[:400] for name, a in arrays.items()}


def point_of(regression, form, groups):
    scalars = {name: RNG.uniform(0.2, 2.0) for name in regression.quantities(form)}
    scalars["cor"] = RNG.uniform(-0.9, 0.9)
    if form == "independent":
        del scalars["cor"]
    return scalars | {"z": RNG.normal(size=(2, groups))}


def oracle(r, data, index, p):
    prior = stats.norm.logpdf(p["Intercept"], *r.intercept)
    prior += stats.norm.logpdf(p["slope"], *r.slope) + stats.norm.logpdf(p["z"]).sum()
    scales = [(p["sd_Intercept"], r.sd), (p["sd_slope"], r.sd)]
    scales += [(p["sigma"], r.sigma)] if r.sigma else []
    prior += sum(stats.t.logpdf(value, df, scale=scale) for value, (df, scale) in scales)
    cor = p.get("cor", 0.0)
    prior += (r.cor - 1.0) * np.log1p(-cor * cor) if "cor" in p else 0.0
    covariance = np.array([[1.0, cor], [cor, 1.0]]) * np.outer(
        *[[p["sd_Intercept"], p["sd_slope"]]] * 2
    )
    b = np.linalg.cholesky(covariance) @ p["z"]
    x = data[r.predictor].astype(float)
    eta = p["Intercept"] + p["slope"] * (x - x.mean()) + b[0, index] + b[1, index] * x
    y = data[r.outcome]
    if r.family == "gaussian":
        return prior + stats.norm.logpdf(y, eta, p["sigma"]).sum()
    n = data[r.trials] if r.trials else 1
    return prior + stats.binom.logpmf(y, n, 1.0 / (1.0 + np.exp(-eta))).sum()


@pytest.mark.slow
@pytest.mark.parametrize("problem", ["sleepstudy", "funding", "bernoulli"])
@pytest.mark.parametrize("peer", ["pystan", "bambi"])
def test_a_peer_samples_the_same_posterior(peer, problem, tmp_path):
    python = environments.python_of(peer)
    if not python.exists():
        pytest.skip(f"{peer} has no environment; benchmarks/regressions.py makes it")
    regression, form, data = models.REGRESSIONS[problem], command.FORM[peer], small(problem)
    index, groups = models.indexed(data[regression.group])
    points = [point_of(regression, form, groups) for _ in range(4)]
    np.savez(tmp_path / "data.npz", **data)
    np.savez(tmp_path / "points.npz", **{n: np.array([p[n] for p in points]) for n in points[0]})
    arguments = [f"{problem}_{form}", "1", tmp_path / "out.json", "--data", tmp_path / "data.npz"]
    call = [
        python,
        "-m",
        "peers",
        f"formulas.{peer}",
        *arguments,
        "--check",
        tmp_path / "points.npz",
    ]
    subprocess.run(call, check=True, cwd=BENCHMARKS, capture_output=True, timeout=300)
    found = np.array(json.loads((tmp_path / "out.json").read_text()))
    difference = found - [oracle(regression, data, index, p) for p in points]
    np.testing.assert_allclose(difference, difference[0], rtol=0.0, atol=1e-8)
