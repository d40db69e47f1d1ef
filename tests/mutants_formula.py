"""Bugs on purpose in formulas and designs (see mutants.py)."""

from mutants import Mutant

FORMULA = "formulas/formula.py"
SCANNING = "formulas/scanning.py"
DESIGN = "formulas/design.py"
COLUMNS = "formulas/columns.py"
FACTORS = "formulas/factors.py"
NAMES = "formulas/names.py"
ARRAYS = "formulas/arrays.py"
BARE = "formulas/bare_arrays.py"
MATRICES = "formulas/matrices.py"
GIVEN = "formulas/given.py"

MUTANTS = [
    Mutant(
        "(1 | a/b) is (1 | a) + (1 | b)",
        FORMULA,
        "sum(nested[: depth + 1], ())",
        "nested[depth]",
        "test_formula.py::test_table_2_of_lme4",
    ),
    Mutant(
        "|| is |",
        FORMULA,
        'Bar(terms, columns, bar == " | ")',
        "Bar(terms, columns, True)",
        "test_formula.py::test_two_bars_are_independent_coefficients",
    ),
    Mutant(
        "-1 adds an intercept",
        FORMULA,
        '(term == "1") == (sign == "+")',
        'term == "1"',
        "test_formula.py::test_common_terms",
    ),
    Mutant(
        "a bar multiplied with something is a bar",
        FORMULA,
        'if called is None or called[0] or sign == "-":\n            raise FormulaError(\n'
        '                f"`{sign} {term}`: a bar',
        "if called is None:\n            continue\n        if called[0]:\n            raise "
        'FormulaError(\n                f"`{sign} {term}`: a bar',
        "test_formula.py::test_what_is_refused",
    ),
    Mutant(
        "a * b of groups lacks the interaction",
        FORMULA,
        "sizes = range(1, len(finest) + 1)",
        "sizes = range(1, len(finest))",
        "test_formula.py::test_sums_and_products_of_groups_are_refused_with_their_expansion",
    ),
    Mutant(
        "marks in quotes count",
        SCANNING,
        "        if character in QUOTES:\n            quote = character\n            continue\n",
        "",
        "test_formula.py::test_common_terms",
    ),
    Mutant(
        "levels are numbered as they appear",
        ARRAYS,
        "order = sorted(range(len(values)), key=keys.__getitem__)",
        "order = list(range(len(values)))",
        "test_design.py::test_levels_of_a_group",
    ),
    Mutant(
        "a categorical loses its order",
        COLUMNS,
        "if isinstance(values.dtype, pandas.CategoricalDtype):\n        values = values.cat",
        "if False:\n        values = values.cat",
        "test_design.py::test_levels_of_a_group",
    ),
    Mutant(
        "unused levels stay",
        COLUMNS,
        "values = values.cat.remove_unused_categories()",
        "pass",
        "test_design.py::test_a_categorical_keeps_its_order_and_drops_what_is_not_used",
    ),
    Mutant(
        "combinations of levels mix the columns up",
        COLUMNS,
        "codes * len(others) + more",
        "codes * len(labels) + more",
        "test_design.py::test_bars_have_columns_of_their_own",
    ),
    Mutant(
        "new rows learn their own constants",
        MATRICES,
        "if not self.first:",
        "if False:",
        "test_design.py::test_rows_remember_constants_and_levels",
    ),
    Mutant(
        "a new group level is taken for the last",
        ARRAYS,
        "index_of[others] = -1 - np.arange(others.size)",
        "index_of[others] = len(levels) - 1",
        "test_design.py::test_new_levels_of_a_group_are_reported_in_order",
    ),
    Mutant(
        "new group levels are reported by name",
        ARRAYS,
        "others[np.argsort(first)]",
        "others",
        "test_design.py::test_new_levels_of_a_group_are_reported_in_order",
    ),
    Mutant(
        "a factor's unseen level is the baseline",
        FACTORS,
        "        raise ValueError(unseen(name, others, before.levels))\n",
        "        index[index < 0] = 0\n",
        "test_design.py::test_new_rows_that_are_refused",
    ),
    Mutant(
        "only the first offset counts",
        DESIGN,
        "*offsets], axis=0)",
        "*offsets[:1]], axis=0)",
        "test_design.py::test_offsets_add_up",
    ),
    Mutant(
        "the first of two words is 1",
        DESIGN,
        "    return codes, before or factor.levels, not",
        "    return 1 - codes, before or factor.levels, not",
        "test_design.py::test_outcomes",
    ),
    Mutant(
        "only numbers can be missing",
        COLUMNS,
        "absent = frame.isna()",
        'absent = frame.select_dtypes("number").isna()',
        "test_design.py::test_missing_values_are_counted",
    ),
    Mutant(
        "rows with missing values stay",
        COLUMNS,
        "frame = frame[~gaps] if dropped else frame",
        "frame = frame.ffill().bfill() if dropped else frame",
        "test_design.py::test_rows_with_missing_values_are_dropped_on_request",
    ),
    Mutant(
        "Z takes the place of the common columns' intercept",
        BARE,
        "columns=np.hstack([ones, x]) if self.intercept else x,",
        "columns=x,",
        "test_design.py::test_arrays_and_formula_agree",
    ),
    Mutant(
        "a column is compared with one before only",
        ARRAYS,
        "for direction in basis:",
        "for direction in basis[-1:]:",
        "test_design.py::test_collinear_columns_are_named",
    ),
    Mutant(
        "a column of zeros is not determined",
        ARRAYS,
        "if left < DEPENDENT:",
        "if 0.0 < left < DEPENDENT:",
        "test_design.py::test_collinear_columns_are_named",
    ),
    Mutant(
        "expressions see factors as text",
        NAMES,
        "if rest or inside[found.start()] or",
        "if rest or",
        "test_reported_data.py::test_expressions_see_truth_values_as_such[a list]",
    ),
    Mutant(
        "levels given as numbers are none of a factor's",
        MATRICES,
        "list(map(label, levels)), _named(contrasts)",
        "levels, contrasts",
        "test_reported_data.py::test_levels_of_a_factor_are_given_as_they_are",
    ),
    Mutant(
        "mixed categories hold numbers only",
        GIVEN,
        'if kind in ("mixed", "mixed-integer"):',
        "if False:",
        "test_reported_data.py::test_categories_of_words_and_numbers_compare_with_both",
    ),
    Mutant(
        "true plus true is true",
        GIVEN,
        'if kind in "biu" and kind',
        'if kind in "iu" and kind',
        "test_reported_data.py::test_comparisons_are_counted",
    ),
    Mutant(
        "a column called 1 is the intercept",
        NAMES,
        """if role == "column" and harmless and name not in _taken():""",
        """if role == "column":""",
        "test_reported_data.py::test_columns_may_be_called_by_numbers",
    ),
    Mutant(
        "mu and micro are one letter",
        NAMES,
        """re.fullmatch(r"[A-Za-z]\\w*", name, re.ASCII)""",
        """re.fullmatch(r"[^\\W\\d]\\w*", name)""",
        "test_reported_data.py::test_such_names_without_backticks",
    ),
    Mutant(
        "levels are told apart as floats",
        NAMES,
        'return "exact" if factor is None else "column"',
        'return "column"',
        "test_reported_data.py::test_integers_that_no_float_can_hold_are_levels[a list]",
    ),
    Mutant(
        "a factor of one level is left out without a word",
        MATRICES,
        "        _refuse_single_levels(found.model_spec, part)\n",
        "",
        "test_reported_data.py::test_a_factor_of_one_level_is_refused",
    ),
    Mutant(
        "the mean of new rows is another",
        MATRICES,
        "if self.first and not _by_row(text):",
        "if False:",
        "test_reported_data.py::test_what_new_rows_would_compute_anew_is_refused",
    ),
    Mutant(
        "the order of the rows is not tried",
        MATRICES,
        "for rows in (*tried, np.arange(len(columns))[::-1]):",
        "for rows in tried:",
        "test_reported_data.py::test_what_new_rows_would_compute_anew_is_refused",
    ),
    Mutant(
        "an outcome of new rows must be as it was",
        DESIGN,
        "except (TypeError, ValueError):",
        "except KeyError:",
        "test_reported_data.py::test_the_outcome_of_new_rows_is_ignored",
    ),
    Mutant(
        "what is far from 0 is to be left out",
        ARRAYS,
        "        if _but_for_the_intercept(design, determined):",
        "        if False:",
        "test_reported_data.py::test_remedies_can_be_followed",
    ),
    Mutant(
        "rows are counted after dropping",
        "models/verbs/loo/loo.py",
        "names = map(str, range(n) if numbers is None else numbers.tolist())",
        "names = map(str, range(n))",
        "test_reported_data.py::test_rows_keep_their_numbers",
    ),
    Mutant(
        "models of other rows are compared",
        "models/verbs/loo/compare.py",
        "        if lacks:\n",
        "        if False:\n",
        "test_reported_data.py::test_models_that_dropped_other_rows_are_not_compared",
    ),
    Mutant(
        "summaries count levels from 0",
        "draws/record.py",
        "labels = self.labels.get(name) or range(",
        "labels = range(",
        "test_reported_data.py::test_a_level_has_one_name_everywhere",
    ),
]
