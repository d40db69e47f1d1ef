"""About the exercise `rmse`."""

from ...exercise import About, Bug

ABOUT = About(
    name="rmse",
    title="the root mean squared error",
    lesson="03",
    why="It is the score by which estimates of many groups are compared, and it punishes few large "
    "errors more than many small ones.",
    hints=(
        "There are three operations in the name. Read it from right to left.",
        "An error is estimate minus truth, one for each group; the result is one number.",
        "First square each error, then take the mean of the squares, then the square root.",
    ),
    bugs=(
        Bug(
            "mean-absolute",
            "the mean of absolute errors",
            "Compare the errors 1, 1 and 0, 2. Should they score the same?",
        ),
        Bug(
            "root-missing",
            "no square root",
            "In which unit is your result, if the estimates are in milliseconds?",
        ),
        Bug(
            "sum-for-mean",
            "the sum in place of the mean",
            "What happens to your score if every group is listed twice?",
        ),
        Bug(
            "sd-of-errors",
            "the standard deviation of the errors",
            "Let all estimates be too high by the same amount. Is that an error?",
        ),
    ),
)
