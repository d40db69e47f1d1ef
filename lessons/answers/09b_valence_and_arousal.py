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
# # Answers to 09b · Valence and arousal

# %%
import numpy as np

import mcmc_edu as me

made = me.datasets.simulate_arousal(seed=1)
data, truth = made.columns, made.truth
PRIORS = {
    "Intercept": me.Normal(50, 20),
    "b": me.Normal(0, 1),
    "sigma": me.Exponential(0.1),
    "covariance": me.Decov(),
}
FORMULA = "valence ~ arousal + (arousal | person)"
fit = me.Model(FORMULA, data, priors=PRIORS).fit(seed=1)

# %% [markdown]
# ## 1 · Whose slope is the steeper?

# %%
deviation = {person: fit.draws[f"b(person: arousal)[{person}]"] for person in ("1", "2", "3")}
above = {}
for person in ("2", "1"):
    above[person] = (deviation["3"] > deviation[person]).mean()
    print(f"probability that person 3's slope is above person {person}'s: {above[person]:.3f}")
slopes = truth.beta[1] + truth.b[:3, 1]
print(f"true slopes of persons 1, 2 and 3: {slopes.round(2)}")

# %% [markdown]
# Above person 2's: as good as certain, and true. Above person 1's: nearly as likely as not, and in truth it is
# below. A probability near one half is the right answer there, since the ratings do not settle it. Totals
# are not needed, because both contain the same common slope, which cancels. Compare draw by draw:
# the deviations are correlated, and two separate intervals would not answer the question.
#
# ## 2 · Without the priors

# %%
default = me.Model(FORMULA, data).fit(seed=1)
NAMES = (
    "Intercept",
    "arousal",
    "sigma",
    "sd(person: Intercept)",
    "sd(person: arousal)",
    "cor(person: Intercept, arousal)",
)
moved = {}
for name in NAMES:
    before, after = fit.draws[name], default.draws[name]
    moved[name] = (after.mean() - before.mean()) / before.std()
    print(
        f"{name:33s} {before.mean():7.3f} -> {after.mean():7.3f}, {moved[name]:5.2f} posterior sds"
    )
print(default.prior_summary())

# %% [markdown]
# The sd of the intercepts moves most, and the correlation somewhat; the other numbers hardly at all. Twenty
# people leave both open, so their prior has a say: decov ties the sds to `sigma`, which is small here, and
# the default does not. The common line and `sigma` rest on all rows, and there priors hardly matter.
#
# ## 3 · Ratings that leave the scale

# %%
rows = {"arousal": np.linspace(3, 97, 14), "person": ["someone new"] * 14}
predicted = fit.predict(rows, new_groups="sample", seed=1)
outside = np.mean((predicted < 0) | (predicted > 100))
in_data = np.mean((data["valence"] < 0) | (data["valence"] > 100))
print(f"outside 0 to 100: {outside:.1%} of the predicted ratings, {in_data:.1%} of the data")

# %% [markdown]
# A few per cent of the predicted ratings are impossible on the real scale; the simulated data have a few
# themselves, since they are made by a normal model. If it mattered, I would use an outcome that
# respects the scale: a proportion between 0 and 1 with a beta distribution, or a latent normal rating that
# is cut off at both ends. For the question how much more pleasant an exciting picture is, it hardly does.
