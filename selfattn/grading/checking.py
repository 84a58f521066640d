"""Check an answer: run it, compare, name the mistake, report, keep the result.

An answer to a NumPy exercise runs in a child process with limits on time and
memory, where the system can fork. Elsewhere, and for torch exercises, it runs
in this process: see `selfattn.grading.in_process` for what is then out of
reach.
"""

from __future__ import annotations

import dataclasses
import inspect
from typing import Any

import numpy as np

from selfattn import exercises, progress
from selfattn.grading import limits
from selfattn.grading.forked import forked
from selfattn.grading.in_process import in_process
from selfattn.grading.quiz import quiz
from selfattn.grading.report import Report, show
from selfattn.grading.verdict import Grading, todo


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
            "The grader itself "
            "failed, which is not your mistake. Please report "
            f"it: {type(error).__name__}: {error}",
        )
    note = (
        progress.note_attempt(
            report.exercise_id, report.status, report.diagnosis
        )
        if _is_known(exercise_id)
        else ""
    )
    if note:
        report = _with(report, saved_note=note)
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
    exercise: Any,
    answer: Any,
    *,
    seed: int | None = None,
) -> Report:
    """Grade an answer to this exercise."""
    if exercise.kind == "value":
        return quiz(exercise, answer)
    if answer is ...:
        return todo(exercise)
    problem = _not_gradable(exercise, answer)
    if problem:
        return Report(exercise.id, "error", problem)
    rng = np.random.default_rng(seed)
    cases = list(exercise.cases(rng))
    extra = [list(p.cases(rng)) for p in exercise.properties]
    every = cases + [c for cs in extra for c in cs]
    run = (
        forked if exercise.tier == "numpy" and limits.CAN_FORK else in_process
    )
    outcome = run(exercise, answer, every)
    return Grading(exercise, cases, extra, every, outcome).report()


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


def _with(report: Report, **changes: Any) -> Report:
    return dataclasses.replace(report, **changes)


def _not_gradable(exercise: Any, answer: Any) -> str:
    """Why this object cannot be an answer, or ""."""
    is_class = isinstance(answer, type)
    name = getattr(exercise.reference, "__name__", "answer")
    call = f'`check("{exercise.id}", {name})`'
    if exercise.kind == "class":
        if inspect.isfunction(answer):
            return (
                f"This exercise asks for a class, and you gave a "
                f"function. Write {call} with the class itself."
            )
        if (
            not callable(answer)
            or not is_class
            and hasattr(type(answer), "forward")
        ):
            return (
                f"This exercise asks for a class, and you gave an object "
                f"of type {type(answer).__name__}. Write {call}, without "
                "brackets behind the name."
            )
        return ""
    if is_class:
        return (
            "This exercise asks for a function, and you gave the class "
            f"{answer.__name__}. Write {call} with the function."
        )
    if callable(answer):
        return ""
    if answer is None:
        return (
            "You gave None. Write the function's name, without calling "
            f"it: {call}."
        )
    return (
        f"You gave an object of type {type(answer).__name__}, perhaps "
        "the result of a call. Give the function itself, without "
        f"brackets behind its name: {call}."
    )
