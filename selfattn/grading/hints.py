"""Hints and solutions, for a reader who asks."""

from __future__ import annotations

from selfattn import exercises
from selfattn.exercises import Exercise
from selfattn.grading.messages import quiz as say
from selfattn.grading.report import Note, show


def hint(exercise_id: str, number: int = 1) -> Note:
    """Show one hint of an exercise, from a nudge (1) to nearly the answer."""
    exercise = _found(exercise_id)
    if isinstance(exercise, Note):
        return show(exercise)
    n = len(exercise.hints)
    if type(number) is not int or not 1 <= number <= n:
        return show(Note(exercise.id, say.no_such_hint(n)))
    following = say.next_hint(exercise.id, number, n)
    return show(
        Note(
            say.hint_title(exercise.id, number, n),
            f"{exercise.hints[number - 1]}\n\n{following}",
        )
    )


def solution(exercise_id: str) -> Note:
    """Show a right answer."""
    exercise = _found(exercise_id)
    if isinstance(exercise, Note):
        return show(exercise)
    return show(
        Note(
            say.solution_title(exercise.id), exercise.title, exercise.solution
        )
    )


def _found(exercise_id: str) -> Exercise | Note:
    try:
        return exercises.get(exercise_id)
    except (KeyError, TypeError, ModuleNotFoundError) as error:
        text = str(error.args[0] if error.args else error)
        return Note(say.NO_SUCH_EXERCISE, text)
