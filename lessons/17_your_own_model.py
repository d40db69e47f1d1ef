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
# # 17 · Your own model, start to finish
#
# **You need** lessons 00 to 04 and 14a. **It takes** about 40 minutes.
# **Afterwards you can** plan a study with fake data from your own model, choose priors by what they
# predict, run and check the model, act on each warning, and write down what you found.
#
# **The question.** A library sends a letter to half of the children of 24 schools, drawn by lot, ten
# children at each school. *Do children with a letter borrow more books, and how many more?*
#
# No data have come yet. That is the best time to begin. We go through seven steps, which are the
# same for your own question: model, priors, fake data, run, checks, change, report.
#
# ## 1 · A model
#
# Books are counts. The first model that comes to mind has a rate for each child, on the log scale:
#
# $$\text{books}_i \sim \text{Poisson}(e^{\eta_i}), \qquad
#   \eta_i = \text{intercept} + \text{letter}_i \, \beta + b_{\text{school}(i)}, \qquad
#   b_j \sim N(0, \text{sd})$$
#
# On the log scale differences are ratios: $\beta = 0$ is no effect, and $e^\beta = 1.3$ is 30% more books.
# A model needs a table with an outcome. We have none, so all outcomes are 0 for now.

# %%
from importlib.metadata import version

import matplotlib.pyplot as plt
import numpy as np

import mcmc_edu as me

SEED = 1  # another seed moves the numbers
BLUE, VERMILION = "#0072B2", "#D55E00"

