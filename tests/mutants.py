"""Bugs on purpose: each must turn the named tests red (see test_mutants.py).

A row: what is wrong, the file, the line as it is, the line with the bug, and who must notice.
"""

from typing import NamedTuple


class Mutant(NamedTuple):
    bug: str
    file: str
    right: str
    wrong: str
    caught_by: str


METROPOLIS = "samplers/metropolis.py"
TEXTBOOK = "models/textbook.py"
DIAGNOSTICS = "diagnostics.py"
RSTREAM = "rstream.py"

MUTANTS = [
    Mutant(
        "after a rejection the proposal is recorded",
        METROPOLIS,
        "    return state, Info(False)",
        "    return State(proposal, state.logp), Info(False)",
        "test_metropolis.py::test_a_rejection_records_the_point_where_the_chain_stays",
    ),
    Mutant(
        "the uniform's logarithm is left out of the test",
        METROPOLIS,
        "step(state, increments[t], log(uniforms[t]), density, data)",
        "step(state, increments[t], uniforms[t], density, data)",
        "test_metropolis.py::test_three_steps_by_hand",
    ),
    Mutant(
        "the test is turned round",
        METROPOLIS,
        "return log_uniform < log_ratio",
        "return log_uniform > log_ratio",
        "test_metropolis.py::test_the_accept_test_is_on_logarithms",
    ),
    Mutant(
        "NaN is accepted",
        METROPOLIS,
        "return log_uniform < log_ratio",
        "return not log_uniform >= log_ratio",
        "test_metropolis.py::test_the_accept_test_is_on_logarithms",
    ),
    Mutant(
        "NaN passes the gate",
        "compiling/ieee.py",
        "return logp if logp == logp else -math.inf",
        "return logp",
        "test_compiling.py::test_the_gate_turns_nan_into_minus_infinity",
    ),
    Mutant(
        "the density of the current point is not updated",
        METROPOLIS,
        "return State(proposal, logp), Info(True)",
        "return State(proposal, state.logp), Info(True)",
        "test_metropolis.py::test_three_steps_by_hand",
    ),
    Mutant(
        "every step counts as accepted",
        METROPOLIS,
        "    return state, Info(False)",
        "    return state, Info(True)",
        "test_sample.py::test_acceptance_is_the_share_of_moves",
    ),
    Mutant(
        "the point itself is moved in place",
        METROPOLIS,
        "proposal = state.theta + increment",
        "proposal = state.theta; proposal += increment",
        "test_metropolis.py::test_step_leaves_its_input_alone",
    ),
    Mutant(
        "the covariance is taken for its root",
        METROPOLIS,
        "return np.linalg.cholesky(covariance)",
        "return covariance",
        "test_metropolis.py::test_increments_have_the_covariance_asked_for",
    ),
    Mutant(
        "the population's mean has a variance of 3",
        TEXTBOOK,
        "normal(mu_alpha, 0.0, 3.0)",
        "normal(mu_alpha, 0.0, 3.0**0.5)",
        "test_textbook.py::test_agrees_with_scipy",
    ),
    Mutant(
        "the population's sd is taken for a variance",
        TEXTBOOK,
        "normal(beta[j], mu_beta, sigma_beta)",
        "normal(beta[j], mu_beta, sigma_beta**0.5)",
        "test_textbook.py::test_agrees_with_scipy",
    ),
    Mutant(
        "the noise's sd is taken for a variance",
        TEXTBOOK,
        "    z = (x - mean) / sd",
        "    z = (x - mean) / sd**0.5",
        "test_textbook.py::test_agrees_with_scipy",
    ),
    Mutant(
        "U(0, 10) has no upper end",
        TEXTBOOK,
        "return uniform(sigma, 0.0, 10.0) if sigma > 0.0",
        "return -log(10.0) if sigma > 0.0",
        "test_textbook.py::test_scales_live_between_0_and_10",
    ),
    Mutant(
        "one scale's prior is forgotten",
        TEXTBOOK,
        "prior += scale(sigma_alpha) + scale(sigma_beta) + scale(sigma)",
        "prior += scale(sigma_alpha) + scale(sigma)",
        "test_textbook.py::test_scales_live_between_0_and_10",
    ),
    Mutant(
        "U(-100, 100) is ignored",
        TEXTBOOK,
        "uniform(alpha[j], -100.0, 100.0) +",
        "-log(200.0) +",
        "test_textbook.py::test_flat_coefficients_live_between_minus_100_and_100",
    ),
    Mutant(
        "intercept and slope change places",
        TEXTBOOK,
        "alpha[j] + beta[j] * data.x[i]",
        "beta[j] + alpha[j] * data.x[i]",
        "test_textbook.py::test_agrees_with_scipy",
    ),
    Mutant(
        "a runif is skipped",
        RSTREAM,
        "u = self._uniform(_count(n) * (2 * normals + 1)).reshape(n, 2 * normals + 1)",
        "u = np.c_[self._uniform(_count(n) * 2 * normals).reshape(n, -1), self._uniform(n)]",
        "test_rstream.py::test_rows_are_normals_and_a_uniform_in_turn",
    ),
    Mutant(
        "NumPy's 53-bit uniforms instead of R's 32-bit ones",
        RSTREAM,
        "self._twister.random_raw(n).astype(np.float64) * _WORD",
        "np.random.Generator(self._twister).random(n)",
        "test_rstream.py::test_every_kind_of_draw_is_bit_equal_to_r",
    ),
    Mutant(
        "the last digits of one coefficient",
        RSTREAM,
        "5226.495278852854561",
        "5226.495278852545925",
        "test_rstream.py::test_a_hundred_thousand_normals_do_not_drift",
    ),
    Mutant(
        "x is filled by row",
        "datasets/simulated.py",
        ".reshape(observations, individuals).T.ravel()",
        "",
        "test_datasets.py::test_the_posts_data",
    ),
    Mutant(
        "R-hat without splitting",
        DIAGNOSTICS,
        "basic_rhat(rank_normalize(split(x)))",
        "basic_rhat(rank_normalize(x))",
        "test_diagnostics.py::test_agrees_with_posterior",
    ),
    Mutant(
        "R-hat without folding",
        DIAGNOSTICS,
        "for x in (draws, folded)]",
        "for x in (draws, draws)]",
        "test_diagnostics.py::test_a_difference_of_spread_shows",
    ),
    Mutant(
        "ESS without the monotone step",
        DIAGNOSTICS,
        "pairs.append(min(rho[lag] + rho[lag + 1], pairs[-1]))",
        "pairs.append(rho[lag] + rho[lag + 1])",
        "test_diagnostics.py::test_agrees_with_posterior",
    ),
    Mutant(
        "ESS without the bound for antithetic chains",
        DIAGNOSTICS,
        "max(tau, 1.0 / np.log10(m * n))",
        "tau",
        "test_diagnostics.py::test_agrees_with_posterior",
    ),
    Mutant(
        "ties do not share a rank",
        DIAGNOSTICS,
        "ranks = np.cumsum(counts) - (counts - 1) / 2",
        "ranks = np.cumsum(counts)",
        "test_diagnostics.py::test_agrees_with_posterior",
    ),
    Mutant(
        "RMSE without the mean",
        "comparison/errors.py",
        "np.sqrt(np.mean((a - b) ** 2))",
        "np.sqrt(np.sum((a - b) ** 2))",
        "test_comparison.py::test_rmse",
    ),
    Mutant(
        "the post's chains have each other's step",
        "comparison/post_chain.py",
        'STEP = {"none": 0.125, "partial": 0.1}',
        'STEP = {"none": 0.1, "partial": 0.125}',
        "test_comparison.py::test_the_chain_draws_in_the_posts_order",
    ),
    Mutant(
        "sigma is drawn before the sds of the lines",
        "comparison/post_chain.py",
        "parts += [stream.runif(1, 0.75, 1.25), stream.runif(1, 0.75, 1.25)]",
        "parts += [stream.runif(1, 1.75, 2.25), stream.runif(1, 0.75, 1.25)]",
        "test_comparison.py::test_the_chain_draws_in_the_posts_order",
    ),
    Mutant(
        "the second chain begins the stream again",
        "comparison/post_chain.py",
        'return {pooling: post_chain(pooling, data, stream) for pooling in ("none", "partial")}',
        'return {p: post_chain(p, data, stream_after(data)) for p in ("none", "partial")}',
        "test_comparison.py::test_the_second_chain_goes_on_where_the_first_ended",
    ),
    Mutant(
        "data that were changed are replayed",
        "datasets/simulated.py",
        "return stream if same else None",
        "return stream",
        "test_comparison.py::test_only_the_posts_data_have_a_run_to_replay",
    ),
    Mutant(
        "the report trusts every chain",
        "comparison/shrinkage.py",
        '"trust": YES if trusted else NO,',
        '"trust": YES,',
        "test_comparison.py::test_the_verdict_on_chains",
    ),
]
