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
# **You need** lessons 02 and 03. **It takes** about 60 minutes.
# **Afterwards you can** compute R-hat and effective draws by hand, see that a chain has not converged,
# choose the right effective sample size, and print only digits that mean something.
#
# **The question.** Lesson 03 ended with a number that was wrong: the chain that the blog post ran
# for no pooling misses the exact answer. The post leaves convergence aside with the words of our
# title. Should we have trusted it? And how could the author have known *without* the exact answer,
# which one hardly ever has?
#
# The post prints its seed (1, like ours; with another `SEED` you see what it would have found with
# other data), its starting values and its step, so we need not guess: we replay both of its chains,
# proposal by proposal, on R's own random numbers. Each has 10 000 iterations. The first 2000 are
# dropped as warm-up (lesson 02), to give the chain time to leave its start. In R, the chain for no
# pooling took three minutes.

# %%
import matplotlib.pyplot as plt
import numpy as np

import mcmc_edu as me

SEED = 1  # another seed moves the numbers
WORDS = {"none": "no", "partial": "partial"}
data = me.datasets.boelstad(seed=SEED)
truth = data.truth.alpha
exact = {pooling: me.exact(data, pooling=pooling) for pooling in ("none", "partial")}
posts = me.comparison.replay(data)
for pooling, chain in posts.items():
    print(
        f"{WORDS[pooling]} pooling, the post's chain again: {chain.accept_rate:.2%} accepted, "
        f"{len(chain.kept)} draws kept, {chain.seconds:.1f} s"
    )

# %% [markdown]
# ## Predict
#
# The post estimates 75 intercepts without pooling by the means of its 8000 draws. How many
# *independent* draws from the posterior would have estimated them as well?

# %%
my_guess = "?"  # write your guess between the quotes

# %%
chain, exact_alpha = posts["none"], exact["none"]["alpha"]
distance = me.comparison.rmse(chain.means("alpha"), exact_alpha.mean)
width = np.sqrt(np.mean(exact_alpha.sd**2))
worth = (width / distance) ** 2
print(
    f"the post's estimates are {distance:.2f} off the exact means; the posterior sd is {width:.2f}"
)
print(f"you guessed {my_guess}; independent draws that would do as badly: {worth:.1f}")

# %% [markdown]
# The mean of $n$ independent draws has the standard error $\text{sd} / \sqrt n$. Read backwards:
# the post's 8000 draws told it about as much as *four or five* independent ones. Was it just
# unlucky? Four more chains of the same kind differ in nothing but their random numbers:

# %%
runs = [me.comparison.post_chain("none", data, me.RStream(SEED + k)) for k in (1, 2, 3, 4)]
rmse_exact = me.comparison.rmse(exact_alpha.mean, truth)
print(f"exact means:       RMSE of alpha {rmse_exact:.3f}")
rmses, off, crossed = [], [], []
for name, run in [
    ("the post's chain", chain),
    *((f"chain {k}", runs[k - 1]) for k in (1, 2, 3, 4)),
]:
    from_exact = run.means("alpha") - exact_alpha.mean
    rmses.append(me.comparison.rmse(run.means("alpha"), truth))
    off.append(np.sqrt(np.mean(from_exact**2)))
    crossed.append(2 * np.mean(from_exact * (exact_alpha.mean - truth)))
    print(
        f"{name:16s}:  RMSE of alpha {rmses[-1]:.3f}; squared {rmses[-1] ** 2:.2f} = "
        f"{rmse_exact**2:.2f} exact + {off[-1] ** 2:.2f} chain {crossed[-1]:+.2f} crossed"
    )

# %% [markdown]
# The exact means are off because the data are noisy. A chain's means are off by that, and then by
# the chain's own error. Squared, the two add up, plus a term that says whether the errors point the
# same way. That last term is luck. The post had bad luck here: its chain erred away from the truth.
# The second part is no luck. All five chains have it, and it is large.
#
# That was the exact answer speaking. Now without it.
#
# ## Investigate: R-hat in five lines
#
# If all chains have forgotten where they started, you cannot tell them apart. So compare two
# estimates of the variance: *within* the chains, and from all chains together, which also has the
# variance *between* their means in it.


