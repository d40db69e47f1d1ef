"""Stan through PyStan: the programs of `stan/`, Stan's own defaults.

Seconds of sampling are those of Stan's own clock, summed over chains and shared among the cores:
PyStan moves every draw through JSON, which is no fault of Stan's.  That is counted in the time to
the draws.
"""

import re
import shutil
from pathlib import Path
from typing import Any, NamedTuple

import httpstan.cache
import httpstan.models
import numpy as np
import stan

from .protocol import Groups, Result, Settings, sums, with_lines

PACKAGES = ["pystan", "httpstan", "numpy"]

STAN_CLOCK = rb"info: +([0-9.e+-]+) seconds \(Total\)"

PROGRAMS = Path(__file__).parent / "stan"


class Built(NamedTuple):
    """A program, its data, and the groups' sums where the lines remain to be drawn afterwards."""

    program: str
    data: dict[str, Any]
    groups: Groups | None


def build(problem: str, data: dict[str, np.ndarray]) -> Built:
    """Read the program and arrange the data; PyStan wants a seed too, and so waits for `sample`."""
    groups = None
    if problem == "boelstad_collapsed":
        groups = sums(data)
        stan_data = {"groups": groups.n.size, **groups._asdict()}
    elif problem.startswith("boelstad"):
        group = data["group"] + 1
        stan_data = {**data, "group": group, "rows": group.size, "groups": int(group.max())}
    elif problem.startswith("eight_schools"):
        stan_data = {**data, "schools": data["y"].size}
    else:
        stan_data = {**data, "dim": data["sd"].size}
    plain = {k: v.tolist() if isinstance(v, np.ndarray) else v for k, v in stan_data.items()}
    return Built((PROGRAMS / f"{problem}.stan").read_text(), plain, groups)


def compile(built: Built, settings: Settings) -> Built:  # noqa: A001
    stan.build(built.program, data=built.data)
    return built


def sample(built: Built, settings: Settings, seed: int) -> Result:
    found = fit(built, settings, seed)
    draws = {
        name: by_chain(found[name], settings)
        for name in found.param_names
        if not name.startswith("z")
    }
    if built.groups is not None:
        draws = with_lines(draws, built.groups, seed)
    return result(found, draws, settings)


def fit(built: Built, settings: Settings, seed: int) -> Any:
    forget_fits(built.program)
    posterior = stan.build(built.program, data=built.data, random_seed=seed)  # compiled by now
    return posterior.sample(
        num_chains=settings.chains, num_warmup=settings.warmup, num_samples=settings.draws
    )


def result(found: Any, draws: dict[str, np.ndarray], settings: Settings) -> Result:
    """Draws with what Stan tells of the run."""
    totals = [float(re.findall(STAN_CLOCK, output)[0]) for output in found.stan_outputs]
    return Result(
        draws=draws,
        gradients=int(found["n_leapfrog__"].sum()),
        divergences=int(found["divergent__"].sum()),
        sample_seconds=sum(totals) / settings.cores,
        rest="collect",
    )


def forget_fits(program: str) -> None:
    """Drop the draws PyStan keeps on disk by program, data and seed, and would hand out again."""
    folder = httpstan.cache.model_directory(httpstan.models.calculate_model_name(program))
    shutil.rmtree(folder / "fits", ignore_errors=True)


def by_chain(values: np.ndarray, settings: Settings) -> np.ndarray:
    """PyStan's (k, draw * chain), chain running fastest, to (chain, draw) or (chain, draw, k)."""
    x = values.reshape(-1, settings.draws, settings.chains).transpose(2, 1, 0)
    return x[:, :, 0] if x.shape[2] == 1 else x


def summarize(result: Result) -> Any:
    import arviz as az

    return az.summary(az.from_dict(posterior=result.draws))


def log_density(built: Built, point: dict[str, np.ndarray]) -> float:
    posterior = stan.build(built.program, data=built.data, random_seed=1)
    plain = {name: np.asarray(value).tolist() for name, value in point.items()}
    return float(posterior.log_prob(posterior.unconstrain_pars(plain), adjust_transform=False))
