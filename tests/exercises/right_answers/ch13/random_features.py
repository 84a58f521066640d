"""Right answers to 13.random_features, in other styles."""

import numpy as np


def random_features_entry_by_entry(x, w):
    n, d = x.shape
    out = np.zeros((n, len(w)))
    for i in range(n):
        for j in range(len(w)):
            dot = sum(w[j, c] * x[i, c] for c in range(d)) / d**0.25
            norm = sum(a * a for a in x[i]) / d**0.5
            out[i, j] = np.exp(dot - norm / 2)
    return out / len(w) ** 0.5


def random_features_in_the_exponent(x, w):
    m, d = w.shape
    scaled = x * d**-0.25
    norms = np.einsum("nd,nd->n", scaled, scaled)
    return np.exp(scaled @ w.T - norms[:, None] / 2 - np.log(m) / 2)
