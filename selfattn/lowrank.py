"""Low-rank attention: keys and values mixed into a few, in NumPy.

Linformer's form. A learned matrix makes r keys of S, another r values, and
every query attends to these. Also `reference.low_rank`; the torch twin is
`attention.low_rank`.
"""

from __future__ import annotations

import math

import numpy as np

from . import demand, shapes

__all__ = ["low_rank"]


@np.errstate(over="ignore", invalid="ignore")  # checked in the end
def low_rank(q, k, v, e, f, *, scale=None, return_weights=True):
    """Attend to r mixtures of the keys: work L * r in place of L * S.

    Parameters
    ----------
    q (..., L, d_k), k (..., S, d_k), v (..., S, d_v) : float32 or float64
        arrays; their batch axes broadcast.
    e, f : (r, S), how keys and values are mixed. They belong to one length
        S, and know its positions: this form is not causal, and cannot mask.
    scale : a positive number; None means 1/sqrt(d_k).
    return_weights : whether the second result is the weights or None.

    Returns
    -------
    out (..., L, d_v); weights (..., L, r) over the mixtures, or None.

    Raises as `reference.attention`; also a ValueError for e or f that are
    not (r, S). Wang et al. 2020, Linformer, equation 7.

    >>> q, k = np.zeros((1, 1)), np.zeros((4, 1))
    >>> v, half = np.array([[2.0], [4], [6], [8]]), np.array([[0.5, 0.5, 0, 0],
    ...                                                      [0, 0, 0.5, 0.5]])
    >>> out, weights = low_rank(q, k, v, half, half)
    >>> out.tolist(), weights.tolist()
    ([[5.0]], [[0.5, 0.5]])
    """
    demand.flag("return_weights", return_weights)
    demand.inputs(q=q, k=k, v=v, e=e, f=f)
    shape = shapes.scores_shape(q.shape, k.shape)
    shapes.values_shape(v.shape, k.shape, shape)
    shapes.mixers(e.shape, f.shape, k.shape)
    scale = 1 / math.sqrt(q.shape[-1]) if scale is None else scale
    scale = demand.positive("scale", scale)
    few_keys, few_values = e @ k, f @ v  # (..., r, d_k), (..., r, d_v)
    scores = scale * (q @ few_keys.swapaxes(-1, -2))  # (..., L, r)
    demand.not_overflown("scores", scores)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights /= weights.sum(axis=-1, keepdims=True)  # (..., L, r)
    out = weights @ few_values  # (..., L, d_v)
    demand.not_overflown("out", out)
    return out, (weights if return_weights else None)
