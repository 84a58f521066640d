"""Edge-list attention in torch equals the reference, and others' layers."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import torch
from bad_input import refused
from test_edges import KINDS, draw, shuffled, some_mask

from selfattn import attention, masks, reference


def tensors(*arrays):
    return [None if a is None else torch.from_numpy(a) for a in arrays]


@pytest.mark.parametrize("shape", [(), (2,), (2, 3)])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_the_twin_is_the_reference(kind, dtype, shape):
    rng = np.random.default_rng(7)
    q, k, v, w = draw(rng, shape, 5, 7, dtype)
    w = w if kind["score"] == "additive" else None
    mask = some_mask(rng, 5, 7)
    pairs = shuffled(rng, masks.to_edge_list(mask))
    bias = rng.normal(size=len(pairs)).astype(dtype)
    tq, tk, tv, tw, tmask, tpairs = tensors(q, k, v, w, mask, pairs)
    close = {"rtol": 0, "atol": 1e-12 if dtype == np.float64 else 5e-6}
    for ours, theirs, more in (
        (pairs, pairs, {}),
        (pairs, tpairs, {"bias": bias}),
        (pairs, tpairs.int(), {}),
        (mask, mask, {}),
        (mask, tmask, {}),
    ):
        want = reference.edge_attention(
            q, k, v, mask=ours, w=w, **more, **kind
        )
        got = attention.edge_attention(
            tq, tk, tv, mask=theirs, w=tw, **more, **kind
        )
        for a, b in zip(got, want, strict=True):
            assert a.numpy().dtype == b.dtype == dtype
            np.testing.assert_allclose(a, b, **close)
    full, _ = attention.attention(tq, tk, tv, mask=mask, w=tw, **kind)
    np.testing.assert_allclose(got[0], full, **close)


@pytest.mark.parametrize("activation", ["tanh", "leaky_relu"])
def test_additive_scores_of_both_modules_agree(activation):
    q, k, _, w = draw(np.random.default_rng(2), (2,), 5, 7)
    want = reference.additive_scores(q, k, w, activation)
    got = attention.additive_scores(*tensors(q, k, w), activation)
    np.testing.assert_allclose(got, want, atol=1e-12)


def test_gradients_are_those_of_the_mask():
    rng = np.random.default_rng(1)
    mask = some_mask(rng, 5, 7)
    found = []
    for call, form in (
        (attention.attention, mask),
        (attention.edge_attention, masks.to_edge_list(mask)),
    ):
        q, k, v = tensors(*draw(np.random.default_rng(4), (2,), 5, 7)[:3])
        for t in (q, k, v):
            t.requires_grad_()
        out, _ = call(q, k, v, mask=form)
        out.square().sum().backward()
        found.append((q.grad, k.grad, v.grad))
    for a, b in zip(*found, strict=True):
        torch.testing.assert_close(a, b, rtol=0, atol=1e-12)


def test_a_query_without_an_edge_gets_zeros_and_finite_gradients():
    x = torch.randn(3, 2, requires_grad=True)
    out, weights = attention.edge_attention(
        x, x, x, mask=torch.tensor([[0, 1], [0, 2]])
    )
    out.sum().backward()
    assert out[1:].eq(0).all() and weights.sum().isclose(torch.tensor(1.0))
    assert x.grad.isfinite().all()


X = torch.ones(4, 3)
LOOPS = torch.arange(4)[:, None].expand(4, 2)
BAD = {
    "an edge list transposed": (
        lambda: attention.edge_attention(X, X, X, mask=LOOPS.T[:, :3]),
        ValueError,
        ["(E, 2)"],
    ),
    "floats": (
        lambda: attention.edge_attention(X, X, X, mask=LOOPS.float()),
        TypeError,
        ["whole numbers", ".long()"],
    ),
    "a mask of another size": (
        lambda: attention.edge_attention(
            X, X, X, mask=torch.ones(4, 3, dtype=torch.bool)
        ),
        ValueError,
        ["(4, 4)", "(4, 3)"],
    ),
    "arrays": (
        lambda: attention.edge_attention(X.numpy(), X, X, mask=LOOPS),
        TypeError,
        ["torch tensor"],
    ),
    "a bias of another size": (
        lambda: attention.edge_attention(
            X, X, X, mask=LOOPS, bias=torch.ones(5)
        ),
        ValueError,
        ["per edge"],
    ),
    "segments that are floats": (
        lambda: attention.segment_softmax(X[0], X[0], 2),
        TypeError,
        ["segment", ".long()"],
    ),
    "segments of another length": (
        lambda: attention.segment_softmax(X[0], LOOPS[:, 0], 4),
        ValueError,
        ["per score"],
    ),
}


@pytest.mark.parametrize(("call", "error", "words"), BAD.values(), ids=BAD)
def test_bad_edges_are_explained(call, error, words):
    refused(call, error, words)


# ------------------------------------------------------- PyTorch Geometric


@pytest.fixture(scope="module")
def geometric():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip("torch_geometric.nn")


def graph(seed=0, n=7):
    rng = np.random.default_rng(seed)
    pairs = masks.to_edge_list(some_mask(rng, n, n) | np.eye(n, dtype=bool))
    x = torch.from_numpy(rng.normal(size=(n, 5)))
    index = torch.from_numpy(pairs.T[::-1].copy())  # (2, E): keys first
    return x, pairs, index


def heads(x, n_heads):
    return attention.split_heads(x, n_heads)  # (H, n, d)


def test_gatv2_of_pytorch_geometric_is_additive_attention(geometric):
    x, pairs, index = graph()
    torch.manual_seed(1)
    layer = geometric.GATv2Conv(
        5, 3, heads=2, add_self_loops=False, bias=False
    ).double()
    want, (_, want_weights) = layer(
        x, index, return_attention_weights=True
    )  # (n, 2 * 3), (E, 2)
    k, q = heads(layer.lin_l(x), 2), heads(layer.lin_r(x), 2)  # (2, n, 3)
    for head, w in enumerate(layer.att[0]):
        out, weights = attention.edge_attention(
            q[head],
            k[head],
            k[head],
            mask=pairs,
            score="additive",
            w=w,
            activation="leaky_relu",
        )
        torch.testing.assert_close(
            out, want[:, 3 * head : 3 * head + 3], rtol=0, atol=1e-12
        )
        torch.testing.assert_close(
            weights, want_weights[:, head], rtol=0, atol=1e-12
        )


def test_gat_of_pytorch_geometric_is_two_numbers_per_node(geometric):
    """LeakyReLU(s_i + t_j) is an additive score of width 1 with w = 1."""
    x, pairs, index = graph(3)
    torch.manual_seed(2)
    layer = geometric.GATConv(
        5, 3, heads=1, add_self_loops=False, bias=False
    ).double()
    want, (_, want_weights) = layer(x, index, return_attention_weights=True)
    v = layer.lin(x)  # (n, 3)
    out, weights = attention.edge_attention(
        v @ layer.att_dst[0].T,
        v @ layer.att_src[0].T,
        v,
        mask=pairs,
        score="additive",
        w=torch.ones(1, dtype=torch.float64),
        activation="leaky_relu",
    )
    torch.testing.assert_close(out, want, rtol=0, atol=1e-12)
    torch.testing.assert_close(weights, want_weights[:, 0], rtol=0, atol=1e-12)
