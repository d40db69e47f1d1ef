"""Which prior every parameter has: the user's, a package's, or the default.

defaults            the default priors, in units of the data
packages            the defaults of rstanarm and brms
choice              a prior for every parameter, by name or by class
resolved            what was chosen, as a fit keeps it in its file
empty_categories    of an ordered outcome, which only priors tell of
"""
