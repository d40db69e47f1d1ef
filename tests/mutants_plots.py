"""Bugs on purpose in the pictures; see mutants.py."""

from mutants import Mutant

CHAINS, DENSITY = "plots/chains.py", "plots/density.py"
HAMILTONIAN, TREE, SCATTER = "plots/hamiltonian.py", "plots/nuts_tree.py", "plots/scatter.py"

MUTANTS = [
    Mutant(
        "the band of a conditional effect ends at its mean",
        "plots/conditional.py",
        "ax.fill_between(x, low, high,",
        "ax.fill_between(x, low, mean,",
        "test_plots.py::test_a_conditional_effect_is_drawn_where_it_is",
    ),
    Mutant(
        "equal draws do not share a rank in the picture",
        CHAINS,
        "average = np.cumsum(counts) - (counts - 1) / 2",
        "average = np.cumsum(counts)",
        "test_plots.py::test_ranks_agree_with_scipy_on_ties",
    ),
    Mutant(
        "the rank band is for one bar, not for all",
        CHAINS,
        "tail = (1.0 - BAND) / (2 * m * bins)",
        "tail = (1.0 - BAND) / 2",
        "test_plots.py::test_the_rank_band_holds_all_of_99_percent_of_sound_runs",
    ),
    Mutant(
        "autocovariance drawn for autocorrelation",
        CHAINS,
        "covariance / covariance[:1]",
        "covariance",
        "test_plots.py::test_autocorrelation_is_each_chains_own",
    ),
    Mutant(
        "a share of probability is taken for a share of the cells",
        DENSITY,
        "held = np.cumsum(np.exp(descending - descending[0]))",
        "held = np.arange(1.0, descending.size + 1.0)",
        "test_plots.py::test_regions_of_a_normal_have_their_radii",
    ),
    Mutant(
        "x and y of the grid change places",
        DENSITY,
        "float(log_density(float(u), float(v))) for u in x] for v in y]",
        "float(log_density(float(u), float(v))) for v in y] for u in x]",
        "test_plots.py::test_a_grid_does_as_well_as_its_function",
    ),
    Mutant(
        "energies are centred about the mean of all chains",
        HAMILTONIAN,
        "centred, steps = x - x.mean(axis=1, keepdims=True),",
        "centred, steps = x - x.mean(),",
        "test_plots.py::test_energy_histograms_are_of_centred_energies_and_of_steps",
    ),
    Mutant(
        "the energy error is measured from zero",
        HAMILTONIAN,
        "np.where(np.isfinite(levels), levels, np.nan) - levels[0]",
        "np.where(np.isfinite(levels), levels, np.nan)",
        "test_plots.py::test_the_energy_error_starts_at_zero_and_has_gaps",
    ),
    Mutant(
        "the divergent are drawn where the others are",
        SCATTER,
        "            x[marked],\n",
        "            x[~marked],\n",
        "test_plots.py::test_two_quantities_take_one_panel_with_divergences_on_top",
    ),
    Mutant(
        "a backward doubling is joined from its far end",
        TREE,
        "else time[added][::-1]",
        "else time[added]",
        "test_plots.py::test_a_doubling_built_backward_is_joined_from_the_trunk_outward",
    ),
    Mutant(
        "the momenta are those at the tree's ends, not at the ends of the part that turned",
        TREE,
        "momentum[ends],",
        "momentum[[0, -1]],",
        "test_plots.py::test_the_tree_by_doubling_with_start_next_state_and_turn",
    ),
]
