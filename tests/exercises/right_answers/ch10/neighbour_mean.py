"""Right answers to 10.neighbour_mean, in other styles."""

import numpy as np


def neighbour_mean_loop(x, pairs):
    out = np.zeros_like(x)
    for node in range(len(x)):
        keys = [j for i, j in pairs.tolist() if i == node]
        if keys:
            out[node] = x[keys].mean(axis=0)
    return out


def neighbour_mean_matrix(x, pairs):
    share = np.zeros((len(x), len(x)))
    share[tuple(pairs.T)] = 1
    degree = share.sum(axis=1, keepdims=True)
    return np.divide(share, degree, where=degree > 0, out=share) @ x
