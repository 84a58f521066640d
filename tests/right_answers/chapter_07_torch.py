"""Right answers to chapter 07's torch exercises, written other ways."""

from __future__ import annotations

import math

import torch
from torch import nn


class LearnedEmbedding(nn.Module):
    def __init__(self, max_len, d_model):
        super().__init__()
        self.rows = nn.Embedding(max_len, d_model)

    def forward(self, x):
        n = x.shape[1]
        if n > self.rows.num_embeddings:
            raise ValueError("the input is too long")
        return x + self.rows(torch.arange(n, device=x.device))[None]


class LearnedWithBatchAxis(nn.Module):
    def __init__(self, max_len, d_model):
        nn.Module.__init__(self)
        self.max_len = max_len
        self.table = nn.Parameter(torch.zeros(1, max_len, d_model))

    def forward(self, x):
        batch, n, _ = x.size()
        if not n <= self.max_len:
            raise ValueError(f"at most {self.max_len} vectors, not {n}")
        return x + self.table[:, :n].expand(batch, -1, -1)


class LearnedOneHot(nn.Module):
    def __init__(self, max_len, d_model):
        super().__init__()
        self.linear = nn.Linear(max_len, d_model, bias=False)
        self.linear.weight = nn.Parameter(torch.rand(max_len, d_model))

    def forward(self, x):
        table = self.linear.weight
        if x.shape[-2] > table.shape[0]:
            raise ValueError
        pick = torch.eye(len(table), device=x.device, dtype=x.dtype)
        return torch.stack([s + pick[: len(s)] @ table for s in x])


def rotary_scores_complex(q, k, base=10000.0):
    d, n_keys = k.shape[-1], k.shape[2]
    m = torch.arange(d // 2, device=q.device, dtype=q.dtype)
    places = torch.arange(n_keys, device=q.device, dtype=q.dtype)
    turn = torch.exp(1j * torch.outer(places, base ** (-2 * m / d)))
    zq = torch.complex(q[..., 0::2], q[..., 1::2])
    zk = torch.complex(k[..., 0::2], k[..., 1::2])
    zq, zk = zq * turn[n_keys - q.shape[2] :], zk * turn
    return (zq @ zk.conj().transpose(-1, -2)).real / math.sqrt(d)


def rotary_scores_by_distance(q, k, base=10000.0):
    d, n, n_keys = k.shape[-1], q.shape[-2], k.shape[-2]
    at = torch.arange(n_keys, device=q.device)
    steps = (at[n_keys - n :, None] - at).to(q.dtype)
    scores = 0
    for m in range(d // 2):
        angle = steps * base ** (-2 * m / d)
        a, b = q[..., 2 * m, None], q[..., 2 * m + 1, None]
        c, e = k[..., None, :, 2 * m], k[..., None, :, 2 * m + 1]
        scores = scores + (a * c + b * e) * angle.cos()
        scores = scores + (a * e - b * c) * angle.sin()
    return scores * d**-0.5


def rotary_scores_package(q, k, base=10000.0):
    from selfattn import attention

    places = torch.arange(k.shape[-2], dtype=torch.float64)
    late = places[k.shape[-2] - q.shape[-2] :]
    return attention.dot_scores(
        attention.rotary(q, late, base), attention.rotary(k, places, base)
    )


ANSWERS = {
    "07.learned_positions": [
        LearnedEmbedding,
        LearnedWithBatchAxis,
        LearnedOneHot,
    ],
    "07.rotary_scores": [
        rotary_scores_complex,
        rotary_scores_by_distance,
        rotary_scores_package,
    ],
}
