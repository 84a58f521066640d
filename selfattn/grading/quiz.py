"""Grade a quiz: its answer is data, and is compared place by place."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np

from selfattn.exercises import Exercise
from selfattn.grading import compare
from selfattn.grading.messages import flow
from selfattn.grading.messages import quiz as say
from selfattn.grading.messages.cut import NAME, cut, type_name
from selfattn.grading.plain import Group, Leaf, Other, Output, Text, encode
from selfattn.grading.report import Report
from selfattn.grading.session import preserved


def quiz(exercise: Exercise, answer: Any) -> Report:
    """The report on a quiz answer."""
    if inspect.isroutine(answer) or isinstance(answer, type):
        name = cut(getattr(answer, "__name__", ""), NAME)
        kind = type_name(type(answer))
        text = say.values_asked_for(kind, name)
        return Report(exercise.id, "error", text)
    with preserved(), np.errstate(all="ignore"):
        right, given = encode(exercise.reference()), encode(answer)
        blanks = _blanks(answer, right)
        if blanks is not None:
            text = say.still_to_answer(blanks) if blanks else say.ALL_BLANK
            return Report(exercise.id, "todo", flow.todo(exercise.id, text))
        if _same(exercise, right, given):
            return Report(exercise.id, "passed", say.RIGHT)
        known = _trap(exercise, right, given)
        text, told = _differences(exercise, right, given)
    if known:
        message = exercise.traps[known].message
        text = f"{message}\n\n{text}" if told else message
    return Report(exercise.id, "wrong", text, known)


def _blanks(answer: Any, right: Output) -> list | None:
    """What is still `...` or None: the keys, [] for all; None if nothing."""
    if answer is ...:
        return []
    if type(answer) is dict:
        places = list(answer.items())
        wanted = (
            dict(zip(right.keys, right.items, strict=True))
            if (type(right) is Group)
            else {}
        )
    elif type(answer) in (list, tuple):
        places = list(enumerate(answer))
        wanted = dict(enumerate(right.items)) if type(right) is Group else {}
    else:
        return None
    left = [key for key, value in places if _is_blank(value, wanted.get(key))]
    if not left:
        return None
    every = len(left) == len(places) and all(v is ... for _, v in places)
    return [] if every else left


def _is_blank(value: Any, right: Output | None) -> bool:
    if value is None:
        return right is not None and right != Other("None")
    return _blanks(value, right or Other("")) is not None


def _same(exercise: Exercise, a: Output, b: Output) -> bool:
    return compare.rightness(a, b, exercise.rtol, exercise.atol) in (
        "full",
        "single",
    )


# ----------------------------------------------------------------- traps


def _trap(exercise: Exercise, right: Output, given: Output) -> str | None:
    """The known wrong answer that this is, or that is a part of it."""
    wrong = {name: encode(t.wrong()) for name, t in exercise.traps.items()}
    for name, output in wrong.items():
        if _same(exercise, output, given):
            return name
    if type(right) is Group and right.kind == "dict":
        return _part_trap(exercise, right, given, wrong)
    return None


def _part_trap(
    exercise: Exercise, right: Group, given: Output, wrong: dict[str, Output]
) -> str | None:
    """A trap whose wrong entries are all in the answer, with others."""
    if type(given) is not Group or set(given.keys) != set(right.keys):
        return None
    mine, good = _by_key(given), _by_key(right)
    for name, output in wrong.items():
        if type(output) is not Group or output.kind != "dict":
            continue
        off = {
            key: value
            for key, value in _by_key(output).items()
            if key in good and not _same(exercise, good[key], value)
        }
        if off and all(_same(exercise, v, mine[k]) for k, v in off.items()):
            return name
    return None


def _by_key(group: Group) -> dict[Any, Output]:
    keys = group.keys or range(len(group.items))
    return dict(zip(keys, group.items, strict=True))


# ------------------------------------------------------- what is not right


def _differences(
    exercise: Exercise,
    right: Output,
    given: Output,
) -> tuple[str, bool]:
    """Which entries are wrong, never what is right; whether they are named."""
    if _is_quoted(right, given):
        return say.quoted([]), False
    if type(right) is not Group or type(given) is not Group:
        return _structure(right, given), False
    if (
        right.kind == "set"
        or right.kind != "dict"
        and (len(right.items) != len(given.items))
    ):
        return say.WRONG, False
    good, mine = _by_key(right), _by_key(given)
    off = [
        k
        for k in good
        if k not in mine or not _same(exercise, good[k], mine[k])
    ]
    if not off:
        unknown = [k for k in mine if k not in good]
        return (
            say.not_asked_for(len(good), unknown) if unknown else say.WRONG
        ), False
    text = say.tally(len(good) - len(off), len(good), off)
    quoted = [k for k in off if k in mine and _is_quoted(good[k], mine[k])]
    if quoted:
        text += "\n\n" + say.quoted(quoted)
    return text, True


def _is_quoted(right: Output, given: Output) -> bool:
    """Whether a truth value or a number was written as a string."""
    return (
        type(right) is Leaf
        and right.origin == "number"
        and type(given) is Text
    )


def _structure(right: Output, given: Output) -> str:
    """What keeps the two apart as wholes, if it gives nothing away."""
    for problem in compare.aligned(right, given):
        if type(problem) is compare.Problem and (
            problem.id or type(given) is not Text
        ):
            return problem.text
    return say.WRONG
