"""Preparation of a density's data from a design, a family and priors: in Python, once.

rows_data         rows for the general density
lines_data        levels' summaries for the density of lines
summaries         rows with equal predictors made one
prior_rows        priors as rows of numbers
shares            how much the data decide of every effect
form_choice       collapsed, centred or non-centred
quantity_names    what a model's quantities are called, and which names are refused
assembly          density, data and names together
"""
