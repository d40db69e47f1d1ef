"""A worked solution: shrinkage, the population being known."""


def shrink(y, se, mu, tau):
    """Weigh data and population by their precisions, written so that tau may be 0."""
    weight = tau**2 / (tau**2 + se**2)
    return mu + weight * (y - mu)
