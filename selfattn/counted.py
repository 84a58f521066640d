"""Whole numbers that count or name things: lengths, edges, positions.

What each must be, and the sentence said when it is not; see `demand`.
"""

from __future__ import annotations

import numpy as np

from . import demand
from .shapes import Shape


def lengths(value: object) -> np.ndarray:
    """Lengths (B,), each at least 1."""
    array = demand.whole_numbers("lengths", value)  # (B,)
    if array.ndim != 1 or not array.size:
        raise ValueError(
            "lengths must be a list of at least one number: "
            f"got {demand.shown(value)}; pass one length per item"
        )
    if array.min() < 1:
        raise ValueError(
            f"lengths must be at least 1: got {array.min()} for item "
            f"{array.argmin()}; leave empty items out of the batch"
        )
    return array


def queries_keys(n_queries: object, n_keys: object) -> tuple[int, int]:
    """How many queries and keys, where the last of each coincide."""
    n_queries = demand.integer("n_queries", n_queries)
    n_keys = n_queries if n_keys is None else demand.integer("n_keys", n_keys)
    if n_queries > n_keys:
        raise ValueError(
            "there must be at least as many keys as queries, since the last "
            f"of both coincide: got {n_queries} queries and {n_keys} keys; "
            "give the first queries their keys too"
        )
    return n_queries, n_keys


def edges(value: object, n_nodes: int) -> np.ndarray:
    """Pairs (E, 2) of node numbers."""
    if isinstance(value, (set, frozenset)):
        value = sorted(value)
    array = demand.whole_numbers("edges", value)
    if not array.size and array.ndim == 1:
        return array.reshape(0, 2)
    if array.ndim != 2 or array.shape[1] != 2:
        raise ValueError(
            f"edges must be pairs, (E, 2): got shape {array.shape}; "
            "write [(0, 1), (1, 2)], or transpose a (2, E) array"
        )
    outside = (array < 0) | (array >= n_nodes)
    if outside.any():
        raise ValueError(
            f"edges must join nodes 0 to {n_nodes - 1}: got node "
            f"{array[outside][0]}; count from 0, or raise n_nodes"
        )
    return array


def positions(value: object, x: Shape) -> np.ndarray:
    """Positions (L,) for x (..., L, d), by default 0 to L-1."""
    if value is None:
        return np.arange(x[-2])  # (L,)
    if not demand.is_plain(value) or value.dtype.kind not in "iuf":
        raise TypeError(
            f"positions must be a numeric array: got {demand.shown(value)}; "
            "pass np.array([0, 1, ...])"
        )
    if value.shape != (x[-2],):
        raise ValueError(
            f"positions must be one number per vector, ({x[-2]},): "
            f"got {value.shape} for x {x}; give one row of positions"
        )
    demand.finite("positions", value)
    return value
