"""Bugs planted in what shows progress: each must turn the named test red."""

from mutants import Mutant

CHOICE = "progress/__init__.py"
COUNTING = "progress/counting.py"
LOG = "progress/log.py"
NOTEBOOK = "progress/notebook.py"

MUTANTS = [
    Mutant(
        "a log is flooded",
        LOG,
        "now + min(max(now - self._began, FIRST_SECONDS), MOST_SECONDS)",
        "now + FIRST_SECONDS",
        "test_progress.py::test_lines_of_a_log_say_how_far_it_is_and_become_rarer",
    ),
    Mutant(
        "a log is silent for hours",
        LOG,
        "now + min(max(now - self._began, FIRST_SECONDS), MOST_SECONDS)",
        "now + max(now - self._began, FIRST_SECONDS)",
        "test_progress.py::test_lines_of_a_log_say_how_far_it_is_and_become_rarer",
    ),
    Mutant(
        "short runs write into a log",
        LOG,
        "if self._wrote or self._clock() >= self._due:",
        "if True:",
        "test_progress.py::test_a_log_gets_nothing_of_what_is_over_soon",
    ),
    Mutant(
        "a log is not told of compiling",
        LOG,
        'self._before = [f"compiling: {self._clock() - begin:.1f} s"]',
        "self._before = []",
        "test_progress.py::test_a_log_gets_both_phases_of_a_run_of_ten_seconds",
    ),
    Mutant(
        "a closed log ends a run",
        LOG,
        "contextlib.suppress(OSError, ValueError)",
        "contextlib.suppress(OSError)",
        "test_progress.py::test_a_log_whose_reader_is_gone_ends_no_run",
    ),
    Mutant(
        "a notebook is flooded",
        NOTEBOOK,
        "due[0] = self._clock() + NOTEBOOK_SECONDS",
        "due[0] = self._clock()",
        "test_progress.py::test_a_notebook_is_shown_both_phases_as_text_and_html",
    ),
    Mutant(
        "IPython in a terminal is taken for a notebook",
        NOTEBOOK,
        'return getattr(shell, "kernel", None) is not None',
        "return shell is not None",
        "test_progress.py::test_ipython_in_a_terminal_is_no_notebook",
    ),
    Mutant(
        "progress=False shows progress",
        CHOICE,
        "if progress is not None and not progress:",
        "if False:",
        "test_progress.py::test_a_notebook_is_known_by_its_kernel",
    ),
    Mutant(
        "tasks go on after one has failed",
        COUNTING,
        "            one.cancel()\n",
        "            pass\n",
        "test_progress.py::test_the_first_error_of_tasks_is_raised_and_the_others_are_left_out",
    ),
]
