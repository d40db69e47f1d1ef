"""Outcome families: what is known of each kind of outcome.

family        its link, mean, noise, exact density and new outcomes
likelihood    its log likelihood with the derivative, for the sampler
outcomes      which outcomes it takes
categories    outcomes of several categories, each with a linear predictor
"""

from .family import FAMILIES, Family, family_of

__all__ = ["FAMILIES", "Family", "family_of"]
