"""Outcome families: what is known of each kind of outcome, a record and a file for each.

family        what a record says
registry      all records, by name
known_se      what the Gaussian family is where outcomes have known standard errors
outcomes      refuses outcomes that a family does not take
categories    outcomes of several categories, each with a linear predictor
"""

from .family import Family
from .registry import FAMILIES, family_of

__all__ = ["FAMILIES", "Family", "family_of"]
