"""The online softmax and exact attention in tiles, NumPy and torch."""

from __future__ import annotations

import math

import numpy as np
import pytest
from bad_input import refused
from hypothesis import given
from hypothesis import strategies as st

from selfattn import masks, reference, tiled

L, S, D_K, D_V, B, H = 7, 11, 5, 3, 2, 3


def draw(rng, dtype=np.float64, by=1.0):
    q = by * rng.standard_normal((B, H, L, D_K)).astype(dtype)
    k = rng.standard_normal((B, 1, S, D_K)).astype(dtype)
    v = rng.standard_normal((H, S, D_V)).astype(dtype)
    return q.astype(dtype), k, v


def mask_of(rng, kind):
    if kind == "none":
        return None
    if kind == "causal":
        return masks.causal(L, S)
    if kind == "padding":
        return masks.padding([3, 10], S)[:, None]  # (B, 1, 1, S)
    mask = rng.random((B, H, L, S)) < 0.2
    mask[..., 9] |= ~mask.any(axis=-1)
    return mask


@pytest.mark.parametrize("tile", [1, 2, 4, 7, 11, 64])
@pytest.mark.parametrize("kind", ["none", "causal", "padding", "scattered"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_tiles_of_any_size_give_the_reference(tile, kind, dtype):
    rng = np.random.default_rng(tile)
    q, k, v = draw(rng, dtype)
    mask = mask_of(rng, kind)
    want = reference.attention(q, k, v, mask=mask)
    have = tiled.tiled(q, k, v, tile=tile, mask=mask)
    close = 1e-12 if dtype == np.float64 else 2e-6
    for one, other in zip(have, want, strict=True):
        assert one.dtype == dtype and one.shape == other.shape
        np.testing.assert_allclose(one, other, rtol=0, atol=close)


def test_large_scores_do_not_overflow():
    rng = np.random.default_rng(0)
    q, k, v = draw(rng, by=3000.0)
    want, _ = reference.attention(q, k, v, scale=2.0)
    have, none = tiled.tiled(q, k, v, tile=3, scale=2.0, return_weights=False)
    assert none is None
    np.testing.assert_allclose(have, want, rtol=0, atol=1e-12)


@given(
    st.lists(st.floats(-800, 800), min_size=1, max_size=20), st.integers(1, 9)
)
def test_the_running_sum_is_that_of_all_scores(scores, tile):
    scores = np.array(scores)
    steps = tiled.running(scores, tile)
    top, _, total = steps[-1]
    assert len(steps) == math.ceil(len(scores) / tile)
    assert top == scores.max()
    np.testing.assert_allclose(total, np.exp(scores - top).sum(), rtol=1e-12)
    assert all(0 <= shrink <= 1 for _, shrink, _ in steps)


def count(n, s, d, w, rows):
    """Numbers moved by a walk over the tiles, counted one by one."""
    moved = 0
    for start in range(0, n, rows):
        mine = min(rows, n - start)
        moved += mine * d  # a tile of q
        for _ in range(s):
            moved += d + w  # a key and its value
        moved += mine * w  # a tile of the output
    return moved


@pytest.mark.parametrize("rows", [1, 3, 7, 64])
def test_the_model_of_traffic_counts_what_a_walk_reads(rows):
    assert tiled.traffic(L, S, D_K, D_V, rows=rows) == count(
        L, S, D_K, D_V, rows
    )
    steps = (L + S) * D_K + L * S, 2 * L * S, L * S + (S + L) * D_V
    assert tiled.traffic(L, S, D_K, D_V) == sum(steps)


@pytest.mark.parametrize("tile", [1, 3, 64])
@pytest.mark.parametrize("kind", ["none", "causal", "scattered"])
def test_the_torch_twin_gives_the_same(tile, kind):
    torch = pytest.importorskip("torch")
    from selfattn import attention

    rng = np.random.default_rng(tile)
    q, k, v = draw(rng)
    mask = mask_of(rng, kind)
    want = tiled.tiled(q, k, v, tile=tile, mask=mask)
    parts = [torch.from_numpy(x) for x in (q, k, v)]
    have = attention.tiled(*parts, tile=tile, mask=mask)
    for one, other in zip(have, want, strict=True):
        np.testing.assert_allclose(one.numpy(), other, rtol=0, atol=1e-12)
    mask = np.zeros((1, S), bool)  # nobody sees anything: zeros, no NaN
    out, weights = attention.tiled(*parts, tile=tile, mask=mask)
    assert not out.any() and not weights.any()


Q, K, V = np.ones((4, 2)), np.ones((5, 2)), np.ones((5, 3))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: tiled.tiled(Q, K, V, tile=0), "tile must be at least 1"),
        (lambda: tiled.tiled(Q, K, V, tile=2.5), "tile must be a whole"),
        (lambda: tiled.tiled(Q, K, V[1:]), "one value per key"),
        (lambda: tiled.tiled(Q, K[:, :1], V), "the same width"),
        (
            lambda: tiled.tiled(Q, K, V, mask=np.zeros((1, 5), bool)),
            "at least one key",
        ),
        (lambda: tiled.tiled(Q, K, V, scale=-1.0), "must be positive"),
        (lambda: tiled.tiled(np.inf * Q, K, V), "finite"),
        (lambda: tiled.running(Q, 2), "one row"),
        (lambda: tiled.running(np.ones(0), 2), "one row"),
        (lambda: tiled.running(np.array([np.nan]), 2), "finite"),
        (lambda: tiled.traffic(4, 0, 2, 3), "n_keys must be at least 1"),
        (lambda: tiled.traffic(4, 5, 2, 3, rows=0), "rows must be at least"),
    ],
)
def test_bad_input_is_refused_in_a_sentence(call, words):
    error = TypeError if "whole" in words else ValueError
    refused(call, error, [words])
