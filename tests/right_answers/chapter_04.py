"""Right answers to chapter 04, each written another way than the solution."""

from __future__ import annotations

import math

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


def additive_scores_lists(q, k, w):
    return [
        sum(
            float(c) * math.tanh(a + b)
            for a, b, c in zip(q, row, w, strict=True)
        )
        for row in k
    ]


def additive_scores_einsum(q, k, w):
    return np.einsum("sd,d->s", np.tanh(k + q[None]), w)


def additive_scores_exponentials(q, k, w):
    e = np.exp(2 * (q + k))
    return ((e - 1) / (e + 1) * w).sum(-1)


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


def scaled_scores_all(a, i, w_q, w_k):
    q, k = a @ w_q, a @ w_k
    return (q @ k.T / np.sqrt(w_k.shape[1]))[i]


def scaled_scores_bilinear(a, i, w_q, w_k):
    match = w_q @ w_k.T / math.sqrt(w_q.shape[-1])
    return np.einsum("d,de,se->s", a[i], match, a)


def scaled_scores_fourth_root(a, i, w_q, w_k):
    root = w_q.shape[1] ** 0.25
    q = (a[i] @ w_q) / root
    return [float((row @ w_k / root) @ q) for row in a]


def attend_all(a, i, w_q, w_k, w_v, scale=1.0):
    scores = scale * (a @ w_q) @ (a @ w_k).T
    scores = scores - scores.max(-1, keepdims=True)
    e = np.exp(scores)
    return (e @ (a @ w_v) / e.sum(-1, keepdims=True))[i]


def attend_loop(a, i, w_q, w_k, w_v, scale=1.0):
    q = a[i] @ w_q
    scores = [scale * float(q @ (row @ w_k)) for row in a]
    top = max(scores)
    out, total = 0, 0.0
    for row, score in zip(a, scores, strict=True):
        e = math.exp(score - top)
        out = out + e * (row @ w_v)
        total += e
    return out / total


def attend_torch(a, i, w_q, w_k, w_v, scale=1.0):
    import torch

    a, w_q, w_k, w_v = (torch.as_tensor(x) for x in (a, w_q, w_k, w_v))
    return torch.nn.functional.scaled_dot_product_attention(
        (a[i] @ w_q)[None, None], (a @ w_k)[None], (a @ w_v)[None], scale=scale
    )[0, 0]


def lead_difference(p, n):
    return math.log(p) - math.log(1 - p) + math.log(n - 1)


def lead_bisection(p, n):
    low, high = -100.0, 100.0
    for _ in range(200):
        middle = (low + high) / 2
        share = math.exp(middle) / (math.exp(middle) + n - 1)
        low, high = (middle, high) if share < p else (low, middle)
    return low


def lead_of_weights(p, n):
    return np.log(np.float64(p)) - np.log((1 - p) / (n - 1))


def coincide_spelled():
    equal = dict.fromkeys(
        (
            "one layer",
            "twelve layers, alternated with FC",
            "additive scores, ReLU weights",
            "no word attends to itself",
            "the third word replaced by another",
        ),
        True,
    )
    different = dict.fromkeys(
        (
            "each word sees itself and the words before",
            "each word sees one neighbour on either side",
            "a different vector added at each place",
        ),
        False,
    )
    return equal | different


def coincide_numpy_booleans():
    spelled = coincide_spelled()
    return {name: np.bool_(value) for name, value in spelled.items()}


ANSWERS = {
    "04.dot_scores": [
        dot_scores_lists,
        dot_scores_einsum,
        dot_scores_broadcast,
        dot_scores_torch,
    ],
    "04.additive_scores": [
        additive_scores_lists,
        additive_scores_einsum,
        additive_scores_exponentials,
    ],
    "04.softmax": [
        softmax_loop,
        softmax_log_sum,
        softmax_pairwise,
        softmax_single_precision,
        softmax_torch,
    ],
    "04.relu_weights": [
        relu_weights_mask,
        relu_weights_nan_to_num,
        relu_weights_torch,
    ],
    "04.scaled_scores": [
        scaled_scores_all,
        scaled_scores_bilinear,
        scaled_scores_fourth_root,
    ],
    "04.attend": [attend_all, attend_loop, attend_torch],
    "04.dominance": [lead_difference, lead_bisection, lead_of_weights],
    "04.coincide": [coincide_spelled, coincide_numpy_booleans],
}
