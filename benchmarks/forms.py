"""Does `auto` choose well?  `python benchmarks/forms.py [case ...] [--seeds 3]`.

Every mixture of forms of a model's terms is run, and the smallest bulk ESS per gradient of all its
parameters compared with that of what `auto` chooses: medians over seeds.  Of Gaussian outcomes the
mixtures have one term collapsed, or none.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import sys
import time
from pathlib import Path

import numpy as np

import mcmc_edu as me

sys.path.insert(0, str(Path(__file__).parent))

PLAIN = {"b": me.Normal(0, 1), "Intercept": me.Normal(0, 2.5), "sd": me.HalfNormal(1)}


def poll(seed: int) -> dict:
    """Make a poll in cells, whose effects of region by age are next to none."""
    rng = np.random.default_rng(seed)
    cells = np.array(list(itertools.product(range(4), range(2), range(3), range(6), range(5))))
    weight = rng.gamma(0.6, 1.0, len(cells))
    n = rng.poisson(6009 * weight / weight.sum())
    cells, n = cells[n > 0], n[n > 0]
    region, sex, place, age, income = cells.T
    eta = 0.05 + 0.38 * sex + np.array([0, -0.19, -0.51])[place]
    eta += rng.normal(0, 0.34, 4)[region] + rng.normal(0, 0.62, 6)[age]
    eta += rng.normal(0, 0.08, 5)[income] + rng.normal(0, 0.06, (4, 6))[region, age]
    names = {"sex": sex, "urban": place, "r": region, "age": age, "inc": income}
    made = {name: [f"{name}{v}" for v in values] for name, values in names.items()}
    return made | {"n": n, "k": rng.binomial(n, 1 / (1 + np.exp(-eta)))}


def crossed(seed: int) -> dict:
    """Students by questions, all pairs once: rich both."""
    rng = np.random.default_rng(seed)
    student, question = (a.ravel() for a in np.indices((40, 25)))
    eta = 0.5 + rng.normal(0, 1.0, 40)[student] + rng.normal(0, 0.8, 25)[question]
    return {"y": rng.random(eta.size) < 1 / (1 + np.exp(-eta)), "s": student, "q": question}


def nested(seed: int) -> dict:
    """Classes in schools, counts."""
    rng = np.random.default_rng(seed)
    school, room, _ = (a.ravel() for a in np.indices((12, 5, 8)))
    place = school * 5 + room
    eta = 1.0 + rng.normal(0, 0.6, 12)[school] + rng.normal(0, 0.2, 60)[place]
    return {"y": rng.poisson(np.exp(eta)), "school": school, "room": place}


def rich_and_poor(seed: int) -> dict:
    """Make a term of five levels with 200 rows each, and one of 300 levels with three or four."""
    rng = np.random.default_rng(seed)
    rich, poor = rng.integers(0, 5, 1000), rng.integers(0, 300, 1000)
    eta = rng.normal(0, 1.0, 5)[rich] + rng.normal(0, 0.5, 300)[poor]
    return {"y": rng.random(1000) < 1 / (1 + np.exp(-eta)), "rich": rich, "poor": poor}


def poor_slopes(seed: int) -> dict:
    """Make intercepts that the data decide and slopes that they do not, beside another term."""
    rng = np.random.default_rng(seed)
    g, h = rng.integers(0, 30, 1500), rng.integers(0, 8, 1500)
    x = rng.normal(size=1500)
    eta = 2.0 + rng.normal(0, 0.8, 30)[g] + rng.normal(0, 0.03, 30)[g] * x
    return {"y": rng.poisson(np.exp(eta + rng.normal(0, 0.3, 8)[h])), "x": x, "g": g, "h": h}


def same_name(seed: int) -> dict:
    """Make a factor by itself and in an interaction."""
    rng = np.random.default_rng(seed)
    a, b = rng.integers(0, 10, 1200), rng.integers(0, 6, 1200)
    mean = 3.0 + rng.normal(0, 1.0, 10)[a] + rng.normal(0, 0.3, (10, 6))[a, b]
    return {"y": mean + rng.normal(0, 1.0, 1200), "a": a, "b": b}


def overdispersed(seed: int) -> dict:
    """Negative binomial counts of two crossed factors."""
    rng = np.random.default_rng(seed)
    g, h = rng.integers(0, 15, 900), rng.integers(0, 40, 900)
    mean = np.exp(1.5 + rng.normal(0, 0.7, 15)[g] + rng.normal(0, 0.15, 40)[h])
    return {"y": rng.negative_binomial(3.0, 3.0 / (3.0 + mean)), "g": g, "h": h}


def answers(seed: int) -> dict:
    """Ordered answers of persons, five each, to items."""
    rng = np.random.default_rng(seed)
    person, item = (a.ravel() for a in np.indices((80, 6)))
    eta = rng.normal(0, 1.2, 80)[person] + rng.normal(0, 0.5, 6)[item]
    return {
        "y": np.digitize(eta + rng.logistic(size=eta.size), [-1.0, 0.0, 1.5]),
        "person": person,
        "item": item,
    }


CASES = {
    "poll": (
        poll,
        "k | trials(n) ~ sex + urban + (1|r) + (1|age) + (1|inc) + (1|r:age)",
        "binomial",
        PLAIN,
    ),
    "crossed": (crossed, "y ~ 1 + (1|s) + (1|q)", "bernoulli", None),
    "nested": (nested, "y ~ 1 + (1|school) + (1|room)", "poisson", None),
    "rich and poor": (rich_and_poor, "y ~ 1 + (1|rich) + (1|poor)", "bernoulli", None),
    "poor slopes": (poor_slopes, "y ~ x + (x|g) + (1|h)", "poisson", None),
    "same name": (same_name, "y ~ 1 + (1|a) + (1|a:b)", "gaussian", None),
    "overdispersed": (overdispersed, "y ~ 1 + (1|g) + (1|h)", "negbin", None),
    "answers": (answers, "y ~ 1 + (1|person) + (1|item)", "ordered", None),
}


def per_gradient(model: me.Model, seed: int) -> float:
    """Smallest bulk ESS of all parameters but effects, per thousand gradients, warm-up left out."""
    fit = model.fit(seed=seed, draws=1000, warmup=1000, chains=2, progress=False)
    names = [name for name in fit.draws.natural if not name.startswith("b(")]
    least = min(me.ess_bulk(fit.draws[name]) for name in names)
    return 1e3 * float(least) / float(fit.draws.stats["n_gradients"].sum())


def mixtures(names: list[str], family: str) -> list[dict[str, str]]:
    """Every choice of forms."""
    forms = ("centered", "noncentered") + ("collapsed",) * (family == "gaussian")
    chosen = itertools.product(forms, repeat=len(names))
    return [dict(zip(names, c, strict=True)) for c in chosen if c.count("collapsed") <= 1]


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("cases", nargs="*", default=list(CASES))
    parser.add_argument("--seeds", type=int, default=3)
    asked = parser.parse_args()
    print(f"{'':<15}{'auto':>8}{'best':>8}{'ratio':>8}  {'seconds':>8}  forms of auto; of the best")
    for case in asked.cases:
        make, formula, family, priors = CASES[case]
        seeds = range(1, asked.seeds + 1)
        found: dict[str, list[float]] = {}
        taken, auto = [], []
        for seed in seeds:
            columns = make(seed)
            model = me.Model(formula, columns, family=family, priors=priors)
            _ = me.Model(formula, columns, family=family, priors=priors).choices  # compiles
            begun = time.perf_counter()
            chosen = {
                g.name: c.form for g, c in zip(model.design.groupings, model.choices, strict=True)
            }
            taken.append(time.perf_counter() - begun)
            for mixture in mixtures(list(chosen), family):
                one = me.Model(
                    formula, columns, family=family, priors=priors, parameterization=mixture
                )
                value = per_gradient(one, seed)
                found.setdefault(short(mixture), []).append(value)
                if mixture == chosen:
                    auto.append(value)
        medians = {name: statistics.median(values) for name, values in found.items()}
        best = max(medians, key=medians.__getitem__)
        ours = statistics.median(auto)
        print(
            f"{case:<15}{ours:8.2f}{medians[best]:8.2f}{medians[best] / ours:8.2f}  "
            f"{max(taken):8.2f}  {short(chosen)}; {best}",
            flush=True,
        )


def short(mixture: dict[str, str]) -> str:
    """Name the form of each term by its first letters."""
    return " ".join(f"{name}:{form[:3]}" for name, form in mixture.items())


if __name__ == "__main__":
    main()
