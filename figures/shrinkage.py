"""The figure of the README and of lesson 03: `python figures/shrinkage.py` writes PNG and SVG."""

from pathlib import Path

import matplotlib as mpl

import mcmc_edu as me

FOLDER = Path(__file__).parent


def main(folder: Path = FOLDER) -> None:
    mpl.use("agg")
    mpl.rcParams["svg.hashsalt"] = "mcmc_edu"  # the same file from the same figure
    figure = me.comparison.demonstration(seed=1).plot()
    figure.savefig(folder / "shrinkage.png", dpi=150)
    figure.savefig(folder / "shrinkage.svg", metadata={"Date": None})


if __name__ == "__main__":
    main()
