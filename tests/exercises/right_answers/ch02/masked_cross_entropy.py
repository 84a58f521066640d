"""Right answers to 02.masked_cross_entropy, in other styles."""

import itertools
import math

import numpy as np


def xent_loop(logits, targets, mask):
    total, count = 0.0, 0
    for i, j in itertools.product(*map(range, mask.shape)):
        if mask[i, j]:
            scores = [float(z) for z in logits[i, j]]
            top = max(scores)
            norm = top + math.log(sum(math.exp(z - top) for z in scores))
            total += norm - scores[targets[i, j]]
            count += 1
    return total / count


def xent_logaddexp(logits, targets, mask):
    z, y = logits[mask], targets[mask]
    norm = np.logaddexp.reduce(z, axis=-1)
    return np.mean(norm - z[np.arange(len(y)), y])


def xent_one_hot(logits, targets, mask):
    n_classes = logits.shape[-1]
    z = logits - logits.max(-1, keepdims=True)
    norm = np.log(np.exp(z).sum(-1))
    chosen = np.einsum("blc,blc->bl", z, np.eye(n_classes)[targets])
    return ((norm - chosen) * mask).sum() / mask.sum()


def xent_torch(logits, targets, mask):
    import torch

    mask = torch.as_tensor(mask)
    targets = torch.as_tensor(targets).masked_fill(~mask, -100)
    return torch.nn.functional.cross_entropy(
        torch.as_tensor(logits).flatten(0, 1), targets.flatten()
    )
