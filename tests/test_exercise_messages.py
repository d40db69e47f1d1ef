"""Messages of the exercises: two faults are both told, and everything is short enough to read."""

import copy
import itertools

import numpy as np
import pytest

from mcmc_edu.cli import exercises as command
from mcmc_edu.cli import main
from mcmc_edu.exercises import check
from mcmc_edu.exercises.catalogue import exercises, find
from mcmc_edu.exercises.checking import examine_here
from mcmc_edu.exercises.grading.differences import UpToConstant
from mcmc_edu.exercises.grading.exact import Exact, Such, kinds_of, same
from mcmc_edu.exercises.grading.finding import Finding, shown
from mcmc_edu.exercises.result import message_of
from mcmc_edu.exercises.sandbox import Submission

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")  # of wrong answers: 0/0

EXACT = [e.name for e in exercises() if isinstance(e.rules, Exact | UpToConstant)]
WITH_ARRAYS = [name for name in EXACT if name != "jacobian"]


def first_of_each_kind(name):
    """First implementation of each kind of bug."""
    kinds = {}
    for kind, function in find(name).bank.wrong:
        kinds.setdefault(kind, function)
    return kinds


def and_changes_what_it_is_given(function):
    """Return a function that adds 1 to its first array, or that of a dict, when it has answered."""

    def changing(*arguments):
        value = copy.deepcopy(function(*arguments))
        held = arguments[0]["z"] if isinstance(arguments[0], dict) else None
        array = next(a for a in (held, *arguments) if isinstance(a, np.ndarray))
        array += 1.0
        return value

    return changing


@pytest.mark.parametrize("name", WITH_ARRAYS)
def test_a_right_answer_that_changes_its_arguments_is_told(name):
    exercise = find(name)
    solution = exercise.function(exercise.solution)
    result = examine_here(exercise, and_changes_what_it_is_given(solution), 1)
    kinds = {bug.name for bug in exercise.about.bugs}
    assert (result.passed, result.bug) == (
        False,
        "input-changed" if "input-changed" in kinds else None,
    )
    assert " has been changed" in " ".join(result.message.split())


@pytest.mark.parametrize("name", WITH_ARRAYS)
def test_a_bug_is_told_besides_changed_arguments(name):
    exercise = find(name)
    for kind, function in first_of_each_kind(name).items():
        result = examine_here(exercise, and_changes_what_it_is_given(function), 1)
        names = set(result.bug.split(" + "))
        if "input-changed" in {bug.name for bug in exercise.about.bugs}:
            assert names == {kind, "input-changed"}, result
            assert all(f"{name}. " in result.message for name in names)
        else:
            assert names == {kind}, result
            assert " has been changed" in " ".join(result.message.split())


@pytest.mark.parametrize("name", [e.name for e in exercises() if "rray" in e.stub])
def test_statements_say_that_arguments_must_not_be_changed(name):
    stub = " ".join(find(name).stub.split())
    assert "ust not be changed" in stub


def test_a_change_is_told_besides_a_mistake_without_a_name():
    def steps_back(theta, momentum, step_size, steps, gradient):
        theta -= step_size * momentum
        return theta, momentum

    def maximum(estimate, truth):
        estimate -= truth
        return float(np.abs(estimate).max())

    result = examine_here(find("leapfrog"), steps_back, 1)
    assert result.bug == "input-changed", result
    assert "think:" in result.message
    result = examine_here(find("rmse"), maximum, 1)
    assert result.bug is None, result
    assert "Besides, estimate has been changed" in " ".join(result.message.split())


def test_two_bugs_are_told_of_new_groups_that_change_their_arguments():
    def no_noise(beta, Sigma, sigma, x, rng):
        beta += np.einsum("sij,sj->si", np.linalg.cholesky(Sigma), rng.standard_normal(beta.shape))
        return beta[:, :1] + beta[:, 1:] * x

    result = examine_here(find("new_group"), no_noise, 1)
    assert result.bug == "noise-missing", result
    assert "beta has been changed" in result.message


@pytest.mark.parametrize("name", EXACT)
def test_messages_are_short(name):
    for kind, function in first_of_each_kind(name).items():
        lines = examine_here(find(name), function, 1).message.splitlines()
        assert len(lines) <= 12, kind
        assert max(map(len, lines)) <= 88, kind


