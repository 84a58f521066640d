"""Right answers to 12.linear_parallel, in other styles."""

import numpy as np


def _phi(x):
    return np.exp(np.minimum(x, 0)) + np.maximum(x, 0)


def linear_parallel_loop(q, k, v):
    weights = np.zeros((len(q), len(q)))
    for i in range(len(q)):
        for j in range(i + 1):
            weights[i, j] = _phi(q[i]) @ _phi(k[j])
        weights[i] /= weights[i].sum()
    return weights @ v, weights


def linear_parallel_einsum(q, k, v):
    seen = np.arange(len(q)) <= np.arange(len(q))[:, None]
    weights = np.einsum("id,jd->ij", _phi(q), _phi(k)) * seen
    weights = weights / np.einsum("ij->i", weights)[:, None]
    return np.einsum("ij,jd->id", weights, v), weights
