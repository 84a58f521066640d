"""The right numbers with something done to them: scaled, negated, summed."""

from __future__ import annotations

from collections.abc import Callable, Hashable

import numpy as np

from selfattn.grading.relations.seen import (
    Found,
    Seen,
    axes,
    same,
    size_forms,
    yes,
)


def _factor(s: Seen) -> float | None:
    """c with g = c·e, None if there is none, NaN if any would do."""
    if (
        s.right.shape != s.given.shape
        or not s.right.size
        or s.right.dtype.kind in "US"
    ):
        return None
    finite = np.where(np.isfinite(s.right), np.abs(s.right), 0)
    at = np.unravel_index(int(finite.argmax()), s.right.shape)
    if finite[at] == 0:
        return float("nan") if same(s.right, s.given) else None
    with np.errstate(all="ignore"):
        c = float(s.given[at]) / float(s.right[at])
        return c if np.isfinite(c) and same(s.right * c, s.given) else None


def scaled_by_size(s: Seen) -> Found:
    """A factor that the sizes of the case explain."""
    factor = _factor(s)
    return set() if factor is None else size_forms(s, factor)


def scaled(s: Seen) -> Found:
    """A factor as a number."""
    factor = _factor(s)
    return set() if not factor else {float(f"{factor:.4g}")}


def scaled_variously(s: Seen) -> Found:
    """Some factor; of a number or two that says nothing."""
    return yes(s.right.size > 2 and _factor(s))


def per_slice(s: Seen) -> Found:
    """g = c·e with its own c for every row (or every column)."""
    if (
        s.right.shape != s.given.shape
        or s.right.ndim < 2
        or s.right.dtype.kind not in "f"
    ):
        return set()
    found: set[Hashable] = set()
    for axis in (-1, -2):
        if s.right.shape[axis] < 2:
            found |= yes(
                s.right.shape[axis] == 1 and same(s.right, s.given), axis
            )
            continue
        dot = (s.right * s.given).sum(axis, keepdims=True)
        norm = (s.right * s.right).sum(axis, keepdims=True)
        with np.errstate(all="ignore"):
            c = np.where(norm > 0, dot / norm, 1)
        if np.isfinite(c).all() and c.all() and same(s.right * c, s.given):
            found.add(axis)
    return found


def negated(s: Seen) -> Found:
    return yes(same(-s.right, s.given))


def absolute(s: Seen) -> Found:
    return yes(s.right.size > 1 and same(np.abs(s.right), s.given))


def offset(s: Seen) -> Found:
    if s.right.shape != s.given.shape or not s.right.size:
        return set()
    with np.errstate(all="ignore"):
        d = s.given - s.right
    finite = d[np.isfinite(d)]
    if not finite.size or not same(s.right + finite[0], s.given):
        return set()
    return {float(f"{finite[0]:.4g}")}


_ELEMENTWISE: dict[str, Callable] = {
    "its square": np.square,
    "its square root": np.sqrt,
    "its exponential": np.exp,
    "its logarithm": np.log,
    "one minus it": lambda x: 1 - x,
}


def elementwise(s: Seen) -> Found:
    with np.errstate(all="ignore"):
        return {
            n for n, f in _ELEMENTWISE.items() if same(f(s.right), s.given)
        }


def cumulative(s: Seen) -> Found:
    return {a for a in axes(s.right) if same(np.cumsum(s.right, a), s.given)}


def reduced(s: Seen) -> Found:
    found = set()
    for a in axes(s.right):
        for name, f in (("summed", np.sum), ("averaged", np.mean)):
            for keep in (False, True):
                if s.given.shape != s.right.shape and same(
                    f(s.right, axis=a, keepdims=keep), s.given
                ):
                    found.add((name, a))
    return found


def all_zero(s: Seen) -> Found:
    """Nothing but zeros."""
    return yes(s.right.shape == s.given.shape and not s.given.any())


def all_zero_tensor(s: Seen) -> Found:
    """Nothing but zeros, in a tensor."""
    return yes(s.pair.got.origin == "tensor" and all_zero(s))


def input_returned(s: Seen) -> Found:
    """The names of the arguments that came back as they were."""
    return {
        name
        for name, array in s.inputs.items()
        if array.dtype.kind in "biuf"
        and array.size > 1
        and same(array, s.given)
    }
