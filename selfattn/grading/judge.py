"""The answer beside the right one, case by case: what a diagnosis reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from selfattn.exercises import Case, Exercise
from selfattn.grading import compare
from selfattn.grading.plain import Output, Raised
from selfattn.grading.run import call
from selfattn.grading.session import preserved


@dataclass(frozen=True)
class Finding:
    """A recognised mistake."""

    id: str
    text: str


@dataclass(frozen=True)
class Judged:
    """The answer on one case: right to which level, or None."""

    case: Case
    expected: Output
    got: Output
    level: str | None

    @property
    def raised(self) -> bool:
        """Whether the answer ended in an exception here."""
        return type(self.got) is Raised


def expected(exercise: Exercise, case: Case, seed: int) -> Output:
    """What the reference returns."""
    with preserved(), np.errstate(all="ignore"):
        return call(exercise, exercise.reference, case, seed)[0]


def judge(
    exercise: Exercise,
    cases: Sequence[Case],
    got: Sequence[Output],
) -> list[Judged]:
    """Compare case by case; cases that the answer never reached are out."""
    found = []
    for i, (case, output) in enumerate(zip(cases, got, strict=False)):
        right = expected(exercise, case, i)
        level = compare.rightness(right, output, exercise.rtol, exercise.atol)
        found.append(Judged(case, right, output, level))
    return found
