"""Attention in torch: the names and signatures of `reference`, on any device.

Shapes and dtypes are checked, values are not: looking at them would make the
device wait. A query with no key left gets zeros, with finite gradients.
Masks and biases may be NumPy arrays; they are moved to the queries' device.
"""

from __future__ import annotations

import math

import numpy as np
import torch
import torch.nn.functional as F

from . import counted, demand, shapes
from .faster import low_rank, positive_features, strided, tiled
from .positions import frequencies
from .running import linear_attention
from .scatter import ACTIVATIONS, edge_attention, segment_softmax
from .sliding import banded
from .tensors import bias_tensor, mask_tensor, tensor, tensors

__all__ = [
    "additive_scores",
    "attention",
    "banded",
    "device",
    "dot_scores",
    "edge_attention",
    "linear_attention",
    "low_rank",
    "merge_heads",
    "multi_head",
    "positive_features",
    "rotary",
    "segment_softmax",
    "softmax",
    "split_heads",
    "strided",
    "tiled",
]


def device():
    """The best device at hand: CUDA, else Apple's MPS, else the CPU.

    >>> device().type in ("cuda", "mps", "cpu")
    True
    """
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


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

    As `reference.attention`, for floating tensors of one dtype. Without the
    weights, dot scores and softmax go through torch's fused kernel, which
    never stores the (L, S) matrix. A query with no key left gets zeros.

    Returns out (..., L, d_v) and weights (..., L, S) or None. Raises a
    TypeError for dtypes and a ValueError for shapes that do not fit.

    >>> x = torch.eye(2)
    >>> out, weights = attention(x, x, x, mask=np.eye(2, dtype=bool))
    >>> out.tolist() == weights.tolist() == x.tolist()
    True
    """
    demand.one_of("score", score, ("dot", "additive"))
    demand.one_of("weight", weight, ("softmax", "relu"))
    demand.needs_w(score, w, activation)
    demand.flag("return_weights", return_weights)
    tensors(q=q, k=k, v=v)
    shape = shapes.scores_shape(tuple(q.shape), tuple(k.shape))
    shapes.values_shape(tuple(v.shape), tuple(k.shape), shape)
    mask = mask_tensor(mask, shape, q)
    bias = bias_tensor(bias, shape, q)

    if score == "dot" and weight == "softmax" and not return_weights:
        if scale is not None:
            scale = demand.positive("scale", scale)
        return fused(q, k, v, mask=mask, bias=bias, scale=scale), None

    if score == "dot":
        scores = dot_scores(q, k, scale)  # (..., L, S)
    else:
        scores = additive_scores(q, k, w, activation)  # (..., L, S)
        if scale is not None:
            scores = scores * demand.positive("scale", scale)  # (..., L, S)
    if bias is not None:
        scores = scores + bias  # (..., L, S)
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)  # (..., L, S)
    if weight == "softmax":
        weights = softmax(scores)  # (..., L, S)
    else:
        weights = scores.relu()  # (..., L, S)
    out = weights @ v  # (..., L, d_v)
    return out, (weights if return_weights else None)


def fused(q, k, v, *, mask=None, bias=None, scale=None, causal=False):
    """Torch's fused kernel on checked tensors: (..., L, d_v), no weights.

    The quick kernels take four axes, so missing ones are put in and taken
    out. `causal` stands for a causal mask where L = S and mask is None.

    >>> x = torch.ones(1, 2)
    >>> fused(x, x, x).tolist()
    [[1.0, 1.0]]
    """
    if bias is None:
        allowed = mask
    elif mask is None:
        allowed = bias
    else:
        allowed = bias.masked_fill(~mask, -math.inf)  # (..., L, S)
    missing = max(0, 4 - max(q.ndim, k.ndim, v.ndim))
    if missing:
        q, k, v = (t[(None,) * (4 - t.ndim)] for t in (q, k, v))
        if allowed is not None:
            allowed = allowed[(None,) * (4 - allowed.ndim)]
    out = F.scaled_dot_product_attention(
        q, k, v, attn_mask=allowed, is_causal=causal, scale=scale
    )  # (..., L, d_v)
    return out[(0,) * missing] if missing else out


def dot_scores(q, k, scale=None):
    """How well each key matches each query, as their dot product.

    As `reference.dot_scores`: scale None means 1/sqrt(d_k).

    >>> dot_scores(torch.tensor([[1.0, 2.0]]), torch.eye(2), 1.0).tolist()
    [[1.0, 2.0]]
    """
    tensors(q=q, k=k)
    shapes.scores_shape(tuple(q.shape), tuple(k.shape))
    d_k = q.shape[-1]
    scale = 1 / math.sqrt(d_k) if scale is None else scale
    scale = demand.positive("scale", scale)
    return (q * scale) @ k.transpose(-1, -2)  # (..., L, S)


def additive_scores(q, k, w, activation="tanh"):
    """How well each key matches each query, as w·tanh(q + k).

    As `reference.additive_scores`; w is (d_k,), and activation="leaky_relu"
    takes the place of tanh.

    >>> q, k = torch.tensor([[1.0, -1.0]]), torch.tensor([[-1.0, 1.0]])
    >>> additive_scores(q, k, w=torch.tensor([2.0, 3.0])).tolist()
    [[0.0]]
    """
    demand.one_of("activation", activation, ("tanh", "leaky_relu"))
    tensors(q=q, k=k)
    tensor("w", w)
    demand.same_dtype({"q": q.dtype, "w": w.dtype})
    shapes.scores_shape(tuple(q.shape), tuple(k.shape))
    shapes.weight_vector(tuple(w.shape), q.shape[-1])
    pairs = q[..., :, None, :] + k[..., None, :, :]  # (..., L, S, d_k)
    return ACTIVATIONS[activation](pairs) @ w  # (..., L, S)


def softmax(x, axis=-1):
    """Turn scores into positive weights that sum to 1 along an axis.

    As `reference.softmax`, but a slice that is all -inf gives zeros, and
    zero gradients.

    >>> softmax(torch.tensor([[0.0, 0.0], [-math.inf, -math.inf]])).tolist()
    [[0.5, 0.5], [0.0, 0.0]]
    """
    tensor("x", x)
    dead = (x == -math.inf).all(axis, keepdim=True)  # (..., L, 1)
    weights = torch.softmax(x.masked_fill(dead, 0.0), axis)  # (..., L, S)
    return weights.masked_fill(dead, 0.0)  # (..., L, S)


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

    As `reference.multi_head`: x (..., L, d_model), matrices (d_in, d_out).

    >>> x, eye = torch.tensor([[1.0, 2.0]]), torch.eye(2)
    >>> multi_head(x, eye, eye, eye, eye, 2)[0].tolist()
    [[1.0, 2.0]]
    """
    tensors(x=x, w_q=w_q, w_k=w_k, w_v=w_v, w_o=w_o)
    n_heads = demand.integer("n_heads", n_heads)
    shapes.weights_shape(
        tuple(x.shape),
        tuple(w_q.shape),
        tuple(w_k.shape),
        tuple(w_v.shape),
        tuple(w_o.shape),
        n_heads,
    )
    mask, bias = shapes.per_head(mask, bias, tuple(x.shape))
    out, weights = attention(
        split_heads(x @ w_q, n_heads),
        split_heads(x @ w_k, n_heads),
        split_heads(x @ w_v, n_heads),
        mask=mask,
        bias=bias,
        scale=scale,
        return_weights=return_weights,
    )  # (..., H, L, d_v), (..., H, L, L)
    return merge_heads(out) @ w_o, weights


