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
# # Answers to 14c · Prediction is not cause

# %%
import numpy as np

SEED = 1
rng = np.random.default_rng(SEED)


def least_squares(columns, y):
    """Slope of the first column, its standard error, mean squared error of rows left out."""
    X = np.column_stack([*columns, np.ones(y.size)])
    inverse = np.linalg.inv(X.T @ X)
    coefficients = inverse @ X.T @ y
    residual = y - X @ coefficients
    error = np.sqrt(inverse[0, 0] * (residual @ residual) / (y.size - X.shape[1]))
    leverage = np.einsum("ij,jk,ik->i", X, inverse, X)
    return coefficients[0], error, np.mean((residual / (1 - leverage)) ** 2)


# %% [markdown]
# ## 1 · A column that moves only the dose

# %%
n = 10_000
z, u = rng.standard_normal((2, n))
x = z + u + rng.standard_normal(n)
y = 0.5 * x + u + rng.standard_normal(n)
instrument = {}
for name, columns in (
    ("without z", [x]),
    ("with z", [x, z]),
    ("with u, which no one measured", [x, u]),
):
    instrument[name] = slope, error, mse = least_squares(columns, y)
    print(f"{name:30s} mean squared error {mse:.3f}, slope of x {slope:.3f} ± {error:.3f}")
ratio = np.cov(z, y)[0, 1] / np.cov(z, x)[0, 1]
print(f"ratio of covariances with z: {ratio:.3f}")

# %% [markdown]
# z helps to predict y, though it does nothing to y: at an equal dose, a patient of a doctor who
# gives much has a smaller u. And the slope gets *farther* from the truth. Of the dose's variation z
# takes out the part that is innocent, and leaves more of u in the rest. Such a column is called an
# instrument. It does have a use: the ratio of the covariances of z with y and with x is the effect.
#
# ## 2 · Light children of smokers

# %%
births = 100_000
smoker = rng.random(births) < 0.3
defect = rng.random(births) < 0.02
weight = 3.4 - 0.3 * smoker - 1.2 * defect + 0.4 * rng.standard_normal(births)  # kg
died = rng.random(births) < 0.005 + 0.005 * smoker + 0.2 * defect
light = weight < 2.5
risk = {}
for name, rows in (("all", np.ones(births, dtype=bool)), ("light", light)):
    for who, smokes in (("smokers", smoker), ("others", ~smoker)):
        chosen = rows & smokes
        risk[name, who] = died[chosen].mean()
        print(
            f"{name:6s} children of {who:8s} {risk[name, who]:.1%} die, "
            f"{defect[chosen].mean():.1%} have the defect"
        )

# %% [markdown]
# Among all children those of smokers die more often, as we built it in. Among the light ones they
# die less often: a light child of a smoker is light because of the smoking, a light child of
# another mother often because of the defect, which is far worse. Birth weight is a collider of
# smoking and of a hidden cause of death: hospital C, with the defect in between. Smoking is not
# good for anybody here.
#
# ## 3 · Age, measured badly

# %%
n = 200_000
age = rng.standard_normal(n)
x = 0.8 * age + 0.6 * rng.standard_normal(n)
y = -0.5 * x + 1.25 * age + rng.standard_normal(n)
bad = {"without z": least_squares([x], y)[0]}
for sd in (2.0, 1.0, 0.5, 0.0):
    bad[sd] = least_squares([x, age + sd * rng.standard_normal(n)], y)[0]
for name, slope in bad.items():
    print(f"{'sd of the noise ' if name != 'without z' else ''}{name}: slope of x {slope:+.2f}")

# %% [markdown]
# The worse the measurement, the nearer is the slope to the one without z. Already a noise of half
# an sd of age takes it more than a third of the way, and with a noise of one sd it has the wrong
# sign. Here a bad measurement is still better than none: the slope moves towards the truth. But "we
# controlled for age" does not mean that age is out of the way.
