"""BlackJAX: a log density by hand in JAX, on unconstrained parameters; window adaptation and NUTS.

It has no models and no chains of its own, so both are written here as its documentation does:
one chain a CPU device, run with `jax.pmap`; starts uniform on (-2, 2), as Stan's.
"""

import os
from collections.abc import Callable
from typing import Any, NamedTuple

from .protocol import Groups, Result, Settings, collapsed_log_likelihood, sums, with_lines

os.environ["XLA_FLAGS"] = f"--xla_force_host_platform_device_count={Settings().chains}"

import blackjax
import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.stats import cauchy, norm

jax.config.update("jax_enable_x64", True)

PACKAGES = ["blackjax", "jax", "jaxlib", "numpy"]

Values = dict[str, Any]
UPPER = 10.0  # of the uniform priors of scales


class Problem(NamedTuple):
    """A posterior in natural parameters, and how they are made of unconstrained ones."""

    log_density: Callable[[Values], Any]
    """Up to a constant, inside the support."""
    shapes: dict[str, tuple[int, ...]]
    bounded: tuple[str, ...] = ()
    """Parameters on (0, 10)."""
    positive: tuple[str, ...] = ()
    natural: Callable[[Values], Values] = lambda p: p
    """Quantities to keep."""
    groups: Groups | None = None

    def constrain(self, u: Values) -> tuple[Values, Any]:
        """Natural parameters, and the log-Jacobian of the way there."""
        p, log_jacobian = dict(u), 0.0
        for name in self.bounded:
            p[name] = UPPER * jax.nn.sigmoid(u[name])
            log_jacobian += jax.nn.log_sigmoid(u[name]) + jax.nn.log_sigmoid(-u[name])
        for name in self.positive:
            p[name] = jnp.exp(u[name])
            log_jacobian += u[name]
        return p, log_jacobian

    def unconstrained(self, u: Values) -> Any:
        """Log density of unconstrained parameters."""
        p, log_jacobian = self.constrain(u)
        return self.log_density(p) + log_jacobian


SCALES = ("sigma_alpha", "sigma_beta", "sigma")
POPULATION = dict.fromkeys(("mu_alpha", "mu_beta", *SCALES), ())


def means_prior(p: Values) -> Any:
    return norm.logpdf(p["mu_alpha"], 0.0, 3.0) + norm.logpdf(p["mu_beta"], 0.0, 3.0)


def lines(alpha: Any, beta: Any, sigma: Any, data: dict[str, np.ndarray]) -> Any:
    mean = alpha[data["group"]] + beta[data["group"]] * data["x"]
    return norm.logpdf(data["y"], mean, sigma).sum()


def boelstad_centered(data: dict[str, np.ndarray]) -> Problem:
    def log_density(p: Values) -> Any:
        alpha = norm.logpdf(p["alpha"], p["mu_alpha"], p["sigma_alpha"]).sum()
        beta = norm.logpdf(p["beta"], p["mu_beta"], p["sigma_beta"]).sum()
        return means_prior(p) + alpha + beta + lines(p["alpha"], p["beta"], p["sigma"], data)

    n = int(data["group"].max()) + 1
    return Problem(log_density, {**POPULATION, "alpha": (n,), "beta": (n,)}, bounded=SCALES)


def boelstad_noncentered(data: dict[str, np.ndarray]) -> Problem:
    def natural(p: Values) -> Values:
        kept = {name: p[name] for name in POPULATION}
        kept["alpha"] = p["mu_alpha"] + p["sigma_alpha"] * p["z_alpha"]
        kept["beta"] = p["mu_beta"] + p["sigma_beta"] * p["z_beta"]
        return kept

    def log_density(p: Values) -> Any:
        z = norm.logpdf(p["z_alpha"]).sum() + norm.logpdf(p["z_beta"]).sum()
        kept = natural(p)
        return means_prior(p) + z + lines(kept["alpha"], kept["beta"], p["sigma"], data)

    n = int(data["group"].max()) + 1
    shapes = {**POPULATION, "z_alpha": (n,), "z_beta": (n,)}
    return Problem(log_density, shapes, bounded=SCALES, natural=natural)


def boelstad_collapsed(data: dict[str, np.ndarray]) -> Problem:
    groups = sums(data)

    def log_density(p: Values) -> Any:
        return means_prior(p) + collapsed_log_likelihood(jnp.log, groups, p).sum()

    return Problem(log_density, POPULATION, bounded=SCALES, groups=groups)


