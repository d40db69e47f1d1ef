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
# # 04 · "You will just have to trust me"
#
# **The question.** Lesson 03 ended with a number that was wrong: the chain that the blog post ran
# for no pooling misses the exact answer. The post leaves convergence aside with the words of our
# title. Ought we to have trusted it? And how could the author have known, *without* the exact
# answer, which one hardly ever has?
#
# The post prints its seed, its starting values and its step, so we can do better than to quote it: we
# replay its chain, proposal by proposal, on R's own random numbers (10 000 iterations, of which the
# first 2000 are dropped). In R this took three minutes.

# %%
import matplotlib.pyplot as plt
import numpy as np

import mcmc_edu as me

data = me.datasets.boelstad(seed=1)
exact = me.exact(data, pooling="none")  # by a formula: no chain, no error of one
posts = me.comparison.replay(data)["none"]
print(f"the post's chain again, in {posts.seconds:.1f} s: {posts.accept_rate:.2%} accepted")
assert posts.accept_rate == 0.3057  # as in R
truth = data.truth.alpha

# %% [markdown]
# ## Predict
#
# In the next cell four more chains run on the model without pooling. They start by the post's rule, take
# its step, and differ in nothing but the seed of their random numbers, so they estimate the very same 75
# intercepts. The exact posterior means have an RMSE of 0.967. Write down how far from it the four will
# be, and how far from each other.

# %%
runs = [me.comparison.post_chain("none", data, me.RStream(seed)) for seed in (1, 2, 3, 4)]
for run in runs:
    rmse = me.comparison.rmse(run.means("alpha"), truth)
    print(f"a chain of the post's kind: accepted {run.accept_rate:.2f}, RMSE of alpha {rmse:.3f}")
print(
    f"the post's own, replayed:   accepted {posts.accept_rate:.2f}, RMSE of alpha "
    f"{me.comparison.rmse(posts.means('alpha'), truth):.3f}"
)
print(
    f"exact                                      RMSE of alpha "
    f"{me.comparison.rmse(exact['alpha'].mean, truth):.3f}"
)

# %% [markdown]
# They are *too high*, and as a rule that is no accident. The exact estimate is off because the data are
# noisy. The chain's estimate is off by that, and then by the noise of the chain as well, and on average
# the squares of the two add up. (Now and then a chain errs towards the truth, by luck.) To see the
# second part alone, do not compare with the truth; compare with the exact posterior means:

# %%
chain_error = me.comparison.rmse(posts.means("alpha"), exact["alpha"].mean)
width = np.sqrt(np.mean(exact["alpha"].sd ** 2))
print(
    f"the post's estimates are {chain_error:.2f} off the posterior means, whose sd is {width:.2f}"
)
print(f"independent draws that would do as badly: {(width / chain_error) ** 2:.1f}")
off = [me.comparison.rmse(run.means("alpha"), exact["alpha"].mean) for run in runs]
print("our four chains are off by", *(f"{distance:.2f}" for distance in off))
assert round(me.comparison.rmse(posts.means("alpha"), truth), 6) == 1.228333
assert np.mean([me.comparison.rmse(run.means("alpha"), truth) for run in runs]) > 0.967
assert min(off) > 0.3
assert max(off) < 1.0
assert 4 < (width / chain_error) ** 2 < 5

# %% [markdown]
# The mean of $n$ independent draws has the standard error $\text{sd} / \sqrt n$. Read backwards: the
# post's 8000 draws told it about as much as *four or five* independent ones would have.
#
# That was the exact answer speaking. Now without it.
#
# ## R-hat in five lines
#
# If all chains have forgotten where they started, no one can tell them apart. So compare two
# estimates of the variance: *within* the chains, and from all chains together, which also has the
# variance *between* their means in it.


# %%
def rhat_by_hand(chains):
    """Square root of variance of all / variance within; chains has shape (chain, draw)."""
    n = chains.shape[1]
    within = chains.var(axis=1, ddof=1).mean()
    between = chains.mean(axis=1).var(ddof=1)
    return np.sqrt((within * (n - 1) / n + between) / within)


