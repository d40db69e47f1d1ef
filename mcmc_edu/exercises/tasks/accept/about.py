"""About the exercise `accept`."""

from ...exercise import About, Bug

ABOUT = About(
    name="accept",
    title="Metropolis' decision",
    lesson="02",
    why="This one line makes a random walk visit each place as often as it is probable. Every "
    "sampler of the lessons ends with it.",
    hints=(
        "Uphill is always accepted, downhill sometimes: how often?",
        "The chance is the ratio of two densities; you are given their logarithms. An event of "
        "chance a happens when a uniform number is below a.",
        "Compare the logarithm of a uniform number with the difference, new minus old.",
    ),
    bugs=(
        Bug(
            "sign-flipped",
            "the ratio is upside down",
            "Let the proposal be far more probable than the present state. How often do you go?",
        ),
        Bug(
            "complement",
            "it says yes where it should say no",
            "Let both be equally probable. Which answers does your function give?",
        ),
        Bug(
            "log-forgotten",
            "a uniform number is compared with a difference of logarithms",
            "Let the proposal be half as probable as the present state. Which two numbers do you "
            "compare, and are they on the same scale?",
        ),
        Bug(
            "ratio-of-logs",
            "one logarithm is divided by the other",
            "Add 100 to both log densities. Should your answer change?",
        ),
        Bug(
            "greedy",
            "only improvements are accepted",
            "Where does a walker who never goes downhill end up?",
        ),
        Bug(
            "always",
            "everything with a density is accepted",
            "Does your decision depend on how much less probable the proposal is?",
        ),
        Bug(
            "threshold",
            "a fixed bar takes the place of a random number",
            "Ask your function the same question a hundred times. How often should it say yes?",
        ),
        Bug(
            "barker",
            "the chance is p_new / (p_new + p_old)",
            "Let both be equally probable. What does the rule in the statement say?",
        ),
        Bug(
            "normal-for-uniform",
            "the random number is normal",
            "Which random number is below a with probability a, for each a between 0 and 1?",
        ),
        Bug(
            "nan-accepted",
            "a density that is not a number is accepted",
            "What does your comparison say if one side is NaN?",
            "minimc: `min(1, nan)` is 1 in Python",
        ),
        Bug(
            "exponentiated-apart",
            "the two densities are exponentiated before they are compared",
            "What is exp(-5000) in a computer? And one such number divided by another?",
        ),
        Bug(
            "overflow",
            "the exponential of a large difference fails",
            "A chain that starts far out may improve by 5000. Which step of yours cannot take it?",
        ),
        Bug(
            "other-randomness",
            "random numbers do not come from `rng`",
            "Start twice from the same seed. Are the decisions the same? And from another seed?",
        ),
    ),
)
