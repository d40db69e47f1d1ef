"""The submission as an examination sees it: ask, and get a value; all else stops the examination.

Whatever a submission does in place of returning a value has its own words here: errors, exits,
time, stubs.  The rules of the exercises need not think of it.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np

from ..sandbox import Answer, Ended, Raised, Reply
from .finding import Finding, Stop, shown


class Asked(Protocol):
    """A submission in a process of its own, or in this one for tests."""

    def ask(self, *arguments: Any, seconds: float = 10.0) -> Reply:
        """Call the function once."""
        ...

    def ask_many(self, calls: Sequence[Sequence[Any]], *, seconds: float = 10.0) -> list[Reply]:
        """Call the function once for each list of arguments."""
        ...


class InProcess:
    """A function that is trusted, called in this process: for our own solutions and the bank."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function

    def ask(self, *arguments: Any, seconds: float = 10.0) -> Reply:
        """Call the function once; there is no time limit."""
        from ..sandbox.child import Uncounted, answer

        return _reply(answer(self._function, _copies(arguments), Uncounted()))

    def ask_many(self, calls: Sequence[Sequence[Any]], *, seconds: float = 10.0) -> list[Reply]:
        """Call the function once for each list of arguments, up to the first error."""
        replies: list[Reply] = []
        for call in calls:
            replies.append(self.ask(*call))
            if not isinstance(replies[-1], Answer):
                break
        return replies


def _reply(message: dict[str, Any]) -> Reply:
    if "error" in message:
        return Raised(message["error"], message["message"], message["where"])
    return Answer(**message)


def _copies(arguments: Sequence[Any]) -> list[Any]:
    """Copy arguments, and the arrays in those that are dicts."""
    return [_copies_in(a) if isinstance(a, dict) else _copy(a) for a in arguments]


def _copies_in(held: dict[str, Any]) -> dict[str, Any]:
    return dict(zip(held, _copies(list(held.values())), strict=True))


def _copy(value: Any) -> Any:
    return np.copy(value) if isinstance(value, np.ndarray) else value


class Student:
    """Asks the function of a submission.

    Parameters
    ----------
    name
        Name of the function.
    asked
        The submission.
    arguments
        Names of its arguments, for messages.
    solution
        A right answer, to show its numbers beside the student's.
    """

    def __init__(
        self,
        name: str,
        asked: Asked,
        arguments: Sequence[str],
        solution: Callable[..., Any] | None = None,
    ) -> None:
        self.name, self._asked, self._arguments = name, asked, tuple(arguments)
        self._solution = solution
        self.questions = 0
        """How many calls there were."""
        self.global_random = False
        self.patched: list[str] = []
        self.lenient = False
        """Whether changes of arguments are noted, in place of ending the examination."""
        self.changed: set[str] = set()
        """Names of arguments that were changed, if lenient."""
        self.changed_in = ""
        """The first call that did so, in words."""

    def right_value(self, arguments: Sequence[Any]) -> Any:
        """Return what a right answer returns."""
        if self._solution is None:
            raise ValueError("there is no solution to compare with")
        with warnings.catch_warnings():  # graded work prints nothing
            warnings.simplefilter("ignore")
            reply = InProcess(self._solution).ask(*arguments)
        if not isinstance(reply, Answer):
            raise ValueError(f"the solution of {self.name} does not return: {reply}")
        return reply.value

    def ask(self, *arguments: Any, seconds: float = 10.0) -> Answer:
        """Call the function once, and return what came back.

        Raises
        ------
        Stop
            If it raises an error, ends its process, takes too long, returns nothing, changes what
            it was given, or replaces functions of other modules.
        """
        return self._checked(self._asked.ask(*arguments, seconds=seconds), arguments)

    def ask_many(self, calls: Sequence[Sequence[Any]], seconds: float = 10.0) -> list[Answer]:
        """Call the function once for each list of arguments; raises as `ask` does."""
        answers: list[Answer] = []
        for reply, call in zip(self._asked.ask_many(calls, seconds=seconds), calls, strict=False):
            try:
                answers.append(self._checked(reply, call))
            except Stop as stop:
                stop.values = [answer.value for answer in answers]
                raise
        return answers

    def called(self, arguments: Sequence[Any]) -> str:
        """Return a call in words: the function with its arguments."""
        names = zip(self._arguments, arguments, strict=False)
        return f"{self.name}({', '.join(f'{name}={_word(value)}' for name, value in names)})"

    def _checked(self, reply: Reply, arguments: Sequence[Any]) -> Answer:
        self.questions += 1
        asked = self.called(arguments)
        if isinstance(reply, Raised):
            raise Stop(_raised(reply, asked, self.name))
        if isinstance(reply, Ended):
            raise Stop(_ended(reply, asked))
        self.global_random |= reply.global_random
        if reply.patched:
            names = ", ".join(reply.patched)
            raise Stop(
                Finding(
                    False,
                    asked,
                    "a call changes no function of another module",
                    f"it has replaced {names}",
                    advice="Write your function without changing those of others.",
                )
            )
        if reply.changed and self.lenient:
            self.changed |= {self._arguments[place] for place in reply.changed}
            self.changed_in = self.changed_in or asked
        elif reply.changed:
            raise Stop(changes(asked, {self._arguments[place] for place in reply.changed}))
        if reply.value is None:
            raise Stop(
                Finding(
                    False,
                    asked,
                    "it returns a value",
                    "it returns None",
                    advice="A `return` may be missing, or stand in a branch that is not reached.",
                )
            )
        return reply


