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
# # Answers to 03 · One likelihood, three priors

# %%
from dataclasses import replace

import numpy as np

import mcmc_edu as me

SEED = 1  # another seed moves the numbers
data = me.datasets.boelstad(seed=SEED)
truth, n = data.truth, data.groups
alone, pooled = me.exact(data, pooling="none"), me.exact(data)

# %% [markdown]
# ## 1 · Who is harmed by shrinkage?

# %%
before, after = alone["alpha"].mean, pooled["alpha"].mean
farther = np.abs(after - truth.alpha) > np.abs(before - truth.alpha)
towards_mean = pooled["mu_alpha"].mean
outside = np.abs(truth.alpha - towards_mean)
print(f"farther from the truth after pooling: {farther.sum()} of {n}")
print(f"distance of their true intercept from the mean: {outside[farther].mean():.2f}")
print(f"the same, of the others:                        {outside[~farther].mean():.2f}")
change = (after - truth.alpha) ** 2 - (before - truth.alpha) ** 2  # of the squared error
print(
    f"squared errors, sum: {change[farther].sum():+.1f} for them, "
    f"{change[~farther].sum():+.1f} for the others"
)

# %% [markdown]
# A large minority is harmed. They tend to be unusual people, with a true intercept far from the
# mean: shrinkage pulls everybody in, also those who belong outside. A person's five points cannot
# show whether they are unusual or only unlucky. But what shrinkage costs them is less than half of
# what it saves the others.

# %% [markdown]
# ## 2 · People who are more alike, or less


# %%
def errors_of(sd):
    """RMSE of the intercepts for people whose intercepts and slopes have this sd."""
    people = me.datasets.simulate(sigma_alpha=sd, sigma_beta=sd, seed=SEED)
    report = me.comparison.shrinkage(people, seed=SEED)
    best = (("complete", "least squares"), ("none", "least squares"), ("partial", "exact"))
    return {model: report.row(model, method).rmse_alpha for model, method in best}


alike, different = errors_of(0.2), errors_of(5.0)
for what, found in (("0.2", alike), ("5.0", different)):
    print(f"sd {what}:", ", ".join(f"{model} {value:.3f}" for model, value in found.items()))

# %% [markdown]
# With people nearly alike, complete pooling is nearly true and wins; partial pooling comes close to
# it without having been told. With people very different, complete pooling is far off, and partial
# pooling is about as good as no pooling. You do not have to choose in advance: that is the point of
# learning the population's sd.

# %% [markdown]
# ## 3 · Intercepts and slopes by hand, the population estimated

# %%
x, y = data.x.reshape(n, 5), data.y.reshape(n, 5)
from_mean = x - x.mean(axis=1, keepdims=True)
squares = (from_mean**2).sum(axis=1)
sigma = 2.0
standard_errors = {
    "alpha": sigma * np.sqrt(1 / 5 + x.mean(axis=1) ** 2 / squares),
    "beta": sigma / np.sqrt(squares),
}
by_hand, without = {}, {}
for name, s in standard_errors.items():
    own = alone[name].mean
    mu = own.mean()
    variance = own.var(ddof=1) - (s**2).mean()
    tau = np.sqrt(max(variance, 0.0))  # a variance may come out negative: then all are alike
    weight = tau**2 / (tau**2 + s**2)
    by_hand[name] = me.comparison.rmse(weight * own + (1 - weight) * mu, getattr(truth, name))
    full = me.comparison.rmse(pooled[name].mean, getattr(truth, name))
    without[name] = me.comparison.rmse(own, getattr(truth, name))
    print(
        f"{name:5s}: tau {tau:.2f}; RMSE by hand {by_hand[name]:.3f}, "
        f"no pooling {without[name]:.3f}, full model {full:.3f}"
    )

# %% [markdown]
# It beats no pooling clearly, and no one told it the population. (This way, of taking the
# population's numbers from the data and then treating them as known, is called *empirical Bayes*.)
# If you divided by the number of people instead of one less, or weighted the mean, your numbers
# differ a little.

# %% [markdown]
# ## 4 · No truth

# %%
report = me.comparison.shrinkage(replace(data, truth=None), seed=SEED)
print(report)
figure = report.plot()
me.plots.show(
    figure,
    "Intercept against slope of every person for the three models. Without a truth, each estimate is "
    "tied to the same person's estimate by no pooling.",
)
moved = np.abs(after - before)
print(f"the largest movement of an intercept: {moved.max():.2f}")

# %% [markdown]
# The columns of RMSE are empty and there is no verdict: without a truth there are no errors. What
# is left is how far each person moves, how alike the model believes people to be, and whether the
# chains can be trusted. No figure of the estimates can show which model is right. For that you need
# new observations of the same people, or some that you have left out.
