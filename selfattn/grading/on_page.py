"""Grade what a reader typed on the page: text in, a report out.

The page's worker loads this package into Python in the browser
(`theme/static/python_worker.js`). What a notebook's cells do happens here:
the text is run, and the function that it defines is found by its name and
graded. Afterwards every module is as it was, so that one check cannot spoil
the next.
"""

from __future__ import annotations

import contextlib
import contextvars
import dataclasses
import importlib
import itertools
import linecache
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from traceback import format_exception_only
from types import FrameType, ModuleType
from typing import Any

import numpy as np

from selfattn import exercises
from selfattn.exercises import Exercise
from selfattn.grading import limits, traceback
from selfattn.grading.checking import grade, grade_exercise
from selfattn.grading.in_process import no_way_out
from selfattn.grading.messages import flow, page
from selfattn.grading.messages.cut import type_name
from selfattn.grading.report import Report
from selfattn.grading.run import Outcome
from selfattn.grading.session import quiet

FILE = "<your code>"  # the reader's text, in tracebacks
RECURSION = 250  # calls within calls, in a browser
# What notebooks have imported where an exercise stands. The book's modules,
# those that need NumPy alone, are loaded when the text names them.
AT_HAND = {
    "np": np,
    "math": math,
    "Counter": Counter,
    "defaultdict": defaultdict,
    "permutations": itertools.permutations,
}
OFFERED = ("graphs", "images", "masks", "positions", "reference", "text")


def solve(
    exercise_id: str, text: str, *, seed: int | None = None
) -> dict[str, Any]:
    """The report on a typed answer, as plain data.

    Parameters
    ----------
    exercise_id : "NN.name".
    text : all that is in the editor; it defines what the starter defines.
    seed : draws the same fresh cases every time; by default they differ.

    Returns a dict with the report's exercise, status, diagnosis, html, text.
    Never raises, except for KeyboardInterrupt.

        >>> solve("04.softmax", "def my_softmax(scores:")["status"]
        'error'
    """
    try:
        with untouched(), _shallow():
            # A context of its own also keeps NumPy's options apart.
            report = contextvars.copy_context().run(
                _report, exercise_id, text, seed
            )
    except KeyboardInterrupt as error:
        if not limits.IN_BROWSER:
            raise
        said = flow.left(type(error).__name__, traceback.readers_lines(error))
        report = Report(exercise_id, "error", said)
    except Exception as error:
        said = flow.grader_failed(traceback.last_line(error))
        report = Report(str(exercise_id), "error", said)
    return {
        "exercise": report.exercise_id,
        "status": report.status,
        "diagnosis": report.diagnosis,
        "html": report.html(),
        "text": report.text(),
    }


def _report(exercise_id: str, text: str, seed: int | None) -> Report:
    try:
        exercise = exercises.get(exercise_id)
    except (KeyError, TypeError, ModuleNotFoundError):
        return grade(exercise_id, None)  # which says why
    names, ran = _names(text), Outcome([])
    with _no_other_modules():
        report = _stopped(exercise, text, names, ran)
        if report is None:
            report = _graded(exercise, names, seed)
    if report.status == "todo" and exercise.kind != "value":
        report = dataclasses.replace(report, message=page.UNWRITTEN)
    before = ran.printed + "".join(f"{said}\n" for said in ran.warned)
    return dataclasses.replace(report, printed=before + report.printed)


def _graded(exercise: Exercise, names: dict, seed: int | None) -> Report:
    """The report on the answer among these names."""
    wanted = exercise.reference.__name__
    answer = names.get(wanted)
    if wanted in names and (exercise.kind == "value" or callable(answer)):
        return grade_exercise(exercise, answer, seed=seed)
    if wanted in names:
        said = page.not_a_function(wanted, type_name(type(answer)))
        return Report(exercise.id, "error", said)
    own = [name for name, value in names.items() if _is_readers(value)]
    said = page.missing(wanted, own[-1] if own else "")
    return Report(exercise.id, "error", said)


