"""The outcome along one predictor, or two, all others held still.

effects      `conditional_effects`
predictors   what may vary, and where it is looked at
conditions   trials and offset
"""
