"""Answers that are data; and hints."""

from __future__ import annotations

from collections.abc import Sequence

from selfattn.grading.messages.cut import NAME, cut

RIGHT = "Right."
WRONG = "That is not right."
ALL_BLANK = "Nothing to grade yet: replace each `...` with your answer."
# On the site a quiz is a form, with its hints below it.
FORM_BLANK = "Nothing to grade yet: give your answers first."
FORM_HINTS = "The hints below give a first nudge."
NO_SUCH_EXERCISE = "No such exercise"
LISTED = 8  # how many keys are named


def listed(keys: Sequence) -> str:
    shown = ", ".join(cut(repr(k), NAME) for k in keys[:LISTED])
    return shown + (", …" if len(keys) > LISTED else "")


def still_to_answer(keys: Sequence) -> str:
    return f"Still to answer: {listed(keys)}."


def values_asked_for(kind: str, name: str) -> str:
    return (
        f"This exercise asks for values, and you gave the {kind} `{name}`. "
        "Give what the starter shows, filled in."
    )


def tally(right: int, n: int, wrong: Sequence) -> str:
    return f"Right on {right} of {n}. Not right: {listed(wrong)}."


def not_asked_for(n: int, unknown: Sequence) -> str:
    return (
        f"All {n} that are asked for are right. Not asked for: "
        f"{listed(unknown)}. Take it out."
    )


def quoted(keys: Sequence) -> str:
    where = f" for {listed(keys)}" if keys else ""
    return (
        f"You gave text in quotes{where}, where True, False or a number is "
        "asked for. Write it without the quotes."
    )


def no_such_hint(n: int) -> str:
    return f"There are {n} hints, from 1 to {n}."


def hint_title(exercise_id: str, number: int, n: int) -> str:
    return f"{exercise_id}: hint {number} of {n}"


def next_hint(exercise_id: str, number: int, n: int) -> str:
    if number < n:
        return f'Next: `hint("{exercise_id}", {number + 1})`.'
    return f'Then there is `solution("{exercise_id}")`.'


def solution_title(exercise_id: str) -> str:
    return f"{exercise_id}: a solution"
