"""The mistakes of attention weights: scale, axis, and where the mask acts."""

from __future__ import annotations

import numpy as np

from selfattn.grading.relations.seen import (
    Found,
    Seen,
    same,
    size_forms,
    sums_to_one,
    yes,
)

TINY = 1e-30  # smaller weights have lost the digits that are compared


def _log_ratio(s: Seen) -> np.ndarray | None:
    """log(given/right), where both are weights of one shape without zeros."""
    right, given = s.right, s.given
    if right.shape != given.shape or right.ndim < 2:
        return None
    if not sums_to_one(right, -1) or not np.isfinite(given).all():
        return None
    if (right <= TINY).any() or (given <= TINY).any():
        return None
    return np.log(given.astype(float)) - np.log(right.astype(float))


def _slack(s: Seen) -> float:
    return 5e-3 if s.given.dtype.itemsize <= 4 else 1e-6


def softmax_elsewhere(s: Seen) -> Found:
    """Both come from the same scores, normalised over different axes."""
    ratio = _log_ratio(s)
    if ratio is None:
        trivial = s.right.ndim > 1 and s.right.shape[-1] == 1
        if trivial and same(s.right, s.given) and sums_to_one(s.right, -1):
            return {-2, None}
        return set()
    found: set[int | None] = set()
    slack = _slack(s)
    over_rows = ratio - ratio.mean(-1, keepdims=True)

    def even(axis: int) -> bool:
        rest = over_rows - over_rows.mean(axis, keepdims=True)
        return np.abs(rest).max() < slack and sums_to_one(s.given, axis)

    if even(-2):
        found.add(-2)
    if s.right.ndim > 2 and even(-3):
        found.add(-3)
    whole = sums_to_one(s.given, (-1, -2)) or sums_to_one(s.given, None)
    if np.abs(over_rows).max() < slack and whole:
        found.add(None)
    return found


def scores_scaled(s: Seen) -> Found:
    """A softmax of the right scores times a number, named by the sizes."""
    if _log_ratio(s) is None or not sums_to_one(s.given, -1):
        return set()
    logs = [np.log(a.astype(float)) for a in (s.right, s.given)]
    right, given = (a - a.mean(-1, keepdims=True) for a in logs)
    total = (right * right).sum()
    if total < 1e-12:
        return size_forms(s, float("nan"))
    factor = float((right * given).sum() / total)
    slack = 50 * _slack(s) * max(1.0, float(np.abs(given).max()))
    if factor <= 0 or np.abs(given - factor * right).max() > slack:
        return set()
    return size_forms(s, factor)


def masked_late(s: Seen) -> Found:
    """Zero where it should be, the rest of the row too small."""
    if (
        s.right.shape != s.given.shape
        or not s.right.ndim
        or not sums_to_one(s.right, -1)
    ):
        return set()
    zero = s.right == 0
    if (s.given[zero] != 0).any():
        return set()
    whole = ~zero.any(-1)
    if not same(s.right[whole], s.given[whole]):
        return set()
    total = s.given.sum(-1, keepdims=True)
    return yes(
        (total > 0).all()
        and (total <= 1 + 1e-5).all()
        and same(s.right * total, s.given)
    )


def _mask_on(s: Seen) -> list[np.ndarray]:
    """The mask spread over the result, by its rows and by its entries."""
    if s.mask is None:
        return []
    found = []
    for mask in (s.mask, s.mask[..., None]):
        try:
            found.append(np.broadcast_to(mask, s.right.shape))
        except ValueError:
            continue
    return found


def mask_inverted(s: Seen) -> Found:
    """Weights that are 0 where they may not be, and only there."""
    if s.right.shape != s.given.shape or not s.right.ndim:
        return set()
    if s.mask is None:
        return yes(same(s.right, s.given))
    for mask in _mask_on(s)[:1]:
        lost = np.isnan(s.given).all(-1) | mask.all(-1)
        seen = ~np.broadcast_to(lost[..., None], mask.shape)
        if not (s.right[~mask] == 0).all() or not (mask & seen).any():
            return set()
        return yes(
            (s.given[mask & seen] == 0).all()
            and (s.given[~mask & seen] > 0).any()
        )
    return set()


def wrong_where_masked(s: Seen) -> Found:
    """Right at every place that the mask allows."""
    if s.right.shape != s.given.shape:
        return set()
    if s.mask is None:
        return yes(same(s.right, s.given))
    return yes(
        any(same(s.right[m], s.given[m]) for m in _mask_on(s) if m.any())
    )


def log_softmax(s: Seen) -> Found:
    """The logarithms of weights."""
    if not s.right.ndim or not sums_to_one(s.right, -1):
        return set()
    with np.errstate(all="ignore"):
        return yes(same(np.log(s.right), s.given))


def one_hot(s: Seen) -> Found:
    """1 at the largest weight, 0 elsewhere."""
    if not s.right.ndim or s.right.shape != s.given.shape:
        return set()
    if not sums_to_one(s.right, -1) or s.right.shape[-1] < 2:
        return set()
    top = s.right.argmax(-1)[..., None]
    return yes(
        ((s.given == 0) | (s.given == 1)).all()
        and (s.given.sum(-1) == 1).all()
        and (np.take_along_axis(s.given, top, -1) == 1).all()
    )


def sums_lost_their_axis(s: Seen) -> Found:
    """Divided by the sum of the column's row: e / e.sum(-1) on a square."""
    ratio = _log_ratio(s)
    if ratio is None or ratio.shape[-1] != ratio.shape[-2]:
        return set()
    rows = ratio[..., :, :1]  # up to a constant, the logarithm of each sum
    wanted = rows - np.swapaxes(rows, -1, -2)
    uneven = np.abs(wanted).max() > 1e-3
    return yes(uneven and np.abs(ratio - wanted).max() < 10 * _slack(s))
