"""One case as a relation sees it, and what relations are made of."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import NamedTuple

import numpy as np

from selfattn.grading.compare import Pair

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
    narrow = any(x.dtype.kind == "f" and x.dtype.itemsize <= 4 for x in (a, b))
    rtol, atol = (1e-3, 1e-5) if narrow else (1e-6, 1e-9)
    with np.errstate(all="ignore"):
        return bool(np.isclose(a, b, rtol, atol, equal_nan=True).all())


def yes(held: bool, parameter: Hashable = True) -> Found:
    """The parameter, if it held."""
    return {parameter} if held else set()


def axis_name(axis: int) -> str:
    """An axis in words, counted from the end."""
    return {
        -1: "last axis",
        -2: "last axis but one",
        -3: "third axis from the end",
    }.get(axis, f"axis {axis}")


def axes(a: np.ndarray) -> range:
    """The axes of an array, counted from the end."""
    return range(-a.ndim, 0)
