"""Right answers to chapter 05, each written another way than the solution."""

from __future__ import annotations

import math

import numpy as np


def project_einsum(x, w_q, w_k, w_v):
    return tuple(
        np.einsum("...ld,de->...le", x, w) for w in (w_q, w_k, w_v)
    )


def project_packed(x, w_q, w_k, w_v):
    packed = x @ np.concatenate([w_q, w_k, w_v], axis=1)
    d_k = w_q.shape[1]
    return np.split(packed, [d_k, 2 * d_k], axis=-1)


def project_torch(x, w_q, w_k, w_v):
    import torch

    x = torch.as_tensor(x)
    return [
        torch.nn.functional.linear(x, torch.as_tensor(w).T.contiguous())
        for w in (w_q, w_k, w_v)
    ]


def project_loop(x, w_q, w_k, w_v):
    if x.ndim > 2:
        made = [project_loop(one, w_q, w_k, w_v) for one in x]
        return tuple(np.array(parts) for parts in zip(*made, strict=True))
    return tuple(np.array([w.T @ a for a in x]) for w in (w_q, w_k, w_v))


def columns_pairs(inputs, w_q, w_k):
    n = inputs.shape[1]
    a = np.empty((n, n))
    for i in range(n):
        q = w_q @ inputs[:, i]
        for j in range(n):
            a[j, i] = (w_k @ inputs[:, j]) @ q
    shifted = np.exp(a - a.max(axis=0, keepdims=True))
    return a, shifted / shifted.sum(axis=0, keepdims=True)


def columns_from_rows(inputs, w_q, w_k):
    x = inputs.T
    scores = (x @ w_q.T) @ (x @ w_k.T).T
    top = scores.max(axis=1, keepdims=True)
    log_sum = top + np.log(np.exp(scores - top).sum(axis=1, keepdims=True))
    return scores.T, np.exp(scores - log_sum).T


def columns_torch(inputs, w_q, w_k):
    import torch

    i, w_q, w_k = (torch.tensor(t) for t in (inputs, w_q, w_k))
    a = (w_k @ i).T @ (w_q @ i)
    return a, torch.softmax(a, dim=0)


def rows_einsum(x, w_q, w_k):
    q, k = x @ w_q, x @ w_k
    scores = np.einsum("id,jd->ij", q, k) * w_q.shape[1] ** -0.5
    e = np.exp((scores.T - scores.max(axis=1)).T)
    return scores, (e.T / e.sum(axis=1)).T


def rows_scaled_early(x, w_q, w_k):
    q = x @ (w_q / math.sqrt(w_q.shape[1]))
    scores = np.inner(q, x @ w_k)
    weights = []
    for row in scores:
        e = np.exp(row - max(row))
        weights.append(e / sum(e))
    return scores, np.stack(weights)


def rows_torch(x, w_q, w_k):
    import torch

    x, w_q, w_k = (torch.tensor(t) for t in (x, w_q, w_k))
    scores = (x @ w_q) @ (x @ w_k).T / w_q.shape[-1] ** 0.5
    return scores, scores.softmax(-1)


def rows_product(x, w_q, w_k):
    scores = x @ (w_q @ w_k.T) @ x.T / np.sqrt(w_k.shape[1])
    e = np.exp(scores - scores.max(1)[:, None])
    return scores, e / e.sum(1)[:, None]


def masked_added(q, k, v, mask):
    scores = np.einsum("bld,bsd->bls", q, k) / math.sqrt(k.shape[-1])
    with np.errstate(divide="ignore"):
        scores = scores + np.log(mask)
    e = np.exp(scores - scores.max(-1, keepdims=True))
    weights = e / e.sum(-1, keepdims=True)
    return np.einsum("bls,bsd->bld", weights, v), weights


def masked_loop(q, k, v, mask):
    mask = np.broadcast_to(mask, (len(q), q.shape[1], k.shape[1]))
    out = np.zeros((*q.shape[:2], v.shape[-1]))
    weights = np.zeros(mask.shape)
    for b, i in np.ndindex(q.shape[:2]):
        kept = np.flatnonzero(mask[b, i])
        scores = k[b, kept] @ q[b, i] / np.sqrt(q.shape[-1])
        e = np.exp(scores - scores.max())
        weights[b, i, kept] = e / e.sum()
        out[b, i] = weights[b, i] @ v[b]
    return out, weights


def masked_renormalised(q, k, v, mask):
    scores = q @ k.transpose(0, 2, 1) / np.sqrt(q.shape[-1])
    scores = scores - np.where(mask, scores, -1e300).max(-1, keepdims=True)
    e = np.exp(np.minimum(scores, 0)) * mask
    weights = e / e.sum(-1, keepdims=True)
    return weights @ v, weights


