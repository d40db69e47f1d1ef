"""From a log density to draws: the one way to run a sampler.

sample        `mcmc_edu.sample`: checks what it is given, makes the chains, returns the draws
starts        where chains begin
quantities    what follows from theta
journey       a run from its plan to its draws
extending     more draws of a run that has ended
runner        chains in blocks, on threads
parallel      chains whose blocks an executor makes, in other processes or machines
kept          what is kept of a chain's iterations
checkpoint    a long run kept on disk
identity      what makes two runs the same
edges         where a support ends next to divergences
"""
