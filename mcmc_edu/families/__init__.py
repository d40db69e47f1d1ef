"""Outcome families: what is known of each kind of outcome.

family        what a record says
records       a file and a record for each family
registry      all records, by name
outcomes      refuses outcomes that a family does not take
categories    outcomes of several categories, each with a linear predictor
"""

from .family import Family
from .registry import FAMILIES, family_of

__all__ = ["FAMILIES", "Family", "family_of"]
