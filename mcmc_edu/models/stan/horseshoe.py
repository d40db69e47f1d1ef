"""Coefficients with the regularised horseshoe prior; see `mcmc_edu.regression.density.horseshoe`.

b = z s unit,    s = global local / sqrt(1 + (global local / slab)^2)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np

from ...priors.joint import RegularizedHorseshoe
from ..prepared import Prepared
from .blocks import Blocks, listed
from .priors import number


def coefficients(model: Prepared, blocks: Blocks, target: str, shrunk: Sequence[int]) -> None:
    """Declare the scales and standard normals that make the coefficients in `target`."""
    chosen = [model.priors.common[q] for q in shrunk]
    prior, size = cast(RegularizedHorseshoe, chosen[0].written), len(shrunk)
    scales = [one.prior.numbers()["global_scale"] / prior.global_scale for one in chosen]
    unit = ""
    if any(scale != 1.0 for scale in scales):
        blocks.give(f"vector<lower=0>[{size}]", "hs_unit", np.array(scales), "units of the scales")
        unit = " .* hs_unit"
    blocks.parameters += [
        f"vector[{size}] hs_z;  // {listed([one.name for one in chosen])}",
        "real<lower=0> hs_global;  // how little most coefficients matter",
        f"vector<lower=0>[{size}] hs_local;  // which of them are let through",
        "real<lower=0> hs_slab2;  // the square of how large those may be",
    ]
    blocks.transformed += [
        "real hs_slab = sqrt(hs_slab2);",
        f"vector[{size}] hs_s = hs_global * hs_local;",
        f"{target} = hs_z .* hs_s ./ sqrt(1 + square(hs_s / hs_slab)){unit};",
    ]
    half = 0.5 * prior.slab_df
    slab = number(half * prior.slab_scale**2)
    blocks.priors += [
        "hs_z ~ std_normal();",
        f"hs_global ~ student_t({number(prior.global_df)}, 0, {number(prior.global_scale)});",
        f"hs_local ~ student_t({number(prior.df)}, 0, 1);",
        f"hs_slab2 ~ inv_gamma({number(half)}, {slab});",
    ]
    blocks.names |= {"hs_global": "hs(global)", "hs_slab": "hs(slab)"}
