"""Exact attention in tiles, with the online softmax, in NumPy.

The scores are made a tile at a time and thrown away: for each query only the
largest score so far, the sum of exponentials and the sum of weighted values
are kept. This is the algorithm of FlashAttention; `fused_triton` is the same
as a kernel, `attention.tiled` the torch twin.
"""

from __future__ import annotations

import math

import numpy as np

from . import demand, shapes

__all__ = ["running", "tiled", "traffic"]


@np.errstate(over="ignore", invalid="ignore")  # checked in the end
def tiled(q, k, v, *, tile=64, mask=None, scale=None, return_weights=True):
    """Softmax attention that never holds more than tile * tile scores.

    Parameters
    ----------
    q (..., L, d_k), k (..., S, d_k), v (..., S, d_v) : float32 or float64
        arrays; their batch axes broadcast.
    tile : rows and columns of a tile of scores, at least 1.
    mask : boolean, True = may attend, as for `reference.attention`.
    scale : a positive number; None means 1/sqrt(d_k).
    return_weights : whether the second result is the weights, made in a
        second pass from the kept maxima and sums, or None.

    Returns
    -------
    out (..., L, d_v), weights (..., L, S) or None: those of
    `reference.attention`, up to rounding.

    Raises as `reference.attention`. Milakov and Gimelshein 2018, algorithm 3
    (online softmax); Dao et al. 2022, FlashAttention, algorithm 1.

    >>> x = np.array([[0.0], [np.log(3.0)]])
    >>> out, weights = tiled(x[1:] / x[1:], x, 4 * x / x[1], tile=1)
    >>> out.round(2).tolist(), weights.round(2).tolist()
    ([[3.0]], [[0.25, 0.75]])
    """
    demand.flag("return_weights", return_weights)
    tile = demand.integer("tile", tile)
    demand.inputs(q=q, k=k, v=v)
    shape = shapes.scores_shape(q.shape, k.shape)  # (..., L, S)
    shapes.values_shape(v.shape, k.shape, shape)
    scale = 1 / math.sqrt(q.shape[-1]) if scale is None else scale
    scale = demand.positive("scale", scale)
    if mask is not None:
        demand.mask_array(mask, shape)
        mask = np.broadcast_to(mask, shape)
    n_queries, n_keys = shape[-2:]
    batch = np.broadcast_shapes(shape[:-2], v.shape[:-2])
    out = np.empty((*batch, n_queries, v.shape[-1]), q.dtype)
    weights = np.empty(shape, q.dtype) if return_weights else None
    for rows in pieces(n_queries, tile):
        scores_of = _scores(q[..., rows, :], k, scale, mask, rows)
        top, total, mixed = _one_row(scores_of, v, n_keys, tile, shape, rows)
        _seen(total, rows.start)
        out[..., rows, :] = mixed / total
        if weights is None:
            continue
        for cols in pieces(n_keys, tile):
            weights[..., rows, cols] = np.exp(scores_of(cols) - top) / total
    demand.not_overflown("out", out)
    return out, weights


def pieces(n, tile):
    """Slices that cover 0 to n - 1, each at most `tile` long.

    >>> pieces(5, 2)
    [slice(0, 2, None), slice(2, 4, None), slice(4, 5, None)]
    """
    return [slice(s, min(s + tile, n)) for s in range(0, n, tile)]


def _scores(q, k, scale, mask, rows):
    """A function that makes one tile of scores, masked ones -inf."""

    def scores_of(cols):
        scores = scale * (q @ k[..., cols, :].swapaxes(-1, -2))
        demand.not_overflown("scores", scores)
        if mask is None:
            return scores  # (..., rows, cols)
        return np.where(mask[..., rows, cols], scores, -np.inf)

    return scores_of


def _one_row(scores_of, v, n_keys, tile, shape, rows):
    """The largest score, the sum and the mixed values of a row of tiles."""
    size = (*shape[:-2], rows.stop - rows.start, 1)
    top = np.full(size, -np.inf, v.dtype)  # (..., rows, 1)
    total, mixed = np.zeros(size, v.dtype), 0
    for cols in pieces(n_keys, tile):
        scores = scores_of(cols)  # (..., rows, cols)
        new = np.maximum(top, scores.max(axis=-1, keepdims=True))
        safe = np.where(np.isneginf(new), 0, new)  # no key so far
        shrink = np.exp(top - safe)  # (..., rows, 1)
        e = np.exp(scores - safe)  # (..., rows, cols)
        total = total * shrink + e.sum(axis=-1, keepdims=True)
        mixed = mixed * shrink + e @ v[..., cols, :]  # (..., rows, d_v)
        top = new
    return top, total, mixed


def _seen(total, start):
    """Demand a key for every query."""
    empty = np.argwhere(total[..., 0] == 0)
    if len(empty):
        *_, row = (int(i) for i in empty[0])
        raise ValueError(
            "every query must have at least one key to attend to: got a "
            f"mask that leaves none for query {start + row}; unmask a key, "
            "or leave that query out"
        )


def running(scores, tile):
    """The online softmax step by step: what is kept after each tile.

    scores (S,), a float array; tile, how many scores are read at once.
    Returns a list of (largest so far, factor for what was summed before, sum
    of exponentials), one per tile, as floats. Raises a ValueError for scores
    that are not one row, or NaN or infinite.

    >>> for step in running(np.log([1.0, 3, 6]), tile=2):
    ...     print(*(round(x, 2) for x in step))
    1.1 0.0 1.33
    1.79 0.5 1.67
    """
    demand.float_array("scores", scores)
    demand.finite("scores", scores)
    shapes.one_row("scores", scores.shape)
    tile = demand.integer("tile", tile)
    steps, top, total = [], -math.inf, 0.0
    for part in pieces(len(scores), tile):
        new = max(top, float(scores[part].max()))
        shrink = math.exp(top - new)
        total = total * shrink + float(np.exp(scores[part] - new).sum())
        top = new
        steps.append((top, shrink, total))
    return steps


def traffic(n_queries, n_keys, d_k, d_v, *, rows=None):
    """How many numbers attention moves between chip and main memory.

    rows : queries per tile, whose keys and values are read once per tile;
        None: three steps, each of which reads its input and writes its
        result (scores, softmax, product with the values).

    A model: each number that a step needs is read once per tile, and a tile
    fits on the chip. Returns an int. Raises a ValueError for sizes below 1.
    Dao et al. 2022, section 3.2.

    >>> traffic(4096, 4096, 64, 64), traffic(4096, 4096, 64, 64, rows=128)
    (68157440, 17301504)
    """
    named = {"n_queries": n_queries, "n_keys": n_keys, "d_k": d_k, "d_v": d_v}
    n, s, d, w = (demand.integer(key, x) for key, x in named.items())
    ends = n * d + n * w  # q is read, out is written
    if rows is None:
        return ends + s * (d + w) + 4 * n * s
    times = -(-n // demand.integer("rows", rows))  # tiles of queries
    return ends + times * s * (d + w)
