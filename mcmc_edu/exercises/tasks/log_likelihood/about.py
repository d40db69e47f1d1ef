"""About the exercise `log_likelihood`."""

from ...exercise import About, Bug

ABOUT = About(
    name="log_likelihood",
    title="the log likelihood of many lines",
    lesson="01",
    why="Data enter a posterior through this function only. If it is wrong, so is what follows.",
    hints=(
        "What is the density of one row? And what do you do with those of many rows?",
        "Each row needs the line of its own individual: alpha[group] has one entry for each row.",
        "Sum over rows of -log(2 pi) / 2 - log(sigma) - ((y - alpha[group] - beta[group] * x) / "
        "sigma)^2 / 2.",
    ),
    bugs=(
        Bug(
            "constant-missing",
            "log(2 pi) / 2 is left out",
            "Does the density that you take the logarithm of have an area of one?",
        ),
        Bug(
            "log-sigma-missing",
            "log sigma is left out",
            "Make sigma very large: the density should become flat and low. Does yours become low?",
        ),
        Bug(
            "log-sigma-once",
            "log sigma is counted once, not for every row",
            "How many densities are multiplied, and in how many of them does sigma stand in "
            "the denominator?",
        ),
        Bug(
            "variance-for-sd",
            "sigma is taken for a variance",
            "Is the second argument of N a standard deviation or a variance?",
            "lesson 03: which of its numbers does N take?",
        ),
        Bug(
            "half-missing",
            "squares are not halved",
            "Compare with scipy.stats.norm.logpdf for one row.",
        ),
        Bug(
            "sign-flipped",
            "the sign of the squares is wrong",
            "Should outcomes far from their line be more or less probable?",
        ),
        Bug(
            "product-of-densities",
            "densities are multiplied before the logarithm is taken",
            "What is the product of 1000 numbers of size 0.1, in a computer?",
            "lesson 01",
        ),
        Bug(
            "group-ignored",
            "rows get their lines in order of the rows",
            "Shuffle the rows of the data. Should the likelihood change?",
        ),
        Bug(
            "first-line-for-all",
            "every row has the same line",
            "Which individual does the last row belong to, and which line did you give it?",
        ),
        Bug(
            "mean-for-sum",
            "the mean over rows in place of the sum",
            "What happens to the likelihood if each row is listed twice?",
        ),
    ),
)
