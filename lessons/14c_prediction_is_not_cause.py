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
# # 14c · Prediction is not cause
#
# **You need** lesson 14b. **It takes** about 25 minutes.
# **Afterwards you can** tell a confounder, a mediator and a collider apart, say which of them belong
# in the model of an effect, and say why no score can do this for you.
#
# **The question.** Patients get a drug, some more of it, some less. We have its dose $x$ and the
# blood pressure $y$ a year later. *What does the drug do to the pressure?* There is a third column,
# $z$. Should the model be `y ~ x` or `y ~ x + z`? Lesson 14b has scores for models. Take the better
# one?

# %%
import matplotlib.pyplot as plt
import numpy as np

import mcmc_edu as me

SEED = 1  # another seed moves the numbers

# %% [markdown]
# There are three hospitals. Each has its own third column. In every column 0 is the average, and
# dose and third column are in sds. Here is how the world works, hospital by hospital. The argument `dose` is for
# experiments: with it, *we* set the dose, whatever patient it is.


# %%
def hospital_a(rng, n, dose=None):
    """Age, z, comes first: older patients get more of the drug and have more pressure."""
    z = rng.standard_normal(n)
    x = 0.8 * z + 0.6 * rng.standard_normal(n) if dose is None else dose * np.ones(n)
    y = -0.5 * x + 1.25 * z + rng.standard_normal(n)
    return {"x": x, "z": z, "y": y}


def hospital_b(rng, n, dose=None):
    """Weight, z, comes in between: the drug makes heavy, and weight makes pressure."""
    x = rng.standard_normal(n) if dose is None else dose * np.ones(n)
    z = 0.8 * x + 0.6 * rng.standard_normal(n)
    y = -0.5 * x + 1.25 * z + rng.standard_normal(n)
    return {"x": x, "z": z, "y": y}


def hospital_c(rng, n, dose=None):
    """Visits to a doctor, z, come last: for the drug, and because of the pressure."""
    x = rng.standard_normal(n) if dose is None else dose * np.ones(n)
    y = 0.5 * x + 1.25 * rng.standard_normal(n)
    z = 0.656 * x + 0.288 * y + 0.48 * rng.standard_normal(n)
    return {"x": x, "z": z, "y": y}


HOSPITALS = {"A: age": hospital_a, "B: weight": hospital_b, "C: visits": hospital_c}

# %% [markdown]
# A $z$ that causes both $x$ and $y$ is called a *confounder* (A). One that lies on the way from $x$
# to $y$ is a *mediator* (B). One that both $x$ and $y$ cause is a *collider* (C).
#
# ## Predict
#
# For each of A, B and C: does `y ~ x + z` predict a patient who was left out better than `y ~ x`?
# And in which of the two models is the slope of $x$ the effect of the drug?

# %%
my_guess = "?"  # write your guess between the quotes, e.g. "A: with, without; B: ..."

# %% [markdown]
# ## Investigate: the score and the effect
#
# A thousand patients in each hospital, two models each:

# %%
rng = np.random.default_rng(SEED)
FORMULAS = {"without z": "y ~ x", "with z": "y ~ x + z"}
tables = {name: hospital(rng, 1000) for name, hospital in HOSPITALS.items()}
slopes, gains = {}, {}
for name, table in tables.items():
    fits = {
        which: me.Model(formula, table).fit(draws=500, warmup=500, seed=SEED, progress=False)
        for which, formula in FORMULAS.items()
    }
    slopes[name] = {which: fit.draws["x"].ravel() for which, fit in fits.items()}
    loos = {which: fit.loo() for which, fit in fits.items()}
    gain = loos["with z"].pointwise - loos["without z"].pointwise
    gains[name] = gain.sum(), np.sqrt(gain.size) * gain.std(ddof=1)
    print(
        f"{name:10s} with z predicts better by {gains[name][0]:.0f} ± {gains[name][1]:.0f}; ",
        end="",
    )
    print("slope of x", ", ".join(f"{k} {d.mean():+.2f}" for k, d in slopes[name].items()))

# %% [markdown]
# All three say the same: with $z$, by far; the drug *lowers* the pressure. Now the experiment that
# no column can replace. Give everybody one unit more, and look at what happens to $y$:

# %%
many, effects = 1_000_000, {}
for name, hospital in HOSPITALS.items():
    more, less = (hospital(np.random.default_rng(SEED), many, dose)["y"] for dose in (1.0, 0.0))
    effects[name] = more.mean() - less.mean()
    near = {which: abs(draws.mean() - effects[name]) for which, draws in slopes[name].items()}
    print(f"{name:10s} effect {effects[name]:+.2f}, the slope {min(near, key=near.get)}")
