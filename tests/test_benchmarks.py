"""The benchmarks' own arithmetic, and that every peer is given the same posterior."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
sys.path.append(str(BENCHMARKS))

import before  # noqa: E402
import bounds  # noqa: E402
import compare  # noqa: E402
import environments  # noqa: E402
import measure  # noqa: E402
import problems  # noqa: E402
import report  # noqa: E402
import running  # noqa: E402
from peers import protocol  # noqa: E402

import mcmc_edu  # noqa: E402
from mcmc_edu.compiling import UNCOMPILED  # noqa: E402

RNG = np.random.default_rng(20260101)


def record(peer="ours", seed=1, state="warm", ess=1000.0, sample=2.0, summary=4.0, **other):
    seconds = {"launch": 0.1, "import": 0.9, "build": 0.0, "compile": 0.5, "sample": sample}
    return {
        "problem": "boelstad_collapsed",
        "peer": peer,
        "seed": seed,
        "state": state,
        "seconds": seconds,
        "to_draws": 3.5,
        "to_summary": summary,
        "ess": ess,
        "ess_per_second": ess / sample,
        "ess_per_1000_gradients": 40.0,
        "z": 2.0,
        "rhat": 1.001,
        "divergences": 0,
        "trusted": True,
        "load": 0.1,
        "versions": {"numpy": "2"},
    } | other


@pytest.mark.parametrize("n", [5, 8, 15, 30])
def test_the_interval_of_a_median_covers_it(n: int) -> None:
    """By the binomial distribution: at least 90 %, and one value less at each end would not."""
    low, high = before.interval_of_median(list(range(n)), 0.9)
    inside = stats.binom(n, 0.5)
    assert inside.cdf(high) - inside.cdf(low) >= 0.9
    assert inside.cdf(high - 1) - inside.cdf(low + 1) < 0.9
    assert low + high == n - 1


def test_the_table_of_before_and_now() -> None:
    found = {"post": [(2e-6, 1e-6), (2e-6, 4e-6), (2e-6, 3e-6), (2e-6, 2e-6), (2e-6, 2e-6)]}
    (line,) = before.table(found).splitlines()[1:]
    assert line.split() == ["post", "2.00µ", "2.00µ", "1.000", "0.500", "to", "2.000"]


def test_arguments():
    args = compare.parse(["--peers", "nutpie", "--quick"])
    assert (args.peers, args.seeds, args.cold) == (["ours", "nutpie"], 1, 1)
    assert compare.parse([]).seeds >= 7
    assert set(compare.parse([]).peers) == set(environments.PEERS)


@pytest.mark.parametrize("wrong", [["--peers", "stan4"], ["--seeds", "0"], ["--problems", "radon"]])
def test_a_wrong_argument_is_refused(wrong):
    with pytest.raises(SystemExit):
        compare.parse(wrong)


def test_peers_take_turns_and_start_cold_before_warm():
    args = compare.parse(
        [
            "--peers",
            "nutpie",
            "nutpie-400",
            "--seeds",
            "2",
            "--cold",
            "1",
            "--problems",
            "eight_schools_noncentered",
        ]
    )
    steps = [(step["seed"], step["peer"], step["state"]) for step in compare.plan(args)]
    first = [(1, peer, state) for peer in ("ours", "nutpie") for state in compare.STATES]
    second = [(2, peer, "warm") for peer in ("ours", "nutpie", "nutpie-400")]
    assert steps == [*first, (1, "nutpie-400", "warm"), *second]


def test_every_peer_has_a_file_and_pins():
    modules = {peer.module for peer in environments.PEERS.values()}
    for module in modules:
        assert (BENCHMARKS / "peers" / f"{module}.py").exists()
    for module in modules - {"ours"}:
        lines = (BENCHMARKS / "peers" / "requirements" / f"{module}.txt").read_text().split()
        assert all("==" in line for line in lines)
        assert any(line.startswith(f"{module}==") for line in lines)


def test_what_is_measured_is_the_package_that_measures(monkeypatch, tmp_path):
    monkeypatch.setenv("PYTHONPATH", ".")  # the child runs elsewhere, where this means another
    environ = running.environ_for("ours", tmp_path)
    assert Path(environ["PYTHONPATH"], "mcmc_edu") == Path(mcmc_edu.__file__).parent
    assert "PYTHONPATH" not in running.environ_for("nutpie", tmp_path)


def test_a_reason_is_the_line_that_names_the_error():
    assert environments.last_line("a\nValueError: b\n\nDuring: c\n") == "ValueError: b"
    assert environments.last_line("a\nb\n") == "b"
    assert environments.last_line("") == "no message"


def test_the_table_shows_medians_ratios_by_seed_and_reasons():
    runs = [record(seed=s, ess=e) for s, e in ((1, 800.0), (2, 1000.0), (3, 3000.0))]
    runs += [
        record("nutpie", s, ess=e, sample=4.0, summary=12.0)
        for s, e in ((1, 400.0), (2, 100.0), (3, 600.0))
    ]
    runs += [record("pymc", trusted=False)]
    runs[-1] = {key: runs[-1][key] for key in ("problem", "peer", "seed", "state")}
    runs[-1]["error"] = "no compiler"
    text = report.markdown(runs, {"date": "", "cpu": "", "system": ""}, "")
    assert "| ours | 2.00 | 1000 | 500 | 40.0 | 2.0 | 1.001 | 0 | 3 of 3 |" in text
    assert "| nutpie | 4.00 | 400 | 100 |" in text
    # 400/100, 500/25, 1500/150: the middle of 4, 20 and 10; the ratio of medians would be 5
    assert "| boelstad_collapsed: ESS/s | 10.0x | – |" in text
    assert "| boelstad_collapsed, warm: start to summary | 3.0x | – |" in text
    assert "* pymc failed in 1 of 1 runs: no compiler" in text
    assert "| pymc | – | – |" in text


def test_the_worst_is_found_and_nan_is_worst():
    values = {"a": 3.0, "b": 1.0, "c": 2.0}
    assert measure.worst(values, largest=False) == ("b", 1.0)
    assert measure.worst(values, largest=True) == ("a", 3.0)
    for largest in (False, True):
        assert measure.worst(values | {"d": np.nan}, largest)[0] == "d"


def test_worth_of_independent_draws_and_of_draws_of_something_else(tmp_path):
    sd = problems.NORMAL["sd"]
    theta = RNG.normal(size=(4, 1000, sd.size)) * sd
    path = tmp_path / "out.npz"
    told = {"seconds": {"sample": 2.0}, "gradients": 8000}

    def worth(draws):
        np.savez(path, **draws)
        return measure.worth(path, "ill_conditioned_normal", told)

    good = worth({"theta": theta})
    assert 2800 < good["ess"] < 4200
    assert good["trusted"]
    assert good["z"] < 4.5
    assert good["ess_per_second"] == good["ess"] / 2.0
    assert good["ess_per_1000_gradients"] == good["ess"] / 8.0
    theta[:, :, 7] += 0.5 * sd[7]
    shifted = worth({"theta": theta})
    assert shifted["z_of"] == "theta[7]"
    assert shifted["z"] > 20.0
    theta[0, :, 3] += 2.0 * sd[3]
    assert not worth({"theta": theta})["trusted"]
    with pytest.raises(ValueError, match="differ in quantities"):
        worth({"theta": theta[:, :, :99]})


# The same posterior for everybody: scipy's densities, in natural parameters

POPULATION = ("mu_alpha", "mu_beta", "sigma_alpha", "sigma_beta", "sigma")


def points_of(problem, number=4):
    """Points inside the support, natural parameters by name, and the log densities there."""
    data = problems.data_of(problem)
    points = [point_of(problem, data) for _ in range(number)]
    log_densities = [oracle(problem, data, point) for point in points]
    return {name: np.array([p[name] for p in points]) for name in points[0]}, log_densities


def point_of(problem, data):
    if problem.startswith("boelstad"):
        point = {name: RNG.uniform(0.3, 3.0) for name in POPULATION}
        stem = {"centered": "", "noncentered": "z_"}.get(problem.split("_")[1])
        if stem is not None:
            point |= {stem + name: RNG.normal(size=75) for name in ("alpha", "beta")}
        return point
    if problem.startswith("eight_schools"):
        z = "theta" if problem.endswith("_centered") else "z"
        return {"mu": RNG.normal(), "tau": RNG.uniform(0.3, 9.0), z: RNG.normal(size=8)}
    return {"theta": RNG.normal(size=data["sd"].size) * data["sd"]}


def oracle(problem, data, p):
    norm = stats.norm.logpdf
    if problem == "ill_conditioned_normal":
        return norm(p["theta"], 0.0, data["sd"]).sum()
    if problem.startswith("eight_schools"):
        prior = norm(p["mu"], 0.0, 5.0) + stats.halfcauchy.logpdf(p["tau"], scale=5.0)
        theta = p["theta"] if "theta" in p else p["mu"] + p["tau"] * p["z"]
        of_theta = norm(theta, p["mu"], p["tau"]) if "theta" in p else norm(p["z"])
        return prior + of_theta.sum() + norm(data["y"], theta, data["sd"]).sum()
    prior = norm(p["mu_alpha"], 0.0, 3.0) + norm(p["mu_beta"], 0.0, 3.0)
    if problem == "boelstad_collapsed":
        return prior + marginal(data, p)
    effects = []
    for name in ("alpha", "beta"):
        mean, sd = p[f"mu_{name}"], p[f"sigma_{name}"]
        centered = name in p
        prior += (norm(p[name], mean, sd) if centered else norm(p[f"z_{name}"])).sum()
        effects.append(p[name] if centered else mean + sd * p[f"z_{name}"])
    alpha, beta = (effect[data["group"]] for effect in effects)
    return prior + norm(data["y"], alpha + beta * data["x"], p["sigma"]).sum()


def marginal(data, p):
    """Each group's y from its 5 x 5 covariance, with no algebra."""
    total = 0.0
    for j in range(75):
        rows = data["group"] == j
        x = np.column_stack([np.ones(rows.sum()), data["x"][rows]])
        variances = np.diag([p["sigma_alpha"] ** 2, p["sigma_beta"] ** 2])
        covariance = x @ variances @ x.T + p["sigma"] ** 2 * np.eye(rows.sum())
        mean = x @ [p["mu_alpha"], p["mu_beta"]]
        total += stats.multivariate_normal.logpdf(data["y"][rows], mean, covariance)
    return total


