"""From scores to weights, right or with the mistakes of chapter 05."""

from __future__ import annotations

import numpy as np


def weigh(scores, wrong, axis):
    """Softmax along an axis, or what the known mistakes make of it.

    `flat_sums` and `flat_maxima` are those of the rows, without keepdims:
    in a square matrix each meets a column.
    """
    if "relu" in wrong:
        return np.maximum(scores, 0)
    if "other_axis" in wrong:
        axis = -1 if axis == -2 else -2
    if "flattened" in wrong:
        axis = None
    top = scores.max(axis=axis, keepdims=True)
    if "unstable_exp" in wrong:
        top = np.zeros_like(top)
    if "one_maximum" in wrong:
        top = scores.max()
    if wrong & {"flat_maxima", "row_maxima"}:
        top = scores.max(axis=-1, keepdims=True)
    if "flat_maxima" in wrong:
        top = top.swapaxes(-1, -2)
    e = np.exp(scores - top)
    if "not_normalised" in wrong:
        return e
    total = e.sum(axis=axis, keepdims=True)
    if "flat_sums" in wrong:
        total = e.sum(axis=-1, keepdims=True).swapaxes(-1, -2)
    return e / total