def test_values_are_shown_as_they_may_be_typed():
    assert shown(np.array([8.764674, 12.0])) == "[8.76467, 12]"
    assert shown(np.array([[1.0, np.nan], [-np.inf, 2.5]])) == "[[1, nan], [-inf, 2.5]]"
    assert shown(np.arange(12).reshape(3, 4)) == "an array of shape (3, 4), [0, 1, 2, 3, ...]"
    draws = {"z": np.array([0.123456, 2.0, 3.0]), "tau": np.array([1.5])}
    assert shown(draws) == "{'z': (3,) [0.123, 2, ...], 'tau': [1.5]}"
    assert shown({"age": 2}) == "{'age': 2}"


def test_what_all_explanations_have_in_common_is_named():
    def deviations_of_the_average_draw(draws, where):
        total = sum(draws[f"z:{factor}"][:, level].mean() for factor, level in where.items())
        return np.full(draws["z"].shape, total)

    result = examine_here(find("varying_effect"), deviations_of_the_average_draw, 1)
    assert result.bug == "average-forgotten", result
    assert len(result.evidence["explanations"]) > 1


def answers_of(rules, bugs, calls):
    """Return what a set of bugs answers to all questions, or None if it does not go together."""
    try:
        with np.errstate(all="ignore"):
            return [rules.answer(frozenset(bugs), *call) for call in calls]
    except (ValueError, ArithmeticError, IndexError):
        return None


def agree(some, others):
    """Whether two sets of bugs answer alike wherever both determine the answer."""
    pairs = zip(some, others, strict=True)
    known = [pair for pair in pairs if not any(isinstance(answer, Such) for answer in pair)]
    return all(same(*pair, 1e-7) for pair in known)


@pytest.mark.parametrize("name", EXACT)
def test_one_mistake_has_one_name(name):
    """No two kinds answer alike, nor do two at once as a third one does alone."""
    rules = getattr(find(name).rules, "exact", find(name).rules)
    calls = rules.probes(np.random.default_rng(1))
    alone = {bug: answers_of(rules, [bug], calls) for bug in rules.bugs}
    for one, other in itertools.combinations(rules.bugs, 2):
        if kinds_of([one]) == kinds_of([other]):
            continue
        assert not agree(alone[one], alone[other]), (one, other)
        both = answers_of(rules, [one, other], calls)
        if both is None or agree(both, alone[one]) or agree(both, alone[other]):
            continue
        thirds = [bug for bug in rules.bugs if agree(both, alone[bug])]
        assert kinds_of(thirds) <= kinds_of([one, other]), (one, other, thirds)


def test_kinds_with_one_thought_are_told_in_one_line():
    kinds = ("between-divided-by-m", "root-missing", "within-divided-by-n")
    message = message_of(Finding(False, bugs=kinds), find("rhat").about, 1, [])
    told = [line for line in message.splitlines() if line.startswith("  bug: ")]
    assert len(told) == 2
    assert told[0].startswith("  bug:      between-divided-by-m and within-divided-by-n. What does")
    assert told[1].startswith("  bug:      root-missing. ")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("estimate[len(estimate)]", "Counting begins with 0"),
        ("list(estimate)[100]", "Counting begins with 0"),
        ("estimate[0, 0]", "There are more numbers in the brackets than it has axes"),
        ("estimate[len(estimate) / 2]", "An index is a whole number"),
        ("estimate[: len(estimate) / 2]", "An index is a whole number"),
        ("list(estimate)[0.5]", "An index is a whole number"),
        ("estimate.average()", "There is nothing of this name."),
        ("[0.0] * estimate.shape", "(`a.shape` is a tuple, too; the number of rows is `len(a)`.)"),
        ("[1.0, 2.0] * 0.5", "A list or a tuple is no vector"),
        ("[[1.0, 2.0]][0, 1]", "A list of lists is no array"),
        ("np.zeros(2).__iadd__(1j)", "Print what stands in that line"),
        ("'ab'['x']", "Print what stands in that line"),
        ("np.arange(3).__itruediv__(2)", "`b = a / 2` makes a new one"),
    ],
)
def test_errors_of_beginners_have_advice(line, words, tmp_path):
    message = said_of(
        tmp_path, f"import numpy as np\ndef rmse(estimate, truth):\n    return {line}\n"
    )
    assert words in message


def rmse_of(estimate, truth):
    return float(np.sqrt(np.mean((estimate - truth) ** 2)))


