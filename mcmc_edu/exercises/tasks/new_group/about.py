"""About the exercise `new_group`."""

from ...exercise import About, Bug

ABOUT = About(
    name="new_group",
    title="outcomes of a new group",
    lesson="09",
    why="What does the model say about someone it has never seen? Uncertainty of the population, "
    "differences between groups and noise all count.",
    hints=(
        "There are three sources of uncertainty. Which of them does each argument hold?",
        "One line for each posterior draw, and its outcomes at all x share it. Intercept and "
        "slope are drawn together.",
        "With T the Cholesky factor of Sigma_s: line = beta_s + T @ z, z standard normal; "
        "outcomes line[0] + line[1] * x + sigma_s * (another normal number for each x).",
    ),
    bugs=(
        Bug(
            "correlation-forgotten",
            "intercept and slope are drawn independently",
            "Let intercepts and slopes be correlated. Are they so in your new groups?",
            "brms, issue 779: lesson 09",
        ),
        Bug(
            "factor-transposed",
            "the factor of the covariance is transposed",
            "Draw many lines with one Sigma and compute their covariance. Is it Sigma?",
            "Stan 2.18, issue 2671; numpy, issue 15871; jax, issue 1869: lesson 09",
        ),
        Bug(
            "covariance-as-factor",
            "a normal vector is multiplied by the covariance",
            "Draw many lines with one Sigma and compute their covariance. Is it Sigma?",
        ),
        Bug("noise-missing", "there is no noise", "Are these outcomes, or means of outcomes?"),
        Bug(
            "variation-missing",
            "the new group has the line of the population",
            "How do new groups differ from each other, in your function?",
        ),
        Bug(
            "new-line-for-every-x",
            "every x gets a line of its own",
            "How many groups are there in a row of your result?",
        ),
        Bug(
            "noise-shared",
            "all outcomes of a group have the same noise",
            "Let Sigma be tiny. How are two outcomes of one row related?",
        ),
        Bug(
            "variance-for-sd",
            "sigma is taken for a variance",
            "In which unit is sigma, if y is in milliseconds?",
        ),
        Bug(
            "draws-averaged",
            "posterior draws are averaged first",
            "Does the uncertainty of beta show in your result?",
        ),
        Bug(
            "one-group-for-all-draws",
            "the same random numbers serve all posterior draws",
            "Which numbers, for the line and for the noise, does one posterior draw share with "
            "the next?",
        ),
        Bug(
            "coefficients-swapped",
            "intercept and slope are swapped",
            "What should come out at x = 0?",
        ),
    ),
)
