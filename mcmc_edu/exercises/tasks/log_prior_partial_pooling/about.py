"""About the exercise `log_prior_partial_pooling`."""

from ...exercise import About, Bug

ABOUT = About(
    name="log_prior_partial_pooling",
    title="the log prior of lines from a population",
    lesson="03",
    why="It is the whole difference between partial pooling and none, and what makes individuals "
    "learn from each other.",
    hints=(
        "Which parameters are there, and what is each one's density given those it depends on?",
        "There are n + n densities of individuals, two of means, three of sigmas. The first "
        "depend on the others.",
        "Sum of N(alpha_j | mu_alpha, sigma_alpha), N(beta_j | mu_beta, sigma_beta), N(mu | 0, "
        "3) twice, - 3 log(10); -inf unless each sigma is above 0 and at most 10.",
    ),
    bugs=(
        Bug(
            "hyperprior-missing",
            "the means of the population have no prior",
            "Which of the arguments have a distribution of their own in the statement?",
        ),
        Bug(
            "hyperprior-variance-3",
            "3 is taken for a variance",
            "Is the second argument of N a standard deviation or a variance?",
            "lesson 03: which of its numbers does N take?",
        ),
        Bug(
            "variance-for-sd",
            "sigma_alpha and sigma_beta are taken for variances",
            "Is the second argument of N a standard deviation or a variance?",
            "lesson 03: which of its numbers does N take?",
        ),
        Bug(
            "constants-missing",
            "constants are left out",
            "The result is to be the logarithm of a density. Does that density have an area of "
            "one?",
        ),
        Bug(
            "log-sigma-missing",
            "log sigma_alpha and log sigma_beta are left out",
            "Make sigma_alpha large: the density should become flat and low. Does yours become "
            "low?",
        ),
        Bug(
            "scales-constant-missing",
            "the densities of the sigmas are left out",
            "What is the density of U(0, 10), at any point of it?",
        ),
        Bug(
            "one-scale-constant",
            "the density of one sigma is counted, not of three",
            "How many parameters are U(0, 10)?",
        ),
        Bug(
            "swapped",
            "the sds of intercepts and slopes are swapped",
            "Let intercepts vary much and slopes little. Is your density high there?",
        ),
        Bug(
            "mean-zero",
            "individuals are spread around 0",
            "Look at the statement again: around what are the intercepts spread?",
        ),
        Bug(
            "noise-for-population",
            "the sd of the noise stands for those of the population",
            "There are three sigmas. Which of them says how much individuals differ?",
        ),
        Bug(
            "upper-bound-missing",
            "the sigmas have no upper bound",
            "What is the prior density of sigma_alpha = 11?",
        ),
        Bug(
            "one-scale-unchecked",
            "the bounds of sigma are not looked at",
            "Try each of the three sigmas at -1.",
        ),
    ),
)
