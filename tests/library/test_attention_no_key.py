"""Queries with no key left, and gradients, in torch."""

from __future__ import annotations

import math

import pytest
import torch

from selfattn import attention as twin
from selfattn import masks

B, H, L, S, D_K, D_V = 2, 3, 5, 7, 11, 13


KINDS = [
    (score, weight, return_weights)
    for score in ("dot", "additive")
    for weight in ("softmax", "relu")
    for return_weights in (True, False)
]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("axes", [2, 3, 4])
@pytest.mark.parametrize("with_bias", [False, True])
@pytest.mark.parametrize(("score", "weight", "return_weights"), KINDS)
def test_a_query_with_no_key_left_gets_zeros_and_finite_gradients(
    score, weight, return_weights, with_bias, axes, dtype
):
    torch.manual_seed(0)
    batch = (B, H)[: axes - 2]
    q = torch.randn(*batch, L, D_K, dtype=dtype, requires_grad=True)
    k = torch.randn(*batch, S, D_K, dtype=dtype, requires_grad=True)
    v = torch.randn(*batch, S, D_V, dtype=dtype, requires_grad=True)
    w = torch.randn(D_K, dtype=dtype) if score == "additive" else None
    mask = torch.ones(L, S, dtype=torch.bool)
    mask[2] = False
    bias = None
    if with_bias:
        bias = torch.randn(L, S, dtype=dtype, requires_grad=True)
    out, weights = twin.attention(
        q,
        k,
        v,
        mask=mask,
        bias=bias,
        score=score,
        w=w,
        weight=weight,
        return_weights=return_weights,
    )
    assert (out[..., 2, :] == 0).all() and out.isfinite().all()
    if return_weights:
        assert (weights[..., 2, :] == 0).all() and weights.isfinite().all()
    out.square().sum().backward()
    for leaf in (q, k, v) + ((bias,) if with_bias else ()):
        assert leaf.grad.isfinite().all()
    assert (q.grad[..., 2, :] == 0).all()
    others = [i for i in range(L) if i != 2]
    alone = twin.attention(
        q[..., others, :],
        k,
        v,
        bias=None if bias is None else bias[others],
        score=score,
        w=w,
        weight=weight,
        return_weights=return_weights,
    )[0]
    torch.testing.assert_close(out[..., others, :], alone)


def test_softmax_is_torchs_but_for_slices_that_are_all_minus_infinity():
    x = torch.randn(3, 5, dtype=torch.float64)
    x[0, 2] = -math.inf
    for axis in (0, 1, -1):
        torch.testing.assert_close(
            twin.softmax(x, axis), torch.softmax(x, axis), rtol=0, atol=0
        )
    x[1] = -math.inf
    x.requires_grad_()
    weights = twin.softmax(x)
    assert (weights[1] == 0).all()
    weights.square().sum().backward()
    assert (x.grad[1] == 0).all() and x.grad.isfinite().all()


@pytest.mark.parametrize("return_weights", [True, False])
def test_a_bias_that_forbids_every_key_gives_zeros_too(return_weights):
    q = torch.randn(3, 5, requires_grad=True)
    bias = torch.zeros(3, 3)
    bias[1] = -math.inf
    out, _ = twin.attention(
        q, q, q.detach(), bias=bias, return_weights=return_weights
    )
    assert (out[1] == 0).all() and out.isfinite().all()
    out.square().sum().backward()
    assert q.grad.isfinite().all()


# Gradients ---------------------------------------------------------------


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize(("score", "weight", "return_weights"), KINDS)
def test_gradients_are_right(score, weight, return_weights, masked):
    torch.manual_seed(1)

    def leaf(*shape):
        return torch.randn(*shape, dtype=torch.float64, requires_grad=True)

    q, k, v, bias = leaf(2, 3, 5), leaf(2, 4, 5), leaf(2, 4, 2), leaf(3, 4)
    leaves = [q, k, v, bias]
    if score == "additive":
        leaves.append(leaf(5))
    mask = None
    if masked:
        mask = torch.tensor(
            [[1, 0, 1, 1], [0, 0, 0, 0], [0, 1, 1, 0]], dtype=torch.bool
        )

    def run(q, k, v, bias, w=None):
        return twin.attention(
            q,
            k,
            v,
            mask=mask,
            bias=bias,
            score=score,
            w=w,
            weight=weight,
            return_weights=return_weights,
        )[0]

    assert torch.autograd.gradcheck(run, leaves)


def test_the_gradient_of_the_weights_themselves_is_right():
    torch.manual_seed(2)
    q = torch.randn(3, 5, dtype=torch.float64, requires_grad=True)
    mask = masks.window(3, 1)

    def run(q):
        return twin.attention(q, q, q, mask=mask)[1]

    assert torch.autograd.gradcheck(run, [q])
