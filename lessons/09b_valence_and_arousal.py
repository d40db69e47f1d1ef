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
# # 09b · Valence and arousal: deviations, totals, and someone new
#
# **The question.** Twenty people look at fourteen pictures each and say how exciting a picture is (arousal, 0
# to 100) and how pleasant (valence). The more exciting, the more pleasant, on the whole: by how much, and
# for whom? *What will a person say whom we have never asked?*
#
# The data are simulated, with the numbers that a lecture on rstanarm and brms reports of such a study,
# so that we can hold every answer to the truth.

# %%
import matplotlib.pyplot as plt
import numpy as np

import mcmc_edu as me

made = me.datasets.simulate_arousal(seed=1)
data, truth = made.columns, made.truth
print(data)

# %% [markdown]
# ## Predict
#
# 1. People differ in intercept by an sd of 20, in slope by .24. How much of that do fourteen ratings settle?
# 2. The truth has intercepts and slopes correlated by −0.64. What does that say of people?
# 3. How wide is an interval for a rating of someone new, beside one for somebody whom we know?
#
# ## Run
#
# The priors are the lecture's: `normal(0, 1)` for the slope, `normal(50, 20)` for the intercept at the mean of
# arousal, `exponential(0.1)` for sigma, and decov for how people differ. All of them are given, so that none
# of the package's defaults has a say.

# %%
PRIORS = {
    "Intercept": me.Normal(50, 20),
    "b": me.Normal(0, 1),
    "sigma": me.Exponential(0.1),
    "covariance": me.Decov(),
}
model = me.Model("valence ~ arousal + (arousal | person)", data, priors=PRIORS)
fit = model.fit(seed=1)
print(model.prior_summary())
print(fit.summary())

TRUE = {
    "Intercept": truth.beta[0],
    "arousal": truth.beta[1],
    "sigma": truth.sigma,
    "sd(person: Intercept)": truth.sd[0],
    "sd(person: arousal)": truth.sd[1],
    "cor(person: Intercept, arousal)": truth.correlation,
}
far = {
    name: abs(fit.draws[name].mean() - value) / fit.draws[name].std()
    for name, value in TRUE.items()
}
print(
    "posterior sds between mean and truth:", {name: round(float(z), 1) for name, z in far.items()}
)
assert max(far.values()) < 3.0

# %% [markdown]
# ## Investigate: a matrix with 46 columns
#
# `as.matrix(fit)` of R has a column for every parameter: two common coefficients, two deviations of every
# person, sigma, two sds and a correlation. So has `fit.matrix()`, by the same names as everywhere:

# %%
matrix = fit.matrix()
print(matrix.shape, matrix.names[:8])
assert matrix.shape == (4000, 46)
assert (matrix["b(person: arousal)[3]"] == fit.draws["b(person: arousal)[3]"].ravel()).all()

# %% [markdown]
# *Deviations* are what a person has beside the common line, and sum to about nothing; *totals* are a person's
# own line. `ranef` and `coef` are the two:

# %%
deviations, totals = fit.ranef()["person"], fit.coef()["person"]
for person in ("1", "2", "3"):
    print(
        f"person {person}: deviation {deviations[person]['Intercept']:6.1f} "
        f"{deviations[person]['arousal']:6.2f}   total {totals[person]['Intercept']:6.1f} "
        f"{totals[person]['arousal']:6.2f}"
    )
for name in ("Intercept", "arousal"):
    gap = totals["1"][name] - deviations["1"][name]
    assert abs(gap - fit.fixef()[name]["mean"]) < 1e-9

people = np.array([[totals[p]["Intercept"], totals[p]["arousal"]] for p in totals])
own = np.array(
    [
        np.polyfit(data["arousal"][data["person"] == p], data["valence"][data["person"] == p], 1)[
            ::-1
        ]
        for p in totals
    ]
)
lines = (truth.beta + truth.b)[[int(person) - 1 for person in totals]]
pooled_error, own_error = (np.sqrt(np.mean((x - lines) ** 2, axis=0)) for x in (people, own))
print(
    f"error of the intercepts: own lines {own_error[0]:.2f}, partially pooled {pooled_error[0]:.2f}"
)
print(
    f"error of the slopes:     own lines {own_error[1]:.3f}, partially pooled {pooled_error[1]:.3f}"
)
assert (pooled_error < 0.9 * own_error).all()
open_part = own_error / lines.std(axis=0)
print(
    f"own lines leave open {open_part[0]:.0%} of the sd of intercepts, {open_part[1]:.0%} of slopes'"
)
assert ((open_part > 0.3) & (open_part < 0.6)).all()

