"""NumPyro, in double precision like all the others; a CPU device for each chain, as it asks for."""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS
from numpyro.infer.util import log_density as numpyro_log_density

from .protocol import Groups, Result, Settings, collapsed_log_likelihood, sums, with_lines

PACKAGES = ["numpyro", "jax", "jaxlib", "numpy"]

numpyro.enable_x64()
numpyro.set_host_device_count(Settings().chains)


class Built(NamedTuple):
    """A model, and the groups' sums where the lines remain to be drawn afterwards."""

    model: Callable[[], None]
    groups: Groups | None


def build(problem: str, data: dict[str, np.ndarray]) -> Built:
    groups = sums(data) if problem == "boelstad_collapsed" else None
    return Built(lambda: MODELS[problem](data), groups)


def normal(name: str, mean: Any, sd: Any, size: int | None = None) -> Any:
    d = dist.Normal(mean, sd)
    return numpyro.sample(name, d.expand([size]).to_event(1) if size else d)


def population() -> dict[str, Any]:
    p = {name: normal(name, 0.0, 3.0) for name in ("mu_alpha", "mu_beta")}
    for name in ("sigma_alpha", "sigma_beta", "sigma"):
        p[name] = numpyro.sample(name, dist.Uniform(0.0, 10.0))
    return p


def lines(alpha: Any, beta: Any, sigma: Any, data: dict[str, np.ndarray]) -> None:
    mean = alpha[data["group"]] + beta[data["group"]] * data["x"]
    numpyro.sample("y", dist.Normal(mean, sigma), obs=data["y"])


def boelstad_centered(data: dict[str, np.ndarray]) -> None:
    p, n = population(), int(data["group"].max()) + 1
    alpha = normal("alpha", p["mu_alpha"], p["sigma_alpha"], n)
    beta = normal("beta", p["mu_beta"], p["sigma_beta"], n)
    lines(alpha, beta, p["sigma"], data)


def boelstad_noncentered(data: dict[str, np.ndarray]) -> None:
    p, n = population(), int(data["group"].max()) + 1
    z_alpha, z_beta = normal("z_alpha", 0.0, 1.0, n), normal("z_beta", 0.0, 1.0, n)
    alpha = numpyro.deterministic("alpha", p["mu_alpha"] + p["sigma_alpha"] * z_alpha)
    beta = numpyro.deterministic("beta", p["mu_beta"] + p["sigma_beta"] * z_beta)
    lines(alpha, beta, p["sigma"], data)


def boelstad_collapsed(data: dict[str, np.ndarray]) -> None:
    numpyro.factor("y", collapsed_log_likelihood(jnp.log, sums(data), population()).sum())


def eight_schools_centered(data: dict[str, np.ndarray]) -> None:
    mu, tau = normal("mu", 0.0, 5.0), numpyro.sample("tau", dist.HalfCauchy(5.0))
    theta = normal("theta", mu, tau, data["y"].size)
    numpyro.sample("y", dist.Normal(theta, data["sd"]), obs=data["y"])


def eight_schools_noncentered(data: dict[str, np.ndarray]) -> None:
    mu, tau = normal("mu", 0.0, 5.0), numpyro.sample("tau", dist.HalfCauchy(5.0))
    z = normal("z", 0.0, 1.0, data["y"].size)
    theta = numpyro.deterministic("theta", mu + tau * z)
    numpyro.sample("y", dist.Normal(theta, data["sd"]), obs=data["y"])


def ill_conditioned_normal(data: dict[str, np.ndarray]) -> None:
    normal("theta", 0.0, data["sd"], data["sd"].size)


MODELS: dict[str, Callable[[dict[str, np.ndarray]], None]] = {
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


def compile(built: Built, settings: Settings) -> tuple[MCMC, Groups | None]:  # noqa: A001
    """Only set up: NumPyro compiles within its first run."""
    mcmc = MCMC(
        NUTS(built.model),
        num_warmup=settings.warmup,
        num_samples=settings.draws,
        num_chains=settings.chains,
        chain_method="parallel",
        progress_bar=False,
    )
    return mcmc, built.groups


def sample(compiled: tuple[MCMC, Groups | None], settings: Settings, seed: int) -> Result:
    mcmc, groups = compiled

    def run() -> dict[str, np.ndarray]:
        mcmc.run(jax.random.PRNGKey(seed), extra_fields=("num_steps", "diverging"))
        draws = {
            name: np.asarray(values)
            for name, values in mcmc.get_samples(group_by_chain=True).items()
            if not name.startswith("z")
        }
        return with_lines(draws, groups, seed) if groups is not None else draws

    draws = run()
    stats = mcmc.get_extra_fields()
    return Result(
        draws=draws,
        gradients=int(stats["num_steps"].sum()),
        divergences=int(stats["diverging"].sum()),
        native=mcmc,
        again=run,
    )


def summarize(result: Result) -> None:
    numpyro.diagnostics.print_summary(result.draws)


def log_density(built: Built, point: dict[str, np.ndarray]) -> float:
    return float(numpyro_log_density(built.model, (), {}, point)[0])
