"""Wrong and right answers to the exercise `varying_effect`."""

import numpy as np

from ...exercise import Bank

BANK = Bank("varying_effect")


@BANK.has_bug("average-forgotten")
def deviations(draws, where):
    effect = np.zeros(len(draws["z"]))
    for factor, level in where.items():
        effect += draws["z:" + factor][:, level]
    return effect


@BANK.has_bug("average-forgotten")
def deviations_loop(draws, where):
    total = []
    for s in range(len(draws["z"])):
        value = 0.0
        for factor in where:
            value = value + draws["z:" + factor][s][where[factor]]
        total.append(value)
    return np.array(total)


@BANK.has_bug("unnamed-at-first-level")
def all_factors(draws, where):
    effect = draws["z"] + 0.0
    for name in draws:
        if name.startswith("z:"):
            effect = effect + draws[name][:, where.get(name[2:], 0)]
    return effect


@BANK.has_bug("unnamed-at-first-level")
def all_factors_loop(draws, where):
    parts = [draws["z"]]
    for name, value in draws.items():
        if ":" in name:
            factor = name.split(":")[1]
            level = where[factor] if factor in where else 0
            parts.append(value[:, level])
    return sum(parts)


@BANK.has_bug("unnamed-averaged")
def mean_of_unnamed(draws, where):
    effect = draws["z"] + 0.0
    for name in draws:
        if name.startswith("z:"):
            factor = name[2:]
            if factor in where:
                effect = effect + draws[name][:, where[factor]]
            else:
                effect = effect + draws[name].mean(axis=1)
    return effect


@BANK.has_bug("unnamed-averaged")
def mean_of_unnamed_loop(draws, where):
    total = []
    for s, value in enumerate(draws["z"]):
        for name, levels in draws.items():
            if name[:2] == "z:":
                known = name[2:] in where
                value = value + (levels[s, where[name[2:]]] if known else np.average(levels[s]))
        total.append(value)
    return np.array(total)


@BANK.has_bug("intercepts-added")
def intercepts(draws, where):
    effect = draws["z"].copy()
    for factor, level in where.items():
        effect += draws[factor][:, level]
        effect += draws["z:" + factor][:, level]
    return effect


@BANK.has_bug("intercepts-added")
def intercepts_too(draws, where):
    effect = np.array(draws["z"])
    for name, levels in draws.items():
        for factor in where:
            if name in (factor, f"z:{factor}"):
                effect = effect + np.asarray(levels)[:, where[factor]]
    return effect


@BANK.has_bug("intercepts-for-effects")
def wrong_key(draws, where):
    effect = draws["z"].copy()
    for factor, level in where.items():
        effect += draws[factor][:, level]
    return effect


@BANK.has_bug("intercepts-for-effects")
def wrong_key_loop(draws, where):
    total = []
    for s in range(len(draws["z"])):
        value = draws["z"][s]
        for factor in where:
            value = value + draws[factor][s][where[factor]]
        total.append(value)
    return np.array(total)


@BANK.has_bug("levels-from-one")
def minus_one(draws, where):
    effect = draws["z"].copy()
    for factor, level in where.items():
        effect += draws["z:" + factor][:, level - 1]
    return effect


@BANK.has_bug("levels-from-one")
def minus_one_loop(draws, where):
    total = []
    for s in range(len(draws["z"])):
        value = draws["z"][s]
        for factor in where:
            value = value + draws["z:" + factor][s][where[factor] - 1]
        total.append(value)
    return np.array(total)


@BANK.has_bug("deviation-averaged-over-draws")
def means(draws, where):
    effect = draws["z"].copy()
    for factor, level in where.items():
        effect += draws["z:" + factor][:, level].mean()
    return effect


@BANK.has_bug("deviation-averaged-over-draws")
def means_loop(draws, where):
    total = []
    for s in range(len(draws["z"])):
        value = draws["z"][s]
        for factor in where:
            value = value + np.mean([row[where[factor]] for row in draws["z:" + factor]])
        total.append(value)
    return np.array(total)


@BANK.has_bug("draws-averaged")
def all_means(draws, where):
    value = draws["z"].mean()
    for factor, level in where.items():
        value += draws["z:" + factor].mean(axis=0)[level]
    return np.full(draws["z"].shape, value)