# %% [markdown]
# Fourteen ratings leave open two fifths of what people differ by in intercept, and half in slope; pooling
# takes a sixth off that. A negative correlation says that those who find dull pictures unpleasant gain most
# by excitement; the lines come together to the right.
#
# > **What could go wrong: the second person is number 10.** The names of people are text, and text is sorted as in a
# > dictionary: 1, 10, 11, ..., 2, 20, 3. If you compare the rows of `coef()` with a table that counts from 1
# > to 20, as the first draft of this lesson did, compares strangers.

# %%
order = list(totals)
strangers = truth.beta + truth.b  # person 1, 2, 3, ...
wrong = np.sqrt(np.mean((people - strangers) ** 2, axis=0))
print(f"{order[:4]}: the error would seem to be {wrong[0]:.1f} and {wrong[1]:.2f}")
assert order[1] == "10"
assert (wrong > 2.0 * pooled_error).all()

# %% [markdown]
# ## Modify: ask someone new
#
# Fourteen pictures for a person who was not there. The effects of the new person are drawn from the
# population, another person in every draw.

# %%
arousal = np.linspace(3, 97, 14)
someone = {"arousal": arousal, "person": ["someone new"] * 14}
known = {"arousal": arousal, "person": ["1"] * 14}
new = fit.predict(someone, new_groups="sample", seed=1).reshape(-1, 14)
old = fit.predict(known, seed=1).reshape(-1, 14)
print(f"14 ratings of someone new: {new.shape[0]} draws of them")
for name, drawn in (("person 1", old), ("someone new", new)):
    low, high = np.quantile(drawn, [0.05, 0.95], axis=0)
    print(
        f"{name:12s} 90% intervals: {(high - low)[0]:.0f} wide at arousal 3, "
        f"{(high - low)[-1]:.0f} at 97"
    )
width_new, width_old = (np.ptp(np.quantile(x, [0.05, 0.95], axis=0), axis=0) for x in (new, old))
assert (width_new > 1.3 * width_old).all()

together = np.corrcoef(new[:, 0], new[:, 1])[0, 1]
print(f"ratings of the same new person go together: correlation {together:.2f} of the first two")
assert together > 0.5

# %% [markdown]
# A new person is drawn once and rates fourteen times: the fourteen go together. Who takes fourteen draws
# instead, one for each picture, has invented fourteen people.
#
# ## The figure worth keeping
#
# Where person 1's ratings will be, and where those of someone new; four people whom it might be.

# %%
figure, ax = plt.subplots(figsize=(7.0, 4.4), layout="constrained")
ax.fill_between(
    arousal, *np.quantile(new, [0.05, 0.95], axis=0), color="#DDDDDD", label="someone new, 90%"
)
ax.fill_between(
    arousal,
    *np.quantile(old, [0.05, 0.95], axis=0),
    color="#56B4E9",
    alpha=0.6,
    label="person 1, 90%",
)
ax.plot(arousal, new[:4].T, color="#555555", linewidth=0.8)
first = data["person"] == "1"
ax.plot(
    data["arousal"][first], data["valence"][first], "o", color="#0072B2", label="person 1, ratings"
)
ax.set(xlabel="arousal", ylabel="valence", title="Four of the people it might be")
ax.legend(frameon=False, loc="upper left")
plt.show()

# %% [markdown]
# ## Make
#
# 1. How sure are you that person 2's slope is above person 3's? (`fit.draws["b(person: arousal)"]`)
# 2. Leave the priors out. Which of the six numbers moves most, in posterior sds?
# 3. Valence is a scale of 0 to 100. How many predicted ratings leave it, and what would you change?
#
# ## Sources
#
# The study's numbers, the priors and the verbs: B. Goodrich, lecture on hierarchical models with rstanarm and
# brms. decov: B. Goodrich et al., *rstanarm*.
