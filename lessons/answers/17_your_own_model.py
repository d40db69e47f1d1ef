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
# # Answers to 17 · Your own model, start to finish

# %%
import numpy as np

import mcmc_edu as me

SEED = 1  # another seed moves the numbers
TRUE = np.log(1.3)
PRIORS = {"Intercept": me.Normal(np.log(4), 0.7), "b": me.Normal(0, 0.35), "sd": me.HalfNormal(0.5)}
quick = {"draws": 300, "warmup": 200, "chains": 1, "progress": False}  # many short fits


def model_of(schools, children, formula="books ~ letter + (1 | school)"):
    """The model of a plan, all outcomes 0 so far."""
    plan = {
        "school": np.repeat(np.arange(schools), children),
        "letter": np.arange(schools * children) % 2,
        "books": np.zeros(schools * children, dtype=int),
    }
    return me.Model(formula, plan, "negbin", priors=PRIORS)


# %% [markdown]
# ## 1 · Many small schools, or few large ones
#
# The mean length of 90% intervals over 10 fake studies of each plan.

# %%
given = {"Intercept": np.log(4), "letter": TRUE, "phi": 2.0, "sd(school: Intercept)": 0.6}
lengths = {}
for schools, children in ((48, 5), (8, 30)):
    model = model_of(schools, children)
    found = []
    for k in range(10):
        fit = model.simulate(given, seed=[SEED, k]).model.fit(seed=[SEED, k], **quick)
        ends = [np.quantile(fit.draws[name], [0.05, 0.95]) for name in ("letter", "Intercept")]
        found.append(np.diff(ends)[:, 0])
    lengths[schools] = np.mean(found, axis=0)
    print(
        f"{schools:2d} schools of {children:2d}: interval of letter {lengths[schools][0]:.2f} long, "
        f"of the intercept {lengths[schools][1]:.2f}"
    )

# %% [markdown]
# `letter` is about as well known in both plans: the letter is drawn by lot *within* schools, so children are compared
# with children of the same school, and 240 of them are 240. The intercept is about the population of schools, and of
# that, 8 schools are a small sample, however many children each has.

# %% [markdown]
# ## 2 · Does the letter work everywhere?

# %%
varying = model_of(24, 10, "books ~ letter + (letter | school)")
fake = varying.simulate(
    {"letter": TRUE, "phi": 2.0, "sd(school: Intercept)": 0.3, "sd(school: letter)": 0.2}, seed=SEED
)
varying_fit = fake.model.fit(seed=SEED)
print(fake.recovery(varying_fit))
posterior_sd = varying_fit.draws["sd(school: letter)"].std()
prior_sd = 0.5 * np.sqrt(1.0 - 2.0 / np.pi)
print(f"sd of sd(school: letter): {posterior_sd:.2f}; of its prior {prior_sd:.2f}")

# %% [markdown]
# The truth is in the interval, but what an interval: it goes from about half of the effect to more than twice the
# effect itself. The posterior's sd is about half the prior's, so the data say something, and not much.
# For more, many more children at each school are needed. It is good to know that before the study.

# %% [markdown]
# ## 3 · Ranks

# %%
model = model_of(24, 10)
narrow = PRIORS | {"b": me.Normal(0.5, 0.1)}
ranks = {"the right prior": [], "the wrong prior": []}
for k in range(25):
    fake = model.simulate(seed=[SEED, k])
    wrong = me.Model(model.design.formula, fake.data, "negbin", priors=narrow)
    for name, one in (("the right prior", fake.model), ("the wrong prior", wrong)):
        fit = one.fit(seed=[SEED, k], **quick)
        ranks[name].append(fake.recovery(fit, "letter")["letter"]["rank"])
for name, values in ranks.items():
    middle = np.mean((np.array(values) > 0.25) & (np.array(values) < 0.75))
    print(f"{name}: mean rank {np.mean(values):.2f}, between 0.25 and 0.75: {middle:.0%}")

# %% [markdown]
# With the right prior ranks are spread evenly: their mean is near one half, and about half of them are in
# the middle. With a prior that is too sure of a large effect, nearly all draws lie above the truth, and ranks
# heap up near 0. Lesson 15 makes a test of this, with bands that say how uneven chance may be.
