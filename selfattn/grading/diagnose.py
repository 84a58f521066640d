"""Name the mistake in a wrong answer.

In order: the known wrong answers (traps), two of them together, general
relations between tensors, and last the first place where the two differ.
Traps and references are the book's own code, so they run here; the reader's
answer has run already, and only what it returned is looked at.
"""

from __future__ import annotations

import inspect
import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from selfattn.grading import compare, plain, relations
from selfattn.grading.compare import Pair, Problem
from selfattn.grading.run import call
from selfattn.grading.session import preserved

PAIR_SECONDS = 1.0  # for trying traps two at a time


@dataclass(frozen=True)
class Finding:
    """A recognised mistake."""

    id: str
    text: str


@dataclass(frozen=True)
class Judged:
    """The answer on one case: right to which level, or None."""

    case: Any
    expected: plain.Output
    got: plain.Output
    level: str | None


def expected_outputs(exercise: Any, cases: Sequence) -> list:
    """What the reference returns on the cases."""
    with preserved(), np.errstate(all="ignore"):
        return [
            call(exercise, exercise.reference, case, i)[0]
            for i, case in enumerate(cases)
        ]


def judge(
    exercise: Any, cases: Sequence, expected: Sequence, got: Sequence
) -> list[Judged]:
    """Compare case by case; cases that the answer never reached are out."""
    return [
        Judged(c, e, g, compare.rightness(e, g, exercise.rtol, exercise.atol))
        for c, e, g in zip(cases, expected, got, strict=False)
    ]


# ----------------------------------------------------------------- traps


class _Trusted:
    """One of the book's wrong answers, run case by case when asked."""

    def __init__(self, exercise: Any, wrong: Callable):
        self._exercise, self._wrong = exercise, wrong
        self._known: dict[int, tuple] = {}

    def output(self, number: int, case: Any) -> tuple:
        """(output, whether an argument was changed)."""
        if number not in self._known:
            try:
                output, changed = call(
                    self._exercise, self._wrong, case, number
                )
            except Exception as error:
                output, changed = plain.Raised(type(error).__name__), None
            self._known[number] = output, changed is not None
        return self._known[number]


def _matches(
    wrong: _Trusted,
    judged: Sequence[Judged],
    order: Sequence[int],
    changed: bool,
    exercise: Any,
) -> int:
    """0: another mistake; 1: agrees wherever both ran; 2: raises alike too.

    To agree, the two must return the same on some case, and something must
    set them apart from the right answer.
    """
    ran, differs, alike = False, False, True
    for i in order:
        one = judged[i]
        output, changes = wrong.output(i, one.case)
        if type(output) is plain.Raised:
            same_error = output == one.got
            differs = differs or same_error
            alike = alike and same_error
            continue
        if type(one.got) is plain.Raised:
            return 0
        # Against a wrong answer there is no credit for lower precision.
        if compare.rightness(
            output, one.got, exercise.rtol, exercise.atol
        ) not in _allowed(one):
            return 0
        ran = True
        differs = (
            differs
            or one.level is None
            or (
                one.level != "full"
                and compare.rightness(
                    one.expected, output, exercise.rtol, exercise.atol
                )
                != "full"
            )
            or (changes and changed)
        )
    return (1 + alike) if ran and differs else 0


def _allowed(one: Judged) -> tuple:
    if one.level is None:
        return compare.LEVELS
    return compare.LEVELS[: compare.LEVELS.index(one.level) + 1]


def trap(
    exercise: Any,
    judged: Sequence[Judged],
    *,
    changed: bool,
    pairs: bool = True,
) -> Finding | None:
    """The known mistake, or two, that this answer makes."""
    order = sorted(
        range(len(judged)),
        key=lambda i: (
            judged[i].level is not None,
            type(judged[i].got) is plain.Raised,
        ),
    )
    with preserved(), np.errstate(all="ignore"):
        best: tuple[int, str] | None = None
        for name, (wrong, _) in exercise.traps.items():
            score = _matches(
                _Trusted(exercise, wrong), judged, order, changed, exercise
            )
            if score > (best[0] if best else 0):
                best = score, name
        if best:
            return Finding(best[1], exercise.traps[best[1]].message)
        if pairs and exercise.variant is not None:
            return _two(exercise, judged, order, changed)
    return None


def _two(
    exercise: Any,
    judged: Sequence[Judged],
    order: Sequence[int],
    changed: bool,
) -> Finding | None:
    end = time.monotonic() + PAIR_SECONDS
    for a, b in itertools.combinations(exercise.traps, 2):
        if time.monotonic() > end:
            return None
        try:
            wrong = exercise.variant(frozenset({a, b}))
        except Exception:
            continue  # these two exclude each other
        if _matches(
            _Trusted(exercise, wrong), judged, order, changed, exercise
        ):
            return Finding(
                f"{a}+{b}",
                "There are two mistakes at once.\n\n"
                f"First: {exercise.traps[a].message}\n\n"
                f"Second: {exercise.traps[b].message}",
            )
    return None


