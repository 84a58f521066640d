"""Right answers to 02.accuracies, in other styles."""

import numpy as np


def accuracies_loop(predicted, targets, mask):
    tokens, wholes = [], []
    for p, t, m in zip(predicted, targets, mask, strict=True):
        marks = [a == b for a, b, r in zip(p, t, m, strict=True) if r]
        tokens += marks
        wholes.append(all(marks))
    return sum(tokens) / len(tokens), sum(wholes) / len(wholes)


def accuracies_counts(predicted, targets, mask):
    wrong = ((predicted != targets) & mask).sum(axis=1)
    return [1 - wrong.sum() / mask.sum(), np.mean(wrong == 0)]


def accuracies_array(predicted, targets, mask):
    hits = np.where(mask, predicted == targets, np.nan)
    return np.array([np.nanmean(hits), np.nanmin(hits, axis=1).mean()])


def accuracies_torch(predicted, targets, mask):
    import torch

    p, t, m = map(torch.as_tensor, (predicted, targets, mask))
    right = p.eq(t)
    whole = right.masked_fill(~m, True).all(1)
    return right[m].float().mean(), whole.float().mean()
