"""From draws of theta to coefficients, scales and effects."""
