"""The exercises: what each asks, its right answer, and its known mistakes.

One file per exercise, `chNN/name.py` for the id "NN.name", read only when it
is asked for.

    >>> from selfattn import exercises
    >>> exercises.get("01.one_hot").chapter
    1
"""

from __future__ import annotations

from .find import every as all
from .find import get, ids, needing_torch
from .model import (
    Case,
    Exercise,
    Property,
    Trap,
    exercise,
    quiz_cases,
    traps_from,
)

__all__ = [
    "Case",
    "Exercise",
    "Property",
    "Trap",
    "all",
    "exercise",
    "get",
    "ids",
    "needing_torch",
    "quiz_cases",
    "traps_from",
]
