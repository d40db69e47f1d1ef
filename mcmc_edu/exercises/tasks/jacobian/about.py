"""About the exercise `jacobian`."""

from ...exercise import About, Bug

ABOUT = About(
    name="jacobian",
    title="the Jacobian of a logarithm",
    lesson="15",
    why="Samplers move positive parameters by their logarithms. Without the Jacobian they sample "
    "another distribution, and nothing complains.",
    hints=(
        "A density is probability per unit. Is a unit of u as long as a unit of sigma?",
        "p(u) = p(sigma) |d sigma / d u|. What is the derivative of exp(u)?",
        "log(rate) - rate * exp(u) + u.",
    ),
    bugs=(
        Bug(
            "jacobian-missing",
            "the Jacobian is left out",
            "Does the exponential of your result, as a density of u, have an area of one?",
            "lesson 15",
        ),
        Bug(
            "jacobian-sign",
            "the Jacobian is upside down",
            "Is it d sigma / d u that is asked for, or d u / d sigma? Check the area.",
        ),
        Bug(
            "jacobian-not-logged",
            "the Jacobian is added, not its logarithm",
            "Densities are multiplied by a Jacobian. What does one do with logarithms of "
            "densities?",
        ),
        Bug(
            "scale-for-rate",
            "the rate is taken for the mean",
            "What is the mean of sigma if rate is 10?",
        ),
        Bug(
            "constant-missing",
            "log(rate) is left out",
            "Does the exponential of your result have an area of one, if rate is 10?",
        ),
        Bug("exp-missing", "u is used as if it were sigma", "If u is -2, what is sigma?"),
        Bug(
            "density-for-log",
            "the density in place of its logarithm",
            "What is asked for is negative almost everywhere. Is yours?",
        ),
        Bug(
            "log-of-density",
            "a density is computed, then its logarithm",
            "What is the density at u = 8, in a computer? And its logarithm?",
        ),
        Bug(
            "sd-prior",
            "the prior is half-normal",
            "Look at the density of sigma in the statement again.",
        ),
    ),
)
