# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     name: python3
# ---

# %% [markdown]
# # Answers to 10 · Binomial outcomes: the funding table, and its misprint

# %%
import numpy as np

import mcmc_edu as me

SEED = 1  # another seed moves the numbers

data = me.datasets.funding()
FORMULA = "awards | trials(applications) ~ male + (male | discipline)"
PRIORS = {
    "Intercept": me.Normal(0, 4),
    "b": me.Normal(0, 4),
    "sd": me.HalfCauchy(1),
    "cor": me.LKJ(4),
}


def fit_of(rows, formula=FORMULA):
    """Fit the lesson's third model to these rows."""
    model = me.Model(formula, rows, family="binomial", priors=PRIORS)
    return model.fit(seed=SEED, draws=2000)


fit = fit_of(data)
discipline, gender, awards = data["discipline"], data["gender"], data["awards"]

# %% [markdown]
# ## 1 · Awards if the years came again

# %%
again = fit.predict(seed=SEED).reshape(-1, awards.size)  # (draw, row)
low, high = np.quantile(again, [0.05, 0.95], axis=0)
for row in np.flatnonzero(data["male"] == 0):
    print(f"{discipline[row]:20s} {low[row]:3.0f} to {high[row]:3.0f}, in the table {awards[row]}")
outside = int(((awards < low) | (awards > high)).sum())
print(f"of the 18 counts {outside} are outside")

rng = np.random.default_rng(SEED)
new = again[rng.integers(0, len(again), 1000)]  # each row: 18 counts of other years
new_outside = ((new < low) | (new > high)).sum(axis=1)
print(f"of 18 new counts {new_outside.mean():.1f} are outside, on average")

# %% [markdown]
# None of the table's counts is outside, though the intervals hold 90% of what the model predicts.
# The model has seen these counts: its chances have moved towards them. New counts have not been
# used, and one or two of them are outside. (An interval of whole numbers holds a little more than
# its 90%.) A check on the data that were fitted is too kind.
#
# ## 2 · The reversed coding

# %%
reversed_data = dict(data) | {"female": 1 - data["male"]}
reverse = fit_of(reversed_data, FORMULA.replace("male", "female"))
for name in (
    "Intercept",
    "male",
    "sd(discipline: Intercept)",
    "sd(discipline: male)",
    "cor(discipline: Intercept, male)",
):
    other = reverse.draws[name.replace("male", "female")]
    print(f"{name:34s} male {fit.draws[name].mean():6.2f}   female {other.mean():6.2f}")

row = int(np.flatnonzero((discipline == "Chemical sciences") & (data["male"] == 0))[0])
total = data["applications"][row]
one, two = fit.epred()[:, :, row] / total, reverse.epred()[:, :, row] / total
print(
    f"women, chemical sciences: male {one.mean():.3f}, female {two.mean():.3f}, sd {one.std():.3f}"
)


sd_intercept, sd_difference = np.abs(rng.standard_cauchy((2, 100_000)))  # HalfCauchy(1)
correlation = 2 * rng.beta(4, 4, 100_000) - 1  # LKJ(4) for one correlation
sd_coded_1 = np.sqrt(
    sd_intercept**2 + sd_difference**2 + 2 * correlation * sd_intercept * sd_difference
)
more = (sd_coded_1 > sd_intercept).mean()
print(f"prior: those coded 1 vary more among disciplines than those coded 0 in {more:.0%} of draws")

# %% [markdown]
# The intercept now describes men, and the sd of the intercepts is that of men. The likelihood has
# not changed. But the chance of women in the chemical sciences moves by half a sd. The priors are
# set for the intercept and for the difference. They make it likely that those coded 1 vary more
# than those coded 0: men in the first coding, women in the second. With nine disciplines such a
# belief counts. If it is not yours, code so that you can say what the priors mean, and try the
# other coding.
#
# ## 3 · A misprint that no sum can find


# %%
def row_of(name):
    """Return the row of a discipline's women."""
    return int(np.flatnonzero((discipline == name) & (data["male"] == 0))[0])


social, medical = row_of("Social sciences"), row_of("Medical sciences")


def misprinted(k):
    """Return a table in which k awards have moved, and k rejects back."""
    rows = {name: column.copy() for name, column in data.items()}
    for name, sign in (("awards", 1), ("rejects", -1)):
        rows[name][social] -= sign * k
        rows[name][medical] += sign * k
    me.datasets.check_funding(rows)  # all sums are right
    return rows


def interval(rows, row, left_out):
    """Return the 99% interval of a row's awards, from a fit with or without it."""
    used = {name: np.delete(column, row) for name, column in rows.items()} if left_out else rows
    one = {name: rows[name][[row]] for name in ("discipline", "male", "applications")}
    return np.quantile(fit_of(used).predict(one, seed=SEED), [0.005, 0.995])


noticed = {}
for k in (0, 5, 10, 15, 20):
    rows = misprinted(k)
    count = rows["awards"][social]
    own, other = interval(rows, social, False), interval(rows, social, True)
    noticed[k] = [not low <= count <= high for low, high in (own, other)]
    print(
        f"k = {k:2d}, {count:2d} awards: fitted with the row {own[0]:3.0f} to {own[1]:3.0f}, "
        f"without it {other[0]:3.0f} to {other[1]:3.0f}"
    )
first = min(k for k, (_, out) in noticed.items() if out)

# %% [markdown]
# The model that was fitted with the false row never objects: every discipline has a difference of
# its own, and that one follows the misprint. Predicted from all other rows, the count is outside
# from $k$ = 10 on: of nearly fifty awards, about a fifth has to be wrong. Smaller errors cannot be
# told from a discipline that differs.
