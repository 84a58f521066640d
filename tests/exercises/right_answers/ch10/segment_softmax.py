"""Right answers to 10.segment_softmax, in other styles."""

import numpy as np


def segment_softmax_loop(scores, query, n_nodes):
    weights = np.zeros(len(scores))
    for i in range(n_nodes):
        mine = query == i
        if mine.any():
            e = np.exp(scores[mine] - scores[mine].max())
            weights[mine] = e / e.sum()
    return weights


def segment_softmax_matrix(scores, query, n_nodes):
    if not len(scores):
        return scores
    mine = query[None] == np.arange(n_nodes)[:, None]  # (n, E)
    top = np.where(mine, scores, -np.inf).max(axis=1)  # (n,)
    e = np.exp(scores - top[query])
    return e / np.bincount(query, e, minlength=n_nodes)[query]
