"""Softmax without the reference's checks, for answers with mistakes."""

from __future__ import annotations

import numpy as np


def softmax(
    x: np.ndarray, axis: int | None = -1, stable: bool = True
) -> np.ndarray:
    """Softmax along an axis, or over all of x; NaN passes as it is.

    `stable=False` overflows for large x, as a known mistake does.
    """
    e = np.exp(x - x.max(axis=axis, keepdims=True) if stable else x)
    return e / e.sum(axis=axis, keepdims=True)
