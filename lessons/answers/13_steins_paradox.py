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
# # Answers to 13 · Stein's paradox: eighteen batters

# %%
import numpy as np

import mcmc_edu as me

SEED = 1
data = me.datasets.efron_morris()
players = data["player"].tolist()
PRIORS = {"sd": me.HalfNormal(1)}
once = {"player": players, "at_bats": [1] * 18}


def fit_of(formula, rows):
    model = me.Model(f"hits | trials(at_bats) ~ {formula}", rows, family="binomial", priors=PRIORS)
    return model.fit(seed=SEED, draws=4000, progress=False)


plain = fit_of("1 + (1 | player)", data)
chances = plain.epred(once).mean(axis=(0, 1))

# %% [markdown]
# ## 1 · Tell the model that Clemente is a champion

# %%
champion = np.array([float(name == "Clemente") for name in players])
told = fit_of("champion + (1 | player)", {**data, "champion": champion})
new = told.epred({**once, "champion": champion})[:, :, 0]
rest = data["rest_hits"][0] / data["rest_at_bats"][0]
print(
    f"Clemente: 45 at-bats {data['hits'][0] / 45:.3f}, partial pooling {chances[0]:.3f}, ", end=""
)
print(f"told {new.mean():.3f}, rest {rest:.3f}")
print(f"coefficient of champion {told.draws['champion'].mean():.2f}", end=" ")
print(f"± {told.draws['champion'].std():.2f}")
widths = {
    "not told": np.ptp(np.quantile(plain.epred(once)[:, :, 0], [0.05, 0.95])),
    "told": np.ptp(np.quantile(new, [0.05, 0.95])),
}
print(f"width of his 90% interval: not told {widths['not told']:.3f}, told {widths['told']:.3f}")

# %% [markdown]
# The estimate goes almost all the way back to his own average, and its interval is far wider. The
# column is 1 for him alone. So its coefficient is learnt from his 45 at-bats, and from nothing
# else: he is a population of one, without pooling. To learn what champions are like needs more
# champions, or a prior for the coefficient that says what one knew before: champions hit somewhat
# better.
#
# ## 2 · Wait longer


# %%
def season(rng, n, sets=4000):
    """Total squared error of own averages and of James and Stein, on the crooked scale."""
    p = rng.binomial(n, chances, (sets, 18)) / n
    x, theta = (np.sqrt(n) * np.arcsin(2 * q - 1) for q in (p, chances))
    mean = x.mean(axis=1, keepdims=True)
    S = ((x - mean) ** 2).sum(axis=1, keepdims=True)
    shrunk = mean + (1 - 15 / S) * (x - mean)
    return [((estimate - theta) ** 2).sum(axis=1).mean() for estimate in (x, shrunk)]


rng = np.random.default_rng(SEED)
saved = {}
for n in (45, 200, 500, 5000, 20_000):
    own, shrunk = season(rng, n)
    saved[n] = 1 - shrunk / own
    print(f"{n:6d} at-bats: own averages {own:5.2f}, James and Stein {shrunk:5.2f}, ", end="")
    print(f"saved {saved[n]:.0%}")

# %% [markdown]
# The unit of the crooked scale is the error of an average, so own averages always have about 18.
# Even after 5000 at-bats, about ten seasons, more than a tenth is saved. These players differ so
# little that their own averages need a whole career to tell them apart. (The posterior means differ
# less than real players do; with real ones it would be somewhat sooner.) Pooling never becomes
# harmful. It becomes unnecessary.
#
# ## 3 · The positive part

# %%
k, c = 6, 4.0
risk = {}
print("|theta|    plain   positive part")
for length in (0, 1, 2, 4, 8):
    theta = np.append(float(length), np.zeros(k - 1))
    X = theta + rng.standard_normal((200_000, k))
    factor = 1 - c / (X**2).sum(axis=1, keepdims=True)
    losses = [((f * X - theta) ** 2).sum(axis=1) for f in (factor, np.maximum(factor, 0))]
    risk[length] = [loss.mean() for loss in losses]
    print(f"{length:7d} {risk[length][0]:8.3f} {risk[length][1]:15.3f}")

# %% [markdown]
# It helps most at 0, where the factor is often negative, and far out not at all, since there it is
# never negative. It cannot hurt on average, for any theta: a negative factor turns an estimate to
# the other side of 0, which is farther from the truth on average than 0 itself. A single data set
# can be an exception. So the plain rule, which beats the averages, is beaten itself.
