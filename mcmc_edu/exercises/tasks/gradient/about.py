"""About the exercise `gradient`."""

from ...exercise import About, Bug

ABOUT = About(
    name="gradient",
    title="the gradient of a normal model",
    lesson="05",
    why="Hamiltonian samplers follow the gradient. A wrong one is not noticed by any diagnostic, "
    "unless it is compared with finite differences.",
    hints=(
        "Write the log density of one outcome in terms of mu and u = log sigma, with sigma = "
        "exp(u) put in.",
        "By mu: each outcome pulls by its distance over the variance. By u: -u gives -1, and "
        "exp(-2 u) gives -2 times itself.",
        "With z = (y - mu) / sigma: sum(z) / sigma, and sum(z^2 - 1) + 1, the last 1 from the "
        "Jacobian.",
    ),
    bugs=(
        Bug(
            "jacobian-missing",
            "the Jacobian is left out",
            "Which terms of the log density depend on log sigma? Count them.",
        ),
        Bug(
            "log-sigma-gone",
            "no term of log sigma is left",
            "Your second entry holds nothing but squares. In the log density log sigma stands by "
            "itself twice: once inside the sum and once outside. Where have they gone?",
        ),
        Bug(
            "chain-rule-missing",
            "the derivative is by sigma, not by log sigma",
            "By what is the second entry to be differentiated?",
        ),
        Bug(
            "sigma-not-squared",
            "the derivative by mu has sigma where sigma^2 belongs",
            "Compare the first entry with a finite difference, with sigma = 1 and with sigma = 2.",
        ),
        Bug(
            "exp-missing",
            "log sigma is used as if it were sigma",
            "What does theta[1] hold? Can it be negative?",
        ),
        Bug(
            "sign-flipped",
            "it is the gradient of minus the log density",
            "If mu is below all outcomes, should the first entry be positive or negative?",
        ),
        Bug(
            "sign-of-mu",
            "the derivative by mu has the wrong sign",
            "If mu is below all outcomes, should the first entry be positive or negative?",
        ),
        Bug(
            "log-sigma-missing",
            "the derivative of -log sigma is left out",
            "What keeps sigma from being too large? Is it in your second entry?",
        ),
        Bug(
            "half-for-whole",
            "the squares in the second entry are halved",
            "What is the derivative of exp(-2 u) / 2?",
        ),
        Bug(
            "mean-for-sum",
            "means over rows in place of sums",
            "What happens to the gradient if each outcome is listed twice?",
        ),
        Bug(
            "input-changed", "theta is changed", "What is in theta when your function has returned?"
        ),
    ),
)
