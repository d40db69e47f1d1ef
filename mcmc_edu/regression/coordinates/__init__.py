"""Coordinates: units and turns in which default priors are independent.

units             centres, scales and turns of a model, and the way back
turns             linear maps that make columns orthogonal
common_columns    of the common coefficients
bars              of the coefficients that vary over levels
lines_unpooled    of levels without pooling
group_means       common coefficients that belong to a grouping's lines
of_model          all of these for one model: the rule of the defaults
"""
