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
# # Answers to 09 · Correlated slopes, LKJ, new subjects

# %%
import numpy as np

import mcmc_edu as me

data = me.datasets.sleepstudy()
PRIORS = {"sd": me.HalfT(3, 40), "cor": me.LKJ(1)}
INTERCEPT, DAYS = "sd(Subject: Intercept)", "sd(Subject: Days)"
COR = "cor(Subject: Intercept, Days)"


def fit_of(bar, rows=data, priors=PRIORS):
    """Fit `Reaction ~ Days` and a bar."""
    return me.Model(f"Reaction ~ Days + {bar}", rows, priors=priors).fit(seed=1)


def mean_and_sd(draws):
    """Return both in words."""
    return f"{draws.mean():6.2f} ± {draws.std():.2f}"


both = fit_of("(Days | Subject)")

# %% [markdown]
# ## 1 · Without the first two days

# %%
late = data["Days"] >= 2
rows = {name: column[late] for name, column in data.items()}
shortened = fit_of("(Days | Subject)", {**rows, "Days": rows["Days"] - 2})
print("                      ten days           from day 2")
for label, name in (
    ("mean slope", "Days"),
    ("sd of slopes", DAYS),
    ("sd of intercepts", INTERCEPT),
    ("correlation", COR),
):
    print(
        f"{label:17s} {mean_and_sd(both.draws[name]):>15s} "
        f"{mean_and_sd(shortened.draws[name]):>20s}"
    )

# %% [markdown]
# The mean slope is steeper, as the days without effect are gone. The sd of the slopes and the correlation
# move by less than their posterior sds. And beware of the correlation: it is now one between the slope and
# the level on *day 2*, another question than before, so it need not stay the same.
#
# ## 2 · Which bar depends on the zero?

# %%
spread = {}
print("sd of a newcomer's line on   day 0   day 9")
for bar in ("(Days || Subject)", "(Days | Subject)"):
    for zero in (0.0, 4.5):
        fit = fit_of(bar, {**data, "Days": data["Days"] - zero})
        newcomer = {"Days": np.array([0.0, 9.0]) - zero, "Subject": ["new", "new"]}
        line = fit.linpred(newcomer, new_groups="sample", seed=1)
        spread[bar, zero] = line.std(axis=(0, 1))
        print(f"{bar:18s} 0 is day {zero:.1f} {spread[bar, zero].round(1)}")

# %% [markdown]
# `||` depends on the zero by much. It says that the correlation is 0 where 0 is, and on any other day it is
# then not 0: with another zero it is another model, with another likelihood. `|` has a correlation for every
# zero, so its likelihood does not depend on the zero. What is left is the prior: LKJ(1) and the half-t of the
# intercepts are about *this* zero, and eighteen drivers leave the prior some influence.
#
# ## 3 · A newcomer with three measurements

# %%
DRIVER = "308"
out = data["Subject"] == DRIVER
first_three = out & (data["Days"] <= 2)
width = {}
for name, known in (("no measurement", ~out), ("days 0, 1 and 2", ~out | first_three)):
    fit = fit_of("(Days | Subject)", {column: x[known] for column, x in data.items()})
    question = {"Days": np.array([9.0]), "Subject": [DRIVER]}
    drawn = {
        "line": fit.linpred(question, new_groups="sample", seed=1),
        "measurement": fit.predict(question, new_groups="sample", seed=1),
    }
    for what, values in drawn.items():
        low, high = np.quantile(values, [0.05, 0.95])
        width[name, what] = high - low
        print(f"{name:16s} {what:12s} on day 9: {low:.0f} to {high:.0f}, {high - low:.0f} ms wide")

# %% [markdown]
# Three measurements make the interval narrower by about a fifth. They say how quick the driver is, and that
# leaves the slope, which decides about day 9, nearly as open as before. With measurements late in the
# experiment more would be gained.
#
# ## 4 · A zero two thousand days away

# %%
far = {**data, "Days": data["Days"] + 2000}
fits = {
    "about day 0 (decov)": fit_of("(Days | Subject)", far, "rstanarm"),
    "about the mean day (default)": fit_of("(Days | Subject)", far, None),
    "the default, days 0 to 9": fit_of("(Days | Subject)", data, None),
}
for name, fit in fits.items():
    print(
        f"{name:30s} sd of slopes {fit.draws[DAYS].mean():6.3f}, "
        f"sigma {fit.draws['sigma'].mean():5.1f}"
    )
sd_0, sd_1, rho = 24.74, 5.92, 0.066  # lme4's numbers, moved to the far zero
variance = sd_0**2 - 2 * 2000 * rho * sd_0 * sd_1 + 2000**2 * sd_1**2
correlation = (rho * sd_0 - 2000 * sd_1) / np.sqrt(variance)
print(
    f"on the far day 0: sd of intercepts {np.sqrt(variance):.0f} ms, correlation {correlation:.6f}"
)

# %% [markdown]
# With the prior about day 0, all drivers have become alike in slope, `sigma` has grown, and no warning
# says so. On a day two thousand days before the first measurement the lines would have to differ by
# thousands of ms, and intercept and slope to be correlated almost perfectly. The prior thinks
# neither likely. It would rather give up the slopes, and call the differences noise. The default, a prior
# about the mean day, is not touched by where the zero is.
