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
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from selfattn.grading import plain, traceback
from selfattn.grading.session import preserved


@plain.allow
@dataclass
class Failure:
    """Why an answer stopped: `kind`, in words, where, and on which case."""

    kind: str  # todo, signature, exception, exit, time, memory, died, junk
    text: str
    where: str = ""
    case: int | None = None
    type: str = ""


@plain.allow
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
            self.outcome.failure = Failure(kind, text, where, self.case, type_)


def _seed(number: int) -> None:
    """The same random state for every answer that is run on this case."""
    np.random.seed(number)
    torch = sys.modules.get("torch")
    if hasattr(torch, "manual_seed"):
        torch.manual_seed(number)


def ask(exercise: Any, answer: Any, case: Any) -> Any:
    """The answer runs below this frame, and nothing else does."""
    return exercise.call(answer, case)


def call(exercise: Any, answer: Callable, case: Any, number: int) -> tuple:
    """One output, and the name of an argument that the call changed."""
    args = tuple(plain.copied(a) for a in case.args)
    kwargs = {k: plain.copied(v) for k, v in case.kwargs.items()}
    _seed(number)
    output = plain.encode(
        ask(exercise, answer, type(case)(case.name, args, kwargs))
    )
    for i, (before, after) in enumerate(zip(case.args, args, strict=True)):
        if not plain.unchanged(before, after):
            return output, i
    for name, before in case.kwargs.items():
        if not plain.unchanged(before, kwargs[name]):
            return output, name
    return output, None


def signature_problem(exercise: Any, answer: Any, case: Any) -> str:
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
        bare = wanted.replace(
            parameters=[
                p.replace(annotation=p.empty)
                for p in wanted.parameters.values()
            ],
            return_annotation=wanted.empty,
        )
        yours = signature.replace(
            parameters=[
                p.replace(annotation=p.empty)
                for p in signature.parameters.values()
            ],
            return_annotation=signature.empty,
        )
        return (
            f"The signature is another: this exercise calls "
            f"{name}{bare}, and yours takes {yours} ({error})."
        )
    return ""


def each(
    exercise: Any,
    answer: Any,
    cases: Sequence,
    so_far: Progress,
) -> None:
    """Run every case; an exception in one does not keep the others away."""
    problem = cases and signature_problem(exercise, answer, cases[0])
    if problem:
        so_far.stop("signature", problem)
        return
    for number, case in enumerate(cases):
        so_far.case = number
        output = _one(exercise, answer, case, number, so_far)
        if output is None:
            return
        so_far.outcome.outputs.append(output)
    if cases and so_far.outcome.failure is None:
        so_far.case = 0
        so_far.outcome.again = _one(exercise, answer, cases[0], 0, so_far)
    so_far.case = None


def _one(exercise, answer, case, number: int, so_far: Progress):
    try:
        # after each call, so that one call cannot spoil the next
        with preserved():
            output, changed = call(exercise, answer, case, number)
    except NotImplementedError as error:
        if traceback.from_reader(error.__traceback__):
            so_far.stop("todo", "")
            return None
        return _failed(error, so_far)
    except MemoryError as error:
        where = traceback.readers_lines(error)
        so_far.stop("memory", str(error), where, "MemoryError")
        return None
    except Exception as error:
        return _failed(error, so_far)
    except (SystemExit, GeneratorExit) as error:
        where = traceback.readers_lines(error)
        so_far.stop("exit", "", where, type(error).__name__)
        return None
    if changed is not None and so_far.outcome.changed is None:
        so_far.outcome.changed = (number, changed)
    return output


def _failed(error: BaseException, so_far: Progress) -> plain.Raised:
    name = type(error).__name__
    so_far.stop(
        "exception",
        traceback.last_line(error),
        traceback.readers_lines(error),
        name,
    )
    return plain.Raised(name)
