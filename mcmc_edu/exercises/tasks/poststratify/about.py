"""About the exercise `poststratify`."""

from ...exercise import About, Bug

ABOUT = About(
    name="poststratify",
    title="poststratification",
    lesson="10",
    why="A survey is never a copy of the population. Known sizes of cells mend that, and the model "
    "makes small cells usable.",
    hints=(
        "How many people say yes in a cell? And in all of them?",
        "Weigh each cell's share by its number of people; do so within each draw.",
        "For each draw: sum of p * N over cells, over the sum of N.",
    ),
    bugs=(
        Bug(
            "unweighted",
            "cells count alike, whatever their size",
            "Should a cell with ten people count as much as one with ten thousand?",
        ),
        Bug(
            "counts-returned",
            "the number of people, not their share",
            "Can your result be above 1?",
        ),
        Bug(
            "draws-averaged",
            "draws are averaged first",
            "How uncertain is your result?",
            "the same slip as averages of intervals: bambi, issue 1004",
        ),
        Bug(
            "averaged-on-logits",
            "logits are averaged, then transformed",
            "Multiply your result by the number of people. Do you get the people who say yes?",
            "marginaleffects, issues 692 and 895: lesson 10",
        ),
        Bug(
            "divided-by-cells",
            "the sum is divided by the number of cells",
            "What is your result if every share is 1?",
        ),
        Bug(
            "inverse-weights",
            "weights are 1 / N",
            "Which cell counts most in your result, a large one or a small one?",
        ),
        Bug(
            "sum-over-draws",
            "it is divided by a sum over draws",
            "Should the share in one posterior draw depend on the other draws?",
        ),
        Bug(
            "rounded",
            "people are rounded to whole numbers",
            "A share of 0.4 in a cell of one person: how many people is that on average?",
        ),
        Bug(
            "most-common-cell",
            "only the largest cell counts",
            "What happens to your result if a share changes in another cell?",
        ),
        Bug(
            "weights-squared",
            "the sizes count twice",
            "Let one cell be twice as large as another one. By how much more should it count?",
        ),
        Bug(
            "weights-of-rooted-counts",
            "weights are roots of the sizes",
            "Let one cell be four times as large as another one. By how much more should it count?",
        ),
    ),
)
