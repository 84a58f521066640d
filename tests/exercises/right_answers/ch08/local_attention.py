"""Right answers to 08.local_attention, in other styles."""

import torch
import torch.nn.functional as F


def local_attention_loop(q, k, v, radius, lengths):
    out = torch.zeros_like(v)
    for b, n in enumerate(lengths.tolist()):
        for i in range(n):
            near = slice(max(0, i - radius), min(n, i + radius + 1))
            scores = k[b, near] @ q[b, i] * q.shape[-1] ** -0.5
            out[b, i] = torch.softmax(scores, 0) @ v[b, near]
    return out


def local_attention_fused(q, k, v, radius, lengths):
    size = q.shape[1]
    ones = torch.ones(size, size, dtype=torch.bool, device=q.device)
    near = ones.tril(radius).triu(-radius)
    real = torch.arange(size, device=q.device) < lengths[:, None]
    itself = torch.eye(size, dtype=torch.bool, device=q.device)
    mask = near & real[:, None] | itself  # no empty row
    out = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    return out.masked_fill(~real[..., None], 0.0)
