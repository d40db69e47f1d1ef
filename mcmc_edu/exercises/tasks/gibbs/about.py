"""About the exercise `gibbs`."""

from ...exercise import About, Bug

ABOUT = About(
    name="gibbs",
    title="Gibbs sampling of a mean and a standard deviation",
    lesson="02b",
    why="Where the distribution of each parameter given the others is known, it can be drawn from "
    "directly, and nothing is ever rejected. BUGS and JAGS were built on it.",
    hints=(
        "Write down the log posterior and look at it as a function of mu alone, then of sigma^2 "
        "alone. Which distributions do you see?",
        "Given sigma, precisions (1 / variance) add up: that of the prior, and one for each "
        "outcome. Given mu, N / 2 and half the sum of squares about mu are added to 2 and 2.",
        "mu ~ N(sum(y) / v / P, 1 / sqrt(P)) with P = N / v + 1 / 100; v = 1 / gamma(shape 2 + "
        "N / 2, rate 2 + sum((y - mu)^2) / 2). NumPy's gamma takes 1 / rate.",
    ),
    bugs=(
        Bug(
            "variance-returned",
            "the second column is the variance",
            "In which unit is your second column, if y is in milliseconds?",
        ),
        Bug(
            "prior-variance-10",
            "10 is taken for the prior variance of mu",
            "Is the second argument of N a standard deviation or a variance? With very few "
            "outcomes, how far from 0 may mu be?",
            "lesson 03: which of its numbers does N take?",
        ),
        Bug(
            "prior-of-mu-missing",
            "mu has a flat prior",
            "Let there be a single outcome, 50. Is 50 your best guess of mu?",
        ),
        Bug(
            "rate-for-scale",
            "NumPy's gamma is given a rate where it takes a scale",
            "What is the mean of rng.gamma(3, 2)? What should be the mean of your draws of "
            "1 / sigma^2?",
            "a perennial question: numpy.random.gamma takes shape and scale",
        ),
        Bug(
            "not-inverted",
            "a gamma number is taken for the variance",
            "If the outcomes were more spread out, would your sigma be larger or smaller?",
        ),
        Bug(
            "shape-n",
            "the shape grows by N, not by N / 2",
            "With which power of sigma does the likelihood of one outcome go? And of sigma^2?",
        ),
        Bug(
            "sum-of-squares-not-halved",
            "the rate grows by the whole sum of squares",
            "With many outcomes, does your sigma come near their standard deviation?",
        ),
        Bug(
            "squares-about-mean",
            "squares are taken about the mean of y",
            "sigma is drawn given something. Where does it enter?",
        ),
        Bug(
            "prior-of-sigma-missing",
            "the prior of sigma^2 is left out",
            "With two outcomes, from what does your sigma come?",
        ),
        Bug(
            "variance-for-sd",
            "mu is drawn with a variance in the place of a standard deviation",
            "What is the standard deviation of your mu, and what should it be with 100 outcomes?",
        ),
        Bug(
            "sd-of-one",
            "mu is as uncertain as a single outcome",
            "Does your mu become more certain if there are more outcomes?",
        ),
        Bug(
            "start-recorded",
            "the start is the first draw",
            "How many numbers had been drawn when you recorded the first row?",
        ),
        Bug(
            "fixed-sigma",
            "mu is always drawn given the first sigma",
            "Which sigma is mu given in the hundredth iteration?",
        ),
        Bug(
            "variance-handed-on",
            "sigma^2 is handed on as sigma",
            "What does each of your names hold at the end of an iteration? And what does the next "
            "iteration take it for?",
        ),
        Bug("columns-swapped", "sigma comes first", "Which of your columns can be negative?"),
    ),
)
