"""Grade a quiz: its answer is data, and is compared place by place."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np

from selfattn.grading import compare, plain
from selfattn.grading.report import Report
from selfattn.grading.session import preserved
from selfattn.grading.verdict import todo


def quiz(exercise: Any, answer: Any) -> Report:
    blanks = _blanks(answer)
    if blanks is not None:
        left = ", ".join(map(repr, blanks[:8])) + (
            ", …" if len(blanks) > 8 else ""
        )
        return todo(
            exercise,
            f"Still to answer: {left}."
            if left
            else "Nothing to grade yet: replace each `...` with your answer.",
        )
    if inspect.isroutine(answer) or isinstance(answer, type):
        return Report(
            exercise.id,
            "error",
            "This exercise asks for values, "
            f"and you gave the {type(answer).__name__} "
            f"`{getattr(answer, '__name__', '')}`. Give what the "
            "starter shows, filled in.",
        )
    with preserved(), np.errstate(all="ignore"):
        right = plain.encode(exercise.reference())
        got = plain.encode(answer)
        wrong = {
            name: plain.encode(t.wrong()) for name, t in exercise.traps.items()
        }
    if _same(exercise, right, got):
        return Report(exercise.id, "passed", "Right.")
    known = _quiz_trap(exercise, right, got, wrong)
    text, places = _quiz_text(exercise, right, got)
    if known:
        text = "\n\n".join(
            [exercise.traps[known].message] + [text] * bool(places)
        )
    return Report(exercise.id, "wrong", text, known)


def _blanks(answer: Any) -> list | None:
    """What is still `...`: None, or the keys (an empty list: all of it)."""
    if answer is ...:
        return []
    if type(answer) is dict:
        left = [k for k, v in answer.items() if _blanks(v) is not None]
        return None if not left else [] if len(left) == len(answer) else left
    if type(answer) in (list, tuple):
        left = [i for i, v in enumerate(answer) if _blanks(v) is not None]
        return None if not left else [] if len(left) == len(answer) else left
    return None


def _same(exercise: Any, a: Any, b: Any) -> bool:
    return compare.rightness(a, b, exercise.rtol, exercise.atol) in (
        "full",
        "single",
    )


def _quiz_trap(exercise, right, got, wrong) -> str | None:
    for name, output in wrong.items():
        if _same(exercise, output, got):
            return name
    if type(right) is plain.Group and right.kind == "dict":
        return _entry_trap(exercise, right, got, wrong)
    return None


def _entry_trap(exercise, right, got, wrong) -> str | None:
    """A trap whose wrong entries are all in the answer, with others."""
    if type(got) is not plain.Group or set(got.keys) != set(right.keys):
        return None
    mine = dict(zip(got.keys, got.items, strict=True))
    good = dict(zip(right.keys, right.items, strict=True))
    for name, output in wrong.items():
        if type(output) is not plain.Group or output.kind != "dict":
            continue
        off = {
            k: v
            for k, v in zip(output.keys, output.items, strict=True)
            if k in good and not _same(exercise, good[k], v)
        }
        if off and all(_same(exercise, v, mine[k]) for k, v in off.items()):
            return name
    return None


def _quiz_text(exercise, right, got) -> tuple[str, list]:
    """Which entries are wrong, never what would be right."""
    problems = list(compare.aligned(right, got))
    for p in problems:
        if type(p) is compare.Problem and p.id:
            return p.text, []
    if type(right) is not plain.Group or type(got) is not plain.Group:
        text = [
            p.text
            for p in problems
            if type(p) is compare.Problem and "is not right" not in p.text
        ]
        return (text[0] if text else "That is not right."), []
    if right.kind == "set" or len(right.items) != len(got.items):
        return "That is not right.", []
    keys = right.keys or range(len(right.items))
    good = dict(zip(keys, right.items, strict=True))
    mine = dict(zip(got.keys or keys, got.items, strict=True))
    off = [
        k
        for k in good
        if k not in mine or not _same(exercise, good[k], mine[k])
    ]
    names = ", ".join(map(repr, off))
    return (
        f"Right on {len(good) - len(off)} of {len(good)}. Not right: {names}."
    ), off