def eight_schools_centered(data: dict[str, np.ndarray]) -> Problem:
    def log_density(p: Values) -> Any:
        prior = norm.logpdf(p["mu"], 0.0, 5.0) + cauchy.logpdf(p["tau"], 0.0, 5.0)
        theta = norm.logpdf(p["theta"], p["mu"], p["tau"]).sum()
        return prior + theta + norm.logpdf(data["y"], p["theta"], data["sd"]).sum()

    return Problem(log_density, {"mu": (), "tau": (), "theta": (8,)}, positive=("tau",))


def eight_schools_noncentered(data: dict[str, np.ndarray]) -> Problem:
    def natural(p: Values) -> Values:
        return {"mu": p["mu"], "tau": p["tau"], "theta": p["mu"] + p["tau"] * p["z"]}

    def log_density(p: Values) -> Any:
        prior = norm.logpdf(p["mu"], 0.0, 5.0) + cauchy.logpdf(p["tau"], 0.0, 5.0)
        likelihood = norm.logpdf(data["y"], natural(p)["theta"], data["sd"]).sum()
        return prior + norm.logpdf(p["z"]).sum() + likelihood

    shapes = {"mu": (), "tau": (), "z": (8,)}
    return Problem(log_density, shapes, positive=("tau",), natural=natural)


def ill_conditioned_normal(data: dict[str, np.ndarray]) -> Problem:
    def log_density(p: Values) -> Any:
        return norm.logpdf(p["theta"], 0.0, data["sd"]).sum()

    return Problem(log_density, {"theta": data["sd"].shape})


PROBLEMS: dict[str, Callable[[dict[str, np.ndarray]], Problem]] = {
    f.__name__: f
    for f in (
        boelstad_centered,
        boelstad_noncentered,
        boelstad_collapsed,
        eight_schools_centered,
        eight_schools_noncentered,
        ill_conditioned_normal,
    )
}


def build(problem: str, data: dict[str, np.ndarray]) -> Problem:
    return PROBLEMS[problem](data)


class Compiled(NamedTuple):
    """All chains as one executable."""

    chains: Callable[..., Any]
    groups: Groups | None


def compile(problem: Problem, settings: Settings) -> Compiled:  # noqa: A001
    chains = jax.pmap(lambda key: chain(problem, settings, key))
    keys = jax.random.split(jax.random.key(0), settings.chains)
    return Compiled(chains.lower(keys).compile(), problem.groups)


def chain(problem: Problem, settings: Settings, key: Any) -> Any:
    """Warm up and draw: natural draws, gradients of both phases, divergences."""
    key_start, key_warmup, key_draws = jax.random.split(key, 3)
    keys = jax.random.split(key_start, len(problem.shapes))
    start = {
        name: jax.random.uniform(k, shape, minval=-2.0, maxval=2.0)
        for k, (name, shape) in zip(keys, problem.shapes.items(), strict=True)
    }
    warmup = blackjax.window_adaptation(blackjax.nuts, problem.unconstrained)
    (state, tuned), warm = warmup.run(key_warmup, start, settings.warmup)
    kernel = blackjax.nuts(problem.unconstrained, **tuned)

    def one_step(state: Any, key: Any) -> Any:
        state, info = kernel.step(key, state)
        kept = problem.natural(problem.constrain(state.position)[0])
        return state, (kept, info.num_integration_steps, info.is_divergent)

    _, (kept, steps, divergent) = jax.lax.scan(
        one_step, state, jax.random.split(key_draws, settings.draws)
    )
    return kept, steps.sum(), warm.info.num_integration_steps.sum(), divergent.sum()


def sample(compiled: Compiled, settings: Settings, seed: int) -> Result:
    keys = jax.random.split(jax.random.key(seed), settings.chains)
    kept, steps, warmup_steps, divergent = compiled.chains(keys)
    draws = {name: np.asarray(values) for name, values in kept.items()}
    if compiled.groups is not None:
        draws = with_lines(draws, compiled.groups, seed)
    return Result(
        draws=draws,
        gradients=int(steps.sum()),
        warmup_gradients=int(warmup_steps.sum()),
        divergences=int(divergent.sum()),
    )


def summarize(result: Result) -> Any:
    rhat, ess = blackjax.rhat, blackjax.ess
    moments = {name: (x.mean((0, 1)), x.std((0, 1))) for name, x in result.draws.items()}
    return {name: (*moments[name], rhat(x), ess(x)) for name, x in result.draws.items()}


def log_density(problem: Problem, point: dict[str, np.ndarray]) -> float:
    return float(problem.log_density(point))
