"""The general kernel: gradients by differences, densities on paper, forms against one another."""

import ast
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import on_paper
import pytest
from laws_on_paper import law_of
from regressions import LINES, PRIORS, STRUCTURES, case

import mcmc_edu as me
from mcmc_edu import priors as P
from mcmc_edu.densities.priors import location_prior, scale_prior
from mcmc_edu.families import FAMILIES
from mcmc_edu.models import partial_pooling
from mcmc_edu.priors.univariate import scale_row
from mcmc_edu.regression.density.general.data import Regression
from mcmc_edu.regression.density.lines.data import Lines
from mcmc_edu.regression.prepare.assembly import assemble
from mcmc_edu.regression.quantities import Quantities

JOINT = [s for s, (_, forms) in STRUCTURES.items() if "collapsed" not in forms]
COLLAPSED = [s for s, (_, forms) in STRUCTURES.items() if "collapsed" in forms]
GAUSSIAN = ("gaussian", "identity")

ORDERED = ("ordered", "logit")

OF_LINES = ["defaults", "half-t and LKJ", "uniform", "decov", "others", "scaled", "flat"]

MODELS = [(f, s, "defaults") for f in FAMILIES for s in JOINT if (f, s) != (ORDERED, "unpooled")]
MODELS += [(f, "1|g", "horseshoe") for f in (("poisson", "log"), ORDERED)]
MODELS += [
    (GAUSSIAN, s, p)
    for s in JOINT
    for p in PRIORS
    if p != "defaults" and not (s == "unpooled" and "horseshoe" in p)
]
MODELS += [
    (GAUSSIAN, s, p)
    for s, (_, forms) in LINES.items()
    for p in OF_LINES
    if "collapsed" not in forms
]
EVERY = [pytest.param(*m, id=f"{m[0][0]} {m[0][1]}; {m[1]}; {m[2]}") for m in MODELS]


def points(dim: int):
    """Random points, and corners: scales of 1e-8 and correlations near 1."""
    rng = np.random.default_rng(3)
    for spread in (0.3, 0.6, 1.0):
        yield rng.normal(scale=spread, size=dim)


def differences(model, theta, h=1e-5):
    found = np.empty(model.dim)
    for i in range(model.dim):
        step = np.zeros(model.dim)
        step[i] = h
        found[i] = (model.logp(theta + step)[0] - model.logp(theta - step)[0]) / (2.0 * h)
    return found


@pytest.mark.parametrize(("family", "structure", "priors"), EVERY)
@pytest.mark.parametrize("correlated", [True, False], ids=["correlated", "independent"])
def test_gradient_by_differences(family, structure, priors, correlated: bool) -> None:
    model = case(family, structure, priors, correlated)
    for theta in points(model.dim):
        logp, grad = model.logp(theta)
        assert np.isfinite(logp)
        numeric = differences(model, theta)
        np.testing.assert_allclose(grad, numeric, rtol=1e-6, atol=1e-6 * np.abs(numeric).max())


@pytest.mark.parametrize("structure", COLLAPSED)
@pytest.mark.parametrize("priors", PRIORS)
@pytest.mark.parametrize("correlated", [True, False], ids=["correlated", "independent"])
def test_gradient_of_the_collapsed_form_by_differences(structure, priors, correlated) -> None:
    test_gradient_by_differences(GAUSSIAN, structure, priors, correlated)


@pytest.mark.parametrize("structure", [s for s in LINES if "collapsed" in s])
@pytest.mark.parametrize("priors", OF_LINES)
@pytest.mark.parametrize("correlated", [True, False], ids=["correlated", "independent"])
def test_gradient_of_collapsed_lines_by_differences(structure, priors, correlated) -> None:
    test_gradient_by_differences(GAUSSIAN, structure, priors, correlated)


@pytest.mark.parametrize("structure", LINES)
@pytest.mark.parametrize("priors", OF_LINES)
@pytest.mark.parametrize("correlated", [True, False], ids=["correlated", "independent"])
def test_lines_are_the_kernel_without_its_rows(structure, priors, correlated) -> None:
    """The same density, gradient and quantities of the same theta."""
    lines = case(GAUSSIAN, structure, priors, correlated)
    rows = case(GAUSSIAN, structure, priors, correlated, by_rows=True)
    assert isinstance(lines.assembled.data, Lines)
    assert isinstance(rows.assembled.data, Regression)
    assert lines.assembled.names == rows.assembled.names
    for theta in points(lines.dim):
        (one, grad), (other, expected) = lines.logp(theta), rows.logp(theta)
        assert one == pytest.approx(other, rel=1e-12)
        np.testing.assert_allclose(grad, expected, rtol=1e-9, atol=1e-11 * np.abs(expected).max())
        found = rows.natural(theta)
        for name, values in lines.natural(theta).items():
            np.testing.assert_allclose(values, found[name], rtol=1e-9, atol=1e-10, err_msg=name)