SCHOOLS, CHILDREN = 24, 10
FORMULA = "books ~ letter + (1 | school)"
plan = {
    "school": np.repeat([f"school {j + 1:02d}" for j in range(SCHOOLS)], CHILDREN),
    "letter": np.tile([0, 1], SCHOOLS * CHILDREN // 2),
    "books": np.zeros(SCHOOLS * CHILDREN, dtype=int),
}

# %% [markdown]
# ## 2 · Priors, by what they predict
#
# A prior on a log rate is hard to judge. What it says about books is easy to judge. So we draw from the
# priors alone: parameters, then books of all children (a **prior predictive check**). Here are priors
# that look modest, and priors that we thought about: a typical child borrows some 4 books, hardly fewer
# than 1 or more than 16; a letter will not double borrowing.

# %%
modest = {"Intercept": me.Normal(0, 3), "b": me.Normal(0, 3), "sd": me.HalfNormal(3)}
thought = {
    "Intercept": me.Normal(np.log(4), 0.7),
    "b": me.Normal(0, 0.35),
    "sd": me.HalfNormal(0.5),
}

beyond = {}
for name, priors in (("modest", modest), ("thought about", thought)):
    made = me.Model(FORMULA, plan, "poisson", priors=priors).prior_predictive(1000, seed=SEED)
    beyond[name] = np.mean(made > 100)
    print(
        f"{name:14s} median child {np.median(made):3.0f} books, most {made.max():14,.0f}; "
        f"more than 100 books: {beyond[name]:.1%} of children"
    )

# %% [markdown]
# With the modest ones one child in eight borrows more than 100 books, and one borrows many billions.
# No one believes that. The others still allow surprising schools, which is
# how it should be: a prior should rule out the absurd, not the unexpected.
#
# ## Predict
#
# Before the letters go out, someone asks: *is the study large enough?* Suppose that a letter means 30%
# more books. We make 40 fake studies from our own model, fit the model to each, and look at the 90%
# interval of `letter`. How many of the 40 intervals will lie above 0 as a whole? And how many will hold
# the true value? Write down both numbers.

# %%
my_guess = "?"  # write your guess between the quotes

# %% [markdown]
# ## Investigate
#
# ### 3 · Fake data from your own model
#
# `model.simulate()` draws the parameters from the priors, or takes values that you give it, and then the
# outcomes. The result has the `data`, the `truth`, and the `model` of the fake data. One line then
# compares a fit with the truth: is it in the interval, and which share of draws is below it (its rank)?

# %%
TRUE = np.log(1.3)
STUDIES = 40
first = me.Model(FORMULA, plan, "poisson", priors=thought)
quick = {"draws": 250, "warmup": 250, "chains": 2, "progress": False}

fake = first.simulate({"letter": TRUE}, seed=SEED)
print(fake.recovery(fake.model.fit(seed=SEED, **quick)))


# %%
def fake_studies(source, family, **values):
    """Ends of the 90% interval of letter in fake studies of a source, shape (study, 2)."""
    ends = []
    for k in range(STUDIES):
        fake = source.simulate({"letter": TRUE, **values}, seed=[SEED, k])
        model = me.Model(FORMULA, fake.data, family, priors=thought)
        fit = model.fit(seed=[SEED, k], **quick)
        ends.append(np.quantile(fit.draws["letter"], [0.05, 0.95]))
    return np.array(ends)


def counts(ends):
    """How many intervals hold the truth, and how many lie above 0."""
    holds = (ends[:, 0] < TRUE) & (ends[:, 1] > TRUE)
    return int(holds.sum()), int((ends[:, 0] > 0).sum())


own = fake_studies(first, "poisson")
held, above = counts(own)
print(
    f"you guessed {my_guess}; of {STUDIES} intervals {above} lie above 0, and {held} hold the truth"
)

# %% [markdown]
# Nine in ten intervals of 90% should hold the truth, and about so many do. (Exactly so many hold if the truth is
# drawn from the prior as well, as in exercise 3. Here it is the same in all studies; that matters little, as the
# data say much more of it than the prior.) If far fewer did, there would be an
# error in the formula, the data or the sampler, and it would be better to know now. And nearly all intervals lie
# above 0: if the model is right, the study is large enough. Remember the *if*.
#
# ### 4 · The data come, and the run
#
# The letters went out, and this is the table. (We make it up, so that everyone may have it. Read the
# function after the checks.)


# %%
def library_table(rng):
    """What the library counted."""
    wish = rng.gamma(2.0, 0.5, SCHOOLS * CHILDREN)
    school = np.repeat(rng.normal(0.0, 0.3, SCHOOLS), CHILDREN)
    return plan | {"books": rng.poisson(4.0 * wish * np.exp(TRUE * plan["letter"] + school))}


table = library_table(np.random.default_rng(SEED + 1))
fit = me.Model(FORMULA, table, "poisson", priors=thought).fit(seed=SEED)
print(fit.summary())

# %% [markdown]
# Read a summary from below. Warnings would stand under the table, the gravest first, and here are none:
# R-hat is near 1 (the four chains agree), the effective sample sizes are large, no trajectory diverged.
# **So nothing speaks against the draws, and we take them for draws from the posterior of this model.** (Lesson 04:
# agreement is no proof. Step 3 was a test of the same code where the answer is known.) Whether the model describes
# the children is another question, and no warning answers it.
#
# ### 5 · Checks: could the model have made these data?
#
# Draw data sets from the fitted model, and compare something that matters, but that the model was not
# fitted to. For a library: how many children borrow nothing at all?


# %%
def without_books(fit):
    """Share of children without a book in data sets from the model, shape (data set,)."""
    made = fit.predict(seed=SEED)
    return (made.reshape(-1, made.shape[-1]) == 0).mean(axis=1)


observed = (table["books"] == 0).mean()
zeros = without_books(fit)
print(
    f"without a book: {observed:.1%} of the children, {zeros.mean():.1%} in data sets from the model, "
    f"at most {zeros.max():.1%} in {zeros.size} of them"
)

# %% [markdown]
# Not one of 4000 data sets has so many children without a book. The Poisson distribution lets children with
# the same rate differ by chance alone. But some children love books, and some do not.
#
# ### 6 · Change the model, and go round again
#
# The negative binomial distribution gives each child a rate of its own around the school's: the
# variance is $\mu + \mu^2 / \phi$ in place of $\mu$. A small $\phi$ means that children differ a lot. Only the
# family changes.

# %%
second = me.Model(FORMULA, table, "negbin", priors=thought)
better = second.fit(seed=SEED)
better_zeros = without_books(better)
print(better.summary())
print(f"without a book: {observed:.1%} of the children, {better_zeros.mean():.1%} from the model")
wider = better.draws["letter"].std() / fit.draws["letter"].std()
print(f"the sd of letter is {wider:.1f} times as large as before")

# %% [markdown]
# Now the share of children without a book is an ordinary one. And look at `letter`: its sd is 1.8 times
# what it was. The first model took 240 children for better witnesses than they are. Now you may read
# `library_table`: every child has a wish of its own to read, which no column holds.
#
# > **What could go wrong: fake data that flatter.** In step 3 the model found its own parameters again.
# > That showed that model, code and sampler fit together. It could not show that children are as the model
# > has it, because the fake children were. Many power analyses are made this way. So make fake data from
# > the *second* model, and fit the first to them:

# %%
phi = float(np.median(better.draws["phi"]))
flattered = fake_studies(second, "poisson", phi=phi)
honest = fake_studies(second, "negbin", phi=phi)
for name, ends in (("Poisson", flattered), ("negative binomial", honest)):
    held, above = counts(ends)
    print(f"fitted as {name:17s} {held} of {STUDIES} intervals hold the truth, {above} lie above 0")

# %% [markdown]
# The wrong model's 90% intervals hold the truth in only about 25 of 40 fake studies, and no warning says so. The right
# one's do in about nine of ten. But fewer of the honest intervals lie above 0: the study is smaller than it seemed.
#
# ## The figure worth keeping

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 4.4), layout="constrained")
bins = (np.arange(0, 62, 2) - 0.5) / table["books"].size
for name, share, color in (
    ("Poisson", zeros, VERMILION),
    ("negative binomial", better_zeros, BLUE),
):
    left.hist(share, bins, color=color, alpha=0.6, label=name)
