"""Right answers to 13.low_rank, in other styles."""

import numpy as np


def low_rank_einsum(q, k, v, e, f):
    scores = np.einsum("ld,sd,rs->lr", q, k, e) * k.shape[1] ** -0.5
    weights = np.exp(scores - np.max(scores, axis=-1)[:, None])
    weights /= weights.sum(-1)[:, None]
    return np.einsum("lr,rs,sv->lv", weights, f, v), weights


def low_rank_loop(q, k, v, e, f):
    keys = [sum(c * row for c, row in zip(mix, k, strict=True)) for mix in e]
    values = [sum(c * row for c, row in zip(mix, v, strict=True)) for mix in f]
    out, weights = [], []
    for query in q:
        scores = np.array([query @ key for key in keys]) / len(query) ** 0.5
        powers = np.exp(scores - scores.max())
        weights.append(powers / powers.sum())
        out.append(weights[-1] @ np.array(values))
    return np.array(out), np.array(weights)
