"""What a run prints against what a document shows.

What is exact must agree to the digits that are shown.  What is sampled goes another way on another
machine, where the last bit of a logarithm differs; it must agree within its Monte Carlo errors.
"""

import math
import re
from collections.abc import Mapping, Sequence

from scipy import stats

LIMIT = 4.5 * math.sqrt(2.0)
"""Standard errors between two runs of the same length: 4.5 of their difference."""
SD_NOT_NORMAL, QUANTILE_NOT_NORMAL = 2.0, 1.5
"""Errors of sds and quantiles, in those of a normal distribution with the wider of both tails.
Measured over 40 seeds: up to 1.6 and 1.3 in the README's models; 2.5 and 1.7 where eight
observations leave sigma a long tail."""
ESS_ERROR = 0.1
"""Standard error of log ESS, times sqrt(draws / ESS).  Measured over 40 seeds: 0.07 to 0.09 where
the ESS is about the number of draws, 0.24 where it is a fifth of it."""
ACCEPTED_ERROR = 0.01
"""Standard error of a share of accepted proposals, the step size found in warm-up included.
Measured over 30 seeds: 0.004 to 0.010."""
DRAWS = 4000
"""Of all chains, by default."""
RHAT = 1.01
"""What is above it has not converged, whatever was shown."""

Z95 = float(stats.norm.ppf(0.95))

NUMBER = re.compile(r"(?<![\w.])[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?(?!\w)")
SUMMARY = ["mean", "sd", "q5", "q50", "q95", "mcse", "ess_bulk", "ess_tail", "rhat"]
ENDS = "Monte Carlo error at q5 and q95"
"""How the line beneath a table begins that says how well the ends of intervals are known."""
SAMPLED = ("Metropolis", "NUTS")
"""Methods of the shrinkage report whose numbers are sampled."""


def differences(
    shown: str, printed: str, errors: Mapping[str, Sequence[float]] | None = None
) -> list[str]:
    """Lines of `printed` that `shown` does not agree with.

    The rows of a table with the columns of a summary are sampled.  All else is exact, but for the
    lines that begin with a key of `errors`: the Monte Carlo error of each of their numbers.
    """
    lines, found = shown.rstrip().split("\n"), printed.rstrip().split("\n")
    wrong = [] if len(lines) == len(found) else [f"{len(found)} lines, not {len(lines)}"]
    sampled = False
    for line, other in zip(lines, found, strict=False):
        sampled = sampled or line.split() == SUMMARY
        if sampled and len(cells(line)) == 1 + len(SUMMARY):
            same = rows_agree(line, other)
        elif line.startswith(ENDS):
            same = NUMBER.sub("#", line) == NUMBER.sub("#", other) and ends_agree(line, other)
        else:
            of_line = [e for key, e in (errors or {}).items() if line.startswith(key)]
            same = texts_agree(line, other, of_line[0] if of_line else ())
        if not same:
            wrong.append(f"{other!r} is not {line!r}")
    return wrong


def ends_agree(shown: str, found: str) -> bool:
    """Two lines on the errors of quantiles, the last number of each: known to a half."""
    one, two = (float(NUMBER.findall(line)[-1]) for line in (shown, found))
    return abs(one - two) <= 0.5 * max(one, two) + 1.0


def differences_of_reports(
    shown: str, printed: str, errors: Mapping[str, tuple[float, float]]
) -> list[str]:
    """The same of shrinkage reports; `errors` holds the Monte Carlo errors of both RMSE of a model,
    times sqrt(ESS), by the name of the model.
    """
    lines, found = shown.rstrip().split("\n"), printed.rstrip().split("\n")
    wrong = [] if len(lines) == len(found) else [f"{len(found)} lines, not {len(lines)}"]
    columns = cells(lines[0])
    for line, other in zip(lines, found, strict=False):
        if len(cells(line)) != len(columns) + 1:  # no row
            same = texts_agree(line, other)
        else:
            rows = [dict(zip(["", *columns], cells(text), strict=False)) for text in (line, other)]
            same = report_rows_agree(*rows, errors)
        if not same:
            wrong.append(f"{other!r} is not {line!r}")
    return wrong


def cells(line: str) -> list[str]:
    """A table's line, cell by cell; the cells are apart by two spaces or more."""
    return re.split(r" {2,}", line.strip())


def unit(number: str) -> float:
    """One unit in the last digit of a number as it is written; 0 of an integer."""
    digits, _, power = number.partition("e")
    _, point, decimals = digits.partition(".")
    return 10.0 ** (int(power or 0) - len(decimals)) if point or power else 0.0


