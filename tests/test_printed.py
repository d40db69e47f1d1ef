"""Comparing what is shown with what is printed: the right is accepted, the wrong refused."""

import re

import pytest
from printed import SUMMARY, cells, differences, differences_of_reports, unit

SHOWN = """\
  mean  sd  q5  q50  q95  mcse  ess_bulk  ess_tail  rhat
Intercept  251.470  6.841  240.387  251.468  262.768  0.099  4839  3010  1.002
sd(Subject: Days)  6.759  1.485  4.664  6.607  9.444  0.024  4055  3368  1.001

Subject: collapsed (Gaussian outcomes: its 36 effects integrated out).
subject 308: 19.7 ms a day
"""
ANOTHER_SEED = """\
  mean  sd  q5  q50  q95  mcse  ess_bulk  ess_tail  rhat
Intercept  251.655  6.702  240.691  251.669  262.600  0.094  5193  2789  1.004
sd(Subject: Days)  6.787  1.513  4.690  6.645  9.529  0.026  3611  3302  1.000

Subject: collapsed (Gaussian outcomes: its 36 effects integrated out).
subject 308: 19.8 ms a day
"""
ERRORS = {"subject 308": [0.0, 0.05]}

REPORT = """\
  RMSE alpha  RMSE beta  accepted  draws  seconds  R-hat  ESS  trust
complete pooling, least squares  0.918504  0.883490  -  -  0.00  -  -  exact
no pooling, NUTS  0.971978  1.510468  0.8132  4000  0.26  1.01  2627.4  yes
no pooling, post's run, replayed  1.228333  1.738596  0.3057  8000  0.12  1.90  1.5  no

Of the gap in RMSE between no and partial pooling that the post's run shows,
0.457 for alpha and 0.943 for beta, shrinkage is 0.230 and 0.740;
"""
OF_REPORT = {"no pooling": (0.115, 0.155)}


def test_the_same_text_and_another_seeds_agree() -> None:
    assert differences(SHOWN, SHOWN) == []
    assert differences(SHOWN, ANOTHER_SEED, ERRORS) == []
    assert differences(ANOTHER_SEED, SHOWN, ERRORS) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("251.470", "255.470"),  # a mean
        ("6.759", "7.459"),
        ("  6.841", " 10.841"),  # an sd
        ("240.387", "236.387"),  # quantiles
        ("9.444", "8.444"),
        ("0.099", "0.199"),  # an error
        ("4839", "100"),  # effective draws
        ("3368", "9368"),
        ("1.002", "1.011"),  # an R-hat
        ("Intercept", "Days"),
        ("36 effects", "35 effects"),
        ("collapsed", "centred"),
        ("308: 19.7", "308: 20.7"),
        ("308: 19.7", "309: 19.7"),
        ("ess_bulk", "ess"),
        ("subject 308", "\nsubject 308"),
    ],
)
def test_a_wrong_number_is_refused(right: str, wrong: str) -> None:
    planted = SHOWN.replace(right, wrong)
    assert planted != SHOWN
    for printed in (SHOWN, ANOTHER_SEED):
        assert differences(planted, printed, ERRORS)
        assert differences(printed, planted, ERRORS)


def test_no_number_of_a_summary_may_be_twice_what_it_is() -> None:
    """Whichever of the rows and columns it stands in."""
    header, *rows = SHOWN.split("\n\n")[0].split("\n")
    for i, row in enumerate(rows):
        for column in range(1, len(SUMMARY) + 1):
            twice = cells(row)
            twice[column] = str(2.0 * float(twice[column]))
            planted = [*rows[:i], "  ".join(twice), *rows[i + 1 :]]
            shown, printed = ("\n".join([header, *those]) for those in (planted, rows))
            assert differences(shown, printed), (row, column)


@pytest.mark.parametrize(("number", "expected"), [("2.50", 0.01), ("8", 0.0), ("1.5e-05", 1e-6)])
def test_a_unit_in_the_last_digit(number: str, expected: float) -> None:
    assert unit(number) == pytest.approx(expected)


def test_what_is_exact_agrees_to_its_digits() -> None:
    shown = "Normal(298.5, 140.8)  mean 0.5684"
    assert differences(shown, shown.replace("140.8", "140.9")) == []
    assert differences(shown, shown.replace("140.8", "141.1"))
    assert differences(shown, shown.replace("0.5684", "0.5687"))


def test_another_seeds_report_agrees() -> None:
    another = REPORT
    for old, new in (
        ("0.971978", "0.967001"),
        ("0.8132", "0.8331"),
        ("2627.4", "2501.0"),
        ("1.01 ", "1.00 "),
        ("0.26", "9.99"),
    ):
        another = another.replace(old, new)
    assert differences_of_reports(REPORT, REPORT, OF_REPORT) == []
    assert differences_of_reports(REPORT, another, OF_REPORT) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("0.918504", "0.918604"),  # exact
        ("0.971978", "0.991978"),  # sampled
        ("1.510468", "1.490468"),
        ("1.228333", "1.228433"),  # replayed
        ("0.3057", "0.3059"),
        (" 1.5 ", " 1.7 "),
        ("8000", "7999"),
        ("0.8132", "0.9132"),
        ("2627.4", "1027.4"),
        ("1.01", "1.02"),
        ("  no\n", " yes\n"),
        ("exact", "  yes"),
        ("NUTS", "GIST"),
        ("0.943", "0.953"),
    ],
)
def test_a_wrong_number_of_a_report_is_refused(right: str, wrong: str) -> None:
    planted = REPORT.replace(right, wrong)
    assert planted != REPORT
    assert differences_of_reports(planted, REPORT, OF_REPORT)
    assert differences_of_reports(REPORT, planted, OF_REPORT)


def test_a_row_at_the_limit_of_r_hat_may_be_trusted_or_not() -> None:
    """1.01 may be 1.0099 or 1.0101; below, the verdict is the same on every machine."""
    other = re.sub(r"(2627.4 +)yes", r"\1 no", REPORT)
    assert differences_of_reports(REPORT, other, OF_REPORT) == []
    other, shown = (text.replace("1.01", "1.00") for text in (other, REPORT))
    assert differences_of_reports(shown, other, OF_REPORT)
