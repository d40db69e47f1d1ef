"""Bugs on purpose in the published tables and in the simulated regressions (see mutants.py)."""

from mutants import Mutant

COLUMNS = "datasets/columns.py"
PUBLISHED = "datasets/published.py"
FAMILIES = "datasets/families.py"

MOMENTS = "test_simulated_families.py::test_moments_given_eta"
NEGBIN = "test_simulated_families.py::test_variance_of_a_negative_binomial"
POPULATION = "test_simulated_families.py::test_groups_follow_their_population"
MISPRINT = "test_published.py::test_a_misprinted_funding_table_is_refused"

MUTANTS = [
    Mutant(
        "a column shares its memory with the user's array",
        COLUMNS,
        "column = np.array(values)",
        "column = np.asarray(values)",
        "test_published.py::test_columns_are_copied_and_cannot_be_written",
    ),
    Mutant(
        "a number among text becomes text",
        COLUMNS,
        "in ((str, Real), str):",
        "in ((str, Real),):",
        "test_published.py::test_what_is_no_column_is_refused",
    ),
    Mutant(
        "a row of the funding table need not add up",
        PUBLISHED,
        "if awards + rejects != applications:",
        "if awards + rejects < applications:",
        MISPRINT,
    ),
    Mutant(
        "the funding table is not checked when read",
        PUBLISHED,
        "    check_funding(columns)\n",
        "",
        "test_published.py::test_funding_is_checked_when_read",
    ),
    Mutant(
        "men and women are exchanged",
        PUBLISHED,
        'columns["gender"] == "m"',
        'columns["gender"] == "f"',
        "test_published.py::test_funding_as_the_paper_counts_it",
    ),
    Mutant(
        "a batter's averages are misprinted",
        "datasets/efron_morris.csv",
        "Munson,45,8,408,129",
        "Munson,45,8,408,139",
        "test_published.py::test_batters_as_published",
    ),
    Mutant(
        "a batter gets the season of a namesake",
        "datasets/efron_morris.csv",
        "Williams,45,10,270,69",
        "Williams,45,10,591,195",
        "test_published.py::test_the_papers_errors_tell_the_two_williamses_apart",
    ),
    Mutant(
        "a reaction time is misprinted",
        "datasets/sleepstudy.csv",
        "466.3535,9,308",
        "446.3535,9,308",
        "test_published.py::test_sleepstudy_as_published",
    ),
    Mutant(
        "the concentration of counts is taken for a variance",
        FAMILIES,
        "rng.gamma(phi, 1.0 / phi, eta.size)",
        "rng.gamma(1.0 / phi, phi, eta.size)",
        NEGBIN,
    ),
    Mutant(
        "all rows share one draw of the extra variation",
        FAMILIES,
        "rng.gamma(phi, 1.0 / phi, eta.size)",
        "rng.gamma(phi, 1.0 / phi)",
        NEGBIN,
    ),
    Mutant(
        "the scale of Student's t is taken for its sd",
        FAMILIES,
        'float(own["sigma"]) * t',
        'float(own["sigma"]) * np.sqrt(1 - 2 / own["nu"]) * t',
        MOMENTS,
    ),
    Mutant(
        "the logistic curve is twice as steep",
        FAMILIES,
        "np.tanh(0.5 * eta)",
        "np.tanh(eta)",
        MOMENTS,
    ),
    Mutant(
        "the slope does not differ between groups",
        FAMILIES,
        "(beta[1] + b[group, 1]) * x",
        "beta[1] * x",
        MOMENTS,
    ),
    Mutant(
        "correlated deviations get a larger sd",
        FAMILIES,
        "np.sqrt(1.0 - correlation * correlation) * z[:, 1]",
        "z[:, 1]",
        POPULATION,
    ),
    Mutant(
        "the correlation has the wrong sign",
        FAMILIES,
        "z[:, 1] = correlation * z[:, 0]",
        "z[:, 1] = -correlation * z[:, 0]",
        POPULATION,
    ),
]
