"""Linear attention: softmax's exp(q·k) becomes a product of features.

A weight is phi(q)·phi(k) over the sum of these, so keys and values can be
added up before a query comes. That gives three forms with one result: in
parallel, step by step with a state that does not grow, and in chunks. Also
`reference.linear_attention`; `attention.linear_attention` is the torch twin.
"""

from __future__ import annotations

import numpy as np

from . import demand, shapes

__all__ = ["elu_features", "linear_attention"]

FORMS = ("parallel", "recurrent", "chunked")


@np.errstate(over="ignore", invalid="ignore")  # checked in the end
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

    Parameters
    ----------
    q (..., L, d_k), k (..., S, d_k), v (..., S, d_v) : float32 or float64
        arrays; their batch axes broadcast.
    causal : whether query i sees the keys 0 to i alone; then L = S.
    features : a function from (..., n, d_k) to (..., n, m), numbers of at
        least 0; None means `elu_features`, with m = d_k.
    form : "parallel", all pairs at once; "recurrent", one position after the
        other; "chunked", pairs within a chunk, a state between chunks.
    chunk : positions in a chunk, for the chunked form.
    state : what an earlier call returned, whose keys came before these; for
        the recurrent and the chunked form.

    Returns
    -------
    out (..., L, d_v), and the weights (..., L, S) of the parallel form, whose
    rows sum to 1; or the state after the last key, the pair (..., m, d_v) and
    (..., m): the sums of phi(k) v and of phi(k). All in the dtype of q.

    Raises
    ------
    TypeError : not float arrays of one dtype; features that are no function.
    ValueError : shapes that do not fit; NaN or infinity; features below 0; a
        query whose features meet none of a key's.

    Katharopoulos et al. 2020, equations 5 and 16 to 20; the chunks are in
    Hua et al. 2022, section 3.

    >>> x = np.array([[0.0], [0.0], [0.0]])
    >>> v = np.array([[2.0], [4.0], [9.0]])
    >>> linear_attention(x, x, v)[0].tolist()
    [[2.0], [3.0], [5.0]]
    >>> out, state = linear_attention(x, x, v, form="recurrent")
    >>> out.tolist(), state[0].tolist(), state[1].tolist()
    ([[2.0], [3.0], [5.0]], [[15.0]], [3.0])
    """
    demand.flag("causal", causal)
    demand.one_of("form", form, FORMS)
    chunk = demand.integer("chunk", chunk)
    demand.inputs(q=q, k=k, v=v)
    shape = shapes.scores_shape(q.shape, k.shape)  # (..., L, S)
    shapes.values_shape(v.shape, k.shape, shape)
    if causal:
        shapes.as_many(*shape[-2:])
    only_later(form, state)
    phi_q = _features(features, "q", q)  # (..., L, m)
    phi_k = _features(features, "k", k)  # (..., S, m)
    if form == "parallel":
        return _parallel(phi_q, phi_k, v, causal)
    batch = shapes.batch_axes(shape, v.shape)
    sizes = (*batch, phi_k.shape[-1], v.shape[-1])  # (..., m, d_v)
    if state is None:
        state = np.zeros(sizes, q.dtype), np.zeros(sizes[:-1], q.dtype)
    else:
        for name, x in zip(("state[0]", "state[1]"), state, strict=True):
            demand.float_array(name, x)
            demand.finite(name, x)
            demand.same_dtype({"q": q.dtype, name: x.dtype})
        state_shapes([x.shape for x in state], sizes)
    if not causal:
        state = _added(state, phi_k, v)
        return _read(phi_q @ state[0], phi_q @ state[1][..., None]), state
    size = 1 if form == "recurrent" else chunk
    return _in_chunks(phi_q, phi_k, v, state, size)


def elu_features(x):
    """x + 1 above 0 and exp(x) below: positive, and as wide as x.

    Katharopoulos et al. 2020, equation 7.

    >>> elu_features(np.array([[-np.log(2.0), 0.0, 3.0]])).tolist()
    [[0.5, 1.0, 4.0]]
    """
    return np.where(x > 0, x + 1, np.exp(np.minimum(x, 0)))


def _parallel(phi_q, phi_k, v, causal):
    products = phi_q @ phi_k.swapaxes(-1, -2)  # (..., L, S)
    if causal:
        products = np.tril(products)  # (..., L, S)
    weights = _read(products, products.sum(axis=-1, keepdims=True))
    out = weights @ v  # (..., L, d_v)
    demand.not_overflown("out", out)
    return out, weights


def _in_chunks(phi_q, phi_k, v, state, size):
    """Pairs within a chunk, the state for all before it; then the state."""
    parts = []
    for start in range(0, phi_q.shape[-2], size):
        rows = slice(start, start + size)
        q, k, values = (
            phi_q[..., rows, :],
            phi_k[..., rows, :],
            v[..., rows, :],
        )
        inside = np.tril(q @ k.swapaxes(-1, -2))  # (..., size, size)
        mixed = inside @ values + q @ state[0]  # (..., size, d_v)
        total = inside.sum(axis=-1, keepdims=True)  # (..., size, 1)
        parts.append(_read(mixed, total + q @ state[1][..., None]))
        state = _added(state, k, values)
    return np.concatenate(parts, axis=-2), state


def _added(state, phi_k, v):
    """The state with more keys and values in it."""
    products = phi_k.swapaxes(-1, -2) @ v  # (..., m, d_v)
    return state[0] + products, state[1] + phi_k.sum(axis=-2)


def _read(mixed, total):
    """Divide by the sum of a query's products, which must be above 0."""
    demand.not_overflown("the features' products", total)
    if (total <= 0).any():
        at = tuple(int(i) for i in np.argwhere(total[..., 0] <= 0)[0])
        raise ValueError(
            "every query must have a product above 0 with some key: got only "
            f"zeros for query {at}; use features that are positive"
        )
    out = mixed / total
    demand.not_overflown("out", out)
    return out


