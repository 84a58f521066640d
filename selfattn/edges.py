"""Attention over an edge list: one score for each pair that may attend.

A boolean mask (L, S) has a place for every pair. An edge list (E, 2) has one
row for each pair that is allowed, (query, key), and the work follows E. Both
say the same; `masks.edge_list` and `masks.to_edge_list` make the second kind.
Its functions are also `reference.edge_attention` and so on.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from . import demand, shapes

__all__ = ["edge_attention", "segment_softmax"]

LEAK = 0.2  # the slope below 0 that GAT and GATv2 use
ACTIVATIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "tanh": np.tanh,
    "leaky_relu": lambda x: np.where(x > 0, x, x.dtype.type(LEAK) * x),
}

# Too large a number is an error here, so NumPy's warning would say it twice.
_overflow_is_checked = np.errstate(over="ignore", invalid="ignore")


@_overflow_is_checked
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

    As `reference.attention`, except for these two:

    mask : the edge list, whole numbers (E, 2): in each row a query from 0 to
        L - 1 and a key from 0 to S - 1, in any order, none of them twice. Or
        a boolean (L, S), whose edges are taken row by row. One for the whole
        batch. (PyTorch Geometric's edge_index is (2, E), the keys first.)
    bias : numbers added to the scores, (..., E).

    Returns
    -------
    out (..., L, d_v), weights (..., E) or None; in the dtype of q. The
    weights of one query's edges sum to 1, unless weight="relu".

    Raises
    ------
    TypeError : an edge list that does not hold whole numbers, and as
        `reference.attention`.
    ValueError : a node that is not there, an edge that is listed twice, a
        query without an edge, and as `reference.attention`.

    Lecture slide "Self-attention for graph"; Velickovic et al. 2018.

    >>> x = np.array([[1.0], [2.0], [4.0]])
    >>> pairs = np.array([[0, 0], [0, 2], [1, 1], [2, 0]])
    >>> out, weights = edge_attention(0 * x, x, x, mask=pairs)
    >>> out.tolist(), weights.tolist()
    ([[2.5], [2.0], [1.0]], [0.5, 0.5, 1.0, 1.0])
    """
    demand.one_of("score", score, ("dot", "additive"))
    demand.one_of("weight", weight, ("softmax", "relu"))
    demand.needs_w(score, w, activation)
    demand.flag("return_weights", return_weights)
    demand.inputs(q=q, k=k, v=v)
    shape = shapes.scores_shape(q.shape, k.shape)  # (..., L, S)
    shapes.values_shape(v.shape, k.shape, shape)
    i, j = edge_pairs(mask, *shape[-2:]).T  # (E,) each

    if score == "dot":
        scale = 1 / math.sqrt(q.shape[-1]) if scale is None else scale
        scores = np.einsum(
            "...ed,...ed->...e", q[..., i, :], k[..., j, :]
        )  # (..., E)
    else:
        demand.float_array("w", w)
        demand.same_dtype({"q": q.dtype, "w": w.dtype})
        shapes.weight_vector(w.shape, q.shape[-1])
        demand.finite("w", w)
        pairs = q[..., i, :] + k[..., j, :]  # (..., E, d_k)
        scores = ACTIVATIONS[activation](pairs) @ w  # (..., E)
    if scale is not None:
        scores = scores * demand.positive("scale", scale)  # (..., E)
    if bias is not None:
        demand.float_array("bias", bias)
        edge_bias(bias.shape, scores.shape)
        demand.finite("bias", bias)
        scores = scores + bias.astype(q.dtype)  # (..., E)
    demand.not_overflown("scores", scores)
    if weight == "softmax":
        weights = segment_softmax(scores, i, shape[-2])  # (..., E)
    else:
        weights = np.maximum(scores, 0)  # (..., E)
    messages = weights[..., None] * v[..., j, :]  # (..., E, d_v)
    out = _per_segment(np.add, messages, i, axis=-2)  # (..., L, d_v)

    demand.not_overflown("out", out)
    return out, (weights if return_weights else None)


