"""A worked solution: the effect for whom."""


def varying_effect(draws, where):
    """Add up within each draw, into a new array."""
    effect = draws["z"] + 0.0
    for factor, level in where.items():
        effect = effect + draws[f"z:{factor}"][:, level]
    return effect