def _features(features, name, x):
    """The features (..., n, m) of queries or keys, checked."""
    is_function(features)
    phi = elu_features(x) if features is None else features(x)
    demand.float_array(f"features({name})", phi)
    demand.same_dtype({name: x.dtype, f"features({name})": phi.dtype})
    feature_shape(name, phi.shape, x.shape)
    demand.finite(f"features({name})", phi)
    if (phi < 0).any():
        raise ValueError(
            f"features must be at least 0: got {phi.min()} for {name}; use "
            "exp, ReLU or elu_features, so that weights cannot cancel"
        )
    return phi


def is_function(features):
    """Demand a function, or None."""
    if features is not None and not callable(features):
        raise TypeError(
            f"features must be a function: got {demand.shown(features)}; "
            "pass one from (..., n, d_k) to (..., n, m), or None"
        )


def feature_shape(name, phi, x):
    """Demand one row of features per vector; for tensors too."""
    if len(phi) != len(x) or phi[:-1] != x[:-1] or phi[-1] < 1:
        raise ValueError(
            "features must give one row per vector: got "
            f"{tuple(phi)} for {name} {tuple(x)}; change the last axis alone"
        )


def only_later(form, state):
    """Demand a form that has a state, where one is given: a pair."""
    if state is None:
        return
    if form == "parallel":
        raise ValueError(
            "the parallel form has no state: got state=...; ask for "
            'form="chunked" or form="recurrent"'
        )
    if not isinstance(state, (tuple, list)) or len(state) != 2:
        raise TypeError(
            "state must be a pair, the sums of phi(k) v and of phi(k): got "
            f"{demand.shown(state)}; pass what an earlier call returned"
        )


def state_shapes(given, sizes):
    """Demand the state (..., m, d_v) and (..., m); for tensors too."""
    wanted = [tuple(sizes), tuple(sizes[:-1])]
    if [tuple(shape) for shape in given] != wanted:
        raise ValueError(
            f"state must have the shapes {wanted[0]} and {wanted[1]}: got "
            f"{tuple(given[0])} and {tuple(given[1])}; pass the state of the "
            "same batch, features and values"
        )
