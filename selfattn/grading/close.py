"""Where two arrays agree, to the precision in which they were computed."""

from __future__ import annotations

import numpy as np


def tolerance(
    expected: np.ndarray, got: np.ndarray, level: str, rtol: float, atol: float
) -> tuple[float, float]:
    """(rtol, atol) for comparing these two at this level.

    "full": the exercise's own. Where the right result is float32 already, or
    the answer lies on float32's grid, 2e-3 and 4e-6 of the largest number;
    otherwise "single" allows 2e-5 and 1e-6 of it, "half" 4e-2 and 1e-2.
    """
    finite = np.abs(expected[np.isfinite(expected)])
    scale = float(finite.max()) if finite.size else 0.0
    itemsize = expected.dtype.itemsize // (
        2 if expected.dtype.kind == "c" else 1
    )
    narrow = expected.dtype.kind in "fc" and itemsize <= 4
    if level == "half":
        return 0.04, 0.01 * (scale or 1.0)
    if narrow or level == "single" and _on_float32s_grid(got):
        return max(rtol, 2e-3), max(atol, 4e-6 * (scale or 1.0))
    if level == "single":
        return max(rtol, 2e-5), max(atol, 1e-6 * scale)
    return rtol, atol * min(1.0, scale or 1.0)


def _on_float32s_grid(got: np.ndarray) -> bool:
    """Double precision throughout would not land on these numbers."""
    single = "complex64" if got.dtype.kind == "c" else "float32"
    with np.errstate(over="ignore"):
        return np.array_equal(got, got.astype(single), equal_nan=True)


def close(
    expected: np.ndarray,
    got: np.ndarray,
    level: str = "full",
    rtol: float = 1e-6,
    atol: float = 1e-8,
) -> np.ndarray:
    """Where two arrays of one shape agree, entry by entry."""
    if expected.dtype.kind in "biu" and got.dtype.kind in "biu":
        return expected == got
    if expected.dtype.kind in "US":
        return expected == got
    if expected.dtype.kind in "biu":
        expected = expected.astype(float)
    if got.dtype.kind in "biu":
        got = got.astype(float)
    r, a = tolerance(expected, got, level, rtol, atol)
    with np.errstate(all="ignore"):
        return np.isclose(got, expected, rtol=r, atol=a, equal_nan=True)