# %%
def rhat_by_hand(chains):
    """Square root of variance of all / variance within; chains has shape (chain, draw)."""
    n = chains.shape[1]
    within = chains.var(axis=1, ddof=1).mean()
    between = chains.mean(axis=1).var(ddof=1)
    return np.sqrt((within * (n - 1) / n + between) / within)


# %% [markdown]
# R-hat is 1 if the chains agree. Above 1.01 we do not use the draws. The post ran one chain for
# each model, but one chain can be asked, too: cut it into halves and compare these. A chain that
# has arrived does the same in both.

# %%
rhats, effective = {}, {}
for pooling, chain in posts.items():
    halves = [chain.kept[:, k].reshape(2, -1) for k in range(len(chain.names))]
    by_hand = np.array([rhat_by_hand(half) for half in halves])
    rhats[pooling] = np.array([me.rhat(draws[np.newaxis]) for draws in chain.kept.T])
    effective[pooling] = np.array([me.ess_bulk(draws[np.newaxis]) for draws in chain.kept.T])
    print(
        f"{WORDS[pooling]} pooling: R-hat by hand, median {np.median(by_hand):.2f}, largest "
        f"{by_hand.max():.2f}; library {np.median(rhats[pooling]):.2f}, {rhats[pooling].max():.2f}"
    )
    print(
        f"    up to 1.01: {np.sum(rhats[pooling] <= 1.01)} of {len(chain.names)} parameters; "
        f"effective draws: median {np.median(effective[pooling]):.0f}, "
        f"smallest {effective[pooling].min():.1f}"
    )

# %% [markdown]
# It is plain: neither chain has converged. Of the 151 parameters without pooling 16 pass, of the
# 155 with partial pooling 9. (The library cuts a chain into halves, too, and works with ranks
# instead of values. Effective draws come below.) A picture shows it at once:

# %%
middle = int(np.argsort(rhats["none"][:75])[37])  # the intercept in the middle: 37 better, 37 worse
figure, axes = plt.subplots(2, 1, figsize=(9.0, 5.6), sharex=True, layout="constrained")
for ax, pooling, name in zip(
    axes, ("none", "partial"), (f"alpha[{middle}]", "sigma_alpha"), strict=True
):
    chain, answer = posts[pooling], exact[pooling][name]
    draws = chain.draws[:, chain.names.index(name)]
    ax.axhspan(
        answer.mean - 2 * answer.sd,
        answer.mean + 2 * answer.sd,
        color="0.9",
        label="exact mean ± 2 sd",
    )
    ax.axhline(answer.mean, color="black", linestyle="--", linewidth=1.2, label="exact mean")
    ax.plot(np.arange(2000), draws[:2000], color="0.6", linewidth=0.8, label="dropped")
    ax.plot(np.arange(2000, 10_000), draws[2000:], color="#0072B2", linewidth=0.8, label="kept")
    ax.set_title(f"the post's chain for {WORDS[pooling]} pooling: {name}", fontsize=11)
axes[1].set_xlabel("iteration")
axes[0].legend(ncols=4, fontsize=8, loc="lower right")
me.plots.show(
    figure,
    "The post's two chains, one parameter each, against iteration. The band is the exact mean, plus "
    "and minus two posterior sds. Above, the line wanders slowly through the band; below, it never "
    "visits the lower part.",
)

# %% [markdown]
# The upper panel shows the intercept whose R-hat is in the middle of the 75, the lower one how
# alike the model believes the intercepts to be. The grey band is the exact mean, plus and minus two
# posterior sds. A converged chain would fill it like noise. The upper one creeps up and down it a
# few times; the lower one never visits the lower part of its band. Note the warm-up: it removes the
# start, and nothing else. A chain that creeps still creeps afterwards.
#
# With several chains R-hat sees more. We ask our four:

