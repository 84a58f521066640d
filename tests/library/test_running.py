"""Linear attention in torch equals the NumPy form, and stays lean."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from bad_input import refused
from test_sliding import Largest, drawn, tensors

from selfattn import attention, linear, running

FORMS = ("parallel", "recurrent", "chunked")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("n", [1, 2, 13])
@pytest.mark.parametrize("causal", [True, False])
def test_the_torch_form_equals_the_numpy_form(form, n, causal):
    arrays = drawn(n, (2, 3, n, 5), (2, 1, n, 5), (3, n, 7))
    options = {"form": form, "chunk": 4, "causal": causal}
    want = linear.linear_attention(*arrays, **options)
    got = attention.linear_attention(*tensors(*arrays), **options)
    np.testing.assert_allclose(got[0], want[0], rtol=0, atol=1e-12)
    seconds = [(got[1], want[1])] if form == "parallel" else []
    seconds = seconds or list(zip(got[1], want[1], strict=True))
    for ours, theirs in seconds:
        assert ours.shape == theirs.shape
        np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-12)


def test_a_state_goes_on_where_it_stopped():
    q, k, v = tensors(*drawn(3, (2, 11, 5), (2, 11, 5), (2, 11, 3)))
    whole, _ = running.linear_attention(q, k, v, form="recurrent")
    _, state = running.linear_attention(
        q[:, :4], k[:, :4], v[:, :4], form="chunked", chunk=3
    )
    rest, _ = running.linear_attention(
        q[:, 4:], k[:, 4:], v[:, 4:], form="chunked", chunk=3, state=state
    )
    np.testing.assert_allclose(rest, whole[:, 4:], atol=1e-12)


def test_all_forms_have_one_gradient():
    *inputs, weigh = tensors(*drawn(4, (2, 13, 5), (2, 13, 5), *[(13, 3)] * 2))
    for x in inputs:
        x.requires_grad_()
    found = []
    for form in FORMS:
        out, _ = attention.linear_attention(*inputs, form=form, chunk=5)
        found.append(torch.autograd.grad((out * weigh).sum(), inputs))
    for other in found[1:]:
        for ours, theirs in zip(found[0], other, strict=True):
            np.testing.assert_allclose(ours, theirs, atol=1e-12)


def test_features_that_never_meet_give_zeros_and_finite_gradients():
    q, k, v = (x.requires_grad_() for x in tensors(*drawn(5, *[(7, 3)] * 3)))
    for form in FORMS:
        out, _ = attention.linear_attention(
            q - 9, k, v, features=torch.relu, form=form
        )
        assert (out == 0).all()
        for grad in torch.autograd.grad(
            out.sum(), (q, k, v), allow_unused=True
        ):
            assert grad is None or grad.isfinite().all()


def test_the_chunked_form_makes_nothing_of_size_l_by_l():
    n = 997
    q, k, v = tensors(*drawn(6, (n, 5), (n, 5), (n, 3)))
    with Largest() as most:
        attention.linear_attention(q, k, v, form="chunked", chunk=16)
    assert most.elements <= 5 * n < n * n


Y = torch.ones(5, 3)
REFUSED = {
    "an array": (
        lambda: running.linear_attention(Y.numpy(), Y, Y),
        TypeError,
        ["q must be a torch tensor"],
    ),
    "more keys than queries": (
        lambda: running.linear_attention(Y[:2], Y, Y),
        ValueError,
        ["2 queries and 5 keys"],
    ),
    "features of another dtype": (
        lambda: running.linear_attention(Y, Y, Y, features=torch.Tensor.half),
        TypeError,
        ["float16", "share one dtype"],
    ),
    "features of another length": (
        lambda: running.linear_attention(Y, Y, Y, features=lambda x: x[1:]),
        ValueError,
        ["(4, 3)", "one row per vector"],
    ),
    "a state of another width": (
        lambda: running.linear_attention(
            Y, Y, Y, form="recurrent", state=(Y, Y[0])
        ),
        ValueError,
        ["(5, 3) and (3,)", "shapes (3, 3) and (3,)"],
    ),
}


@pytest.mark.parametrize(
    ("call", "error", "words"), REFUSED.values(), ids=REFUSED
)
def test_it_refuses(call, error, words):
    refused(call, error, words)
