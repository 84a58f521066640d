"""Self-attention from four vectors up: the helper package of the book.

Shapes
------
    B        batch                      H        heads
    L        queries                    S        keys (= values)
    d_model  width of the input         d_k      width of queries and keys
    d_v      width of values

    x  (..., L, d_model)     q  (..., L, d_k)     k  (..., S, d_k)
    v  (..., S, d_v)         scores, weights (..., L, S)    out (..., L, d_v)

Vectors are rows, as in torch. The lecture writes them as columns; chapter 05
holds the two side by side.

Masks
-----
A mask is boolean and **True means "may attend"**, everywhere.
It must broadcast to the scores, (..., L, S).

This module needs NumPy and the standard library, nothing else.
"""

from __future__ import annotations

__version__ = "0.1.0"
__all__ = ["check", "checked", "hint", "progress", "solution"]

_HOME = {
    "check": "grading",
    "hint": "grading",
    "solution": "grading",
    "checked": "values",
}


def __getattr__(name: str):
    """Load the grader on first use, so that importing costs nothing."""
    import importlib

    if name == "progress":  # a package that can be called
        return importlib.import_module(f"{__name__}.progress")
    if name in _HOME:
        module = importlib.import_module(f"{__name__}.{_HOME[name]}")
        return getattr(module, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
