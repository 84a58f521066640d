"""Right answers to 06.multi_head_layer, in other styles."""

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