@pytest.mark.parametrize(("family", "structure", "priors"), EVERY)
def test_density_is_the_one_on_paper(family, structure, priors) -> None:
    assert_density_on_paper(case(family, structure, priors))


def assert_density_on_paper(model) -> None:
    """Up to a constant: differences between points."""
    thetas = list(points(model.dim))
    ours = np.array([model.logp(theta)[0] for theta in thetas])
    paper = np.array([on_paper.log_density(model.on_paper, theta) for theta in thetas])
    np.testing.assert_allclose(ours - ours[0], paper - paper[0], rtol=1e-9, atol=1e-8)


@pytest.mark.parametrize("structure", COLLAPSED)
@pytest.mark.parametrize("priors", ["half-t and LKJ", "decov", "uniform"])
@pytest.mark.parametrize("correlated", [True, False], ids=["correlated", "independent"])
def test_collapsed_density_is_that_of_the_rows_all_at_once(structure, priors, correlated) -> None:
    """N(y | X beta + offset, sigma^2 I + Z C Z'), dense, in place of the integral over b."""
    assert_density_on_paper(case(GAUSSIAN, structure, priors, correlated))


@pytest.mark.parametrize("structure", [s for s in LINES if "collapsed" in s])
@pytest.mark.parametrize("priors", OF_LINES)
def test_collapsed_density_of_lines_is_that_of_the_rows(structure, priors) -> None:
    assert_density_on_paper(case(GAUSSIAN, structure, priors))


@pytest.mark.parametrize(("family", "structure", "priors"), EVERY)
def test_quantities_are_those_on_paper(family, structure, priors) -> None:
    """Of the same theta, all that is reported, by name."""
    model = case(family, structure, priors)
    theta = next(points(model.dim))
    found, paper = model.natural(theta), on_paper.quantities(model.on_paper, theta)
    assert found.keys() == paper.keys()
    for name, value in paper.items():
        np.testing.assert_allclose(found[name], value, rtol=1e-9, atol=1e-10, err_msg=name)


DENSITY = Path(me.__file__).parent / "regression" / "density"
PARALLEL = [
    "log_density",
    "log_posterior",
    "population",
    "coefficients",
    "coefficients_sampled",
    "coefficients_collapsed",
    "coefficients_unpooled",
    "likelihood",
    "pull_back",
    "workspace_size",
    "workspace",
]


@pytest.mark.parametrize("room", ["general", "lines"])
def test_both_densities_have_the_same_functions_in_the_same_order(room: str) -> None:
    """After these only helpers follow, which are each density's own."""
    tree = ast.parse((DENSITY / room / "posterior.py").read_text(encoding="utf-8"))
    functions = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    classes = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    assert functions[: len(PARALLEL)] == PARALLEL
    assert "Workspace" in classes


PAPER = sorted(Path(__file__).parent.glob("*on_paper.py"))


