"""The torch twin equals the reference, and torch's own functions."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from selfattn import attention as twin
from selfattn import masks, positions, reference

B, H, L, S, D_K, D_V = 2, 3, 5, 7, 11, 13
CLOSE = {np.float64: 1e-12, np.float32: 2e-5}
KINDS = [
    (score, weight, return_weights)
    for score in ("dot", "additive")
    for weight in ("softmax", "relu")
    for return_weights in (True, False)
]
SHAPES = {
    "one set": ((L, D_K), (S, D_K), (S, D_V)),
    "batch": ((B, L, D_K), (B, S, D_K), (B, S, D_V)),
    "heads": ((B, H, L, D_K), (B, H, S, D_K), (B, H, S, D_V)),
    "broadcast": ((B, H, L, D_K), (B, 1, S, D_K), (1, H, S, D_V)),
    "shared queries": ((L, D_K), (B, S, D_K), (B, S, D_V)),
    "five axes": ((B, 1, H, L, D_K), (B, 2, H, S, D_K), (2, H, S, D_V)),
    "one query, one key": ((1, 1), (1, 1), (1, 1)),
}
MASKS = {
    "none": lambda n_queries, n_keys: None,
    "padding": lambda n_queries, n_keys: masks.padding(
        [max(1, n_keys - 2)], n_keys
    )[0],
    "causal": lambda n_queries, n_keys: masks.causal(n_queries, n_keys),
    "window": lambda n_queries, n_keys: masks.window(n_keys, 1)[:n_queries],
    "edges": lambda n_queries, n_keys: masks.from_edges(
        [(0, n_keys - 1), (0, n_queries - 1)], n_keys
    )[:n_queries],
}


@pytest.fixture
def rng():
    return np.random.default_rng(5)


def tensors(*arrays):
    return [None if a is None else torch.from_numpy(a) for a in arrays]


def assert_same(got, want, dtype):
    """Outputs and weights agree, in shape, dtype and number."""
    for ours, theirs in zip(got, want, strict=True):
        assert (ours is None) == (theirs is None)
        if ours is None:
            continue
        assert tuple(ours.shape) == theirs.shape
        assert ours.detach().numpy().dtype == theirs.dtype == dtype
        np.testing.assert_allclose(
            ours.detach().numpy(), theirs, rtol=CLOSE[dtype], atol=CLOSE[dtype]
        )


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shapes", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("make_mask", MASKS.values(), ids=MASKS)
@pytest.mark.parametrize(("score", "weight", "return_weights"), KINDS)
def test_the_twin_is_the_reference(
    rng, score, weight, return_weights, make_mask, shapes, dtype
):
    q, k, v = (rng.normal(size=shape).astype(dtype) for shape in shapes)
    n_queries, n_keys, d_k = *q.shape[-2:-1], *k.shape[-2:]
    w = rng.normal(size=d_k).astype(dtype) if score == "additive" else None
    mask = make_mask(n_queries, n_keys)
    options = {
        "score": score,
        "weight": weight,
        "return_weights": return_weights,
    }
    want = reference.attention(q, k, v, mask=mask, w=w, **options)
    tq, tk, tv, tw, tmask = tensors(q, k, v, w, mask)
    got = twin.attention(tq, tk, tv, mask=tmask, w=tw, **options)
    assert_same(got, want, dtype)
    from_numpy = twin.attention(tq, tk, tv, mask=mask, w=tw, **options)
    assert_same(from_numpy, want, dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("scale", [None, 0.37])
@pytest.mark.parametrize(("score", "weight", "return_weights"), KINDS)
def test_full_masks_biases_and_scales_agree(
    rng, score, weight, return_weights, scale, masked, dtype
):
    q, k, v = (
        rng.normal(size=shape).astype(dtype) for shape in SHAPES["heads"]
    )
    w = np.ones(D_K, dtype) if score == "additive" else None
    mask = None
    if masked:
        mask = rng.random((B, 1, L, S)) < 0.5
        mask[..., 2] = True
    bias = positions.linear_bias(H, L, S)[None]  # (1, H, L, S)
    options = {
        "score": score,
        "weight": weight,
        "scale": scale,
        "mask": mask,
        "bias": bias,
        "return_weights": return_weights,
    }
    want = reference.attention(q, k, v, w=w, **options)
    got = twin.attention(*tensors(q, k, v), w=tensors(w)[0], **options)
    assert_same(got, want, dtype)


@pytest.mark.parametrize("return_weights", [True, False])
@pytest.mark.parametrize("make_mask", MASKS.values(), ids=MASKS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_twin_is_torchs_own_function(
    rng, dtype, make_mask, return_weights
):
    q, k, v = tensors(
        *(rng.normal(size=s).astype(dtype) for s in SHAPES["heads"])
    )
    mask = make_mask(L, S)
    want = F.scaled_dot_product_attention(
        q, k, v, attn_mask=None if mask is None else torch.from_numpy(mask)
    )
    out, _ = twin.attention(q, k, v, mask=mask, return_weights=return_weights)
    torch.testing.assert_close(out, want, rtol=CLOSE[dtype], atol=CLOSE[dtype])


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
@pytest.mark.parametrize(("score", "weight", "return_weights"), KINDS)
def test_half_precision_stays_near_and_keeps_its_dtype(
    rng, dtype, score, weight, return_weights
):
    q, k, v = (rng.normal(size=s) for s in SHAPES["heads"])
    w = np.ones(D_K) / D_K if score == "additive" else None
    options = {
        "score": score,
        "weight": weight,
        "return_weights": return_weights,
        "mask": masks.causal(L, S),
        "bias": positions.linear_bias(H, L, S)[None],
    }
    want = reference.attention(q, k, v, w=w, **options)[0]
    halves = [
        None if a is None else torch.tensor(a).to(dtype) for a in (q, k, v, w)
    ]
    out, _ = twin.attention(*halves[:3], w=halves[3], **options)
    assert out.dtype == dtype
    np.testing.assert_allclose(out.double(), want, atol=0.1, rtol=0.1)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("return_weights", [True, False])
def test_large_logits_neither_overflow_nor_blur(rng, return_weights, dtype):
    q, k, v = (1e4 * rng.normal(size=s).astype(dtype) for s in SHAPES["heads"])
    want = reference.attention(q, k, v)[0]
    out, _ = twin.attention(*tensors(q, k, v), return_weights=return_weights)
    np.testing.assert_allclose(out, want, rtol=1e-6)


# The rest ----------------------------------------------------------------


def test_scores_and_heads_are_those_of_the_reference(rng):
    q, k, _ = (rng.normal(size=s) for s in SHAPES["heads"])
    w = rng.normal(size=D_K)
    tq, tk, tw = tensors(q, k, w)
    close = {"rtol": 1e-12, "atol": 1e-12}
    np.testing.assert_allclose(
        twin.dot_scores(tq, tk), reference.dot_scores(q, k), **close
    )
    np.testing.assert_allclose(
        twin.dot_scores(tq, tk, 2.0), reference.dot_scores(q, k, 2), **close
    )
    np.testing.assert_allclose(
        twin.additive_scores(tq, tk, tw),
        reference.additive_scores(q, k, w),
        **close,
    )
    x = rng.normal(size=(B, L, 6))
    parts = twin.split_heads(torch.from_numpy(x), 3)
    np.testing.assert_array_equal(parts, reference.split_heads(x, 3))
    np.testing.assert_array_equal(twin.merge_heads(parts), x)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("return_weights", [True, False])
@pytest.mark.parametrize(
    "mask_shape",
    [None, (L, L), (1, L), (B, L, L), (B, 1, L), (B, H, L, L), (B, 1, 1, L)],
)
@pytest.mark.parametrize("bias_shape", [None, (L, L), (H, L, L)])
def test_several_heads_are_those_of_the_reference(
    rng, bias_shape, mask_shape, return_weights, dtype
):
    x = rng.normal(size=(B, L, 6)).astype(dtype)
    matrices = [
        rng.normal(size=shape).astype(dtype)
        for shape in ((6, H * 2), (6, H * 2), (6, H * 7), (H * 7, 11))
    ]
    mask = bias = None
    if mask_shape is not None:
        mask = rng.random(mask_shape) < 0.5
        mask[..., 0] = True
    if bias_shape is not None:
        bias = rng.normal(size=bias_shape)
    options = {"mask": mask, "bias": bias, "return_weights": return_weights}
    want = reference.multi_head(x, *matrices, H, **options)
    got = twin.multi_head(*tensors(x, *matrices), H, **options)
    assert_same(got, want, dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_rotary_is_that_of_positions(rng, dtype):
    x = rng.normal(size=(B, L, 6)).astype(dtype)
    at = np.array([3, 1, 4, 1, 5])
    for where in (None, at, torch.from_numpy(at)):
        got = twin.rotary(torch.from_numpy(x), where)
        want = positions.rotary(x, None if where is None else at)
        assert got.dtype == torch.from_numpy(x).dtype
        np.testing.assert_allclose(got, want, atol=CLOSE[dtype])


def test_the_fused_kernel_is_used_when_weights_are_not_asked_for(monkeypatch):
    calls = []
    real = F.scaled_dot_product_attention

    def spy(*args, **kwargs):
        calls.append(args[0].shape)
        return real(*args, **kwargs)

    monkeypatch.setattr(F, "scaled_dot_product_attention", spy)
    x = torch.ones(2, 3, 5)
    twin.attention(x, x, x)
    assert not calls
    twin.attention(x, x, x, return_weights=False)
    assert calls == [(1, 2, 3, 5)]  # four axes, for the quick kernels


def test_the_signatures_are_those_of_the_reference():
    import inspect

    for name in reference.__all__:
        assert inspect.signature(getattr(twin, name)) == inspect.signature(
            getattr(reference, name)
        ), name


def test_nobody_edits_the_callers_tensors():
    torch.manual_seed(3)
    x = torch.randn(L, D_K)
    mask = torch.eye(L, dtype=torch.bool)
    before = x.clone(), mask.clone()
    for return_weights in (True, False):
        twin.attention(x, x, x, mask=mask, return_weights=return_weights)
    assert torch.equal(x, before[0]) and torch.equal(mask, before[1])


def test_it_can_be_compiled_away_without_a_break():
    x = torch.randn(B, L, D_K)
    mask = torch.eye(L, dtype=torch.bool)

    def run(x):
        return twin.attention(x, x, x, mask=mask, return_weights=False)[0]

    traced = torch.compile(run, backend="eager", fullgraph=True)
    torch.testing.assert_close(traced(x), run(x))


def test_the_device_is_one_that_torch_can_use():
    assert torch.ones(2, device=twin.device()).sum() == 2