def _is_readers(value: Any) -> bool:
    code = getattr(value, "__code__", None)
    return getattr(code, "co_filename", "") == FILE


def _names(text: str) -> dict[str, Any]:
    """What the text finds there when it starts."""
    offered = {
        name: importlib.import_module(f"selfattn.{name}")
        for name in OFFERED
        if name in text
    }
    return {"__name__": "__main__", **AT_HAND, **offered}


# --------------------------------------------------------------- the text


def _stopped(
    exercise: Exercise, text: str, names: dict[str, Any], ran: Outcome
) -> Report | None:
    """Run the text; a report if it does not come to its end."""
    lines = text.splitlines(keepends=True)
    linecache.cache[FILE] = len(text), None, lines, FILE
    try:
        with quiet(ran), untouched(), no_way_out():
            exec(compile(text, FILE, "exec", dont_inherit=True), names)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        unwritten = isinstance(error, NotImplementedError)
        if unwritten and traceback.from_reader(error.__traceback__):
            return Report(exercise.id, "todo", flow.todo(exercise.id))
        return Report(exercise.id, "error", _why(error))
    return None


def _why(error: BaseException) -> str:
    """Why the text did not come to its end."""
    where = traceback.readers_lines(error)
    if isinstance(error, SyntaxError) and error.filename == FILE:
        printed = "".join(format_exception_only(error)).partition("\n")[2]
        return page.not_python(error.lineno or 1, printed)
    if isinstance(error, MemoryError):
        room = limits.memory_in_words()
        return flow.too_much_memory(room, traceback.text_of(error), where)
    if isinstance(error, (SystemExit, GeneratorExit)):
        return flow.left(type_name(type(error)), where)
    return flow.raised(traceback.last_line(error), where)


# --------------------------------------------------- what stays as it was


@contextlib.contextmanager
def untouched() -> Iterator[None]:
    """Put back the names of every module, whatever the block does to them."""
    before = {
        name: (module, dict(vars(module)))
        for name, module in list(sys.modules.items())
        if isinstance(module, ModuleType) and module is not sys
    }
    path, finders, tracing = sys.path[:], sys.meta_path[:], sys.gettrace()
    options = np.get_printoptions()  # the process's own before NumPy 2.2
    try:
        yield
    finally:
        sys.settrace(tracing)
        sys.path[:], sys.meta_path[:] = path, finders
        for name, (module, names) in before.items():
            if sys.modules.get(name) is not module:
                sys.modules[name] = module
            now = vars(module)
            for key, value in names.items():
                if now.get(key, names) is not value:
                    now[key] = value
        np.set_printoptions(**options)


@contextlib.contextmanager
def _shallow() -> Iterator[None]:
    """Meet endless recursion early: WebAssembly's own stack is small."""
    if not limits.IN_BROWSER:
        yield
        return
    before, change = sys.getrecursionlimit(), sys.setrecursionlimit

    def lower(limit: int) -> None:
        change(min(limit, RECURSION))

    lower(RECURSION)
    sys.setrecursionlimit = lower
    try:
        yield
    finally:
        sys.setrecursionlimit = change
        change(before)


class _NoOther:
    """The last to be asked for a module: what the reader imports is absent."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> None:
        if path is None and _asked_by_reader():
            raise ModuleNotFoundError(page.absent(name), name=name)


def _asked_by_reader() -> bool:
    """Whether the reader's own line imports, and no module below it."""
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        file = frame.f_code.co_filename
        if file == FILE:
            return True
        if not file.startswith("<frozen importlib") and file != __file__:
            return False
        frame = frame.f_back
    return False


@contextlib.contextmanager
def _no_other_modules() -> Iterator[None]:
    """Say of a module that is not here that it cannot be.

    Python in the browser would speak of its own packages instead.
    """
    path = next(
        i for i, one in enumerate(sys.meta_path)
        if getattr(one, "__name__", "") == "PathFinder"
    )  # fmt: skip
    sys.meta_path.insert(path + 1, _NoOther)
    try:
        yield
    finally:
        if _NoOther in sys.meta_path:
            sys.meta_path.remove(_NoOther)
