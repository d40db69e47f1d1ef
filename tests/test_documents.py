"""README, lessons and figures: every command runs, every number is printed by code."""

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib.image
import numpy as np
import pytest
from printed import differences, differences_of_reports, error_of_log_ess
from scipy import ndimage
from scripts import run_script

import mcmc_edu as me
from mcmc_edu import diagnostics, models
from mcmc_edu.cli import main
from mcmc_edu.effects.heterogeneity.fitted import HeterogeneousFit
from mcmc_edu.effects.heterogeneity.group_effects import p_largest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROSE = re.sub(r"^```.*?^```$", "", README, flags=re.MULTILINE | re.DOTALL)


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def errors_of_rmse(posterior: models.Posterior, truth: Any) -> tuple[float, float]:
    """Monte Carlo errors of the RMSE of posterior means, alpha and beta, times sqrt(ESS).

    By the delta method: the posterior sd along the RMSE's derivative by the estimates.
    """
    draws, found = posterior.sample(seed=1, progress=False), []
    for name, true in (("alpha", truth.alpha), ("beta", truth.beta)):
        drawn = draws[name].reshape(draws.array.shape[0] * draws.array.shape[1], -1)
        error = drawn.mean(axis=0) - true
        derivative = error / (true.size * me.comparison.rmse(error + true, true))
        found.append(float((drawn * derivative).sum(axis=1).std()))
    return found[0], found[1]


def test_the_report_in_the_readme_is_what_the_command_prints(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["shrinkage", "--out", str(tmp_path / "shrinkage.png")]) == 0
    printed = capsys.readouterr().out.split("\nfigure: ")[0]
    data = me.datasets.boelstad(seed=1)
    errors = {
        "complete pooling": errors_of_rmse(models.complete_pooling(data), data.truth),
        "no pooling": errors_of_rmse(models.no_pooling(data), data.truth),
        "partial pooling": errors_of_rmse(models.partial_pooling(data), data.truth),
    }
    assert differences_of_reports(blocks("text")[0], printed, errors) == []


def error_of(draws: Any) -> float:
    """Of the mean of draws (chain, draw)."""
    return float(diagnostics.mcse_mean(draws))


def of_a_person(example: dict[str, Any]) -> dict[str, list[float]]:
    """Errors of what the second example prints beneath the summary."""
    draws, late = example["fit"].draws, example["late"][:, :, 0]
    slope = draws["Days"] + draws["b(Subject: Days)"][:, :, 0]
    return {
        "subject 308": [0.0, error_of(slope)],
        "a new person": [0.0, error_of(late), float(diagnostics.mcse_sd(late))],
    }


def of_the_survey(fit: HeterogeneousFit) -> dict[str, list[float]]:
    """Errors of what the third example prints: effects, then evidence of heterogeneity."""
    found: dict[str, list[float]] = {}
    effect, evidence = fit.effect(by="white").table, fit.heterogeneity()
    for label, row in effect.rows.items():
        errors = effect.errors(label)
        ess_error = row["ess"] * error_of_log_ess(row["ess"])
        found[label] = [0.0, *(errors[name] for name in ("estimate", "conf_low", "conf_high"))]
        found[label] += [0.0, 0.0, 0.0, row["mcse"] * error_of_log_ess(row["ess"]), ess_error]
    for name in evidence:
        if errors := evidence.errors(name):
            found[name] = list(errors.values())
    sd = fit.fit.draws["sd(white:male:hawk:intl: ally)"]
    found["The sd of effects beyond"] = [0.0, 0.0, float(diagnostics.mcse_quantile(sd, 0.05))]
    total = fit.parts().total
    best = (total == total.max(axis=2, keepdims=True))[:, :, p_largest(total).argmax()]
    found["Largest effect"] = [0.0] * 4 + [error_of(best.astype(float)), 0.0]
    return found


