"""Pictures: arrays in, matplotlib axes out; only `show` shows one, and nothing is saved.

Each function draws in the axes it is given, or in those of a new figure, and returns them.
matplotlib itself is imported with the first picture.
"""

from .along import predictive_along
from .averaged import averaged, averaged_facets
from .calibration import ecdf_difference
from .canvas import show
from .chains import autocorrelation, rank, trace
from .conditional import conditional
from .density import density2d
from .estimates import intervals, shrinkage_arrows
from .hamiltonian import energy, trajectory, trajectory_energy
from .ladder import ladder
from .nuts_tree import tree, tree_diagram
from .predictive import predictive_density, predictive_ribbon, predictive_statistic
from .scatter import pairs

__all__ = [
    "autocorrelation",
    "averaged",
    "averaged_facets",
    "conditional",
    "density2d",
    "ecdf_difference",
    "energy",
    "intervals",
    "ladder",
    "pairs",
    "predictive_along",
    "predictive_density",
    "predictive_ribbon",
    "predictive_statistic",
    "rank",
    "show",
    "shrinkage_arrows",
    "trace",
    "trajectory",
    "trajectory_energy",
    "tree",
    "tree_diagram",
]
