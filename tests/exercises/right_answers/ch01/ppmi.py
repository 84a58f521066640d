"""Right answers to 01.ppmi, in other styles."""

import math

import numpy as np


def ppmi_loop(counts):
    total = counts.sum()
    out = np.zeros_like(counts)
    for i in range(counts.shape[0]):
        for j in range(counts.shape[1]):
            if counts[i, j]:
                p = counts[i, j] / total
                p_i = counts[i].sum() / total
                p_j = counts[:, j].sum() / total
                out[i, j] = max(0.0, math.log(p / (p_i * p_j)))
    return out


def ppmi_probabilities(counts):
    p = counts / counts.sum()
    with np.errstate(all="ignore"):
        pmi = np.log(p) - np.log(p.sum(1))[:, None] - np.log(p.sum(0))[None]
    return np.where(counts > 0, np.maximum(pmi, 0), 0)


def ppmi_nan_to_num(counts):
    with np.errstate(divide="ignore", invalid="ignore"):
        chance = np.outer(counts.sum(1), counts.sum(0)) / counts.sum()
        pmi = np.log(counts / chance)
    return np.clip(np.nan_to_num(pmi, nan=0.0, neginf=0.0), 0, None)
