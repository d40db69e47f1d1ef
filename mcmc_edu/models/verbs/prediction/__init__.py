"""Predictions of any rows.

draws              `linpred`, `epred`, `predict`: draws; `log_lik`
predictions        their summary, in little memory
linear_predictor   of levels that were fitted, and of new ones
new_groups         what to do with levels that were not fitted
few_draws          some of the draws in the place of all
"""
