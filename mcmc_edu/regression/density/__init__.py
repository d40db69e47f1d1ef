"""The log posterior and its gradient, compiled: theta to a number.

layout                     where theta and the workspace hold what
population, covariance     everything that is not of one level
forms                      a term's effects: centred, non-centred, unpooled
horseshoe, thresholds      two priors of many coefficients
general/                   any number of terms and coefficients, row by row
lines/                     Gaussian outcomes with one term of at most two coefficients
recover/                   from theta back to coefficients
"""
