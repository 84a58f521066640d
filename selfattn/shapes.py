"""What shapes must be, and the sentence said when they are not.

Every message has the same form: the rule, what was given, what to do. The
rules read plain tuples, so that `reference` and its torch twin share them.
What values must be is in `demand`.
"""

from __future__ import annotations

Shape = tuple[int, ...]


def vectors(name: str, shape: Shape) -> None:
    """Demand a non-empty set of vectors that have a width: (..., n, d)."""
    if len(shape) < 2:
        raise ValueError(
            f"{name} must be a set of row vectors (..., n, d): got {shape}; "
            f"for one vector write {name}[None, :]"
        )
    if shape[-2] == 0:
        raise ValueError(
            f"{name} must hold at least one vector: got {shape}, an empty "
            "set; leave empty inputs out"
        )
    if shape[-1] == 0:
        raise ValueError(
            f"{name} must have vectors of width at least 1: got {shape}; "
            "give every vector at least one number"
        )


def broadcast(*shapes: Shape) -> Shape | None:
    """The common shape, or None (np.broadcast_shapes, quick, no exception).

    >>> broadcast((2, 1), (3,)), broadcast((2,), (3,))
    ((2, 3), None)
    """
    out = []
    n_axes = max(len(shape) for shape in shapes)
    for axis in range(-n_axes, 0):
        sizes = {s[axis] for s in shapes if len(s) >= -axis} - {1}
        if len(sizes) > 1:
            return None
        out.append(sizes.pop() if sizes else 1)
    return tuple(out)


def scores_shape(q: Shape, k: Shape) -> Shape:
    """The shape of the scores (..., L, S), if q and k fit together."""
    if q[-1] != k[-1]:
        raise ValueError(
            "keys and queries must have the same width: "
            f"got q {q} and k {k}; project them to one width"
        )
    batch = broadcast(q[:-2], k[:-2])
    if batch is None:
        raise ValueError(
            "batch axes of q and k must be equal or 1: "
            f"got q {q} and k {k}; make them match"
        )
    return (*batch, q[-2], k[-2])


def values_shape(v: Shape, k: Shape, scores: Shape) -> None:
    """Demand one value per key, and batch axes that fit."""
    if v[-2] != k[-2]:
        raise ValueError(
            "there must be one value per key: "
            f"got k {k} and v {v}; give v {k[-2]} rows"
        )
    if broadcast(v[:-2], scores[:-2]) is None:
        raise ValueError(
            "batch axes of v must fit those of q and k: got v "
            f"{v} and scores {scores}; make them equal or 1"
        )


def over_scores(name: str, shape: Shape, scores: Shape) -> None:
    """Demand a shape that fits onto the scores in one way only.

    (L or 1, S), the same for the whole batch; or as many axes as the scores,
    so that no axis can be taken for another of the same size.
    """
    rule = f"{name} must fit the scores (..., queries, keys) {scores}"
    if len(shape) < 2:
        raise ValueError(
            f"{rule}: got {shape}; a mask over the keys alone is "
            f"{name}[None, :], and per item of a batch {name}[:, None, :]"
        )
    if len(shape) not in (2, len(scores)):
        raise ValueError(
            f"{rule} with 2 axes or all {len(scores)}: got {shape}; insert "
            f"the missing axes, for one of heads {name}[:, None]"
        )
    n_queries, n_keys = scores[-2:]
    if shape[-1] != n_keys or shape[-2] not in (1, n_queries):
        raise ValueError(
            f"{rule}: got {shape}, whose last two axes are not "
            f"({n_queries} or 1, {n_keys}); for one length per item use "
            "masks.padding(lengths), which is (B, 1, S)"
        )
    if broadcast(shape, scores) != scores:
        raise ValueError(
            f"{rule}: got {shape}; make its batch axes equal to the scores' "
            "or 1"
        )


def per_head(mask, bias, x: Shape):
    """A mask and a bias for multi_head, with the axis of heads put in.

    With n axes in x, the scores have n + 1: (..., H, L, S). A mask of n axes
    has no heads; a bias of three axes has heads, but no batch.
    """
    n = len(x)
    if mask is not None and hasattr(mask, "shape"):
        _axes("mask", tuple(mask.shape), x, {2, n, n + 1})
        if mask.ndim == n > 2:
            mask = mask[..., None, :, :]  # (..., 1, L, S)
    if bias is not None and hasattr(bias, "shape"):
        _axes("bias", tuple(bias.shape), x, {2, 3, n + 1})
        if bias.ndim == 3 < n + 1:
            bias = bias[(None,) * (n - 2)]  # (1, ..., H, L, S)
    return mask, bias


def _axes(name: str, shape: Shape, x: Shape, allowed: set[int]) -> None:
    if len(shape) not in allowed:
        either = " or ".join(str(n) for n in sorted(allowed))
        raise ValueError(
            f"{name} must have {either} axes for x {x}: got {shape}; "
            "for a length per item use masks.padding(lengths), (B, 1, S)"
        )


def heads(name: str, shape: Shape) -> None:
    """Demand vectors with an axis of at least one head: (..., H, L, d)."""
    if len(shape) < 3:
        raise ValueError(
            f"{name} must be (..., heads, n, d): got {shape}; "
            "give it an axis for the heads"
        )
    if shape[-3] == 0:
        raise ValueError(
            f"{name} must hold at least one head: got {shape}, "
            "(..., heads, n, d); leave empty inputs out"
        )
    vectors(name, shape)