@pytest.mark.parametrize("file", PAPER, ids=lambda file: file.stem)
def test_the_paper_knows_nothing_of_the_package(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    found = {getattr(node, "module", None) or node.names[0].name for node in imports}
    allowed = {"numpy", "scipy", *(paper.stem for paper in PAPER)}
    assert {name.split(".")[0] for name in found} <= allowed | sys.stdlib_module_names


def test_effects_of_a_collapsed_term_have_their_conditional_distribution() -> None:
    """Given everything else: mean and covariance by the formula for normal distributions."""
    model = case(GAUSSIAN, "x|g collapsed", "half-t and LKJ")
    theta = next(points(model.dim))
    n = 4_000
    found = Quantities(model.design, model.family, model.units, model.assembled)
    q = found(np.tile(theta[:, np.newaxis, np.newaxis], (1, 1, n)), np.random.default_rng(1))
    d, (g,) = model.design, model.design.groupings
    sd = np.array([q[f"sd(g: {name})"][0, 0] for name in g.names])
    r = q["cor(g: Intercept, x)"][0, 0]
    prior = np.linalg.inv(np.outer(sd, sd) * [[1.0, r], [r, 1.0]])
    beta = [q[name][0, 0] for name in d.names]
    sigma = q["sigma"][0, 0]
    for j in range(len(g.levels)):
        rows = g.index == j
        z = g.columns[rows]
        covariance = np.linalg.inv(z.T @ z / sigma**2 + prior)
        rest = (d.y - d.offset - d.columns @ beta)[rows]
        mean = covariance @ z.T @ rest / sigma**2
        b = np.array([q[f"b(g: {name})"][j, 0] for name in g.names])
        error = np.sqrt(np.diag(covariance) / n)
        assert (np.abs(b.mean(axis=1) - mean) < 4.5 * error).all()
        size = np.sqrt(np.outer(np.diag(covariance), np.diag(covariance)))
        np.testing.assert_allclose(np.cov(b) / size, covariance / size, atol=4.5 * np.sqrt(2 / n))


@pytest.mark.parametrize("corner", [-20.0, 8.0])
@pytest.mark.parametrize(
    "structure", ["x|g noncentered", "x|g centered", "x|g collapsed", "x|g collapsed, x|h"]
)
def test_gradient_at_corners(structure: str, corner: float) -> None:
    """Scales of e^-20 and e^8, one after the other; correlations next to 1 and -1."""
    model = case(GAUSSIAN, structure, "half-t and LKJ")
    layout = model.assembled.layouts[0]
    for at in range(len(model.design.names), layout.effects):
        if structure == "x|g centered" and corner < 0.0 and at != layout.correlations:
            continue  # the density itself is of the size of e^40 there
        theta = np.full(model.dim, 0.1)
        theta[at] = corner
        logp, grad = model.logp(theta)
        assert np.isfinite(logp)
        numeric = differences(model, theta, 1e-6 if corner < 0.0 else 1e-4)
        np.testing.assert_allclose(grad, numeric, rtol=2e-5, atol=2e-6 * np.abs(numeric).max())


def test_the_unit_of_the_outcome_is_of_no_consequence() -> None:
    """In a unit that is a power of 2 the same bits."""
    one, other = case(GAUSSIAN, "x|g collapsed"), case(GAUSSIAN, "x|g collapsed", scale=1024.0)
    for theta in points(one.dim):
        a, b = one.logp(theta), other.logp(theta)
        np.testing.assert_array_equal(a[1], b[1])
        assert a[0] == b[0]
        np.testing.assert_array_equal(
            1024.0 * one.natural(theta)["b(g: x)"], other.natural(theta)["b(g: x)"]
        )


def test_compiled_and_uncompiled_agree_to_the_last_bit() -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "import numpy as np\n"
        "from regressions import LINES, STRUCTURES, case\n"
        "for structure in [*LINES, *STRUCTURES]:\n"
        "    for priors in ('half-t and LKJ', 'decov'):\n"
        "        model = case(('gaussian', 'identity'), structure, priors)\n"
        "        theta = np.random.default_rng(3).normal(scale=0.5, size=model.dim)\n"
        "        logp, grad = model.logp(theta)\n"
        "        print(structure, priors, float(logp).hex(), grad.tobytes().hex())\n"
        "        for name, value in model.natural(theta).items():\n"
        "            print(name, value.tobytes().hex())\n"
    )
    outputs = [
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"NUMBA_DISABLE_JIT": jit},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()
        for jit in "01"
    ]
    assert len(outputs[0]) > 100
    assert outputs[0] == outputs[1]


def test_a_level_without_rows_leaves_the_others_in_their_place() -> None:
    full = case(GAUSSIAN, "x|g noncentered")
    (g,) = full.design.groupings
    longer = replace(g, levels=("unused", *g.levels), index=g.index + 1)
    design = replace(full.design, groupings=(longer,))
    model = assemble(design, full.family, full.units, full.priors, ["noncentered"])
    grad = np.empty(len(model.names))
    theta = next(points(len(model.names)))
    layout = model.layouts[0]
    kept = np.ones(theta.size, dtype=bool)
    kept[[layout.effects, layout.effects + layout.levels]] = False  # the unused level's
    theta[~kept] = 0.0
    logp = model.log_density(theta, grad, model.data)
    before = full.logp(theta[kept])
    assert logp == pytest.approx(before[0] - np.log(2.0 * np.pi), rel=1e-12)  # of two zeros
    np.testing.assert_allclose(grad[kept], before[1], rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    "prior",
    [
        P.HalfNormal(1.7),
        P.HalfT(4.0, 0.8),
        P.HalfCauchy(2.0),
        P.Exponential(3.0),
        P.Gamma(2.5, 0.4),
        P.Uniform(0.0, 5.0),
        P.Overdispersion(1.3),
    ],
    ids=repr,
)
def test_rows_of_priors_are_normalised(prior) -> None:
    """Of a scale against scipy.stats, and below of a coefficient."""
    for u in (-3.0, -0.2, 1.1):
        found = scale_prior(u, scale_row(prior))
        value = found.tau
        expected = np.log(found.d_tau / 5.0)
        if not isinstance(prior, P.Uniform):
            expected = law_of(prior, 1.0).logpdf(value) + np.log(value)
        assert found.logp == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    "prior", [P.Normal(1.0, 2.0), P.StudentT(4.0, 1.0, 2.0), P.Cauchy(1.0, 0.5)], ids=repr
)
def test_rows_of_coefficients_are_normalised(prior) -> None:
    for u in (-3.0, -0.2, 1.1):
        found = location_prior(u, prior.row())
        assert found.logp == pytest.approx(law_of(prior, 1.0).logpdf(u), rel=1e-12)
    bounded = location_prior(0.3, P.Uniform(-2.0, 5.0).row())
    assert bounded.logp == pytest.approx(np.log(bounded.slope / 7.0), rel=1e-12)


