"""Attention in obvious NumPy: the oracle that everything is tested against.

Rows are vectors. Shapes and the mask rule are in `help(selfattn)`.
"""

from __future__ import annotations

import math

import numpy as np

from . import demand, shapes
from .banded import banded
from .edges import ACTIVATIONS, edge_attention, segment_softmax
from .features import positive_features
from .linear import linear_attention
from .lowrank import low_rank
from .tiled import tiled

__all__ = [
    "additive_scores",
    "attention",
    "banded",
    "dot_scores",
    "edge_attention",
    "linear_attention",
    "low_rank",
    "merge_heads",
    "multi_head",
    "positive_features",
    "segment_softmax",
    "softmax",
    "split_heads",
    "tiled",
]

# Too large a number is an error here, so NumPy's warning would say it twice.
_overflow_is_checked = np.errstate(over="ignore", invalid="ignore")


@_overflow_is_checked
def attention(
    q,
    k,
    v,
    *,
    mask=None,
    score="dot",
    w=None,
    activation="tanh",
    weight="softmax",
    scale=None,
    bias=None,
    return_weights=True,
):
    """Mix the values by how well each key matches each query.

    Parameters
    ----------
    q (..., L, d_k), k (..., S, d_k), v (..., S, d_v) : float32 or float64
        arrays; their batch axes broadcast.
    mask : boolean, True = may attend; (L or 1, S) for the whole batch, or as
        many axes as the scores (..., L, S).
    score : "dot", q·k * scale; or "additive", w·tanh(q + k) * scale.
    w : (d_k,), for additive scores only.
    activation : "tanh"; or "leaky_relu" (0.2 below 0), which takes its place
        in additive scores and makes them GATv2's.
    weight : "softmax", or "relu", which is not normalised: a row of scores
        below 0 has no weight, and its output is 0.
    scale : a positive number; None means 1/sqrt(d_k) for dot scores and 1
        for additive ones. The lecture's dot product is scale=1.0.
    bias : numbers added to the scores; shaped like a mask. Not in the
        lecture; `positions.linear_bias` makes one.
    return_weights : whether the second result is the weights or None.

    Returns
    -------
    out (..., L, d_v), weights (..., L, S) or None; in the dtype of q.

    Raises
    ------
    TypeError : not float arrays of one dtype; a mask that is not boolean.
    ValueError : shapes that do not fit; NaN or infinity; an empty set; a
        query whose keys are all masked; scores too large for the dtype.

    References: lecture slides "Self-attention"; Vaswani et al. 2017, eq. 1
    (dot); Bahdanau et al. 2015, appendix A.1.2 (additive); Brody et al. 2022,
    eq. 7 (additive with LeakyReLU).

    >>> q = k = np.array([[1.0, 0.0], [0.0, 1.0]])
    >>> v = np.array([[10.0], [20.0]])
    >>> out, weights = attention(q, k, v, weight="relu", scale=1.0)
    >>> out.tolist(), weights.tolist()
    ([[10.0], [20.0]], [[1.0, 0.0], [0.0, 1.0]])
    """
    demand.one_of("score", score, ("dot", "additive"))
    demand.one_of("weight", weight, ("softmax", "relu"))
    demand.needs_w(score, w, activation)
    demand.flag("return_weights", return_weights)
    demand.inputs(q=q, k=k, v=v)
    shape = shapes.scores_shape(q.shape, k.shape)
    shapes.values_shape(v.shape, k.shape, shape)

    if score == "dot":
        scores = dot_scores(q, k, scale)  # (..., L, S)
    else:
        scores = additive_scores(q, k, w, activation)  # (..., L, S)
        if scale is not None:
            scores = scores * demand.positive("scale", scale)  # (..., L, S)
    if bias is not None:
        demand.bias_array(bias, shape)
        scores = scores + bias.astype(q.dtype)  # (..., L, S)
    demand.not_overflown("scores", scores)
    if mask is not None:
        demand.mask_array(mask, shape)
        scores = np.where(mask, scores, -np.inf)  # (..., L, S)
    if weight == "softmax":
        weights = softmax(scores)  # (..., L, S)
    else:
        weights = np.maximum(scores, 0)  # (..., L, S)
    out = weights @ v  # (..., L, d_v)

    demand.not_overflown("out", out)
    return out, (weights if return_weights else None)


@_overflow_is_checked
def dot_scores(q, k, scale=None):
    """How well each key matches each query, as their dot product.

    q (..., L, d_k), k (..., S, d_k); scale None means 1/sqrt(d_k). Returns
    the scores (..., L, S). Raises as `attention`. Lecture slide "Dot-product";
    the scale is from Vaswani et al. 2017, section 3.2.1.

    >>> dot_scores(np.array([[1.0, 2.0]]), np.eye(2), scale=1.0).tolist()
    [[1.0, 2.0]]
    """
    demand.inputs(q=q, k=k)
    shapes.scores_shape(q.shape, k.shape)
    d_k = q.shape[-1]
    scale = 1 / math.sqrt(d_k) if scale is None else scale
    scale = demand.positive("scale", scale)
    scores = q @ k.swapaxes(-1, -2) * scale  # (..., L, S)
    demand.not_overflown("scores", scores)
    return scores


