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
# # Answers to 09c · Why not maximum likelihood?
#
# For this design a study is described by a few numbers: the products of its own lines about their mean, and the
# sum of squares about the lines.

# %%
import numpy as np
from scipy.stats import t

import mcmc_edu as me

DRIVERS = 6
days = np.array([0.0, 2.0, 4.0, 6.0, 8.0])
X = np.column_stack([np.ones(5), days])
INVERSE = np.linalg.inv(X.T @ X)
TRUE_LINE, TRUE_SIGMA = np.array([251.4, 10.47]), 25.59


def covariance(sd_0, sd_1, rho):
    """Covariance of intercept and slope among drivers."""
    return np.array([[sd_0**2, rho * sd_0 * sd_1], [rho * sd_0 * sd_1, sd_1**2]])


def simulated(people, studies, seed=1):
    """Reaction times, shape (study, driver, day)."""
    rng = np.random.default_rng(seed)
    lines = rng.multivariate_normal(TRUE_LINE, people, size=(studies, DRIVERS))
    return lines @ X.T + TRUE_SIGMA * rng.standard_normal((studies, DRIVERS, 5))


def in_a_corner(reaction, divisor=DRIVERS):
    """Whether people = lines - noise has a negative variance, for each study."""
    own = reaction @ X @ INVERSE
    apart = own - own.mean(axis=1, keepdims=True)
    lines = apart.swapaxes(1, 2) @ apart / divisor
    noise = ((reaction - own @ X.T) ** 2).sum(axis=(1, 2)) / (DRIVERS * 3)
    return np.linalg.eigvalsh(lines - noise[:, None, None] * INVERSE)[:, 0] < 0


PEOPLE = covariance(24.74, 5.92, 0.066)
reaction = simulated(PEOPLE, 200)

# %% [markdown]
# ## 1 · REML and Student's t


# %%
def share_that_holds(reaction):
    """Share of the intervals for the mean slope that hold the true one."""
    slopes = (reaction @ X @ INVERSE)[:, :, 1]
    half = t.ppf(0.975, DRIVERS - 1) * slopes.std(axis=1, ddof=1) / np.sqrt(DRIVERS)
    return np.mean(np.abs(slopes.mean(axis=1) - TRUE_LINE[1]) < half)


share = share_that_holds(reaction)
share_of_many = share_that_holds(simulated(PEOPLE, 20_000, seed=2))
print(f"holds in {share:.0%} of the 200 studies, and in {share_of_many:.1%} of 20,000")
by_likelihood, by_reml = in_a_corner(reaction).mean(), in_a_corner(reaction, DRIVERS - 1).mean()
print(f"in a corner: maximum likelihood {by_likelihood:.0%}, REML {by_reml:.0%}")

# %% [markdown]
# The share must be 95%, exactly. The six own slopes are independent draws from one normal distribution, and
# this is the ordinary $t$ interval for its mean: no estimate of anything else enters. In a balanced study the
# question about the *mean* has a classical answer. But REML too has a corner in a large part of the studies,
# so how people *differ*, and what to expect of someone new, is as unsettled as before.
#
# ## 2 · Slopes that do not differ

# %%
alike = in_a_corner(simulated(covariance(24.74, 0.0, 0.0), 200)).mean()
print(f"in a corner: slopes alike {alike:.0%}, slopes with an sd of 5.92 {by_likelihood:.0%}")
print(f"a corner is {alike / by_likelihood:.1f} times as probable if the slopes do not differ")

# %% [markdown]
# Corners are more frequent if slopes are all alike, but not by much. A factor this small would hardly move
# anyone from one opinion to the other. "The estimate is 0" and "people do not differ" are two statements.
#
# ## 3 · Six real drivers

# %%
data = me.datasets.sleepstudy()
real = data["Reaction"].reshape(18, 10)[:, days.astype(int)]
rng = np.random.default_rng(1)
subsets = np.array([real[rng.choice(18, DRIVERS, replace=False)] for _ in range(200)])
of_real = in_a_corner(subsets).mean()
print(f"in a corner: six of the real drivers {of_real:.0%}, simulated drivers {by_likelihood:.0%}")

# %% [markdown]
# With real drivers, too, many studies of six have a corner, so the corner is no peculiarity of simulated
# data. The shares need not agree. The subsets overlap, as they come from eighteen people. And on five of ten
# days these drivers have one particular amount of noise and one particular way to differ, while the simulated
# ones are other people each time, drawn from lme4's estimate.