def split_heads(x, n_heads):
    """Cut each vector into equal parts, one per head.

    As `reference.split_heads`: (..., L, H * d) becomes (..., H, L, d).

    >>> split_heads(torch.tensor([[1, 2, 3, 4.0]]), 2).tolist()
    [[[1.0, 2.0]], [[3.0, 4.0]]]
    """
    tensor("x", x)
    shapes.vectors("x", tuple(x.shape))
    n_heads = demand.integer("n_heads", n_heads)
    shapes.splits(x.shape[-1], n_heads)
    return x.unflatten(-1, (n_heads, -1)).transpose(-3, -2)  # (..., H, L, d)


def merge_heads(x):
    """Put the parts of each vector side by side again.

    As `reference.merge_heads`: (..., H, L, d) becomes (..., L, H * d).

    >>> merge_heads(torch.tensor([[[1, 2.0]], [[3, 4.0]]])).tolist()
    [[1.0, 2.0, 3.0, 4.0]]
    """
    tensor("x", x)
    shapes.heads("x", tuple(x.shape))
    return x.transpose(-3, -2).flatten(-2)  # (..., L, H * d)


def rotary(x, positions=None, base=10000.0):
    """Turn each pair of entries by an angle that grows with the position.

    As `positions.rotary`; positions may be a NumPy array or a tensor.

    >>> rotary(torch.tensor([[3.0, 4.0]])).tolist()
    [[3.0, 4.0]]
    """
    tensors(x=x)
    shapes.even("the width of x", x.shape[-1])
    if isinstance(positions, torch.Tensor):
        positions = positions.detach().cpu().numpy()
    positions = counted.positions(positions, tuple(x.shape))  # (L,)
    angles = positions[:, None] * frequencies(x.shape[-1], base)  # (L, d / 2)
    cos = torch.from_numpy(np.cos(angles)).to(x)  # (L, d / 2)
    sin = torch.from_numpy(np.sin(angles)).to(x)  # (L, d / 2)
    even, odd = x[..., 0::2], x[..., 1::2]  # (..., L, d / 2)
    pairs = (even * cos - odd * sin, even * sin + odd * cos)
    return torch.stack(pairs, dim=-1).flatten(-2)  # (..., L, d)
