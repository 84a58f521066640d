"""The reference refuses values that have no answer.

Each line names the fault, the call, the error's type, and words of which the
first say what was given. No call here may return a number.
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from bad_input import (
    B,
    K,
    L,
    Q,
    S,
    V,
    W,
    blind,
    ones,
    refused,
    with_one,
)

from selfattn import reference

REFUSED = {
    "NaN among the queries": (
        lambda: reference.attention(with_one(Q, np.nan, 12), K, V),
        ValueError,
        ["nan at (1, 1)", "q must be finite", "remove it"],
    ),
    "infinity among the keys": (
        lambda: reference.attention(Q, with_one(K, np.inf), V),
        ValueError,
        ["inf at (0, 0)", "k must be finite"],
    ),
    "minus infinity among the values": (
        lambda: reference.attention(Q, K, with_one(V, -np.inf)),
        ValueError,
        ["-inf at (0, 0)", "v must be finite"],
    ),
    "NaN in a masked value": (
        lambda: reference.attention(
            Q, K, with_one(V, np.nan), mask=ones(1, S, dtype=bool)
        ),
        ValueError,
        ["nan at (0, 0)", "mask it"],
    ),
    "NaN in w": (
        lambda: reference.attention(
            Q, K, V, score="additive", w=with_one(W, np.nan)
        ),
        ValueError,
        ["nan at (0,)", "w must be finite"],
    ),
    "a query with no key left": (
        lambda: reference.attention(Q, K, V, mask=blind(3)),
        ValueError,
        ["row (3,)", "at least one key", "leave that query out"],
    ),
    "a relu query with no key left": (
        lambda: reference.attention(Q, K, V, mask=blind(3), weight="relu"),
        ValueError,
        ["row (3,)", "at least one key"],
    ),
    "an additive query with no key left": (
        lambda: reference.attention(
            Q, K, V, mask=blind(0), score="additive", w=W
        ),
        ValueError,
        ["row (0,)", "at least one key"],
    ),
    "an item with no key left": (
        lambda: reference.attention(
            Q[None].repeat(B, 0),
            K,
            V,
            mask=np.array([[[True] * S], [[False] * S]]),
        ),
        ValueError,
        ["row (1, 0)", "at least one key"],
    ),
    "scores too large for float32": (
        lambda: reference.attention(
            *(1e30 * a.astype(np.float32) for a in (Q, K, V))
        ),
        ValueError,
        ["too large", "scores must fit into float32", "use float64"],
    ),
    "sum of relu weights too large": (
        lambda: reference.attention(
            1e153 * Q, 1e153 * K, 1e10 * V, weight="relu"
        ),
        ValueError,
        ["too large", "out must fit into float64"],
    ),
    "bias of minus infinity": (
        lambda: reference.attention(
            Q, K, V, bias=with_one(np.zeros((L, S)), -np.inf)
        ),
        ValueError,
        ["-inf", "boolean mask="],
    ),
    "bias NaN": (
        lambda: reference.attention(
            Q, K, V, bias=with_one(np.zeros((L, S)), np.nan)
        ),
        ValueError,
        ["nan at (0, 0)", "bias must be finite"],
    ),
    "half precision": (
        lambda: reference.attention(Q.astype(np.float16), K, V),
        TypeError,
        ["float16", "float32 or float64", "q.astype(float)"],
    ),
    "foreign byte order": (
        lambda: reference.attention(Q.astype(">f8"), K, V),
        TypeError,
        [">f8", "q.astype(float)"],
    ),
    "objects": (
        lambda: reference.attention(Q.astype(object), K, V),
        TypeError,
        ["object array (5, 11)", "real numbers"],
    ),
    "text": (
        lambda: reference.attention(Q.astype(str), K, V),
        TypeError,
        ["array (5, 11)", "real numbers"],
    ),
    "a masked array, whose mask would be lost": (
        lambda: reference.attention(Q, np.ma.masked_equal(K, 2.0), V),
        TypeError,
        ["MaskedArray", "would be lost", "mask="],
    ),
    "a matrix, whose * means something else": (
        lambda: reference.attention(Q, K, V.view(np.matrix)),
        TypeError,
        ["float64 matrix (7, 13)", "np.array"],
    ),
    "a masked array as mask": (
        lambda: reference.attention(
            Q, K, V, mask=np.ma.masked_array(ones(L, S, dtype=bool))
        ),
        TypeError,
        ["MaskedArray", "boolean NumPy array"],
    ),
    "softmax of integers": (
        lambda: reference.softmax(np.array([1, 2])),
        TypeError,
        ["int64", "x.astype(float)"],
    ),
    "softmax of a list": (
        lambda: reference.softmax([1.0, 2.0]),
        TypeError,
        ["list [1.0, 2.0]", "np.array"],
    ),
    "softmax of nothing": (
        lambda: reference.softmax(ones(3, 0)),
        ValueError,
        ["(3, 0)", "at least one score"],
    ),
    "softmax of NaN": (
        lambda: reference.softmax(np.array([0.0, np.nan])),
        ValueError,
        ["nan", "no NaN and no +inf"],
    ),
    "softmax of infinity": (
        lambda: reference.softmax(np.array([0.0, np.inf])),
        ValueError,
        ["inf", "no NaN and no +inf"],
    ),
    "softmax of minus infinities": (
        lambda: reference.softmax(np.array([[0.0], [-np.inf]])),
        ValueError,
        ["all -inf", "unmask"],
    ),
    "softmax over an axis that is not there": (
        lambda: reference.softmax(ones(3, 2), axis=2),
        ValueError,
        ["got 2 for (3, 2)", "-1"],
    ),
    "softmax over two axes": (
        lambda: reference.softmax(ones(3, 2), axis=(0, 1)),
        TypeError,
        ["tuple (0, 1)", "-1"],
    ),
    "softmax of one number": (
        lambda: reference.softmax(np.array(1.0)),
        ValueError,
        ["got -1 for ()", "0 axes"],
    ),
    "dot scores of different widths": (
        lambda: reference.dot_scores(Q, ones(S, 2)),
        ValueError,
        ["(7, 2)", "same width"],
    ),
    "dot scores of integers": (
        lambda: reference.dot_scores(Q.astype(int), K.astype(int)),
        TypeError,
        ["int64", "q.astype(float)"],
    ),
    "additive scores of NaN": (
        lambda: reference.additive_scores(with_one(Q, np.nan), K, W),
        ValueError,
        ["nan", "q must be finite"],
    ),
    "scale as a fraction of text": (
        lambda: reference.dot_scores(Q, K, Decimal("0.5")),
        TypeError,
        ["Decimal", "must be a number"],
    ),
}


@pytest.mark.parametrize(
    ("call", "error", "words"), REFUSED.values(), ids=REFUSED
)
def test_the_reference_refuses(call, error, words):
    refused(call, error, words)