ONE, X = "one", "x"


def post_by_formula(form: str) -> me.Model:
    """The post's model: a column of ones, whose coefficient has its prior where x is 0."""
    data = me.datasets.boelstad(seed=1)
    columns = {"y": data.y, ONE: np.ones(data.y.size), X: data.x, "g": data.group}
    priors = {"b": me.Normal(0, 3), "sd": me.Uniform(0, 10), "sigma": me.Uniform(0, 10)}
    return me.Model(
        "y ~ 0 + one + x + (0 + one + x || g)", columns, priors=priors, parameterization=form
    )


@pytest.mark.parametrize("form", ["centered", "noncentered", "collapsed"])
def test_the_kernel_has_the_posts_densities(form: str) -> None:
    """`partial_pooling`, which takes the lines, and the kernel of a formula, at the same places."""
    model, post = post_by_formula(form), partial_pooling(me.datasets.boelstad(seed=1), form)
    forms = [choice.form for choice in model.choices]
    parts = (model.design, model.family, model.units, model.priors, forms)
    kernel = assemble(*parts, by_rows=True)
    rng, ours, posts = np.random.default_rng(1), [], []
    for _ in range(3):
        theta = 0.3 * rng.normal(size=post.dim)
        mine, grad = np.empty(post.dim), np.empty(post.dim)
        posts.append(post.log_density(theta, grad, post.data))
        ours.append(kernel.log_density(theta, mine, kernel.data))
        np.testing.assert_allclose(mine, grad, rtol=1e-8, atol=1e-8 * np.abs(grad).max())
    np.testing.assert_allclose(np.diff(ours), np.diff(posts), rtol=1e-9)


def test_the_posts_model_from_a_formula_is_exact() -> None:
    """Means and sds against the answer by quadrature."""
    fit = post_by_formula("collapsed").fit(seed=1, draws=4000, progress=False)
    exact = me.exact(me.datasets.boelstad(seed=1))
    names = {
        "mu_alpha": ONE,
        "mu_beta": X,
        "sigma_alpha": "sd(g: one)",
        "sigma_beta": "sd(g: x)",
        "sigma": "sigma",
    }
    table = fit.draws.summary(*names.values())
    for theirs, name in names.items():
        row, i = table[name], exact.names.index(theirs)
        assert abs(row["mean"] - exact.mean[i]) < 4.5 * row["mcse"]
        assert row["sd"] == pytest.approx(exact.sd[i], rel=0.05)


def test_all_models_of_lines_have_data_of_one_type() -> None:
    """Or each type would be compiled for anew."""
    data = me.datasets.sleepstudy()
    ones = me.datasets.boelstad(seed=1)
    models = [
        me.Model("Reaction ~ Days + (Days | Subject)", data, priors={"cor": me.LKJ(2)}),
        me.Model("Reaction ~ Days + (Days || Subject)", data, priors={"sd": me.HalfNormal(3)}),
        me.Model("Reaction ~ 1 + (1 | Subject)", data, priors={"covariance": me.Decov(2, 1, 1, 1)}),
        me.Model("Reaction ~ Days + (Days | Subject)", data, pooling="none"),
        me.Model("Reaction ~ Days + (Days | Subject)", data, pooling="complete"),
        me.Model("Reaction ~ 1", data, priors={"Intercept": me.Normal(300, 100)}),
        me.Model("Reaction ~ 0 + offset(Days)", data),
    ]
    found = [model.assembled.data for model in models] + [partial_pooling(ones).data]
    assert {type(one) for one in found} == {Lines}
    assert_of_one_type(found)


def test_all_other_models_have_data_of_one_type() -> None:
    """Whole numbers for parameters of a prior, and rows that are summaries, included."""
    priors = {"cor": P.LKJ(2), "b": P.Normal(0, 1)}
    models = [case(*model, by_rows=True) for model in MODELS]
    found = [model.assembled.data for model in models]
    sleep = me.Model(
        "Reaction ~ Days * Days + (Days | Subject)",
        me.datasets.sleepstudy(),
        family="student",
        priors=priors,
    )
    found.append(sleep.assembled.data)
    assert {type(one) for one in found} == {Regression}
    assert_of_one_type(found)


def assert_of_one_type(found: list) -> None:
    kinds = [
        [
            (type(x), x.dtype, x.ndim, x.flags.c_contiguous)
            if isinstance(x, np.ndarray)
            else type(x)
            for x in one
        ]
        for one in found
    ]
    assert all(kind == kinds[0] for kind in kinds)
