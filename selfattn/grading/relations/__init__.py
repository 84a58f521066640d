"""General ways of being wrong: what a tensor has to do with the right one.

Each relation looks at one case and names the parameters with which it holds
there, for instance the axis. It is reported when some parameter holds on
every case that was compared.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

from selfattn.grading.compare import dtype_matters
from selfattn.grading.relations import arithmetic, order, weights
from selfattn.grading.relations.seen import (
    Found,
    Relation,
    Seen,
    axis_name,
    same,
)


def _first_text(p) -> str:
    which, axis = p
    what = "row" if axis == 0 else "column"
    if which == "first":
        return (
            f"Only the first {what} (index 0) is right. Does a loop or "
            "an index stop there?"
        )
    edge = "last" if which == "all but last" else "first"
    return (
        f"Everything but the {edge} {what} is right. Look at what your "
        "code does at that edge."
    )


def _end_text(p) -> str:
    axis, by, end = p
    where = {
        "rolled": "what falls off one end comes back at the other",
        "zeros": "the place that becomes free holds zeros",
        "else": "the place that becomes free holds something else",
    }[end]
    way = "higher" if by == 1 else "lower"
    return (
        f"Everything stands one place too far towards the {way} index "
        f"along the {axis_name(axis)}; {where}."
    )


RELATIONS: tuple[Relation, ...] = (
    Relation(
        "wrong_dtype",
        order.wrong_dtype,
        lambda d: (
            f"The values are right, "
            f"but their type is {d}. A mask is boolean: with 0/1 numbers, "
            "`~mask` and `x[mask]` mean something else."
        ),
        1,
    ),
    Relation(
        "inverted",
        order.inverted,
        lambda _: (
            "Every True of yours should be "
            "False, and the other way round. In this book True means “may "
            "attend”."
        ),
        2,
    ),
    Relation(
        "transposed",
        order.transposed,
        lambda _: (
            "Your result is the right "
            "one transposed: its last two axes are exchanged."
        ),
    ),
    Relation(
        "axes_permuted",
        order.axes_permuted,
        lambda _: (
            "The numbers are "
            "right, but the axes stand in another order than the one asked "
            "for."
        ),
    ),
    Relation(
        "softmax_other_axis",
        weights.softmax_elsewhere,
        lambda a: (
            "The weights "
            "come from the right scores, but they sum to one "
            + (
                "down each column. Each row belongs to one query: it is the "
                "row that is shared out."
                if a == -2
                else "over a whole matrix. Each row belongs to one query and "
                "is shared out on its own."
            )
        ),
    ),
    Relation(
        "mask_after_softmax",
        weights.masked_late,
        lambda _: (
            "The masked "
            "weights are 0, but the others no longer sum to one: they were "
            "normalised while the masked ones still took part."
        ),
        2,
    ),
    Relation(
        "wrong_where_masked",
        weights.wrong_where_masked,
        lambda _: "Everything is right except at the masked places.",
        1,
    ),
    Relation(
        "negated",
        arithmetic.negated,
        lambda _: (
            "Every sign is the wrong way "
            "round: your result is minus the right one."
        ),
        2,
    ),
    Relation(
        "scaled",
        arithmetic.scaled_by_size,
        lambda p: (
            "On every case your result "
            "is the right one times " + p[0].format(" of ".join(p[1])) + "."
        ),
        2,
    ),
    Relation(
        "scaled",
        arithmetic.scaled,
        lambda c: f"On every case your result is {c:g} times the right one.",
        3,
    ),
    Relation(
        "scaled",
        arithmetic.scaled_variously,
        lambda _: (
            "Your result is the right "
            "one times a number, which differs from case to case."
        ),
    ),
    Relation(
        "off_by_constant",
        arithmetic.offset,
        lambda d: (
            "Your result is the right "
            f"one {'plus' if d > 0 else 'minus'} {abs(d):g}, everywhere."
        ),
        3,
    ),
    Relation(
        "truncated",
        order.truncated,
        lambda _: (
            "Your numbers are the right "
            "ones cut to whole numbers. An array of integers keeps only the "
            "whole part of what is stored in it."
        ),
        3,
    ),
    Relation(
        "rounded",
        order.rounded,
        lambda d: (
            "Your numbers are the right ones "
            f"rounded to {d} decimals. Return them as they are."
        ),
        3,
    ),
    Relation(
        "reversed",
        order.reversed,
        lambda a: (
            "Your result is the right one "
            f"back to front along the {axis_name(a)}."
        ),
    ),
    Relation("shifted", order.shifted, _end_text),
    Relation(
        "absolute",
        arithmetic.absolute,
        lambda _: (
            "The sizes are right, but the "
            "negative numbers have lost their sign."
        ),
        2,
    ),
    Relation(
        "rows_scaled",
        arithmetic.per_slice,
        lambda a: (
            "Each "
            + ("row" if a == -1 else "column")
            + " of yours is the right one times a "
            "number of its own. Look at what each of them is divided by or "
            "multiplied with."
        ),
    ),
    Relation(
        "all_zero",
        arithmetic.all_zero,
        lambda _: (
            "Your result is zero "
            "everywhere. Is the array that you return ever filled?"
        ),
        3,
    ),
    Relation(
        "input_returned",
        arithmetic.input_back,
        lambda n: f"You returned `{n}` as it came in.",
        3,
    ),
    Relation(
        "permuted",
        order.permuted,
        lambda a: (
            "The right numbers are there, "
            f"but in another order along the {axis_name(a)}."
        ),
    ),
    Relation(
        "extra_axis",
        order.extra_axis,
        lambda a: (
            "The numbers are right, but "
            "there is one axis too many, of length 1, at the "
            + ("front." if a == 0 else "end.")
        ),
        1,
    ),
    Relation(
        "missing_axis",
        order.missing_axis,
        lambda a: (
            "The numbers are right, "
            f"but the {'first' if a == 0 else 'last'} axis, of length 1, is "
            "gone."
        ),
        1,
    ),
    Relation(
        "flattened",
        order.flattened,
        lambda _: (
            "The numbers are right, but you returned them in one flat row."
        ),
    ),
    Relation(
        "reshaped",
        order.reshaped,
        lambda _: (
            "The numbers are right and in "
            "the right order, but the shape is another."
        ),
    ),
    Relation(
        "elementwise",
        arithmetic.elementwise,
        lambda n: (
            f"In place of the right number, your result holds {n}, everywhere."
        ),
    ),
    Relation(
        "cumulative",
        arithmetic.cumulative,
        lambda a: (
            "Your result is the running "
            f"sum of the right one along the {axis_name(a)}."
        ),
    ),
    Relation(
        "reduced",
        arithmetic.reduced,
        lambda p: (
            f"Your result is the right one {p[0]} over its {axis_name(p[1])}."
        ),
    ),
    Relation("partly_right", order.only_first, _first_text),
    Relation(
        "reordered",
        order.swapaxes_reshape,
        lambda _: (
            "The right numbers are "
            "all there, at other places. A reshape that should have been a "
            "transpose does this."
        ),
        6,
    ),
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


_MAY_BE_RIGHT = frozenset(
    {
        "permuted",
        "reordered",
        "extra_axis",
        "missing_axis",
        "flattened",
        "reshaped",
        "partly_right",
        "axes_permuted",
        "rounded",
        "truncated",
    }
)


def _first(relation: Relation, common: Found) -> Hashable:
    """The parameter to speak of: the first size, else the smallest."""
    if relation.holds is arithmetic.scaled_by_size:
        order = [("width", 0), ("number of rows", 1)]
        rank = dict(order)
        return min(
            common,
            key=lambda p: (
                list(arithmetic.FORMS).index(p[0]),
                rank.get(p[1][0], 2),
                p[1],
            ),
        )
    return min(common, key=str)


def _is_wrong(s: Seen) -> bool:
    return (
        s.e.shape != s.g.shape
        or not same(s.e, s.g)
        or dtype_matters(s.pair.expected, s.pair.got)
    )