@_overflow_is_checked
def additive_scores(q, k, w, activation="tanh"):
    """How well each key matches each query, as w·tanh(q + k).

    q (..., L, d_k), k (..., S, d_k), w (d_k,); activation "leaky_relu" takes
    the place of tanh. Returns the scores (..., L, S). Raises as `attention`.
    Lecture slide "Additive"; Bahdanau et al. 2015, appendix A.1.2, where q
    and k are already projected.

    >>> q, k = np.array([[1.0, -1.0]]), np.array([[-1.0, 1.0]])
    >>> additive_scores(q, k, w=np.array([2.0, 3.0])).tolist()
    [[0.0]]
    """
    demand.one_of("activation", activation, ("tanh", "leaky_relu"))
    demand.inputs(q=q, k=k)
    demand.float_array("w", w)
    demand.same_dtype({"q": q.dtype, "w": w.dtype})
    shapes.scores_shape(q.shape, k.shape)
    shapes.weight_vector(w.shape, q.shape[-1])
    demand.finite("w", w)
    pairs = q[..., :, None, :] + k[..., None, :, :]  # (..., L, S, d_k)
    scores = ACTIVATIONS[activation](pairs) @ w  # (..., L, S)
    demand.not_overflown("scores", scores)
    return scores


@_overflow_is_checked
def softmax(x, axis=-1):
    """Turn scores into positive weights that sum to 1 along an axis.

    The largest score is subtracted first, so that no exponential overflows.
    A score of -inf gets weight 0. Raises a TypeError for anything but float
    arrays; a ValueError for NaN, +inf, or a slice with no score above -inf.

    >>> softmax(np.array([0.0, np.log(3.0)])).round(2).tolist()
    [0.25, 0.75]
    >>> softmax(np.array([1000.0, -np.inf])).tolist()
    [1.0, 0.0]
    """
    demand.float_array("x", x)
    demand.softmax_input(x, axis)
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


@_overflow_is_checked
def multi_head(
    x,
    w_q,
    w_k,
    w_v,
    w_o,
    n_heads,
    *,
    mask=None,
    bias=None,
    scale=None,
    return_weights=True,
):
    """Attend in several heads at once, each with its own part of the columns.

    Parameters
    ----------
    x : (..., L, d_model), rows are vectors.
    w_q, w_k : (d_model, H * d_k); w_v : (d_model, H * d_v);
    w_o : (H * d_v, d_out). Head h owns the h-th block of columns.
    n_heads : H.
    mask : (L or 1, L), (..., L, L) with x's batch axes, or (..., H, L, L),
        told apart by the number of axes.
    bias : (L or 1, L), (H, L, L) or (..., H, L, L).
    scale, return_weights : as in `attention`.

    Returns
    -------
    out (..., L, d_out), weights (..., H, L, L) or None.

    Raises as `attention`. Lecture slide "Multi-head self-attention"; Vaswani
    et al. 2017, section 3.2.2.

    >>> x, eye = np.array([[1.0, 2.0]]), np.eye(2)
    >>> out, weights = multi_head(x, eye, eye, eye, eye, n_heads=2)
    >>> out.tolist(), weights.shape
    ([[1.0, 2.0]], (2, 1, 1))
    """
    demand.inputs(x=x, w_q=w_q, w_k=w_k, w_v=w_v, w_o=w_o)
    n_heads = demand.integer("n_heads", n_heads)
    shapes.weights_shape(
        x.shape, w_q.shape, w_k.shape, w_v.shape, w_o.shape, n_heads
    )
    mask, bias = shapes.per_head(mask, bias, x.shape)

    q = split_heads(x @ w_q, n_heads)  # (..., H, L, d_k)
    k = split_heads(x @ w_k, n_heads)  # (..., H, L, d_k)
    v = split_heads(x @ w_v, n_heads)  # (..., H, L, d_v)
    out, weights = attention(
        q,
        k,
        v,
        mask=mask,
        bias=bias,
        scale=scale,
        return_weights=return_weights,
    )  # (..., H, L, d_v), (..., H, L, L)
    out = merge_heads(out) @ w_o  # (..., L, d_out)
    demand.not_overflown("out", out)
    return out, weights


def split_heads(x, n_heads):
    """Cut each vector into equal parts, one per head.

    (..., L, H * d) becomes (..., H, L, d). Raises a ValueError if n_heads
    does not divide the width.

    >>> split_heads(np.array([[1.0, 2.0, 3.0, 4.0]]), 2).tolist()
    [[[1.0, 2.0]], [[3.0, 4.0]]]
    """
    demand.float_array("x", x)
    shapes.vectors("x", x.shape)
    n_heads = demand.integer("n_heads", n_heads)
    shapes.splits(x.shape[-1], n_heads)
    d = x.shape[-1] // n_heads
    x = x.reshape(*x.shape[:-1], n_heads, d)  # (..., L, H, d)
    return x.swapaxes(-3, -2)  # (..., H, L, d)


def merge_heads(x):
    """Put the parts of each vector side by side again.

    (..., H, L, d) becomes (..., L, H * d). Undoes `split_heads`. Raises a
    ValueError for fewer than three axes, no head, or empty vectors.

    >>> merge_heads(np.array([[[1.0, 2.0]], [[3.0, 4.0]]])).tolist()
    [[1.0, 2.0, 3.0, 4.0]]
    """
    demand.float_array("x", x)
    shapes.heads("x", x.shape)
    n_heads, _, d = x.shape[-3:]
    x = x.swapaxes(-3, -2)  # (..., L, H, d)
    return x.reshape(*x.shape[:-2], n_heads * d)  # (..., L, H * d)
