"""Positive random features: softmax's exponential as a product, on average.

Performer's form. With w drawn from a normal distribution, the mean of
exp(w·q - |q|²/2) exp(w·k - |k|²/2) is exp(q·k). So m such features in the
place of queries and keys turn softmax attention into `linear_attention`, with
an error that falls like 1/sqrt(m).
"""

from __future__ import annotations

import math

import numpy as np

from . import demand, shapes

__all__ = ["directions", "positive_features"]


def directions(n_features, d_k, seed=0, *, orthogonal=True):
    """Random directions w (m, d_k), each as long as a normal vector.

    orthogonal : make each group of d_k directions orthogonal, which lowers
        the error of the mean; without it all are independent.

    Raises a ValueError for sizes below 1. Choromanski et al. 2021, Performer,
    section 2.4.

    >>> w = directions(2, 5)
    >>> w.shape, bool(abs(w[0] @ w[1]) < 1e-12)
    ((2, 5), True)
    """
    n_features = demand.integer("n_features", n_features)
    d_k = demand.integer("d_k", d_k)
    demand.flag("orthogonal", orthogonal)
    rng = np.random.default_rng(seed)
    w = rng.standard_normal((n_features, d_k))  # (m, d_k)
    if not orthogonal:
        return w
    length = np.linalg.norm(w, axis=1, keepdims=True)  # (m, 1)
    for start in range(0, n_features, d_k):
        square = rng.standard_normal((d_k, d_k))
        q, r = np.linalg.qr(square)
        q *= np.sign(np.diag(r))  # so that every direction is as likely
        w[start : start + d_k] = q[: n_features - start]
    return w * length


@np.errstate(over="ignore", invalid="ignore")  # checked in the end
def positive_features(x, w, *, scale=None):
    """exp(w·x' - |x'|²/2) / sqrt(m), where x' = x * sqrt(scale).

    Parameters
    ----------
    x : (..., n, d_k), queries or keys; float32 or float64.
    w : (m, d_k), as `directions` makes it, in the dtype of x.
    scale : the scale of the scores; None means 1/sqrt(d_k).

    Returns features (..., n, m), above 0. The products of the features of
    queries and keys are, averaged over w, exp(scale * q·k). For
    `linear_attention` pass `features=lambda x: positive_features(x, w)`.

    Raises a TypeError for dtypes; a ValueError for shapes that do not fit,
    and for numbers too large for the dtype. Choromanski et al. 2021, lemma 1.

    >>> x, w = np.array([[2.0]]), np.array([[1.0], [1.0]])
    >>> bool(np.allclose(positive_features(x, w, scale=1.0), 0.5**0.5))
    True
    """
    demand.inputs(x=x, w=w)
    shapes.few_directions(w.shape, x.shape)
    scale = 1 / math.sqrt(x.shape[-1]) if scale is None else scale
    x = x * math.sqrt(demand.positive("scale", scale))  # (..., n, d_k)
    half = (x * x).sum(axis=-1, keepdims=True) / 2  # (..., n, 1)
    features = np.exp(x @ w.T - half) / math.sqrt(len(w))  # (..., n, m)
    demand.not_overflown("features", features)
    return features
