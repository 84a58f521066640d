"""Several heads are torch's own module, weight by weight."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from selfattn import masks
from selfattn.layers import (
    MultiHeadAttention,
)

B, H, L, D = 2, 3, 5, 12


CLOSE = {"rtol": 1e-12, "atol": 1e-12}


@pytest.fixture(autouse=True)
def seed():
    torch.manual_seed(0)


def double(*shape):
    return torch.randn(*shape, dtype=torch.float64)


def matrices(layer):
    """The layer's weights as the reference takes them: (d_in, d_out)."""
    w_q, w_k, w_v = layer.qkv.weight.detach().numpy().reshape(3, D, D)
    return w_q.T, w_k.T, w_v.T, layer.out.weight.detach().numpy().T


TORCH_MASKS = {
    "none": (None, {}),
    "causal": (
        masks.causal(L),
        {"attn_mask": masks.to_torch_mha(torch.from_numpy(masks.causal(L)))},
    ),
    "padding": (
        masks.padding([5, 2]),
        {
            "key_padding_mask": masks.to_torch_mha(
                torch.from_numpy(masks.padding([5, 2]))[:, 0]
            )
        },
    ),
}
TORCH_MASKS["padding and causal"] = (
    masks.padding([5, 2]) & masks.causal(L),
    {**TORCH_MASKS["causal"][1], **TORCH_MASKS["padding"][1]},
)


@pytest.mark.parametrize("masks_", TORCH_MASKS.values(), ids=TORCH_MASKS)
@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("return_weights", [False, True])
@pytest.mark.parametrize(
    ("dtype", "tolerance"), [(torch.float64, 1e-12), (torch.float32, 1e-5)]
)
@pytest.mark.parametrize("direction", ["from torch", "to torch"])
def test_copied_weights_give_torchs_numbers(
    direction, dtype, tolerance, return_weights, bias, masks_
):
    mask, theirs_masks = masks_
    x = torch.randn(B, L, D, dtype=dtype)
    if direction == "from torch":
        theirs = nn.MultiheadAttention(
            D, H, bias=bias, batch_first=True, dtype=dtype
        )
        if bias:  # torch starts them at 0, which would prove nothing
            nn.init.normal_(theirs.in_proj_bias)
            nn.init.normal_(theirs.out_proj.bias)
        ours = MultiHeadAttention(D, H, bias=bias).to(dtype)
        assert ours.load_torch_mha(theirs) is ours
    else:
        ours = MultiHeadAttention(D, H, bias=bias).to(dtype)
        theirs = ours.to_torch_mha()
    want = theirs(
        x,
        x,
        x,
        need_weights=return_weights,
        average_attn_weights=False,
        **theirs_masks,
    )
    got = ours(x, mask=mask, return_weights=return_weights)
    close = {"rtol": tolerance, "atol": tolerance}
    torch.testing.assert_close(got[0], want[0], **close)
    if return_weights:
        torch.testing.assert_close(got[1], want[1], **close)


def test_copies_do_not_share_memory():
    ours = MultiHeadAttention(D, H, bias=True)
    theirs = ours.to_torch_mha()
    back = MultiHeadAttention(D, H, bias=True).load_torch_mha(theirs)
    with torch.no_grad():
        for p in theirs.parameters():
            p.zero_()
    for layer in (ours, back):
        assert layer.qkv.weight.abs().sum() > 0
    torch.testing.assert_close(
        ours.state_dict(), back.state_dict(), rtol=0, atol=0
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"embed_dim": 6}, "d_model"),
        ({"num_heads": 2}, "n_heads"),
        ({"bias": True}, "bias"),
        ({"kdim": 7, "vdim": 5}, "kdim/vdim"),
        ({"add_zero_attn": True}, "add_zero_attn"),
        ({"add_bias_kv": True}, "add_bias_kv"),
    ],
)
def test_a_module_that_cannot_be_expressed_is_refused(options, said):
    theirs = nn.MultiheadAttention(
        **{"embed_dim": D, "num_heads": H, "bias": False, **options}
    )
    with pytest.raises(ValueError, match=said):
        MultiHeadAttention(D, H).load_torch_mha(theirs)


def test_rotary_layers_have_no_torch_module():
    rotary = MultiHeadAttention(D, H, rotary=True)
    with pytest.raises(ValueError, match="rotary"):
        rotary.to_torch_mha()
    with pytest.raises(ValueError, match="rotary"):
        rotary.load_torch_mha(MultiHeadAttention(D, H).to_torch_mha())
    with pytest.raises(TypeError, match="got Linear"):
        MultiHeadAttention(D, H).load_torch_mha(nn.Linear(2, 3))