def changes(asked: str, names: set[str], bug: str | None = None) -> Finding:
    """Return the finding of a submission that changes what it was given."""
    return Finding(
        False,
        asked,
        "arguments are as they were after the call",
        f"{', '.join(sorted(names))} {'has' if len(names) == 1 else 'have'} been changed",
        bug=bug,
        bugs=(bug,) if bug else (),
        advice="" if bug else NO_COPY,
        evidence={"changed": ", ".join(sorted(names))},
    )


def global_state(arguments: Sequence[str], bug: str | None = None) -> Finding:
    """Return the finding of a submission that uses NumPy's global random state."""
    draws = "rng" in arguments
    advice = "Nothing is drawn here: the same arguments give the same value."
    if draws:
        advice = (
            "Draw from the generator that you are given: `rng.standard_normal()`, `rng.random()`. "
            "Then the same seed gives the same draws."
        )
    return Finding(
        False,
        "random numbers from `rng` alone" if draws else "no random numbers",
        "NumPy's global random state is as it was",
        "your function uses NumPy's global random state (`np.random.normal`, ...)",
        bug=bug,
        bugs=(bug,) if bug else (),
        advice="" if bug else advice,
    )


NO_COPY = (
    "`b = a` makes no copy of an array: both names mean the same numbers, and `b += 1` changes "
    "them. `b = a.copy()` makes one."
)
"""What to think about where an argument has been changed."""


def _word(value: Any) -> str:
    """Return an argument in words; what stands for a function is called by its kind."""
    if isinstance(value, dict) and "$density" in value:
        return f"<a {value['$density'].get('words', value['$density']['kind'])} log density>"
    if isinstance(value, dict) and "$gradient" in value:
        return f"<{value['$gradient'].get('words', 'its gradient')}>"
    if isinstance(value, dict) and "$rng" in value:
        return "np.random.default_rng(...)"
    return shown(value)


def _raised(reply: Raised, asked: str, name: str) -> Finding:
    """Return a finding for an error in the submission."""
    if reply.error == "NotImplementedError":
        return Finding(
            False,
            asked,
            "it returns a value",
            "it is not written yet",
            advice=f"Write the body of `{name}` in place of `raise NotImplementedError`. "
            f"Stuck? `mcmc-edu exercises hint {name}`, or `hint=1`, gives a nudge.",
        )
    where = ""
    if reply.where:
        where = f" in line {reply.where['line']}" if reply.where["line"] else ""
        where += f": `{reply.where['code']}`" if reply.where["code"] else ""
    code = reply.where["code"] if reply.where else ""
    advice = _ERRORS.get(reply.error) or advice_on(reply.message, code)
    return Finding(
        False,
        asked,
        "it returns a value",
        f"{reply.error}: {reply.message}{where}",
        advice=advice,
        evidence={"error": reply.error},
    )


