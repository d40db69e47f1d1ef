"""About the exercise `nuts`."""

from ...exercise import About, Bug

ABOUT = About(
    name="nuts",
    title="the No-U-Turn sampler",
    lesson="07",
    why="It chooses the length of its trajectories itself, and is what Stan, PyMC and this package "
    "use unless told otherwise.",
    hints=(
        "First grow trajectories and look at them, with the next state left for later. Do they "
        "stop where they turn, and are both directions taken?",
        "Write a function that builds a subtree of a given depth from an end, by itself: two of "
        "half the size, the second from where the first ended. It gives back its ends, its weight, "
        "one point drawn by weight, and whether to stop.",
        "In a subtree take the second half's point with probability w2 / (w1 + w2); for the whole, "
        "take the new half's with min(1, w_new / w_old). A subtree that turned or diverged is "
        "thrown away, its points and all, and the doubling ends.",
    ),
    bugs=(
        Bug(
            "uniform-choice",
            "points are chosen without regard to their energy",
            "Two points of a trajectory differ in energy. Which should be taken more often?",
        ),
        Bug(
            "kinetic-missing",
            "weights look at log densities only",
            "Along a trajectory the energy is kept nearly. What does that say of the weights?",
        ),
        Bug(
            "inner-turns-ignored",
            "only the ends of the whole trajectory are asked whether it turns",
            "Start from another point of the same trajectory. Could the same tree have grown from "
            "there?",
        ),
        Bug(
            "turned-half-kept",
            "points of a half that turned or diverged may be taken",
            "If the chain went to a point of that half, could it come back to the start?",
        ),
        Bug(
            "forward-only",
            "the trajectory grows forward in time only",
            "You are at the last point of a trajectory. Could it have grown from there?",
        ),
        Bug(
            "backward-is-forward",
            "steps to the left are not made back in time",
            "Print the positions of the trajectory in order. Is it one smooth path?",
        ),
        Bug(
            "two-ends-one-array",
            "points share one array of momentum",
            "Print the momenta at both ends. Are they ever different?",
            "lesson 07: a widely used animation of NUTS",
        ),
        Bug(
            "newest-half-always",
            "a new half always takes over",
            "How likely is it that the start is still the state after three doublings?",
        ),
        Bug(
            "preference-inside",
            "within a subtree, the second half is preferred",
            "In a subtree of two points of equal weight, how often is each one taken?",
        ),
        Bug(
            "end-taken",
            "the last point made is taken",
            "Which points of the trajectory can become the next state?",
        ),
        Bug(
            "start-not-a-candidate",
            "the start cannot be chosen",
            "Can your chain stay where it is?",
        ),
        Bug(
            "momentum-kept",
            "the momentum is drawn once, before the loop",
            "Who gives the chain a new energy? What is random from one iteration to the next?",
        ),
        Bug(
            "gradient-sign",
            "kicks go against the gradient",
            "Is it pulled to where the density is higher, or away from there?",
        ),
        Bug(
            "last-half-kick-missing",
            "the last half kick of each step is left out",
            "At which time do you know the position at the end of a step, and at which the "
            "momentum?",
            "hmclearn (R): lesson 05",
        ),
        Bug(
            "start-recorded",
            "the start is the first draw",
            "How many trajectories had been made when you recorded the first row?",
        ),
        Bug(
            "one-doubling",
            "it stops after the first doubling",
            "How many points do your trajectories have, if steps are very short?",
        ),
    ),
)
