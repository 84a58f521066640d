"""Known wrong answers: which one, or which two, an answer agrees with."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Sequence

import numpy as np

from selfattn.exercises import Exercise
from selfattn.grading import compare, plain
from selfattn.grading.judge import Finding, Judged
from selfattn.grading.messages import flow
from selfattn.grading.messages.cut import type_name
from selfattn.grading.run import call
from selfattn.grading.session import preserved

PAIR_SECONDS = 1.0  # for trying traps two at a time


class _Trusted:
    """One of the book's wrong answers, run case by case when asked."""

    def __init__(self, exercise: Exercise, wrong: Callable):
        self._exercise, self._wrong = exercise, wrong
        self._known: dict[int, tuple] = {}

    def output(self, number: int, case) -> tuple[plain.Output, bool]:
        """What it returns, and whether it changes an argument."""
        if number not in self._known:
            try:
                output, changed = call(
                    self._exercise, self._wrong, case, number
                )
            except Exception as error:
                output, changed = plain.Raised(type_name(type(error))), None
            self._known[number] = output, changed is not None
        return self._known[number]


def find(
    exercise: Exercise,
    judged: Sequence[Judged],
    *,
    changed: bool,
    pairs: bool = True,
) -> Finding | None:
    """The known mistake, or two, that this answer makes.

    changed : whether the answer modified an argument.
    pairs : whether two mistakes at once are looked for.
    """
    order = sorted(
        range(len(judged)),
        key=lambda i: (
            judged[i].level is not None,
            type(judged[i].got) is plain.Raised,
        ),
    )
    with preserved(), np.errstate(all="ignore"):
        best, score = None, 0
        for name, (wrong, _) in exercise.traps.items():
            one = _matches(
                _Trusted(exercise, wrong), judged, order, changed, exercise
            )
            if one > score:
                best, score = name, one
        if best is not None:
            return Finding(best, exercise.traps[best].message)
        if pairs and exercise.variant is not None:
            return _two(exercise, judged, order, changed)
    return None


def _matches(
    wrong: _Trusted,
    judged: Sequence[Judged],
    order: Sequence[int],
    changed: bool,
    x: Exercise,
) -> int:
    """0: another mistake; higher: it agrees, in exceptions and NaN too.

    To agree, the two must return the same on some case, and something must
    set them apart from the right answer. Where the answer is NaN, nothing is
    asked of the trap: -inf gives a row of NaN where -1e9 gives even weights.
    """
    ran, differs, errors_alike, nan_alike = False, False, True, True
    for i in order:
        one = judged[i]
        output, changes = wrong.output(i, one.case)
        if type(output) is plain.Raised:
            differs = differs or output == one.got
            errors_alike = errors_alike and output == one.got
            continue
        if type(one.got) is plain.Raised:
            return 0
        agrees = _agrees(x, output, one, nan=False)
        if not agrees and not _agrees(x, output, one, nan=True):
            return 0
        ran, nan_alike = True, nan_alike and agrees
        differs = (
            differs
            or _sets_apart(x, output, one, agrees)
            or (changes and changed)
        )
    return (1 + errors_alike + 2 * nan_alike) if ran and differs else 0


def _agrees(x: Exercise, output, one: Judged, nan: bool) -> bool:
    # Against a wrong answer there is no credit for lower precision.
    allowed: tuple[str, ...] = compare.LEVELS
    if one.level is not None:
        allowed = allowed[: allowed.index(one.level) + 1]
    return compare.rightness(output, one.got, x.rtol, x.atol, nan) in allowed


def _sets_apart(x: Exercise, output, one: Judged, agrees: bool) -> bool:
    """Whether this case tells the trap from the right answer."""
    if one.level is None:
        return (
            agrees
            or compare.rightness(one.expected, one.got, x.rtol, x.atol, True)
            is None
        )
    return (
        one.level != "full"
        and compare.rightness(one.expected, output, x.rtol, x.atol) != "full"
    )


# ------------------------------------------------------------ two at once


def _two(
    exercise: Exercise,
    judged: Sequence[Judged],
    order: Sequence[int],
    changed: bool,
) -> Finding | None:
    """Two traps at once, if it is these two and no others."""
    variant = exercise.variant
    if variant is None:
        return None
    end, found = time.monotonic() + PAIR_SECONDS, []
    for two in itertools.combinations(exercise.traps, 2):
        if time.monotonic() > end:
            break
        try:
            both = _Trusted(exercise, variant(frozenset(two)))
        except Exception:
            continue  # these two exclude each other
        if _matches(both, judged, order, changed, exercise) and all(
            _leaves_a_trace(exercise, name, other, both, judged)
            for name, other in (two, two[::-1])
        ):
            found.append(two)
    if len(found) != 1:
        return None  # several explain it: none is known to be made
    first, second = found[0]
    return Finding(
        f"{first}+{second}",
        flow.two_mistakes(
            exercise.traps[first].message, exercise.traps[second].message
        ),
    )


def _leaves_a_trace(
    x: Exercise,
    name: str,
    other: str,
    both: _Trusted,
    judged: Sequence[Judged],
) -> bool:
    """Whether this mistake shows alone, and beside the other one."""
    alone = _Trusted(x, x.traps[name].wrong)
    without = _Trusted(x, x.traps[other].wrong)
    shows = beside = False
    for i, one in enumerate(judged):
        if type(one.got) is plain.Raised:
            continue
        mine = alone.output(i, one.case)[0]
        shows = shows or not _same(x, one.expected, mine)
        pair = both.output(i, one.case)[0]
        beside = beside or not _same(x, without.output(i, one.case)[0], pair)
    return shows and beside


def _same(x: Exercise, a: plain.Output, b: plain.Output) -> bool:
    if plain.Raised in (type(a), type(b)):
        return a == b
    return compare.rightness(a, b, x.rtol, x.atol) is not None
