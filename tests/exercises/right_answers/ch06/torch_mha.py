"""Right answers to 06.torch_mha, in other styles."""

import torch
from torch import nn


def torch_mha_state(x, w_q, w_k, w_v, w_o, n_heads, real):
    mha = nn.MultiheadAttention(x.shape[-1], n_heads, batch_first=True)
    state = {
        "in_proj_weight": torch.cat([w_q, w_k, w_v], dim=1).T,
        "in_proj_bias": torch.zeros(3 * x.shape[-1]),
        "out_proj.weight": w_o.T,
        "out_proj.bias": torch.zeros(x.shape[-1]),
    }
    mha = mha.to(x)
    mha.load_state_dict(state)
    return mha(x, x, x, key_padding_mask=~real)[0]


def torch_mha_places_first(x, w_q, w_k, w_v, w_o, n_heads, real):
    d = x.shape[-1]
    mha = nn.MultiheadAttention(d, n_heads, bias=False)
    mha.to(device=x.device, dtype=x.dtype)
    for n, w in enumerate((w_q, w_k, w_v)):
        mha.in_proj_weight.data[n * d : (n + 1) * d] = w.T
    mha.out_proj.weight.data = w_o.T.clone()
    y = x.transpose(0, 1)
    return mha(y, y, y, key_padding_mask=~real)[0].transpose(0, 1)


def torch_mha_attn_mask(x, w_q, w_k, w_v, w_o, n_heads, real):
    b, n, d = x.shape
    mha = nn.MultiheadAttention(
        d,
        n_heads,
        bias=False,
        batch_first=True,
        device=x.device,
        dtype=x.dtype,
    )
    mha.in_proj_weight = nn.Parameter(torch.vstack([w_q.T, w_k.T, w_v.T]))
    mha.out_proj.weight = nn.Parameter(w_o.T.contiguous())
    mask = (~real)[:, None, None].expand(b, n_heads, n, n)
    return mha(x, x, x, attn_mask=mask.reshape(b * n_heads, n, n))[0]