def assert_equal_up_to_a_constant(found, wanted):
    difference = np.array(found) - np.array(wanted)
    np.testing.assert_allclose(difference, difference[0], rtol=0.0, atol=1e-8)


def test_the_collapsed_likelihood_is_the_marginal_of_the_lines():
    points, wanted = points_of("boelstad_collapsed")
    data = problems.data_of("boelstad_collapsed")
    found = []
    for i in range(len(wanted)):
        p = {name: values[i] for name, values in points.items()}
        prior = sum(stats.norm.logpdf(p[name], 0.0, 3.0) for name in ("mu_alpha", "mu_beta"))
        terms = protocol.collapsed_log_likelihood(np.log, protocol.sums(data), p)
        found.append(prior + terms.sum())
    assert_equal_up_to_a_constant(found, wanted)


def test_lines_drawn_afterwards_have_their_conditional_moments():
    data = problems.data_of("boelstad_collapsed")
    p = {"mu_alpha": 1.5, "mu_beta": -1.0, "sigma_alpha": 0.8, "sigma_beta": 1.3, "sigma": 1.7}
    draws = {name: np.full((4, 2500), value) for name, value in p.items()}
    found = protocol.with_lines(draws, protocol.sums(data), seed=1)
    rows = data["group"] == 3
    x = np.column_stack([np.ones(rows.sum()), data["x"][rows]])
    precision = np.diag([1 / 0.8**2, 1 / 1.3**2])
    covariance = np.linalg.inv(precision + x.T @ x / 1.7**2)
    mean = covariance @ (precision @ [1.5, -1.0] + x.T @ data["y"][rows] / 1.7**2)
    both = np.stack([found[name][:, :, 3].ravel() for name in ("alpha", "beta")])
    z = (both.mean(axis=1) - mean) / np.sqrt(np.diag(covariance) / 10_000)
    assert (np.abs(z) < 4.0).all()
    np.testing.assert_allclose(np.cov(both), covariance, atol=4.0 * covariance.max() * 0.0142)


