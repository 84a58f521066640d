"""Wrong input is refused: with the rule, what was given, what to do.

Each line names the fault, the call, the error's type, and words of which the
first say what was given. No call here may return a number.
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from selfattn import masks, positions, reference

B, H, L, S, D_K, D_V = 2, 3, 5, 7, 11, 13


def ones(*shape, dtype=np.float64):
    return np.ones(shape, dtype)


Q, K, V, W = ones(L, D_K), ones(S, D_K), ones(S, D_V), ones(D_K)
ADDITIVE = {"score": "additive"}


def with_one(array, value, at=0):
    changed = array.copy()
    changed.flat[at] = value
    return changed


def blind(row):
    """A mask in which one query sees nothing."""
    mask = ones(L, S, dtype=bool)
    mask[row] = False
    return mask


class Frame:
    """Looks like a pandas table as far as we look."""

    def to_numpy(self):
        return Q


# Faults of shape, option and mask: both twins must refuse them.
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
    "mask of 0 and 1": (
        (Q, K, V, {"mask": ones(L, S, dtype=int)}),
        TypeError,
        ["int64", "boolean, True = may attend", "mask != 0"],
    ),
    "mask of 0 and -inf": (
        (Q, K, V, {"mask": np.zeros((L, S))}),
        TypeError,
        ["float64", "boolean, True = may attend", "bias="],
    ),
    "mask as a list": (
        (Q, K, V, {"mask": [[True] * S] * L}),
        TypeError,
        ["list", "selfattn.masks"],
    ),
    "mask as a truth value": (
        (Q, K, V, {"mask": True}),
        TypeError,
        ["True", "selfattn.masks"],
    ),
    "mask transposed": (
        (Q, K, V, {"mask": ones(S, L, dtype=bool)}),
        ValueError,
        ["(7, 5)", "(5 or 1, 7)"],
    ),
    "mask over the keys alone": (
        (Q, K, V, {"mask": ones(S, dtype=bool)}),
        ValueError,
        ["(7,)", "mask[None, :]"],
    ),
    "mask over the queries alone": (
        (Q, K, V, {"mask": ones(L, 1, dtype=bool)}),
        ValueError,
        ["(5, 1)", "(5 or 1, 7)"],
    ),
    "mask too short": (
        (Q, K, V, {"mask": ones(L, S - 1, dtype=bool)}),
        ValueError,
        ["(5, 6)", "(5 or 1, 7)"],
    ),
    "padding as a table of items": (
        (
            ones(B, L, D_K),
            ones(B, S, D_K),
            ones(B, S, D_V),
            {"mask": ones(B, S, dtype=bool)},
        ),
        ValueError,
        ["(2, 7)", "masks.padding(lengths)"],
    ),
    "padding taken for heads": (
        # As many items as heads: broadcasting would mask by head.
        (
            ones(H, H, L, D_K),
            ones(H, H, S, D_K),
            ones(H, H, S, D_V),
            {"mask": ones(H, 1, S, dtype=bool)},
        ),
        ValueError,
        ["(3, 1, 7)", "(3, 3, 5, 7)", "mask[:, None]"],
    ),
    "mask of a larger batch": (
        (Q[None], K[None], V[None], {"mask": ones(B, L, S, dtype=bool)}),
        ValueError,
        ["(2, 5, 7)", "(1, 5, 7)", "equal to the scores' or 1"],
    ),
    "mask with a batch for one set": (
        (Q, K, V, {"mask": ones(B, 1, S, dtype=bool)}),
        ValueError,
        ["(2, 1, 7)", "(5, 7)"],
    ),
    "bias of whole numbers": (
        (Q, K, V, {"bias": np.zeros((L, S), int)}),
        TypeError,
        ["int64", "bias must"],
    ),
    "bias that is a mask": (
        (Q, K, V, {"bias": ones(L, S, dtype=bool)}),
        TypeError,
        ["bool", "bias must"],
    ),
    "bias transposed": (
        (Q, K, V, {"bias": ones(S, L)}),
        ValueError,
        ["(7, 5)", "(5 or 1, 7)"],
    ),
    "bias of heads for a batch": (
        (
            ones(H, H, L, D_K),
            ones(H, H, S, D_K),
            ones(H, H, S, D_V),
            {"bias": ones(H, L, S)},
        ),
        ValueError,
        ["(3, 5, 7)", "insert the missing axes"],
    ),
}


def refused(call, error, words):
    """The call raises, and says the words and what to do."""
    with pytest.raises(error) as caught:
        call()
    assert type(caught.value) is error
    message = str(caught.value)
    for word in words:
        assert word in message, message
    rule, _, given = message.partition("got ")
    assert rule.strip() and ";" in given, message  # rule: got ...; fix


@pytest.mark.parametrize(
    ("given", "error", "words"), SHARED.values(), ids=SHARED
)
def test_the_reference_refuses(given, error, words):
    q, k, v, options = given
    refused(lambda: reference.attention(q, k, v, **options), error, words)


@pytest.mark.parametrize("return_weights", [True, False])
@pytest.mark.parametrize(
    ("given", "error", "words"), SHARED.values(), ids=SHARED
)
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


# Faults of value and of array: the reference looks, the twin may not.
REFERENCE = {
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
    "no head to merge": (
        lambda: reference.merge_heads(ones(2, 0, L, 6)),
        ValueError,
        ["(2, 0, 5, 6)", "at least one head"],
    ),
    "heads without vectors": (
        lambda: reference.merge_heads(ones(H, 0, 6)),
        ValueError,
        ["(3, 0, 6)", "at least one vector"],
    ),
    "heads of width 0": (
        lambda: reference.merge_heads(ones(H, L, 0)),
        ValueError,
        ["(3, 5, 0)", "width at least 1"],
    ),
    "more heads than can be counted": (
        lambda: reference.split_heads(ones(L, 6), 10**400),
        ValueError,
        ["int of about 400 digits", "n_heads must be at most"],
    ),
    "heads of a single vector": (
        lambda: reference.split_heads(ones(6), 2),
        ValueError,
        ["(6,)", "x[None, :]"],
    ),
    "merging without an axis of heads": (
        lambda: reference.merge_heads(ones(2, 6)),
        ValueError,
        ["(2, 6)", "axis for the heads"],
    ),
    "positions: odd width": (
        lambda: positions.sinusoidal(5, 7),
        ValueError,
        ["got 7", "d_model must be even", "use 8"],
    ),
    "positions: width zero": (
        lambda: positions.sinusoidal(5, 0),
        ValueError,
        ["got 0", "at least 1"],
    ),
    "positions: none": (
        lambda: positions.sinusoidal(0, 4),
        ValueError,
        ["got 0", "n_positions must be at least 1"],
    ),
    "positions: a fraction": (
        lambda: positions.sinusoidal(2.5, 4),
        TypeError,
        ["float 2.5", "whole number"],
    ),
    "positions: base zero": (
        lambda: positions.sinusoidal(5, 4, base=0),
        ValueError,
        ["got 0", "base must be positive"],
    ),
    "rotary: odd width": (
        lambda: positions.rotary(ones(L, 7)),
        ValueError,
        ["got 7", "even"],
    ),
    "rotary: too few positions": (
        lambda: positions.rotary(ones(L, 6), np.arange(3)),
        ValueError,
        ["(3,)", "(5,)"],
    ),
    "rotary: positions in a list": (
        lambda: positions.rotary(ones(L, 6), [0, 1, 2, 3, 4]),
        TypeError,
        ["list", "np.array"],
    ),
    "rotary: position NaN": (
        lambda: positions.rotary(ones(2, 6), np.array([0.0, np.nan])),
        ValueError,
        ["nan at (1,)", "positions must be finite"],
    ),
    "rotary: integers": (
        lambda: positions.rotary(ones(L, 6, dtype=int)),
        TypeError,
        ["int64", "x.astype(float)"],
    ),
    "linear bias: no heads": (
        lambda: positions.linear_bias(0, 5),
        ValueError,
        ["got 0", "n_heads must be at least 1"],
    ),
    "linear bias: more queries than keys": (
        lambda: positions.linear_bias(2, 5, 3),
        ValueError,
        ["5 queries and 3 keys", "as many keys as queries"],
    ),
    "causal: more queries than keys": (
        lambda: masks.causal(5, 3),
        ValueError,
        ["5 queries and 3 keys", "as many keys as queries"],
    ),
    "causal: a fraction": (
        lambda: masks.causal(5.0),
        TypeError,
        ["float 5.0", "pass an int"],
    ),
    "causal: an array": (
        lambda: masks.causal(Q),
        TypeError,
        ["(5, 11)", "pass an int"],
    ),
    "window: negative radius": (
        lambda: masks.window(5, -1),
        ValueError,
        ["got -1", "radius must be at least 0"],
    ),
    "window: radius of half a step": (
        lambda: masks.window(5, 0.5),
        TypeError,
        ["float 0.5", "whole number"],
    ),
    "padding: an empty item": (
        lambda: masks.padding([3, 0, 2]),
        ValueError,
        ["got 0 for item 1", "leave empty items out"],
    ),
    "padding: longer than its size": (
        lambda: masks.padding([3, 9], size=7),
        ValueError,
        ["length of 9 and size 7", "pad to 9"],
    ),
    "padding: no items": (
        lambda: masks.padding([]),
        ValueError,
        ["list []", "one length per item"],
    ),
    "padding: one number": (
        lambda: masks.padding(3),
        ValueError,
        ["int 3", "one length per item"],
    ),
    "padding: fractions": (
        lambda: masks.padding([3.0, 2.0]),
        TypeError,
        ["list [3.0, 2.0]", "pass ints"],
    ),
    "padding: a mask instead of lengths": (
        lambda: masks.padding(ones(4, dtype=bool)),
        TypeError,
        ["bool array (4,)", "pass ints"],
    ),
    "padding: the texts themselves": (
        lambda: masks.padding([["I", "saw"], ["a"]]),
        TypeError,
        ["list [['I'", "pass ints"],
    ),
    "edges: node past the last": (
        lambda: masks.from_edges([(0, 5)], 5),
        ValueError,
        ["node 5", "0 to 4", "count from 0"],
    ),
    "edges: node before the first": (
        lambda: masks.from_edges([(-1, 2)], 5),
        ValueError,
        ["node -1", "0 to 4"],
    ),
    "edges: triples": (
        lambda: masks.from_edges([(0, 1, 2)], 5),
        ValueError,
        ["(1, 3)", "pairs"],
    ),
    "edges: two rows instead of two columns": (
        lambda: masks.from_edges(np.array([[0, 1, 2], [1, 2, 3]]), 5),
        ValueError,
        ["(2, 3)", "transpose"],
    ),
    "edges: fractions": (
        lambda: masks.from_edges([(0.0, 1.5)], 5),
        TypeError,
        ["list [(0.0, 1.5)]", "pass ints"],
    ),
    "edges: names": (
        lambda: masks.from_edges([("C", "O")], 5),
        TypeError,
        ["list [('C', 'O')]", "pass ints"],
    ),
    "edges: no nodes": (
        lambda: masks.from_edges([], 0),
        ValueError,
        ["got 0", "n_nodes must be at least 1"],
    ),
    "edges: directed as text": (
        lambda: masks.from_edges([], 3, directed="no"),
        TypeError,
        ["'no'", "True or False"],
    ),
    "torch's polarity of numbers": (
        lambda: masks.to_torch_mha(ones(3, 3)),
        TypeError,
        ["float64", "boolean"],
    ),
    "torch's polarity of a list": (
        lambda: masks.to_torch_mha([[True]]),
        TypeError,
        ["list [[True]]", "selfattn.masks"],
    ),
}


@pytest.mark.parametrize(
    ("call", "error", "words"), REFERENCE.values(), ids=REFERENCE
)
def test_the_numpy_modules_refuse(call, error, words):
    refused(call, error, words)


# Several heads ------------------------------------------------------------
X, EYE = ones(B, L, 6), np.eye(6)
FOUR = (EYE,) * 4
HEADS = {
    "heads that do not divide the width": (
        (X, *FOUR, 4, {}),
        ValueError,
        ["4 heads for 6", "n_heads must divide", "8"],
    ),
    "no heads": ((X, *FOUR, 0, {}), ValueError, ["got 0", "at least 1"]),
    "half a head": ((X, *FOUR, 1.5, {}), TypeError, ["float 1.5", "an int"]),
    "input of another width": (
        (ones(L, 5), *FOUR, 2, {}),
        ValueError,
        ["(6, 6)", "(5, 5)", "x @ w_q"],
    ),
    "w_k transposed": (
        (X, ones(6, 4), ones(4, 6), ones(6, 4), ones(4, 6), 2, {}),
        ValueError,
        ["(4, 6)", "transpose it"],
    ),
    "queries wider than keys": (
        (X, ones(6, 4), ones(6, 2), EYE, EYE, 2, {}),
        ValueError,
        ["w_q (6, 4) and w_k (6, 2)", "same width"],
    ),
    "output matrix of other rows": (
        (X, EYE, EYE, ones(6, 4), EYE, 2, {}),
        ValueError,
        ["w_o (6, 6) and w_v (6, 4)", "4 rows"],
    ),
    "a batch of matrices": (
        (X, EYE[None], EYE, EYE, EYE, 2, {}),
        ValueError,
        ["(1, 6, 6)", "matrix"],
    ),
    "a mask over keys alone": (
        (X, *FOUR, 2, {"mask": ones(L, dtype=bool)}),
        ValueError,
        ["(5,)", "masks.padding(lengths)"],
    ),
    "a table of items as mask": (
        (X, *FOUR, 2, {"mask": ones(B, L, dtype=bool)}),
        ValueError,
        ["(2, 5)", "masks.padding(lengths)"],
    ),
    "a mask for other items": (
        (X, *FOUR, 2, {"mask": ones(3, 1, L, dtype=bool)}),
        ValueError,
        ["(3, 1, 1, 5)", "batch axes"],
    ),
    "a mask of too many axes": (
        (X, *FOUR, 2, {"mask": ones(1, B, 2, L, L, dtype=bool)}),
        ValueError,
        ["(1, 2, 2, 5, 5)", "axes"],
    ),
    "a bias for other heads": (
        (X, *FOUR, 2, {"bias": ones(3, L, L)}),
        ValueError,
        ["(1, 3, 5, 5)", "batch axes"],
    ),
    "a mask of numbers": (
        (X, *FOUR, 2, {"mask": ones(L, L)}),
        TypeError,
        ["float64", "boolean"],
    ),
    "a mask as a list": (
        (X, *FOUR, 2, {"mask": [[True] * L] * L}),
        TypeError,
        ["list", "selfattn.masks"],
    ),
}


@pytest.mark.parametrize(
    ("given", "error", "words"), HEADS.values(), ids=HEADS
)
def test_multi_head_refuses(given, error, words):
    *args, options = given
    refused(lambda: reference.multi_head(*args, **options), error, words)


@pytest.mark.parametrize(
    ("given", "error", "words"), HEADS.values(), ids=HEADS
)
def test_the_twin_of_multi_head_refuses(given, error, words):
    torch = pytest.importorskip("torch")
    from selfattn import attention as twin

    *arrays, n_heads, options = given
    tensors = [torch.from_numpy(a) for a in arrays]
    refused(
        lambda: twin.multi_head(*tensors, n_heads, **options), error, words
    )


def layer_faults():
    """id: (call, error, words), for the torch layers."""
    import torch

    from selfattn import attention as twin
    from selfattn.layers import (
        EncoderLayer,
        LearnedPositions,
        MultiHeadAttention,
        SelfAttention,
    )

    x = torch.ones(B, L, 6)
    layer = MultiHeadAttention(6, 2)
    return {
        "width": (
            lambda: layer(torch.ones(L, 5)),
            ValueError,
            ["(5, 5)", "d_model = 6"],
        ),
        "dtype": (
            lambda: layer(x.double()),
            TypeError,
            ["torch.float64", "torch.float32"],
        ),
        "array": (
            lambda: layer(np.ones((L, 6))),
            TypeError,
            ["float64 array (5, 6)", "torch.as_tensor"],
        ),
        "integers": (
            lambda: SelfAttention(6)(x.long()),
            TypeError,
            ["torch.int64", "x.float()"],
        ),
        "vector": (
            lambda: EncoderLayer(6, 2)(torch.ones(6)),
            ValueError,
            ["(6,)", "x[None, :]"],
        ),
        "empty": (
            lambda: layer(torch.ones(B, 0, 6)),
            ValueError,
            ["(2, 0, 6)", "at least one vector"],
        ),
        "heads": (
            lambda: MultiHeadAttention(6, 4),
            ValueError,
            ["4 heads for 6", "must divide d_model"],
        ),
        "odd rotary heads": (
            lambda: MultiHeadAttention(6, 2, rotary=True),
            ValueError,
            ["got 3", "must be even"],
        ),
        "rotary as text": (
            lambda: MultiHeadAttention(6, 2, rotary="no"),
            TypeError,
            ["'no'", "True or False"],
        ),
        "a mask as causal": (
            lambda: layer(x, causal=masks.causal(L)),
            TypeError,
            ["bool array (5, 5)", "True or False"],
        ),
        "mask of numbers beside causal": (
            lambda: layer(x, causal=True, mask=torch.ones(L, L)),
            TypeError,
            ["torch.float32", "boolean"],
        ),
        "mask of a larger batch beside causal": (
            lambda: layer(x, causal=True, mask=np.ones((3, 1, L), dtype=bool)),
            ValueError,
            ["(3, 1, 1, 5)", "batch axes"],
        ),
        "widths": (
            lambda: SelfAttention(6, d_k=0),
            ValueError,
            ["got 0", "d_k must be at least 1"],
        ),
        "length": (
            lambda: LearnedPositions(3, 6)(x),
            ValueError,
            ["max_len = 3: got 5", "cut the input"],
        ),
        "table": (
            lambda: LearnedPositions(0, 6),
            ValueError,
            ["got 0", "max_len must be at least 1"],
        ),
        "softmax of a list": (
            lambda: twin.softmax([1.0]),
            TypeError,
            ["list [1.0]", "torch.as_tensor"],
        ),
        "rotary positions": (
            lambda: twin.rotary(x, torch.arange(3)),
            ValueError,
            ["(3,)", "(5,)"],
        ),
        "bias beside the wrong heads": (
            lambda: layer(x, bias=positions.linear_bias(3, L)),
            ValueError,
            ["(1, 3, 5, 5)", "batch axes"],
        ),
        "a tensor in the reference": (
            lambda: reference.attention(x, x, x),
            TypeError,
            ["torch.float32 Tensor (2, 5, 6)", "selfattn.attention"],
        ),
        "two devices": (
            lambda: twin.attention(x, x, x.to("meta")),
            ValueError,
            ["v on meta", "one device"],
        ),
    }


def test_the_layers_refuse():
    pytest.importorskip("torch")
    for name, (call, error, words) in layer_faults().items():
        try:
            refused(call, error, words)
        except (AssertionError, pytest.fail.Exception) as problem:
            raise AssertionError(f"{name}: {problem}") from problem
