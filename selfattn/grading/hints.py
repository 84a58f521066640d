"""Hints and solutions, for a reader who asks."""

from __future__ import annotations

from typing import Any

from selfattn import exercises
from selfattn.grading.report import Note, show


def hint(exercise_id: str, number: int = 1) -> Note:
    """Show one hint of an exercise, from a nudge (1) to nearly the answer."""
    exercise = _found(exercise_id)
    if isinstance(exercise, Note):
        return show(exercise)
    n = len(exercise.hints)
    if type(number) is not int or not 1 <= number <= n:
        return show(Note(exercise.id, f"There are {n} hints, from 1 to {n}."))
    following = (
        f'Next: `hint("{exercise.id}", {number + 1})`.'
        if number < n
        else f'Then there is `solution("{exercise.id}")`.'
    )
    return show(
        Note(
            f"{exercise.id}: hint {number} of {n}",
            f"{exercise.hints[number - 1]}\n\n{following}",
        )
    )


def solution(exercise_id: str) -> Note:
    """Show a right answer."""
    exercise = _found(exercise_id)
    if isinstance(exercise, Note):
        return show(exercise)
    return show(
        Note(f"{exercise.id}: a solution", exercise.title, exercise.solution)
    )


def _found(exercise_id: str) -> Any:
    try:
        return exercises.get(exercise_id)
    except (KeyError, TypeError, ModuleNotFoundError) as error:
        return Note(
            "No such exercise", str(error.args[0] if error.args else error)
        )
