"""About the exercise `metropolis`."""

from ...exercise import About, Bug

ABOUT = About(
    name="metropolis",
    title="Metropolis' random walk",
    lesson="02",
    why="It samples from any density that can be computed at a point, in twelve lines. What "
    "remains of the lessons is about doing the same with fewer steps.",
    hints=(
        "There are three things in a loop: propose, decide, record. Which of them depends on "
        "whether the proposal was accepted?",
        "Keep the state and its log density together: both change when a proposal is accepted, and "
        "neither does otherwise. Make a new array for the proposal.",
        "proposal = theta + scale * rng.standard_normal(theta.size); accept if log(u) is below "
        "log_density(proposal) - logp; then draws[i] = theta, outside the `if`.",
    ),
    bugs=(
        Bug(
            "accepted-only",
            "only accepted points are recorded",
            "How does the chain say that a place is more probable than its neighbours?",
            "lesson 02",
        ),
        Bug(
            "two-names",
            "the proposal and the state are the same array",
            "Print the state before and after a proposal that is rejected.",
            "lesson 02b",
        ),
        Bug(
            "one-array-recorded",
            "every recorded draw is the same array",
            "How many different rows are in your result? What does a list hold if the same array "
            "is put into it n times?",
        ),
        Bug(
            "start-recorded",
            "the start is the first draw",
            "How many decisions had been made when you recorded the first row?",
        ),
        Bug(
            "proposal-recorded",
            "the proposal is recorded even if it was rejected",
            "Where is the chain after a rejection?",
        ),
        Bug(
            "sign-flipped",
            "the ratio is upside down",
            "Which of two places would your chain rather be in, the more or the less probable one?",
        ),
        Bug(
            "log-forgotten",
            "a uniform number is compared with a difference of logarithms",
            "Does your chain ever go downhill? By what does it decide?",
        ),
        Bug(
            "greedy",
            "only improvements are accepted",
            "Where is your chain after a long time, and what does it do there?",
        ),
        Bug(
            "always",
            "every proposal with a density is accepted",
            "Does your chain stay near where the density is high? What tells it to?",
        ),
        Bug(
            "stale-density",
            "the log density of the state is never renewed",
            "With which state do you compare the hundredth proposal?",
        ),
        Bug(
            "density-of-the-rejected",
            "after a rejection, the log density is that of the rejected proposal",
            "After a rejection, which log density belongs to the state?",
        ),
        Bug(
            "variance-for-sd",
            "`scale` is taken for a variance",
            "On a flat density, how far does your chain go in a step if scale is 4?",
            "lesson 03: which of its numbers does N take?",
        ),
        Bug(
            "one-sided",
            "steps go one way more often than the other",
            "Is the way back as likely to be proposed as the way there?",
        ),
        Bug(
            "uniform-step",
            "steps are uniform where they should be normal",
            "On a flat density, how large can a step of yours become?",
        ),
        Bug(
            "around-the-start",
            "proposals are made around theta0",
            "From where does the hundredth proposal start?",
        ),
        Bug(
            "one-number",
            "all coordinates get the same random number",
            "In two dimensions, in how many directions can your chain go?",
        ),
        Bug(
            "nan-accepted",
            "a density that is not a number is accepted",
            "What does your comparison say if one side is NaN?",
            "minimc: `min(1, nan)` is 1 in Python",
        ),
        Bug(
            "start-changed",
            "the caller's theta0 is changed",
            "What is in theta0 when your function has returned?",
        ),
        Bug(
            "other-randomness",
            "random numbers do not come from `rng`",
            "Start twice from the same seed. Are the draws the same? And from another seed?",
        ),
    ),
)
