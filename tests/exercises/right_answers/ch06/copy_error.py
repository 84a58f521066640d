"""Right answers to 06.copy_error, in other styles."""

import numpy as np


def copy_error_least_squares(weights, first, second):
    errors = []
    for place in (first, second):
        unit = np.eye(weights.shape[1])[place]
        mix = np.linalg.lstsq(weights.T, unit, rcond=None)[0]
        errors.append(((weights.T @ mix - unit) ** 2).sum())
    return np.mean(errors)


def copy_error_orthogonal(weights, first, second):
    basis = []
    for row in weights:
        for b in basis:
            row = row - (row @ b) * b
        if (row**2).sum() > 1e-18:
            basis.append(row / np.sqrt((row**2).sum()))
    told = sum(b[first] ** 2 + b[second] ** 2 for b in basis)
    return float(1 - told / 2)


def copy_error_torch(weights, first, second):
    import torch

    w = torch.as_tensor(weights)
    read_out = torch.linalg.pinv(w)[[first, second]]
    target = torch.eye(w.shape[1], dtype=w.dtype)[[first, second]]
    return (read_out @ w - target).square().sum() / 2
