"""About the exercise `u_turn`."""

from ...exercise import About, Bug

ABOUT = About(
    name="u_turn",
    title="whether a trajectory turns round",
    lesson="07",
    why="It is what gives the No-U-Turn sampler its name: a trajectory is long enough when it "
    "begins to come back.",
    hints=(
        "Draw two points and an arrow at each. When do the points come nearer to each other?",
        "The derivative of half the squared distance is a scalar product of the span and a "
        "momentum. There are two ends.",
        "span = theta_plus - theta_minus; stop if span @ p_minus < 0 or span @ p_plus < 0.",
    ),
    bugs=(
        Bug(
            "and-for-or",
            "both ends must turn",
            "Let one end come back and the other one still move away. Stop or not?",
        ),
        Bug(
            "span-reversed",
            "the span points the wrong way",
            "Let a particle fly on straight. Does your function say stop?",
        ),
        Bug(
            "continue-for-stop",
            "True means to go on",
            "Let a particle fly on straight. Does your function say stop?",
        ),
        Bug(
            "plus-end-only",
            "only the later end is asked",
            "Which of your four arguments have you not used?",
        ),
        Bug(
            "minus-end-only",
            "only the earlier end is asked",
            "Which of your four arguments have you not used?",
        ),
        Bug(
            "momenta-compared",
            "the two momenta are compared with each other",
            "A path may turn by a right angle and a bit without coming nearer. Which arguments "
            "have you not used?",
        ),
        Bug(
            "any-coordinate",
            "a single coordinate that turns is enough",
            "Do the ends come nearer if they do so in one coordinate only?",
        ),
        Bug(
            "sum-of-momenta",
            "the momenta are added up before they are judged",
            "Let one end come back slowly and the other one move away fast. Stop or not?",
        ),
        Bug(
            "minus-end-turned-round",
            "the momentum of the earlier end is turned round",
            "Let a particle fly on straight. Does your function say stop?",
        ),
        Bug(
            "touching-stops",
            "a product of 0 stops",
            "Let the momentum be exactly across the span. What does the statement say?",
        ),
        Bug(
            "positions-for-span",
            "positions stand for the span",
            "Shift the whole trajectory elsewhere. Should your answer change?",
        ),
    ),
)
