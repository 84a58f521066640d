"""The kind of case that fails: what the wrong ones have, and no right one.

Features of the arguments (a mask is given, a number repeats, one row …) are
compared over the cases. One is said only when it separates the wrong cases
from the right ones exactly, and when few do: with one wrong case, many things
are peculiar to it by chance.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from selfattn.exercises import Case, Exercise
from selfattn.grading import arguments
from selfattn.grading.messages import kinds

LARGE = 50
AT_MOST = 2  # features that may separate before nothing is said
FEWEST = 3  # cases in all

Features = dict[tuple[str, str], bool]  # (argument, aspect) -> whether


def sentence(
    exercise: Exercise,
    wrong: Sequence[Case],
    right: Sequence[Case],
    *,
    raised: bool = False,
) -> str:
    """What sets the wrong cases apart, or "" if nothing clearly does.

    The fewer of the two are described: "Right only where `n` is 1."
    raised : the wrong cases are those that stopped with an exception.

    >>> from selfattn import exercises
    >>> sentence(exercises.get("04.softmax"), [], [])
    ''
    """
    few_right = len(right) < len(wrong)
    found = [
        kinds.clause(name, aspect, holds is not few_right)
        for name, aspect, holds in _separating(exercise, wrong, right)
    ]
    if not found:
        return ""
    say = {
        (False, False): kinds.wrong_where,
        (False, True): kinds.right_only_where,
        (True, False): kinds.raised_where,
        (True, True): kinds.ran_only_where,
    }[raised, few_right]
    return say(found)


def _separating(
    exercise: Exercise, wrong: Sequence[Case], right: Sequence[Case]
) -> list[tuple[str, str, bool]]:
    """(argument, aspect, whether the wrong cases have it), if they are few."""
    if not wrong or not right or len(wrong) + len(right) < FEWEST:
        return []
    bad = [features(exercise, case) for case in wrong]
    good = [features(exercise, case) for case in right]
    found = [
        (name, aspect, holds)
        for name, aspect in dict.fromkeys(
            key for one in bad + good for key in one
        )
        for holds in (True, False)
        if _separates((name, aspect), holds, bad, good)
    ]
    given = {name for name, aspect, _ in found if aspect == "given"}
    # Where an argument is missing, all that it has is missing too.
    found = [
        f
        for f in found
        if f[1] == "given" or not any(name in f[0] for name in given)
    ]
    return found if len(found) <= AT_MOST else []


def _separates(
    key: tuple, holds: bool, bad: Sequence[Features], good: Sequence[Features]
) -> bool:
    # Where an argument is missing, nothing holds of it.
    return (
        all(f.get(key) is holds for f in bad)
        and all(
            f.get(key, False if holds else None) is not holds for f in good
        )
        and (holds or all(key in f for f in good))
    )


def features(exercise: Exercise, case: Case) -> Features:
    """What is so in this case, and what could be and is not."""
    found: Features = {}
    for name, value in arguments.named(exercise, case).items():
        aspects = {"given": value is not None, **_aspects(value)}
        for aspect, holds in aspects.items():
            found[f"`{name}`", aspect] = bool(holds)
    heights = {
        n: a for n, a in arguments.arrays(exercise, case).items() if a.ndim > 1
    }
    for (n, a), (m, b) in itertools.combinations(heights.items(), 2):
        both = f"`{n}` and `{m}`"
        found[both, "same_height"] = a.shape[-2] == b.shape[-2]
        found[both, "same_width"] = a.shape[-1] == b.shape[-1]
    return found


def _aspects(value: Any) -> dict[str, bool]:
    numbers = arguments.array(value)
    if numbers is not None:
        return _of_array(numbers)
    if isinstance(value, bool):
        return {"true": value}
    if isinstance(value, (int, float)):
        whole = isinstance(value, int)
        return {
            "is_zero": value == 0,
            "is_one": value == 1,
            "is_negative": value < 0,
            **({"odd": value % 2 == 1} if whole else {}),
        }
    if isinstance(value, str):
        return {
            "empty": not value,
            "capital": value != value.lower(),
            **({f"={value!r}": True} if 0 < len(value) <= 20 else {}),
        }
    if isinstance(value, (list, tuple)):
        return _of_list(value)
    if isinstance(value, (dict, set)):
        return {"empty": not value, "one": len(value) == 1}
    return {}


def _of_list(value: Sequence) -> dict[str, bool]:
    found = {"empty": not value, "one": len(value) == 1}
    if all(isinstance(v, (str, int, float)) for v in value):
        found["repeats"] = len(set(value)) < len(value)
    if all(isinstance(v, (int, float)) for v in value):
        found["negative"] = any(v < 0 for v in value)
        found["zero"] = 0 in value
    if value and all(isinstance(v, str) for v in value):
        found["capital"] = any(v != v.lower() for v in value)
    elif value and all(hasattr(v, "__len__") for v in value):
        found["ragged"] = len({len(v) for v in value}) > 1
    return found


def _of_array(a: np.ndarray) -> dict[str, bool]:
    found: dict[str, bool] = {"empty": not a.size}
    if not a.size or not a.ndim:
        return found
    if a.ndim == 1:
        found["one"] = a.size == 1
    else:
        rows, columns = a.shape[-2:]
        found |= {
            "batch": a.ndim > 2,
            "one_row": rows == 1,
            "one_column": columns == 1,
            "square": rows == columns,
        }
    if a.dtype.kind == "b":
        blind = a.ndim > 1 and bool((~a.any(-1)).any())
        return found | {"forbids": bool((~a).any()), "blind": blind}
    if a.dtype.kind not in "iuf":
        return found
    return found | _of_numbers(a)


def _of_numbers(a: np.ndarray) -> dict[str, bool]:
    finite = a[np.isfinite(a)]
    found = {
        "minus_inf": bool(np.isneginf(a).any()),
        "nan": bool(np.isnan(a).any()),
        "negative": bool((finite < 0).any()),
        "zero": bool((finite == 0).any()),
    }
    last = np.sort(a, -1)
    equal = bool((last[..., 1:] == last[..., :-1]).any())
    found["repeats" if a.ndim == 1 else "ties"] = equal
    if a.ndim == 2:
        found["same_rows"] = len(np.unique(a, axis=0)) < len(a)
    if a.dtype.kind == "f":
        found["large"] = bool((np.abs(finite) > LARGE).any())
        found["float32"] = a.dtype == np.float32
    return found
