"""Run an answer on a list of cases, and survive whatever it does.

`forked.forked` runs it in a child process with a time and a memory limit:
what the answer prints, changes, patches, allocates or kills stays in the
child. It needs POSIX, and is used for the NumPy exercises.

`in_process.in_process` is the best effort elsewhere: torch exercises
(autograd and CUDA do not survive a fork), Windows, and Python in a web page.

The comparison with the right answer is made elsewhere, from plain data.
"""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from selfattn.exercises import Case, Exercise
from selfattn.grading import plain, traceback
from selfattn.grading.messages import flow
from selfattn.grading.messages.cut import NAME, cut, type_name
from selfattn.grading.session import preserved

# "checking" is an exception in the exercise's own code, not in the answer.
KINDS = (
    "todo", "signature", "exception", "checking", "exit", "time", "memory",
    "processes", "died", "junk",
)  # fmt: skip
# Taken now: an answer may replace them.
_getpid, _exit = os.getpid, os._exit


@dataclass
class Failure:
    """Why an answer stopped: `kind`, in words, where, and on which case."""

    kind: str  # one of KINDS
    text: str
    where: str = ""
    case: int | None = None
    type: str = ""


@dataclass
class Outcome:
    """What happened: one output per case, as far as the answer got."""

    outputs: list
    failure: Failure | None = None
    again: Any = None  # the first case's output, asked for a second time
    changed: tuple | None = None  # (case, argument) that the answer modified
    printed: str = ""
    warned: tuple = ()


class Progress:
    """What is known so far; the alarm sends it when the time is up."""

    def __init__(self):
        self.outcome, self.case = Outcome([]), None

    def stop(self, kind: str, text: str, where: str = "", type_: str = ""):
        if self.outcome.failure is None:
            self.outcome.failure = Failure(
                kind, cut(text), where, self.case, cut(type_, NAME)
            )


def _seed(number: int) -> None:
    """The same random state for every answer that is run on this case."""
    np.random.seed(number)
    torch: Any = sys.modules.get("torch")
    if not hasattr(torch, "default_generator"):
        return
    # torch.manual_seed takes 3 ms where CUDA may still be started.
    torch.default_generator.manual_seed(number)
    if torch.cuda.is_initialized():
        torch.cuda.manual_seed_all(number)


def ask(exercise: Exercise, answer: Any, case: Case) -> Any:
    """The answer runs below this frame, and nothing else does."""
    return exercise.call(answer, case)


def call(
    exercise: Exercise, answer: Callable, case: Case, seed: int
) -> tuple[plain.Output, int | str | None]:
    """One output, and the name of an argument that the call changed."""
    args = tuple(plain.copied(a) for a in case.args)
    kwargs = {k: plain.copied(v) for k, v in case.kwargs.items()}
    _seed(seed)
    here = _getpid()
    try:
        returned = ask(exercise, answer, type(case)(case.name, args, kwargs))
        output = plain.encode(returned)
    finally:
        if _getpid() != here:  # a copy of this process, made by the answer
            _exit(0)
    return output, _changed(case, args, kwargs)


def _changed(case: Case, args: tuple, kwargs: dict) -> int | str | None:
    for i, (before, after) in enumerate(zip(case.args, args, strict=True)):
        if not plain.unchanged(before, after):
            return i
    for name, before in case.kwargs.items():
        if not plain.unchanged(before, kwargs[name]):
            return name
    return None


def signature_problem(exercise: Exercise, answer: Any, case: Case) -> str:
    """A sentence when the answer cannot be called as it will be, or ""."""
    if exercise.run is not None:
        return ""
    try:
        signature = inspect.signature(answer)
    except (TypeError, ValueError):
        return ""  # built-in and compiled functions have none
    try:
        signature.bind(*case.args, **case.kwargs)
    except TypeError as error:
        name = getattr(exercise.reference, "__name__", "answer")
        wanted = inspect.signature(exercise.reference)
        return flow.signature(
            name + _bare(wanted), _bare(signature), str(error)
        )
    return ""


def _bare(signature: inspect.Signature) -> str:
    """A signature without its annotations."""
    parameters = [
        p.replace(annotation=p.empty) for p in signature.parameters.values()
    ]
    return str(
        signature.replace(
            parameters=parameters, return_annotation=signature.empty
        )
    )


def each(
    exercise: Exercise, answer: Any, cases: Sequence[Case], so_far: Progress
) -> None:
    """Run every case; an exception in one does not keep the others away."""
    problem = cases and signature_problem(exercise, answer, cases[0])
    if problem:
        so_far.stop("signature", problem)
        return
    for number, case in enumerate(cases):
        so_far.case = number
        output = _one(exercise, answer, number, case, number, so_far)
        if output is None:
            return
        so_far.outcome.outputs.append(output)
    if cases and so_far.outcome.failure is None:
        so_far.case = 0
        # Another seed: what an answer draws at random comes out differently.
        so_far.outcome.again = _one(
            exercise, answer, 0, cases[0], len(cases), so_far
        )
    so_far.case = None


def _one(
    exercise: Exercise,
    answer: Any,
    number: int,
    case: Case,
    seed: int,
    so_far: Progress,
) -> plain.Output | None:
    try:
        # after each call, so that one call cannot spoil the next
        with preserved():
            output, changed = call(exercise, answer, case, seed)
    except NotImplementedError as error:
        if traceback.from_reader(error.__traceback__):
            so_far.stop("todo", "")
            return None
        return _failed(error, so_far)
    except MemoryError as error:
        so_far.stop(
            "memory",
            traceback.text_of(error),
            traceback.readers_lines(error),
            "MemoryError",
        )
        return None
    except Exception as error:
        return _failed(error, so_far)
    except (SystemExit, GeneratorExit) as error:
        so_far.stop(
            "exit", "", traceback.readers_lines(error), type_name(type(error))
        )
        return None
    if changed is not None and so_far.outcome.changed is None:
        so_far.outcome.changed = (number, changed)
    return output


def _failed(error: BaseException, so_far: Progress) -> plain.Raised:
    name, lines = type_name(type(error)), traceback.readers_lines(error)
    kind = "exception" if lines else "checking"
    so_far.stop(kind, traceback.last_line(error), lines, name)
    return plain.Raised(name)