names = runs[0].names
theta = np.stack([run.kept for run in runs])  # (4 chains, 8000 draws, 151 parameters)
by_hand = np.array([rhat_by_hand(theta[:, :, k]) for k in range(len(names))])
library = np.array([me.rhat(theta[:, :, k]) for k in range(len(names))])
typical = int(np.argsort(library)[len(names) // 2])  # in the middle: as many better as worse
print(f"by hand:     median {np.median(by_hand):.2f}, largest {by_hand.max():.2f}")
print(f"the library: median {np.median(library):.2f}, largest {library.max():.2f}")
print(f"parameters with R-hat up to 1.01: {np.sum(library <= 1.01)} of {len(names)}")
print(f"parameters for which the library's is larger: {np.mean(library > by_hand):.0%}")
assert np.mean(library > by_hand) > 0.8
assert np.median(library) > 1.05
assert library.max() > 1.5
assert np.sum(library <= 1.01) < 8

# %% [markdown]
# 1 would be agreement; above 1.01 we do not use the draws. The library is stricter than our five
# lines with nearly every parameter: it cuts each chain into halves first, and works with ranks instead
# of values. The box below shows what the cut is for.
#
# ## Effective draws, by hand
#
# A chain that creeps repeats itself. With $\rho_k$ the correlation of a draw with the one $k$ steps
# later, $n$ draws are worth
#
# $$\text{ESS} = \frac{n}{1 + 2 \sum_{k \ge 1} \rho_k}$$
#
# independent ones. Far out, the estimated $\rho_k$ are nothing but noise, so the sum has to stop
# somewhere. A simple rule: where $\rho_k$ first falls below 0.05.


# %%
def ess_by_hand(chain):
    """Effective sample size of one chain, shape (draw,)."""
    x = chain - chain.mean()
    total, k = 0.0, 1
    while (rho := x[:-k] @ x[k:] / (x @ x)) > 0.05:
        total, k = total + rho, k + 1
    return x.size / (1 + 2 * total)


# %% [markdown]
# Try it where the answer is known: if every draw is $\varphi$ times the one before plus noise, then
# $\rho_k = \varphi^k$, and the sum makes $\text{ESS} = n\,(1 - \varphi) / (1 + \varphi)$.

# %%
rng = np.random.default_rng(1)
phi, known = 0.9, np.zeros(40_000)
for t in range(1, known.size):
    known[t] = phi * known[t - 1] + rng.standard_normal()
print(
    f"formula {known.size * (1 - phi) / (1 + phi):.0f}, by hand {ess_by_hand(known):.0f}, "
    f"library {me.ess_mean(known[None]):.0f}"
)
assert abs(ess_by_hand(known) / me.ess_mean(known[None]) - 1) < 0.15

each = np.array([ess_by_hand(chain) for chain in theta[:, :, typical]])
together = me.ess_bulk(theta[:, :, typical])
print(
    f"{names[typical]}, four chains of 8000: each by itself {each.round().astype(int)}, "
    f"together {together:.0f}"
)
assert together < each.sum()

# %% [markdown]
# Note the last line. Each chain, asked alone, reports some effective draws. Asked *together* they are
# worth less than the sum, for the library adds the disagreement between chains to the variance. A chain
# cannot know about places it has not been to. That is why we never run just one.
#
# ## The figure worth keeping
#
# The same parameter twice: four chains of the post's kind above, four chains of NUTS (lesson 07) below.
# We chose the parameter whose R-hat is in the middle of all 151, neither the worst nor the best.

# %%
model = me.models.no_pooling(data)
nuts = me.sample(
    model.log_density,
    model.start,
    data=model.data,
    names=model.names,
    natural=model.natural,
    seed=1,
)
name = names[typical]
good, bad = nuts[name], theta[:, :, typical]  # (chain, draw)

figure, axes = plt.subplots(2, 3, figsize=(12.5, 6.2), layout="constrained")
for row, (title, chains) in zip(
    axes, (("Metropolis, as in the post", bad), ("NUTS", good)), strict=True
):
    me.plots.trace(chains, row[0], name=f"{title}: {name}")
    row[0].axhline(exact[name].mean, color="black", linestyle="--", linewidth=1.2)
    row[0].set_ylim(min(bad.min(), good.min()), max(bad.max(), good.max()))
    me.plots.rank(chains, row[1])
    me.plots.autocorrelation(chains, row[2], max_lag=200)
    for ax in row:
        ax.get_legend().remove()
for ax, word in zip(axes[0], ("time", "ranks", "memory"), strict=True):
    ax.set_title(word)
plt.show()


def memory(chains, k):
    """Correlation of a draw with the one k later, from all chains together."""
    x = chains - chains.mean(axis=1, keepdims=True)
    return (x[:, :-k] * x[:, k:]).sum() / (x * x).sum()


print(f"memory after 200 steps, walkers: {memory(bad, 200):.2f}")
print("memory after 1, 2, ... 6 steps, NUTS:", *(f"{memory(good, k):.2f}" for k in range(1, 7)))
assert memory(bad, 200) > 0.2
assert memory(good, 1) < -0.2
assert me.ess_mean(good) > 1.3 * good.size
assert max(abs(memory(good, k)) for k in range(5, 201)) < 0.1

# %% [markdown]
# *Time*: sound chains lie over each other like one band of noise around the exact mean (dashed); these
# wander, each on its own way. *Ranks*: sort all draws of all chains; each chain should have its fair
# share of low ranks and of high ones, within the grey band (which is meant for independent draws).
# *Memory*: $\rho_k$, which for the walkers is still large after 200 steps, and for NUTS gone after
# four. (It begins negative: NUTS likes to go to the other side. By the formula for the ESS, these draws
# are worth more than as many independent ones, for the mean.)
#
# ## Investigate: what the post's RMSE really was
#
# Put everything side by side. Exact rows have no Monte Carlo error; the rows with "no" in the last
# column are partly error of the chain.

# %%
report = me.comparison.demonstration(seed=1)
print(report)
assert report.row("none", "post's run, replayed").trust == "no"
assert report.row("none", "NUTS").trust == "yes"
assert report.row("partial", "NUTS").trust == "yes"

# %% [markdown]
# The post set out to show that partial pooling beats no pooling, and that is true. How large is the
# gain? The same division, once with the post's numbers and once with the exact ones:

# %%
for method, none, partial in (
    (
        "post's run",
        report.row("none", "post's run, replayed"),
        report.row("partial", "post's run, replayed"),
    ),
    ("exact", report.row("none", "least squares"), report.row("partial", "exact")),
):
    gain_alpha = 1 - partial.rmse_alpha / none.rmse_alpha
    gain_beta = 1 - partial.rmse_beta / none.rmse_beta
    print(
        f"{method:10s}: partial pooling lowers the RMSE of alpha by {gain_alpha:.0%}, of beta by "
        f"{gain_beta:.0%}"
    )
complete = report.row("complete", "least squares")
print(f"alpha: complete pooling {complete.rmse_alpha:.3f}, no pooling {none.rmse_alpha:.3f}")
assert round(gain_alpha, 2) == 0.24
shown = [report.row(model, "post's run, replayed").rmse_alpha for model in ("none", "partial")]
share = (none.rmse_alpha - partial.rmse_alpha) / (shown[0] - shown[1])
print(f"alpha: share of the post's gap that is shrinkage {share:.2f}")
assert 0.45 < share < 0.55
assert partial.rmse_alpha < complete.rmse_alpha < none.rmse_alpha
assert partial.rmse_beta < none.rmse_beta

# %% [markdown]
# The direction survives, the size does not: for the intercepts, half of the gap that the post shows is
# the error of a chain that had not arrived. And the exact rows tell one thing more, which the post
# could not: for the intercepts even *complete* pooling beats none.
#
# > **What could go wrong: a check that cannot fail.**
# > Two ways to be told that all is well, both taken from real code. R-hat *without splitting* compares
# > whole chains; four chains that drift in step have the same mean, and it says 1.00. And a test of a
# > sampler that we came across reads `r < 1.1 or r > 0.9`, where `and` was meant. Which numbers does
# > that refuse?

# %%
drifting = np.linspace(0.0, 5.0, 1000) + rng.standard_normal((4, 1000))
print(
    f"four chains on the way up: R-hat {rhat_by_hand(drifting):.3f} without splitting, "
    f"{me.rhat(drifting):.2f} with"
)
assert rhat_by_hand(drifting) < 1.01
assert me.rhat(drifting) > 1.3


def looks_converged(r):
    return r < 1.1 or r > 0.9


refused = [r for r in (0.2, 1.0, 1.9, 50.0, 1e9) if not looks_converged(r)]
print(f"R-hats that the test refuses: {refused}")
assert refused == []

# %% [markdown]
# ## How many digits may I print?
#
# The *Monte Carlo standard error* (MCSE) is the standard error of the posterior mean as an estimate:
# $\text{sd} / \sqrt{\text{ESS}}$. A digit is worth printing if another run would most likely show the
# same, or nearly so; a simple rule is to stop where two standard errors are.


# %%
def honest(draws):
    """The mean as text, cut where 2 MCSE begin to show."""
    decimals = int(np.floor(-np.log10(2 * me.mcse_mean(draws))))
    return f"{draws.mean():.{max(decimals, 0)}f}"


for what, draws in (
    ("sigma, NUTS", nuts["sigma"]),
    (f"{name}, NUTS", good),
    (f"{name}, post's kind", bad),
):
    error = me.mcse_mean(draws)
    print(f"{what:22s} computed {draws.mean():.10f}  MCSE {error:.4f}  print {honest(draws)}")
assert abs(nuts["sigma"].mean() - exact["sigma"].mean) < 4 * me.mcse_mean(nuts["sigma"])
assert me.mcse_mean(bad) > 10 * me.mcse_mean(good)

# %% [markdown]
# ## Modify
#
# *Another length.* Let the chains run four times as long. The standard error of an average halves when
# there are four times as many draws. Predict the distance from the exact means, then look.

# %%
print(f"10000 iterations: off the exact means by {np.mean(off):.2f}")
off_long = []
for seed in (1, 2, 3, 4):
    run = me.comparison.post_chain("none", data, me.RStream(seed), iterations=40_000)
    off_long.append(me.comparison.rmse(run.means("alpha"), exact["alpha"].mean))
print(f"40000 iterations: off the exact means by {np.mean(off_long):.2f}")
off_nuts = me.comparison.rmse(nuts["alpha"].mean(axis=(0, 1)), exact["alpha"].mean)
print(f"NUTS, 4 x 1000 draws: off the exact means by {off_nuts:.2f}")
assert 1.3 < np.mean(off) / np.mean(off_long) < 3.5
assert off_nuts < 0.2 * np.mean(off_long)

# %% [markdown]
# *Another step.* The post's proposals have the sd .125 in every direction. Would a better choice have
# saved it? Four chains at each step, all else the same:

# %%
off_by_step = {}
for step in (0.03, 0.0625, 0.125, 0.25, 0.5):
    tried = [me.comparison.post_chain("none", data, me.RStream(s), step=step) for s in (1, 2, 3, 4)]
    off_by_step[step] = np.mean(
        [me.comparison.rmse(run.means("alpha"), exact["alpha"].mean) for run in tried]
    )
    accepted = np.mean([run.accept_rate for run in tried])
    print(
        f"step {step:6.4f}: accepted {accepted:.3f}, off the exact means by {off_by_step[step]:.2f}"
    )
assert min(off_by_step, key=off_by_step.get) in (0.0625, 0.125, 0.25)
assert min(off_by_step.values()) > 10 * off_nuts

# %% [markdown]
# Too small a step creeps, too large a step is refused. The post's step is about as good as any, and none
# is good: in 151 dimensions a random walk is the wrong vehicle.
#
# *Another start.* The post starts its intercepts at draws from $N(2, 0.75)$ and its slopes from
# $N(-2, 0.75)$. The truth was drawn from $N(2, 1)$ and $N(-2, 1)$. Who does not know the truth might start
# at zero, or anywhere. Predict: what does the start do to the distance, and to R-hat?

# %%
rng_start = np.random.default_rng(1)
starts = {
    "the post's rule": lambda: None,
    "all at 0": lambda: np.r_[np.zeros(150), 2.0],
    "N(0, 10)": lambda: np.r_[rng_start.normal(0, 10, 150), 2.0],
}
off_by_start = {}
for where, draw_start in starts.items():
    tried = [
        me.comparison.post_chain("none", data, me.RStream(seed), start=draw_start())
        for seed in (1, 2, 3, 4)
    ]
    off_by_start[where] = np.mean(
        [me.comparison.rmse(run.means("alpha"), exact["alpha"].mean) for run in tried]
    )
    alone = np.mean([me.rhat(tried[0].kept[None, :, k]) for k in range(75)])
    together = np.mean([me.rhat(np.stack([run.kept[:, k] for run in tried])) for k in range(75)])
    print(
        f"start {where:15s}: off by {off_by_start[where]:.2f}; mean R-hat of one chain {alone:.2f}, "
        f"of four {together:.2f}"
    )
    assert alone > 1.05
assert off_by_start["N(0, 10)"] > 2.5 * width
assert off_by_start["the post's rule"] < 0.6 * width

# %% [markdown]
# From a start that knows nothing, the same sampler is off by more than twice the posterior's sd after 8000
# draws. So the post's result owes much to a start next to the answer. R-hat warns each time, and most
# loudly where the chains start far apart.
#
# Now the limit of it all. R-hat can only compare the places that chains have been to. Here is a
# density with two hills ten standard deviations apart, and chains that start on the same hill:

# %%
hills = me.targets.mixture()
for where, starts, expected in (
    ("the same hill", [-5.0, -5.0, -5.0, -5.0], 1.0),
    ("both hills", [-5.0, -5.0, 5.0, 5.0], 1.7),
):
    found = me.sample(
        hills.log_density,
        [[start, 0.0] for start in starts],
        data=hills.data,
        seed=1,
        sampler=me.NUTS(step_size=0.8),  # given, for the first leaps of a search might cross over
    ).array[:, :, 0]
    print(
        f"started on {where:13s}: R-hat {me.rhat(found):.2f}, mean {found.mean():5.2f} "
        f"(exact {hills.mean[0]:.2f})"
    )
    assert abs(me.rhat(found) - expected) < 0.1
    assert abs(found.mean() - hills.mean[0]) > 1.5

# %% [markdown]
# R-hat of 1.00 does not prove that the chains are right; R-hat of 1.7 shows that they have not mixed.
# Start your chains far apart.
#
# ## Make
#
# 1. Repeat the lesson for `"partial"`. Its chains of the post's kind are as bad; why is their RMSE so
#    much less wrong? (Compare the sds of the posterior: `me.exact(data)["alpha"].sd`.)
# 2. Take one chain of the post's kind, give R-hat only that one (`chain[None, :]`), and count how many
#    of the 151 parameters would have been caught. Then take the chain's first 500 draws and its last.
# 3. Replace `ess_by_hand`'s rule to stop by "sum everything", and by "stop at lag 10". Which is too
#    kind, and which fails altogether? (What do all $\rho_k$ of a finite chain add up to?)
#
# ## Sources
#
# J. Bølstad (2018), *The Benefits of Bayesian Hierarchical Modeling*, boelstad.net: the quotation, the
# data, the sampler with its start and step. R-hat: A. Gelman, D. B. Rubin (1992), *Statistical Science* 7, 457-472; as
# computed here, with ESS and rank plots: A. Vehtari et al. (2021), *Bayesian Analysis* 16, 667-718.
# Where to stop the sum: C. J. Geyer (1992), *Statistical Science* 7, 473-483.
