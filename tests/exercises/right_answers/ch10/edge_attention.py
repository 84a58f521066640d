"""Right answers to 10.edge_attention, in other styles."""

import numpy as np


def edge_attention_masked(q, k, v, pairs):
    mask = np.zeros((len(q), len(k)), dtype=bool)
    mask[pairs[:, 0], pairs[:, 1]] = True
    scores = np.where(mask, q @ k.T / q.shape[1] ** 0.5, -np.inf)
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = e / e.sum(axis=1, keepdims=True)
    return weights @ v, weights[pairs[:, 0], pairs[:, 1]]


def edge_attention_node_by_node(q, k, v, pairs):
    out = np.zeros((len(q), v.shape[1]))
    weights = np.zeros(len(pairs))
    for node in range(len(q)):
        mine = np.flatnonzero(pairs[:, 0] == node)
        keys = pairs[mine, 1]
        scores = k[keys] @ q[node] / np.sqrt(len(q[node]))
        e = np.exp(scores - scores.max())
        weights[mine] = e / e.sum()
        out[node] = weights[mine] @ v[keys]
    return out, weights
