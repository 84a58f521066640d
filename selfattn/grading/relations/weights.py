"""The mistakes of attention weights: another axis, a mask that comes late."""

from __future__ import annotations

import numpy as np

from selfattn.grading.relations.seen import Found, Seen, same, yes


def _sums_to_one(a: np.ndarray, axis) -> bool:
    with np.errstate(all="ignore"):
        total = a.sum(axis)
    return bool(
        np.isfinite(a).all()
        and (a >= 0).all()
        and np.allclose(total, 1, atol=1e-4)
    )


def softmax_elsewhere(s: Seen) -> Found:
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
        _sums_to_one(s.g, (-1, -2)) or _sums_to_one(s.g, None)
    ):
        found.add(None)
    return found


def masked_late(s: Seen) -> Found:
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
    return yes(
        bool((total > 0).all() and (total <= 1 + 1e-5).all())
        and same(s.e * total, s.g)
    )


def wrong_where_masked(s: Seen) -> Found:
    if s.e.shape != s.g.shape:
        return set()
    if s.mask is None:
        return yes(same(s.e, s.g))
    masks = []
    for mask in (s.mask, s.mask[..., None]):
        try:
            masks.append(np.broadcast_to(mask, s.e.shape))
        except ValueError:
            continue
    return yes(any(same(s.e[m], s.g[m]) for m in masks if m.any()))
