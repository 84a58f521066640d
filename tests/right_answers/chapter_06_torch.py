"""Right answers to chapter 06's torch exercises, written other ways."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn


class FusedMultiHead(nn.Module):
    def __init__(self, d_model, n_heads):
        super().__init__()
        self.n_heads = n_heads
        for name in ("w_q", "w_k", "w_v", "w_o"):
            setattr(self, name, nn.Linear(d_model, d_model, bias=False))

    def forward(self, x, lengths):
        b, n, d = x.shape
        q, k, v = (
            w(x).view(b, n, self.n_heads, d // self.n_heads).transpose(1, 2)
            for w in (self.w_q, self.w_k, self.w_v)
        )
        mask = torch.arange(n, device=x.device)[None] < lengths[:, None]
        out = F.scaled_dot_product_attention(
            q, k, v, attn_mask=mask[:, None, None, :]
        )
        return self.w_o(out.transpose(1, 2).reshape(b, n, d))


class LoopMultiHead(nn.Module):
    def __init__(self, d_model, n_heads):
        super().__init__()
        self.d_k = d_model // n_heads
        self.w_q = nn.Linear(d_model, d_model, bias=False)
        self.w_k = nn.Linear(d_model, d_model, bias=False)
        self.w_v = nn.Linear(d_model, d_model, bias=False)
        self.w_o = nn.Linear(d_model, d_model, bias=False)

    def forward(self, x, lengths):
        out = torch.zeros_like(x)
        for b, n in enumerate(lengths.tolist()):
            real = x[b, :n]
            q, k, v = self.w_q(real), self.w_k(real), self.w_v(real)
            heads = []
            for part in zip(
                q.split(self.d_k, -1),
                k.split(self.d_k, -1),
                v.split(self.d_k, -1),
                strict=True,
            ):
                scores = part[0] @ part[1].T * self.d_k**-0.5
                heads.append(scores.softmax(1) @ part[2])
            out[b, :n] = self.w_o(torch.cat(heads, dim=1))
        return out


class EinsumMultiHead(nn.Module):
    def __init__(self, d_model, n_heads):
        super().__init__()
        names = ("w_q", "w_k", "w_v", "w_o")
        for name in names:
            self.add_module(name, nn.Linear(d_model, d_model, False))
        self.shape = (n_heads, d_model // n_heads)

    def forward(self, x, lengths):
        q = self.w_q(x).unflatten(2, self.shape)
        k = self.w_k(x).unflatten(2, self.shape)
        v = self.w_v(x).unflatten(2, self.shape)
        scores = torch.einsum("bihd,bjhd->bhij", q, k) / self.shape[1] ** 0.5
        at = torch.arange(x.shape[1], device=x.device)
        padded = at[None, :] >= lengths[:, None]
        low = torch.finfo(x.dtype).min
        weights = scores.masked_fill(padded[:, None, None], low).softmax(-1)
        return self.w_o(torch.einsum("bhij,bjhd->bihd", weights, v).flatten(2))


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
        d, n_heads, bias=False, batch_first=True, device=x.device,
        dtype=x.dtype,
    )  # fmt: skip
    mha.in_proj_weight = nn.Parameter(torch.vstack([w_q.T, w_k.T, w_v.T]))
    mha.out_proj.weight = nn.Parameter(w_o.T.contiguous())
    mask = (~real)[:, None, None].expand(b, n_heads, n, n)
    return mha(x, x, x, attn_mask=mask.reshape(b * n_heads, n, n))[0]


ANSWERS = {
    "06.module": [FusedMultiHead, LoopMultiHead, EinsumMultiHead],
    "06.torch_mha": [
        torch_mha_state,
        torch_mha_places_first,
        torch_mha_attn_mask,
    ],
}