@pytest.mark.parametrize(
    ("name", "function", "words"),
    [
        ("rmse", lambda e, t: rmse_of(e, 0.0), "`truth`. Where does it come in?"),
        ("rmse", lambda e, t: rmse_of(e[:-1], t[:-1]), "the last entry of `estimate`. Over"),
        ("rmse", lambda e, t: rmse_of(e[1:], t[1:]), "the first entry of `estimate`. Over"),
        ("rmse", lambda e, t: rmse_of(np.append(e[1:], t[:1]), t), "the first entry of `estimate`"),
        ("ess", lambda chains: 7.0 * chains[1:].std(), "the first row of `chains`. Over which"),
        ("shrink", lambda y, se, mu, tau: y / (1.0 + se + tau), "`mu`. Where does it come in?"),
    ],
)
def test_what_makes_no_difference_is_told(name, function, words):
    result = examine_here(find(name), function, 1)
    assert f"Your result does not change with {words}" in " ".join(result.message.split())


def dual_averaging_of_clipped(accept_probs, step_size0, target):
    error, steps = 0.0, []
    for t, accept in enumerate(accept_probs, start=1):
        error += ((target - min(1.0, accept / 0.3)) - error) / (t + 10)
        steps.append(10 * step_size0 * np.exp(-np.sqrt(t) / 0.05 * error))
    return np.array(steps)


def shrunk_to_median(y, se):
    weights = 1.0 / se**2
    centre = np.median(y)
    left = 1.0 - (len(y) - 3) / (weights @ (y - centre) ** 2)
    return centre + max(left, 0.0) * (y - centre)


def ess_of_the_worst(chains):
    ess = find("ess").function(find("ess").solution)
    return len(chains) * min(ess(chain[None, :]) for chain in chains)


@pytest.mark.parametrize("seed", range(1, 7))
@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("rmse", lambda e, t: np.sqrt(np.median((e - t) ** 2))),
        ("rmse", lambda e, t: np.abs(e - t).max()),
        ("ess", ess_of_the_worst),
        ("dual_averaging", dual_averaging_of_clipped),
        ("james_stein", shrunk_to_median),
    ],
)
def test_what_makes_a_difference_at_times_is_not_called_unread(name, function, seed):
    result = examine_here(find(name), function, seed)
    assert not result.passed
    assert "not change" not in result.message


def test_an_error_at_what_is_changed_ends_nothing():
    asked = []

    def crashes(estimate, truth):
        asked.append(estimate)
        return rmse_of(estimate, 0.0) if len(asked) < 7 else 1 // 0

    message = examine_here(find("rmse"), crashes, 1).message
    assert len(asked) == 7
    assert "ZeroDivisionError" not in message
    assert "not change" not in message


def test_a_gradient_without_log_sigma_has_one_name_for_both_ways():
    def counted_in_every_row(theta, y):
        z = (y - theta[0]) / np.exp(theta[1])
        return np.array([z.sum() / np.exp(theta[1]), (z * z - 1.0 + 1.0).sum()])

    def left_out(theta, y):
        z = (y - theta[0]) / np.exp(theta[1])
        return np.array([z.sum() / np.exp(theta[1]), z @ z])

    for function in (counted_in_every_row, left_out):
        result = examine_here(find("gradient"), function, 1)
        assert result.bug == "log-sigma-gone"
        assert "Where have they gone?" in result.message


def test_there_is_no_hint_0():
    with pytest.raises(ValueError, match="hint=0: hints are 1"):
        check("rmse", lambda estimate, truth: 1.0, hint=0)


WARNS = """
import numpy as np

def rmse(estimate, truth):
    np.log(0.0 * estimate[0])
    return {}
"""


def said_of(folder, source):
    path = folder / "mine.py"
    path.write_text(source)
    return " ".join(check("rmse", path, seed=1).message.split())


def test_a_warning_is_told_of_a_wrong_answer_alone(tmp_path):
    wrong = said_of(tmp_path, WARNS.format("np.mean((estimate - truth) ** 2)"))
    assert "In line 5 of your code" in wrong
    assert "there is a warning in one of the calls: divide by zero" in wrong
    right = said_of(tmp_path, WARNS.format("np.sqrt(np.mean((estimate - truth) ** 2))"))
    assert "rmse: passed." in right
    for message in (wrong, right):
        assert "Your function prints" not in message
    assert "warning" not in right


def test_what_is_printed_is_told_even_if_it_is_read_late(tmp_path, monkeypatch):
    def late(submission):
        submission._process.wait()
        read(submission)

    read = Submission._drain
    monkeypatch.setattr(Submission, "_drain", late)
    message = said_of(tmp_path, "def rmse(estimate, truth):\n    print('here')\n    return 1.0")
    assert "Your function prints; the first line is: here" in message