# %%
names = runs[0].names
theta = np.stack([run.kept for run in runs])  # (4 chains, 8000 draws, 151 parameters)
by_hand = np.array([rhat_by_hand(theta[:, :, k]) for k in range(len(names))])
library = np.array([me.rhat(theta[:, :, k]) for k in range(len(names))])
typical = int(np.argsort(library)[len(names) // 2])  # in the middle: as many better as worse
print(f"by hand, chains uncut: median {np.median(by_hand):.2f}, largest {by_hand.max():.2f}")
print(f"the library:           median {np.median(library):.2f}, largest {library.max():.2f}")
print(f"parameters with R-hat up to 1.01: {np.sum(library <= 1.01)} of {len(names)}")

# %% [markdown]
# ## Effective draws, by hand
#
# A chain that creeps repeats itself. With $\rho_k$ the correlation of a draw with the one $k$ steps
# later, $n$ draws are worth
#
# $$\text{ESS} = \frac{n}{1 + 2 \sum_{k \ge 1} \rho_k}$$
#
# independent ones (ESS: effective sample size). Far out, the estimated $\rho_k$ are nothing but
# noise, so the sum has to stop somewhere. A simple rule: where $\rho_k$ first falls below 0.05.


# %%
def ess_by_hand(chain):
    """Effective sample size of one chain, shape (draw,)."""
    x = chain - chain.mean()
    total = 0.0
    for k in range(1, x.size):
        rho = (x[:-k] @ x[k:]) / (x @ x)
        if rho <= 0.05:
            break
        total += rho
    return x.size / (1 + 2 * total)


# %% [markdown]
# Try it where the answer is known: if every draw is $\varphi$ times the one before plus noise, then
# $\rho_k = \varphi^k$, and the sum makes $\text{ESS} = n\,(1 - \varphi) / (1 + \varphi)$.

# %%
rng = np.random.default_rng(SEED)
phi, known = 0.9, np.zeros(40_000)
for t in range(1, known.size):
    known[t] = phi * known[t - 1] + rng.standard_normal()
print(
    f"formula {known.size * (1 - phi) / (1 + phi):.0f}, by hand {ess_by_hand(known):.0f}, "
    f"library {me.ess_mean(known[np.newaxis]):.0f}"
)

each = np.array([ess_by_hand(chain) for chain in theta[:, :, typical]])
together = me.ess_bulk(theta[:, :, typical])
print(
    f"{names[typical]}, four chains of 8000: each by itself {each.round().astype(int)}, "
    f"together {together:.0f}"
)

# %% [markdown]
# The two estimates are near the formula, not equal to it: they are made from one chain, and its
# correlations are noisy. Now the last line. Each chain, asked alone, reports some effective draws.
# Asked *together* they are worth less than the sum, because the library adds the disagreement
# between chains to the variance. A chain cannot know about places it has not been to. That is why
# we never run just one.
#
# ## The figure worth keeping
#
# The same parameter twice: four chains of the post's kind above, four chains of NUTS (lesson 07)
# below. We chose the parameter whose R-hat is in the middle of all 151, neither the worst nor the
# best.

# %%
nuts = me.models.no_pooling(data).sample(seed=SEED)
name = names[typical]
good, bad = nuts[name], theta[:, :, typical]  # (chain, draw)

figure, axes = plt.subplots(2, 3, figsize=(12.5, 6.2), layout="constrained")
for row, (title, chains) in zip(
    axes, (("Metropolis, as in the post", bad), ("NUTS", good)), strict=True
):
    me.plots.trace(chains, row[0], name=f"{title}: {name}")
    row[0].axhline(exact["none"][name].mean, color="black", linestyle="--", linewidth=1.2)
    row[0].set_ylim(min(bad.min(), good.min()), max(bad.max(), good.max()))
    me.plots.rank(chains, row[1])
    me.plots.autocorrelation(chains, row[2], max_lag=200 if chains is bad else 15)
    for ax in row:
        ax.get_legend().remove()
for ax, word in zip(axes[0], ("time (each colour is a chain)", "ranks", "memory"), strict=True):
    ax.set_title(word)
me.plots.show(
    figure,
    "Time, ranks and memory of four Metropolis chains (above) and four NUTS chains (below); each "
    "colour is a chain. The Metropolis chains are far apart and remember for hundreds of steps; the "
    "NUTS chains lie over each other and forget within a few (their panel shows 15 steps only).",
)


def memory(chains, k):
    """Correlation of a draw with the one k later, from all chains together."""
    x = chains - chains.mean(axis=1, keepdims=True)
    return (x[:, :-k] * x[:, k:]).sum() / (x * x).sum()


print(f"memory after 200 steps, Metropolis: {memory(bad, 200):.2f}")
print("memory after 1, 2, ... 6 steps, NUTS:", *(f"{memory(good, k):.2f}" for k in range(1, 7)))

# %% [markdown]
# Each colour is a chain. *Time*: good chains lie over each other like one band of noise around the
# exact mean (dashed). The others wander, each on its own way. *Ranks*: sort all draws of all
# chains. Each chain should have its fair share of low ranks and of high ones, within the grey band
# (which is meant for independent draws). *Memory*: $\rho_k$. It is still large after 200 steps of
# Metropolis, and gone after a few of NUTS.
#
# The memory of NUTS begins *negative*: a draw above the mean is likely to be followed by one below.
# So neighbours err in opposite directions and cancel, and 4000 such draws pin the mean down better
# than 4000 independent ones. That holds for the mean, not for the spread. There are several ESS
# because there are several questions:
#
# | ask | if you report |
# |---|---|
# | `ess_bulk` | nothing yet: ask this first, before you use the draws at all (it works on ranks, so it makes sense even where no mean exists) |
# | `ess_mean` | a posterior mean (`mcse_mean` uses it) |
# | `ess_sd` | a posterior sd |
# | `ess_tail` | the ends of an interval, or a rare event |

# %%
for function in (me.ess_bulk, me.ess_mean, me.ess_sd, me.ess_tail):
    print(f"{function.__name__:8s} of {good.size} draws of NUTS: {function(good):5.0f}")

# %% [markdown]
# > **What could go wrong: a check that cannot fail.**
# > Here are two checks that always say all is well, both taken from real code. R-hat *without
# > splitting* compares whole chains; four chains that drift in step have the same mean, and it says
# > 1.00. And a test of a sampler reads `r < 1.1 or r > 0.9`, where `and` was meant. Which numbers does
# > that refuse?

# %%
drifting = np.linspace(0.0, 5.0, 1000) + rng.standard_normal((4, 1000))
print(
    f"four chains on the way up: R-hat {rhat_by_hand(drifting):.3f} without splitting, "
    f"{me.rhat(drifting):.2f} with"
)


def looks_converged(r):
    return r < 1.1 or r > 0.9


refused = [r for r in (0.2, 1.0, 1.9, 50.0, 1e9) if not looks_converged(r)]
print(f"R-hats that the test refuses: {refused}")

# %% [markdown]
# > **What could go wrong: one seed for two things.**
# > An earlier version of this lesson ran its first chain with the seed of the data. The post's rule
# > draws the start from $N(2, 0.75)$; the generator draws the true intercepts from $N(2, 1)$, with its
# > first 75 random numbers. With the same seed these are the *same* random numbers.

# %%
for what, seed in (("the data's seed", SEED), ("another seed", SEED + 1)):
    start = me.comparison.post_chain("none", data, me.RStream(seed)).start[:75]
    print(
        f"{what:15s}: the start's correlation with the truth {np.corrcoef(start, truth)[0, 1]:.2f}, "
        f"its RMSE {me.comparison.rmse(start, truth):.2f}"
    )

# %% [markdown]
# ## What the post's RMSE really was
#
# The post set out to show that partial pooling beats no pooling, and that is true. How large is the
# gain? We take the difference of the RMSEs, once with the post's means and once with the exact
# ones:

# %%
gap_shown, gap_exact = {}, {}
for stem in ("alpha", "beta"):
    true = getattr(data.truth, stem)
    shown = [me.comparison.rmse(posts[pooling].means(stem), true) for pooling in posts]
    right = [me.comparison.rmse(exact[pooling][stem].mean, true) for pooling in posts]
    gap_shown[stem], gap_exact[stem] = shown[0] - shown[1], right[0] - right[1]
    for what, (none, partial) in (("post's run", shown), ("exact", right)):
        gap = none - partial
        print(f"{stem:5s}: {what:10s} none {none:.3f} - partial {partial:.3f} = {gap:.3f}")
    print(f"       not shrinkage: {1 - gap_exact[stem] / gap_shown[stem]:.0%} of the gap")

# %% [markdown]
# The direction survives, the size does not. For the intercepts, 50% of the gap that the post shows
# is not shrinkage but error of the chains; for the slopes, 22% (with seed 1). Does the error always
# make the gap look larger? Had the post taken another seed, it would have had other data and other
# chains:

# %%
not_shrinkage = []
for seed in range(SEED, SEED + 5):
    other = me.datasets.boelstad(seed=seed)
    gaps = []
    for estimate in (
        {pooling: run.means("alpha") for pooling, run in me.comparison.replay(other).items()},
        {pooling: me.exact(other, pooling=pooling)["alpha"].mean for pooling in posts},
    ):
        none, partial = (
            me.comparison.rmse(estimate[pooling], other.truth.alpha) for pooling in posts
        )
        gaps.append(none - partial)
    not_shrinkage.append(1 - gaps[1] / gaps[0])
print("alpha, share of the gap that is not shrinkage:", *(f"{s:.0%}" for s in not_shrinkage))

# %% [markdown]
# No. A minus means that the chains' error *hides* a part of the gap. So the error has no direction
# that you could correct. A chain that has not converged is wrong by an unknown amount.
#
# ## How many digits may I print?
#
# The *Monte Carlo standard error* (MCSE) is the standard error of the posterior mean as an
# estimate: $\text{sd} / \sqrt{\text{ESS}}$. A digit is worth printing if another run would most
# likely show the same, or nearly so; a simple rule is to stop where two standard errors are. (The
# library's tables print one digit more, which another run may change.)


# %%
def honest(draws):
    """The mean as text, cut where 2 MCSE begin to show."""
    decimals = int(np.floor(-np.log10(2 * me.mcse_mean(draws))))
    return f"{draws.mean():z.{max(decimals, 0)}f}"  # z: 0 and not -0


for what, draws in (
    ("sigma, NUTS", nuts["sigma"]),
    (f"{name}, NUTS", good),
    (f"{name}, post's kind", bad),
):
    error = me.mcse_mean(draws)
    print(f"{what:22s} computed {draws.mean():.10f}  MCSE {error:.4f}  print {honest(draws)}")

# %% [markdown]
# ## Modify
#
# *Another length.* Let the chains run four times as long. The standard error of an average halves
# when there are four times as many draws. Predict the distance from the exact means, then look.

# %%
my_second_guess = "?"  # write your guess between the quotes

# %%
off_long = []
for k in (1, 2, 3, 4):
    run = me.comparison.post_chain("none", data, me.RStream(SEED + k), iterations=40_000)
    off_long.append(me.comparison.rmse(run.means("alpha"), exact_alpha.mean))
off_nuts = me.comparison.rmse(nuts["alpha"].mean(axis=(0, 1)), exact_alpha.mean)
print(f"10000 iterations: off the exact means by {np.mean(off[1:]):.2f}")
print(f"you guessed {my_second_guess}; 40000 iterations: off by {np.mean(off_long):.2f}")
print(f"NUTS, 4 x 1000 draws: off by {off_nuts:.2f}")

# %% [markdown]
# *Another start.* The post starts its intercepts at draws from $N(2, 0.75)$ and its slopes at draws
# from $N(-2, 0.75)$, where the truth was drawn from $N(2, 1)$ and $N(-2, 1)$. If you do not know
# the truth, you might start at zero, or anywhere. Predict: what does the start do to the distance,
# and to R-hat?

# %%
rng_start = np.random.default_rng(SEED)
starts = {
    "the post's rule": lambda: None,
    "all at 0": lambda: np.r_[np.zeros(150), 2.0],
    "N(0, 10)": lambda: np.r_[rng_start.normal(0, 10, 150), 2.0],
}
off_by_start, alone, of_four = {}, {}, {}
for where, draw_start in starts.items():
    tried = [
        me.comparison.post_chain("none", data, me.RStream(SEED + k), start=draw_start())
        for k in (1, 2, 3, 4)
    ]
    off_by_start[where] = np.mean(
        [me.comparison.rmse(run.means("alpha"), exact_alpha.mean) for run in tried]
    )
    alone[where] = np.mean([me.rhat(tried[0].kept[np.newaxis, :, k]) for k in range(75)])
    kept = np.stack([run.kept for run in tried])
    of_four[where] = np.mean([me.rhat(kept[:, :, k]) for k in range(75)])
    print(
        f"start {where:15s}: off by {off_by_start[where]:.2f}; mean R-hat of one chain "
        f"{alone[where]:.2f}, of four {of_four[where]:.2f}"
    )

# %% [markdown]
# Zero happens to be near enough. But from a start that knows nothing, the same sampler is off by
# four times the posterior's sd after a warm-up of 2000 and 8000 draws. So the post's result owes
# much to a start near the answer. R-hat warns each time, and most loudly where the chains start far
# apart.
#
# *The limit of it all.* R-hat can only compare the places that chains have been to. Here is a
# density with two hills ten standard deviations apart, and chains that start on the same hill:

# %%
hills = me.targets.mixture()
found = {}
for where, begin in (
    ("the same hill", [-5.0, -5.0, -5.0, -5.0]),
    ("both hills", [-5.0, -5.0, 5.0, 5.0]),
):
    found[where] = me.sample(
        hills.log_density,
        [[start, 0.0] for start in begin],
        data=hills.data,
        seed=SEED,
        sampler=me.NUTS(step_size=0.8),  # given: the search for one might jump to the other hill
    ).array[:, :, 0]
    print(
        f"started on {where:13s}: R-hat {me.rhat(found[where]):.2f}, mean "
        f"{found[where].mean():z5.2f} (exact {hills.mean[0]:.2f})"
    )

# %% [markdown]
# An R-hat of 1.00 does not prove that the chains are right. An R-hat of 1.7 shows that they have
# not mixed. Start your chains far apart.
#
# ## Make
#
# 1. Run four chains of the post's kind for `"partial"`, too. Their R-hats are worse; why are they
#    less far from the exact means? (Compare the sds of the posterior.)
# 2. Would another step have saved the post? Run four chains without pooling at each of the steps 0.03,
#    0.0625, 0.125, 0.25 and 0.5 (`post_chain(..., step=...)`). Print the share of accepted proposals
#    and the distance from the exact means.
# 3. Replace `ess_by_hand`'s rule to stop by "sum everything", and by "stop at lag 10". Which is too
#    kind, and which fails altogether? (What do all $\rho_k$ of a finite chain add up to?)
#
# The grader examines `ess` and `rhat`: `.venv/bin/mcmc-edu exercises start ess` writes a file to
# begin with, and `.venv/bin/mcmc-edu exercises check ess.py` says what is wrong with yours.
#
# ## Sources
#
# J. Bølstad (2018), *The Benefits of Bayesian Hierarchical Modeling*, boelstad.net: the quotation,
# the data, the sampler with its start and step. R-hat: A. Gelman, D. B. Rubin (1992), *Statistical
# Science* 7, 457-472; as computed here, with ESS and rank plots: A. Vehtari et al. (2021),
# *Bayesian Analysis* 16, 667-718. Where to stop the sum: C. J. Geyer (1992), *Statistical Science*
# 7, 473-483.
