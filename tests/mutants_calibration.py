"""Bugs on purpose in what is to find bugs: bands, ranks, exact starts and their picture."""

from mutants import Mutant

BANDS = "verification/bands.py"
SIMULATION = "verification/simulation.py"
RESULT = "verification/result.py"
FITS = "verification/fits.py"
EXACT_START = "verification/exact_start.py"

MUTANTS = [
    Mutant(
        "what is left of the ranks is spread over one too many",
        BANDS,
        "1.0 / (draws + 1.0 - k)",
        "1.0 / (draws + 2.0 - k)",
        "test_calibration.py::test_p_value_counts_all_outcomes",
    ),
    Mutant(
        "the upper tail leaves out its own count",
        BANDS,
        "bdtrc(np.maximum(c - 1.0, 0.0), n, share)",
        "bdtrc(c, n, share)",
        "test_calibration.py::test_p_value_counts_all_outcomes",
    ),
    Mutant(
        "equal tails differ in their last bit",
        BANDS,
        "tail + tail[::-1, ::-1]",
        "2.0 * tail",
        "test_calibration.py::test_p_value_counts_all_outcomes",
    ),
    Mutant(
        "ranks are counted up to k, not below it",
        BANDS,
        "minlength=draws + 1))[:-1]",
        "minlength=draws + 1))[1:]",
        "test_calibration.py::test_p_value_counts_all_outcomes",
    ),
    Mutant(
        "the band holds 10 % where 90 % are asked for",
        BANDS,
        "replicates, draws) <= 1.0 - level",
        "replicates, draws) <= level",
        "test_calibration.py::test_uniform_ranks_stay_in_the_band_as_often_as_it_says",
    ),
    Mutant(
        "a tie counts for the truth",
        SIMULATION,
        "int(rng.integers(ties + 1))",
        "ties",
        "test_calibration.py::test_a_tie_is_broken_by_lot",
    ),
    Mutant(
        "the first draws are ranked among, not evenly spaced ones",
        SIMULATION,
        "values[np.arange(1, draws + 1) * n // draws - 1]",
        "values[:draws]",
        "test_calibration.py::test_the_draws_ranked_among_are_evenly_spaced",
    ),
    Mutant(
        "the truth and the draws share their random numbers",
        SIMULATION,
        "rng = np.random.default_rng(own)",
        "rng = np.random.default_rng(for_fit)",
        "test_calibration.py::test_exact_posterior_draws_are_inside",
    ),
    Mutant(
        "every quantity may give a false alarm of its own",
        RESULT,
        "least = (1.0 - self.level) / len(self.names)",
        "least = 1.0 - self.level",
        "test_calibration.py::test_outside_is_what_leaves_the_band",
    ),
    Mutant(
        "the band of one quantity for all of them",
        RESULT,
        "1.0 - (1.0 - self.level) / len(self.names))",
        "self.level)",
        "test_calibration.py::test_outside_is_what_leaves_the_band",
    ),
    Mutant(
        "chains that stand still are not reported",
        RESULT,
        "(self.ess < self.draws / 2)",
        "(self.ess < 0)",
        "test_calibration.py::test_chains_that_hardly_move_are_reported",
    ),
    Mutant(
        "warm-up is kept by a fit",
        FITS,
        "        chain.run(warmup)\n",
        "",
        "test_calibration.py::test_warmup_is_dropped",
    ),
    Mutant(
        "a sample of the size of the starts alone",
        EXACT_START,
        "math.sqrt(a.size * b.size / both.size)",
        "math.sqrt(a.size)",
        "test_calibration.py::test_kolmogorov_and_smirnov_agree_with_scipy",
    ),
    Mutant(
        "NaN passes an exact start",
        EXACT_START,
        "        return 0.0",
        "        return 1.0",
        "test_calibration.py::test_a_function_of_ones_own_is_tested_too",
    ),
    Mutant(
        "the log density of the ends is that of fresh draws",
        EXACT_START,
        "(_at(density, after), _at(density, fresh))",
        "(_at(density, fresh), _at(density, fresh))",
        "test_calibration.py::test_the_log_density_is_a_quantity_of_its_own",
    ),
    Mutant(
        "several p-values are taken for one",
        EXACT_START,
        "return min(1.0, len(self.p_values) * min(self.p_values.values()))",
        "return min(self.p_values.values())",
        "test_calibration.py::test_the_log_density_is_a_quantity_of_its_own",
    ),
    Mutant(
        "a curve does not come back to 0",
        "plots/calibration.py",
        "np.concatenate([[0.0], curve, [0.0]])",
        "np.concatenate([[0.0], curve, curve[-1:]])",
        "test_calibration.py::test_curves_that_leave_the_band_are_named_and_the_rest_counted",
    ),
]
