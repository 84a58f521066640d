"""Banded attention in torch equals the NumPy form, and stays lean."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from bad_input import refused
from torch.utils._python_dispatch import TorchDispatchMode

from selfattn import attention, banded, masks, sliding


def drawn(seed, *shapes, dtype=np.float64):
    rng = np.random.default_rng(seed)
    return [rng.standard_normal(s).astype(dtype) for s in shapes]


def tensors(*arrays):
    return [torch.from_numpy(a) for a in arrays]


@pytest.mark.parametrize("radius", [0, 1, 3, 30])
@pytest.mark.parametrize("n", [1, 2, 7, 23])
def test_the_torch_form_equals_the_numpy_form(n, radius):
    arrays = drawn(n, (2, 3, n, 5), (2, 1, n, 5), (3, n, 7))
    want = banded.banded(*arrays, radius)
    got = attention.banded(*tensors(*arrays), radius)
    for ours, theirs in zip(got, want, strict=True):
        assert ours.shape == theirs.shape
        np.testing.assert_allclose(ours, theirs, atol=1e-12)


def test_padding_and_scale_work_as_in_numpy():
    arrays = drawn(3, (2, 11, 5), (2, 11, 5), (2, 11, 7), dtype=np.float32)
    padded = masks.padding([11, 9])
    want = banded.banded(*arrays, 3, mask=padded, scale=0.7)
    for mask in (padded, torch.from_numpy(padded)):
        got = attention.banded(*tensors(*arrays), 3, mask=mask, scale=0.7)
        for ours, theirs in zip(got, want, strict=True):
            np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_the_gradient_is_that_of_a_window_on_the_full_form():
    arrays = drawn(4, (2, 19, 5), (2, 19, 5), (2, 19, 3), (2, 19, 3))
    *inputs, weigh = tensors(*arrays)
    for x in inputs:
        x.requires_grad_()
    mask = masks.window(19, 2) & masks.padding([19, 17])
    full, _ = attention.attention(*inputs, mask=mask)
    want = torch.autograd.grad((full * weigh).sum(), inputs)
    out, _ = sliding.banded(*inputs, 2, mask=masks.padding([19, 17]))
    got = torch.autograd.grad((out * weigh).sum(), inputs)
    for ours, theirs in zip(got, want, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-12)


def test_a_query_with_no_key_within_reach_gets_zeros_and_finite_gradients():
    q, k, v = (x.requires_grad_() for x in tensors(*drawn(5, *[(9, 3)] * 3)))
    out, weights = sliding.banded(q, k, v, 2, mask=masks.padding([3], 9)[0])
    assert (out[5:] == 0).all() and (weights[5:] == 0).all()
    assert (weights[:5].sum(-1) - 1).abs().max() < 1e-12
    out.sum().backward()
    assert all(x.grad.isfinite().all() for x in (q, k, v))


class Largest(TorchDispatchMode):
    """Remembers the largest tensor that was made."""

    elements = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        made = func(*args, **(kwargs or {}))
        for x in made if isinstance(made, (tuple, list)) else [made]:
            if isinstance(x, torch.Tensor):
                size = x.untyped_storage().nbytes() // x.element_size()
                self.elements = max(self.elements, size)
        return made


def test_nothing_of_size_l_times_l_is_ever_made():
    n, radius = 3000, 10
    q, k, v = tensors(*drawn(6, *[(n, 7)] * 3))
    with Largest() as banded_form:
        sliding.banded(q, k, v, radius)
    with Largest() as full_form:
        attention.attention(q, k, v)
    assert full_form.elements >= n * n
    assert banded_form.elements <= 2.5 * banded.pairs(n, radius)


X = torch.ones(5, 3)
REFUSED = {
    "more keys than queries": (
        lambda: sliding.banded(X, torch.ones(7, 3), torch.ones(7, 3), 1),
        ValueError,
        ["5 queries and 7 keys", "as many queries as keys"],
    ),
    "a mask with a row for each query": (
        lambda: sliding.banded(X, X, X, 1, mask=masks.window(5, 1)),
        ValueError,
        ["(5, 5)", "over the keys"],
    ),
    "a radius below 0": (
        lambda: sliding.banded(X, X, X, -1),
        ValueError,
        ["got -1", "radius must be at least 0"],
    ),
    "whole numbers": (
        lambda: sliding.banded(X.int(), X.int(), X.int(), 1),
        TypeError,
        ["int32", "q must be a floating tensor"],
    ),
    "an array": (
        lambda: sliding.banded(np.ones((5, 3)), X, X, 1),
        TypeError,
        ["float64 array", "q must be a torch tensor"],
    ),
}


@pytest.mark.parametrize(
    ("call", "error", "words"), REFUSED.values(), ids=REFUSED
)
def test_it_refuses(call, error, words):
    refused(call, error, words)
