"""About the exercise `james_stein`."""

from ...exercise import About, Bug

ABOUT = About(
    name="james_stein",
    title="the estimator of James and Stein",
    lesson="13",
    why="With four or more groups, pulling all estimates towards their mean lowers the "
    "expected total error, each square over se squared, whatever the truth is.",
    hints=(
        "Follow the three formulas with paper and pencil, for four groups.",
        "Both sums are weighted by 1 / se^2, and the factor is never negative.",
        "weight = 1 / se^2; m = sum(weight * y) / sum(weight); S = sum(weight * (y - m)^2); m + "
        "max(0, 1 - (J - 3) / S) * (y - m).",
    ),
    bugs=(
        Bug(
            "j-minus-2",
            "J - 2 in place of J - 3",
            "J - 2 is for shrinking towards a point that is given. Where does yours come from?",
        ),
        Bug(
            "j-for-j-minus-3",
            "J in place of J - 3",
            "How many groups must there be at least for the theorem to hold? What does your "
            "factor say of 3?",
        ),
        Bug(
            "j-minus-1",
            "J - 1 in place of J - 3",
            "Which number does the statement take from J? It is not the one that a variance takes.",
        ),
        Bug(
            "positive-part-missing",
            "the factor may be negative",
            "Let all y be nearly equal. Where do your estimates go?",
        ),
        Bug(
            "towards-zero",
            "it shrinks towards 0",
            "Add 1000 to all y. What should happen to the estimates?",
        ),
        Bug(
            "mean-unweighted",
            "the mean is not weighted",
            "Let one group be known very precisely and the others hardly. Where is the mean?",
        ),
        Bug(
            "sd-for-variance",
            "weights are 1 / se",
            "How does a precision depend on a standard deviation?",
        ),
        Bug(
            "mean-se",
            "all se are taken to be equal",
            "Let one group be known very precisely and the others hardly. Does your answer know "
            "it?",
        ),
        Bug(
            "factor-turned-round",
            "the share to keep and the share to take away are swapped",
            "Let y be spread out much more than se. Should the estimates be near y or near the "
            "mean?",
        ),
        Bug(
            "mean-not-added",
            "the mean is not added back",
            "Add 1000 to all y. What should happen to the estimates?",
        ),
        Bug(
            "whole-shrunk",
            "y itself is multiplied, not its deviation",
            "Add 1000 to all y. What should happen to the estimates?",
        ),
        Bug(
            "squares-about-zero",
            "squares are taken about 0",
            "Add 1000 to all y. Does your factor change, and should it?",
        ),
    ),
)
