"""Several heads in NumPy: the oracle for the torch twin."""

from __future__ import annotations

import numpy as np
import pytest

from selfattn import masks
from selfattn.reference import (
    attention,
    merge_heads,
    multi_head,
    softmax,
    split_heads,
)

B, H, L, S, D_K, D_V = 2, 3, 5, 7, 11, 13


CLOSE = {"rtol": 1e-12, "atol": 1e-12}


@pytest.fixture
def rng():
    return np.random.default_rng(7)


def projections(rng, d_model=6, d_k=5, d_v=7, d_out=11):
    return (
        rng.normal(size=(d_model, H * d_k)),
        rng.normal(size=(d_model, H * d_k)),
        rng.normal(size=(d_model, H * d_v)),
        rng.normal(size=(H * d_v, d_out)),
    )


def test_heads_are_blocks_of_columns_attended_one_by_one(rng):
    x = rng.normal(size=(B, 5, 6))
    w_q, w_k, w_v, w_o = projections(rng)
    mask = masks.padding([5, 3])  # (B, 1, L)
    out, weights = multi_head(x, w_q, w_k, w_v, w_o, H, mask=mask)
    assert weights.shape == (B, H, 5, 5)
    parts = []
    for h in range(H):
        of_q, of_v = slice(h * 5, h * 5 + 5), slice(h * 7, h * 7 + 7)
        one, its_weights = attention(
            x @ w_q[:, of_q], x @ w_k[:, of_q], x @ w_v[:, of_v], mask=mask
        )
        np.testing.assert_allclose(weights[:, h], its_weights, **CLOSE)
        parts.append(one)
    want = np.concatenate(parts, axis=-1) @ w_o
    np.testing.assert_allclose(out, want, **CLOSE)
    without = multi_head(
        x, w_q, w_k, w_v, w_o, H, mask=mask, return_weights=False
    )
    assert without[1] is None
    np.testing.assert_array_equal(without[0], out)


@pytest.mark.parametrize("n_batch", [0, 1, 2])
def test_every_kind_of_mask_is_read_by_its_number_of_axes(rng, n_batch):
    batch = (H, B)[:n_batch]  # as many items as heads, to invite confusion
    x = rng.normal(size=(*batch, 5, 6))
    matrices = projections(rng)

    def run(mask):
        return multi_head(x, *matrices, H, mask=mask)[1]

    full = np.broadcast_to
    scores = (*batch, H, 5, 5)
    shared = masks.causal(5)  # (L, L)
    per_item = some(rng, (*batch, 5, 5))
    per_head = some(rng, scores)
    np.testing.assert_array_equal(run(shared), run(full(shared, scores)))
    np.testing.assert_array_equal(
        run(per_item), run(full(per_item[..., None, :, :], scores))
    )
    for weights, mask in (
        (run(shared), full(shared, scores)),
        (run(per_item), full(per_item[..., None, :, :], scores)),
        (run(per_head), per_head),
    ):
        assert ((weights > 0) == mask).all()


def some(rng, shape):
    return (rng.random(shape) < 0.5) | np.eye(shape[-1], dtype=bool)


def test_a_bias_of_three_axes_belongs_to_the_heads(rng):
    x = rng.normal(size=(H, 5, 6))  # as many items as heads
    matrices = projections(rng)
    bias = rng.normal(size=(H, 5, 5))
    got = multi_head(x, *matrices, H, bias=bias)[1]
    one = multi_head(x[1], *matrices, H, bias=bias)[1]
    np.testing.assert_allclose(got[1], one, **CLOSE)


def test_splitting_and_merging_undo_each_other_head_by_head(rng):
    x = rng.normal(size=(B, L, H * 7))
    parts = split_heads(x, H)
    assert parts.shape == (B, H, L, 7)
    np.testing.assert_array_equal(parts[1, 2, 3], x[1, 3, 14:21])
    np.testing.assert_array_equal(merge_heads(parts), x)


@pytest.mark.filterwarnings("error")
def test_softmax_of_the_largest_numbers_is_quiet_and_right():
    x = np.array([1e308, -1e308, 1e308, -np.inf])
    assert softmax(x).tolist() == [0.5, 0, 0.5, 0]


def test_an_empty_batch_has_heads_too():
    x = np.ones((0, 5, 6))
    split = split_heads(x, 2)
    assert split.shape == (0, 2, 5, 3)
    assert merge_heads(split).shape == x.shape