@pytest.mark.slow
@pytest.mark.skipif(UNCOMPILED, reason="there are no checks to leave out")
@pytest.mark.parametrize("name", bounds.DENSITIES)
def test_checks_of_indices_change_no_density(name):
    density, dim = bounds.DENSITIES[name]
    data = bounds.Data(RNG.normal(size=9), RNG.normal(size=9), RNG.integers(0, 50, 9))
    checked, free = (bounds.bound(density, data, of) for of in (True, False))
    theta, grads = RNG.normal(size=dim), np.empty((2, dim))
    assert checked.with_gradient(theta, grads[0]) == free.with_gradient(theta, grads[1])
    np.testing.assert_array_equal(*grads)
    if dim == bounds.GROUPS:
        beyond = data._replace(group=np.full(9, dim))
        with pytest.raises(IndexError):
            bounds.bound(density, beyond, True)(theta)


@pytest.mark.slow
@pytest.mark.parametrize("problem", problems.PROBLEMS)
@pytest.mark.parametrize("module", ["pymc", "numpyro", "blackjax", "pystan"])  # pymc's are nutpie's
def test_a_peer_samples_the_same_posterior(module, problem, tmp_path):
    python = environments.python_of(module)
    if not python.exists():
        pytest.skip(f"{module} has no environment; benchmarks/compare.py makes it")
    points, wanted = points_of(problem)
    np.savez(tmp_path / "points.npz", **points)
    data = problems.write_data(problem, tmp_path)
    arguments = [problem, "1", tmp_path / "out.json", "--data", data]
    command = [python, "-m", "peers", module, *arguments, "--check", tmp_path / "points.npz"]
    subprocess.run(command, check=True, cwd=BENCHMARKS, capture_output=True, timeout=300)
    assert_equal_up_to_a_constant(json.loads((tmp_path / "out.json").read_text()), wanted)
