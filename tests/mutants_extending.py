"""Bugs planted in what makes more of a run: each must turn the named test red."""

from mutants import Mutant

DRIVING = "driver/journey.py"
EXTENDING = "driver/extending.py"
KEPT = "driver/kept.py"
CHAIN = "samplers/machinery/chain.py"

MUTANTS = [
    Mutant(
        "draws of an interrupted run that are ahead are lost",
        EXTENDING,
        "[[part, Kept(*more)] for part, more",
        "[[part] for part, more",
        "test_extending.py::test_an_interrupted_run_is_extended[1]",
    ),
    Mutant(
        "divergences of all chains go to the first",
        EXTENDING,
        "np.cumsum([when.size for when in whens])[:-1]",
        "[len(draws.divergences)] * (len(whens) - 1)",
        "test_extending.py::test_divergences_are_extended_chain_by_chain",
    ),
    Mutant(
        "draws are extended with another density",
        EXTENDING,
        "    if found is not None:\n",
        "    if False:\n",
        "test_extending.py::test_what_is_not_as_it_was_is_refused_by_name[other density]",
    ),
    Mutant(
        "draws are extended with other data",
        EXTENDING,
        "identity_of(sampler=plan.sampler, data=source.data)",
        "identity_of(sampler=plan.sampler)",
        "test_extending.py::test_data_that_have_changed_in_memory_are_refused",
    ),
    Mutant(
        "an extension begins with a fresh generator",
        EXTENDING,
        '"snapshots": end["snapshots"],',
        '"snapshots": [s | {"generator": end["snapshots"][0].get("generator")} '
        'for s in end["snapshots"]],',
        "test_extending.py::test_draws_are_extended_to_those_of_a_longer_run[NUTS]",
    ),
    Mutant(
        "an extension computes natural quantities of other random numbers",
        DRIVING,
        "natural=quantities_of(self.source.natural, array, plan.seeds_for(2)),",
        "natural=quantities_of(self.source.natural, array[:, ::-1], plan.seeds_for(2)),",
        "test_extending.py::test_draws_are_the_same_whether_warmup_is_kept",
    ),
    Mutant(
        "the quantities of warm-up and of the draws share random numbers",
        DRIVING,
        "natural=quantities_of(self.source.natural, array, plan.seeds_for(3)),",
        "natural=quantities_of(self.source.natural, array, plan.seeds_for(2)),",
        "test_extending.py::test_draws_are_the_same_whether_warmup_is_kept",
    ),
    Mutant(
        "the last of every few draws is kept, not the first",
        KEPT,
        "every = slice(-first % thin, None, thin)",
        "every = slice((-first - 1) % thin, None, thin)",
        "test_extending.py::test_thinned_draws_are_the_first_of_every_few[2]",
    ),
    Mutant(
        "thinning begins anew in every block",
        KEPT,
        "every = slice(-first % thin, None, thin)",
        "every = slice(0, None, thin)",
        "test_extending.py::test_thinned_draws_are_the_first_of_every_few[2]",
    ),
    Mutant(
        "divergences that were thinned out are not counted",
        "draws/summary.py",
        "count = len(draws.divergences) if thin > 1 else int(divergent.sum())",
        "count = int(divergent.sum())",
        "test_extending.py::test_a_summary_counts_divergences_of_all_iterations",
    ),
    Mutant(
        "a run is resumed though its warm-up was not kept",
        DRIVING,
        "            keep_warmup=bool(self.keep_warmup),\n",
        "",
        "test_extending.py::test_a_resumed_run_keeps_all_of_warmup[warm-up]",
    ),
    Mutant(
        "a parameter that starts where its gradient is 0 is named",
        DRIVING,
        "one.flat & (one.state.grad == 0.0)",
        "one.flat",
        "test_extending.py::test_a_parameter_whose_gradient_is_always_0_is_named[no warm-up]",
    ),
    Mutant(
        "gradients in warm-up are not looked at",
        CHAIN,
        "self.flat = grad == 0.0",
        "self.flat = grad != grad",
        "test_extending.py::test_a_parameter_whose_gradient_is_always_0_is_named[tuned]",
    ),
]
