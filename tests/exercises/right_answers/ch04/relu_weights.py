"""Right answers to 04.relu_weights, in other styles."""

import numpy as np


def relu_weights_mask(scores, normalised=False):
    weights = scores * (scores > 0)
    if not normalised:
        return weights
    total = weights.sum(-1, keepdims=True)
    out = np.zeros_like(weights)
    np.divide(weights, total, out=out, where=total > 0)
    return out


def relu_weights_nan_to_num(scores, normalised=False):
    weights = (scores + np.abs(scores)) / 2
    if normalised:
        with np.errstate(invalid="ignore"):
            weights = weights / weights.sum(-1)[..., None]
        weights = np.nan_to_num(weights)
    return weights


def relu_weights_torch(scores, normalised=False):
    import torch

    weights = torch.relu(torch.as_tensor(scores))
    if normalised:
        weights = torch.nn.functional.normalize(weights, p=1, dim=-1)
    return weights
