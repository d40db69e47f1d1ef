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
# **You need** lesson 09. **It takes** about 25 minutes.
# **Afterwards you can** tell deviations from totals, pick any parameter out of a fit, compare pooled with
# separate lines, and predict several ratings of a person who was never asked.
#
# **The question.** Twenty people look at fourteen pictures each and say how exciting a picture is (arousal, 0
# to 100) and how pleasant (valence). The more exciting, the more pleasant, on the whole: by how much, and
# for whom? *What will a person say whom we have never asked?*
#
# The data are simulated, with the numbers that a lecture on rstanarm and brms reports of such a study,
# so that we can compare every answer with the truth.

# %%
import matplotlib.pyplot as plt
import numpy as np

import mcmc_edu as me

SEED = 1  # another seed moves the numbers
made = me.datasets.simulate_arousal(seed=SEED)
data, truth = made.columns, made.truth
print(data)

# %% [markdown]
# ## Predict
#
# 1. People differ in intercept by an sd of 20, in slope by 0.24, and an own line from fourteen ratings is
#    uncertain. By how many per cent will partial pooling make the error of these lines smaller?
# 2. The truth has intercepts and slopes correlated by −0.64. What does that say of people?
# 3. An interval for a rating of someone new, beside one for somebody whom we know: how many times as wide?

# %%
my_guess = "?"  # write your guess between the quotes, such as "1: 50%, 3: twice as wide"

# %% [markdown]
# ## Run
#
# The priors are the lecture's: `normal(0, 1)` for the slope, `normal(50, 20)` for the intercept at the mean of
# arousal, `exponential(0.1)` for sigma, and decov (lesson 09) for how people differ. All of them are given, so
# that no default has a say.

# %%
PRIORS = {
    "Intercept": me.Normal(50, 20),
    "b": me.Normal(0, 1),
    "sigma": me.Exponential(0.1),
    "covariance": me.Decov(),
}
model = me.Model("valence ~ arousal + (arousal | person)", data, priors=PRIORS)
fit = model.fit(seed=SEED)
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
of_these = (truth.beta + truth.b).std(axis=0, ddof=1)
print(f"sds of these twenty people's true lines: {of_these[0]:.1f} and {of_these[1]:.2f}")

# %% [markdown]
# Most numbers are well within two posterior sds of the truth. The sd of intercepts is not, and the model is not
# to blame: the population has 20.5, but the twenty people who were drawn here differ by 13.5. Data about
# twenty people cannot know better.
#
# ## Investigate: a matrix with 46 columns
#
# `as.matrix(fit)` of R has a column for every parameter: two common coefficients, two deviations of every
# person, sigma, two sds and a correlation. So has `fit.matrix()`, by the same names as everywhere:

# %%
matrix = fit.matrix()
print(matrix.shape, matrix.names[:8])
slope_of_3 = matrix["b(person: arousal)[3]"]
print("the same draws:", (slope_of_3 == fit.draws["b(person: arousal)[3]"].ravel()).all())

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


def lines_of(fit, data, truth):
    """Partially pooled, own and true lines, each (person, intercept and slope), in one order."""
    totals = fit.coef()["person"]
    pooled = np.array([[line["Intercept"], line["arousal"]] for line in totals.rows.values()])
    own = []
    for person in totals:
        rows = data["person"] == person
        own.append(np.polyfit(data["arousal"][rows], data["valence"][rows], 1)[::-1])
    order = [int(person) - 1 for person in totals]
    return pooled, np.array(own), (truth.beta + truth.b)[order]


def rms(x):
    """Root mean square over people."""
    return np.sqrt(np.mean(x**2, axis=0))


people, own, lines = lines_of(fit, data, truth)
pooled_error, own_error = rms(people - lines), rms(own - lines)
print("root mean square errors      intercepts  slopes")
print(f"own lines               {own_error[0]:15.2f} {own_error[1]:7.3f}")
print(f"partially pooled        {pooled_error[0]:15.2f} {pooled_error[1]:7.3f}")
print(f"ratio                   {(pooled_error / own_error)[0]:15.2f} ", end="")
print(f"{(pooled_error / own_error)[1]:7.2f}   (1: you guessed {my_guess})")

# %% [markdown]
# Here partial pooling makes both errors smaller by a sixth. That is one data set. Make 50 of the same kind.

# %%
short = {"chains": 2, "warmup": 300, "draws": 300, "progress": False}
ratios = []
for seed in range(SEED, SEED + 50):
    other = me.datasets.simulate_arousal(seed=seed)
    other_fit = me.Model(
        "valence ~ arousal + (arousal | person)", other.columns, priors=PRIORS
    ).fit(seed=SEED, **short)
    pooled, separate, true = lines_of(other_fit, other.columns, other.truth)
    ratios.append(rms(pooled - true) / rms(separate - true))
