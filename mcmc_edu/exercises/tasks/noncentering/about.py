"""About the exercise `noncentering`."""

from ...exercise import About, Bug

ABOUT = About(
    name="noncentering",
    title="eight schools, non-centred",
    lesson="08",
    why="In these coordinates the funnel is gone, and a sampler with one step size can visit small "
    "and large tau alike.",
    hints=(
        "What is drawn in the new coordinates, and what is computed from it?",
        "z has a standard normal prior, whatever mu and tau are. Where do mu and tau come in? "
        "And log tau is the coordinate, not tau.",
        "-mu^2 / 50 - log(1 + (tau / 5)^2) + log tau - sum(z^2) / 2 - sum(((y - mu - tau * z) / "
        "se)^2) / 2.",
    ),
    bugs=(
        Bug(
            "jacobian-missing",
            "the Jacobian of log tau is left out",
            "The prior is given for tau. Of which quantity is your density?",
        ),
        Bug(
            "jacobian-subtracted",
            "the Jacobian of log tau has the wrong sign",
            "Let log tau go from 2 to 2.1. How far does tau go? And from -2 to -1.9?",
        ),
        Bug(
            "mean-dropped",
            "mu does not enter the effects",
            "On which parts of your density does mu have an influence?",
            "bambi, issue 1003: lesson 08",
        ),
        Bug("prior-of-z-missing", "z has no prior", "How probable is z = 100 under your prior?"),
        Bug(
            "prior-of-z-scaled",
            "z has the sd tau",
            "Multiply z by tau. Of which sd is the product, if z has the sd tau already?",
        ),
        Bug(
            "jacobian-of-z",
            "a Jacobian for every z",
            "z is the coordinate itself, and its prior is given. Is there anything left to "
            "convert?",
        ),
        Bug(
            "log-tau-as-tau",
            "log tau is used as if it were tau",
            "What does theta[1] hold? Can it be negative?",
        ),
        Bug(
            "half-normal",
            "tau has a half-normal prior",
            "How fast does your prior of tau fall off at 50?",
        ),
        Bug(
            "cauchy-of-scale-one",
            "the half-Cauchy has the scale 1",
            "At which tau is your prior density half of what it is at 0?",
        ),
        Bug(
            "variance-5",
            "5 is taken for the variance of mu",
            "Is the second argument of N a standard deviation or a variance?",
            "lesson 03: which of its numbers does N take?",
        ),
        Bug(
            "se-as-variance",
            "se is taken for a variance",
            "In which unit is se, if y is in points?",
        ),
        Bug(
            "centred",
            "theta holds the effects themselves",
            "What does theta[2] hold, an effect or a z?",
        ),
        Bug(
            "tau-squared",
            "z is multiplied by tau squared",
            "Which sd do your effects have about mu?",
        ),
    ),
)
