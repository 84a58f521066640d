"""Right answers to chapter 01, each written another way than the solution."""

from __future__ import annotations

import math

import numpy as np


def one_hot_lists(words, vocabulary):
    return [[int(w == v) for v in vocabulary] for w in words]


def one_hot_identity(words, vocabulary):
    ids = {word: i for i, word in enumerate(vocabulary)}
    return np.eye(len(vocabulary))[[ids[word] for word in words]]


def one_hot_compare(words, vocabulary):
    equal = np.array(words)[:, None] == np.array(vocabulary)[None, :]
    return equal.astype(np.float32)


def embed_product(ids, table):
    return np.eye(len(table))[ids] @ table


def embed_einsum(ids, table):
    marks = (ids[..., None] == np.arange(table.shape[0])).astype(table.dtype)
    return np.einsum("...v,vd->...d", marks, table)


def embed_take(ids, table):
    return np.take(table, ids, axis=0)


def embed_loop(ids, table):
    if ids.ndim == 2:
        return [embed_loop(row, table) for row in ids]
    return [table[int(i)].tolist() for i in ids]


def embed_torch(ids, table):
    import torch

    return torch.nn.functional.embedding(
        torch.as_tensor(ids), torch.as_tensor(table)
    )


def n_frames_count(n_samples, window, hop, padding="none"):
    if padding == "end":
        return len(range(0, n_samples, hop))
    if padding == "centre":
        n_samples += window // 2 * 2
    return len(range(0, n_samples - window + 1, hop))


def n_frames_formulas(n_samples, window, hop, padding="none"):
    if padding == "end":
        return math.ceil(n_samples / hop)
    if padding == "centre":
        return 1 + n_samples // hop
    return max(0, (n_samples - window) // hop + 1)


def n_frames_while(n_samples, window, hop, padding="none"):
    end = {"none": 0, "end": window, "centre": window}[padding]
    start = count = 0
    while start + window <= n_samples + end:
        if padding == "end" and start >= n_samples:
            break
        count += 1
        start += hop
    return np.int64(count)


def frame_signal_loop(signal, window, hop):
    frames = []
    for start in range(0, len(signal) - window + 1, hop):
        frames.append(signal[start : start + window])
    return np.stack(frames)


def frame_signal_view(signal, window, hop):
    view = np.lib.stride_tricks.sliding_window_view(signal, window)
    return view[::hop]


def frame_signal_lists(signal, window, hop):
    values = list(signal)
    frames = []
    while len(values) >= window:
        frames.append([float(x) for x in values[:window]])
        values = values[hop:]
    return frames


def frame_signal_torch(signal, window, hop):
    import torch

    return torch.as_tensor(signal).unfold(0, window, hop)


def pad_batch_pad(sets):
    size = max(x.shape[0] for x in sets)
    batch = [np.pad(x, ((0, size - len(x)), (0, 0))) for x in sets]
    mask = np.arange(size) < np.array([len(x) for x in sets])[:, None]
    return np.stack(batch), mask


def pad_batch_lists(sets):
    size = max(map(len, sets))
    batch, mask = [], []
    for x in sets:
        missing = size - len(x)
        batch.append(x.tolist() + [[0.0] * x.shape[1]] * missing)
        mask.append([True] * len(x) + [False] * missing)
    return np.array(batch), np.array(mask)


def pad_batch_torch(sets):
    import torch

    tensors = [torch.as_tensor(x) for x in sets]
    batch = torch.nn.utils.rnn.pad_sequence(tensors, batch_first=True)
    ones = [torch.ones(len(x), dtype=torch.bool) for x in tensors]
    return batch, torch.nn.utils.rnn.pad_sequence(ones, batch_first=True)


def atoms_scan(formula, elements):
    rows, at = [], 0
    while at < len(formula):
        symbol = formula[at]
        at += 1
        while at < len(formula) and formula[at].islower():
            symbol += formula[at]
            at += 1
        digits = ""
        while at < len(formula) and formula[at].isdigit():
            digits += formula[at]
            at += 1
        for _ in range(int(digits) if digits else 1):
            row = [0] * len(elements)
            row[elements.index(symbol)] = 1
            rows.append(row)
    return rows


def atoms_by_element(formula, elements):
    import re

    counts = dict(re.findall(r"([A-Z][a-z]*)([0-9]*)", formula))
    ids = []
    for i, symbol in enumerate(elements):
        if symbol in counts:
            ids += [i] * int(counts[symbol] or 1)
    return np.eye(len(elements), dtype=np.float32)[ids]


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


ANSWERS = {
    "01.one_hot": [one_hot_lists, one_hot_identity, one_hot_compare],
    "01.embed": [
        embed_product,
        embed_einsum,
        embed_take,
        embed_loop,
        embed_torch,
    ],
    "01.n_frames": [n_frames_count, n_frames_formulas, n_frames_while],
    "01.frame_signal": [
        frame_signal_loop,
        frame_signal_view,
        frame_signal_lists,
        frame_signal_torch,
    ],
    "01.pad_batch": [pad_batch_pad, pad_batch_lists, pad_batch_torch],
    "01.atoms_one_hot": [atoms_scan, atoms_by_element],
    "01.ppmi": [ppmi_loop, ppmi_probabilities, ppmi_nan_to_num],
}
