"""Right answers to 04.dot_scores, in other styles."""

import numpy as np


def dot_scores_lists(q, k):
    return [
        sum(float(a) * float(b) for a, b in zip(q, row, strict=True))
        for row in k
    ]


def dot_scores_einsum(q, k):
    return np.einsum("d,sd->s", q, k)


def dot_scores_broadcast(q, k):
    return (q[None, :] * k).sum(axis=-1)


def dot_scores_torch(q, k):
    import torch

    return torch.mv(torch.as_tensor(k), torch.as_tensor(q))
