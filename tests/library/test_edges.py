"""Attention over an edge list, in NumPy and torch, and its cost."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from bad_input import refused
from hypothesis import given
from hypothesis import strategies as st

from selfattn import masks, reference

B, H, N, D_K, D_V, E = 2, 3, 7, 5, 11, 13
PAIRS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)))
KINDS = [
    {"score": "dot"},
    {"score": "dot", "scale": 0.3},
    {"score": "dot", "weight": "relu"},
    {"score": "additive"},
    {"score": "additive", "activation": "leaky_relu"},
    {"score": "additive", "activation": "leaky_relu", "weight": "relu"},
]


def draw(rng, shape=(), n_queries=N, n_keys=N, dtype=np.float64):
    q = rng.normal(size=(*shape, n_queries, D_K)).astype(dtype)
    k = rng.normal(size=(*shape, n_keys, D_K)).astype(dtype)
    v = rng.normal(size=(*shape, n_keys, D_V)).astype(dtype)
    return q, k, v, rng.normal(size=D_K).astype(dtype)


def some_mask(rng, n_queries, n_keys):
    mask = rng.random((n_queries, n_keys)) < 0.4
    mask[np.arange(n_queries), rng.integers(n_keys, size=n_queries)] = True
    return mask


def shuffled(rng, pairs):
    return pairs[rng.permutation(len(pairs))]


@pytest.mark.parametrize("shape", [(), (B,), (B, H)])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_an_edge_list_and_its_mask_give_the_same(kind, dtype, shape):
    rng = np.random.default_rng(3)
    q, k, v, w = draw(rng, shape, 5, 7, dtype)
    mask = some_mask(rng, 5, 7)
    pairs = shuffled(rng, masks.to_edge_list(mask))
    w = w if kind["score"] == "additive" else None
    full, weights = reference.attention(q, k, v, mask=mask, w=w, **kind)
    out, on_edges = reference.edge_attention(q, k, v, mask=pairs, w=w, **kind)
    close = dict.fromkeys(
        ("rtol", "atol"), 1e-12 if dtype == np.float64 else 1e-6
    )
    assert out.dtype == on_edges.dtype == dtype
    np.testing.assert_allclose(out, full, **close)
    i, j = pairs.T
    np.testing.assert_allclose(on_edges, weights[..., i, j], **close)
    from_mask, none = reference.edge_attention(
        q, k, v, mask=mask, w=w, return_weights=False, **kind
    )
    assert none is None
    np.testing.assert_allclose(from_mask, full, **close)


def test_a_bias_on_edges_is_the_bias_of_their_places():
    rng = np.random.default_rng(5)
    q, k, v, _ = draw(rng, (B,), 5, 7)
    mask, bias = some_mask(rng, 5, 7), rng.normal(size=(5, 7))
    pairs = shuffled(rng, masks.to_edge_list(mask))
    full, _ = reference.attention(q, k, v, mask=mask, bias=bias)
    out, _ = reference.edge_attention(
        q, k, v, mask=pairs, bias=bias[tuple(pairs.T)]
    )
    np.testing.assert_allclose(out, full, rtol=0, atol=1e-12)


@given(PAIRS)
def test_an_edge_list_says_what_the_mask_says(edges):
    for options in (
        {},
        {"self_loops": False},
        {"directed": True},
        {"self_loops": False, "directed": True},
    ):
        mask = masks.from_edges(edges, 7, **options)
        pairs = masks.edge_list(edges, 7, **options)
        assert pairs.tolist() == masks.to_edge_list(mask).tolist()


@given(
    st.lists(st.tuples(st.integers(0, 4), st.floats(-800, 800)), min_size=1)
)
def test_a_segment_softmax_is_a_softmax_in_each_segment(drawn):
    segment = np.array([s for s, _ in drawn])
    scores = np.array([x for _, x in drawn])
    weights = reference.segment_softmax(scores, segment, 5)
    for s in set(segment):
        mine = segment == s
        np.testing.assert_allclose(
            weights[mine], reference.softmax(scores[mine]), atol=1e-15
        )


def test_no_score_is_no_weight():
    none = reference.segment_softmax(np.zeros((2, 0)), [], 3)
    assert none.shape == (2, 0)


@pytest.mark.parametrize("weight", ["softmax", "relu"])
def test_new_names_for_the_nodes_change_nothing_to_the_last_bit(weight):
    rng = np.random.default_rng(11)
    q, k, v, _ = draw(rng)
    pairs = shuffled(rng, masks.to_edge_list(some_mask(rng, N, N)))
    new = rng.permutation(N)  # node i is called new[i]
    back = np.argsort(new)
    out, weights = reference.edge_attention(q, k, v, mask=pairs, weight=weight)
    renamed, same = reference.edge_attention(
        q[back], k[back], v[back], mask=new[pairs], weight=weight
    )
    assert np.array_equal(renamed[new], out)
    assert np.array_equal(same, weights)


def test_the_memory_follows_the_edges():
    """A table of 20,000 × 20,000 float32 scores alone is 1.6 GB."""
    rng = np.random.default_rng(0)
    n = 20_000
    ring = np.stack([np.arange(n), (np.arange(n) + 1) % n], axis=1)
    x = rng.normal(size=(n, 4)).astype(np.float32)
    tracemalloc.start()
    pairs = masks.edge_list(ring, n)
    reference.edge_attention(x, x, x, mask=pairs)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(pairs) == 3 * n
    assert peak < 200 * len(pairs)


X = np.ones((4, 3))
LOOPS = np.stack([np.arange(4), np.arange(4)], axis=1)


def attend(mask=LOOPS, x=X, **more):
    return lambda: reference.edge_attention(x, x, x, mask=mask, **more)


BAD = {
    "an edge list transposed": (
        attend(LOOPS.T[:, [0, 1, 2]]),
        ValueError,
        ["(E, 2)", "transpose"],
    ),
    "fractions": (attend(LOOPS + 0.5), TypeError, ["whole numbers"]),
    "no mask": (attend(None), TypeError, ["an edge list", "None"]),
    "a query not there": (
        attend(LOOPS + [1, 0]),
        ValueError,
        ["queries", "0 to 3", "got 4"],
    ),
    "a key not there": (
        attend(LOOPS - [0, 1]),
        ValueError,
        ["keys", "got -1"],
    ),
    "an edge twice": (
        attend(np.r_[LOOPS, LOOPS[2:3]]),
        ValueError,
        ["(2, 2) twice"],
    ),
    "a lonely query": (attend(LOOPS[1:]), ValueError, ["query 0", "itself"]),
    "a mask of another size": (
        attend(np.ones((4, 3), bool)),
        ValueError,
        ["(4, 4)", "(4, 3)"],
    ),
    "a mask with a blind row": (
        attend(np.eye(4, dtype=bool) & (np.arange(4) > 0)),
        ValueError,
        ["query 0"],
    ),
    "a mask for each item": (
        attend(np.ones((2, 4, 4), bool)),
        ValueError,
        ["whole batch"],
    ),
    "a bias for each pair of nodes": (
        attend(bias=np.ones((4, 5))),
        ValueError,
        ["per edge", "(4,)"],
    ),
    "an activation for dot scores": (
        attend(activation="leaky_relu"),
        ValueError,
        ["no activation"],
    ),
    "another activation": (
        attend(score="additive", w=np.ones(3), activation="relu"),
        ValueError,
        ["leaky_relu"],
    ),
    "NaN": (attend(x=np.full((4, 3), np.nan)), ValueError, ["finite"]),
    "too many segments": (
        lambda: reference.segment_softmax(np.ones(2), [0, 5], 5),
        ValueError,
        ["0 to 4", "got 5"],
    ),
    "too few segments": (
        lambda: reference.segment_softmax(np.ones(2), [0], 5),
        ValueError,
        ["per score", "(1,)"],
    ),
    "an infinite score": (
        lambda: reference.segment_softmax(np.full(2, -np.inf), [0, 0], 1),
        ValueError,
        ["finite"],
    ),
    "a mask of numbers": (
        lambda: masks.to_edge_list(np.eye(3)),
        TypeError,
        ["boolean"],
    ),
    "a mask as a list": (
        lambda: masks.to_edge_list([[True]]),
        TypeError,
        ["NumPy array"],
    ),
    "a mask with a batch": (
        lambda: masks.to_edge_list(np.ones((2, 3, 3), bool)),
        ValueError,
        ["(L, S)"],
    ),
}


@pytest.mark.parametrize(("call", "error", "words"), BAD.values(), ids=BAD)
def test_bad_edges_are_explained(call, error, words):
    refused(call, error, words)


def test_scores_may_be_huge():
    scores = np.array([1e4, -1e4, 1e4])
    weights = reference.segment_softmax(scores, [0, 0, 1], 2)
    assert weights.tolist() == [1.0, 0.0, 1.0]
