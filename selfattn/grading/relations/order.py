"""The right numbers: another shape, another order, another type."""

from __future__ import annotations

import itertools

import numpy as np

from selfattn.grading.compare import dtype_matters
from selfattn.grading.relations.seen import Found, Seen, axes, same, yes


def wrong_dtype(s: Seen) -> Found:
    return yes(
        dtype_matters(s.pair.expected, s.pair.got) and same(s.e, s.g),
        s.pair.got.dtype,
    )


def inverted(s: Seen) -> Found:
    return yes(s.pair.expected.array.dtype.kind == "b" and same(1 - s.e, s.g))


def truncated(s: Seen) -> Found:
    whole = s.pair.got.array.dtype.kind in "iu" or bool(
        np.array_equal(s.g, np.round(s.g))
    )
    if s.pair.expected.array.dtype.kind != "f" or not whole:
        return set()
    return yes(any(same(f(s.e), s.g) for f in (np.trunc, np.round)))


def rounded(s: Seen) -> Found:
    if s.e.dtype.kind != "f":
        return set()
    return {d for d in range(1, 6) if same(np.round(s.e, d), s.g)}


def transposed(s: Seen) -> Found:
    return yes(s.e.ndim >= 2 and same(np.swapaxes(s.e, -1, -2), s.g))


def axes_permuted(s: Seen) -> Found:
    if not 3 <= s.e.ndim <= 4:
        return set()
    orders = list(itertools.permutations(range(s.e.ndim)))[1:]
    return {tuple(o) for o in orders if same(s.e.transpose(o), s.g)}


def extra_axis(s: Seen) -> Found:
    return {
        a
        for a in (0, -1)
        if s.g.ndim == s.e.ndim + 1 and same(np.expand_dims(s.e, a), s.g)
    }


def missing_axis(s: Seen) -> Found:
    return {
        a
        for a in (0, -1)
        if s.e.ndim and s.e.shape[a] == 1 and same(np.squeeze(s.e, a), s.g)
    }


def flattened(s: Seen) -> Found:
    return yes(s.e.ndim > 1 and same(s.e.ravel(), s.g))


def reshaped(s: Seen) -> Found:
    return yes(
        s.e.size == s.g.size
        and s.e.ndim > 1
        and same(s.e.ravel(), s.g.ravel())
    )


def reversed(s: Seen) -> Found:
    return {a for a in axes(s.e) if same(np.flip(s.e, a), s.g)}


def shifted(s: Seen) -> Found:
    found = set()
    if s.e.shape != s.g.shape:
        return found
    for axis, by in itertools.product(axes(s.e), (1, -1)):
        rolled = np.roll(s.e, by, axis)
        edge = [slice(None)] * s.e.ndim
        edge[axis] = 0 if by == 1 else -1
        inner = [slice(None)] * s.e.ndim
        inner[axis] = slice(1, None) if by == 1 else slice(None, -1)
        if s.e.shape[axis] < 2 or not same(
            rolled[tuple(inner)], s.g[tuple(inner)]
        ):
            continue
        end = s.g[tuple(edge)]
        if same(rolled, s.g):
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
            for a in axes(s.e)
            if _is_permutation(np.moveaxis(s.e, a, 0), np.moveaxis(s.g, a, 0))
        }
        if (s.e.shape == s.g.shape)
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


def swapaxes_reshape(s: Seen) -> Found:
    """Right numbers in the right shape, read in another order."""
    if s.e.shape != s.g.shape or s.e.size < 6:
        return set()
    return yes(
        same(np.sort(s.e, None), np.sort(s.g, None)) and not same(s.e, s.g)
    )


def only_first(s: Seen) -> Found:
    if s.e.shape != s.g.shape or s.e.ndim < 1:
        return set()
    found = set()
    for axis in sorted({0, s.e.ndim - 1}):
        e, g = np.moveaxis(s.e, axis, 0), np.moveaxis(s.g, axis, 0)
        wrong = [not same(a, b) for a, b in zip(e, g, strict=True)]
        if not wrong or (not wrong[0] and (len(wrong) == 1 or all(wrong[1:]))):
            found.add(("first", axis))
        if not any(wrong[:-1]):
            found.add(("all but last", axis))
        if not any(wrong[1:]):
            found.add(("all but first", axis))
    return found
