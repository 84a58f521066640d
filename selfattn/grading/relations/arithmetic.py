"""The right numbers with something done to them: scaled, negated, summed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from selfattn.grading.relations.seen import Found, Seen, axes, same, yes


def factor(s: Seen) -> float | None:
    """c with g = c·e, None if there is none, NaN if any would do."""
    if s.e.shape != s.g.shape or not s.e.size or s.e.dtype.kind in "US":
        return None
    finite = np.where(np.isfinite(s.e), np.abs(s.e), 0)
    at = np.unravel_index(int(finite.argmax()), s.e.shape)
    if finite[at] == 0:
        return float("nan") if same(s.e, s.g) else None
    with np.errstate(all="ignore"):
        c = float(s.g[at]) / float(s.e[at])
        return c if np.isfinite(c) and same(s.e * c, s.g) else None


FORMS: dict[str, Callable[[float], float]] = {
    "√({})": lambda d: d**0.5,
    "1/√({})": lambda d: d**-0.5,
    "the {}": lambda d: d,
    "1/({})": lambda d: 1 / d,
}


def scaled_by_size(s: Seen) -> Found:
    c = factor(s)
    if c is None:
        return set()
    return {
        (form, size)
        for form, f in FORMS.items()
        for size, d in s.sizes.items()
        if d and (c != c or abs(f(d) / c - 1 if c else 1) < 1e-4)
    }


def scaled(s: Seen) -> Found:
    c = factor(s)
    return set() if c is None or c == 0 else {float(f"{c:.4g}")}


def scaled_variously(s: Seen) -> Found:
    c = factor(s)
    return yes(c is not None and c != 0)


def per_slice(s: Seen) -> Found:
    """g = c·e with its own c for every row (or every column)."""
    if s.e.shape != s.g.shape or s.e.ndim < 2 or s.e.dtype.kind not in "f":
        return set()
    found = set()
    for axis in (-1, -2):
        if s.e.shape[axis] < 2:
            found |= yes(s.e.shape[axis] == 1 and same(s.e, s.g), axis)
            continue
        dot = (s.e * s.g).sum(axis, keepdims=True)
        norm = (s.e * s.e).sum(axis, keepdims=True)
        with np.errstate(all="ignore"):
            c = np.where(norm > 0, dot / norm, 1)
        if np.isfinite(c).all() and c.all() and same(s.e * c, s.g):
            found.add(axis)
    return found


def negated(s: Seen) -> Found:
    return yes(same(-s.e, s.g))


def absolute(s: Seen) -> Found:
    return yes(s.e.size > 1 and same(np.abs(s.e), s.g))


def offset(s: Seen) -> Found:
    if s.e.shape != s.g.shape or not s.e.size:
        return set()
    with np.errstate(all="ignore"):
        d = s.g - s.e
    finite = d[np.isfinite(d)]
    if not finite.size or not same(s.e + finite[0], s.g):
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
        return {n for n, f in _ELEMENTWISE.items() if same(f(s.e), s.g)}


def cumulative(s: Seen) -> Found:
    return {a for a in axes(s.e) if same(np.cumsum(s.e, a), s.g)}


def reduced(s: Seen) -> Found:
    found = set()
    for a in axes(s.e):
        for name, f in (("summed", np.sum), ("averaged", np.mean)):
            for keep in (False, True):
                if s.g.shape != s.e.shape and same(
                    f(s.e, axis=a, keepdims=keep), s.g
                ):
                    found.add((name, a))
    return found


def all_zero(s: Seen) -> Found:
    return yes(s.e.shape == s.g.shape and not s.g.any())


def input_back(s: Seen) -> Found:
    return {
        n
        for n, a in s.inputs.items()
        if a.dtype.kind in "biuf" and a.size > 1 and same(a, s.g)
    }
