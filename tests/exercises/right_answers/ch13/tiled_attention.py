"""Right answers to 13.tiled_attention, in other styles."""

import numpy as np


def tiled_attention_per_query(q, k, v, tile, mask):
    rows = []
    for query, seen in zip(q / q.shape[1] ** 0.5, mask, strict=True):
        top, total, mixed = -np.inf, 0.0, np.zeros(v.shape[1])
        for start in range(0, k.shape[0], tile):
            here = seen[start : start + tile]
            if not here.any():
                continue
            scores = k[start : start + tile][here] @ query
            new = max(top, scores.max())
            e = np.exp(scores - new)
            total = total * np.exp(top - new) + e.sum()
            values = v[start : start + tile][here]
            mixed = mixed * np.exp(top - new) + e @ values
            top = new
        rows.append(mixed / total)
    return np.stack(rows)


def tiled_attention_kept_normalised(q, k, v, tile, mask):
    # The output is right after every tile; lse is log of the sum so far.
    lse = np.full((q.shape[0], 1), -1e300)
    out = np.zeros((q.shape[0], v.shape[1]))
    for start in range(0, len(k), tile):
        keys, values = k[start : start + tile], v[start : start + tile]
        scores = np.einsum("ld,sd->ls", q, keys) / np.sqrt(k.shape[1])
        scores[~mask[:, start : start + tile]] = -1e300
        top = scores.max(axis=1, keepdims=True)
        e = np.exp(scores - top)
        here = top + np.log(e.sum(axis=1, keepdims=True))
        both = np.logaddexp(lse, here)
        out = out * np.exp(lse - both) + np.exp(scores - both) @ values
        lse = both
    return out


def tiled_attention_starts_very_low(q, k, v, tile, mask):
    # A number far below every score stands for -infinity: what is summed up
    # before the first allowed key shrinks to 0 when that key comes.
    top = np.full((len(q), 1), -1e200)
    total, mixed = np.zeros((len(q), 1)), np.zeros((len(q), v.shape[1]))
    for j in range(0, len(k), tile):
        seen = mask[:, j : j + tile]
        scores = (q @ k[j : j + tile].T) * q.shape[1] ** -0.5
        scores = np.where(seen, scores, -1e200)
        new = np.maximum(top, scores.max(1)[:, None])
        e = np.exp(scores - new) * seen
        total = total * np.exp(top - new) + e.sum(1)[:, None]
        mixed = mixed * np.exp(top - new) + e @ v[j : j + tile]
        top = new
    return mixed / total
