"""Right answers to 06.multi_head, in other styles."""

import numpy as np


def multi_head_loop(x, w_q, w_k, w_v, w_o, n_heads, mask=None):
    if x.ndim == 3:
        masks = [mask] * len(x) if mask is None or mask.ndim == 2 else mask
        return np.stack(
            [
                multi_head_loop(one, w_q, w_k, w_v, w_o, n_heads, m)
                for one, m in zip(x, masks, strict=True)
            ]
        )
    d_k, d_v = w_q.shape[1] // n_heads, w_v.shape[1] // n_heads
    out = 0
    for h in range(n_heads):
        q = x @ w_q[:, h * d_k : (h + 1) * d_k]
        k = x @ w_k[:, h * d_k : (h + 1) * d_k]
        v = x @ w_v[:, h * d_v : (h + 1) * d_v]
        rows = []
        for i in range(len(x)):
            scores = k @ q[i] / d_k**0.5
            keep = np.ones(len(x), bool) if mask is None else mask[i]
            e = np.where(keep, np.exp(scores - scores[keep].max()), 0)
            rows.append(e / e.sum() @ v)
        out = out + np.array(rows) @ w_o[h * d_v : (h + 1) * d_v]
    return out


def multi_head_einsum(x, w_q, w_k, w_v, w_o, n_heads, mask=None):
    d_model = x.shape[-1]
    q = np.einsum("...ld,dhe->...hle", x, w_q.reshape(d_model, n_heads, -1))
    k = np.einsum("...ld,dhe->...hle", x, w_k.reshape(d_model, n_heads, -1))
    v = np.einsum("...ld,dhe->...hle", x, w_v.reshape(d_model, n_heads, -1))
    scores = np.einsum("...hle,...hse->...hls", q, k) * q.shape[-1] ** -0.5
    if mask is not None:
        mask = np.expand_dims(mask, -3)
        scores = np.where(mask, scores, np.finfo(scores.dtype).min)
    scores = scores - scores.max(-1, keepdims=True)
    weights = np.exp(scores) / np.exp(scores).sum(-1, keepdims=True)
    w_o = w_o.reshape(n_heads, -1, w_o.shape[-1])
    return np.einsum("...hls,...hsv,hvo->...lo", weights, v, w_o)


def multi_head_torch(x, w_q, w_k, w_v, w_o, n_heads, mask=None):
    import torch

    x, w_q, w_k, w_v, w_o = map(torch.as_tensor, (x, w_q, w_k, w_v, w_o))
    q, k, v = (
        (x @ w).unflatten(-1, (n_heads, -1)).transpose(-2, -3)
        for w in (w_q, w_k, w_v)
    )
    if mask is not None:
        mask = torch.as_tensor(mask).unsqueeze(-3)
    out = torch.nn.functional.scaled_dot_product_attention(
        q, k, v, attn_mask=mask
    )
    return out.transpose(-2, -3).flatten(-2) @ w_o


def multi_head_package(x, w_q, w_k, w_v, w_o, n_heads, mask=None):
    from selfattn.reference import multi_head

    return multi_head(x, w_q, w_k, w_v, w_o, n_heads, mask=mask)[0]
