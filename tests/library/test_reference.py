"""The reference computes what the lecture and the papers write."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from selfattn.reference import (
    additive_scores,
    attention,
    dot_scores,
    softmax,
)

B, H, L, S, D_K, D_V = 2, 3, 5, 7, 11, 13
# A busy machine is no failure.
slowly = settings(deadline=None)
CLOSE = {"rtol": 1e-12, "atol": 1e-12}


@pytest.fixture
def rng():
    return np.random.default_rng(7)


def by_hand(q, k, v, mask=None, score=None, weight="softmax"):
    """Attention of one set, one number at a time, in Python floats."""
    n_queries, n_keys, d_v = len(q), len(k), v.shape[1]
    out = np.zeros((n_queries, d_v))
    weights = np.zeros((n_queries, n_keys))
    for i in range(n_queries):
        seen = [j for j in range(n_keys) if mask is None or mask[i, j]]
        raw = {j: score(q[i], k[j]) for j in seen}
        if weight == "softmax":
            top = max(raw.values())
            total = sum(math.exp(s - top) for s in raw.values())
            kept = {j: math.exp(s - top) / total for j, s in raw.items()}
        else:
            kept = {j: max(s, 0.0) for j, s in raw.items()}
        for j, weight_ij in kept.items():
            weights[i, j] = weight_ij
            for d in range(d_v):
                out[i, d] += weight_ij * v[j, d]
    return out, weights


def scaled_dot(q_i, k_j):
    return sum(a * b for a, b in zip(q_i, k_j, strict=True)) / math.sqrt(D_K)


def draw(rng, *batch, dtype=np.float64):
    return (
        rng.normal(size=(*batch, L, D_K)).astype(dtype),
        rng.normal(size=(*batch, S, D_K)).astype(dtype),
        rng.normal(size=(*batch, S, D_V)).astype(dtype),
    )


def some_mask(rng, *batch):
    mask = rng.random((*batch, L, S)) < 0.5
    mask[..., 3] = True
    return mask


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("weight", ["softmax", "relu"])
def test_dot_attention_is_the_sum_written_out(rng, weight, masked):
    q, k, v = draw(rng)
    mask = some_mask(rng) if masked else None
    got = attention(q, k, v, mask=mask, weight=weight)
    want = by_hand(q, k, v, mask, scaled_dot, weight)
    np.testing.assert_allclose(got[0], want[0], **CLOSE)
    np.testing.assert_allclose(got[1], want[1], **CLOSE)


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("weight", ["softmax", "relu"])
def test_additive_attention_is_the_sum_written_out(rng, weight, masked):
    q, k, v = draw(rng)
    w = rng.normal(size=D_K)
    mask = some_mask(rng) if masked else None

    def score(q_i, k_j):
        return sum(w[d] * math.tanh(q_i[d] + k_j[d]) for d in range(D_K))

    got = attention(q, k, v, mask=mask, score="additive", w=w, weight=weight)
    want = by_hand(q, k, v, mask, score, weight)
    np.testing.assert_allclose(got[0], want[0], **CLOSE)
    np.testing.assert_allclose(got[1], want[1], **CLOSE)


def test_the_lecture_columns_give_the_same_numbers(rng):
    q, k, v = draw(rng)
    out, weights = attention(q, k, v, scale=1.0)
    Q, K, V = q.T, k.T, v.T  # the lecture's columns
    A = K.T @ Q  # (S, L)
    A_prime = softmax(A, axis=0)  # (S, L)
    np.testing.assert_allclose((V @ A_prime).T, out, **CLOSE)
    np.testing.assert_allclose(A_prime.T, weights, **CLOSE)


def test_scale_is_one_over_root_d_k_unless_given(rng):
    q, k, _ = draw(rng)
    unscaled = dot_scores(q, k, scale=1.0)
    np.testing.assert_allclose(
        dot_scores(q, k), unscaled / math.sqrt(D_K), **CLOSE
    )
    np.testing.assert_allclose(
        dot_scores(q, k, scale=np.float32(0.5)), unscaled / 2, **CLOSE
    )


def test_additive_scores_are_not_scaled_unless_asked(rng):
    q, k, v = draw(rng)
    w = rng.normal(size=D_K)
    scores = additive_scores(q, k, w)
    plain = attention(q, k, v, score="additive", w=w)[1]
    tripled = attention(q, k, v, score="additive", w=w, scale=3.0)[1]
    np.testing.assert_allclose(plain, softmax(scores), **CLOSE)
    np.testing.assert_allclose(tripled, softmax(3 * scores), **CLOSE)


def test_a_row_of_scores_below_zero_has_no_relu_weight_and_output_zero():
    q = np.array([[1.0], [-1.0]])
    k = np.array([[2.0], [3.0]])
    v = np.array([[5.0], [7.0]])
    out, weights = attention(q, k, v, weight="relu")
    assert weights.tolist() == [[2.0, 3.0], [0.0, 0.0]]
    assert out.tolist() == [[31.0], [0.0]]


def test_a_bias_is_added_before_the_softmax(rng):
    q, k, v = draw(rng)
    bias = rng.normal(size=(L, S))
    got = attention(q, k, v, bias=bias)[1]
    np.testing.assert_allclose(got, softmax(dot_scores(q, k) + bias), **CLOSE)


@pytest.mark.parametrize(
    ("q_batch", "k_batch", "v_batch"),
    [
        ((B,), (B,), (B,)),
        ((B, H), (B, H), (B, H)),
        ((B, H), (B, 1), (1, H)),
        ((), (B,), (B,)),
        ((B,), (), ()),
        ((B, 1, 1), (H, 1), (5,)),
        ((), (), (B,)),
        ((0,), (0,), (0,)),
    ],
)
def test_batch_axes_broadcast_as_a_loop_over_them(
    rng, q_batch, k_batch, v_batch
):
    q = rng.normal(size=(*q_batch, L, D_K))
    k = rng.normal(size=(*k_batch, S, D_K))
    v = rng.normal(size=(*v_batch, S, D_V))
    out, weights = attention(q, k, v)
    batch = np.broadcast_shapes(q_batch, k_batch, v_batch)
    assert out.shape == (*batch, L, D_V)
    assert weights.shape == (
        *np.broadcast_shapes(q_batch, k_batch),
        L,
        S,
    )
    q = np.broadcast_to(q, (*batch, L, D_K))
    k = np.broadcast_to(k, (*batch, S, D_K))
    v = np.broadcast_to(v, (*batch, S, D_V))
    for at in np.ndindex(batch):
        np.testing.assert_allclose(
            out[at], attention(q[at], k[at], v[at])[0], **CLOSE
        )


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("score", ["dot", "additive"])
@pytest.mark.parametrize("weight", ["softmax", "relu"])
def test_the_dtype_goes_through(rng, dtype, score, weight):
    q, k, v = draw(rng, B, dtype=dtype)
    w = np.ones(D_K, dtype) if score == "additive" else None
    out, weights = attention(
        q,
        k,
        v,
        score=score,
        w=w,
        weight=weight,
        mask=some_mask(rng),
        bias=np.zeros((L, S)),
        scale=np.float64(0.3),
    )
    assert out.dtype == weights.dtype == dtype


def test_the_weights_are_left_out_when_not_asked_for(rng):
    q, k, v = draw(rng)
    with_them = attention(q, k, v)
    without = attention(q, k, v, return_weights=False)
    assert without[1] is None
    np.testing.assert_array_equal(without[0], with_them[0])


def test_large_logits_neither_overflow_nor_blur(rng):
    q, k, v = (1e4 * a.astype(np.float32) for a in draw(rng))
    out, weights = attention(q, k, v)
    winner = dot_scores(q, k).argmax(-1)
    np.testing.assert_array_equal(out, v[winner])
    np.testing.assert_array_equal(weights.sum(-1), 1)
    np.testing.assert_allclose(
        softmax(np.array([1e300, 1e300])), [0.5, 0.5], **CLOSE
    )


def test_nobody_edits_the_callers_arrays(rng):
    q, k, v = draw(rng)
    w, mask, bias = np.ones(D_K), some_mask(rng), np.ones((L, S))
    for a in (q, k, v, w, mask, bias):
        a.setflags(write=False)
    attention(q, k, v, mask=mask, bias=bias, score="additive", w=w)
    attention(q, k, v, mask=mask, bias=bias, weight="relu")


def test_a_memory_mapped_array_is_as_good_as_any(rng, tmp_path):
    q, k, v = draw(rng)
    np.save(tmp_path / "q.npy", q)
    mapped = np.load(tmp_path / "q.npy", mmap_mode="r")
    np.testing.assert_array_equal(
        attention(mapped, k, v)[0], attention(q, k, v)[0]
    )


# Properties ---------------------------------------------------------------

numbers = st.floats(-1e3, 1e3, allow_nan=False, width=32)
sizes = st.integers(1, 6)


@st.composite
def inputs(draw_, batch=()):
    n_queries, n_keys, d_k, d_v = (draw_(sizes) for _ in range(4))
    q, k, v = (
        draw_(hnp.arrays(np.float64, (*batch, *shape), elements=numbers))
        for shape in ((n_queries, d_k), (n_keys, d_k), (n_keys, d_v))
    )
    mask = draw_(hnp.arrays(bool, (n_queries, n_keys)))
    mask[:, draw_(st.integers(0, n_keys - 1))] = True
    return q, k, v, mask


@slowly
@given(inputs())
def test_softmax_rows_sum_to_one_and_are_not_negative(drawn):
    q, k, v, mask = drawn
    _, weights = attention(q, k, v, mask=mask)
    assert (weights >= 0).all()
    np.testing.assert_allclose(weights.sum(-1), 1, rtol=1e-12)


@slowly
@given(inputs())
def test_outputs_stay_between_the_smallest_and_largest_value(drawn):
    q, k, v, mask = drawn
    out, _ = attention(q, k, v, mask=mask)
    for i in range(len(q)):
        seen = v[mask[i]]
        assert (out[i] >= seen.min(0) - 1e-9).all()
        assert (out[i] <= seen.max(0) + 1e-9).all()


@slowly
@given(inputs(), st.sampled_from(["softmax", "relu"]))
def test_masked_keys_have_no_weight_and_no_influence(drawn, weight):
    q, k, v, mask = drawn
    out, weights = attention(q, k, v, mask=mask, weight=weight)
    assert (weights[~mask] == 0).all()
    for i in range(len(q)):  # as if the masked keys were not there
        alone = attention(q[i : i + 1], k[mask[i]], v[mask[i]], weight=weight)
        scale = 1 + abs(alone[0]).max()
        assert (abs(out[i] - alone[0][0]) <= 1e-9 * scale).all()


@slowly
@given(inputs(), st.data())
def test_the_order_of_keys_does_not_matter_that_of_queries_carries_over(
    drawn, data
):
    q, k, v, mask = drawn
    of_queries = data.draw(st.permutations(range(len(q))))
    of_keys = data.draw(st.permutations(range(len(k))))
    out, weights = attention(q, k, v, mask=mask)
    moved = attention(
        q[of_queries],
        k[of_keys],
        v[of_keys],
        mask=mask[of_queries][:, of_keys],
    )
    tiny = {"rtol": 1e-7, "atol": 1e-7}
    np.testing.assert_allclose(moved[0], out[of_queries], **tiny)
    np.testing.assert_allclose(
        moved[1], weights[of_queries][:, of_keys], **tiny
    )


@slowly
@given(inputs(batch=(3,)))
def test_a_batch_is_a_loop(drawn):
    q, k, v, mask = drawn
    out, weights = attention(q, k, v, mask=mask)
    for b in range(3):
        alone = attention(q[b], k[b], v[b], mask=mask)
        np.testing.assert_allclose(out[b], alone[0], rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(weights[b], alone[1], rtol=1e-9, atol=1e-9)


@slowly
@given(
    hnp.arrays(np.float64, (3, 5), elements=numbers),
    st.floats(-1e3, 1e3),
)
def test_softmax_does_not_notice_a_constant(x, constant):
    np.testing.assert_allclose(
        softmax(x + constant), softmax(x), rtol=1e-6, atol=1e-12
    )
