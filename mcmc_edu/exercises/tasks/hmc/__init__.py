"""Exercise: Hamiltonian Monte Carlo."""
