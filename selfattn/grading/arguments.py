"""What a case gives to the answer: its arguments by name, and their sizes."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import numpy as np

from selfattn.exercises import Case, Exercise
from selfattn.grading import plain
from selfattn.grading.messages.cut import cut

_AXIS = {-1: "width", -2: "number of rows"}
Label = tuple[str, str]  # ("width", "`q`")


def named(exercise: Exercise, case: Case) -> dict[str, Any]:
    """The arguments of a case by name."""
    names = _names(exercise)
    names += [f"argument {i + 1}" for i in range(len(names), len(case.args))]
    found = dict(zip(names, case.args, strict=False))
    found.update(case.kwargs)
    return found


def _names(exercise: Exercise) -> list[str]:
    """What the positional arguments are called, as far as they are."""
    function = exercise.run or exercise.reference
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return []
    plainly = (
        inspect.Parameter.POSITIONAL_ONLY,
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
    )
    names = [p.name for p in parameters if p.kind in plainly]
    return names[1:] if exercise.run else names  # `run` is given the answer


def array(value: Any) -> np.ndarray | None:
    """An argument's numbers, None if it is no array and no tensor."""
    if plain.is_tensor(value):
        leaf = plain.encode(value)
        return leaf.array if type(leaf) is plain.Leaf else None
    return value if isinstance(value, np.ndarray) else None


def arrays(exercise: Exercise, case: Case) -> dict[str, np.ndarray]:
    """The arguments that are arrays, by name."""
    found = {n: array(v) for n, v in named(exercise, case).items()}
    return {n: a for n, a in found.items() if a is not None}


def sizes(exercise: Exercise, case: Case) -> dict[Label, int]:
    """The sizes in a case, by name: ("width", "`q`") -> 7."""
    found: dict[Label, int] = {}
    for name, value in named(exercise, case).items():
        numbers = array(value)
        if numbers is not None:
            for axis in range(-numbers.ndim, 0):
                default = f"length of axis {axis + numbers.ndim}"
                label = _AXIS.get(axis, default)
                if numbers.ndim == 1:
                    label = "length"
                found[label, f"`{name}`"] = numbers.shape[axis]
        elif type(value) is int and value > 0:
            found["value", f"`{name}`"] = value
        elif type(value) in (list, tuple) and value:
            found["length", f"`{name}`"] = len(value)
    return found


def total(case: Case) -> int:
    """How many numbers, words or letters a case holds."""
    return sum(_count(v) for v in (*case.args, *case.kwargs.values()))


def _count(value: Any) -> int:
    numbers = array(value)
    if numbers is not None:
        return numbers.size
    if isinstance(value, (list, tuple)):
        return sum(max(_count(v), 1) for v in value)
    return len(value) if isinstance(value, str) else 0


def in_words(exercise: Exercise, case: Case) -> Iterator[str]:
    """The arguments of a case, for an exception's report."""
    for name, value in named(exercise, case).items():
        numbers = array(value)
        if numbers is not None:
            shape = tuple(int(n) for n in numbers.shape)
            yield f"`{name}` {shape} {numbers.dtype.name}"
        elif isinstance(value, str):
            yield f"`{name}` = {cut(value, 40)!r}"
        elif value is None or isinstance(value, (int, float)):
            yield f"`{name}` = {value}"


def kind(value: Any) -> str:
    """What a reader calls this argument: a list, an array, a tensor."""
    if plain.is_tensor(value):
        return "tensor"
    if isinstance(value, (list, dict, set)):
        return type(value).__name__
    return "array"