def segment_softmax(scores, segment, n_segments):
    """Turn scores into positive weights that sum to 1 in each segment.

    scores (..., E); segment (E,) says to which of the segments 0 to
    n_segments - 1 each score belongs, in any order. In attention a segment is
    a query. A segment may be empty. Returns (..., E). Raises a TypeError for
    anything but float arrays and whole numbers, a ValueError for shapes that
    do not fit, a segment that is not there, NaN or infinity.

    >>> scores = np.array([0.0, 5.0, np.log(3.0)])
    >>> segment_softmax(scores, np.array([1, 0, 1]), 2).round(2).tolist()
    [0.25, 1.0, 0.75]
    """
    demand.float_array("scores", scores)
    segment = _segments(segment, scores.shape, n_segments)  # (E,)
    demand.finite("scores", scores)
    if not scores.size:
        return scores.copy()
    _, place = np.unique(segment, return_inverse=True)  # (E,)
    top = _per_segment(np.maximum, scores, place)  # (..., n used)
    e = np.exp(scores - top[..., place])  # (..., E)
    return e / _per_segment(np.add, e, place)[..., place]  # (..., E)


def _per_segment(combine, x, segment, axis=-1):
    """Combine the entries of each segment; none of them is empty.

    A stable sort brings each segment's entries together and keeps their
    order, so that equal segments give equal sums, to the last bit.
    """
    order = np.argsort(segment, kind="stable")  # (E,)
    ordered = segment[order]  # (E,)
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    return combine.reduceat(x.take(order, axis), starts, axis=axis)


def edge_pairs(mask, n_queries, n_keys):
    """The edge list (E, 2) of a boolean mask or of an edge list, checked.

    Every query has an edge, and none is listed twice.
    """
    if isinstance(mask, np.ndarray) and mask.dtype == bool:
        if mask.shape != (n_queries, n_keys):
            raise ValueError(
                "a boolean mask for edges must be (L, S) = "
                f"{n_queries, n_keys}: got {mask.shape}; give one mask for "
                "the whole batch"
            )
        pairs = np.argwhere(mask)  # (E, 2)
    else:
        pairs = pair_shape(demand.whole_numbers("an edge list", mask))
    for name, column, n in (
        ("queries", pairs[:, 0], n_queries),
        ("keys", pairs[:, 1], n_keys),
    ):
        wrong = (column < 0) | (column >= n)  # (E,)
        if wrong.any():
            raise ValueError(
                f"the {name} of an edge list must be 0 to {n - 1}: got "
                f"{column[wrong][0]}; count from 0, and write (query, key)"
            )
    _each_once(pairs, n_keys)
    lonely = np.flatnonzero(np.bincount(pairs[:, 0], minlength=n_queries) == 0)
    if lonely.size:
        raise ValueError(
            "every query must have at least one edge: got none for query "
            f"{lonely[0]} ({lonely.size} such in all); add the edge from it "
            "to itself, or leave it out"
        )
    return pairs


def _each_once(pairs, n_keys):
    """Demand that no edge is listed twice: softmax would count it twice."""
    codes = np.sort(pairs[:, 0] * n_keys + pairs[:, 1])  # (E,)
    twice = codes[1:][codes[1:] == codes[:-1]]
    if twice.size:
        i, j = divmod(int(twice[0]), n_keys)
        raise ValueError(
            f"an edge must be listed once: got {i, j} twice; remove the "
            "second one, or make the list with masks.edge_list"
        )


def pair_shape(pairs):
    """Demand pairs, (E, 2); works for tensors too."""
    if pairs.ndim != 2 or pairs.shape[1] != 2:
        raise ValueError(
            "an edge list must be pairs (query, key), (E, 2): got shape "
            f"{tuple(pairs.shape)}; transpose a (2, E) array"
        )
    return pairs


def edge_bias(shape, scores):
    """Demand a bias that fits the scores of the edges."""
    if not shape or shapes.broadcast(shape, scores) != tuple(scores):
        raise ValueError(
            f"bias must have one number per edge, {tuple(scores)}: got "
            f"{tuple(shape)}; give the edges in the order of the edge list"
        )


def _segments(segment, scores, n_segments):
    n_segments = demand.integer("n_segments", n_segments)
    segment = demand.whole_numbers("segment", segment)  # (E,)
    if len(scores) < 1 or segment.shape != scores[-1:]:
        raise ValueError(
            "segment must say one number per score, "
            f"{tuple(scores[-1:])}: got {segment.shape}; give the query of "
            "each edge"
        )
    wrong = (segment < 0) | (segment >= n_segments)  # (E,)
    if wrong.any():
        raise ValueError(
            f"segments must be 0 to {n_segments - 1}: got "
            f"{segment[wrong][0]}; count from 0, or raise n_segments"
        )
    return segment
