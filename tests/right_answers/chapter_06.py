"""Right answers to chapter 06, each written another way than the solution."""

from __future__ import annotations

import numpy as np


def split_heads_slices(x, n_heads):
    d = x.shape[-1] // n_heads
    parts = [x[..., h * d : (h + 1) * d] for h in range(n_heads)]
    return np.stack(parts, axis=-3)


def split_heads_array_split(x, n_heads):
    return np.stack(np.split(x, n_heads, axis=-1), -3)


def split_heads_loop(x, n_heads):
    d = x.shape[-1] // n_heads
    out = np.empty((*x.shape[:-2], n_heads, x.shape[-2], d), x.dtype)
    for i in range(x.shape[-2]):
        for h in range(n_heads):
            for c in range(d):
                out[..., h, i, c] = x[..., i, h * d + c]
    return out


def split_heads_torch(x, n_heads):
    import torch

    y = torch.as_tensor(x).unflatten(-1, (n_heads, -1))
    return y.transpose(-2, -3)


def merge_heads_concatenate(heads):
    parts = [heads[..., h, :, :] for h in range(heads.shape[-3])]
    return np.concatenate(parts, axis=-1)


def merge_heads_moveaxis(heads):
    moved = np.moveaxis(heads, -3, -2)
    return moved.reshape(moved.shape[:-2] + (-1,))


def merge_heads_loop(heads):
    n_heads, length, d = heads.shape[-3:]
    out = np.zeros((*heads.shape[:-3], length, n_heads * d), heads.dtype)
    for h in range(n_heads):
        out[..., h * d : (h + 1) * d] = heads[..., h, :, :]
    return out


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


def count_shapes(d_model, n_heads, d_k, d_v, bias=False):
    shapes = [(d_model, n_heads * d_k)] * 2
    shapes += [(d_model, n_heads * d_v), (n_heads * d_v, d_model)]
    return sum(i * o + (o if bias else 0) for i, o in shapes)


def count_arrays(d_model, n_heads, d_k, d_v, bias=False):
    rows = d_model + bool(bias)
    per_head = rows * d_k + rows * d_k + rows * d_v + d_v * d_model
    return n_heads * per_head + bias * d_model


def count_torch(d_model, n_heads, d_k, d_v, bias=False):
    from torch import nn

    sizes = ((d_model, d_k), (d_model, d_k), (d_model, d_v))
    layers = [nn.Linear(i, n_heads * o, bias) for i, o in sizes]
    layers.append(nn.Linear(n_heads * d_v, d_model, bias))
    return sum(p.numel() for m in layers for p in m.parameters())


def knock_out_sum(heads, w_o, gone):
    d_v = heads.shape[-1]
    out = np.zeros((*heads.shape[:-3], heads.shape[-2], w_o.shape[1]))
    for h in range(heads.shape[-3]):
        if h not in gone:
            out += heads[..., h, :, :] @ w_o[h * d_v : (h + 1) * d_v]
    return out.astype(heads.dtype)


def knock_out_rows(heads, w_o, gone):
    n_heads, _, d_v = heads.shape[-3:]
    rows = np.repeat([h not in gone for h in range(n_heads)], d_v)
    merged = np.concatenate(np.moveaxis(heads, -3, 0), axis=-1)
    return merged @ (w_o * rows[:, None])


def knock_out_einsum(heads, w_o, gone):
    n_heads, d_v = heads.shape[-3], heads.shape[-1]
    speaks = np.ones(n_heads, heads.dtype)
    for h in gone:
        speaks[h] = 0
    w_o = w_o.reshape(n_heads, d_v, -1)
    return np.einsum("...hlv,hvo,h->...lo", heads, w_o, speaks)


def from_torch_slices(state):
    weight, bias = state["in_proj_weight"], state["in_proj_bias"]
    d = weight.shape[1]
    found = {
        "w_o": np.transpose(state["out_proj.weight"]),
        "b_o": state["out_proj.bias"],
    }
    for n, name in enumerate("qkv"):
        found["w_" + name] = weight[n * d : (n + 1) * d].T
        found["b_" + name] = bias[n * d : (n + 1) * d]
    return found


def from_torch_reshape(state):
    d = len(state["out_proj.bias"])
    w_q, w_k, w_v = state["in_proj_weight"].T.reshape(d, 3, d).swapaxes(0, 1)
    b_q, b_k, b_v = state["in_proj_bias"].reshape(3, -1)
    return dict(
        w_q=w_q,
        w_k=w_k,
        w_v=w_v,
        w_o=state["out_proj.weight"].T.copy(),
        b_q=b_q,
        b_k=b_k,
        b_v=b_v,
        b_o=state["out_proj.bias"].copy(),
    )


def copy_error_least_squares(weights, first, second):
    errors = []
    for place in (first, second):
        unit = np.eye(weights.shape[1])[place]
        mix = np.linalg.lstsq(weights.T, unit, rcond=None)[0]
        errors.append(((weights.T @ mix - unit) ** 2).sum())
    return np.mean(errors)


def copy_error_orthogonal(weights, first, second):
    basis = []
    for row in weights:
        for b in basis:
            row = row - (row @ b) * b
        if (row**2).sum() > 1e-18:
            basis.append(row / np.sqrt((row**2).sum()))
    told = sum(b[first] ** 2 + b[second] ** 2 for b in basis)
    return float(1 - told / 2)


def copy_error_torch(weights, first, second):
    import torch

    w = torch.as_tensor(weights)
    read_out = torch.linalg.pinv(w)[[first, second]]
    target = torch.eye(w.shape[1], dtype=w.dtype)[[first, second]]
    return (read_out @ w - target).square().sum() / 2


ANSWERS = {
    "06.split_heads": [
        split_heads_slices,
        split_heads_array_split,
        split_heads_loop,
        split_heads_torch,
    ],
    "06.merge_heads": [
        merge_heads_concatenate,
        merge_heads_moveaxis,
        merge_heads_loop,
    ],
    "06.multi_head": [
        multi_head_loop,
        multi_head_einsum,
        multi_head_torch,
        multi_head_package,
    ],
    "06.count_parameters": [count_shapes, count_arrays, count_torch],
    "06.knock_out": [knock_out_sum, knock_out_rows, knock_out_einsum],
    "06.from_torch": [from_torch_slices, from_torch_reshape],
    "06.copy_error": [
        copy_error_least_squares,
        copy_error_orthogonal,
        copy_error_torch,
    ],
}
