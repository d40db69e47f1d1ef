"""About the exercise `metropolis_hastings`."""

from ...exercise import About, Bug

ABOUT = About(
    name="metropolis_hastings",
    title="Metropolis-Hastings, for positive parameters",
    lesson="15",
    why="A proposal that is easier one way than back must be corrected for, or the chain samples "
    "another distribution, and no diagnostic of convergence will tell.",
    hints=(
        "From 1, is 2 as likely to be proposed as 1 is from 2? Densities are meant, per unit of "
        "theta.",
        "Write down the lognormal density of b given a, and that of a given b. What is left of "
        "their ratio? It holds for each coordinate.",
        "log q(theta | new) - log q(new | theta) = sum of log(new) - log(theta). Add it to the "
        "difference of the log densities.",
    ),
    bugs=(
        Bug(
            "hastings-missing",
            "the proposal is not corrected for",
            "Is the density of proposing 2 from 1 the same as that of proposing 1 from 2?",
            "lesson 15: notes of the course Bios8366, whose Gamma(3, 1) comes out as Gamma(2, 1)",
        ),
        Bug(
            "hastings-inverted",
            "the correction is upside down",
            "Which of the two densities of the proposal belongs in the numerator? Try a "
            "target whose mean you know.",
        ),
        Bug(
            "ratio-not-logged",
            "the correction is a ratio, added to logarithms",
            "All other terms of your sum are logarithms. Is this one?",
        ),
        Bug(
            "one-coordinate-corrected",
            "the correction counts one coordinate only",
            "Two coordinates were proposed. How many factors does the density of the proposal "
            "have?",
        ),
        Bug(
            "mean-of-corrections",
            "the correction is averaged over coordinates",
            "How is the joint density of independent proposals made of theirs?",
        ),
        Bug(
            "smallest-correction",
            "every coordinate must agree, by a comparison with its own correction",
            "How many values has the condition of your `if`, and how many decisions are there in "
            "an iteration?",
            "NumPy's advice to use a.any() or a.all()",
        ),
        Bug(
            "correction-scaled",
            "the correction is multiplied or divided by the scale",
            "Write the lognormal density out. Where is the scale left, once both are divided?",
        ),
        Bug("added", "the step is added, not multiplied", "Can your proposal be negative?"),
        Bug(
            "not-exponentiated",
            "the factor is 1 + scale * z",
            "Can your factor be negative? And is the factor of the way back as likely?",
        ),
        Bug(
            "variance-for-sd",
            "`scale` is taken for a variance",
            "What is the standard deviation of log(new / theta) in your proposals?",
        ),
        Bug(
            "one-number",
            "all coordinates get the same random number",
            "Start from (1, 1): can your chain ever reach (1, 2)?",
        ),
        Bug(
            "accepted-only",
            "only accepted points are recorded",
            "How does the chain say that a place is more probable than its neighbours?",
            "lesson 02",
        ),
        Bug(
            "stale-density",
            "the log density of the state is never renewed",
            "With which state do you compare the hundredth proposal?",
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
    ),
)
