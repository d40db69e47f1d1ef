"""Bugs planted in the driver: each must turn the named test red (see test_mutants.py)."""

from mutants import Mutant

DRIVING = "driver/journey.py"
RUNNING = "driver/runner.py"
KEPT = "driver/kept.py"
CHECKPOINT = "driver/checkpoint.py"
IDENTITY = "driver/identity.py"
STARTS = "driver/starts.py"
CHAIN = "samplers/machinery/chain.py"
PATHS = "samplers/trajectories.py"
BINDING = "compiling/binding/bound.py"

MUTANTS = [
    Mutant(
        "a chain's stream depends on the number of chains",
        DRIVING,
        "for own in fresh.spawn(self.chains)]",
        "for own in fresh.spawn(self.chains)[::-1]]",
        "test_sample.py::test_chain_k_is_the_same_whatever_the_number_of_chains",
    ),
    Mutant(
        "what is kept begins a block too early",
        RUNNING,
        "if chain.steps > self.warmup:",
        "if chain.steps >= self.warmup:",
        "test_running.py::test_every_chain_makes_all_its_draws_in_order",
    ),
    Mutant(
        "a block crosses the end of warm-up",
        RUNNING,
        "(self.warmup if warming_up else self.iterations) - chain.steps",
        "self.iterations - chain.steps",
        "test_running.py::test_a_block_lies_on_one_side_of_the_end_of_warmup",
    ),
    Mutant(
        "the error of whoever fails first on the clock is reported",
        RUNNING,
        "self._end = min(self._end, iteration + 1)",
        "self._end = 0",
        "test_running.py::test_the_earliest_failure_is_reported_whatever_the_timing[0-2]",
    ),
    Mutant(
        "blocks grow without bound",
        RUNNING,
        "max(1, min(2 * n, int(",
        "max(1, min(10**9, int(",
        "test_running.py::test_blocks_take_the_time_they_should",
    ),
    Mutant(
        "divergences beyond the draws kept are kept",
        KEPT,
        "chain.where[chain.when < n * thin]",
        "chain.where",
        "test_running.py::test_ctrl_c_keeps_what_there_is",
    ),
    Mutant(
        "an interrupted run says that it is complete",
        RUNNING,
        "all(chain.steps >= self.iterations for chain in self.chains)",
        "all(chain.steps > 0 for chain in self.chains)",
        "test_running.py::test_ctrl_c_keeps_what_there_is",
    ),
    Mutant(
        "a resumed chain draws with a fresh generator",
        CHAIN,
        '        self._rng.bit_generator.state = json.loads(snapshot["generator"])',
        "        pass",
        "test_checkpoint.py::test_interrupted_again_and_again",
    ),
    Mutant(
        "a resumed chain forgets its window",
        CHAIN,
        'self._window = list(snapshot["window"])',
        "self._window = []",
        "test_checkpoint.py::test_interrupted_again_and_again",
    ),
    Mutant(
        "a run goes on from another start",
        DRIVING,
        "theta0=starts,",
        "theta0=starts.shape,",
        "test_checkpoint.py::test_other_arguments_are_refused_by_name",
    ),
    Mutant(
        "a sampler is known by what it prints",
        IDENTITY,
        '"hash": fingerprint(value)}',
        '"hash": fingerprint(repr(value))}',
        "test_checkpoint.py::test_other_arguments_are_refused_by_name",
    ),
    Mutant(
        "a resumed run trusts its density at the start",
        IDENTITY,
        "points = [*_points(states), *drawn]",
        "points = [*list(_points(states))[1:], *drawn]",
        "test_checkpoint.py::test_a_density_that_has_changed_is_refused[state-warm-up]",
    ),
    Mutant(
        "a resumed run trusts its density on the way",
        IDENTITY,
        "points = [*_points(states), *drawn]",
        "points = list(_points(states))[:1]",
        "test_checkpoint.py::test_a_density_that_differs_far_from_the_start_is_refused",
    ),
    Mutant(
        "a resumed run trusts its gradient",
        IDENTITY,
        "if gradient is not None and grad.tobytes() != gradient.tobytes():",
        "if False:",
        "test_checkpoint.py::test_a_gradient_that_has_changed_is_refused",
    ),
    Mutant(
        "states are kept of the end of the way only",
        IDENTITY,
        "self._kept = self._kept[::2]",
        "self._kept = self._kept[:1] + self._kept[-10:]",
        "test_checkpoint.py::test_states_are_kept_all_along_the_way",
    ),
    Mutant(
        "what adds to the gradient passes",
        STARTS,
        "    if added_to:",
        "    if len(added_to) > grad.size:",
        "test_starts.py::test_a_bug_in_a_density_is_called_by_its_name",
    ),
    Mutant(
        "a rule is never asked again",
        STARTS,
        "        if np.isfinite(logp):\n            return theta",
        "        return theta",
        "test_starts.py::test_rules_are_asked_again_where_the_density_is_zero",
    ),
    Mutant(
        "the leaves of a tree are in the order they were made",
        PATHS,
        "order = np.argsort(time)",
        "order = np.arange(n)",
        "test_paths.py::test_a_tree_is_one_trajectory",
    ),
    Mutant(
        "a discarded doubling counts as kept",
        PATHS,
        "kept=~(discarded & (doubling[order] == depth))",
        "kept=~(discarded & (doubling[order] > depth))",
        "test_paths.py::test_the_choice_is_among_what_was_kept",
    ),
    Mutant(
        "the block that turned is one leaf short",
        PATHS,
        "ends = place[[n - ending.span, n - 1]]",
        "ends = place[[n - ending.span + 1, n - 1]]",
        "test_paths.py::test_what_turned_turned_and_nothing_before",
    ),
    Mutant(
        "a gradient written into memory of other strides is lost",
        BINDING,
        "        grad[...] = written\n",
        "",
        "test_reported_densities.py::test_a_density_reads_what_it_is_given",
    ),
    Mutant(
        "quantities made in place overwrite the draws",
        "driver/quantities.py",
        "np.moveaxis(array.copy(), 2, 0)",
        "np.moveaxis(array, 2, 0)",
        "test_reported_densities.py::test_quantities_made_in_place_leave_the_draws[in_place]",
    ),
    Mutant(
        "quantities of all chains are those of the last",
        "driver/quantities.py",
        "values = np.array(value, dtype=float)",
        "values = np.asarray(value, dtype=float)",
        "test_reported_densities.py::test_quantities_of_chains_in_one_memory",
    ),
    Mutant(
        "a generator gives the same seed again",
        "seeds.py",
        "int.from_bytes(seed.bytes(16), ",
        "int.from_bytes(b'sixteen letters!', ",
        "test_reported_densities.py::test_a_generator_is_a_seed",
    ),
    Mutant(
        "names that are not text are taken",
        "driver/quantities.py",
        "if not isinstance(name, str) or not name.strip():",
        "if name == '':",
        "test_reported_densities.py::test_names_that_are_not_text_are_refused",
    ),
    Mutant(
        "plain Python writes into the chain's theta",
        "compiling/binding/adapters.py",
        "logp = float(log_density(theta.copy(), data))",
        "logp = float(log_density(theta, data))",
        "test_reported_densities.py::test_a_density_that_writes_into_theta_writes_into_a_copy[reflect]",
    ),
    Mutant(
        "plain Python keeps the chain's gradient",
        "compiling/binding/adapters.py",
        "own = grad.copy()",
        "own = grad",
        "test_reported_densities.py::test_a_density_may_keep_what_it_is_given[sampler0]",
    ),
    Mutant(
        "a matrix is taken for an array",
        "compiling/packing.py",
        "if type(data) is np.ndarray and data.dtype.kind",
        "if isinstance(data, np.ndarray) and data.dtype.kind",
        "test_reported_densities.py::test_arrays_that_compiled_code_takes_for_others_are_refused",
    ),
    Mutant(
        "a gradient before data that may be left out is taken for data",
        "compiling/binding/arguments.py",
        "if needed == 3 or gradient:",
        "if needed == 3:",
        "test_reported_densities.py::test_an_argument_that_may_be_left_out_counts",
    ),
    Mutant(
        "an exception is raised although it was to reject",
        "compiling/binding/adapters.py",
        "return rejecting if rejects else raising",
        "return raising",
        "test_reported_densities.py::test_an_exception_rejects_where_that_is_asked_for[NUTS]",
    ),
    Mutant(
        "an exception loses the draws",
        DRIVING,
        "                    error.draws = self.draws()\n",
        "                    self.draws()\n",
        "test_reported_densities.py::test_draws_made_before_an_exception_are_kept[Metropolis]",
    ),
    Mutant(
        "edges are looked for on one side",
        "driver/edges.py",
        "for step in (-scale[i], scale[i]):",
        "for step in (scale[i],):",
        "test_edges.py::test_edges_are_found_next_to_where_steps_went_wrong",
    ),
    Mutant(
        "a wide density passes for a flat one",
        "samplers/warmup.py",
        "LARGEST = 1e30",
        "LARGEST = 1e7",
        "test_edges.py::test_large_scales_are_sampled",
    ),
]
