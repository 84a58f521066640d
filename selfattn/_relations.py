"""General ways of being wrong: what a tensor has to do with the right one.

Each relation looks at one case and names the parameters with which it holds
there, for instance the axis. It is reported when some parameter holds on
every case that was compared.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from selfattn._compare import Pair, dtype_matters

Found = set[Hashable]


class Seen(NamedTuple):
    """One case: sizes by name, its mask if it has one, right and given."""

    sizes: dict  # ("width", "q") -> 7
    mask: np.ndarray | None
    pair: Pair
    e: np.ndarray
    g: np.ndarray
    inputs: dict  # name -> array


class Relation(NamedTuple):
    """An id, how to recognise it, and what to say of a parameter."""

    id: str
    holds: Callable[[Seen], Found]
    text: Callable[[Hashable], str]
    needs: int = 4  # entries that must differ before it means anything


def same(a: np.ndarray, b: np.ndarray) -> bool:
    """Equal to the precision in which both were computed."""
    if a.shape != b.shape:
        return False
    narrow = any(x.dtype.kind == "f" and x.dtype.itemsize <= 4
                 for x in (a, b))
    rtol, atol = (1e-3, 1e-5) if narrow else (1e-6, 1e-9)
    with np.errstate(all="ignore"):
        return bool(np.isclose(a, b, rtol, atol, equal_nan=True).all())


def _yes(held: bool, parameter: Hashable = True) -> Found:
    return {parameter} if held else set()


def _axis_name(axis: int) -> str:
    return {-1: "last axis", -2: "last axis but one",
            -3: "third axis from the end"}.get(axis, f"axis {axis}")


def _axes(a: np.ndarray) -> range:
    return range(-a.ndim, 0)


# ---------------------------------------------------------- shape and order


def _wrong_dtype(s: Seen) -> Found:
    return _yes(dtype_matters(s.pair.expected, s.pair.got)
                and same(s.e, s.g), s.pair.got.dtype)


def _inverted(s: Seen) -> Found:
    return _yes(s.pair.expected.array.dtype.kind == "b" and same(1 - s.e, s.g))


def _truncated(s: Seen) -> Found:
    whole = s.pair.got.array.dtype.kind in "iu" or bool(
        np.array_equal(s.g, np.round(s.g)))
    if s.pair.expected.array.dtype.kind != "f" or not whole:
        return set()
    return _yes(any(same(f(s.e), s.g) for f in (np.trunc, np.round)))


def _rounded(s: Seen) -> Found:
    if s.e.dtype.kind != "f":
        return set()
    return {d for d in range(1, 6) if same(np.round(s.e, d), s.g)}


def _transposed(s: Seen) -> Found:
    return _yes(s.e.ndim >= 2 and same(np.swapaxes(s.e, -1, -2), s.g))


def _axes_permuted(s: Seen) -> Found:
    if not 3 <= s.e.ndim <= 4:
        return set()
    orders = list(itertools.permutations(range(s.e.ndim)))[1:]
    return {tuple(o) for o in orders if same(s.e.transpose(o), s.g)}


def _extra_axis(s: Seen) -> Found:
    return {a for a in (0, -1) if s.g.ndim == s.e.ndim + 1
            and same(np.expand_dims(s.e, a), s.g)}


def _missing_axis(s: Seen) -> Found:
    return {a for a in (0, -1) if s.e.ndim and s.e.shape[a] == 1
            and same(np.squeeze(s.e, a), s.g)}


def _flattened(s: Seen) -> Found:
    return _yes(s.e.ndim > 1 and same(s.e.ravel(), s.g))


def _reshaped(s: Seen) -> Found:
    return _yes(s.e.size == s.g.size and s.e.ndim > 1
                and same(s.e.ravel(), s.g.ravel()))


def _reversed(s: Seen) -> Found:
    return {a for a in _axes(s.e) if same(np.flip(s.e, a), s.g)}


def _shifted(s: Seen) -> Found:
    found = set()
    if s.e.shape != s.g.shape:
        return found
    for axis, by in itertools.product(_axes(s.e), (1, -1)):
        rolled = np.roll(s.e, by, axis)
        edge = [slice(None)] * s.e.ndim
        edge[axis] = 0 if by == 1 else -1
        inner = [slice(None)] * s.e.ndim
        inner[axis] = slice(1, None) if by == 1 else slice(None, -1)
        if s.e.shape[axis] < 2 or not same(rolled[tuple(inner)],
                                           s.g[tuple(inner)]):
            continue
        end = s.g[tuple(edge)]
        if same(rolled, s.g):
            found.add((axis, by, "rolled"))
        elif not end.any():
            found.add((axis, by, "zeros"))
        else:
            found.add((axis, by, "else"))
    return found


def _permuted(s: Seen) -> Found:
    return {a for a in _axes(s.e) if _is_permutation(
        np.moveaxis(s.e, a, 0), np.moveaxis(s.g, a, 0))} if (
            s.e.shape == s.g.shape) else set()


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


def _swapaxes_reshape(s: Seen) -> Found:
    """Right numbers in the right shape, read in another order."""
    if s.e.shape != s.g.shape or s.e.size < 6:
        return set()
    return _yes(same(np.sort(s.e, None), np.sort(s.g, None))
                and not same(s.e, s.g))


# --------------------------------------------------------------- arithmetic


def _factor(s: Seen) -> float | None:
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


_FORMS: dict[str, Callable[[float], float]] = {
    "√({})": lambda d: d**0.5, "1/√({})": lambda d: d**-0.5,
    "the {}": lambda d: d, "1/({})": lambda d: 1 / d,
}


def _scaled_by_size(s: Seen) -> Found:
    c = _factor(s)
    if c is None:
        return set()
    return {(form, size) for form, f in _FORMS.items()
            for size, d in s.sizes.items()
            if d and (c != c or abs(f(d) / c - 1 if c else 1) < 1e-4)}


def _scaled(s: Seen) -> Found:
    c = _factor(s)
    return set() if c is None or c == 0 else {float(f"{c:.4g}")}


def _scaled_variously(s: Seen) -> Found:
    c = _factor(s)
    return _yes(c is not None and c != 0)


def _per_slice(s: Seen) -> Found:
    """g = c·e with its own c for every row (or every column)."""
    if s.e.shape != s.g.shape or s.e.ndim < 2 or s.e.dtype.kind not in "f":
        return set()
    found = set()
    for axis in (-1, -2):
        if s.e.shape[axis] < 2:
            found |= _yes(s.e.shape[axis] == 1 and same(s.e, s.g), axis)
            continue
        dot = (s.e * s.g).sum(axis, keepdims=True)
        norm = (s.e * s.e).sum(axis, keepdims=True)
        with np.errstate(all="ignore"):
            c = np.where(norm > 0, dot / norm, 1)
        if np.isfinite(c).all() and c.all() and same(s.e * c, s.g):
            found.add(axis)
    return found


def _negated(s: Seen) -> Found:
    return _yes(same(-s.e, s.g))


def _absolute(s: Seen) -> Found:
    return _yes(s.e.size > 1 and same(np.abs(s.e), s.g))


def _offset(s: Seen) -> Found:
    if s.e.shape != s.g.shape or not s.e.size:
        return set()
    with np.errstate(all="ignore"):
        d = s.g - s.e
    finite = d[np.isfinite(d)]
    if not finite.size or not same(s.e + finite[0], s.g):
        return set()
    return {float(f"{finite[0]:.4g}")}


_ELEMENTWISE: dict[str, Callable] = {
    "its square": np.square, "its square root": np.sqrt,
    "its exponential": np.exp, "its logarithm": np.log,
    "one minus it": lambda x: 1 - x,
}


def _elementwise(s: Seen) -> Found:
    with np.errstate(all="ignore"):
        return {n for n, f in _ELEMENTWISE.items() if same(f(s.e), s.g)}


def _cumulative(s: Seen) -> Found:
    return {a for a in _axes(s.e) if same(np.cumsum(s.e, a), s.g)}


def _reduced(s: Seen) -> Found:
    found = set()
    for a in _axes(s.e):
        for name, f in (("summed", np.sum), ("averaged", np.mean)):
            for keep in (False, True):
                if s.g.shape != s.e.shape and same(
                        f(s.e, axis=a, keepdims=keep), s.g):
                    found.add((name, a))
    return found


# -------------------------------------------------- attention's own mistakes


def _sums_to_one(a: np.ndarray, axis) -> bool:
    with np.errstate(all="ignore"):
        total = a.sum(axis)
    return bool(np.isfinite(a).all() and (a >= 0).all()
                and np.allclose(total, 1, atol=1e-4))


def _softmax_elsewhere(s: Seen) -> Found:
    """Both come from the same scores, normalised over different axes."""
    if s.e.shape != s.g.shape or s.e.ndim < 2 or not _sums_to_one(s.e, -1):
        return set()
    ok = (s.e > 1e-30) & (s.g > 1e-30)
    if not ok.all():
        if same(s.e, s.g) and s.e.shape[-1] == 1:
            return {-2, None}
        return set()
    ratio = np.log(s.g.astype(float)) - np.log(s.e.astype(float))
    found = set()
    over_rows = ratio - ratio.mean(-1, keepdims=True)
    over_both = over_rows - over_rows.mean(-2, keepdims=True)
    slack = 5e-3 if s.g.dtype.itemsize <= 4 else 1e-6
    if np.abs(over_both).max() < slack and _sums_to_one(s.g, -2):
        found.add(-2)
    if np.abs(over_rows).max() < slack and (
            _sums_to_one(s.g, (-1, -2)) or _sums_to_one(s.g, None)):
        found.add(None)
    return found


def _masked_late(s: Seen) -> Found:
    """Zero where it should be, the rest of the row too small."""
    if s.e.shape != s.g.shape or not s.e.ndim or not _sums_to_one(s.e, -1):
        return set()
    zero = s.e == 0
    if (s.g[zero] != 0).any():
        return set()
    whole = ~zero.any(-1)
    if not same(s.e[whole], s.g[whole]):
        return set()
    total = s.g.sum(-1, keepdims=True)
    return _yes(bool((total > 0).all() and (total <= 1 + 1e-5).all())
                and same(s.e * total, s.g))


def _wrong_where_masked(s: Seen) -> Found:
    if s.e.shape != s.g.shape:
        return set()
    if s.mask is None:
        return _yes(same(s.e, s.g))
    masks = []
    for mask in (s.mask, s.mask[..., None]):
        try:
            masks.append(np.broadcast_to(mask, s.e.shape))
        except ValueError:
            continue
    return _yes(any(same(s.e[m], s.g[m]) for m in masks if m.any()))


def _only_first(s: Seen) -> Found:
    if s.e.shape != s.g.shape or s.e.ndim < 1:
        return set()
    found = set()
    for axis in sorted({0, s.e.ndim - 1}):
        e, g = np.moveaxis(s.e, axis, 0), np.moveaxis(s.g, axis, 0)
        wrong = [not same(a, b) for a, b in zip(e, g, strict=True)]
        if not wrong or (not wrong[0] and (len(wrong) == 1
                                           or all(wrong[1:]))):
            found.add(("first", axis))
        if not any(wrong[:-1]):
            found.add(("all but last", axis))
        if not any(wrong[1:]):
            found.add(("all but first", axis))
    return found


def _first_text(p) -> str:
    which, axis = p
    what = "row" if axis == 0 else "column"
    if which == "first":
        return (f"Only the first {what} (index 0) is right. Does a loop or "
                "an index stop there?")
    edge = "last" if which == "all but last" else "first"
    return (f"Everything but the {edge} {what} is right. Look at what your "
            "code does at that edge.")


def _all_zero(s: Seen) -> Found:
    return _yes(s.e.shape == s.g.shape and not s.g.any())


def _input_back(s: Seen) -> Found:
    return {n for n, a in s.inputs.items() if a.dtype.kind in "biuf"
            and a.size > 1 and same(a, s.g)}


def _end_text(p) -> str:
    axis, by, end = p
    where = {"rolled": "what falls off one end comes back at the other",
             "zeros": "the place that becomes free holds zeros",
             "else": "the place that becomes free holds something else"}[end]
    way = "higher" if by == 1 else "lower"
    return (f"Everything stands one place too far towards the {way} index "
            f"along the {_axis_name(axis)}; {where}.")


RELATIONS: tuple[Relation, ...] = (
    Relation("wrong_dtype", _wrong_dtype, lambda d: f"The values are right, "
             f"but their type is {d}. A mask is boolean: with 0/1 numbers, "
             "`~mask` and `x[mask]` mean something else.", 1),
    Relation("inverted", _inverted, lambda _: "Every True of yours should be "
             "False, and the other way round. In this book True means “may "
             "attend”.", 2),
    Relation("transposed", _transposed, lambda _: "Your result is the right "
             "one transposed: its last two axes are exchanged."),
    Relation("axes_permuted", _axes_permuted, lambda _: "The numbers are "
             "right, but the axes stand in another order than the one asked "
             "for."),
    Relation("softmax_other_axis", _softmax_elsewhere, lambda a: "The weights "
             "come from the right scores, but they sum to one " + (
                 "down each column. Each row belongs to one query: it is the "
                 "row that is shared out." if a == -2 else
                 "over a whole matrix. Each row belongs to one query and is "
                 "shared out on its own.")),
    Relation("mask_after_softmax", _masked_late, lambda _: "The masked "
             "weights are 0, but the others no longer sum to one: they were "
             "normalised while the masked ones still took part.", 2),
    Relation("wrong_where_masked", _wrong_where_masked, lambda _: "Everything "
             "is right except at the masked places.", 1),
    Relation("negated", _negated, lambda _: "Every sign is the wrong way "
             "round: your result is minus the right one.", 2),
    Relation("scaled", _scaled_by_size, lambda p: "On every case your result "
             "is the right one times " + p[0].format(" of ".join(p[1])
                                                     ) + ".", 2),
    Relation("scaled", _scaled, lambda c: f"On every case your result is {c:g}"
             " times the right one.", 3),
    Relation("scaled", _scaled_variously, lambda _: "Your result is the right "
             "one times a number, which differs from case to case."),
    Relation("off_by_constant", _offset, lambda d: "Your result is the right "
             f"one {'plus' if d > 0 else 'minus'} {abs(d):g}, everywhere.", 3),
    Relation("truncated", _truncated, lambda _: "Your numbers are the right "
             "ones cut to whole numbers. An array of integers keeps only the "
             "whole part of what is stored in it.", 3),
    Relation("rounded", _rounded, lambda d: "Your numbers are the right ones "
             f"rounded to {d} decimals. Return them as they are.", 3),
    Relation("reversed", _reversed, lambda a: "Your result is the right one "
             f"back to front along the {_axis_name(a)}."),
    Relation("shifted", _shifted, _end_text),
    Relation("absolute", _absolute, lambda _: "The sizes are right, but the "
             "negative numbers have lost their sign.", 2),
    Relation("rows_scaled", _per_slice, lambda a: "Each " + (
        "row" if a == -1 else "column") + " of yours is the right one times a "
        "number of its own. Look at what each of them is divided by or "
        "multiplied with."),
    Relation("all_zero", _all_zero, lambda _: "Your result is zero "
             "everywhere. Is the array that you return ever filled?", 3),
    Relation("input_returned", _input_back, lambda n: f"You returned `{n}` as "
             "it came in.", 3),
    Relation("permuted", _permuted, lambda a: "The right numbers are there, "
             f"but in another order along the {_axis_name(a)}."),
    Relation("extra_axis", _extra_axis, lambda a: "The numbers are right, but "
             "there is one axis too many, of length 1, at the "
             + ("front." if a == 0 else "end."), 1),
    Relation("missing_axis", _missing_axis, lambda a: "The numbers are right, "
             f"but the {'first' if a == 0 else 'last'} axis, of length 1, is "
             "gone.", 1),
    Relation("flattened", _flattened, lambda _: "The numbers are right, but "
             "you returned them in one flat row."),
    Relation("reshaped", _reshaped, lambda _: "The numbers are right and in "
             "the right order, but the shape is another."),
    Relation("elementwise", _elementwise, lambda n: "In place of the right "
             f"number, your result holds {n}, everywhere."),
    Relation("cumulative", _cumulative, lambda a: "Your result is the running "
             f"sum of the right one along the {_axis_name(a)}."),
    Relation("reduced", _reduced, lambda p: "Your result is the right one "
             f"{p[0]} over its {_axis_name(p[1])}."),
    Relation("partly_right", _only_first, _first_text),
    Relation("reordered", _swapaxes_reshape, lambda _: "The right numbers are "
             "all there, at other places. A reshape that should have been a "
             "transpose does this.", 6),
)


def find(seen: Sequence[Seen]) -> Iterator[tuple[str, str]]:
    """Every relation that holds on all of these cases, most telling first."""
    cases = [(s, _is_wrong(s)) for s in seen]
    entries = sum(max(s.e.size, 1) for s, wrong in cases if wrong)
    cases.sort(key=lambda c: not c[1])
    for relation in RELATIONS:
        if entries < relation.needs:
            continue
        common: Found | None = None
        for s, wrong in cases:
            try:
                held = relation.holds(s)
            except (TypeError, ValueError, IndexError):
                held = set()
            if not wrong and not held and relation.id in _MAY_BE_RIGHT:
                continue
            common = held if common is None else common & held
            if not common:
                break
        if common:
            yield relation.id, relation.text(_first(relation, common))


# These describe an order or a shape: on a case that came out right they
# claim nothing.
_MAY_BE_RIGHT = frozenset({
    "permuted", "reordered", "extra_axis", "missing_axis", "flattened",
    "reshaped", "partly_right", "axes_permuted", "rounded", "truncated",
})


def _first(relation: Relation, common: Found) -> Hashable:
    """The parameter to speak of: the first size, else the smallest."""
    if relation.holds is _scaled_by_size:
        order = [("width", 0), ("number of rows", 1)]
        rank = dict(order)
        return min(common, key=lambda p: (list(_FORMS).index(p[0]),
                                          rank.get(p[1][0], 2), p[1]))
    return min(common, key=str)


def _is_wrong(s: Seen) -> bool:
    return (s.e.shape != s.g.shape or not same(s.e, s.g)
            or dtype_matters(s.pair.expected, s.pair.got))
