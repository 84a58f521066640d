"""Right answers to chapter 07, each written another way than the solution."""

from __future__ import annotations

import cmath
import math

import numpy as np


def sinusoidal_loop(n_positions, d_model, base=10000.0):
    rows = []
    for i in range(n_positions):
        row = []
        for j in range(d_model):
            angle = i / base ** (2 * (j // 2) / d_model)
            row.append(math.cos(angle) if j % 2 else math.sin(angle))
        rows.append(row)
    return rows


def sinusoidal_stacked(n_positions, d_model, base=10000.0):
    omega = np.exp(-np.log(base) * np.arange(0, d_model, 2) / d_model)
    angles = np.outer(np.arange(n_positions), omega)
    return np.dstack([np.sin(angles), np.cos(angles)]).reshape(
        n_positions, d_model
    )


def sinusoidal_phase(n_positions, d_model, base=10000.0):
    j = np.arange(d_model)
    omega = base ** (-(j - j % 2) / d_model)
    phase = np.pi / 2 * (j % 2)
    return np.sin(np.arange(n_positions)[:, None] * omega + phase)


def sinusoidal_torch(n_positions, d_model, base=10000.0):
    import torch

    i = torch.arange(n_positions, dtype=torch.float64)[:, None]
    m = torch.arange(0, d_model, 2, dtype=torch.float64)
    angles = i * torch.exp(m * (-math.log(base) / d_model))
    table = torch.zeros(n_positions, d_model, dtype=torch.float64)
    table[:, 0::2], table[:, 1::2] = torch.sin(angles), torch.cos(angles)
    return table


def shift_matrix_slices(steps, d_model, base=10000.0):
    angle = steps / base ** (np.arange(0, d_model, 2) / d_model)
    out = np.zeros((d_model, d_model))
    even, odd = np.arange(0, d_model, 2), np.arange(1, d_model, 2)
    out[even, even] = out[odd, odd] = np.cos(angle)
    out[odd, even] = np.sin(angle)
    out[even, odd] = -np.sin(angle)
    return out


def shift_matrix_solved(steps, d_model, base=10000.0):
    rows = np.arange(7 * d_model)
    e = np.asarray(sinusoidal_phase(len(rows), d_model, base))
    ahead = np.zeros_like(e)
    for m in range(d_model // 2):
        angle = (rows + steps) * base ** (-2 * m / d_model)
        ahead[:, 2 * m], ahead[:, 2 * m + 1] = np.sin(angle), np.cos(angle)
    out = np.zeros((d_model, d_model))
    for m in range(0, d_model, 2):
        pair = slice(m, m + 2)
        out[pair, pair] = np.linalg.lstsq(e[:, pair], ahead[:, pair])[0]
    return out


def shift_matrix_kron(steps, d_model, base=10000.0):
    out = 0
    for m in range(d_model // 2):
        z = cmath.exp(1j * steps * base ** (-2 * m / d_model))
        turn = np.array([[z.real, -z.imag], [z.imag, z.real]])
        here = np.zeros(d_model // 2)
        here[m] = 1
        out = out + np.kron(np.diag(here), turn)
    return out


def order_gap_loop(layer, x, order):
    one, two = layer(x[order]), layer(x)
    gap = 0.0
    for row, source in enumerate(order):
        for a, b in zip(one[row], two[source], strict=True):
            gap = max(gap, abs(float(a) - float(b)))
    return gap


def order_gap_matrix(layer, x, order):
    p = np.eye(len(x))[order]
    return np.linalg.norm((layer(p @ x) - p @ layer(x)).ravel(), np.inf)


def order_gap_undone(layer, x, order):
    back = np.empty(len(order), dtype=int)
    back[order] = np.arange(len(order))
    return float(np.max(np.abs(layer(x[order])[back] - layer(x))))


def rotary_complex(x, positions, base=10000.0):
    d = x.shape[-1]
    omega = base ** (-2 * np.arange(d // 2) / d)
    z = x[..., 0::2] + 1j * x[..., 1::2]
    z = z * np.exp(1j * np.multiply.outer(positions, omega))
    return np.stack([z.real, z.imag], axis=-1).reshape(x.shape)


def rotary_swap(x, positions, base=10000.0):
    d = x.shape[-1]
    angles = np.repeat(np.outer(positions, base ** (-np.arange(0, d, 2) / d)),
                       2, axis=-1)  # fmt: skip
    partner = np.stack([-x[..., 1::2], x[..., ::2]], -1).reshape(x.shape)
    return x * np.cos(angles) + partner * np.sin(angles)


def rotary_matrix(x, positions, base=10000.0):
    out = np.zeros(x.shape)
    for row, p in enumerate(positions):
        turn = shift_matrix_slices(-p, x.shape[-1], base)
        out[..., row, :] = x[..., row, :] @ turn
    return out


def rotary_loop(x, positions, base=10000.0):
    out = x.copy()
    d = x.shape[-1]
    for row, p in enumerate(positions):
        for m in range(d // 2):
            c = math.cos(p * base ** (-2 * m / d))
            s = math.sin(p * base ** (-2 * m / d))
            a, b = x[..., row, 2 * m], x[..., row, 2 * m + 1]
            out[..., row, 2 * m] = a * c - b * s
            out[..., row, 2 * m + 1] = a * s + b * c
    return out


def linear_bias_loop(n_heads, n):
    bias = np.full((n_heads, n, n), -np.inf)
    for h in range(n_heads):
        for i in range(n):
            for j in range(i + 1):
                bias[h, i, j] = (j - i) * 2 ** (-8 * (h + 1) / n_heads)
    return bias


def linear_bias_lists(n_heads, n):
    slopes = [0.5 ** (8 * h / n_heads) for h in range(1, n_heads + 1)]
    return [
        [
            [-s * (i - j) if j <= i else -math.inf for j in range(n)]
            for i in range(n)
        ]
        for s in slopes
    ]


def linear_bias_torch(n_heads, n):
    import torch

    first = 2 ** (-8 / n_heads)
    slope = first ** torch.arange(1, n_heads + 1, dtype=torch.float64)
    place = torch.arange(n)
    steps = place[None, :] - place[:, None]
    bias = slope.view(-1, 1, 1) * steps
    return bias.masked_fill(steps > 0, -torch.inf)


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


ANSWERS = {
    "07.sinusoidal": [
        sinusoidal_loop,
        sinusoidal_stacked,
        sinusoidal_phase,
        sinusoidal_torch,
    ],
    "07.shift_matrix": [
        shift_matrix_slices,
        shift_matrix_solved,
        shift_matrix_kron,
    ],
    "07.order_gap": [order_gap_loop, order_gap_matrix, order_gap_undone],
    "07.rotary": [rotary_complex, rotary_swap, rotary_matrix, rotary_loop],
    "07.linear_bias": [
        linear_bias_loop,
        linear_bias_lists,
        linear_bias_torch,
    ],
    "07.positioned_attention": [
        positioned_loop,
        positioned_projected_apart,
        positioned_torch,
    ],
}
