"""Bugs planted in `models/verbs/conditional/`, by file."""

from .bug import Mutant

MUTANTS = [
    Mutant(
        "a mean of trials must be a whole number",
        "models/verbs/conditional/effects.py",
        "_computed",
        "return model.design_for(data)",
        "return model.rows(data)",
        "test_models.py::test_trials_that_are_a_predictor_too_are_held_at_their_mean",
    ),
    Mutant(
        "the offset of the mean stays",
        "models/verbs/conditional/effects.py",
        "_rows",
        'made.offset if given.sets("offset") else np.zeros_like(made.offset)',
        "made.offset",
        "test_verbs.py::test_a_numeric_predictor_goes_from_end_to_end",
    ),
    Mutant(
        "the first group's effects are in the middle of the population",
        "models/verbs/conditional/effects.py",
        "_rows",
        "groupings=new,",
        "",
        "test_verbs.py::test_a_numeric_predictor_goes_from_end_to_end",
    ),
    Mutant(
        "an exposure that is given is passed over",
        "models/verbs/conditional/effects.py",
        "_rows",
        'offset=made.offset if given.sets("offset") else np.zeros_like(made.offset)',
        "offset=np.zeros_like(made.offset)",
        "test_conditions.py::test_an_exposure_is_one_unless_it_is_said",
    ),
    Mutant(
        "the second predictor takes places two standard deviations apart",
        "models/verbs/conditional/predictors.py",
        "Predictor.few",
        "places = [self.held - sd, self.held, self.held + sd]",
        "places = [self.held - 2 * sd, self.held, self.held + 2 * sd]",
        "test_verbs.py::test_two_predictors",
    ),
    Mutant(
        "the second predictor takes places outside the data",
        "models/verbs/conditional/predictors.py",
        "Predictor.few",
        "if self.numbers.min() <= places[0] < places[-1] <= self.numbers.max():",
        "if places:",
        "test_reported_verbs.py::test_places_of_a_second_predictor",
    ),
    Mutant(
        "a predictor is held at the mean of rows",
        "models/verbs/conditional/predictors.py",
        "predictors_of",
        "model = model.of_observations()",
        "model = model",
        "test_weights.py::test_conditional_effects_hold_others_at_means_of_all_observations",
    ),
    Mutant(
        "new outcomes need no standard error",
        "models/verbs/conditional/conditions.py",
        "conditions",
        'columns.get("se", ())',
        'columns.get("errors", ())',
        "test_known_errors.py::test_verbs_take_the_errors_of_the_rows",
    ),
]
