"""A ladder of models, from one effect for all to effects of every intersection.

question        what is asked: outcome, treatment and factors, checked against the data
steps           the formula of each step
ladder_priors   priors that grow stronger with each order of interaction
third_ways      a horseshoe over all interactions; estimates by subgroup and their standard errors
estimates       the estimates by subgroup of the second
ladder          `ladder` and `Ladder`, the steps before they are fitted
result          `LadderFit`, the steps after they are fitted
path            how the effect in a subgroup moves along the ladder
sensitivity     the answer at other scales of the priors

Sources: A. Gelman (2016), *Varying treatment effects*, and its comments; H. E. Jones, D. I.
Ohlssen, B. Neuenschwander, A. Racine and M. Branson (2011), *Clinical Trials* 8, 129-143.
"""
