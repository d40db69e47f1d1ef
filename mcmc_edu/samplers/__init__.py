"""How to move through a posterior."""

from .gist import GIST
from .hmc import HMC
from .machinery.errors import DensityError
from .metropolis import Metropolis
from .nuts import NUTS
from .trajectories import Trajectory, Tree, trajectory, tree

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
