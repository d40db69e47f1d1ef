"""The Stan program of a model: its text, its density as Python reads it, its quantities."""

import json
from dataclasses import replace

import numpy as np
import pytest
from stan_language import blocks_of, log_density
from stan_models import MODELS, model_of, table
from stan_points import parameters_of, point

import mcmc_edu as me
from mcmc_edu import priors as all_priors
from mcmc_edu.families.registry import FAMILIES
from mcmc_edu.models.stan.families import LIKELIHOODS
from mcmc_edu.models.stan.priors import DISTRIBUTIONS, distribution
from mcmc_edu.models.stan.program import StanProgram

SLEEPSTUDY = """\
// Reaction ~ Days + (Days | Subject)
// gaussian, identity link, partial pooling; written by mcmc_edu
data {
  int<lower=1> N;  // rows
  vector[N] Y;  // Reaction
  matrix[N, 2] X;  // Intercept, Days
  vector[2] x_center;  // means of the predictors
  int<lower=1> J_1;  // levels of Subject: 308, 309, 310, 330, 331, ..., 372
  array[N] int<lower=1, upper=J_1> g_1;  // Subject
  matrix[N, 2] Z_1;  // Intercept, Days
  matrix[2, 2] turn_1;  // from effects at the predictors' means to effects at 0
}
parameters {
  vector[2] b_centred;  // Intercept, Days
  real<lower=0> sigma;
  vector<lower=0>[2] sd_mean_1;  // sds of (Intercept, Days | Subject), predictors at their means
  cholesky_factor_corr[2] L_1;  // root of the correlations
  matrix[2, J_1] xi_1;  // standardised effects of (Intercept, Days | Subject)
}
transformed parameters {
  vector[2] b = b_centred;
  b[1] -= dot_product(x_center, b_centred);  // Intercept, at 0
  matrix[J_1, 2] r_1 = (turn_1 * diag_pre_multiply(sd_mean_1, L_1) * xi_1)';
}
model {
  vector[N] eta = X * b;
  eta += rows_dot_product(Z_1, r_1[g_1]);  // (Intercept, Days | Subject)
  Y ~ normal(eta, sigma);
  // priors
  b_centred[1] ~ student_t(3, 298.50789, 140.82189);  // Intercept, predictors at their means
  b_centred[2] ~ normal(0, 48.891512);  // Days
  sigma ~ exponential(0.017752921);
  sd_mean_1[1] ~ student_t(3, 0, 56.328757);  // sd(Subject: Intercept)
  sd_mean_1[2] ~ student_t(3, 0, 19.556605);  // sd(Subject: Days)
  L_1 ~ lkj_corr_cholesky(1);
  to_vector(xi_1) ~ std_normal();
}
generated quantities {
  matrix[2, 2] cov_1 = tcrossprod(turn_1 * diag_pre_multiply(sd_mean_1, L_1));  // predictors at 0
  vector[2] sd_1 = sqrt(diagonal(cov_1));
  matrix[2, 2] cor_1 = quad_form_diag(cov_1, 1 ./ sd_1);
}
"""


def sleepstudy():
    data, form = me.datasets.sleepstudy(), "noncentered"
    return me.Model("Reaction ~ Days + (Days | Subject)", data, parameterization=form)


def thetas(model, n=3):
    rng = np.random.default_rng(7)
    return rng.normal(0.0, 0.5, (n, len(model.assembled.names)))


def ours(model, theta):
    made = model.assembled
    return made.log_density(theta, np.zeros_like(theta), made.data)


def test_the_program_of_sleepstudy() -> None:
    assert sleepstudy().stan().code == SLEEPSTUDY


@pytest.mark.parametrize("name", MODELS)
def test_a_program_has_the_models_density_and_quantities(name: str) -> None:
    """Up to one constant: statements drop those of their densities."""
    model = model_of(name)
    program = model.stan()
    values, difference = [], []
    for theta in thetas(model):
        stans, variables = log_density(program.code, program.plain(), point(model, program, theta))
        values.append(ours(model, theta))
        difference.append(stans - values[-1])
        found = quantities(program, variables)
        expected = natural(model, theta)
        assert set(found) == set(expected)
        for quantity, value in expected.items():
            assert found[quantity] == pytest.approx(value, rel=1e-7, abs=1e-7), quantity
    assert np.ptp(values) > 0.2
    assert np.ptp(difference) < 1e-7 * max(np.ptp(values), 1.0)


def quantities(program, variables):
    """Values by our names."""
    found = {}
    for element, name in program.names.items():
        variable, _, indices = element.partition("[")
        at = [int(i) - 1 for i in indices.rstrip("]").split(",")] if indices else []
        found[name] = np.ravel(variables[variable])[at[0]] if len(at) == 1 else variables[variable]
        if len(at) == 2:
            found[name] = variables[variable][at[0], at[1]]
    return found


def natural(model, theta):
    """Our values, effects by level."""
    columns = theta[:, np.newaxis, np.newaxis]
    rng = np.random.default_rng(1)
    found = {k: v[..., 0, 0] for k, v in model.natural(columns, rng).items()}
    for g in model.design.groupings:
        for name in g.names:
            effect = found.pop(f"b({g.name}: {name})")
            levels = zip(g.levels, effect, strict=True)
            found |= {f"b({g.name}: {name})[{level}]": value for level, value in levels}
    return found


