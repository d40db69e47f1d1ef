"""The formula's grammar: lme4's Table 2, brms' responses, and what is refused with a remedy."""

import pytest

from mcmc_edu.formulas.formula import Bar, FormulaError, Response, parse

TABLE_2 = [
    ("(1 | g)", "1 + (1 | g)", "1", [Bar("1", ("g",))]),
    ("0 + offset(o) + (1 | g)", "-1 + offset(o) + (1 | g)", "0", [Bar("1", ("g",))]),
    ("(1 | g1/g2)", "(1 | g1) + (1 | g1:g2)", "1", [Bar("1", ("g1",)), Bar("1", ("g1", "g2"))]),
    ("(1 | g1) + (1 | g2)", "1 + (1 | g1) + (1 | g2)", "1", [Bar("1", ("g1",)), Bar("1", ("g2",))]),
    ("x + (x | g)", "1 + x + (1 + x | g)", "1 + x", [Bar("1 + x", ("g",))]),
]
"""Bates, Maechler, Bolker, Walker (2015), Table 2: formula, alternative, and what both mean."""


@pytest.mark.parametrize(("short", "long", "common", "bars"), TABLE_2)
def test_table_2_of_lme4(short: str, long: str, common: str, bars: list[Bar]) -> None:
    for text in (short, long, short.replace(" ", "")):
        found = parse("y ~ " + text)
        assert found.common == common
        assert list(found.bars) == bars
        assert found.offsets == (("o",) if "offset" in text else ())
        assert found.response == Response("y")


def test_two_bars_are_independent_coefficients() -> None:
    """The last row of Table 2; the bars of its alternative stay two."""
    short, long = parse("y ~ x + (x || g)"), parse("y ~ 1 + x + (1 | g) + (0 + x | g)")
    assert short.common == long.common == "1 + x"
    assert short.bars == (Bar("1 + x", ("g",), correlated=False),)
    assert long.bars == (Bar("1", ("g",)), Bar("0 + x", ("g",)))


@pytest.mark.parametrize(
    ("term", "bars"),
    [
        ("(1 | a/b/c)", [("1", "a", True), ("1", "a:b", True), ("1", "a:b:c", True)]),
        ("(z || a/b)", [("1 + z", "a", False), ("1 + z", "a:b", False)]),
        ("(1 | a:b)", [("1", "a:b", True)]),
        ("(1 | a/b:c)", [("1", "a", True), ("1", "a:b:c", True)]),
        ("(1 | (a:b))", [("1", "a:b", True)]),
        ("((1 | a))", [("1", "a", True)]),
        ("(0 + x | g)", [("0 + x", "g", True)]),
        ("(x - 1 | g)", [("0 + x", "g", True)]),
        ("(-1 + x | g)", [("0 + x", "g", True)]),
        ("(x + z + x:z | g)", [("1 + x + z + x:z", "g", True)]),
        ("(log(x) * z | g)", [("1 + log(x) * z", "g", True)]),
        ("(I(x^2) | g)", [("1 + I(x**2)", "g", True)]),
        ("(poly(x, 2) | g)", [("1 + poly(x, 2)", "g", True)]),
        ("(1 | `my group`)", [("1", "my group", True)]),
        ("(größe | schüler)", [("1 + größe", "schüler", True)]),
        ("(1 | Sepal.Species)", [("1", "Sepal.Species", True)]),
    ],
)
def test_bars(term: str, bars: list[tuple[str, str, bool]]) -> None:
    found = parse(f"y ~ w + {term}")
    assert found.common == "1 + w"
    assert [(b.coefficients, ":".join(b.group), b.correlated) for b in found.bars] == bars


@pytest.mark.parametrize(
    ("right", "common"),
    [
        ("x", "1 + x"),
        ("1", "1"),
        ("0", "0"),
        ("-1", "0"),
        ("x - 1", "0 + x"),
        ("x + -1", "0 + x"),
        ("0 + x + 1", "1 + x"),
        ("x - 0", "1 + x"),
        ("(a + b)", "1 + a + b"),
        ("(a + b)^2 - a:b", "1 + (a + b)**2 - a:b"),
        ("a*b + log(x - 1)", "1 + a*b + log(x - 1)"),
        ("C(a, levels=['-', '+|']) + x", "1 + C(a, levels=['-', '+|']) + x"),
        ("offset(log(n)) + x + offset(o - 1)", "1 + x"),
        ("(x + (1 | g))", "1 + x"),
        ("x+\n  z", "1 + x + z"),
        ("as.factor(k) + C(a, levels=['^'])", "1 + factor(k) + C(a, levels=['^'])"),
    ],
)
def test_common_terms(right: str, common: str) -> None:
    assert parse("y ~ " + right).common == common


def test_offsets_are_kept_apart() -> None:
    found = parse("y ~ offset(log(n)) + x + offset(o - 1)")
    assert found.offsets == ("log(n)", "o - 1")
    assert found.text == "y ~ offset(log(n)) + x + offset(o - 1)"