def test_a_warning_of_a_library_has_the_line_that_led_to_it(tmp_path):
    source = (
        "import numpy as np\ndef rmse(estimate, truth):\n    return 1.0 + np.mean(estimate[:0])"
    )
    warned = "there is a warning in one of the calls: Mean of empty slice"
    message = said_of(tmp_path, source)
    assert f"In line 3 of your code (`return 1.0 + np.mean(estimate[:0])`) {warned}" in message
    functions = {}
    exec(source, functions)
    message = " ".join(check("rmse", functions["rmse"], seed=1).message.split())
    assert f"In line 3 of your code {warned}" in message


def test_a_warning_of_code_in_a_string_has_the_line_that_runs_it(tmp_path):
    source = (
        "def rmse(estimate, truth):\n"
        "    exec('\\n\\n\\n\\nimport warnings; warnings.warn(\"old\")')\n"
        "    return 1.0 + estimate[0]"
    )
    assert "In line 2 of your code (`exec(" in said_of(tmp_path, source)


def test_a_warning_of_no_line_of_the_submission_has_none(tmp_path):
    source = (
        "import threading, warnings\n"
        "def rmse(estimate, truth):\n"
        "    thread = threading.Timer(0.0, warnings.warn, ['old'])\n"
        "    thread.start()\n"
        "    thread.join()\n"
        "    return 1.0 + estimate[0]"
    )
    message = said_of(tmp_path, source)
    assert "In your function there is a warning in one of the calls: old" in message
    assert "In line" not in message


def test_an_error_in_a_density_has_the_line_that_calls_it(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(
        "def metropolis(log_density, theta0, scale, n, rng):\n    return log_density('theta')\n"
    )
    message = " ".join(check("metropolis", path, seed=1).message.split())
    assert "line 2: `return log_density('theta')`" in message


def test_what_is_written_and_printed_is_noted(tmp_path):
    source = (
        "def rmse(estimate, truth):\n"
        "    open('note.txt', 'w').close()\n"
        "    print('here')\n"
        "    return 1.0 + estimate[0]"
    )
    message = said_of(tmp_path, source)
    assert "Your function writes files: note.txt" in message
    assert "Your function prints; the first line is: here" in message


def test_exercises_are_in_the_order_of_the_lessons():
    lessons = [exercise.about.lesson for exercise in exercises()]
    assert lessons == sorted(lessons)


def test_each_reset_keeps_what_was_there(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for text in ("first", "second", "third"):
        (tmp_path / "rmse.py").write_text(text)
        assert main(["exercises", "reset", "rmse"]) == 0
    kept = [(tmp_path / f"rmse.{number}.py").read_text() for number in (1, 2, 3)]
    assert kept == ["first", "second", "third"]


def test_watching_ends_with_the_code_of_the_last_check(tmp_path, monkeypatch):
    def stop():
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "pause", stop)
    path = tmp_path / "rmse.py"
    path.write_text("def rmse(estimate, truth):\n    return 1.0")
    assert main(["exercises", "check", str(path), "--watch"]) == 1


def test_a_right_answer_that_uses_the_global_random_state_fails():
    def rmse(estimate, truth):
        np.random.random()  # noqa: NPY002 (the mistake)
        return np.sqrt(np.mean((estimate - truth) ** 2))

    result = examine_here(find("rmse"), rmse, 1)
    assert (result.passed, result.bug) == (False, None)
    assert "NumPy's global random state is as it was" in result.message
    assert "Nothing is drawn here" in result.message


def test_a_wrong_answer_that_uses_the_global_random_state_is_told_both():
    def rmse(estimate, truth):
        np.random.random()  # noqa: NPY002 (the mistake)
        return np.sqrt(np.mean(np.abs(estimate - truth)))

    result = examine_here(find("rmse"), rmse, 1)
    assert not result.passed
    assert "Besides, your function uses NumPy's global random state" in result.message


@pytest.mark.parametrize(
    ("exercise", "function", "words"),
    [
        ("rmse", lambda estimate, truth: 1.0003 * np.sqrt(np.mean((estimate - truth) ** 2)), None),
        ("log_prior_no_pooling", lambda alpha, beta, sigma: -np.inf, "It is -inf for all"),
        ("shrink", lambda y, se, mu, tau: np.zeros(len(y)), "the same for all questions"),
        ("rmse", lambda estimate, truth: str(np.sqrt(np.mean((estimate - truth) ** 2))), "number"),
    ],
)
def test_answers_that_are_nearly_right_or_always_the_same(exercise, function, words):
    result = examine_here(find(exercise), function, 1)
    assert (result.passed, result.bug) == (False, None)
    assert (words or "It is nearly right") in result.message
    assert "times what it should be" not in result.message
