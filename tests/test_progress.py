"""How far a long task is: in a terminal, in a notebook, in a log, and nowhere."""

import io
import sys
import textwrap
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from scripts import LONG, environment, run_script

import mcmc_edu as me
from mcmc_edu import progress
from mcmc_edu.progress.counting import Silence, in_order
from mcmc_edu.progress.log import Log
from mcmc_edu.progress.notebook import Notebook
from mcmc_edu.progress.terminal import Terminal

ROOT = Path(me.__file__).parent.parent


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def task(shown, clock: Clock, compiling: float, sampling: float, looks: float = 0.25) -> None:
    """Two phases of so many seconds, in which it is looked now and then."""
    with shown.compiling():
        clock.now += compiling
    total = 1000
    with shown.counting("sampling", "iterations", total) as counter:
        n = round(sampling / looks)
        for k in range(n):
            clock.now += looks
            counter.advance(total * (k + 1) // n - total * k // n)
            counter.look()


def logged(compiling: float, sampling: float, **options) -> list[str]:
    clock, stream = Clock(), io.StringIO()
    task(Log(stream, clock=clock, **options), clock, compiling, sampling)
    return stream.getvalue().splitlines()


# --- in a log


@pytest.mark.parametrize(("compiling", "sampling"), [(0.2, 0.5), (2.0, 0.75), (0.0, 2.75)])
def test_a_log_gets_nothing_of_what_is_over_soon(compiling: float, sampling: float) -> None:
    assert logged(compiling, sampling) == []


@pytest.mark.parametrize(("compiling", "sampling"), [(0.5, 9.5), (5.0, 5.0), (9.5, 0.5)])
def test_a_log_gets_both_phases_of_a_run_of_ten_seconds(compiling, sampling) -> None:
    lines = logged(compiling, sampling)
    assert lines[0] == f"mcmc_edu: compiling: {compiling:.1f} s"
    assert lines[-1] == f"mcmc_edu: sampling: 1000 iterations in {sampling:.1f} s"
    assert len(lines) >= 2


def test_lines_of_a_log_say_how_far_it_is_and_become_rarer() -> None:
    lines = logged(1.0, 20.0)
    assert lines[1:] == [
        "mcmc_edu: sampling: 100 of 1000 iterations (10 %), 2 s, 18 s to go",
        "mcmc_edu: sampling: 250 of 1000 iterations (25 %), 5 s, 15 s to go",
        "mcmc_edu: sampling: 550 of 1000 iterations (55 %), 11 s, 9 s to go",
        "mcmc_edu: sampling: 1000 iterations in 20.0 s",
    ]
    assert 60 <= len(logged(1.0, 3600.0)) <= 70
    assert len(logged(5.0, 1.0)) == 2  # none on the way of a short phase


def test_a_log_that_is_asked_for_begins_at_once() -> None:
    assert logged(0.1, 0.5, at_once=True) == [
        "mcmc_edu: compiling ...",
        "mcmc_edu: compiling: 0.1 s",
        "mcmc_edu: sampling: 0 of 1000 iterations (0 %), 0 s",
        "mcmc_edu: sampling: 1000 iterations in 0.5 s",
    ]


def test_a_log_says_where_it_stopped() -> None:
    clock, stream = Clock(), io.StringIO()

    def fails() -> None:
        with Log(stream, clock=clock).counting("refitting", "rows", 9, done=2) as counter:
            counter.advance()
            clock.now += 4.0
            counter.look()
            raise ArithmeticError

    with pytest.raises(ArithmeticError):
        fails()
    assert stream.getvalue().splitlines() == [
        "mcmc_edu: refitting: 3 of 9 rows (33 %), 4 s, 24 s to go",
        "mcmc_edu: refitting: stopped at 3 of 9 rows",
    ]


def test_a_log_whose_reader_is_gone_ends_no_run() -> None:
    clock, stream = Clock(), io.StringIO()
    stream.close()
    task(Log(stream, clock=clock, at_once=True), clock, 1.0, 10.0)


SCRIPT = """
    import mcmc_edu as me
    from mcmc_edu.progress import log

    log.FIRST_SECONDS = 0.0
    target = me.targets.banana()
    me.sample(target.log_density, [1.0, 1.0], data=target.data, seed=1)
"""


def test_lines_come_through_a_pipe(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(textwrap.dedent(SCRIPT))
    found = run_script(tmp_path / "script.py", tmp_path, ROOT)
    assert found.returncode == 0, found.stderr
    assert found.stdout == ""
    assert "mcmc_edu: compiling" in found.stderr
    assert "mcmc_edu: sampling: 8000 iterations in " in found.stderr.splitlines()[-1]


# --- in a notebook


def states(compiling: float, sampling: float) -> list[tuple[str, str]]:
    clock, seen = Clock(), []
    task(Notebook(lambda *of: seen.append(of), clock), clock, compiling, sampling)
    return seen


def test_a_notebook_is_shown_both_phases_as_text_and_html() -> None:
    seen = states(1.5, 4.0)
    texts = [text for text, _ in seen]
    assert texts[:3] == [
        "compiling ...",
        "compiling: 1.5 s; ",
        "compiling: 1.5 s; sampling: 0 of 1000 iterations (0 %), 0 s",
    ]
    assert texts[3] == "compiling: 1.5 s; sampling: 125 of 1000 iterations (12 %), 0 s, 4 s to go"
    assert texts[-1] == "compiling: 1.5 s; sampling: 1000 iterations in 4.0 s"
    assert len(seen) <= 4 + 4.0 / 0.5  # twice a second
    assert all(text in html for text, html in seen)
    assert '<progress max="1000" value="125"></progress>' in seen[3][1]
    assert "<progress" not in seen[-1][1]


def kernel(monkeypatch: pytest.MonkeyPatch, **shell) -> list[str]:
    """Let this be a program that IPython runs; returns what it displays."""
    shown: list[str] = []

    def display(bundle, *, raw: bool, display_id: bool):
        assert raw
        assert display_id
        shown.append(bundle["text/plain"])
        return SimpleNamespace(update=lambda bundle, raw: shown.append(bundle["text/plain"]))

    ipython = SimpleNamespace(get_ipython=lambda: SimpleNamespace(**shell))
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    monkeypatch.setitem(sys.modules, "IPython.display", SimpleNamespace(display=display))
    return shown


def short(**changes) -> me.Draws:
    return me.sample(
        lambda theta, data: -0.5 * theta[0] * theta[0],
        [0.0],
        sampler=me.Metropolis(scale=2.4),
        draws=50,
        warmup=0,
        chains=2,
        seed=1,
        **changes,
    )


def test_a_notebook_is_known_by_its_kernel(monkeypatch, capsys) -> None:
    shown = kernel(monkeypatch, kernel=object())
    short()
    assert shown[0] == "compiling ..."
    assert shown[-1].startswith("compiling: ")
    assert "sampling: 100 iterations in " in shown[-1]
    assert capsys.readouterr() == ("", "")
    shown.clear()
    short(progress=False)
    assert shown == []
    monkeypatch.setitem(sys.modules, "IPython.display", SimpleNamespace(display=None))
    assert short().complete  # though it cannot be shown


def test_ipython_in_a_terminal_is_no_notebook(monkeypatch, capsys) -> None:
    shown = kernel(monkeypatch)
    short(progress=True)
    assert shown == []
    assert "mcmc_edu: sampling: 100 iterations in " in capsys.readouterr().err


@pytest.mark.lesson
def test_a_notebook_shows_it_while_it_samples(tmp_path: Path, monkeypatch) -> None:
    """Run by nbclient: the line is there before the draws are, and one output is left of it."""
    nbclient, nbformat = pytest.importorskip("nbclient"), pytest.importorskip("nbformat")
    pytest.importorskip("ipykernel")
    code = """
        import mcmc_edu as me

        target = me.targets.banana()

        def natural(theta):
            print("natural", flush=True)
            return {"x": theta[0]}

        me.sample(target.log_density, [1.0, 1.0], data=target.data, seed=1, natural=natural);
    """
    messages: list[str] = []

    class Client(nbclient.NotebookClient):
        def process_message(self, msg, cell, cell_index):
            content = msg["content"]
            text = content.get("text") or content.get("data", {}).get("text/plain", "")
            messages.append(f"{msg['msg_type']}: {text.strip()}")
            return super().process_message(msg, cell, cell_index)

    monkeypatch.setattr("os.environ", environment(ROOT))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(textwrap.dedent(code))])
    Client(notebook, timeout=LONG, kernel_name="python3").execute(cwd=str(tmp_path))
    began = next(i for i, m in enumerate(messages) if "sampling: 0 of 8000 iterations" in m)
    made = max(i for i, m in enumerate(messages) if m == "stream: natural")
    assert messages[began].startswith("update_display_data: compiling: ")
    assert began < made
    (line,) = [o for o in notebook.cells[0].outputs if o.output_type == "display_data"]
    assert "sampling: 8000 iterations in " in line["data"]["text/plain"]
    assert "sampling: 8000 iterations in " in line["data"]["text/html"]