@pytest.mark.parametrize(
    ("left", "outcome", "trials"),
    [
        ("y", "y", None),
        ("log(y)", "log(y)", None),
        ("np.sqrt(y + 1)", "np.sqrt(y + 1)", None),
        ("I(y^2)", "I(y**2)", None),
        ("y / 10", "y / 10", None),
        ("awards | trials(n)", "awards", "n"),
        ("awards|trials( won + lost )", "awards", "won + lost"),
        ("awards | trials(12)", "awards", "12"),
        ("p(k, n)", "k", "n"),
        ("p(k, k + rest)", "k", "k + rest"),
        ("`my y`", "`my y`", None),
    ],
)
def test_responses(left: str, outcome: str, trials: str | None) -> None:
    assert parse(f"{left} ~ x").response == Response(outcome, trials)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("y + x", "has 0 tildes"),
        ("y ~ x ~ z", "has 2 tildes"),
        ("~ x", "nothing before its tilde"),
        ("y ~ ", "nothing after its tilde"),
        ("y ~ (x", "unbalanced: close `(x`"),
        ("y ~ x)", "unbalanced: the )"),
        ("y ~ (x]", "unbalanced: the ]"),
        ("y ~ `x", "a quotation without end"),
        ("y ~ x +", "lacks a term at its end"),
        (
            "y ~ x | g",
            "a bar outside parentheses; put its terms and its group into parentheses, as in (x",
        ),
        ("y ~ x || g", "a bar outside parentheses"),
        ("y ~ (| g)", "empty on one side"),
        ("y ~ (1 | )", "empty on one side"),
        ("y ~ ((1 | a) | b)", "a bar within a bar"),
        ("y ~ (1 | (1 | b))", "a bar within a bar"),
        ("y ~ (1 | ID | g)", "a bar within a bar"),
        ("y ~ x * (1 | g)", "`+ x * (1 | g)`: a bar stands alone"),
        ("y ~ (1 | g) : x", "a bar stands alone"),
        ("y ~ x - (1 | g)", "`- (1 | g)`: a bar stands alone"),
        ("y ~ log((1 | g))", "a bar stands alone"),
        ("y ~ (1 | g) + (1 | g)", "`(1 | g)` is in the formula twice"),
        ("y ~ (1 | a:b) + (1 | b:a)", "`(1 | b:a)` is in the formula twice"),
        ("y ~ (x | g) + (x || g)", "`(1 + x | g)` is in the formula twice"),
        ("y ~ (1 | a/b) + (1 | a)", "`(1 | a)` is in the formula twice"),
        ("y ~ (1 | log(g))", "`log(g)` is no group"),
        ("y ~ (1 | 3)", "`3` is no group"),
        ("y ~ (0 | g)", "no coefficient left; write (1 | g)"),
        ("y ~ (offset(x) | g)", "an offset in a bar"),
        ("y ~ x - offset(o)", "an offset stands alone"),
        ("y ~ x * offset(o)", "an offset stands alone"),
        ("y ~ .", "write the columns out"),
        ("y ~ 2", "the term `2` is no column"),
        ("y ~ 2:x", "the term `2:x` is no column"),
        ("y | weights(w) ~ x", "weights are no part of the formula"),
        ("y | trials(n) | trials(m) ~ x", "only trials(n) and se(s) are known"),
        ("y | n ~ x", "only trials(n) and se(s) are known"),
        ("| trials(n) ~ x", "the response has no outcome"),
        ("cbind(k, n - k) ~ x", "unknown response function 'cbind'"),
        ("p(k) ~ x", "two arguments, p(successes, trials)"),
        ("p(k, n, m) ~ x", "two arguments"),
    ],
)
def test_what_is_refused(text: str, message: str) -> None:
    with pytest.raises(FormulaError) as raised:
        parse(text)
    assert message in str(raised.value)


@pytest.mark.parametrize(
    ("bar", "instead"),
    [
        ("(1 + z | a*b)", "(1 + z | a) + (1 + z | b) + (1 + z | a:b)"),
        ("(1 + z | x3*x4)", "(1 + z | x3) + (1 + z | x4) + (1 + z | x3:x4)"),
        ("(1 + z | a + b)", "(1 + z | a) + (1 + z | b)"),
        ("(1 + z | (a + b))", "(1 + z | a) + (1 + z | b)"),
        ("(z || a + b/c)", "(z || a) + (z || b) + (z || b:c)"),
        (
            "(1 | a*b*c)",
            "(1 | a) + (1 | b) + (1 | c) + (1 | a:b) + (1 | a:c) + (1 | b:c) + (1 | a:b:c)",
        ),
    ],
)
def test_sums_and_products_of_groups_are_refused_with_their_expansion(
    bar: str, instead: str
) -> None:
    with pytest.raises(FormulaError) as raised:
        parse(f"y ~ z + {bar}")
    assert str(raised.value).endswith(f"write {instead}")
    assert len(parse(f"y ~ z + {instead}").bars) == instead.count("|") // (1 + ("||" in instead))


def test_a_formula_is_text() -> None:
    with pytest.raises(FormulaError, match="the formula is 3"):
        parse(3)  # type: ignore[arg-type]


def test_nothing_is_imported_to_read_a_formula() -> None:
    import ast
    from pathlib import Path

    import mcmc_edu.formulas.formula as module

    folder = Path(module.__file__).parent
    for name in ("formula.py", "scanning.py"):
        tree = ast.parse((folder / name).read_text(encoding="utf-8"))
        found = {n.names[0].name for n in ast.walk(tree) if isinstance(n, ast.Import)}
        assert found <= {"re"}