left.axvline(observed, color="black", label="observed")
left.set(xlabel="share of children without a book", ylabel="data sets from the fitted model")
left.legend(frameon=False)

order = np.argsort(flattered.mean(axis=1))
for place, (low, high) in enumerate(flattered[order]):
    missed = not low < TRUE < high
    right.plot(
        [low, high], [place, place], color=VERMILION if missed else "0.6", lw=3 if missed else 2
    )
right.plot([], [], color="0.6", lw=2, label="holds the truth")
right.plot([], [], color=VERMILION, lw=3, label="misses it")
right.axvline(TRUE, color="black", ls="--", label="truth")
right.set(xlabel="letter, 90% interval", ylabel="fake study, in order", yticks=[])
right.set_title("Poisson, fitted to negative binomial data", fontsize=10)
right.legend(frameon=False, loc="upper left")
me.plots.show(
    figure,
    "Left: the share of children without a book in data sets from both fitted models. The observed "
    "share is far to the right of all data sets of the Poisson model, and among those of the "
    "negative binomial. Right: intervals of the Poisson model in 40 fake studies of negative "
    "binomial children; more than a third miss the true effect.",
)

# %% [markdown]
# Left is the check with the real data, right is what the first model would have cost us.
#
# ## Modify
#
# **When a warning comes.** Here is a run that is far too short, to see some:

# %%
hasty = second.fit(draws=15, warmup=15, seed=SEED, progress=False)
for note in hasty.summary().notes:
    print("-", note)

# %% [markdown]
# What to do first, in the order in which it matters:
#
# | the summary says | it means | do first |
# |---|---|---|
# | `never moved`, `not finite` | the sampler does not work here at all | look at the starts, check the gradient |
# | `R-hat of ... is` | the chains disagree, so no number is to be trusted | run longer; if it stays, plot the chains: are there two places? |
# | `diverged` | there is a place that the chains do not enter | another parameterization, then `target_accept` (lesson 08) |
# | `ess_bulk`, `ess_tail` | few draws, in effect: estimates are rough, and R-hat is not sure either | `fit.extend(...)`, more draws |
# | `E-BFMI` | the tails are explored slowly | another parameterization, better scaled predictors (lesson 08) |
# | `cut off at max_depth` | slow, not wrong | scale the predictors, raise `max_depth` (lesson 07) |
# | `the default prior decides` | the data say little of this number | think of a prior, or say so in the report |
#
# All warnings and notes, word by word, are on the page [warnings.md](warnings.md). Two rules cover most
# of them. A warning about the *draws* is mended by another run or form. A failed *check* is mended by another
# model. And a warning is not a fault of yours: it is the program telling what it cannot promise.
#
# **How much does the prior decide?** The reader of a report asks. Run it with all priors twice as wide:

