"""Boolean masks: who may attend to whom. True = may attend.

Masks combine with & and |. The last two axes are queries and keys.
"""

from __future__ import annotations

import numpy as np

from . import counted, demand

__all__ = [
    "causal",
    "edge_list",
    "from_edges",
    "padding",
    "strided",
    "to_edge_list",
    "to_torch_mha",
    "window",
]


def padding(lengths, size=None):
    """Let every query see the real keys of its own item, not the padding.

    lengths (B,) are the numbers of real vectors, each at least 1; size is the
    padded number S, by default the largest length. Returns (B, 1, S). Raises
    a TypeError for lengths that are not whole numbers, a ValueError for
    lengths outside 1..size.

    >>> padding([2, 3])[:, 0].astype(int).tolist()
    [[1, 1, 0], [1, 1, 1]]
    """
    lengths = counted.lengths(lengths)  # (B,)
    size = int(lengths.max()) if size is None else demand.integer("size", size)
    if lengths.max() > size:
        raise ValueError(
            f"lengths must be at most size: got a length of {lengths.max()} "
            f"and size {size}; pad to {lengths.max()} or cut the input"
        )
    return np.arange(size) < lengths[:, None, None]  # (B, 1, S)


def causal(n_queries, n_keys=None):
    """Let each query see its own position and those before it.

    The last query stands at the last key, as it does when the newest vectors
    of a longer sequence ask. Returns (L, S). Raises a ValueError if there are
    more queries than keys: the first ones would have nothing to see.

    >>> causal(3).astype(int).tolist()
    [[1, 0, 0], [1, 1, 0], [1, 1, 1]]
    >>> causal(2, 4).astype(int).tolist()
    [[1, 1, 1, 0], [1, 1, 1, 1]]
    """
    n_queries, n_keys = counted.queries_keys(n_queries, n_keys)
    i = np.arange(n_keys - n_queries, n_keys)[:, None]  # (L, 1)
    j = np.arange(n_keys)  # (S,)
    return j <= i  # (L, S)


def window(n, radius):
    """Let each query see at most `radius` positions to either side.

    The full width is 2 * radius + 1; radius 0 leaves each vector itself.
    Returns (n, n). Raises a ValueError for a negative radius. Lecture slide
    "Truncated self-attention".

    >>> window(4, 1).astype(int).tolist()
    [[1, 1, 0, 0], [1, 1, 1, 0], [0, 1, 1, 1], [0, 0, 1, 1]]
    """
    n = demand.integer("n", n)
    radius = demand.integer("radius", radius, least=0)
    i = np.arange(n)  # (n,)
    return abs(i[:, None] - i) <= radius  # (n, n)


def strided(n, stride):
    """Let each query see every position a multiple of `stride` away.

    Stride 1 leaves everything, and a stride of n or more each vector itself.
    Returns (n, n). Raises a ValueError for a stride below 1. Child et al.
    2019, section 4.2, who add a window: `window(n, r) | strided(n, s)`.

    >>> strided(4, 2).astype(int).tolist()
    [[1, 0, 1, 0], [0, 1, 0, 1], [1, 0, 1, 0], [0, 1, 0, 1]]
    """
    n = demand.integer("n", n)
    stride = demand.integer("stride", stride)
    i = np.arange(n)  # (n,)
    return (i[:, None] - i) % stride == 0  # (n, n)


def from_edges(edges, n_nodes, *, self_loops=True, directed=False):
    """Let each node see the nodes it has an edge to.

    edges (E, 2) are pairs of node numbers 0..n_nodes-1; the edge (i, j) lets
    i attend to j, and, unless directed, j to i. With self_loops every node
    also sees itself. Returns (n_nodes, n_nodes). Raises a TypeError for edges
    that are not whole numbers, a ValueError for pairs that are not pairs or
    nodes that are not there. Lecture slide "Self-attention for graph".

    >>> from_edges([(0, 2)], 3).astype(int).tolist()
    [[1, 0, 1], [0, 1, 0], [1, 0, 1]]
    >>> from_edges([(0, 2)], 3, self_loops=False, directed=True).sum()
    np.int64(1)
    """
    n_nodes = demand.integer("n_nodes", n_nodes)
    demand.flag("self_loops", self_loops)
    demand.flag("directed", directed)
    edges = counted.edges(edges, n_nodes)  # (E, 2)
    mask = np.zeros((n_nodes, n_nodes), dtype=bool)  # (n, n)
    mask[edges[:, 0], edges[:, 1]] = True
    if not directed:
        mask |= mask.T
    if self_loops:
        mask |= np.eye(n_nodes, dtype=bool)
    return mask


def edge_list(edges, n_nodes, *, self_loops=True, directed=False):
    """Who may attend to whom, as pairs (query, key) in place of a matrix.

    The same rule as `from_edges`, without anything of size n_nodes²: an
    edge that is listed twice counts once. Returns whole numbers (E', 2),
    sorted by query and then by key, for `reference.edge_attention`. Raises
    as `from_edges`.

    >>> edge_list([(0, 2)], 3).tolist()
    [[0, 0], [0, 2], [1, 1], [2, 0], [2, 2]]
    """
    n_nodes = demand.integer("n_nodes", n_nodes)
    demand.flag("self_loops", self_loops)
    demand.flag("directed", directed)
    pairs = counted.edges(edges, n_nodes)  # (E, 2)
    if not directed:
        pairs = np.concatenate([pairs, pairs[:, ::-1]])  # (2 E, 2)
    if self_loops:
        every = np.arange(n_nodes)  # (n,)
        pairs = np.concatenate([pairs, np.stack([every, every], axis=1)])
    codes = np.unique(pairs[:, 0] * n_nodes + pairs[:, 1])  # (E',)
    return np.stack(np.divmod(codes, n_nodes), axis=1)  # (E', 2)


def to_edge_list(mask):
    """The pairs (query, key) that a boolean mask allows.

    mask (L, S) is a boolean array. Returns whole numbers (E, 2), row by row.
    Raises a TypeError for other dtypes, a ValueError for other axes.

    >>> to_edge_list(causal(2)).tolist()
    [[0, 0], [1, 0], [1, 1]]
    """
    if not isinstance(mask, np.ndarray):
        raise TypeError(
            f"mask must be a boolean NumPy array: got {demand.shown(mask)}; "
            "make one with selfattn.masks"
        )
    demand.boolean(mask.dtype)
    if mask.ndim != 2:
        raise ValueError(
            "a mask that becomes an edge list must be (L, S): got "
            f"{mask.shape}; give one mask for the whole batch"
        )
    return np.argwhere(mask)  # (E, 2)


def to_torch_mha(mask):
    """Turn True = may attend into `nn.MultiheadAttention`'s True = may not.

    mask is a boolean array or tensor of any shape; a new one is returned. A
    (L, S) mask is for attn_mask=; of a padding mask (B, 1, S), take [:, 0]
    for key_padding_mask=. Raises a TypeError for other dtypes.

    >>> to_torch_mha(causal(2)).tolist()
    [[False, True], [False, False]]
    """
    if not hasattr(mask, "dtype"):
        raise TypeError(
            "mask must be a boolean array or tensor: got "
            f"{demand.shown(mask)}; make one with selfattn.masks"
        )
    demand.boolean(mask.dtype)
    return ~mask
