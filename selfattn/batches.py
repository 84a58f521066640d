"""Sets of different size in one array, and a mask that says what is real."""

from __future__ import annotations

import numbers
from collections.abc import Sequence

import numpy as np

from selfattn import demand


def pad_batch(
    sets: Sequence[np.ndarray], value: float = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Stack sets of different size, and say which entries are real.

    sets : B arrays (L_i, ...) that differ in their first axis only, such as
        ids (L_i,) or vectors (L_i, d_model).
    value : what fills the rest.

    Returns the batch (B, L, ...) with L the largest L_i, and a mask (B, L),
    True where an entry is real. Raises a ValueError for an empty list, an
    empty set, or widths that differ.

    >>> batch, mask = pad_batch([np.array([5, 7]), np.array([3])])
    >>> batch
    array([[5, 7],
           [3, 0]])
    >>> mask
    array([[ True,  True],
           [ True, False]])
    """
    sets = [_entries(item, i) for i, item in enumerate(sets)]
    if not sets:
        raise ValueError(
            "a batch must have at least one item: got an empty list; pass "
            "one array per item"
        )
    endings = {item.shape[1:] for item in sets}
    if len(endings) > 1:
        raise ValueError(
            "vectors of all items must have the same shape: got "
            f"{' and '.join(str(s) for s in sorted(endings))}; project them "
            "to one width"
        )
    dtype = np.result_type(*sets)
    filler = _filler(value, dtype)
    n = max(len(item) for item in sets)
    batch = np.full((len(sets), n, *endings.pop()), filler)  # (B, L, ...)
    mask = np.zeros((len(sets), n), dtype=bool)  # (B, L)
    for i, item in enumerate(sets):
        batch[i, : len(item)] = item
        mask[i, : len(item)] = True
    return batch, mask


def _filler(value: float, dtype: np.dtype) -> np.generic:
    if not isinstance(value, numbers.Real):
        raise TypeError(
            f"value must be one number: got {demand.shown(value)}; pad with "
            "0, for example"
        )
    with np.errstate(over="ignore"):
        if dtype.kind == "f":
            return dtype.type(value)
    if dtype.kind == "b":
        fits = value in (0, 1)
    else:
        limits = np.iinfo(dtype)
        fits = limits.min <= value <= limits.max and value == int(value)
    if not fits:
        raise ValueError(
            f"value must be a number that {dtype} can hold: got {value}; "
            "convert the items, or pad with another"
        )
    return dtype.type(value)


def _entries(item: object, i: int) -> np.ndarray:
    if not isinstance(item, np.ndarray) or item.dtype.kind not in "iufb":
        raise TypeError(
            "every item must be a numeric NumPy array: got "
            f"{demand.shown(item)} for item {i}; convert it with np.array"
        )
    if item.ndim < 1 or len(item) == 0:
        raise ValueError(
            f"every item must have at least one entry: got {item.shape} for "
            f"item {i}; leave empty items out"
        )
    return item
