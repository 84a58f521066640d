"""Right answers to chapter 02, each written another way than the solution."""

from __future__ import annotations

import itertools
import math

import numpy as np

KIND_OF = {
    "each": (
        "does a comma follow this word",
        "which words of this text are names",
        "which accounts of this network are run by thieves",
        "the electric charge at the atoms of this molecule",
    ),
    "whole": (
        "how glad is the writer of this review",
        "how many people speak in this recording",
        "does this molecule dissolve in water",
        "which word comes next in this text",
    ),
    "model": (
        "a summary of this article",
        "the words of this voice message",
    ),
}


def kinds_inverted():
    return {task: kind for kind, tasks in KIND_OF.items() for task in tasks}


def kinds_capitals():
    return {task: f" {k.title()} " for task, k in kinds_inverted().items()}


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


def mean_loop(x, mask):
    return np.stack([v[m].mean(axis=0) for v, m in zip(x, mask, strict=True)])


def mean_einsum(x, mask):
    weights = mask / mask.sum(axis=1, keepdims=True)
    return np.einsum("bl,bld->bd", weights, x)


def mean_where(x, mask):
    return x.mean(axis=1, where=mask[:, :, None])


def mean_matmul(x, mask):
    m = mask.astype(x.dtype)
    return (m[:, None] @ x)[:, 0] / m.sum(1)[:, None]


def mean_masked_array(x, mask):
    hidden = np.broadcast_to(~mask[..., None], x.shape)
    return np.ma.array(x, mask=hidden).mean(axis=1).data


def mean_lists(x, mask):
    out = []
    for vectors, real in zip(x.tolist(), mask.tolist(), strict=True):
        kept = [v for v, r in zip(vectors, real, strict=True) if r]
        out.append([sum(c) / len(kept) for c in zip(*kept, strict=True)])
    return out


def mean_torch(x, mask):
    import torch

    x, m = torch.as_tensor(x), torch.as_tensor(mask)[..., None]
    return x.masked_fill(~m, 0).sum(1) / m.sum(1)


def shift_lists(sequences, start, stop, pad):
    size = 1 + max(map(len, sequences))
    inputs, targets = [], []
    for s in sequences:
        rest = (size - len(s) - 1) * [pad]
        inputs.append([start] + s + rest)
        targets.append(s + [stop] + rest)
    return inputs, targets


def shift_slices(sequences, start, stop, pad):
    size = 2 + max(len(s) for s in sequences)
    whole = np.array(
        [[start, *s, stop] + [pad] * (size - len(s) - 2) for s in sequences]
    )
    given = whole[:, :-1].copy()
    given[given == stop] = pad
    return given, whole[:, 1:]


def shift_longest(sequences, start, stop, pad):
    def columns(rows):
        return np.array(list(itertools.zip_longest(*rows, fillvalue=pad))).T

    return (
        columns([[start, *s] for s in sequences]),
        columns([[*s, stop] for s in sequences]),
    )


def shift_stacked(sequences, start, stop, pad):
    inputs, targets = shift_lists(sequences, start, stop, pad)
    return np.stack([np.array(inputs), np.array(targets)])


def greedy_for(step, start, stop, limit):
    written = []
    for _ in range(limit):
        token = np.asarray(step([start] + written)).argmax()
        if token == stop:
            return written
        written.append(token)
    return np.array(written)


def greedy_recursive(step, start, stop, limit):
    def rest(tokens):
        if len(tokens) > limit:
            return []
        scores = list(step(tokens))
        best = scores.index(max(scores))
        return [] if best == stop else [best, *rest([*tokens, best])]

    return rest([start])


def greedy_sorted(step, start, stop, limit):
    tokens = np.array([start])
    while tokens[-1] != stop or len(tokens) == 1:
        if len(tokens) > limit:
            return tokens[1:]
        best = np.argsort(step(tokens))[-1]
        tokens = np.append(tokens, best)
    return tokens[1:-1]


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


ANSWERS = {
    "02.output_kind": [kinds_inverted, kinds_capitals],
    "02.masked_cross_entropy": [
        xent_loop,
        xent_logaddexp,
        xent_one_hot,
        xent_torch,
    ],
    "02.masked_mean": [
        mean_loop,
        mean_einsum,
        mean_where,
        mean_matmul,
        mean_masked_array,
        mean_lists,
        mean_torch,
    ],
    "02.shift_targets": [
        shift_lists,
        shift_slices,
        shift_longest,
        shift_stacked,
    ],
    "02.greedy_decode": [greedy_for, greedy_recursive, greedy_sorted],
    "02.accuracies": [
        accuracies_loop,
        accuracies_counts,
        accuracies_array,
        accuracies_torch,
    ],
}