_ERRORS = {
    **dict.fromkeys(
        ("SyntaxError", "IndentationError", "TabError"),
        "Python cannot read this line, or the one before it. Is a bracket, a quote or a colon "
        "missing, or are there too many or too few spaces?",
    ),
    "SystemExit": "Do not call `exit` or `sys.exit` in a function: return its value.",
    "PermissionError": "Your function may compute only: it may not start programs, write files "
    "outside its own folder or use the network.",
    "ModuleNotFoundError": "Your file runs alone, with Python and what is installed there: put "
    "what it needs from other files of yours into it.",
    "ImportError": "Write it with NumPy and the standard library alone.",
    "AttributeError": "There is nothing of this name. Look it up, or print what stands before the "
    "dot.",
    "MemoryError": "It asked for more memory than there is. Does an array grow in the loop?",
    "RecursionError": "A function calls itself without end. When does it stop?",
}


_COUNTED = (
    "Counting begins with 0: the entries of an array of 3 are 0, 1 and 2. Which number stands in "
    "the brackets, and how long is what is before them?"
)
_WHOLE = "An index is a whole number: `n // 2` is one, and `n / 2` is not."

_MESSAGES = {
    "out of bounds for axis": _COUNTED,
    "index out of range": _COUNTED,
    "too many indices": "There are more numbers in the brackets than it has axes; `a.ndim` says "
    "how many.",
    "are valid indices": _WHOLE,
    "must be integers or slices, not float": _WHOLE,
    "slice indices must be integers": _WHOLE,
    "must be integers or slices, not tuple": "A list of lists is no array: `np.array(a)[0, 1]` is "
    "what `a[0][1]` is of a list.",
    "can't multiply sequence": "A list or a tuple is no vector: `2 * [1, 2]` repeats it, and "
    "`2 * np.array([1, 2])` doubles its entries. (`a.shape` is a tuple, too; the number of rows is "
    "`len(a)`.)",
    "to dtype('int": "`/=` and `+=` write into the array that is there, and one of integers "
    "cannot take fractions. `b = a / 2` makes a new one.",
    "positional argument": "It is called as it stands behind `asked`. Which arguments does your "
    "`def` name, and in which order?",
    "truth value of an array": "The condition has a value for each entry. `.any()` or `.all()` "
    "would make it run; is one of them what you mean? How many decisions are there?",
    "as a data type": "A shape is one argument, a tuple: `np.zeros((n, 2))`.",
    "object is not iterable": "Here one number stands where there should be several. How many "
    "should there be, and what makes them?",
    "not subscriptable": "Here one number stands where there should be several. How many should "
    "there be, and what makes them?",
    "must be 1 dimensional": "This function takes one vector at a time. Which loop is missing?",
    "is given an array of shape": "What made that array, and how many entries should it have?",
    "array element with a sequence": "An array is put where one number belongs. Which shape should "
    "the result have?",
}
"""What to think about, by a part of the error's message."""


def advice_on(message: str, code: str) -> str:
    """Return what to think about after an error, by its message and the line that raised it."""
    if "as an integer" in message and ("np.max(" in code or "np.min(" in code):
        return "`np.max` takes one array. The larger of two is `np.maximum(a, b)`."
    if any(word in message for word in ("broadcast", "must match", "mismatch", "aligned")):
        return "Print the shapes (`a.shape`) of what stands in that line. Which axis is which?"
    found = (advice for part, advice in _MESSAGES.items() if part in message)
    return next(found, "Print what stands in that line: is it what you think it is?")


def _ended(reply: Ended, asked: str) -> Finding:
    """Return a finding for a process that ended, or had to be."""
    done = f" It had called what it was given {reply.used} times." if reply.used else ""
    got, advice = {
        "time": ("it did not return in time", "Is there a loop whose condition never changes?"),
        "cpu": ("it used up its computing time", "Is there a loop whose condition never changes?"),
        "exit": (
            "it ended the process",
            "Do not call `exit`, `os._exit` or the like: return the value.",
        ),
        "files": ("it wrote a very large file", "Your function needs no files: return its value."),
        "message": (
            "it returned what cannot be read",
            "Return a number or an array of the shape that is asked for.",
        ),
    }.get(reply.why, ("its process crashed", "Leave out native code and signals."))
    return Finding(
        False, asked, "it returns a value", f"{got} ({reply.detail}).{done}", advice=advice
    )
