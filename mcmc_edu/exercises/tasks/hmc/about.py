"""About the exercise `hmc`."""

from ...exercise import About, Bug

ABOUT = About(
    name="hmc",
    title="Hamiltonian Monte Carlo",
    lesson="06",
    why="It goes far in each step and is accepted nearly always, where a random walk must choose. "
    "All of Stan, PyMC and this package's NUTS is built on it.",
    hints=(
        "Momentum, trajectory, decision, record. Which of the four happen in every iteration?",
        "The decision compares energies: potential and kinetic, at the start with the momentum "
        "that was drawn, at the end with the momentum of the end.",
        "start = p @ p / 2 - logp before the leapfrog, end the same after it; accept if log(u) < "
        "start - end, which is False if the end is NaN; record outside the `if`.",
    ),
    bugs=(
        Bug(
            "last-half-kick-missing",
            "the last half kick is left out",
            "At which time do you know the position at the end, and at which the momentum?",
            "hmclearn (R): lesson 05",
        ),
        Bug(
            "whole-kicks-at-the-ends",
            "all kicks are whole",
            "Add up the kicks of three steps. For how long has the force acted in all, and for how "
            "long should it?",
        ),
        Bug(
            "gradient-sign",
            "kicks go against the gradient",
            "Is it pulled to where the density is higher, or away from there?",
        ),
        Bug(
            "stale-gradient",
            "the gradient is that of the start of the trajectory",
            "How often do you compute the gradient in ten steps?",
        ),
        Bug(
            "always",
            "every end with a density is accepted",
            "The leapfrog makes errors. What corrects for them?",
        ),
        Bug(
            "kinetic-missing",
            "the decision looks at log densities only",
            "What is kept along a trajectory: the density, or something else?",
        ),
        Bug(
            "kinetic-sign",
            "kinetic energy enters with the wrong sign",
            "A ball rolls down into a valley. How do its two energies change, and what does your H "
            "do?",
        ),
        Bug(
            "energy-sign",
            "the two energies are the wrong way round",
            "A coarse step gains energy. Should it be accepted more or less often for that?",
        ),
        Bug(
            "momentum-kept",
            "the momentum is drawn once, before the loop",
            "Who gives the chain a new energy? What is random from one iteration to the next?",
        ),
        Bug(
            "momentum-uniform",
            "the momentum is uniform where it should be normal",
            "Can a trajectory of yours start towards lower values?",
        ),
        Bug(
            "momentum-scaled",
            "the momentum is multiplied by the step size",
            "Of which distribution is sum(momentum^2) / 2 minus the log density, up to a constant?",
        ),
        Bug(
            "one-number",
            "all coordinates get the same momentum",
            "In two dimensions, in how many directions can a trajectory start?",
        ),
        Bug(
            "start-energy-late",
            "the energy of the start is computed with a momentum of later",
            "Which momentum did the trajectory start with? Has it been changed since?",
        ),
        Bug(
            "stale-density",
            "the log density of the state is never renewed",
            "With which state do you compare the hundredth trajectory?",
        ),
        Bug(
            "accepted-only",
            "only accepted ends are recorded",
            "How does the chain say that a place is more probable than its neighbours?",
            "lesson 02",
        ),
        Bug(
            "two-names",
            "the leapfrog moves the state itself",
            "Print the state before and after a trajectory that is rejected.",
            "lesson 02b",
        ),
        Bug(
            "nan-accepted",
            "an energy that is not a number is accepted",
            "What does your comparison say if one side is NaN?",
            "minimc: lesson 06",
        ),
        Bug(
            "start-recorded",
            "the start is the first draw",
            "How many decisions had been made when you recorded the first row?",
        ),
        Bug(
            "one-step-less",
            "a trajectory has one step less than asked",
            "How many drifts do you make if steps is 1?",
        ),
        Bug(
            "one-step-more",
            "a trajectory has one step more than asked",
            "How many drifts do you make if steps is 1?",
        ),
    ),
)