@BANK.has_bug("draws-averaged")
def all_means_2(draws, where):
    parts = [np.mean(draws["z"])] + [np.mean(draws[f"z:{f}"][:, k]) for f, k in where.items()]
    return np.repeat(sum(parts), len(draws["z"]))


@BANK.has_bug("last-factor-only")
def overwrites(draws, where):
    effect = draws["z"].copy()
    for factor, level in where.items():
        effect = draws["z"] + draws["z:" + factor][:, level]
    return effect


@BANK.has_bug("last-factor-only")
def overwrites_loop(draws, where):
    total = []
    for s in range(len(draws["z"])):
        value = draws["z"][s]
        for factor in where:
            value = draws["z"][s] + draws["z:" + factor][s][where[factor]]
        total.append(value)
    return np.array(total)


@BANK.has_bug("first-factor-only")
def returns_in_loop(draws, where):
    effect = draws["z"].copy()
    for factor, level in where.items():
        effect += draws["z:" + factor][:, level]
        return effect
    return effect


@BANK.has_bug("first-factor-only")
def first_of_where(draws, where):
    if not where:
        return draws["z"].copy()
    factor = next(iter(where))
    return draws["z"] + draws[f"z:{factor}"][:, where[factor]]


@BANK.has_bug("mean-of-parts")
def parts_averaged(draws, where):
    parts = [draws["z"]] + [draws["z:" + f][:, k] for f, k in where.items()]
    return np.mean(parts, axis=0)


@BANK.has_bug("mean-of-parts")
def parts_averaged_loop(draws, where):
    total = []
    for s in range(len(draws["z"])):
        value = draws["z"][s]
        for factor in where:
            value = value + draws["z:" + factor][s][where[factor]]
        total.append(value / (1 + len(where)))
    return np.array(total)


@BANK.has_bug("deviations-multiplied")
def product(draws, where):
    effect = draws["z"].copy()
    for factor, level in where.items():
        effect *= 1 + draws["z:" + factor][:, level]
    return effect


@BANK.has_bug("deviations-multiplied")
def product_loop(draws, where):
    total = []
    for s in range(len(draws["z"])):
        value = draws["z"][s]
        for factor in where:
            value = value * (1 + draws["z:" + factor][s][where[factor]])
        total.append(value)
    return np.array(total)


@BANK.has_bug("input-changed")
def in_place(draws, where):
    effect = draws["z"]
    for factor, level in where.items():
        effect += draws["z:" + factor][:, level]
    return effect


@BANK.has_bug("input-changed")
def out_argument(draws, where):
    effect = np.asarray(draws["z"])
    for factor, level in where.items():
        np.add(effect, draws[f"z:{factor}"][:, level], out=effect)
    return effect


@BANK.has_bug("deviations-centred")
def centred(draws, where):
    effect = draws["z"].copy()
    for factor, level in where.items():
        effect += draws["z:" + factor][:, level] - draws["z:" + factor].mean(axis=1)
    return effect


@BANK.has_bug("deviations-centred")
def centred_loop(draws, where):
    total = []
    for s in range(len(draws["z"])):
        value = draws["z"][s]
        for factor in where:
            value = (
                value + draws["z:" + factor][s][where[factor]] - np.mean(draws["z:" + factor][s])
            )
        total.append(value)
    return np.array(total)


@BANK.is_right("loop over factors")
def factors(draws, where):
    effect = draws["z"].copy()
    for factor, level in where.items():
        effect += draws["z:" + factor][:, level]
    return effect


@BANK.is_right("loop over draws")
def over_draws(draws, where):
    total = []
    for s in range(len(draws["z"])):
        value = draws["z"][s]
        for factor in where:
            value = value + draws["z:" + factor][s][where[factor]]
        total.append(value)
    return np.array(total)


@BANK.is_right("sum")
def summed(draws, where):
    return draws["z"] + sum(draws[f"z:{name}"][:, level] for name, level in where.items())


@BANK.is_right("loop over names")
def names(draws, where):
    effect = np.zeros_like(draws["z"])
    for name, values in draws.items():
        if name == "z":
            effect = effect + values
        elif name.startswith("z:") and name[2:] in where:
            effect = effect + values[:, where[name[2:]]]
    return effect