def numbers_agree(shown: str, found: str, error: float = 0.0) -> bool:
    """Equal within a unit of the last digit and so many Monte Carlo errors of two runs."""
    if not (NUMBER.fullmatch(shown) and NUMBER.fullmatch(found)):
        return shown == found
    return abs(float(shown) - float(found)) <= LIMIT * error + 1.001 * unit(shown)


def texts_agree(shown: str, found: str, errors: Sequence[float] = ()) -> bool:
    """The same words; numbers within their errors, which are 0 if not given."""
    if NUMBER.sub("#", shown).split() != NUMBER.sub("#", found).split():
        return False
    pairs = list(zip(NUMBER.findall(shown), NUMBER.findall(found), strict=True))
    errors = errors or [0.0] * len(pairs)
    return all(numbers_agree(*pair, error) for pair, error in zip(pairs, errors, strict=True))


def rows_agree(shown: str, found: str) -> bool:
    """Two rows of a summary: a name and its columns."""
    ours, theirs = cells(shown), cells(found)
    if not len(ours) == len(theirs) == 1 + len(SUMMARY) or ours[0] != theirs[0]:
        return False
    _, sd, q5, q50, q95, mcse, bulk, tail, rhat = map(float, theirs[1:])
    wide = max(sd, (q95 - q50) / Z95, (q50 - q5) / Z95)
    errors = {
        "mean": mcse,
        "sd": SD_NOT_NORMAL * wide / math.sqrt(2.0 * min(bulk, tail)),
        "q5": QUANTILE_NOT_NORMAL * error_of_quantile(0.05, wide, tail),
        "q50": QUANTILE_NOT_NORMAL * error_of_quantile(0.5, wide, bulk),
        "q95": QUANTILE_NOT_NORMAL * error_of_quantile(0.95, wide, tail),
        "mcse": 0.5 * mcse * error_of_log_ess(bulk),
    }
    texts = [dict(zip(SUMMARY, row[1:], strict=True)) for row in (ours, theirs)]
    return (
        rhat <= RHAT
        and float(texts[0]["rhat"]) <= RHAT
        and all(numbers_agree(*(row[name] for row in texts), errors[name]) for name in errors)
        and ess_agrees(*(row["ess_bulk"] for row in texts))
        and ess_agrees(*(row["ess_tail"] for row in texts))
    )


def report_rows_agree(
    shown: Mapping[str, str], found: Mapping[str, str], errors: Mapping[str, tuple[float, float]]
) -> bool:
    """Two rows of a report, by column; no two runs take the same seconds."""
    shown, found = ({k: v for k, v in row.items() if k != "seconds"} for row in (shown, found))
    if shown.keys() != found.keys() or not shown[""].endswith(SAMPLED):
        return shown.keys() == found.keys() and all(
            numbers_agree(shown[name], found[name]) for name in shown
        )
    by_model = errors[shown[""].split(",")[0]]
    ess, draws, rhat = float(found["ESS"]), float(found["draws"]), float(found["R-hat"])
    at_the_limit = rhat == RHAT  # on which side of it, the two digits do not tell
    return (
        shown[""] == found[""]
        and shown["draws"] == found["draws"]
        and all(
            numbers_agree(shown[f"RMSE {name}"], found[f"RMSE {name}"], error / math.sqrt(ess))
            for name, error in zip(("alpha", "beta"), by_model, strict=True)
        )
        and numbers_agree(shown["accepted"], found["accepted"], ACCEPTED_ERROR)
        and ess_agrees(shown["ESS"], found["ESS"], draws)
        and max(rhat, float(shown["R-hat"])) <= RHAT
        and (shown["trust"] == found["trust"] or at_the_limit)
    )


def error_of_quantile(p: float, sd: float, ess: float) -> float:
    """Standard error of the quantile p of a normal distribution, from so many draws."""
    return sd * math.sqrt(p * (1.0 - p) / ess) / float(stats.norm.pdf(stats.norm.ppf(p)))


def error_of_log_ess(ess: float, draws: float = DRAWS) -> float:
    """Standard error of its logarithm."""
    return ESS_ERROR * math.sqrt(max(1.0, draws / ess))


def ess_agrees(shown: str, found: str, draws: float = DRAWS) -> bool:
    """Effective draws are known to a factor."""
    factor = abs(math.log(float(shown) / float(found)))
    return factor <= LIMIT * error_of_log_ess(max(float(shown), float(found)), draws)
