"""The layers equal the reference, and torch's own modules."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from selfattn import masks, positions, reference
from selfattn.layers import (
    EncoderLayer,
    LearnedPositions,
    MultiHeadAttention,
    SelfAttention,
)

B, H, L, D = 2, 3, 5, 12
CLOSE = {"rtol": 1e-12, "atol": 1e-12}


@pytest.fixture(autouse=True)
def seed():
    torch.manual_seed(0)


def double(*shape):
    return torch.randn(*shape, dtype=torch.float64)


def count(layer):
    return sum(p.numel() for p in layer.parameters())


# One head ----------------------------------------------------------------


@pytest.mark.parametrize(("d_k", "d_v"), [(None, None), (3, 7)])
def test_self_attention_is_the_reference_on_projected_vectors(d_k, d_v):
    layer = SelfAttention(D, d_k, d_v).double()
    x, mask = double(B, L, D), masks.padding([5, 2])
    w_q, w_k, w_v = (
        w.weight.detach().numpy().T for w in (layer.w_q, layer.w_k, layer.w_v)
    )
    want = reference.attention(
        x.numpy() @ w_q, x.numpy() @ w_k, x.numpy() @ w_v, mask=mask
    )
    out, weights = layer(x, mask=mask, return_weights=True)
    np.testing.assert_allclose(out.detach(), want[0], **CLOSE)
    np.testing.assert_allclose(weights.detach(), want[1], **CLOSE)
    out, weights = layer(x, mask=mask)
    assert weights is None
    np.testing.assert_allclose(out.detach(), want[0], **CLOSE)


def test_self_attention_learns_three_matrices_and_nothing_else():
    assert count(SelfAttention(7, 3, 5)) == 7 * (2 * 3 + 5)
    assert count(SelfAttention(7)) == 3 * 7 * 7


# Several heads -----------------------------------------------------------


def matrices(layer):
    """The layer's weights as the reference takes them: (d_in, d_out)."""
    w_q, w_k, w_v = layer.qkv.weight.detach().numpy().reshape(3, D, D)
    return w_q.T, w_k.T, w_v.T, layer.out.weight.detach().numpy().T


MASKS = {
    "none": None,
    "shared": masks.causal(L),
    "keys": np.array([[True, True, False, True, False]]),
    "padding": masks.padding([5, 2]),
    "padding and causal": masks.padding([5, 2]) & masks.causal(L),
    "per head": masks.window(L, 1) | np.ones((B, H, 1, 1), dtype=bool),
    "window": masks.window(L, 1),
    "edges": masks.from_edges([(0, 3), (1, 4)], L),
}


@pytest.mark.parametrize("mask", MASKS.values(), ids=MASKS)
@pytest.mark.parametrize("with_bias", [False, True])
@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("return_weights", [False, True])
def test_multi_head_attention_is_the_reference(
    return_weights, causal, with_bias, mask
):
    layer = MultiHeadAttention(D, H).double()
    x = double(B, L, D)
    bias = positions.linear_bias(H, L) if with_bias else None
    both = mask
    if causal:
        past = masks.causal(L)
        both = past if mask is None else past & mask
    want = reference.multi_head(
        x.numpy(), *matrices(layer), H, mask=both, bias=bias
    )
    for given in (mask, None if mask is None else torch.from_numpy(mask)):
        out, weights = layer(
            x,
            mask=given,
            bias=bias,
            causal=causal,
            return_weights=return_weights,
        )
        np.testing.assert_allclose(out.detach(), want[0], **CLOSE)
        if return_weights:
            np.testing.assert_allclose(weights.detach(), want[1], **CLOSE)
        else:
            assert weights is None


@pytest.mark.parametrize("batch", [(), (B,), (B, 7)])
def test_any_batch_axes_are_a_loop(batch):
    layer = MultiHeadAttention(D, H, bias=True, rotary=True).double()
    x = double(*batch, L, D)
    for kwargs in ({}, {"causal": True}, {"return_weights": True}):
        out, _ = layer(x, **kwargs)
        for at in np.ndindex(batch):
            torch.testing.assert_close(out[at], layer(x[at], **kwargs)[0])


def test_rotary_scores_depend_on_distance_alone():
    layer = MultiHeadAttention(D, H, rotary=True).double()
    x = double(L, D)
    repeated = torch.cat([x, x, x])  # the same words again, L later
    _, weights = layer(repeated, return_weights=True)
    log = weights.detach().log()  # scores, up to a constant per row
    first, second = log[:, L : 2 * L, :L], log[:, 2 * L :, L : 2 * L]
    torch.testing.assert_close(
        first - first[..., :1], second - second[..., :1]
    )
    _, without = MultiHeadAttention(D, H)(x.float(), return_weights=True)
    assert without.shape == (H, L, L)


