"""Choice of every parameter's prior: the user's, a package's, or the default.

defaults            the default priors, in units of the data
packages            the defaults of rstanarm and brms
records             a prior as it was written, and in units of the data
names               what a prior can be given for: a parameter, a term, a class
refusals            names that a model has not, and contradictions
choice              a prior for every parameter
resolved            what was chosen, as a fit keeps it in its file
empty_categories    of an ordered outcome, which only priors tell of
"""
