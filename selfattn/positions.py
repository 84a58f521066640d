"""Where a vector stands, written as numbers: hand-made positions in NumPy.

Learned ones are `layers.LearnedPositions`.
"""

from __future__ import annotations

import numpy as np

from . import counted, demand, shapes

__all__ = ["linear_bias", "rotary", "sinusoidal"]


def frequencies(width, base=10000.0):
    """Radians per position of each pair of entries, (width/2,), falling.

    >>> frequencies(4, base=100.0).round(6).tolist()
    [1.0, 0.1]
    """
    width = demand.integer("width", width, least=2)
    shapes.even("width", width)
    base = demand.positive("base", base)
    return base ** (-np.arange(0, width, 2) / width)  # (width / 2,)


def sinusoidal(n_positions, d_model, base=10000.0):
    """A fixed vector for each position, of waves from fast to slow.

    Entry 2i is sin(position / base^(2i/d_model)), entry 2i + 1 the cosine.
    Returns (n_positions, d_model) in float64. Raises a ValueError for an odd
    d_model. Vaswani et al. 2017, section 3.5.

    >>> sinusoidal(2, 4).round(2).tolist()
    [[0.0, 1.0, 0.0, 1.0], [0.84, 0.54, 0.01, 1.0]]
    """
    n_positions = demand.integer("n_positions", n_positions)
    d_model = demand.integer("d_model", d_model)
    shapes.even("d_model", d_model)
    positions = np.arange(n_positions)[:, None]  # (n, 1)
    angles = positions * frequencies(d_model, base)  # (n, d_model / 2)
    pairs = np.stack([np.sin(angles), np.cos(angles)], axis=-1)
    return pairs.reshape(n_positions, d_model)  # (n, d_model)


def rotary(x, positions=None, base=10000.0):
    """Turn each pair of entries by an angle that grows with the position.

    Apply it to queries and to keys, not to values: their dot product then
    depends on positions through the distance only. Pairs are neighbours,
    entries (0, 1), (2, 3) ..., as in the paper; some code pairs entry i with
    i + d/2 instead, which is the same up to a reordering of the columns.

    x (..., L, d) with even d; positions (L,), by default 0 to L-1. Returns
    an array like x. Raises a ValueError for an odd width or positions that
    do not fit. Su et al. 2021, section 3.2.2.

    >>> quarter = np.array([np.pi / 2])
    >>> (rotary(np.array([[3.0, 4.0]]), quarter) + 0.0).round(2).tolist()
    [[-4.0, 3.0]]
    """
    demand.inputs(x=x)
    shapes.even("the width of x", x.shape[-1])
    positions = counted.positions(positions, x.shape)  # (L,)
    angles = positions[:, None] * frequencies(x.shape[-1], base)  # (L, d / 2)
    cos = np.cos(angles).astype(x.dtype)  # (L, d / 2)
    sin = np.sin(angles).astype(x.dtype)  # (L, d / 2)
    even, odd = x[..., 0::2], x[..., 1::2]  # (..., L, d / 2)
    turned = np.empty_like(x)  # (..., L, d)
    turned[..., 0::2] = even * cos - odd * sin
    turned[..., 1::2] = even * sin + odd * cos
    return turned


def linear_bias(n_heads, n_queries, n_keys=None):
    """Minus the distance, times a slope of the head's own, for bias=.

    The method is causal: use it with mask=masks.causal(n_queries, n_keys).
    Without that mask it is the symmetric form, in which left and right look
    alike. The last query stands at the last key, as in `masks.causal`.

    Slopes are 2^(-8h/n_heads) for h = 1..n_heads when n_heads is a power of
    two; otherwise those of the power below, and then every other one of
    twice that power. Returns (H, L, S). Press et al. 2022, section 3 and the
    authors' code.

    >>> linear_bias(8, 3)[0].tolist()
    [[-0.0, -0.5, -1.0], [-0.5, -0.0, -0.5], [-1.0, -0.5, -0.0]]
    """
    n_heads = demand.integer("n_heads", n_heads)
    n_queries, n_keys = counted.queries_keys(n_queries, n_keys)
    i = np.arange(n_keys - n_queries, n_keys)[:, None]  # (L, 1)
    distance = abs(i - np.arange(n_keys))  # (L, S)
    return -slopes(n_heads)[:, None, None] * distance  # (H, L, S)


def slopes(n_heads):
    """The slope of each head for `linear_bias`, (H,).

    >>> slopes(2).tolist(), slopes(3).tolist()
    ([0.0625, 0.00390625], [0.0625, 0.00390625, 0.25])
    """
    below = 2 ** (n_heads.bit_length() - 1)  # the power of two at or below
    first = 2.0 ** (-8 * np.arange(1, below + 1) / below)  # (below,)
    finer = 2.0 ** (-4 * np.arange(1, 2 * below, 2) / below)  # (below,)
    return np.concatenate([first, finer])[:n_heads]  # (H,)
