"""About the exercise `log_prior_no_pooling`."""

from ...exercise import About, Bug

ABOUT = About(
    name="log_prior_no_pooling",
    title="the log prior of unrelated lines",
    lesson="03",
    why="It is the prior of fitting each individual alone; the three models of the lesson differ "
    "in this function only.",
    hints=(
        "What is the density of a uniform distribution between -100 and 100, at any point of it?",
        "There are n intercepts, n slopes and a sigma: how many densities are multiplied?",
        "-2 n log(200) - log(10) if all are inside their bounds, else -inf.",
    ),
    bugs=(
        Bug(
            "constant-missing",
            "it is 0 inside the bounds",
            "What is the area under a density of one between -100 and 100?",
        ),
        Bug(
            "sigma-constant-missing",
            "the density of sigma is left out",
            "How many parameters have a prior? Is there one for sigma?",
        ),
        Bug(
            "half-width",
            "the interval is taken for 100 wide",
            "How wide is the interval from -100 to 100?",
        ),
        Bug(
            "counted-once",
            "a constant for all lines together",
            "With twice as many individuals, how many densities are multiplied?",
        ),
        Bug(
            "beta-missing",
            "only intercepts are counted",
            "Which of the parameters have you not used?",
        ),
        Bug(
            "sign-flipped",
            "log densities have the wrong sign",
            "The wider a uniform distribution, the lower its density. Is yours?",
        ),
        Bug(
            "bounds-of-lines-ignored",
            "intercepts and slopes have no bounds",
            "What is the prior density of an intercept of 1000?",
        ),
        Bug(
            "bounds-of-sigma-ignored",
            "sigma has no bounds",
            "What is the prior density of sigma = -1, or 11?",
        ),
        Bug("negative-sigma", "sigma may be negative", "Can a standard deviation be -1?"),
        Bug(
            "any-for-all",
            "one parameter inside its bounds is enough",
            "Let one individual be outside and the others inside. What is the density?",
        ),
        Bug(
            "density-for-log",
            "the density in place of its logarithm",
            "What does the result mean, and what do you do when you multiply densities?",
        ),
    ),
)
