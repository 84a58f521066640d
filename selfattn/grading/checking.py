"""Check an answer: run it, compare, name the mistake, report, keep the result.

An answer to a NumPy exercise runs in a child process with limits on time and
memory, where the system can fork. Elsewhere, and for torch exercises, it runs
in this process: see `selfattn.grading.in_process` for what is then out of
reach.
"""

from __future__ import annotations

import dataclasses
import inspect
import warnings
from typing import Any

import numpy as np

from selfattn import exercises, progress
from selfattn.exercises import Exercise
from selfattn.grading import limits, traceback
from selfattn.grading.forked import forked
from selfattn.grading.in_process import in_process
from selfattn.grading.messages import flow
from selfattn.grading.messages.cut import type_name
from selfattn.grading.quiz import quiz
from selfattn.grading.report import Report, show
from selfattn.grading.verdict import verdict


def check(exercise_id: str, answer: Any, *, seed: int | None = None) -> Report:
    """Grade an answer, show the report once, and keep the result.

    Parameters
    ----------
    exercise_id : "NN.name".
    answer : your function (not its result), class, or quiz answer.
    seed : draws the same fresh cases every time; by default they differ.

    Returns the report that was shown. Never raises, except for your own
    KeyboardInterrupt.

        >>> grade("01.one_hot", lambda words: words).status
        'error'
    """
    try:
        report = grade(exercise_id, answer, seed=seed)
    except Exception as error:
        report = Report(
            _shown_id(exercise_id),
            "error",
            flow.grader_failed(traceback.last_line(error)),
        )
    if _is_known(exercise_id):
        note = progress.note_attempt(
            report.exercise_id, report.status, report.diagnosis
        )
        report = dataclasses.replace(report, saved_note=note)
    return show(report)


def grade(
    exercise_id: str,
    answer: Any,
    *,
    seed: int | None = None,
) -> Report:
    """What `check` shows, without showing or keeping it."""
    try:
        exercise = exercises.get(exercise_id)
    except (KeyError, TypeError, ModuleNotFoundError) as error:
        text = error.args[0] if error.args else str(error)
        return Report(_shown_id(exercise_id), "error", str(text))
    return grade_exercise(exercise, answer, seed=seed)


def grade_exercise(
    exercise: Exercise, answer: Any, *, seed: int | None = None
) -> Report:
    """Grade an answer to this exercise."""
    if exercise.kind == "value":
        return quiz(exercise, answer)
    if answer is ...:
        return Report(exercise.id, "todo", flow.todo(exercise.id))
    problem = _not_gradable(exercise, answer)
    if problem:
        return Report(exercise.id, "error", problem)
    rng = np.random.default_rng(seed)
    cases = list(exercise.cases(rng))
    extra = [list(p.cases(rng)) for p in exercise.properties]
    run = (
        forked
        if exercise.tier == "numpy" and limits.CAN_FORK
        else (in_process)
    )
    outcome = run(
        exercise, answer, [*cases, *(case for some in extra for case in some)]
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return verdict(exercise, cases, extra, outcome)


def _is_known(exercise_id: Any) -> bool:
    try:
        return exercises.get(exercise_id) is not None
    except Exception:
        return False


def _shown_id(exercise_id: Any) -> str:
    return (
        exercise_id
        if type(exercise_id) is str
        else (f"({type(exercise_id).__name__})")
    )


def _not_gradable(exercise: Exercise, answer: Any) -> str:
    """Why this object cannot be an answer, or ""."""
    is_class = isinstance(answer, type)
    kind = type_name(type(answer))
    name = getattr(exercise.reference, "__name__", "answer")
    call = f'`check("{exercise.id}", {name})`'
    if exercise.kind == "class":
        if inspect.isfunction(answer):
            return flow.function_for_class(call)
        is_module = not is_class and hasattr(type(answer), "forward")
        if not callable(answer) or is_module:
            return flow.object_for_class(kind, call)
        return ""
    if is_class:
        return flow.class_for_function(type_name(answer), call)
    if callable(answer):
        return ""
    if answer is None:
        return flow.none_for_function(call)
    return flow.object_for_function(kind, call)