def test_every_family_and_every_prior_is_tried() -> None:
    codes = [model_of(name).stan().code for name in MODELS]
    for kind in LIKELIHOODS.values():
        written = (f" {kind.distribution}(", f" {kind.distribution}_lp")
        assert any(text in code for code in codes for text in written), kind
    lines = {(family.name, family.link) for family in FAMILIES.values()}
    assert lines <= set(LIKELIHOODS)
    joint = {all_priors.LKJ, all_priors.Decov, all_priors.RegularizedHorseshoe}
    kinds = {getattr(all_priors, name) for name in all_priors.__all__} - {all_priors.Prior}
    assert kinds - joint - {all_priors.Overdispersion, all_priors.Flat} == set(DISTRIBUTIONS)


def test_collapsed_effects_are_written_non_centred() -> None:
    collapsed = me.Model("Reaction ~ Days + (Days | Subject)", me.datasets.sleepstudy())
    assert [choice.form for choice in collapsed.choices] == ["collapsed"]
    code = collapsed.stan().code
    assert code.replace(", which mcmc_edu integrates out", "") == SLEEPSTUDY


def test_the_forms_of_effects_are_the_samplers() -> None:
    codes = {
        form: me.Model("y ~ x + (1 | g)", table(), parameterization=form).stan().code
        for form in ("centered", "noncentered")
    }
    assert "r_1 ~ normal(0, sd_1);" in codes["centered"]
    assert "r_1 = sd_1 * xi_1;" in codes["noncentered"]


def test_data_are_json_and_files(tmp_path) -> None:
    program = sleepstudy().stan()
    read = json.loads(program.to_json())
    assert read == program.plain()
    assert read["N"] == 180
    assert read["g_1"][:11] == [1] * 10 + [2]
    np.testing.assert_array_equal(read["X"], program.data["X"])
    code, data = program.write(tmp_path / "new", "sleep")
    assert (code.name, data.name) == ("sleep.stan", "sleep.json")
    assert code.read_text(encoding="utf-8") == SLEEPSTUDY
    assert json.loads(data.read_text(encoding="utf-8")) == read


def test_a_program_prints_itself_and_what_its_data_are() -> None:
    shown = repr(sleepstudy().stan())
    assert shown.startswith(SLEEPSTUDY)
    assert "\n// N: 180\n" in shown
    assert "\n// X: 180 x 2, 0 to 9\n" in shown


def test_a_fit_has_the_program_of_its_model() -> None:
    model = sleepstudy()
    fit = model.fit(draws=5, warmup=5, chains=1, seed=1, progress=False)
    assert fit.model.stan().code == SLEEPSTUDY


def test_names_stay_within_their_comments() -> None:
    data = table() | {"g": np.array(["a\nb ~ normal(0, 1);", "c"])[np.arange(40) % 2]}
    code = me.Model("y ~ x + (1 | g)", data, parameterization="centered").stan().code
    assert "// levels of g: a b ~ normal(0, 1);, c" in code
    blocks_of(code)
    assert not any(line.startswith("b ~") for line in code.splitlines())


def test_what_cannot_be_written_is_refused() -> None:
    class Odd(me.Normal):
        pass

    odd = me.Model("y ~ x", table(), priors={"b": Odd(0.0, 1.0)})
    with pytest.raises(ValueError, match=r"prior is Odd\(0, 1\), which `stan` cannot write"):
        odd.stan()
    model = me.Model("y ~ x", table())
    unknown = model.changed(family=replace(model.family, name="weibull"))
    with pytest.raises(ValueError, match="family is weibull with link identity, which `stan` ca"):
        unknown.stan()


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("eta = X * b;", "eta = X * beta;"),
        ("r_1[g_1]);", "r_1[g_2]);"),
        ("  L_1 ~ lkj_corr_cholesky(1);", "  L_2 ~ lkj_corr_cholesky(1);"),
        ("r_1 = (turn_1", "r_1 = turn_1"),
        ("model {", "modell {"),
        ("matrix[2, J_1] xi_1;", "matrix[2, J_2] xi_1;"),
        ("X * b;", "X * b + sd_mean_1;"),
    ],
)
def test_programs_with_mistakes_are_not_read(right: str, wrong: str) -> None:
    program = sleepstudy().stan()
    values = point(sleepstudy(), program, thetas(sleepstudy())[0])
    assert program.code.count(right) == 1
    with pytest.raises((AssertionError, KeyError, ValueError)):
        log_density(program.code.replace(right, wrong), program.plain(), values)


def test_all_parameters_have_a_prior() -> None:
    for name in MODELS:
        code = model_of(name).stan().code
        priors = code[code.index("  // priors") :]
        for parameter in parameters_of(code):
            stem = parameter.rsplit("_", 1)[0]
            assert parameter in priors or f"{stem}[" in priors, (name, parameter)


def test_a_program_is_its_own_class() -> None:
    assert isinstance(sleepstudy().stan(), StanProgram)
    assert distribution(me.HalfT(3.0, 0.1)) == "student_t(3, 0, 0.1)"
