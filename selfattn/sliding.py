"""Truncated self-attention in torch: the band in blocks, never L x L.

The name and signature of `banded.banded`, on any device; also
`attention.banded`. Values are not checked.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F

from . import demand, shapes
from .tensors import mask_tensor, tensors

__all__ = ["banded"]


def banded(q, k, v, radius, *, mask=None, scale=None, return_weights=True):
    """Attend to a neighbourhood: the band of the weights alone.

    As `banded.banded` in NumPy: q, k (..., L, d_k), v (..., L, d_v), a mask
    over keys (..., 1, L); returns out (..., L, d_v) and weights
    (..., L, 2 * radius + 1) or None. A query with no key left gets zeros.

    The queries are cut into blocks, each with the keys that its queries may
    see, so that a batched matrix product does the work: about half as many
    products again as the band needs. The diagonals of a block are laid
    upright by a change of its row length (Beltagy et al. 2020, Longformer,
    do it this way).

    >>> x = torch.tensor([[1.0], [2.0], [4.0]])
    >>> out, weights = banded(torch.zeros(3, 1), x, x, radius=1)
    >>> weights[0].tolist()
    [0.0, 0.5, 0.5]
    """
    demand.flag("return_weights", return_weights)
    tensors(q=q, k=k, v=v)
    radius = demand.integer("radius", radius, least=0)
    shape = shapes.band(tuple(q.shape), tuple(k.shape), tuple(v.shape))
    scale = 1 / math.sqrt(q.shape[-1]) if scale is None else scale
    scale = demand.positive("scale", scale)
    mask = mask_tensor(mask, shape, q)
    if mask is not None:
        shapes.key_mask(tuple(mask.shape), shape)

    n = shape[-1]
    reach = min(radius, n - 1)  # further away there is nothing
    size = min(n, reach + 1)  # of a block of queries
    weights = _weights(q * scale, k, mask, size, reach)
    mixed = aslant(weights) @ key_blocks(v, size, reach)
    out = mixed.flatten(-3, -2)[..., :n, :]  # (..., L, d_v)
    if not return_weights:
        return out, None
    weights = weights.flatten(-3, -2)[..., :n, :]  # (..., L, 2 reach + 1)
    if reach < radius:
        weights = F.pad(weights, (radius - reach,) * 2)
    return out, weights


def _weights(q, k, mask, size, reach):
    """The band of weights, (..., blocks, size, 2 reach + 1)."""
    real = torch.ones(k.shape[-2], 1, dtype=torch.bool, device=q.device)
    if mask is not None:
        real = mask.transpose(-1, -2)  # (..., L, 1)
    real = key_blocks(real, size, reach).transpose(-1, -2)
    real = upright(real.expand(*real.shape[:-2], size, real.shape[-1]))
    keys = key_blocks(k, size, reach)  # (..., blocks, size + 2 reach, d_k)
    scores = upright(query_blocks(q, size) @ keys.transpose(-1, -2))
    # The lowest number, not -inf: no NaN arises where no key is left.
    scores = scores.masked_fill(~real, torch.finfo(scores.dtype).min)
    return torch.softmax(scores, dim=-1).masked_fill(~real, 0.0)


def query_blocks(x, size):
    """(..., L, d) in blocks of rows, (..., blocks, size, d), 0 at the end."""
    n = x.shape[-2]
    return F.pad(x, (0, 0, 0, -n % size)).unflatten(-2, (-1, size))


def key_blocks(x, size, reach):
    """What each block of queries may see, (..., blocks, size + 2 reach, d)."""
    n = x.shape[-2]
    x = F.pad(x, (0, 0, reach, reach + -n % size))  # (..., padded, d)
    return x.unfold(-2, size + 2 * reach, size).transpose(-1, -2)


def upright(x):
    """The band of blocks (..., m, w) as columns, (..., m, w - m + 1).

    Read with rows that are longer by one, each row begins one entry further
    to the right: at its own diagonal.

    >>> upright(torch.tensor([[1, 2, 0], [0, 3, 4]])).tolist()
    [[1, 2], [3, 4]]
    """
    m, w = x.shape[-2:]
    x = F.pad(x.flatten(-2), (0, m)).unflatten(-1, (m, w + 1))
    return x[..., : w - m + 1]


def aslant(x):
    """Undo `upright`: (..., m, b) to (..., m, m + b - 1), 0 off the band.

    >>> aslant(torch.tensor([[1, 2], [3, 4]])).tolist()
    [[1, 2, 0], [0, 3, 4]]
    """
    m, b = x.shape[-2:]
    x = F.pad(x, (0, m)).flatten(-2)  # rows of m + b, longer by one
    return x[..., : m * (m + b - 1)].unflatten(-1, (m, m + b - 1))
