"""Right answers to 05.one_head, in other styles."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class HeadEinsum(nn.Module):
    def __init__(self, d_model, d_k, d_v):
        super().__init__()
        for name, width in (("w_q", d_k), ("w_k", d_k), ("w_v", d_v)):
            self.add_module(name, nn.Linear(d_model, width, bias=False))
        self.scale = d_k**-0.5

    def forward(self, x, mask=None):
        s = torch.einsum("bid,bjd->bij", self.w_q(x), self.w_k(x))
        s = s * self.scale
        if mask is not None:
            s = torch.where(mask, s, torch.full_like(s, float("-inf")))
        p = F.softmax(s, -1)
        return torch.einsum("bij,bjd->bid", p, self.w_v(x)), p


class HeadFused(nn.Module):
    def __init__(self, d_model, d_k, d_v):
        super().__init__()
        self.w_q = nn.Linear(d_model, d_k, False)
        self.w_k = nn.Linear(d_model, d_k, False)
        self.w_v = nn.Linear(d_model, d_v, False)

    def forward(self, x, mask=None):
        q, k, v = (w(x) for w in (self.w_q, self.w_k, self.w_v))
        out = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        bias = 0 if mask is None else torch.log(mask.to(q))
        s = torch.baddbmm(
            torch.zeros_like(q[:, :, :1]),
            q,
            k.mT,
            beta=0,
            alpha=1 / math.sqrt(q.shape[2]),
        )
        return out, torch.softmax(s + bias, dim=2)


class HeadBook(nn.Module):
    def __init__(self, d_model, d_k, d_v):
        super().__init__()
        from selfattn.layers import SelfAttention

        inner = SelfAttention(d_model, d_k, d_v)
        self.w_q, self.w_k, self.w_v = inner.w_q, inner.w_k, inner.w_v

    def forward(self, x, mask=None):
        from selfattn.attention import attention

        return attention(self.w_q(x), self.w_k(x), self.w_v(x), mask=mask)
