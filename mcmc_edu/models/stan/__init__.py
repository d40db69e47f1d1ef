"""The Stan program of a model, with its data.

program      `stan`: the program and its data; `StanProgram`, which prints them
blocks       `Blocks`: a program while it is put together
priors       the statement of each prior
families     the likelihood of each family, and its own parameters
common       common coefficients
horseshoe    common coefficients with the horseshoe prior
covariance   standard deviations and correlations of a bar
effects      effects of the levels of a bar
unpooled     coefficients of levels that stand alone
"""
