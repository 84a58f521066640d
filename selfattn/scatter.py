"""Attention over an edge list in torch: gather, weigh, and scatter back.

The names and signatures of `edges`, on any device. Dtypes and shapes are
checked, values are not: an edge that is listed twice counts twice, and a
query without an edge gets zeros. Also `attention.edge_attention` and so on.
"""

from __future__ import annotations

import math

import numpy as np
import torch
import torch.nn.functional as F

from . import demand, shapes
from .edges import LEAK, edge_bias, pair_shape
from .tensors import bias_values, tensor, tensors

__all__ = ["edge_attention", "segment_softmax"]

ACTIVATIONS = {
    "tanh": torch.tanh,
    "leaky_relu": lambda x: F.leaky_relu(x, LEAK),
}


def edge_attention(
    q,
    k,
    v,
    *,
    mask,
    score="dot",
    w=None,
    activation="tanh",
    weight="softmax",
    scale=None,
    bias=None,
    return_weights=True,
):
    """Mix the values along the edges of a graph; nothing is (L, S) large.

    As `edges.edge_attention`, for floating tensors of one dtype. mask is an
    edge list (E, 2) of whole numbers or a boolean (L, S), as a tensor or as a
    NumPy array. A query without an edge gets zeros.

    Returns out (..., L, d_v) and weights (..., E) or None. Raises a
    TypeError for dtypes and a ValueError for shapes that do not fit.

    >>> x = torch.tensor([[1.0], [2.0], [4.0]])
    >>> pairs = torch.tensor([[0, 0], [0, 2], [2, 0]])
    >>> out, weights = edge_attention(0 * x, x, x, mask=pairs)
    >>> out.tolist(), weights.tolist()
    ([[2.5], [0.0], [1.0]], [0.5, 0.5, 1.0])
    """
    demand.one_of("score", score, ("dot", "additive"))
    demand.one_of("weight", weight, ("softmax", "relu"))
    demand.needs_w(score, w, activation)
    demand.flag("return_weights", return_weights)
    tensors(q=q, k=k, v=v)
    shape = shapes.scores_shape(tuple(q.shape), tuple(k.shape))
    shapes.values_shape(tuple(v.shape), tuple(k.shape), shape)
    i, j = _pairs(mask, shape[-2:], q.device).T.contiguous()  # (E,) each

    if score == "dot":
        scale = 1 / math.sqrt(q.shape[-1]) if scale is None else scale
        ends = q.index_select(-2, i), k.index_select(-2, j)
        scores = torch.einsum("...ed,...ed->...e", *ends)  # (..., E)
    else:
        tensor("w", w)
        demand.same_dtype({"q": q.dtype, "w": w.dtype})
        shapes.weight_vector(tuple(w.shape), q.shape[-1])
        pairs = q.index_select(-2, i) + k.index_select(-2, j)
        scores = ACTIVATIONS[activation](pairs) @ w  # (..., E)
    if scale is not None:
        scores = scores * demand.positive("scale", scale)  # (..., E)
    if bias is not None:
        bias = bias_values(bias)
        edge_bias(tuple(bias.shape), tuple(scores.shape))
        scores = scores + bias.to(q)  # (..., E)
    if weight == "softmax":
        weights = _softmax(scores, i, shape[-2])  # (..., E)
    else:
        weights = scores.relu()  # (..., E)
    messages = weights[..., None] * v.index_select(-2, j)  # (..., E, d_v)
    size = (*messages.shape[:-2], shape[-2], messages.shape[-1])
    out = messages.new_zeros(size).index_add(-2, i, messages)
    return out, (weights if return_weights else None)


def segment_softmax(scores, segment, n_segments):
    """Turn scores into positive weights that sum to 1 in each segment.

    As `edges.segment_softmax`; segment is an integer tensor (E,).

    >>> scores = torch.tensor([0.0, 5.0, math.log(3.0)])
    >>> segment_softmax(scores, torch.tensor([1, 0, 1]), 2)
    tensor([0.2500, 1.0000, 0.7500])
    """
    tensor("scores", scores)
    n_segments = demand.integer("n_segments", n_segments)
    if not isinstance(segment, torch.Tensor) or segment.dtype != torch.int64:
        raise TypeError(
            "segment must be a tensor of whole numbers: got "
            f"{demand.shown(segment)}; convert it with .long()"
        )
    if not scores.ndim or segment.shape != scores.shape[-1:]:
        raise ValueError(
            "segment must say one number per score, "
            f"{tuple(scores.shape[-1:])}: got {tuple(segment.shape)}; give "
            "the query of each edge"
        )
    return _softmax(scores, segment, n_segments)


def _softmax(scores, segment, n_segments):
    size = (*scores.shape[:-1], n_segments)
    where = segment.expand(scores.shape)  # (..., E)
    top = scores.new_full(size, -math.inf).scatter_reduce(
        -1, where, scores.detach(), "amax"
    )  # (..., n)
    e = (scores - top.gather(-1, where)).exp()  # (..., E)
    total = scores.new_zeros(size).index_add(-1, segment, e)  # (..., n)
    return e / total.gather(-1, where)  # (..., E)


def _pairs(mask, shape, device):
    """The edge list (E, 2) on the device; values are not looked at."""
    if not isinstance(mask, torch.Tensor):
        if type(mask) not in demand.PLAIN:
            mask = demand.whole_numbers("an edge list", mask)
        mask = torch.from_numpy(np.ascontiguousarray(mask))
    mask = mask.to(device)
    if mask.dtype == torch.bool:
        if tuple(mask.shape) != shape:
            raise ValueError(
                f"a boolean mask for edges must be (L, S) = {shape}: got "
                f"{tuple(mask.shape)}; give one mask for the whole batch"
            )
        return mask.nonzero()  # (E, 2)
    if mask.is_floating_point() or mask.is_complex():
        raise TypeError(
            "an edge list must be whole numbers: got "
            f"{demand.shown(mask)}; convert it with .long()"
        )
    return pair_shape(mask).long()