# --- in a terminal, and nowhere


def test_a_terminal_gets_a_bar() -> None:
    clock, stream = Clock(), io.StringIO()
    task(Terminal(stream, clock), clock, 1.5, 2.0)
    assert stream.getvalue().startswith("compiling ... 1.5 s\n")
    assert "sampling: 100%" in stream.getvalue()
    assert "1000/1000" in stream.getvalue()


@pytest.mark.parametrize("kind", ["terminal", "log", "none"])
def test_where_it_is_shown_is_guessed(kind: str, monkeypatch) -> None:
    stream = None if kind == "none" else io.StringIO()
    if stream is not None:
        stream.isatty = lambda: kind == "terminal"
    monkeypatch.setattr(sys, "stderr", stream)
    expected = {"terminal": Terminal, "log": Log, "none": Silence}[kind]
    assert type(progress.screen(None)) is type(progress.screen(True)) is expected
    assert type(progress.screen(False)) is Silence


@pytest.mark.parametrize("value", ["yes", 3, 0.5])
def test_what_is_no_choice_is_refused(value) -> None:
    with pytest.raises(TypeError, match=r"progress is .*; it must be True, False, or None"):
        short(progress=value)


def test_draws_do_not_depend_on_it(capsys) -> None:
    np.testing.assert_array_equal(short(progress=True).array, short(progress=False).array)