print(f"you guessed {my_guess}")

# %% [markdown]
# In A the drug lowers the pressure by 0.5, and the better predictor has it right. In B and C the
# drug *raises* the pressure by 0.5, and the better predictor has the wrong sign.
#
# - **A, confounder: put it in.** Old patients have more pressure and more of the drug. Without age,
#   the drug is blamed for it.
# - **B, mediator: leave it out.** The drug raises the pressure because it makes people heavy.
#   Compare people of equal weight, and that way is closed. (What is left, −0.5, is the *direct*
#   effect. That is another question.)
# - **C, collider: leave it out.** Among people with many visits, those with little drug must have
#   come for their pressure. So dose and pressure are tied together in another way than by cause.
#
# And the score? It did its work: who wants to *guess* a pressure does well to know the visits, no
# matter what comes first. But it cannot know what comes first. Is that a matter of more data?

# %%
covariances = {}
print("covariances of   x, z    x, y    z, y   and variances of  x       z       y")
for name, hospital in HOSPITALS.items():
    columns = hospital(np.random.default_rng(SEED), many)
    c = covariances[name] = np.cov([columns[k] for k in "xzy"])
    print(f"{name:12s}", *(f"{v:7.3f}" for v in (c[0, 1], c[0, 2], c[1, 2])), " " * 18, end="")
    print(*(f"{v:7.3f}" for v in np.diag(c)))

# %% [markdown]
# The three tables have the *same* distribution: normal, with the same means and covariances. A
# million patients, a better score, a cleverer check: nothing that looks at the columns can tell A
# from C. What causes what has to be known from elsewhere: what was measured when, how doctors
# decide, an experiment.
#
# ## The figure worth keeping

# %%
WITHOUT, WITH = "#0072B2", "#D55E00"
PLACES = {"x": (0.0, 0.0), "y": (1.0, 0.0), "z": (0.5, 0.8)}
ARROWS = {
    "A: age": ("zx", "zy", "xy"),
    "B: weight": ("xz", "zy", "xy"),
    "C: visits": ("xz", "yz", "xy"),
}
LABELS = {"x": "dose", "y": "pressure"}
figure, axes = plt.subplots(
    2, 3, figsize=(10.0, 5.6), layout="constrained", height_ratios=[1.0, 1.2]
)
bins = np.linspace(-1.0, 1.0, 81)
for k, (name, arrows) in enumerate(ARROWS.items()):
    above, below = axes[:, k]
    for tail, head in arrows:
        above.annotate(
            "",
            PLACES[head],
            PLACES[tail],
            arrowprops={
                "arrowstyle": "-|>",
                "shrinkA": 22,
                "shrinkB": 22,
                "color": "black",
                "lw": 1.5,
            },
        )
    for letter, place in PLACES.items():
        label = LABELS.get(letter, name[3:])
        above.text(*place, f"{letter}\n{label}", ha="center", va="center", fontsize=11)
    above.set(xlim=(-0.3, 1.3), ylim=(-0.25, 1.05), title=name[:1] + ": " + name[3:])
    above.axis("off")
    for which, colour in (("without z", WITHOUT), ("with z", WITH)):
        below.hist(slopes[name][which], bins, color=colour, alpha=0.8, label=f"slope {which}")
    below.axvline(effects[name], color="black", linewidth=2, label="the drug's effect")
    below.set(xlabel="slope of x", yticks=[])
    below.set_title("with z predicts better by {:.0f} ± {:.0f}".format(*gains[name]), fontsize=11)
handles = axes[1, 0].get_legend_handles_labels()
figure.legend(*handles, loc="outside lower center", ncols=3, frameon=False)
me.plots.show(
    figure,
    """Three hospitals with their arrows of cause (above) and the posterior of the slope of the dose
    in two models (below). All three look the same: about +0.5 without the third column, about
    -0.5 with it, which also predicts better. The true effect, a black line, lies at -0.5 in A and
    at +0.5 in B and C.""",
)

# %% [markdown]
# One data set may be luck. Here are 100 per hospital, by least squares, where leaving one out has a
# formula: the residual of a row, divided by one minus its leverage.


# %%
def least_squares(columns, y):
    """Slope of the first column, its standard error, and residuals of rows left out."""
    X = np.column_stack([*columns, np.ones(y.size)])
    inverse = np.linalg.inv(X.T @ X)
    coefficients = inverse @ X.T @ y
    residual = y - X @ coefficients
    error = np.sqrt(inverse[0, 0] * (residual @ residual) / (y.size - X.shape[1]))
    leverage = np.einsum("ij,jk,ik->i", X, inverse, X)
    return coefficients[0], error, residual / (1 - leverage)


