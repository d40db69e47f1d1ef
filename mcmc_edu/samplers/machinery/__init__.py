"""What stands around the steps of every sampler.

settings    of a Hamiltonian sampler, checked
chain       warm-up and draws of one chain
base        a Hamiltonian sampler: settings, and the chain that they start
loops       many steps in one call of machine code
errors      a density that raises, and where
"""