# ------------------------------------------------------------- relations


def named_arrays(exercise: Any, case: Any) -> dict[str, Any]:
    """The arguments of a case by name."""
    names: list[str] = []
    if exercise.run is None:
        try:
            names = list(inspect.signature(exercise.reference).parameters)
        except (TypeError, ValueError):
            names = []
    names += [f"argument {i + 1}" for i in range(len(names), len(case.args))]
    found = dict(zip(names, case.args, strict=False))
    found.update(case.kwargs)
    return found


def _array(value: Any) -> np.ndarray | None:
    if plain.is_tensor(value):
        leaf = plain.encode(value)
        return leaf.array if type(leaf) is plain.Leaf else None
    return value if isinstance(value, np.ndarray) else None


_AXIS = {-1: "width", -2: "number of rows"}


def sizes(exercise: Any, case: Any) -> dict[tuple, int]:
    """The sizes in a case, by name: ("width", "`q`") -> 7."""
    found: dict[tuple, int] = {}
    for name, value in named_arrays(exercise, case).items():
        array = _array(value)
        if array is not None:
            for axis in range(-array.ndim, 0):
                label = _AXIS.get(axis, f"length of axis {axis + array.ndim}")
                if array.ndim == 1:
                    label = "length"
                found[label, f"`{name}`"] = array.shape[axis]
        elif type(value) is int and value > 0:
            found["value", f"`{name}`"] = value
    return found


def _seen(exercise: Any, one: Judged, pair: Pair) -> relations.Seen | None:
    e, g = pair.expected.array, pair.got.array
    if e.dtype.kind not in "biuf" or g.dtype.kind not in "biuf":
        return None
    inputs = {
        n: a
        for n, v in named_arrays(exercise, one.case).items()
        if (a := _array(v)) is not None
    }
    masks = [a for a in inputs.values() if a.dtype.kind == "b"]
    return relations.Seen(
        sizes(exercise, one.case),
        masks[0] if len(masks) == 1 else None,
        pair,
        *(a if a.dtype.kind == "f" else a.astype(float) for a in (e, g)),
        inputs,
    )


def _by_path(
    exercise: Any,
    judged: Sequence[Judged],
) -> dict[tuple, list[tuple[relations.Seen, bool]]]:
    """For each of several outputs: the cases, and whether it is right."""
    found: dict[tuple, list] = {}
    for one in judged:
        if type(one.got) is plain.Raised:
            continue
        for pair in compare.aligned(one.expected, one.got):
            if type(pair) is Pair:
                seen = _seen(exercise, one, pair)
                right = any(
                    compare.pair_is_right(
                        pair, level, exercise.rtol, exercise.atol
                    )
                    for level in compare.LEVELS
                )
                if seen is not None:
                    found.setdefault(pair.path, []).append((seen, right))
    return found


def relation(exercise: Any, judged: Sequence[Judged]) -> Finding | None:
    """What the answer's arrays have to do with the right ones."""
    swapped = _swapped(exercise, judged)
    if swapped:
        return swapped
    by_path = _by_path(exercise, judged)
    wrong = {
        p: [s for s, _ in seen]
        for p, seen in by_path.items()
        if not all(right for _, right in seen)
    }
    if not wrong:
        return None
    with np.errstate(all="ignore"):
        held = {p: list(relations.find(seen)) for p, seen in wrong.items()}
    for id_, text in next(iter(held.values())):
        if all((id_, text) in found for found in held.values()):
            if len(by_path) > len(wrong) or len(wrong) > 1:
                text = f"In {_which(list(wrong))}: {text}"
            return Finding(id_, text)
    for path in reversed(list(held)):  # weights come last, and come first
        if held[path]:
            id_, text = held[path][0]
            return Finding(id_, f"In {_which([path])}: {text}")
    return None


def _which(paths: list[tuple]) -> str:
    return " and ".join(compare.spelled(p) for p in paths) or "the result"


def _swapped(exercise: Any, judged: Sequence[Judged]) -> Finding | None:
    """The outputs of a pair, each in the other's place."""
    for one in judged:
        e, g = one.expected, one.got
        if not (
            type(e) is type(g) is plain.Group
            and e.keys == ()
            and len(e.items) == len(g.items) == 2
            and {e.kind, g.kind} <= {"tuple", "list"}
        ):
            return None
        turned = plain.Group(g.kind, g.items[::-1])
        if compare.rightness(e, turned, exercise.rtol, exercise.atol) is None:
            return None
    return (
        judged
        and Finding(
            "swapped_outputs",
            "You return the right two things in the wrong order.",
        )
        or None
    )


