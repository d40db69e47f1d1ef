"""The simulated poll: what it is made of, and what poststratification makes of it."""

import numpy as np
import pytest

import mcmc_edu as me

FACTORS = ("region", "gender", "density", "age", "income")


def test_cells_people_and_truth() -> None:
    cells = []
    for seed in range(1, 21):
        made = me.datasets.simulate_poll(seed)
        assert made.poll["n"].sum() == 6009
        assert (made.poll["votes"] <= made.poll["n"]).all()
        assert len(set(zip(*(made.population[f] for f in FACTORS), strict=True))) == 720
        assert made.truth() == pytest.approx(0.47, abs=1e-7)
        cells.append(made.poll["n"].size)
    assert abs(np.mean(cells) - 513) < 15, "the lecture's poll has 513 cells"


def test_a_part_of_the_truth_is_weighed_by_people() -> None:
    made = me.datasets.simulate_poll(seed=3)
    men = made.population["gender"] == "male"
    n = made.population["N"]
    assert made.truth(gender="male") == pytest.approx(np.average(made.share[men], weights=n[men]))
    both = n[men].sum() * made.truth(gender="male") + n[~men].sum() * made.truth(gender="female")
    assert both / n.sum() == pytest.approx(0.47, abs=1e-7)


def test_effects_on_the_logit_scale_are_those_of_the_lecture() -> None:
    made = me.datasets.simulate_poll(seed=1)
    logit = np.log(made.share / (1.0 - made.share))
    by = {name: made.population[name] for name in FACTORS}
    table = {}
    for i, key in enumerate(zip(*(by[name] for name in FACTORS), strict=True)):
        table[key] = logit[i]
    for (region, gender, density, age, income), value in table.items():
        if gender == "male":
            assert value - table[region, "female", density, age, income] == pytest.approx(0.38)
        if density != "rural":
            expected = {"suburban": -0.19, "urban": -0.51}[density]
            assert value - table[region, gender, "rural", age, income] == pytest.approx(expected)


@pytest.mark.slow
def test_poststratification_finds_the_population_that_the_sample_misses() -> None:
    made = me.datasets.simulate_poll(seed=1)
    formula = (
        "votes | trials(n) ~ gender + density + (1 | region) + (1 | age) + (1 | income)"
        " + (1 | region:age)"
    )
    fit = me.Model(formula, made.poll, family="binomial").fit(seed=1, progress=False)
    national = fit.poststratify(made.population)
    row = national.table["votes"]
    raw = made.poll["votes"].sum() / made.poll["n"].sum()
    assert abs(row["estimate"] - 0.47) < 3.5 * national.draws.std()
    assert abs(row["estimate"] - 0.47) < abs(raw - 0.47)
    for region, found in zip(
        sorted(set(made.population["region"])),
        fit.poststratify(made.population, by="region").table.rows.values(),
        strict=True,
    ):
        error = (found["conf_high"] - found["conf_low"]) / 4.0
        assert abs(found["estimate"] - made.truth(region=region)) < 3.5 * error


@pytest.mark.slow
def test_the_lecture_s_covariance_of_thirteen_coefficients() -> None:
    made = me.datasets.simulate_poll(seed=1)
    coefficients = "gender + density + age + income"
    formula = f"votes | trials(n) ~ {coefficients} + ({coefficients} | region)"
    model = me.Model(formula, made.poll, family="binomial", priors="rstanarm")
    fit = model.fit(seed=1, draws=300, warmup=500, chains=2, progress=False)
    table = fit.varcorr(layout="lme4")
    assert len(table) == 13
    assert list(table["region: Intercept"]) == ["Std.Dev.", *(f"Corr {k}" for k in range(1, 13))]
    shares = made.population["N"] / made.population["N"].sum()
    found = fit.poststratify(made.population)
    expected = fit.epred({**made.population, "n": np.ones(720)}) @ shares
    np.testing.assert_allclose(found.draws[..., 0], expected, atol=1e-12)
