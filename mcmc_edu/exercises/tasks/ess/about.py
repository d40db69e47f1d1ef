"""About the exercise `ess`."""

from ...exercise import About, Bug

ABOUT = About(
    name="ess",
    title="the effective sample size",
    lesson="04",
    why="Draws of a chain are not independent. This says how many independent ones they are worth, "
    "and so how precise your results are.",
    hints=(
        "Compute the autocorrelations alone first, and plot them for a chain that you know.",
        "Noise in late autocorrelations must not be summed: stop at the first pair that is not "
        "positive, and do not let pairs grow.",
        "tau = -1; for t = 0, 2, 4, ...: pair = rho[t] + rho[t + 1]; stop if it is not "
        "positive; smallest = min(smallest, pair); tau += 2 * smallest.",
    ),
    bugs=(
        Bug(
            "not-split",
            "chains are not split",
            "How many chains are there after splitting, and how long are they?",
        ),
        Bug(
            "not-monotone",
            "pairs may grow again",
            "Print your pairs before and after. Has any become larger, or changed its place?",
        ),
        Bug(
            "no-truncation",
            "all lags are summed",
            "What is the sum of all autocorrelations of a chain about its own mean? Try it.",
        ),
        Bug(
            "first-negative-lag",
            "it stops at the first negative autocorrelation",
            "Whose sign does the statement look at: that of one autocorrelation, or of a pair?",
        ),
        Bug(
            "two-missing",
            "correlations are counted once, not twice",
            "A draw has neighbours on how many sides?",
        ),
        Bug(
            "lag-0-twice",
            "lag 0 is counted twice",
            "For draws that are independent, which tau should come out?",
        ),
        Bug(
            "between-ignored",
            "differences between chains do not matter",
            "Let two chains sit at two places. Are they worth as much as if they agreed?",
        ),
        Bug(
            "time-returned",
            "tau in place of the sample size",
            "How many independent draws should 1000 independent draws be worth?",
        ),
        Bug(
            "one-chain-counted",
            "the draws of one half chain are counted",
            "How many draws are there in all?",
        ),
        Bug(
            "unbiased-autocovariance",
            "autocovariances are divided by the number of their terms",
            "What does the statement divide the sum at lag t by?",
        ),
        Bug(
            "circular",
            "the end of a chain meets its beginning",
            "Which draws is the last draw multiplied with at lag 1?",
        ),
        Bug(
            "chains-one-by-one",
            "sample sizes of chains are added up",
            "Let two chains sit at two places. Are they worth as much as if they agreed?",
        ),
    ),
)