# --------------------------------------------------------- where it differs


@dataclass(frozen=True)
class Difference:
    """The smallest failing case and the first entry that is wrong there."""

    one: Judged
    text: str
    id: str | None = None
    pair: Pair | None = None
    index: tuple | None = None


def _size(case: Any) -> int:
    arrays = [_array(v) for v in (*case.args, *case.kwargs.values())]
    return sum(a.size for a in arrays if a is not None)


def difference(exercise: Any, judged: Sequence[Judged]) -> Difference:
    """Where the answer departs from the right one, on the smallest case."""
    failing = [
        j
        for j in judged
        if j.level is None and type(j.got) is not plain.Raised
    ]
    one = min(failing, key=lambda j: _size(j.case))
    problems = list(compare.aligned(one.expected, one.got))
    for problem in problems:
        if type(problem) is Problem:
            return Difference(one, problem.text, problem.id)
    for pair in problems:
        if not any(
            compare.pair_is_right(pair, level, exercise.rtol, exercise.atol)
            for level in compare.LEVELS
        ):
            return _in_pair(exercise, one, pair)
    return Difference(one, "It differs from the right answer.")


def _in_pair(exercise: Any, one: Judged, pair: Pair) -> Difference:
    e, g = pair.expected.array, pair.got.array
    place = f"In {compare.spelled(pair.path)}: " if pair.path else ""
    if e.shape != g.shape:
        return Difference(
            one, place + shape_text(exercise, one.case, e, g), None, pair
        )
    right = compare.close(
        e, g, compare.level_of(pair.got), exercise.rtol, exercise.atol
    )
    bad = np.argwhere(~right)
    if e.dtype.kind in "fc" and g.dtype.kind in "fc":
        lost = ~np.isfinite(g) & np.isfinite(e)
        if lost.any():
            at = tuple(int(n) for n in np.argwhere(lost)[0])
            what = "NaN (not a number)" if np.isnan(g[at]) else "infinite"
            return Difference(
                one,
                f"{place}{_entry(at)} is {what}, where "
                f"{_number(e[at])} is expected. Look for an overflow in an "
                "exponential, a division by zero, or ∞ − ∞.",
                "not_finite",
                pair,
                at,
            )
    at = tuple(int(n) for n in bad[0]) if len(bad) else None
    if at is None:
        return Difference(
            one,
            f"{place}the values are right, but their type "
            f"is {pair.got.dtype}; {pair.expected.dtype} is "
            "asked for.",
            "wrong_dtype",
            pair,
        )
    whole = (
        ""
        if g.dtype.kind == "f" or e.dtype.kind != "f"
        else (
            f" Your array's type is {pair.got.dtype}, which cannot hold a "
            "fraction."
        )
    )
    share = f" {len(bad)} of {e.size} entries differ." if e.size > 1 else ""
    return Difference(
        one,
        f"{place}{_entry(at)} should be {_number(e[at])} and is "
        f"{_number(g[at])}.{share}{whole}",
        None,
        pair,
        at,
    )


def _entry(at: tuple) -> str:
    return f"entry [{', '.join(map(str, at))}]" if at else "the number"


def _number(value: Any) -> str:
    return (
        f"{value:.6g}" if np.issubdtype(type(value), np.number) else str(value)
    )


def shape_text(exercise: Any, case: Any, e: np.ndarray, g: np.ndarray) -> str:
    """Expected against given shape, the expected one in words too.

    Axes are named only where the case's sizes leave no doubt.
    """
    words = []
    known = sizes(exercise, case)
    for n in e.shape:
        labels = [k for k, d in known.items() if d == n]
        if not labels or len({k[0] for k in labels}) != 1:
            words = []
            break
        words.append(" of ".join(labels[0]))
    spoken = f", that is ({', '.join(words)})" if words else ""
    right, yours = (tuple(int(n) for n in a.shape) for a in (e, g))
    return (
        f"The shape is wrong: {right} is expected{spoken}, and yours is "
        f"{yours}."
    )


def shapes(exercise: Any, case: Any) -> Iterator[str]:
    """The arguments of a case in words, for an exception's report."""
    for name, value in named_arrays(exercise, case).items():
        array = _array(value)
        if array is not None:
            shape = tuple(int(n) for n in array.shape)
            yield f"`{name}` {shape} {array.dtype.name}"
        elif value is None or isinstance(value, (int, float, str, bool)):
            yield (
                f"`{name}` = {str(value)[:40]!r}"
                if isinstance(value, str)
                else f"`{name}` = {value}"
            )
