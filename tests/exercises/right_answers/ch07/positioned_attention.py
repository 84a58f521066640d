"""Right answers to 07.positioned_attention, in other styles."""

import numpy as np


def positioned_loop(a, e, w_q, w_k, w_v):
    x = [u + v for u, v in zip(a, e, strict=True)]
    out = []
    for one in x:
        q = one @ w_q
        scores = np.array([q @ (y @ w_k) for y in x]) / len(q) ** 0.5
        weights = np.exp(scores - scores.max())
        weights /= weights.sum()
        out.append(sum(w * (y @ w_v) for w, y in zip(weights, x, strict=True)))
    return np.array(out)


def positioned_projected_apart(a, e, w_q, w_k, w_v):
    q, k, v = (a @ w + e @ w for w in (w_q, w_k, w_v))
    scores = np.einsum("id,jd->ij", q, k) / np.sqrt(q.shape[1])
    scores -= scores.max(axis=1, keepdims=True)
    weights = np.exp(scores)
    return np.einsum("ij,jd->id", weights, v) / weights.sum(1)[:, None]


def positioned_torch(a, e, w_q, w_k, w_v):
    import torch
    import torch.nn.functional as F

    x = torch.from_numpy(a + e)
    q, k, v = (x @ torch.from_numpy(w) for w in (w_q, w_k, w_v))
    return F.scaled_dot_product_attention(q, k, v)
