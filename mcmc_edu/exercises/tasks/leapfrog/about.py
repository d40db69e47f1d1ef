"""About the exercise `leapfrog`."""

from ...exercise import About, Bug

ABOUT = About(
    name="leapfrog",
    title="the leapfrog",
    lesson="05",
    why="It keeps volumes, can be undone by turning the momentum round, and keeps the energy "
    "nearly constant: Hamiltonian Monte Carlo is right because of the first two, and fast by the "
    "third.",
    hints=(
        "Run your steps, negate the momentum, run them again. Are you back at the start?",
        "A step is half a kick, a whole drift, half a kick. Where is the gradient taken each time?",
        "For each step: momentum + h/2 * gradient(theta), then theta + h * momentum, then momentum "
        "+ h/2 * gradient(theta) at the new theta. Write `a = a + b`, not `a += b`.",
    ),
    bugs=(
        Bug(
            "last-half-kick-missing",
            "the last half kick is left out",
            "At which time do you know the position at the end, and at which the momentum?",
            "hmclearn (R): lesson 05",
        ),
        Bug(
            "first-half-kick-missing",
            "the first half kick is left out",
            "Which momentum makes the first drift?",
        ),
        Bug(
            "whole-kicks-at-the-ends",
            "all kicks are whole",
            "Add up the kicks of three steps. For how long has the force acted in all, and for how "
            "long should it?",
        ),
        Bug(
            "sign-flipped",
            "kicks go against the gradient",
            "Is it pulled to where the density is higher, or away from there?",
        ),
        Bug(
            "stale-gradient",
            "the gradient is that of the start, always",
            "How often do you compute the gradient in ten steps?",
        ),
        Bug(
            "second-kick-stale",
            "the second kick uses the gradient before the drift",
            "Where is theta when the second half kick is made?",
        ),
        Bug(
            "euler",
            "position and momentum are both moved from their old values",
            "Which momentum makes the drift, that before or after the kick?",
            "",
        ),
        Bug(
            "symplectic-euler",
            "a whole kick, then a drift",
            "Can your step be undone by negating the momentum?",
        ),
        Bug(
            "drift-first",
            "half a drift, a kick, half a drift",
            "In which order does the statement's step go?",
        ),
        Bug(
            "one-step-less",
            "it makes one step less than asked",
            "How many drifts do you make if steps is 1?",
        ),
        Bug(
            "one-step-more",
            "it makes one step more than asked",
            "How many drifts do you make if steps is 1?",
        ),
        Bug(
            "momentum-negated",
            "the momentum comes back negated",
            "Let there be no force. Which way does it move when it comes out?",
        ),
        Bug(
            "half-drift",
            "drifts are half as long as they should be",
            "Let there be no force. How far does it get in one step?",
        ),
        Bug(
            "input-changed",
            "the caller's arrays are changed",
            "What is in the arrays that you were given when your function has returned?",
            "lesson 07: a widely used animation of NUTS does so in its leapfrog",
        ),
    ),
)
