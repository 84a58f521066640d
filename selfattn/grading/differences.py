"""The smallest case that fails, and the first place that is wrong there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from selfattn.exercises import Case, Exercise
from selfattn.grading import arguments, compare
from selfattn.grading.close import close
from selfattn.grading.compare import Pair, Problem
from selfattn.grading.judge import Judged
from selfattn.grading.messages import differs


@dataclass(frozen=True)
class Difference:
    """Where an answer departs from the right one."""

    one: Judged
    text: str
    id: str | None = None
    pair: Pair | None = None
    index: tuple | None = None


def find(exercise: Exercise, judged: Sequence[Judged]) -> Difference | None:
    """The difference on the smallest failing case that returned something."""
    failing = [j for j in judged if j.level is None and not j.raised]
    if not failing:
        return None
    one = min(failing, key=lambda j: arguments.total(j.case))
    beside = list(compare.aligned(one.expected, one.got))
    for problem in beside:
        if type(problem) is Problem:
            return Difference(one, problem.text, problem.id)
    for pair in beside:
        if type(pair) is Pair and not compare.is_right(
            pair, exercise.rtol, exercise.atol
        ):
            return _in_pair(exercise, judged, one, pair)
    return Difference(one, differs.OTHERWISE)


def _in_pair(
    exercise: Exercise, judged: Sequence[Judged], one: Judged, pair: Pair
) -> Difference:
    e, g = pair.expected.array, pair.got.array
    place = compare.place(pair.path)
    if e.shape != g.shape:
        text = place + _shape(exercise, judged, pair)
        return Difference(one, text, None, pair)
    if g.dtype.kind == "c" and e.dtype.kind in "biuf" and (g.imag != 0).any():
        text = differs.complex_numbers(place)
        return Difference(one, text, "complex", pair)
    right = close(
        e, g, compare.level_of(pair.got), exercise.rtol, exercise.atol
    )
    if e.dtype.kind in "fc" and g.dtype.kind in "fc":
        lost = ~np.isfinite(g) & np.isfinite(e)
        if lost.any():
            return _not_finite(one, pair, lost)
    bad = np.argwhere(~right)
    if not len(bad):
        text = differs.wrong_type(
            place, pair.got.dtype, str(pair.expected.dtype)
        )
        return Difference(one, text, "wrong_dtype", pair)
    at, scale = tuple(int(n) for n in bad[0]), _scale(e)
    text = differs.value(
        place + differs.cell(at), number(e[at], scale), number(g[at], scale)
    ) + differs.share(len(bad), e.size)
    if g.dtype.kind != "f" and e.dtype.kind == "f":
        text += differs.no_fractions(pair.got.dtype)
    return Difference(one, text, None, pair, at)


def _not_finite(one: Judged, pair: Pair, lost: np.ndarray) -> Difference:
    e, g = pair.expected.array, pair.got.array
    at = tuple(int(n) for n in np.argwhere(lost)[0])
    place = compare.place(pair.path) + differs.cell(at)
    right = number(e[at])
    if np.isnan(g[at]):
        rows = (
            e.ndim > 1
            and bool(np.isnan(g)[lost.any(-1)].all())
            and (e.shape[-1] > 1)
        )
        some = not np.isnan(g).all()
        text = differs.nan(place, right, rows and some, _masks(one.case))
    elif np.isneginf(g[at]):
        text = differs.minus_infinite(place, right)
    else:
        text = differs.infinite(place, right)
    return Difference(one, text, "not_finite", pair, at)


def _masks(case: Case) -> bool:
    """Whether a case has what can leave a row of scores without any."""
    given = (*case.args, *case.kwargs.values())
    for x in (x for x in given if hasattr(x, "dtype")):  # tensors too
        kind = str(x.dtype)
        if "bool" in kind or "float" in kind and bool((x == -np.inf).any()):
            return True
    return False


def number(value: Any, scale: float = 0.0) -> str:
    """A number as a reader is shown it; no zero with a minus.

    scale : a size beside which rounding is nothing.
    """
    if not np.issubdtype(type(value), np.number):
        return str(value)
    return "0" if abs(value) <= 1e-13 * scale else f"{value:.6g}"


def _scale(array: np.ndarray) -> float:
    if array.dtype.kind not in "fc":
        return 0.0
    sizes = np.abs(array[np.isfinite(array)])
    return float(sizes.max()) if sizes.size else 0.0


# ------------------------------------------------------------------ shapes


def _shape(exercise: Exercise, judged: Sequence[Judged], pair: Pair) -> str:
    """Expected against given shape, the expected one in words too."""
    e, g = pair.expected.array, pair.got.array
    words = _in_words(exercise, judged, pair)
    if e.ndim == g.ndim == 1:
        return differs.length(len(e), words, len(g), _so_far(pair))
    right, yours = (tuple(int(n) for n in a.shape) for a in (e, g))
    return differs.shape(right, words, yours)


def _so_far(pair: Pair) -> str:
    """What is known of the entries that two vectors both have."""
    e, g = pair.expected.array, pair.got.array
    n = min(len(e), len(g))
    right = close(e[:n], g[:n], compare.level_of(pair.got))
    if right.all():
        return differs.as_far_as_it_goes(len(e), len(g)) if n else ""
    at = int(np.argmin(right))
    return differs.value(
        differs.cell((at,)).capitalize(), number(e[at]), number(g[at])
    )


def _in_words(
    exercise: Exercise, judged: Sequence[Judged], pair: Pair
) -> list[str]:
    """The axes of the right shape by name; [] where the cases leave doubt.

    A size that is equal in one case only is equal by chance.
    """
    ndim = pair.expected.array.ndim
    shared: list[set] | None = None
    for one in judged:
        for other in compare.aligned(one.expected, one.expected):
            if (
                type(other) is Pair
                and other.path == pair.path
                and (other.expected.array.ndim == ndim)
            ):
                known = arguments.sizes(exercise, one.case)
                here = [
                    {label for label, size in known.items() if size == n}
                    for n in other.expected.array.shape
                ]
                shared = (
                    here
                    if shared is None
                    else [a & b for a, b in zip(shared, here, strict=True)]
                )
    if not shared or not all(shared):
        return []
    if any(len({kind for kind, _ in labels}) > 1 for labels in shared):
        return []
    return [" of ".join(min(labels)) for labels in shared]
