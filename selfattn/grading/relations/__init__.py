"""General ways of being wrong: what a tensor has to do with the right one.

Each relation looks at one case and names the parameters with which it holds
there, for instance the axis. It is reported when some parameter holds on
every case that was compared.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

from selfattn.grading.compare import dtype_matters
from selfattn.grading.messages import relations as say
from selfattn.grading.relations import arithmetic, order, weights
from selfattn.grading.relations.seen import (
    Found,
    Relation,
    Seen,
    same,
    simplest,
)

RELATIONS: tuple[Relation, ...] = (
    Relation("wrong_dtype", order.wrong_dtype, say.wrong_dtype, 1),
    Relation("inverted", order.inverted, say.INVERTED, 2),
    Relation("transposed", order.transposed, say.TRANSPOSED),
    Relation("axes_permuted", order.axes_permuted, say.AXES_PERMUTED, 4, True),
    Relation("softmax_other_axis", weights.softmax_elsewhere,
             say.softmax_elsewhere),
    Relation("scores_scaled", weights.scores_scaled, say.scores_scaled),
    Relation("log_softmax", weights.log_softmax, say.LOG_SOFTMAX, 2),
    Relation("one_hot", weights.one_hot, say.ONE_HOT),
    Relation("sums_lost_their_axis", weights.sums_lost_their_axis,
             say.SUMS_LOST_THEIR_AXIS),
    Relation("mask_inverted", weights.mask_inverted, say.MASK_INVERTED, 2),
    Relation("mask_after_softmax", weights.masked_late,
             say.MASK_AFTER_SOFTMAX, 2),
    Relation("wrong_where_masked", weights.wrong_where_masked,
             say.WRONG_WHERE_MASKED, 1),
    Relation("negated", arithmetic.negated, say.NEGATED, 2),
    Relation("scaled", arithmetic.scaled_by_size, say.scaled, 2),
    Relation("scaled", arithmetic.scaled, say.scaled_by, 3),
    Relation("scaled", arithmetic.scaled_variously, say.VARIOUSLY_SCALED),
    Relation("off_by_constant", arithmetic.offset, say.offset, 3),
    Relation("truncated", order.truncated, lambda how: (
        say.TRUNCATED if how == "cut" else say.ROUNDED_OFF), 3, True),
    Relation("rounded", order.rounded, say.rounded, 3, True),
    Relation("reversed", order.reversed, say.reversed_),
    Relation("shifted", order.shifted, say.shifted),
    Relation("absolute", arithmetic.absolute, say.ABSOLUTE, 2),
    Relation("rows_scaled", arithmetic.per_slice, say.slices_scaled),
    Relation("all_zero", arithmetic.all_zero_tensor, say.ALL_ZERO_TENSOR, 3),
    Relation("all_zero", arithmetic.all_zero, say.ALL_ZERO, 3),
    Relation("input_returned", arithmetic.input_returned,
             say.input_returned, 3),
    Relation("permuted", order.permuted, say.permuted, 4, True),
    Relation("extra_axis", order.extra_axis, say.extra_axis, 1, True),
    Relation("missing_axis", order.missing_axis, say.missing_axis, 1, True),
    Relation("flattened", order.flattened, say.FLATTENED, 4, True),
    Relation("reshaped", order.reshaped, say.RESHAPED, 4, True),
    Relation("elementwise", arithmetic.elementwise, say.elementwise),
    Relation("cumulative", arithmetic.cumulative, say.cumulative),
    Relation("reduced", arithmetic.reduced, say.reduced),
    Relation("partly_right", order.partly_right, say.partly_right, 4, True),
    Relation("reordered", order.reordered, lambda how: (
        say.RESHAPE_FOR_TRANSPOSE if how == "reshape" else say.REORDERED),
        6, True),
)  # fmt: skip
_BY_SIZE = (arithmetic.scaled_by_size, weights.scores_scaled)


def find(seen: Sequence[Seen]) -> Iterator[tuple[str, str]]:
    """Every relation that holds on all of these cases, most telling first."""
    cases = [(s, _is_wrong(s)) for s in seen]
    entries = sum(max(s.right.size, 1) for s, wrong in cases if wrong)
    cases.sort(key=lambda c: not c[1])
    for relation in RELATIONS:
        if entries < relation.needs:
            continue
        common = _common(relation, cases)
        if common:
            yield relation.id, relation.say(_first(relation, common))


def _common(relation: Relation, cases: Sequence[tuple[Seen, bool]]) -> Found:
    """The parameters that hold on every case that the relation speaks of."""
    common: Found | None = None
    for s, wrong in cases:
        try:
            held = relation.holds(s)
        except (TypeError, ValueError, IndexError):
            held = set()
        if not wrong and not held and relation.claims_nothing_when_right:
            continue
        common = held if common is None else common & held
        if not common:
            return set()
    return common or set()


def _first(relation: Relation, common: Found) -> Hashable:
    """The parameter to speak of."""
    if relation.holds in _BY_SIZE:
        return simplest(common)
    if relation.id in ("partly_right", "reordered"):
        return max(common, key=str)  # what is more is said first
    return min(common, key=str)


def _is_wrong(s: Seen) -> bool:
    return (
        s.right.shape != s.given.shape
        or not same(s.right, s.given)
        or dtype_matters(s.pair.expected, s.pair.got)
    )
