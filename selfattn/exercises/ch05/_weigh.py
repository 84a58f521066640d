"""From scores to weights, right or with the mistakes of chapter 05."""

from __future__ import annotations

import numpy as np

from selfattn.exercises.unchecked import softmax


def weigh(scores, wrong, axis):
    """Softmax along an axis, or what the known mistakes make of it."""
    other = -1 if axis == -2 else -2
    if "flattened" in wrong:
        return softmax(scores, None)
    if "other_axis" in wrong:
        axis = other
    if "relu" in wrong:
        return np.maximum(scores, 0)
    return softmax(scores, axis, stable="unstable_exp" not in wrong)
