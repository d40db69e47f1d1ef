"""From theta, as our sampler has it, to the parameters of the Stan program of the model."""

import re

import numpy as np

from mcmc_edu.densities.priors import location_prior
from mcmc_edu.densities.transforms import correlation_cholesky
from mcmc_edu.regression.prepare.prior_rows import common_rows, varying_rows

RNG = np.random.default_rng(1)


def parameters_of(code):
    """Names of a program's parameters."""
    block = re.search(r"^parameters \{\n(.*?)^\}", code, re.M | re.S)[1]
    return [re.search(r"(\w+);", line)[1] for line in block.splitlines()]


def point(model, program, theta):
    """Return the program's parameters where our sampler is at theta."""
    everything = candidates(model, theta)
    return {name: np.asarray(everything[name]).tolist() for name in parameters_of(program.code)}


def candidates(model, theta):
    units, priors, names = model.units, model.priors, model.assembled.names
    columns = theta[:, np.newaxis, np.newaxis]
    natural = {k: np.asarray(v)[..., 0, 0] for k, v in model.natural(columns, RNG).items()}
    size, found = len(model.design.names), {}
    place = {name: i for i, name in enumerate(names)}

    rows = common_rows(units, priors)
    beta = np.array([location_prior(theta[q], rows[q]).value for q in range(size)])
    full = beta.copy()
    if "~hs(global)" in place:
        shrunk = [name for name in model.design.names if f"~hs({name})" in place]
        found["hs_global"] = np.exp(theta[place["~hs(global)"]])
        found["hs_slab2"] = np.exp(2.0 * theta[place["~hs(slab)"]])
        found["hs_local"] = [np.exp(theta[place[f"~hs({name})"]]) for name in shrunk]
        found["hs_z"] = [theta[model.design.names.index(name)] for name in shrunk]
        full[[model.design.names.index(name) for name in shrunk]] = 0.0
    turn = np.eye(size) if units.turn is None else units.turn
    slopes = turn @ full * units.y_scale / units.x_scale + units.y_center * units.constant
    mixed = turn.astype(bool) & ~np.eye(size, dtype=bool)
    joint = mixed.any(axis=0) | mixed.any(axis=1)
    found["b"] = found["b_centred"] = slopes
    found["z"] = beta[joint]
    kept = [q for q in range(size) if not joint[q] and f"~hs({model.design.names[q]})" not in place]
    found["b_own"] = slopes[kept] if len(kept) != 1 else slopes[kept[0]]
    for q in range(size):
        found[f"b_{q + 1}"] = found[f"b_centred_{q + 1}"] = slopes[q]
    for k, q in enumerate(kept):
        found[f"b_own_{k + 1}"] = slopes[q]

    if model.family.thresholds:
        found["threshold"] = np.array([natural[name] for name in model.family.own])
        found["cut"] = found["threshold"] - units.x_center @ slopes
    else:
        for name in model.family.own:
            found[name] = natural[name]
            found[f"inv_sqrt_{name}"] = natural[name] ** -0.5

    blocks = model.design.blocks
    for t, (g, layout) in enumerate(
        zip(model.design.groupings, model.assembled.layouts, strict=True)
    ):
        label = f"{t + 1}" if blocks is None else f"{t // blocks + 1}_{t % blocks + 2}"
        term, k = units.terms[t], len(g.names)
        u = theta[layout.scales : layout.correlations]
        effects = theta[layout.effects :][: k * len(g.levels)].reshape(k, -1)
        if model.pooling == "none":
            before = sum(len(other.names) for other in model.design.groupings[:t])
            for i, row in enumerate(varying_rows(units, priors)[before : before + k]):
                c = np.array([location_prior(x, row).value for x in effects[i]])
                found[f"z_{label}_{i + 1}"] = c
                unit = units.y_scale / term.scale[i]
                found[f"c_{label}_{i + 1}"] = c * unit
                if priors.varying[t][i].coordinate is None:
                    found[f"z_{label}_{i + 1}"] = c * unit
            continue
        if layout.decov:
            found[f"total_{label}"], found[f"zeta_{label}"] = np.exp(u[0]), np.exp(u[1:])
        sds = np.array([natural[f"sd({g.name}: {name})"] for name in g.names])
        found[f"sd_{label}"] = sds if k > 1 else sds[0]
        for i in range(k):
            found[f"sd_{label}_{i + 1}"] = sds[i]
        turned = np.eye(k) if term.turn is None else term.turn
        if term.turn is not None:
            found[f"sd_mean_{label}"] = np.exp(u) * units.y_scale * np.diag(turned) / term.scale
        root = np.eye(k)
        if g.correlated and k > 1:
            correlation_cholesky(theta[layout.correlations : layout.effects], root)
        found[f"L_{label}"] = root
        found[f"xi_{label}"] = effects if k > 1 else effects[0]
        r = np.array([natural[f"b({g.name}: {name})"] for name in g.names]).T
        found[f"r_{label}"] = r if k > 1 else r[:, 0]
        scaled = turned / term.scale[:, np.newaxis]
        found[f"c_{label}"] = r @ np.linalg.inv(scaled / np.diag(scaled)).T
    return found
