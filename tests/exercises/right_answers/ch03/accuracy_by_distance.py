"""Right answers to 03.accuracy_by_distance, in other styles."""

import math

import numpy as np


def distance_lists(predicted, tags, distances, reach):
    found = [[] for _ in range(reach)]
    for p, t, d in zip(predicted, tags, distances, strict=True):
        if 1 <= abs(d) <= reach:
            found[abs(d) - 1].append(bool(p == t))
    return [sum(f) / len(f) if f else math.nan for f in found]


def distance_bincount(predicted, tags, distances, reach):
    near = np.abs(distances)
    size = max(reach, near.max()) + 1
    n = np.bincount(near, minlength=size)
    right = np.bincount(near, weights=predicted == tags, minlength=size)
    with np.errstate(invalid="ignore"):
        return (right / n)[1 : reach + 1]


def distance_torch(predicted, tags, distances, reach):
    import torch

    right = torch.as_tensor(predicted == tags).double()
    near = torch.as_tensor(distances).abs()
    each = [right[near == k].mean() for k in range(1, reach + 1)]
    return torch.stack(each)