def test_rotary_turns_queries_and_keys_only():
    layer = MultiHeadAttention(D, H, rotary=True).double()
    x = double(B, L, D)
    w_q, w_k, w_v, w_o = matrices(layer)
    q, k, v = (
        reference.split_heads(x.numpy() @ w, H) for w in (w_q, w_k, w_v)
    )
    out, _ = reference.attention(positions.rotary(q), positions.rotary(k), v)
    want = reference.merge_heads(out) @ w_o
    np.testing.assert_allclose(layer(x)[0].detach(), want, **CLOSE)


# Positions and the whole layer -------------------------------------------


def test_learned_positions_are_added_row_by_row():
    layer = LearnedPositions(7, D)
    x = torch.randn(B, L, D)
    torch.testing.assert_close(layer(x) - x, layer.table[:L].expand(B, L, D))
    layer(x).sum().backward()
    assert (layer.table.grad[:L] == B).all()
    assert (layer.table.grad[L:] == 0).all()


def test_learned_positions_refuse_a_longer_input():
    with pytest.raises(ValueError, match="max_len = 4: got 5.*cut the input"):
        LearnedPositions(4, D)(torch.zeros(5, D))


def test_an_encoder_layer_adds_attention_then_a_net_per_vector():
    layer = EncoderLayer(D, H, d_hidden=7).double()
    x = double(B, L, D)
    mask = masks.padding([5, 2])
    out, weights = layer(x, mask=mask, return_weights=True)
    mixed, same = layer.attention(
        layer.norm_attention(x), mask=mask, return_weights=True
    )
    y = x + mixed
    torch.testing.assert_close(out, y + layer.net(layer.norm_net(y)))
    torch.testing.assert_close(weights, same)


def test_an_encoder_layer_is_torchs_pre_norm_layer():
    theirs = nn.TransformerEncoderLayer(
        D, H, 7, dropout=0.0, batch_first=True, norm_first=True
    ).double()
    ours = EncoderLayer(D, H, 7, bias=True).double()
    ours.attention.load_torch_mha(theirs.self_attn)
    for mine, torchs in (
        (ours.norm_attention, theirs.norm1),
        (ours.norm_net, theirs.norm2),
        (ours.net[0], theirs.linear1),
        (ours.net[2], theirs.linear2),
    ):
        mine.load_state_dict(torchs.state_dict())
    x = double(B, L, D)
    ignored = ~torch.from_numpy(masks.padding([5, 2]))[:, 0]
    want = theirs(x, src_key_padding_mask=ignored)
    got = ours(x, mask=masks.padding([5, 2]))[0]
    torch.testing.assert_close(got, want, **CLOSE)


@pytest.mark.parametrize(
    "make",
    [
        lambda: SelfAttention(D),
        lambda: MultiHeadAttention(D, H, bias=True),
        lambda: MultiHeadAttention(D, H, rotary=True),
        lambda: EncoderLayer(D, H, rotary=True),
    ],
)
def test_gradients_reach_every_parameter_and_padding_changes_nothing(make):
    layer = make().double()
    x = double(B, L, D)
    mask = masks.padding([5, 2])
    out, _ = layer(x, mask=mask)
    out.square().sum().backward()
    for name, p in layer.named_parameters():
        assert p.grad is not None and p.grad.isfinite().all(), name
        assert p.grad.abs().sum() > 0, name
    other = x.clone()
    other[1, 2:] = 100.0  # what stands in the padding
    again, _ = layer(other, mask=mask)
    torch.testing.assert_close(again[1, :2], out[1, :2])
    torch.testing.assert_close(again[0], out[0])


def test_nothing_is_kept_from_one_call_to_the_next():
    for layer in (
        SelfAttention(D),
        EncoderLayer(D, H),
        LearnedPositions(9, D),
    ):
        before = {
            name: set(vars(module)) for name, module in layer.named_modules()
        }
        layer(torch.randn(L, D))
        after = {
            name: set(vars(module)) for name, module in layer.named_modules()
        }
        assert before == after


def test_masks_of_a_square_batch_are_not_confused_with_heads():
    # As many items as heads, and as many as vectors: the number of axes
    # alone says what a mask is for.
    x = torch.randn(H, H, D, dtype=torch.float64)
    layer = MultiHeadAttention(D, H).double()
    mask = masks.padding([3, 1, 2])  # (B, 1, S)
    _, weights = layer(x, mask=mask, return_weights=True)
    for b in range(H):
        seen = weights[b] > 0  # (H, L, S)
        assert (seen == torch.from_numpy(mask[b])).all()


def test_under_autocast_the_layer_runs_in_half_precision():
    layer = MultiHeadAttention(D, H, rotary=True)
    x = torch.randn(B, L, D)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out, _ = layer(x, causal=True)
    assert out.dtype == torch.bfloat16
    torch.testing.assert_close(
        out.float(), layer(x, causal=True)[0], atol=0.05, rtol=0.05
    )
