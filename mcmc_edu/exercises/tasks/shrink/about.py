"""About the exercise `shrink`."""

from ...exercise import About, Bug

ABOUT = About(
    name="shrink",
    title="shrinkage, the population being known",
    lesson="03",
    why="All of partial pooling is in this formula: each group is pulled to the population, the "
    "more the less is known about it.",
    hints=(
        "If se is tiny, what should come out? If tau is tiny?",
        "It is an average of y_j and mu, weighted by precisions, 1 / sd^2.",
        "weight = tau^2 / (tau^2 + se^2), one for each group; mu + weight * (y - mu).",
    ),
    bugs=(
        Bug(
            "weights-swapped",
            "the two weights are swapped",
            "Make se very small. Does your result come near y?",
        ),
        Bug(
            "sd-for-variance",
            "weights are made of standard deviations",
            "Of which power of se and of tau are the weights made?",
        ),
        Bug(
            "tau-as-variance",
            "tau is taken for a variance",
            "In which unit is tau, if y is in points?",
        ),
        Bug(
            "se-as-variance",
            "se is taken for a variance",
            "In which unit is se, if y is in points?",
        ),
        Bug(
            "towards-mean-of-y",
            "it shrinks towards the mean of y",
            "Towards what are groups pulled, and is it given?",
        ),
        Bug(
            "towards-zero",
            "it shrinks towards 0",
            "Make tau very small. Does your result come near mu?",
        ),
        Bug(
            "mean-se",
            "all groups are shrunk alike",
            "Should a group with few data be pulled as much as one with many?",
        ),
        Bug(
            "not-at-zero",
            "it fails where tau is 0",
            "What happens to your formula if tau is 0? Can it be written without dividing by it?",
        ),
        Bug(
            "mean-not-added",
            "mu is not added back",
            "Make tau very small. Does your result come near mu?",
        ),
        Bug(
            "factor-only",
            "the weight in place of the mean",
            "What is asked for is in the unit of y. Is yours?",
        ),
        Bug(
            "not-normalised",
            "weights do not add up to 1",
            "Let y_j and mu be equal. What should come out?",
        ),
    ),
)
