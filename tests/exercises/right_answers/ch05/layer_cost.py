"""Right answers to 05.layer_cost, in other styles."""

import numpy as np


def cost_listed(n, d_model, d_k, d_v, bytes_per_number=4):
    products = [(n, d_model, d_k)] * 2 + [
        (n, d_model, d_v),
        (n, d_k, n),
        (n, n, d_v),
    ]
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
    return (
        flops,
        d_model * w.sum() * bytes_per_number,
        (bytes_per_number * n * n),
    )
