"""Linear attention in torch: in parallel, or with a running state.

The names and signatures of `linear`, on any device; also
`attention.linear_attention`. Values are not checked.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F

from . import demand, linear, shapes
from .tensors import tensor, tensors

__all__ = ["elu_features", "linear_attention"]


def linear_attention(
    q,
    k,
    v,
    *,
    causal=True,
    features=None,
    form="parallel",
    chunk=64,
    state=None,
):
    """Mix the values by products of positive features of query and key.

    As `linear.linear_attention` in NumPy: returns out (..., L, d_v), and the
    weights (..., L, S) of the parallel form or the state of the others,
    (..., m, d_v) and (..., m). A query whose features meet none of a key's
    gets zeros. Raises a TypeError for dtypes and a ValueError for shapes.

    The chunked form makes nothing of size L x L, and its matrix products are
    as large as a chunk: it is the quick one for a long sequence.

    >>> x = torch.zeros(3, 1)
    >>> v = torch.tensor([[2.0], [4.0], [9.0]])
    >>> out, state = linear_attention(x, x, v, form="chunked", chunk=2)
    >>> out.tolist(), state[0].tolist()
    ([[2.0], [3.0], [5.0]], [[15.0]])
    """
    demand.flag("causal", causal)
    demand.one_of("form", form, linear.FORMS)
    chunk = demand.integer("chunk", chunk)
    tensors(q=q, k=k, v=v)
    shape = shapes.scores_shape(tuple(q.shape), tuple(k.shape))
    shapes.values_shape(tuple(v.shape), tuple(k.shape), shape)
    if causal:
        shapes.as_many(*shape[-2:])
    linear.only_later(form, state)
    phi_q = _features(features, "q", q)  # (..., L, m)
    phi_k = _features(features, "k", k)  # (..., S, m)
    if form == "parallel":
        products = phi_q @ phi_k.transpose(-1, -2)  # (..., L, S)
        products = products.tril() if causal else products
        weights = _read(products, products.sum(-1, keepdim=True))
        return weights @ v, weights
    batch = shapes.batch_axes(shape, tuple(v.shape))
    sizes = (*batch, phi_k.shape[-1], v.shape[-1])  # (..., m, d_v)
    if state is None:
        state = q.new_zeros(sizes), q.new_zeros(sizes[:-1])
    else:
        tensor("state[0]", state[0])
        tensor("state[1]", state[1])
        linear.state_shapes([x.shape for x in state], sizes)
    if not causal:
        state = _added(state, phi_k, v)
        return _read(phi_q @ state[0], phi_q @ state[1][..., None]), state
    size = 1 if form == "recurrent" else chunk
    return _in_chunks(phi_q, phi_k, v, state, size)


def elu_features(x):
    """x + 1 above 0 and exp(x) below: positive, and as wide as x.

    >>> elu_features(torch.tensor([[0.0, 3.0]])).tolist()
    [[1.0, 4.0]]
    """
    return F.elu(x) + 1


def _in_chunks(phi_q, phi_k, v, state, size):
    """Pairs within a chunk, the state for all before it; then the state."""
    parts = []
    cut = [x.split(size, -2) for x in (phi_q, phi_k, v)]
    for q, k, values in zip(*cut, strict=True):
        inside = (q @ k.transpose(-1, -2)).tril()  # (..., size, size)
        mixed = inside @ values + q @ state[0]  # (..., size, d_v)
        total = inside.sum(-1, keepdim=True)  # (..., size, 1)
        parts.append(_read(mixed, total + q @ state[1][..., None]))
        state = _added(state, k, values)
    return torch.cat(parts, dim=-2), state


def _added(state, phi_k, v):
    """The state with more keys and values in it."""
    products = phi_k.transpose(-1, -2) @ v  # (..., m, d_v)
    return state[0] + products, state[1] + phi_k.sum(-2)


def _read(mixed, total):
    """Divide by the sum of a query's products; zeros where it is 0."""
    empty = total <= 0  # (..., L, 1)
    return (mixed / total.masked_fill(empty, 1.0)).masked_fill(empty, 0.0)


def _features(features, name, x):
    """The features (..., n, m) of queries or keys."""
    linear.is_function(features)
    phi = elu_features(x) if features is None else features(x)
    tensor(f"features({name})", phi)
    demand.same_dtype({name: x.dtype, f"features({name})": phi.dtype})
    linear.feature_shape(name, tuple(phi.shape), tuple(x.shape))
    return phi
