"""About the exercise `dual_averaging`."""

from ...exercise import About, Bug

ABOUT = About(
    name="dual_averaging",
    title="the step size by dual averaging",
    lesson="07",
    why="It finds the step size during warm-up, from whether steps were accepted, and settles.",
    hints=(
        "Nothing is left to invent: follow the two lines for t = 1 with paper and pencil.",
        "h is a running average of errors; mu stays what it is; t counts from 1.",
        "In the loop: t = i + 1; h = (1 - 1/(t+10)) * h + (target - a) / (t+10); steps[i] = "
        "exp(log(10 * step_size0) - sqrt(t) / 0.05 * h).",
    ),
    bugs=(
        Bug(
            "average-returned",
            "the averaged step sizes are returned",
            "There are two sequences in the paper. Which one is asked for here?",
        ),
        Bug(
            "ten-missing",
            "mu is log(step_size0)",
            "If every probability equals the target, which step size should come out?",
        ),
        Bug(
            "ten-outside",
            "mu is 10 log(step_size0)",
            "If every probability equals the target, which step size should come out?",
        ),
        Bug(
            "sign-flipped",
            "the step size goes the wrong way",
            "If nothing is accepted, should steps become longer or shorter?",
        ),
        Bug(
            "counted-from-zero",
            "t counts from 0",
            "Has the first probability had any effect on your first step size?",
        ),
        Bug(
            "root-missing",
            "the root of t is left out",
            "Compare your second and your hundredth step size with the formula, with pencil and "
            "paper.",
        ),
        Bug(
            "root-and-t-missing",
            "sqrt(t) is left out",
            "Compare your second and your hundredth step size with the formula, with pencil and "
            "paper.",
        ),
        Bug(
            "t0-missing",
            "t0 is left out",
            "How much does the first probability count in your average?",
        ),
        Bug(
            "gamma-multiplied",
            "gamma is a factor, not a divisor",
            "How far does your step size move if nothing is accepted?",
        ),
        Bug(
            "one-late",
            "step sizes come one probability late",
            "Which probability has your first step size seen?",
        ),
        Bug(
            "log-returned", "logarithms of step sizes are returned", "Can a step size be negative?"
        ),
        Bug(
            "not-averaged",
            "only the last error counts",
            "What does your step size remember of the probability before last?",
        ),
        Bug(
            "start-from-last",
            "steps are made from the last x, not from mu",
            "If the average error stays the same, how fast does your step size change?",
        ),
    ),
)
