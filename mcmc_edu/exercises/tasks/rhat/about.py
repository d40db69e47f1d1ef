"""About the exercise `rhat`."""

from ...exercise import About, Bug

ABOUT = About(
    name="rhat",
    title="split R-hat",
    lesson="04",
    why="It tells whether chains agree. Every table of results from MCMC has a column of it.",
    hints=(
        "How many chains do you compare, after splitting?",
        "Use the number of draws of a half chain throughout; both variances are divided by one "
        "less than their number.",
        "n = chains.shape[1] // 2; halves = chains[:, :n] and chains[:, -n:] on top of each "
        "other; B = n * means.var(ddof=1), W = halves.var(axis=1, ddof=1).mean().",
    ),
    bugs=(
        Bug(
            "not-split",
            "chains are not split",
            "Let all chains drift upwards in step. Does your R-hat notice?",
            "lesson 04",
        ),
        Bug(
            "root-missing",
            "no square root",
            "If the spread of all draws is twice that within a chain, which number should come "
            "out?",
        ),
        Bug(
            "whole-length",
            "N is the length of whole chains",
            "How many draws does each of the chains have that you compare?",
        ),
        Bug(
            "between-not-divided",
            "B is not divided by N",
            "Let the chains be pure noise, and long. Should R-hat be near 1?",
        ),
        Bug(
            "within-divided-by-n",
            "variances within a chain are divided by N",
            "What does the statement divide variances by? NumPy's default is something else.",
        ),
        Bug(
            "between-divided-by-m",
            "the variance of the means is divided by M",
            "What does the statement divide variances by? NumPy's default is something else.",
        ),
        Bug(
            "both-biased",
            "both variances are divided by their number",
            "What does the statement divide variances by? NumPy's default is something else.",
        ),
        Bug("factor-missing", "(N - 1) / N is left out", "Can your R-hat be below 1?"),
        Bug(
            "term-of-1992",
            "B / (M N) is added, as in the first paper on R-hat",
            "How many terms are there under the root of the statement, and how many of yours?",
            "Gelman and Rubin (1992)",
        ),
        Bug(
            "interleaved",
            "chains are split into even and odd draws",
            "Let a chain drift upwards. Do your two halves differ?",
        ),
        Bug(
            "rank-normalised",
            "draws are replaced by their ranks",
            "Make the largest draw ten times as large. Should this R-hat change?",
        ),
        Bug(
            "axes-swapped",
            "rows and columns are swapped",
            "How many chains are there, if chains has the shape (4, 1000)?",
        ),
        Bug(
            "first-half-dropped",
            "the first half of each chain is dropped",
            "Where is the first half of each chain, in your comparison?",
        ),
    ),
)
