"""The Triton kernel, interpreted on the CPU: equal to the reference."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from bad_input import refused

from selfattn import attention, fused_triton, masks

if fused_triton.WHY_NOT:
    pytest.skip(fused_triton.WHY_NOT, allow_module_level=True)

SIZES = [(1, 1, 1, 1), (7, 7, 5, 3), (33, 47, 19, 11), (3, 65, 16, 32)]
CLOSE = {torch.float32: 3e-6, torch.float16: 2e-3, torch.bfloat16: 2e-2}


def draw(n, s, d, w, dtype, batch=(2, 3)):
    made = torch.Generator().manual_seed(n * s)
    shapes = (*batch, n, d), (*batch, s, d), (*batch, s, w)
    return [torch.randn(x, generator=made).to(dtype) for x in shapes]


def expected(q, k, v, **options):
    """The same in float64."""
    exact = (x.double() for x in (q, k, v))
    return attention.attention(*exact, **options)[0]


@pytest.mark.parametrize("dtype", CLOSE, ids=str)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_odd_lengths_and_widths_agree_with_the_reference(size, dtype):
    q, k, v = draw(*size, dtype)
    out, none = fused_triton.fused(q, k, v)
    assert none is None and out.dtype == dtype
    want = expected(q, k, v)
    torch.testing.assert_close(out.double(), want, rtol=0, atol=CLOSE[dtype])


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16], ids=str)
@pytest.mark.parametrize("size", [(7, 7), (33, 33), (5, 37)], ids=str)
def test_causal_skips_what_comes_later(size, dtype):
    q, k, v = draw(*size, 5, 3, dtype)
    out, _ = fused_triton.fused(q, k, v, causal=True, scale=0.3)
    want = expected(q, k, v, mask=masks.causal(*size), scale=0.3)
    torch.testing.assert_close(out.double(), want, rtol=0, atol=CLOSE[dtype])


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize(
    "axes", [(1, 37), (19, 37), (2, 1, 1, 37), (2, 3, 19, 37), (1, 3, 19, 37)]
)
def test_masks_of_every_shape_are_obeyed(axes, causal):
    q, k, v = draw(19, 37, 5, 3, torch.float32)
    rng = np.random.default_rng(0)
    mask = rng.random(axes) < 0.4
    mask[..., 0] = True  # everybody has a key
    out, _ = fused_triton.fused(q, k, v, mask=mask, causal=causal)
    full = np.broadcast_to(mask, (2, 3, 19, 37)).copy()
    full = full & masks.causal(19, 37) if causal else full
    want = expected(q, k, v, mask=full)
    torch.testing.assert_close(out.double(), want, rtol=0, atol=3e-6)


def test_a_query_without_a_key_gets_zeros():
    q, k, v = draw(19, 37, 5, 3, torch.float32)
    mask = torch.ones(19, 37, dtype=torch.bool)
    mask[4] = False
    out, _ = fused_triton.fused(q, k, v, mask=mask)
    assert not out[..., 4, :].any() and out.isfinite().all()


def test_large_scores_do_not_overflow():
    q, k, v = draw(19, 37, 5, 3, torch.float32)
    out, _ = fused_triton.fused(1e4 * q, k, v)
    want = expected(1e4 * q, k, v)
    torch.testing.assert_close(out.double(), want, rtol=0, atol=0.02)


def test_batch_axes_broadcast_and_none_is_needed():
    q, k, v = draw(7, 11, 5, 3, torch.float32, batch=())
    out, _ = fused_triton.fused(q, k, v)
    assert out.shape == (7, 3)
    many, _ = fused_triton.fused(q.expand(3, 7, 5), k, v.expand(2, 1, 11, 3))
    assert many.shape == (2, 3, 7, 3)
    torch.testing.assert_close(many, out.expand(2, 3, 7, 3))


X = torch.ones(4, 2)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: fused_triton.fused(X.double(), X.double(), X.double()),
         TypeError, "float32, float16 or bfloat16"),
        (lambda: fused_triton.fused(X, X, torch.ones(4, 300)), ValueError,
         "widths up to 256"),
        (lambda: fused_triton.fused(X, X[:3], X[:3], causal=True),
         ValueError, "as many keys as queries"),
        (lambda: fused_triton.fused(X, X, X[:2]), ValueError,
         "one value per key"),
        (lambda: fused_triton.fused(X, X, X, scale=0.0), ValueError,
         "positive"),
        (lambda: fused_triton.fused(X, X, X, causal=1), TypeError,
         "True or False"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_in_a_sentence(call, error, words):
    refused(call, error, [words])
