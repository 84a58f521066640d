"""Strided masks, low-rank attention and random features; their twins."""

from __future__ import annotations

import numpy as np
import pytest
from bad_input import refused

from selfattn import features, lowrank, masks, reference

L, S, D_K, D_V, R, B, H = 7, 11, 5, 3, 4, 2, 3


def draw(rng):
    q = rng.standard_normal((B, H, L, D_K))
    k = rng.standard_normal((B, 1, S, D_K))
    v = rng.standard_normal((H, S, D_V))
    e, f = rng.standard_normal((2, R, S))
    return q, k, v, e, f


@pytest.mark.parametrize("stride", [1, 2, 3, 7, 50])
def test_a_strided_mask_joins_equal_remainders(stride):
    mask = masks.strided(7, stride)
    for i in range(7):
        for j in range(7):
            assert mask[i, j] == (i % stride == j % stride)


def test_low_rank_is_attention_to_the_mixtures():
    q, k, v, e, f = draw(np.random.default_rng(0))
    want = reference.attention(q, e @ k, f @ v)
    have = lowrank.low_rank(q, k, v, e, f)
    for one, other in zip(have, want, strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-12)
    # As many mixtures as keys, each a key: nothing is lost.
    eye = np.eye(S)
    want, _ = reference.attention(q, k, v, scale=0.7)
    have, none = lowrank.low_rank(
        q, k, v, eye, eye, scale=0.7, return_weights=False
    )
    assert none is None
    np.testing.assert_allclose(have, want, rtol=0, atol=1e-12)


@pytest.mark.parametrize("scale", [None, 0.3])
def test_random_features_are_right_on_average(scale):
    rng = np.random.default_rng(0)
    q, k = 0.7 * rng.standard_normal((2, 3, D_K))
    want = np.exp(q @ k.T * (D_K**-0.5 if scale is None else scale))
    w = features.directions(200_000, D_K, seed=1)
    phi_q, phi_k = (
        features.positive_features(x, w, scale=scale) for x in (q, k)
    )
    assert (phi_q > 0).all()
    np.testing.assert_allclose(phi_q @ phi_k.T, want, rtol=0.02)


def test_directions_are_orthogonal_in_groups_and_as_long_as_normal_ones():
    w = features.directions(7, 3, seed=5)
    plain = features.directions(7, 3, seed=5, orthogonal=False)
    np.testing.assert_allclose(
        np.linalg.norm(w, axis=1), np.linalg.norm(plain, axis=1)
    )
    angles = w @ w.T
    for start in (0, 3):
        group = angles[start : start + 3, start : start + 3]
        assert np.allclose(group, np.diag(np.diag(group)), atol=1e-12)
    assert not np.allclose(plain[0] @ plain[1], 0, atol=1e-3)


def test_orthogonal_directions_have_the_smaller_error():
    rng = np.random.default_rng(0)
    q, k = rng.standard_normal((2, 50, 8))
    want = np.exp((q * k).sum(axis=1) * 8**-0.5)

    def error(orthogonal):
        found = []
        for seed in range(200):
            w = features.directions(8, 8, seed, orthogonal=orthogonal)
            phi_q, phi_k = (features.positive_features(x, w) for x in (q, k))
            found.append(((phi_q * phi_k).sum(axis=1) - want) / want)
        return np.mean(np.square(found))

    assert error(True) < 0.9 * error(False)


def test_the_torch_twins_give_the_same():
    torch = pytest.importorskip("torch")
    from selfattn import attention

    q, k, v, e, f = draw(np.random.default_rng(0))
    w = features.directions(7, D_K)
    tq, tk, tv, te, tf, tw = (torch.from_numpy(x) for x in (q, k, v, e, f, w))
    for have, want in [
        (attention.low_rank(tq, tk, tv, te, tf),
         lowrank.low_rank(q, k, v, e, f)),
        ([attention.positive_features(tq, tw, scale=0.3)],
         [features.positive_features(q, w, scale=0.3)]),
    ]:  # fmt: skip
        for one, other in zip(have, want, strict=True):
            np.testing.assert_allclose(one.numpy(), other, atol=1e-12)


@pytest.mark.parametrize("stride", [1, 3, 15])
def test_the_strided_form_is_its_mask(stride):
    torch = pytest.importorskip("torch")
    from selfattn import attention

    rng = np.random.default_rng(stride)
    q, k = rng.standard_normal((2, B, 15, D_K))
    v = rng.standard_normal((B, 15, D_V))
    want, full = reference.attention(q, k, v, mask=masks.strided(15, stride))
    out, weights = attention.strided(
        *(torch.from_numpy(x) for x in (q, k, v)), stride
    )
    np.testing.assert_allclose(out.numpy(), want, rtol=0, atol=1e-12)
    for i in range(15):
        mine = full[:, i, i % stride :: stride]
        np.testing.assert_allclose(weights[:, i].numpy(), mine, atol=1e-12)


Q, K, V, E = np.ones((4, 2)), np.ones((5, 2)), np.ones((5, 3)), np.ones((2, 5))
W = np.ones((7, 2))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: masks.strided(4, 0), "stride must be at least 1"),
        (lambda: masks.strided(0, 1), "n must be at least 1"),
        (lambda: lowrank.low_rank(Q, K, V, E.T, E), "one column per key"),
        (lambda: lowrank.low_rank(Q, K, V, E, E[:1]), "as many keys as"),
        (lambda: lowrank.low_rank(Q, K, V[:4], E, E), "one value per key"),
        (lambda: lowrank.low_rank(Q, K, V, E, np.inf * E), "finite"),
        (lambda: features.positive_features(Q, W.T), "as wide as x"),
        (lambda: features.positive_features(Q, W, scale=0.0), "positive"),
        (
            lambda: features.positive_features(30 * Q, 1e3 * W),
            "features",
        ),
        (lambda: features.directions(0, 3), "n_features must be at least"),
        (lambda: features.directions(3, 0), "d_k must be at least"),
    ],
)
def test_bad_input_is_refused_in_a_sentence(call, words):
    refused(call, ValueError, [words])


def test_a_stride_that_does_not_fit_is_refused():
    torch = pytest.importorskip("torch")
    from selfattn import attention

    x = torch.ones(4, 2)
    refused(lambda: attention.strided(x, x, x, 3), ValueError, ["divide"])
