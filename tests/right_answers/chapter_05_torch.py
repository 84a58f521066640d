"""Right answers to chapter 05's torch exercises, in other styles."""

from __future__ import annotations

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
            torch.zeros_like(q[:, :, :1]), q, k.mT,
            beta=0, alpha=1 / math.sqrt(q.shape[2]),
        )  # fmt: skip
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


def step_none(layer, read_out, optimiser, x, y):
    loss = F.cross_entropy(read_out(layer(x)[0])[:, -1, :], y)
    loss.backward()
    optimiser.step()
    optimiser.zero_grad(set_to_none=True)
    return float(loss.detach())


def step_by_hand(layer, read_out, optimiser, x, y):
    optimiser.zero_grad()
    out, weights = layer(x)
    log_p = read_out(out[:, -1]).log_softmax(dim=-1)
    loss = -log_p.gather(1, y[:, None]).mean()
    loss.backward()
    optimiser.step()
    return loss.detach().cpu().numpy()


def step_autograd(layer, read_out, optimiser, x, y):
    loss = nn.CrossEntropyLoss()(read_out(layer(x)[0].select(1, -1)), y)
    learned = [p for g in optimiser.param_groups for p in g["params"]]
    for p, grad in zip(learned, torch.autograd.grad(loss, learned),
                       strict=True):  # fmt: skip
        p.grad = grad
    optimiser.step()
    return loss.item()


def step_closure(layer, read_out, optimiser, x, y):
    def closure():
        optimiser.zero_grad()
        loss = F.cross_entropy(read_out(layer(x)[0][:, -1]), y)
        loss.backward()
        return loss

    return optimiser.step(closure).item()


ANSWERS = {
    "05.one_head": [HeadEinsum, HeadFused, HeadBook],
    "05.train_step": [step_none, step_by_hand, step_autograd, step_closure],
}
