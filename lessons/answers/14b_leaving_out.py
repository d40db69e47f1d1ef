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
# # Answers to 14b · Leaving out: which model predicts best, and what?

# %%
import numpy as np
from scipy.special import logsumexp
from scipy.stats import norm

import mcmc_edu as me

SEED = 1
data = me.datasets.sleepstudy()
y, day = data["Reaction"], np.asarray(data["Days"])
PRIORS = {"sd": me.HalfT(3, 40)}
MODELS = {
    "alike": {"bar": "(Days | Subject)", "pooling": "complete"},
    "levels": {"bar": "(1 | Subject)", "priors": PRIORS},
    "lines": {"bar": "(Days | Subject)", "priors": PRIORS},
}


def fit_of(bar, rows=data, outcome="Reaction", **settings):
    return me.Model(f"{outcome} ~ Days + {bar}", rows, **settings).fit(seed=SEED, progress=False)


def with_se(values):
    return values.sum(), np.sqrt(values.size) * values.std(ddof=1)


# %% [markdown]
# ## 1 · Reaction or its logarithm?

# %%
plain = fit_of(**MODELS["lines"]).loo(refit=True)
logs = fit_of("(Days | Subject)", {**data, "log_y": np.log(y)}, "log_y").loo(refit=True)
try:
    me.compare({"plain": plain, "log": logs})
except ValueError as refusal:
    print(f"refused: {refusal}")
same_unit = logs.pointwise - np.log(y)
gain = same_unit - plain.pointwise
print(f"elpd: plain {plain.elpd:.1f}; log, as it stands {logs.elpd:.1f}; log, per ms ", end="")
print(f"{same_unit.sum():.1f}")
print("log better by {:.1f} ± {:.1f}".format(*with_se(gain)))

# %% [markdown]
# A density is per unit: one is per millisecond, the other per unit of the logarithm. A step of the
# logarithm is $1/y$ milliseconds wide, so $p(y) = p(\log y) / y$, and $-\log y_i$ is added to each
# log density of the second. Without it the second seems to be better by an absurd amount, as it
# would after any change of unit, say to seconds. With it the log is still better, by about two
# standard errors: on the log scale the strange long nights are less strange.
#
# ## 2 · The last three days


# %%
def scores(name, first, days):
    """Log density of each driver's nights on some days, by a fit to the days before `first`."""
    past = {column: values[day < first] for column, values in data.items()}
    future = {column: values[np.isin(day, days)] for column, values in data.items()}
    fit = fit_of(rows=past, **MODELS[name])
    density = norm.logpdf(future["Reaction"], fit.linpred(future), fit.draws["sigma"][:, :, None])
    return logsumexp(density, axis=(0, 1)) - np.log(density[..., 0].size)


ahead, one_by_one = {}, {}
for name in MODELS:
    ahead[name] = scores(name, 7, [7, 8, 9])
    one_by_one[name] = np.concatenate([scores(name, t, [t]) for t in (7, 8, 9)])
    print(
        f"{name:8s} per night: up to three days ahead {ahead[name].mean():.2f}, "
        f"one day ahead {one_by_one[name].mean():.2f}"
    )
lost = {name: one_by_one[name].mean() - ahead[name].mean() for name in MODELS}
print("lines - levels, up to three days ahead: ", end="")
print("{:.1f} ± {:.1f}".format(*with_se(ahead["lines"] - ahead["levels"])))

# %% [markdown]
# Yes, and for `lines` most. A slope learnt from seven days is uncertain, and its error grows with
# every day ahead. (The strange nights of one driver fall into these days, too.) The model `alike`
# learns little from two more days, so it loses almost nothing. Which model is better for three days
# ahead these data cannot say: the error is as large as the difference.
#
# ## 3 · Eighteen rows

# %%
funding = me.datasets.funding()
grants, large = {}, {}
for bar in ("(1 | discipline)", "(male | discipline)"):
    model = me.Model(f"awards | trials(applications) ~ male + {bar}", funding, family="binomial")
    fit = model.fit(draws=500, warmup=500, seed=SEED, progress=False)
    large[bar] = len(fit.loo().untrusted)
    grants[bar] = fit.loo(refit=True, progress=False)
    print(f"{bar:20s} large k: {large[bar]}; with these rows fitted again: ", end="")
    print(f"elpd {grants[bar].elpd:.1f}, p_loo {grants[bar].p_loo:.1f}")
one, two = grants.values()
grant_gain = with_se(two.pointwise - one.pointwise)
print("(male | discipline) better by {:.1f} ± {:.1f}".format(*grant_gain))

# %% [markdown]
# A third of the rows or more have a large k: with two rows per discipline, each row all but has an
# effect of its own, and leaving it out moves that effect far. So they have to be fitted again. Then
# the difference is about one standard error. And it is below 4, where the standard error says
# little. No: these data cannot decide. Decide by what you know: do you believe that the gap is the
# same in all disciplines?
