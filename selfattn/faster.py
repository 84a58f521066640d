"""Cheaper and tiled forms of attention in torch, on any device.

The names and signatures of `lowrank.low_rank`, `features.positive_features`
and `tiled.tiled`; also in `attention`. Values are not checked.
"""

from __future__ import annotations

import math
from typing import Any

import torch

from . import demand, shapes
from .tensors import mask_tensor, tensors
from .tiled import pieces

__all__ = ["low_rank", "positive_features", "strided", "tiled"]


def low_rank(q, k, v, e, f, *, scale=None, return_weights=True):
    """Attend to r mixtures of the keys, as `lowrank.low_rank`.

    q (..., L, d_k), k (..., S, d_k), v (..., S, d_v), e and f (r, S); returns
    out (..., L, d_v) and weights (..., L, r) or None. Wang et al. 2020.

    >>> x = torch.tensor([[2.0], [4.0]])
    >>> low_rank(0 * x, x, x, torch.ones(1, 2), torch.ones(1, 2))[0].tolist()
    [[6.0], [6.0]]
    """
    demand.flag("return_weights", return_weights)
    tensors(q=q, k=k, v=v, e=e, f=f)
    shape = shapes.scores_shape(tuple(q.shape), tuple(k.shape))
    shapes.values_shape(tuple(v.shape), tuple(k.shape), shape)
    shapes.mixers(tuple(e.shape), tuple(f.shape), tuple(k.shape))
    scale = 1 / math.sqrt(q.shape[-1]) if scale is None else scale
    scale = demand.positive("scale", scale)
    few_keys, few_values = e @ k, f @ v  # (..., r, d_k), (..., r, d_v)
    scores = scale * (q @ few_keys.transpose(-1, -2))  # (..., L, r)
    weights = scores.softmax(dim=-1)  # (..., L, r)
    return weights @ few_values, (weights if return_weights else None)


def positive_features(x, w, *, scale=None):
    """Performer's features (..., n, m), as `features.positive_features`.

    x (..., n, d_k), w (m, d_k). Choromanski et al. 2021, lemma 1.

    >>> x = torch.tensor([[2.0]])
    >>> positive_features(x, torch.tensor([[1.0]]), scale=1.0).item()
    1.0
    """
    tensors(x=x, w=w)
    shapes.few_directions(tuple(w.shape), tuple(x.shape))
    scale = 1 / math.sqrt(x.shape[-1]) if scale is None else scale
    x = x * math.sqrt(demand.positive("scale", scale))  # (..., n, d_k)
    half = x.square().sum(dim=-1, keepdim=True) / 2  # (..., n, 1)
    return torch.exp(x @ w.T - half) / math.sqrt(len(w))


def strided(q, k, v, stride, *, scale=None, return_weights=True):
    """Attend to every position a multiple of `stride` away.

    As attention with `masks.strided(L, stride)`, in L * L / stride scores:
    the positions of one remainder stand together on an axis of their own.

    q, k (..., L, d_k), v (..., L, d_v), and stride must divide L. Returns out
    (..., L, d_v); weights (..., L, L / stride) or None: column c of row i is
    the weight of key c * stride + i % stride. Child et al. 2019, section 4.2.

    >>> x = torch.tensor([[1.0], [2.0], [3.0], [4.0]])
    >>> strided(0 * x, x, x, stride=2)[0].tolist()
    [[2.0], [3.0], [2.0], [3.0]]
    """
    demand.flag("return_weights", return_weights)
    tensors(q=q, k=k, v=v)
    shape = shapes.band(tuple(q.shape), tuple(k.shape), tuple(v.shape))
    stride = demand.integer("stride", stride)
    shapes.strides(shape[-1], stride)
    scale = 1 / math.sqrt(q.shape[-1]) if scale is None else scale
    scale = demand.positive("scale", scale)
    q, k, v = (
        x.unflatten(-2, (-1, stride)).transpose(-3, -2) for x in (q, k, v)
    )  # (..., stride, L / stride, d)
    weights = (scale * (q @ k.transpose(-1, -2))).softmax(dim=-1)
    out = (weights @ v).transpose(-3, -2).flatten(-3, -2)  # (..., L, d_v)
    if not return_weights:
        return out, None
    return out, weights.transpose(-3, -2).flatten(-3, -2)


def tiled(q, k, v, *, tile=64, mask=None, scale=None, return_weights=True):
    """Softmax attention that never holds more than tile * tile scores.

    As `tiled.tiled` in NumPy; a query with no key left gets zeros. It is
    written for readers: torch's fused kernel (`attention.attention` without
    weights) does the same in one kernel.

    >>> x = torch.tensor([[1.0], [2.0], [6.0]])
    >>> tiled(0 * x, x, x, tile=2)[0].tolist()
    [[3.0], [3.0], [3.0]]
    """
    demand.flag("return_weights", return_weights)
    tile = demand.integer("tile", tile)
    tensors(q=q, k=k, v=v)
    shape = shapes.scores_shape(tuple(q.shape), tuple(k.shape))
    shapes.values_shape(tuple(v.shape), tuple(k.shape), shape)
    scale = 1 / math.sqrt(q.shape[-1]) if scale is None else scale
    scale = demand.positive("scale", scale)
    mask = mask_tensor(mask, shape, q)
    if mask is not None:
        mask = mask.expand(shape)
    outs, all_weights = [], []
    for rows in pieces(shape[-2], tile):
        seen = None if mask is None else mask[..., rows, :]
        parts = [
            _tile(q[..., rows, :] * scale, k, seen, cols)
            for cols in (pieces(shape[-1], tile) if return_weights else ())
        ]
        top, total, mixed = _row(q[..., rows, :] * scale, k, v, seen, tile)
        total = total.masked_fill(total == 0, 1.0)  # no key: zeros
        outs.append(mixed / total)
        if return_weights:
            scores = torch.cat(parts, dim=-1)  # (..., rows, S)
            all_weights.append(torch.exp(scores - top) / total)
    out = torch.cat(outs, dim=-2)  # (..., L, d_v)
    if not return_weights:
        return out, None
    return out, torch.cat(all_weights, dim=-2)  # (..., L, S)


def _tile(q, k, seen, cols):
    """One tile of scores (..., rows, cols), masked ones -inf."""
    scores = q @ k[..., cols, :].transpose(-1, -2)
    if seen is None:
        return scores
    return scores.masked_fill(~seen[..., cols], -math.inf)


def _row(q, k, v, seen, tile):
    """The online softmax over a row of tiles: largest, sum, mixed values."""
    # The lowest number, not -inf: no NaN arises where no key came yet.
    lowest = torch.finfo(q.dtype).min
    top: Any = torch.full_like(q[..., :1], lowest)  # (..., rows, 1)
    total, mixed = torch.zeros_like(top), 0.0
    for cols in pieces(k.shape[-2], tile):
        scores = _tile(q, k, seen, cols)  # (..., rows, cols)
        new = torch.maximum(top, scores.amax(dim=-1, keepdim=True))
        shrink, e = torch.exp(top - new), torch.exp(scores - new)
        total = total * shrink + e.sum(dim=-1, keepdim=True)
        mixed = mixed * shrink + e @ v[..., cols, :]  # (..., rows, d_v)
        top = new
    return top, total, mixed