# --- what else takes long


def test_tasks_in_threads_are_counted_and_keep_their_order() -> None:
    counter = progress.Counter("fitting", "data sets", 20, 0, Clock())
    with ThreadPoolExecutor(3) as pool:
        assert in_order(pool, lambda x: x * x, range(20), counter) == [x * x for x in range(20)]
    assert counter.done == 20


def test_the_first_error_of_tasks_is_raised_and_the_others_are_left_out() -> None:
    begun, over = [], threading.Event()

    def fails(x: int) -> None:
        begun.append(x)
        assert x == 0 or over.wait(LONG)
        raise ArithmeticError(f"task {x}")

    with ThreadPoolExecutor(1) as pool:
        with pytest.raises(ArithmeticError, match="task 0"):
            in_order(pool, fails, range(1000), progress.Counter("", "", 1000, 0, Clock()))
        over.set()
    assert len(begun) <= 2


def test_calibration_tells_how_far_it_is(capsys) -> None:
    def run(shown: bool | None):
        return me.verification.sbc(
            lambda rng: {"mu": rng.normal()},
            lambda rng, p: rng.normal(p["mu"]),
            lambda y, seed: {"mu": np.random.default_rng(seed).normal(y / 2, 0.7, size=20)},
            replicates=5,
            draws=9,
            seed=1,
            progress=shown,
        )

    told = run(True)
    assert "mcmc_edu: calibrating: 5 data sets in " in capsys.readouterr().err
    np.testing.assert_array_equal(told.ranks, run(False).ranks)
    assert capsys.readouterr().err == ""
    run(None)
    assert capsys.readouterr().err == ""


def test_refits_tell_how_far_they_are(capsys) -> None:
    data = {"y": [0.1, -0.2, 0.3, 0.0, -0.1, 0.2, 30.0, 0.1], "x": np.arange(8.0)}
    fit = me.Model("y ~ x", data).fit(draws=100, warmup=100, chains=2, seed=1, progress=False)
    capsys.readouterr()
    quiet = fit.loo(refit=True, progress=False)
    assert capsys.readouterr().err == ""
    assert quiet.refitted
    told = fit.loo(refit=True, progress=True)
    assert f"refitting: {len(quiet.refitted)} rows in " in capsys.readouterr().err
    np.testing.assert_array_equal(told.pointwise, quiet.pointwise)