# %%
wide = {"Intercept": me.Normal(np.log(4), 1.4), "b": me.Normal(0, 0.7), "sd": me.HalfNormal(1.0)}
again = me.Model(FORMULA, table, "negbin", priors=wide).fit(draws=500, seed=SEED)
shift = abs(again.draws["letter"].mean() - better.draws["letter"].mean())
shift = shift / better.draws["letter"].std()
print(f"letter moves by {shift:.2f} of its sd")

# %% [markdown]
# By much less than its uncertainty. Had it moved a lot, the report would have to say that the prior decides.
#
# ## 7 · Report
#
# Say what was asked, the model with all priors, how it was run, what the checks said, what was changed
# and why, the estimate with its uncertainty in units that a reader knows, and how far the prior matters.
# Let the code write the numbers, so that they cannot be wrong:

# %%
ratio = np.exp(better.draws["letter"])
low, high = np.quantile(ratio, [0.05, 0.95])
rows = better.draws.summary().rows.values()
rhat, ess = max(r["rhat"] for r in rows), min(r["ess_bulk"] for r in rows)
chains, draws = ratio.shape
print(f"""
We modelled books borrowed by {table["books"].size} children at {SCHOOLS} schools as negative
binomial with a log link, an effect of the letter, and schools that vary (mcmc_edu {version("mcmc_edu")}).
Priors: intercept Normal(log 4, 0.7), letter Normal(0, 0.35), sd of schools HalfNormal(0.5),
phi the default. They were chosen by prior predictive draws before the data came. A Poisson
model was planned; it expected {zeros.mean():.0%} of children without a book, and {observed:.0%} had none, so
we changed the family after seeing the data ({better_zeros.mean():.0%} expected).
NUTS, {chains} chains of {draws} draws after as many of warm-up; largest R-hat {rhat:.3f}, least bulk ESS
{ess:.0f}, {int(better.draws.stats["divergent"].sum())} divergences. In {STUDIES} simulated studies {counts(honest)[0]} of the 90% intervals held the true effect.
Children with a letter borrowed {np.median(ratio):.2f} times as many books (90% interval {low:.2f} to {high:.2f};
probability of more books {np.mean(ratio > 1):.3f}). With priors twice as wide, the estimate moved by
{shift:.2f} posterior sds.
""")

# %% [markdown]
# The change of model after seeing the data stands in the report: a reader must be able to judge it. Here
# we know the truth, 1.3 times as many books, and the interval holds it. In your study, no one will tell you.
# That is why the fake studies came first.
#
# ## Make
#
# 1. *The same money, another plan.* Make 10 fake studies of 48 schools with 5 children each, and 10 of 8 schools
#    with 30 each, with $\phi = 2$ and the sd of schools given as 0.6. In which plan is the interval of
#    `letter` shorter? In which is that of the *intercept*? Why the difference? (Give each child the
#    letter by turns, as above.)
# 2. *Does the letter work everywhere?* Simulate from `books ~ letter + (letter | school)` with a true
#    `sd(school: letter)` of 0.2, fit the same model, and print its recovery. How much do the data say of
#    that sd? Compare the posterior's sd with the prior's.
# 3. *Ranks.* Draw everything from the priors, `second.simulate(seed=...)`, 25 times, fit each and collect the
#    rank of `letter`. Which mean do the ranks have, and what share is between 0.25 and 0.75? Then fit with the
#    prior `me.Normal(0.5, 0.1)` for `b` to the same data: what do the ranks show?
#
# ## Sources
#
# - A. Gelman, A. Vehtari, D. Simpson and others (2020), *Bayesian Workflow*, arXiv:2011.01808.
# - J. Gabry, D. Simpson, A. Vehtari, M. Betancourt, A. Gelman (2019), *Visualization in Bayesian workflow*,
#   Journal of the Royal Statistical Society A 182, for prior and posterior predictive checks.
# - J. Kruschke (2021), *Bayesian Analysis Reporting Guidelines*, Nature Human Behaviour 5, for the report.
# - S. Talts, M. Betancourt, D. Simpson, A. Vehtari, A. Gelman (2018), arXiv:1804.06788, for ranks.
