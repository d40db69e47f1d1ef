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
# # Answers to 00 · Bayes in twenty lines
#
# First the data and the two functions of the lesson.

# %%
import numpy as np

SEED, TRUTH, SIGMA = 1, 2.0, 6.0
rng = np.random.default_rng(SEED)
noise = SIGMA * rng.standard_normal(400)
hours = rng.uniform(-4.0, 4.0, 400)
gain = TRUTH * hours + noise
slopes = np.linspace(-10.0, 10.0, 4001)
sceptic = np.exp(-0.5 * slopes**2)


def posterior(prior, x, y):
    """Probabilities of the slopes on the grid, given the data."""
    residuals = y - slopes[:, None] * x  # one row per slope, one column per student
    log_likelihood = -0.5 * ((residuals / SIGMA) ** 2).sum(axis=1)
    weights = prior * np.exp(log_likelihood - log_likelihood.max())
    return weights / weights.sum()


def mean_and_sd(grid, weights):
    mean = (grid * weights).sum()
    return mean, np.sqrt(((grid - mean) ** 2 * weights).sum())


# %% [markdown]
# ## 1 · Today's posterior as tomorrow's prior

# %%
today = posterior(sceptic, hours[:6], gain[:6])
tomorrow = posterior(today, hours[6:12], gain[6:12])
at_once = posterior(sceptic, hours[:12], gain[:12])
in_two = mean_and_sd(slopes, tomorrow)
in_one = mean_and_sd(slopes, at_once)
print(f"6, then 6 more: mean {in_two[0]:.6f}, sd {in_two[1]:.6f}")
print(f"12 at once:     mean {in_one[0]:.6f}, sd {in_one[1]:.6f}")

# %% [markdown]
# The two agree in all digits. Likelihoods are multiplied, and a product does not depend on where
# you pause. So you may look at the data as they come in, as long as you use each observation once.

# %% [markdown]
# ## 2 · Priors of other widths

# %%
x, y = hours[:6], gain[:6]
estimate, error = (x * y).sum() / (x * x).sum(), SIGMA / np.sqrt((x * x).sum())
shares = {}
for prior_sd in (0.1, 0.3, 1.0, error, 3.0, 10.0):
    mean, _ = mean_and_sd(slopes, posterior(np.exp(-0.5 * (slopes / prior_sd) ** 2), x, y))
    shares[prior_sd] = mean / estimate
    formula = (1 / error**2) / (1 / error**2 + 1 / prior_sd**2)
    print(f"sd {prior_sd:5.2f}: mean / estimate {shares[prior_sd]:.3f}, formula {formula:.3f}")

# %% [markdown]
# The mean is half of the estimate where the sd of the prior is the standard error: then the two
# sources are equally precise. A narrower prior wins, a wider one gives way. The widest is as good
# as flat.

# %% [markdown]
# ## 3 · A chance, and two priors that are both "flat"

# %%
p = np.linspace(0.0, 1.0, 10_003)[1:-1]  # without 0 and 1, where one prior is infinite
likelihood = p**7 * (1 - p) ** 3
means = {}
for flat_in, prior in {"p": np.ones_like(p), "log odds": 1 / (p * (1 - p))}.items():
    weights = prior * likelihood
    means[flat_in], _ = mean_and_sd(p, weights / weights.sum())
    print(f"flat in {flat_in:8s}: posterior mean {means[flat_in]:.4f}")
print(f"exact: {8 / 12:.4f} and {7 / 10:.4f}")

# %% [markdown]
# Flat in p is worth two more students, one who passes and one who does not. Flat in the log odds
# gives the share itself. Neither says nothing; with ten students the two answers still differ.
