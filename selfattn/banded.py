"""Truncated self-attention that never makes an L x L matrix, in NumPy.

Each query sees at most `radius` positions to either side, as with
`masks.window`; here only the band of scores that it may see is computed and
stored. `attention.banded` is the torch twin, and quicker.
"""

from __future__ import annotations

import math

import numpy as np

from . import demand, shapes

__all__ = ["banded", "from_full", "inside", "pairs", "to_full"]


def banded(q, k, v, radius, *, mask=None, scale=None, return_weights=True):
    """Attend to a neighbourhood: the band of the weights alone.

    Parameters
    ----------
    q, k (..., L, d_k), v (..., L, d_v) : float32 or float64 arrays of one
        sequence each, as many queries as keys; batch axes broadcast.
    radius : how many positions to either side a query sees, 0 or more.
    mask : boolean, True = may be attended to; keys only, (1, L) or
        (..., 1, L), as `masks.padding` makes it.
    scale : a positive number; None means 1/sqrt(d_k).
    return_weights : whether the second result is the weights or None.

    Returns
    -------
    out (..., L, d_v); weights (..., L, 2 * radius + 1) or None: column c of
    row i is the weight of key i + c - radius, 0 where there is no such key.
    `to_full` makes the (..., L, L) weights of them.

    Raises as `reference.attention`; also a ValueError for L != S or a mask
    over queries. Lecture slide "Truncated self-attention".

    >>> x = np.array([[1.0], [2.0], [4.0]])
    >>> out, weights = banded(np.zeros((3, 1)), x, x, radius=1)
    >>> weights.round(2).tolist()
    [[0.0, 0.5, 0.5], [0.33, 0.33, 0.33], [0.5, 0.5, 0.0]]
    """
    demand.flag("return_weights", return_weights)
    demand.inputs(q=q, k=k, v=v)
    radius = demand.integer("radius", radius, least=0)
    shape = shapes.band(q.shape, k.shape, v.shape)  # (..., L, L)
    scale = 1 / math.sqrt(q.shape[-1]) if scale is None else scale
    scale = demand.positive("scale", scale)
    allowed = None
    if mask is not None:
        demand.mask_array(mask, shape)
        shapes.key_mask(mask.shape, shape)
        allowed = np.broadcast_to(mask[..., 0, :], (*shape[:-2], shape[-1]))

    n = shape[-1]
    reach = min(radius, n - 1)  # further away there is nothing
    scores = _scores(q, k, reach, scale, allowed)  # (..., L, 2 reach + 1)
    _seen(scores)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = e / e.sum(axis=-1, keepdims=True)  # (..., L, 2 reach + 1)
    batch = np.broadcast_shapes(shape[:-2], v.shape[:-2])
    out = np.zeros((*batch, n, v.shape[-1]), q.dtype)  # (..., L, d_v)
    for c, step in enumerate(range(-reach, reach + 1)):
        i, j = inside(n, step)
        out[..., i, :] += weights[..., i, c, None] * v[..., j, :]
    demand.not_overflown("out", out)
    if not return_weights:
        return out, None
    extra = [(0, 0)] * (weights.ndim - 1) + [(radius - reach,) * 2]
    return out, np.pad(weights, extra)  # (..., L, 2 radius + 1)


def _scores(q, k, reach, scale, allowed):
    """The band of scores, -inf where there is no key or a masked one."""
    n = q.shape[-2]
    batch = np.broadcast_shapes(q.shape[:-2], k.shape[:-2])
    scores = np.full((*batch, n, 2 * reach + 1), -np.inf, q.dtype)
    for c, step in enumerate(range(-reach, reach + 1)):
        i, j = inside(n, step)  # queries i see keys i + step
        with np.errstate(over="ignore", invalid="ignore"):  # checked here
            dots = np.einsum("...id,...id->...i", q[..., i, :], k[..., j, :])
            dots *= scale  # (..., L - |step|)
            demand.not_overflown("scores", dots)
        if allowed is not None:
            dots = np.where(allowed[..., j], dots, -np.inf)
        scores[..., i, c] = dots
    return scores


def _seen(scores):
    """Demand a key within reach of every query."""
    empty = np.argwhere(np.isneginf(scores).all(axis=-1))
    if len(empty):
        at = tuple(int(i) for i in empty[0])
        raise ValueError(
            "every query must have at least one key to attend to: got a "
            f"mask that leaves none within the radius of query {at}; leave "
            "that query out, or choose a larger radius"
        )


def inside(n, step):
    """Two slices of n positions: those i whose i + step is one too, and those.

    >>> inside(5, 2)
    (slice(0, 3, None), slice(2, 5, None))
    """
    first, last = max(0, -step), min(n, n - step)
    return slice(first, last), slice(first + step, last + step)


def pairs(n, radius):
    """How many (query, key) pairs a window of this radius leaves of n * n.

    n (2 radius + 1) - radius (radius + 1), what the ends lack taken off, and
    n * n where the window covers everything.

    >>> pairs(6000, 50), pairs(4, 9)
    (603450, 16)
    """
    n = demand.integer("n", n)
    radius = min(demand.integer("radius", radius, least=0), n - 1)
    return n * (2 * radius + 1) - radius * (radius + 1)


def to_full(weights):
    """The band (..., L, 2 * radius + 1) as a matrix (..., L, L), 0 outside.

    Raises a ValueError for an even number of columns.

    >>> to_full(np.array([[0.0, 1.0, 2.0], [3.0, 4.0, 0.0]])).tolist()
    [[1.0, 2.0], [3.0, 4.0]]
    """
    demand.float_array("weights", weights)
    shapes.vectors("weights", weights.shape)
    n, width = weights.shape[-2:]
    if width % 2 == 0:
        raise ValueError(
            "a band must have an odd number of columns, 2 * radius + 1: got "
            f"{weights.shape}; pass the weights of `banded`"
        )
    full = np.zeros((*weights.shape[:-1], n), weights.dtype)  # (..., L, L)
    radius, places = width // 2, np.arange(n)
    reach = min(radius, n - 1)
    for c in range(radius - reach, radius + reach + 1):
        i, j = inside(n, c - radius)
        full[..., places[i], places[j]] = weights[..., i, c]
    return full


def from_full(weights, radius):
    """The band (..., L, 2 * radius + 1) of a matrix (..., L, L).

    Undoes `to_full`; what lies outside the band is left out.

    >>> from_full(np.array([[1.0, 2.0], [3.0, 4.0]]), 1).tolist()
    [[0.0, 1.0, 2.0], [3.0, 4.0, 0.0]]
    """
    demand.float_array("weights", weights)
    shapes.vectors("weights", weights.shape)
    radius = demand.integer("radius", radius, least=0)
    n = weights.shape[-1]
    shapes.square(weights.shape[-2], n)
    band = np.zeros((*weights.shape[:-1], 2 * radius + 1), weights.dtype)
    places = np.arange(n)
    reach = min(radius, n - 1)
    for c in range(radius - reach, radius + reach + 1):
        i, j = inside(n, c - radius)
        band[..., i, c] = weights[..., places[i], places[j]]
    return band
