"""Right answers to 04.additive_scores, in other styles."""

import math

import numpy as np


def additive_scores_lists(q, k, w):
    return [
        sum(
            float(c) * math.tanh(a + b)
            for a, b, c in zip(q, row, w, strict=True)
        )
        for row in k
    ]


def additive_scores_einsum(q, k, w):
    return np.einsum("sd,d->s", np.tanh(k + q[None]), w)


def additive_scores_exponentials(q, k, w):
    e = np.exp(2 * (q + k))
    return ((e - 1) / (e + 1) * w).sum(-1)