def weight_vector(shape: Shape, d_k: int) -> None:
    """Demand one number per entry of a key."""
    if shape != (d_k,):
        raise ValueError(
            f"w must have one number per key entry, ({d_k},): "
            f"got {shape}; give it the width of q and k"
        )


def even(name: str, width: int) -> None:
    """Demand an even width, since rotations and waves come in pairs."""
    if width % 2:
        raise ValueError(
            f"{name} must be even, since sine and cosine come in pairs: "
            f"got {width}; use {width + 1}"
        )


def splits(width: int, n_heads: int, what: str = "the width") -> None:
    """Demand heads of equal width."""
    if width % n_heads:
        raise ValueError(
            f"n_heads must divide {what}: got {n_heads} heads for {width}; "
            f"use a width such as {(width // n_heads + 1) * n_heads}"
        )


def weights_shape(
    x: Shape, w_q: Shape, w_k: Shape, w_v: Shape, w_o: Shape, n_heads: int
) -> None:
    """Demand four matrices (d_in, d_out) that fit x and the heads."""
    named = {"w_q": w_q, "w_k": w_k, "w_v": w_v, "w_o": w_o}
    for name, shape in named.items():
        if len(shape) != 2:
            raise ValueError(
                f"{name} must be a matrix (d_in, d_out): got {shape}; "
                "give it two axes"
            )
    for name in ("w_q", "w_k", "w_v"):
        if named[name][0] != x[-1]:
            raise ValueError(
                f"{name} must have one row per entry of x, {x[-1]}: got "
                f"{name} {named[name]} and x {x}; rows are vectors here, so "
                f"the product is x @ {name}; transpose it if it is "
                "(d_out, d_in)"
            )
        splits(named[name][1], n_heads, f"the columns of {name}")
    if w_q[1] != w_k[1]:
        raise ValueError(
            "keys and queries must have the same width: "
            f"got w_q {w_q} and w_k {w_k}; give them as many columns"
        )
    if w_o[0] != w_v[1]:
        raise ValueError(
            f"w_o must have one row per column of w_v, {w_v[1]}: "
            f"got w_o {w_o} and w_v {w_v}; give it {w_v[1]} rows"
        )


def band(q: Shape, k: Shape, v: Shape) -> Shape:
    """The shape (..., L, L) of which a band is computed."""
    scores = scores_shape(q, k)
    values_shape(v, k, scores)
    square(*scores[-2:])
    return scores


def square(n_queries: int, n_keys: int) -> None:
    """Demand as many queries as keys: a band runs along the diagonal."""
    if n_queries != n_keys:
        raise ValueError(
            "a band needs as many queries as keys: got "
            f"{n_queries} queries and {n_keys} keys; use attention with a "
            "mask for a window that is not square"
        )


def key_mask(shape: Shape, scores: Shape) -> None:
    """Demand a mask over keys alone, (..., 1, L): the band does the rest."""
    if len(shape) >= 2 and shape[-2] != 1:
        raise ValueError(
            "a mask for a band must be over the keys, (..., 1, "
            f"{scores[-1]}): got {shape}; the radius says who sees whom, so "
            "pass masks.padding(lengths) alone"
        )
    over_scores("mask", shape, scores)


def as_many(n_queries: int, n_keys: int) -> None:
    """Demand as many queries as keys, so that one comes with each."""
    if n_queries != n_keys:
        raise ValueError(
            "causal linear attention needs as many queries as keys: got "
            f"{n_queries} queries and {n_keys} keys; pass the earlier keys "
            "as state=, or causal=False"
        )


def batch_axes(scores: Shape, v: Shape) -> Shape:
    """The batch axes of the result, where `values_shape` found no fault.

    >>> batch_axes((2, 1, 5, 7), (3, 7, 4))
    (2, 3)
    """
    return broadcast(scores[:-2], v[:-2]) or ()


def mixers(e: Shape, f: Shape, k: Shape) -> None:
    """Demand two matrices (r, S) that mix S keys and values into r."""
    for name, shape in (("e", e), ("f", f)):
        if len(shape) != 2 or shape[1] != k[-2]:
            raise ValueError(
                f"{name} must have one column per key, (r, {k[-2]}): got "
                f"{shape}; give it {k[-2]} columns"
            )
    if e[0] != f[0]:
        raise ValueError(
            "e and f must make as many keys as values: got "
            f"e {e} and f {f}; give them as many rows"
        )


def few_directions(w: Shape, x: Shape) -> None:
    """Demand directions (m, d_k) as wide as the vectors."""
    if len(w) != 2 or w[1] != x[-1]:
        raise ValueError(
            f"w must hold directions as wide as x, (m, {x[-1]}): got "
            f"{w}; make them with features.directions(m, {x[-1]})"
        )


def one_row(name: str, shape: Shape) -> None:
    """Demand a row of at least one number: (n,)."""
    if len(shape) != 1 or not shape[0]:
        raise ValueError(
            f"{name} must be one row of at least one number: got {shape}; "
            "pass the scores of a single query"
        )


def strides(n: int, stride: int) -> None:
    """Demand a stride that divides the length."""
    if n % stride:
        raise ValueError(
            f"the stride must divide the length: got {stride} for {n} "
            "vectors; pad them, or use attention with masks.strided"
        )


def image(shape: Shape) -> None:
    """Refuse anything but (..., height, width, channels), none empty."""
    if len(shape) < 3 or 0 in shape:
        raise ValueError(
            "images must be (..., height, width, channels), none of them "
            f"empty: got {shape}; for a grey image write image[:, :, None]"
        )
