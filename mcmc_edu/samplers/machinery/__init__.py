"""What stands around the steps of every sampler.

base      settings of a Hamiltonian sampler, checked
chain     warm-up and draws of one chain
loops     many steps in one call of machine code
errors    a density that raises, and where
"""