@pytest.mark.parametrize("i", range(len(blocks("python"))))
def test_an_example_in_the_readme_prints_what_it_shows(
    i: int, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    example: dict[str, Any] = {}
    exec(compile(blocks("python")[i], "README.md", "exec"), example)
    errors = of_a_person(example) if "late" in example else {}
    if "who" in example:
        errors = of_the_survey(example["fit"])
        assert matplotlib.image.imread("effects.png").std() > 0.05
    assert differences(blocks("text")[1 + i], capsys.readouterr().out, errors) == []


def test_commands_are_one_line_each() -> None:
    assert len(blocks("sh")) == 2
    assert all(block.count("\n") == 1 for block in blocks("sh"))


def test_the_readme_is_short() -> None:
    assert len(PROSE.split()) <= 1200


def test_commands_are_written_as_they_are_typed() -> None:
    commands = re.findall(r"`([^`\n]*\b(?:pip|python3?|jupytext|mcmc-edu)\s[^`]*)`", PROSE)
    assert len(commands) >= 6
    assert [c for c in commands if not c.startswith(".venv/bin/")] == []


def test_the_speeds_in_the_readme_are_those_of_the_table() -> None:
    tables = sorted((ROOT / "benchmarks").glob("re*.md"))
    measured = [line for path in tables for line in path.read_text(encoding="utf-8").splitlines()]
    shown = [line for line in README.splitlines() if re.match(r"\| .*\dx \|", line)]
    assert len(shown) == 10
    assert [line for line in shown if line not in measured] == []


OLD_WORDS = re.compile(
    r"\b(anew|lest|shall|whoever|nobody|dear|as it were|held to)\b", re.IGNORECASE
)
"""Words that a reader of today stumbles over; say again, in case, will, who, no one, slow ..."""


def test_words_are_those_of_today() -> None:
    pages = [
        *ROOT.glob("*.md"),
        *ROOT.glob("benchmarks/*.*"),
        *ROOT.glob("lessons/**/*.md"),
        *ROOT.glob("lessons/**/*.py"),
    ]
    pages += [*ROOT.glob("mcmc_edu/**/*.py"), *ROOT.glob("figures/*.py")]
    found = {
        str(page.relative_to(ROOT)): OLD_WORDS.findall(page.read_text(encoding="utf-8"))
        for page in pages
        if page.suffix in (".md", ".py")
    }
    assert {page: words for page, words in found.items() if words} == {}


def test_links_lead_somewhere() -> None:
    pages = ("README.md", "CONTRIBUTING.md", "benchmarks/README.md", "lessons/README.md")
    for page in (ROOT / name for name in pages):
        targets = re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8"))
        assert targets, page
        assert [t for t in targets if not (page.parent / t).exists()] == []


class Drawn(NamedTuple):
    """What there is in a figure."""

    version: str
    """Of the matplotlib that drew it."""
    words: list[str]
    boxes: list[np.ndarray]
    """Corners of the axes, as shares of the picture."""
    lines: list[np.ndarray]
    """Points (n, 2) of each line or mark, in units of its axes."""


def drawn_in(svg: Path) -> Drawn:
    """Read a figure.  The size of its axes depends on that of its letters, and so on the fonts."""
    text = svg.read_text(encoding="utf-8")
    root = ElementTree.fromstring(text)
    picture = np.array(root.get("viewBox", "").split(), dtype=float)[2:]
    version = re.findall(r"Matplotlib v([\d.]+)", text)[0]
    found = Drawn(version, re.findall("<!-- (.*) -->", text), [], [])
    for axes in root.iter():
        if axes.get("id", "").startswith("axes_"):
            corners = numbers_in(next(e for e in axes.iter() if e.get("d")))
            low, high = corners.min(axis=0), corners.max(axis=0)
            found.boxes.append(np.stack([low, high]) / picture)
            for group in axes:
                if group.get("id", "").startswith("line2d_"):
                    clipped = (e for e in group.iter() if e.get("clip-path"))
                    places = [e for part in clipped for e in part.iter() if e.get("x")]
                    shapes = map(numbers_in, places or [group[0]])
                    found.lines.extend((shape - low) / (high - low) for shape in shapes)
    return found


def numbers_in(element: ElementTree.Element) -> np.ndarray:
    """Points (n, 2) of a path, or the one at which something is put."""
    found = element.get("d") or f"{element.get('x')} {element.get('y')}"
    return np.array(re.findall(r"-?\d+\.?\d*", found), dtype=float).reshape(-1, 2)


def ink(png: Path, box: np.ndarray) -> np.ndarray:
    """Pixels of the axes that are not white, beneath what is written at the top."""
    picture = matplotlib.image.imread(png)[:, :, :3]
    (left, top), (right, bottom) = np.round(box * picture.shape[1::-1]).astype(int)
    top += (bottom - top) // 5
    return picture[top : bottom - 4, left + 4 : right - 4].min(axis=2) < 0.9


@pytest.mark.parametrize("script", sorted((ROOT / "figures").glob("*.py")), ids=lambda p: p.stem)
def test_a_figure_is_what_its_script_draws(script: Path, tmp_path: Path) -> None:
    """Every line and mark in its place; and every pixel, by the matplotlib that drew the figure:
    fonts and the edges of circles differ between versions.
    """
    copy = tmp_path / script.name
    copy.write_text(script.read_text())
    found = run_script(copy, tmp_path)
    assert found.returncode == 0, found.stderr
    kept, made = (drawn_in(file.with_suffix(".svg")) for file in (script, copy))
    assert kept.words == made.words
    assert len(kept.lines) == len(made.lines) > 100
    for line, other in zip(kept.lines, made.lines, strict=True):
        np.testing.assert_allclose(line, other, atol=0.002)
    if kept.version.rpartition(".")[0] != made.version.rpartition(".")[0]:
        return
    for boxes in zip(kept.boxes, made.boxes, strict=True):
        here, there = map(ink, (script.with_suffix(".png"), copy.with_suffix(".png")), boxes)
        height, width = np.minimum(here.shape, there.shape)
        assert np.max(np.abs(np.subtract(here.shape, there.shape))) < 10
        here, there = here[:height, :width], there[:height, :width]
        for one, other in ((here, there), (there, here)):
            near = ndimage.binary_dilation(other, iterations=4)
            assert np.mean(near[one]) > 0.999