wins, hits = {}, {}
for name, hospital in HOSPITALS.items():
    wins[name] = hits[name] = 0
    for _ in range(100):
        t = hospital(rng, 1000)
        _, _, without = least_squares([t["x"]], t["y"])
        slope, error, left_out = least_squares([t["x"], t["z"]], t["y"])
        wins[name] += np.mean(left_out**2) < np.mean(without**2)
        hits[name] += abs(slope - effects[name]) < 1.645 * error
    print(f"{name:10s} in {wins[name]} of 100 data sets z predicts better; ", end="")
    print(f"in {hits[name]} the effect lies in the 90% interval of that model")

# %% [markdown]
# > **What could go wrong: let the score choose the controls.**
# > Many packages search through all models for the best score (stepwise regression does, too). Then
# > one reads the slope in the winner as an effect. Here the dose is drawn by lot, so `y ~ x` alone
# > is right, and the effect is 1. There are five more columns: two from before the treatment, a
# > mediator, a collider, and noise.

# %%
n = 500
before, other, x = rng.standard_normal((3, n))
mediator = 0.7 * x + rng.standard_normal(n)
y = 0.3 * x + mediator + before + rng.standard_normal(n)
candidates = {
    "before": before,
    "other": other,
    "mediator": mediator,
    "collider": x + y + rng.standard_normal(n),
    "noise": rng.standard_normal(n),
}
scores = {}
for code in range(2 ** len(candidates)):
    chosen = tuple(name for k, name in enumerate(candidates) if code >> k & 1)
    slope, error, left_out = least_squares([x, *(candidates[k] for k in chosen)], y)
    scores[chosen] = np.mean(left_out**2), slope, error
best = min(scores, key=lambda chosen: scores[chosen][0])
for chosen in ((), ("before",), best):
    mse, slope, error = scores[chosen]
    print(
        f"mean squared error {mse:.2f}, slope of x {slope:+.2f} ± {error:.2f}: x", *chosen, sep=", "
    )

# %% [markdown]
# The winner takes the mediator and the collider, of course: they predict best. Its slope is far
# from 1, with a small standard error. The column from before is the one that helps: it leaves the
# slope right and makes it more precise. So first write down what comes before what. Choose the
# columns from that. Then use scores for what is left: the shape of a curve, the family, pooling.
#
# ## Modify: draw the dose by lot
#
# Give the doses by lot in all three hospitals: call each with `dose=rng.standard_normal(10_000)`.
# Which of the six slopes will change?

# %%
by_lot = {}
for name, hospital in HOSPITALS.items():
    t = hospital(rng, 10_000, dose=rng.standard_normal(10_000))
    by_lot[name] = {
        "without z": least_squares([t["x"]], t["y"])[:2],
        "with z": least_squares([t["x"], t["z"]], t["y"])[:2],
    }
    print(f"{name:10s}", *(f"{k} {s:+.2f} ± {e:.3f}  " for k, (s, e) in by_lot[name].items()))

# %% [markdown]
# Only A changes. There both models are right now, and with age the error is smaller. A lot protects
# from everything that came *before* it. It does not protect from putting in what came *after*: B
# and C go wrong as before, in a perfect experiment.
#
# ## Make
#
# 1. A column that moves only the dose: $z$ says which doctor a patient has, and some doctors give
#    more. There is a cause $u$ of both $x$ and $y$ that was not measured. Simulate with
#    `x = z + u + noise` and `y = 0.5 * x + u + noise`. Predict: does $z$ help to predict $y$? Does
#    it bring the slope nearer to 0.5?
# 2. Children of smokers weigh less, and *among light children* those of smokers die less often. Is
#    smoking good for them? Simulate 100 000 births: smoking makes light, a rare defect makes light,
#    too, and both raise the risk of death. Compare smokers and others, among all children and among
#    the light ones. Which hospital is this?
# 3. In hospital A, age was measured badly: `z + noise`, with noise of sd 0.5, 1 and 2 sds: where
#    does the slope of $x$ go? Is putting in a bad measurement better than leaving it out?
#
# ## Sources
#
# C. Cinelli, A. Forney, J. Pearl (2022), *A crash course in good and bad controls*, *Sociological
# Methods & Research* (which columns, and why). R. McElreath (2020), *Statistical Rethinking*,
# chapters 5 to 7. D. Lindley, M. Novick (1981), *Annals of Statistics* 9, 45-58 (one table, two
# right answers). G. Shmueli (2010), *To explain or to predict?*, *Statistical Science* 25, 289-310.
# S. Hernández-Díaz, E. Schisterman, M. Hernán (2006), *American Journal of Epidemiology* 164,
# 1115-1120 (light children of smokers). J. Pearl (2009), *Causality*, Cambridge.
