"""A worked solution: whether a trajectory turns round."""


def u_turn(theta_minus, theta_plus, p_minus, p_plus):
    """Ask both ends whether they still move apart."""
    span = theta_plus - theta_minus
    return bool(span @ p_minus < 0.0 or span @ p_plus < 0.0)