ratios = np.array(ratios)
print(f"mean ratio: intercepts {ratios[:, 0].mean():.2f}, slopes {ratios[:, 1].mean():.2f}")
helped = (ratios < 1).sum(axis=0)
print(f"errors smaller: intercepts in {helped[0]} of 50 data sets, slopes in {helped[1]}")

# %% [markdown]
# On average pooling takes only some 6% off, and in about one data set of five it does harm. Fourteen ratings
# with little noise say a lot about a person, so there is little left to borrow from others. In lesson 03, with
# five noisy observations each, there was more.
#
# A negative correlation says that those who find dull pictures unpleasant gain most by excitement. Where do the
# lines go then? The correlation is one at arousal 0, and lesson 09 moved a zero. Do it with the true numbers:

# %%
at = np.array([0.0, 50.0, 100.0])
covariance = truth.correlation * truth.sd.prod()
apart = np.sqrt(truth.sd[0] ** 2 + 2 * at * covariance + at**2 * truth.sd[1] ** 2)
nearest = -covariance / truth.sd[1] ** 2
print(
    "people's lines differ by an sd of",
    ", ".join(f"{s:.1f} at {a:.0f}" for a, s in zip(at, apart, strict=True)),
)
print(f"they are nearest to each other at arousal {nearest:.0f}")

# %% [markdown]
# They come together up to the middle of the scale, and then part again: on the right, people differ nearly as
# much as on the left. A negative correlation says that lines cross somewhere to the right of 0, not that people
# agree there.
#
# > **What could go wrong: the second person is number 10.** The names of people are text, and text is sorted as in a
# > dictionary: 1, 10, 11, ..., 2, 20, 3. If you compare the rows of `coef()` with a table that counts from 1
# > to 20, you compare strangers. (The first draft of this lesson did.)

# %%
order = list(totals)
strangers = truth.beta + truth.b  # person 1, 2, 3, ...
of_strangers = rms(people - strangers)
print(f"{order[:4]}: the error would seem to be {of_strangers[0]:.1f} and {of_strangers[1]:.2f}")

# %% [markdown]
# ## Modify: ask someone new
#
# Fourteen pictures for a person who was not there. The effects of the new person are drawn from the
# population, another person in every draw.

# %%
arousal = np.linspace(3, 97, 14)
someone = {"arousal": arousal, "person": ["someone new"] * 14}
known = {"arousal": arousal, "person": ["1"] * 14}
new = fit.predict(someone, new_groups="sample", seed=SEED).reshape(-1, 14)
old = fit.predict(known, seed=SEED).reshape(-1, 14)
print(f"14 ratings of someone new: {new.shape[0]} draws of them")
for name, drawn in (("person 1", old), ("someone new", new)):
    low, high = np.quantile(drawn, [0.05, 0.95], axis=0)
    print(
        f"{name:12s} 90% intervals: {(high - low)[0]:.0f} wide at arousal 3, "
        f"{(high - low)[-1]:.0f} at 97"
    )
width_new, width_old = (np.ptp(np.quantile(x, [0.05, 0.95], axis=0), axis=0) for x in (new, old))
times = width_new / width_old
print(f"{times.min():.1f} to {times.max():.1f} times as wide (3: you guessed {my_guess})")
together = np.corrcoef(new[:, 0], new[:, 1])[0, 1]
print(f"ratings of the same new person go together: correlation {together:.2f} of the first two")

# %% [markdown]
# A new person is drawn once and rates fourteen times, so the fourteen ratings go together. If you take a new
# draw for each picture instead, you have invented fourteen people.
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
ax.plot(arousal, new[1:4].T, color="#555555", linewidth=0.8)
ax.plot(arousal, new[0], color="#555555", linewidth=0.8, label="ratings of four new people")
first = data["person"] == "1"
ax.plot(
    data["arousal"][first], data["valence"][first], "o", color="#0072B2", label="person 1, ratings"
)
ax.set(xlabel="arousal", ylabel="valence", title="Person 1, and people it might be")
ax.legend(frameon=False, loc="upper left")
me.plots.show(
    figure,
    """Valence against arousal: a blue band for person 1's ratings, a much wider grey one for someone new's,
    the ratings of person 1, and four jagged lines, each the fourteen ratings of one invented person. No
    line wanders over the whole height of the grey band, since it belongs to one person.""",
)

# %% [markdown]
# ## Make
#
# 1. How sure are you that person 3's slope is above person 2's, and above person 1's? What is true?
#    (`fit.draws["b(person: arousal)[2]"]` are the draws of a deviation. Why do you not need the totals?)
# 2. Leave the priors out, `priors=None`. Which of the six numbers of the summary moves most, in posterior sds?
# 3. Valence is a scale of 0 to 100. Which share of the ratings that are predicted for someone new leaves it?
#    Which share of the data does? What would you change if that mattered?
#
# ## Sources
#
# The study's numbers, the priors and the verbs: B. Goodrich, lecture on hierarchical models with rstanarm and
# brms. decov: B. Goodrich et al., *rstanarm*.
