"""How to move through a posterior."""

from .gist import GIST
from .hmc import HMC
from .metropolis import Metropolis
from .nuts import NUTS
from .paths import Trajectory, Tree, trajectory, tree
from .trouble import DensityError

__all__ = [
    "GIST",
    "HMC",
    "NUTS",
    "DensityError",
    "Metropolis",
    "Trajectory",
    "Tree",
    "trajectory",
    "tree",
]
