"""General relations between an answer's arrays and the right ones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from selfattn.exercises import Exercise
from selfattn.grading import arguments, compare, plain, relations
from selfattn.grading.compare import Pair
from selfattn.grading.judge import Finding, Judged
from selfattn.grading.messages import differs
from selfattn.grading.messages import relations as texts
from selfattn.grading.relations.seen import Seen


def relation(exercise: Exercise, judged: Sequence[Judged]) -> Finding | None:
    """What the answer's arrays have to do with the right ones."""
    if _swapped(exercise, judged):
        return Finding("swapped_outputs", texts.SWAPPED_OUTPUTS)
    by_path = _by_path(exercise, judged)
    wrong = {
        path: [seen for seen, _ in cases]
        for path, cases in by_path.items()
        if not all(right for _, right in cases)
    }
    if not wrong:
        return None
    with np.errstate(all="ignore"):
        held = {p: list(relations.find(seen)) for p, seen in wrong.items()}
    for id_, text in next(iter(held.values())):
        if all((id_, text) in found for found in held.values()):
            if len(by_path) > len(wrong) or len(wrong) > 1:
                text = _which(list(wrong), text)
            return Finding(id_, text)
    for path in reversed(list(held)):  # weights come last, and come first
        if held[path]:
            id_, text = held[path][0]
            return Finding(id_, _which([path], text))
    return None


def _which(paths: list[tuple], text: str) -> str:
    """The sentence, said of these of several outputs."""
    parts = " and ".join(compare.spelled(p) for p in paths)
    return differs.in_part(parts or "the result") + text[0].lower() + text[1:]


def _by_path(
    exercise: Exercise, judged: Sequence[Judged]
) -> dict[tuple, list[tuple[Seen, bool]]]:
    """For each of several outputs: the cases, and whether it is right."""
    found: dict[tuple, list] = {}
    for one in judged:
        if one.raised:
            continue
        for pair in compare.aligned(one.expected, one.got):
            if type(pair) is Pair:
                seen = _seen(exercise, one, pair)
                if seen is not None:
                    right = compare.is_right(
                        pair, exercise.rtol, exercise.atol
                    )
                    found.setdefault(pair.path, []).append((seen, right))
    return found


def _seen(exercise: Exercise, one: Judged, pair: Pair) -> Seen | None:
    right, given = pair.expected.array, pair.got.array
    if right.dtype.kind not in "biuf" or given.dtype.kind not in "biuf":
        return None
    inputs = arguments.arrays(exercise, one.case)
    masks = [a for a in inputs.values() if a.dtype.kind == "b"]
    return Seen(
        arguments.sizes(exercise, one.case),
        masks[0] if len(masks) == 1 else None,
        pair,
        _floats(right),
        _floats(given),
        inputs,
    )


def _floats(array: np.ndarray) -> np.ndarray:
    return array if array.dtype.kind == "f" else array.astype(float)


def _swapped(exercise: Exercise, judged: Sequence[Judged]) -> bool:
    """Whether the outputs of a pair stand each in the other's place."""
    for one in judged:
        e, g = one.expected, one.got
        if not (
            type(e) is type(g) is plain.Group
            and e.keys == ()
            and len(e.items) == len(g.items) == 2
            and {e.kind, g.kind} <= {"tuple", "list"}
        ):
            return False
        turned = plain.Group(g.kind, g.items[::-1])
        if compare.rightness(e, turned, exercise.rtol, exercise.atol) is None:
            return False
    return bool(judged)
