"""Predictive accuracy of a model on unseen data.

loo         `loo`: leaving out a row, or a group, at a time
result      `Loo`
leave_out   a model without some of its rows, and the density of those rows
quadrature  integrals over the effects of a group
compare     models beside each other
"""
