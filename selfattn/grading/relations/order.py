"""The right numbers: another shape, another order, another type."""

from __future__ import annotations

import itertools

import numpy as np

from selfattn.grading.compare import dtype_matters
from selfattn.grading.relations.seen import Found, Seen, axes, same, yes


def wrong_dtype(s: Seen) -> Found:
    return yes(
        dtype_matters(s.pair.expected, s.pair.got) and same(s.right, s.given),
        s.pair.got.dtype,
    )


def inverted(s: Seen) -> Found:
    return yes(
        s.pair.expected.array.dtype.kind == "b" and same(1 - s.right, s.given)
    )


def truncated(s: Seen) -> Found:
    """The right numbers without their fractions."""
    whole = s.pair.got.array.dtype.kind in "iu" or np.array_equal(
        s.given, np.round(s.given)
    )
    if s.pair.expected.array.dtype.kind != "f" or not whole:
        return set()
    if not _has_fractions(s.right):
        return set()  # there was nothing to cut
    return {
        name
        for name, f in (("cut", np.trunc), ("rounded", np.round))
        if same(f(s.right), s.given)
    }


def _has_fractions(a: np.ndarray) -> bool:
    """Whether at least two numbers are far from whole."""
    off = np.abs(a - np.round(a))
    return bool(np.count_nonzero(off[np.isfinite(off)] > 0.02) >= 2)


def rounded(s: Seen) -> Found:
    """The right numbers with few decimals; the number of decimals."""
    if s.right.dtype.kind != "f":
        return set()
    return {d for d in range(1, 6) if same(np.round(s.right, d), s.given)}


def transposed(s: Seen) -> Found:
    return yes(
        s.right.ndim >= 2 and same(np.swapaxes(s.right, -1, -2), s.given)
    )


def axes_permuted(s: Seen) -> Found:
    if not 3 <= s.right.ndim <= 4:
        return set()
    orders = list(itertools.permutations(range(s.right.ndim)))[1:]
    return {tuple(o) for o in orders if same(s.right.transpose(o), s.given)}


def extra_axis(s: Seen) -> Found:
    return {
        a
        for a in (0, -1)
        if s.given.ndim == s.right.ndim + 1
        and same(np.expand_dims(s.right, a), s.given)
    }


def missing_axis(s: Seen) -> Found:
    return {
        a
        for a in (0, -1)
        if s.right.ndim
        and s.right.shape[a] == 1
        and same(np.squeeze(s.right, a), s.given)
    }


def flattened(s: Seen) -> Found:
    return yes(s.right.ndim > 1 and same(s.right.ravel(), s.given))


def reshaped(s: Seen) -> Found:
    return yes(
        s.right.size == s.given.size
        and s.right.ndim > 1
        and same(s.right.ravel(), s.given.ravel())
    )


def reversed(s: Seen) -> Found:
    return {a for a in axes(s.right) if same(np.flip(s.right, a), s.given)}


def shifted(s: Seen) -> Found:
    found: set[tuple[int, int, str]] = set()
    if s.right.shape != s.given.shape:
        return found
    for axis, by in itertools.product(axes(s.right), (1, -1)):
        rolled = np.roll(s.right, by, axis)
        edge: list[slice | int] = [slice(None)] * s.right.ndim
        edge[axis] = 0 if by == 1 else -1
        inner = [slice(None)] * s.right.ndim
        inner[axis] = slice(1, None) if by == 1 else slice(None, -1)
        if s.right.shape[axis] < 2 or not same(
            rolled[tuple(inner)], s.given[tuple(inner)]
        ):
            continue
        end = s.given[tuple(edge)]
        if same(rolled, s.given):
            found.add((axis, by, "rolled"))
        elif not end.any():
            found.add((axis, by, "zeros"))
        else:
            found.add((axis, by, "else"))
    return found


def permuted(s: Seen) -> Found:
    return (
        {
            a
            for a in axes(s.right)
            if _is_permutation(
                np.moveaxis(s.right, a, 0), np.moveaxis(s.given, a, 0)
            )
        }
        if (s.right.shape == s.given.shape)
        else set()
    )


def _is_permutation(e: np.ndarray, g: np.ndarray) -> bool:
    if e.shape != g.shape or not 2 <= len(e) <= 64 or e[0].size < 2:
        return len(e) == 1 and same(e, g)
    left = list(range(len(e)))
    for row in g:
        match = next((i for i in left if same(e[i], row)), None)
        if match is None:
            return False
        left.remove(match)
    return True


def reordered(s: Seen) -> Found:
    """Right numbers in the right shape at other places; whether a reshape."""
    if s.right.shape != s.given.shape or s.right.size < 6:
        return set()
    if not same(np.sort(s.right, None), np.sort(s.given, None)) or same(
        s.right, s.given
    ):
        return set()
    return {"elsewhere", *(["reshape"] if _is_reshape(s) else [])}


def _is_reshape(s: Seen) -> bool:
    """Whether two axes were to be exchanged, and the shape was set."""
    for a, b in itertools.combinations(axes(s.right), 2):
        turned = np.swapaxes(s.right, a, b)
        back = s.right.reshape(turned.shape).swapaxes(a, b)
        if same(turned.reshape(s.right.shape), s.given) or same(back, s.given):
            return True
    return False


def partly_right(s: Seen) -> Found:
    """One row, column or entry at an edge is right, or all but one."""
    if s.right.shape != s.given.shape or s.right.ndim < 1:
        return set()
    if (~np.isfinite(s.given) & np.isfinite(s.right)).any():
        return set()  # no edge does that
    found = set()
    for axis in sorted({0, s.right.ndim - 1}):
        what = (
            "entry"
            if s.right.ndim == 1
            else ("row" if axis == 0 else "column")
        )
        right = np.moveaxis(s.right, axis, 0)
        given = np.moveaxis(s.given, axis, 0)
        wrong = [not same(a, b) for a, b in zip(right, given, strict=True)]
        rest = given[1:]
        unfilled = rest.size > 0 and bool((rest == rest.flat[0]).all())
        if not any(wrong):
            found |= {("first", what, u) for u in (True, False)}
        elif not wrong[0] and all(wrong[1:]):
            found |= {("first", what, u) for u in {unfilled, False}}
        if not any(wrong[:-1]):
            found.add(("all but last", what, False))
        if not any(wrong[1:]):
            found.add(("all but first", what, False))
    return found
