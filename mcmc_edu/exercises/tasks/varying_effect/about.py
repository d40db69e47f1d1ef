"""About the exercise `varying_effect`."""

from ...exercise import About, Bug

ABOUT = About(
    name="varying_effect",
    title="the effect for whom",
    lesson="11",
    why="Who responds to a treatment? The answer is a sum made within each draw, so that its "
    "uncertainty is right.",
    hints=(
        "Write the sum down for one posterior draw and two factors.",
        "Average effect plus one deviation for each factor in `where`; each is a column of a "
        "matrix.",
        'effect = draws["z"] + 0; for factor, level in where.items(): effect = effect + '
        'draws[f"z:{factor}"][:, level].',
    ),
    bugs=(
        Bug(
            "average-forgotten",
            "the average effect is not added",
            "What should come out if `where` is empty?",
        ),
        Bug(
            "unnamed-at-first-level",
            "factors that are not named are taken at their first level",
            "What should come out if `where` is empty?",
        ),
        Bug(
            "unnamed-averaged",
            "deviations of factors that are not named are averaged and added",
            "What does the statement say about a factor that is not named?",
        ),
        Bug(
            "intercepts-added",
            "deviations of the intercept are added as well",
            "Is a group's level of the outcome part of its effect?",
        ),
        Bug(
            "intercepts-for-effects",
            "deviations of the intercept stand for those of the effect",
            "Which of the arrays are about z?",
        ),
        Bug("levels-from-one", "levels are counted from 1", "Which column is level 0?"),
        Bug(
            "deviation-averaged-over-draws",
            "deviations are averaged over draws first",
            "Does the uncertainty of a deviation show in your result?",
        ),
        Bug(
            "draws-averaged",
            "everything is averaged over draws first",
            "How uncertain is your result?",
            "the same slip as averages of intervals: bambi, issue 1004",
        ),
        Bug(
            "last-factor-only",
            "only the last factor counts",
            "Ask for two factors. Does your result depend on both?",
        ),
        Bug(
            "first-factor-only",
            "only the first factor counts",
            "Ask for two factors. Does your result depend on both?",
        ),
        Bug(
            "mean-of-parts",
            "parts are averaged, not added",
            "With all deviations 0, should the effect depend on how many factors are named?",
        ),
        Bug(
            "deviations-multiplied",
            "deviations are multiplied in",
            "With an average effect of 0, can a group have an effect?",
        ),
        Bug(
            "input-changed",
            "the draws are changed, or the levels that are asked for",
            "`b = a` is a second name for the same array, and so is `a[:]`; `b += 1` changes it. "
            "Which line of yours makes new numbers?",
        ),
        Bug(
            "deviations-centred",
            "a factor's mean deviation is taken away",
            "The statement says what an effect is made of. Is anything subtracted?",
        ),
    ),
)
