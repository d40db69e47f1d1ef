"""Recovery of coefficients, scales and effects from draws of theta."""
