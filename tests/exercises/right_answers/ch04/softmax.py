"""Right answers to 04.softmax, in other styles."""

import math

import numpy as np


def softmax_loop(scores):
    if scores.ndim > 1:
        return np.stack([softmax_loop(row) for row in scores])
    top = max(scores)
    e = [math.exp(s - top) for s in scores]
    return np.array([x / sum(e) for x in e])


def softmax_log_sum(scores):
    total = np.logaddexp.reduce(scores, axis=-1, keepdims=True)
    return np.exp(scores - total)


def softmax_pairwise(scores):
    low = np.maximum(scores, -1e30)
    gaps = low[..., None, :] - low[..., :, None]
    with np.errstate(over="ignore"):
        return 1 / np.exp(gaps).sum(-1)


def softmax_single_precision(scores):
    scores = scores.astype(np.float32)
    e = np.exp(scores - np.amax(scores, -1)[..., None])
    return e / np.sum(e, -1)[..., None]


def softmax_torch(scores):
    import torch

    return torch.softmax(torch.as_tensor(scores), dim=-1).numpy()
