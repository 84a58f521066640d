"""Attention refuses wrong input: the rule, what was given, what to do.

Each line names the fault, the call, the error's type, and words of which the
first say what was given. No call here may return a number.
"""

from __future__ import annotations

import numpy as np
import pytest
from bad_input import (
    ADDITIVE,
    D_K,
    D_V,
    B,
    Frame,
    K,
    L,
    Q,
    S,
    V,
    W,
    ones,
    refused,
)
from bad_masks import MASKS

from selfattn import reference

# Faults of shape and option: both twins must refuse them.
# id: (q, k, v, options, error, words)
SHARED = {
    "keys wider than queries": (
        (Q, ones(S, 4), V, {}),
        ValueError,
        ["(5, 11)", "(7, 4)", "same width", "project them to one width"],
    ),
    "keys transposed": (
        (Q, K.T, V, {}),
        ValueError,
        ["(11, 7)", "same width"],
    ),
    "fewer values than keys": (
        (Q, K, ones(6, D_V), {}),
        ValueError,
        ["(6, 13)", "one value per key", "give v 7 rows"],
    ),
    "values transposed": (
        (Q, K, V.T, {}),
        ValueError,
        ["(13, 7)", "one value per key"],
    ),
    "one vector instead of a set": (
        (ones(D_K), K, V, {}),
        ValueError,
        ["(11,)", "q[None, :]"],
    ),
    "values without vectors": (
        (Q, K, ones(S), {}),
        ValueError,
        ["(7,)", "v[None, :]"],
    ),
    "empty set of keys": (
        (Q, ones(0, D_K), ones(0, D_V), {}),
        ValueError,
        ["(0, 11)", "at least one vector", "leave empty inputs out"],
    ),
    "empty set of queries": (
        (ones(0, D_K), K, V, {}),
        ValueError,
        ["(0, 11)", "at least one vector"],
    ),
    "width zero": (
        (ones(L, 0), ones(S, 0), V, {}),
        ValueError,
        ["(5, 0)", "width at least 1"],
    ),
    "values of width zero": (
        (Q, K, ones(S, 0), {}),
        ValueError,
        ["(7, 0)", "width at least 1"],
    ),
    "batches of different size": (
        (ones(B, L, D_K), ones(3, S, D_K), ones(3, S, D_V), {}),
        ValueError,
        ["(2, 5, 11)", "(3, 7, 11)", "batch axes", "make them match"],
    ),
    "values of another batch": (
        (ones(B, L, D_K), ones(B, S, D_K), ones(3, S, D_V), {}),
        ValueError,
        ["(3, 7, 13)", "batch axes of v"],
    ),
    "two precisions": (
        (Q, K.astype(np.float32), V, {}),
        TypeError,
        ["float32", "float64", "share one dtype", "convert"],
    ),
    "values of another precision": (
        (Q, K, V.astype(np.float32), {}),
        TypeError,
        ["v", "float32", "share one dtype"],
    ),
    "integers": (
        (Q.astype(int), K, V, {}),
        TypeError,
        ["int64", "convert it with q."],
    ),
    "truth values": (
        (Q, K, V > 0, {}),
        TypeError,
        ["bool", "convert it with v."],
    ),
    "complex numbers": ((Q * 1j, K, V, {}), TypeError, ["complex128", "q"]),
    "a list": (
        (Q.tolist(), K, V, {}),
        TypeError,
        ["list [[1.0", "q must be"],
    ),
    "nothing": ((Q, K, None, {}), TypeError, ["None", "v must be"]),
    "a number": ((Q, 3.0, V, {}), TypeError, ["float 3.0", "k must be"]),
    "a table": ((Frame(), K, V, {}), TypeError, ["Frame", "q must be"]),
    "unknown score": (
        (Q, K, V, {"score": "cosine"}),
        ValueError,
        ["'cosine'", "'dot' or 'additive'", "choose one"],
    ),
    "score that is no word": (
        (Q, K, V, {"score": None}),
        TypeError,
        ["None", "'dot' or 'additive'"],
    ),
    "unknown weight": (
        (Q, K, V, {"weight": "Softmax"}),
        ValueError,
        ["'Softmax'", "'softmax' or 'relu'", "choose one"],
    ),
    "additive without w": (
        (Q, K, V, ADDITIVE),
        ValueError,
        ["None", "additive scores need w", "pass w="],
    ),
    "w for dot scores": (
        (Q, K, V, {"w": W}),
        ValueError,
        ["11", "take no w", 'score="additive"'],
    ),
    "w of another width": (
        (Q, K, V, {**ADDITIVE, "w": ones(D_V)}),
        ValueError,
        ["(13,)", "(11,)", "width of q and k"],
    ),
    "w as a matrix": (
        (Q, K, V, {**ADDITIVE, "w": ones(D_K, 1)}),
        ValueError,
        ["(11, 1)", "(11,)"],
    ),
    "w of another precision": (
        (Q, K, V, {**ADDITIVE, "w": W.astype(np.float32)}),
        TypeError,
        ["w", "float32", "share one dtype"],
    ),
    "w as a list": (
        (Q, K, V, {**ADDITIVE, "w": [1.0] * D_K}),
        TypeError,
        ["list", "w must be"],
    ),
    "scale zero": (
        (Q, K, V, {"scale": 0}),
        ValueError,
        ["got 0", "positive", "above 0"],
    ),
    "scale too large for a float": (
        (Q, K, V, {"scale": 10**400}),
        ValueError,
        ["int of about 400 digits", "positive and finite"],
    ),
    "scale of more digits than Python prints": (
        (Q, K, V, {"scale": 10**5000}),
        ValueError,
        ["int of about 5000 digits"],
    ),
    "the type of numbers in place of numbers": (
        (np.float64, K, V, {}),
        TypeError,
        ["the type float64", "q must be"],
    ),
    "scale negative": (
        (Q, K, V, {"scale": -1.0}),
        ValueError,
        ["got -1.0", "positive"],
    ),
    "scale NaN": (
        (Q, K, V, {"scale": float("nan")}),
        ValueError,
        ["got nan", "finite"],
    ),
    "scale infinite": (
        (Q, K, V, {"scale": np.inf}),
        ValueError,
        ["got inf", "finite"],
    ),
    "scale as text": (
        (Q, K, V, {"scale": "1/sqrt(d)"}),
        TypeError,
        ["'1/sqrt(d)'", "must be a number"],
    ),
    "scale as an array": (
        (Q, K, V, {"scale": ones(S)}),
        TypeError,
        ["(7,)", "must be a number"],
    ),
    "scale true": (
        (Q, K, V, {"scale": True}),
        TypeError,
        ["True", "must be a number"],
    ),
    "scale of additive scores zero": (
        (Q, K, V, {**ADDITIVE, "w": W, "scale": 0.0}),
        ValueError,
        ["got 0.0", "positive"],
    ),
    "return_weights as text": (
        (Q, K, V, {"return_weights": "no"}),
        TypeError,
        ["'no'", "True or False"],
    ),
}

FAULTS = {**SHARED, **MASKS}
every_fault = pytest.mark.parametrize(
    ("given", "error", "words"), FAULTS.values(), ids=FAULTS
)


@every_fault
def test_the_reference_refuses(given, error, words):
    q, k, v, options = given
    refused(lambda: reference.attention(q, k, v, **options), error, words)


@pytest.mark.parametrize("return_weights", [True, False])
@every_fault
def test_the_twin_refuses(given, error, words, return_weights):
    torch = pytest.importorskip("torch")
    from selfattn import attention as twin

    def tensor(a):
        return torch.from_numpy(a) if isinstance(a, np.ndarray) else a

    q, k, v, options = given
    options = {"return_weights": return_weights, **options}
    options = {name: tensor(value) for name, value in options.items()}
    if isinstance(options.get("scale"), torch.Tensor):
        words = ["Tensor", "must be a number"]
    if "mask" in options and "int64" in words:
        words = ["torch.int64", *words[1:]]
    refused(
        lambda: twin.attention(tensor(q), tensor(k), tensor(v), **options),
        error,
        words,
    )
