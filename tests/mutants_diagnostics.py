"""Bugs on purpose in the diagnostics, the draws, their summary and their file."""

from mutants import DIAGNOSTICS, Mutant

RESULT = "draws/result.py"
SUMMARY = "draws/summary.py"
STORAGE = "storage.py"
TABLE = "table.py"

MUTANTS = [
    Mutant(
        "the error of the sd counts the effective draws of the mean",
        DIAGNOSTICS,
        "c.var() / ess_sd(draws) / (4.0 * c.mean())",
        "c.var() / ess_mean(draws) / (4.0 * c.mean())",
        "test_diagnostics.py::test_agrees_with_posterior",
    ),
    Mutant(
        "the error of the sd without the derivative of the root",
        DIAGNOSTICS,
        "(4.0 * c.mean())",
        "(2.0 * c.mean())",
        "test_diagnostics.py::test_monte_carlo_errors_are_the_spread_over_repetitions",
    ),
    Mutant(
        "the error of the mean ignores the autocorrelation",
        DIAGNOSTICS,
        "draws.std(ddof=1) / np.sqrt(ess_mean(draws))",
        "draws.std(ddof=1) / np.sqrt(draws.size)",
        "test_diagnostics.py::test_monte_carlo_errors_are_the_spread_over_repetitions",
    ),
    Mutant(
        "the ESS of the sd is that of absolute deviations",
        DIAGNOSTICS,
        "ess(split((draws - draws.mean()) ** 2))",
        "ess(split(np.abs(draws - draws.mean())))",
        "test_diagnostics.py::test_agrees_with_posterior",
    ),
    Mutant(
        "the error of a quantile is off by one draw",
        DIAGNOSTICS,
        "ordered[int(np.ceil(high)) - 1]",
        "ordered[int(high) - 1]",
        "test_diagnostics.py::test_agrees_with_posterior",
    ),
    Mutant(
        "the tail is the lower one only",
        DIAGNOSTICS,
        "np.quantile(draws, (0.05, 0.95))",
        "np.quantile(draws, (0.05, 0.05))",
        "test_diagnostics.py::test_agrees_with_posterior",
    ),
    Mutant(
        "E-BFMI divides by the number of steps",
        DIAGNOSTICS,
        ".sum(axis=1) / e.shape[1]",
        ".sum(axis=1) / (e.shape[1] - 1)",
        "test_diagnostics.py::test_ebfmi_by_hand",
    ),
    Mutant(
        "the end of a chain meets its beginning",
        DIAGNOSTICS,
        "length = 1 << (2 * chains.shape[1] - 1).bit_length()",
        "length = 2 * (chains.shape[1] // 2)",
        "test_diagnostics.py::test_agrees_with_posterior",
    ),
    Mutant(
        "ranks are shifted by a half",
        DIAGNOSTICS,
        "(2.0 * ranks).astype(int) - 2]",
        "(2.0 * ranks).astype(int) - 1 - (ranks == draws.size)]",
        "test_diagnostics.py::test_agrees_with_posterior",
    ),
    Mutant(
        "one divergence is forgiven",
        SUMMARY,
        "    if count:",
        "    if count > 1:",
        "test_draws.py::test_trouble_is_named_with_value_threshold_and_remedy",
    ),
    Mutant(
        "the chains with a good E-BFMI are blamed",
        SUMMARY,
        "np.flatnonzero(ebfmi < limit)",
        "np.flatnonzero(ebfmi > limit)",
        "test_draws.py::test_a_summary_in_order_has_no_notes",
    ),
    Mutant(
        "every tree of the largest depth counts as cut off",
        SUMMARY,
        'np.mean(draws.stats.get("reached_limit", False))',
        'np.mean(draws.stats["depth"] >= draws.settings.get("max_depth", 99))',
        "test_draws.py::test_nothing_is_said_of_what_is_in_order",
    ),
    Mutant(
        "the best R-hat of the bad ones is reported",
        SUMMARY,
        "worst = max(above",
        "worst = min(above",
        "test_draws.py::test_trouble_is_named_with_value_threshold_and_remedy",
    ),
    Mutant(
        "effective draws are asked of all chains together",
        SUMMARY,
        "needed = diagnostics.ESS_PER_CHAIN * chains",
        "needed = diagnostics.ESS_PER_CHAIN",
        "test_draws.py::test_the_effective_draws_needed_grow_with_the_chains",
    ),
    Mutant(
        "a chain that never moved goes unnoticed",
        SUMMARY,
        ".all(axis=(1, 2)))",
        ".all(axis=(0, 1, 2)))",
        "test_draws.py::test_trouble_is_named_with_value_threshold_and_remedy",
    ),
    Mutant(
        "theta's name hides the natural quantity",
        "draws/record.py",
        "if values.ndim == 3 and name",
        "if name not in self.names and values.ndim == 3 and name",
        "test_draws.py::test_natural_quantities_come_first_and_theta_is_there_on_request",
    ),
    Mutant(
        "a file may run code",
        STORAGE,
        "allow_pickle=False",
        "allow_pickle=True",
        "test_draws.py::test_a_pickle_is_not_opened",
    ),
    Mutant(
        "a file may make an object of any class",
        STORAGE,
        'if place.split(".")[:2] != samplers.__name__.split("."):',
        "if False:",
        "test_draws.py::test_a_file_calls_no_function",
    ),
    Mutant(
        "the file is written in place",
        STORAGE,
        'temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}.tmp")',
        "temporary = path",
        "test_draws.py::test_a_failure_leaves_the_file_that_was_there",
    ),
    Mutant(
        "any format is read",
        STORAGE,
        'if header["version"] <= VERSION:',
        "if True:",
        "test_draws.py::test_a_format_too_new_is_refused",
    ),
    Mutant(
        "arrays of one name overwrite each other",
        STORAGE,
        'while name in arrays or name == "tree":',
        'while name == "tree":',
        "test_draws.py::test_every_field_comes_back",
    ),
    Mutant(
        "the last row of an abridged block is dropped",
        TABLE,
        "block[FIRST_ROWS:-1] = ",
        "block[FIRST_ROWS:] = ",
        "test_draws.py::test_a_long_table_is_printed_with_its_blocks_abridged",
    ),
    Mutant(
        "a digit more is printed than the error leaves",
        "digits.py",
        "return -math.floor(math.log10(10.0 / UNITS * error))",
        "return 1 - math.floor(math.log10(10.0 / UNITS * error))",
        "test_digits.py::test_a_summary_is_no_finer_than_its_errors",
    ),
    Mutant(
        "quantiles are printed as finely as the mean",
        "draws/summary.py",
        '"sd": diagnostics.mcse_sd(x), **quantiles,',
        '"sd": diagnostics.mcse_sd(x), **dict.fromkeys(quantiles, mean),',
        "test_digits.py::test_a_summary_is_no_finer_than_its_errors",
    ),
]
