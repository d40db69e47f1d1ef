"""What a treatment does to whom, and what a population would answer: averages of predictions.

effect         `effect`: a contrast of two treatments, in any subgroup
poststratify   `poststratify`: the outcome of a population, from a table of its cells
rows           whom it is about: rows, and a subset of them
treatment      the two values that are compared
cells          which rows are averaged together, and their weights
averages       weighted averages of predictions within each draw
averaged       `Averaged`, what both return
comparisons    difference, ratio, lift
"""