def masked_torch(q, k, v, mask):
    import torch

    q, k, v, mask = (torch.tensor(t) for t in (q, k, v, mask))
    scores = (q @ k.mT / q.shape[-1] ** 0.5).masked_fill(~mask, -torch.inf)
    out = torch.nn.functional.scaled_dot_product_attention(
        q, k, v, attn_mask=mask
    )
    return out, scores.softmax(-1)


def gradient_autograd(q, k, v, g):
    import torch

    q, k, v, g = (torch.tensor(t) for t in (q, k, v, g))
    for t in (q, k, v):
        t.requires_grad_()
    out = (q @ k.T / q.shape[-1] ** 0.5).softmax(-1) @ v
    return torch.autograd.grad(out, (q, k, v), g)


def gradient_jacobians(q, k, v, g):
    root = math.sqrt(q.shape[1])
    d_q, d_k, d_v = np.zeros(q.shape), np.zeros(k.shape), np.zeros(v.shape)
    for i in range(len(q)):
        scores = k @ q[i] / root
        w = np.exp(scores - scores.max())
        w = w / w.sum()
        jacobian = np.diag(w) - np.outer(w, w)
        into = jacobian @ (v @ g[i])
        d_q[i] = into @ k / root
        d_k += np.outer(into, q[i]) / root
        d_v += np.outer(w, g[i])
    return d_q, d_k, d_v


def gradient_by_output(q, k, v, g):
    root = np.sqrt(q.shape[1]).astype(q.dtype)
    s = q @ k.T / root
    p = np.exp(s - s.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    along = ((p @ v) * g).sum(1)
    d_s = p * (g @ v.T - along[:, None]) / root
    return d_s @ k, d_s.T @ q, p.T @ g


def cost_listed(n, d_model, d_k, d_v, bytes_per_number=4):
    products = [(n, d_model, d_k)] * 2 + [
        (n, d_model, d_v), (n, d_k, n), (n, n, d_v)]  # fmt: skip
    flops = sum(2 * a * b * c for a, b, c in products)
    learned = sum(b * c for _, b, c in products[:3]) * bytes_per_number
    return flops, learned, n * n * bytes_per_number


def cost_formula(n, d_model, d_k, d_v, bytes_per_number=4):
    both = d_k + d_v
    flops = 2 * n * (d_model * (d_k + both) + n * both)
    numbers = 2 * d_model * d_k + d_model * d_v
    return [flops, bytes_per_number * numbers, bytes_per_number * n**2]


def cost_arrays(n, d_model, d_k, d_v, bytes_per_number=4):
    w = np.array([d_k, d_k, d_v], dtype=np.int64)
    flops = 2 * n * d_model * w.sum() + 2 * n * n * w[1:].sum()
    return flops, d_model * w.sum() * bytes_per_number, (
        bytes_per_number * n * n)


def product_einsum(x, product, d_k):
    return np.einsum("id,de,je->ij", x, product, x) / math.sqrt(d_k)


def product_loop(x, product, d_k):
    return [[(a @ product @ b) / d_k**0.5 for b in x] for a in x]


def product_torch(x, product, d_k):
    import torch

    x, product = torch.tensor(x), torch.tensor(product)
    return torch.nn.functional.bilinear(
        x.repeat_interleave(len(x), 0), x.repeat(len(x), 1), product[None]
    ).view(len(x), len(x)) / d_k**0.5


def product_factored(x, product, d_k):
    u, s, vt = np.linalg.svd(product)
    return (x @ u * s) @ (x @ vt.T).T / np.sqrt(d_k)


def broken_again():
    return {"third": 3, "second": 5, "first": 2}


def broken_numpy():
    return dict(first=np.int64(2), second=5.0, third=3)


ANSWERS = {
    "05.project_qkv": [
        project_einsum, project_packed, project_torch, project_loop],
    "05.attention_columns": [columns_pairs, columns_from_rows, columns_torch],
    "05.attention_rows": [
        rows_einsum, rows_scaled_early, rows_torch, rows_product],
    "05.masked_attention": [
        masked_added, masked_loop, masked_renormalised, masked_torch],
    "05.attention_gradient": [
        gradient_autograd, gradient_jacobians, gradient_by_output],
    "05.layer_cost": [cost_listed, cost_formula, cost_arrays],
    "05.scores_from_product": [
        product_einsum, product_loop, product_torch, product_factored],
    "05.broken_lines": [broken_again, broken_numpy],
}  # fmt: skip
